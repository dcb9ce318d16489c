//! The table of kinds: every control a pack may hold, with the names, types and strictness of its parameters.
//!
//! The loader, the handbook and the floor comparison all read this table; nothing else says what a pack may
//! contain.

mod account;
mod audit;
mod custody;
mod data;
mod evidence;
mod letters;
mod lookup;
mod membership;
mod place;
mod purpose;
mod result;
mod routine;
mod table;
mod violation;
pub mod vocabulary;

pub use table::{KINDS, Kind};

/// The family a kind belongs to: the first half of a control's public name (`audit.programme`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// What can be asked for, and of whom.
    Data,
    /// For what ends data may be asked for.
    Purpose,
    /// From where, by which line and machine.
    Place,
    /// What must be approved before use.
    Consent,
    /// How one lookup is asked, written down and countersigned.
    Lookup,
    /// How an answer may be seen, printed and copied.
    Result,
    /// Who may sign in, how, and until when.
    Account,
    /// Files and media: registers, release, destruction.
    Custody,
    /// What is kept, and for how long.
    Evidence,
    /// Who checks whom, how often and how much.
    Audit,
    /// What follows a breach.
    Violation,
    /// Outside bodies that join a network.
    Membership,
    /// Reports, slips and other regular work.
    Routine,
    /// Notices and letters in official form.
    Letters,
}

impl Family {
    /// The family's word as handbook, coverage and errors print it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Purpose => "purpose",
            Self::Place => "place",
            Self::Consent => "consent",
            Self::Lookup => "lookup",
            Self::Result => "result",
            Self::Account => "account",
            Self::Custody => "custody",
            Self::Evidence => "evidence",
            Self::Audit => "audit",
            Self::Violation => "violation",
            Self::Membership => "membership",
            Self::Routine => "routine",
            Self::Letters => "letters",
        }
    }
}

/// What another part of the pack a parameter points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefTo {
    /// A clause of this pack, by its local id (`6.1`).
    Clause,
    /// A role of this pack.
    Role,
    /// An office of this pack (`[[office]]`).
    Office,
    /// An organisation of this pack.
    Organisation,
    /// A named plan of this pack.
    Plan,
    /// A form of this pack.
    Form,
    /// The id of a `source` control.
    Source,
    /// The id of a `dataset` control.
    Dataset,
    /// An item, written `dataset/item`.
    Item,
    /// The code of a legal basis.
    Basis,
    /// The code of a permitted use.
    Purpose,
    /// The code of a business.
    Business,
    /// The code of a ground of violation.
    Ground,
    /// The code of a member type.
    MemberType,
    /// The id of any control of this pack.
    Control,
    /// A zone of a `network-zone` control, or `elsewhere`.
    Zone,
    /// A member of a scenario's cast.
    Cast,
    /// A file under `letters/`.
    Template,
}

/// The type of a parameter.
#[derive(Clone, Copy, Debug)]
pub enum Ty {
    /// Any non-empty text, at most 2,000 characters.
    Text,
    /// One sentence or word in both languages: `{ zh = "…", en = "…" }`.
    Words,
    /// A short name of lower-case letters, digits, `.` and `-`.
    Code,
    /// A whole number within the two bounds, both included.
    Integer {
        /// The smallest possible value.
        min: i64,
        /// The largest possible value.
        max: i64,
    },
    /// A percentage above 0 and at most 100, with at most two decimals.
    Share,
    /// `true` or `false`.
    Flag,
    /// A day, `2017-01-19`.
    Date,
    /// A span with a start event: see the handbook.
    Deadline,
    /// Something that returns: see the handbook.
    Schedule,
    /// Somebody: a role, an office, the head or a delegate, a relation or a party.
    Who,
    /// One of the listed words; where a direction is given they run from lax to strict.
    OneOf(&'static [&'static str]),
    /// A condition: see the handbook.
    When,
    /// `true`, or the names of those parameters that are policy and not law.
    Policy,
    /// A list of values of one type.
    List(&'static Ty),
    /// One value or a list of them.
    OneOrMany(&'static Ty),
    /// Names chosen by the author, each with a value of one type.
    Map(&'static Ty),
    /// A table of parameters.
    Table(&'static [ParamSpec]),
    /// The name of another part of the pack.
    Ref(RefTo),
}

/// Which of two values binds harder, for the comparison of a pack with its parent floor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stricter {
    /// The longer span, the larger number.
    Longer,
    /// The shorter span, the smaller number.
    Shorter,
    /// More of it: `true` over `false`, the later word of the list, both lists together, the larger number.
    More,
    /// Less of it: `false` over `true`, the earlier word, only what both lists hold, the smaller number.
    Less,
    /// Neither value is stricter; the pack's own stands.
    None,
}

impl Stricter {
    /// The word the handbook prints.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Longer => "longer",
            Self::Shorter => "shorter",
            Self::More => "more",
            Self::Less => "less",
            Self::None => "–",
        }
    }
}

