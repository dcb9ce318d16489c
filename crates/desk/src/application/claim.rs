//! Who takes a step on: taking it, letting go of it, and what pages say of it.

use crate::view::{ClaimAct, ClaimView};
use crate::{Answer, Desk, Session};
use domain::Actor;
use domain::application::claim::{self, Claim};
use domain::application::route::{Bar, Route};
use domain::id::PersonId;
use store::{Fault, Read};

impl Desk {
    /// Takes the step on that has the application, or takes it over.
    ///
    /// # Errors
    /// The actor could not act there, or somebody else has it over whom the actor does not preside.
    pub fn claim_application(&self, session: &Session, code: &str) -> Answer<()> {
        self.move_application(session, code, "application.claim", |_, rule, facts, event| {
            Ok(claim::take(rule, &session.actor, &facts, event, self.now()))
        })
    }

    /// Lets go of what the actor took on, or lifts what somebody else did over whom the actor presides.
    ///
    /// # Errors
    /// Nobody has taken it on, or it is not the actor's to lift.
    pub fn release_application(&self, session: &Session, code: &str) -> Answer<()> {
        self.move_application(session, code, "application.release", |_, rule, facts, event| {
            Ok(claim::release(rule, &session.actor, &facts, event, self.now()))
        })
    }
}

/// What the actor can do about who takes the step on.
pub(super) fn claim_act(actor: &Actor, route: &Route<'_>) -> Option<ClaimAct> {
    let claims = route.claims();
    let over = |claim: &&Claim| claim::presides(route.pack, route.staff, actor, &claim.by);
    match route.seat(&actor.person) {
        Ok(_) if claims.iter().any(|claim| claim.by == actor.person) => Some(ClaimAct::Release),
        Ok((part, _)) => {
            let mut all = route.candidates(route.application.step, part).into_iter();
            let other = |person: &PersonId| *person != actor.person && route.seats(person).is_ok();
            all.any(|candidate| other(&candidate.person)).then_some(ClaimAct::Take)
        }
        Err(Bar::Claimed) if route.claims_against(&actor.person).iter().any(over) => Some(ClaimAct::TakeOver),
        Err(_) => claims.iter().any(over).then_some(ClaimAct::Lift),
    }
}

pub(super) fn claim_view(read: &mut Read<'_>, claim: &Claim) -> Result<ClaimView, Fault> {
    Ok(ClaimView { by: read.person_name(&claim.by)?, since: claim.at })
}
