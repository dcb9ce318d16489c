//! What follows when a password whose time is over is not changed: a duty of its owner like every other for
//! which rights rest.

use super::password::{NOTICE_DAYS, Policy};
use crate::decision::Rule;
use crate::duty::{DueDay, Duty, Kind, Owner};
use crate::id::{DutyId, PersonId, UnitId};
use crate::regulation::{PasswordRule, Ruled};
use crate::time::Instant;
use alloc::format;
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
        unit: unit.cloned(),
        person: Some(person.clone()),
        due: Some(DueDay { date, moment: due.at, calendar: None }),
        ..Duty::new(
            rule,
            name(&format!("password {control} {person} {} {date}", set.micros())),
            Kind::Password,
            control,
            Owner::Person(person.clone()),
            set.date(),
        )
    })
}

/// Whether a duty was about a password that another one has replaced, `set` being when the present one was:
/// whatever its row says, it is done.
pub fn is_done(duty: &Duty, set: Instant) -> bool {
    duty.kind == Kind::Password && duty.began < set.date()
}
