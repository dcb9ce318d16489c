//! Changes of post: somebody begins, moves, goes on leave, comes back or leaves.
//!
//! Rights follow the post at once. In the same decision the notices that the rule wants become duties, and so
//! does the list by which work is handed over.

use super::exception::{self, Exception};
use super::handover::Handover;
use super::{Assignment, Change, key, may_keep, posts_key};
use crate::actor::{Actor, Channel};
use crate::application::route::Holder;
use crate::decision::{self, Decision, Fact, Permit, Rule, Seen};
use crate::duty::notice::{self, Changed};
use crate::duty::{self, Duty, State};
use crate::grant;
use crate::grant::permission::{self, Permission, Stop};
use crate::id::{EventId, LogId, PersonId, UnitId};
use crate::period::Calendar;
use crate::personal::Personal;
use crate::refusal::{Outcome, Reason, Refusal, gather, unless};
use crate::regulation::{Capacity, ClauseId, Pack, Pair, Ruled, Tier};
use crate::time::{Date, Instant};
use alloc::{collections::BTreeSet, format, string::String, vec, vec::Vec};
use serde::{Deserialize, Serialize};

/// Days before or after today on which a change may take effect.
const REACH_DAYS: i64 = 366;

/// Why somebody's standing changes; the words are those of packs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// They begin.
    Appointment,
    /// They move to another unit.
    Transfer,
    /// They do something else in the same unit.
    DutyChange,
    /// They are away for longer and will come back.
    Absence,
    /// They leave.
    Leave,
    /// They resign.
    Resign,
    /// They retire.
    Retire,
    /// They stay after all: an end that was written down is taken back.
    Stay,
}

impl Cause {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Appointment,
        Self::Transfer,
        Self::DutyChange,
        Self::Absence,
        Self::Leave,
        Self::Resign,
        Self::Retire,
        Self::Stay,
    ];

    /// The word in rows, entries, files and packs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Appointment => "appointment",
            Self::Transfer => "transfer",
            Self::DutyChange => "duty-change",
            Self::Absence => "absence",
            Self::Leave => "leave",
            Self::Resign => "resign",
            Self::Retire => "retire",
            Self::Stay => "stay",
        }
    }

    /// The cause that a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.word() == word)
    }

    /// Whether a post ends for it.
    pub fn ends(self) -> bool {
        !matches!(self, Self::Appointment | Self::Stay)
    }

    /// Whether people are gone for it, if only for a time.
    pub fn leaves(self) -> bool {
        matches!(self, Self::Absence | Self::Leave | Self::Resign | Self::Retire)
    }

    /// Why permissions of a post that ends for it do not run any more.
    fn stop(self) -> Stop {
        match self {
            Self::Absence => Stop::OnLeave,
            Self::Leave | Self::Resign | Self::Retire => Stop::Left,
            Self::Appointment | Self::Transfer | Self::DutyChange | Self::Stay => Stop::Moved,
        }
    }
}

/// A change of post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repost {
    /// Whose.
    pub person: PersonId,
    /// Why.
    pub cause: Cause,
    /// The first day on which it holds.
    pub on: Date,
    /// The post that ends, if one does.
    pub from: Option<Assignment>,
    /// The post that begins, if one does.
    pub to: Option<Assignment>,
}

impl Repost {
    /// When the post that changes is over from now on; none where it stays.
    fn end(&self) -> Option<(Date, Cause)> {
        (self.cause != Cause::Stay).then_some((self.on, self.cause))
    }

    /// The post that somebody has after it and had not before: a new one, or the old one for longer than was
    /// written down.
    fn gains(&self) -> Option<Assignment> {
        let until = self.end().map(|(on, _)| on);
        let longer = |old: &&Assignment| match (old.until, until) {
            (Some(before), Some(after)) => before < after,
            (before, after) => before.is_some() && after.is_none(),
        };
        let old = self.from.as_ref().filter(longer).map(|old| Assignment { until, ..old.clone() });
        self.to.clone().or(old)
    }
}

/// What a change of post rests on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// What the units of the posts are in the rule's list of organisations: the one that ends, else the one
    /// that begins.
    pub organisation: String,
    /// That unit with those above it.
    pub line: Vec<UnitId>,
    /// The posts of the agency that are not over, those that begin later among them.
    pub posts: Vec<Assignment>,
    /// The person's permissions.
    pub held: Vec<Permission>,
    /// What they were allowed of that which the rule keeps apart.
    pub allowed: Vec<Exception>,
    /// Open duties to end what is not allowed any more, each with its pair.
    pub joined: Vec<(Pair, Duty)>,
    /// Open duties that an end of the same post brought which was written down before.
    pub moot: Vec<Duty>,
    /// Open lists by which work would have been handed over then.
    pub unlisted: Vec<Handover>,
    /// Whether the unit of the post that begins is none, or closed.
    pub closed: bool,
    /// The revisions of the rows it may change, and of that unit.
    pub seen: Vec<Seen>,
}

