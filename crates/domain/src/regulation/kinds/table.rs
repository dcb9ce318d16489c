//! Every kind in one list; the enum and the table cannot differ, for one macro writes both.

use super::{
    Family, KindSpec, account, audit, custody, data, evidence, letters, lookup, membership, place, purpose,
    result, routine, violation,
};

macro_rules! kinds {
    ($($variant:ident $name:literal $family:ident $params:path, $what:literal;)*) => {
        /// A kind of control. Code knows kinds; which of them bind, and how hard, is the pack's to say.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind {
            $(#[doc = $what] $variant,)*
        }

        /// The table of all kinds, in the order of [`Kind`].
        pub static KINDS: &[KindSpec] = &[
            $(KindSpec {
                kind: Kind::$variant,
                name: $name,
                family: Family::$family,
                what: $what,
                params: $params,
            },)*
        ];
    };
}

kinds! {
    Source "source" Data data::SOURCE, "A body that answers lookups, and how the gate reaches it.";
    Dataset "dataset" Data data::DATASET,
        "Something that can be asked of a source: its subject, request fields and items.";
    LegalBases "legal-bases" Purpose purpose::LEGAL_BASES,
        "The legal bases a lookup or file may name; without one it is refused.";
    PermittedUses "permitted-uses" Purpose purpose::PERMITTED_USES,
        "The uses the rule allows; any other is refused.";
    BusinessScope "business-scope" Purpose purpose::BUSINESS_SCOPE,
        "The work for which data may be asked, with what it needs.";
    Necessity "necessity" Purpose purpose::NECESSITY, "What an applicant must state about the need for data.";
    OutsidePurpose "outside-purpose" Purpose purpose::OUTSIDE_PURPOSE,
        "The grounds on which data may serve an end they were not obtained for.";
    NetworkZone "network-zone" Place place::NETWORK_ZONE, "From where lookups may be made.";
    Workstation "workstation" Place place::WORKSTATION, "What is asked of the machine.";
    Channel "channel" Place place::CHANNEL,
        "The ways by which data may be obtained, and what must come first.";
    Transport "transport" Place place::TRANSPORT, "What is asked of the line.";
    ApprovalChain "approval-chain" Consent purpose::APPROVAL_CHAIN,
        "Who approves an application, in which order.";
    Consent "consent" Consent purpose::CONSENT, "What must have been approved before a lookup.";
    SubjectConsent "subject-consent" Consent purpose::SUBJECT_CONSENT,
        "The written consent of the person concerned.";
    Delegation "delegation" Consent purpose::DELEGATION, "What must stand before one body acts for another.";
    RecordSheet "record-sheet" Lookup lookup::RECORD_SHEET, "The sheet that records a lookup.";
    Reason "reason" Lookup lookup::REASON, "What a lookup must state.";
    Countersign "countersign" Lookup lookup::COUNTERSIGN,
        "The stamp on a lookup: when, by whom, and what its absence brings.";
    Proxy "proxy" Lookup lookup::PROXY, "Lookups made for people without an account.";
    SensitiveTarget "sensitive-target" Lookup lookup::SENSITIVE_TARGET,
        "Lookups of oneself, relatives, colleagues and protected people.";
    TwoPerson "two-person" Lookup lookup::TWO_PERSON, "Lookups that need two people at once.";
    Volume "volume" Lookup lookup::VOLUME, "How many lookups are too many.";
    Fallback "fallback" Lookup lookup::FALLBACK, "What may be used only after a dataset has failed.";
    Screen "screen" Result result::SCREEN, "How long an answer can be seen.";
    Masking "masking" Result result::MASKING,
        "How much of names, numbers, addresses and dates is shown where.";
    Print "print" Result result::PRINT, "Whether and how an answer is printed.";
    CopyPermit "copy-permit" Result result::COPY_PERMIT, "Who must approve a copy.";
    NoFaxMail "no-fax-mail" Result result::NO_FAX_MAIL, "Ways by which data never leave.";
    Care "care" Result result::CARE, "Who watches over how data are handled.";
    DoubtfulData "doubtful-data" Result result::DOUBTFUL_DATA, "What is done about an answer in doubt.";
    AccountApplication "account-application" Account account::ACCOUNT_APPLICATION,
        "How accounts and permissions are applied for.";
    CredentialDelivery "credential-delivery" Account account::CREDENTIAL_DELIVERY,
        "How account and password reach their owner.";
    Password "password" Account account::PASSWORD, "What a password must be.";
    Lockout "lockout" Account account::LOCKOUT, "What failed sign-ins bring.";
    Factors "factors" Account account::FACTORS, "What is shown at sign-in.";
    Session "session" Account account::SESSION, "When a session ends.";
    NoSharing "no-sharing" Account account::NO_SHARING, "An account is one person's alone.";
    IdleLadder "idle-ladder" Account account::IDLE_LADDER, "What becomes of an unused account.";
    Inventory "inventory" Account account::INVENTORY,
        "How often all accounts are gone through, and for what.";
    ChangeNotice "change-notice" Account account::CHANGE_NOTICE,
        "Who is told, and when, that somebody changed post or left.";
    Handover "handover" Account account::HANDOVER, "What somebody who leaves hands over.";
    Contractor "contractor" Account account::CONTRACTOR, "What is asked of contractors and their people.";
    Undertaking "undertaking" Account account::UNDERTAKING, "What people sign before they get access.";
    Training "training" Account account::TRAINING, "How much training, for whom.";
    AdminTiers "admin-tiers" Account account::ADMIN_TIERS, "Administrators in tiers, and how many of them.";
    Separation "separation" Account account::SEPARATION, "Capacities that one person may not hold together.";
    ExOfficio "ex-officio" Account account::EX_OFFICIO,
        "What may be done to an account without an application.";
    OfficeDuty "office-duty" Account account::OFFICE_DUTY, "What one office alone does.";
    Register "register" Custody custody::REGISTER, "The register in which deliveries are entered.";
    DesignatedPerson "designated-person" Custody custody::DESIGNATED_PERSON, "What only a named person does.";
    CountCheck "count-check" Custody custody::COUNT_CHECK, "Whether what was announced has come.";
    ReleaseGate "release-gate" Custody custody::RELEASE_GATE,
        "Stamps without which data are not handed over.";
    DownloadNotice "download-notice" Custody custody::DOWNLOAD_NOTICE,
        "Who tells whom that a file is ready, asked for and there.";
    MediaEncryption "media-encryption" Custody custody::MEDIA_ENCRYPTION, "How media travel.";
    Storage "storage" Custody custody::STORAGE, "Who keeps what, and how.";
    CarryOut "carry-out" Custody custody::CARRY_OUT, "Whether data may leave the office.";
    Onward "onward" Custody custody::ONWARD, "How data go on to another body.";
    Destruction "destruction" Custody custody::DESTRUCTION,
        "When, how and after whose approval data are destroyed.";
    Retention "retention" Evidence evidence::RETENTION, "How long a kind of record is kept.";
    AccessLog "access-log" Evidence evidence::ACCESS_LOG, "What is logged.";
    Statistics "statistics" Evidence evidence::STATISTICS, "The table of use.";
    Integrity "integrity" Evidence evidence::INTEGRITY, "What must be kept whole, and who proves it.";
    Notice "notice" Evidence evidence::NOTICE, "A sentence of the rule that people are shown.";
    Contact "contact" Evidence evidence::CONTACT, "Whom to reach, with the day on which it was right.";
    Programme "programme" Audit audit::PROGRAMME, "A regular audit.";
    Reconciliation "reconciliation" Audit audit::RECONCILIATION, "Two lists that must agree.";
    CrossSource "cross-source" Audit audit::CROSS_SOURCE,
        "Lookups of one dataset without the other that should go with it.";
    Outlier "outlier" Audit audit::OUTLIER, "Who or what stands out.";
    JointInvestigation "joint-investigation" Audit audit::JOINT_INVESTIGATION,
        "Who looks into an anomaly together.";
    ProviderInspection "provider-inspection" Audit audit::PROVIDER_INSPECTION,
        "What is made ready when the provider audits.";
    LinkReview "link-review" Audit audit::LINK_REVIEW, "Whether approved links are still needed.";
    Grounds "grounds" Violation violation::GROUNDS, "On which grounds somebody is held to account.";
    Correction "correction" Violation violation::CORRECTION, "Orders to put something right.";
    Sanctions "sanctions" Violation violation::SANCTIONS, "The ladder of sanctions.";
    ProviderLetter "provider-letter" Violation violation::PROVIDER_LETTER,
        "The letter that tells the provider of a breach.";
    Liability "liability" Violation violation::LIABILITY, "The kinds of liability a record can name.";
    Incident "incident" Violation violation::INCIDENT, "What can go wrong, and who is told.";
    Complaint "complaint" Violation violation::COMPLAINT, "How complaints are taken.";
    MemberTypes "member-types" Membership membership::MEMBER_TYPES, "Who may join.";
    Eligibility "eligibility" Membership membership::ELIGIBILITY, "What must be shown to join.";
    Dossier "dossier" Membership membership::DOSSIER, "What is handed in, and when it counts as filed.";
    Match "match" Membership membership::MATCH, "What must equal the company register.";
    Line "line" Membership membership::LINE, "The line a member may have.";
    ScopeOfUse "scope-of-use" Membership membership::SCOPE_OF_USE, "What members may and may not do.";
    Inspection "inspection" Membership membership::INSPECTION, "How members are inspected.";
    Ban "ban" Membership membership::BAN, "How long a body stays out.";
    HandOff "hand-off" Membership membership::HAND_OFF, "Where applicants of a type go.";
    Transition "transition" Membership membership::TRANSITION, "What holds for those who were there before.";
    PeriodicReport "periodic-report" Routine routine::PERIODIC_REPORT, "A regular report.";
    Contingency "contingency" Routine routine::CONTINGENCY, "What is done while a source does not answer.";
    EnquirySlip "enquiry-slip" Routine routine::ENQUIRY_SLIP, "Questions sent on a numbered slip.";
    Housekeeping "housekeeping" Routine routine::HOUSEKEEPING, "Other work that returns.";
    Letter "letter" Letters letters::LETTER, "A letter that an event makes due.";
}

impl Kind {
    /// The kind's row of the table.
    pub fn spec(self) -> &'static KindSpec {
        &KINDS[self as usize]
    }

    /// The kind a pack names so.
    pub fn named(name: &str) -> Option<Self> {
        KINDS.iter().find(|spec| spec.name == name).map(|spec| spec.kind)
    }
}
