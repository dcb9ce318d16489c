//! What an author does: writing, putting forward, taking back, giving up.

use super::account::{self, Beside};
use super::attachment::{self, Attachment, Upload};
use super::route::{self, Route, Staff};
use super::{Answers, Application, Change, State, chain, form, situation};
use crate::actor::Actor;
use crate::decision::{self, Decision, Fact, Grounds, Permit, Rule, Seen};
use crate::id::{EventId, PersonId};
use crate::personal::Personal;
use crate::refusal::{Help, Outcome, Reason, Refusal};
use crate::regulation::{ApprovalChain, Capacity, ClauseId, Field, Form, Pack, Ruled, Who};
use crate::time::Instant;
use alloc::{boxed::Box, format, string::String, string::ToString, vec, vec::Vec};

/// Most people that one application may be for.
pub const PEOPLE_MAX: usize = 50;
/// Most characters of a whole form.
const FORM_MAX: usize = 100_000;

/// The form and the chain that an application takes under a rule.
///
/// # Errors
/// The rule has no such application, or the role may not put one forward.
pub fn may_apply<'a>(
    rule: Rule<'a>,
    actor: &Actor,
    object: &str,
) -> Result<(&'a Form, Ruled<ApprovalChain>), Refusal> {
    let unknown = || Refusal::new(Reason::ApplicationUnknown).at("object");
    let chain = chain(rule.pack, object, &situation(object, &actor.role, &actor.organisation));
    let chain = chain.ok_or_else(unknown)?;
    let form = chain.value.form.as_ref().and_then(|id| rule.pack.form(id)).ok_or_else(unknown)?;
    if !route::may_propose(rule.pack, &chain.value, &actor.role) {
        return Err(Refusal::new(Reason::NoCapacity).under_first(&chain.clauses));
    }
    Ok((form, chain))
}

/// An application as its author wrote it.
#[derive(Clone, Debug)]
pub struct Written {
    /// The application.
    pub application: Application,
    /// What stands in its form.
    pub answers: Answers,
    /// The files that it has already.
    pub attached: Vec<Attachment>,
    /// The files that are sent with it.
    pub files: Vec<Upload>,
    /// The application's row as it was read.
    pub seen: Seen,
    /// The digests of the versions of the rule that wait to be approved.
    pub waiting: Vec<String>,
    /// What those whom it is for have already, with the revisions of those rows; nothing where the rule does
    /// not compare.
    pub beside: (Beside, Vec<Seen>),
}

/// Writes a form down as it is, whatever is wrong with it: nothing that was typed is lost.
///
/// # Errors
/// It is not the actor's, or no longer open; it is beyond all measure.
pub fn save(
    rule: Rule<'_>,
    actor: &Actor,
    written: Written,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let Written { application, answers, attached, files, seen, .. } = written;
    let one = |refusal: Refusal| vec![refusal];
    let (form, chain) = may_apply(rule, actor, &application.object).map_err(one)?;
    own(actor, &application, &chain.clauses).map_err(one)?;
    if !application.state.is_open_to_author() {
        return Err(vec![wrong_state(&application, &chain.clauses)]);
    }
    measured(&application, &answers).map_err(one)?;
    let (answers, wrong) = with_files(form, answers, &attached, &files);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    // What was put forward keeps its rule until it is put forward again.
    let digest = match application.version {
        0 => rule.reference.digest.clone(),
        _ => application.digest,
    };
    let application = Application { at: now, digest, ..application };
    let fact = fact(event, "application.saved", &application, &chain.clauses);
    let key = application.key(&actor.log());
    let change = Change::Saved(application.clone(), answers);
    let saved = Decision::new(Permit::under(rule.reference, actor, &chain.clauses, now), fact)
        .seeing([seen])
        .change(key, decision::Change::Application(change));
    Ok(attaching(saved, actor, &application, files, event))
}

