//! Versions of a rule over the API.

use super::{Call, Reply, answer};
use crate::locale::Speech;
use desk::view::{AffectedView, ClauseCite};
use serde_json::{Value, json};

/// What a version that waits would have changed.
pub fn replay(call: Call) -> Reply {
    Box::pin(async move {
        let (digest, before) = (call.path(), call.number("before").and_then(|n| u64::try_from(n).ok()));
        let came = call.seat.ask(move |desk, session| desk.affected(session, &digest, before)).await;
        call.reply(came, |seat, view| answer::ok(affected(&seat.say, &view)))
    })
}

fn affected(say: &Speech, view: &AffectedView) -> Value {
    let counted = |all: &[(&'static str, u64)]| {
        all.iter().map(|(what, n)| json!({ "what": what, "n": n })).collect::<Vec<_>>()
    };
    let reason = |(reason, clause, n): &(&str, Option<ClauseCite>, u64)| {
        let clause = clause.as_ref().map(|clause| say.cite(clause));
        json!({ "reason": reason, "clause": clause, "n": n })
    };
    let unit = |(unit, n): &(String, u64)| json!({ "unit": unit, "n": n });
    let record = |(code, turn): &(String, &str)| json!({ "code": code, "turn": turn });
    json!({
        "version": view.name,
        "from": view.span.map(|(first, _)| first.to_string()),
        "to": view.span.map(|(_, last)| last.to_string()),
        "decided": view.decided,
        "otherwise": view.otherwise,
        "people": view.people,
        "turns": counted(&view.turns),
        "reasons": view.reasons.iter().map(reason).collect::<Vec<_>>(),
        "units": view.units.iter().map(unit).collect::<Vec<_>>(),
        "records": view.records.iter().map(record).collect::<Vec<_>>(),
        "untold": counted(&view.untold),
        "unreadable": view.unreadable,
        "permissions": view.permissions,
        "posts": view.posts,
        "earlier": view.earlier,
    })
}
