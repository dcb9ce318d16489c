//! One account with the codes that were handed out for it, saying how a code reached its owner, and revoking
//! one.

use super::people::is_of;
use crate::view::{AccountView, CodeView, HandingView};
use crate::{Answer, Desk, Session, carry};
use domain::account::enrolment::{Delivery, Enrolment, Over};
use domain::account::handing::{self, Facts, Handing, Way};
use domain::id::{EnrolmentId, PersonId};
use domain::time::{Date, Instant};
use domain::{Actor, Decision, Outcome, Reason, Refusal};
use store::capability::account::Whose;
use store::{Fault, Read};

/// Codes of one account that its page lists, the newest first.
const CODES: i64 = 50;

/// How a code reached its owner, as whoever handed it over words it.
#[derive(Clone, Debug)]
pub struct DeliveryForm {
    /// Which code.
    pub code: String,
    /// To whom it was given; to its owner where nobody is named.
    pub to: String,
    /// In which way.
    pub way: String,
    /// On which day.
    pub on: Date,
    /// The key under which this is carried out once.
    pub form_key: String,
}

impl Desk {
    /// One account with the codes that were handed out for it, for whoever runs the accounts or audits them.
    ///
    /// # Errors
    /// The actor does neither; nobody of the agency is called so.
    pub fn account_of(&self, session: &Session, person: &str) -> Answer<AccountView> {
        let (actor, now, owner) = (&session.actor, self.now(), PersonId::new(person));
        let Some(row) = self.account_rows(session, Whose::One(&owner))?.into_iter().next() else {
            let unknown = Refusal::new(Reason::RecordUnknown);
            return Err(self.refuse(session, "account.see", vec![unknown]));
        };
        let delivery = self.delivery(&owner)?;
        Ok(self.inner.store.read(|read| {
            let codes = read.enrolments_of(&owner, CODES)?;
            let view = |one: &Enrolment| code_view(read, one, (row.may, &delivery), now);
            let codes = codes.iter().map(view).collect::<Result<_, Fault>>()?;
            let mut colleagues = crate::directory::others(read, actor, now.date())?;
            colleagues.retain(|(id, _)| id != person);
            Ok(AccountView {
                codes,
                colleagues: if delivery.own_hand { vec![] } else { colleagues },
                sessions: read.sessions_of(&owner, now)?.len(),
                clause: delivery.clauses.first().and_then(|id| self.cite(session, id)),
                today: now.date(),
                row: row.clone(),
            })
        })?)
    }

    /// Says how a code reached its owner.
    ///
    /// # Errors
    /// As [`handing::record`].
    pub fn record_delivery(&self, session: &Session, form: &DeliveryForm) -> Answer<()> {
        const ACT: &str = "account.deliver";
        let request = format!("{} {} {} {}", form.code, form.to, form.way, form.on);
        let once = carry::once(&form.form_key, &request);
        if self.earlier(session, once.as_ref())?.is_some() {
            return Ok(());
        }
        let Some(way) = Way::from_word(&form.way) else {
            let missing = Refusal::new(Reason::FieldMissing).at("handed-way");
            return Err(self.refuse(session, ACT, vec![missing]));
        };
        let (event, now) = (carry::event(), self.now());
        self.on_code(session, ACT, &form.code, |read, mut facts| {
            let owner = &facts.enrolment.person;
            let to = match form.to.trim() {
                "" => owner.clone(),
                named => PersonId::new(named),
            };
            facts.to_agency = is_of(read, &to, Some(&session.actor.log()), now)?;
            let enrolment = facts.enrolment.id.clone();
            let by = session.actor.person.clone();
            let handing = Handing { enrolment, by, to, way, on: form.on, at: now };
            let decided = handing::record(&session.actor, &handing, &facts, &event, now);
            Ok(decided.map(|decision| decision.once(once.clone())))
        })
    }

    /// Revokes a code that nobody has used.
    ///
    /// # Errors
    /// As [`handing::revoke`].
    pub fn revoke_code(&self, session: &Session, code: &str) -> Answer<()> {
        let (event, now) = (carry::event(), self.now());
        self.on_code(session, "account.revoke-code", code, |_, facts| {
            Ok(handing::revoke(&session.actor, &facts, &event, now))
        })
    }

    /// Decides about a code that was handed out, and carries that out.
    fn on_code(
        &self,
        session: &Session,
        act: &str,
        code: &str,
        decide: impl Fn(&mut Read<'_>, Facts) -> Result<Outcome<Decision>, Fault>,
    ) -> Answer<()> {
        let id = EnrolmentId::new(code.trim());
        let refuse = |refusals| self.refuse(session, act, refusals);
        let unknown = || vec![Refusal::new(Reason::RecordUnknown).with("code", code)];
        let found = self.inner.store.read(|read| read.enrolment(&id))?;
        let Some(found) = found else { return Err(refuse(unknown())) };
        let delivery = self.delivery(&found.person)?;
        self.carry_out_on_platform(refuse, |read| {
            let facts = facts(read, &id, &session.actor, &delivery, self.now())?;
            facts.map_or_else(|| Ok(Err(unknown())), |facts| decide(read, facts))
        })?;
        Ok(())
    }
}

fn facts(
    read: &mut Read<'_>,
    id: &EnrolmentId,
    actor: &Actor,
    delivery: &Delivery,
    now: Instant,
) -> Result<Option<Facts>, Fault> {
    let Some(enrolment) = read.enrolment(id)? else { return Ok(None) };
    let owner = &enrolment.person;
    Ok(Some(Facts {
        said: read.handing(id)?.is_some(),
        of_agency: is_of(read, owner, Some(&actor.log()), now)?,
        to_agency: false,
        delivery: delivery.clone(),
        seen: read.rev(&domain::account::enrolment::key(owner))?,
        enrolment,
    }))
}

fn code_view(
    read: &mut Read<'_>,
    one: &Enrolment,
    (may, delivery): (bool, &Delivery),
    now: Instant,
) -> Result<CodeView, Fault> {
    let said = read.handing(&one.id)?;
    let state = match one.over {
        Some(over) => over.word(),
        None if one.closed.is_some() => "closed",
        None if one.is_open(now) => "good",
        None => "lapsed",
    };
    let back = matches!(one.over, Some(Over::Replaced | Over::Revoked)) || state == "closed";
    let ways = if may && said.is_none() && !back { Way::of(one.method) } else { &[] };
    Ok(CodeView {
        id: one.id.to_string(),
        kind: one.kind.word(),
        method: one.method.word(),
        by: read.person_name(&one.by)?,
        at: one.at,
        until: one.until,
        state,
        closed: one.closed,
        outstanding: handing::outstanding(one, now).filter(|_| said.is_none()).map(|own| own.word()),
        ways: ways.iter().map(|way| way.word()).collect(),
        colleague: handing::lets_colleague(one.method, delivery),
        revoke: may && one.closed.is_none(),
        handing: match said {
            None => None,
            Some(said) => Some(HandingView {
                by: read.person_name(&said.by)?,
                to: read.person_name(&said.to)?,
                colleague: said.to != one.person,
                way: said.way.word(),
                on: said.on,
            }),
        },
    })
}
