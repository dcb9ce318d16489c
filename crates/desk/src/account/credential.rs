//! One's own password, second factor and sessions.

use super::{check_code, hash_of, hashed, totp, verify_password};
use crate::letter::Urgent;
use crate::view::{Due, EndView, FactorView, PasswordView, TodoItem, TodoKind};
use crate::{Answer, Desk, Session, carry};
use domain::account::password::{self, Request, Typed};
use domain::account::session::{self, Why};
use domain::account::{self, Account, Attempt, Layer, enrolment, factor};
use domain::actor::Actor;
use domain::id::{LogId, PersonId};
use domain::regulation::{ClauseId, Force};
use domain::time::Instant;
use domain::{Personal, Reason, Refusal};
use store::{Parked, SessionRow};

/// Minutes that somebody has for tying a new second factor.
const FACTOR_MINUTES: i64 = 15;
/// Letters of a session's hash by which its owner names it; the page shows no more of it.
const HANDLE: usize = 16;

/// What is typed to change one's own password.
#[derive(Clone, Debug)]
pub struct PasswordForm {
    /// The present password.
    pub current: Personal,
    /// The new one.
    pub password: Personal,
    /// The new one again.
    pub again: Personal,
    /// A fresh code of the second factor.
    pub proof: String,
    /// The key under which a double click changes it once.
    pub form_key: String,
}

/// When the time of a password is over: whether that is enforced or advised, and the clauses.
pub(super) type End = (Force, Due, Vec<ClauseId>);

impl Desk {
    /// The demands on the actor's own password, and when its time is over.
    ///
    /// # Errors
    /// The store.
    pub fn own_password(&self, session: &Session) -> Answer<PasswordView> {
        let person = &session.actor.person;
        Ok(PasswordView {
            rules: self.password_rules(person)?,
            secrets: self.secrets(person)?,
            due: self.coming_due(person)?.map(|end| self.end_view(session, end)),
            fresh: self.fresh(session)?.map(|due| due.clauses.first().and_then(|id| self.cite(session, id))),
        })
    }

    /// When the time of the actor's own password is over, however far that is.
    pub(crate) fn password_end(&self, session: &Session) -> Answer<Option<EndView>> {
        let end = self.password_ends(&session.actor.person, None)?;
        Ok(end.map(|end| self.end_view(session, end)))
    }

    fn end_view(&self, session: &Session, (force, due, clauses): End) -> EndView {
        (force == Force::Duty, due, clauses.first().and_then(|id| self.cite(session, id)))
    }

