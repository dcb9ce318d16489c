//! `sluice directory`: the agencies of an installation, and lists of their units and people, by the
//! operator's hand.

use crate::cli::{AgencyArgs, ImportArgs, LedgerArgs, RenameArgs};
use crate::ledger;
use crate::problem::{Done, Problem, reason};
use crate::say;
use desk::directory::{NameForm, Roster};
use desk::view::{ImportStepView, ImportView};
use desk::{Clock, Desk, Setup, Words};
use domain::directory::{Agency, Change};
use domain::id::{AgencyId, LogId};
use domain::regulation::Capacity;
use gate::Gate;
use std::fs;

/// Sets an agency up under a regulation that is in force.
///
/// # Errors
/// There is no database; the name of its log cannot be; there is such an agency; no such regulation.
pub fn agency(args: &AgencyArgs) -> Done {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if args.id.is_empty() || args.id.len() > 40 || !args.id.chars().all(plain) || args.id == "platform" {
        return Err(Problem::usage(
            "an agency's id is of small letters, digits and dashes: it names its log",
        ));
    }
    let desk = open(&args.from)?;
    let known = desk.store().read(|read| read.agencies())?;
    if known.iter().any(|agency| agency.id.as_str() == args.id) {
        return Err(Problem::new(format!("there is an agency {} already", args.id)));
    }
    if !desk.packs_in_force().contains(&args.pack) {
        let packs = match desk.packs_in_force() {
            none if none.is_empty() => "there is none yet: start `sluice serve` once".into(),
            packs => format!("there are {}", packs.join(", ")),
        };
        return Err(Problem::new(format!("no regulation {} is in force; {packs}", args.pack)));
    }
    let agency = Agency {
        id: AgencyId::new(args.id.as_str()),
        name: args.name.clone(),
        name_en: args.name_en.clone().unwrap_or_else(|| args.name.clone()),
        pack: args.pack.clone(),
    };
    desk.enrol(&LogId::new(args.id.as_str()), vec![Change::Agency(agency)])?;
    say!("{}: {} under {}", args.id, args.name, args.pack);
    say!("next: sluice directory import --agency {} UNITS.csv, then PEOPLE.csv", args.id);
    Ok(())
}

/// Gives an agency another name.
///
/// # Errors
/// There is no database or no such agency; the name cannot be.
pub fn rename(args: &RenameArgs) -> Done {
    let desk = open(&args.from)?;
    let (id, name, name_en) = (args.id.clone(), args.name.clone(), args.name_en.clone());
    desk.rename_agency(&NameForm { id, name, name_en, ..NameForm::default() })?;
    say!("{} is called {} from now on", args.id, args.name);
    Ok(())
}

/// Says what a list would change; with `--confirm`, changes it.
///
/// # Errors
/// There is no database or no such agency; the file is no such list; rows of it cannot be taken and nothing
/// was confirmed.
pub fn import(args: &ImportArgs) -> Done {
    let name = args.file.display();
    let bytes = fs::read(&args.file).map_err(|error| Problem::new(format!("{name}: {error}")))?;
    let roster = || {
        let read = Roster::from_csv(&bytes, args.whole);
        read.map_err(|refusal| Problem::new(format!("{name}: {}", reason(&refusal.into()))))
    };
    let desk = open(&args.from)?;
    let agency = AgencyId::new(args.agency.as_str());
    let known = desk.store().read(|read| read.agencies())?;
    if !known.iter().any(|own| own.id == agency) {
        let names: Vec<&str> = known.iter().map(|own| own.id.as_str()).collect();
        return Err(Problem::new(format!("no agency {agency}; there are {}", names.join(", "))));
    }
    let seen = desk.import_as_operator(&agency, roster()?, None)?;
    print(&seen);
    if !args.confirm {
        say!("nothing was changed; --confirm carries these {} differences out", seen.steps.len());
        return Ok(());
    }
    desk.import_as_operator(&agency, roster()?, Some(&seen.seal))?;
    say!("{} differences carried out", seen.steps.len());
    if !holds(&desk, &agency, Capacity::Administer)? {
        say!("nobody of {agency} runs its accounts yet: list somebody in a role that administers");
    }
    Ok(())
}

/// A desk over a database, without providers.
///
/// # Errors
/// There is no database, or it cannot be read.
pub fn open(from: &LedgerArgs) -> Done<Desk> {
    let store = ledger::open(from)?;
    let gate = Gate::new(1).map_err(|error| Problem::new(error.to_string()))?;
    Ok(Desk::new(store, gate, Clock::system(), Setup::default())?)
}

fn holds(desk: &Desk, agency: &AgencyId, capacity: Capacity) -> Done<bool> {
    let today = desk.now().date();
    let holders = desk.store().read(|read| read.holders(&LogId::of(agency), today))?;
    Ok(holders.iter().any(|holder| desk.can(agency, &holder.role, capacity)))
}

fn print(view: &ImportView) {
    for step in &view.steps {
        say!("{}", line(step));
    }
    for (row, fault) in &view.faults {
        say!("line {row} refused: {}", reason(fault));
    }
    let (steps, faults) = (view.steps.len(), view.faults.len());
    say!("{steps} differences, {} the same, {faults} refused, read as {}", view.same, view.encoding);
}

/// One difference, as `diff` would put it.
fn line(step: &ImportStepView) -> String {
    let words = |words: &Words| words.zh.to_string();
    let on = step.on.map(|day| format!(" from {day}")).unwrap_or_default();
    let (before, after) = (words(&step.before), words(&step.after));
    let change = match (before.is_empty(), after.is_empty()) {
        (true, _) => format!("+ {after}"),
        (false, true) => format!("- {before}"),
        (false, false) => format!("{before} -> {after}"),
    };
    format!("line {} {} {}: {change}{on} {}", step.line, step.kind, step.name, step.cause).trim_end().into()
}
