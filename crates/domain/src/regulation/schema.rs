//! The keys of everything in a pack that is not a control: header, clauses, roles, forms, scenarios.

use super::kinds::vocabulary::{ACTIONS, ApplicationObject, Capacity, PARTIES, Target};
use super::kinds::{ParamSpec, RefTo, Ty, may, must};
use super::scenario::Act;

/// The newest format this program reads; every earlier one stays readable.
pub const SCHEMA: i64 = 1;

/// Words that a rule uses in its own way; sentences of the pages take them as arguments.
pub static TERMS: &[ParamSpec] = &[
    may("data", Ty::Words, "The data that the rule is about."),
    may("record_sheet", Ty::Words, "The sheet that records a lookup."),
    may("countersign", Ty::Words, "The stamp on it."),
    may("supervisor", Ty::Words, "Whoever stamps."),
    may("user", Ty::Words, "Whoever looks up."),
    may("head", Ty::Words, "The head of the agency."),
    may("unit", Ty::Words, "A unit of the agency."),
    may("provider", Ty::Words, "The body that provides the data."),
    may("case", Ty::Words, "A case."),
    may("purpose", Ty::Words, "The end that a lookup serves."),
    may("basis", Ty::Words, "The legal basis."),
    may("account", Ty::Words, "An account."),
    may("application", Ty::Words, "An application."),
    may("auditor", Ty::Words, "Whoever audits."),
    may("administrator", Ty::Words, "Whoever keeps the accounts."),
    may("register", Ty::Words, "The register of files and media."),
    may("link", Ty::Words, "The technical link."),
    may("log", Ty::Words, "The log of lookups."),
    may("statistics", Ty::Words, "The table of use."),
    may("media", Ty::Words, "Media."),
    may("handover", Ty::Words, "Handing over."),
    may("inventory", Ty::Words, "Going through the accounts."),
    may("training", Ty::Words, "Training."),
    may("correction", Ty::Words, "Putting right."),
    may("member", Ty::Words, "A member of the network."),
    may("applicant", Ty::Words, "Whoever applies."),
    may("regulation", Ty::Words, "The rule itself."),
];

static CITED_LAW: &[ParamSpec] = &[
    must("cited_as", Ty::Text, "The law as the rule cites it."),
    may("current_name", Ty::Text, "Its name today, where that differs."),
    may("clause", Ty::Ref(RefTo::Clause), "The clause that cites it."),
];

/// The keys of `[pack]`.
pub static HEADER: &[ParamSpec] = &[
    must("id", Ty::Code, "The pack's id, the same in every version."),
    must("version", Ty::Code, "The version: the date of the text, as the agency writes it."),
    must("title", Ty::Text, "The full title."),
    must("title_en", Ty::Text, "The title in English."),
    must("short_title", Ty::Text, "What people call it."),
    must("short_title_en", Ty::Text, "The same in English."),
    must("issuer", Ty::Text, "The agency that issued it."),
    must("issuer_en", Ty::Text, "The same in English."),
    may("document_number", Ty::Text, "The number of the letter that issued it."),
    may("date", Ty::Date, "The date of that letter."),
    may("title_uncertain", Ty::Flag, "`true` where title or date are not in the text this was written from."),
    may("effective_from", Ty::Date, "The first day in force; without one, from its activation on."),
    may("effective_to", Ty::Date, "The last day in force."),
    may("parent", Ty::Code, "The id of the pack that is its floor."),
    may("terms", Ty::Table(TERMS), "The words this rule uses."),
    may("cited_law", Ty::List(&Ty::Table(CITED_LAW)), "The laws it cites."),
];

static ORGANISATION: &[ParamSpec] = &[
    must("id", Ty::Code, "Its id in this pack."),
    must("word", Ty::Text, "What it is called."),
    must("word_en", Ty::Text, "The same in English."),
    may(
        "adopts",
        Ty::OneOf(&["own", "mutatis-mutandis"]),
        "Whether the rule is its own or only applied correspondingly.",
    ),
    may("clause", Ty::Ref(RefTo::Clause), "The clause that says so."),
    may("parent", Ty::Ref(RefTo::Organisation), "The organisation above it."),
];

