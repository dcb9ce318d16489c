//! Links: what is done with them, and the clock that ends them.

mod clocks;
mod show;

use crate::regulation::in_force::InForce;
use crate::{Answer, Desk, Session, carry};
use domain::Decision;
use domain::duty::{Duty, Kind, State};
use domain::id::{AgencyId, DutyId, EventId, LinkId, LogId, PersonId};
use domain::link::open::{self, Basis, Earlier};
use domain::link::review::{self, Facts, Verdict};
use domain::link::{Link, Parties, Standing, end, trial};
use domain::lookup::checks::dataset_of;
use domain::record_code::RecordKind;
use domain::regulation::Situation;
use domain::time::Date;
use domain::{Outcome, Personal, Reason, Refusal};
use store::{Fault, Read};

/// Links of one agency that are looked through.
const LINKS: i64 = 500;

/// What is said of a link test.
#[derive(Clone, Debug, Default)]
pub struct TestForm {
    /// What is said.
    pub said: trial::Said,
    /// The key under which this is carried out once.
    pub form_key: String,
}

/// What is said of the end of a link, or of its need.
#[derive(Clone, Debug, Default)]
pub struct LinkForm {
    /// The first day on which it does not stand; as early as the rule allows where none is named.
    pub on: Option<Date>,
    /// Why.
    pub note: Personal,
    /// The key under which this is carried out once.
    pub form_key: String,
}

/// A link that was there before, as the operator lists it.
#[derive(Clone, Debug, Default)]
pub struct EarlierForm {
    /// The agency whose link it is.
    pub agency: String,
    /// The datasets that are reached by it; all of the rule where none is named.
    pub datasets: Vec<String>,
    /// The bodies with a part in it.
    pub parties: Parties,
    /// The officer in charge.
    pub officer: String,
    /// The day on which it was approved.
    pub from: Option<Date>,
    /// The day on which its test was passed.
    pub tested: Option<Date>,
}

impl Desk {
    /// Enters a link test.
    ///
    /// # Errors
    /// The actor does not look after links; the link is over; something is not said.
    pub fn test_link(&self, session: &Session, id: &str, form: &TestForm) -> Answer<()> {
        let said = trial::Said { note: trimmed(&form.said.note), ..form.said.clone() };
        let request = format!("{:?} {:?}", said.passed, said.on);
        self.link_step(session, id, ("link.test", &form.form_key, &request), |read, link, event| {
            let log = session.actor.log();
            let former = match &link.former {
                Some(former) => read.link(&log, former)?.map(|row| row.link),
                None => None,
            };
            let seen = read.revs([link].into_iter().chain(&former).map(|one| one.key(&log)))?;
            let (rule, both) = (session.as_rule(), (link, former.as_ref()));
            Ok(trial::enter(rule, &session.actor, both, &said, seen, event, self.now()))
        })
    }

    /// Decides that a link ends.
    ///
    /// # Errors
    /// The actor does not look after links; it ends already; the day is too early; words are missing.
    pub fn end_link(&self, session: &Session, id: &str, form: &LinkForm) -> Answer<()> {
        let (note, request) = (trimmed(&form.note), format!("{:?}", form.on));
        self.link_step(session, id, ("link.end", &form.form_key, &request), |read, link, event| {
            let seen = read.rev(&link.key(&session.actor.log()))?;
            let said = (form.on, &note);
            Ok(end::decide(session.as_rule(), &session.actor, link, said, seen, event, self.now()))
        })
    }

    /// Says that a link which nobody uses is needed all the same.
    ///
    /// # Errors
    /// Nobody asks for that, or somebody else is asked; the reason is missing.
    pub fn need_link(&self, session: &Session, id: &str, form: &LinkForm) -> Answer<()> {
        let note = trimmed(&form.note);
        self.link_step(session, id, ("link.need", &form.form_key, ""), |read, link, event| {
            let Some(duty) = self.need_asked(read, session, link)? else {
                return Ok(Err(vec![Refusal::new(Reason::WrongState).with("state", "usable")]));
            };
            let facts = self.review_facts(read, session, duty, vec![link.clone()])?;
            let rule = self.rule_for(session, &facts.duty.digest);
            Ok(review::need(rule.as_rule(), &session.actor, &facts, &note, event, self.now()))
        })
    }

