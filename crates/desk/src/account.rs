//! Signing in and out, sessions, API tokens, and the demonstration's cast.

use crate::letter::Urgent;
use crate::{Answer, Desk, No, Session, carry};
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};
use domain::account::{self, Attempt, Layer, Lockout, SignIn as Verdict};
use domain::actor::{Channel, Place};
use domain::id::{AssignmentId, LogId, PersonId};
use domain::regulation::{Unlock, Words};
use domain::time::Instant;
use domain::{Personal, Refusal};
use std::sync::OnceLock;
use store::capability::account::AccountRow;

/// Seconds whose failures make one entry. Those in a row are counted beside that, and have no window.
pub(crate) const FAILURE_WINDOW_SECONDS: i64 = 15 * 60;
/// Times of a session where a regulation leaves them to the house: idle minutes, hours in all,
/// seconds of warning.
const SESSION_DEFAULT: (u32, u32, u32) = (15, 10, 120);

/// The secret that one session presents. It prints nothing and is never stored.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionKey(Personal);

impl SessionKey {
    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.expose().as_bytes()
    }
}

/// What is typed at the door.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The account's name.
    pub login: String,
    /// The password.
    pub password: Personal,
    /// The code of the second factor.
    pub code: String,
    /// Where the request comes from.
    pub place: Place,
    /// The network address.
    pub address: String,
}

/// A session that has begun.
pub struct SignedIn {
    /// What the browser keeps; the store has only its hash.
    pub token: String,
    /// The session.
    pub session: Session,
}

/// One of the demonstration's people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CastMember {
    /// The account's name.
    pub login: String,
    /// The password, which is no secret in a demonstration.
    pub password: String,
    /// The person's name.
    pub name: String,
    /// The unit.
    pub unit: Words,
    /// The role.
    pub role: Words,
    /// The agency.
    pub agency: Words,
}

/// A token of the API, bound to a machine and a named person.
#[derive(Clone)]
pub struct ApiToken {
    /// SHA-256 of the token, in hexadecimal.
    pub hash: String,
    /// The machine's network address.
    pub address: String,
    /// The assignment the person acts under.
    pub assignment: AssignmentId,
}

impl Desk {
    /// Signs somebody in.
    ///
    /// # Errors
    /// One and the same refusal for an unknown name, a wrong password and a wrong code.
    pub fn sign_in(&self, form: &SignIn) -> Answer<SignedIn> {
        let now = self.now();
        let login = form.login.trim().to_string();
        let found = self.inner.store.read(|read| read.account(&login))?;
        let post = found.as_ref().map_or(Ok(None), |row| self.post_of(&row.account.person, now))?;
        let actor =
            post.as_ref().map_or(Ok(None), |post| self.actor_at(post, &form.place, Channel::Page, now))?;
        let attempt = self.attempt(found.as_ref(), form, &login, now)?;
        let account = found.as_ref().map(|row| &row.account);
        let address = &form.address;
        match account::sign_in(account, actor.as_ref(), &attempt, address, &carry::event(), now) {
            Verdict::In(decision) => {
                self.inner.store.write(*decision)?;
                self.end_run(&login)?;
                let (post, row) = post.zip(found.as_ref()).ok_or(No::Busy { retry_after: 1 })?;
                self.begin(&row.account, &post, form, now)
            }
            Verdict::Failed(refusal) => Err(self.failed(refusal)),
            Verdict::Locked(decision, refusal) => {
                self.inner.store.write(*decision)?;
                self.end_run(&login)?;
                if let Some(post) = &post {
                    let log = LogId::of(&post.held.agency);
                    self.alert(&log, std::slice::from_ref(&post.held.assignment.person), Urgent::Locked);
                }
                Err(self.failed(refusal))
            }
        }
    }

    fn failed(&self, refusal: Refusal) -> No {
        self.refuse_plainly(vec![refusal])
    }

