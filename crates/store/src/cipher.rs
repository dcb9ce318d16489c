//! The few cryptographic steps that everything sealed is made of.
//!
//! Keys are 32 bytes, wiped when dropped, without `Debug` and without a way to print them.

use crate::fault::Fault;
use crate::random;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::{ZeroizeOnDrop, Zeroizing};

/// Bytes of a nonce of AES-GCM (NIST SP 800-38D, 96 bits).
pub(crate) const NONCE_BYTES: usize = 12;

/// A symmetric key.
#[derive(Clone, ZeroizeOnDrop)]
pub(crate) struct SecretKey([u8; 32]);

impl SecretKey {
    /// A new random key.
    pub(crate) fn draw() -> Result<Self, Fault> {
        random::bytes().map(Self)
    }

    /// A key from exactly 32 bytes.
    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes, for the keyring that writes them and the signer that needs them.
    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// A key for one purpose: HKDF-SHA-256 (RFC 5869) without salt, as this key is random.
    pub(crate) fn derive(&self, purpose: &str) -> SecretKey {
        expand(&Hkdf::new(None, &self.0), purpose)
    }

    /// A key from a long random secret of any length, for one place and purpose.
    pub(crate) fn from_secret(secret: &[u8], salt: &[u8], purpose: &str) -> SecretKey {
        expand(&Hkdf::new(Some(salt), secret), purpose)
    }

    /// HMAC-SHA-256 (RFC 2104) over parts that a zero byte keeps apart; no part before the last may hold one.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac =
            <Hmac<Sha256> as KeyInit>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        for (place, part) in parts.iter().enumerate() {
            if place > 0 {
                mac.update(&[0]);
            }
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(&self.0.into())
    }

    /// AES-256-GCM with a random nonce; `about` is what the bytes belong to and is checked when opening.
    pub(crate) fn encrypt(&self, plain: &[u8], about: &[u8]) -> Result<([u8; NONCE_BYTES], Vec<u8>), Fault> {
        let nonce = random::bytes::<NONCE_BYTES>()?;
        let payload = Payload { msg: plain, aad: about };
        let sealed = self.cipher().encrypt(&Nonce::from(nonce), payload);
        sealed.map(|sealed| (nonce, sealed)).map_err(|_| Fault::Unsealable("the value is too long".into()))
    }

    /// Opens what [`SecretKey::encrypt`] made.
    pub(crate) fn decrypt(&self, nonce: &[u8], sealed: &[u8], about: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().ok()?;
        let payload = Payload { msg: sealed, aad: about };
        self.cipher().decrypt(&Nonce::from(nonce), payload).ok().map(Zeroizing::new)
    }

    /// Another key, wrapped under this one: nonce, then ciphertext.
    pub(crate) fn wrap(&self, key: &SecretKey, about: &str) -> Result<Vec<u8>, Fault> {
        let (nonce, sealed) = self.derive("wrap").encrypt(&key.0, about.as_bytes())?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Unwraps what [`SecretKey::wrap`] made.
    pub(crate) fn unwrap_key(&self, wrapped: &[u8], about: &str) -> Option<SecretKey> {
        let (nonce, sealed) = wrapped.split_at_checked(NONCE_BYTES)?;
        SecretKey::from_slice(&self.derive("wrap").decrypt(nonce, sealed, about.as_bytes())?)
    }
}

fn expand(hkdf: &Hkdf<Sha256>, purpose: &str) -> SecretKey {
    let mut key = [0; 32];
    hkdf.expand(purpose.as_bytes(), &mut key).expect("32 bytes are fewer than HKDF-SHA-256 can give");
    SecretKey(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_key_and_place_open_a_value() {
        let (key, other) = (SecretKey::draw().unwrap(), SecretKey::draw().unwrap());
        let (nonce, sealed) = key.encrypt(b"value", b"here").unwrap();
        assert_eq!(key.decrypt(&nonce, &sealed, b"here").unwrap().as_slice(), b"value");
        assert!(key.decrypt(&nonce, &sealed, b"there").is_none());
        assert!(other.decrypt(&nonce, &sealed, b"here").is_none());
        assert!(key.decrypt(&nonce[..11], &sealed, b"here").is_none());
        let mut changed = sealed.clone();
        changed[0] ^= 1;
        assert!(key.decrypt(&nonce, &changed, b"here").is_none());
    }

    #[test]
    fn keys_wrap_and_unwrap_in_their_place_only() {
        let (outer, inner) = (SecretKey::draw().unwrap(), SecretKey::draw().unwrap());
        let wrapped = outer.wrap(&inner, "bucket").unwrap();
        assert_eq!(outer.unwrap_key(&wrapped, "bucket").unwrap().expose(), inner.expose());
        assert!(outer.unwrap_key(&wrapped, "other").is_none());
        assert!(outer.unwrap_key(&wrapped[..8], "bucket").is_none());
    }

    #[test]
    fn derivation_follows_rfc_5869() {
        // Computed with an independent HKDF-SHA-256: key of 32 times 0x0b, no salt, purpose "enc".
        let key = SecretKey([0x0b; 32]);
        assert_ne!(key.derive("enc").expose(), key.derive("commit").expose());
        assert_eq!(random::hex(key.derive("enc").expose()), EXPECTED_ENC);
        assert_eq!(random::hex(&key.mac(&[b"a", b"b"])), EXPECTED_MAC);
    }

    const EXPECTED_ENC: &str = "4128e3d0f28ab861fa2d4f018a28351e5db294767d8f9db8f63a70eb13058ed6";
    const EXPECTED_MAC: &str = "452a30d2a14c8a31639cae29f35b121b336deaf6a88d7b046e49fb0f7c9ed578";
}
