//! The keys of signed notes: public ones as `vkey` texts, private ones that wipe themselves.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use base64ct::{Base64, Encoding};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use zeroize::Zeroizing;

use super::{NoteError, SignatureLine};
use crate::hash::{hex_value, sha256};

/// What a key signs, and how (the signature types of C2SP `signed-note`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// Type 0x01: Ed25519 over the text of the note. Logs sign so.
    Ed25519,
    /// Type 0x04: Ed25519 over a time and the text (C2SP `tlog-cosignature`). Witnesses sign so.
    CosignatureV1,
}

impl Algorithm {
    /// The type byte.
    fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::CosignatureV1 => 0x04,
        }
    }

    fn of_byte(byte: u8) -> Option<Self> {
        [Self::Ed25519, Self::CosignatureV1].into_iter().find(|algorithm| algorithm.byte() == byte)
    }
}

/// Whether a text can be the name of a key: not empty, no spaces, no control characters, no plus sign.
#[must_use]
pub fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

/// The key id: the first four bytes of SHA-256(name ‖ newline ‖ type ‖ public key), as a number.
fn key_id(name: &str, algorithm: Algorithm, public: &[u8; 32]) -> u32 {
    let mut bytes = Vec::with_capacity(name.len() + 34);
    bytes.extend_from_slice(name.as_bytes());
    bytes.extend_from_slice(&[b'\n', algorithm.byte()]);
    bytes.extend_from_slice(public);
    let [a, b, c, d, ..] = sha256(&bytes).0;
    u32::from_be_bytes([a, b, c, d])
}

/// Reads eight lower-case hexadecimal digits.
fn parse_id(text: &str) -> Option<u32> {
    if text.len() != 8 {
        return None;
    }
    text.bytes().try_fold(0, |id: u32, digit| Some(id << 4 | u32::from(hex_value(digit)?)))
}

/// A public key with its name: what its owner gives out as a `vkey`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: u32,
    algorithm: Algorithm,
    key: VerifyingKey,
}

impl VerifierKey {
    fn new(name: &str, algorithm: Algorithm, key: VerifyingKey) -> Result<Self, NoteError> {
        if !is_key_name(name) {
            return Err(NoteError::BadName);
        }
        Ok(Self { name: name.to_owned(), id: key_id(name, algorithm, key.as_bytes()), algorithm, key })
    }

    /// Reads a `vkey`: the name, eight hexadecimal digits of key id, and base64 of type and key, with plus
    /// signs between.
    ///
    /// # Errors
    /// If it is spelled otherwise, its id is not that of the key, or its type is unknown.
    pub fn parse(vkey: &str) -> Result<Self, NoteError> {
        let mut parts = vkey.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::MalformedKey);
        };
        let bytes = Base64::decode_vec(key).map_err(|_| NoteError::MalformedKey)?;
        let (kind, public) = bytes.split_first().ok_or(NoteError::MalformedKey)?;
        let algorithm = Algorithm::of_byte(*kind).ok_or(NoteError::UnknownAlgorithm)?;
        let public = VerifyingKey::try_from(public).map_err(|_| NoteError::MalformedKey)?;
        let parsed = Self::new(name, algorithm, public)?;
        if parse_id(id) == Some(parsed.id) { Ok(parsed) } else { Err(NoteError::MalformedKey) }
    }

    /// Name of the key; for a log, its origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// What the key signs.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The 32 bytes of the Ed25519 public key.
    #[must_use]
    pub fn public_bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Whether the signature bytes of a line fit the text.
    pub(super) fn fits(&self, text: &str, signature: &[u8]) -> bool {
        match self.algorithm {
            Algorithm::Ed25519 => self.fits_message(text.as_bytes(), signature),
            Algorithm::CosignatureV1 => {
                let Some((time, signature)) = signature.split_first_chunk::<8>() else { return false };
                let message = cosigned_message(text, u64::from_be_bytes(*time));
                self.fits_message(message.as_bytes(), signature)
            }
        }
    }

    fn fits_message(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }
}

