//! Permissions: what an approved application opened for a person, and until when.
//!
//! A permission never reaches further than the application it follows from; it ends by itself.

use crate::actor::Actor;
use crate::decision::{self, Decision, Fact, Grounds, Permit, Rule, Seen};
use crate::id::{ApplicationId, EventId, Key, LogId, PermissionId, PersonId, UnitId};
use crate::personal::Personal;
use crate::refusal::{Outcome, Reason, Refusal};
use crate::regulation::{Capacity, ClauseId, Pack, Words};
use crate::time::Instant;
use crate::{directory, grant};
use alloc::{format, string::String, vec, vec::Vec};
use serde::{Deserialize, Serialize};

/// Most characters of the reason for which a permission is stopped.
const REASON_MAX: usize = 500;

/// Why a permission does not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stop {
    /// A later application took its place.
    Replaced,
    /// An application gave it up.
    Cancelled,
    /// An office stopped it of its own accord.
    ExOfficio,
    /// Its owner works elsewhere, or as something else.
    Moved,
    /// Its owner left.
    Left,
    /// Its owner is on leave; it comes back with them.
    OnLeave,
    /// Going through the accounts found that it is not needed.
    Unneeded,
    /// Its owner did not use it for as long as the rule allows.
    Idle,
    /// Its own end came.
    Expired,
    /// Its owner is late with what they owe for it; it comes back when that is done.
    Lapsed,
}

impl Stop {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Replaced,
        Self::Cancelled,
        Self::ExOfficio,
        Self::Moved,
        Self::Left,
        Self::OnLeave,
        Self::Unneeded,
        Self::Idle,
        Self::Expired,
        Self::Lapsed,
    ];

    /// The word in rows and entries.
    pub fn word(self) -> &'static str {
        match self {
            Self::Replaced => "replaced",
            Self::Cancelled => "cancelled",
            Self::ExOfficio => "ex-officio",
            Self::Moved => "moved",
            Self::Left => "left",
            Self::OnLeave => "on-leave",
            Self::Unneeded => "unneeded",
            Self::Idle => "idle",
            Self::Expired => "expired",
            Self::Lapsed => "lapsed",
        }
    }

    /// Whether what was stopped for it comes back by itself, so that it still stands.
    pub fn passes(self) -> bool {
        matches!(self, Self::OnLeave | Self::Lapsed)
    }

    /// The reason that a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stop| stop.word() == word)
    }
}

/// What a person may do beyond what their role gives them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permission {
    /// Its identifier.
    pub id: PermissionId,
    /// Whose it is: a successor inherits nothing.
    pub person: PersonId,
    /// In which unit it may be used.
    pub unit: UnitId,
    /// The ticks of the form that it opens.
    pub items: Vec<String>,
    /// The application it follows from; none where it was taken over from an older system.
    pub application: Option<ApplicationId>,
    /// The number of the application that it followed from in an older system.
    #[serde(default)]
    pub formerly: Option<String>,
    /// The permission that it replaces, or renews from its end on.
    #[serde(default)]
    pub follows: Option<PermissionId>,
    /// From when.
    pub from: Instant,
    /// Until when, exclusive; none where the rule sets no end.
    pub until: Option<Instant>,
    /// When its owner was told that it ends; from then on it can be renewed.
    #[serde(default)]
    pub warned: Option<Instant>,
    /// Why it was stopped before its time, and when.
    pub stopped: Option<(Stop, Instant)>,
}

impl Permission {
    /// One that an older system had given, from a moment on.
    pub fn older(
        id: PermissionId,
        person: PersonId,
        unit: UnitId,
        items: Vec<String>,
        from: Instant,
    ) -> Self {
        Self {
            id,
            person,
            unit,
            items,
            application: None,
            formerly: None,
            follows: None,
            from,
            until: None,
            warned: None,
            stopped: None,
        }
    }

    /// Whether it may be used at a moment.
    pub fn runs(&self, now: Instant) -> bool {
        self.is_open(now) && self.from <= now
    }

    /// Whether it runs, or will when the one that it renews ends.
    pub fn is_open(&self, now: Instant) -> bool {
        self.stopped.is_none() && self.until.is_none_or(|until| now < until)
    }

    /// Why it does not run at a moment, though it will come back by itself.
    pub fn rests(&self, now: Instant) -> Option<Stop> {
        let passes = self.stopped.map(|(why, _)| why).filter(|why| why.passes());
        passes.filter(|_| self.until.is_none_or(|until| now < until))
    }

    /// Whether its owner has it, be it that it rests: what takes its place or ends it does so for good.
    pub fn stands(&self, now: Instant) -> bool {
        self.is_open(now) || self.rests(now).is_some()
    }
}

