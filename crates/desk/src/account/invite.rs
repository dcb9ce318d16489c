//! Handing out codes: to those who have no account yet, and to those who cannot get into theirs any more.

use super::hash;
use crate::letter::Urgent;
use crate::view::HandedView;
use crate::{Answer, Desk, No, Session, carry};
use domain::account::enrolment::{self, Enrolment, Kind, Method, Standing};
use domain::account::session::Why;
use domain::actor::Actor;
use domain::decision::Idempotency;
use domain::id::{EnrolmentId, LogId, PersonId};
use domain::time::Instant;
use domain::{Personal, Reason, Refusal, account, directory};
use std::collections::BTreeSet;
use store::{Fault, Read, Receipt};

/// Letters of a code: none that is mistaken for another when it is read aloud or copied by hand.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters that a code has: eighty random bits.
const LETTERS: usize = 16;

/// What is asked for when a code is handed out.
#[derive(Clone, Debug, Default)]
pub struct InviteForm {
    /// For whom, by their identifier.
    pub person: String,
    /// `first` or `reset`.
    pub kind: String,
    /// The sign-in name; of a reset it is the account's own, whatever stands here.
    pub login: String,
    /// How it reaches the person, by the regulation's word.
    pub method: String,
    /// Why credentials are reset.
    pub reason: Personal,
    /// A fresh code of the actor's own second factor.
    pub proof: String,
    /// The key under which a double click hands out one code only.
    pub form_key: String,
}

impl Desk {
    /// Hands out a code to somebody of the actor's agency. The code is in the answer once and nowhere else.
    ///
    /// # Errors
    /// As [`enrolment::invite`].
    pub fn invite(&self, session: &Session, form: &InviteForm) -> Answer<HandedView> {
        self.lets(session, ACT)?;
        let mut asked = Asked::of(form).map_err(|refusal| self.refuse(session, ACT, vec![refusal]))?;
        self.name_as_before(&mut asked)?;
        let request = format!("{} {} {} {}", form.person, form.kind, form.login, form.method);
        let once = carry::once(&form.form_key, &request);
        if self.earlier(session, once.as_ref())?.is_some() {
            return self.handed(&asked.person, None);
        }
        let refuse = |refusals| self.refuse(session, ACT, refusals);
        let agency = Some(session.actor.log());
        // All that is wrong is said before the code is used up.
        let first = self.weigh_invitation(&session.actor, agency.as_ref(), &asked)?;
        first.map_err(refuse)?;
        if !self.proves(session, ACT, &form.proof)? {
            return Err(refuse(vec![Refusal::new(Reason::ProofAgain).at("proof")]));
        }
        let receipt = self.hand_out(&session.actor, agency.as_ref(), &asked, once, refuse)?;
        self.after(&session.actor, &asked, &receipt)
    }

    /// Hands out a code by the operator's hand, to anybody who is entered.
    ///
    /// # Errors
    /// As [`enrolment::invite`].
    pub fn invite_as_operator(&self, form: &InviteForm) -> Answer<HandedView> {
        let refuse = |refusals| self.refuse_plainly(refusals);
        let mut asked = Asked::of(form).map_err(|refusal| refuse(vec![refusal]))?;
        self.name_as_before(&mut asked)?;
        let actor = directory::operator(&LogId::platform());
        let receipt = self.hand_out(&actor, None, &asked, None, refuse)?;
        self.after(&actor, &asked, &receipt)
    }

    /// Where no name is given, it is that of the account which was taken over.
    fn name_as_before(&self, asked: &mut Asked) -> Answer<()> {
        if asked.login.is_empty() {
            let former = self.inner.store.read(|read| read.former_of(&asked.person))?;
            asked.login = former.map(|former| former.login).unwrap_or_default();
        }
        Ok(())
    }

    fn weigh_invitation(
        &self,
        actor: &Actor,
        agency: Option<&LogId>,
        asked: &Asked,
    ) -> Answer<domain::Outcome<domain::Decision>> {
        let delivery = self.delivery(&asked.person)?;
        let now = self.now();
        Ok(self.inner.store.read(|read| {
            let standing = self.standing(read, agency, asked, &delivery)?;
            let enrolment = asked.enrolment(actor, &standing, now);
            Ok(enrolment::invite(actor, &enrolment, &asked.reason, &standing, &asked.event, now))
        })?)
    }

    fn hand_out(
        &self,
        actor: &Actor,
        agency: Option<&LogId>,
        asked: &Asked,
        once: Option<Idempotency>,
        refuse: impl Fn(Vec<Refusal>) -> No,
    ) -> Answer<Receipt> {
        let delivery = self.delivery(&asked.person)?;
        let now = self.now();
        self.carry_out_on_platform(refuse, |read| {
            let standing = self.standing(read, agency, asked, &delivery)?;
            let enrolment = asked.enrolment(actor, &standing, now);
            let decided = enrolment::invite(actor, &enrolment, &asked.reason, &standing, &asked.event, now);
            Ok(decided.map(|decision| decision.once(once.clone())))
        })
    }

    /// What the decision rests on. Whose agency it is, matters to its administrators; the operator enters
    /// people of all of them.
    pub(super) fn standing(
        &self,
        read: &mut Read<'_>,
        agency: Option<&LogId>,
        asked: &Asked,
        delivery: &enrolment::Delivery,
    ) -> Result<Standing, Fault> {
        let person = &asked.person;
        let account = read.account_of_person(person)?.map(|row| row.account);
        let login = account.as_ref().map_or_else(|| asked.login.clone(), |own| own.login.clone());
        let now = self.now();
        let taken = is_taken(read, person, &login, now)?;
        let of_agency = super::people::is_of(read, person, agency, now)?;
        let seen = read.revs([enrolment::key(person), account::key(&login)])?;
        let delivery = delivery.clone();
        Ok(Standing { account, taken, of_agency, delivery, seen })
    }

