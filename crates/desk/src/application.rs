//! Applications: writing, putting forward, and what those along the chain do with them.

pub(crate) mod attachment;
mod change;
mod claim;
mod consult;
mod follow;
mod keeping;
mod like;
pub(crate) mod list;
mod outcomes;
mod past;
mod people;
mod sheet;
mod show;
mod terms;
mod whole;

pub use attachment::{FileForm, FileOut};
pub use consult::{ConsultForm, ReplyForm};
pub use like::Like;
pub use list::Pages;

use crate::grant::held_by;
use crate::letter::Urgent;
use crate::link::basis;
use crate::{Answer, Desk, No, Session, carry, words};
use domain::application::act::{self, Facts, Give};
use domain::application::attachment::Upload;
use domain::application::route::{Absence, Staff};
use domain::application::submit::{self, Written};
use domain::application::{Answers, Application, Verdict, form};
use domain::decision::{Idempotency, Rule};
use domain::directory::{self, delegation};
use domain::grant::{self, Covers, permission};
use domain::id::{ApplicationId, EventId, LogId, PersonId, UnitId};
use domain::record_code::RecordKind;
use domain::regulation::{ApplicationObject, Pack, Situation, Words};
use domain::time::Date;
use domain::{Decision, Outcome, Personal, Reason, Refusal};
use std::collections::BTreeSet;
use store::capability::application::ApplicationRow;
use store::{Fault, Read};

/// Units above a unit that are looked through for a head.
const LEVELS: usize = 10;

/// A form as a page or a call sends it.
#[derive(Clone, Debug, Default)]
pub struct ApplicationForm {
    /// The record code of the one that is written in; none for a new one.
    pub code: Option<String>,
    /// What it asks to be approved: a word of the packs.
    pub object: String,
    /// Whom it is for, by their identifiers; the author where nobody is named.
    pub people: Vec<String>,
    /// What stands in the fields.
    pub answers: Answers,
    /// Files that are sent with it, each for a field.
    pub files: Vec<FileForm>,
    /// Whether it is put forward, and not only kept.
    pub submit: bool,
    /// The key under which this is carried out once.
    pub form_key: String,
}

impl ApplicationForm {
    /// Whom it is for; its author where nobody is named.
    fn people_or(&self, author: &PersonId) -> Vec<PersonId> {
        let people: BTreeSet<PersonId> = self.people.iter().map(|id| PersonId::new(id.trim())).collect();
        match people.is_empty() {
            true => vec![author.clone()],
            false => people.into_iter().collect(),
        }
    }
}

/// A stamp as it is given.
#[derive(Clone, Debug)]
pub struct StampForm {
    /// What is given.
    pub give: Give,
    /// The version that it was given on, as it was seen; whichever there is where none is named.
    pub version: Option<u32>,
    /// The key under which this is carried out once.
    pub form_key: String,
}

impl From<Give> for StampForm {
    /// This on whichever version there is.
    fn from(give: Give) -> Self {
        Self { give, version: None, form_key: String::new() }
    }
}

