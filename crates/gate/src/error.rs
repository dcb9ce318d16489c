//! How a question can fail.

use std::time::Duration;

use thiserror::Error;

/// Why no answer came. No variant holds any data of a subject.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum GateError {
    /// No answer within the time that was given; the provider may have seen the question.
    #[error("the provider did not answer within {waited:?}")]
    Timeout {
        /// How long the asker waited.
        waited: Duration,
    },
    /// The provider cannot be reached, broke off, or says that it is out of service.
    #[error("the provider cannot be reached")]
    Down,
    /// The provider refuses the question.
    #[error("the provider refused the question with status {status}")]
    Refused {
        /// The HTTP status code (RFC 9110, section 15).
        status: u16,
    },
    /// The answer cannot be used and was thrown away; the text says what is wrong, without data.
    #[error("the provider's answer cannot be used: {0}")]
    Malformed(String),
    /// All slots are taken; nothing was asked.
    #[error("the gate is full")]
    Full,
    /// No provider is configured for the source; nothing was asked.
    #[error("no provider is configured for this source")]
    NoProvider,
}

impl GateError {
    /// Whether the provider may have seen the question, so that asking again would be a second disclosure.
    #[must_use]
    pub fn may_have_been_asked(&self) -> bool {
        match self {
            Self::Timeout { .. } | Self::Down | Self::Malformed(_) => true,
            Self::Refused { .. } | Self::Full | Self::NoProvider => false,
        }
    }
}

/// Why a provider's address or settings are not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadAddress {
    /// It is not an absolute address of the form `https://host[:port][/path]`.
    #[error("the provider's address must be https://host[:port][/path], without user, query or fragment")]
    Form,
    /// Plain HTTP is allowed to this machine only.
    #[error("plain HTTP is allowed to the loopback address only: use https for a provider elsewhere")]
    PlainHttp,
    /// The trusted certificates cannot be read.
    #[error("the file of trusted certificates holds no readable PEM certificate")]
    Certificates,
    /// The access token holds characters that no HTTP header can carry.
    #[error("the provider's access token holds characters that a header cannot carry")]
    Token,
}
