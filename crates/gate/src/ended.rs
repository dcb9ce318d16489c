//! What a provider is told when a right ends.

use crate::Secret;
use std::time::Duration;

/// A right that has ended, as its provider needs to know it: of the person nothing but the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedRight {
    /// The message's identifier, the same however often it is told.
    pub id: String,
    /// The source's id.
    pub source: String,
    /// The account at the provider.
    pub account: Secret,
    /// The items that are open no more, each as `dataset/item`.
    pub items: Vec<String>,
    /// The day on which it ended, `YYYY-MM-DD`.
    pub ended: String,
    /// Whether it may come back by itself, as after a leave.
    pub for_now: bool,
    /// How long the provider has to acknowledge it.
    pub deadline: Duration,
}