impl Desk {
    /// Keeps a form as it is, or puts it forward, and tells its record code. What cannot be put forward is
    /// kept all the same, so nothing that was typed is lost.
    ///
    /// # Errors
    /// Every fault at its field; a chain that nobody can finish; somebody else's application.
    pub fn write_application(&self, session: &Session, sent: &ApplicationForm) -> Answer<String> {
        let code = match &sent.code {
            Some(code) => ApplicationId::new(code.trim()),
            None => ApplicationId::new(self.code(RecordKind::Application)?),
        };
        let event = carry::event();
        let once = self.once(session, sent)?;
        if let Some(receipt) = self.earlier(session, once.as_ref())? {
            let entry = self.inner.store.read(|read| read.entry(&receipt.log, receipt.index))?;
            return entry.and_then(|entry| entry.record).ok_or(No::Busy { retry_after: 1 });
        }
        let files: Result<Vec<Upload>, Refusal> =
            sent.files.iter().map(|file| file.upload(self.now())).collect();
        let files = files.map_err(|refusal| No::Refused(vec![self.explain(session, refusal)]))?;
        let log = session.actor.log();
        self.carry_out(session, "application.write", |read| {
            let known = read.application(&log, &code)?;
            if sent.code.is_some() && known.is_none() {
                return Ok(Err(vec![Refusal::new(Reason::ApplicationUnknown)]));
            }
            let application = match self.written(session, &code, sent, known) {
                Ok(application) => application,
                Err(refusal) => return Ok(Err(vec![refusal])),
            };
            let seen = read.rev(&application.key(&log))?;
            let attached = read.attachments(&code)?.into_iter().map(|row| row.attachment).collect();
            let files = files.clone();
            let staff = staff(read, &log, &application.unit, self.now().date())?;
            let form = session.pack.form(&application.form);
            let waiting = form.map_or(Ok(vec![]), |form| self.waiting_for(read, &session.pack, form))?;
            let answers = sent.answers.clone();
            let beside = match sent.submit {
                true => terms::beside(read, session, &application)?,
                false => Default::default(),
            };
            let written = Written { application, answers, attached, files, seen, waiting, beside };
            let (rule, actor, now) = (session.as_rule(), &session.actor, self.now());
            let decided = match sent.submit {
                true => submit::submit(rule, actor, written, &staff, &event, now),
                false => submit::save(rule, actor, written, &event, now),
            };
            Ok(decided.map(|decision| decision.once(once.clone())))
        })?;
        Ok(code.to_string())
    }

    /// The key of a form with a keyed digest of what it says: a plain one could be guessed back.
    fn once(&self, session: &Session, sent: &ApplicationForm) -> Answer<Option<Idempotency>> {
        let log = session.actor.log();
        let files: Vec<_> = sent.files.iter().map(|file| (&file.field, &file.name, &file.content)).collect();
        let text = (&sent.code, &sent.object, &sent.people, &sent.answers, &files, sent.submit);
        let text = serde_json::to_string(&text);
        let tag = self.inner.store.read(|read| read.tag(&log, "request", &text.unwrap_or_default()))?;
        Ok(carry::once(&sent.form_key, tag.as_str()))
    }

    /// The application that a form makes, or changes.
    fn written(
        &self,
        session: &Session,
        code: &ApplicationId,
        sent: &ApplicationForm,
        known: Option<ApplicationRow>,
    ) -> Result<Application, Refusal> {
        let (actor, now) = (&session.actor, self.now());
        let object = known.as_ref().map_or(&sent.object, |row| &row.application.object).clone();
        let (form, _) = submit::may_apply(session.as_rule(), actor, &object)?;
        let people = sent.people_or(&actor.person);
        let fresh = || Application::new(code, &object, &form.id, actor, &session.rule, now);
        let application = known.map_or_else(fresh, |row| row.application.written_by(actor));
        let asked = form::settled(form, &sent.answers, &application.situation());
        let (items, action) = (form::items(form, &asked), form::action(form, &asked));
        Ok(Application { people, items, action, form: form.id.clone(), ..application })
    }

    /// Gives a stamp at the step that has the application.
    ///
    /// # Errors
    /// It is not the actor's turn, or words are missing.
    pub fn stamp_application(&self, session: &Session, code: &str, sent: &StampForm) -> Answer<()> {
        let (log, id, event) = (session.actor.log(), ApplicationId::new(code.trim()), carry::event());
        let Give { verdict, ruling, fields, letter, note } = &sent.give;
        let request = format!("{code} {verdict:?} {ruling:?} {fields:?} {letter:?}");
        let once = carry::once(&sent.form_key, &request);
        if self.earlier(session, once.as_ref())?.is_some() {
            return Ok(());
        }
        let give = Give { note: Personal::new(note.expose().trim()), ..sent.give.clone() };
        // Under a rule that has ended an application can be turned down, and grants nothing any more.
        let act = match verdict {
            Verdict::Agree | Verdict::CarryOut => "application.approve",
            Verdict::Object | Verdict::Return | Verdict::Refuse => "application.stamp",
        };
        self.lets(session, act)?;
        self.carry_out(session, "application.stamp", |read| {
            let Some(row) = read.application(&log, &id)? else {
                return Ok(Err(vec![Refusal::new(Reason::ApplicationUnknown)]));
            };
            // What was seen may have been taken back, and put forward with something else in it.
            if sent.version.is_some_and(|seen| seen != row.application.version) {
                return Ok(Err(vec![Refusal::new(Reason::Changed)]));
            }
            let facts = self.stamp_facts(read, session, row)?;
            let rule = self.rule_for(session, &facts.application.digest);
            let given = act::give(rule.as_rule(), &session.actor, &facts, &give, &event, self.now());
            Ok(given.map(|decision| decision.once(once.clone())))
        })?;
        let row = self.inner.store.read(|read| read.application(&log, &id))?;
        if row.as_ref().is_some_and(|row| row.application.object == ApplicationObject::Link.word()) {
            self.keep_own_links(session)?;
        }
        // What is done stays done if this fails; the watch tries again.
        if let (Some(row), Verdict::Return) = (&row, *verdict) {
            self.alert(&log, std::slice::from_ref(&row.application.author), Urgent::ApplicationReturned);
        }
        if let Some(Err(no)) = row.map(|row| self.follow(&log, &row.application)) {
            tracing::warn!(?no, "what follows from an application has to wait");
        }
        Ok(())
    }

