//! Rules that come while the gate serves, and what they would have meant for the past.

pub(crate) mod activation;
mod affected;
mod load;
pub(crate) mod replay;
