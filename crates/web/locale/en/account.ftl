# Accounts, enrolment codes, passwords and authenticators
nav-accounts = Accounts
accounts-title = Who has an account
account-last = Last sign-in
account-invite = Invite
account-reset = Reset
account-state-none = no account
account-state-taken-over = taken over, to be invited
account-state-invited = invited
account-state-invited-until = invited until { $until }
account-state-reset = being reset
account-state-reset-until = being reset, until { $until }
account-state-closed = closed, to be reset
account-state-locked = locked
account-state-locked-until = locked until { $until }
account-state-due = password due
account-state-open = open
account-password-until = the password stands until { $day }
account-password-advised = a change of the password is advised by { $day }

invite-title = Hand out an enrolment code
invite-reset-hint =
    The account closes and all its sessions end at once; it opens again when its owner has set it up anew.
invite-hours =
    { $count ->
        [one] The code is good once, for 1 hour.
       *[other] The code is good once, for { $count } hours.
    }
invite-go = Hand out
delivery-enrolment-link = a link
delivery-sealed-slip = a sealed slip
delivery-in-person = in person
delivery-registered-mail = registered mail

handed-title = Enrolment code
handed-title-reset = Enrolment code for a reset
handed-once = It is shown this once. When you leave the page nobody can see it again.
handed-slip = Enrolment
handed-until = Good until
handed-link = This link brings the code along:
handed-how = On the sign-in page choose “First time”, then type account and code.
handed-keep = You choose the password yourself; tell it to nobody.
handed-apart = Tell the person their account, “{ $login }”, by another way than the code.
handed-shown = The code was shown before and is not shown again. If it did not arrive, hand out another one.
handed-print = Printed, this page is the slip alone.
handed-back = Back to the accounts

enrol-title = First time, or reset
enrol-hint = Type your account and the code you were given; then set a password and an authenticator.
enrol-code = Enrolment code
enrol-go = Next
enrol-have = I am set up; sign in
sign-in-enrol = First time, or I have an enrolment code
sign-in-enrolled = Your account is open. Sign in with the new password and the next code; the last one is used.
set-up-title = Set up your account
set-up-password = Password
set-up-factor = Authenticator
set-up-go = Open the account

password-title = Change the password
password-go = Change the password
password-over = The time of your password is over; change it before anything else.
password-ending = Your password is good until { $day }; afterwards it must be changed before anything else.
password-advised = You are advised to change your password by { $day }.
password-ends-others = Your other sessions end with that.
password-rule-length =
    { $count ->
        [one] at least 1 character
       *[other] at least { $count } characters
    }
password-rule-classes =
    { $count ->
        [one] at least 1 of capitals, small letters, digits and signs
       *[other] at least { $count } of capitals, small letters, digits and signs
    }
password-rule-history =
    { $count ->
        [one] not the password used last
       *[other] none of the { $count } passwords used last
    }
password-rule-age =
    { $count ->
        [one] stands for 1 day at least
       *[other] stands for { $count } days at least
    }
password-rule-months =
    { $count ->
        [one] changed every month
       *[other] changed every { $count } months
    }
password-rule-months-advised =
    { $count ->
        [one] better changed every month
       *[other] better changed every { $count } months
    }
password-rule-late-remind = one that is not changed in time stands among what is late
password-rule-late-escalate = one that is not changed in time is told to your superior
password-rule-late-block-new-lookups = one that is not changed in time bars new lookups until it is
password-rule-late-suspend = one that is not changed in time suspends your permissions until it is
password-secrets = told or lent to nobody: { $secrets }
secret-password = password
secret-card-pin = PIN of the certificate card
secret-account = account
secret-totp = authenticator
factor-title = Replace the authenticator
factor-hint = First show that it is you, with the present password and code.
factor-next = Next
factor-go = Use the new authenticator
factor-lost = If the authenticator is lost, have your account reset.
factor-how = Scan the picture with an authenticator or type the key, then the six digits that it shows.
factor-picture = The authenticator key as a picture; it says the same as the key below
factor-by-hand = Key:
factor-code = Code of the new authenticator
credentials-title = Password and authenticator
sessions-end = End
sessions-end-others = End all my other sessions
settings-done-password = The password was changed; your other sessions have ended.
settings-done-factor = The new authenticator is in use.
settings-done-session = Ended; it is on record.

todo-password-ending = Password to be changed soon
todo-password-ending-step = Change
todo-password-advised = Better change your password
todo-password-advised-step = Change
act-account-invited = Enrolment code handed out
act-account-enrolled = Account set up
act-account-password-changed = Password changed
act-account-factor-replaced = Authenticator replaced
act-account-session-ended = Session ended

