//! Going through the accounts: what the system finds, what is decided about each finding, and the rest, which
//! the heads of the units confirm as a block.

pub mod remind;

use crate::actor::Actor;
use crate::decision::{self, Decision, Fact, Grounds, Permit, Rule, Seen};
use crate::directory::post::Cause;
use crate::duty::{self, Duty, Kind, State};
use crate::grant::permission::{self, Permission, Stop};
use crate::id::{DutyId, EventId, LogId, PersonId, UnitId};
use crate::period::Calendar;
use crate::personal::Personal;
use crate::refusal::{Outcome, Reason, Refusal};
use crate::regulation::{Capacity, ClauseId, Deadline};
use crate::time::{Date, Instant};
use crate::{account, grant};
use alloc::{collections::BTreeSet, format, string::String, vec, vec::Vec};
use serde::{Deserialize, Serialize};

/// Days without a sign-in after which an account counts as unused, where the rule sets nothing.
const IDLE_DAYS: i64 = 90;
/// Most characters of the reason for which something found is kept.
const NOTE_MAX: usize = 500;

/// What can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// The same is open twice.
    Duplicate,
    /// It is not used.
    Idle,
    /// Its owner works elsewhere.
    Transferred,
    /// Its owner left.
    Left,
    /// Its owner retired.
    Retired,
    /// It follows from no application.
    Unapproved,
}

impl Finding {
    /// All of them; somebody is found under the last that holds.
    pub const ALL: [Self; 6] =
        [Self::Unapproved, Self::Idle, Self::Duplicate, Self::Transferred, Self::Left, Self::Retired];

    /// The word in rows, entries and packs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Idle => "idle",
            Self::Transferred => "transferred",
            Self::Left => "left",
            Self::Retired => "retired",
            Self::Unapproved => "unapproved",
        }
    }

    /// The finding that a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|finding| finding.word() == word)
    }
}

/// Somebody whose account or permissions are gone through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// The units of their posts that run.
    pub units: Vec<UnitId>,
    /// Why their last post ended, if none runs.
    pub ended: Option<Cause>,
    /// Whether they run the accounts themselves or decide as head, so that no clock may shut them out.
    pub keeper: bool,
    /// How many accounts are open.
    pub accounts: usize,
    /// When they last signed in, or else when their account was opened.
    pub used: Option<Instant>,
    /// Their permissions that run.
    pub permissions: Vec<Permission>,
}

impl Member {
    /// The unit whose head answers for them: that of their post, else of a permission.
    pub fn unit(&self) -> Option<&UnitId> {
        self.units.first().or_else(|| self.permissions.first().map(|one| &one.unit))
    }
}

/// What is decided about somebody who was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Whom.
    pub person: PersonId,
    /// Why they were found.
    pub finding: Finding,
    /// Whether everything stays, with the reason; else their permissions stop.
    pub keep: bool,
    /// The reason.
    pub note: Personal,
}

/// A head's word for the people of a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attested {
    /// The unit.
    pub unit: UnitId,
    /// Who confirmed it.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// How many people stood on the list, and the hash of it.
    pub people: usize,
    /// SHA-256 of the list.
    pub hash: String,
}

/// What becomes of the rows of an inventory, which its duty names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Something was decided about somebody.
    Decided(DutyId, Verdict, PersonId, Instant),
    /// A head confirmed a unit.
    Attested(DutyId, Attested),
}

/// What a rule looks for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The findings, in the words of packs.
    pub findings: Vec<String>,
    /// When an account counts as unused, where the rule says so.
    pub idle: Option<Deadline>,
}

/// What is found about somebody, of what a rule looks for; nothing where all is in order.
pub fn find(member: &Member, wanted: &Wanted, calendar: &Calendar, now: Instant) -> Option<Finding> {
    let mut own = Finding::ALL.into_iter().filter(|finding| {
        wanted.findings.is_empty() || wanted.findings.iter().any(|word| word == finding.word())
    });
    own.rfind(|finding| holds(*finding, member, wanted, calendar, now))
}

fn holds(finding: Finding, member: &Member, wanted: &Wanted, calendar: &Calendar, now: Instant) -> bool {
    let gone = member.units.is_empty() && (member.accounts > 0 || !member.permissions.is_empty());
    match finding {
        Finding::Retired => gone && member.ended == Some(Cause::Retire),
        Finding::Left => gone && member.ended != Some(Cause::Absence),
        Finding::Transferred => {
            !member.units.is_empty()
                && member.permissions.iter().any(|permission| !member.units.contains(&permission.unit))
        }
        Finding::Duplicate => member.accounts > 1 || doubled(&member.permissions),
        Finding::Idle => member.accounts > 0 && !gone && is_idle(member, wanted, calendar, now),
        Finding::Unapproved => member.permissions.iter().any(|one| one.application.is_none()),
    }
}