static OFFICE: &[ParamSpec] = &[
    must("id", Ty::Code, "Its id, used in `who`."),
    must("word", Ty::Text, "What it is called."),
    must("word_en", Ty::Text, "The same in English."),
    may("capacities", Ty::List(&Ty::OneOf(Capacity::WORDS)), "What its people may do by that alone."),
    may("clauses", Ty::List(&Ty::Ref(RefTo::Clause)), "The clauses that name it."),
];

pub(super) static ROLE: &[ParamSpec] = &[
    must("id", Ty::Code, "Its id, used in `who`."),
    must("word", Ty::Text, "What it is called."),
    must("word_en", Ty::Text, "The same in English."),
    must("capacities", Ty::List(&Ty::OneOf(Capacity::WORDS)), "What it may do; may be empty."),
    may("tier", Ty::Integer { min: 1, max: 9 }, "Its height: 1 is the person at the desk."),
    may("incompatible", Ty::List(&Ty::Ref(RefTo::Role)), "Roles the same person may not hold."),
    may("office", Ty::Ref(RefTo::Office), "The office it belongs to."),
    may("deputy", Ty::Flag, "Whoever holds it has a deputy on record.").more(),
    may(
        "fresh_credential",
        Ty::Flag,
        "Whoever gets a post of it changes their password after it begins, before the first act under it.",
    )
    .more(),
    may("clauses", Ty::List(&Ty::Ref(RefTo::Clause)), "The clauses that name it."),
];

static PLAN: &[ParamSpec] = &[
    must("id", Ty::Code, "Its id, used in `when`."),
    must("word", Ty::Text, "What it is called."),
    must("word_en", Ty::Text, "The same in English."),
    may("clauses", Ty::List(&Ty::Ref(RefTo::Clause)), "The clauses that name it."),
    may("from", Ty::Date, "Its first day."),
    may("until", Ty::Date, "Its last day."),
];

static CLAUSE: &[ParamSpec] = &[
    must("id", Ty::Text, "Its id: no blanks, no `/`."),
    must("cite", Ty::Text, "How it is cited on the screen."),
    must("gist", Ty::Text, "What it says, in your own words."),
    must("gist_en", Ty::Text, "The same in English."),
    must(
        "met",
        Ty::OneOf(&["stated", "recorded", "enforced"]),
        "Told to people, kept as evidence, or enforced by the system.",
    ),
];

/// The keys every control has beside those of its kind.
pub static CONTROL: &[ParamSpec] = &[
    must("id", Ty::Code, "Its id; for a source or dataset, the name others use."),
    must("kind", Ty::Text, "Its kind."),
    may("clauses", Ty::List(&Ty::Ref(RefTo::Clause)), "The clauses it comes from."),
    may(
        "policy",
        Ty::Policy,
        "`true` where all of it is the product's choice and not the law's; or the names of those parameters.",
    ),
    may("when", Ty::When, "The situations it applies to; all when absent."),
    may("note", Ty::Words, "A sentence shown to people beside it."),
];

/// The keys that only `pack.toml` has.
pub static PACK: &[ParamSpec] = &[
    must("schema", Ty::Integer { min: 1, max: 1_000 }, "The format: 1."),
    must("pack", Ty::Table(HEADER), "The header."),
];

/// The lists that `pack.toml` and any other `*.toml` beside it may hold. `control` stands apart: its keys
/// depend on its kind.
pub static PARTS: &[ParamSpec] = &[
    may("organisation", Ty::List(&Ty::Table(ORGANISATION)), "Organisations that use the rule."),
    may("office", Ty::List(&Ty::Table(OFFICE)), "Offices that the rule names."),
    may("role", Ty::List(&Ty::Table(ROLE)), "Roles."),
    may("plan", Ty::List(&Ty::Table(PLAN)), "Named plans within one rule."),
    may("clause", Ty::List(&Ty::Table(CLAUSE)), "Every clause of the rule."),
];

