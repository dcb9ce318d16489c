//! Links as pages show them.

use super::LINKS;
use crate::lookup::{due_view, history};
use crate::view::{LinkReviewView, LinkRow, LinkSaidView, LinkView, LinksView};
use crate::{Answer, Desk, No, Session, carry, words};
use domain::application::submit;
use domain::duty::{Kind, State};
use domain::id::{DutyId, LinkId};
use domain::link::{self, Link, end};
use domain::regulation::{ApplicationObject, Words};
use domain::{Reason, Refusal};
use store::capability::duty::DutyRow;
use store::{Fault, Read};

impl Desk {
    /// The links of the actor's agency, the newest first.
    ///
    /// # Errors
    /// The store.
    pub fn links(&self, session: &Session) -> Answer<LinksView> {
        let log = session.actor.log();
        let applies = submit::may_apply(session.as_rule(), &session.actor, ApplicationObject::Link.word());
        Ok(self.inner.store.read(|read| {
            let rows = read.links(&log, LINKS)?;
            let rows = rows.iter().map(|row| self.link_row(read, session, &row.link));
            let rows = rows.collect::<Result<Vec<_>, Fault>>()?;
            let reviews = self.open_reviews(read, session)?;
            Ok(LinksView { rows, applies: applies.is_ok(), reviews })
        })?)
    }

    /// One link with its history, for everybody of the agency.
    ///
    /// # Errors
    /// There is no such link.
    pub fn link(&self, session: &Session, id: &str) -> Answer<LinkView> {
        let (log, id) = (session.actor.log(), LinkId::new(id.trim()));
        let view = self.inner.store.read(|read| {
            let Some(row) = read.link(&log, &id)? else { return Ok(None) };
            let note = read.unseal_opt(row.note.as_deref())?;
            let mut said = Vec::new();
            for one in read.link_reviews(&log, &id)? {
                let note = read.unseal_opt(one.note.as_deref())?;
                said.push(LinkSaidView {
                    keep: one.keep,
                    note: note.map(|note| note.expose().to_string()).unwrap_or_default(),
                    by: read.person_name(&one.by)?,
                    at: one.at,
                });
            }
            self.link_view(read, session, &row.link, note.map(|note| note.expose().to_string()), said)
                .map(Some)
        })?;
        view.ok_or_else(|| {
            let unknown = Refusal::new(Reason::RecordUnknown).with("code", id.as_str());
            No::Refused(vec![self.explain(session, unknown)])
        })
    }

    fn link_view(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        link: &Link,
        note: Option<String>,
        said: Vec<LinkSaidView>,
    ) -> Result<LinkView, Fault> {
        let (pack, today, log) = (&session.pack, self.now().date(), session.actor.log());
        let keeps = link::may_keep(pack, &session.actor).is_ok();
        let stands = link.runs(today);
        let asked = self.need_asked(read, session, link)?;
        let absent = self.absent(read, session)?;
        let needed = asked.filter(|duty| duty.is_owed_by(&session.actor, &absent));
        let applies = submit::may_apply(session.as_rule(), &session.actor, ApplicationObject::Link.word());
        let tested = match &link.tested {
            Some(test) => Some((test.passed, test.on, read.person_name(&test.by)?)),
            None => None,
        };
        let duties = self.duties_of_link(read, session, link)?;
        Ok(LinkView {
            row: self.link_row(read, session, link)?,
            parties: [
                ("provider", link.parties.provider.clone()),
                ("linking-agency", link.parties.linking.clone()),
                ("holding-agency", link.parties.holding.clone()),
                ("using-agency", link.parties.using.clone()),
            ],
            application: link.application.as_ref().map(ToString::to_string),
            former: link.former.as_ref().map(ToString::to_string),
            tested,
            note: note.unwrap_or_default(),
            said,
            duties,
            clauses: self.link_clauses(session),
            may_test: keeps && stands,
            may_end: keeps && stands && link.ending.is_none(),
            earliest: end::earliest(pack, today),
            may_need: needed.is_some(),
            may_renew: applies.is_ok() && stands && link.ending.is_none(),
            history: history(read, &log, link.id.as_str())?,
            form_key: carry::random_hex::<16>(),
        })
    }

