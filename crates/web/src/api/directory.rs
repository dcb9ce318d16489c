//! People, posts and units over the API; the endpoint of the personnel system.

pub mod absence;
pub mod closure;
pub mod contract;
pub mod exception;
pub mod unit;
pub mod workstation;

use super::{Call, Operation, Reply, Verb, answer, json, read};
use crate::locale::Speech;
use desk::directory::{DelegationForm, PostForm, Roster};
use desk::view::{DelegationsView, HandoverView, ImportView, StaffView};
use domain::directory::post::Cause;
use domain::directory::unit::Former;
use domain::time::Date;
use domain::{Personal, Reason, Refusal};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The operations of this capability.
pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        response: "Delegations",
        handler: delegations,
        ..read(
            "/api/v1/delegations",
            "listDelegations",
            "What heads delegated, and what the caller can delegate",
        )
    },
    Operation {
        verb: Verb::Post,
        request: Some("NewDelegation"),
        response: "Empty",
        handler: delegate,
        ..read("/api/v1/delegations", "delegate", "Delegate kinds of applications to somebody, for a time")
    },
    Operation {
        verb: Verb::Post,
        response: "Empty",
        handler: revoke,
        ..read("/api/v1/delegations/{id}/revoke", "revokeDelegation", "Take a delegation back")
    },
    Operation {
        response: "Absences",
        handler: absence::list,
        ..read("/api/v1/absences", "listAbsences", "Who is away, who stands in, and the caller's deputy")
    },
    Operation {
        verb: Verb::Post,
        request: Some("NewAbsence"),
        response: "Empty",
        handler: absence::be_away,
        ..read("/api/v1/absences", "recordAbsence", "Record that somebody is away, and who stands in")
    },
    Operation {
        verb: Verb::Post,
        response: "Empty",
        handler: absence::come_back,
        ..read("/api/v1/absences/{id}/end", "endAbsence", "End an absence before its last day")
    },
    Operation {
        verb: Verb::Post,
        request: Some("NewDeputy"),
        response: "Empty",
        handler: absence::name_deputy,
        ..read("/api/v1/deputy", "nameDeputy", "Name who stands in whenever the caller is away")
    },
    Operation {
        response: "Closures",
        handler: closure::list,
        ..read("/api/v1/closures", "listClosures", "Days on which the offices of the agency are closed")
    },
    Operation {
        verb: Verb::Post,
        request: Some("NewClosure"),
        response: "Empty",
        handler: closure::declare,
        ..read(
            "/api/v1/closures",
            "declareClosure",
            "Say that the offices are closed on a day, or open after all",
        )
    },
    Operation {
        response: "Contracts",
        handler: contract::list,
        ..read("/api/v1/contracts", "listContracts", "Contracts with contractors, and their people")
    },
    Operation {
        verb: Verb::Post,
        request: Some("NewContract"),
        response: "Empty",
        handler: contract::enter,
        ..read("/api/v1/contracts", "enterContract", "Enter a contract with a contractor")
    },
    Operation {
        verb: Verb::Post,
        request: Some("EndContract"),
        response: "Empty",
        handler: contract::end,
        ..read("/api/v1/contracts/{id}/end", "endContract", "End a contract before its last day")
    },
    Operation {
        response: "Workstations",
        handler: workstation::list,
        ..read("/api/v1/workstations", "listWorkstations", "Machines and what was declared of them")
    },
    Operation {
        verb: Verb::Post,
        request: Some("NewWorkstation"),
        response: "Empty",
        handler: workstation::declare,
        ..read("/api/v1/workstations", "declareWorkstation", "Declare a machine, for the first time or anew")
    },
    Operation {
        verb: Verb::Post,
        response: "Empty",
        handler: workstation::retire,
        ..read("/api/v1/workstations/{id}/retire", "retireWorkstation", "Take a machine out of use")
    },
    Operation {
        response: "Staff",
        handler: staff,
        ..read("/api/v1/staff", "listStaff", "People with their posts, and units")
    },
    Operation {
        verb: Verb::Post,
        request: Some("UnitName"),
        response: "Empty",
        handler: unit::rename,
        ..read("/api/v1/units/{id}", "renameUnit", "Give a unit another name")
    },
    Operation {
        verb: Verb::Post,
        response: "Empty",
        handler: unit::close,
        ..read("/api/v1/units/{id}/close", "closeUnit", "Close a unit in which nothing is left")
    },
    Operation {
        verb: Verb::Post,
        request: Some("Roster"),
        response: "Import",
        handler: import,
        ..read(
            "/api/v1/staff/import",
            "importStaff",
            "Compare a list with what is known; with the seal of the answer, take it over",
        )
    },
    Operation {
        verb: Verb::Post,
        request: Some("Repost"),
        response: "Empty",
        handler: change,
        ..read("/api/v1/staff/{id}/change", "changePost", "Change a post: transfer, leave, retirement")
    },
    Operation {
        response: "Handover",
        handler: handover,
        ..read("/api/v1/handovers/{id}", "getHandover", "A list by which work is handed over")
    },
    Operation {
        verb: Verb::Post,
        request: Some("Receiver"),
        response: "Empty",
        handler: receiver,
        ..read("/api/v1/handovers/{id}/receiver", "nameReceiver", "Name who receives the work")
    },
    Operation {
        verb: Verb::Post,
        request: Some("Signature"),
        response: "Empty",
        handler: sign,
        ..read("/api/v1/handovers/{id}/sign", "signHandover", "Sign a list of handing over")
    },
];

