//! Mending a returned record sheet.

use crate::{Answer, Desk, Session, carry};
use domain::lookup::ask::{self, Ask};
use domain::lookup::correct::{self, Correct};
use domain::{Personal, Reason, Refusal};
use std::fmt;

/// What the maker sends.
#[derive(Clone, Default)]
pub struct CorrectForm {
    /// The new words.
    pub reason: String,
    /// The case number, mended or as it was.
    pub case: String,
}

impl fmt::Debug for CorrectForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CorrectForm").field("case", &self.case).finish_non_exhaustive()
    }
}

impl Desk {
    /// Corrects a returned record sheet and sends it to the supervisor again.
    ///
    /// # Errors
    /// It was not returned, is not the actor's, or the correction says nothing.
    pub fn correct(&self, session: &Session, code: &str, form: &CorrectForm) -> Answer<()> {
        let row = self.known(session, code)?;
        let rule = self.rule_for(session, &row.lookup.digest);
        let (log, id) = (session.actor.log(), row.lookup.id.clone());
        let event = carry::event();
        self.carry_out(session, "lookup.correct", |read| {
            let Some(current) = read.lookup(&log, &id)? else {
                return Ok(Err(vec![Refusal::new(Reason::RecordUnknown)]));
            };
            let seen = read.rev(&current.lookup.key(&log))?;
            let mut sheet = read.sheet(&current)?;
            if !form.case.trim().is_empty() {
                sheet.case_number = form.case.trim().into();
            }
            let again = Ask {
                case_number: sheet.case_number.clone(),
                purpose: current.lookup.purpose.clone(),
                purpose_text: sheet.purpose_text.clone(),
                basis: current.lookup.basis.clone(),
                basis_text: sheet.basis_text.clone(),
                subject: sheet.subject.clone(),
                name: sheet.name.clone(),
                role: sheet.role.clone(),
                outside_reason: sheet.outside_reason.clone(),
                items: current.lookup.items.clone(),
            };
            let case = read.case(&session.actor.log(), again.case_number.trim())?;
            let facts = self.lookup_facts(read, session, &again, case.as_ref())?;
            let lights = ask::lights(&rule.pack, &session.actor, &again, &facts, current.lookup.at);
            let correct =
                Correct { reason: Personal::new(form.reason.trim()), case: facts.case_id, lights, sheet };
            let (actor, now) = (&session.actor, self.now());
            let lookup = &current.lookup;
            Ok(correct::decide(rule.as_rule(), actor, lookup, seen, &correct, &event, now))
        })?;
        Ok(())
    }
}
