//! Consent before use: the unit head's (or the chain's) standing word that a unit may look up; and below it
//! the permissions of single people.

pub mod change;
pub mod import;
pub mod obligation;
pub mod permission;
pub mod scope;
pub mod tell;
pub mod term;

use crate::actor::Actor;
use crate::application::Application;
use crate::decision::{self, Act, Decision, Fact, Permit, Rule, Seen};
use crate::directory;
use crate::id::{ConsentId, EventId, Key, LogId, PermissionId, PersonId, TellingId, UnitId};
use crate::refusal::{Help, Outcome, Reason, Refusal};
use crate::regulation::{Capacity, ClauseId, Pack, ScopeOfConsent};
use crate::time::{Date, Instant};
use alloc::{format, string::String, vec, vec::Vec};
use permission::{Permission, Stop};
use serde::{Deserialize, Serialize};

/// What a consent is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Covers {
    /// Every unit of the agency; only its head gives such a one.
    Agency,
    /// One unit.
    Unit(UnitId),
    /// One case, by its number.
    Case(String),
}

impl Covers {
    /// The text that rows and keys hold.
    pub fn text(&self) -> String {
        match self {
            Covers::Agency => "agency".into(),
            Covers::Unit(unit) => format!("unit {unit}"),
            Covers::Case(number) => format!("case {number}"),
        }
    }

    /// Reads what [`Covers::text`] wrote.
    pub fn from_text(text: &str) -> Option<Self> {
        match text.split_once(' ') {
            None if text == "agency" => Some(Covers::Agency),
            Some(("unit", unit)) => Some(Covers::Unit(UnitId::new(unit))),
            Some(("case", number)) => Some(Covers::Case(number.into())),
            _ => None,
        }
    }
}

/// A consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Its identifier.
    pub id: ConsentId,
    /// What it is for.
    pub covers: Covers,
    /// The legal basis it is limited to; none means all that the rule allows.
    pub basis: Option<String>,
    /// Who gave it.
    pub by: PersonId,
    /// From when.
    pub from: Instant,
    /// Until when, exclusive; none if the rule sets no end.
    pub until: Option<Instant>,
    /// When it was ended early, if so.
    pub ended: Option<Instant>,
}

impl Consent {
    /// Whether it is in force at `now`.
    pub fn in_force(&self, now: Instant) -> bool {
        self.ended.is_none() && self.from <= now && self.until.is_none_or(|until| now < until)
    }
}

/// The revision key of all consents for one thing: giving and ending go one after the other.
pub fn key(log: &LogId, covers: &Covers) -> Key {
    Key::new(log, "consent", &covers.text())
}

/// What becomes of the rows of consents and permissions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Given.
    Given(Consent),
    /// Ended before its time.
    Ended {
        /// Which.
        id: ConsentId,
        /// When.
        at: Instant,
    },
    /// A permission is opened.
    Opened(Permission),
    /// A permission that was stopped for a leave runs again.
    Resumed(PermissionId),
    /// The owner of a permission was told that it ends.
    Warned {
        /// Which.
        id: PermissionId,
        /// When.
        at: Instant,
    },
    /// A permission ends sooner: from then on another one takes its place, or none.
    Shortened {
        /// Which.
        id: PermissionId,
        /// The new end.
        until: Instant,
    },
    /// A provider is to be told that a right has ended.
    Telling(tell::Telling),
    /// What providers are to be told of a stopped permission is written down.
    Queued {
        /// Which.
        id: PermissionId,
        /// When.
        at: Instant,
    },
    /// Somebody is to see to a provider that keeps silent.
    Pressed {
        /// Which message.
        id: TellingId,
        /// When.
        at: Instant,
    },
    /// A provider has acknowledged it.
    Told {
        /// Which message.
        id: TellingId,
        /// When.
        at: Instant,
    },
    /// A permission is stopped before its time.
    Stopped {
        /// Which.
        id: PermissionId,
        /// Why.
        why: Stop,
        /// When.
        at: Instant,
    },
}

/// Gives a consent.
///
/// # Errors
/// The rule wants none, or wants it from somebody else.
pub fn give(
    rule: Rule<'_>,
    actor: &Actor,
    consent: Consent,
    seen: Seen,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let clauses = may_give(rule, actor, consent.basis.as_deref()).map_err(|refusal| vec![refusal])?;
    if consent.until.is_some_and(|until| until <= now) {
        return Err(vec![Refusal::new(Reason::FieldMalformed).under_first(&clauses).at("until")]);
    }
    let own = rule.pack.consent(&actor.situation()).filter(|_| consent.basis.is_none());
    let months = own.and_then(|own| own.value.valid_months);
    if months.is_some_and(|months| consent.until.is_none_or(|until| until > last(months, now))) {
        let refusal = Refusal::new(Reason::TermTooLong).under_first(&clauses).at("until");
        return Err(vec![refusal.with("months", format!("{}", months.unwrap_or_default()))]);
    }
    let fact = fact(event, "grant.consented", &consent).under(&clauses);
    let row = key(&actor.log(), &consent.covers);
    Ok(Decision::new(Permit::under(rule.reference, actor, &clauses, now), fact)
        .seeing([seen])
        .change(row, decision::Change::Grant(Change::Given(consent))))
}

/// The end of so many months from today.
fn last(months: u32, now: Instant) -> Instant {
    now.date().plus_months(months.into()).map_or(now, Date::end)
}

