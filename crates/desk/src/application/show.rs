//! One application as its page shows it: to those whose it is, who have it, or who watch over it.

use super::claim::{claim_act, claim_view};
use super::consult::askable;
use super::like::{self, Begun, Like};
use super::outcomes;
use super::people;
use super::sheet::{first_empty, notices, templates};
use super::terms::offered;
use super::whole::{Crews, Whole, chain, names, route, step_label};
use super::{ApplicationForm, staff};
use crate::grant::held_by;
use crate::lookup::history;
use crate::view::{ApplicationView, OutcomeView, RefusalView, RightView, StampView, StepState, StepView};
use crate::{Answer, ClaimAct, Desk, No, Session, carry};
use domain::application::act;
use domain::application::claim::{self, Claim};
use domain::application::{
    Action, Answers, Application, Entry, Right, State, Verdict, form, outcome, submit,
};
use domain::grant::permission::Permission;
use domain::id::{ApplicationId, PersonId};
use domain::regulation::{
    ApplicationObject, ApprovalChain, Capacity, ChainStep, ClauseId, Pack, Ruled, StepAct, Words,
};
use domain::time::Date;
use domain::{Reason, Refusal};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::capability::application::{ApplicationRow as Row, StampRow};
use store::{Fault, Read};

/// What is shown of a stamp that is hidden for now: a locale key `application-verdict-…`.
const VEILED: &str = "veiled";

/// What somebody can do at the step that has an application.
#[derive(Default)]
struct Seat {
    verdicts: Vec<Verdict>,
    outcomes: Vec<OutcomeView>,
    can_leave_out: Vec<(String, Words)>,
    right: Right,
    by_letter: bool,
    claim: Option<ClaimAct>,
    /// Why it is not theirs.
    barred: Option<RefusalView>,
    /// Why nobody can carry it out.
    hindered: Option<RefusalView>,
}

impl Desk {
    /// An empty form, or one filled like something that is there.
    ///
    /// # Errors
    /// The rule has no such application, or the role may not put one forward.
    pub fn blank_application(&self, session: &Session, object: &str, like: &Like) -> Answer<ApplicationView> {
        let actor = &session.actor;
        let found = submit::may_apply(session.as_rule(), actor, object);
        let (form, _) = found.map_err(|refusal| No::Refused(vec![self.explain(session, refusal)]))?;
        let id = ApplicationId::new("");
        let blank = Application::new(&id, object, &form.id, actor, &session.rule, self.now());
        Ok(self.inner.store.read(|read| {
            let mut application = blank.clone();
            let staff = staff(read, &actor.log(), &actor.unit, self.now().date())?;
            let begun = self.begun(read, session, (form, &staff), like, &application)?;
            let Begun { mut answers, files_left, left_behind, people } = begun;
            if !people.is_empty() {
                application.people = people;
            }
            for (field, entry) in like::reached(read, actor, form)? {
                answers.entry(field).or_insert(entry);
            }
            let held = self.running(read, &actor.log(), &actor.person)?;
            let action = if held.is_empty() { Action::Create } else { Action::Change };
            if let Some((field, code)) = form::choice_of(form, action) {
                answers.entry(field).or_insert_with(|| Entry::text(code));
            }
            let row = Row { application, answers: String::new() };
            let staff = Arc::new(staff);
            let whole = Whole { row, stamps: vec![], claims: vec![], questions: vec![], staff };
            let view = self.view(read, session, &whole, &answers)?;
            let focus = first_empty(&view.fields).filter(|_| *like != Like::Blank);
            Ok(ApplicationView { focus, files_left, left_behind, ..view })
        })?)
    }

    /// One application, whole.
    ///
    /// # Errors
    /// It does not exist for the viewer.
    pub fn application(&self, session: &Session, code: &str) -> Answer<ApplicationView> {
        self.application_page(session, code, None)
    }

    /// The same with what its author typed before and could not send, as long as it is still theirs.
    ///
    /// # Errors
    /// It does not exist for the viewer.
    pub fn application_typed(
        &self,
        session: &Session,
        code: &str,
        typed: &ApplicationForm,
    ) -> Answer<ApplicationView> {
        self.application_page(session, code, Some(typed))
    }