/// The revision key of all permissions of a person: they change one after the other.
pub fn key(log: &LogId, person: &PersonId) -> Key {
    Key::new(log, "permission", person.as_str())
}

/// Stops a permission of the agency's own accord, with a reason, and whatever waits to take over from it;
/// the way back is a new application. `held` is all that its owner holds.
///
/// # Errors
/// The rule lets nobody, or somebody else; it does not run; the reason is missing.
pub fn stop(
    rule: Rule<'_>,
    actor: &Actor,
    (permission, held): (&Permission, &[Permission]),
    reason: &Personal,
    seen: Seen,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let clauses = may_stop(rule.pack, actor).map_err(|refusal| vec![refusal])?;
    if !permission.stands(now) {
        let state = Refusal::new(Reason::WrongState).under_first(&clauses);
        return Err(vec![state.with("state", "ended")]);
    }
    let text = reason.expose().trim();
    if text.is_empty() {
        return Err(vec![Refusal::new(Reason::NoteMissing).under_first(&clauses).at("reason")]);
    }
    if text.chars().count() > REASON_MAX {
        let most = format!("{REASON_MAX}");
        return Err(vec![Refusal::new(Reason::FieldTooLong).at("reason").with("most", most)]);
    }
    let fact = Fact::new(event, "grant.stopped")
        .under(&clauses)
        .detail("permission", permission.id.as_str())
        .commit("person", &Personal::new(permission.person.as_str()))
        .commit("reason", reason)
        .on(Grounds::of(reason, &(actor, permission)));
    let row = key(&actor.log(), &permission.person);
    let decision = Decision::new(Permit::under(rule.reference, actor, &clauses, now), fact).seeing([seen]);
    let waits = held.iter().filter(|one| one.follows.as_ref() == Some(&permission.id) && one.stands(now));
    Ok([permission].into_iter().chain(waits).fold(decision, |decision, one| {
        let stopped = grant::Change::Stopped { id: one.id.clone(), why: Stop::ExOfficio, at: now };
        decision.change(row.clone(), decision::Change::Grant(stopped))
    }))
}

/// Whether the rule lets the actor stop permissions ex officio, and under which clauses.
///
/// # Errors
/// The rule lets nobody, or somebody else.
pub fn may_stop(pack: &Pack, actor: &Actor) -> Result<Vec<ClauseId>, Refusal> {
    let Some(rule) = pack.ex_officio(&actor.situation()) else {
        return Err(Refusal::new(Reason::NoCapacity));
    };
    match pack.roles_meant(&rule.value.by, Capacity::Administer).contains(&actor.role) {
        true => Ok(rule.clauses),
        false => Err(Refusal::new(Reason::NoCapacity).under_first(&rule.clauses)),
    }
}

/// Takes permissions over from an older system; each is marked as such, for it follows from no application.
///
/// # Errors
/// There are none; the actor does not look after people.
pub fn take_over(
    actor: &Actor,
    permissions: Vec<Permission>,
    seen: Vec<Seen>,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    directory::may_keep(actor).map_err(|refusal| vec![refusal])?;
    if permissions.is_empty() {
        return Err(vec![Refusal::new(Reason::NothingSelected)]);
    }
    let log = actor.log();
    let count = i64::try_from(permissions.len()).unwrap_or(i64::MAX);
    let people: Vec<&str> = permissions.iter().map(|one| one.person.as_str()).collect();
    let fact = Fact::new(event, "grant.taken-over")
        .detail("permissions", count)
        .commit("people", &Personal::new(people.join(" ")));
    let decision = Decision::new(Permit::in_log(&log, actor.clone(), &[], now), fact).seeing(seen);
    Ok(permissions.into_iter().fold(decision, |decision, permission| {
        let permission = Permission { application: None, ..permission };
        let row = key(&log, &permission.person);
        decision.change(row, decision::Change::Grant(grant::Change::Opened(permission)))
    }))
}

/// What the form for accounts calls a code that can be ticked.
pub fn word_of(pack: &Pack, code: &str) -> Option<Words> {
    let forms = pack.account_forms().into_iter();
    let mut options = forms.flat_map(|form| &form.fields).flat_map(|field| &field.options);
    options.find(|option| option.code == code).map(|option| option.label.clone())
}

/// Every code that can be ticked in the forms for accounts.
pub fn every_code(pack: &Pack) -> Vec<String> {
    let fields = pack.account_forms().into_iter().flat_map(|form| &form.fields);
    let ticks = fields.filter(|field| field.kind == "ticks");
    ticks.flat_map(|field| field.options.iter().map(|option| option.code.clone())).collect()
}
