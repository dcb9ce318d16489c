//! Workstations: declaring them, taking them out of use, and the one that a lookup comes from.

use super::post::name_of;
use crate::view::{WorkstationView, WorkstationsView};
use crate::{Answer, Desk, No, Session, carry};
use domain::directory::workstation::{self, Declared, Facts, Workstation};
use domain::id::{Key, PersonId, UnitId, WorkstationId};
use domain::time::Date;
use domain::{Reason, Refusal};
use std::collections::BTreeSet;
use store::{Fault, Read};

/// A machine as it is declared.
#[derive(Clone, Debug)]
pub struct WorkstationForm {
    /// Its identifier, where it was declared before; empty for a new one.
    pub id: String,
    /// The number under which the agency keeps its property.
    pub number: String,
    /// The unit; the actor's own where none is named.
    pub unit: String,
    /// Who answers for it.
    pub keeper: String,
    /// Its network address; may be empty.
    pub address: String,
    /// What is declared of it.
    pub declared: Declared,
    /// The key under which this is carried out once.
    pub form_key: String,
}

impl Desk {
    /// Declares a machine, for the first time or anew.
    ///
    /// # Errors
    /// The actor does not declare machines of this unit; what was entered does not fit, each fault at its
    /// field.
    pub fn declare_workstation(&self, session: &Session, form: &WorkstationForm) -> Answer<()> {
        let once = carry::once(&form.form_key, &format!("{form:?}"));
        if self.earlier(session, once.as_ref())?.is_some() {
            return Ok(());
        }
        let (actor, log, event) = (&session.actor, session.actor.log(), carry::event());
        let written = form.address.trim();
        let address = workstation::address(written);
        if !written.is_empty() && address.is_none() {
            let refusal = Refusal::new(Reason::FieldMalformed).at("address");
            return Err(No::Refused(vec![self.explain(session, refusal)]));
        }
        let drawn = carry::random_id("ws");
        self.carry_out(session, "directory.declare-workstation", |read| {
            let machines = read.workstations(&log)?;
            let today = self.now().date();
            let known = machines.iter().find(|one| one.id.as_str() == form.id && one.serves(today));
            if !form.id.is_empty() && known.is_none() {
                return Ok(Err(vec![Refusal::new(Reason::RecordUnknown).with("code", form.id.as_str())]));
            }
            let machine = Workstation {
                id: known.map_or_else(|| WorkstationId::new(drawn.as_str()), |one| one.id.clone()),
                number: form.number.trim().into(),
                unit: match form.unit.trim() {
                    "" => actor.unit.clone(),
                    unit => UnitId::new(unit),
                },
                keeper: PersonId::new(form.keeper.trim()),
                address: address.clone(),
                declared: form.declared,
                on: today,
                retired: None,
            };
            // Whoever moves a machine into a unit has to be of it, or over all; so of the one that it leaves.
            let leaves = known.filter(|one| !workstation::may_declare(actor, &one.unit));
            if leaves.is_some() {
                return Ok(Err(vec![Refusal::new(Reason::NoCapacity)]));
            }
            let posts = read.posts(&log, today)?.into_iter().map(|(row, _)| row.assignment);
            let facts = Facts {
                machines: machines.iter().filter(|one| one.serves(today)).cloned().collect(),
                people: posts.map(|post| (post.person, post.unit)).collect(),
                seen: read.revs(vec![machine.key(&log), workstation::key(&log)])?,
            };
            let (rule, at) = (session.as_rule(), (&event, self.now()));
            let decided = workstation::declare(rule, actor, machine, &facts, at);
            Ok(decided.map(|decision| decision.once(once.clone())))
        })?;
        Ok(())
    }

    /// Takes a machine out of use.
    ///
    /// # Errors
    /// There is none such in use; it is another unit's.
    pub fn retire_workstation(&self, session: &Session, id: &str) -> Answer<()> {
        let (log, event) = (session.actor.log(), carry::event());
        self.carry_out(session, "directory.retire-workstation", |read| {
            let all = read.workstations(&log)?;
            let Some(found) = all.into_iter().find(|one| one.id.as_str() == id) else {
                return Ok(Err(vec![Refusal::new(Reason::RecordUnknown).with("code", id)]));
            };
            let seen = read.rev(&found.key(&log))?;
            let (rule, actor, at) = (session.as_rule(), &session.actor, (&event, self.now()));
            Ok(workstation::retire(rule, actor, &found, seen, at))
        })?;
        Ok(())
    }

    /// The machines of the agency, for whoever oversees it or declares them everywhere; those of the own unit
    /// for anybody else.
    ///
    /// # Errors
    /// The store.
    pub fn workstations(&self, session: &Session) -> Answer<WorkstationsView> {
        let (actor, log, today) = (&session.actor, session.actor.log(), self.now().date());
        let here = |unit: &UnitId| workstation::may_declare(actor, unit);
        let rule = session.pack.workstation(&actor.situation());
        Ok(self.inner.store.read(|read| {
            let units = read.units(&log)?;
            let mut all = read.workstations(&log)?;
            all.retain(|one| here(&one.unit) || actor.oversees() || one.unit == actor.unit);
            let view = |one: &Workstation| {
                Ok(WorkstationView {
                    id: one.id.to_string(),
                    number: one.number.clone(),
                    unit: name_of(&units, &one.unit),
                    unit_id: one.unit.to_string(),
                    keeper: read.person_name(&one.keeper)?,
                    keeper_id: one.keeper.to_string(),
                    address: one.address.clone().unwrap_or_default(),
                    declared: one.declared,
                    on: one.on,
                    state: match one.serves(today) {
                        false => "retired",
                        true if rule
                            .as_ref()
                            .is_some_and(|rule| workstation::is_stale(&rule.value, one.on, today)) =>
                        {
                            "stale"
                        }
                        true => "declared",
                    },
                    change: one.serves(today) && here(&one.unit),
                })
            };
            let list = all.iter().map(view).collect::<Result<_, Fault>>()?;
            let posts = read.posts(&log, today)?;
            let own: BTreeSet<(String, String)> = posts
                .iter()
                .filter(|(row, _)| here(&row.assignment.unit))
                .map(|(row, name)| (row.assignment.person.to_string(), name.clone()))
                .collect();
            let mine = units.iter().filter(|unit| here(&unit.id));
            Ok(WorkstationsView {
                list,
                units: mine.map(|unit| (unit.id.to_string(), unit.name.clone())).collect(),
                people: own.into_iter().collect(),
                unit: actor.unit.to_string(),
                bound: rule.as_ref().is_some_and(|rule| rule.value.bound),
                here: session.address.clone(),
                clauses: rule
                    .iter()
                    .flat_map(|rule| &rule.clauses)
                    .filter_map(|id| self.cite(session, id))
                    .collect(),
            })
        })?)
    }
}

/// The machine that a session acts from, where it is on the agency's list, with the keys that this rests on.
pub(crate) fn machine(
    read: &mut Read<'_>,
    session: &Session,
    today: Date,
) -> Result<(Option<Workstation>, Vec<Key>), Fault> {
    let log = session.actor.log();
    let rule = session.pack.workstation(&session.actor.situation());
    let Some(address) = workstation::address(&session.address).filter(|_| rule.is_some()) else {
        return Ok((None, vec![]));
    };
    let found = read.workstation_at(&log, &address, today)?;
    let keys = found.iter().map(|one| one.key(&log)).collect();
    Ok((found, keys))
}
