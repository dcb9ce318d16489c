//! Rules that come while the gate serves, and what they would have meant for the past.

mod activation;
mod load;
mod replay;
