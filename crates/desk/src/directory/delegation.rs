//! What heads delegate: recording it, taking it back, and the list of both.

use crate::application::form_label;
use crate::view::{DelegationView, DelegationsView};
use crate::{Answer, Desk, Session, carry};
use domain::directory::delegation::{self, Delegation};
use domain::id::DelegationId;
use domain::time::Date;
use domain::{Personal, Reason, Refusal};
use store::capability::directory::delegation::DelegationRow;
use store::{Fault, Read};

/// A delegation as a head words it.
#[derive(Clone, Debug)]
pub struct DelegationForm {
    /// To whom, by their identifier.
    pub to: String,
    /// The kinds of applications; all where none is named.
    pub objects: Vec<String>,
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub until: Date,
    /// The document or the words by which it was given.
    pub words: Personal,
    /// The key under which this is carried out once.
    pub form_key: String,
}

impl Desk {
    /// Records that the actor delegates.
    ///
    /// # Errors
    /// The rule lets the actor delegate nothing; what was entered does not fit.
    pub fn delegate(&self, session: &Session, form: &DelegationForm) -> Answer<()> {
        let (actor, log, event) = (&session.actor, session.actor.log(), carry::event());
        let request = format!("{} {:?} {} {}", form.to, form.objects, form.from, form.until);
        let once = carry::once(&form.form_key, &request);
        if self.earlier(session, once.as_ref())?.is_some() {
            return Ok(());
        }
        let delegation = Delegation {
            id: DelegationId::new(carry::random_id("de")),
            by: actor.person.clone(),
            to: form.to.trim().into(),
            objects: form.objects.clone(),
            from: form.from,
            until: form.until,
            revoked: None,
        };
        let words = Personal::new(form.words.expose().trim());
        self.carry_out(session, "directory.delegate", |read| {
            let holders = read.holders(&log, self.now().date())?;
            let seen = read.rev(&delegation::key(&log, &actor.person))?;
            let (rule, given) = (session.as_rule(), (delegation.clone(), words.clone()));
            let decided = delegation::delegate(rule, actor, given, &holders, seen, (&event, self.now()));
            Ok(decided.map(|decision| decision.once(once.clone())))
        })?;
        Ok(())
    }

    /// Takes a delegation back.
    ///
    /// # Errors
    /// There is none such that runs; it is somebody else's.
    pub fn revoke_delegation(&self, session: &Session, id: &str) -> Answer<()> {
        let (actor, log, event) = (&session.actor, session.actor.log(), carry::event());
        self.carry_out(session, "directory.revoke-delegation", |read| {
            let rows = read.delegations(&log, self.now().date())?;
            let Some(row) = rows.into_iter().find(|row| row.delegation.id.as_str() == id) else {
                return Ok(Err(vec![Refusal::new(Reason::RecordUnknown).with("code", id)]));
            };
            let seen = read.rev(&delegation::key(&log, &row.delegation.by))?;
            let rule = session.as_rule();
            Ok(delegation::revoke(rule, actor, &row.delegation, seen, (&event, self.now())))
        })?;
        Ok(())
    }

    /// What the actor delegated and what was delegated to the actor; all of the agency for whoever can
    /// delegate or oversees it.
    ///
    /// # Errors
    /// The store.
    pub fn delegations(&self, session: &Session) -> Answer<DelegationsView> {
        let (actor, log, today) = (&session.actor, session.actor.log(), self.now().date());
        let may = delegation::objects(&session.pack, &actor.role);
        let objects = may.iter().map(|object| ((*object).into(), form_label(&session.pack, object)));
        let objects = objects.collect();
        Ok(self.inner.store.read(|read| {
            let own = |row: &DelegationRow| {
                let Delegation { by, to, .. } = &row.delegation;
                *by == actor.person || *to == actor.person || !may.is_empty() || actor.oversees()
            };
            let mut rows = read.delegations(&log, today)?;
            rows.retain(|row| row.delegation.revoked.is_none() && own(row));
            let view = |read: &mut Read<'_>, row: &DelegationRow| -> Result<DelegationView, Fault> {
                let own = &row.delegation;
                Ok(DelegationView {
                    id: own.id.to_string(),
                    by: read.person_name(&own.by)?,
                    to: read.person_name(&own.to)?,
                    objects: own.objects.iter().map(|object| form_label(&session.pack, object)).collect(),
                    from: own.from,
                    until: own.until,
                    words: read.unseal(&row.words)?.expose().to_string(),
                    runs: own.runs(today),
                    revoke: own.by == actor.person || !may.is_empty(),
                })
            };
            let list = rows.iter().map(|row| view(read, row)).collect::<Result<_, _>>()?;
            let people = if may.is_empty() { vec![] } else { super::others(read, actor, today)? };
            Ok(DelegationsView { list, objects, people })
        })?)
    }
}
