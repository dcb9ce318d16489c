//! Sessions and API tokens: who acts, under which assignment, for how long.

use super::credential::{is_locked, is_still};
use super::{ApiToken, SESSION_DEFAULT, SessionKey, SignIn, SignedIn, hash};
use crate::regulation::in_force::InForce;
use crate::{Answer, Desk, Session, carry};
use domain::account::{Account, password};
use domain::actor::{Actor, Channel, Place};
use domain::id::{AssignmentId, PersonId};
use domain::regulation::Words;
use domain::time::{Date, Instant};
use domain::{Personal, Refusal};
use store::capability::account::AccountRow;
use store::capability::directory::PostRow;
use store::{Read, SessionRow};

impl Desk {
    /// Begins the session of an account as its owner proved it. What was proved may have been changed, closed
    /// or locked since: whoever does that ends the sessions there are, and this one looks once it is among
    /// them.
    pub(super) fn begin(
        &self,
        proved: &Account,
        post: &PostRow,
        form: &SignIn,
        now: Instant,
    ) -> Answer<SignedIn> {
        let token = carry::random_hex::<32>();
        let csrf = carry::random_hex::<16>();
        let (idle, hours, _) = self.session_times(post, now);
        let row = SessionRow {
            id_hash: hash(&token),
            person: post.held.assignment.person.clone(),
            assignment: Some(post.held.assignment.id.clone()),
            created: now,
            seen: now,
            idle_until: now.plus_minutes(idle.into()),
            ends: now.plus_hours(hours.into()),
            // Whoever saw the code being typed at the door is not to be taken for its owner later.
            proved_at: None,
            place: form.address.clone(),
            data: csrf,
        };
        self.inner.store.tend(|tend| tend.put_session(&row))?;
        let account = self.inner.store.read(|read| read.account(&proved.login))?.map(|row| row.account);
        let holds = |own: &Account| is_still(own, proved) && own.totp == proved.totp && !is_locked(own, now);
        if !account.as_ref().is_some_and(holds) {
            self.inner.store.tend(|tend| tend.end_session(&row.id_hash))?;
            return Err(self.failed(Refusal::new(domain::Reason::SignInFailed)));
        }
        if let Some(actor) = self.actor_at(post, &form.place, Channel::Page, now)? {
            self.keep_to_limit(&actor, &row.id_hash)?;
        }
        let dressed = self.dress(proved.login.clone(), post, &form.place, Channel::Page, &row, &token)?;
        let mut session = dressed.ok_or_else(|| self.failed(Refusal::new(domain::Reason::SignInFailed)))?;
        session.address = form.address.clone();
        Ok(SignedIn { token, session })
    }

    pub(super) fn session_times(&self, post: &PostRow, now: Instant) -> (u32, u32, u32) {
        let ruled = self.rule_of(post, now).and_then(|rule| rule.pack.session());
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
        let found = self.inner.store.read(|read| seated(read, &id))?;
        let Some((mut row, post, account)) = found else { return Ok(None) };
        if now >= row.idle_until || now >= row.ends {
            return Ok(None);
        }
        let (Some(post), Some(account)) = (post, account) else { return Ok(None) };
        // With a reset all sessions are over, on every node at once.
        if !account.account.open {
            return Ok(None);
        }
        let (idle, _, _) = self.session_times(&post, now);
        // Activity is written at most twice a minute: a session needs no finer clock.
        if now.micros_since(row.seen) > 30_000_000 {
            row.seen = now;
            row.idle_until = now.plus_minutes(idle.into());
            self.inner.store.tend(|tend| tend.touch_session(&id, row.seen, row.idle_until))?;
        }
        let dressed = self.dress(account.account.login.clone(), &post, &place, Channel::Page, &row, token)?;
        let Some(mut session) = dressed else { return Ok(None) };
        session.last_sign_in = account.last;
        let current = &session.actor.assignment;
        session.posts = self.inner.store.read(|read| self.other_posts(read, &row.person, current))?;
        // A time that runs out while somebody works takes effect at the next sign-in, and costs no form.
        let (person, set) = (&row.person, account.account.password_at);
        let fresh = password::fresh(&session.pack, &post.held.assignment, set);
        session.password_due = fresh.is_some() || self.password_due(person, set, row.created)?.is_some();
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
        let (post, age) = self.inner.store.read(|read| {
            let Some(post) = read.post(&token.assignment)? else { return Ok((None, None)) };
            let age = read.password_age(&post.held.assignment.person)?;
            Ok((Some(post), age))
        })?;
        let post = post.ok_or_else(refused)?;
        let person = post.held.assignment.person.clone();
        self.token_may(&person, age, now)?;
        let row = SessionRow {
            id_hash: digest,
            person: person.clone(),
            assignment: Some(token.assignment),
            created: now,
            seen: now,
            idle_until: now.plus_minutes(1),
            ends: now.plus_minutes(1),
            proved_at: None,
            place: address.into(),
            data: String::new(),
        };
        let dressed = self.dress(person.to_string(), &post, &place, Channel::Api, &row, bearer)?;
        let mut session = dressed.ok_or_else(refused)?;
        let set = age.map(|(set, _)| set);
        if let Some(due) = set.and_then(|set| password::fresh(&session.pack, &post.held.assignment, set)) {
            let refusal = Refusal::new(domain::Reason::PasswordDue).under_first(&due.clauses);
            return Err(self.failed(refusal.with("problem", "fresh")));
        }
        session.address = address.into();
        Ok(session)
    }

