//! One application as its page shows it: to those whose it is, who have it, or who watch over it.

use super::claim::{claim_act, claim_view};
use super::consult::askable;
use super::like::{self, Like};
use super::people;
use super::staff;
use super::terms::offered;
use super::whole::{Crews, Whole, chain, names, route, step_label};
use crate::grant::{held_by, knows};
use crate::lookup::history;
use crate::regulation::activation;
use crate::view::{
    ApplicationView, ColumnView, FieldView, OptionView, RefusalView, RightView, StampView, StepState,
    StepView, VersionView,
};
use crate::{Answer, ClaimAct, Desk, No, Session, carry};
use domain::application::act::{self, verdicts};
use domain::application::attachment::KIND;
use domain::application::claim::{self, Claim};
use domain::application::{Action, Answers, Application, Entry, Right, State, Verdict, form, submit};
use domain::grant::permission::Permission;
use domain::id::{ApplicationId, LogId, PersonId};
use domain::regulation::{
    ApplicationObject, ApprovalChain, Capacity, ClauseId, Field, FilledBy, Form, Pack, Risk, Ruled, StepAct,
    Words,
};
use domain::time::Date;
use domain::{Reason, Refusal};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::capability::application::{ApplicationRow as Row, StampRow};
use store::{Fault, Read};

/// What is shown of a stamp that is hidden for now: a locale key `application-verdict-…`.
const VEILED: &str = "veiled";
/// Characters of a field whose form sets no length.
const LENGTH: usize = 2_000;

/// What somebody can do at the step that has an application.
struct Seat {
    verdicts: Vec<Verdict>,
    right: Right,
    by_letter: bool,
    claim: Option<ClaimAct>,
    /// Why it is not theirs.
    barred: Option<RefusalView>,
    /// Why nobody can carry it out.
    hindered: Option<RefusalView>,
}

