//! Every reason to say no.
//!
//! A refusal is something the person can act on: it names its clause, says in one sentence why,
//! what to do, and who can help. The reason is the locale key; its arguments fill the sentence.

use crate::actor::{Actor, Channel};
use crate::decision::{Decision, Fact, Permit, RuleRef};
use crate::directory;
use crate::id::{EventId, LogId, PersonId};
use crate::personal::Personal;
use crate::regulation::{Capacity, ClauseId};
use crate::time::Instant;
use alloc::{collections::BTreeMap, string::String, vec::Vec};
use serde::{Deserialize, Serialize};

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $key:literal),* $(,)?) => {
        /// Why a command was refused. Each variant has a sentence and a remedy in every language.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Reason {
            $($(#[$doc])* $name,)*
        }

        impl Reason {
            /// All reasons, for tests that walk them.
            pub const ALL: &'static [Reason] = &[$(Reason::$name),*];

            /// The locale key, which is also the `code` of the API.
            pub fn key(self) -> &'static str {
                match self {
                    $(Reason::$name => $key,)*
                }
            }
        }
    };
}

reasons! {
    /// The actor's role carries no capacity for this act.
    NoCapacity = "no-capacity",
    /// The agency stands under no regulation that is in force on this day.
    NoRegulation = "no-regulation",
    /// The rule has ended and none took its place: nothing new is begun under it.
    RuleEnded = "rule-ended",
    /// The case number is not known to this agency.
    CaseUnknown = "case-unknown",
    /// A case number is already registered.
    CaseExists = "case-exists",
    /// The rule asks for something in the request that is missing.
    FieldMissing = "field-missing",
    /// A field is longer than the form allows.
    FieldTooLong = "field-too-long",
    /// A field holds something that cannot be read as what it should be.
    FieldMalformed = "field-malformed",
    /// A first day, or ticks that are left out, do not go with the result that was chosen.
    NotWithOutcome = "not-with-outcome",
    /// The first day lies before today, or beyond the term.
    EffectiveOutside = "effective-outside",
    /// Every tick is left out, so that nothing would be approved.
    NothingApproved = "nothing-approved",
    /// The written reason says nothing an auditor could check.
    ReasonVague = "reason-vague",
    /// The purpose is not among those the rule permits.
    PurposeNotPermitted = "purpose-not-permitted",
    /// The legal basis is not in the rule's list, or not in force.
    BasisUnknown = "basis-unknown",
    /// This basis wants the statute and article written out.
    BasisTextMissing = "basis-text-missing",
    /// This basis wants the consent of the agency head first.
    BasisNeedsHead = "basis-needs-head",
    /// A data item is not approved for the business of this case.
    ItemNotApproved = "item-not-approved",
    /// The items belong to several datasets; a lookup is one question to one source.
    SeveralDatasets = "several-datasets",
    /// No item was asked for.
    NoItems = "no-items",
    /// The person is not a party of the case and no reason for that was given.
    NotAParty = "not-a-party",
    /// The actor would look up themself, kin, a household member or a colleague.
    SensitiveTarget = "sensitive-target",
    /// The request comes from outside the place the rule allows.
    OffSite = "off-site",
    /// The consent that the rule wants before use does not exist.
    ConsentMissing = "consent-missing",
    /// The consent comes from an application that was approved, and from nothing else.
    ConsentAppliedFor = "consent-applied-for",
    /// The consent that existed has ended.
    ConsentEnded = "consent-ended",
    /// The request waits for the stamp that the rule wants before the data.
    NotYetApproved = "not-yet-approved",
    /// The approval was good once and has been used.
    ApprovalUsed = "approval-used",
    /// The approval was good for a number of hours that are over.
    ApprovalLapsed = "approval-lapsed",
    /// Nobody stamps what they asked for themself.
    OwnRecord = "own-record",
    /// The record belongs to a unit that the actor does not supervise.
    NotYourUnit = "not-your-unit",
    /// The record is not in a state that allows this.
    WrongState = "wrong-state",
    /// A flagged or drawn row must be opened and judged before it can be stamped.
    NotOpened = "not-opened",
    /// A finding or a return wants a sentence.
    NoteMissing = "note-missing",
    /// The offices are closed, or open, on that day already.
    CalendarSame = "calendar-same",
    /// Nothing was selected.
    NothingSelected = "nothing-selected",
    /// The answer is no longer kept; it must be looked up anew.
    AnswerGone = "answer-gone",
    /// The answer may be seen only by the session that asked.
    AnswerNotYours = "answer-not-yours",
    /// Stamps are overdue, and the rule blocks new lookups until they are given.
    StampsOverdue = "stamps-overdue",
    /// Account name, password or code is not right; which of them is not said.
    SignInFailed = "sign-in-failed",
    /// Too many failures; the account is locked for a while.
    AccountLocked = "account-locked",
    /// The act wants the second factor again.
    ProofAgain = "proof-again",
    /// The record code cannot be read.
    CodeMalformed = "code-malformed",
    /// No record with this code can be seen by the actor.
    RecordUnknown = "record-unknown",
    /// The same idempotency key was used for another request.
    KeyReused = "key-reused",
    /// The request was changed by somebody else in the meantime.
    Changed = "changed",
    /// The rule has no such application, or there is none with this code.
    ApplicationUnknown = "application-unknown",
    /// Nobody approves what they asked for, or what is for them.
    OwnApplication = "own-application",
    /// One person counts once in a chain, whatever roles they hold.
    StampedBefore = "stamped-before",
    /// It is somebody else's turn.
    NotYourStep = "not-your-step",
    /// The actor is the only one left for a later step, and nobody counts twice.
    NeededLater = "needed-later",
    /// Somebody else has taken the step on.
    Claimed = "claimed",
    /// Nobody is asked for an opinion on what concerns them.
    AskedConcerned = "asked-concerned",
    /// The colleague was asked already and has not answered.
    AskedAlready = "asked-already",
    /// The form does not take files of this kind.
    FileType = "file-type",
    /// There is nothing in the file.
    FileEmpty = "file-empty",
    /// The file is larger than the form takes.
    FileTooLarge = "file-too-large",
    /// The file is not what its name says.
    FileMismatch = "file-mismatch",
    /// More files than the form takes.
    FilesTooMany = "files-too-many",
    /// Somebody else wrote the application.
    NotYourApplication = "not-your-application",
    /// Going through the accounts found the actor, about whom somebody else decides.
    FoundYourself = "found-yourself",
    /// Somebody for whom rights would be opened has no post in the unit any more.
    PostOver = "post-over",
    /// A step of the chain has nobody who could act.
    ChainVacant = "chain-vacant",
    /// The version of the rule is in force, or was never laid before the agency.
    VersionNotWaiting = "version-not-waiting",
    /// Something that the actor owes for their rights is late.
    ObligationLate = "obligation-late",
    /// No contract holds under which the actor could act.
    ContractMissing = "contract-missing",
    /// The rule binds lookups to declared machines, and this is none of the unit.
    StationUnknown = "station-unknown",
    /// Less was declared of the machine than the rule wants, or it is too long ago.
    StationStale = "station-stale",
    /// There is no link by which these data could be obtained.
    LinkMissing = "link-missing",
    /// The link has not passed its test.
    LinkUntested = "link-untested",
    /// The link is over.
    LinkEnded = "link-ended",
    /// The letter could not leave in time for a link to end on that day.
    LinkEndSoon = "link-end-soon",
    /// The rule does not let this be applied for with the form.
    ActionNotOffered = "action-not-offered",
    /// Somebody whom a new account is for has one in the unit.
    AccountHeld = "account-held",
    /// Somebody whom a new account is for has applied for one that is not decided yet.
    AppliedAlready = "applied-already",
    /// The item needs a permission that the actor does not hold.
    NoPermission = "no-permission",
    /// What the actor holds does not reach this use of it.
    PermissionUse = "permission-use",
    /// The consent asked to be ended is not in force.
    ConsentUnknown = "consent-unknown",
    /// Somebody else owes the duty, or it is done on a page of its own.
    NotYourDuty = "not-your-duty",
    /// Nobody changes their own post.
    OwnPost = "own-post",
    /// The agency has no unit of this name.
    UnitUnknown = "unit-unknown",
    /// The rule has no role of this name.
    RoleUnknown = "role-unknown",
    /// No form for accounts has an item of this name.
    ItemUnknown = "item-unknown",
    /// The person holds another permission in the unit already.
    PermissionHeld = "permission-held",
    /// A permission cannot stand as long as this.
    TermTooLong = "term-too-long",
    /// The same thing stands in a list twice.
    ListedTwice = "listed-twice",
    /// Somebody else has this national number.
    PersonTwice = "person-twice",
    /// The person belongs to another agency.
    PersonElsewhere = "person-elsewhere",
    /// The identifier of a unit is one of another agency's.
    UnitElsewhere = "unit-elsewhere",
    /// A unit would stand below itself.
    UnitCircle = "unit-circle",
    /// A national number stands where the agency's own number of somebody belongs.
    NumberAsId = "number-as-id",
    /// A row says why somebody leaves, and not when.
    EndMissing = "end-missing",
    /// A list was carried out as far as a line, and no further.
    ImportStopped = "import-stopped",
    /// The rule lets nobody hold these two roles together.
    RolesApart = "roles-apart",
    /// An exception from separation is asked for by whoever it is for.
    OwnException = "own-exception",
    /// Whoever records somebody else's absence does not stand in for them.
    OwnDeputy = "own-deputy",
    /// There is an exception for the same in that time already.
    ExceptionRuns = "exception-runs",
    /// As many hold the role as the rule allows.
    RoleFull = "role-full",
    /// Too few look up for the role to be there.
    RoleUnneeded = "role-unneeded",
    /// Somebody was found about whom nothing is decided yet.
    FindingsOpen = "findings-open",
    /// All who were to be reminded have done it.
    NobodyToRemind = "nobody-to-remind",
    /// The text cannot be read in any encoding that is taken.
    Unreadable = "unreadable",
    /// The rule wants something shown at sign-in that the program does not ask for.
    FactorLacking = "factor-lacking",
    /// The password has fewer characters than the rule wants.
    PasswordShort = "password-short",
    /// The password mixes fewer kinds of characters than the rule wants.
    PasswordPlain = "password-plain",
    /// The password is one of those used last.
    PasswordUsed = "password-used",
    /// The password was changed so lately that the rule lets it stand for a while.
    PasswordYoung = "password-young",
    /// The two times that it was typed differ.
    PasswordsDiffer = "passwords-differ",
    /// The time of the password is over, and nothing else can be done before it is changed.
    PasswordDue = "password-due",
    /// The present password or the code is not right; which of them is not said.
    NotProved = "not-proved",
    /// Sign-in name or enrolment code is not right, or the code is over or used; which is not said.
    EnrolmentFailed = "enrolment-failed",
    /// The person has an account already, and one is enough.
    AccountExists = "account-exists",
    /// The person has no account that could be reset.
    AccountMissing = "account-missing",
    /// Nobody resets their own account.
    OwnAccount = "own-account",
    /// Somebody else has the sign-in name.
    LoginTaken = "login-taken",
    /// The person holds no assignment of the actor's agency.
    NotYourStaff = "not-your-staff",
    /// The rule does not let credentials reach people in this way.
    MethodNotPermitted = "method-not-permitted",
    /// The name is that of another unit, or the one that it has already.
    UnitNameTaken = "unit-name-taken",
    /// Something is still in the unit, so that it cannot be closed.
    UnitInUse = "unit-in-use",
    /// Only the person themselves may be given the slip.
    OwnHandOnly = "own-hand-only",
    /// The code cannot have reached its owner on that day.
    HandedDay = "handed-day",
    /// The session is over already, or was never the actor's.
    SessionUnknown = "session-unknown",
}

