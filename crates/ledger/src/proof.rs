//! Self-contained proofs that an entry is in a log (C2SP `tlog-proof`, files that end in `.tlog-proof`).
//!
//! Whoever holds the entry, the proof and the log's key can check it without the log, for ever.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use base64ct::{Base64, Encoding};

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::hash::{Hash, leaf_hash};
use crate::note::{Note, VerifierKey};
use crate::tree::verify_inclusion;

/// The first line.
const HEADER: &str = "c2sp.org/tlog-proof@v1";
/// Most hashes that a path in a tree of fewer than 2^64 leaves can have.
const MAX_HASHES: usize = 64;

/// A proof with the checkpoint that it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    /// Further bytes that nothing vouches for.
    pub extra: Option<Vec<u8>>,
    /// Index of the entry, from 0.
    pub index: u64,
    /// The audit path, the leaf's sibling first (RFC 6962 §2.1.1).
    pub hashes: Vec<Hash>,
    /// The signed checkpoint.
    pub checkpoint: Note,
}

/// Why a proof was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProofError {
    /// The bytes are not a proof file.
    Malformed,
    /// The checkpoint in it was refused.
    Checkpoint(CheckpointError),
    /// The entry is not the one at that place of the log.
    NotIncluded,
}

impl fmt::Display for ProofError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str("these bytes are not a log proof"),
            Self::Checkpoint(error) => write!(f, "the checkpoint of the proof: {error}"),
            Self::NotIncluded => f.write_str("the proof does not lead from this entry to the signed root"),
        }
    }
}

impl core::error::Error for ProofError {}

impl TlogProof {
    /// Reads a proof file.
    ///
    /// # Errors
    /// If it is not byte for byte what would be written for its content.
    pub fn parse(bytes: &[u8]) -> Result<Self, ProofError> {
        let text = core::str::from_utf8(bytes).map_err(|_| ProofError::Malformed)?;
        let parsed = Self::read(text).ok_or(ProofError::Malformed)?;
        if parsed.to_string() == text { Ok(parsed) } else { Err(ProofError::Malformed) }
    }

    fn read(text: &str) -> Option<Self> {
        let (head, checkpoint) = text.split_once("\n\n")?;
        let mut lines = head.split('\n').peekable();
        lines.next().filter(|line| *line == HEADER)?;
        let extra = match lines.next_if(|line| line.starts_with("extra ")) {
            Some(line) => Some(Base64::decode_vec(line.strip_prefix("extra ")?).ok()?),
            None => None,
        };
        let index = lines.next()?.strip_prefix("index ")?.parse().ok()?;
        let hashes: Vec<Hash> = lines.take(MAX_HASHES + 1).map(Hash::parse_base64).collect::<Option<_>>()?;
        let checkpoint = Note::parse(checkpoint.as_bytes()).ok()?;
        (hashes.len() <= MAX_HASHES).then_some(Self { extra, index, hashes, checkpoint })
    }

    /// Checks the checkpoint's signatures and that the entry stands in the log at that index; gives the
    /// checkpoint.
    ///
    /// # Errors
    /// If either does not hold.
    pub fn verify(&self, entry: &[u8], known: &[VerifierKey]) -> Result<Checkpoint, ProofError> {
        let signed = self.checkpoint.to_string();
        let (checkpoint, _) = Checkpoint::open(signed.as_bytes(), known).map_err(ProofError::Checkpoint)?;
        verify_inclusion(&leaf_hash(entry), self.index, checkpoint.size, &self.hashes, &checkpoint.root)
            .map_err(|_| ProofError::NotIncluded)?;
        Ok(checkpoint)
    }

    /// The file.
    #[must_use]
    pub fn to_file(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for TlogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", Base64::encode_string(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.hashes.iter().try_for_each(|hash| writeln!(f, "{}", hash.to_base64()))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::{NoteError, SignerKey};
    use crate::tree::{MemoryTree, prove_inclusion};

    fn key() -> SignerKey {
        SignerKey::from_seed("example.org/log", &[7; 32]).unwrap()
    }

    fn proof(size: u64, index: u64) -> TlogProof {
        let tree: MemoryTree = (0..size).map(|n| leaf_hash(&n.to_be_bytes())).collect();
        let checkpoint = Checkpoint { origin: key().name().into(), size, root: tree.root() };
        let hashes = prove_inclusion(&tree, index, size).unwrap();
        TlogProof { extra: None, index, hashes, checkpoint: checkpoint.sign(&key()).unwrap() }
    }

    #[test]
    fn proofs_read_back_and_hold_for_their_entry_only() {
        let known = [key().verifier()];
        for (size, index) in [(1, 0), (2, 1), (300, 17), (300, 299)] {
            let mut made = proof(size, index);
            for extra in [None, Some(Vec::new()), Some(b"more".to_vec())] {
                made.extra = extra;
                let read = TlogProof::parse(made.to_file().as_bytes()).unwrap();
                assert_eq!(read, made);
                assert_eq!(read.verify(&index.to_be_bytes(), &known).unwrap().size, size);
                assert_eq!(read.verify(b"other", &known), Err(ProofError::NotIncluded));
            }
        }
        let stranger = [SignerKey::from_seed("example.org/other", &[8; 32]).unwrap().verifier()];
        let refused = Err(ProofError::Checkpoint(CheckpointError::Note(NoteError::NoKnownSignature)));
        assert_eq!(proof(2, 0).verify(&0_u64.to_be_bytes(), &stranger), refused);
    }

    #[test]
    fn the_file_is_laid_out_as_specified() {
        let made = TlogProof { extra: Some(b"x".to_vec()), ..proof(3, 2) };
        let file = made.to_file();
        let lines: Vec<&str> = file.split('\n').collect();
        assert_eq!(lines[..3], ["c2sp.org/tlog-proof@v1", "extra eA==", "index 2"]);
        assert_eq!(lines[3], made.hashes[0].to_base64());
        assert_eq!(lines[4..7], ["", "example.org/log", "3"]);
    }

    #[test]
    fn every_flipped_bit_but_those_of_the_extra_line_is_refused() {
        let known = [key().verifier()];
        let file = proof(5, 3).to_file();
        for at in 0..file.len() {
            for bit in 0..8 {
                let mut bytes = file.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                let holds =
                    TlogProof::parse(&bytes).and_then(|proof| proof.verify(&3_u64.to_be_bytes(), &known));
                assert!(holds.is_err(), "byte {at} bit {bit}");
            }
        }
    }
}
