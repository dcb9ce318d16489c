//! Consents: giving and ending them.

use crate::view::ConsentView;
use crate::{Answer, Desk, Session, carry};
use domain::grant::{self, Consent};
use domain::id::ConsentId;
use domain::time::Date;
use domain::{Reason, Refusal};

impl Desk {
    /// Gives the standing consent for the actor's unit.
    ///
    /// # Errors
    /// The rule wants none, or wants it from somebody else.
    pub fn give_consent(
        &self,
        session: &Session,
        until: Option<Date>,
        form_key: &str,
    ) -> Answer<ConsentView> {
        let (actor, now) = (&session.actor, self.now());
        let consent = Consent {
            id: ConsentId::new(carry::random_id("co")),
            unit: actor.unit.clone(),
            basis: None,
            by: actor.person.clone(),
            from: now,
            until: until.map(Date::end).or_else(|| self.longest(session)),
            ended: None,
        };
        let event = carry::event();
        self.carry_out(session, "grant.consent", |read| {
            let seen = read.rev(&grant::key(&actor.log(), &actor.unit))?;
            let given =
                grant::give(session.as_rule(), actor, consent.clone(), seen, &event, now);
            let request = format!("{:?}", consent.until);
            Ok(given.map(|decision| decision.once(carry::once(form_key, &request))))
        })?;
        self.consent_view(&consent)
    }

    /// Ends a consent.
    ///
    /// # Errors
    /// It is not in force, or not the actor's to end.
    pub fn end_consent(&self, session: &Session, id: &str) -> Answer<()> {
        let (actor, now) = (&session.actor, self.now());
        let event = carry::event();
        self.carry_out(session, "grant.end", |read| {
            let seen = read.rev(&grant::key(&actor.log(), &actor.unit))?;
            let all = read.consents(&actor.log(), &actor.unit)?;
            let Some(consent) = all.into_iter().find(|consent| consent.id.as_str() == id) else {
                return Ok(Err(vec![Refusal::new(Reason::ConsentUnknown)]));
            };
            Ok(grant::end(session.as_rule(), actor, &consent, seen, &event, now))
        })?;
        Ok(())
    }

    /// The consents of the actor's unit.
    ///
    /// # Errors
    /// The store.
    pub fn consents(&self, session: &Session) -> Answer<Vec<ConsentView>> {
        let (log, unit) = (session.actor.log(), session.actor.unit.clone());
        let all = self.inner.store.read(|read| read.consents(&log, &unit))?;
        all.iter().map(|consent| self.consent_view(consent)).collect()
    }

    /// The end that the rule's longest validity gives; none where it sets none.
    fn longest(&self, session: &Session) -> Option<domain::time::Instant> {
        let months = session.pack.consent(&session.actor.situation())?.value.valid_months?;
        self.now().date().plus_months(months.into()).map(Date::end)
    }

    fn consent_view(&self, consent: &Consent) -> Answer<ConsentView> {
        let (unit, by) = self.inner.store.read(|read| {
            Ok((read.unit(&consent.unit)?, read.person_name(&consent.by)?))
        })?;
        Ok(ConsentView {
            id: consent.id.to_string(),
            unit: unit.map_or_else(|| consent.unit.to_string(), |unit| unit.name),
            by,
            from: consent.from.date(),
            until: consent
                .until
                .map(|end| domain::time::Instant::from_micros(end.micros() - 1).date()),
            in_force: consent.in_force(self.now()),
        })
    }
}