/// Who can help, in words the page can show: a role word of the pack, or a named person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Help {
    /// Whoever holds this role in the actor's unit.
    Role(String),
    /// Whoever holds a role with this capacity, whatever the rule calls it.
    Holder(Capacity),
    /// A member of staff, by their identifier.
    Person(String),
    /// The person can do it alone.
    Yourself,
}

/// A no that its reader can act on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Why, as a locale key.
    pub reason: Reason,
    /// The clause it follows from, where a regulation says so; else the house itself refuses.
    pub clause: Option<ClauseId>,
    /// The form field it belongs to, if to one.
    pub field: Option<String>,
    /// What fills the sentence: numbers, dates, words of the pack. Never personal data.
    pub args: BTreeMap<String, String>,
    /// Who can help.
    pub help: Help,
}

impl Refusal {
    /// A refusal for `reason` that its reader can mend alone.
    pub fn new(reason: Reason) -> Self {
        Self { reason, clause: None, field: None, args: BTreeMap::new(), help: Help::Yourself }
    }

    /// Names the clause.
    #[must_use]
    pub fn under(mut self, clause: Option<&ClauseId>) -> Self {
        self.clause = clause.cloned();
        self
    }

    /// Names the first of the clauses that a control serves.
    #[must_use]
    pub fn under_first(self, clauses: &[ClauseId]) -> Self {
        let first = clauses.first().cloned();
        self.under(first.as_ref())
    }

