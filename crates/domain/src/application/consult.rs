//! Asking colleagues: whoever has the step asks for their opinion, in words, and they answer or decline.
//!
//! An opinion is no stamp. It fills no place of the chain and bars nobody from a later one, so that asking
//! early never costs the chain somebody whom the rule needs; and nobody whom it concerns is asked.

use super::act::{Facts, NOTE_MAX, barred};
use super::submit::{fact, wrong_state};
use super::{Application, Change, chain};
use crate::actor::Actor;
use crate::decision::{self, Decision, Fact, Permit, Rule};
use crate::id::{EventId, PersonId, QuestionId};
use crate::personal::Personal;
use crate::refusal::{Help, Outcome, Reason, Refusal, gather, unless};
use crate::regulation::ClauseId;
use crate::time::Instant;
use alloc::{boxed::Box, format, vec, vec::Vec};
use serde::{Deserialize, Serialize};

/// Most people who are asked at once.
const ASKED_MAX: usize = 20;

/// Somebody was asked for their opinion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its identifier.
    pub id: QuestionId,
    /// On which version.
    pub version: u32,
    /// At which step, counted from zero.
    pub step: usize,
    /// Who asks.
    pub by: PersonId,
    /// Who is asked.
    pub to: PersonId,
    /// When.
    pub at: Instant,
    /// What came of it; none as long as it is open.
    pub reply: Option<Reply>,
}

/// What somebody who was asked said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// Whether an opinion was given, and not declined.
    pub given: bool,
    /// When.
    pub at: Instant,
}

impl Question {
    /// Whether an answer is still of use: nobody gave one, and the application stands where it was asked.
    pub fn is_open(&self, application: &Application) -> bool {
        self.reply.is_none()
            && application.state.is_on_its_way()
            && (self.version, self.step) == (application.version, application.step)
    }
}

/// Asks colleagues for their opinion; `id` names the first question, and the others after it.
///
/// # Errors
/// The actor does not have the step; nobody is named, or somebody whom it concerns, who is asked already
/// or is nobody of the agency; there are no words.
pub fn ask(
    rule: Rule<'_>,
    actor: &Actor,
    (facts, questions): (&Facts, &[Question]),
    (people, words): (&[PersonId], &Personal),
    id: &QuestionId,
    (event, now): (&EventId, Instant),
) -> Outcome<Decision> {
    let application = &facts.application;
    let unknown = || vec![Refusal::new(Reason::ApplicationUnknown)];
    let chain = chain(rule.pack, &application.object, &application.situation()).ok_or_else(unknown)?;
    if let Some(refusal) = barred(&facts.route(rule.pack, &chain.value), &chain.clauses, actor) {
        return Err(vec![refusal]);
    }
    let number = match people.len() {
        0 => Some(Refusal::new(Reason::FieldMissing)),
        1..=ASKED_MAX => None,
        _ => Some(Refusal::new(Reason::FieldTooLong).with("most", format!("{ASKED_MAX}"))),
    };
    let each = people.iter().filter_map(|person| unfit(actor, facts, questions, person));
    let wrong = number.into_iter().chain(each).map(|refusal| refusal.at("colleagues"));
    let all = gather(wrong.map(Some).chain([worded(words, true, "question")]));
    unless(all.into_iter().map(|refusal| refusal.under_first(&chain.clauses)).collect())?;
    let names: Vec<&str> = people.iter().map(PersonId::as_str).collect();
    let fact = fact(event, "application.consulted", application, &chain.clauses)
        .detail("step", i64::try_from(application.step).unwrap_or(i64::MAX))
        .detail("asked", i64::try_from(people.len()).unwrap_or(i64::MAX))
        .commit("colleagues", &Personal::new(names.join(" ")))
        .commit("question", words);
    let question = |(place, person): (usize, &PersonId)| Question {
        id: QuestionId::new(format!("{id}.{}", place + 1)),
        version: application.version,
        step: application.step,
        by: actor.person.clone(),
        to: person.clone(),
        at: now,
        reply: None,
    };
    let all = people.iter().enumerate().map(question);
    let changes = all.map(|one| Change::Asked(application.clone(), Box::new(one), words.clone()));
    Ok(decided(rule, actor, facts, (&chain.clauses, fact, now), changes))
}

/// Why somebody cannot be asked.
fn unfit(actor: &Actor, facts: &Facts, questions: &[Question], person: &PersonId) -> Option<Refusal> {
    let known = facts.staff.holders.iter().any(|holder| holder.person == *person);
    let open = |own: &&Question| own.to == *person && own.is_open(&facts.application);
    let reason = if !known || *person == actor.person {
        Reason::FieldMalformed
    } else if facts.application.concerns(person) {
        Reason::AskedConcerned
    } else if questions.iter().any(|own| open(&own)) {
        Reason::AskedAlready
    } else {
        return None;
    };
    Some(Refusal::new(reason).helped_by(Help::Person(person.as_str().into())))
}

/// Answers what one was asked, or declines to.
///
/// # Errors
/// Somebody else was asked; an answer is of no more use; an opinion has no words.
pub fn reply(
    rule: Rule<'_>,
    actor: &Actor,
    (facts, question): (&Facts, &Question),
    (given, words): (bool, &Personal),
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let application = &facts.application;
    let chain = chain(rule.pack, &application.object, &application.situation());
    let clauses = chain.map(|chain| chain.clauses).unwrap_or_default();
    if question.to != actor.person {
        return Err(vec![Refusal::new(Reason::RecordUnknown).under_first(&clauses)]);
    }
    if !question.is_open(application) {
        return Err(vec![wrong_state(application, &clauses)]);
    }
    unless(gather([worded(words, given, "opinion").map(|refusal| refusal.under_first(&clauses))]))?;
    let act = if given { "application.opinion-given" } else { "application.opinion-declined" };
    let fact = fact(event, act, application, &clauses)
        .detail("step", i64::try_from(question.step).unwrap_or(i64::MAX))
        .commit("opinion", words);
    let answered = Question { reply: Some(Reply { given, at: now }), ..question.clone() };
    let change = Change::Replied(application.clone(), Box::new(answered), words.clone());
    Ok(decided(rule, actor, facts, (&clauses, fact, now), [change]))
}

fn worded(words: &Personal, wanted: bool, field: &str) -> Option<Refusal> {
    let count = words.expose().trim().chars().count();
    match count {
        0 if wanted => Some(Refusal::new(Reason::FieldMissing).at(field)),
        _ if count > NOTE_MAX => {
            Some(Refusal::new(Reason::FieldTooLong).at(field).with("most", format!("{NOTE_MAX}")))
        }
        _ => None,
    }
}

fn decided(
    rule: Rule<'_>,
    actor: &Actor,
    facts: &Facts,
    (clauses, fact, now): (&[ClauseId], Fact, Instant),
    changes: impl IntoIterator<Item = Change>,
) -> Decision {
    let key = facts.application.key(&actor.log());
    let decision = Decision::new(Permit::under(rule.reference, actor, clauses, now), fact)
        .seeing(facts.seen.iter().cloned());
    changes.into_iter().fold(decision, |decision, change| {
        decision.change(key.clone(), decision::Change::Application(change))
    })
}
