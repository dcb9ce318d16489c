//! The accounts of an agency, as those see them who run them or audit.

use super::credential::End;
use crate::lookup::tally;
use crate::view::{AccountRow, AccountsView, TodoItem, TodoKind};
use crate::{Answer, Desk, Session};
use domain::account::handing::{self, OUTSTANDING_DAYS, Outstanding};
use domain::account::{
    self,
    enrolment::{Enrolment, Kind},
};
use domain::id::{LogId, PersonId};
use domain::regulation::{Capacity, Force};
use domain::time::Instant;
use domain::{Reason, Refusal};
use std::collections::BTreeSet;
use store::capability::account::{HolderRow, Whose};
use store::{Fault, Read};

/// People of one list.
const SHOWN: i64 = 2_000;

impl Desk {
    /// Everybody of the agency, with where their account stands; and how a code reaches `whom`, by their own
    /// rules, or else the actor.
    ///
    /// # Errors
    /// The actor neither runs the accounts nor audits.
    pub fn accounts(&self, session: &Session, whom: &str) -> Answer<AccountsView> {
        let actor = &session.actor;
        let list = self.account_rows(session, Whose::All)?;
        let waiting = self.account_rows(session, Whose::Waiting(self.now()))?;
        let whom = list.iter().find(|row| row.person == whom);
        let whom = whom.map_or_else(|| actor.person.clone(), |row| PersonId::new(row.person.as_str()));
        let delivery = self.delivery(&whom)?;
        Ok(AccountsView {
            waiting: people(&waiting, |row| row.waits),
            outstanding: people(&list, |row| row.outstanding == Some(Outstanding::Unsaid.word())),
            list,
            runs: actor.can(Capacity::Administer),
            methods: delivery.methods.iter().map(|method| method.word()).collect(),
            hours: delivery.valid_hours,
            clause: delivery.clauses.first().and_then(|id| self.cite(session, id)),
        })
    }

    /// Where the accounts of an agency's people stand.
    ///
    /// # Errors
    /// The actor neither runs the accounts nor audits.
    pub(super) fn account_rows(&self, session: &Session, whose: Whose<'_>) -> Answer<Vec<AccountRow>> {
        let actor = &session.actor;
        let runs = actor.can(Capacity::Administer);
        if !runs && !actor.can(Capacity::Audit) {
            let refusal = Refusal::new(Reason::NoCapacity);
            return Err(self.refuse(session, "account.list", vec![refusal]));
        }
        let (log, now) = (actor.log(), self.now());
        let rows = self.inner.store.read(|read| read.accounts_of(&log, now.date(), whose, SHOWN))?;
        let end = |row: &HolderRow| match &row.account {
            Some(own) if own.open => self.password_soon(&row.person, own.password_at),
            _ => Ok(None),
        };
        let ends = rows.iter().map(end).collect::<Answer<Vec<Option<End>>>>()?;
        Ok(self.inner.store.read(|read| {
            let rows = rows.iter().zip(ends);
            rows.map(|(row, end)| account_row(read, session, row, (runs, end), now)).collect()
        })?)
    }

    /// Codes of which nobody has said how they reached their owners, for whoever runs the accounts.
    pub(crate) fn code_items(&self, session: &Session) -> Answer<Vec<TodoItem>> {
        if !session.actor.can(Capacity::Administer) {
            return Ok(vec![]);
        }
        let (log, now) = (session.actor.log(), self.now());
        let since = now.plus_hours(-24 * OUTSTANDING_DAYS);
        let n = self.inner.store.read(|read| read.codes_unsaid(&log, now.date(), since))?;
        let item = TodoItem { href: "/accounts".into(), ..TodoItem::blank(TodoKind::CodesOutstanding) };
        Ok((n > 0).then(|| TodoItem { count: tally(n), ..item }).into_iter().collect())
    }
}

/// How many people of a list are of some kind; who holds several posts stands there with each.
fn people(list: &[AccountRow], of: impl Fn(&AccountRow) -> bool) -> usize {
    let own: BTreeSet<&str> = list.iter().filter(|row| of(row)).map(|row| row.person.as_str()).collect();
    own.len()
}

/// What is missing of a code, if nobody said how it reached its owner.
pub(super) fn outstanding(
    read: &mut Read<'_>,
    one: &Enrolment,
    now: Instant,
) -> Result<Option<&'static str>, Fault> {
    let Some(what) = handing::outstanding(one, now) else { return Ok(None) };
    Ok(read.handing(&one.id)?.is_none().then(|| what.word()))
}

/// Whether a person holds an assignment of an agency today; of any, ever, where the operator asks.
pub(super) fn is_of(
    read: &mut Read<'_>,
    person: &PersonId,
    agency: Option<&LogId>,
    now: Instant,
) -> Result<bool, Fault> {
    let posts = read.assignments(person)?;
    let today = now.date();
    Ok(match agency {
        None => !posts.is_empty(),
        Some(log) => posts.iter().any(|row| LogId::of(&row.agency) == *log && row.assignment.runs(today)),
    })
}

fn account_row(
    read: &mut Read<'_>,
    session: &Session,
    row: &HolderRow,
    (runs, end): (bool, Option<End>),
    now: Instant,
) -> Result<AccountRow, Fault> {
    let open = row.account.as_ref().is_some_and(|own| own.open);
    let newest = read.enrolment_of(&row.person)?;
    let outstanding = match &newest {
        Some(one) => outstanding(read, one, now)?,
        None => None,
    };
    let invited = newest.filter(|one| !open && one.is_open(now));
    let former = match &row.account {
        Some(_) => None,
        None => read.former_of(&row.person)?,
    };
    let may = runs && row.person != session.actor.person;
    let waits = may && row.account.is_none() && invited.is_none();
    let ends = end.map(|(force, due, _)| (force == Force::Duty, due));
    let due = ends.as_ref().is_some_and(|(duty, due)| *duty && due.at <= now);
    let locked = row.account.as_ref().and_then(|own| own.locked_until).filter(|until| now < *until);
    // Of a lock that no time opens there is no end to tell.
    let end = |until: Instant| Some(until).filter(|until| !account::is_for_good(*until, now));
    let (state, until) = match (&row.account, invited, locked) {
        (_, Some(one), _) if one.kind == Kind::Reset => ("reset", Some(one.until)),
        (_, Some(one), _) => ("invited", Some(one.until)),
        (None, None, _) if former.is_some() => ("taken-over", None),
        (None, None, _) => ("none", None),
        (Some(_), None, _) if !open => ("closed", None),
        (Some(_), None, Some(until)) => ("locked", end(until)),
        (Some(_), None, None) if due => ("due", None),
        (Some(_), None, None) => ("open", None),
    };
    let role = session.pack.role(&row.role).map(|role| role.word.clone());
    Ok(AccountRow {
        person: row.person.to_string(),
        name: row.name.clone(),
        unit: row.unit.clone(),
        role: role.unwrap_or_else(|| crate::words::plain(&row.role)),
        login: row.account.as_ref().map(|own| own.login.clone()).or(former.map(|own| own.login)),
        state,
        until,
        ends: ends.map(|(duty, due)| (duty, due.date)),
        last: row.account.as_ref().and_then(|own| own.last),
        kind: if row.account.is_some() { Kind::Reset.word() } else { Kind::First.word() },
        may,
        waits,
        outstanding,
    })
}
