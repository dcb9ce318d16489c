//! Proofs and the compliance board over the API.

use super::{Call, Reply, answer, json};

/// Proves what the ledger says about a record code.
pub fn verify(call: Call) -> Reply {
    Box::pin(async move {
        let code = domain::identity::fold(&call.path()).to_uppercase();
        let came = call.seat.ask(move |desk, session| desk.verify(session, &code)).await;
        call.reply(came, |_, found| answer::ok(json::verification(&found)))
    })
}

/// The board of the regulation that governs the caller.
pub fn board(call: Call) -> Reply {
    Box::pin(async move {
        let came = call.seat.ask(desk::Desk::board).await;
        call.reply(came, |seat, board| answer::ok(json::board(&seat.say, &board)))
    })
}