/// Carries out a change of post.
///
/// # Errors
/// The actor does not look after people, or it is their own post; the day is too far off; the unit is closed;
/// the rule does not know the role, lets nobody hold both, or as many hold it as it allows.
pub fn change(
    rule: Rule<'_>,
    actor: &Actor,
    repost: &Repost,
    facts: &Facts,
    calendar: &Calendar,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    may_keep(actor).map_err(|refusal| vec![refusal])?;
    if now.date().days_until(repost.on).abs() > REACH_DAYS {
        return Err(vec![Refusal::new(Reason::FieldMalformed).at("on")]);
    }
    listed(rule, actor, repost, facts, calendar, event, now)
}

/// Carries out a change that a list brings. Lists say since when people are where they are, so its day may
/// lie years back.
///
/// # Errors
/// As [`change`], but for the day.
pub fn listed(
    rule: Rule<'_>,
    actor: &Actor,
    repost: &Repost,
    facts: &Facts,
    calendar: &Calendar,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    may_keep(actor).map_err(|refusal| vec![refusal])?;
    if let Some(to) = repost.to.as_ref().filter(|_| facts.closed) {
        let unknown = Refusal::new(Reason::UnitUnknown).at("unit").with("unit", to.unit.as_str());
        return Err(vec![unknown]);
    }
    let posts: Vec<&Assignment> = facts.posts.iter().collect();
    unless(against(rule.pack, &actor.person, repost, (&posts, &facts.allowed), now.date()))?;
    Ok(carried(rule, actor, repost, facts, calendar, event, now))
}

/// All that stands against a change by somebody, where these posts are held and these exceptions allowed.
pub(super) fn against(
    pack: &Pack,
    by: &PersonId,
    repost: &Repost,
    (posts, allowed): (&[&Assignment], &[Exception]),
    today: Date,
) -> Vec<Refusal> {
    let early = repost.from.as_ref().is_some_and(|from| repost.on < from.from);
    gather([
        (repost.person == *by).then(|| Refusal::new(Reason::OwnPost)),
        early.then(|| Refusal::new(Reason::FieldMalformed).at("on")),
        (repost.from.is_none() && repost.to.is_none())
            .then(|| Refusal::new(Reason::NothingSelected).at("unit")),
        (repost.cause == Cause::Stay && repost.from.as_ref().is_none_or(|from| from.until.is_none()))
            .then(|| Refusal::new(Reason::WrongState).at("cause").with("state", "running")),
        repost.gains().and_then(|to| may_hold(pack, repost, &to, (posts, allowed), today)),
    ])
}

/// Ends a post by itself, because that on which it rested has ended.
pub fn lapse(
    rule: Rule<'_>,
    log: &LogId,
    repost: &Repost,
    facts: &Facts,
    calendar: &Calendar,
    event: &EventId,
    now: Instant,
) -> Decision {
    let timer = Actor { channel: Channel::Timer, ..super::operator(log) };
    carried(rule, &timer, repost, facts, calendar, event, now)
}

/// The change with everything that comes of it.
fn carried(
    rule: Rule<'_>,
    actor: &Actor,
    repost: &Repost,
    facts: &Facts,
    calendar: &Calendar,
    event: &EventId,
    now: Instant,
) -> Decision {
    let log = actor.log();
    let nothing = repost.cause == Cause::Stay || is_history(repost, now.date());
    let Follows { duties, clauses, handover } = match nothing {
        true => Follows::default(),
        false => follows(rule, repost, facts, calendar, event, now.date()),
    };
    let word = |post: &Option<Assignment>| post.as_ref().map(|post| post.role.clone()).unwrap_or_default();
    let fact = Fact::new(event, "directory.posted")
        .under(&clauses)
        .detail("cause", repost.cause.word())
        .detail("on", format!("{}", repost.on))
        .detail("from", word(&repost.from))
        .detail("to", word(&repost.to))
        .detail("duties", i64::try_from(duties.len()).unwrap_or(i64::MAX))
        .commit("person", &Personal::new(repost.person.as_str()));
    let mut decision = Decision::new(Permit::under(rule.reference, actor, &clauses, now), fact)
        .seeing(facts.seen.iter().cloned());
    for row in rows(repost) {
        let of_person = posts_key(&log, &repost.person);
        let of_row = key(&log, &row);
        decision = decision.change(of_row, decision::Change::Directory(row)).touching(of_person);
    }
    // A unit is closed only when nobody gets a post in it meanwhile.
    if let Some(to) = &repost.to {
        decision = decision.touching(super::unit::key(&log, &to.unit));
    }
    if let Some(handover) = handover {
        let row = handover.key(&log);
        decision = decision.change(row, decision::Change::Directory(Change::Handover(handover)));
    }
    let by = &actor.person;
    decision = facts
        .moot
        .iter()
        .fold(decision, |decision, duty| duty::closing(decision, &log, duty, State::Dropped, by));
    for list in &facts.unlisted {
        let closed = Handover { closed: Some((by.clone(), now)), ..list.clone() };
        decision = decision.change(list.key(&log), decision::Change::Directory(Change::Handover(closed)));
    }
    if repost.on <= now.date() && repost.cause != Cause::Stay {
        decision = rights(decision, &log, repost, &facts.held, now);
        decision = parted(rule.pack, decision, actor, repost, facts, now.date());
    }
    duties.into_iter().fold(decision, |decision, duty| duty::opening(decision, &log, duty))
}