    /// Checks everything that was typed, at the same cost whether the account exists or not.
    fn attempt(
        &self,
        found: Option<&AccountRow>,
        form: &SignIn,
        login: &str,
        now: Instant,
    ) -> Answer<Attempt> {
        let hash = found.map_or_else(|| decoy().to_string(), |r| r.account.password_hash.clone());
        let password = verify_password(&hash, form.password.expose());
        let secret = found.map(|row| row.account.totp.clone()).unwrap_or_default();
        let step = check_code(&secret, &form.code, now);
        // A code is good once: a step that was used is as wrong as a code that never was.
        let fresh = match (found.is_some() && password, step) {
            (true, Some(step)) => self.inner.store.tend(|tend| tend.use_code(login, step))?,
            _ => false,
        };
        let proved = password && fresh && found.is_some();
        let locked_until = found.and_then(|row| row.account.locked_until);
        let locked = locked_until.is_some_and(|until| now < until);
        // Whoever shows the right password has passed that layer; nothing in the answer says so.
        let layer = if found.is_some() && password { Layer::SecondFactor } else { Layer::Password };
        let failures = match proved {
            true => 0,
            false => self.count_failure(layer, login, found.is_some(), locked)?,
        };
        let person = found.map(|row| &row.account.person);
        Ok(Attempt {
            proved,
            open: found.is_some_and(|row| row.account.open),
            locked_until,
            failures,
            lockout: self.strictest_lockout(person)?,
            factors: person.map_or(Ok(vec![]), |person| self.factors(person))?,
        })
    }

    /// Counts a failure, and tells how many in a row there were before it. What runs against a lock makes the
    /// row no longer, so that counting begins anew when it opens.
    fn count_failure(&self, layer: Layer, login: &str, known: bool, locked: bool) -> Answer<u32> {
        let key = failure_key(layer, login, known);
        let span = carry::window(self.now(), FAILURE_WINDOW_SECONDS);
        // Names that nobody has share one row, so that guessing at them costs the same and fills no table.
        let run = if known { run_key(login) } else { UNKNOWN.into() };
        let n = self.inner.store.tend(|tend| {
            tend.count_failure(&key, span)?;
            if locked { Ok(1) } else { tend.lengthen_run(&run) }
        })?;
        Ok(u32::try_from(n.saturating_sub(1)).unwrap_or(u32::MAX))
    }

    /// Begins to count an account's failures in a row anew.
    pub(crate) fn end_run(&self, login: &str) -> Answer<()> {
        Ok(self.inner.store.tend(|tend| tend.end_run(&run_key(login)))?)
    }

    /// The lockout of all regulations that the person stands under, the strictest in each point; for an
    /// unknown name that of all in force or last, so that the answers are alike.
    fn strictest_lockout(&self, person: Option<&PersonId>) -> Answer<Option<Lockout>> {
        let theirs = person.map_or(Ok(vec![]), |person| self.binding(person))?;
        let rules = match theirs.is_empty() {
            true => {
                let rules = self.inner.rules.read().unwrap_or_else(|gone| gone.into_inner());
                rules.all_running(self.now().date())
            }
            false => theirs,
        };
        Ok(rules
            .iter()
            .filter_map(|rule| rule.pack.lockout())
            .map(|ruled| Lockout {
                tries: ruled.value.tries.unwrap_or(5),
                // What is opened by an application is not opened by time.
                minutes: ruled.value.minutes.filter(|_| ruled.value.unlock != Some(Unlock::Application)),
                clauses: ruled.clauses,
            })
            .reduce(stricter))
    }

    /// The current code of an account, in a demonstration only.
    pub fn demo_code(&self, login: &str) -> Option<String> {
        if !self.inner.setup.demo {
            return None;
        }
        let row = self.inner.store.read(|read| read.account(login)).ok()??;
        current_code(&row.account.totp, self.now())
    }

    /// The code that an account's authenticator shows next, in a demonstration only: for an act right after
    /// signing in, at which the present one was used up.
    pub fn demo_proof(&self, login: &str) -> Option<String> {
        if !self.inner.setup.demo {
            return None;
        }
        let row = self.inner.store.read(|read| read.account(login)).ok()??;
        current_code(&row.account.totp, self.now().plus_seconds(totp::STEP_SECONDS))
    }

    /// The demonstration's people; nobody outside one.
    pub fn demo_cast(&self) -> Vec<CastMember> {
        self.inner.demo_cast.read().unwrap_or_else(|gone| gone.into_inner()).clone()
    }

    /// Names the demonstration's people, so that the sign-in page can introduce them.
    pub fn introduce(&self, cast: Vec<CastMember>) {
        if self.inner.setup.demo {
            *self.inner.demo_cast.write().unwrap_or_else(|gone| gone.into_inner()) = cast;
        }
    }
}

