//! Who may see what, and why: permissions as lists show them, and stopping one ex officio.

use crate::view::PermissionView;
use crate::{Answer, Desk, Session, carry, words};
use domain::grant::permission::{self, Permission};
use domain::id::{LogId, PermissionId, PersonId};
use domain::regulation::Capacity;
use domain::{Personal, Reason, Refusal};
use store::{Fault, Read};

/// Permissions of one list.
const SHOWN: i64 = 2_000;

/// Whether the actor may know of a permission: one's own; those of the unit for whoever heads it or applies
/// for others; all of the agency for whoever oversees it.
pub(crate) fn knows(session: &Session, one: &Permission) -> bool {
    let actor = &session.actor;
    let near = one.unit == actor.unit && (actor.can(Capacity::Stamp) || actor.can(Capacity::Apply));
    actor.oversees() || one.person == actor.person || near
}

/// All that several people hold, running and stopped.
pub(crate) fn held_by(
    read: &mut Read<'_>,
    log: &LogId,
    people: &[PersonId],
) -> Result<Vec<Permission>, Fault> {
    let held = people.iter().map(|person| read.permissions(log, person));
    Ok(held.collect::<Result<Vec<_>, _>>()?.concat())
}

impl Desk {
    /// Permissions that the actor may know of: one's own; those of the unit for its head; those of the agency
    /// for whoever runs the accounts, decides or audits.
    ///
    /// # Errors
    /// The store.
    pub fn permissions(&self, session: &Session) -> Answer<Vec<PermissionView>> {
        let (actor, log) = (&session.actor, session.actor.log());
        Ok(self.inner.store.read(|read| {
            let all = match actor.oversees() || actor.can(Capacity::Stamp) {
                true => read.permissions_of(&log, SHOWN)?,
                false => read.permissions(&log, &actor.person)?,
            };
            let known = all.iter().filter(|one| knows(session, one));
            known.map(|one| self.permission_view(read, session, one)).collect()
        })?)
    }

    pub(super) fn permission_view(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        permission: &Permission,
    ) -> Result<PermissionView, Fault> {
        let word =
            |code: &String| permission::word_of(&session.pack, code).unwrap_or_else(|| words::plain(code));
        let (runs, open) = (permission.runs(self.now()), permission.is_open(self.now()));
        let may = permission::may_stop(&session.pack, &session.actor).is_ok();
        Ok(PermissionView {
            id: permission.id.to_string(),
            person: read.person_name(&permission.person)?,
            unit: read.unit(&permission.unit)?.map(|unit| unit.name).unwrap_or_default(),
            items: permission.items.iter().map(word).collect(),
            application: permission.application.as_ref().map(ToString::to_string),
            formerly: permission.formerly.clone(),
            follows: permission.follows.as_ref().map(ToString::to_string),
            from: permission.from.date(),
            until: permission.until.map(|until| until.date()),
            state: match (permission.stopped, runs) {
                (Some((why, _)), _) => why.word(),
                (None, true) => "runs",
                (None, false) if open => "waits",
                (None, false) => "ended",
            },
            stop: may && permission.stands(self.now()),
        })
    }

    /// Stops a permission ex officio, with a reason.
    ///
    /// # Errors
    /// The rule does not let the actor; it does not run; the reason is missing.
    pub fn stop_permission(&self, session: &Session, id: &str, reason: &Personal) -> Answer<()> {
        let (log, event) = (session.actor.log(), carry::event());
        self.carry_out(session, "grant.stop", |read| {
            let Some(one) = read.permission(&log, &PermissionId::new(id))? else {
                return Ok(Err(vec![Refusal::new(Reason::RecordUnknown)]));
            };
            let held = read.permissions(&log, &one.person)?;
            let seen = read.rev(&permission::key(&log, &one.person))?;
            let (rule, actor) = (session.as_rule(), &session.actor);
            Ok(permission::stop(rule, actor, (&one, &held), reason, seen, &event, self.now()))
        })?;
        Ok(())
    }
}