    fn application_page(
        &self,
        session: &Session,
        code: &str,
        typed: Option<&ApplicationForm>,
    ) -> Answer<ApplicationView> {
        let (log, id) = (session.actor.log(), ApplicationId::new(code.trim()));
        let view = self.inner.store.read(|read| {
            let Some(row) = read.application(&log, &id)? else { return Ok(None) };
            let mut whole = self.whole(read, session, &mut Crews::default(), row.clone())?;
            if !self.may_see(session, &whole) {
                return Ok(None);
            }
            let mut answers = read.answers(&whole.row.answers)?;
            let Application { state, author, people, .. } = &mut whole.row.application;
            let mine = state.is_open_to_author() && *author == session.actor.person;
            if let Some(typed) = typed.filter(|_| mine) {
                (answers, *people) = (typed.answers.clone(), typed.people_or(&session.actor.person));
            }
            let view = self.view(read, session, &whole, &answers)?;
            let amended = match view.edit {
                true => self.amended(read, session, row, &whole.row.application)?,
                false => None,
            };
            let (older_form, past) = (amended.is_some(), self.past(read, session, &whole)?);
            let left_behind = amended.unwrap_or_default();
            Ok(Some(ApplicationView { older_form, left_behind, past, ..view }))
        })?;
        view.ok_or_else(|| {
            let unknown = Refusal::new(Reason::RecordUnknown).with("code", code);
            No::Refused(vec![self.explain(session, unknown)])
        })
    }

    /// Its author and those it is for; whoever has it or had it; heads of the unit; those who run the
    /// accounts, decide or audit. A draft is its author's alone.
    pub(super) fn may_see(&self, session: &Session, whole: &Whole) -> bool {
        let (actor, application) = (&session.actor, &whole.row.application);
        if application.author == actor.person {
            return true;
        }
        if application.state == State::Draft || application.version == 0 {
            return false;
        }
        let rule = self.rule_for(session, &application.digest);
        let stamps = whole.given();
        let has_it = chain(&rule.pack, application).is_some_and(|chain| {
            let route = route(&rule.pack, &chain.value, whole, &stamps);
            let over = |claim: &&Claim| claim::presides(&rule.pack, &whole.staff, actor, &claim.by);
            route.seats(&actor.person).is_ok() || route.claims().iter().any(over)
        });
        has_it
            || application.people.contains(&actor.person)
            || stamps.iter().any(|stamp| stamp.by == actor.person)
            || whole.questions.iter().any(|row| row.question.to == actor.person)
            || (actor.can(Capacity::Stamp) && actor.unit == application.unit)
            || actor.oversees()
    }

    pub(super) fn view(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        whole: &Whole,
        answers: &Answers,
    ) -> Result<ApplicationView, Fault> {
        let (actor, application) = (&session.actor, &whole.row.application);
        let rule = self.rule_for(session, &application.digest);
        let own = application.author == actor.person;
        let mine = application.state.is_open_to_author() && own;
        let may = submit::may_apply(session.as_rule(), actor, &application.object);
        let (open, copy) = (mine && may.is_ok(), !mine && may.is_ok() && application.destroyed.is_none());
        let (pack, chain): (&Pack, _) = (&rule.pack, chain(&rule.pack, application));
        let stamps = whole.given();
        let form = pack.form(&application.form);
        let versions = self.versions_of(read, session, form, application, open)?;
        let seat = match &chain {
            Some(chain) => self.seat(read, session, whole, pack, chain)?,
            None => Seat::default(),
        };
        let acted = stamps.iter().any(|stamp| stamp.version == application.version);
        let fields = self.fields(read, session, whole, form, answers, &versions)?;
        let fields = if open { fields } else { self.differing(read, session, whole, fields)? };
        let fields = outcomes::printed(fields, application, &stamps);
        let terms = self.terms(pack, application);
        let askable = if seat.verdicts.is_empty() { vec![] } else { askable(read, actor, whole)? };
        Ok(ApplicationView {
            row: self.row(read, session, whole)?,
            object: application.object.clone(),
            version: application.version,
            fields: offered(fields, form, terms.as_ref()),
            terms,
            versions,
            templates: templates(form, application),
            focus: None,
            notices: notices(pack, form, application),
            steps: steps(read, pack, chain.as_ref(), whole, &actor.person)?,
            past: vec![],
            is_past: false,
            kept: self.kept_view(read, session, application)?,
            history: history(read, &actor.log(), application.id.as_str())?,
            clause: chain.as_ref().and_then(|chain| self.cite(session, chain.clauses.first()?)),
            colleagues: people::colleagues(read, actor, whole, open)?,
            can_leave_out: seat.can_leave_out,
            verdicts: seat.verdicts,
            outcomes: seat.outcomes,
            by_letter: seat.by_letter,
            right: right_view(read, &seat.right)?,
            claim: seat.claim,
            questions: self.questions(read, session, whole, chain.as_ref())?,
            askable,
            barred: seat
                .barred
                .or_else(|| may.err().filter(|_| mine).map(|refusal| self.explain(session, refusal))),
            hindered: seat.hindered,
            takes_over: self.takes_over(read, session, application)?,
            keeps_end: self.keeps_end(read, session, &outcome::approved(application, stamps.iter()).0)?,
            edit: open,
            copy,
            cancel: mine && !application.id.as_str().is_empty(),
            remind: own && application.state.is_on_its_way(),
            withdraw: own && application.state == State::Running && !acted,
            answer: answer(read, pack, chain.as_ref(), whole)?,
            older_form: false,
            left_behind: vec![],
            files_left: false,
            form_key: carry::random_hex::<16>(),
        })
    }

