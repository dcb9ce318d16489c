//! How a person gets an account, or gets back into it: a code that is good once and for a while.
//!
//! Nobody ever knows another's password. Whoever runs the accounts hands out a code, and its owner chooses
//! the password and ties the second factor.

use super::password::{Policy, Typed};
use super::{Account, Change, Renewal, key as account_key};
use crate::actor::Actor;
use crate::decision::{self, Decision, Fact, Grounds, Permit, Seen};
use crate::directory;
use crate::each_once;
use crate::id::{EnrolmentId, EventId, Key, LogId, PersonId};
use crate::personal::Personal;
use crate::refusal::{Outcome, Reason, Refusal, gather, unless};
use crate::regulation::{ClauseId, CredentialDelivery, Ruled};
use crate::time::Instant;
use alloc::{format, string::String, vec, vec::Vec};
use serde::{Deserialize, Serialize};

/// Hours for which a code is good where no regulation says how many.
pub const HOUSE_HOURS: u32 = 24;
/// Most characters of a sign-in name.
pub const LOGIN_MAX: usize = 64;
/// Most characters of the reason for which credentials are reset.
const REASON_MAX: usize = 500;

/// What an enrolment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The person has no account yet.
    First,
    /// The person has lost the password or the second factor, or somebody else may know them.
    Reset,
}

impl Kind {
    /// The word in rows and entries.
    pub fn word(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Reset => "reset",
        }
    }

    /// The kind that a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::First, Self::Reset].into_iter().find(|kind| kind.word() == word)
    }
}

/// How the code reaches the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// A link that is sent.
    Link,
    /// A sealed slip of paper.
    Slip,
    /// A slip that is handed over in person.
    InPerson,
    /// A slip by registered mail.
    Mail,
}

impl Method {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Link, Self::Slip, Self::InPerson, Self::Mail];

    /// The word in regulations, rows and entries.
    pub fn word(self) -> &'static str {
        match self {
            Self::Link => "enrolment-link",
            Self::Slip => "sealed-slip",
            Self::InPerson => "in-person",
            Self::Mail => "registered-mail",
        }
    }

    /// The method that a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.word() == word)
    }
}

/// How codes may be delivered to one person: what all regulations that bind them allow together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The methods.
    pub methods: Vec<Method>,
    /// Whether the sign-in name and the code go by different ways.
    pub apart: bool,
    /// Hours for which a code is good.
    pub valid_hours: u32,
    /// Whether nobody but the person themselves may be given a slip.
    pub own_hand: bool,
    /// The clauses that bind.
    pub clauses: Vec<ClauseId>,
}

impl Delivery {
    /// What several regulations allow together; the house's own where none says anything.
    pub fn of(rules: &[Ruled<CredentialDelivery>]) -> Self {
        let allowed = |method: &Method| rules.iter().all(|rule| rule.value.methods.contains(method));
        let hours = rules.iter().filter_map(|rule| rule.value.valid_hours).min();
        Self {
            methods: Method::ALL.into_iter().filter(allowed).collect(),
            apart: rules.iter().any(|rule| rule.value.apart),
            valid_hours: hours.unwrap_or(HOUSE_HOURS),
            own_hand: rules.iter().any(|rule| rule.value.own_hand),
            clauses: rules.iter().flat_map(|rule| rule.clauses.clone()).collect(),
        }
    }
}

/// Why a code is not good any more, before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Over {
    /// Its owner set the account up with it.
    Used,
    /// A later one took its place.
    Replaced,
    /// It was revoked.
    Revoked,
}

impl Over {
    /// The word in rows.
    pub fn word(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Replaced => "superseded",
            Self::Revoked => "revoked",
        }
    }

    /// What a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Used, Self::Replaced, Self::Revoked].into_iter().find(|own| own.word() == word)
    }
}

/// A code that was handed out. Of the code itself only the digest is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// Its identifier.
    pub id: EnrolmentId,
    /// What for.
    pub kind: Kind,
    /// For whom.
    pub person: PersonId,
    /// The sign-in name.
    pub login: String,
    /// How it reaches the person.
    pub method: Method,
    /// SHA-256 of the code, in lower-case hexadecimal.
    pub code_hash: String,
    /// Who handed it out.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// Until when it is good, exclusive.
    pub until: Instant,
    /// When it was used or revoked, or when a later one took its place.
    pub closed: Option<Instant>,
    /// Which of these it was; unknown of codes that were closed by an early version.
    pub over: Option<Over>,
}

