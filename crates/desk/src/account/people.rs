//! The accounts of an agency, as those see them who run them or audit.

use super::credential::End;
use crate::view::{AccountRow, AccountsView};
use crate::{Answer, Desk, Session};
use domain::account::{self, enrolment::Kind};
use domain::regulation::{Capacity, Force};
use domain::time::Instant;
use domain::{Reason, Refusal};
use store::capability::account::HolderRow;
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
        let runs = actor.can(Capacity::Administer);
        if !runs && !actor.can(Capacity::Audit) {
            let refusal = Refusal::new(Reason::NoCapacity);
            return Err(self.refuse(session, "account.list", vec![refusal]));
        }
        let (log, now) = (actor.log(), self.now());
        let rows = self.inner.store.read(|read| read.accounts_of(&log, now.date(), SHOWN))?;
        let end = |row: &HolderRow| match &row.account {
            Some(own) if own.open => self.password_soon(&row.person, own.password_at),
            _ => Ok(None),
        };
        let ends = rows.iter().map(end).collect::<Answer<Vec<Option<End>>>>()?;
        let known = rows.iter().find(|row| row.person.as_str() == whom);
        let delivery = self.delivery(known.map_or(&actor.person, |row| &row.person))?;
        let list = self.inner.store.read(|read| {
            let rows = rows.iter().zip(ends);
            rows.map(|(row, end)| account_row(read, session, row, (runs, end), now)).collect()
        })?;
        Ok(AccountsView {
            list,
            runs,
            methods: delivery.methods.iter().map(|method| method.word()).collect(),
            hours: delivery.valid_hours,
            clause: delivery.clauses.first().and_then(|id| self.cite(session, id)),
        })
    }
}

fn account_row(
    read: &mut Read<'_>,
    session: &Session,
    row: &HolderRow,
    (runs, end): (bool, Option<End>),
    now: Instant,
) -> Result<AccountRow, Fault> {
    let open = row.account.as_ref().is_some_and(|own| own.open);
    let invited = match open {
        true => None,
        false => read.enrolment_of(&row.person)?.filter(|one| one.is_open(now)),
    };
    let former = match &row.account {
        Some(_) => None,
        None => read.former_of(&row.person)?,
    };
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
        may: runs && row.person != session.actor.person,
    })
}
