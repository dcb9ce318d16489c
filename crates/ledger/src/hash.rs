//! Hashing as RFC 6962 §2.1 has it: a prefix byte keeps leaves and inner nodes apart.

use alloc::string::String;
use core::fmt;

use base64ct::{Base64, Encoding};
use sha2::{Digest, Sha256};

mod blocks;

pub(crate) use blocks::{LeafHasher, go_up};

/// Length of a hash in bytes.
pub const HASH_BYTES: usize = 32;

/// A SHA-256 value: the hash of a leaf, of an inner node, of a whole tree or of any other bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; HASH_BYTES]);

/// The root of the empty tree: SHA-256 of nothing (RFC 6962 §2.1).
pub const EMPTY_ROOT: Hash = Hash([
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27,
    0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
]);

/// SHA-256 of plain bytes, without a prefix.
#[must_use]
pub fn sha256(bytes: &[u8]) -> Hash {
    Hash(Sha256::digest(bytes).into())
}

/// Hash of a log entry: SHA-256(0x00 ‖ entry), RFC 6962 §2.1.
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([0x00]).chain_update(entry).finalize().into())
}

/// Hash of an inner node: SHA-256(0x01 ‖ left ‖ right), RFC 6962 §2.1.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut block = [0x01_u8; 1 + 2 * HASH_BYTES];
    block[1..=HASH_BYTES].copy_from_slice(&left.0);
    block[1 + HASH_BYTES..].copy_from_slice(&right.0);
    Hash(Sha256::digest(block).into())
}

impl Hash {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; HASH_BYTES] {
        &self.0
    }

    /// A hash from exactly 32 bytes.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// 64 lower-case hexadecimal digits, as in leaves.
    #[must_use]
    pub fn to_hex(&self) -> String {
        self.hex_digits().map(char::from).iter().collect()
    }

    /// The digits of [`Hash::to_hex`], without allocating.
    pub(crate) fn hex_digits(&self) -> [u8; 2 * HASH_BYTES] {
        let mut digits = [0; 2 * HASH_BYTES];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(self.0) {
            pair[0] = hex_digit(byte >> 4);
            pair[1] = hex_digit(byte & 15);
        }
        digits
    }

    /// Reads exactly 64 lower-case hexadecimal digits; one hash has one spelling.
    #[must_use]
    pub fn parse_hex(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 2 * HASH_BYTES {
            return None;
        }
        let mut bytes = [0_u8; HASH_BYTES];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = hex_value(pair[0])? << 4 | hex_value(pair[1])?;
        }
        Some(Self(bytes))
    }

    /// Standard padded base64, as in checkpoints and proofs.
    #[must_use]
    pub fn to_base64(&self) -> String {
        Base64::encode_string(&self.0)
    }

    /// Reads standard padded base64 of exactly 32 bytes, in its one canonical spelling.
    #[must_use]
    pub fn parse_base64(text: &str) -> Option<Self> {
        let mut bytes = [0_u8; HASH_BYTES];
        let decoded = Base64::decode(text, &mut bytes).ok()?;
        Self::from_slice(decoded)
    }
}

/// The lower-case digit of a value below 16.
pub(crate) fn hex_digit(value: u8) -> u8 {
    if value < 10 { b'0' + value } else { b'a' + value - 10 }
}

/// The value of a lower-case hexadecimal digit.
pub(crate) fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers_of_rfc_6962() {
        // From the reference vectors of Certificate Transparency.
        assert_eq!(sha256(b""), EMPTY_ROOT);
        assert_eq!(
            leaf_hash(b"").to_hex(),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
        );
        assert_eq!(
            leaf_hash(b"L123456").to_hex(),
            "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
        );
    }

    #[test]
    fn node_hash_is_sha256_of_prefix_and_children() {
        let (left, right) = (leaf_hash(b"a"), leaf_hash(b"b"));
        let mut bytes = alloc::vec![1_u8];
        bytes.extend_from_slice(&left.0);
        bytes.extend_from_slice(&right.0);
        assert_eq!(node_hash(&left, &right), sha256(&bytes));
        assert_ne!(node_hash(&left, &right), node_hash(&right, &left));
    }

    #[test]
    fn text_forms_go_there_and_back_and_have_one_spelling() {
        let hash = leaf_hash(b"x");
        assert_eq!(Hash::parse_hex(&hash.to_hex()), Some(hash));
        assert_eq!(Hash::parse_base64(&hash.to_base64()), Some(hash));
        assert_eq!(EMPTY_ROOT.to_base64(), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        assert_eq!(Hash::parse_hex(&hash.to_hex().to_uppercase()), None);
        assert_eq!(Hash::parse_base64("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV="), None);
        assert_eq!(Hash::parse_base64("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"), None);
        assert_eq!(Hash::from_slice(&[0; 31]), None);
    }
}
