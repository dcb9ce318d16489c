//! The countersign queue over the API.

use crate::api::{Call, Reply, answer, json};
use desk::lookup::Verdict;
use domain::{Reason, Refusal};

/// Rows that wait for the caller's stamp, one of them open if `?open=` names it.
pub fn queue(call: Call) -> Reply {
    Box::pin(async move {
        let open = Some(call.seat.visit.query.get("open").to_string()).filter(|open| !open.is_empty());
        let came = call.seat.ask(move |desk, session| desk.queue(session, open.as_deref())).await;
        call.reply(came, |seat, queue| answer::ok(json::queue(&seat.say, &queue)))
    })
}

/// Judges one row.
pub fn judge(call: Call) -> Reply {
    Box::pin(async move {
        let note = call.text("note");
        let verdict = match call.text("verdict").as_str() {
            "match" => Verdict::Match { note },
            "return" => Verdict::Return { reason_code: call.text("reason_code"), note },
            "anomaly" => Verdict::Anomaly { note },
            _ => {
                let refusal = Refusal::new(Reason::FieldMalformed).at("verdict");
                return call.refuse(refusal);
            }
        };
        let code = call.path();
        let came = call.seat.ask(move |desk, session| desk.judge(session, &code, &verdict)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// Stamps a batch.
pub fn stamp(call: Call) -> Reply {
    Box::pin(async move {
        let (rows, proof, key) = (call.texts("rows"), call.text("proof"), call.key());
        let came = call.seat.ask(move |desk, session| desk.stamp(session, &rows, &proof, &key)).await;
        call.reply(came, |_, batch| answer::created(json::batch(&batch)))
    })
}