/// The hash under which the store knows a session.
pub(crate) fn hash_of(session: &Session) -> String {
    hash(session.key.0.expose())
}

/// The hash under which the store knows a token.
fn hash(token: &str) -> String {
    ledger::hash::sha256(token.as_bytes()).to_hex()
}

/// Under which name failures are counted: a digest, for people type all kinds of things, secrets
/// among them, into the field for the account's name.
pub(crate) fn failure_key(layer: Layer, login: &str, known: bool) -> String {
    let known = if known { KNOWN } else { UNKNOWN };
    let kind = match layer {
        Layer::Password => "",
        Layer::SecondFactor => SECOND,
        Layer::Code => CODE,
    };
    format!("{kind}{known} {}", hash(login))
}

/// Under which name an account's failures in a row are counted, whichever layer held.
fn run_key(login: &str) -> String {
    failure_key(Layer::Password, login, true)
}

/// What such a name says was tried, and the digest of the account where there is such a one.
pub(crate) fn kind_of(key: &str) -> (Layer, Option<String>) {
    let layers = [(SECOND, Layer::SecondFactor), (CODE, Layer::Code)];
    let of_layer = layers.iter().find_map(|(prefix, layer)| Some((*layer, key.strip_prefix(prefix)?)));
    let (layer, rest) = of_layer.unwrap_or((Layer::Password, key));
    (layer, rest.strip_prefix(KNOWN).map(|digest| digest.trim().to_string()))
}

const KNOWN: &str = "known";
const UNKNOWN: &str = "unknown";
const CODE: &str = "code-";
const SECOND: &str = "second-";

/// Hashes a password with Argon2id.
///
/// # Errors
/// Only if the library refuses its own parameters.
pub fn hash_password(password: &str) -> Result<String, argon2::password_hash::Error> {
    let mut salt = [0u8; 16];
    getrandom::fill(&mut salt).expect("the system gives random bytes, or nothing is safe");
    Ok(Argon2::default().hash_password_with_salt(password.as_bytes(), &salt)?.to_string())
}

/// The hash of a password that somebody chose, or a fault: without one nothing may be written.
fn hashed(password: &Personal) -> Answer<String> {
    let fault = || store::Fault::Decision("a password could not be hashed".into());
    hash_password(password.expose()).map_err(|_| No::fault(&fault()))
}

fn verify_password(hash: &str, password: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// A hash of nothing anybody knows, so that an unknown name costs what a known one does.
fn decoy() -> &'static str {
    static DECOY: OnceLock<String> = OnceLock::new();
    DECOY.get_or_init(|| hash_password(&carry::random_hex::<16>()).unwrap_or_default())
}

/// A secret for a second factor, in Base32.
pub fn new_totp_secret() -> String {
    totp::secret()
}

/// What two lockouts come to: the fewer tries, the longer time; until somebody opens it is longest.
fn stricter(one: Lockout, other: Lockout) -> Lockout {
    let tries = one.tries.min(other.tries);
    let minutes = one.minutes.zip(other.minutes).map(|(one, other)| one.max(other));
    let mut clauses = if one.tries <= other.tries { one.clauses.clone() } else { other.clauses.clone() };
    clauses.extend(one.clauses.into_iter().chain(other.clauses));
    let mut known = std::collections::BTreeSet::new();
    clauses.retain(|clause| known.insert(clause.clone()));
    Lockout { tries, minutes, clauses }
}

fn check_code(secret: &Personal, code: &str, now: Instant) -> Option<i64> {
    totp::check(secret.expose(), code, now)
}

/// The code that an authenticator with this secret shows at a moment.
pub fn current_code(secret: &Personal, now: Instant) -> Option<String> {
    totp::current(secret.expose(), now)
}

pub mod attempt;
mod binding;
mod closing;
mod credential;
mod delivery;
mod enrol;
mod held;
pub(crate) mod inventory;
mod invite;
mod people;
mod post;
mod proof;
mod rotation;
pub(crate) mod session;
mod slips;
pub(crate) mod totp;

pub use credential::PasswordForm;
pub(crate) use credential::handle;
pub use delivery::DeliveryForm;
pub use enrol::SetUpForm;
pub use held::HeldForm;
pub use invite::InviteForm;
pub(crate) use invite::is_taken;
pub use post::OtherPost;
pub use slips::{SLIPS_MAX, SlipsForm};
