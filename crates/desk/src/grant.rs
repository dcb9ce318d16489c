//! Consents: giving and ending them; and below, permissions.

pub(crate) mod obligation;
mod permission;
mod reach;
mod tell;
mod term;

pub(crate) use permission::{held_by, knows};

use crate::view::ConsentView;
use crate::{Answer, Desk, No, Session, carry};
use domain::application::submit;
use domain::directory;
use domain::grant::{self, Consent, Covers};
use domain::id::ConsentId;
use domain::regulation::{Capacity, ScopeOfConsent};
use domain::time::{Date, Instant};
use domain::{Reason, Refusal};

/// A consent as its giver words it.
#[derive(Clone, Debug, Default)]
pub struct ConsentForm {
    /// The case it is for, where the rule wants one for each case.
    pub case: Option<String>,
    /// The legal basis that wants the head's word, if it is for one.
    pub basis: Option<String>,
    /// The last day; the longest that the rule allows where none is named.
    pub until: Option<Date>,
}

impl Desk {
    /// Gives a consent: for the actor's unit, for the whole agency by its head, or for a case.
    ///
    /// # Errors
    /// The rule wants none, wants it from somebody else, or wants a case named.
    pub fn give_consent(&self, session: &Session, form: &ConsentForm, form_key: &str) -> Answer<ConsentView> {
        let (actor, now) = (&session.actor, self.now());
        let case = form.case.as_deref().map(str::trim).filter(|number| !number.is_empty());
        let Some(covers) = covers(session, case) else {
            let missing = Refusal::new(Reason::FieldMissing).at("case");
            return Err(self.refuse(session, "grant.consent", vec![missing]));
        };
        let consent = Consent {
            id: ConsentId::new(carry::random_id("co")),
            covers,
            basis: form.basis.clone(),
            by: actor.person.clone(),
            from: now,
            until: form.until.map(Date::end).or_else(|| self.longest(session)),
            ended: None,
        };
        let event = carry::event();
        self.carry_out(session, "grant.consent", |read| {
            let seen = read.rev(&grant::key(&actor.log(), &consent.covers))?;
            let given = grant::give(session.as_rule(), actor, consent.clone(), seen, &event, now);
            let request = format!("{:?} {:?}", consent.covers, consent.until);
            Ok(given.map(|decision| decision.once(carry::once(form_key, &request))))
        })?;
        self.consent_view(session, &consent)
    }

    /// Takes over that an agency had agreed to what the rule wants consent for: what a demonstration begins
    /// with, and a scenario that is about other things. Where people give it outright, they do.
    ///
    /// # Errors
    /// The store.
    pub fn consent_in_place(&self, session: &Session) -> Answer<()> {
        let rule = session.pack.consent(&session.actor.situation());
        if rule.is_none_or(|rule| rule.value.application.is_none()) {
            return Ok(());
        }
        let (log, now) = (session.actor.log(), self.now());
        let covers = Covers::Unit(session.actor.unit.clone());
        let (known, seen) = self
            .inner
            .store
            .read(|read| Ok((read.consents(&log, &covers)?, read.rev(&grant::key(&log, &covers))?)))?;
        if known.iter().any(|consent| consent.in_force(now)) {
            return Ok(());
        }
        let consent = Consent {
            id: ConsentId::new(carry::random_id("co")),
            covers,
            basis: None,
            by: session.actor.person.clone(),
            from: now,
            until: self.longest(session),
            ended: None,
        };
        let operator = directory::operator(&log);
        self.enter(grant::take_over(&operator, consent, seen, &carry::event(), now))
    }

