//! Setting up agencies, units, people and accounts by the operator's hand.

mod absence;
pub(crate) mod closure;
pub(crate) mod contract;
mod delegation;
mod deputy;
pub(crate) mod exception;
mod handover;
mod import;
mod post;
mod roster;
pub(crate) mod unit;
pub(crate) mod workstation;

pub use absence::AbsenceForm;
pub use closure::ClosureForm;
pub use contract::ContractForm;
pub use delegation::DelegationForm;
pub use exception::ExceptionForm;
pub use post::PostForm;
pub(crate) use post::role_word;
pub use roster::Roster;
pub use unit::NameForm;
pub use workstation::WorkstationForm;

use crate::{Answer, Desk, No, carry};
use domain::Actor;
use domain::account::{self, Account};
use domain::directory::{self, Change};
use domain::grant::permission::{self, Permission};
use domain::id::{LogId, PermissionId, PersonId, UnitId};
use domain::time::Date;
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

    pub(crate) fn enter(&self, decided: domain::Outcome<domain::Decision>) -> Answer<()> {
        match decided {
            Ok(decision) => {
                self.inner.store.write(decision)?;
                Ok(())
            }
            Err(refusals) => Err(No::refused(refusals)),
        }
    }
}

/// Everybody else of the agency, those of the actor's unit first: identifier and name.
pub(crate) fn others(
    read: &mut Read<'_>,
    actor: &Actor,
    today: Date,
) -> Result<Vec<(String, String)>, Fault> {
    let mut others = read.holders(&actor.log(), today)?;
    others.retain(|holder| holder.person != actor.person);
    others.sort_by_key(|holder| (holder.unit != actor.unit, holder.person.clone()));
    others.dedup_by(|one, other| one.person == other.person);
    let people = others.iter().take(COLLEAGUES);
    people.map(|holder| Ok((holder.person.to_string(), read.person_name(&holder.person)?))).collect()
}