/// What stands in a form with the files that are sent, and what is wrong with any of them.
fn with_files(
    form: &Form,
    answers: Answers,
    attached: &[Attachment],
    files: &[Upload],
) -> (Answers, Vec<Refusal>) {
    let mut wrong: Vec<Refusal> = files.iter().filter_map(|upload| attachment::fault(form, upload)).collect();
    let answers = attachment::named(answers, files);
    let sent = files.iter().map(|upload| upload.attachment.clone());
    let known: Vec<Attachment> = attached.iter().cloned().chain(sent).collect();
    // One sentence at a field is enough: a file that is not taken is not counted as well.
    let more = attachment::faults(form, &answers, &known);
    let said: Vec<Option<String>> = wrong.iter().map(|one| one.field.clone()).collect();
    wrong.extend(more.into_iter().filter(|one| !said.contains(&one.field)));
    (answers, wrong)
}

/// A form as it is put forward.
struct Filled<'a> {
    /// The fields that it asks.
    asked: Vec<&'a Field>,
    /// What is said in these.
    answers: Answers,
    /// The files that are sent for these.
    files: Vec<Upload>,
    /// All that is wrong with them.
    faults: Vec<Refusal>,
}

fn filled<'a>(
    form: &'a Form,
    application: &Application,
    answers: Answers,
    attached: &[Attachment],
    files: Vec<Upload>,
) -> Filled<'a> {
    let (answers, wrong) = with_files(form, answers, attached, &files);
    let situation = application.situation();
    let asked = form::asked(form, &answers, &situation);
    let is_asked = |name: &str| form.field(name).is_none() || asked.iter().any(|field| field.id == name);
    let mut faults = form::faults(form, &answers, &situation);
    faults.extend(wrong.into_iter().filter(|fault| fault.field.as_deref().is_none_or(is_asked)));
    let files = files.into_iter().filter(|file| is_asked(&file.attachment.field)).collect();
    let answers = form::settled(form, &answers, &situation);
    Filled { asked, answers, files, faults }
}

/// The decision with the files that are sent, each under an entry of its own.
fn attaching(
    decision: Decision,
    actor: &Actor,
    application: &Application,
    files: Vec<Upload>,
    event: &EventId,
) -> Decision {
    files.into_iter().enumerate().fold(decision, |decision, (place, upload)| {
        let event = EventId::new(format!("{event}.{}", place + 1));
        let fact = attachment::sent(&event, application, &upload);
        let change = Change::Attached(application.clone(), Box::new(upload));
        let key = application.key(&actor.log());
        decision.also(fact).change(key, decision::Change::Application(change))
    })
}

/// Puts a form forward: it is checked, it is certain that somebody can decide it, and it goes to the first of
/// them.
///
/// # Errors
/// Every fault of the form at its field; a step that nobody can fill; not the actor's, not open.
pub fn submit(
    rule: Rule<'_>,
    actor: &Actor,
    written: Written,
    staff: &Staff,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let Written { application, answers, attached, files, seen, waiting, beside } = written;
    let one = |refusal: Refusal| vec![refusal];
    let (form, chain) = may_apply(rule, actor, &application.object).map_err(one)?;
    own(actor, &application, &chain.clauses).map_err(one)?;
    if !application.state.is_open_to_author() {
        return Err(vec![wrong_state(&application, &chain.clauses)]);
    }
    measured(&application, &answers).map_err(one)?;
    let Filled { asked, answers, files, mut faults } = filled(form, &application, answers, &attached, files);
    let application = Application {
        items: form::items(form, &answers),
        state: State::Running,
        step: route::first(&chain.value),
        version: application.version + 1,
        at: now,
        since: now,
        digest: rule.reference.digest.clone(),
        ..application
    };
    let (pack, chain_of, application_of) = (rule.pack, &chain.value, &application);
    let route = Route { pack, chain: chain_of, application: application_of, stamps: &[], claims: &[], staff };
    let known = |person: &PersonId| {
        staff.is_of(person, &application.unit) || account::is_away(&application, &beside.0, person, now)
    };
    let strangers = !application.people.iter().all(known);
    faults.extend(strangers.then(|| Refusal::new(Reason::FieldMalformed).at("people")));
    faults.extend(route.dead_end().map(|step| vacant(&chain, &route, step)));
    faults.extend(form::not_waiting(form, &answers, &waiting));
    // One sentence at a field is enough.
    let beside_form = account::faults(rule.pack, (form, &asked), &application, &beside.0, now);
    let said: Vec<Option<String>> = faults.iter().map(|one| one.field.clone()).collect();
    faults.extend(beside_form.into_iter().filter(|one| !said.contains(&one.field)));
    if !faults.is_empty() {
        return Err(faults);
    }
    let fact = fact(event, "application.submitted", &application, &chain.clauses)
        .detail("step", i64::try_from(application.step).unwrap_or(i64::MAX))
        .on(Grounds::of(&answers, &(actor, &application, staff)));
    let log = actor.log();
    let key = application.key(&log);
    let change = Change::Submitted(application.clone(), answers);
    let submitted = Decision::new(Permit::under(rule.reference, actor, &chain.clauses, now), fact)
        .seeing([seen])
        .seeing(beside.1)
        .change(key, decision::Change::Application(change));
    let compared =
        account::is_compared(rule.pack, &application).then(|| account::compared(&log, &application));
    let submitted = compared.into_iter().flatten().fold(submitted, Decision::touching);
    Ok(attaching(submitted, actor, &application, files, event))
}