const FORM_FIELD_TYPES: &[&str] = &[
    "text",
    "long-text",
    "date",
    "datetime",
    "number",
    "choice",
    "ticks",
    "table",
    "person",
    "unit",
    "account",
    "signature",
    "national-id",
    "phone",
    "email",
    "url",
    "postcode",
    "business-number",
    "attachment",
    "regulation",
];

const RISKS: &[&str] = &["normal", "read-only", "high"];

static OPTION: &[ParamSpec] = &[
    must("code", Ty::Code, "The value that is kept."),
    must("label", Ty::Words, "What is printed."),
    may("group", Ty::Words, "The heading it stands under."),
    may("risk", Ty::OneOf(RISKS), "How much this option opens."),
    may("text", Ty::Flag, "A line for words stands behind it."),
    may("opens", Ty::List(&Ty::Ref(RefTo::Item)), "The items it opens once it is approved, in ticks."),
    may(
        "serves",
        Ty::List(&Ty::Ref(RefTo::Purpose)),
        "The uses that it opens them for, in ticks; every use when absent.",
    ),
    may("action", Ty::OneOf(ACTIONS), "What choosing it applies for, in a choice."),
];

static COLUMN: &[ParamSpec] = &[
    must("id", Ty::Code, "The column's name."),
    must("label", Ty::Words, "Its heading."),
    must("type", Ty::OneOf(FORM_FIELD_TYPES), "How it is checked."),
    may("required", Ty::Flag, "Whether every row needs it."),
    may("filled_by", Ty::OneOf(&["user", "system"]), "Who fills it in; the user when absent."),
    may("max_length", Ty::Integer { min: 1, max: 10_000 }, "The longest entry, in characters."),
    may("options", Ty::List(&Ty::Table(OPTION)), "The values of a choice."),
];

static FILE_TYPE: &[ParamSpec] = &[
    must("extension", Ty::Code, "The ending of the file's name, in lower case."),
    must("starts", Ty::List(&Ty::Text), "How such a file begins, in hexadecimal; any one of these."),
];

static FIELD: &[ParamSpec] = &[
    must("id", Ty::Code, "The field's name; its type never changes between versions."),
    must("label", Ty::Words, "Its label."),
    must("type", Ty::OneOf(FORM_FIELD_TYPES), "How it is checked and printed."),
    may("from", Ty::OneOf(&["datasets"]), "Ticks that are made from the rule: one for each of its datasets."),
    may("party", Ty::OneOf(PARTIES), "The body whose name is written here, by its part in a link."),
    may("required", Ty::Flag, "Whether the form is refused without it."),
    may("filled_by", Ty::OneOf(&["user", "system"]), "Who fills it in; the user when absent."),
    may("max_length", Ty::Integer { min: 1, max: 10_000 }, "The longest entry, in characters."),
    may("options", Ty::List(&Ty::Table(OPTION)), "The options of a choice or of ticks."),
    may("accept", Ty::List(&Ty::Table(FILE_TYPE)), "The kinds of files that an attachment takes."),
    may("max_bytes", Ty::Integer { min: 1, max: 4_194_304 }, "The largest file of an attachment, in bytes."),
    may("max_files", Ty::Integer { min: 1, max: 20 }, "How many files an attachment takes."),
    may("columns", Ty::List(&Ty::Table(COLUMN)), "The columns of a table."),
    may("help", Ty::Words, "A sentence under the label."),
    may("when", Ty::When, "When it is asked for; always when absent."),
];