    /// Changes one's own password, and ends one's other sessions.
    ///
    /// # Errors
    /// As [`password::change`].
    pub fn change_password(&self, session: &Session, form: &PasswordForm) -> Answer<()> {
        const ACT: &str = "account.change-password";
        let once = carry::once(&form.form_key, ACT);
        if self.earlier(session, once.as_ref())?.is_some() {
            return Ok(());
        }
        let refuse = |refusals| self.refuse(session, ACT, refusals);
        let Some(own) = self.own_account(session)? else { return Err(refuse(vec![unproved()])) };
        let mut policy = self.password_policy(&own.person)?;
        if self.fresh(session)?.is_some() {
            // What the rule wants changed now is not kept by the days for which it stands at least.
            policy.min_age_days = None;
        }
        let step = self.shown(&own, &form.current, &form.proof)?;
        let request = Request {
            typed: Typed {
                returns: self.returns(&own.login, &form.password, policy.compared())?,
                password: form.password.clone(),
                again: form.again.clone(),
            },
            proved: step.is_some(),
            hash: hashed(&form.password)?,
        };
        let (event, now) = (carry::event(), self.now());
        let decide = |read: &mut store::Read<'_>, request: &Request| {
            let seen = read.rev(&account::key(&own.login))?;
            let account = read.account_of_person(&own.person)?.map_or_else(|| own.clone(), |r| r.account);
            let actor = &session.actor;
            // What was shown was that of an account that may have been reset or closed since.
            let request = Request { proved: request.proved && is_still(&account, &own), ..request.clone() };
            let decided = password::change(&account, actor, &policy, &request, seen, &event, now);
            Ok(decided.map(|decision| decision.once(once.clone())))
        };
        // All that is wrong is said before the code is used up.
        self.inner.store.read(|read| decide(read, &request))?.map_err(refuse)?;
        self.use_up(session, &own, step)?;
        self.carry_out_on_platform(refuse, |read| decide(read, &request))?;
        self.password_changed(&own.person)?;
        self.end_all(&session.actor, &own.person, Some(session), Why::Password)
    }

    /// Gives out the secret of a new second factor, once password and code of the present one were shown.
    ///
    /// # Errors
    /// They are not right.
    pub fn begin_factor(&self, session: &Session, current: &Personal, proof: &str) -> Answer<FactorView> {
        let refuse = |refusals| self.refuse(session, "account.replace-factor", refusals);
        let Some(own) = self.own_account(session)? else { return Err(refuse(vec![unproved()])) };
        let step = self.shown(&own, current, proof)?;
        if step.is_none() {
            return Err(refuse(vec![unproved()]));
        }
        self.use_up(session, &own, step)?;
        let secret = Personal::new(totp::secret());
        let expires = self.now().plus_minutes(FACTOR_MINUTES);
        let (name, bytes) = (factor_name(session), secret.expose().as_bytes());
        let parked = Parked::seal(&name, session.key.bytes(), bytes, expires)?;
        self.inner.store.tend(|tend| tend.park(&parked))?;
        Ok(FactorView::of(&own.login, secret))
    }

    /// The new second factor that waits for its code in this session.
    ///
    /// # Errors
    /// The store.
    pub fn waiting_factor(&self, session: &Session) -> Answer<Option<FactorView>> {
        let (name, now) = (factor_name(session), self.now());
        let bytes = self.inner.store.read(|read| read.parked(&name, session.key.bytes(), now))?;
        let secret = bytes.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
        Ok(secret.map(|secret| FactorView::of(&session.login, Personal::new(secret))))
    }

    /// Ties the new second factor in the place of the present one.
    ///
    /// # Errors
    /// Its code is wrong, or none was given out in this session lately.
    pub fn replace_factor(&self, session: &Session, proof: &str) -> Answer<()> {
        let refuse = |refusals| self.refuse(session, "account.replace-factor", refusals);
        let waiting = self.waiting_factor(session)?;
        let (Some(view), Some(own)) = (waiting, self.own_account(session)?) else {
            return Err(refuse(vec![unproved()]));
        };
        let (secret, now, event) = (view.secret, self.now(), carry::event());
        let step = check_code(&secret, proof, now);
        self.carry_out_on_platform(refuse, |read| {
            let seen = read.rev(&account::key(&own.login))?;
            let account = read.account_of_person(&own.person)?.map(|row| row.account);
            let same = account.as_ref().is_some_and(|account| is_still(account, &own));
            let new = (&secret, step.is_some() && same);
            Ok(factor::replace(&own, &session.actor, new, seen, &event, now))
        })?;
        let name = factor_name(session);
        self.inner.store.tend(|tend| {
            if let Some(step) = step {
                tend.use_code(&own.login, step)?;
            }
            tend.drop_parked(&name)
        })?;
        self.end_all(&session.actor, &own.person, Some(session), Why::Factor)
    }

    /// Ends one of the actor's own sessions, by its handle.
    ///
    /// # Errors
    /// It is over already.
    pub fn end_session(&self, session: &Session, handle: &str) -> Answer<()> {
        let (person, now) = (&session.actor.person, self.now());
        let rows = self.inner.store.read(|read| read.sessions_of(person, now))?;
        let Some(row) = rows.into_iter().find(|row| self::handle(row) == handle) else {
            let unknown = Refusal::new(Reason::SessionUnknown);
            return Err(self.refuse(session, "account.end-session", vec![unknown]));
        };
        self.end_one(&session.actor, &row, Why::Owner, &[])
    }

    /// Ends all of the actor's own sessions but this one.
    ///
    /// # Errors
    /// The store.
    pub fn end_other_sessions(&self, session: &Session) -> Answer<()> {
        self.end_all(&session.actor, &session.actor.person, Some(session), Why::Owner)
    }

    /// Ends the sessions of somebody whose account the actor runs, and tells how many there were.
    ///
    /// # Errors
    /// It is the actor's own account, or not of this agency; a code is wanted.
    pub fn end_sessions_for(&self, session: &Session, person: &str) -> Answer<usize> {
        const ACT: &str = "account.end-sessions";
        let (person, actor, now) = (PersonId::new(person), &session.actor, self.now());
        let (of_agency, running) = self.inner.store.read(|read| {
            let of_agency = super::people::is_of(read, &person, Some(&actor.log()), now)?;
            Ok((of_agency, read.sessions_of(&person, now)?.len()))
        })?;
        let may = enrolment::runs_account(actor, &person, of_agency);
        may.map_err(|refusals| self.refuse(session, ACT, refusals))?;
        self.want_proof(session, ACT)?;
        self.end_all(actor, &person, None, Why::Keeper)?;
        Ok(running)
    }

    /// Ends the sessions of a person, but `kept`; each has an entry.
    pub(super) fn end_all(
        &self,
        actor: &Actor,
        person: &PersonId,
        kept: Option<&Session>,
        why: Why,
    ) -> Answer<()> {
        let now = self.now();
        let rows = self.inner.store.read(|read| read.sessions_of(person, now))?;
        let kept = kept.map(hash_of);
        let mut ended = rows.iter().filter(|row| kept.as_ref() != Some(&row.id_hash));
        ended.try_for_each(|row| self.end_one(actor, row, why, &[]))
    }

    /// Ends the oldest sessions of an account that holds more than its regulation lets it.
    pub(super) fn keep_to_limit(&self, actor: &Actor, newest: &str) -> Answer<()> {
        let Some((most, clauses)) = self.session_limit(&actor.person)? else { return Ok(()) };
        let now = self.now();
        let rows = self.inner.store.read(|read| read.sessions_of(&actor.person, now))?;
        let older = rows.iter().filter(|row| row.id_hash != newest);
        let mut over = older.take(rows.len().saturating_sub(most.max(1)));
        over.try_for_each(|row| self.end_one(actor, row, Why::Limit, &clauses))
    }

    fn end_one(&self, actor: &Actor, row: &SessionRow, why: Why, clauses: &[ClauseId]) -> Answer<()> {
        let decision =
            session::end(actor, (&row.person, why), row.created, clauses, &carry::event(), self.now());
        self.inner.store.write(decision)?;
        self.inner.store.tend(|tend| tend.end_session(&row.id_hash))?;
        Ok(())
    }

    /// What is to be done about the actor's own password: when its time is over, from two weeks before.
    pub(crate) fn password_items(&self, session: &Session) -> Answer<Vec<TodoItem>> {
        let Some((force, due, clauses)) = self.coming_due(&session.actor.person)? else {
            return Ok(vec![]);
        };
        let kind = match force {
            Force::Duty => TodoKind::PasswordEnding,
            Force::Advice => TodoKind::PasswordAdvised,
        };
        Ok(vec![TodoItem {
            clause: clauses.first().and_then(|id| self.cite(session, id)),
            due: Some(due),
            href: "/password".into(),
            ..TodoItem::blank(kind)
        }])
    }

    /// When the time of a person's password is over, if that is soon or past; what is enforced before what is
    /// advised.
    pub(super) fn coming_due(&self, person: &PersonId) -> Answer<Option<End>> {
        self.password_ends(person, Some(password::NOTICE_DAYS))
    }

    fn password_ends(&self, person: &PersonId, within_days: Option<i64>) -> Answer<Option<End>> {
        let Some((set, _)) = self.inner.store.read(|read| read.password_age(person))? else {
            return Ok(None);
        };
        let (policy, now) = (self.password_policy(person)?, self.now());
        let soon = |due: &password::Due| within_days.is_none_or(|days| due.at <= now.plus_hours(24 * days));
        let of = |force| {
            let due = policy.due(force, set).filter(soon)?;
            Some((force, crate::lookup::due_view(due.at, now), due.clauses))
        };
        Ok(of(Force::Duty).or_else(|| of(Force::Advice)))
    }

    /// When the actor's password had to be changed because of the post that they act under.
    fn fresh(&self, session: &Session) -> Answer<Option<password::Due>> {
        let (person, post) = (&session.actor.person, &session.actor.assignment);
        let (post, age) = self.inner.store.read(|read| Ok((read.post(post)?, read.password_age(person)?)))?;
        let both = post.zip(age);
        Ok(both.and_then(|(post, (set, _))| password::fresh(&session.pack, &post.held.assignment, set)))
    }

    fn own_account(&self, session: &Session) -> Answer<Option<Account>> {
        let person = &session.actor.person;
        Ok(self.inner.store.read(|read| read.account_of_person(person))?.map(|row| row.account))
    }

    /// The step of a code that was shown together with the present password, if both are right. Wrong ones
    /// count like those at the door, and lock the account like those; its sessions are over then.
    fn shown(&self, own: &Account, current: &Personal, proof: &str) -> Answer<Option<i64>> {
        let now = self.now();
        let password = verify_password(&own.password_hash, current.expose());
        let step = check_code(&own.totp, proof, now);
        if let Some(step) = step.filter(|_| password && !is_locked(own, now)) {
            return Ok(Some(step));
        }
        self.wrong_proof(own)?;
        Ok(None)
    }

    /// The step of a code that was shown for an act of its owner, if it is right; wrong ones count as in
    /// [`Desk::shown`].
    pub(super) fn shown_code(&self, own: &Account, proof: &str) -> Answer<Option<i64>> {
        let now = self.now();
        let step = check_code(&own.totp, proof, now).filter(|_| !is_locked(own, now));
        if step.is_none() {
            self.wrong_proof(own)?;
        }
        Ok(step)
    }

    /// Counts a wrong password or code, and locks the account of too many: then its sessions are over, and
    /// its owner is told.
    fn wrong_proof(&self, own: &Account) -> Answer<()> {
        let now = self.now();
        let locked = is_locked(own, now);
        let failures = self.count_failure(Layer::Password, &own.login, true, locked)?;
        if locked {
            return Ok(());
        }
        let attempt = Attempt {
            proved: false,
            open: own.open,
            locked_until: own.locked_until,
            failures,
            lockout: self.strictest_lockout(Some(&own.person))?,
            factors: vec![],
        };
        let clauses = attempt.lockout.as_ref().map(|lockout| lockout.clauses.clone()).unwrap_or_default();
        if let Some(decision) = account::lock(own, &attempt, &clauses, &carry::event(), now) {
            self.inner.store.write(decision)?;
            self.end_run(&own.login)?;
            self.inner.store.tend(|tend| tend.end_sessions_of(&own.person))?;
            if let Some(post) = self.post_of(&own.person, now)? {
                self.alert(&LogId::of(&post.held.agency), std::slice::from_ref(&own.person), Urgent::Locked);
            }
        }
        Ok(())
    }

    /// Uses a code up for an act that changes who can sign in. One that was good at the door, or for a stamp,
    /// is none here: whoever saw it being typed cannot make themselves at home with it.
    pub(super) fn use_code_whole(&self, login: &str, step: i64) -> Answer<bool> {
        let act = format!("{login}/act");
        Ok(self.inner.store.tend(|tend| Ok(tend.use_code(login, step)? & tend.use_code(&act, step)?))?)
    }

    fn use_up(&self, session: &Session, own: &Account, step: Option<i64>) -> Answer<()> {
        let fresh = step.map_or(Ok(false), |step| self.use_code_whole(&own.login, step))?;
        match fresh {
            true => Ok(()),
            false => Err(self.refuse(session, "account.prove", vec![unproved()])),
        }
    }
}

pub(super) fn is_locked(account: &Account, now: Instant) -> bool {
    account.locked_until.is_some_and(|until| now < until)
}

/// Whether an account is open, and its password the one that was shown.
pub(super) fn is_still(account: &Account, shown: &Account) -> bool {
    account.open && account.password_hash == shown.password_hash
}

/// How the owner of a session names it.
pub(crate) fn handle(row: &SessionRow) -> String {
    row.id_hash.chars().take(HANDLE).collect()
}

fn unproved() -> Refusal {
    Refusal::new(Reason::NotProved).at("current")
}

fn factor_name(session: &Session) -> String {
    format!("factor {}", hash_of(session))
}
