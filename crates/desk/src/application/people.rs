//! Whom an application can be for.

use super::whole::Whole;
use domain::Actor;
use domain::id::PersonId;
use domain::regulation::ApplicationObject;
use std::collections::BTreeSet;
use store::{Fault, Read};

/// Permissions of people on leave among which those of one unit are looked for.
const AWAY: i64 = 500;

/// Whom what is still written can be for: identifier, name, whether it is.
pub(super) fn colleagues(
    read: &mut Read<'_>,
    actor: &Actor,
    whole: &Whole,
    open: bool,
) -> Result<Vec<(String, String, bool)>, Fault> {
    let application = &whole.row.application;
    let here = whole.staff.holders.iter().filter(|holder| open && holder.unit == actor.unit);
    let mut people: Vec<PersonId> = here.map(|holder| holder.person.clone()).collect();
    // Whoever is on leave still has what can be changed or cancelled.
    if open && application.object == ApplicationObject::Account.word() {
        let away = read.permissions_on_leave(&actor.log(), AWAY)?;
        let away = away.into_iter().filter(|one| one.unit == actor.unit && !people.contains(&one.person));
        let away: BTreeSet<PersonId> = away.map(|one| one.person).collect();
        people.extend(away);
    }
    let view = |person: PersonId| {
        let chosen = application.people.contains(&person);
        Ok((person.to_string(), read.person_name(&person)?, chosen))
    };
    people.into_iter().map(view).collect()
}
