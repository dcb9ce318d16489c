//! Signing in and out, sessions, API tokens, and the demonstration's cast.

use crate::view::RefusalView;
use crate::{Answer, Desk, No, Session, carry};
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};
use domain::account::{self, Attempt, Lockout, SignIn as Verdict};
use domain::actor::{Actor, Channel, Place};
use domain::id::{AssignmentId, PersonId};
use domain::regulation::Words;
use domain::time::Instant;
use domain::{Personal, Refusal};
use std::sync::OnceLock;
use store::SessionRow;
use store::capability::account::AccountRow;

/// Seconds in which failures of one account are counted together, where the rule names none.
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
        let actor = match &found {
            Some(row) => self.actor_of(&row.account.person, &form.place, Channel::Page, now)?,
            None => None,
        };
        let attempt = self.attempt(found.as_ref(), form, &login, now)?;
        let account = found.as_ref().map(|row| &row.account);
        let address = &form.address;
        match account::sign_in(account, actor.as_ref(), &attempt, address, &carry::event(), now) {
            Verdict::In(decision) => {
                self.inner.store.write(*decision)?;
                let key = failure_key(&login, true);
                self.inner.store.tend(|tend| tend.clear_failures(&key))?;
                let actor = actor.ok_or(No::Busy { retry_after: 1 })?;
                self.begin(&login, actor, form, now)
            }
            Verdict::Failed(refusal) => Err(self.failed(refusal)),
            Verdict::Locked(decision, refusal) => {
                self.inner.store.write(*decision)?;
                Err(self.failed(refusal))
            }
        }
    }

    fn failed(&self, refusal: Refusal) -> No {
        let rules = self.inner.rules.read().unwrap_or_else(|gone| gone.into_inner());
        let all = rules.all_in_force(self.now().date());
        let clause = refusal
            .clause
            .as_ref()
            .and_then(|id| all.into_iter().find_map(|rule| crate::words::cite_in(&rule.pack, id)));
        No::Refused(vec![RefusalView { refusal, clause, helpers: vec![] }])
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
        let span = carry::window(now, FAILURE_WINDOW_SECONDS);
        let proved = password && fresh && found.is_some();
        let key = failure_key(login, found.is_some());
        let failures = match proved {
            true => 0,
            false => self.inner.store.tend(|tend| tend.count_failure(&key, span))? - 1,
        };
        Ok(Attempt {
            proved,
            open: found.is_some_and(|row| row.account.open),
            locked_until: found.and_then(|row| row.account.locked_until),
            failures: u32::try_from(failures).unwrap_or(u32::MAX),
            lockout: self.strictest_lockout(found.map(|row| &row.account.person))?,
        })
    }

    /// The strictest lockout of all regulations that the person stands under; for an unknown name
    /// that of all in force, so that the answers are alike.
    fn strictest_lockout(&self, person: Option<&PersonId>) -> Answer<Option<Lockout>> {
        let packs = match person {
            Some(person) => {
                let rows = self.inner.store.read(|read| read.assignments(person))?;
                let agencies = self.inner.store.read(|read| read.agencies())?;
                agencies
                    .into_iter()
                    .filter(|agency| rows.iter().any(|row| row.agency == agency.id))
                    .map(|agency| agency.pack)
                    .collect()
            }
            None => vec![],
        };
        let rules = self.inner.rules.read().unwrap_or_else(|gone| gone.into_inner());
        let today = self.now().date();
        let lockouts = rules
            .all_in_force(today)
            .into_iter()
            .filter(|rule| packs.is_empty() || packs.contains(&rule.pack.header.id))
            .filter_map(|rule| rule.pack.lockout());
        Ok(lockouts
            .map(|ruled| Lockout {
                tries: ruled.value.tries.unwrap_or(5),
                minutes: ruled.value.minutes,
                clauses: ruled.clauses,
            })
            .min_by_key(|lockout| lockout.tries))
    }

    fn begin(&self, login: &str, actor: Actor, form: &SignIn, now: Instant) -> Answer<SignedIn> {
        let token = carry::random_hex::<32>();
        let csrf = carry::random_hex::<16>();
        let (idle, hours, _) = self.session_times(&actor, now);
        let row = SessionRow {
            id_hash: hash(&token),
            person: actor.person.clone(),
            assignment: Some(actor.assignment.clone()),
            created: now,
            seen: now,
            idle_until: now.plus_minutes(idle.into()),
            ends: now.plus_hours(hours.into()),
            proved_at: Some(now),
            place: form.address.clone(),
            data: csrf,
        };
        self.inner.store.tend(|tend| tend.put_session(&row))?;
        let mut session = self.dress(login.into(), actor, &row, &token)?;
        session.address = form.address.clone();
        Ok(SignedIn { token, session })
    }

    fn session_times(&self, actor: &Actor, now: Instant) -> (u32, u32, u32) {
        let ruled = self.rule_of(actor, now).and_then(|rule| rule.pack.session());
        let Some(ruled) = ruled else { return SESSION_DEFAULT };
        (
            ruled.value.idle_minutes.unwrap_or(SESSION_DEFAULT.0),
            ruled.value.absolute_hours.unwrap_or(SESSION_DEFAULT.1),
            ruled.value.warn_minutes.map_or(SESSION_DEFAULT.2, |minutes| minutes * 60),
        )
    }

    /// The session of a token, if it runs; asking for it counts as activity.
    ///
    /// # Errors
    /// The store.
    pub fn session(&self, token: &str, place: Place) -> Answer<Option<Session>> {
        let now = self.now();
        let id = hash(token);
        let Some(mut row) = self.inner.store.read(|read| read.session(&id))? else {
            return Ok(None);
        };
        if now >= row.idle_until || now >= row.ends {
            self.inner.store.tend(|tend| tend.end_session(&id))?;
            return Ok(None);
        }
        let Some(assignment) = row.assignment.clone() else { return Ok(None) };
        let Some(actor) = self.actor_under(&assignment, &place, Channel::Page, now)? else {
            return Ok(None);
        };
        let (idle, _, _) = self.session_times(&actor, now);
        // Activity is written at most twice a minute: a session needs no finer clock.
        if now.micros_since(row.seen) > 30_000_000 {
            row.seen = now;
            row.idle_until = now.plus_minutes(idle.into());
            self.inner.store.tend(|tend| tend.touch_session(&id, row.seen, row.idle_until))?;
        }
        let account = self.inner.store.read(|read| read.account_of_person(&row.person))?;
        let Some(account) = account else { return Ok(None) };
        let mut session = self.dress(account.account.login.clone(), actor, &row, token)?;
        session.last_sign_in = account.last;
        session.address = row.place.clone();
        Ok(Some(session))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The store.
    pub fn sign_out(&self, token: &str) -> Answer<()> {
        self.inner.store.tend(|tend| tend.end_session(&hash(token)))?;
        Ok(())
    }

    /// The session that an API token stands for: a machine and a named person.
    ///
    /// # Errors
    /// The token is unknown or used from another machine; both are answered alike.
    pub fn token_session(&self, bearer: &str, address: &str, place: Place) -> Answer<Session> {
        let now = self.now();
        let digest = hash(bearer);
        let known = {
            let tokens = self.inner.tokens.read().unwrap_or_else(|gone| gone.into_inner());
            tokens.iter().find(|token| token.hash == digest && token.address == address).cloned()
        };
        let refused = || self.failed(Refusal::new(domain::Reason::SignInFailed));
        let token = known.ok_or_else(refused)?;
        let actor = self.actor_under(&token.assignment, &place, Channel::Api, now)?.ok_or_else(refused)?;
        let row = SessionRow {
            id_hash: digest,
            person: actor.person.clone(),
            assignment: Some(actor.assignment.clone()),
            created: now,
            seen: now,
            idle_until: now.plus_minutes(1),
            ends: now.plus_minutes(1),
            proved_at: None,
            place: address.into(),
            data: String::new(),
        };
        let login = actor.person.to_string();
        let mut session = self.dress(login, actor, &row, bearer)?;
        session.address = address.into();
        Ok(session)
    }

    /// Lets a machine act for a person over the API.
    pub fn bind_token(&self, token: &str, address: &str, assignment: AssignmentId) {
        let entry = ApiToken { hash: hash(token), address: address.into(), assignment };
        self.inner.tokens.write().unwrap_or_else(|gone| gone.into_inner()).push(entry);
    }

    /// Whether `code` proves the session's owner again, for an act that asks for it.
    pub(crate) fn proves(&self, session: &Session, code: &str) -> Answer<bool> {
        let person = session.actor.person.clone();
        let account = self.inner.store.read(|read| read.account_of_person(&person))?;
        let Some(row) = account else { return Ok(false) };
        let Some(step) = check_code(&row.account.totp, code, self.now()) else { return Ok(false) };
        let login = format!("{}/act", row.account.login);
        Ok(self.inner.store.tend(|tend| tend.use_code(&login, step))?)
    }

    fn dress(&self, login: String, actor: Actor, row: &SessionRow, token: &str) -> Answer<Session> {
        let now = self.now();
        let rule = self
            .rule_of(&actor, now)
            .ok_or_else(|| self.failed(Refusal::new(domain::Reason::NoRegulation)))?;
        let (name, unit, agencies) = self
            .inner
            .store
            .read(|read| Ok((read.person_name(&actor.person)?, read.unit(&actor.unit)?, read.agencies()?)))?;
        let unit = unit.map(|unit| Words { zh: unit.name, en: unit.name_en });
        let agency = agencies.into_iter().find(|agency| agency.id == actor.agency);
        let agency = agency.map(|agency| Words { zh: agency.name, en: agency.name_en });
        let role = rule.pack.roles.iter().find(|role| role.id == actor.role);
        let role = role.map(|role| role.word.clone());
        let plain = |text: &str| crate::words::plain(text);
        let (_, _, warn_seconds) = self.session_times(&actor, now);
        Ok(Session {
            name,
            login,
            unit: unit.unwrap_or_else(|| plain(actor.unit.as_str())),
            agency: agency.unwrap_or_else(|| plain(actor.agency.as_str())),
            role: role.unwrap_or_else(|| plain(&actor.role)),
            pack: rule.pack.clone(),
            rule: rule.rule.clone(),
            key: SessionKey(Personal::new(token)),
            idle_until: row.idle_until,
            ends: row.ends,
            warn_seconds,
            last_sign_in: None,
            csrf: row.data.clone(),
            address: row.place.clone(),
            actor,
        })
    }

    fn actor_of(
        &self,
        person: &PersonId,
        place: &Place,
        channel: Channel,
        now: Instant,
    ) -> Answer<Option<Actor>> {
        let rows = self.inner.store.read(|read| read.assignments(person))?;
        let today = now.date();
        let current = rows.into_iter().find(|row| {
            let assignment = &row.assignment;
            assignment.from <= today && assignment.until.is_none_or(|until| today < until)
        });
        match current {
            Some(row) => self.actor_under(&row.assignment.id, place, channel, now),
            None => Ok(None),
        }
    }

    /// The actor of an assignment, if it runs today.
    pub(crate) fn actor_under(
        &self,
        id: &AssignmentId,
        place: &Place,
        channel: Channel,
        now: Instant,
    ) -> Answer<Option<Actor>> {
        let Some(row) = self.inner.store.read(|read| read.assignment(id))? else {
            return Ok(None);
        };
        let assignment = row.assignment;
        let today = now.date();
        if assignment.from > today || assignment.until.is_some_and(|until| today >= until) {
            return Ok(None);
        }
        let unit = self.inner.store.read(|read| read.unit(&assignment.unit))?;
        let organisation = unit.map(|unit| unit.organisation).unwrap_or_default();
        let mut actor = Actor {
            person: assignment.person,
            assignment: assignment.id,
            unit: assignment.unit,
            agency: row.agency,
            organisation,
            role: assignment.role,
            capacities: vec![],
            place: place.clone(),
            channel,
        };
        if let Some(rule) = self.rule_of(&actor, now) {
            actor.capacities = rule.pack.capacities(&actor.role).to_vec();
        }
        Ok(Some(actor))
    }

    /// The regulation that governs the actor's agency now.
    pub(crate) fn rule_of(&self, actor: &Actor, now: Instant) -> Option<crate::rules::InForce> {
        let agencies = self.inner.store.read(|read| read.agencies()).ok()?;
        let pack = agencies.into_iter().find(|agency| agency.id == actor.agency)?.pack;
        let rules = self.inner.rules.read().unwrap_or_else(|gone| gone.into_inner());
        rules.in_force(&pack, now.date()).cloned()
    }

    /// The current code of an account, in a demonstration only.
    pub fn demo_code(&self, login: &str) -> Option<String> {
        if !self.inner.setup.demo {
            return None;
        }
        let row = self.inner.store.read(|read| read.account(login)).ok()??;
        current_code(&row.account.totp, self.now())
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
fn failure_key(login: &str, known: bool) -> String {
    let kind = if known { KNOWN } else { "unknown" };
    format!("{kind} {}", hash(login))
}

/// How the key of a known account's failures begins.
pub(crate) const KNOWN: &str = "known";

/// Hashes a password with Argon2id.
///
/// # Errors
/// Only if the library refuses its own parameters.
pub fn hash_password(password: &str) -> Result<String, argon2::password_hash::Error> {
    let mut salt = [0u8; 16];
    getrandom::fill(&mut salt).expect("the system gives random bytes, or nothing is safe");
    Ok(Argon2::default().hash_password_with_salt(password.as_bytes(), &salt)?.to_string())
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

fn check_code(secret: &Personal, code: &str, now: Instant) -> Option<i64> {
    totp::check(secret.expose(), code, now)
}

fn current_code(secret: &Personal, now: Instant) -> Option<String> {
    totp::current(secret.expose(), now)
}

pub(crate) mod totp;
