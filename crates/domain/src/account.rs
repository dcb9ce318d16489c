//! Accounts and signing in. Both belong to the platform's log: an account is one person's alone.
//!
//! Whether a password is right is found out elsewhere; here stands what follows from it.

pub mod inventory;

use crate::actor::{Actor, Channel};
use crate::decision::{self, Decision, Fact, Permit, Seen};
use crate::directory;
use crate::id::{ApplicationId, EnrolmentId, EventId, Key, LogId, PersonId};
use crate::refusal::{Help, Outcome, Reason, Refusal};
use crate::regulation::{Capacity, ClauseId, Factor, Factors, Ruled};
use crate::time::Instant;
use alloc::{format, string::String, vec, vec::Vec};

pub mod closing;
pub mod enrolment;
pub mod factor;
pub mod former;
pub mod handing;
pub mod idle;
pub mod password;
pub mod post;
pub mod proof;
pub mod rotation;
pub mod session;

/// An account: a name to sign in with, and what proves that it is its owner who does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The name typed at sign-in.
    pub login: String,
    /// Whose it is.
    pub person: PersonId,
    /// Argon2id hash of the password, in PHC text.
    pub password_hash: String,
    /// When the password was last set.
    pub password_at: Instant,
    /// The sealed secret of the second factor, by its reference.
    pub totp: crate::Personal,
    /// Locked until then, if locked.
    pub locked_until: Option<Instant>,
    /// Whether it is open at all.
    pub open: bool,
}

/// What becomes of the rows of accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// An account is opened.
    Opened(Account),
    /// The account of an older system is taken over; an invitation opens it.
    TakenOver(former::Former, Instant),
    /// It is locked for a while, or until somebody opens it when there is no end.
    Locked {
        /// Which.
        login: String,
        /// Until when.
        until: Instant,
    },
    /// Accounts are gone through.
    Inventory(inventory::Change),
    /// It is opened again.
    Unlocked {
        /// Which.
        login: String,
    },
    /// Its owner signed in.
    SignedIn {
        /// Which.
        login: String,
        /// From which address.
        address: String,
        /// When.
        at: Instant,
    },
    /// It is closed until its owner has set it up anew; its sessions are over with that.
    Closed {
        /// Which.
        login: String,
    },
    /// Its owner set another password.
    PasswordSet(Renewal),
    /// Its owner set another password and tied another second factor; it is open again.
    Renewed(Renewal, crate::Personal),
    /// Its owner tied another second factor.
    FactorSet {
        /// Which.
        login: String,
        /// The secret, which the store seals.
        totp: crate::Personal,
    },
    /// A code to set an account up was handed out, in the place of any that was open.
    Invited(enrolment::Enrolment),
    /// It was used or revoked.
    CodeOver {
        /// Which enrolment.
        id: EnrolmentId,
        /// Which of both.
        over: enrolment::Over,
        /// When.
        at: Instant,
    },
    /// How it reached its owner.
    Handed(handing::Handing),
}

/// One password in the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewal {
    /// The account.
    pub login: String,
    /// Argon2id hash of the earlier password, and when that was set.
    pub before: (String, Instant),
    /// Argon2id hash of the new one, in PHC text.
    pub hash: String,
    /// When it was set.
    pub at: Instant,
}

impl Renewal {
    /// A new password for an account.
    pub(crate) fn of(account: &Account, hash: &str, at: Instant) -> Self {
        let before = (account.password_hash.clone(), account.password_at);
        Self { login: account.login.clone(), before, hash: hash.into(), at }
    }
}

/// The revision key of an account.
pub fn key(login: &str) -> Key {
    Key::new(&LogId::platform(), "account", login)
}

/// The lockout that binds an account: the strictest of its owner's regulations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lockout {
    /// Failures in a row that lock it.
    pub tries: u32,
    /// Minutes it stays locked; none means until an application is approved.
    pub minutes: Option<u32>,
    /// The clauses it follows from.
    pub clauses: Vec<ClauseId>,
}

/// What an attempt showed. It is filled the same way, at the same cost, for unknown names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Whether the name, the password and the code were right, all of them.
    pub proved: bool,
    /// Whether the account is open.
    pub open: bool,
    /// Locked until then, if locked.
    pub locked_until: Option<Instant>,
    /// Failures in a row before this attempt, since the last success or lock.
    pub failures: u32,
    /// The lockout that binds it.
    pub lockout: Option<Lockout>,
    /// What the owner's regulations want shown at the door.
    pub factors: Vec<Ruled<Factors>>,
}

