//! Family `account`: who may sign in, how, and until when.

use super::vocabulary::{ACTIONS, Capacity, Cause, Consequence, Factor, Force, POST, Unlock};
use super::{COUNT, COUNT_OR_NONE, FORM, MONTHS, PEOPLE, ParamSpec, RefTo, Ty, may, must};

pub(super) static ACCOUNT_APPLICATION: &[ParamSpec] = &[
    must("form", FORM, "The application form; its chain is the `approval-chain` for `account`."),
    may(
        "actions",
        Ty::List(&Ty::OneOf(ACTIONS)),
        "What can be applied for with it; everything that the form offers when absent.",
    ),
    may("paper_kept", Ty::OneOf(&["no", "unless-signed-online", "always"]), "Whether a paper form is kept.")
        .more(),
    may(
        "within_application",
        Ty::Flag,
        "Nothing stands that was not applied for, not even from an older system.",
    )
    .more(),
    may(
        "before_lookup",
        Ty::Flag,
        "Nobody looks anything up before a permission: what no tick opens by name, every tick opens.",
    )
    .more(),
    may("covering_letter", Ty::Flag, "A letter goes with the form.").more(),
    may("duplicate_check", Ty::Flag, "Whoever has or asks for an account in the unit is refused a new one.")
        .more(),
    may("valid_months", MONTHS, "How long a permission stands; the shorter of this and the chain's holds.")
        .shorter(),
    may("filed_with", Ty::Who, "Who keeps the form."),
    may(
        "carried_out_by",
        Ty::Who,
        "Who opens or changes the account after approval; the last step of a chain that names nobody.",
    ),
];

pub(super) static CREDENTIAL_DELIVERY: &[ParamSpec] = &[
    must(
        "methods",
        Ty::List(&Ty::OneOf(&["enrolment-link", "sealed-slip", "in-person", "registered-mail"])),
        "How account and password reach the person.",
    )
    .less(),
    may("apart", Ty::Flag, "Name and secret go by different ways.").more(),
    may("own_hand", Ty::Flag, "Nobody but its owner may be given a slip to take along.").more(),
    may("valid_hours", Ty::Integer { min: 1, max: 8_760 }, "How long the link or slip works.").shorter(),
];

static ROTATION: &[ParamSpec] = &[
    may("months", MONTHS, "How often; unset where the rule only says regularly.").shorter(),
    must("force", Ty::OneOf(Force::WORDS), "Whether the system enforces it.").more(),
    may(
        "consequence",
        Ty::OneOf(Consequence::WORDS),
        "What follows when it is late, beside that under a duty nothing else can be done first.",
    )
    .more(),
];

pub(super) static PASSWORD: &[ParamSpec] = &[
    may("min_length", Ty::Integer { min: 1, max: 128 }, "The shortest password, in characters.").longer(),
    may(
        "classes",
        Ty::Integer { min: 1, max: 4 },
        "How many of capitals, small letters, digits and signs it mixes.",
    )
    .more(),
    may(
        "history",
        Ty::Integer { min: 0, max: 100 },
        "How many of the passwords used last cannot return, the present one among them.",
    )
    .more(),
    may("rotation", Ty::Table(ROTATION), "How often it is changed."),
    may("first_login", Ty::Flag, "It is changed at the first sign-in: nobody but its owner ever knows it.")
        .more()
        .always(),
    may(
        "on_suspicion",
        Ty::Flag,
        "It is changed when somebody else may know it: whoever runs the accounts resets it at any age.",
    )
    .more()
    .always(),
    may("min_age_days", Ty::Integer { min: 0, max: 365 }, "How long it stands at least."),
];

pub(super) static LOCKOUT: &[ParamSpec] = &[
    may("tries", Ty::Integer { min: 1, max: 100 }, "How many failed sign-ins in a row lock the account.")
        .less(),
    may("minutes", Ty::Integer { min: 1, max: 525_600 }, "For how long, where time opens it.").longer(),
    may("unlock", Ty::OneOf(Unlock::WORDS), "What opens it again; after `application` no time does.").more(),
    may(
        "unlock_by",
        Ty::Who,
        "Who opens it after an application; the last step of a chain that names nobody.",
    ),
];