    /// What the actor can do at the step that has it, and why not.
    fn seat(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        whole: &Whole,
        pack: &Pack,
        chain: &Ruled<ApprovalChain>,
    ) -> Result<Seat, Fault> {
        let (actor, application) = (&session.actor, &whole.row.application);
        let stamps = whole.given();
        let route = route(pack, &chain.value, whole, &stamps);
        let own = route.seat(&actor.person);
        let by_letter = own.as_ref().is_ok_and(|(part, _)| route.is_by_letter(application.step, *part));
        let mut seat = Seat { by_letter, claim: claim_act(actor, &route), ..Seat::default() };
        let refusal = act::barred(&route, &chain.clauses, actor);
        match refusal.filter(|_| application.state.is_on_its_way()) {
            Some(refusal) => seat.barred = Some(self.explain(session, refusal)),
            None => {
                seat.verdicts = route.step().map(outcomes::verdicts).unwrap_or_default();
                let last = outcome::last_start(&chain.value, self.now());
                seat.outcomes = outcomes::offered(route.step(), (self.now().date(), last));
                let (open, _) = outcome::approved(application, stamps.iter());
                seat.can_leave_out = outcomes::can_leave_out(pack, &open, &seat.outcomes);
                seat.right = own.map_or(Right::Own, |(_, right)| right);
            }
        }
        if seat.verdicts.contains(&Verdict::CarryOut) {
            seat.hindered = self.hindered(read, session, whole, &chain.clauses)?;
        }
        Ok(seat)
    }

    /// Why nobody can carry it out.
    fn hindered(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        whole: &Whole,
        clauses: &[ClauseId],
    ) -> Result<Option<RefusalView>, Fault> {
        let application = &whole.row.application;
        let held = held_by(read, &session.actor.log(), &application.people)?;
        let no = act::hindered(application, &whole.staff, &held, clauses, self.now());
        Ok(no.map(|refusal| self.explain(session, refusal)))
    }

    /// When a renewal would take over, for an application that is not over: at the end of what runs now.
    fn takes_over(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        application: &Application,
    ) -> Result<Option<Date>, Fault> {
        let over = matches!(application.state, State::Done | State::Refused | State::Cancelled);
        if over || application.object != ApplicationObject::Account.word() {
            return Ok(None);
        }
        for person in &application.people {
            let held = read.permissions(&session.actor.log(), person)?;
            let ends = |one: &Permission| one.runs(self.now()) && one.warned.is_some();
            let own = held.iter().find(|one| one.unit == application.unit && ends(one));
            if let Some(until) = own.and_then(|one| one.until) {
                return Ok(Some(until.date()));
            }
        }
        Ok(None)
    }
}