fn is_idle(member: &Member, wanted: &Wanted, calendar: &Calendar, now: Instant) -> bool {
    let Some(used) = member.used else { return false };
    match &wanted.idle {
        Some(deadline) => duty::clock::due(deadline, used, calendar).is_ok_and(|due| due.moment <= now),
        None => used.plus_hours(24 * IDLE_DAYS) <= now,
    }
}

/// Whether two permissions of one unit open the same.
fn doubled(permissions: &[Permission]) -> bool {
    let mut seen = BTreeSet::new();
    permissions
        .iter()
        .flat_map(|one| one.items.iter().map(move |item| (&one.unit, item)))
        .any(|own| !seen.insert(own))
}

/// What a step of an inventory rests on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The duty that it is.
    pub duty: Duty,
    /// Those whose duty it is.
    pub holders: Vec<PersonId>,
    /// The duties of the heads, and of whoever closes it for those who went through it.
    pub parts: Vec<Duty>,
    /// The clauses that want it.
    pub clauses: Vec<ClauseId>,
    /// Whoever was found, why, and what they hold.
    pub found: Vec<(Finding, Member)>,
    /// What was decided so far.
    pub decided: Vec<Verdict>,
    /// The units that were confirmed.
    pub attested: Vec<Attested>,
    /// People of whom nothing was found.
    pub rest: usize,
    /// SHA-256 of the list of them.
    pub hash: String,
    /// When the heads were last reminded.
    pub reminded: Option<Instant>,
    /// The revisions of the rows it may change.
    pub seen: Vec<Seen>,
}

impl Facts {
    /// Those about whom nothing was decided yet.
    pub fn open(&self) -> impl Iterator<Item = &(Finding, Member)> {
        let decided = |person: &PersonId| self.decided.iter().any(|verdict| verdict.person == *person);
        self.found.iter().filter(move |(_, member)| !decided(&member.person))
    }

    /// The duties of heads who have not confirmed their people.
    pub fn waiting(&self) -> impl Iterator<Item = &Duty> + Clone {
        self.parts.iter().filter(|part| part.kind == Kind::Attest && part.state == State::Open)
    }

    /// Whether the actor decides about somebody: whoever goes through the accounts, about others. Where they
    /// alone do that, somebody else who runs the accounts or heads the agency decides about them.
    pub fn is_decided_by(&self, actor: &Actor, person: &PersonId) -> bool {
        let alone = self.holders.iter().all(|own| own == person);
        let stands_in = [Capacity::Administer, Capacity::Decide].into_iter().any(|own| actor.can(own));
        actor.person != *person && (self.duty.is_owed_by(actor, &[]) || (alone && stands_in))
    }

    /// Whether the actor decides about any of those about whom nothing was decided.
    pub fn asks(&self, actor: &Actor) -> bool {
        self.duty.is_owed_by(actor, &[])
            || self.open().any(|(_, member)| self.is_decided_by(actor, &member.person))
    }

    /// The unit that the actor confirms by a list: of those whose confirming is owed by the actor the one
    /// whose list it is, or else the first.
    pub fn unit_of<'a>(&'a self, actor: &'a Actor, is_list_of: impl Fn(&UnitId) -> bool) -> &'a UnitId {
        let owed = self.waiting().filter(|part| part.is_owed_by(actor, &[]));
        let mut units = owed.filter_map(|part| part.unit.as_ref());
        let first = units.clone().next();
        units.find(|unit| is_list_of(unit)).or(first).unwrap_or(&actor.unit)
    }

    /// Whether the actor runs it: whoever goes through it, or closes it.
    pub fn is_run_by(&self, actor: &Actor) -> bool {
        self.duty.is_owed_by(actor, &[]) || self.is_closed_by(actor)
    }

    /// Whether the heads were reminded on this day already.
    pub fn is_reminded(&self, today: Date) -> bool {
        self.reminded.is_some_and(|at| at.date() == today)
    }

    /// Whether the actor closes it: whoever signs it off, or else whoever goes through it.
    pub fn is_closed_by(&self, actor: &Actor) -> bool {
        let closes = self.parts.iter().find(|part| part.kind == Kind::SignOff).unwrap_or(&self.duty);
        self.duty.state == State::Open && closes.is_owed_by(actor, &[])
    }
}

