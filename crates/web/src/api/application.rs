//! Applications over the API.

use super::{Call, Reply, answer, json};
use crate::locale::Speech;
use base64ct::{Base64, Encoding};
use desk::application::{ApplicationForm, ConsultForm, FileForm, FileOut, Pages, ReplyForm, StampForm};
use desk::view::{
    AccountTermsView, ApplicableView, ApplicationRow, ApplicationView, ApplicationsView, BecomesView,
    ClaimAct, ClaimView, ClauseCite, FieldView, FileView, KeptView, LeftView, OptionView, OutcomeView,
    PastView, QuestionView, StampView, StepState, StepView, VersionView,
};
use domain::application::act::Give;
use domain::application::{Answers, Ruling, Verdict};
use domain::letter::Came;
use domain::regulation::Words;
use domain::time::Date;
use domain::{Personal, Reason, Refusal};
use serde_json::{Map, Value, json};

/// What waits for the caller, what the caller wrote, and what can be applied for.
pub fn list(call: Call) -> Reply {
    Box::pin(async move {
        let query = &call.seat.visit.query;
        let page = |name: &str| Some(query.get(name).to_string()).filter(|page| !page.is_empty());
        let pages = Pages { own: page("own"), others: page("others") };
        let came = call.seat.ask(move |desk, session| desk.applications(session, &pages)).await;
        call.reply(came, |seat, all| answer::ok(applications(&seat.say, &all)))
    })
}

/// One application.
pub fn one(call: Call) -> Reply {
    Box::pin(async move {
        let (code, version) = (call.path(), call.seat.visit.query.get("version").to_string());
        let came = call.seat.ask(move |desk, session| match version.as_str() {
            "" => desk.application(session, &code),
            version => desk.application_version(session, &code, version.parse().unwrap_or_default()),
        });
        let came = came.await;
        call.reply(came, |seat, view| answer::ok(application(&seat.say, &view)))
    })
}

/// Keeps a form, or puts it forward.
pub fn write(call: Call) -> Reply {
    Box::pin(async move {
        let Ok(answers) = serde_json::from_value::<Answers>(call.value("answers")) else {
            let refusal = Refusal::new(Reason::FieldMalformed).at("answers");
            return call.refuse(refusal);
        };
        let form = ApplicationForm {
            code: Some(call.text("code")).filter(|code| !code.is_empty()),
            object: call.text("object"),
            people: call.texts("people"),
            answers,
            files: call.objects("files").iter().map(file_of).collect(),
            submit: call.value("submit") == Value::Bool(true),
            form_key: call.key(),
        };
        let came = call.seat.ask(move |desk, session| desk.write_application(session, &form)).await;
        call.reply(came, |_, code| answer::created(json!({ "code": code })))
    })
}

