# New lookup and timed result
lookup-title = New lookup
lookup-today =
    { $count ->
        [one] 1 lookup today
       *[other] { $count } lookups today
    }
lookup-case = { CAP($case) } number
lookup-case-load = Load
lookup-recent = Recent:
case-received = received { $day }
case-officer = officer { $name }
case-open = open
case-closed = closed { $day }
lookup-subject = Person
lookup-other = Somebody else (not of this case)
lookup-outside = Reason, if not a party of the case
lookup-purpose = { CAP($purpose) }
lookup-purpose-text = Further words (optional)
lookup-purpose-text-required = Further words (required)
lookup-text-required = needs words
lookup-basis = Legal basis
lookup-basis-text = Statute and article, where the choice asks for it
lookup-items = Data items
lights-title = Explanation
light-case = { CAP($case) }
light-officer = Officer
light-party = Party
light-period = Period
light-items = Items
light-short-case = C
light-short-officer = O
light-short-party = P
light-short-period = T
light-short-items = I
light-lit = matches
light-dark = not explained
light-unknown = no data
lookup-note-before = The request waits for the { $countersign }; the data come after it.
lookup-note-after = Pressing the button writes a record that waits for the { $countersign }, whether or not data are found.
lookup-go = Look up and record
lookup-request = Send the request
lookup-busy = Looking up…

result-title = Result
result-region = Timed result
result-left = Left
result-extend = Extend
result-hide = Hide now
result-warning =
    { $count ->
        [one] The data will be hidden in 1 second; press Space to extend.
       *[other] The data will be hidden in { $count } seconds; press Space to extend.
    }
result-as-of = as of { $day }
result-missing = This item did not come.
result-yes = Yes
result-no = No
result-unknown = No answer
result-fact = Looked up; the rule lets only that fact be answered, not the content.
result-none = No data.
result-again =
    { $count ->
        [one] View again (within 1 minute, recorded)
       *[other] View again (within { $count } minutes, recorded)
    }
result-next = Next person of this case
result-record = See the record
result-at = Answered { $at }
hidden-title = Hidden
hidden-text = The data are hidden. They can be viewed again for a short while; that is recorded too.
hidden-again = View again (recorded)

ending-found = Data were obtained, and the record is kept.
ending-found-remedy = They hide themselves when the time is over.
ending-not-found = Nobody is registered under this number.
ending-not-found-remedy = The record is kept. Check the number, or whether a new one was issued.
ending-doubtful = Data were obtained, but with doubts.
ending-doubtful-remedy = Check the marked items with the { $provider } before relying on them.
ending-partial = Only part of the data came.
ending-partial-remedy = What is missing is marked. Look it up again later.
ending-timed-out = The { $provider } did not answer in time.
ending-timed-out-remedy = The record is kept as outcome unknown. Look it up again later.
ending-down = The { $provider } cannot be reached.
ending-down-remedy = The record is kept as not obtained; no data left. Look it up again later.
ending-malformed = The answer of the { $provider } cannot be read.
ending-malformed-remedy = The record is kept as not obtained. Tell the IT office, then look it up again.
ending-unknown = It is not known whether the { $provider } answered.
ending-unknown-remedy = The record is kept as outcome unknown. Look it up again if needed.
ending-requested = The request was sent and waits for the { $countersign }.
ending-requested-remedy = Once approved it appears in your to-do list; the data come then.

doubt-unasked-item = The { $provider } sent an item that was not asked; it was dropped.
doubt-unasked-fields = The { $provider } sent fields that were not asked; they were dropped.
doubt-control-characters = The content held control characters; they were taken out.
doubt-missing = Doubtful, and this item did not come.
doubt-declared = The { $provider } itself marks this item as doubtful.