pub(super) fn steps(
    read: &mut Read<'_>,
    pack: &Pack,
    chain: Option<&Ruled<ApprovalChain>>,
    whole: &Whole,
    viewer: &PersonId,
) -> Result<Vec<StepView>, Fault> {
    let Some(chain) = chain else { return Ok(vec![]) };
    let application = &whole.row.application;
    let stamps = whole.given();
    let route = route(pack, &chain.value, whole, &stamps);
    let mut views = Vec::new();
    for (at, step) in chain.value.steps.iter().enumerate() {
        let own = whole
            .stamps
            .iter()
            .filter(|row| row.stamp.step == at && row.stamp.version == application.version);
        let hidden = |row: &StampRow| {
            let ends = matches!(row.stamp.verdict, Verdict::Return | Verdict::Refuse);
            route.is_veiled(at) && row.stamp.by != *viewer && !ends
        };
        let given = own.map(|row| match hidden(row) {
            true => Ok(veiled(stamp_view(read, pack, Some(step), row)?)),
            false => stamp_view(read, pack, Some(step), row),
        });
        let given = given.collect::<Result<Vec<_>, _>>()?;
        let parts = 0..step.who.len();
        let people = parts.flat_map(|part| route.candidates(at, part)).map(|candidate| candidate.person);
        let people: BTreeSet<PersonId> = match step.act {
            StepAct::Propose => [application.author.clone()].into(),
            _ => people.collect(),
        };
        let over = matches!(application.state, State::Done | State::Refused);
        let claims = if at == application.step { route.claims() } else { vec![] };
        let state = match (application.state.is_on_its_way(), at.cmp(&application.step)) {
            (true, std::cmp::Ordering::Equal) => StepState::Now,
            (_, std::cmp::Ordering::Less) if application.version > 0 => StepState::Past,
            _ if over && !given.is_empty() => StepState::Past,
            _ => StepState::Later,
        };
        views.push(StepView {
            label: step_label(pack, step),
            state,
            stamps: given,
            claims: claims.iter().map(|claim| claim_view(read, claim)).collect::<Result<_, _>>()?,
            people: names(read, people.iter().take(6))?,
        });
    }
    Ok(views)
}

/// A stamp of which nothing is seen but that it was given.
fn veiled(stamp: StampView) -> StampView {
    let (outcome, effective, left_out, note) = (None, None, vec![], String::new());
    StampView { verdict: VEILED, outcome, effective, left_out, note, ..stamp }
}

fn stamp_view(
    read: &mut Read<'_>,
    pack: &Pack,
    step: Option<&ChainStep>,
    row: &StampRow,
) -> Result<StampView, Fault> {
    let note = read.unseal_opt(row.note.as_deref())?;
    let (outcome, left_out) = outcomes::given(pack, step, &row.stamp);
    Ok(StampView {
        outcome,
        effective: row.stamp.ruling.effective,
        left_out,
        by: read.person_name(&row.stamp.by)?,
        right: right_view(read, &row.stamp.right)?,
        verdict: row.stamp.verdict.word(),
        note: note.map(|note| note.expose().to_string()).unwrap_or_default(),
        letter: row.stamp.letter.as_ref().map(|letter| (letter.number.clone(), letter.on)),
        at: row.stamp.at,
    })
}

fn right_view(read: &mut Read<'_>, right: &Right) -> Result<RightView, Fault> {
    let mut name = |person: Option<&PersonId>| person.map(|one| read.person_name(one)).transpose();
    Ok(RightView { stands_for: name(right.stands_for())?, delegated_by: name(right.delegated_by())? })
}

/// What was said when this version was sent back or refused.
fn answer(
    read: &mut Read<'_>,
    pack: &Pack,
    chain: Option<&Ruled<ApprovalChain>>,
    whole: &Whole,
) -> Result<Option<StampView>, Fault> {
    let version = whole.row.application.version;
    let no = |row: &&StampRow| matches!(row.stamp.verdict, Verdict::Return | Verdict::Refuse);
    let last = whole.stamps.iter().rev().filter(|row| row.stamp.version == version).find(no);
    let step = |row: &StampRow| chain.and_then(|chain| chain.value.steps.get(row.stamp.step));
    last.map(|row| stamp_view(read, pack, step(row), row)).transpose()
}
