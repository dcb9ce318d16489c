//! One binary of tests: the rules of the house, what people read, and the browser.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed, and says where")]

mod e2e;
mod lint;
mod story;
mod tidy;
