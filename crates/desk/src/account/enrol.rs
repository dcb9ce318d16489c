//! Setting one's own account up with a code that was handed out.
//!
//! Between the page that takes the code and the one that sets the password lies a ticket: the secret of the
//! second factor, parked under a key that only the page has. The code itself goes back into no page.

use super::{FAILURE_WINDOW_SECONDS, check_code, failure_key, hashed, invite, totp, verify_password};
use crate::carry::window;
use crate::view::{EnrollingView, FactorView};
use crate::{Answer, Desk, No, carry};
use domain::Personal;
use domain::account::enrolment::{self, Enrolment, Ground, Setup};
use domain::account::password::Typed;
use domain::account::{self, Layer};
use domain::actor::{Channel, Place};
use domain::id::EnrolmentId;
use store::{Fault, Parked, Read};

/// Minutes that somebody has for choosing a password and tying the second factor.
const TICKET_MINUTES: i64 = 30;

/// What is typed to set an account up.
#[derive(Clone, Debug)]
pub struct SetUpForm {
    /// The ticket of the page.
    pub ticket: String,
    /// The password.
    pub password: Personal,
    /// The password again.
    pub again: Personal,
    /// A current code of the new second factor.
    pub proof: String,
    /// Where the request comes from.
    pub place: Place,
}

/// What a ticket stands for.
struct Ticket {
    enrolment: Enrolment,
    secret: Personal,
}

impl Desk {
    /// Takes a code. Unknown, expired and used ones are answered alike.
    ///
    /// # Errors
    /// It is not good; the store.
    pub fn redeem(&self, login: &str, code: &str) -> Answer<EnrollingView> {
        let (login, digest, now) = (login.trim(), invite::code_hash(code), self.now());
        let found = self.inner.store.read(|read| read.enrolment_of_login(login))?;
        let known = found.is_some();
        let good = found.filter(|one| one.is_open(now) && one.code_hash == digest);
        let Some(enrolment) = good else {
            let (key, span) = (failure_key(Layer::Code, login, known), window(now, FAILURE_WINDOW_SECONDS));
            self.inner.store.tend(|tend| tend.count_failure(&key, span))?;
            return Err(self.no_code());
        };
        let secret = Personal::new(totp::secret());
        let ticket = format!("{}-{}", carry::random_hex::<16>(), carry::random_hex::<16>());
        let (name, key) = parts(&ticket);
        let held = (enrolment.id.as_str(), &secret);
        let text = Personal::new(serde_json::to_string(&held).unwrap_or_default());
        let expires = now.plus_minutes(TICKET_MINUTES).min(enrolment.until);
        let parked = Parked::seal(&name, key, text.expose().as_bytes(), expires)?;
        self.inner.store.tend(|tend| tend.park(&parked))?;
        self.enrolling(&ticket, Ticket { enrolment, secret })
    }

    /// What the page of a ticket shows, once more.
    ///
    /// # Errors
    /// The ticket is unknown or over; the store.
    pub fn redeemed(&self, ticket: &str) -> Answer<EnrollingView> {
        self.enrolling(ticket, self.ticket(ticket)?)
    }

