//! Mending a record sheet that the supervisor returned. The earlier words stay.

use super::explanation::Lights;
use super::{Change, Kept, Lookup, Sheet, Stamp, checks};
use crate::actor::Actor;
use crate::decision::{self, Decision, Fact, Grounds, Permit, Rule, Seen};
use crate::id::{CaseId, EventId};
use crate::personal::Personal;
use crate::refusal::{Outcome, Reason, Refusal};
use crate::time::Instant;
use alloc::{format, vec};
use serde::{Deserialize, Serialize};

/// Most characters of a correction where the rule sets no other number.
const LENGTH_MAX: u32 = 500;

/// What is corrected, with what the case says about it now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Correct {
    /// The maker's new words.
    pub reason: Personal,
    /// The case the lookup belongs to, if the correction named one.
    pub case: Option<CaseId>,
    /// What the case explains now.
    pub lights: Lights,
    /// The sheet as it stands.
    pub sheet: Sheet,
}

/// May the maker correct this sheet?
///
/// # Errors
/// It is somebody else's, it was not returned, or the correction says nothing.
pub fn decide(
    rule: Rule<'_>,
    actor: &Actor,
    lookup: &Lookup,
    seen: Seen,
    correct: &Correct,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let sheet_rule = rule.pack.record_sheet(&checks::situation_of(actor, lookup));
    let clauses = sheet_rule.map(|sheet| sheet.clauses).unwrap_or_default();
    let refuse = |reason| Refusal::new(reason).under_first(&clauses);
    if lookup.asker != actor.person {
        return Err(vec![refuse(Reason::AnswerNotYours)]);
    }
    if lookup.stamp != Stamp::Returned {
        return Err(vec![refuse(Reason::WrongState).with("state", lookup.stamp.word())]);
    }
    let length = correct.reason.expose().trim().chars().count();
    if length == 0 {
        return Err(vec![refuse(Reason::FieldMissing).at("reason")]);
    }
    if length > LENGTH_MAX as usize {
        let most = format!("{LENGTH_MAX}");
        return Err(vec![refuse(Reason::FieldTooLong).at("reason").with("most", most)]);
    }
    let mut sheet = correct.sheet.clone();
    sheet.corrections.push(correct.reason.clone());
    let fact = Fact::new(event, "lookup.corrected")
        .of_record(lookup.id.as_str())
        .under(&clauses)
        .detail("lights", correct.lights.code())
        .commit("reason", &correct.reason)
        .on(Grounds::of(correct, &Kept::one(actor, lookup, false)));
    let permit = Permit::under(rule.reference, actor, &clauses, now);
    let change = Change::Corrected {
        id: lookup.id.clone(),
        sheet,
        case: correct.case.clone(),
        lights: correct.lights,
        at: now,
    };
    Ok(Decision::new(permit, fact)
        .seeing([seen])
        .change(lookup.key(&actor.log()), decision::Change::Lookup(change)))
}
