//! The office calendars that deadlines go by: the government's, and for each agency what it declared of its
//! own days.

use crate::view::{ClosedDayView, ClosureView, ClosuresView, TodoItem, TodoKind};
use crate::{Answer, Desk, Session, carry};
use domain::directory::closure::{self, Cause, Closure};
use domain::duty::recur;
use domain::id::LogId;
use domain::period::Calendar;
use domain::period::calendar::Edition;
use domain::time::Date;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{Fault, Store};

/// Days ahead that the page names the closed ones of.
const AHEAD_DAYS: i64 = 60;

/// The calendars that a node knows.
pub(crate) struct Calendars {
    issued: Arc<Calendar>,
    /// For each agency that declared days of its own, those and its calendar.
    local: BTreeMap<LogId, (Vec<Closure>, Arc<Calendar>)>,
}

impl Calendars {
    /// The calendars that come with the program, with what the agencies of a store declared.
    pub(crate) fn load(store: &Store) -> Result<Self, Fault> {
        let mut calendars = Self { issued: Arc::new(Calendar::official()), local: BTreeMap::new() };
        let all = store.read(|read| {
            let agencies = read.agencies()?;
            let logs = agencies.iter().map(|agency| LogId::of(&agency.id));
            logs.map(|log| Ok((read.closures(&log)?, log))).collect::<Result<Vec<_>, Fault>>()
        })?;
        for (closures, log) in all {
            calendars.know(&log, closures);
        }
        Ok(calendars)
    }

    fn of(&self, log: &LogId) -> Arc<Calendar> {
        Arc::clone(self.local.get(log).map_or(&self.issued, |(_, calendar)| calendar))
    }

    /// Takes over what an agency declared; whether that was not known.
    fn know(&mut self, log: &LogId, closures: Vec<Closure>) -> bool {
        let known = self.local.get(log).map_or(&[][..], |(known, _)| known);
        if known == closures {
            return false;
        }
        let calendar = self.with(&closures);
        self.local.insert(log.clone(), (closures, calendar));
        true
    }

    fn with(&self, closures: &[Closure]) -> Arc<Calendar> {
        let mut calendar = Calendar::clone(&self.issued);
        closures.iter().for_each(|one| calendar.set(one.to_override()));
        Arc::new(calendar)
    }

    fn issue(&mut self, edition: Edition) {
        let mut issued = Calendar::clone(&self.issued);
        issued.add(edition);
        self.issued = Arc::new(issued);
        for (log, (closures, _)) in std::mem::take(&mut self.local) {
            let calendar = self.with(&closures);
            self.local.insert(log, (closures, calendar));
        }
    }
}

impl Desk {
    /// The office calendar that an agency's deadlines go by.
    pub(crate) fn calendar(&self, log: &LogId) -> Arc<Calendar> {
        self.inner.calendars.read().unwrap_or_else(|gone| gone.into_inner()).of(log)
    }

    /// Takes over a table of the office calendar that was issued, or issued again. Open duties move with the
    /// next round of the watch, each with an entry.
    pub fn issue_calendar(&self, edition: Edition) {
        self.inner.calendars.write().unwrap_or_else(|gone| gone.into_inner()).issue(edition);
        self.inner.clocks.look_again();
    }

    /// Looks whether an agency declared days that this node does not know of, here or on another node.
    ///
    /// # Errors
    /// The store; the next round tries again.
    pub(crate) fn know_closures(&self, log: &LogId) -> Answer<()> {
        let closures = self.inner.store.read(|read| read.closures(log))?;
        let fresh = self.inner.calendars.write().unwrap_or_else(|gone| gone.into_inner()).know(log, closures);
        if fresh {
            self.inner.clocks.look_again();
        }
        Ok(())
    }

    /// Declares a day on which the offices of the agency are closed, or open after all. Open duties move with
    /// the next round of the watch.
    ///
    /// # Errors
    /// The actor does not declare such days; the day is malformed or far away; it is so already.
    pub fn declare_closure(&self, session: &Session, form: &ClosureForm) -> Answer<()> {
        let once = carry::once(&form.form_key, &format!("{form:?}"));
        if self.earlier(session, once.as_ref())?.is_some() {
            return Ok(());
        }
        let (actor, log, event) = (&session.actor, session.actor.log(), carry::event());
        let calendar = self.calendar(&log);
        self.carry_out(session, "directory.declare-closure", |read| {
            let closure = Closure { day: form.day, cause: form.cause, at: self.now() };
            let seen = read.rev(&closure.key(&log))?;
            let (rule, at) = (session.as_rule(), (&event, self.now()));
            let decided = closure::declare(rule, actor, closure, &calendar, seen, at);
            Ok(decided.map(|decision| decision.once(once.clone())))
        })?;
        self.know_closures(&log)
    }

    /// That a table of the office calendar is missing, for those who declare days of their agency: from the
    /// last weeks of a year on, or as soon as something owed has no day for want of it.
    pub(crate) fn calendar_items(&self, session: &Session) -> Answer<Vec<TodoItem>> {
        let (log, today) = (session.actor.log(), self.now().date());
        if !closure::may_declare(&session.actor) {
            return Ok(vec![]);
        }
        let calendar = self.calendar(&log);
        let ahead = today.plus_days(AHEAD_DAYS).unwrap_or(today).year();
        let known = |year: &i16| calendar.last_year().is_some_and(|last| *year <= last);
        let mut missing = Some(ahead).filter(|year| !known(year));
        // Only where the table of the next year is missing can a day that is near hang on it.
        if missing.is_none() && !known(&(today.year() + 1)) {
            let open = self.inner.store.read(|read| read.every_open_duty(&log))?;
            missing = open.iter().filter(|duty| duty.due.is_none()).find_map(|duty| {
                let rule = self.rule_for(session, &duty.digest);
                recur::missing_year(&rule.pack, duty, &calendar)
            });
        }
        let item = |year: i16| TodoItem {
            about: format!("{}", year - 1911),
            href: "/closures".into(),
            ..TodoItem::blank(TodoKind::CalendarMissing)
        };
        Ok(missing.map(item).into_iter().collect())
    }

    /// What was declared of the agency's days, and the closed days of the coming weeks.
    ///
    /// # Errors
    /// The store.
    pub fn closures(&self, session: &Session) -> Answer<ClosuresView> {
        let (log, today) = (session.actor.log(), self.now().date());
        let closures = self.inner.store.read(|read| read.closures(&log))?;
        let calendar = self.calendar(&log);
        let ahead = (0..AHEAD_DAYS).filter_map(|days| today.plus_days(days));
        // Saturdays and Sundays nobody looks up.
        let closed = ahead.filter(|day| !day.weekday().is_weekend()).filter_map(|day| {
            let known = calendar.day(day).ok().filter(|known| known.off)?;
            let local = Cause::from_word(known.note).filter(|_| known.overridden);
            Some(ClosedDayView { day, name: known.note.into(), local })
        });
        let declared = |one: &Closure| ClosureView { day: one.day, cause: one.cause, at: one.at };
        Ok(ClosuresView {
            closed: closed.collect(),
            list: closures.iter().rev().map(declared).collect(),
            until: calendar.last_year().and_then(|year| Date::new(year, 12, 31)),
            declare: closure::may_declare(&session.actor),
        })
    }
}

/// A day as it is declared.
#[derive(Clone, Debug)]
pub struct ClosureForm {
    /// The day.
    pub day: Date,
    /// Why.
    pub cause: Cause,
    /// The key under which this is carried out once.
    pub form_key: String,
}