    /// What a stamp rests on.
    fn stamp_facts(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        row: ApplicationRow,
    ) -> Result<Facts, Fault> {
        let log = session.actor.log();
        let ApplicationRow { application, answers } = row;
        let about_link = application.object == ApplicationObject::Link.word();
        let link = about_link.then(|| basis(read, &log, &answers)).transpose()?;
        let staff = staff(read, &log, &application.unit, self.now().date())?;
        let held = held_by(read, &log, &application.people)?;
        let owed = self.owed_renewals(read, &log, &held)?;
        let mut keys = vec![application.key(&log), session.actor.key()];
        keys.extend(application.people.iter().map(|person| permission::key(&log, person)));
        keys.extend(staff.delegations.iter().map(|own| delegation::key(&log, &own.by)));
        keys.push(grant::key(&log, &Covers::Unit(application.unit.clone())));
        keys.extend(owed.iter().map(|duty| duty.key(&log)));
        keys.extend(link.iter().flat_map(|basis| &basis.links).map(|link| link.key(&log)));
        let seen = read.revs(keys)?;
        let stamps = read.application_stamps(&application.id)?;
        let claims = read.application_claims(&application.id)?;
        let stamps = stamps.into_iter().map(|row| row.stamp).collect();
        Ok(Facts { application, stamps, claims, staff, held, owed, link, seen })
    }

    /// Takes an application back, as long as nobody has acted on it.
    ///
    /// # Errors
    /// It is somebody else's; somebody has acted.
    pub fn withdraw_application(&self, session: &Session, code: &str) -> Answer<()> {
        self.move_application(session, code, "application.withdraw", |_, rule, facts, event| {
            let version = facts.application.version;
            let acted = facts.stamps.iter().any(|stamp| stamp.version == version);
            let seen = facts.seen[0].clone();
            Ok(submit::withdraw(rule, &session.actor, facts.application, acted, seen, event, self.now()))
        })
    }

    /// Gives up an application that is still its author's.
    ///
    /// # Errors
    /// It is somebody else's, or on its way.
    pub fn cancel_application(&self, session: &Session, code: &str) -> Answer<()> {
        self.move_application(session, code, "application.cancel", |_, rule, facts, event| {
            let seen = facts.seen[0].clone();
            Ok(submit::cancel(rule, &session.actor, facts.application, seen, event, self.now()))
        })
    }

