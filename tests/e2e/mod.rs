//! Stories in a real browser.

mod account;
mod api;
mod auditor;
mod batch;
mod instruments;
mod kaohsiung;
mod lienchiang;
mod pages;
mod refusals;
mod story;
mod typing;