    /// Sets the account up. Its owner signs in next, with a new code.
    ///
    /// # Errors
    /// As [`enrolment::enrol`].
    pub fn set_up(&self, form: &SetUpForm) -> Answer<()> {
        let Ticket { enrolment, secret } = self.ticket(&form.ticket)?;
        let (person, now, event) = (&enrolment.person, self.now(), carry::event());
        let post = self.post_of(person, now)?.ok_or_else(|| self.no_code())?;
        let actor = self.actor_at(&post, &form.place, Channel::Page, now)?.ok_or_else(|| self.no_code())?;
        let (policy, mut delivered) = (self.password_policy(person)?, self.delivery(person)?.clauses);
        delivered.extend(self.sharing_clauses(person)?);
        let step = check_code(&secret, &form.proof, now);
        let setup = Setup {
            typed: Typed {
                returns: self.returns(&enrolment.login, &form.password, policy.compared())?,
                password: form.password.clone(),
                again: form.again.clone(),
            },
            hash: hashed(&form.password)?,
            totp: secret,
            confirmed: step.is_some(),
        };
        let refuse = |refusals| self.refuse_plainly(refusals);
        // Sessions that were ended with the reset would else live again with the account.
        if let Some(step) = step {
            self.inner.store.tend(|tend| {
                tend.end_sessions_of(person)?;
                tend.use_code(&enrolment.login, step)
            })?;
        }
        self.carry_out_on_platform(refuse, |read| {
            let ground = ground(read, &enrolment, policy.clone(), delivered.clone())?;
            Ok(enrolment::enrol(&actor, &ground, &setup, &event, now))
        })?;
        let (name, _) = parts(&form.ticket);
        self.end_run(&enrolment.login)?;
        self.password_changed(person)?;
        Ok(self.inner.store.tend(|tend| tend.drop_parked(&name))?)
    }

    /// Whether a password is one of those that the account had last, its present one among them.
    pub(super) fn returns(&self, login: &str, password: &Personal, compared: usize) -> Answer<bool> {
        let hashes = self.inner.store.read(|read| {
            let Some(row) = read.account(login)? else { return Ok(vec![]) };
            let mut hashes = vec![row.account.password_hash];
            hashes.extend(read.passwords_before(login, compared.saturating_sub(1))?);
            Ok(hashes)
        })?;
        Ok(hashes.iter().any(|hash| verify_password(hash, password.expose())))
    }

    fn ticket(&self, ticket: &str) -> Answer<Ticket> {
        let (name, key) = parts(ticket);
        let now = self.now();
        let bytes = self.inner.store.read(|read| read.parked(&name, key, now))?;
        let held = bytes.and_then(|bytes| serde_json::from_slice::<(String, Personal)>(&bytes).ok());
        let (id, secret) = held.ok_or_else(|| self.no_code())?;
        let id = EnrolmentId::new(id);
        let found = self.inner.store.read(|read| read.enrolment(&id))?;
        let enrolment = found.filter(|one| one.is_open(now)).ok_or_else(|| self.no_code())?;
        Ok(Ticket { enrolment, secret })
    }

    fn enrolling(&self, ticket: &str, held: Ticket) -> Answer<EnrollingView> {
        let Ticket { enrolment, secret } = held;
        let person = &enrolment.person;
        Ok(EnrollingView {
            ticket: ticket.into(),
            name: self.inner.store.read(|read| read.person_name(person))?,
            rules: self.password_rules(person)?,
            secrets: self.secrets(person)?,
            factor: FactorView::of(&enrolment.login, secret),
            login: enrolment.login,
        })
    }

    fn no_code(&self) -> No {
        self.refuse_plainly(vec![enrolment::failed()])
    }
}

fn ground(
    read: &mut Read<'_>,
    enrolment: &Enrolment,
    policy: account::password::Policy,
    delivered: Vec<domain::regulation::ClauseId>,
) -> Result<Ground, Fault> {
    let person = &enrolment.person;
    let account = read.account_of_person(person)?.map(|row| row.account);
    let taken = read.account(&enrolment.login)?.is_some_and(|row| row.account.person != *person);
    let seen = read.revs([enrolment::key(person), account::key(&enrolment.login)])?;
    let enrolment = read.enrolment(&enrolment.id)?.unwrap_or_else(|| enrolment.clone());
    Ok(Ground { enrolment, account, taken, policy, delivered, seen })
}

/// The name that a ticket is parked under, and the secret that opens it.
fn parts(ticket: &str) -> (String, &[u8]) {
    let (name, secret) = ticket.split_once('-').unwrap_or_default();
    (format!("enrol {name}"), secret.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_without_its_secret_is_none() {
        assert_eq!(parts("name-secret"), ("enrol name".to_string(), "secret".as_bytes()));
        assert_eq!(parts("nothing"), ("enrol ".to_string(), "".as_bytes()));
    }
}