    /// Reminds those whose turn it is; once a day at each step is enough, and more than that is done once.
    ///
    /// # Errors
    /// It is somebody else's, or nobody's turn.
    pub fn remind_application(&self, session: &Session, code: &str) -> Answer<()> {
        let (log, id, event) = (session.actor.log(), ApplicationId::new(code.trim()), carry::event());
        // Whoever has it next was not reminded yet, be it on the same day.
        let row = self.inner.store.read(|read| read.application(&log, &id))?;
        let place = |own: Application| format!("{} {} {}", own.version, own.step, own.state.word());
        let at = row.map(|row| place(row.application)).unwrap_or_default();
        let key = format!("remind {id} {at} {}", self.now().date());
        let once = carry::once(&key, &key);
        if self.earlier(session, once.as_ref())?.is_some() {
            return Ok(());
        }
        self.carry_out(session, "application.remind", |read| {
            let Some(row) = read.application(&log, &id)? else {
                return Ok(Err(vec![Refusal::new(Reason::ApplicationUnknown)]));
            };
            let (rule, application) = (self.rule_for(session, &row.application.digest), row.application);
            let seen = read.rev(&application.key(&log))?;
            let (actor, now) = (&session.actor, self.now());
            let reminded = submit::remind(rule.as_rule(), actor, &application, seen, &event, now);
            Ok(reminded.map(|decision| decision.once(once.clone())))
        })?;
        let people = self.inner.store.read(|read| self.whose_turn(read, session, &id))?;
        self.alert(&log, &people, Urgent::Reminded);
        Ok(())
    }

    fn whose_turn(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        id: &ApplicationId,
    ) -> Result<Vec<PersonId>, Fault> {
        let Some(row) = read.application(&session.actor.log(), id)? else { return Ok(vec![]) };
        let whole = self.whole(read, session, &mut whole::Crews::default(), row)?;
        let rule = self.rule_for(session, &whole.row.application.digest);
        let stamps = whole.given();
        let chain = whole::chain(&rule.pack, &whole.row.application);
        let holding = chain.map(|chain| whole::route(&rule.pack, &chain.value, &whole, &stamps).holding());
        Ok(holding.unwrap_or_default().into_iter().map(|candidate| candidate.person).collect())
    }

    fn move_application(
        &self,
        session: &Session,
        code: &str,
        act: &str,
        decide: impl Fn(&mut Read<'_>, Rule<'_>, Facts, &EventId) -> Result<Outcome<Decision>, Fault>,
    ) -> Answer<()> {
        let (log, id, event) = (session.actor.log(), ApplicationId::new(code.trim()), carry::event());
        self.carry_out(session, act, |read| {
            let Some(row) = read.application(&log, &id)? else {
                return Ok(Err(vec![Refusal::new(Reason::ApplicationUnknown)]));
            };
            let facts = self.stamp_facts(read, session, row)?;
            let rule = self.rule_for(session, &facts.application.digest);
            decide(read, rule.as_rule(), facts, &event)
        })?;
        Ok(())
    }
}

/// The people of an agency on a day, as the chain of an application from `unit` sees them.
pub(crate) fn staff(read: &mut Read<'_>, log: &LogId, unit: &UnitId, today: Date) -> Result<Staff, Fault> {
    let units = line_of(read, unit)?;
    let runs = |absence: &directory::absence::Absence| absence.runs(today);
    let absences = read.absences(log, today)?.into_iter().filter(runs);
    let absences = absences.map(|absence| Absence { person: absence.person, deputy: absence.deputy });
    let delegations = read.delegations(log, today)?.into_iter().map(|row| row.delegation);
    let delegations = delegations.filter(|own| own.runs(today)).collect();
    Ok(Staff { holders: read.holders(log, today)?, absences: absences.collect(), delegations, units })
}

/// A unit with those above it, the nearest first.
pub(crate) fn line_of(read: &mut Read<'_>, unit: &UnitId) -> Result<Vec<UnitId>, Fault> {
    let mut units = vec![unit.clone()];
    while units.len() < LEVELS {
        let above = read.unit(&units[units.len() - 1])?.and_then(|unit| unit.above);
        match above.filter(|above| !units.contains(above)) {
            Some(above) => units.push(above),
            None => break,
        }
    }
    Ok(units)
}

/// The title of the form for a kind of application; its word where the rule has no form for it.
pub(crate) fn form_label(pack: &Pack, object: &str) -> Words {
    let kind = ApplicationObject::named(object);
    let chain = kind.and_then(|kind| pack.approval_chain(kind, &Situation::default()));
    let form = chain.and_then(|chain| pack.form(&chain.value.form?).map(|form| form.label.clone()));
    form.unwrap_or_else(|| words::plain(object))
}
