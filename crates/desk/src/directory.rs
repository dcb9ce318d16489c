//! Setting up agencies, units, people and accounts by the operator's hand; absences and deputies by their
//! own.

pub(crate) mod closure;
pub(crate) mod contract;
mod delegation;
mod deputy;
pub(crate) mod exception;
mod handover;
mod import;
mod post;
mod roster;
pub(crate) mod workstation;

pub use closure::ClosureForm;
pub use contract::ContractForm;
pub use delegation::DelegationForm;
pub use exception::ExceptionForm;
pub use post::PostForm;
pub use roster::Roster;
pub use workstation::WorkstationForm;

use crate::view::{AbsenceView, AbsencesView, StandsForView};
use crate::{Answer, Desk, No, Session, carry};
use domain::account::{self, Account};
use domain::directory::deputy::wanting as deputy_wanted;
use domain::directory::{self, Absence, Change};
use domain::grant::permission::{self, Permission};
use domain::id::{AbsenceId, LogId, PermissionId, PersonId, UnitId};
use domain::time::Date;
use domain::{Actor, Reason, Refusal};
use std::collections::BTreeMap;
use store::{Fault, Read};

/// People offered as deputies and delegates.
const COLLEAGUES: usize = 200;

impl Desk {
    /// Enters rows of one log.
    ///
    /// # Errors
    /// The store, or rows that exist already.
    pub fn enrol(&self, log: &LogId, changes: Vec<Change>) -> Answer<()> {
        let decision = directory::enrol(log, changes, [], &carry::event(), self.now());
        self.enter(decision)
    }

    /// Opens an account for a person who exists.
    ///
    /// # Errors
    /// The name is malformed or taken; the person has an account already.
    pub fn open_account(&self, account: Account) -> Answer<()> {
        let held = self.inner.store.read(|read| read.account_of_person(&account.person))?.is_some();
        self.enter(account::open(account, held, &carry::event(), self.now()))
    }

    /// Opens permissions that an older system had given, marked as taken over.
    ///
    /// # Errors
    /// There are none; the store.
    pub fn take_over(&self, log: &LogId, permissions: Vec<Permission>) -> Answer<()> {
        let operator = directory::operator(log);
        self.enter(permission::take_over(&operator, permissions, vec![], &carry::event(), self.now()))
    }

    /// A permission for everything that the forms of a regulation in force can open; none where they open
    /// nothing.
    pub fn whole_permission(&self, pack: &str, person: &PersonId, unit: &UnitId) -> Option<Permission> {
        let rules = self.inner.rules.read().unwrap_or_else(|gone| gone.into_inner());
        let rule = rules.in_force(pack, self.now().date())?;
        let items = permission::every_code(&rule.pack);
        let id = PermissionId::new(carry::random_id("pe"));
        let whole = || Permission::older(id, person.clone(), unit.clone(), items.clone(), self.now());
        (!items.is_empty()).then(whole)
    }

    /// Records that the actor will be away, and who acts meanwhile.
    ///
    /// # Errors
    /// The days are over or in the wrong order; nobody of the agency is named as deputy.
    pub fn be_away(&self, session: &Session, deputy: &str, from: Date, until: Date) -> Answer<()> {
        let (actor, log, event) = (&session.actor, session.actor.log(), carry::event());
        let absence = Absence {
            id: AbsenceId::new(carry::random_id("ab")),
            person: actor.person.clone(),
            deputy: PersonId::new(deputy),
            from,
            until,
        };
        self.carry_out(session, "directory.be-away", |read| {
            let staff = read.holders(&log, self.now().date())?;
            if !staff.iter().any(|holder| holder.person == absence.deputy) {
                return Ok(Err(vec![Refusal::new(Reason::FieldMissing).at("deputy")]));
            }
            let seen = read.rev(&directory::absence_key(&log, &absence.person))?;
            let rule = session.as_rule();
            Ok(directory::be_away(rule, actor, absence.clone(), seen, &event, self.now()))
        })?;
        Ok(())
    }

