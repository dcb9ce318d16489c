//! Rules that come while the gate serves, and what they would have meant for the past.

mod load;
mod replay;