impl Attempt {
    /// The clauses that an entry about it names.
    fn clauses(&self) -> Vec<ClauseId> {
        let lockout = self.lockout.iter().flat_map(|lockout| &lockout.clauses);
        let mut all: Vec<ClauseId> = Vec::new();
        for clause in lockout.chain(self.factors.iter().flat_map(|ruled| &ruled.clauses)) {
            if !all.contains(clause) {
                all.push(clause.clone());
            }
        }
        all
    }

    /// The rule that wants something shown that the door does not ask for, or in another order.
    fn lacking(&self) -> Option<&Ruled<Factors>> {
        self.factors.iter().find(|ruled| ruled.value.factors != SHOWN)
    }
}

/// What is shown at the door, in this order. A rule that wants anything else is told so when it is checked.
pub const SHOWN: [Factor; 2] = [Factor::Password, Factor::Totp];

/// What an attempt to sign in comes to.
#[derive(Clone, Debug)]
pub enum SignIn {
    /// In, with its entry.
    In(alloc::boxed::Box<Decision>),
    /// Not in. The same answer for every cause, but that the owner is told of a lock.
    Failed(Refusal),
    /// Not in, and now locked, with its entry.
    Locked(alloc::boxed::Box<Decision>, Refusal),
}

/// What follows from an attempt to sign in.
pub fn sign_in(
    account: Option<&Account>,
    actor: Option<&Actor>,
    attempt: &Attempt,
    address: &str,
    event: &EventId,
    now: Instant,
) -> SignIn {
    let clauses = attempt.lockout.as_ref().map(|l| l.clauses.clone()).unwrap_or_default();
    if let Some(until) = attempt.locked_until.filter(|until| now < *until) {
        // Only whoever shows password and code is told of the lock: to all others a locked account
        // answers like one that does not exist.
        return SignIn::Failed(if attempt.proved { locked(&clauses, until, now) } else { failed() });
    }
    let (Some(account), Some(actor)) = (account, actor) else {
        return SignIn::Failed(failed());
    };
    if !attempt.proved || !attempt.open {
        return refuse(account, attempt, &clauses, event, now);
    }
    // A version put in force before this was checked: nothing is shown in the place of what it wants.
    if let Some(lacking) = attempt.lacking() {
        return SignIn::Failed(Refusal::new(Reason::FactorLacking).under_first(&lacking.clauses));
    }
    let clauses = attempt.clauses();
    let fact = Fact::new(event, "account.signed-in")
        .under(&clauses)
        .detail("place", actor.place.word())
        .detail("role", actor.role.as_str());
    let change = Change::SignedIn { login: account.login.clone(), address: address.into(), at: now };
    let decision = Decision::new(Permit::in_log(&LogId::platform(), actor.clone(), &clauses, now), fact)
        .change(key(&account.login), decision::Change::Account(change));
    SignIn::In(alloc::boxed::Box::new(decision))
}

fn refuse(
    account: &Account,
    attempt: &Attempt,
    clauses: &[ClauseId],
    event: &EventId,
    now: Instant,
) -> SignIn {
    match lock(account, attempt, clauses, event, now) {
        Some(decision) => SignIn::Locked(alloc::boxed::Box::new(decision), failed()),
        None => SignIn::Failed(failed()),
    }
}

/// Minutes that stand for "until it is opened"; no rule can set so many.
const FOR_GOOD_MINUTES: u32 = 60 * 24 * 365 * 100;

/// Whether a lock has no end of its own.
pub fn is_for_good(until: Instant, now: Instant) -> bool {
    until > now.plus_minutes(i64::from(FOR_GOOD_MINUTES / 2))
}

/// Locks an account after one failure too many, if this was it.
pub fn lock(
    account: &Account,
    attempt: &Attempt,
    clauses: &[ClauseId],
    event: &EventId,
    now: Instant,
) -> Option<Decision> {
    let lockout = attempt.lockout.as_ref()?;
    if attempt.failures + 1 < lockout.tries {
        return None;
    }
    let minutes = i64::from(lockout.minutes.unwrap_or(FOR_GOOD_MINUTES));
    let until = now.plus_minutes(minutes);
    let fact = Fact::new(event, "account.locked")
        .outcome("refused")
        .under(clauses)
        .detail("failures", i64::from(attempt.failures + 1));
    let change = Change::Locked { login: account.login.clone(), until };
    let operator = directory::operator(&LogId::platform());
    let decision = Decision::new(Permit::in_log(&LogId::platform(), operator, clauses, now), fact)
        .change(key(&account.login), decision::Change::Account(change));
    Some(decision)
}