/// Decides about those who were found, many at once. What is not kept stops at once; the way back is a new
/// application.
///
/// # Errors
/// It is not the actor's duty, or it is closed; somebody was not found, or was decided about; a reason to
/// keep somebody is missing.
pub fn decide(
    rule: Rule<'_>,
    actor: &Actor,
    facts: &Facts,
    verdicts: &[Verdict],
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    may(actor, facts).map_err(|refusal| vec![refusal])?;
    if verdicts.is_empty() {
        return Err(vec![Refusal::new(Reason::NothingSelected).under_first(&facts.clauses)]);
    }
    let mut refusals = Vec::new();
    for verdict in verdicts {
        let known = facts
            .open()
            .any(|(finding, member)| member.person == verdict.person && *finding == verdict.finding);
        let at = format!("note-{}", verdict.person);
        let note = verdict.note.expose().trim();
        if !known {
            refusals.push(Refusal::new(Reason::Changed).under_first(&facts.clauses));
        } else if verdict.person == actor.person {
            refusals.push(Refusal::new(Reason::FoundYourself).under_first(&facts.clauses));
        } else if !facts.is_decided_by(actor, &verdict.person) {
            refusals.push(Refusal::new(Reason::NotYourDuty).under_first(&facts.clauses));
        } else if verdict.keep && note.is_empty() {
            refusals.push(Refusal::new(Reason::NoteMissing).under_first(&facts.clauses).at(&at));
        } else if note.chars().count() > NOTE_MAX {
            let most = format!("{NOTE_MAX}");
            refusals.push(Refusal::new(Reason::FieldTooLong).at(&at).with("most", most));
        }
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let log = actor.log();
    let kept = verdicts.iter().filter(|verdict| verdict.keep).count();
    let people: Vec<&str> = verdicts.iter().map(|verdict| verdict.person.as_str()).collect();
    let fact = fact(event, "account.inventory-decided", facts)
        .detail("decided", number(verdicts.len()))
        .detail("kept", number(kept))
        .commit("people", &Personal::new(people.join(" ")))
        .on(Grounds::of(&verdicts, &facts.duty));
    let permit = Permit::under(rule.reference, actor, &facts.clauses, now);
    let mut decision = Decision::new(permit, fact).seeing(facts.seen.iter().cloned());
    for verdict in verdicts {
        let change = Change::Decided(facts.duty.id.clone(), verdict.clone(), actor.person.clone(), now);
        decision = changed(decision, &log, &facts.duty, change);
        let member = facts.found.iter().find(|(_, member)| member.person == verdict.person);
        if let Some((finding, member)) = member.filter(|_| !verdict.keep) {
            decision = removed(decision, &log, *finding, member, now);
        }
    }
    Ok(decision)
}

/// Stops what somebody holds without need: of one who moved, what belongs to the unit they left; of what is
/// open twice, all but the newest.
fn removed(decision: Decision, log: &LogId, finding: Finding, member: &Member, now: Instant) -> Decision {
    let row = permission::key(log, &member.person);
    let newest = |one: &Permission| {
        let own = member.permissions.iter().filter(|own| own.unit == one.unit);
        own.map(|own| (own.from, &own.id)).max() == Some((one.from, &one.id))
    };
    let stays = |one: &&Permission| match finding {
        Finding::Transferred => member.units.contains(&one.unit),
        Finding::Duplicate => newest(one),
        _ => false,
    };
    let unneeded = member.permissions.iter().filter(|one| !stays(one));
    unneeded.fold(decision, |decision, one| {
        let stop = grant::Change::Stopped { id: one.id.clone(), why: Stop::Unneeded, at: now };
        decision.change(row.clone(), decision::Change::Grant(stop))
    })
}

/// Confirms the people of a unit as they stand on the list that was shown.
///
/// # Errors
/// It is not the actor's unit; it is confirmed already; the list is not the one that was shown.
pub fn attest(
    rule: Rule<'_>,
    actor: &Actor,
    facts: &Facts,
    attested: Attested,
    shown: &str,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let part = facts.parts.iter().find(|part| {
        part.state == State::Open && part.unit.as_ref() == Some(&attested.unit) && part.is_owed_by(actor, &[])
    });
    let Some(part) = part else {
        return Err(vec![Refusal::new(Reason::NotYourDuty).under_first(&facts.clauses)]);
    };
    if shown != attested.hash {
        return Err(vec![Refusal::new(Reason::Changed).under_first(&facts.clauses)]);
    }
    let log = actor.log();
    let fact = fact(event, "account.inventory-attested", facts)
        .detail("unit", attested.unit.as_str())
        .detail("people", number(attested.people))
        .detail("list", attested.hash.as_str());
    let permit = Permit::under(rule.reference, actor, &facts.clauses, now);
    let decision = Decision::new(permit, fact).seeing(facts.seen.iter().cloned());
    let change = Change::Attested(facts.duty.id.clone(), attested);
    let decision = changed(decision, &log, &facts.duty, change);
    Ok(duty::closing(decision, &log, part, State::Done, &actor.person))
}

/// Closes an inventory, and has its result told to those whom the rule names. Everybody who was found is
/// decided about; the rest is confirmed as a block by the hash of its list. Where a head has not confirmed a
/// unit, the reason is written down.
///
/// # Errors
/// It is not the actor's duty, or it is closed; findings are open; the list is not the one that was shown; a
/// reason is missing.
pub fn close(
    rule: Rule<'_>,
    actor: &Actor,
    facts: &Facts,
    shown: &str,
    note: &Personal,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let refuse = |reason: Reason| Refusal::new(reason).under_first(&facts.clauses);
    if !facts.is_closed_by(actor) {
        return Err(vec![standing(facts).err().unwrap_or_else(|| refuse(Reason::NotYourDuty))]);
    }
    if let open @ 1.. = facts.open().count() {
        return Err(vec![refuse(Reason::FindingsOpen).with("count", format!("{open}"))]);
    }
    if shown != facts.hash {
        return Err(vec![refuse(Reason::Changed)]);
    }
    if facts.waiting().next().is_some() && note.expose().trim().is_empty() {
        return Err(vec![refuse(Reason::NoteMissing).at("note")]);
    }
    let log = actor.log();
    let fact = fact(event, "account.inventory-closed", facts)
        .detail("found", number(facts.found.len()))
        .detail("rest", number(facts.rest))
        .detail("list", facts.hash.as_str())
        .detail("attested", number(facts.attested.len()))
        .detail("unattested", number(facts.waiting().count()))
        .commit("note", note);
    let permit = Permit::under(rule.reference, actor, &facts.clauses, now);
    let decision = Decision::new(permit, fact).seeing(facts.seen.iter().cloned());
    let decision = duty::closing(decision, &log, &facts.duty, State::Done, &actor.person);
    let open = facts.parts.iter().filter(|part| part.state == State::Open);
    let decision = open.fold(decision, |decision, part| {
        let state = if part.kind == Kind::SignOff { State::Done } else { State::Dropped };
        duty::closing(decision, &log, part, state, &actor.person)
    });
    let results = duty::notice::of_result(rule, &facts.duty, event, now.date());
    Ok(results.into_iter().fold(decision, |decision, told| duty::opening(decision, &log, told)))
}

/// Stops what was found, because the inventory that should have decided about it was not held in time. Those
/// who run the accounts, and heads, are left out: nobody could let the others in again.
pub fn missed(rule: Rule<'_>, log: &LogId, facts: &Facts, event: &EventId, now: Instant) -> Option<Decision> {
    let idle: Vec<&(Finding, Member)> = facts.open().filter(|(_, member)| !member.keeper).collect();
    let people: Vec<&str> = idle.iter().map(|(_, member)| member.person.as_str()).collect();
    if people.is_empty() {
        return None;
    }
    let fact = fact(event, "account.inventory-missed", facts)
        .outcome("late")
        .detail("suspended", number(people.len()))
        .commit("people", &Personal::new(people.join(" ")));
    let timed = duty::timed(rule, log, now);
    let by = timed.actor().person.clone();
    let mut decision = Decision::new(timed, fact).seeing(facts.seen.iter().cloned());
    for (finding, member) in idle {
        let verdict = Verdict {
            person: member.person.clone(),
            finding: *finding,
            keep: false,
            note: Personal::default(),
        };
        let change = Change::Decided(facts.duty.id.clone(), verdict, by.clone(), now);
        decision = changed(decision, log, &facts.duty, change);
        decision = removed(decision, log, *finding, member, now);
    }
    Some(decision)
}

fn may(actor: &Actor, facts: &Facts) -> Result<(), Refusal> {
    let duty = &facts.duty;
    if duty.kind != Kind::Inventory || !facts.asks(actor) {
        return Err(Refusal::new(Reason::NotYourDuty).under_first(&facts.clauses));
    }
    standing(facts)
}

/// Whether it is open.
fn standing(facts: &Facts) -> Result<(), Refusal> {
    match facts.duty.state {
        State::Open => Ok(()),
        state => {
            Err(Refusal::new(Reason::WrongState).under_first(&facts.clauses).with("state", state.word()))
        }
    }
}

fn changed(decision: Decision, log: &LogId, duty: &Duty, change: Change) -> Decision {
    let change = decision::Change::Account(account::Change::Inventory(change));
    decision.change(duty.key(log), change)
}

fn fact(event: &EventId, act: &'static str, facts: &Facts) -> Fact {
    Fact::new(event, act).under(&facts.clauses).detail("duty", facts.duty.id.as_str())
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
