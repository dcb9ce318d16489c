//! The steps that change a post, and who has none any more.

use super::came::{Came, came};
use super::{AGENCY, World};
use crate::problem::Done;
use desk::directory::PostForm;
use domain::directory::post::Cause;
use domain::directory::{Change, Unit};
use domain::id::{AgencyId, PersonId, UnitId};
use domain::regulation::{Act, Step};
use std::collections::BTreeSet;

impl World<'_> {
    /// The units to which somebody moves in the course of the scenario.
    pub(super) fn other_units(&self) -> impl Iterator<Item = Change> {
        let moves = self.scenario.steps.iter().filter(|step| step.act == Act::Transfer);
        let organisations: BTreeSet<String> = moves.map(|step| self.organisation(step)).collect();
        organisations.into_iter().map(|organisation| {
            Change::Unit(Unit {
                id: UnitId::new(other(&organisation)),
                agency: AgencyId::new(AGENCY),
                above: None,
                name: "Other unit".into(),
                name_en: "Other unit".into(),
                organisation,
            })
        })
    }

    /// The organisation of the unit to which somebody moves.
    fn organisation(&self, step: &Step) -> String {
        step.unit.clone().or_else(|| self.scenario.given.unit.clone()).unwrap_or_default()
    }

    /// Enters a change of post from today on. Whoever has a new one acts under it from then on.
    pub(super) fn repost(&mut self, step: &Step) -> Done<Came> {
        let session = self.session(&step.actor, step.place.as_deref())?;
        let (who, cause) = (step.who.clone().unwrap_or_default(), step.cause());
        let held = self.desk.store().read(|read| read.post(&self.post(&who)))?;
        let role = held.map(|post| post.held.assignment.role).unwrap_or_default();
        let moves = cause == Some(Cause::Transfer);
        let form = PostForm {
            post: self.post(&who).to_string(),
            cause,
            on: Some(self.desk.now().date()),
            unit: if moves { other(&self.organisation(step)) } else { String::new() },
            role: step.role.clone().unwrap_or(role),
            form_key: String::new(),
        };
        let came = came(self.desk.change_post(&session, &form))?;
        if let (Came::Permitted, Some(post)) = (&came, self.running(&who)?) {
            self.desk.bind_token(post.as_str(), "127.0.0.1", post.clone());
            self.posts.insert(who, post);
        }
        Ok(came)
    }

    /// What comes of a step of somebody whose post is over; nothing while they have one.
    pub(super) fn without_post(&self, step: &Step) -> Done<Option<Came>> {
        let acts = !matches!(step.act, Act::Wait | Act::SignIn);
        if !acts || self.running(&step.actor)?.is_some() {
            return Ok(None);
        }
        came(self.token_session(&step.actor, step.place.as_deref()).map(|_| ())).map(Some)
    }

    /// The post that somebody holds today.
    fn running(&self, name: &str) -> Done<Option<domain::id::AssignmentId>> {
        let today = self.desk.now().date();
        let rows = self.desk.store().read(|read| read.assignments(&PersonId::new(name)))?;
        Ok(rows.into_iter().map(|row| row.assignment).find(|post| post.runs(today)).map(|post| post.id))
    }
}

/// The unit of an organisation to which people move.
fn other(organisation: &str) -> String {
    format!("other-{organisation}")
}
