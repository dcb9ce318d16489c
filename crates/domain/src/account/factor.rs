//! The second factor of an account: replacing one's own authenticator.

use super::{Account, Change, key};
use crate::actor::Actor;
use crate::decision::{self, Decision, Fact, Permit, Seen};
use crate::id::{EventId, LogId};
use crate::personal::Personal;
use crate::refusal::{Outcome, Reason, Refusal};
use crate::time::Instant;
use alloc::vec;

/// Ties a new second factor to one's own account. That password and code of the present one were shown, the
/// desk has seen to before it gave the new secret out.
///
/// # Errors
/// The code of the new one is wrong.
pub fn replace(
    account: &Account,
    actor: &Actor,
    (secret, confirmed): (&Personal, bool),
    seen: Seen,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    if !confirmed {
        return Err(vec![Refusal::new(Reason::ProofAgain).at("proof")]);
    }
    let fact = Fact::new(event, "account.factor-replaced").detail("person", account.person.as_str());
    let set = Change::FactorSet { login: account.login.clone(), totp: secret.clone() };
    Ok(Decision::new(Permit::in_log(&LogId::platform(), actor.clone(), &[], now), fact)
        .seeing([seen])
        .change(key(&account.login), decision::Change::Account(set)))
}
