//! What is true and what is allowed.
//!
//! Every rule of the gate is a plain function here: it takes facts and a command and answers a
//! [`Decision`] or a [`Refusal`]. The crate is `no_std`: it cannot read a file, open a socket or
//! look at the clock, so what it says depends on its arguments alone and can be said again later.
#![no_std]
extern crate alloc;

pub mod account;
pub mod activation;
pub mod actor;
pub mod application;
pub mod case;
pub mod decision;
pub mod directory;
pub mod duty;
pub mod grant;
pub mod id;
pub mod identity;
pub mod ledger;
pub mod letter;
pub mod link;
pub mod lookup;
pub mod mask;
pub mod period;
pub mod personal;
pub mod record_code;
pub mod refusal;
pub mod regulation;
#[cfg(test)]
mod sample;
pub mod time;

pub use actor::Actor;
pub use decision::{Act, Change, Decision, Detail, Fact, Grounds, Permit, Seen};
pub use personal::Personal;
pub use refusal::{Help, Outcome, Reason, Refusal};

/// Each of these once, in the order in which they came first.
pub fn each_once<T: PartialEq>(all: impl IntoIterator<Item = T>) -> alloc::vec::Vec<T> {
    all.into_iter().fold(alloc::vec::Vec::new(), |mut once, one| {
        if !once.contains(&one) {
            once.push(one);
        }
        once
    })
}
