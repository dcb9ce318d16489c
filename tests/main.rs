//! One binary of tests: the rules of the house, what people read, and the browser.

mod e2e;
mod lint;
mod story;
mod tidy;
