//! Other names for units and agencies, and closing units in which nothing is left.

use crate::{Answer, Desk, Session, carry};
use domain::application::State;
use domain::directory::unit::{self, Former, Inside, Name};
use domain::directory::{self, Unit};
use domain::duty::Owner;
use domain::id::{AgencyId, Key, LogId, UnitId};
use domain::{Reason, Refusal};
use store::{Fault, Read};

/// Rows of one kind that are looked through for what is left in a unit.
const LOOKED_THROUGH: i64 = 20_000;

/// Another name as somebody types it.
#[derive(Clone, Debug, Default)]
pub struct NameForm {
    /// The unit, or the agency.
    pub id: String,
    /// The official name.
    pub name: String,
    /// The English one; the official one where it is empty.
    pub name_en: String,
    /// The key under which this is carried out once.
    pub form_key: String,
}

impl NameForm {
    fn name(&self) -> Name {
        Name { name: self.name.trim().into(), name_en: self.name_en.trim().into() }
    }
}

impl Desk {
    /// Gives a unit of the agency another name. The former one stays with its entries.
    ///
    /// # Errors
    /// The actor does not look after people; there is no such unit; the name cannot be.
    pub fn rename_unit(&self, session: &Session, form: &NameForm) -> Answer<()> {
        let (actor, log, event) = (&session.actor, session.actor.log(), carry::event());
        let once = carry::once(&form.form_key, &format!("{form:?}"));
        if self.earlier(session, once.as_ref())?.is_some() {
            return Ok(());
        }
        self.carry_out(session, "directory.rename-unit", |read| {
            let units = read.units(&log)?;
            let Some(own) = units.iter().find(|unit| unit.id.as_str() == form.id) else {
                return Ok(Err(vec![unknown(&form.id)]));
            };
            let (seen, at) = (read.rev(&unit::key(&log, &own.id))?, (&event, self.now()));
            let decided = unit::rename(actor, own, &units, &form.name(), seen, at);
            Ok(decided.map(|decision| decision.once(once.clone())))
        })?;
        Ok(())
    }

    /// Closes a unit in which nothing is left.
    ///
    /// # Errors
    /// The actor does not look after people; there is no such unit; something is still in it.
    pub fn close_unit(&self, session: &Session, id: &str, form_key: &str) -> Answer<()> {
        let (actor, log, event) = (&session.actor, session.actor.log(), carry::event());
        let once = carry::once(form_key, &format!("close {id}"));
        if self.earlier(session, once.as_ref())?.is_some() {
            return Ok(());
        }
        self.carry_out(session, "directory.close-unit", |read| {
            let units = read.units(&log)?;
            let Some(own) = units.iter().find(|unit| unit.id.as_str() == id) else {
                return Ok(Err(vec![unknown(id)]));
            };
            let seen = vec![read.rev(&unit::key(&log, &own.id))?];
            let inside = self.inside(read, &log, own, &units)?;
            let decided = unit::close(actor, own, &inside, seen, (&event, self.now()));
            Ok(decided.map(|decision| decision.once(once.clone())))
        })?;
        Ok(())
    }

    /// Gives an agency another name, by the operator's hand.
    ///
    /// # Errors
    /// There is no such agency; the name cannot be.
    pub fn rename_agency(&self, form: &NameForm) -> Answer<()> {
        let agencies = self.inner.store.read(|read| read.agencies())?;
        let Some(own) = agencies.into_iter().find(|own| own.id.as_str() == form.id) else {
            return self.enter(Err(vec![Refusal::new(Reason::RecordUnknown)]));
        };
        let log = LogId::of(&own.id);
        let seen = self.inner.store.read(|read| read.rev(&Key::new(&log, "agency", own.id.as_str())))?;
        let (actor, event) = (directory::operator(&log), carry::event());
        self.enter(unit::rename_agency(&actor, &own, &form.name(), seen, (&event, self.now())))
    }

    /// What is still in a unit.
    fn inside(&self, read: &mut Read<'_>, log: &LogId, own: &Unit, units: &[Unit]) -> Result<Inside, Fault> {
        let (now, id) = (self.now(), &own.id);
        let mut applications = 0;
        for state in [State::Running, State::Approved, State::Returned] {
            let rows = read.applications_in(log, state, LOOKED_THROUGH)?;
            applications += rows.iter().filter(|row| row.application.unit == *id).count();
        }
        let owed = read.every_open_duty(log)?;
        let owed = owed.iter().filter(|duty| {
            let here = matches!(&duty.owner, Owner::RoleIn(_, unit) if unit == id);
            here || duty.unit.as_ref() == Some(id)
        });
        let posts = read.posts(log, now.date())?;
        let held = read.permissions_in(log, id)?;
        Ok(Inside {
            people: posts.iter().filter(|(row, _)| row.assignment.unit == *id).count(),
            below: units.iter().filter(|unit| unit.above.as_ref() == Some(id)).count(),
            applications,
            stamps: read.awaiting_since(log, id, LOOKED_THROUGH)?.len(),
            duties: owed.count(),
            permissions: held.iter().filter(|one| one.stands(now)).count(),
        })
    }
}

/// What a unit was called before, the last first: its entries say so.
pub(super) fn former(read: &mut Read<'_>, agency: &AgencyId, unit: &UnitId) -> Result<Vec<Former>, Fault> {
    let entries = read.entries_of_record(&LogId::of(agency), unit.as_str())?;
    let told = entries.into_iter().rev().filter_map(|entry| {
        let detail: serde_json::Value = serde_json::from_str(&entry.detail).ok()?;
        let text = |name: &str| detail[name].as_str().unwrap_or_default().to_string();
        let (name, now) = (text("before"), text("name"));
        (!name.is_empty() && name != now).then(|| Former { name, until: entry.at.date() })
    });
    Ok(told.collect())
}

fn unknown(id: &str) -> Refusal {
    Refusal::new(Reason::UnitUnknown).at("unit").with("unit", id)
}