/// Takes an application back to mend it, as long as nobody has acted on it.
///
/// # Errors
/// It is not the actor's; somebody has acted.
pub fn withdraw(
    rule: Rule<'_>,
    actor: &Actor,
    application: Application,
    acted: bool,
    seen: Seen,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let free = application.state == State::Running && !acted;
    let moving = Moving { free, to: State::Draft, act: "application.withdrawn" };
    moved(rule, actor, (application, seen), &moving, event, now)
}

/// Gives an application up that is still its author's.
///
/// # Errors
/// It is not the actor's, or on its way.
pub fn cancel(
    rule: Rule<'_>,
    actor: &Actor,
    application: Application,
    seen: Seen,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let free = application.state.is_open_to_author();
    let moving = Moving { free, to: State::Cancelled, act: "application.cancelled" };
    moved(rule, actor, (application, seen), &moving, event, now)
}

/// Reminds those whose turn it is. What they are to do stays as it was.
///
/// # Errors
/// It is not the actor's, or nobody's turn.
pub fn remind(
    rule: Rule<'_>,
    actor: &Actor,
    application: &Application,
    seen: Seen,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let situation = application.situation();
    let chain = chain(rule.pack, &application.object, &situation);
    let clauses = chain.map(|chain| chain.clauses).unwrap_or_default();
    if application.author != actor.person {
        return Err(vec![Refusal::new(Reason::NotYourApplication).under_first(&clauses)]);
    }
    if !application.state.is_on_its_way() {
        return Err(vec![wrong_state(application, &clauses)]);
    }
    let fact = fact(event, "application.reminded", application, &clauses)
        .detail("step", i64::try_from(application.step).unwrap_or(i64::MAX));
    Ok(Decision::new(Permit::under(rule.reference, actor, &clauses, now), fact).seeing([seen]))
}

/// A move that only its author makes.
struct Moving {
    /// Whether the application can make it.
    free: bool,
    to: State,
    act: decision::Act,
}

fn moved(
    rule: Rule<'_>,
    actor: &Actor,
    (application, seen): (Application, Seen),
    moving: &Moving,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let chain = chain(rule.pack, &application.object, &application.situation());
    let clauses = chain.map(|chain| chain.clauses).unwrap_or_default();
    own(actor, &application, &clauses).map_err(|refusal| vec![refusal])?;
    if !moving.free {
        return Err(vec![wrong_state(&application, &clauses)]);
    }
    let application = Application { state: moving.to, at: now, ..application };
    let fact = fact(event, moving.act, &application, &clauses);
    let key = application.key(&actor.log());
    Ok(Decision::new(Permit::under(rule.reference, actor, &clauses, now), fact)
        .seeing([seen])
        .change(key, decision::Change::Application(Change::Moved(application))))
}

