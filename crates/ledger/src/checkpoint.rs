//! Checkpoints (C2SP `tlog-checkpoint`): the name, the size and the root of a log, in a signed note.

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;

use crate::hash::Hash;
use crate::note::{Algorithm, Note, NoteError, SignerKey, VerifierKey};

/// What a log says about itself at one size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The unique name of the log; also the name of the key that signs for it.
    pub origin: String,
    /// How many entries the log has.
    pub size: u64,
    /// The root over all of them.
    pub root: Hash,
}

/// Why a checkpoint was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckpointError {
    /// The text is not the three lines of a checkpoint.
    Malformed,
    /// The note around it was refused.
    Note(NoteError),
    /// It is signed, but not by a key of the log that it names.
    NotByItsLog,
}

impl fmt::Display for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str("this is not the three lines of a checkpoint"),
            Self::Note(error) => fmt::Display::fmt(error, f),
            Self::NotByItsLog => f.write_str("no signature is by a key of the log that the checkpoint names"),
        }
    }
}

impl core::error::Error for CheckpointError {}

impl From<NoteError> for CheckpointError {
    fn from(error: NoteError) -> Self {
        Self::Note(error)
    }
}

impl Checkpoint {
    /// The text that is signed: three lines, never more, for simple readers take later ones for signatures.
    #[must_use]
    pub fn body(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root.to_base64())
    }

    /// Reads the three lines. Extension lines are refused, as this project's logs never write any.
    ///
    /// # Errors
    /// If the text is not exactly what [`Checkpoint::body`] writes.
    pub fn parse_body(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.split('\n');
        let parsed = (|| {
            let origin = lines.next().filter(|origin| !origin.is_empty())?.to_string();
            let size = lines.next()?.parse().ok()?;
            let root = Hash::parse_base64(lines.next()?)?;
            Some(Self { origin, size, root })
        })();
        // One checkpoint has one spelling: no leading zeros, plus signs or further lines.
        parsed.filter(|checkpoint| checkpoint.body() == text).ok_or(CheckpointError::Malformed)
    }

    /// The checkpoint as a note signed by the log's key.
    ///
    /// # Errors
    /// If the key's name is not the origin, or the origin cannot stand in a note.
    pub fn sign(&self, key: &SignerKey) -> Result<Note, CheckpointError> {
        if key.name() != self.origin {
            return Err(CheckpointError::NotByItsLog);
        }
        let mut note = Note::new(&self.body())?;
        note.sign(key);
        Ok(note)
    }

    /// Reads a signed checkpoint and checks it: every signature by a known key fits, and one of them is the
    /// log's own. Who cosigned can be asked of the note with [`Note::open`].
    ///
    /// # Errors
    /// If the note, its signatures or its text are not so.
    pub fn open(bytes: &[u8], known: &[VerifierKey]) -> Result<(Self, Note), CheckpointError> {
        let note = Note::parse(bytes)?;
        let signed = note.open(known)?;
        let checkpoint = Self::parse_body(note.text())?;
        let by_log = signed.iter().any(|signed| {
            signed.key.algorithm() == Algorithm::Ed25519 && signed.key.name() == checkpoint.origin
        });
        if by_log { Ok((checkpoint, note)) } else { Err(CheckpointError::NotByItsLog) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::{EMPTY_ROOT, leaf_hash};

    fn key() -> SignerKey {
        SignerKey::from_seed("example.org/log", &[7; 32]).unwrap()
    }

    fn checkpoint() -> Checkpoint {
        Checkpoint { origin: "example.org/log".into(), size: 70_000, root: leaf_hash(b"root") }
    }

    #[test]
    fn bodies_read_back_and_have_one_spelling() {
        let body = checkpoint().body();
        assert_eq!(Checkpoint::parse_body(&body), Ok(checkpoint()));
        let empty = Checkpoint { size: 0, root: EMPTY_ROOT, ..checkpoint() };
        assert_eq!(empty.body(), "example.org/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
        assert_eq!(Checkpoint::parse_body(&empty.body()), Ok(empty));
        let root = checkpoint().root.to_base64();
        for text in [
            String::new(),
            format!("example.org/log\n070000\n{root}\n"),
            format!("example.org/log\n+70000\n{root}\n"),
            format!("example.org/log\n70000\n{root}"),
            format!("example.org/log\n70000\n{root}\nextension\n"),
            format!("example.org/log\n70000\n{root}\n\n"),
            format!("\n70000\n{root}\n"),
            format!("example.org/log\n18446744073709551616\n{root}\n"),
            format!("example.org/log\n70000\n{}\n", &root[..40]),
        ] {
            assert_eq!(Checkpoint::parse_body(&text), Err(CheckpointError::Malformed), "{text:?}");
        }
    }

    #[test]
    fn signed_checkpoints_open_with_the_key_of_their_log_only() {
        let key = key();
        let note = checkpoint().sign(&key).unwrap();
        let bytes = note.to_string();
        assert_eq!(Checkpoint::open(bytes.as_bytes(), &[key.verifier()]), Ok((checkpoint(), note.clone())));
        let other = SignerKey::from_seed("example.org/other", &[8; 32]).unwrap();
        assert_eq!(checkpoint().sign(&other), Err(CheckpointError::NotByItsLog));
        assert_eq!(
            Checkpoint::open(bytes.as_bytes(), &[other.verifier()]),
            Err(CheckpointError::Note(NoteError::NoKnownSignature))
        );
        // A known key of another name signs the note: it is known, but it is not the log.
        let mut foreign = Note::new(&checkpoint().body()).unwrap();
        foreign.sign(&other);
        assert_eq!(
            Checkpoint::open(foreign.to_string().as_bytes(), &[key.verifier(), other.verifier()]),
            Err(CheckpointError::NotByItsLog)
        );
    }
}
