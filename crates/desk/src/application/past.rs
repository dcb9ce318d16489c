//! What was put forward before: earlier versions of an application, and what was given on each.

use super::show::steps;
use super::whole::{Crews, Whole, chain};
use crate::view::{ApplicationRow, ApplicationView, PastView};
use crate::{Answer, Desk, No, Session};
use domain::application::{Application, State};
use domain::id::ApplicationId;
use domain::{Reason, Refusal};
use store::{Fault, Read};

impl Desk {
    /// An application as it was put forward for the n-th time, to be read only.
    ///
    /// # Errors
    /// It does not exist for the viewer, or was never put forward so often.
    pub fn application_version(
        &self,
        session: &Session,
        code: &str,
        version: u32,
    ) -> Answer<ApplicationView> {
        let (log, id) = (session.actor.log(), ApplicationId::new(code.trim()));
        let view = self.inner.store.read(|read| {
            let Some(row) = read.application(&log, &id)? else { return Ok(None) };
            let now = self.whole(read, session, &mut Crews::default(), row)?;
            let may = self.may_see(session, &now);
            let Some(then) = as_of(read, &now, version)?.filter(|_| may) else { return Ok(None) };
            let answers = read.answers(&then.row.answers)?;
            let view = self.view(read, session, &then, &answers)?;
            let state = now.row.application.state.word();
            let (row, past) = (ApplicationRow { state, ..view.row }, self.past(read, session, &now)?);
            Ok(Some(ApplicationView { row, past, is_past: true, copy: false, ..view }))
        })?;
        view.ok_or_else(|| {
            let unknown = Refusal::new(Reason::RecordUnknown).with("code", code);
            No::Refused(vec![self.explain(session, unknown)])
        })
    }

    /// The versions before the one that is on its way, with what was given on each.
    pub(super) fn past(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        now: &Whole,
    ) -> Result<Vec<PastView>, Fault> {
        let mut past = Vec::new();
        for version in 1..now.row.application.version {
            let Some(then) = as_of(read, now, version)? else { continue };
            let application = &then.row.application;
            let pack = self.rule_for(session, &application.digest).pack;
            let chain = chain(&pack, application);
            let steps = steps(read, &pack, chain.as_ref(), &then, &session.actor.person)?;
            let given = steps.into_iter().flat_map(|step| {
                let label = step.label;
                step.stamps.into_iter().map(move |stamp| (label.clone(), stamp))
            });
            let mut stamps: Vec<_> = given.collect();
            stamps.sort_by_key(|(_, stamp)| stamp.at);
            past.push(PastView { version, at: application.at, stamps });
        }
        Ok(past)
    }
}

/// An application with all that its page needs, as it was when it was put forward for the n-th time.
fn as_of(read: &mut Read<'_>, now: &Whole, version: u32) -> Result<Option<Whole>, Fault> {
    let Some(mut row) = read.put_forward_at(now.row.clone(), version)? else { return Ok(None) };
    let given = now.stamps.iter().filter(|row| row.stamp.version == version);
    let step = given.map(|row| row.stamp.step).max().unwrap_or_default();
    // What a blind step hides is told of no version before all is over.
    let over = matches!(now.row.application.state, State::Done | State::Refused);
    let state = if over { State::Refused } else { State::Cancelled };
    row.application = Application { step, state, ..row.application };
    let Whole { stamps, questions, staff, .. } = now;
    let (stamps, questions, staff) = (stamps.clone(), questions.clone(), staff.clone());
    Ok(Some(Whole { row, stamps, claims: vec![], questions, staff }))
}