impl Enrolment {
    /// Whether the code is good at a moment.
    pub fn is_open(&self, now: Instant) -> bool {
        self.closed.is_none() && now < self.until
    }
}

/// The revision key of a person's enrolments: they are handed out and used one after the other.
pub fn key(person: &PersonId) -> Key {
    Key::new(&LogId::platform(), "enrolment", person.as_str())
}

/// What the decision to hand out a code rests on.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The person's account, if there is one.
    pub account: Option<Account>,
    /// Whether somebody else has the sign-in name, or was invited under it.
    pub taken: bool,
    /// Whether the person holds an assignment: of the actor's agency; of any where the operator acts.
    pub of_agency: bool,
    /// How codes may be delivered.
    pub delivery: Delivery,
    /// The revisions of the person's enrolments and of the account of this name.
    pub seen: Vec<Seen>,
}

/// Hands out a code for somebody who has no account, or who cannot get into it any more. With a reset the
/// account is closed until its owner has set it up anew.
///
/// # Errors
/// The actor does not run the accounts, or not those of this agency; it is their own; there is an account
/// already, or none; the sign-in name is taken or cannot be read; the regulation has no such method; the
/// reason of a reset is missing.
pub fn invite(
    actor: &Actor,
    enrolment: &Enrolment,
    reason: &Personal,
    standing: &Standing,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    weigh(actor, enrolment, reason, standing)?;
    let clauses = &standing.delivery.clauses;
    let fact = fact(actor, enrolment, reason, &standing.delivery, event);
    let decision = Decision::new(Permit::in_log(&LogId::platform(), actor.clone(), clauses, now), fact);
    Ok(invited(decision, enrolment, standing))
}

/// Hands out a code to each of several people who have no account. Each has an entry of its own, and all are
/// handed out or none: whoever may not be given one is left out beforehand, as [`weigh`] tells.
///
/// # Errors
/// Nobody is left; somebody may not be given one.
pub fn invite_all(actor: &Actor, all: &[(Enrolment, Standing, EventId)], now: Instant) -> Outcome<Decision> {
    let none = Personal::default();
    all.iter().try_for_each(|(enrolment, standing, _)| weigh(actor, enrolment, &none, standing))?;
    let clauses = each_once(all.iter().flat_map(|(_, standing, _)| standing.delivery.clauses.clone()));
    let permit = Permit::in_log(&LogId::platform(), actor.clone(), &clauses, now);
    let mut facts =
        all.iter().map(|(one, standing, event)| fact(actor, one, &none, &standing.delivery, event));
    let first = facts.next().ok_or_else(|| vec![Refusal::new(Reason::NothingSelected).at("people")])?;
    let decision = facts.fold(Decision::new(permit, first), Decision::also);
    Ok(all.iter().fold(decision, |decision, (one, standing, _)| invited(decision, one, standing)))
}

/// Whether somebody can be given a code.
///
/// # Errors
/// As [`invite`].
pub fn weigh(actor: &Actor, enrolment: &Enrolment, reason: &Personal, standing: &Standing) -> Outcome<()> {
    runs_account(actor, &enrolment.person, standing.of_agency)?;
    unless(gather([
        account_fits(enrolment.kind, standing),
        login_fits(&enrolment.login, standing),
        method_fits(enrolment.method, &standing.delivery),
        reason_fits(enrolment.kind, reason),
    ]))
}

/// Whether the actor runs the account of a person: never one's own, and never one of another agency.
///
/// # Errors
/// The actor does not.
pub fn runs_account(actor: &Actor, person: &PersonId, of_agency: bool) -> Outcome<()> {
    directory::may_keep(actor).map_err(|refusal| vec![refusal])?;
    if !of_agency {
        return Err(vec![Refusal::new(Reason::NotYourStaff).at("person")]);
    }
    if *person == actor.person {
        return Err(vec![Refusal::new(Reason::OwnAccount).at("person")]);
    }
    Ok(())
}