    /// Says of every link whether it is needed, and that is the review.
    ///
    /// # Errors
    /// It is somebody else's duty; something is not said of a link; the links have changed meanwhile.
    pub fn review_links(
        &self,
        session: &Session,
        duty: &str,
        verdicts: &[Verdict],
        form_key: &str,
    ) -> Answer<()> {
        let (log, event) = (session.actor.log(), carry::event());
        let said: Vec<String> = verdicts.iter().map(|one| format!("{} {:?}", one.link, one.keep)).collect();
        let once = carry::once(form_key, &format!("{duty} {}", said.join(" ")));
        if self.earlier(session, once.as_ref())?.is_some() {
            return Ok(());
        }
        self.carry_out(session, "link.review", |read| {
            let row = read.duty(&log, &DutyId::new(duty))?;
            let Some(row) = row.filter(|row| row.duty.kind == Kind::LinkReview) else {
                return Ok(Err(vec![Refusal::new(Reason::RecordUnknown)]));
            };
            let links = self.links_to_review(read, &log)?;
            let facts = self.review_facts(read, session, row.duty, links)?;
            let rule = self.rule_for(session, &facts.duty.digest);
            let decided =
                review::decide(rule.as_rule(), &session.actor, &facts, verdicts, &event, self.now());
            Ok(decided.map(|decision| decision.once(once.clone())))
        })?;
        self.keep_own_links(session)
    }

    /// Takes a link over that was there before this system, by the operator's hand, and tells its record
    /// code.
    ///
    /// # Errors
    /// There is no such agency; it reaches a dataset that the rule does not have; it would be over already.
    pub fn take_over_link(&self, form: &EarlierForm) -> Answer<String> {
        let agency = AgencyId::new(form.agency.as_str());
        let log = LogId::of(&agency);
        let Some(rule) = self.rule_of_agency(&agency)? else {
            self.enter(Err(vec![Refusal::new(Reason::NoRegulation)]))?;
            return Ok(String::new());
        };
        let all = || rule.pack.datasets().iter().map(|ruled| ruled.value.id.clone()).collect();
        let datasets = if form.datasets.is_empty() { all() } else { form.datasets.clone() };
        let now = self.now();
        let officer = PersonId::new(form.officer.as_str());
        let holders = self.inner.store.read(|read| read.holders(&log, now.date()))?;
        if !holders.iter().any(|holder| holder.person == officer) {
            self.enter(Err(vec![Refusal::new(Reason::FieldMalformed).at("officer")]))?;
        }
        let code = self.code(RecordKind::Application)?;
        let earlier = Earlier {
            id: LinkId::new(code.as_str()),
            datasets,
            parties: form.parties.clone(),
            officer,
            from: form.from.unwrap_or_else(|| now.date()),
            tested: form.tested,
        };
        self.enter(open::take_over(rule.as_rule(), &log, earlier, &carry::event(), now))?;
        Ok(code)
    }

    /// Takes one tested link to all data over, where the rule of an agency lets nothing be looked up without
    /// one: what a demonstration begins with, and a scenario that is about other things.
    ///
    /// # Errors
    /// The store.
    pub fn link_in_place(&self, agency: &str, officer: &str) -> Answer<()> {
        let wanted = |rule: InForce| {
            let channel = rule.pack.channel(&Situation::default());
            channel.is_some_and(|rule| rule.value.link_test || rule.value.link_application)
        };
        let log = LogId::new(agency);
        let none = self.inner.store.read(|read| read.links(&log, 1))?.is_empty();
        if !none || !self.rule_of_agency(&AgencyId::new(agency))?.is_some_and(wanted) {
            return Ok(());
        }
        let (agency, officer, tested) = (agency.into(), officer.into(), Some(self.now().date()));
        self.take_over_link(&EarlierForm { agency, officer, tested, ..EarlierForm::default() }).map(|_| ())
    }

