//! What those along the chain do: a stamp, an opinion, a return, a refusal, and carrying out.

use super::claim::{self, Claim};
use super::route::{Bar, Route, Staff};
use super::submit::{appointed, fact, wrong_state};
use super::{Action, Application, Change, Ruling, Stamp, State, Verdict, chain, outcome};
use crate::actor::Actor;
use crate::decision::{self, Decision, Grounds, Permit, Rule, Seen};
use crate::duty::Duty;
use crate::grant;
use crate::grant::permission::{Permission, Stop};
use crate::grant::term::{self, Terms};
use crate::id::{EventId, PersonId};
use crate::letter::Came;
use crate::link;
use crate::link::open::Basis;
use crate::personal::Personal;
use crate::refusal::{Help, Outcome, Reason, Refusal, unless};
use crate::regulation::{ApplicationObject, ApprovalChain, ChainStep, ClauseId, Ruled, StepAct, StepOutcome};
use crate::time::{Date, Instant};
use alloc::{boxed::Box, format, string::String, vec, vec::Vec};
use serde::{Deserialize, Serialize};

/// Most characters of the words that go with a stamp.
pub(super) const NOTE_MAX: usize = 500;

/// What somebody gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Give {
    /// What.
    pub verdict: Verdict,
    /// The words that go with it.
    pub note: Personal,
    /// What goes with it; the only result that gives this is chosen where none is named.
    #[serde(default)]
    pub ruling: Ruling,
    /// With a return: the fields that are to be mended; all where none is named.
    pub fields: Vec<String>,
    /// The letter by which a body outside gave it, at a step that is theirs.
    #[serde(default)]
    pub letter: Came,
}

impl Give {
    /// This and nothing that goes with it.
    pub fn of(verdict: Verdict) -> Self {
        let (note, ruling, letter) = (Personal::default(), Ruling::default(), Came::default());
        Self { verdict, note, ruling, fields: vec![], letter }
    }
}

/// What the decision rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Where the application stands.
    pub application: Application,
    /// What was given before, in all versions.
    pub stamps: Vec<Stamp>,
    /// What people have taken on, in all versions.
    pub claims: Vec<Claim>,
    /// The people.
    pub staff: Staff,
    /// The permissions that those it is for hold now.
    pub held: Vec<Permission>,
    /// The duties to renew these that are open.
    #[serde(default)]
    pub owed: Vec<Duty>,
    /// Where it is about a link: what the approval of one has to know.
    #[serde(default)]
    pub link: Option<Basis>,
    /// The revisions of all rows it may change: the application's, those of the permissions and of links.
    pub seen: Vec<Seen>,
}

/// What a step lets those who act there give.
pub fn verdicts(act: StepAct) -> &'static [Verdict] {
    match act {
        StepAct::Propose => &[],
        StepAct::Consult => &[Verdict::Agree, Verdict::Object],
        StepAct::Check | StepAct::Decide => &[Verdict::Agree, Verdict::Return, Verdict::Refuse],
        // What was approved may have become impossible since, or prove wrong where it is carried out.
        StepAct::CarryOut => &[Verdict::CarryOut, Verdict::Return, Verdict::Refuse],
    }
}

/// Why somebody cannot act on an application now; nothing where they can.
pub fn barred(route: &Route<'_>, clauses: &[ClauseId], actor: &Actor) -> Option<Refusal> {
    if !route.application.state.is_on_its_way() {
        return Some(wrong_state(route.application, clauses));
    }
    let reason = match route.seat(&actor.person) {
        Ok(_) => return None,
        Err(Bar::Concerned) => Reason::OwnApplication,
        Err(Bar::Counted) => Reason::StampedBefore,
        Err(Bar::NotTheirs) => Reason::NotYourStep,
        Err(Bar::NeededLater) => Reason::NeededLater,
        Err(Bar::Claimed) => {
            let held = route.claims_against(&actor.person).into_iter().next();
            return held.map(|held| claim::claimed(held).under_first(clauses));
        }
    };
    let role = route.step().and_then(|step| step.who.first());
    let role = role.map(|who| appointed(route.pack, who)).unwrap_or_default();
    Some(Refusal::new(reason).under_first(clauses).with("role", role.clone()).helped_by(Help::Role(role)))
}

