//! What follows when a password whose time is over is not changed: a duty of its owner like every other for
//! which rights rest.

use super::password::{NOTICE_DAYS, Policy};
use crate::decision::Rule;
use crate::duty::{DueDay, Duty, Kind, Owner, State};
use crate::id::{DutyId, PersonId, UnitId};
use crate::regulation::{PasswordRule, Ruled};
use crate::time::Instant;
use alloc::{format, string::String};
use core::slice;

/// The duty to change a password that was set at `set`, from the day on which its owner is told; none where
/// the rule does not say what follows.
pub fn owed(
    rule: Rule<'_>,
    ruled: &Ruled<PasswordRule>,
    (person, unit): (&PersonId, Option<&UnitId>),
    set: Instant,
    name: &dyn Fn(&str) -> DutyId,
    now: Instant,
) -> Option<Duty> {
    let rotation = ruled.value.rotation.as_ref().filter(|rotation| rotation.consequence.is_some())?;
    let due = Policy::of(slice::from_ref(ruled)).due(rotation.force, set)?;
    (due.at <= now.plus_hours(24 * NOTICE_DAYS)).then_some(())?;
    let (date, control) = (due.at.date().previous(), &ruled.control);
    Some(Duty {
        id: name(&format!("password {control} {person} {} {date}", set.micros())),
        kind: Kind::Password,
        control: control.clone(),
        owner: Owner::Person(person.clone()),
        unit: unit.cloned(),
        person: Some(person.clone()),
        about: String::new(),
        began: set.date(),
        due: Some(DueDay { date, moment: due.at, calendar: None }),
        hours: None,
        state: State::Open,
        late: None,
        closed: None,
        digest: rule.reference.digest.clone(),
    })
}

/// Whether a duty was about a password that another one has replaced, `set` being when the present one was:
/// whatever its row says, it is done.
pub fn is_done(duty: &Duty, set: Instant) -> bool {
    duty.kind == Kind::Password && duty.began < set.date()
}