    /// Ends a consent.
    ///
    /// # Errors
    /// It is not in force, or not the actor's to end.
    pub fn end_consent(&self, session: &Session, id: &str) -> Answer<()> {
        let (actor, now) = (&session.actor, self.now());
        let all = self.visible_consents(session)?;
        let Some(consent) = all.into_iter().find(|consent| consent.id.as_str() == id) else {
            let unknown = Refusal::new(Reason::ConsentUnknown);
            return Err(No::Refused(vec![self.explain(session, unknown)]));
        };
        let event = carry::event();
        self.carry_out(session, "grant.end", |read| {
            let seen = read.rev(&grant::key(&actor.log(), &consent.covers))?;
            // Read again, for somebody else may have ended it in the meantime.
            let current = read.consents(&actor.log(), &consent.covers)?;
            let Some(current) = current.into_iter().find(|other| other.id == consent.id) else {
                return Ok(Err(vec![Refusal::new(Reason::ConsentUnknown)]));
            };
            Ok(grant::end(session.as_rule(), actor, &current, seen, &event, now))
        })?;
        Ok(())
    }

    /// The consents that bear on the actor's unit.
    ///
    /// # Errors
    /// The store.
    pub fn consents(&self, session: &Session) -> Answer<Vec<ConsentView>> {
        let all = self.visible_consents(session)?;
        all.iter().map(|consent| self.consent_view(session, consent)).collect()
    }

    fn visible_consents(&self, session: &Session) -> Answer<Vec<Consent>> {
        let (actor, log) = (&session.actor, session.actor.log());
        let wide = actor.can(Capacity::Decide) || actor.can(Capacity::Audit);
        Ok(self.inner.store.read(|read| {
            let mut all = read.consents(&log, &Covers::Agency)?;
            let units = match wide {
                true => read.units(&log)?.into_iter().map(|unit| unit.id).collect(),
                false => vec![actor.unit.clone()],
            };
            for unit in units {
                all.extend(read.consents(&log, &Covers::Unit(unit))?);
            }
            Ok(all)
        })?)
    }

    /// The end that the rule's longest validity gives; none where it sets none.
    fn longest(&self, session: &Session) -> Option<Instant> {
        let months = session.pack.consent(&session.actor.situation())?.value.valid_months?;
        self.now().date().plus_months(months.into()).map(Date::end)
    }

    fn consent_view(&self, session: &Session, consent: &Consent) -> Answer<ConsentView> {
        let end = grant::may_end(session.as_rule(), &session.actor, consent.basis.as_deref()).is_ok();
        let (unit, by) = self.inner.store.read(|read| {
            let unit = match &consent.covers {
                Covers::Unit(unit) => read.unit(unit)?.map(|unit| unit.name),
                _ => None,
            };
            Ok((unit, read.person_name(&consent.by)?))
        })?;
        let unit = unit.unwrap_or_else(|| match &consent.covers {
            Covers::Case(number) => number.clone(),
            other => other.text(),
        });
        Ok(ConsentView {
            id: consent.id.to_string(),
            unit,
            by,
            from: consent.from.date(),
            until: consent.until.map(|end| Instant::from_micros(end.micros() - 1).date()),
            in_force: consent.in_force(self.now()),
            end,
        })
    }
}

/// Where the actor applies for the consent that the rule has given by an application; none where it is given
/// outright, or others apply.
pub(crate) fn applies_for_consent(session: &Session) -> Option<String> {
    let wanted = session.pack.consent(&session.actor.situation())?;
    let object = wanted.value.application?.word();
    let may = submit::may_apply(session.as_rule(), &session.actor, object).is_ok();
    may.then(|| format!("/applications/new?object={object}"))
}

/// What a consent by this actor is for; none if the rule wants one for each case and none is named.
pub(crate) fn covers(session: &Session, case: Option<&str>) -> Option<Covers> {
    if let Some(number) = case {
        return Some(Covers::Case(number.into()));
    }
    if wants_case(session) {
        return None;
    }
    Some(match session.actor.can(Capacity::Decide) {
        true => Covers::Agency,
        false => Covers::Unit(session.actor.unit.clone()),
    })
}

/// Whether the session's regulation wants a consent for each case.
pub fn wants_case(session: &Session) -> bool {
    let rule = session.pack.consent(&session.actor.situation());
    rule.is_some_and(|rule| rule.value.scope == ScopeOfConsent::Case)
}
