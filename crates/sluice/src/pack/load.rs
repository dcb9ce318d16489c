//! `sluice pack load`: puts a pack into force from its own date.

use super::diff::{checked, lines};
use super::{found, shipped};
use crate::cli::LedgerArgs;
use crate::ledger;
use crate::problem::{Done, Problem};
use crate::say;
use desk::regulation::activation::Loaded;
use desk::regulation::load::Unloadable;
use desk::{Clock, Desk, Setup};
use domain::id::LogId;
use domain::regulation::diff::diff;
use gate::Gate;
use std::path::Path;

/// What is said of a version that the agencies under it have to approve.
const WAITS: &str = "it waits to be approved: the version in force names the chain, and whoever may \
                     apply finds it in the to-do list";

/// Checks a pack, says what it changes, and puts it into force. A server on the same database takes it up by
/// itself.
///
/// # Errors
/// The pack has faults, or does not fit to what is there; the store.
pub fn run(to: &LedgerArgs, dry_run: bool, folder: &Path) -> Done {
    let checked = checked(found(folder)?, folder)?;
    let desk = desk(to)?;
    // As at the start of a server, for a parent may be one of them.
    shipped::activate(&desk)?;
    let (pack, name) = (checked.pack.clone(), checked.rule.name.clone());
    desk.may_load(&checked).map_err(problem)?;
    match desk.in_force(&pack.header.id) {
        None => say!("{name} is the first version of {} here", pack.header.id),
        Some(before) if before.rule.digest == checked.rule.digest => {}
        Some(before) => {
            say!("{name} against {}, in force since {}:", before.rule.name, before.from);
            lines(&diff(&before.pack, &pack)).iter().for_each(|line| say!("{line}"));
        }
    }
    for (role, people) in desk.roles_left_out(&pack)? {
        say!("note: {people} hold the role `{role}`, which {name} does not have: they could do nothing");
    }
    if dry_run {
        say!("nothing was loaded; leave --dry-run out to load it");
        return Ok(());
    }
    match desk.load(checked).map_err(problem)? {
        Loaded::InForce => say!("{name} is loaded; {}", since(&desk, &name, &pack.header.id)),
        Loaded::Known => say!("{name} was loaded before; {}", since(&desk, &name, &pack.header.id)),
        Loaded::Waiting => say!("{name} is loaded; {WAITS}"),
    }
    publish(&desk, &LogId::platform())?;
    let seconds = desk::watch::ROUND_SECONDS;
    say!("servers on this database take it up within {seconds} seconds");
    Ok(())
}

/// Waits until what was entered is signed: nobody does that for a command once it has ended.
///
/// # Errors
/// The log is not signed any more.
pub fn publish(desk: &Desk, log: &LogId) -> Done {
    desk.store().publish_now(log)?;
    Ok(())
}

/// A desk over the installation, for commands that ask no provider.
///
/// # Errors
/// There is no database, or it cannot be opened.
pub fn desk(of: &LedgerArgs) -> Done<Desk> {
    let store = ledger::open(of)?;
    let gate = Gate::new(1).map_err(|error| Problem::new(error.to_string()))?;
    Ok(Desk::new(store, gate, Clock::system(), Setup::default())?)
}

/// What stands against a pack, as a terminal says it.
pub fn problem(error: Unloadable) -> Problem {
    match (error.sentence(), error) {
        (_, Unloadable::No(no)) => no.into(),
        (sentence, _) => Problem::new(sentence.unwrap_or_default()),
    }
}

/// From when a loaded version holds, or which other one does.
pub fn since(desk: &Desk, name: &str, id: &str) -> String {
    let rules = desk.rules();
    let own = rules.versions(id).find(|rule| rule.rule.name == name);
    let from = own.map(|own| own.from);
    match (rules.in_force(id, desk.now().date()), from) {
        (Some(_), None) => WAITS.to_owned(),
        (Some(rule), Some(from)) if rule.rule.name == name => format!("it is in force since {from}"),
        (_, Some(from)) if from > desk.now().date() => format!("it will be in force from {from}"),
        (Some(rule), _) => {
            format!("{}, which began later, on {}, stays in force", rule.rule.name, rule.from)
        }
        (None, _) => "it is over by its own last day, so nothing is in force".to_owned(),
    }
}
