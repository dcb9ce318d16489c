//! The clock of what is kept: applications whose time is over are emptied, each under its own rule, whether
//! that is still in force or not.

use crate::duty::ROUND;
use crate::regulation::in_force::InForce;
use crate::view::KeptView;
use crate::{Answer, Desk, Session, carry};
use domain::application::Application;
use domain::application::keeping::{self, Kept};
use domain::grant::{permission, term};
use domain::id::{ApplicationId, LogId};
use domain::link::open;
use domain::regulation::ApplicationObject;
use domain::time::{Date, Instant};
use store::capability::application::ApplicationRow;
use store::{Fault, Read};

impl Desk {
    /// Destroys what stands in applications whose time of keeping is over.
    ///
    /// # Errors
    /// The store; the next day tries again.
    pub(crate) fn keep_records(&self, log: &LogId) -> Answer<()> {
        for rule in self.rules().every() {
            // Nothing is looked through for a rule that sets no time.
            let sets = |word: &&str| keeping::retention(&rule.pack, word).is_some();
            if !ApplicationObject::WORDS.iter().any(sets) {
                continue;
            }
            let mut after: Option<(Instant, ApplicationId)> = None;
            loop {
                let page = self.inner.store.read(|read| {
                    let from = after.as_ref().map(|(at, id)| (*at, id));
                    read.applications_over(log, &rule.rule.digest, from, ROUND)
                })?;
                let Some(last) = page.last().map(|row| &row.application) else { break };
                after = Some((last.since, last.id.clone()));
                for row in &page {
                    self.destroy_over(log, rule, &row.application.id)?;
                }
            }
        }
        Ok(())
    }

    /// Destroys what stands in an application, if its time is over.
    fn destroy_over(&self, log: &LogId, rule: &InForce, id: &ApplicationId) -> Answer<()> {
        let now = self.now();
        self.clocked(|read| {
            let Some(ApplicationRow { application, .. }) = read.application(log, id)? else {
                return Ok(None);
            };
            let opened = opened(read, log, &application, now)?;
            let (kept, clauses) = keeping::kept(&rule.pack, &application, &opened);
            let Kept::Until(until) = kept else { return Ok(None) };
            let mut keys = vec![application.key(log)];
            keys.extend(application.people.iter().map(|person| permission::key(log, person)));
            let seen = read.revs(keys)?;
            let (as_rule, event) = (rule.as_rule(), carry::event());
            let destroy =
                || keeping::destroy(as_rule, log, &application, (until, &clauses), seen, (&event, now));
            Ok((until < now.date()).then(destroy))
        })
    }

    /// How long an application is kept, as its page says it; nothing of one that nobody has put forward.
    pub(super) fn kept_view(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        application: &Application,
    ) -> Result<Option<KeptView>, Fault> {
        if application.version == 0 {
            return Ok(None);
        }
        let rule = self.rule_for(session, &application.digest);
        let opened = opened(read, &session.actor.log(), application, self.now())?;
        let (kept, clauses) = keeping::kept(&rule.pack, application, &opened);
        let clause = clauses.first().and_then(|id| self.cite(session, id));
        Ok(Some(KeptView { kept, clause }))
    }
}

/// When each right and link that an application opened ended.
fn opened(
    read: &mut Read<'_>,
    log: &LogId,
    application: &Application,
    now: Instant,
) -> Result<Vec<Option<Date>>, Fault> {
    let mut held = Vec::new();
    for person in &application.people {
        held.extend(read.permission(log, &term::id_of(application, person))?);
    }
    let link = read.link(log, &open::id_of(application))?.map(|row| row.link);
    Ok(keeping::opened(application, &held, link.as_slice(), now))
}