/// Gives a stamp at the step that has the application, and moves it on where the step is full.
///
/// # Errors
/// It is not the actor's turn, the step does not give this, words are missing.
pub fn give(
    rule: Rule<'_>,
    actor: &Actor,
    facts: &Facts,
    give: &Give,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let application = &facts.application;
    let unknown = || vec![Refusal::new(Reason::ApplicationUnknown)];
    let chain = chain(rule.pack, &application.object, &application.situation()).ok_or_else(unknown)?;
    let route = facts.route(rule.pack, &chain.value);
    if let Some(refusal) = barred(&route, &chain.clauses, actor) {
        return Err(vec![refusal]);
    }
    let (Some(step), Ok((part, right))) = (route.step(), route.seat(&actor.person)) else {
        return Err(vec![wrong_state(application, &chain.clauses)]);
    };
    let outcome = outcome::chosen(step, give).map_err(|no| vec![no.under_first(&chain.clauses)])?;
    worded(step, outcome, give, &chain.clauses).map_err(|refusal| vec![refusal])?;
    // What others left out before is gone already: at least one tick stays of what is there.
    let (open, _) = outcome::approved(application, facts.stamps.iter());
    unless(outcome::faults(outcome, give, &open, &chain, now))?;
    let letter = route.is_by_letter(application.step, part).then(|| give.letter.clone());
    unless(letter.iter().flat_map(|letter| letter.faults(&chain.clauses, now)).collect())?;
    let stamp = Stamp {
        version: application.version,
        step: application.step,
        part,
        by: actor.person.clone(),
        right,
        verdict: give.verdict,
        ruling: Ruling { outcome: outcome.map(|outcome| outcome.code.clone()), ..give.ruling.clone() },
        fields: give.fields.clone(),
        letter,
        at: now,
    };
    let moved = moved_on(&route, give.verdict, now);
    // What a blind step hides stands in no entry either: the log is read before the step is over.
    let hidden = step.blind && moves_on(give.verdict);
    let (act, outcome) = match hidden {
        true => ("application.given", "done"),
        false => (act(give.verdict), give.verdict.word()),
    };
    let done = moved.state == State::Done;
    let (approved, first) = outcome::approved(&moved, facts.stamps.iter().chain([&stamp]));
    let fact = fact(event, act, if done { &approved } else { &moved }, &chain.clauses)
        .outcome(outcome)
        .commit("verdict", &Personal::new(give.verdict.word()))
        .detail("step", i64::try_from(stamp.step).unwrap_or(i64::MAX))
        .detail("deputy", i64::from(stamp.right.stands_for().is_some()))
        .detail("delegate", i64::from(stamp.right.delegated_by().is_some()))
        .detail("state", moved.state.word())
        .commit("note", &give.note)
        .on(Grounds::of(give, &(actor, facts)));
    let fact = stamp.letter.iter().fold(fact, |fact, letter| letter.told(fact));
    let fact = if hidden { fact } else { outcome::told(fact, &stamp.ruling) };
    let key = application.key(&actor.log());
    let hindered = hindered(application, &facts.staff, &facts.held, &chain.clauses, now);
    unless(hindered.filter(|_| done).into_iter().collect())?;
    let change = Change::Stamped(moved.clone(), Box::new(stamp), give.note.clone());
    let decision = Decision::new(Permit::under(rule.reference, actor, &chain.clauses, now), fact)
        .seeing(facts.seen.iter().cloned())
        .change(key, decision::Change::Application(change));
    Ok(match done {
        true => followed(decision, rule, (&approved, first), &chain, facts, (actor, now)),
        false => decision,
    })
}

