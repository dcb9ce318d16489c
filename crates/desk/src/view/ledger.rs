//! What the ledger says.

use domain::time::Instant;

/// What the ledger says about a record code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerificationView {
    /// The code asked for.
    pub code: String,
    /// The entries about it, oldest first, each with its proof checked.
    pub entries: Vec<EntryProofView>,
    /// The checkpoint that the proofs lead to.
    pub checkpoint: String,
    /// Tree size of that checkpoint.
    pub size: u64,
    /// Root, in hexadecimal.
    pub root: String,
    /// The earlier checkpoint from which consistency was proved, by size.
    pub earlier_size: u64,
    /// Whether consistency from the earlier to this checkpoint was proved.
    pub consistent: bool,
    /// The log's verifier key.
    pub vkey: String,
    /// The log's name, as in the address of its export.
    pub log: String,
}

/// One entry and its inclusion proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryProofView {
    /// Position in the log.
    pub index: u64,
    /// The leaf hash, in hexadecimal.
    pub hash: String,
    /// The act, a locale key `act-…`.
    pub act: String,
    /// When it was entered.
    pub at: Instant,
    /// Whether the inclusion proof verified against the checkpoint.
    pub included: bool,
    /// Length of the proof, in hashes.
    pub proof_length: usize,
}
