//! Family `custody`: files and media, from the provider's notice to their destruction.

use super::vocabulary::{Channel, Consequence, POST};
use super::{FORM, PEOPLE, ParamSpec, RefTo, Ty, YEARS, may, must};

const MATTER: &[&str] = &["paper", "file", "media", "system-copy", "print", "register", "backup", "log"];

pub(super) static REGISTER: &[ParamSpec] = &[
    must("form", FORM, "The register; its columns are the form's fields."),
    may("channels", Ty::List(&Ty::OneOf(Channel::WORDS)), "Which deliveries are entered.").more(),
    may("by", Ty::Who, "Who enters them."),
    may("at_least_years", YEARS, "How long the register is kept at least.").longer(),
    may("kept_for", PEOPLE, "Who may ask to see it."),
    may("destroy_approval", Ty::Who, "Who must approve its destruction."),
];

pub(super) static DESIGNATED_PERSON: &[ParamSpec] = &[
    must("who", Ty::Who, "The person or role."),
    must(
        "tasks",
        Ty::List(&Ty::OneOf(&[
            "file-transfer",
            "media",
            "print",
            "registers",
            "lookup",
            "change-data",
            "accounts",
        ])),
        "What only they do.",
    )
    .more(),
    may("deputy", Ty::Flag, "A deputy is named too.").more(),
    may("appointed_by", Ty::Who, "Who names them."),
];

pub(super) static COUNT_CHECK: &[ParamSpec] = &[
    must("by", Ty::Who, "Who compares what was announced with what came."),
    may("deadline", Ty::Deadline, "By when.").shorter(),
    may("result_required", Ty::Flag, "The result must be written down before the data are used.").more(),
    may("mismatch", Ty::OneOf(Consequence::WORDS), "What follows a difference.").more(),
    may("report_to", PEOPLE, "Who is told of it.").more(),
];

static SIGNATURE: &[ParamSpec] =
    &[must("who", Ty::Who, "Who stamps."), may("dated", Ty::Flag, "The stamp carries the date.").more()];

pub(super) static RELEASE_GATE: &[ParamSpec] = &[
    must("signatures", Ty::List(&Ty::Table(SIGNATURE)), "Stamps without which nothing is handed over.")
        .more(),
    may("form", FORM, "The form they stand on."),
    may("released_by", Ty::Who, "Who hands over."),
];

static NOTICE_STEP: &[ParamSpec] = &[
    must("from", Ty::Who, "Who tells."),
    must("to", Ty::Who, "Who is told."),
    must("what", Ty::Words, "What is told."),
    may("channels", Ty::List(&Ty::OneOf(POST)), "How."),
    may("deadline", Ty::Deadline, "By when.").shorter(),
];

pub(super) static DOWNLOAD_NOTICE: &[ParamSpec] = &[
    must("steps", Ty::List(&Ty::Table(NOTICE_STEP)), "The notices in order, each with its own time."),
    may("fetch_within", Ty::Deadline, "By when the file is fetched from the provider.").shorter(),
];

pub(super) static MEDIA_ENCRYPTION: &[ParamSpec] = &[
    must("required", Ty::Flag, "Files on media are encrypted on the way.").more(),
    may("unless_in_person", Ty::Flag, "Not needed when handed over in person.").less(),
    may("secret_apart", Ty::Flag, "Password and data are sent separately.").more(),
];

pub(super) static STORAGE: &[ParamSpec] = &[
    must("of", Ty::List(&Ty::OneOf(MATTER)), "What is kept.").more(),
    may("custodian", Ty::Who, "Who keeps it."),
    may("location", Ty::Flag, "Where it lies is written down.").more(),
    may("access_control", Ty::Flag, "Opening is limited and recorded.").more(),
    may("locked", Ty::Flag, "It lies locked.").more(),
];

pub(super) static CARRY_OUT: &[ParamSpec] = &[
    must("allowed", Ty::OneOf(&["after-approval", "never"]), "Whether data may leave the office.").more(),
    may("by", Ty::Who, "Who approves."),
];

pub(super) static ONWARD: &[ParamSpec] = &[
    must("to", Ty::Who, "Who receives data that were supplied to this agency."),
    may("channels", Ty::List(&Ty::OneOf(Channel::WORDS)), "How.").less(),
    may("after", Ty::Ref(RefTo::Control), "The control that must have been met before."),
    may("follows", Ty::Ref(RefTo::Control), "The control that governs the way."),
];

pub(super) static DESTRUCTION: &[ParamSpec] = &[
    must("of", Ty::List(&Ty::OneOf(MATTER)), "What is destroyed.").more(),
    may("approval", Ty::Who, "Who must approve first."),
    may("copies_to", PEOPLE, "Who gets a copy of the approval.").more(),
    may("deadline", Ty::Deadline, "By when after its use has ended; length 0 is at once.").shorter(),
    may("report", Ty::OneOf(&["none", "form", "letter"]), "How it is reported.").more(),
    may("report_to", PEOPLE, "To whom.").more(),
    may(
        "methods",
        Ty::List(&Ty::OneOf(&["shred", "burn", "pulp", "crush", "degauss", "erase", "crypto-erase"])),
        "How it may be done.",
    )
    .less(),
    may("irrecoverable", Ty::Flag, "Somebody confirms that it cannot be restored.").more(),
    may("date_recorded", Ty::Flag, "The day is written down.").more(),
    may("witness", Ty::Who, "Who is present."),
    may("form", FORM, "The form of the record."),
    may("except_case_file", Ty::Flag, "What went into a case file follows the archives' law."),
];
