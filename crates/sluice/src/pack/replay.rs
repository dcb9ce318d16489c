//! `sluice pack replay`: whom another version of a rule would have affected.

use super::diff::checked;
use super::found;
use super::load::{desk, publish};
use crate::cli::LedgerArgs;
use crate::problem::{Done, Problem};
use crate::say;
use desk::regulation::replay::{Affected, Ground, Replayed};
use domain::id::LogId;
use domain::time::Date;
use serde_json::json;
use std::io::{IsTerminal, Write};
use std::path::Path;

/// Decides the kept lookups of a pack's agencies again under the version in a folder, and prints what would
/// end otherwise: codes, units, reasons and counts, and nothing about a person.
///
/// # Errors
/// The pack has faults; the day is none; the store.
pub fn run(of: &LedgerArgs, folder: &Path, since: Option<&str>, as_json: bool) -> Done {
    let checked = checked(found(folder)?, folder)?;
    let day = |text: &str| {
        Date::parse_iso(text)
            .ok_or_else(|| Problem::usage(format!("{text} is no day; write it as 2026-01-31")))
    };
    let since = since.map(day).transpose()?.map(Date::start);
    let desk = desk(of)?;
    let mut told = progress();
    let replayed = desk.replay(&checked, since, &mut told)?;
    for agency in &replayed.agencies {
        publish(&desk, &LogId::new(agency.as_str()))?;
    }
    let id = &checked.pack.header.id;
    if replayed.agencies.is_empty() {
        return Err(Problem::new(format!("no agency stands under `{id}`, so nothing was decided again")));
    }
    match as_json {
        true => say!("{}", object(&checked.rule.name, &replayed)),
        false => lines(&checked.rule.name, &replayed).iter().for_each(|line| say!("{line}")),
    }
    Ok(())
}

/// Tells how far it is, on a terminal only, and not more often than a reader can follow.
fn progress() -> impl FnMut(u64, u64) {
    let shown = std::io::stderr().is_terminal();
    let mut last = u64::MAX;
    move |done, all| {
        let percent = done.saturating_mul(100) / all.max(1);
        if shown && percent != last {
            last = percent;
            let end = if done >= all { "\n" } else { "" };
            eprint!("\r  {percent} % of {all} entries{end}");
            std::io::stderr().flush().unwrap_or(());
        }
    }
}

fn lines(name: &str, replayed: &Replayed) -> Vec<String> {
    let mut lines = vec![format!("{name}, asked about the past of {}", replayed.agencies.join(", "))];
    let otherwise = replayed.affected.len();
    let span = replayed.span.map(|(first, last)| format!(" from {} to {}", first.date(), last.date()));
    let lookups = if replayed.decided == 1 { "lookup" } else { "lookups" };
    lines.push(format!(
        "{} {lookups}{} decided again: {otherwise} would end otherwise, {} as they did",
        replayed.decided,
        span.unwrap_or_default(),
        replayed.decided.saturating_sub(otherwise as u64),
    ));
    let mut part = |title: &str, rows: Vec<(String, u64)>| {
        if !rows.is_empty() {
            lines.push(format!("{title}:"));
            lines.extend(rows.into_iter().map(|(what, n)| format!("  {n:>7}  {what}")));
        }
    };
    part(
        "how they would end",
        replayed.turns().into_iter().map(|(turn, n)| (turn.word().into(), n)).collect(),
    );
    part("why they would be refused", replayed.reasons().iter().map(|(g, n)| (ground(g), *n)).collect());
    part("by agency and unit", replayed.units().iter().map(|((a, u), n)| (format!("{a} {u}"), *n)).collect());
    let untold = replayed.untold.iter().map(|(what, n)| ((*what).to_owned(), *n)).collect();
    part("cannot be told, for the earlier version did not ask about it", untold);
    if replayed.unreadable > 0 {
        part("cannot be read any more", vec![("grounds".into(), replayed.unreadable)]);
    }
    let refused = replayed.refused.iter().map(|(reason, n)| (reason.clone(), *n)).collect();
    part("refused attempts, whose grounds are not kept, so not decided again", refused);
    if otherwise > 0 {
        lines.push("the records:".into());
        lines.extend(replayed.affected.iter().map(|one| format!("  {}", row(one))));
    }
    lines
}

fn ground((reason, clause): &Ground) -> String {
    format!("{reason} under {}", clause.as_deref().unwrap_or("no clause"))
}

fn row(one: &Affected) -> String {
    let reasons: Vec<String> = one.reasons.iter().map(ground).collect();
    let why = if reasons.is_empty() { String::new() } else { format!(": {}", reasons.join(", ")) };
    format!("{}  {} {}  {}{why}", one.code, one.agency, one.unit, one.turn.word())
}

fn object(name: &str, replayed: &Replayed) -> serde_json::Value {
    let of = |(reason, clause): &Ground| json!({ "reason": reason, "clause": clause });
    let affected = |one: &Affected| {
        let reasons: Vec<_> = one.reasons.iter().map(of).collect();
        let Affected { code, agency, unit, turn, .. } = one;
        json!({ "code": code, "agency": agency, "unit": unit, "turn": turn.word(), "reasons": reasons })
    };
    let counted = |(what, n): (serde_json::Value, u64)| json!({ "what": what, "n": n });
    let reasons = replayed.reasons().iter().map(|(ground, n)| counted((of(ground), *n))).collect::<Vec<_>>();
    let units = replayed.units().into_iter();
    let units = units.map(|((agency, unit), n)| json!({ "agency": agency, "unit": unit, "n": n }));
    let turns = replayed.turns().into_iter().map(|(turn, n)| counted((turn.word().into(), n)));
    json!({
        "pack": name,
        "agencies": replayed.agencies,
        "from": replayed.span.map(|(first, _)| first.rfc3339()),
        "to": replayed.span.map(|(_, last)| last.rfc3339()),
        "decided": replayed.decided,
        "turns": turns.collect::<Vec<_>>(),
        "reasons": reasons,
        "units": units.collect::<Vec<_>>(),
        "affected": replayed.affected.iter().map(affected).collect::<Vec<_>>(),
        "untold": replayed.untold,
        "unreadable": replayed.unreadable,
        "refused": replayed.refused,
    })
}