    /// The clauses by which links are kept, those of the channel first.
    fn link_clauses(&self, session: &Session) -> Vec<crate::view::ClauseCite> {
        let channel = session.pack.channel(&session.actor.situation());
        let channel = channel.filter(|rule| rule.value.link_test || rule.value.link_application);
        let mut all = channel.map(|rule| rule.clauses).unwrap_or_default();
        all.extend(session.pack.link_rule().map(|rule| rule.clauses).unwrap_or_default());
        all.dedup();
        all.iter().filter_map(|id| self.cite(session, id)).collect()
    }

    fn duties_of_link(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        link: &Link,
    ) -> Result<Vec<crate::view::DutyView>, Fault> {
        let mut rows: Vec<DutyRow> = Vec::new();
        for kind in [Kind::RenewLink, Kind::UnusedLink, Kind::EndLink] {
            let all = read.open_of_kind(&session.actor.log(), kind)?.into_iter();
            let own = all.filter(|duty| link::clock::link_of(duty) == link.id.as_str());
            rows.extend(own.map(|duty| DutyRow { duty, note: None }));
        }
        self.duty_views(read, session, &rows)
    }

    fn link_row(&self, read: &mut Read<'_>, session: &Session, link: &Link) -> Result<LinkRow, Fault> {
        let (pack, today) = (&session.pack, self.now().date());
        let word = |id: &String| words::dataset(pack, id);
        let next = self.duties_of_link(read, session, link)?.into_iter().next();
        let bodies = [&link.parties.provider, &link.parties.linking];
        let provider = bodies.into_iter().find(|name| !name.is_empty()).cloned().unwrap_or_default();
        Ok(LinkRow {
            code: link.id.to_string(),
            datasets: link.datasets.iter().map(word).collect::<Vec<Words>>(),
            provider,
            officer: read.person_name(&link.officer)?,
            from: link.from,
            until: link.until.map(|day| day.plus_days(-1).unwrap_or(day)),
            used: link.used,
            state: link.state(pack, today),
            why: link.ended.map(|(why, _)| why).or(link.ending).map(|why| why.word()),
            taken_over: link.application.is_none(),
            next,
        })
    }

    fn open_reviews(&self, read: &mut Read<'_>, session: &Session) -> Result<Vec<String>, Fault> {
        let rows = self.owed(read, session)?;
        let open = rows.into_iter().filter(|row| row.duty.kind == Kind::LinkReview);
        Ok(open.map(|row| row.duty.id.to_string()).collect())
    }

    /// The links that a review goes through, for whoever owes it or watches over it.
    ///
    /// # Errors
    /// There is no such duty that the actor may see.
    pub fn link_review(&self, session: &Session, duty: &str) -> Answer<LinkReviewView> {
        let (actor, log) = (&session.actor, session.actor.log());
        let view = self.inner.store.read(|read| {
            let row = read.duty(&log, &DutyId::new(duty))?;
            let Some(row) = row.filter(|row| row.duty.kind == Kind::LinkReview) else { return Ok(None) };
            let absent = self.absent(read, session)?;
            let own = row.duty.is_owed_by(actor, &absent);
            if !own && !actor.oversees() {
                return Ok(None);
            }
            let links = self.links_to_review(read, &log)?;
            let rows = links.iter().map(|link| self.link_row(read, session, link));
            let rows = rows.collect::<Result<Vec<_>, Fault>>()?;
            let rule = self.rule_for(session, &row.duty.digest);
            let clause = crate::duty::clauses(&rule.pack, &row.duty);
            Ok(Some(LinkReviewView {
                id: row.duty.id.to_string(),
                rows,
                clause: clause.first().and_then(|id| self.cite(session, id)),
                due: row.duty.due.as_ref().map(|due| due_view(due.moment, self.now())),
                open: row.duty.state == State::Open,
                may: own && row.duty.state == State::Open,
                form_key: carry::random_hex::<16>(),
            }))
        })?;
        view.ok_or_else(|| self.refuse(session, "link.review", vec![Refusal::new(Reason::RecordUnknown)]))
    }
}
