//! Parked answers: kept for the time the rule lets them be seen again, under a key that the store does not
//! have. Only the session or token that asked holds the secret; here is its hash alone.

use crate::cipher::SecretKey;
use crate::fault::Fault;
use crate::random::hex;
use crate::read::Read;
use crate::row;
use crate::statement::{Bulk, Statement, Type};
use crate::tend::Tend;
use crate::value::Value;
use domain::id::LookupId;
use domain::time::Instant;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

pub(crate) static PUT_PARKED: Bulk = Bulk {
    name: "put_parked",
    head: "INSERT INTO parked (lookup, secret_hash, nonce, body, expires)",
    columns: &[Type::Text, Type::Text, Type::Bytea, Type::Bytea, Type::BigInt],
    tail: "ON CONFLICT (lookup) DO UPDATE SET secret_hash = excluded.secret_hash, nonce = excluded.nonce, \
           body = excluded.body, expires = excluded.expires",
};
static SELECT_PARKED: Statement = Statement {
    name: "select_parked",
    sql: "SELECT nonce, body FROM parked WHERE lookup = $1 AND secret_hash = $2 AND expires > $3",
};
static DROP_PARKED: Statement =
    Statement { name: "drop_parked", sql: "DELETE FROM parked WHERE lookup = $1" };
static DROP_EXPIRED: Statement =
    Statement { name: "drop_expired", sql: "DELETE FROM parked WHERE expires <= $1" };

pub(crate) static STATEMENTS: &[&Statement] = &[&SELECT_PARKED, &DROP_PARKED, &DROP_EXPIRED];

/// The key of one answer: from the secret, for one lookup.
fn key(lookup: &LookupId, secret: &[u8]) -> SecretKey {
    SecretKey::from_secret(secret, lookup.as_str().as_bytes(), "parked")
}

fn hash(secret: &[u8]) -> String {
    hex(&Sha256::new().chain_update(b"parked\0").chain_update(secret).finalize())
}

/// An answer that is sealed and on its way to its row. It is written with the entry that says what was
/// answered, in the same transaction: a row of its own would cost a commit of its own.
pub struct Parked {
    pub(crate) row: Vec<Value>,
}

impl Parked {
    /// Seals an answer that can be seen again until `expires`. The secret must be random and long; it is
    /// not kept.
    ///
    /// # Errors
    /// If no random bytes can be had.
    pub fn seal(lookup: &LookupId, secret: &[u8], answer: &[u8], expires: Instant) -> Result<Self, Fault> {
        let (nonce, body) = key(lookup, secret).encrypt(answer, lookup.as_str().as_bytes())?;
        Ok(Self { row: row![lookup, hash(secret), &nonce[..], body, expires] })
    }
}

impl Tend<'_> {
    /// Forgets one parked answer.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn drop_parked(&mut self, lookup: &LookupId) -> Result<(), Fault> {
        self.run(&DROP_PARKED, &row![lookup]).map(|_| ())
    }

    /// Forgets all parked answers whose time is over.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn drop_expired(&mut self, now: Instant) -> Result<(), Fault> {
        self.run(&DROP_EXPIRED, &row![now]).map(|_| ())
    }
}

impl Read<'_> {
    /// Opens a parked answer, if it is still kept and the secret is the one it was parked with.
    ///
    /// # Errors
    /// If the database refuses, or the bytes were changed.
    pub fn parked(
        &mut self,
        lookup: &LookupId,
        secret: &[u8],
        now: Instant,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Fault> {
        let Some(row) = self.one(&SELECT_PARKED, &row![lookup, hash(secret), now])? else { return Ok(None) };
        let key = key(lookup, secret);
        let opened = key.decrypt(row.bytes("nonce")?, row.bytes("body")?, lookup.as_str().as_bytes());
        opened.map(Some).ok_or_else(|| Fault::Unsealable("a parked answer was changed".into()))
    }
}
