//! What heads of units are to do is done by somebody: where a post is vacant by whoever is next above, and by
//! its holder once there is one. What one of several roles owes that the rule means alike is owed by one that
//! somebody holds.

use crate::application::line_of;
use crate::regulation::in_force::InForce;
use crate::{Answer, Desk, carry};
use domain::duty::{self, State};
use domain::id::LogId;

impl Desk {
    /// Passes duties on to whoever owes them as the posts are held today.
    ///
    /// # Errors
    /// The store; the next round tries again.
    pub(super) fn keep_heads(&self, log: &LogId, rule: &InForce) -> Answer<()> {
        let today = self.now().date();
        let passed = self.inner.store.read(|read| {
            let holders = read.holders(log, today)?;
            let mut passed = Vec::new();
            for duty in read.every_open_duty(log)? {
                let own = self.rule_of_digest(&duty.digest, rule);
                let line = match duty.unit.as_ref().filter(|_| duty.is_of_head()) {
                    Some(unit) => line_of(read, unit)?,
                    None => vec![],
                };
                let owner = duty.passes_to(&own.pack, &line, &holders);
                passed.extend(owner.map(|owner| (duty, owner)));
            }
            Ok(passed)
        })?;
        for (duty, owner) in passed {
            let own = self.rule_of_digest(&duty.digest, rule);
            self.clocked(|read| {
                let seen = read.rev(&duty.key(log))?;
                let open = read.duty(log, &duty.id)?.is_some_and(|row| row.duty.state == State::Open);
                let (as_rule, event) = (own.as_rule(), carry::event());
                let pass = || duty::passed_on(as_rule, log, &duty, owner.clone(), seen, &event, self.now());
                Ok(open.then(pass))
            })?;
        }
        Ok(())
    }
}
