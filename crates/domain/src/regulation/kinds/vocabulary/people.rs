//! Words for people and bodies.

closed_list! {
    /// What a role may do; the permission policy is written over these, never over a rule's own roles.
    Capacity {
        Ask "ask" "Look people up.",
        Stamp "stamp" "Countersign what others looked up or want to look up.",
        Decide "decide" "Approve as head of the agency or unit.",
        Consult "consult" "Be asked side by side with other offices.",
        Audit "audit" "Read records and draw samples.",
        Administer "administer" "Open, change and close accounts.",
        Custody "custody" "Keep files, media and registers.",
        Operate "operate" "Look after host, links and exports.",
        Provide "provide" "Act for the body that provides the data.",
        Review "review" "Examine applications for membership.",
        Apply "apply" "Apply from outside.",
    }
}

closed_list! {
    /// How somebody stands to the person or record in question.
    Relation {
        Oneself "self" "The person themself.",
        SupervisorOf "supervisor-of" "Their supervisor.",
        HeadOfUnit "head-of-unit" "The head of their unit.",
        HeadOfAgency "head-of-agency" "The head of their agency.",
        DeputyOf "deputy-of" "Their registered deputy.",
        CaseOfficer "case-officer" "The officer of the case.",
        CustodianOf "custodian-of" "Whoever keeps the file.",
        AuthorOf "author-of" "Whoever made the record.",
        SubjectOf "subject-of" "The person the record is about.",
    }
}

closed_list! {
    /// How a person looked up may stand to the one who asks.
    Target {
        Oneself "self" "The same person.",
        Household "household" "Somebody of the same household.",
        Relative "relative" "A relative within the degrees that the control names.",
        Colleague "colleague" "Somebody of the same agency.",
        Protected "protected" "A person whose address or identity is protected.",
        PublicFigure "public-figure" "A person the agency has listed as known to the public.",
    }
}

/// Bodies with a part in a link, whether or not they use this system.
pub const PARTIES: &[&str] = &[
    "provider",
    "linking-agency",
    "holding-agency",
    "using-agency",
    "delegating-agency",
    "supervising-agency",
    "vendor",
    "network-operator",
    "platform",
    "applicant",
    "subject",
    "archives-authority",
];

closed_list! {
    /// Why a person's standing changes, as rules say it. Two of them nobody enters: they are only told.
    Cause {
        Transfer "transfer" "They move to another unit.",
        Leave "leave" "They leave.",
        Resign "resign" "They resign.",
        Retire "retire" "They retire.",
        Absence "absence" "They are away for longer and will come back.",
        DutyChange "duty-change" "They do something else in the same unit.",
        SupervisorChange "supervisor-change" "Only told: for supervisors say `of = [\"supervisor\"]`.",
        Appointment "appointment" "They begin.",
        PurposeEnd "purpose-end" "Only told: nobody enters that a purpose is gone.",
    }
}