pub(super) static FACTORS: &[ParamSpec] = &[
    must("factors", Ty::List(&Ty::OneOf(Factor::WORDS)), "What is shown at sign-in, in this order.").more(),
    may("lost", Ty::Deadline, "By when a loss is reported.").shorter().told(),
    may("lost_to", Ty::Who, "To whom.").told(),
];

pub(super) static SESSION: &[ParamSpec] = &[
    may("idle_minutes", Ty::Integer { min: 1, max: 1_440 }, "Signed out after so long without an act.")
        .shorter(),
    may("absolute_hours", Ty::Integer { min: 1, max: 168 }, "Signed out after so long in any case.")
        .shorter(),
    may("warn_minutes", Ty::Integer { min: 0, max: 60 }, "How long before that the person is warned."),
];

pub(super) static NO_SHARING: &[ParamSpec] = &[
    may("one_each", Ty::Flag, "One account a person.").more().always(),
    may("no_transfer", Ty::Flag, "An account never goes to a successor.").more().always(),
    may("sessions", COUNT, "How many sessions one account may hold at once.").less(),
    may(
        "secrets",
        Ty::List(&Ty::OneOf(&["password", "card-pin", "account", "totp"])),
        "What is told or lent to nobody.",
    )
    .more(),
    may("consequence", Ty::OneOf(Consequence::WORDS), "What follows.").more().told(),
];

pub(super) static IDLE_LADDER: &[ParamSpec] = &[
    may("suspend_after", Ty::Deadline, "Unused for so long: suspended.").shorter(),
    may("cancel_after", Ty::Deadline, "Unused for so long: cancelled.").shorter(),
    may("warn_before", Ty::Deadline, "How long before either the person is told.").longer(),
    may(
        "restore",
        Ty::OneOf(&["same-form", "new-application"]),
        "How what was suspended returns: as it was by the same form, or anew, as when absent.",
    )
    .more(),
    may("forced", Ty::Flag, "Done by the system; otherwise proposed to the administrator.").more(),
];

pub(super) static INVENTORY: &[ParamSpec] = &[
    must("schedule", Ty::Schedule, "How often all accounts are gone through.").shorter(),
    may(
        "findings",
        Ty::List(&Ty::OneOf(&[
            "duplicate",
            "idle",
            "transferred",
            "left",
            "retired",
            "excess",
            "unapproved",
        ])),
        "What is looked for; `excess` is only told, for people see it who go through the list.",
    )
    .more(),
    may("by", Ty::Who, "Who does it."),
    may("sign_off", Ty::Who, "Who closes it."),
    may("report_to", PEOPLE, "Who gets the result.").more(),
];

pub(super) static CHANGE_NOTICE: &[ParamSpec] = &[
    must(
        "of",
        Ty::List(&Ty::OneOf(&[
            "user",
            "link-officer",
            "supervisor",
            "designated-person",
            "administrator",
            "auditor",
        ])),
        "Whose change is told.",
    )
    .more(),
    must("recipients", PEOPLE, "Who is told.").more(),
    may("causes", Ty::List(&Ty::OneOf(Cause::WORDS)), "Which changes count; all when absent.").more(),
    may("deadline", Ty::Deadline, "By when, before or after the change.").shorter(),
    may("revoke", Ty::Deadline, "By when the rights themselves are changed: at once, by the same decision.")
        .shorter()
        .always(),
    may("channels", Ty::List(&Ty::OneOf(POST)), "How."),
    may("form", FORM, "On which form.").told(),
];

pub(super) static HANDOVER: &[ParamSpec] = &[
    may("by_list", Ty::Flag, "Everything is handed over by a list.").more(),
    may(
        "causes",
        Ty::List(&Ty::OneOf(&["transfer", "duty-change", "absence", "leave", "resign", "retire"])),
        "For which ends of a post the list is opened; all when absent, a leave without pay among them.",
    )
    .more(),
    may("signers", PEOPLE, "Who signs after giver and receiver, in this order; the supervisor when absent.")
        .more(),
    may("blocks_closing", Ty::Flag, "The account cannot be closed while anything is in its custody.").more(),
    may("form", FORM, "The form of the list.").told(),
];