    /// Ends the sessions of whoever was reset, and shows the code this once.
    fn after(&self, actor: &Actor, asked: &Asked, receipt: &Receipt) -> Answer<HandedView> {
        if asked.kind == Kind::Reset {
            self.end_all(actor, &asked.person, None, Why::Reset)?;
            if !receipt.replayed {
                self.tell_of_reset(&asked.person)?;
            }
        }
        self.handed(&asked.person, (!receipt.replayed).then(|| asked.code.clone()))
    }

    /// Tells somebody that their account was reset, at the address that they gave each of their agencies.
    fn tell_of_reset(&self, person: &PersonId) -> Answer<()> {
        let rows = self.inner.store.read(|read| read.assignments(person))?;
        let agencies: BTreeSet<LogId> = rows.iter().map(|row| LogId::of(&row.agency)).collect();
        agencies.iter().for_each(|log| self.alert(log, std::slice::from_ref(person), Urgent::Reset));
        Ok(())
    }

    fn handed(&self, person: &PersonId, code: Option<Personal>) -> Answer<HandedView> {
        let apart = self.delivery(person)?.apart;
        let (found, name) =
            self.inner.store.read(|read| Ok((read.enrolment_of(person)?, read.person_name(person)?)))?;
        let found = found.ok_or_else(|| self.refuse_plainly(vec![enrolment::failed()]))?;
        Ok(handed_view(name, &found, apart, code))
    }
}

/// A code that was handed out, as the page shows it this once.
pub(super) fn handed_view(name: String, one: &Enrolment, apart: bool, code: Option<Personal>) -> HandedView {
    HandedView {
        person: one.person.to_string(),
        name,
        login: one.login.clone(),
        kind: one.kind.word(),
        method: one.method.word(),
        until: one.until,
        apart,
        code,
    }
}

/// Whether a sign-in name is somebody else's, or was promised to somebody else.
pub(crate) fn is_taken(
    read: &mut Read<'_>,
    person: &PersonId,
    login: &str,
    now: Instant,
) -> Result<bool, Fault> {
    let has = read.account(login)?.is_some_and(|row| row.account.person != *person);
    let had = read.former_of_login(login)?.is_some_and(|former| former.person != *person);
    let promised = read.enrolment_of_login(login)?;
    Ok(has || had || promised.is_some_and(|one| one.person != *person && one.is_open(now)))
}

/// The word under which refusals are entered.
pub(super) const ACT: &str = "account.invite";

/// What is asked for, read, with the code and the identifiers drawn.
#[derive(Clone)]
pub(super) struct Asked {
    id: EnrolmentId,
    pub(super) event: domain::id::EventId,
    pub(super) person: PersonId,
    kind: Kind,
    pub(super) login: String,
    method: Method,
    reason: Personal,
    pub(super) code: Personal,
}

impl Asked {
    fn of(form: &InviteForm) -> Result<Self, Refusal> {
        let malformed = |field| Refusal::new(Reason::FieldMalformed).at(field);
        let method = Method::from_word(&form.method).ok_or_else(|| malformed("method"))?;
        Ok(Self {
            kind: Kind::from_word(&form.kind).ok_or_else(|| malformed("kind"))?,
            login: form.login.trim().to_string(),
            reason: form.reason.clone(),
            ..Self::drawn(&form.person, method)
        })
    }

    /// A first code for somebody, with nothing else said of it yet.
    pub(super) fn drawn(person: &str, method: Method) -> Self {
        Self {
            id: EnrolmentId::new(carry::random_id("en")),
            event: carry::event(),
            person: PersonId::new(person.trim()),
            kind: Kind::First,
            login: String::new(),
            method,
            reason: Personal::default(),
            code: new_code(),
        }
    }

    pub(super) fn enrolment(&self, actor: &Actor, standing: &Standing, now: Instant) -> Enrolment {
        let own = standing.account.as_ref().filter(|_| self.kind == Kind::Reset);
        Enrolment {
            id: self.id.clone(),
            kind: self.kind,
            person: self.person.clone(),
            login: own.map_or_else(|| self.login.clone(), |account| account.login.clone()),
            method: self.method,
            code_hash: code_hash(self.code.expose()),
            by: actor.person.clone(),
            at: now,
            until: now.plus_hours(standing.delivery.valid_hours.into()),
            closed: None,
            over: None,
        }
    }
}

/// A fresh code, in groups of four.
fn new_code() -> Personal {
    let mut bytes = [0u8; LETTERS];
    getrandom::fill(&mut bytes).expect("the system gives random bytes, or nothing is safe");
    let letters: Vec<char> = bytes.iter().map(|b| char::from(ALPHABET[usize::from(b % 32)])).collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    Personal::new(groups.join("-"))
}

/// The digest of a code as people type it: in any case, with or without its hyphens, and with the letters
/// that stand in no code read as the digits they look like.
pub(super) fn code_hash(typed: &str) -> String {
    let letter = |c: char| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let folded = domain::identity::fold(typed);
    let kept = folded.chars().filter(|c| !c.is_whitespace() && *c != '-').map(letter);
    hash(&kept.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = new_code();
        let text = code.expose();
        assert_eq!(text.len(), 19);
        assert!(!text.contains(['I', 'L', 'O', 'U']));
        let plain = text.replace('-', "").to_lowercase();
        assert_eq!(code_hash(text), code_hash(&plain));
        assert_eq!(code_hash("O1L0-I"), code_hash("0110 1"));
        assert_ne!(code_hash(text), code_hash(new_code().expose()));
    }
}
