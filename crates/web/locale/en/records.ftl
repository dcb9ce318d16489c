# Records, stamps, cases
records-title = Records
record-title = Record
records-total =
    { $count ->
        [one] 1 record
       *[other] { $count } records
    }
records-any = All
records-all = Clear
records-filter = Filter
records-empty = No record matches.
records-next = Next 50
records-subject = Subject's number
records-subject-hint = A search by subject is entered in the ledger.
col-code = Record code
col-at = When
col-asker = Who
col-case = { CAP($case) } number
col-purpose = { CAP($purpose) }
col-subject = Subject
col-state = State
record-reason = Further words
record-why = Why was this person looked up
record-returned = Returned:
record-history = History
record-entry = Ledger entry { $count }
record-next = Next steps
record-correction = Correction
record-corrected = The record was corrected and sent again.
record-verify = Verify in the ledger
action-run = Look up and record
action-review = View again (recorded)
action-correct = Correct and send again
action-stamp = { CAP($countersign) }
action-return = Return
act-lookup-requested = Requested
act-lookup-asked = Asked of the provider
act-lookup-answered = Answered
act-lookup-reviewed = Viewed again
act-lookup-searched = Searched by subject
act-lookup-hidden = Hidden
act-lookup-judged = Judged
act-lookup-returned = Returned
act-lookup-stamped = { CAP($countersign) }
act-lookup-corrected = Corrected
act-account-failed = Sign-in or code failed
act-account-locked = Account locked
act-account-opened = Account opened
act-account-signed-in = Signed in
act-act-refused = Refused
act-case-registered = Case registered
act-directory-enrolled = Person enrolled
act-grant-consented = Consent given
act-grant-consent-taken-over = Earlier consent taken over
act-grant-ended = Consent ended
act-ledger-exported = Ledger downloaded
act-regulation-activated = Regulation in force
act-regulation-proposed = New version laid before the agency
act-regulation-approved = New version approved by an agency
act-regulation-replayed = Past lookups decided again
outcome-done = done
outcome-refused = refused
outcome-found = found
outcome-not-found = nobody found
outcome-doubtful = doubtful
outcome-partial = in part
outcome-timed-out = timed out
outcome-down = unreachable
outcome-malformed = unreadable
outcome-unknown = outcome unknown
outcome-match = matches
outcome-return = returned
outcome-returned = returned
outcome-anomaly = anomaly

countersign-title = { CAP($countersign) }
countersign-waiting = { $count } awaiting the { $countersign }
countersign-matched = Ready for the { $countersign } { $count }
countersign-flagged = To look at { $count }
countersign-drawn = Drawn { $count }
countersign-empty = No record waits for the { $countersign }.
countersign-own =
    { $count ->
        [one] One further record is your own; its { $countersign } comes from the next level.
       *[other] { $count } further records are your own; their { $countersign } comes from the next level.
    }
countersign-open-first = Open and judge first
countersign-sort = Why
countersign-flag = To look at
countersign-draw = Drawn at random
countersign-ready = Ready for the { $countersign } together
countersign-none-ready = Nothing is ready for the { $countersign } yet. Judge the rows above first.
countersign-pick = Pick
countersign-judged = Judged: matches
countersign-left =
    { $count ->
        [one] One row still has to be opened.
       *[other] { $count } rows still have to be opened.
    }
countersign-go =
    { $count ->
        [one] { CAP($countersign) }: 1 record
       *[other] { CAP($countersign) }: { $count } records
    }
countersign-drawn-by = The draw follows from the ledger at opening: { $head }
countersign-choose = Choose a verdict first.
countersign-done =
    { $count ->
        [one] { CAP($countersign) } given to 1 record, batch { $code }.
       *[other] { CAP($countersign) } given to { $count } records, batch { $code }.
    }
countersign-dropped =
    { $count ->
        [one] One row changed since and was left out:
       *[other] { $count } rows changed since and were left out:
    }
verdict-title = Verdict
verdict-match = Matches
verdict-match-note = Matches, I have checked (needs a sentence)
verdict-return = Return
verdict-anomaly = Anomaly, to be investigated
verdict-reason = Reason for returning
verdict-note = Note
verdict-go = Keep the verdict
return-case-number = Add the { $case } number
return-reason = Say more about the { $purpose }
return-items = Too many items
return-person = Check the person
return-not-mine = Not a record of this { $unit }
confirm-title = { CAP($countersign) }: look once more
confirm-lead =
    { $count ->
        [one] { CAP($countersign) } for 1 record:
       *[other] { CAP($countersign) } for { $count } records:
    }
confirm-unopened =
    { $count ->
        [one] One further row has not been judged and is not in this batch.
       *[other] { $count } further rows have not been judged and are not in this batch.
    }
confirm-list = See the record codes
confirm-code = Your code once more
confirm-nothing = Nothing is picked. Go back and pick rows.
confirm-back = Back to the list

cases-title = { CAP($case) } list
cases-empty = Nothing is registered yet.
cases-business = Business
cases-officer = Officer
cases-received = Received on
cases-closed = Closed on
cases-look = Look up
cases-register = Register
cases-party = Person { $count }
cases-name = Name
cases-id = Number
cases-role = Part in the case
cases-save = Register
cases-registered = { $number } was registered.