fn own(actor: &Actor, application: &Application, clauses: &[ClauseId]) -> Result<(), Refusal> {
    match application.author == actor.person {
        true => Ok(()),
        false => Err(Refusal::new(Reason::NotYourApplication).under_first(clauses)),
    }
}

fn measured(application: &Application, answers: &Answers) -> Result<(), Refusal> {
    let too_long = |field: &str, most: usize| {
        Err(Refusal::new(Reason::FieldTooLong).at(field).with("most", format!("{most}")))
    };
    let people = application.people.len();
    if people == 0 {
        return Err(Refusal::new(Reason::FieldMissing).at("people"));
    }
    if people > PEOPLE_MAX {
        return too_long("people", PEOPLE_MAX);
    }
    let rows =
        |row: &alloc::collections::BTreeMap<String, String>| row.values().map(String::len).sum::<usize>();
    let length = |entry: &super::Entry| {
        entry.values.iter().chain(entry.words.values()).map(String::len).sum::<usize>()
            + entry.rows.iter().map(rows).sum::<usize>()
    };
    if answers.values().map(length).sum::<usize>() > FORM_MAX {
        return too_long("form", FORM_MAX);
    }
    Ok(())
}

/// A step that nobody can fill: whoever sees it learns who must be appointed, or that the head must delegate.
fn vacant(chain: &Ruled<ApprovalChain>, route: &Route<'_>, step: usize) -> Refusal {
    let who = chain.value.steps.get(step).and_then(|step| step.who.first());
    let role = who.map(|who| appointed(route.pack, who)).unwrap_or_default();
    let refusal = Refusal::new(Reason::ChainVacant)
        .under_first(&chain.clauses)
        .at("chain")
        .with("step", (step + 1).to_string())
        .with("role", role)
        .helped_by(Help::Holder(Capacity::Administer));
    match route.wants_delegate() {
        true => refusal.with("problem", "delegation"),
        false => refusal,
    }
}

/// Whoever must be there for somebody to act at a step: for a body outside, whoever enters its letters.
pub(super) fn appointed(pack: &Pack, who: &Who) -> String {
    let keeper = pack.link_keepers().into_iter().next().filter(|_| route::is_by_letter(who));
    keeper.unwrap_or_else(|| role_of(who))
}

/// The word by which a pack or the locale names somebody of a chain.
pub fn role_of(who: &Who) -> String {
    match who {
        Who::Role(role) => role.clone(),
        Who::Office(office) => format!("office:{office}"),
        Who::Organisation(organisation) => format!("organisation:{organisation}"),
        Who::Head => "who:head".into(),
        Who::HeadOrDelegate => "who:head-or-delegate".into(),
        Who::Relation(relation) => format!("who:{}", relation.word()),
        Who::Party(party) => format!("who:{party}"),
        Who::Any(several) => several.first().map(role_of).unwrap_or_default(),
    }
}

pub(super) fn wrong_state(application: &Application, clauses: &[ClauseId]) -> Refusal {
    Refusal::new(Reason::WrongState).under_first(clauses).with("state", application.state.word())
}

/// What every entry about an application says. Whom it is for is committed to and not shown.
pub(super) fn fact(
    event: &EventId,
    act: decision::Act,
    application: &Application,
    clauses: &[ClauseId],
) -> Fact {
    let people: Vec<&str> = application.people.iter().map(|person| person.as_str()).collect();
    Fact::new(event, act)
        .of_record(application.id.as_str())
        .under(clauses)
        .detail("object", application.object.as_str())
        .detail("form", application.form.as_str())
        .detail("action", application.action.word())
        .detail("version", i64::from(application.version))
        .detail("items", application.items.clone())
        .commit("people", &Personal::new(people.join(" ")))
}
