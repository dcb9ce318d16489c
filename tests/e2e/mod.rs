//! Stories in a real browser, and of real processes.

mod absence;
mod account;
mod api;
mod application;
mod auditor;

mod batch;
mod cells;
mod chain;
mod credential;
mod delivery;
mod directory;
mod exception;
mod grant;
mod instruments;
mod inventory;
mod kaohsiung;
mod letter;
mod lienchiang;
mod link;
mod nodes;
mod outcome;
mod pages;
mod refusals;
mod regulation;
mod story;
mod typing;
