//! What stands before every page and call: addresses, cookies, headers, limits, forgery.

pub mod address;
pub mod cookie;
pub mod csrf;
pub mod headers;
pub mod held;
pub mod intake;
pub mod limit;
