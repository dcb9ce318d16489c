//! Applications in lists: what waits for the actor, what the actor wrote, what others wrote.

use super::whole::{Crews, Whole, chain, names, route, step_label};
use crate::lookup::records::read_after;
use crate::view::{ApplicableView, ApplicationRow, ApplicationsView};
use crate::{Answer, Desk, Session, words};
use domain::application::{Right, State, submit};
use domain::regulation::{ApplicationObject, Capacity};
use std::collections::BTreeSet;
use store::capability::application::ApplicationRow as Row;
use store::{Fault, Read};

/// Applications of one list.
const SHOWN: i64 = 100;
/// Applications on their way that are looked through for those that wait for the actor.
const LOOKED_THROUGH: i64 = 1_000;

/// What of that which waits at the actor's steps.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// What the actor can act on now.
    Own,
    /// What others have taken on as well.
    OrClaimed,
}

/// Where the lists begin: at the newest, or behind the last row of the page before.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    /// Those that the actor wrote.
    pub own: Option<String>,
    /// Those of others.
    pub others: Option<String>,
}

/// As many rows as a page shows, and where the next one begins, if there is one.
fn page(mut rows: Vec<Row>) -> (Vec<Row>, Option<String>) {
    let shown = usize::try_from(SHOWN).unwrap_or(usize::MAX);
    let more = rows.len() > shown;
    rows.truncate(shown);
    let last = rows.last().filter(|_| more).map(|row| &row.application);
    let next = last.map(|last| format!("{}:{}", last.at.micros(), last.id));
    (rows, next)
}

impl Desk {
    /// What waits for the actor, what the actor wrote, what others wrote whom the actor answers for, and what
    /// the actor may apply for.
    ///
    /// # Errors
    /// The store.
    pub fn applications(&self, session: &Session, pages: &Pages) -> Answer<ApplicationsView> {
        let (actor, log) = (&session.actor, session.actor.log());
        let after = |page: &Option<String>| page.as_deref().and_then(read_after);
        let (own, others) = (after(&pages.own), after(&pages.others));
        let view = self.inner.store.read(|read| {
            let mine = read.applications_by(&log, &actor.person, own.as_ref(), SHOWN + 1)?;
            let (mine, own_next) = page(mine);
            let others = match (actor.oversees(), actor.can(Capacity::Stamp)) {
                (true, _) => read.applications(&log, others.as_ref(), SHOWN + 1)?,
                (false, true) => read.applications_of(&log, &actor.unit, others.as_ref(), SHOWN + 1)?,
                (false, false) => vec![],
            };
            let (others, others_next) = page(others);
            let turn = self.turn(read, session, Turn::OrClaimed)?;
            let turn: Vec<Row> = turn.into_iter().map(|(row, _)| row).collect();
            let seen: BTreeSet<_> = turn.iter().map(|row| row.application.id.clone()).collect();
            let other = |row: &Row| {
                let application = &row.application;
                let hidden = application.state.is_open_to_author() || application.author == actor.person;
                !hidden && !seen.contains(&application.id)
            };
            let others: Vec<Row> = others.into_iter().filter(other).collect();
            Ok(ApplicationsView {
                turn: self.rows(read, session, turn)?,
                own: self.rows(read, session, mine)?,
                own_next,
                others: self.rows(read, session, others)?,
                others_next,
                applicable: self.applicable(session),
            })
        })?;
        Ok(view)
    }

    /// Those on their way at whose step the actor can act, the oldest first, each with the right in which.
    pub(crate) fn turn(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        wanted: Turn,
    ) -> Result<Vec<(Row, Right)>, Fault> {
        let log = session.actor.log();
        let mut rows = read.applications_in(&log, State::Running, LOOKED_THROUGH)?;
        rows.extend(read.applications_in(&log, State::Approved, LOOKED_THROUGH)?);
        rows.sort_by_key(|row| row.application.since);
        let (mut turn, mut crews) = (Vec::new(), Crews::default());
        for row in rows {
            let whole = self.whole(read, session, &mut crews, row)?;
            let rule = self.rule_for(session, &whole.row.application.digest);
            let right = chain(&rule.pack, &whole.row.application).and_then(|chain| {
                let stamps = whole.given();
                let route = route(&rule.pack, &chain.value, &whole, &stamps);
                let seat = match wanted {
                    Turn::Own => route.seat(&session.actor.person).ok(),
                    Turn::OrClaimed => route.seats(&session.actor.person).ok()?.into_iter().next(),
                };
                seat.map(|(_, right)| right)
            });
            turn.extend(right.map(|right| (whole.row, right)));
        }
        Ok(turn)
    }

    /// Those of the actor's that were sent back.
    pub(crate) fn returned_to(&self, read: &mut Read<'_>, session: &Session) -> Result<Vec<Row>, Fault> {
        let rows = read.applications_in(&session.actor.log(), State::Returned, LOOKED_THROUGH)?;
        Ok(rows.into_iter().filter(|row| row.application.author == session.actor.person).collect())
    }

    fn rows(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        rows: Vec<Row>,
    ) -> Result<Vec<ApplicationRow>, Fault> {
        let mut crews = Crews::default();
        rows.into_iter()
            .map(|row| {
                let whole = self.whole(read, session, &mut crews, row)?;
                self.row(read, session, &whole)
            })
            .collect()
    }

    pub(super) fn row(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        whole: &Whole,
    ) -> Result<ApplicationRow, Fault> {
        let application = &whole.row.application;
        let rule = self.rule_for(session, &application.digest);
        let stamps = whole.given();
        let holding = chain(&rule.pack, application).filter(|_| application.state.is_on_its_way());
        let holding = holding
            .map(|chain| route(&rule.pack, &chain.value, whole, &stamps).holding())
            .unwrap_or_default();
        let label = rule.pack.form(&application.form).map(|form| form.label.clone());
        let days = application.since.date().days_until(self.now().date());
        Ok(ApplicationRow {
            code: application.id.to_string(),
            label: label.unwrap_or_else(|| words::plain(&application.form)),
            action: application.action.word(),
            author: read.person_name(&application.author)?,
            unit: read.unit(&application.unit)?.map(|unit| unit.name).unwrap_or_default(),
            people: names(read, application.people.iter())?,
            state: application.state.word(),
            holding: names(read, holding.iter().map(|candidate| &candidate.person))?,
            since: application.since,
            days,
        })
    }

    /// What the actor may apply for under the regulation in force.
    fn applicable(&self, session: &Session) -> Vec<ApplicableView> {
        let view = |object: &&str| {
            let (form, chain) = submit::may_apply(session.as_rule(), &session.actor, object).ok()?;
            Some(ApplicableView {
                object: (*object).into(),
                label: form.label.clone(),
                clause: chain.clauses.first().and_then(|id| self.cite(session, id)),
                way: chain.value.steps.iter().map(|step| step_label(&session.pack, step)).collect(),
            })
        };
        ApplicationObject::WORDS.iter().filter_map(view).collect()
    }
}
