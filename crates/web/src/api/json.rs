//! Views as JSON. Words are in the caller's language; codes, days and moments are not.

use crate::html::result::ending;
use crate::locale::Speech;
use desk::view::{
    BatchView, BoardView, CaseView, ChoiceView, ClauseCite, ConsentView, DraftView, Due, ItemView, LightView,
    QueueView, RecordPage, RecordRow, RecordView, RefusalView, ResultView, StandsForView, TodoItem, TodoKind,
    VerificationView,
};
use domain::regulation::Words;
use serde_json::{Map, Value, json};

/// Nothing to say.
pub fn empty() -> Value {
    json!({})
}

fn list<T>(items: &[T], one: impl Fn(&T) -> Value) -> Value {
    Value::Array(items.iter().map(one).collect())
}

pub(super) fn clause(say: &Speech, clause: &ClauseCite) -> Value {
    json!({ "id": clause.id.to_string(), "cite": say.cite(clause), "gist": say.word(&clause.gist) })
}

pub(super) fn barred(say: &Speech, view: Option<&RefusalView>) -> Value {
    let Some(view) = view else { return Value::Null };
    let text = say.refusal(view);
    let clause = view.refusal.clause.as_ref().map(ToString::to_string);
    json!({
        "code": text.code,
        "message": text.sentence,
        "remedy": text.remedy,
        "clause": clause,
        "cite": text.clause,
    })
}

pub(super) fn due(due: &Due) -> Value {
    json!({ "date": due.date.to_string(), "at": due.at.rfc3339(), "days_left": due.days_left })
}

fn lights(lights: &[LightView]) -> Value {
    Value::Object(
        lights.iter().map(|light| (light.name.to_string(), json!(light.lit))).collect::<Map<_, _>>(),
    )
}

fn choice(say: &Speech, choice: &ChoiceView) -> Value {
    json!({
        "code": choice.code,
        "word": say.word(&choice.word),
        "text_required": choice.text_required,
        "preset": choice.preset,
        "barred": barred(say, choice.barred.as_ref()),
    })
}

/// The page before a lookup.
pub fn draft(say: &Speech, draft: &DraftView) -> Value {
    json!({
        "case": draft.case.as_ref().map(|view| case(say, view)),
        "purposes": list(&draft.purposes, |view| choice(say, view)),
        "bases": list(&draft.bases, |view| choice(say, view)),
        "items": list(&draft.items, |view| choice(say, view)),
        "parties": list(&draft.parties, |party| json!({
            "number": party.number, "name": party.name, "id": party.id, "role": party.role,
        })),
        "lights": lights(&draft.lights),
        "stamp_before": draft.stamp_before,
        "barred": barred(say, draft.barred.as_ref()),
        "notices": list(&draft.notices, |notice| json!(say.word(notice))),
        "today": draft.today,
    })
}

/// A case.
pub fn case(say: &Speech, case: &CaseView) -> Value {
    json!({
        "number": case.number,
        "business": say.word(&case.business),
        "officer": case.officer,
        "received": case.received.to_string(),
        "closed": case.closed.map(|day| day.to_string()),
    })
}

/// Cases.
pub fn cases(say: &Speech, cases: &[CaseView]) -> Value {
    json!({ "cases": list(cases, |view| case(say, view)) })
}

fn row(say: &Speech, row: &RecordRow) -> Value {
    json!({
        "code": row.code,
        "at": row.at.rfc3339(),
        "asker": row.asker,
        "case": row.case,
        "purpose": say.word(&row.purpose),
        "subject": row.subject,
        "items": list(&row.items, |item| json!(say.word(item))),
        "state": row.state,
        "lights": lights(&row.lights),
        "flagged": row.flagged,
    })
}

/// Fifty records.
pub fn records(say: &Speech, page: &RecordPage) -> Value {
    json!({
        "records": list(&page.rows, |view| row(say, view)),
        "next": page.next,
        "total": page.total.n,
        "total_more": page.total.more,
    })
}