/// What follows in the same entry from an application that is done.
fn followed(
    decision: Decision,
    rule: Rule<'_>,
    (moved, first): (&Application, Option<Date>),
    chain: &Ruled<ApprovalChain>,
    facts: &Facts,
    (actor, now): (&Actor, Instant),
) -> Decision {
    if moved.object == ApplicationObject::Account.word() {
        let terms = Terms::of(rule.pack, chain, first);
        return term::opened(decision, moved, (&facts.held, &facts.owed), terms);
    }
    if let Some(basis) = &facts.link {
        return link::open::approved(decision, rule, moved, basis, chain, now);
    }
    let from = first.map_or(now, |first| first.start().max(now));
    match grant::approved(rule.pack, moved, &actor.person, chain.value.months(), from) {
        Some(consent) => {
            let row = grant::key(&actor.log(), &consent.covers);
            decision.change(row, decision::Change::Grant(grant::Change::Given(consent)))
        }
        None => decision,
    }
}

/// Why what was approved cannot be carried out, whoever does it: somebody for whom rights would be opened has
/// no post in the unit any more. A leave is no such end: what is opened then rests until they are back.
pub fn hindered(
    application: &Application,
    staff: &Staff,
    held: &[Permission],
    clauses: &[ClauseId],
    now: Instant,
) -> Option<Refusal> {
    if application.object != ApplicationObject::Account.word() || application.action == Action::Cancel {
        return None;
    }
    let unit = &application.unit;
    let away = |person: &PersonId| {
        let mut own = held.iter().filter(|one| one.person == *person && one.unit == *unit);
        own.any(|one| one.rests(now) == Some(Stop::OnLeave))
    };
    let gone = |person: &PersonId| !staff.is_of(person, unit) && !away(person);
    let refusal = || Refusal::new(Reason::PostOver).under_first(clauses).at("verdict");
    application.people.iter().any(gone).then(refusal)
}

/// Whether the step gives this, and the words that it wants are there.
fn worded(
    step: &ChainStep,
    outcome: Option<&StepOutcome>,
    give: &Give,
    clauses: &[ClauseId],
) -> Result<(), Refusal> {
    if !verdicts(step.act).contains(&give.verdict) {
        return Err(Refusal::new(Reason::FieldMalformed).under_first(clauses).at("verdict"));
    }
    let note = give.note.expose().trim();
    let against = matches!(give.verdict, Verdict::Object | Verdict::Return | Verdict::Refuse);
    let wants = against || outcome.is_some_and(|own| own.remark) || !give.ruling.left_out.is_empty();
    if wants && note.is_empty() {
        return Err(Refusal::new(Reason::NoteMissing).under_first(clauses).at("note"));
    }
    if note.chars().count() > NOTE_MAX {
        return Err(Refusal::new(Reason::FieldTooLong).at("note").with("most", format!("{NOTE_MAX}")));
    }
    Ok(())
}

/// Whether what was given leaves the application on its way.
fn moves_on(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Agree | Verdict::Object)
}

fn act(verdict: Verdict) -> decision::Act {
    match verdict {
        Verdict::Agree => "application.stamped",
        Verdict::Object => "application.objected",
        Verdict::Return => "application.returned",
        Verdict::Refuse => "application.refused",
        Verdict::CarryOut => "application.carried-out",
    }
}

/// The application after the stamp.
fn moved_on(route: &Route<'_>, verdict: Verdict, now: Instant) -> Application {
    let application = route.application.clone();
    match verdict {
        Verdict::Return => return Application { state: State::Returned, since: now, ..application },
        Verdict::Refuse => return Application { state: State::Refused, since: now, ..application },
        Verdict::Agree | Verdict::Object | Verdict::CarryOut => {}
    }
    if !route.is_full(application.step, 1) {
        return application;
    }
    arrived(route.chain, &application, application.step + 1, now)
}

/// The application at a later step, or behind the last.
pub(super) fn arrived(
    chain: &ApprovalChain,
    application: &Application,
    step: usize,
    now: Instant,
) -> Application {
    let state = match chain.steps.get(step).map(|step| step.act) {
        None => State::Done,
        Some(StepAct::CarryOut) => State::Approved,
        Some(_) => State::Running,
    };
    Application { step, state, since: now, ..application.clone() }
}
