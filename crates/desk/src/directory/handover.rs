//! Handing over by a list: the page of one, naming the receiver, signing.

use crate::view::{HandoverView, SignerView};
use crate::{Answer, Desk, Session, carry};
use domain::application::route::Holder;
use domain::directory::handover::{self, Facts, Handover, Part};
use domain::duty::{Kind, Owner, State};
use domain::id::{HandoverId, PersonId};
use domain::regulation::{Capacity, Situation};
use domain::{Personal, Reason, Refusal};
use store::{Fault, Read};

/// Cases of one list.
const ITEMS: i64 = 2_001;

impl Desk {
    /// One list, for those who sign it and those who oversee the agency.
    ///
    /// # Errors
    /// There is none that the actor may see.
    pub fn handover(&self, session: &Session, id: &str) -> Answer<HandoverView> {
        let (actor, log) = (&session.actor, session.actor.log());
        let found = self.inner.store.read(|read| {
            let Some(facts) = self.handover_facts(read, session, id)? else { return Ok(None) };
            let handover = &facts.handover;
            let part = handover.part(actor, &facts.duties);
            let owners = Owner::of(&actor.person, &actor.role, &actor.unit);
            let signs = facts.signers.iter().any(|owner| owners.contains(owner));
            if part.is_none() && !signs && !actor.oversees() {
                return Ok(None);
            }
            let receiver = handover.receiver.as_ref().map(|person| read.person_name(person)).transpose()?;
            let closed = match &handover.closed {
                Some((by, at)) => Some((read.person_name(by)?, *at)),
                None => None,
            };
            let items = match handover.receiver {
                Some(_) => handover.items.clone(),
                None => read.cases_of_officer(&log, &handover.giver, &handover.unit, ITEMS)?,
            };
            let sign = match part {
                Some(Part::Giver) => handover.given.is_none() && handover.receiver.is_some(),
                Some(Part::Receiver) => handover.received.is_none(),
                Some(Part::Supervisor) | None => {
                    let turn = handover.is_turn_of(actor, &facts.signers, &facts.duties);
                    turn && handover.received.is_some() && handover.closed.is_none()
                }
            };
            let part = part.or(sign.then_some(Part::Supervisor));
            let signers = self.signers_view(read, session, &facts)?;
            let names = part == Some(Part::Supervisor) && handover.received.is_none();
            Ok(Some(HandoverView {
                id: handover.id.to_string(),
                giver: read.person_name(&handover.giver)?,
                receiver,
                unit: read.unit(&handover.unit)?.map(|unit| unit.name).unwrap_or_default(),
                clause: facts.clauses.first().and_then(|id| self.cite(session, id)),
                items,
                given: handover.given,
                received: handover.received,
                closed,
                part: part.map_or("", Part::word),
                sign,
                signers,
                receivers: if names { self.receivers(read, session, handover)? } else { vec![] },
            }))
        })?;
        found.ok_or_else(|| self.refuse(session, "directory.handover", vec![unknown()]))
    }

    /// Names who receives the work; the list is drawn up from the giver's open cases.
    ///
    /// # Errors
    /// The actor does not watch over the unit; somebody signed already; nobody of the unit is named.
    pub fn name_receiver(&self, session: &Session, id: &str, receiver: &str) -> Answer<()> {
        let (actor, log, event) = (&session.actor, session.actor.log(), carry::event());
        self.carry_out(session, "directory.hand-over", |read| {
            let Some(facts) = self.handover_facts(read, session, id)? else {
                return Ok(Err(vec![unknown()]));
            };
            let handover = &facts.handover;
            let offered = self.receivers(read, session, handover)?;
            if !offered.iter().any(|(person, ..)| person == receiver) {
                return Ok(Err(vec![Refusal::new(Reason::FieldMissing).at("receiver")]));
            }
            let items = read.cases_of_officer(&log, &handover.giver, &handover.unit, ITEMS)?;
            let (rule, receiver) = (session.as_rule(), PersonId::new(receiver));
            Ok(handover::name(rule, actor, &facts, &receiver, items, &event, self.now()))
        })?;
        Ok(())
    }

    /// Signs a list, as its giver, its receiver or the supervisor.
    ///
    /// # Errors
    /// It is not the actor's to sign, or a signature that comes before is missing.
    pub fn sign_handover(&self, session: &Session, id: &str, note: &Personal) -> Answer<()> {
        let (actor, event) = (&session.actor, carry::event());
        let note = Personal::new(note.expose().trim());
        self.carry_out(session, "directory.hand-over", |read| {
            let Some(facts) = self.handover_facts(read, session, id)? else {
                return Ok(Err(vec![unknown()]));
            };
            Ok(handover::sign(session.as_rule(), actor, &facts, &note, &event, self.now()))
        })?;
        Ok(())
    }

    fn handover_facts(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        id: &str,
    ) -> Result<Option<Facts>, Fault> {
        let log = session.actor.log();
        let Some(handover) = read.handover(&log, &HandoverId::new(id))? else { return Ok(None) };
        let about = read.duties_about(&log, id)?.into_iter();
        let all: Vec<_> = about.filter(|duty| duty.kind == Kind::HandOver).collect();
        let rule = all.first().map(|duty| (self.rule_for(session, &duty.digest), duty));
        let clauses = rule.as_ref().map(|(rule, duty)| crate::duty::clauses(rule.as_rule().pack, duty));
        let holders = read.holders(&log, self.now().date())?;
        let signers = rule.as_ref().and_then(|(rule, _)| {
            let pack = rule.as_rule().pack;
            let ruled = pack.handover(&Situation::default())?;
            Some(handover::signers(pack, &ruled.value.signers, &handover, &holders))
        });
        let signers = signers.unwrap_or_default();
        let duties: Vec<_> = all.into_iter().filter(|duty| duty.state == State::Open).collect();
        let mut keys = vec![handover.key(&log)];
        keys.extend(duties.iter().map(|duty| duty.key(&log)));
        keys.extend(handover.items.iter().map(|number| domain::case::key(&log, number)));
        let seen = read.revs(keys)?;
        Ok(Some(Facts { handover, duties, signers, clauses: clauses.unwrap_or_default(), seen }))
    }

    /// Those who sign after giver and receiver, with who did and when.
    fn signers_view(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        facts: &Facts,
    ) -> Result<Vec<SignerView>, Fault> {
        let mut views = Vec::new();
        for (place, owner) in facts.signers.iter().enumerate() {
            let signed = facts.handover.signed.get(place);
            views.push(SignerView {
                post: self.owner_words(read, &session.pack, owner)?,
                signed: signed.map(|(by, at)| Ok::<_, Fault>((read.person_name(by)?, *at))).transpose()?,
            });
        }
        Ok(views)
    }

    /// Who could receive the work: those of the unit who look people up.
    fn receivers(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        handover: &Handover,
    ) -> Result<Vec<(String, String, bool)>, Fault> {
        let asks = |role: &str| session.pack.capacities(role).contains(&Capacity::Ask);
        let could = |holder: &Holder| {
            holder.unit == handover.unit && holder.person != handover.giver && asks(&holder.role)
        };
        let holders = read.holders(&session.actor.log(), self.now().date())?.into_iter().filter(could);
        let one = |holder: Holder| {
            let named = handover.receiver.as_ref() == Some(&holder.person);
            Ok((holder.person.to_string(), read.person_name(&holder.person)?, named))
        };
        holders.map(one).collect()
    }
}

fn unknown() -> Refusal {
    Refusal::new(Reason::RecordUnknown)
}