/// One record.
pub fn record(say: &Speech, record: &RecordView) -> Value {
    let line = |(term, value): &(&str, Words)| json!({ "label": say.term(term), "value": say.word(value) });
    json!({
        "record": row(say, &record.row),
        "sheet_title": say.word(&record.sheet_title),
        "sheet": list(&record.sheet, line),
        "basis": say.word(&record.basis),
        "reason": record.reason,
        "subject_id": record.subject_id,
        "returned_note": record.returned_note,
        "notices": list(&record.notices, |notice| json!(say.word(notice))),
        "history": list(&record.history, |line| json!({
            "act": line.act,
            "outcome": line.outcome,
            "at": line.at.rfc3339(),
            "who": line.who,
            "index": line.index,
        })),
        "actions": list(&record.actions, |action| json!({
            "name": action.name, "barred": barred(say, action.barred.as_ref()),
        })),
    })
}

/// What came of a lookup. This is the one answer that holds personal data whole.
pub fn result(say: &Speech, found: &ResultView) -> Value {
    let key = format!("ending-{}", ending(found.ending));
    json!({
        "code": found.code,
        "ending": ending(found.ending),
        "message": say.say(&key),
        "remedy": say.say(&format!("{key}-remedy")),
        "at": found.at.rfc3339(),
        "case": found.case,
        "items": list(&found.items, |view| item(say, view)),
        "visible_seconds": found.visible_seconds,
        "review_minutes": found.review_minutes,
        "freshness": say.word(&found.freshness),
        "notices": list(&found.notices, |notice| json!(say.word(notice))),
    })
}

fn item(say: &Speech, item: &ItemView) -> Value {
    let cells = |row: &Vec<domain::Personal>| list(row, |cell| json!(cell.expose()));
    json!({
        "word": say.word(&item.word),
        "shape": item.shape,
        "columns": list(&item.columns, |column| json!(say.word(column))),
        "rows": list(&item.rows, cells),
        "verdict": item.verdict,
        "as_of": item.as_of,
        "doubt": item.doubt,
        "missing": item.missing,
    })
}

/// The countersign queue.
pub fn queue(say: &Speech, queue: &QueueView) -> Value {
    let rows = |list_of: &[RecordRow]| list(list_of, |view| row(say, view));
    json!({
        "matched": rows(&queue.matched),
        "drawn": rows(&queue.drawn),
        "flagged": rows(&queue.flagged),
        "judged": rows(&queue.judged),
        "own": queue.own,
        "drawn_by": queue.drawn_by,
        "due": queue.due.as_ref().map(due),
        "stamp_word": say.word(&queue.stamp_word),
        "return_reasons": queue.return_reasons,
        "open": queue.open.as_ref().map(|open| record(say, open)),
    })
}

/// A stamped batch.
pub fn batch(batch: &BatchView) -> Value {
    json!({ "code": batch.code, "stamped": batch.stamped, "dropped": batch.dropped })
}

/// A consent.
pub fn consent(consent: &ConsentView) -> Value {
    json!({
        "id": consent.id,
        "unit": consent.unit,
        "by": consent.by,
        "from": consent.from.to_string(),
        "until": consent.until.map(|day| day.to_string()),
        "in_force": consent.in_force,
    })
}

/// Consents.
pub fn consents(consents: &[ConsentView]) -> Value {
    json!({ "consents": list(consents, consent) })
}

/// What waits.
pub fn todo(say: &Speech, items: &[TodoItem]) -> Value {
    let one = |item: &TodoItem| {
        json!({
            "kind": kind(item.kind),
            "count": item.count.n,
            "count_more": item.count.more,
            "about": item.about,
            "subject": item.subject,
            "label": say.word(&item.label),
            "clause": item.clause.as_ref().map(|view| clause(say, view)),
            "due": item.due.as_ref().map(due),
            "stands_for": item.stands_for.as_ref().map(stands_for),
        })
    };
    json!({ "items": list(items, one) })
}

/// In whose place a deputy acts, and until which day.
fn stands_for(one: &StandsForView) -> Value {
    json!({ "name": one.name, "until": one.until.to_string() })
}

