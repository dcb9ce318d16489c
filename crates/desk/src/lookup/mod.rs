//! Lookups: the page before, the asking, the answer, the records and the stamps.

mod answer;
mod ask;
mod correct;
mod countersign;
mod draft;
mod facts;
mod find;
pub(crate) mod records;
mod review;
mod run;
mod show;

pub use ask::AskForm;
pub use correct::CorrectForm;
pub use countersign::Verdict;
pub(crate) use countersign::due_view;
pub(crate) use facts::wants_consent;
pub(crate) use records::{COUNTED, history, tally};