/// The consent that an approved application gives to the unit that applied, where the rule has it given so;
/// it stands for the shorter of the chain's term and its own.
pub fn approved(
    pack: &Pack,
    application: &Application,
    by: &PersonId,
    term: Option<u32>,
    from: Instant,
) -> Option<Consent> {
    let ruled = pack.consent(&application.situation())?;
    ruled.value.application.filter(|object| object.word() == application.object)?;
    let months = [ruled.value.valid_months, term].into_iter().flatten().min();
    Some(Consent {
        id: ConsentId::new(format!("co-{}", application.id)),
        covers: Covers::Unit(application.unit.clone()),
        basis: None,
        by: by.clone(),
        from,
        until: months.map(|months| last(months, from)),
        ended: None,
    })
}

/// Takes a consent over that was given before, on paper or in an older system.
///
/// # Errors
/// The actor does not look after people.
pub fn take_over(
    actor: &Actor,
    consent: Consent,
    seen: Seen,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    directory::may_keep(actor).map_err(|refusal| vec![refusal])?;
    let (log, fact) = (actor.log(), fact(event, "grant.consent-taken-over", &consent));
    let row = key(&log, &consent.covers);
    Ok(Decision::new(Permit::in_log(&log, actor.clone(), &[], now), fact)
        .seeing([seen])
        .change(row, decision::Change::Grant(Change::Given(consent))))
}

fn fact(event: &EventId, act: Act, consent: &Consent) -> Fact {
    let fact = Fact::new(event, act).detail("consent", consent.id.as_str());
    fact.detail("covers", consent.covers.text())
}

/// Ends a consent that is in force.
///
/// # Errors
/// It is not in force, or the actor could not have given it.
pub fn end(
    rule: Rule<'_>,
    actor: &Actor,
    consent: &Consent,
    seen: Seen,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let clauses = may_end(rule, actor, consent.basis.as_deref()).map_err(|refusal| vec![refusal])?;
    let elsewhere = matches!(&consent.covers, Covers::Unit(unit) if *unit != actor.unit);
    let others = elsewhere && !actor.can(Capacity::Decide);
    if others || !consent.in_force(now) {
        return Err(vec![Refusal::new(Reason::ConsentUnknown).under_first(&clauses)]);
    }
    let fact = fact(event, "grant.ended", consent).under(&clauses);
    let ended = Change::Ended { id: consent.id.clone(), at: now };
    Ok(Decision::new(Permit::under(rule.reference, actor, &clauses, now), fact)
        .seeing([seen])
        .change(key(&actor.log(), &consent.covers), decision::Change::Grant(ended)))
}

/// Whether the actor may give the consent that the rule wants outright, and under which clauses; with
/// `basis`, the head's consent that a legal basis wants.
///
/// # Errors
/// The rule wants it from another role, by an application, or wants none.
pub fn may_give(rule: Rule<'_>, actor: &Actor, basis: Option<&str>) -> Result<Vec<ClauseId>, Refusal> {
    let clauses = may_end(rule, actor, basis)?;
    let wanted = rule.pack.consent(&actor.situation()).filter(|_| basis.is_none());
    match wanted.is_some_and(|wanted| wanted.value.application.is_some()) {
        true => Err(Refusal::new(Reason::ConsentAppliedFor).under_first(&clauses)),
        false => Ok(clauses),
    }
}

/// Whether the actor has a say in the consent that the rule wants, however it is given.
///
/// # Errors
/// The rule wants it from another role, or wants none.
pub fn may_end(rule: Rule<'_>, actor: &Actor, basis: Option<&str>) -> Result<Vec<ClauseId>, Refusal> {
    if let Some(code) = basis {
        return may_give_for(rule, actor, code);
    }
    let wanted = rule.pack.consent(&actor.situation()).filter(|c| c.value.scope != ScopeOfConsent::None);
    let Some(wanted) = wanted else {
        return Err(Refusal::new(Reason::NoCapacity));
    };
    if wanted.value.is_by(&actor.role) {
        return Ok(wanted.clauses);
    }
    let by = wanted.value.by_role();
    Err(Refusal::new(Reason::NoCapacity).under_first(&wanted.clauses).helped_by(Help::Role(by.into())))
}

fn may_give_for(rule: Rule<'_>, actor: &Actor, code: &str) -> Result<Vec<ClauseId>, Refusal> {
    let Some(basis) = rule.pack.legal_basis(code).filter(|basis| basis.value.head_consent) else {
        return Err(Refusal::new(Reason::BasisUnknown).at("basis"));
    };
    if actor.can(Capacity::Decide) {
        return Ok(basis.clauses);
    }
    Err(Refusal::new(Reason::NoCapacity).under_first(&basis.clauses))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: u8) -> Instant {
        Instant::at(Date::new(2026, 3, 2).unwrap(), hour, 0)
    }

    #[test]
    fn what_a_consent_covers_reads_back() {
        let all =
            [Covers::Agency, Covers::Unit(UnitId::new("relief")), Covers::Case("115 with a space".into())];
        for covers in all {
            assert_eq!(Covers::from_text(&covers.text()), Some(covers));
        }
        for text in ["", "unit", "agency x", "person lin"] {
            assert_eq!(Covers::from_text(text), None, "{text}");
        }
    }

    #[test]
    fn a_consent_runs_from_its_beginning_until_its_end_or_until_it_is_ended() {
        let mut consent = Consent {
            id: ConsentId::new("consent"),
            covers: Covers::Agency,
            basis: None,
            by: PersonId::new("head"),
            from: at(9),
            until: Some(at(12)),
            ended: None,
        };
        let runs = |consent: &Consent| [8, 9, 11, 12].map(|hour| consent.in_force(at(hour)));
        assert_eq!(runs(&consent), [false, true, true, false]);
        consent.until = None;
        assert_eq!(runs(&consent), [false, true, true, true]);
        consent.ended = Some(at(10));
        assert_eq!(runs(&consent), [false; 4]);
    }
}
