# Words on every page: bar, navigation, messages, footer, dates, keys.
product = Sluice
skip = Skip to main content
anchor-top = Top area
anchor-main = Main content
anchor-foot = Footer
twin = 中文
twin-tag = zh-Hant-TW
nav-label = Main menu
nav-todo = To-do
nav-lookup = New lookup
nav-records = Records
nav-countersign = { CAP($countersign) }
nav-cases = { CAP($case) } list
nav-compliance = Compliance
nav-ledger = Ledger
nav-settings = Settings
nav-help = Help
sign-out = Sign out
search-label = Search by { $case } number, record code or subject's number
search-hint = { CAP($case) } number, record code, subject
more-than = { $count }+
search-go = Search
error-prefix = Error:{" "}
errors-title =
    { $count ->
        [one] One thing to settle
       *[other] { $count } things to settle
    }
close = Close
clear = Clear
policy = Policy
masked = first characters { $prefix }, the rest masked
list-comma = ,{" "}
helper-supervisor = the { $supervisor }
clause-cite = { $rule }, point { $cite }
action-id = next-{ $name }

foot-version = Sluice { $version }
foot-seal = Last sealed: { $size } entries
foot-contact = Security contact { $contact }
foot-demo = Demonstration; all data are invented
foot-keys = Keys ?

idle-title = Your session is about to end
idle-text = Nothing has been done for a while. The session ends within 2 minutes. Press Enter to stay; the page keeps what you typed.
idle-stay = Stay signed in
idle-failed = The session has ended. You will be asked to sign in when you send; what you typed is kept.

era = {""}
era-before = {""}
era-year = {""}
era-month = {""}
era-day = {""}
era-open = {""}
era-close = {""}
day-of-week = { $weekday } { $day }
weekday-1 = Mon
weekday-2 = Tue
weekday-3 = Wed
weekday-4 = Thu
weekday-5 = Fri
weekday-6 = Sat
weekday-7 = Sun
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
date-hint = For example 20240122 or 2024-01-22, a Republic date such as 1130122, or +30 for thirty days from now.
due-overdue =
    { $count ->
        [one] 1 day overdue { $day } ({ $weekday })
       *[other] { $count } days overdue { $day } ({ $weekday })
    }
due-today = Today { $clock }
due-soon =
    { $count ->
        [one] 1 day left { $day } ({ $weekday })
       *[other] { $count } days left { $day } ({ $weekday })
    }
due-later = { $day } ({ $weekday })
due-none = No time set

term-data = register data
term-record-sheet = record sheet
term-countersign = stamp
term-supervisor = supervisor
term-user = caseworker
term-head = head
term-unit = section
term-provider = provider
term-case = case
term-purpose = purpose

zone-office = Office network
zone-demo = Demonstration network
zone-elsewhere = Outside the office network

state-requested = Awaiting approval
state-approved = Approved
state-asked = Being asked
state-answered = Answered
state-not-obtained = Not obtained
state-unknown = Outcome unknown
state-awaiting = Awaiting the { $countersign }
state-stamped = { CAP($countersign) } given
state-returned = Returned
state-anomaly = Anomaly
state-later = { CAP($countersign) } after the data
state-not-wanted = No { $countersign } wanted
state-done = Done

key = Key
key-does = Does
key-new = New lookup
key-todo = To-do
key-search = Go to the search field
key-enter = Open the selected row; in the lookup form, next field
key-main = The main action of the page
key-digits = Choose that option of a group
key-walk = Next and previous row of a list
key-verdict = Verdict: matches, return, anomaly
key-return = Return
key-extend = Extend the visible time
key-hide = Hide the result at once; close a panel
key-next = Next person of the same case
key-regions = Top, main content, footer
key-list = List of keys
help-title = Help
help-keys = Keys
help-keys-text = Single letters work only while no field has the focus. While an input method composes, no key sends a form.
help-marks = Marks of states
help-marks-text = Every state has a word, a shape and a colour.
help-timed = The timed result
help-timed-text = A result hides itself when its time is over, and is gone from page and history. The watermark traces; it does not prevent a photograph.

fault-back = Back to the to-do list
fault-back-form = Back to the form; what you typed is still there
fault-number = Give this number when you report it: { $operation }
fault-refused-title = This was not carried out
fault-refused = This was not carried out, and nothing was changed.
fault-refused-remedy = The reasons stand above.
fault-busy-title = Busy
fault-busy = Too much is going on; nothing was sent.
fault-busy-remedy = No data left the gate and nothing was entered. Send it again in a few seconds.
fault-away-title = The database does not answer
fault-away = The database does not answer at the moment; no data are shown.
fault-away-remedy = Wait a few seconds and reload this page. A form is then sent again as it was, and nothing is done twice.
fault-broken-title = Interrupted
fault-broken = This was not carried out.
fault-broken-remedy = Try again later; if it stays so, tell the IT office and give the number below.
fault-unknown-title = No such page
fault-unknown = There is no page at this address.
fault-unknown-remedy = Check the address, or start again from the to-do list.
fault-method-title = This address is not used that way
fault-method = This address does not take that kind of request.
fault-method-remedy = Open the page you need from the menu.
fault-forged-title = The form came from elsewhere
fault-forged = This form was not sent from a page of this system.
fault-forged-remedy = Fill it in on a page of this system and send it again.
fault-token-title = The form is out of date
fault-token = The session was changed while the form was being filled in.
fault-token-remedy = Go back to the form and send it again; nothing was changed.
form-encoding-title = The content cannot be read
form-encoding = The text that was sent has an encoding that cannot be read.
form-encoding-remedy = Use UTF-8, or type it again.
form-fields-title = Too many fields
form-fields = More fields were sent than any form has.
form-fields-remedy = Send it from a page of this system.
form-long-title = The content is too long
form-long = A field or the address is longer than allowed.
form-long-remedy = Shorten it and send it again.
form-control-title = The content holds control characters
form-control = The text holds invisible control characters.
form-control-remedy = Delete what was pasted along and send it again.
form-body-title = The content is too large
form-body = More than 256 KB were sent.
form-body-remedy = Make it smaller and send it again.
form-slow-title = Sent too slowly
form-slow = The content did not arrive within 20 seconds.
form-slow-remedy = Check the network and send it again.
form-type-title = Not a form
form-type = What was sent is not a form.
form-type-remedy = Send it from a page of this system.
rule-over = { $rule } ended on { $on } and none has taken its place. Periods run on, what was begun can be finished, and nothing new is begun.
post-governed = Governed by { $rule } now. Act under another post:
