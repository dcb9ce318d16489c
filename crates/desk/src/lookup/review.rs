//! Looking again at a parked answer.

use super::answer::ending_of;
use crate::regulation::in_force::InForce;
use crate::view::ResultView;
use crate::{Answer, Desk, No, Session, carry};
use domain::decision::Rule;
use domain::id::LookupId;
use domain::lookup::review::{self, Facts};
use domain::{Reason, Refusal};
use store::capability::lookup::LookupRow;

impl InForce {
    /// The regulation as rules take it.
    pub(crate) fn as_rule(&self) -> Rule<'_> {
        Rule { pack: &self.pack, reference: &self.rule }
    }
}

impl Desk {
    /// The regulation a record was made under, so that running matters finish under theirs.
    pub(crate) fn rule_for(&self, session: &Session, digest: &str) -> InForce {
        let rules = self.inner.rules.read().unwrap_or_else(|gone| gone.into_inner());
        let own = || InForce::alone(&session.pack, &session.rule, self.now().date());
        rules.by_digest(digest).cloned().unwrap_or_else(own)
    }

    /// Shows a parked answer again. The provider is not asked; the second look has its own entry.
    ///
    /// # Errors
    /// It is not parked any more, or not for this session.
    pub fn review(&self, session: &Session, code: &str) -> Answer<ResultView> {
        let row = self.known(session, code)?;
        let (id, now) = (row.lookup.id.clone(), self.now());
        let key = session.key.bytes();
        let parked = self.inner.store.read(|read| read.parked(id.as_str(), key, now))?;
        let rule = self.rule_for(session, &row.lookup.digest);
        let log = session.actor.log();
        self.carry_out(session, "lookup.review", |read| {
            let seen = read.rev(&row.lookup.key(&log))?;
            let facts = Facts { lookup: row.lookup.clone(), parked: parked.is_some(), seen };
            Ok(review::decide(rule.as_rule(), &session.actor, &facts, &carry::event(), now))
        })?;
        let body = parked.map(|body| body.to_vec()).unwrap_or_default();
        let data: gate::Answer = serde_json::from_slice(&body)
            .map_err(|_| No::fault(&store::Fault::Corrupt("parked answer".into())))?;
        Ok(self.result_view(session, (&row.lookup, &row.case_number), Some(ending_of(&data)), Some(&data)))
    }

    /// Enters that the answer was hidden.
    ///
    /// # Errors
    /// The record is not the actor's.
    pub fn hidden(&self, session: &Session, code: &str) -> Answer<()> {
        let row = self.known(session, code)?;
        let rule = self.rule_for(session, &row.lookup.digest);
        let event = carry::event();
        self.carry_out(session, "lookup.hide", |_| {
            let actor = &session.actor;
            Ok(review::hidden(rule.as_rule(), actor, &row.lookup, &event, self.now()))
        })?;
        Ok(())
    }

    /// The lookup of this code in the actor's log.
    pub(crate) fn known(&self, session: &Session, code: &str) -> Answer<LookupRow> {
        let (log, id) = (session.actor.log(), LookupId::new(code.trim()));
        let row = self.inner.store.read(|read| read.lookup(&log, &id))?;
        row.ok_or_else(|| {
            let unknown = Refusal::new(Reason::RecordUnknown).with("code", code.trim());
            No::Refused(vec![self.explain(session, unknown)])
        })
    }
}
