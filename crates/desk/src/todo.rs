//! What waits for the actor, by when, under which clause.

use crate::application::list::Turn;
use crate::grant::applies_for_consent;
use crate::lookup::{COUNTED, due_view, tally};
use crate::view::{ClauseCite, Due, TodoItem, TodoKind};
use crate::{Answer, Desk, Session, Tally};
use domain::application::{Right, silence};
use domain::grant::{self, Covers};
use domain::id::DutyId;
use domain::lookup::{Stamp, State, countersign, run};
use domain::regulation::{Capacity, Ruled};
use domain::time::Instant;
use store::capability::application::ApplicationRow;
use store::capability::lookup::{List, LookupRow, Of, Only};

/// Rows that are read to be told by kind.
const MOST: usize = 500;
/// Lines of one kind; who has more of them sees the newest.
const LINES: i64 = 100;
/// Days before its end when a consent becomes something to do.
const CONSENT_WARNING_DAYS: i64 = 30;

impl Desk {
    /// Everything that waits for the actor, the nearest due time first.
    ///
    /// # Errors
    /// The store.
    pub fn todo(&self, session: &Session) -> Answer<Vec<TodoItem>> {
        let mut items = Vec::new();
        if session.actor.can(Capacity::Ask) {
            items.extend(self.own_items(session)?);
        }
        if session.actor.can(Capacity::Stamp) {
            items.extend(self.stamp_items(session)?);
        }
        items.extend(self.consent_items(session)?);
        items.extend(self.application_items(session)?);
        items.extend(self.version_items(session)?);
        items.extend(self.duty_items(session)?);
        items.extend(self.password_items(session)?);
        items.extend(self.calendar_items(session)?);
        items.extend(self.code_items(session)?);
        items.sort_by_key(|item| item.due.as_ref().map_or(i64::MAX, |due| due.at.micros()));
        Ok(items)
    }

    fn own_items(&self, session: &Session) -> Answer<Vec<TodoItem>> {
        let (log, own) = (session.actor.log(), List::from(Of::Asker(&session.actor.person)));
        let standing = |only| List { only, ..own };
        let returned = standing(Only::Stamp(Stamp::Returned));
        let approved = standing(Only::State(State::Approved));
        let waiting = standing(Only::Stamp(Stamp::Awaiting));
        let (rows, awaiting) = self.inner.store.read(|read| {
            let mut rows = read.lookups(&log, &returned, None, LINES)?;
            rows.extend(read.lookups(&log, &approved, None, LINES)?);
            Ok((rows, read.lookup_count(&log, &waiting, COUNTED + 1)?))
        })?;
        let mut items: Vec<TodoItem> = rows.iter().map(|row| self.own_item(session, row)).collect();
        if awaiting > 0 {
            let mut item = self.item(session, TodoKind::AwaitingStamp, tally(awaiting));
            item.href = "/records?state=awaiting".into();
            items.push(item);
        }
        Ok(items)
    }

    fn own_item(&self, session: &Session, row: &LookupRow) -> TodoItem {
        let kind = match row.lookup.stamp {
            Stamp::Returned => TodoKind::Returned,
            _ => TodoKind::Approved,
        };
        let rule = self.rule_for(session, &row.lookup.digest);
        let lapses = match kind {
            TodoKind::Approved => run::lapses(rule.as_rule(), &session.actor, &row.lookup),
            _ => None,
        };
        TodoItem {
            about: row.lookup.id.to_string(),
            subject: row.case_number.clone(),
            due: lapses.map(|at| due_view(at, self.now())),
            href: format!("/records/{}", row.lookup.id),
            ..self.item(session, kind, Tally::from(1))
        }
    }

    fn stamp_items(&self, session: &Session) -> Answer<Vec<TodoItem>> {
        let (log, unit) = (session.actor.log(), session.actor.unit.clone());
        let rows =
            self.inner.store.read(|read| read.sheets_in_unit(&log, &unit, Stamp::Awaiting, MOST as i64))?;
        let cut = rows.len() >= MOST;
        let others = rows.iter().filter(|row| row.lookup.asker != session.actor.person);
        let (before, after): (Vec<&LookupRow>, Vec<&LookupRow>) =
            others.partition(|row| row.lookup.state == State::Requested);
        let mut items = Vec::new();
        for (kind, rows) in [(TodoKind::Approve, before), (TodoKind::Countersign, after)] {
            let Some(first) = rows.iter().map(|row| row.lookup.at).min() else { continue };
            items.push(TodoItem {
                due: self.stamp_due(session, first),
                href: "/countersign".into(),
                ..self.item(session, kind, Tally { n: rows.len(), more: cut })
            });
        }
        Ok(items)
    }