/// It names no clause: the clause would say whose regulation the account stands under, and so that
/// there is such an account.
fn failed() -> Refusal {
    Refusal::new(Reason::SignInFailed)
}

fn locked(clauses: &[ClauseId], until: Instant, now: Instant) -> Refusal {
    let refusal = Refusal::new(Reason::AccountLocked)
        .under_first(clauses)
        .helped_by(Help::Holder(Capacity::Administer));
    match is_for_good(until, now) {
        true => refusal.with("problem", "application"),
        false => refusal.with("until", format!("{}", until.clock())),
    }
}

/// Opens an account by the operator's hand, as demonstrations do; `held` says whether the person has one.
///
/// # Errors
/// The name is empty or too long; an account is one person's, and one is enough.
pub fn open(account: Account, held: bool, event: &EventId, now: Instant) -> Outcome<Decision> {
    if held {
        return Err(vec![Refusal::new(Reason::AccountExists).at("person")]);
    }
    let length = account.login.chars().count();
    if length == 0 || length > enrolment::LOGIN_MAX {
        return Err(vec![Refusal::new(Reason::FieldMalformed).at("login")]);
    }
    let fact = Fact::new(event, "account.opened").detail("person", account.person.as_str());
    let operator = directory::operator(&LogId::platform());
    let row = key(&account.login);
    Ok(Decision::new(Permit::in_log(&LogId::platform(), operator, &[], now), fact)
        .change(row, decision::Change::Account(Change::Opened(account))))
}

/// Opens a locked account again because an application for it was approved and carried out: its entry names
/// the application, whose own entries name those who did it.
pub fn unlock(
    login: &str,
    application: &ApplicationId,
    agency: &LogId,
    seen: Seen,
    event: &EventId,
    now: Instant,
) -> Decision {
    let platform = LogId::platform();
    let fact = Fact::new(event, "account.unlocked")
        .detail("application", application.as_str())
        .detail("log", agency.as_str());
    let actor = Actor { channel: Channel::Timer, ..directory::operator(&platform) };
    Decision::new(Permit::in_log(&platform, actor, &[], now), fact)
        .seeing([seen])
        .change(key(login), decision::Change::Account(Change::Unlocked { login: login.into() }))
}

/// What was tried in vain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Name and password, the first that is shown at the door.
    Password,
    /// The code of the second factor, after a right password.
    SecondFactor,
    /// A code that sets an account up, or recovers one.
    Code,
}

impl Layer {
    /// The word in entries.
    pub fn word(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::SecondFactor => "second-factor",
            Self::Code => "code",
        }
    }
}