/// Whether somebody began so long ago that it is entered here and not changed: nobody is told of it any more.
fn is_history(repost: &Repost, today: Date) -> bool {
    repost.from.is_none() && repost.on.days_until(today) > REACH_DAYS
}

/// The rows of the directory that become different.
fn rows(repost: &Repost) -> Vec<Change> {
    let ended = repost.from.as_ref().map(|from| Change::Ended { id: from.id.clone(), end: repost.end() });
    ended.into_iter().chain(repost.to.clone().map(Change::Assignment)).collect()
}

/// Permissions of the unit that is left stop; those that were stopped for a leave come back with their owner.
fn rights(decision: Decision, log: &LogId, repost: &Repost, held: &[Permission], now: Instant) -> Decision {
    let row = permission::key(log, &repost.person);
    let left = repost.from.as_ref().map(|post| &post.unit);
    let stops = held.iter().filter(|one| one.stopped.is_none() && Some(&one.unit) == left);
    let stops =
        stops.map(|one| grant::Change::Stopped { id: one.id.clone(), why: repost.cause.stop(), at: now });
    let back = repost.to.as_ref().map(|post| &post.unit);
    let waits = |one: &&Permission| Some(&one.unit) == back && one.rests(now) == Some(Stop::OnLeave);
    let resumes = held.iter().filter(waits).map(|one| grant::Change::Resumed(one.id.clone()));
    let changes: Vec<grant::Change> = stops.chain(resumes).collect();
    changes
        .into_iter()
        .fold(decision, |decision, change| decision.change(row.clone(), decision::Change::Grant(change)))
}

/// Duties to end what nobody may hold together are done where it is not held together any more.
fn parted(
    pack: &Pack,
    decision: Decision,
    actor: &Actor,
    repost: &Repost,
    facts: &Facts,
    today: Date,
) -> Decision {
    let ends = repost.from.as_ref().map(|from| &from.id);
    let own = facts.posts.iter().filter(|own| own.person == repost.person && Some(&own.id) != ends);
    let stays = own.filter(|own| own.from <= today);
    let stays = stays.map(|own| own.role.as_str());
    let roles: Vec<&str> = stays.chain(repost.to.iter().map(|to| to.role.as_str())).collect();
    let done = facts.joined.iter().filter(|(pair, _)| !pack.joins(*pair, &roles));
    let (log, by) = (actor.log(), &actor.person);
    done.fold(decision, |decision, (_, duty)| duty::closing(decision, &log, duty, State::Done, by))
}

/// What else comes of a change.
#[derive(Default)]
struct Follows {
    /// What people owe because of it.
    duties: Vec<Duty>,
    /// The clauses that want it.
    clauses: Vec<ClauseId>,
    /// The list by which work is handed over, where the rule wants one.
    handover: Option<Handover>,
}

fn follows(
    rule: Rule<'_>,
    repost: &Repost,
    facts: &Facts,
    calendar: &Calendar,
    event: &EventId,
    today: Date,
) -> Follows {
    let Some(post) = repost.from.as_ref().or(repost.to.as_ref()) else { return Follows::default() };
    let holders: Vec<Holder> = facts.posts.iter().filter(|post| post.runs(today)).map(Holder::from).collect();
    let changed = Changed {
        person: &repost.person,
        role: &post.role,
        unit: &post.unit,
        organisation: &facts.organisation,
        cause: repost.cause,
        on: repost.on,
        line: &facts.line,
        holders: &holders,
    };
    let (mut duties, mut clauses) = notice::of_change(rule, &changed, calendar, event);
    let by_list = rule.pack.handover(&changed.situation()).filter(|ruled| ruled.value.by_list);
    let counts = |causes: &[String]| causes.is_empty() || causes.iter().any(|own| own == repost.cause.word());
    let by_list = by_list.filter(|ruled| counts(&ruled.value.causes));
    let Some(ruled) = by_list.filter(|_| repost.from.is_some()) else {
        return Follows { duties, clauses, handover: None };
    };
    let (handover, owed) = Handover::begun(rule, &ruled, &changed, event);
    duties.extend(owed);
    clauses.extend(ruled.clauses);
    Follows { duties, clauses, handover: Some(handover) }
}

