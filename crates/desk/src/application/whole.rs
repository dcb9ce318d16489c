//! One application with all that pages need of it.

use super::staff;
use crate::{Desk, Session, words};
use domain::application::claim::Claim;
use domain::application::route::{Route, Staff};
use domain::application::{Application, Stamp, State, submit};
use domain::id::{LogId, PersonId, UnitId};
use domain::regulation::{ApprovalChain, ChainStep, Pack, Ruled, Words};
use domain::time::Date;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::capability::application::question::QuestionRow;
use store::capability::application::{ApplicationRow as Row, StampRow};
use store::{Fault, Read};

/// One application with all that its page needs, read in one snapshot.
pub(super) struct Whole {
    pub(super) row: Row,
    pub(super) stamps: Vec<StampRow>,
    pub(super) claims: Vec<Claim>,
    pub(super) questions: Vec<QuestionRow>,
    pub(super) staff: Arc<Staff>,
}

/// The people as the applications of each unit see them, read once for a whole list.
#[derive(Default)]
pub(super) struct Crews(BTreeMap<UnitId, Arc<Staff>>);

impl Crews {
    pub(super) fn of(
        &mut self,
        read: &mut Read<'_>,
        log: &LogId,
        unit: &UnitId,
        today: Date,
    ) -> Result<Arc<Staff>, Fault> {
        if let Some(known) = self.0.get(unit) {
            return Ok(known.clone());
        }
        let read = Arc::new(staff(read, log, unit, today)?);
        self.0.insert(unit.clone(), read.clone());
        Ok(read)
    }
}

impl Whole {
    pub(super) fn given(&self) -> Vec<Stamp> {
        self.stamps.iter().map(|row| row.stamp.clone()).collect()
    }
}

impl Desk {
    /// One application as the actor sees it: what its author writes in one that was sent back is seen by
    /// those whose it is only, until it is put forward again.
    pub(super) fn whole(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        crews: &mut Crews,
        row: Row,
    ) -> Result<Whole, Fault> {
        let Application { state, version, .. } = row.application;
        let written = state.is_open_to_author() || state == State::Cancelled;
        let row = match written && version > 0 && !row.application.concerns(&session.actor.person) {
            true => read.put_forward(row)?,
            false => self.followed(session, row),
        };
        let stamps = read.application_stamps(&row.application.id)?;
        let claims = read.application_claims(&row.application.id)?;
        let questions = read.questions(&row.application.id)?;
        let unit = &row.application.unit;
        let staff = crews.of(read, &session.actor.log(), unit, self.now().date())?;
        Ok(Whole { row, stamps, claims, questions, staff })
    }

    /// What its author still writes follows the form in force and the post that they hold now; what was put
    /// forward keeps its own.
    fn followed(&self, session: &Session, row: Row) -> Row {
        let (actor, Row { application, answers }) = (&session.actor, row);
        let own = application.state.is_open_to_author() && application.author == actor.person;
        let application = match submit::may_apply(session.as_rule(), actor, &application.object) {
            Ok((form, _)) if own => Application {
                form: form.id.clone(),
                digest: session.rule.digest.clone(),
                ..application.written_by(actor)
            },
            _ => application,
        };
        Row { application, answers }
    }
}

pub(super) fn chain(pack: &Pack, application: &Application) -> Option<Ruled<ApprovalChain>> {
    domain::application::chain(pack, &application.object, &application.situation())
}

pub(super) fn route<'a>(
    pack: &'a Pack,
    chain: &'a ApprovalChain,
    whole: &'a Whole,
    stamps: &'a [Stamp],
) -> Route<'a> {
    let Whole { row, claims, staff, .. } = whole;
    Route { pack, chain, application: &row.application, stamps, claims, staff }
}

pub(super) fn names<'a>(
    read: &mut Read<'_>,
    people: impl Iterator<Item = &'a PersonId>,
) -> Result<Vec<String>, Fault> {
    people.map(|person| read.person_name(person)).collect()
}

/// Who acts at a step, in the words of the pack.
pub(super) fn step_label(pack: &Pack, step: &ChainStep) -> Words {
    let own = step.label.clone();
    own.unwrap_or_else(|| {
        let each: Vec<Words> = step.who.iter().map(|who| words::who(pack, who)).collect();
        let join = |pick: fn(&Words) -> &str| each.iter().map(pick).collect::<Vec<_>>().join(" / ");
        Words::new(join(|word| &word.zh), join(|word| &word.en))
    })
}
