//! Words for the things that rules are about: applications, records, lists, ways.

closed_list! {
    /// Ways by which data travel.
    Channel {
        Online "online" "A person asks at the screen.",
        Api "api" "A program asks.",
        Batch "batch" "Many are asked at once.",
        File "file" "A file is transferred.",
        Media "media" "A disk or stick is carried.",
        Paper "paper" "On paper.",
    }
}

closed_list! {
    /// What an approval chain can be about.
    ApplicationObject {
        StandingUse "standing-use" "A unit's use of data over a time.",
        CaseUse "case-use" "Use for one case.",
        Account "account" "An account or its permissions.",
        DataRequest "data-request" "A request for data from the provider.",
        Link "link" "A technical link.",
        Copy "copy" "A copy.",
        Destruction "destruction" "Destroying data.",
        Media "media" "Use of media.",
        Unlock "unlock" "Opening a locked account.",
        Activation "activation" "Putting a rule in force.",
        Restore "restore" "Bringing a suspended account back.",
        Delegation "delegation" "Acting for another agency.",
        Membership "membership" "Joining a network.",
        CarryOut "carry-out" "Taking data out of the office.",
    }
}

closed_list! {
    /// Kinds of record that a rule keeps for a time.
    RecordKind {
        LookupLog "lookup-log" "The log of lookups.",
        RecordSheet "record-sheet" "Record sheets with their stamps.",
        Application "application" "Applications of any kind, with their files and the words along the way.",
        AccountApplication "account-application" "Account applications.",
        AccountLog "account-log" "What was done to accounts.",
        TransferRegister "transfer-register" "The register of file deliveries.",
        MediaRegister "media-register" "The register of media.",
        Statistics "statistics" "Tables of use.",
        AuditResult "audit-result" "Results of audits and checks.",
        AuditWorkingPaper "audit-working-paper" "Papers made during an audit.",
        DestructionRecord "destruction-record" "Records of destruction.",
        TrainingRecord "training-record" "Records of training.",
        ViolationRecord "violation-record" "Records of violations.",
        IncidentRecord "incident-record" "Records of incidents.",
        Letter "letter" "Letters.",
        Contract "contract" "Contracts.",
        Consent "consent" "Consents of persons concerned.",
        CaseData "case-data" "Data obtained for a case.",
        PhotoLog "photo-log" "The log of photographs looked at.",
        MembershipDossier "membership-dossier" "Papers of members and applicants.",
        Report "report" "Regular reports.",
        EnquirySlip "enquiry-slip" "Enquiry slips.",
        InventoryRecord "inventory-record" "Results of going through accounts.",
        Other "other" "Anything else; say what in `word`.",
    }
}

/// Lists that can be compared with each other or reported from.
pub const LISTS: &[&str] = &[
    "lookups",
    "record-sheets",
    "countersigns",
    "cases",
    "receipts",
    "prints",
    "registers",
    "accounts",
    "users",
    "applications",
    "destructions",
    "violations",
    "audit-results",
    "provider-statistics",
    "sign-ins",
    "members",
];

/// Ways by which a notice travels.
pub const POST: &[&str] = &["letter", "mail", "system", "form", "registered-mail", "telephone", "in-person"];
