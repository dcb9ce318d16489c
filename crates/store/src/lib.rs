//! The only SQL: the doors through which everything is written and read, beneath them one engine or another,
//! and the sealing of personal data.
//!
//! [`Store::write`] takes decisions and nothing else; [`Store::read`] cannot change anything; [`Store::look`]
//! hands out a page only once the entry about it is durable; [`Store::tend`] is for what nobody relies on as
//! evidence. A writer takes all that waits and commits it at once.

mod batch;
pub mod capability;
pub mod census;
mod cipher;
pub mod cluster;
mod door;
mod dump;
mod engine;
mod export;
mod fault;
mod head;
mod keyring;
mod lanes;
mod ledger_read;
mod lock;
#[cfg(test)]
mod node_tests;
mod parked;
mod prepare;
mod queue;
mod random;
mod read;
mod readers;
mod schema;
mod seal;
mod signer;
mod statement;
mod tend;
#[cfg(test)]
mod testing;
mod value;
mod writer;

pub use batch::Receipt;
pub use door::{Config, Pending, Store, WriteError};
pub use dump::Table;
pub use engine::{Engine, EngineError, Shape, Trouble};
pub use fault::Fault;
pub use keyring::KeyringPlace;
pub use ledger_read::{CheckpointRow, ClauseUse, EntryRow, HeadRow, LeafRow};
pub use parked::Parked;
pub use read::Read;
pub use seal::{Sealed, Sealing, Tag};
pub use statement::{Bulk, RowSet, Statement, Type};
pub use tend::{FailureCount, MailCount, MailRow, RefusalCount, SessionRow, TENDED_TABLES, Tend};
pub use value::{Row, Value};