fn fact(
    actor: &Actor,
    enrolment: &Enrolment,
    reason: &Personal,
    delivery: &Delivery,
    event: &EventId,
) -> Fact {
    Fact::new(event, "account.invited")
        .under(&delivery.clauses)
        .detail("person", enrolment.person.as_str())
        .detail("kind", enrolment.kind.word())
        .detail("method", enrolment.method.word())
        .detail("hours", i64::from(delivery.valid_hours))
        .commit("reason", reason)
        .on(Grounds::of(&(enrolment.kind, enrolment.method, reason), &(actor, &enrolment.person)))
}

/// The rows of a code that is handed out.
fn invited(decision: Decision, enrolment: &Enrolment, standing: &Standing) -> Decision {
    let change = Change::Invited(enrolment.clone());
    let decision = decision
        .seeing(standing.seen.iter().cloned())
        .change(key(&enrolment.person), decision::Change::Account(change));
    match &standing.account {
        Some(account) => {
            let closed = Change::Closed { login: account.login.clone() };
            decision.change(account_key(&account.login), decision::Change::Account(closed))
        }
        None => decision,
    }
}

/// One account a person: the first only where there is none, a reset only where there is one.
fn account_fits(kind: Kind, standing: &Standing) -> Option<Refusal> {
    match (kind, &standing.account) {
        (Kind::First, Some(_)) => Some(Refusal::new(Reason::AccountExists).at("person")),
        (Kind::Reset, None) => Some(Refusal::new(Reason::AccountMissing).at("person")),
        _ => None,
    }
}

/// Whether a text can be a sign-in name.
pub fn is_login(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '@');
    !text.is_empty() && text.chars().count() <= LOGIN_MAX && text.chars().all(plain)
}

fn login_fits(login: &str, standing: &Standing) -> Option<Refusal> {
    if login.is_empty() {
        return Some(Refusal::new(Reason::FieldMissing).at("login"));
    }
    if !is_login(login) {
        return Some(Refusal::new(Reason::FieldMalformed).at("login"));
    }
    standing.taken.then(|| Refusal::new(Reason::LoginTaken).at("login"))
}

fn method_fits(method: Method, delivery: &Delivery) -> Option<Refusal> {
    let barred = !delivery.methods.contains(&method);
    barred.then(|| Refusal::new(Reason::MethodNotPermitted).under_first(&delivery.clauses).at("method"))
}

fn reason_fits(kind: Kind, reason: &Personal) -> Option<Refusal> {
    let text = reason.expose().trim();
    if kind == Kind::Reset && text.is_empty() {
        return Some(Refusal::new(Reason::NoteMissing).at("reason"));
    }
    let long = text.chars().count() > REASON_MAX;
    long.then(|| Refusal::new(Reason::FieldTooLong).at("reason").with("most", format!("{REASON_MAX}")))
}

/// What its owner brings who sets an account up.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The password.
    pub typed: Typed,
    /// Argon2id hash of the password, in PHC text.
    pub hash: String,
    /// The secret of the second factor.
    pub totp: Personal,
    /// Whether a current code of that second factor was typed.
    pub confirmed: bool,
}

/// What setting an account up rests on.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The enrolment.
    pub enrolment: Enrolment,
    /// The person's account, if there is one.
    pub account: Option<Account>,
    /// Whether somebody else has the sign-in name by now.
    pub taken: bool,
    /// What the password must be.
    pub policy: Policy,
    /// The clauses under which the code was delivered, and the account is one person's alone.
    pub delivered: Vec<ClauseId>,
    /// The revisions of the person's enrolments and of the account of this name.
    pub seen: Vec<Seen>,
}