/// The word for a kind of waiting thing, also its locale key after `todo-`.
pub fn kind(kind: TodoKind) -> &'static str {
    match kind {
        TodoKind::Returned => "returned",
        TodoKind::Approved => "approved",
        TodoKind::Countersign => "countersign",
        TodoKind::Approve => "approve",
        TodoKind::AwaitingStamp => "awaiting-stamp",
        TodoKind::ConsentMissing => "consent-missing",
        TodoKind::ConsentEnding => "consent-ending",
        TodoKind::CalendarMissing => "calendar-missing",
        TodoKind::Application => "application",
        TodoKind::ApplicationReturned => "application-returned",
        TodoKind::Opinion => "opinion",
        TodoKind::LateDuties => "late-duties",
        TodoKind::Duty(kind) => match kind {
            domain::duty::Kind::Notify => "duty-notify",
            domain::duty::Kind::Heed => "duty-heed",
            domain::duty::Kind::HandOver => "duty-hand-over",
            domain::duty::Kind::Inventory => "duty-inventory",
            domain::duty::Kind::Attest => "duty-attest",
            domain::duty::Kind::SignOff => "duty-sign-off",
            domain::duty::Kind::Train => "duty-train",
            domain::duty::Kind::Undertake => "duty-undertake",
            domain::duty::Kind::LinkReview => "duty-link-review",
            domain::duty::Kind::RenewLink => "duty-renew-link",
            domain::duty::Kind::UnusedLink => "duty-unused-link",
            domain::duty::Kind::EndLink => "duty-end-link",
            domain::duty::Kind::Report => "duty-report",
            domain::duty::Kind::Routine => "duty-routine",
            domain::duty::Kind::Answer => "duty-answer",
            domain::duty::Kind::Press => "duty-press",
            domain::duty::Kind::Renew => "duty-renew",
            domain::duty::Kind::Ended => "duty-ended",
            domain::duty::Kind::Idle => "duty-idle",
            domain::duty::Kind::Contract => "duty-contract",
            domain::duty::Kind::Tell => "duty-tell",
            domain::duty::Kind::Password => "duty-password",
            domain::duty::Kind::Separate => "duty-separate",
            domain::duty::Kind::Compensate => "duty-compensate",
            domain::duty::Kind::Deputy => "duty-deputy",
        },
        TodoKind::PasswordEnding => "password-ending",
        TodoKind::PasswordAdvised => "password-advised",
        TodoKind::CodesOutstanding => "codes-outstanding",
        TodoKind::VersionWaiting => "version-waiting",
    }
}

/// What the ledger says about a code.
pub fn verification(found: &VerificationView) -> Value {
    json!({
        "code": found.code,
        "log": found.log,
        "size": found.size,
        "root": found.root,
        "earlier_size": found.earlier_size,
        "consistent": found.consistent,
        "checkpoint": found.checkpoint,
        "vkey": found.vkey,
        "entries": list(&found.entries, |entry| json!({
            "index": entry.index,
            "hash": entry.hash,
            "act": entry.act,
            "at": entry.at.rfc3339(),
            "included": entry.included,
            "proof_length": entry.proof_length,
        })),
    })
}

/// The compliance board.
pub fn board(say: &Speech, board: &BoardView) -> Value {
    json!({
        "title": say.word(&board.title),
        "pack": board.pack,
        "at": board.at.rfc3339(),
        "pack_faults": board.pack_faults,
        "waiting": list(&board.waiting, |(name, from)| json!({ "name": name, "from": from.to_string() })),
        "clauses": list(&board.clauses, |state| json!({
            "clause": clause(say, &state.clause),
            "met": state.met,
            "controls": state.controls,
            "state": state.state,
            "evidence": state.evidence.as_ref().map(|evidence| json!({
                "obeyed": evidence.obeyed,
                "refused": evidence.refused,
                "overdue": evidence.overdue.n,
                "overdue_more": evidence.overdue.more,
            })),
        })),
    })
}