/// People with their posts, and units.
pub fn staff(call: Call) -> Reply {
    Box::pin(async move {
        let came = call.seat.ask(desk::Desk::staff).await;
        call.reply(came, |seat, view| answer::ok(all(&seat.say, &view)))
    })
}

/// Compares a list, or takes it over.
pub fn import(call: Call) -> Reply {
    Box::pin(async move {
        let rows = |name: &str| call.objects(name).iter().map(texts).collect::<Vec<_>>();
        let whole = call.value("whole") == Value::Bool(true);
        let roster = match Roster::from_rows(&rows("units"), &rows("people"), &rows("permissions"), whole) {
            Ok(roster) => roster,
            Err(refusal) => return call.refuse(refusal.at("people")),
        };
        let roster = Roster { form_key: call.key(), ..roster };
        let seal = Some(call.text("seal")).filter(|seal| !seal.is_empty());
        let came = call.seat.ask(move |desk, session| desk.import(session, roster, seal.as_deref())).await;
        call.reply(came, |seat, view| answer::ok(difference(&seat.say, &view)))
    })
}

/// Changes a post.
pub fn change(call: Call) -> Reply {
    Box::pin(async move {
        let cause = Cause::from_word(&call.text("cause"));
        let on = match call.day("on", "on") {
            Ok(on) => on,
            Err(refusal) => return call.refuse(refusal),
        };
        let endless = on.is_none() && cause != Some(Cause::Stay);
        if let Some(field) = [("cause", cause.is_none()), ("on", endless)].iter().find(|(_, no)| *no) {
            let refusal = Refusal::new(Reason::FieldMissing).at(field.0);
            return call.refuse(refusal);
        }
        let form = PostForm {
            post: call.path(),
            cause,
            on,
            unit: call.text("unit"),
            role: call.text("role"),
            form_key: call.key(),
        };
        let came = call.seat.ask(move |desk, session| desk.change_post(session, &form)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// A list by which work is handed over.
pub fn handover(call: Call) -> Reply {
    Box::pin(async move {
        let id = call.path();
        let came = call.seat.ask(move |desk, session| desk.handover(session, &id)).await;
        call.reply(came, |seat, view| answer::ok(list(&seat.say, &view)))
    })
}

/// Names who receives the work.
pub fn receiver(call: Call) -> Reply {
    Box::pin(async move {
        let (id, receiver) = (call.path(), call.text("receiver"));
        let came = call.seat.ask(move |desk, session| desk.name_receiver(session, &id, &receiver)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// Signs a list.
pub fn sign(call: Call) -> Reply {
    Box::pin(async move {
        let (id, note) = (call.path(), Personal::new(call.text("note")));
        let came = call.seat.ask(move |desk, session| desk.sign_handover(session, &id, &note)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// What heads delegated.
pub fn delegations(call: Call) -> Reply {
    Box::pin(async move {
        let came = call.seat.ask(desk::Desk::delegations).await;
        call.reply(came, |seat, view| answer::ok(delegated(&seat.say, &view)))
    })
}

/// Records that the caller delegates.
pub fn delegate(call: Call) -> Reply {
    Box::pin(async move {
        let (from, until) = match days(&call, ["begin", "end"]) {
            Ok(days) => days,
            Err(refusal) => return call.refuse(refusal),
        };
        let form = DelegationForm {
            to: call.text("to"),
            objects: call.texts("objects"),
            from,
            until,
            words: Personal::new(call.text("words")),
            form_key: call.key(),
        };
        let came = call.seat.ask(move |desk, session| desk.delegate(session, &form)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// A first and a last day, or which of them is none.
fn days(call: &Call, [first, last]: [&str; 2]) -> Result<(Date, Date), Refusal> {
    Ok((call.one_day(first, first)?, call.one_day(last, last)?))
}

/// Takes a delegation back.
pub fn revoke(call: Call) -> Reply {
    Box::pin(async move {
        let id = call.path();
        let came = call.seat.ask(move |desk, session| desk.revoke_delegation(session, &id)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// The texts of a row; what is no text is left out, as if it were not there.
fn texts(row: &Map<String, Value>) -> BTreeMap<String, String> {
    row.iter().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_string()))).collect()
}

fn former(one: &Former) -> Value {
    json!({ "name": one.name, "until": one.until.to_string() })
}

fn all(say: &Speech, view: &StaffView) -> Value {
    let posts: Vec<Value> = view
        .posts
        .iter()
        .map(|post| {
            json!({
                "id": post.id,
                "person": post.person,
                "name": post.name,
                "unit": post.unit_id,
                "role": post.role_id,
                "from": post.from.to_string(),
                "until": post.until.map(|day| day.to_string()),
            })
        })
        .collect();
    let units: Vec<Value> = view
        .units
        .iter()
        .map(|unit| {
            json!({
                "id": unit.id,
                "name": say.word(&unit.name),
                "above": unit.above,
                "organisation": say.word(&unit.organisation),
                "corresponding": unit.corresponding,
                "clause": unit.clause.as_ref().map(|clause| json::clause(say, clause)),
                "people": unit.people,
                "former": unit.former.iter().map(former).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({ "posts": posts, "units": units })
}

fn delegated(say: &Speech, view: &DelegationsView) -> Value {
    let list = view.list.iter().map(|one| {
        json!({
            "id": one.id,
            "by": one.by,
            "to": one.to,
            "objects": one.objects.iter().map(|label| say.word(label)).collect::<Vec<_>>(),
            "begin": one.from.to_string(),
            "end": one.until.to_string(),
            "words": one.words,
            "runs": one.runs,
            "revoke": one.revoke,
        })
    });
    let objects =
        view.objects.iter().map(|(object, label)| json!({ "object": object, "label": say.word(label) }));
    json!({ "delegations": list.collect::<Vec<_>>(), "objects": objects.collect::<Vec<_>>() })
}

fn difference(say: &Speech, view: &ImportView) -> Value {
    let steps = view.steps.iter().map(|step| {
        json!({
            "line": step.line,
            "kind": step.kind,
            "name": step.name,
            "before": say.word(&step.before),
            "after": say.word(&step.after),
            "on": step.on.map(|day| day.to_string()),
            "cause": step.cause,
        })
    });
    let faults = view.faults.iter().map(|(line, fault)| {
        json!({
            "line": line,
            "field": fault.refusal.field,
            "code": fault.refusal.reason.key(),
            "sentence": say.refusal(fault).sentence,
        })
    });
    json!({
        "steps": steps.collect::<Vec<_>>(),
        "faults": faults.collect::<Vec<_>>(),
        "same": view.same,
        "encoding": view.encoding,
        "seal": view.seal,
        "done": view.done,
    })
}

fn list(say: &Speech, view: &HandoverView) -> Value {
    json!({
        "id": view.id,
        "giver": view.giver,
        "receiver": view.receiver,
        "unit": view.unit,
        "items": view.items,
        "given": view.given.map(|at| at.rfc3339()),
        "received": view.received.map(|at| at.rfc3339()),
        "closed": view.closed.as_ref().map(|(_, at)| at.rfc3339()),
        "part": view.part,
        "sign": view.sign,
        "signers": view.signers.iter().map(|one| json!({
            "post": say.word(&one.post),
            "person": one.signed.as_ref().map(|(by, _)| by),
            "at": one.signed.as_ref().map(|(_, at)| at.rfc3339()),
        })).collect::<Vec<_>>(),
    })
}
