//! The tamper-evident log as pure arithmetic: canonical leaves, the Merkle tree of RFC 6962, the tiles,
//! checkpoints and proofs of the C2SP `tlog` formats, and a verifier that re-reads every byte of an export.
//!
//! Nothing here reads a file, a clock or the environment, so that the same code runs in the server, in the
//! stand-alone verifier, and wherever an outsider wants to recompute what a log claims.
//! The formats are written down in `docs/ledger-format.md`, which a test compares with this code.
#![no_std]
#![warn(missing_docs)]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod checkpoint;
pub mod export;
pub mod frontier;
pub mod hash;
pub mod json;
pub mod leaf;
pub mod note;
pub mod policy;
pub mod proof;
pub mod report;
pub mod stamp;
pub mod tile;
pub mod tree;
pub mod verify;

pub use checkpoint::Checkpoint;
pub use frontier::Frontier;
pub use hash::Hash;
pub use leaf::Leaf;
