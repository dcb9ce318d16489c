//! Words for time.

closed_list! {
    /// The unit of a span.
    Unit {
        Hour "hour" "Hours, running at once.",
        Day "day" "Calendar days.",
        WorkingDay "working-day" "Days on which the office works.",
        Week "week" "Weeks.",
        Month "month" "Months.",
        Year "year" "Years.",
    }
}

closed_list! {
    /// On which side of its start event a deadline lies.
    Offset {
        After "after" "After the event.",
        Before "before" "Before the event.",
    }
}

closed_list! {
    /// How a span is counted (Administrative Procedure Act, art. 48).
    Counting {
        Ordinary "ordinary" "The first day is not counted; a last day on a rest day moves on.",
        Adverse "adverse" "The first day is counted and the last day never moves: for what burdens a person.",
        Calendar "calendar" "Plain calendar arithmetic, nothing moves.",
    }
}

closed_list! {
    /// Whether a period runs from the last time or with the calendar.
    Anchor {
        Rolling "rolling" "Counted from the last time it was done.",
        Calendar "calendar" "Calendar weeks, months, quarters, years.",
    }
}

closed_list! {
    /// What happens to a scheduled day on which the office is closed.
    Holiday {
        Next "next" "It moves to the next working day.",
        Stay "none" "It stays.",
    }
}

closed_list! {
    /// Things that happen, from which a deadline is counted or by which a letter falls due.
    Event {
        Absence "absence" "A person is away for longer.",
        AccountCreated "account-created" "An account was opened.",
        Answer "answer" "The provider answered.",
        Application "application" "An application came in.",
        Approval "approval" "An application was approved.",
        Ban "ban" "A body was shut out for a time.",
        CaseClose "case-close" "The case was closed.",
        Change "change" "A person changed post or duty.",
        Complaint "complaint" "Somebody complained.",
        ContractEnd "contract-end" "A contract ended.",
        Decision "decision" "An application was decided.",
        Delivery "delivery" "A letter or file arrived.",
        Destruction "destruction" "Something was destroyed.",
        Download "download" "A file was fetched.",
        DownloadReady "download-ready" "The provider said that a file is ready.",
        EmergencyUse "emergency-use" "Data were used before approval, in an emergency.",
        Expiry "expiry" "An approval or grant ran out.",
        Finding "finding" "A check found something.",
        Grant "grant" "A permission was granted.",
        Incident "incident" "Something went wrong with data.",
        Inventory "inventory" "The accounts were gone through.",
        LastSignIn "last-sign-in" "The account signed in for the last time.",
        LastUse "last-use" "The account or link was used for the last time.",
        Leave "leave" "A person left.",
        LinkApproved "link-approved" "A link was approved.",
        LinkEnd "link-end" "A link ends.",
        LinkUnneeded "link-unneeded" "A review found that a link is not needed.",
        Lookup "lookup" "A lookup was made.",
        Order "order" "An order to put something right was given.",
        PasswordSet "password-set" "The password was set.",
        PeriodEnd "period-end" "The reporting period ended.",
        Postmark "postmark" "The day of the postmark.",
        Print "print" "An answer was printed.",
        PurposeEnd "purpose-end" "The purpose for which data were held is gone.",
        RecordMade "record-made" "The record was made.",
        Refusal "refusal" "An application was refused.",
        Request "request" "A lookup or file was asked for.",
        SheetFilled "sheet-filled" "The record sheet was filled in.",
        Stop "stop" "A link or line was stopped.",
        Suspension "suspension" "An account was suspended.",
        UseEnd "use-end" "The use of data was declared finished.",
        Violation "violation" "A violation was established.",
        YearEnd "year-end" "The calendar year ended.",
    }
}
