//! The gate: the only calls to the outside, which are those to data providers, and [`mail`].
//!
//! A caller reserves a [`Slot`] *before* it writes the entry that records a lookup, and asks with that
//! slot only after the entry is durable. A full gate is therefore found out while nothing has been
//! written yet, and one slot is good for one disclosure.
//!
//! The gate knows nothing of regulation packs. A [`Question`] says which source, dataset, items and
//! fields are wanted and in which shape; whatever comes back is held against that question, so a source
//! that is known only from a pack needs no code here. The wire contract of the HTTP/JSON adapter is
//! written down in [`wire`].
//!
//! [`simulator`] is a provider with a synthetic population, for demonstrations and tests.

mod answer;
mod check;
mod ended;
mod error;
mod http;
pub mod mail;
mod pool;
mod question;
pub mod simulator;
pub mod wire;

pub use answer::{Answer, Doubt, DoubtKind, ItemAnswer};
pub use ended::EndedRight;
pub use error::{BadAddress, GateError};
pub use http::{HttpJson, HttpSettings};
pub use mail::{Mail, MailTls, Post, PostError, Smtp, SmtpSettings};
pub use pool::{Gate, Slot};
pub use question::{ItemQuery, Question, Secret, Shape, SubjectKey};

/// A data provider that can be asked.
///
/// An implementation blocks its thread, keeps to the question's deadline, and hands a question over at
/// most once: when it cannot tell whether the provider has seen the question, it does not ask again.
pub trait Provider: Send + Sync {
    /// Asks one question and returns the answer already held against it.
    ///
    /// # Errors
    /// See [`GateError`]; after [`GateError::Timeout`], [`GateError::Malformed`] and
    /// [`GateError::Down`] the provider may have seen the question.
    fn ask(&self, question: &Question) -> Result<Answer, GateError>;

    /// Tells the provider that a right of an account has ended, and returns when it has acknowledged that. It
    /// may be told twice; the message's identifier says that it is the same.
    ///
    /// # Errors
    /// See [`GateError`]; [`GateError::NoProvider`] where it has no interface for that.
    fn end_right(&self, ended: &EndedRight) -> Result<(), GateError> {
        let _ = ended;
        Err(GateError::NoProvider)
    }

    /// Finds out whether the provider is up, without asking about anybody.
    ///
    /// # Errors
    /// [`GateError::Down`], [`GateError::Timeout`] or [`GateError::Refused`].
    fn probe(&self) -> Result<(), GateError>;
}
