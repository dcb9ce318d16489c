//! What each capability keeps: its statements, its rows, and how a row becomes a value again.
//!
//! One file a capability; the word is the same in every crate.

pub mod account;
pub mod application;
pub mod case;
pub mod directory;
pub mod duty;
pub mod grant;
pub mod letter;
pub mod link;
pub mod lookup;
pub mod regulation;

use crate::{Bulk, Fault, RowSet, Sealing, Statement};
use domain::Change;

/// The rows that one change of a decision makes.
pub(crate) fn rows(change: &Change, seal: &mut Sealing<'_>, out: &mut RowSet) -> Result<(), Fault> {
    match change {
        Change::Account(change) => account::rows(change, seal, out),
        Change::Application(change) => application::rows(change, seal, out),
        Change::Case(change) => case::rows(change, seal, out),
        Change::Directory(change) => directory::rows(change, seal, out),
        Change::Duty(change) => duty::rows(change, seal, out),
        Change::Grant(change) => grant::rows(change, seal, out),
        Change::Letter(change) => letter::rows(change, seal, out),
        Change::Link(change) => link::rows(change, seal, out),
        Change::Lookup(change) => lookup::rows(change, seal, out),
        Change::Regulation(change) => regulation::rows(change, seal, out),
    }
}

/// Every statement of every capability, for the census.
pub(crate) fn statements() -> Vec<&'static Statement> {
    [
        &account::statements(),
        application::STATEMENTS,
        application::attachment::STATEMENTS,
        application::claim::STATEMENTS,
        application::keeping::STATEMENTS,
        application::question::STATEMENTS,
        application::version::STATEMENTS,
        case::STATEMENTS,
        directory::STATEMENTS,
        directory::absence::STATEMENTS,
        directory::closure::STATEMENTS,
        directory::contract::STATEMENTS,
        directory::deputy::STATEMENTS,
        directory::exception::STATEMENTS,
        directory::delegation::STATEMENTS,
        directory::handover::STATEMENTS,
        directory::workstation::STATEMENTS,
        duty::STATEMENTS,
        grant::STATEMENTS,
        grant::tell::STATEMENTS,
        letter::STATEMENTS,
        link::STATEMENTS,
        &lookup::statements(),
        regulation::STATEMENTS,
    ]
    .concat()
}

/// Every bulk statement of every capability, for the census.
pub(crate) fn bulks() -> Vec<&'static Bulk> {
    [
        &account::bulks(),
        application::BULKS,
        application::attachment::BULKS,
        application::claim::BULKS,
        application::keeping::BULKS,
        application::question::BULKS,
        application::version::BULKS,
        case::BULKS,
        directory::BULKS,
        directory::absence::BULKS,
        directory::closure::BULKS,
        directory::contract::BULKS,
        directory::deputy::BULKS,
        directory::exception::BULKS,
        directory::delegation::BULKS,
        directory::handover::BULKS,
        directory::workstation::BULKS,
        duty::BULKS,
        grant::BULKS,
        grant::tell::BULKS,
        letter::BULKS,
        link::BULKS,
        lookup::BULKS,
        regulation::BULKS,
    ]
    .concat()
}

/// Codes of items as one text column.
pub(crate) fn items_text(items: &[String]) -> String {
    items.join(" ")
}

/// Reads what [`items_text`] wrote.
pub(crate) fn items_from(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_string).collect()
}