    fn stamp_due(&self, session: &Session, first: Instant) -> Option<Due> {
        let stamp = stamp_rule(session)?.value;
        let at = countersign::due(&stamp, first, &self.calendar(&session.actor.log()))?;
        Some(due_view(at, self.now()))
    }

    fn consent_items(&self, session: &Session) -> Answer<Vec<TodoItem>> {
        let Some(href) = sees_to_consent(session) else { return Ok(vec![]) };
        let (log, now) = (session.actor.log(), self.now());
        // Where each case wants a consent of its own, none can be missing in general.
        let Some(covers) = crate::grant::covers(session, None) else { return Ok(vec![]) };
        let all = self.inner.store.read(|read| {
            let mut all = read.consents(&log, &covers)?;
            if covers != Covers::Agency {
                all.extend(read.consents(&log, &Covers::Agency)?);
            }
            Ok(all)
        })?;
        let running = all.iter().filter(|c| c.in_force(now) && c.basis.is_none());
        let end = running.clone().filter_map(|consent| consent.until).max();
        let open = running.clone().any(|consent| consent.until.is_none());
        let item = TodoItem { href, ..self.item(session, TodoKind::ConsentMissing, Tally::from(1)) };
        if running.count() == 0 {
            return Ok(vec![item]);
        }
        let soon = end.filter(|end| !open && *end < now.plus_hours(24 * CONSENT_WARNING_DAYS));
        Ok(soon
            .map(|end| TodoItem { kind: TodoKind::ConsentEnding, due: Some(due_view(end, now)), ..item })
            .into_iter()
            .collect())
    }

    /// Applications that wait for the actor's stamp, and the actor's own that were sent back.
    fn application_items(&self, session: &Session) -> Answer<Vec<TodoItem>> {
        let (turn, returned, asked, standing) = self.inner.store.read(|read| {
            let turn = self.turn(read, session, Turn::Own)?;
            let (returned, asked) = (self.returned_to(read, session)?, self.asked(read, session)?);
            Ok((turn, returned, asked, self.deputised(read, session)?))
        })?;
        let calendar = self.calendar(&session.actor.log());
        let item = |kind, row: &ApplicationRow| {
            let application = &row.application;
            let rule = self.rule_for(session, &application.digest);
            let form = rule.pack.form(&application.form);
            let chain = domain::application::chain(&rule.pack, &application.object, &application.situation());
            let owed = chain.as_ref().and_then(|chain| {
                silence::duty(rule.as_rule(), chain, application, &|name| DutyId::new(name), &calendar)
            });
            let clause = chain.and_then(|chain| chain.clauses.first().and_then(|id| self.cite(session, id)));
            TodoItem {
                due: owed.and_then(|duty| duty.due).map(|due| due_view(due.moment, self.now())),
                about: application.id.to_string(),
                label: form.map(|form| form.label.clone()).unwrap_or_default(),
                clause,
                href: format!("/applications/{}", application.id),
                ..self.item(session, kind, Tally::from(1))
            }
        };
        let whose = |right: &Right| right.stands_for().and_then(|person| standing.get(person)).cloned();
        let turn = turn
            .iter()
            .map(|(row, right)| TodoItem { stands_for: whose(right), ..item(TodoKind::Application, row) });
        let own = [(TodoKind::ApplicationReturned, &returned), (TodoKind::Opinion, &asked)];
        let own = own.into_iter().flat_map(|(kind, rows)| rows.iter().map(move |row| (kind, row)));
        Ok(turn.chain(own.map(|(kind, row)| item(kind, row))).collect())
    }

    fn item(&self, session: &Session, kind: TodoKind, count: Tally) -> TodoItem {
        let clause = match kind {
            TodoKind::ConsentMissing | TodoKind::ConsentEnding => {
                let rule = session.pack.consent(&session.actor.situation());
                rule.map(|rule| rule.clauses).unwrap_or_default()
            }
            _ => stamp_rule(session).map(|stamp| stamp.clauses).unwrap_or_default(),
        };
        let clause: Option<ClauseCite> = clause.first().and_then(|id| self.cite(session, id));
        TodoItem { count, clause, ..TodoItem::blank(kind) }
    }
}

/// Where the actor sees to the standing consent that the rule wants: gives it, or applies for it.
fn sees_to_consent(session: &Session) -> Option<String> {
    let outright = || grant::may_give(session.as_rule(), &session.actor, None).is_ok();
    applies_for_consent(session).or_else(|| outright().then(|| "/settings".into()))
}

fn stamp_rule(session: &Session) -> Option<Ruled<domain::regulation::Countersign>> {
    session.pack.countersign(&session.actor.situation())
}