static FORM: &[ParamSpec] = &[
    must("id", Ty::Code, "Its id, used by controls."),
    must("label", Ty::Words, "Its title."),
    must(
        "object",
        Ty::OneOf(&[
            "record-sheet",
            "account-application",
            "register",
            "handover-list",
            "undertaking",
            "destruction-record",
            "membership-application",
            "customer-list",
            "enquiry-slip",
            "consent",
            "copy-application",
            "data-request",
            "unlock-application",
            "activation-application",
            "link-application",
            "audit-record",
            "report",
            "other",
        ]),
        "What it is for.",
    ),
    may("clauses", Ty::List(&Ty::Ref(RefTo::Clause)), "The clauses that prescribe it."),
    may("orientation", Ty::OneOf(&["portrait", "landscape"]), "How it is printed."),
];

static FORM_NOTICE: &[ParamSpec] = &[
    must("text", Ty::Words, "A sentence that stands on the form."),
    may("clause", Ty::Ref(RefTo::Clause), "The clause that asks for it."),
];

static FORM_TEMPLATE: &[ParamSpec] = &[
    must("id", Ty::Code, "The template's name."),
    must("label", Ty::Words, "What it is called: a post, as people name it."),
    may("when", Ty::When, "To whom it is offered; to everybody when absent."),
    must(
        "fill",
        Ty::Map(&Ty::OneOrMany(&Ty::Code)),
        "What it chooses: for a field of the type `choice` one code, for `ticks` several.",
    ),
];

static FORM_SIGNATURE: &[ParamSpec] = &[
    must("id", Ty::Code, "The block's name."),
    must("who", Ty::Who, "Who signs."),
    must("label", Ty::Words, "What stands above the line."),
    may("order", Ty::Integer { min: 1, max: 50 }, "Its place in the row."),
];

/// The keys of a file under `forms/`.
pub static FORM_FILE: &[ParamSpec] = &[
    must("form", Ty::Table(FORM), "The form."),
    must("field", Ty::List(&Ty::Table(FIELD)), "Its fields in order."),
    may("notice", Ty::List(&Ty::Table(FORM_NOTICE)), "Fixed sentences."),
    may("signature", Ty::List(&Ty::Table(FORM_SIGNATURE)), "Signature blocks."),
    may("template", Ty::List(&Ty::Table(FORM_TEMPLATE)), "What people of a post usually choose."),
];

static SCENARIO: &[ParamSpec] = &[
    must("title", Ty::Text, "What it shows."),
    must("title_en", Ty::Text, "The same in English."),
    must("clauses", Ty::List(&Ty::Ref(RefTo::Clause)), "The clauses it shows obeyed or refused."),
];

static CASE: &[ParamSpec] = &[
    must("number", Ty::Text, "The case number."),
    may("business", Ty::Ref(RefTo::Business), "The work it belongs to."),
    may("officer", Ty::Ref(RefTo::Cast), "Its officer, one of the cast."),
    may("parties", Ty::List(&Ty::Text), "The people it is about, by names of your choice."),
    may("state", Ty::OneOf(&["open", "closed"]), "Whether it is open; open when absent."),
    may("plan", Ty::Ref(RefTo::Plan), "Its plan."),
];

static GIVEN: &[ParamSpec] = &[
    may("unit", Ty::Ref(RefTo::Organisation), "The organisation that acts."),
    may("roles", Ty::Map(&Ty::Ref(RefTo::Role)), "The cast: a name of your choice and its role."),
    may("case", Ty::Table(CASE), "A case."),
    may(
        "consent",
        Ty::Flag,
        "`true`: the consent that the rule wants exists; its giver must be in the cast.",
    ),
    may("permissions", Ty::Flag, "`false`: nobody of the cast holds any; everybody holds all when absent."),
    may(
        "link",
        Ty::Flag,
        "`false`: there is no link; there is a tested one when absent, where the rule wants one.",
    ),
    may("place", Ty::Ref(RefTo::Zone), "Where people sit: a zone, or `elsewhere`; elsewhere when absent."),
    may(
        "relations",
        Ty::Map(&Ty::OneOf(Target::WORDS)),
        "How a person looked up stands to the one who asks.",
    ),
    may(
        "provider_state",
        Ty::OneOf(super::kinds::vocabulary::PROVIDER_STATES),
        "The state of the source; up when absent.",
    ),
];