impl Default for Seat {
    fn default() -> Self {
        let (verdicts, right) = (vec![], Right::Own);
        Self { verdicts, right, by_letter: false, claim: None, barred: None, hindered: None }
    }
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
            let mut files_left = false;
            let mut answers = match like {
                Like::Blank => Answers::new(),
                Like::Unit => self.like_unit(read, session, form, &staff)?,
                Like::Template(name) => like::template(read, &application, form, name)?,
                Like::Application(code) => {
                    let (before, left) = like::earlier(read, session, form, code)?;
                    files_left = left;
                    before
                }
                Like::Permission(id) => {
                    let one = read.permission(&actor.log(), id)?.filter(|one| knows(session, one));
                    application.people = one.iter().map(|one| one.person.clone()).collect();
                    one.map_or(Ok(Answers::new()), |one| like::renewal(read, session, form, &one))?
                }
            };
            if application.people.is_empty() {
                application.people = blank.people.clone();
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
            let focus = first_empty(form, &answers).filter(|_| *like != Like::Blank);
            Ok(ApplicationView { focus, files_left, ..view })
        })?)
    }

    /// One application, whole.
    ///
    /// # Errors
    /// It does not exist for the viewer.
    pub fn application(&self, session: &Session, code: &str) -> Answer<ApplicationView> {
        let (log, id) = (session.actor.log(), ApplicationId::new(code.trim()));
        let view = self.inner.store.read(|read| {
            let Some(row) = read.application(&log, &id)? else { return Ok(None) };
            let whole = self.whole(read, session, &mut Crews::default(), row)?;
            if !self.may_see(session, &whole) {
                return Ok(None);
            }
            let answers = read.answers(&whole.row.answers)?;
            self.view(read, session, &whole, &answers).map(Some)
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

    fn view(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        whole: &Whole,
        answers: &Answers,
    ) -> Result<ApplicationView, Fault> {
        let (actor, application) = (&session.actor, &whole.row.application);
        let rule = self.rule_for(session, &application.digest);
        let open = application.state.is_open_to_author() && application.author == actor.person;
        // What is still written follows the form in force; what was put forward keeps its own.
        let pack: &Pack = if open { &session.pack } else { &rule.pack };
        let chain = chain(pack, application);
        let stamps = whole.given();
        let form = pack.form(&application.form);
        let versions = self.versions_of(read, session, form, application, open)?;
        let seat = match &chain {
            Some(chain) => self.seat(read, session, whole, pack, chain)?,
            None => Seat::default(),
        };
        let acted = stamps.iter().any(|stamp| stamp.version == application.version);
        let clause = chain.as_ref().and_then(|chain| chain.clauses.first().cloned());
        let fields = self.fields(read, &actor.log(), whole, form, answers, &versions)?;
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
            notices: notices(form),
            steps: chain
                .as_ref()
                .map_or_else(|| Ok(vec![]), |chain| steps(read, pack, chain, whole, &actor.person))?,
            history: history(read, &actor.log(), application.id.as_str())?,
            clause: clause.and_then(|id| self.cite(session, &id)),
            colleagues: people::colleagues(read, actor, whole, open)?,
            verdicts: seat.verdicts,
            by_letter: seat.by_letter,
            right: right_view(read, &seat.right)?,
            claim: seat.claim,
            questions: self.questions(read, session, whole, chain.as_ref())?,
            askable,
            barred: seat.barred,
            hindered: seat.hindered,
            takes_over: self.takes_over(read, session, application)?,
            edit: open,
            remind: application.author == actor.person && application.state.is_on_its_way(),
            withdraw: application.author == actor.person && application.state == State::Running && !acted,
            answer: answer(read, whole)?,
            older_form: open && application.version > 0 && application.digest != session.rule.digest,
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
                seat.verdicts = route.step().map_or(&[][..], |step| verdicts(step.act)).to_vec();
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

    fn fields(
        &self,
        read: &mut Read<'_>,
        log: &LogId,
        whole: &Whole,
        form: Option<&Form>,
        answers: &Answers,
        versions: &[VersionView],
    ) -> Result<Vec<FieldView>, Fault> {
        let Some(form) = form else { return Ok(vec![]) };
        let application = &whole.row.application;
        let before = match application.version {
            0 | 1 if application.state != State::Returned => None,
            version if application.state.is_open_to_author() => read.answers_of(&application.id, version)?,
            version => read.answers_of(&application.id, version.saturating_sub(1))?,
        };
        let changed = before.map(|before| form::differing(&before, answers)).unwrap_or_default();
        let returned = whole.stamps.iter().rev().find(|row| row.stamp.verdict == Verdict::Return);
        let faulty = returned.filter(|_| application.state == State::Returned);
        let faulty = faulty.map(|row| row.stamp.fields.clone()).unwrap_or_default();
        let mut held = BTreeSet::new();
        for person in &application.people {
            held.extend(self.running(read, log, person)?);
        }
        let asked = form.fields.iter().filter(|field| form::is_asked(field, &application.situation()));
        asked
            .map(|field| {
                let entry = match field.filled_by {
                    FilledBy::User => answers.get(&field.id).cloned().unwrap_or_default(),
                    FilledBy::System => Entry::text(self.filled(read, field, application)?),
                };
                let files = match field.kind.as_str() {
                    KIND => self.files(read, &application.id, &entry.values)?,
                    _ => vec![],
                };
                Ok(FieldView {
                    files,
                    changed: changed.contains(&field.id),
                    faulty: faulty.contains(&field.id),
                    ..match field.kind.as_str() {
                        activation::FIELD => {
                            let open = application.state.is_open_to_author();
                            activation::field(field_view(field, entry, &held), versions, open)
                        }
                        _ => field_view(field, entry, &held),
                    }
                })
            })
            .collect()
    }

    /// What the system knows for a field: days, people, accounts, the unit.
    fn filled(&self, read: &mut Read<'_>, field: &Field, application: &Application) -> Result<String, Fault> {
        Ok(match field.kind.as_str() {
            "date" => application.at.date().to_string(),
            "person" => names(read, application.people.iter())?.join(" "),
            "account" => {
                let accounts = application.people.iter().map(|person| read.account_of_person(person));
                let accounts = accounts.collect::<Result<Vec<_>, _>>()?.into_iter().flatten();
                accounts.map(|row| row.account.login).collect::<Vec<_>>().join(" ")
            }
            "unit" => read.unit(&application.unit)?.map(|unit| unit.name).unwrap_or_default(),
            _ => String::new(),
        })
    }
}

fn field_view(field: &Field, entry: Entry, held: &BTreeSet<String>) -> FieldView {
    let option = |option: &domain::regulation::FormOption| OptionView {
        code: option.code.clone(),
        label: option.label.clone(),
        group: option.group.clone().unwrap_or_default(),
        high: option.risk == Risk::High,
        text: option.text,
        chosen: entry.values.contains(&option.code),
        words: entry.words.get(&option.code).cloned().unwrap_or_default(),
        held: field.kind == "ticks" && held.contains(&option.code),
        off: false,
    };
    let column = |column: &Field| ColumnView {
        id: column.id.clone(),
        label: column.label.clone(),
        kind: column.kind.clone(),
        required: column.required,
        by_system: column.filled_by == FilledBy::System,
        most: column.max_length.unwrap_or(LENGTH),
        options: column.options.iter().map(|own| (own.code.clone(), own.label.clone())).collect(),
    };
    FieldView {
        id: field.id.clone(),
        label: field.label.clone(),
        kind: field.kind.clone(),
        required: field.required,
        by_system: field.filled_by == FilledBy::System,
        help: field.help.clone(),
        most: field.max_length.unwrap_or(LENGTH),
        options: field.options.iter().map(option).collect(),
        columns: field.columns.iter().map(column).collect(),
        files: vec![],
        accept: field.accept.iter().map(|own| own.extension.clone()).collect(),
        most_kilobytes: field.max_bytes() / 1024,
        most_files: field.max_files(),
        entry,
        changed: false,
        faulty: false,
    }
}

/// The sentences that stand on a form.
fn notices(form: Option<&Form>) -> Vec<Words> {
    let notices = form.into_iter().flat_map(|form| &form.notices);
    notices.map(|notice| notice.text.clone()).collect()
}

/// The templates that a form which is begun offers.
fn templates(form: Option<&Form>, application: &Application) -> Vec<(String, Words)> {
    let situation = application.situation();
    let begun = form.filter(|_| application.id.as_str().is_empty());
    let offered = begun.into_iter().flat_map(|form| form::templates(form, &situation));
    offered.map(|template| (template.id.clone(), template.label.clone())).collect()
}

/// The first field that its author still has to fill in.
fn first_empty(form: &Form, answers: &Answers) -> Option<String> {
    let empty = |field: &&Field| answers.get(&field.id).is_none_or(Entry::is_empty);
    let own = form.fields.iter().filter(|field| field.required && field.filled_by == FilledBy::User);
    own.into_iter().find(empty).map(|field| field.id.clone())
}

fn steps(
    read: &mut Read<'_>,
    pack: &Pack,
    chain: &Ruled<ApprovalChain>,
    whole: &Whole,
    viewer: &PersonId,
) -> Result<Vec<StepView>, Fault> {
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
            true => Ok(StampView { verdict: VEILED, note: String::new(), ..stamp_view(read, row)? }),
            false => stamp_view(read, row),
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

fn stamp_view(read: &mut Read<'_>, row: &StampRow) -> Result<StampView, Fault> {
    let note = read.unseal_opt(row.note.as_deref())?;
    Ok(StampView {
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

/// What was said last when it was sent back or refused.
fn answer(read: &mut Read<'_>, whole: &Whole) -> Result<Option<StampView>, Fault> {
    let said = matches!(whole.row.application.state, State::Returned | State::Refused);
    let no = |row: &&StampRow| matches!(row.stamp.verdict, Verdict::Return | Verdict::Refuse);
    let last = whole.stamps.iter().rev().find(no).filter(|_| said);
    last.map(|row| stamp_view(read, row)).transpose()
}
