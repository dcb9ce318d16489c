//! Stories in a real browser.

mod instruments;