/// Why somebody may not hold a post beside what they hold already; nothing where they may.
fn may_hold(
    pack: &Pack,
    repost: &Repost,
    to: &Assignment,
    (posts, allowed): (&[&Assignment], &[Exception]),
    today: Date,
) -> Option<Refusal> {
    let Some(role) = pack.role(&to.role) else {
        return Some(Refusal::new(Reason::RoleUnknown).at("role").with("role", to.role.as_str()));
    };
    let ends = repost.from.as_ref().map(|from| &from.id);
    let stays = posts.iter().filter(|post| Some(&post.id) != ends && post.meets(to));
    let mut own = stays.clone().filter(|post| post.person == repost.person);
    // What was allowed is asked about from today on: what lies before is written down, not given.
    let day = repost.on.max(today);
    let apart = own.find_map(|other| apart(pack, (&role.id, &other.role), (allowed, day)));
    apart.or_else(|| {
        let tier = pack.tier_of(&role.id)?;
        let others: Vec<&Assignment> = stays.copied().filter(|post| post.person != repost.person).collect();
        full(&tier, to, &others).or_else(|| unneeded(pack, &tier, to, &others))
    })
}

/// Whether as many hold the role as the rule allows.
fn full(tier: &Ruled<Tier>, to: &Assignment, others: &[&Assignment]) -> Option<Refusal> {
    let most = tier.value.at_most?;
    let near = |post: &&&Assignment| !tier.value.per_unit || post.unit == to.unit;
    let same = others.iter().filter(|holder| holder.role == to.role).filter(near).count();
    let refusal = Refusal::new(Reason::RoleFull).under_first(&tier.clauses).at("role");
    (same >= most).then(|| refusal.with("role", to.role.as_str()).with("most", format!("{most}")))
}

/// Whether too few look up in the unit, and in the agency, for the role to be there; either is enough.
fn unneeded(pack: &Pack, tier: &Ruled<Tier>, to: &Assignment, others: &[&Assignment]) -> Option<Refusal> {
    let users = others.iter().filter(|holder| pack.capacities(&holder.role).contains(&Capacity::Ask));
    let count = |near: &dyn Fn(&Assignment) -> bool| {
        users
            .clone()
            .filter(|holder| near(holder))
            .map(|holder| &holder.person)
            .collect::<BTreeSet<_>>()
            .len()
    };
    let wanted = [
        tier.value.unit_users.map(|least| (least, count(&|holder| holder.unit == to.unit))),
        tier.value.agency_users.map(|least| (least, count(&|_| true))),
    ];
    let wanted: Vec<(usize, usize)> = wanted.into_iter().flatten().collect();
    let (least, _) = wanted.iter().min()?;
    let few = wanted.iter().all(|(least, there)| there < least);
    let refusal = Refusal::new(Reason::RoleUnneeded).under_first(&tier.clauses).at("role");
    few.then(|| refusal.with("role", to.role.as_str()).with("least", format!("{least}")))
}

/// Why one person may not hold two roles; nothing where they may. From roles that name each other there is no
/// exception.
fn apart(pack: &Pack, (one, other): (&str, &str), (allowed, day): (&[Exception], Date)) -> Option<Refusal> {
    let named = |role: &str, with: &str| {
        pack.role(role).is_some_and(|role| role.incompatible.iter().any(|own| own == with))
    };
    if named(one, other) || named(other, one) {
        let clauses = pack.role(one).map(|role| role.clauses.clone()).unwrap_or_default();
        let refusal = Refusal::new(Reason::RolesApart).at("role").with("role", one).with("other", other);
        return Some(refusal.under_first(&clauses));
    }
    exception::refused(pack, (one, other), allowed, day)
}

/// Stops permissions whose owners have no post in their unit any more, where the day of a change has come.
pub fn settle(
    rule: Rule<'_>,
    log: &LogId,
    person: &PersonId,
    stopped: &[(Permission, Cause)],
    seen: Seen,
    event: &EventId,
    now: Instant,
) -> Decision {
    let count = i64::try_from(stopped.len()).unwrap_or(i64::MAX);
    let fact = Fact::new(event, "grant.ended-with-post")
        .detail("permissions", count)
        .commit("person", &Personal::new(person.as_str()));
    let row = permission::key(log, person);
    stopped.iter().fold(
        Decision::new(duty::timed(rule, log, now), fact).seeing([seen]),
        |decision, (permission, cause)| {
            let stop = grant::Change::Stopped { id: permission.id.clone(), why: cause.stop(), at: now };
            decision.change(row.clone(), decision::Change::Grant(stop))
        },
    )
}