    /// Names the field.
    #[must_use]
    pub fn at(mut self, field: &str) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Fills one argument of the sentence.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.args.insert(name.into(), value.into());
        self
    }

    /// Names who can help.
    #[must_use]
    pub fn helped_by(mut self, help: Help) -> Self {
        self.help = help;
        self
    }
}

/// What a `decide` function answers: the decision, or every reason against it at once, so that a
/// form shows all its faults together. The list of a refusal is never empty.
pub type Outcome<T> = Result<T, Vec<Refusal>>;

/// Answers the refusals, if there are any.
pub fn unless(refusals: Vec<Refusal>) -> Outcome<()> {
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

/// Collects the refusals of several checks, so that a form shows all its faults at once.
pub fn gather(checks: impl IntoIterator<Item = Option<Refusal>>) -> Vec<Refusal> {
    checks.into_iter().flatten().collect()
}

/// Enters that an act was refused, `count` times in one window of time, whatever the number: a
/// flood of refused attempts makes one entry a window and cannot fill the log.
pub fn enter(
    rule: &RuleRef,
    actor: &Actor,
    act: &str,
    refusal: &Refusal,
    count: i64,
    event: &EventId,
    now: Instant,
) -> Decision {
    let clauses: Vec<ClauseId> = refusal.clause.iter().cloned().collect();
    let fact = Fact::new(event, "act.refused")
        .outcome("refused")
        .under(&clauses)
        .detail("attempted", act)
        .detail("reason", refusal.reason.key())
        .detail("place", actor.place.word())
        .detail("count", count)
        .commit("actor", &Personal::new(actor.person.as_str()));
    let permit = Permit::under(rule, actor, &[], now);
    Decision::new(permit, fact)
}

/// Enters how often a person repeated a refused act after the first time, when its window is over.
pub fn counted(
    log: &LogId,
    person: &PersonId,
    act: &str,
    reason: &str,
    more: i64,
    event: &EventId,
    now: Instant,
) -> Decision {
    let fact = Fact::new(event, "act.refused-again")
        .outcome("refused")
        .detail("attempted", act)
        .detail("reason", reason)
        .detail("count", more)
        .commit("person", &Personal::new(person.as_str()));
    let mut actor = directory::operator(log);
    actor.channel = Channel::Timer;
    let permit = Permit::in_log(log, actor, &[], now);
    Decision::new(permit, fact)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_unique() {
        let mut keys: Vec<_> = Reason::ALL.iter().map(|r| r.key()).collect();
        keys.sort_unstable();
        let total = keys.len();
        keys.dedup();
        assert_eq!(keys.len(), total);
    }
}