/// One parameter of a kind, or one key of a table inside it.
#[derive(Clone, Copy, Debug)]
pub struct ParamSpec {
    /// The key in the pack.
    pub name: &'static str,
    /// What may stand behind it.
    pub ty: Ty,
    /// Whether the pack is refused without it; an absent optional parameter is *unset*.
    pub required: bool,
    /// Which value binds harder.
    pub stricter: Stricter,
    /// Whether it is only told: shown with its control, and left to people.
    pub told: bool,
    /// Whether what it asks for holds whatever is written.
    pub always: bool,
    /// One sentence for the handbook.
    pub what: &'static str,
}

/// One kind of control.
#[derive(Clone, Copy, Debug)]
pub struct KindSpec {
    /// The kind.
    pub kind: Kind,
    /// The word after `kind =` in the pack.
    pub name: &'static str,
    /// Its family.
    pub family: Family,
    /// One sentence for the handbook: what the control does.
    pub what: &'static str,
    /// Its parameters, besides `id`, `kind`, `clauses`, `policy`, `when` and `note`.
    pub params: &'static [ParamSpec],
}

impl KindSpec {
    /// The parameter of that name.
    pub fn param(&self, name: &str) -> Option<&'static ParamSpec> {
        self.params.iter().find(|p| p.name == name)
    }
}

impl ParamSpec {
    const fn stricter(mut self, direction: Stricter) -> Self {
        self.stricter = direction;
        self
    }
    /// Says that the system tells it and does nothing by it.
    pub(super) const fn told(mut self) -> Self {
        self.told = true;
        self
    }
    /// Says that what it asks for holds in any case.
    const fn always(mut self) -> Self {
        self.always = true;
        self
    }
    const fn longer(self) -> Self {
        self.stricter(Stricter::Longer)
    }
    const fn shorter(self) -> Self {
        self.stricter(Stricter::Shorter)
    }
    pub(super) const fn more(self) -> Self {
        self.stricter(Stricter::More)
    }
    const fn less(self) -> Self {
        self.stricter(Stricter::Less)
    }
}

/// A parameter without which the control means nothing.
pub(super) const fn must(name: &'static str, ty: Ty, what: &'static str) -> ParamSpec {
    ParamSpec { name, ty, required: true, stricter: Stricter::None, told: false, always: false, what }
}

/// A parameter that a rule may leave unset.
pub(super) const fn may(name: &'static str, ty: Ty, what: &'static str) -> ParamSpec {
    ParamSpec { name, ty, required: false, stricter: Stricter::None, told: false, always: false, what }
}

/// A count of something: from one to a million.
const COUNT: Ty = Ty::Integer { min: 1, max: 1_000_000 };
/// A count that may be none at all.
const COUNT_OR_NONE: Ty = Ty::Integer { min: 0, max: 1_000_000 };
/// Years of keeping; a century and a half outlasts every retention class.
const YEARS: Ty = Ty::Integer { min: 1, max: 150 };
/// Months of validity or of a sanction.
const MONTHS: Ty = Ty::Integer { min: 1, max: 1_800 };
/// A list of people or offices.
const PEOPLE: Ty = Ty::List(&Ty::Who);
/// A list of clauses.
const CLAUSE: Ty = Ty::Ref(RefTo::Clause);
/// A form of the pack.
const FORM: Ty = Ty::Ref(RefTo::Form);
