//! Accounts: going through them.

pub mod inventory;
