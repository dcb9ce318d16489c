//! Running a request that was stamped beforehand.

use super::answer::Asked;
use super::facts::permitted;
use crate::directory::{contract, workstation};
use crate::link::standing;
use crate::view::ResultView;
use crate::{Answer, Desk, Session, carry};
use domain::grant::permission;
use domain::id::LookupId;
use domain::lookup::run::{self, Facts};
use domain::{Reason, Refusal};
use std::cell::Cell;

impl Desk {
    /// Runs an approved request, once.
    ///
    /// # Errors
    /// It is not approved, lapsed, used, somebody else's; the provider's queue is full; a fault.
    pub fn run(&self, session: &Session, code: &str, form_key: &str) -> Answer<ResultView> {
        let once = carry::once(form_key, code);
        if self.earlier(session, once.as_ref())?.is_some() {
            return self.review(session, code);
        }
        let log = session.actor.log();
        let id = LookupId::new(code);
        let row = self.inner.store.read(|read| read.lookup(&log, &id))?;
        let Some(row) = row else {
            let unknown = Refusal::new(Reason::RecordUnknown);
            return Err(self.refuse(session, "lookup.run", vec![unknown]));
        };
        let sheet = self.inner.store.read(|read| read.sheet(&row))?;
        let rule = self.rule_for(session, &row.lookup.digest);
        let slot = self.slot(session, &row.lookup.items)?;
        let event = carry::event();
        let before = Cell::new(0);
        let receipt = self.carry_out(session, "lookup.run", |read| {
            let Some(current) = read.lookup(&log, &id)? else {
                return Ok(Err(vec![Refusal::new(Reason::RecordUnknown)]));
            };
            let actor = &session.actor;
            let held = permission::key(&log, &actor.person);
            let (owed, late) = self.what_bars(read, session)?;
            let items = &current.lookup.items;
            let (links, of_links) = standing(read, &log, items, self.now().date())?;
            let mut keys = vec![current.lookup.key(&log), actor.key(), held];
            let (contracts, of_contracts) = contract::standing(read, session)?;
            let (machine, of_machine) = workstation::machine(read, session, self.now().date())?;
            keys.extend(of_links.into_iter().chain(late).chain(of_contracts).chain(of_machine));
            let seen = read.revs(keys)?;
            let wanted = (current.lookup.items.as_slice(), current.lookup.purpose.as_str());
            let permitted = permitted(read, session, wanted, self.now())?;
            before.set(seen[0].rev);
            let facts = Facts { lookup: current.lookup, permitted, owed, contracts, machine, links, seen };
            let decided = run::decide(rule.as_rule(), &session.actor, &facts, &event, self.now());
            Ok(decided.map(|decision| decision.once(once.clone())))
        })?;
        if receipt.replayed {
            return self.review(session, code);
        }
        let mut lookup = row.lookup.clone();
        lookup.stamp = domain::lookup::Stamp::Stamped;
        let asked = Asked { lookup: &lookup, rev: before.get() + 1, case: &row.case_number };
        self.disclose(session, &asked, &sheet.subject, slot)
    }
}