/// Enters how many attempts failed in a window that is over: one entry, however many there were, for each
/// layer and account. It commits to the account's name by the digest under which failures are counted; names
/// that nobody has are entered together.
pub fn failures(layer: Layer, account: Option<&str>, count: i64, event: &EventId, now: Instant) -> Decision {
    let fact = Fact::new(event, "account.failed")
        .outcome("refused")
        .detail("count", count)
        .detail("layer", layer.word())
        .detail("account", if account.is_some() { "known" } else { "unknown" });
    let fact = match account {
        Some(digest) => fact.commit("login", &crate::Personal::new(digest)),
        None => fact,
    };
    Decision::new(Permit::in_log(&LogId::platform(), directory::operator(&LogId::platform()), &[], now), fact)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Date;

    fn now() -> Instant {
        Instant::at(Date::new(2026, 3, 2).unwrap(), 9, 0)
    }

    fn account() -> Account {
        Account {
            login: "lin".into(),
            person: PersonId::new("lin"),
            password_hash: String::new(),
            password_at: now(),
            totp: crate::Personal::default(),
            locked_until: None,
            open: true,
        }
    }

    fn attempt(failures: u32) -> Attempt {
        let clauses = vec![ClauseId::new("pack", "7")];
        let lockout = Lockout { tries: 3, minutes: Some(20), clauses };
        Attempt {
            proved: false,
            open: true,
            locked_until: None,
            failures,
            lockout: Some(lockout),
            factors: vec![],
        }
    }

    fn answer(account: Option<&Account>, attempt: &Attempt) -> SignIn {
        let actor = directory::operator(&LogId::platform());
        sign_in(account, Some(&actor), attempt, "127.0.0.1", &EventId::new("event"), now())
    }

    #[test]
    fn the_last_try_locks_for_the_minutes_of_the_rule() {
        assert!(matches!(answer(Some(&account()), &attempt(1)), SignIn::Failed(_)));
        let SignIn::Locked(decision, refusal) = answer(Some(&account()), &attempt(2)) else {
            panic!("the third failure locks");
        };
        assert_eq!(refusal.reason, Reason::SignInFailed, "guessing tells nothing of the lock");
        let until = now().plus_minutes(20);
        let locked = Change::Locked { login: "lin".into(), until };
        assert_eq!(decision.changes(), [decision::Change::Account(locked)]);
        assert_eq!(decision.facts()[0].act(), "account.locked");
    }

    #[test]
    fn a_lock_without_minutes_opens_by_application_only_and_says_so() {
        let Attempt { lockout, .. } = attempt(2);
        let lockout = lockout.map(|own| Lockout { minutes: None, ..own });
        let SignIn::Locked(decision, _) = answer(Some(&account()), &Attempt { lockout, ..attempt(2) }) else {
            panic!("the third failure locks");
        };
        let [decision::Change::Account(Change::Locked { until, .. })] = decision.changes() else { panic!() };
        assert!(*until > now().plus_hours(24 * 365 * 90));
        let again = Attempt { proved: true, locked_until: Some(*until), ..attempt(0) };
        let SignIn::Failed(refusal) = answer(Some(&account()), &again) else { panic!("it is locked") };
        assert_eq!(refusal.args.get("problem").map(String::as_str), Some("application"));
        assert!(!refusal.args.contains_key("until"));
    }

    #[test]
    fn a_failure_says_the_same_whatever_was_wrong() {
        let failed = |answer| match answer {
            SignIn::Failed(refusal) => refusal,
            other => panic!("{other:?}"),
        };
        let unknown = failed(answer(None, &attempt(0)));
        let wrong = failed(answer(Some(&account()), &attempt(0)));
        let closed = Attempt { proved: true, open: false, ..attempt(0) };
        assert_eq!(unknown, wrong);
        assert_eq!(wrong, failed(answer(Some(&account()), &closed)));
        assert_eq!(unknown.clause, None, "a clause would tell that there is such an account");
    }

    #[test]
    fn a_lock_holds_against_the_right_password_too() {
        let until = Some(now().plus_minutes(1));
        let locked = Attempt { proved: true, locked_until: until, ..attempt(0) };
        let SignIn::Failed(refusal) = answer(Some(&account()), &locked) else { panic!("it is locked") };
        assert_eq!(refusal.reason, Reason::AccountLocked);
        let guessed = Attempt { proved: false, ..locked.clone() };
        let SignIn::Failed(refusal) = answer(Some(&account()), &guessed) else { panic!("it is locked") };
        assert_eq!(refusal.reason, Reason::SignInFailed);
        let over = Attempt { locked_until: Some(now()), ..locked };
        assert!(matches!(answer(Some(&account()), &over), SignIn::In(_)));
    }

    #[test]
    fn nobody_signs_in_under_a_rule_that_wants_something_else_shown() {
        let ruled = |factors: &[Factor]| Ruled {
            value: Factors { factors: factors.to_vec(), lost: None, lost_to: None },
            clauses: vec![ClauseId::new("pack", "5")],
            control: "factors".into(),
            policy: false,
            policy_params: vec![],
            raised: vec![],
        };
        let shown = |factors: &[Factor]| {
            let attempt = Attempt { proved: true, factors: vec![ruled(factors)], ..attempt(0) };
            let actor = directory::operator(&LogId::platform());
            sign_in(Some(&account()), Some(&actor), &attempt, "127.0.0.1", &"ev".into(), now())
        };
        let SignIn::In(decision) = shown(&SHOWN) else { panic!("what is shown is what is wanted") };
        assert!(decision.facts()[0].clauses().contains(&ClauseId::new("pack", "5")), "and the entry says so");
        let SignIn::Failed(refusal) = shown(&[Factor::CertificateCard, Factor::Password]) else { panic!() };
        assert_eq!(
            (refusal.reason, refusal.clause),
            (Reason::FactorLacking, Some(ClauseId::new("pack", "5")))
        );
    }
}