/// Sets an account up: the code is used, the password set and the second factor tied.
///
/// # Errors
/// The code is not good any more; every rule that the password breaks; the code of the second factor is
/// wrong.
pub fn enrol(
    actor: &Actor,
    ground: &Ground,
    setup: &Setup,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let enrolment = &ground.enrolment;
    let fits = match (enrolment.kind, &ground.account) {
        (Kind::First, None) => !ground.taken,
        (Kind::Reset, Some(account)) => account.login == enrolment.login,
        _ => false,
    };
    if !enrolment.is_open(now) || !fits {
        return Err(vec![failed()]);
    }
    let mut refusals = ground.policy.broken(&setup.typed);
    refusals.extend((!setup.confirmed).then(|| Refusal::new(Reason::ProofAgain).at("proof")));
    unless(refusals)?;
    let mut clauses: Vec<ClauseId> = Vec::new();
    for clause in ground.delivered.iter().chain(&ground.policy.clauses) {
        // One clause may speak of passwords and of sharing them; it was obeyed once.
        if !clauses.contains(clause) {
            clauses.push(clause.clone());
        }
    }
    let fact = Fact::new(event, "account.enrolled")
        .under(&clauses)
        .detail("person", enrolment.person.as_str())
        .detail("kind", enrolment.kind.word())
        .detail("method", enrolment.method.word());
    let platform = LogId::platform();
    let used = Change::CodeOver { id: enrolment.id.clone(), over: Over::Used, at: now };
    let set = match &ground.account {
        Some(account) => Change::Renewed(Renewal::of(account, &setup.hash, now), setup.totp.clone()),
        None => Change::Opened(Account {
            login: enrolment.login.clone(),
            person: enrolment.person.clone(),
            password_hash: setup.hash.clone(),
            password_at: now,
            totp: setup.totp.clone(),
            locked_until: None,
            open: true,
        }),
    };
    Ok(Decision::new(Permit::in_log(&platform, actor.clone(), &clauses, now), fact)
        .seeing(ground.seen.iter().cloned())
        .change(key(&enrolment.person), decision::Change::Account(used))
        .change(account_key(&enrolment.login), decision::Change::Account(set)))
}

/// The one answer for a code that is unknown, over or used. It names no clause: that would tell whose
/// regulation a sign-in name stands under.
pub fn failed() -> Refusal {
    Refusal::new(Reason::EnrolmentFailed).at("code")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Date;

    fn rule(methods: &[Method], apart: bool, valid_hours: Option<u32>) -> Ruled<CredentialDelivery> {
        Ruled {
            value: CredentialDelivery { methods: methods.to_vec(), apart, valid_hours, own_hand: apart },
            clauses: vec![ClauseId::new("pack", "1")],
            control: "delivery".into(),
            policy: false,
            policy_params: Vec::new(),
            raised: Vec::new(),
        }
    }

    #[test]
    fn of_several_rules_only_what_all_allow_is_allowed_and_the_shortest_time_holds() {
        let rules = [
            rule(&[Method::Link, Method::Slip], false, Some(48)),
            rule(&[Method::Slip, Method::Mail], true, Some(12)),
            rule(&Method::ALL, false, None),
        ];
        let delivery = Delivery::of(&rules);
        assert_eq!((delivery.methods, delivery.apart, delivery.valid_hours), (vec![Method::Slip], true, 12));
        let house = Delivery::of(&[]);
        assert_eq!((house.methods.as_slice(), house.valid_hours), (&Method::ALL[..], HOUSE_HOURS));
        assert!(house.clauses.is_empty());
    }

    #[test]
    fn a_code_is_good_until_its_hour_and_no_longer_once_it_is_closed() {
        let at = Instant::at(Date::new(2026, 3, 2).unwrap(), 9, 0);
        let enrolment = Enrolment {
            id: EnrolmentId::new("en"),
            kind: Kind::First,
            person: PersonId::new("kuo"),
            login: "kuo".into(),
            method: Method::Slip,
            code_hash: String::new(),
            by: PersonId::new("yang"),
            at,
            until: at.plus_hours(24),
            closed: None,
            over: None,
        };
        let just_before = at.plus_hours(24).plus_seconds(-1);
        assert!(enrolment.is_open(just_before) && !enrolment.is_open(at.plus_hours(24)));
        assert!(!Enrolment { closed: Some(at), ..enrolment }.is_open(at));
    }

    #[test]
    fn words_come_back() {
        assert!(Method::ALL.iter().all(|method| Method::from_word(method.word()) == Some(*method)));
        assert!([Kind::First, Kind::Reset].iter().all(|kind| Kind::from_word(kind.word()) == Some(*kind)));
        assert_eq!((Method::from_word("pigeon"), Kind::from_word("")), (None, None));
    }
}