field-person = Person
field-method = Delivered by
field-password = New password
field-again = New password again
field-current = Present password
field-reason-reset = Why it is reset
refusal-password-short = The password needs { $least } characters at least.
refusal-password-short-plain = The password is too short.
refusal-password-short-remedy = Make it longer and send again.
refusal-password-plain = It must mix { $least } of capitals, small letters, digits and signs.
refusal-password-plain-plain = It mixes too few kinds of characters.
refusal-password-plain-remedy = Add other kinds of characters and send again.
refusal-password-used = It is one of the last { $last } passwords.
refusal-password-used-plain = It was used lately.
refusal-password-used-remedy = Choose one that was not used.
refusal-password-young = A password stands for { $days } days at least.
refusal-password-young-plain = The password was changed lately.
refusal-password-young-remedy = Wait until then; if somebody may know it, have the account reset.
refusal-passwords-differ = The two passwords differ.
refusal-passwords-differ-remedy = Type both again.
refusal-password-due = The time of the password is over.
refusal-password-due-remedy = Sign in and change it first.
refusal-password-due-fresh = Whoever takes over this post changes their password before the first act under it.
refusal-password-due-fresh-remedy = Sign in and change it first.
password-fresh = You have taken over a post: change your password before the first act under it.
refusal-not-proved = The present password or the code is not right.
refusal-not-proved-remedy = Check both; take the next code. Repeated failures lock the account.
refusal-enrolment-failed = Account or code is not right, or the code is no longer good.
refusal-enrolment-failed-remedy = Check both; if it is over or used, have another one handed out.
refusal-account-exists = This person has an account.
refusal-account-exists-remedy = One is enough; if they cannot sign in, reset it.
refusal-account-missing = This person has no account.
refusal-account-missing-remedy = Invite them instead.
refusal-own-account = Nobody runs their own account.
refusal-own-account-remedy = Leave it to another administrator or the operator.
refusal-login-taken = Somebody else has this account name.
refusal-login-taken-remedy = Choose another one.
refusal-not-your-staff = This person holds no post in your agency.
refusal-not-your-staff-remedy = Check the person; their own agency runs their account.
refusal-method-not-permitted = The rule does not allow this way of delivery.
refusal-method-not-permitted-remedy = Choose one from the list.
refusal-own-hand-only = The slip may be given to nobody but its owner.
refusal-own-hand-only-remedy = Give it to the person themselves, and record that.
refusal-handed-day = That day is before the code was handed out, or still to come.
refusal-handed-day-remedy = Type the day on which it did.
refusal-session-unknown = This session is over already.
refusal-session-unknown-remedy = Open Settings again and see your sessions.

prove-title = Your code once more
prove-hint = The six digits that your authenticator shows now. One that you have used already will not do; the next one comes within half a minute. It is good for acts like this one for five minutes.
prove-go = Go on
prove-back = Back to what was typed
prove-account-end-sessions = All sessions of this person end.
prove-directory-delegate = You delegate the right to decide applications.
prove-directory-allow-exception = You let somebody hold what the rule keeps apart.
prove-directory-import = The list is taken over: people, posts and rights change.
prove-directory-change-post = You give somebody a post that runs accounts.
prove-grant-stop = You stop a permission ex officio.
prove-application-stamp = You approve a version of the rule.

accounts-outstanding =
    { $count ->
        [one] Of one code nobody has said how it reached its owner.
       *[other] Of { $count } codes nobody has said how they reached their owners.
    }
outstanding-unsaid = delivery not recorded
outstanding-used = used, delivery not recorded
account-title = One account
account-sessions = Sessions
account-sessions-count =
    { $count ->
        [0] No session runs.
        [one] One session runs.
       *[other] { $count } sessions run.
    }
account-sessions-end = End all of them
account-done-delivered = Recorded; it is in the log.
account-done-revoked = Revoked; the code is good no more.
account-done-sessions = All sessions have ended; each has an entry.
codes-title = Codes that were handed out
codes-empty = None yet.
code-at = Handed out
code-kind = For
code-kind-first = a first account
code-kind-reset = a reset
code-by = By
code-method = Meant to go by
code-delivery = Reached its owner
code-until = until { $until }
code-state-good = good
code-state-lapsed = lapsed
code-state-used = used
code-state-superseded = replaced
code-state-revoked = revoked
code-state-closed = closed
code-revoke = Revoke
code-revoke-hint = Nobody can use it afterwards. An account that was closed for a reset stays closed until another code is used.
deliver-title = Record the delivery
deliver-which = Handed out { $at },
deliver-record = Record the delivery
deliver-owner = { $name }, its owner
deliver-to-hint = From hand to hand only: whoever takes a sealed slip along to its owner.
deliver-own-hand = It is given to nobody but its owner.
deliver-go = Record
field-handed-way = How it went
field-handed-to = Given to
field-handed-on = On
way-in-person = from hand to hand
way-sealed-letter = sealed letter
way-internal-mail = internal mail, sealed
way-second-channel = link, by a second channel
handing-owner = to { $name }
handing-colleague = taken along by { $name }
handing-by = by { $name }

slips-title = Slips for many
slips-pick = Pick
slips-pick-one = Pick { $name }
slips-waiting =
    { $count ->
        [one] One person waits for a code.
       *[other] { $count } people wait for a code.
    }
slips-picked = Slips for those picked
slips-all =
    { $count ->
        [one] A slip for the one who waits
       *[other] Slips for all { $count }
    }
slips-lead =
    { $count ->
        [one] One slip is made out, for:
       *[other] { $count } slips are made out, for:
    }
slips-left =
    { $count ->
        [one] One more waits.
       *[other] { $count } more wait.
    }
slips-most =
    { $count ->
        [one] One at a time.
       *[other] { $count } at a time.
    }
slips-login = The sign-in name is that of the older system, or else the agency’s own number of the person. Whoever cannot be given one is named with the reason, and all others are given theirs.
slips-go =
    { $count ->
        [one] Make one slip out
       *[other] Make { $count } slips out
    }
slips-done =
    { $count ->
        [0] No slip was made out.
        [one] One slip was made out.
       *[other] { $count } slips were made out.
    }
slips-once = They are shown this once: print them now. When you leave the page nobody can see them again.
slips-shown = These slips were shown before and are not shown again. For whom one is missing, hand out another.
slips-refused = Who was given none
slips-refused-count =
    { $count ->
        [one] One person was given none.
       *[other] { $count } people were given none.
    }
slips-print = Printed, each slip is a page of its own.

act-account-delivered = Delivery of a code recorded
act-account-code-revoked = Code revoked
todo-codes-outstanding = Codes whose delivery is not recorded
todo-codes-outstanding-step = Record