    /// Reads a link, decides about it, writes, and lets the clock see what follows.
    fn link_step(
        &self,
        session: &Session,
        id: &str,
        (act, key, request): (&str, &str, &str),
        decide: impl Fn(&mut Read<'_>, &Link, &EventId) -> Result<Outcome<Decision>, Fault>,
    ) -> Answer<()> {
        let (log, event) = (session.actor.log(), carry::event());
        let once = carry::once(key, &format!("{act} {id} {request}"));
        if self.earlier(session, once.as_ref())?.is_some() {
            return Ok(());
        }
        self.carry_out(session, act, |read| {
            let Some(row) = read.link(&log, &LinkId::new(id.trim()))? else {
                return Ok(Err(vec![Refusal::new(Reason::RecordUnknown)]));
            };
            Ok(decide(read, &row.link, &event)?.map(|decision| decision.once(once.clone())))
        })?;
        self.keep_own_links(session)
    }

    /// What follows from an act on a link, done at once and not with the next round of the watch.
    pub(crate) fn keep_own_links(&self, session: &Session) -> Answer<()> {
        let rule = self.rule_for(session, &session.rule.digest);
        self.keep_links(&session.actor.log(), &rule)
    }

    /// The duty by which it is asked whether an unused link is needed, where it is open.
    fn need_asked(&self, read: &mut Read<'_>, session: &Session, link: &Link) -> Result<Option<Duty>, Fault> {
        let rows = read.duties_about(&session.actor.log(), link.id.as_str())?;
        let open = |duty: &Duty| duty.kind == Kind::UnusedLink && duty.state == State::Open;
        Ok(rows.into_iter().find(open))
    }

    /// The links that a review goes through: those that stand and of which no end is decided.
    fn links_to_review(&self, read: &mut Read<'_>, log: &LogId) -> Result<Vec<Link>, Fault> {
        let today = self.now().date();
        let rows = read.links(log, LINKS)?.into_iter().map(|row| row.link);
        Ok(rows.filter(|link| link.runs(today) && link.ending.is_none()).collect())
    }

    fn review_facts(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        duty: Duty,
        links: Vec<Link>,
    ) -> Result<Facts, Fault> {
        let log = session.actor.log();
        let rule = self.rule_for(session, &duty.digest);
        let mut keys = vec![duty.key(&log)];
        keys.extend(links.iter().map(|link| link.key(&log)));
        let seen = read.revs(keys)?;
        let absent = self.absent(read, session)?;
        let clauses = crate::duty::clauses(&rule.pack, &duty);
        Ok(Facts { duty, absent, links, clauses, seen })
    }
}

/// The links by which the data of a lookup could be reached, as a decision sees them, and their keys.
pub(crate) fn standing(
    read: &mut Read<'_>,
    log: &LogId,
    items: &[String],
    today: Date,
) -> Result<(Vec<Standing>, Vec<domain::id::Key>), Fault> {
    let datasets: Vec<String> = items.iter().map(|item| dataset_of(item).to_string()).collect();
    let rows = read.links(log, LINKS)?.into_iter().map(|row| row.link);
    let own: Vec<Link> = rows.filter(|link| link.reaches(&datasets)).collect();
    let way = own.iter().map(|link| Standing::of(link, today)).collect();
    // A link that is over stays so; only of those that stand it matters that they still do.
    let keys = own.iter().filter(|link| link.runs(today)).map(|link| link.key(log)).collect();
    Ok((way, keys))
}

/// What the approval of a link has to know beside the application.
pub(crate) fn basis(read: &mut Read<'_>, log: &LogId, sealed: &str) -> Result<Basis, Fault> {
    let links = read.links(log, LINKS)?.into_iter().map(|row| row.link).collect();
    Ok(Basis { answers: read.answers(sealed)?, links, event: carry::event() })
}

fn trimmed(note: &Personal) -> Personal {
    Personal::new(note.expose().trim())
}
