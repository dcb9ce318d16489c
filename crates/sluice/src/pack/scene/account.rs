//! Who acts in a scenario, and signing in.

use super::World;
use super::came::{Came, came};
use crate::problem::{Done, Problem};
use desk::account::SignIn;
use desk::{Answer, Session};
use domain::Personal;
use domain::actor::Place;
use domain::id::AssignmentId;
use domain::regulation::Step;

/// The password that is right in every scenario.
pub(super) const RIGHT: &str = "Right-Password-1";

impl World<'_> {
    pub(super) fn session(&self, name: &str, place: Option<&str>) -> Done<Session> {
        let session = self.token_session(name, place);
        let mut session = session.map_err(|no| self.why_not_in(name, Problem::from(no)))?;
        session.proved = Some(self.desk.now());
        Ok(session)
    }

    /// The session of somebody under the post that they hold, or the answer that they get without one.
    pub(super) fn token_session(&self, name: &str, place: Option<&str>) -> Answer<Session> {
        let place = match place.or(self.scenario.given.place.as_deref()) {
            None | Some("elsewhere") => Place::Elsewhere,
            Some(zone) => Place::Zone(zone.into()),
        };
        self.desk.token_session(self.post(name).as_str(), "127.0.0.1", place)
    }

    /// The post under which somebody acts: the one that they began with, unless they got another one.
    pub(super) fn post(&self, name: &str) -> AssignmentId {
        self.posts.get(name).cloned().unwrap_or_else(|| AssignmentId::new(name))
    }

    /// Why somebody of the cast cannot act any more: time closes accounts that nobody uses.
    fn why_not_in(&self, name: &str, problem: Problem) -> Problem {
        let open = self.desk.store().read(|read| read.account(name)).ok().flatten();
        match open.is_some_and(|row| !row.account.open) {
            true => Problem::new(format!(
                "the account of `{name}` was closed while time passed, as the rule closes accounts that \
                 nobody uses; let them act before that, or wait for less"
            )),
            false => problem,
        }
    }

    pub(super) fn sign_in(&self, step: &Step) -> Done<Came> {
        let tries = if step.tries.is_empty() { vec![true] } else { step.tries.clone() };
        let mut last = Came::Permitted;
        for right in tries {
            self.hand.pass_seconds(31);
            let form = SignIn {
                login: step.actor.clone(),
                password: Personal::new(if right { RIGHT } else { "wrong" }),
                code: self.desk.demo_code(&step.actor).unwrap_or_default(),
                place: Place::Elsewhere,
                address: "127.0.0.1".into(),
            };
            last = came(self.desk.sign_in(&form).map(|_| ()))?;
        }
        Ok(last)
    }
}