pub(super) static CONTRACTOR: &[ParamSpec] = &[
    may("of", PEOPLE, "Whose people they are; where nobody is named, contractors hold no posts here.").more(),
    may(
        "confidentiality",
        Ty::Flag,
        "Nobody of them looks anything up but under a contract with a term of confidentiality.",
    )
    .more(),
    may("same_duties", Ty::Flag, "Their people are users with every duty of this rule.").more().always(),
    may("ends_with_contract", Ty::Flag, "Their posts, rights and accounts end with the contract.").more(),
    may("review", Ty::Schedule, "How often their performance is confirmed.").shorter(),
    may(
        "signers",
        PEOPLE,
        "Who signs for the agency, and may enter contracts beside those who run the accounts.",
    )
    .more(),
];

pub(super) static UNDERTAKING: &[ParamSpec] = &[
    may("form", FORM, "The form whose fixed sentences are signed."),
    may("text", Ty::Words, "The sentence that is signed; needed where there is no form."),
    may("whom", PEOPLE, "Who signs.").more(),
    may("renew", Ty::Schedule, "How often.").shorter(),
    may("within", Ty::Deadline, "By when it is signed, counted from the day on which it is owed.").shorter(),
    may("before_lookup", Ty::Flag, "Whoever has not signed it looks nothing up.").more(),
    may("consequence", Ty::OneOf(Consequence::WORDS), "What follows when it is not signed by then.").more(),
];

pub(super) static TRAINING: &[ParamSpec] = &[
    may("hours", Ty::Integer { min: 1, max: 500 }, "Hours in one period.").longer(),
    may("schedule", Ty::Schedule, "The period; unset where the rule only says regularly.").shorter(),
    may("whom", PEOPLE, "Who must attend.").more(),
    may("evidence", Ty::Flag, "A certificate is filed with each entry of hours.").more(),
    may("by", Ty::Who, "Who holds it."),
    may("consequence", Ty::OneOf(Consequence::WORDS), "What follows when hours are missing at its end.")
        .more(),
];

static TIER: &[ParamSpec] = &[
    must("role", Ty::Ref(RefTo::Role), "The role of this tier."),
    may("at_most", COUNT, "How many may hold it.").less(),
    may("per", Ty::OneOf(&["system", "agency", "unit"]), "Within what."),
    may("appointed_by", Ty::Who, "Who appoints them.").told(),
    may(
        "unit_users",
        COUNT_OR_NONE,
        "The role exists only in a unit with so many users; with `agency_users`, either is enough.",
    )
    .more(),
    may("agency_users", COUNT_OR_NONE, "The role exists only in an agency with so many users.").more(),
];

pub(super) static ADMIN_TIERS: &[ParamSpec] =
    &[must("tiers", Ty::List(&Ty::Table(TIER)), "Administrators from the highest tier down.")];

static PAIR: &[ParamSpec] = &[
    must("first", Ty::OneOf(Capacity::WORDS), "One capacity."),
    must("second", Ty::OneOf(Capacity::WORDS), "The capacity that may not stand beside it."),
];

pub(super) static SEPARATION: &[ParamSpec] = &[
    must("pairs", Ty::List(&Ty::Table(PAIR)), "Capacities that one person may not hold together.").more(),
    may("exception_by", Ty::Who, "Who may allow an exception, for a person and a time; nobody when absent."),
    may("instead", Ty::Ref(RefTo::Control), "The control that holds in an exception, and only there."),
];

pub(super) static EX_OFFICIO: &[ParamSpec] = &[
    must("by", Ty::Who, "Who may act without an application."),
    must(
        "act",
        Ty::List(&Ty::OneOf(&["suspend", "disable", "narrow"])),
        "What they may do; here they stop a permission.",
    )
    .told(),
    may("reason", Ty::Flag, "A reason must be written down.").more(),
    may("restore", Ty::OneOf(&["same-person", "approval-chain"]), "How it is undone; here by applying anew.")
        .more()
        .told(),
];

pub(super) static OFFICE_DUTY: &[ParamSpec] = &[
    must("who", Ty::Who, "The office or role."),
    must(
        "duties",
        Ty::List(&Ty::OneOf(&[
            "accounts",
            "permissions",
            "inventory",
            "host-care",
            "data-integrity",
            "links",
            "training",
            "audit-support",
            "letters",
            "custody",
            "lookup",
            "review",
            "supervision",
            "technical-support",
        ])),
        "What is theirs alone.",
    )
    .told(),
    may("log", Ty::Flag, "What they do is kept in an operations log.").more().told(),
    may("schedule", Ty::Schedule, "How often it is done.").shorter(),
];
