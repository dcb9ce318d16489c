//! Words that say how a rule binds.

closed_list! {
    /// What follows when something is not done in time, from mild to harsh.
    Consequence {
        Remind "remind" "A reminder.",
        Escalate "escalate" "The next superior is told.",
        BlockNewLookups "block-new-lookups" "No new lookup until it is done.",
        Suspend "suspend" "The account is suspended.",
        Stop "stop" "The link is stopped.",
    }
}

impl Consequence {
    /// Whether nothing new can be looked up until it is done.
    pub fn bars(self) -> bool {
        matches!(self, Self::BlockNewLookups) || self.suspends()
    }

    /// Whether rights are suspended until it is done.
    pub fn suspends(self) -> bool {
        matches!(self, Self::Suspend | Self::Stop)
    }
}

closed_list! {
    /// When something is done, seen from the lookup, from lax to strict.
    Timing {
        Batch "batch" "Together, at regular times.",
        After "after" "After the lookup.",
        Before "before" "Before the data are asked for.",
    }
}

closed_list! {
    /// What must have been approved before a lookup, from lax to strict.
    ScopeOfConsent {
        None "none" "Nothing.",
        UnitStanding "unit-standing" "The unit's use in general.",
        Case "case" "The use for this case.",
    }
}

closed_list! {
    /// What happens to a lookup from outside the zone.
    OffSite {
        Record "record" "The place is recorded.",
        Refuse "refuse" "It is refused.",
    }
}

closed_list! {
    /// What may stand in the place of a sheet or stamp.
    Substitute {
        CasePapers "case-papers" "Stamped papers of the case.",
        None "none" "Nothing.",
    }
}

closed_list! {
    /// What a lookup can be asked to state.
    ReasonPart {
        DocumentNumber "document-number" "The number of an official document.",
        CaseNumber "case-number" "The number of a case.",
        Reason "reason" "A reason in words.",
    }
}

closed_list! {
    /// Whether one part of a reason is enough.
    ReasonMode {
        Any "any" "One is enough.",
        All "all" "All are needed.",
    }
}

closed_list! {
    /// What happens to a lookup of a sensitive person.
    TargetAction {
        Record "record" "It is marked in the record.",
        Confirm "confirm" "The person must confirm and say why.",
        Refuse "refuse" "It is refused.",
    }
}

closed_list! {
    /// What opens a locked account.
    Unlock {
        Time "time" "It opens by itself.",
        Application "application" "Somebody opens it after an application.",
    }
}

closed_list! {
    /// Whether the system enforces something.
    Force {
        Advice "advice" "The person is advised.",
        Duty "duty" "The system enforces it.",
    }
}

closed_list! {
    /// What is shown at sign-in.
    Factor {
        Password "password" "A password.",
        Totp "totp" "A code from an authenticator.",
        CertificateCard "certificate-card" "A certificate card with its PIN.",
        PortalAccount "portal-account" "A government portal account.",
        SecurityKey "security-key" "A security key.",
    }
}

closed_list! {
    /// Where a mask applies.
    MaskAt {
        Result "result" "The timed result.",
        Lists "lists" "Lists and queues.",
        Letters "letters" "Letters and mails.",
        Prints "prints" "Prints.",
        Exports "exports" "Exports.",
    }
}

closed_list! {
    /// On which pages a notice stands.
    PageKind {
        About "about" "The page of the rule.",
        SignIn "sign-in" "Sign-in.",
        Lookup "lookup" "New lookup.",
        Result "result" "The timed result.",
        Print "print" "Prints.",
        Application "application" "Applications.",
        Form "form" "Every form.",
        Letter "letter" "Letters.",
        Membership "membership" "Applications to join.",
        Violation "violation" "Violation records.",
        Custody "custody" "Files and media.",
    }
}

closed_list! {
    /// Whether and how often people confirm that they read a notice, from lax to strict.
    Acknowledge {
        None "none" "Never.",
        Once "once" "Once.",
        Yearly "yearly" "Every year.",
        EachTime "each-time" "Each time.",
    }
}

closed_list! {
    /// What a step of a chain does.
    StepAct {
        Propose "propose" "Puts the application forward.",
        Consult "consult" "Gives an opinion.",
        Check "check" "Checks that it is complete and right.",
        Decide "decide" "Approves or refuses.",
        CarryOut "carry-out" "Carries out what was decided.",
    }
}