    /// The actor's absences that are not over, those in which the actor stands in for somebody, and everybody
    /// of the agency who could stand in for the actor, those of the same unit first.
    ///
    /// # Errors
    /// The store.
    pub fn absences(&self, session: &Session) -> Answer<AbsencesView> {
        let (actor, log, today) = (&session.actor, session.actor.log(), self.now().date());
        Ok(self.inner.store.read(|read| {
            let mut views = Vec::new();
            for absence in read.absences(&log, today)? {
                if absence.person == actor.person || absence.deputy == actor.person {
                    views.push(AbsenceView {
                        person: read.person_name(&absence.person)?,
                        deputy: read.person_name(&absence.deputy)?,
                        from: absence.from,
                        until: absence.until,
                        runs: absence.from <= today,
                    });
                }
            }
            let holders = read.holders(&log, today)?;
            let standing = match read.deputy(&log, &actor.person)?.filter(|one| one.stands(&holders)) {
                Some(one) => Some((one.deputy.to_string(), read.person_name(&one.deputy)?)),
                None => None,
            };
            let wanting = deputy_wanted(&session.pack, &actor.person, &holders);
            let clause = wanting.iter().flat_map(|role| &role.clauses).next();
            Ok(AbsencesView {
                list: views,
                deputies: others(read, actor, today)?,
                wanted: !wanting.is_empty(),
                clause: clause.and_then(|id| self.cite(session, id)),
                standing,
            })
        })?)
    }

    /// Those for whom the actor stands in today, each with the last day.
    ///
    /// # Errors
    /// The store.
    pub fn stands_in_for(&self, session: &Session) -> Answer<Vec<StandsForView>> {
        let standing = self.inner.store.read(|read| self.deputised(read, session))?;
        Ok(standing.into_values().collect())
    }

    /// Absences that run in which the actor stands in.
    pub(crate) fn standing_in(&self, read: &mut Read<'_>, session: &Session) -> Result<Vec<Absence>, Fault> {
        let (actor, today) = (&session.actor, self.now().date());
        let all = read.absences(&actor.log(), today)?.into_iter();
        Ok(all.filter(|absence| absence.deputy == actor.person && absence.from <= today).collect())
    }

    /// The same by whom it is for: of several absences of one person the one that lasts longest.
    pub(crate) fn deputised(
        &self,
        read: &mut Read<'_>,
        session: &Session,
    ) -> Result<BTreeMap<PersonId, StandsForView>, Fault> {
        let mut standing: BTreeMap<PersonId, StandsForView> = BTreeMap::new();
        for absence in self.standing_in(read, session)? {
            let name = read.person_name(&absence.person)?;
            let known =
                standing.entry(absence.person).or_insert(StandsForView { name, until: absence.until });
            known.until = known.until.max(absence.until);
        }
        Ok(standing)
    }

    pub(crate) fn enter(&self, decided: domain::Outcome<domain::Decision>) -> Answer<()> {
        match decided {
            Ok(decision) => {
                self.inner.store.write(decision)?;
                Ok(())
            }
            Err(refusals) => Err(No::Refused(
                refusals
                    .into_iter()
                    .map(|refusal| crate::view::RefusalView { refusal, clause: None, helpers: vec![] })
                    .collect(),
            )),
        }
    }
}

/// Everybody else of the agency, those of the actor's unit first: identifier and name.
fn others(read: &mut Read<'_>, actor: &Actor, today: Date) -> Result<Vec<(String, String)>, Fault> {
    let mut others = read.holders(&actor.log(), today)?;
    others.retain(|holder| holder.person != actor.person);
    others.sort_by_key(|holder| (holder.unit != actor.unit, holder.person.clone()));
    others.dedup_by(|one, other| one.person == other.person);
    let people = others.iter().take(COLLEAGUES);
    people.map(|holder| Ok((holder.person.to_string(), read.person_name(&holder.person)?))).collect()
}