    /// Whether a machine may act for a person: not while their account is closed, nor while they have to
    /// change their password first.
    fn token_may(&self, person: &PersonId, age: Option<(Instant, bool)>, now: Instant) -> Answer<()> {
        let Some((set, open)) = age else { return Ok(()) };
        if !open {
            return Err(self.failed(Refusal::new(domain::Reason::SignInFailed)));
        }
        match self.password_due(person, set, now)? {
            None => Ok(()),
            Some(due) => {
                let refusal = Refusal::new(domain::Reason::PasswordDue).under_first(&due.clauses);
                Err(self.failed(refusal))
            }
        }
    }

    /// Lets a machine act for a person over the API.
    pub fn bind_token(&self, token: &str, address: &str, assignment: AssignmentId) {
        let entry = ApiToken { hash: hash(token), address: address.into(), assignment };
        self.inner.tokens.write().unwrap_or_else(|gone| gone.into_inner()).push(entry);
    }

    /// The session of a post, if the assignment runs today.
    pub(crate) fn dress(
        &self,
        login: String,
        post: &PostRow,
        place: &Place,
        channel: Channel,
        row: &SessionRow,
        token: &str,
    ) -> Answer<Option<Session>> {
        let now = self.now();
        let Some(actor) = self.actor_at(post, place, channel, now)? else { return Ok(None) };
        let rule =
            self.rule_of(post, now).ok_or_else(|| self.failed(Refusal::new(domain::Reason::NoRegulation)))?;
        let words = |(zh, en): &(String, String)| Words::new(zh.as_str(), en.as_str());
        let role = rule.pack.roles.iter().find(|role| role.id == actor.role);
        let role = role.map(|role| role.word.clone());
        let (_, _, warn_seconds) = self.session_times(post, now);
        Ok(Some(Session {
            name: post.name.clone(),
            login,
            unit: words(&post.unit),
            agency: words(&post.agency),
            role: role.unwrap_or_else(|| crate::words::plain(&actor.role)),
            pack: rule.pack.clone(),
            rule: rule.rule.clone(),
            over: rule.over,
            key: SessionKey(Personal::new(token)),
            idle_until: row.idle_until,
            ends: row.ends,
            warn_seconds,
            last_sign_in: None,
            posts: Vec::new(),
            password_due: false,
            proof: Personal::default(),
            proved: row.proved_at,
            csrf: row.data.clone(),
            address: row.place.clone(),
            actor,
        }))
    }

    /// The assignment of a person that runs today.
    pub(super) fn post_of(&self, person: &PersonId, now: Instant) -> Answer<Option<PostRow>> {
        let today = now.date();
        let found = self.inner.store.read(|read| {
            let rows = read.assignments(person)?;
            let current = rows.into_iter().find(|row| row.assignment.runs(today));
            current.map_or(Ok(None), |row| read.post(&row.assignment.id))
        })?;
        Ok(found)
    }

    /// The actor of a post, if the assignment runs today.
    pub(super) fn actor_at(
        &self,
        post: &PostRow,
        place: &Place,
        channel: Channel,
        now: Instant,
    ) -> Answer<Option<Actor>> {
        let assignment = &post.held.assignment;
        if !assignment.runs(now.date()) {
            return Ok(None);
        }
        let rule = self.rule_of(post, now);
        let capacities = rule.as_ref().map(|rule| rule.pack.capacities(&assignment.role).to_vec());
        let held_roles = match rule.is_some_and(|rule| rule.pack.has_instead()) {
            true => self.inner.store.read(|read| held_roles(read, post, now.date()))?,
            false => vec![],
        };
        Ok(Some(Actor {
            person: assignment.person.clone(),
            assignment: assignment.id.clone(),
            unit: assignment.unit.clone(),
            agency: post.held.agency.clone(),
            organisation: post.organisation.clone(),
            role: assignment.role.clone(),
            held_roles,
            capacities: capacities.unwrap_or_default(),
            place: place.clone(),
            channel,
        }))
    }

    /// The regulation that governs a post now, or did last: whoever stood under one that has ended still sees
    /// what they did, and finishes it.
    pub(super) fn rule_of(&self, post: &PostRow, now: Instant) -> Option<InForce> {
        self.rule_running(&post.pack, now.date())
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;

/// A session with its post and its account, in one look.
type Seated = (SessionRow, Option<PostRow>, Option<AccountRow>);

fn seated(read: &mut Read<'_>, id: &str) -> Result<Option<Seated>, store::Fault> {
    let Some(row) = read.session(id)? else { return Ok(None) };
    let post = row.assignment.as_ref().map_or(Ok(None), |id| read.post(id))?;
    let account = read.account_of_person(&row.person)?;
    Ok(Some((row, post, account)))
}

/// The roles of all posts that the holder of a post has in the same agency, where there are several.
fn held_roles(read: &mut Read<'_>, post: &PostRow, today: Date) -> Result<Vec<String>, store::Fault> {
    let own = &post.held;
    let mut rows = read.assignments(&own.assignment.person)?;
    rows.retain(|row| row.agency == own.agency && row.assignment.runs(today));
    let roles = rows.into_iter().map(|row| row.assignment.role);
    Ok(if roles.len() > 1 { roles.collect() } else { vec![] })
}
