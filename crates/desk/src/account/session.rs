//! Sessions and API tokens: who acts, under which assignment, for how long.

use super::{ApiToken, SESSION_DEFAULT, SessionKey, SignIn, SignedIn, hash, totp};
use crate::{Answer, Desk, Session, carry};
use domain::actor::{Actor, Channel, Place};
use domain::id::{AssignmentId, PersonId};
use domain::regulation::Words;
use domain::time::Instant;
use domain::{Personal, Refusal};
use store::SessionRow;

impl Desk {
    pub(super) fn begin(&self, login: &str, actor: Actor, form: &SignIn, now: Instant) -> Answer<SignedIn> {
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
        let Some(step) = totp::check(row.account.totp.expose(), code, self.now()) else { return Ok(false) };
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

    pub(super) fn actor_of(
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
    pub(crate) fn rule_of(
        &self,
        actor: &Actor,
        now: Instant,
    ) -> Option<crate::regulation::in_force::InForce> {
        let agencies = self.inner.store.read(|read| read.agencies()).ok()?;
        let pack = agencies.into_iter().find(|agency| agency.id == actor.agency)?.pack;
        let rules = self.inner.rules.read().unwrap_or_else(|gone| gone.into_inner());
        rules.in_force(&pack, now.date()).cloned()
    }
}