/// The kinds of duties of which it is said that they are done, and no more.
pub(super) const SIGNED: &[&str] = &["undertake", "train", "notify", "heed", "report", "routine", "ended"];

static STEP: &[ParamSpec] = &[
    must("actor", Ty::Ref(RefTo::Cast), "Who acts, one of the cast."),
    must("do", Ty::OneOf(Act::WORDS), "What they do."),
    may("subject", Ty::Text, "Whom they look up."),
    may("dataset", Ty::Ref(RefTo::Dataset), "What they ask; the first dataset when absent."),
    may(
        "items",
        Ty::List(&Ty::Text),
        "The items they ask, as `dataset/item`; the business's when absent. With `apply`: what is ticked.",
    ),
    may("purpose", Ty::Code, "The use they name."),
    may("basis", Ty::Code, "The legal basis they name."),
    may("basis_text", Ty::Text, "The statute and article they type."),
    may("reason", Ty::Text, "The reason they type."),
    may("document_number", Ty::Text, "The document number they type."),
    may("case", Ty::Text, "The case number they type; the given case when absent."),
    may("place", Ty::Ref(RefTo::Zone), "Where they sit now."),
    may(
        "tries",
        Ty::List(&Ty::OneOf(&["wrong", "right"])),
        "With `sign-in`: the passwords they try, in order.",
    ),
    may("hours", Ty::Integer { min: 0, max: 100_000 }, "With `wait`: how long."),
    may("minutes", Ty::Integer { min: 0, max: 100_000 }, "With `wait`: how long, in minutes."),
    may("verdict", Ty::OneOf(&["proper", "improper", "unclear"]), "With `judge`: what they find."),
    may("object", Ty::OneOf(ApplicationObject::WORDS), "With `apply`: what for; `account` when absent."),
    may(
        "action",
        Ty::OneOf(ACTIONS),
        "With `apply`: something new, a change or an end; `create` when absent.",
    ),
    may(
        "fields",
        Ty::Map(&Ty::Text),
        "With `apply`: what stands in fields of the form; the others are filled in.",
    ),
    may("for", Ty::List(&Ty::Ref(RefTo::Cast)), "With `apply`: whom it is for; the actor when absent."),
    may("result", Ty::Code, "With `approve`, `refuse`, `send-back`: the printed result that they choose."),
    may("note", Ty::Text, "With these and `sign`: the words that go with it; some when absent."),
    may("duty", Ty::OneOf(SIGNED), "With `sign`: the kind of duty; `undertake` when absent."),
    may("who", Ty::Ref(RefTo::Cast), "With `leave` and `transfer`: whose post changes."),
    may(
        "cause",
        Ty::OneOf(&["leave", "resign", "retire", "absence", "transfer", "duty-change"]),
        "With `leave` and `transfer`: why; as the step is called when absent.",
    ),
    may("role", Ty::Ref(RefTo::Role), "With `transfer`: the new role; the one they have when absent."),
    may(
        "unit",
        Ty::Ref(RefTo::Organisation),
        "With `transfer`: the organisation of the new unit; the given one when absent.",
    ),
    may(
        "expect",
        Ty::OneOf(&["permitted", "refused", "overdue"]),
        "What comes of it; permitted when absent.",
    ),
    may("clause", Ty::Ref(RefTo::Clause), "The clause that the permit or refusal must name."),
    may("state", Ty::Code, "The state of the lookup afterwards, or of the application."),
];

/// The keys of a file under `scenarios/`.
pub static SCENARIO_FILE: &[ParamSpec] = &[
    must("scenario", Ty::Table(SCENARIO), "What the scenario shows."),
    may("given", Ty::Table(GIVEN), "A small world; every key is optional."),
    must("step", Ty::List(&Ty::Table(STEP)), "What happens, in order."),
];
