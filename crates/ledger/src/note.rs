//! Signed notes and their keys (C2SP `signed-note`): a text, an empty line, and signature lines.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use base64ct::{Base64, Encoding};

mod key;

pub use key::{Algorithm, SignerKey, VerifierKey, is_key_name};

/// Signature lines begin with an em dash and a space.
const DASH: &str = "\u{2014} ";
/// Longest note that is read, in bytes.
const MAX_NOTE_BYTES: usize = 1_000_000;
/// Most signature lines that are read.
const MAX_SIGNATURES: usize = 100;

/// Why a note or a key was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoteError {
    /// The bytes are not a signed note.
    Malformed,
    /// The text is not a key.
    MalformedKey,
    /// The key is of a type that this crate does not know.
    UnknownAlgorithm,
    /// A name is empty or has a space, a control character or a plus sign.
    BadName,
    /// A known key's signature does not fit the text.
    WrongSignature {
        /// Name of the key.
        name: String,
    },
    /// No signature is by a known key.
    NoKnownSignature,
}

impl fmt::Display for NoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str("these bytes are not a signed note"),
            Self::MalformedKey => f.write_str("this text is not a key"),
            Self::UnknownAlgorithm => f.write_str("this key is of an unknown type"),
            Self::BadName => {
                f.write_str("a key's name is empty or has a space, a control character or a plus sign")
            }
            Self::WrongSignature { name } => write!(f, "the signature of {name} does not fit the text"),
            Self::NoKnownSignature => f.write_str("no signature is by a known key"),
        }
    }
}

impl core::error::Error for NoteError {}

/// One signature of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureLine {
    /// Name of the key.
    pub name: String,
    /// Key id.
    pub id: u32,
    /// The signature, whose form depends on the key's type.
    pub bytes: Vec<u8>,
}

impl SignatureLine {
    fn parse(line: &str) -> Option<Self> {
        let (name, encoded) = line.strip_prefix(DASH)?.split_once(' ')?;
        let decoded = Base64::decode_vec(encoded).ok()?;
        let (id, bytes) = decoded.split_first_chunk::<4>()?;
        let sound = is_key_name(name) && !bytes.is_empty();
        sound.then(|| Self { name: name.to_owned(), id: u32::from_be_bytes(*id), bytes: bytes.to_vec() })
    }

    fn is_by(&self, key: &VerifierKey) -> bool {
        self.id == key.id() && self.name == key.name()
    }
}

impl fmt::Display for SignatureLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.id.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.bytes);
        writeln!(f, "{DASH}{} {}", self.name, Base64::encode_string(&bytes))
    }
}

/// A signature that was checked and fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed<'a> {
    /// Whose it is.
    pub key: &'a VerifierKey,
    /// When it was made, in seconds since 1970, if it is a cosignature.
    pub unix_seconds: Option<u64>,
}

/// A text with its signatures, not yet checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<SignatureLine>,
}

impl Note {
    /// A note without signatures.
    ///
    /// # Errors
    /// If the text does not end with a newline or has other control characters.
    pub fn new(text: &str) -> Result<Self, NoteError> {
        let sound = text.ends_with('\n') && !text.contains(is_forbidden) && text.len() <= MAX_NOTE_BYTES;
        if sound {
            Ok(Self { text: text.to_owned(), signatures: Vec::new() })
        } else {
            Err(NoteError::Malformed)
        }
    }

    /// Adds the signature of a log's key; one that the same key made before is replaced.
    pub fn sign(&mut self, key: &SignerKey) {
        self.cosign(key, 0);
    }

    /// Adds a signature by a key that also states the time, in seconds since 1970.
    pub fn cosign(&mut self, key: &SignerKey, unix_seconds: u64) {
        let line = key.line(&self.text, unix_seconds);
        self.signatures.retain(|old| old.name != line.name || old.id != line.id);
        self.signatures.push(line);
    }

    /// Reads a note: the text ends at the last empty line, and signature lines follow.
    ///
    /// # Errors
    /// If the bytes are of another form.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        let whole = core::str::from_utf8(bytes).map_err(|_| NoteError::Malformed)?;
        if bytes.len() > MAX_NOTE_BYTES || whole.contains(is_forbidden) {
            return Err(NoteError::Malformed);
        }
        let end = whole.rfind("\n\n").ok_or(NoteError::Malformed)?;
        let text = whole[..=end].to_owned();
        let lines = whole[end + 2..].strip_suffix('\n').ok_or(NoteError::Malformed)?;
        let signatures: Option<Vec<_>> =
            lines.split('\n').take(MAX_SIGNATURES + 1).map(SignatureLine::parse).collect();
        let signatures = signatures.filter(|all| all.len() <= MAX_SIGNATURES).ok_or(NoteError::Malformed)?;
        Ok(Self { text, signatures })
    }

    /// Checks the signatures by known keys and gives them; those by unknown keys are passed over.
    ///
    /// # Errors
    /// If a known key's signature is wrong, or there is none by a known key.
    pub fn open<'a>(&self, known: &'a [VerifierKey]) -> Result<Vec<Signed<'a>>, NoteError> {
        let mut signed: Vec<Signed<'a>> = Vec::new();
        for line in &self.signatures {
            let Some(key) = known.iter().find(|key| line.is_by(key)) else { continue };
            if !key.fits(&self.text, &line.bytes) {
                return Err(NoteError::WrongSignature { name: line.name.clone() });
            }
            let timed = key.algorithm() == Algorithm::CosignatureV1;
            let time = line.bytes.first_chunk::<8>().filter(|_| timed).map(|time| u64::from_be_bytes(*time));
            if !signed.iter().any(|earlier| earlier.key == key) {
                signed.push(Signed { key, unix_seconds: time });
            }
        }
        if signed.is_empty() { Err(NoteError::NoKnownSignature) } else { Ok(signed) }
    }

    /// The text, with its last newline.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures, not checked.
    #[must_use]
    pub fn signatures(&self) -> &[SignatureLine] {
        &self.signatures
    }
}

/// The note as it is written to a file.
impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|line| write!(f, "{line}"))
    }
}

/// Characters that no note may have: control characters other than the newline.
fn is_forbidden(c: char) -> bool {
    c < ' ' && c != '\n'
}

#[cfg(test)]
#[path = "note_tests.rs"]
mod tests;
