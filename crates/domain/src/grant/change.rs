//! What an application makes of what somebody holds, tick by tick: only the difference is new to those who
//! approve it.

use super::permission::Permission;
use crate::application::{Action, Application, State};
use crate::id::PersonId;
use crate::time::Instant;
use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec::Vec,
};

/// What becomes of a tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Becomes {
    /// It is opened.
    Added,
    /// It stays as it is.
    Kept,
    /// It is taken away.
    Taken,
}

impl Becomes {
    /// The word in locale keys and the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Kept => "kept",
            Self::Taken => "taken",
        }
    }
}

/// What becomes of each tick for one of those whom an application is for, of all that are asked for or held;
/// `held` is all that anybody holds.
pub fn of(
    application: &Application,
    person: &PersonId,
    held: &[Permission],
    now: Instant,
) -> BTreeMap<String, Becomes> {
    let own = held.iter().filter(|one| one.person == *person && one.unit == application.unit);
    let stood: Vec<&String> =
        own.filter(|one| stood(one, application, now)).flat_map(|one| &one.items).collect();
    let left = left(application, &stood);
    let (before, asked): (BTreeSet<&String>, BTreeSet<&String>) =
        (stood.into_iter().collect(), left.iter().collect());
    let becomes = |code: &String| match (before.contains(code), asked.contains(code)) {
        (true, true) => Becomes::Kept,
        (true, false) => Becomes::Taken,
        (false, _) => Becomes::Added,
    };
    before.union(&asked).map(|code| ((*code).clone(), becomes(code))).collect()
}

/// Whether somebody has a permission that an application would change, or had it when it was carried out.
fn stood(one: &Permission, application: &Application, now: Instant) -> bool {
    if application.state != State::Done {
        return one.stands(now);
    }
    let then = application.since;
    let later = one.application.as_ref() == Some(&application.id) || one.from >= then;
    let over = one.until.is_some_and(|until| until <= then)
        || one.stopped.is_some_and(|(why, at)| at < then && !why.passes());
    !later && !over
}

/// What an application leaves of what somebody has: what it asks for, or what its end does not name. An end
/// that names nothing ends everything.
pub fn left(application: &Application, before: &[&String]) -> Vec<String> {
    match application.action {
        Action::Create | Action::Change => application.items.clone(),
        Action::Cancel if application.items.is_empty() => Vec::new(),
        Action::Cancel => {
            let mut left: Vec<String> = Vec::new();
            for code in before.iter().filter(|code| !application.items.contains(code)) {
                if !left.contains(code) {
                    left.push((*code).clone());
                }
            }
            left
        }
    }
}

/// The end that a change has from what it keeps: a change lengthens nothing. What is about to end is asked
/// for anew with it, and has a term of its own. `own` is what one person holds in the unit.
pub fn kept_until(own: &[&Permission], application: &Application, now: Instant) -> Option<Instant> {
    let standing = || own.iter().filter(|one| one.stands(now));
    let before: Vec<&String> = standing().flat_map(|one| &one.items).collect();
    let left = left(application, &before);
    let keeps = |one: &&&Permission| one.items.iter().any(|code| left.contains(code));
    let mut until = None;
    for one in standing().filter(|one| one.from <= now).filter(keeps) {
        if one.warned.is_some() && application.action != Action::Cancel {
            return None;
        }
        // What waits to take its place has the end that was left to it.
        let next = standing().find(|next| next.from > now && next.follows.as_ref() == Some(&one.id));
        until = sooner(until, next.map_or(one.until, |next| next.until));
    }
    until
}

/// The sooner of two ends, either of which may be none.
pub(super) fn sooner(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    one.into_iter().chain(other).min()
}