/// The `vkey` text.
impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = [self.algorithm.byte(); 33];
        bytes[1..].copy_from_slice(self.key.as_bytes());
        write!(f, "{}+{:08x}+{}", self.name, self.id, Base64::encode_string(&bytes))
    }
}

/// What a witness signs (C2SP `tlog-cosignature`): a header with the time in seconds, then the text.
fn cosigned_message(text: &str, unix_seconds: u64) -> String {
    format!("cosignature/v1\ntime {unix_seconds}\n{text}")
}

/// A private key with its name. It is wiped when dropped and does not print itself.
pub struct SignerKey {
    name: String,
    algorithm: Algorithm,
    key: SigningKey,
}

impl fmt::Debug for SignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignerKey({}, …)", self.name)
    }
}

impl SignerKey {
    /// The key of a log from 32 random bytes, which the caller draws and wipes.
    ///
    /// # Errors
    /// If the name cannot be one.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        Self::with_algorithm(name, Algorithm::Ed25519, seed)
    }

    /// A key for the given use from 32 random bytes, which the caller draws and wipes.
    ///
    /// # Errors
    /// If the name cannot be one.
    pub fn with_algorithm(name: &str, algorithm: Algorithm, seed: &[u8; 32]) -> Result<Self, NoteError> {
        if !is_key_name(name) {
            return Err(NoteError::BadName);
        }
        Ok(Self { name: name.to_owned(), algorithm, key: SigningKey::from_bytes(seed) })
    }

    /// Reads `PRIVATE+KEY+name+id+base64(type ‖ seed)`, the private form that Go's `sumdb/note` uses.
    ///
    /// # Errors
    /// If it is spelled otherwise, its id is not that of the key, or its type is unknown.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let mut parts = text.strip_prefix("PRIVATE+KEY+").ok_or(NoteError::MalformedKey)?.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::MalformedKey);
        };
        let bytes = Zeroizing::new(Base64::decode_vec(key).map_err(|_| NoteError::MalformedKey)?);
        let (kind, seed) = bytes.split_first().ok_or(NoteError::MalformedKey)?;
        let algorithm = Algorithm::of_byte(*kind).ok_or(NoteError::UnknownAlgorithm)?;
        let seed = seed.try_into().map_err(|_| NoteError::MalformedKey)?;
        let parsed = Self::with_algorithm(name, algorithm, seed)?;
        if parse_id(id) == Some(parsed.id()) { Ok(parsed) } else { Err(NoteError::MalformedKey) }
    }

    /// The private text, to be kept in the keyring and nowhere else.
    #[must_use]
    pub fn to_secret_text(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([self.algorithm.byte(); 33]);
        bytes[1..].copy_from_slice(self.key.as_bytes());
        let encoded = Zeroizing::new(Base64::encode_string(bytes.as_slice()));
        let id = format!("+{:08x}+", self.id());
        // Room for the whole text from the start: a string that grows would leave copies of itself behind.
        let mut text = Zeroizing::new(String::with_capacity(64 + self.name.len() + encoded.len()));
        for part in ["PRIVATE+KEY+", &self.name, &id, &encoded] {
            text.push_str(part);
        }
        text
    }

    /// Name of the key.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    fn id(&self) -> u32 {
        key_id(&self.name, self.algorithm, self.key.verifying_key().as_bytes())
    }

    /// The public half.
    #[must_use]
    pub fn verifier(&self) -> VerifierKey {
        let key = self.key.verifying_key();
        VerifierKey { name: self.name.clone(), id: self.id(), algorithm: self.algorithm, key }
    }

    /// Signs a text. `unix_seconds` counts for cosignatures only, which carry the time.
    pub(super) fn line(&self, text: &str, unix_seconds: u64) -> SignatureLine {
        let bytes = match self.algorithm {
            Algorithm::Ed25519 => self.key.sign(text.as_bytes()).to_bytes().to_vec(),
            Algorithm::CosignatureV1 => {
                let mut bytes = unix_seconds.to_be_bytes().to_vec();
                let message = cosigned_message(text, unix_seconds);
                bytes.extend_from_slice(&self.key.sign(message.as_bytes()).to_bytes());
                bytes
            }
        };
        SignatureLine { name: self.name.clone(), id: self.id(), bytes }
    }
}