/// Gives a stamp.
pub fn stamp(call: Call) -> Reply {
    Box::pin(async move {
        let Some(verdict) = Verdict::from_word(&call.text("verdict")) else {
            let refusal = Refusal::new(Reason::FieldMissing).at("verdict");
            return call.refuse(refusal);
        };
        let days = call
            .day("effective", "effective")
            .and_then(|first| Ok((first, call.day("sent", "letter-sent")?)));
        let (effective, on) = match days {
            Ok(days) => days,
            Err(refusal) => return call.refuse(refusal),
        };
        let outcome = Some(call.text("outcome")).filter(|code| !code.is_empty());
        let give = Give {
            verdict,
            note: Personal::new(call.text("note")),
            ruling: Ruling { outcome, effective, left_out: call.texts("left_out") },
            fields: call.texts("fields"),
            letter: Came { number: call.text("number"), on },
        };
        let form = StampForm { give, version: call.text("version").parse().ok(), form_key: call.key() };
        let code = call.path();
        let came = call.seat.ask(move |desk, session| desk.stamp_application(session, &code, &form)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// Takes the step on, or takes it over.
pub fn claim(call: Call) -> Reply {
    Box::pin(async move {
        let code = call.path();
        let came = call.seat.ask(move |desk, session| desk.claim_application(session, &code)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// Lets go of the step, or lifts what somebody else took on.
pub fn release(call: Call) -> Reply {
    Box::pin(async move {
        let code = call.path();
        let came = call.seat.ask(move |desk, session| desk.release_application(session, &code)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// Asks colleagues for their opinion.
pub fn consult(call: Call) -> Reply {
    Box::pin(async move {
        let form = ConsultForm {
            colleagues: call.texts("colleagues"),
            question: Personal::new(call.text("question")),
            form_key: call.key(),
        };
        let code = call.path();
        let came = call.seat.ask(move |desk, session| desk.consult(session, &code, &form)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// Answers what one was asked, or declines to.
pub fn reply(call: Call) -> Reply {
    Box::pin(async move {
        let form = ReplyForm {
            question: call.text("id"),
            given: call.value("decline") != Value::Bool(true),
            opinion: Personal::new(call.text("opinion")),
        };
        let code = call.path();
        let came = call.seat.ask(move |desk, session| desk.reply(session, &code, &form)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// A file that travels with an application.
pub fn attachment(call: Call) -> Reply {
    Box::pin(async move {
        let (code, id) = (call.path(), call.text("id"));
        let came = call.seat.ask(move |desk, session| desk.attachment(session, &code, &id)).await;
        call.reply(came, |_, file| answer::ok(file_out(&file)))
    })
}

pub(super) fn file_out(file: &FileOut) -> Value {
    json!({ "name": file.name.expose(), "content": Base64::encode_string(&file.bytes) })
}

pub(super) fn file_of(file: &Map<String, Value>) -> FileForm {
    let text = |name: &str| file.get(name).and_then(Value::as_str).unwrap_or_default();
    FileForm {
        field: text("field").to_string(),
        name: Personal::new(text("name")),
        content: Personal::new(text("content")),
    }
}

/// Reminds those whose turn it is.
pub fn remind(call: Call) -> Reply {
    Box::pin(async move {
        let code = call.path();
        let came = call.seat.ask(move |desk, session| desk.remind_application(session, &code)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// Takes an application back.
pub fn withdraw(call: Call) -> Reply {
    Box::pin(async move {
        let code = call.path();
        let came = call.seat.ask(move |desk, session| desk.withdraw_application(session, &code)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// Gives an application up.
pub fn cancel(call: Call) -> Reply {
    Box::pin(async move {
        let code = call.path();
        let came = call.seat.ask(move |desk, session| desk.cancel_application(session, &code)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

fn applications(say: &Speech, all: &ApplicationsView) -> Value {
    let rows = |rows: &[ApplicationRow]| rows.iter().map(|one| row(say, one)).collect::<Vec<_>>();
    let applicable = |one: &ApplicableView| {
        let way: Vec<String> = one.way.iter().map(|step| say.acting(step)).collect();
        json!({ "object": one.object, "label": say.word(&one.label), "way": way })
    };
    json!({
        "turn": rows(&all.turn),
        "own": rows(&all.own),
        "own_next": all.own_next,
        "others": rows(&all.others),
        "others_next": all.others_next,
        "applicable": all.applicable.iter().map(applicable).collect::<Vec<_>>(),
    })
}

fn row(say: &Speech, row: &ApplicationRow) -> Value {
    json!({
        "code": row.code,
        "label": say.word(&row.label),
        "action": row.action,
        "author": row.author,
        "unit": row.unit,
        "people": row.people,
        "state": row.state,
        "holding": row.holding,
        "since": row.since.rfc3339(),
    })
}

fn kept(say: &Speech, kept: &KeptView) -> Value {
    json!({
        "state": kept.kept.word(),
        "day": kept.kept.day().map(|day| day.to_string()),
        "clause": kept.clause.as_ref().map(|clause| say.cite(clause)),
    })
}

pub(super) fn application(say: &Speech, view: &ApplicationView) -> Value {
    let verdicts: Vec<&str> = view.verdicts.iter().map(|verdict| verdict.word()).collect();
    json!({
        "application": row(say, &view.row),
        "object": view.object,
        "version": view.version,
        "fields": view.fields.iter().map(|one| field(say, one)).collect::<Vec<_>>(),
        "versions": view.versions.iter().map(version).collect::<Vec<_>>(),
        "steps": view.steps.iter().map(|one| step(say, one)).collect::<Vec<_>>(),
        "past": view.past.iter().map(|one| past(say, one)).collect::<Vec<_>>(),
        "is_past": view.is_past,
        "verdicts": verdicts,
        "outcomes": view.outcomes.iter().map(|one| outcome(say, one)).collect::<Vec<_>>(),
        "can_leave_out": view.can_leave_out.iter().map(|(code, _)| code).collect::<Vec<_>>(),
        "hindered": json::barred(say, view.hindered.as_ref()),
        "by_letter": view.by_letter,
        "claim": view.claim.map(ClaimAct::word),
        "questions": view.questions.iter().map(question).collect::<Vec<_>>(),
        "edit": view.edit,
        "older_form": view.older_form,
        "left_behind": view.left_behind.iter().map(|one| left(say, one)).collect::<Vec<_>>(),
        "copy": view.copy,
        "withdraw": view.withdraw,
        "remind": view.remind,
        "terms": view.terms.as_ref().map(|own| terms(say, own)),
        "keeps_end": view.keeps_end.map(|day| day.to_string()),
        "takes_over": view.takes_over.map(|day| day.to_string()),
        "answer": view.answer.as_ref().map(|stamp| given(say, stamp)),
        "kept": view.kept.as_ref().map(|own| kept(say, own)),
    })
}

fn past(say: &Speech, past: &PastView) -> Value {
    let stamp =
        |(label, stamp): &(Words, StampView)| json!({ "step": say.word(label), "stamp": given(say, stamp) });
    json!({
        "version": past.version,
        "at": past.at.rfc3339(),
        "stamps": past.stamps.iter().map(stamp).collect::<Vec<_>>(),
    })
}

fn left(say: &Speech, left: &LeftView) -> Value {
    let parts: Vec<&str> = left.parts.iter().map(|part| say.word(part)).collect();
    json!({ "label": say.word(&left.label), "parts": parts })
}

fn terms(say: &Speech, own: &AccountTermsView) -> Value {
    let cite = |clause: &Option<ClauseCite>| clause.as_ref().map(|clause| say.cite(clause));
    let (months, clause) = own.term.clone().unzip();
    json!({
        "clause": cite(&own.clause),
        "actions": own.actions.iter().map(|action| action.word()).collect::<Vec<_>>(),
        "months": months,
        "months_clause": cite(&clause.flatten()),
        "duplicate_check": own.duplicate_check,
        "carried_out_by": own.carried_out_by.as_ref().map(|who| say.word(who)),
        "paper_kept": own.paper_kept,
        "covering_letter": own.covering_letter,
        "filed_with": own.filed_with.as_ref().map(|who| say.word(who)),
    })
}

fn version(version: &VersionView) -> Value {
    let ids: Vec<String> = version.parts.iter().map(|part| format!("{} {}", part.part, part.id)).collect();
    json!({
        "name": version.name,
        "digest": version.digest,
        "from": version.from.to_string(),
        "before": version.before,
        "differing": ids,
    })
}

fn field(say: &Speech, field: &FieldView) -> Value {
    let becomes = |option: &OptionView| {
        let told =
            |one: &BecomesView| (option.code.clone(), say.word(&option.label).to_string(), one.clone());
        option.becomes.iter().map(told).collect::<Vec<_>>()
    };
    let told = field.options.iter().flat_map(becomes);
    let told = told.map(|(code, label, BecomesView { word, people })| {
        json!({ "code": code, "label": label, "becomes": word, "people": people })
    });
    let becomes: Vec<Value> = told.collect();
    json!({
        "id": field.id,
        "label": say.word(&field.label),
        "type": field.kind,
        "required": field.required,
        "by_system": field.by_system,
        "entry": field.entry,
        "files": field.files.iter().map(file).collect::<Vec<_>>(),
        "changed": field.changed,
        "before": field.before.as_ref().map(|before| &before.entry),
        "becomes": becomes,
        "faulty": field.faulty,
        "asked": field.asked,
    })
}

pub(super) fn file(file: &FileView) -> Value {
    json!({ "id": file.id, "name": file.name, "kilobytes": file.kilobytes })
}

fn step(say: &Speech, step: &StepView) -> Value {
    let state = match step.state {
        StepState::Past => "past",
        StepState::Now => "now",
        StepState::Later => "later",
    };
    json!({
        "label": say.word(&step.label),
        "state": state,
        "stamps": step.stamps.iter().map(|one| given(say, one)).collect::<Vec<_>>(),
        "claims": step.claims.iter().map(claimed).collect::<Vec<_>>(),
        "people": step.people,
    })
}

fn question(question: &QuestionView) -> Value {
    json!({
        "id": question.id,
        "by": question.by,
        "to": question.to,
        "words": question.words,
        "at": question.at.rfc3339(),
        "given": question.reply.map(|(given, _)| given),
        "replied": question.reply.map(|(_, at)| at.rfc3339()),
        "opinion": question.opinion,
        "open": question.open,
        "mine": question.mine,
    })
}

fn claimed(claim: &ClaimView) -> Value {
    json!({ "by": claim.by, "since": claim.since.rfc3339() })
}

fn outcome(say: &Speech, outcome: &OutcomeView) -> Value {
    let day = |day: &Date| day.to_string();
    json!({
        "code": outcome.code,
        "label": say.word(&outcome.word),
        "verdict": outcome.verdict.word(),
        "effective_from": outcome.effective.as_ref().map(|(from, _)| day(from)),
        "effective_until": outcome.effective.as_ref().map(|(_, until)| day(until)),
        "leave_out": outcome.leave_out,
    })
}

fn given(say: &Speech, stamp: &StampView) -> Value {
    json!({
        "by": stamp.by,
        "stands_for": stamp.right.stands_for,
        "delegated_by": stamp.right.delegated_by,
        "verdict": stamp.verdict,
        "outcome": stamp.outcome.as_ref().map(|word| say.word(word)),
        "effective": stamp.effective.map(|day| day.to_string()),
        "left_out": stamp.left_out.iter().map(|(code, _)| code).collect::<Vec<_>>(),
        "note": stamp.note,
        "letter": stamp.letter.as_ref().map(|(number, _)| number),
        "letter_sent": stamp.letter.as_ref().and_then(|(_, day)| day.map(|day| day.to_string())),
        "at": stamp.at.rfc3339(),
    })
}
