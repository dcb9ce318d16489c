//! What is parked: answers for the time the rule lets them be seen again, and forms whose writer has to sign
//! in first; under a key that the store does not have. Only whoever parked it holds the secret; here is its
//! hash alone.

use crate::cipher::SecretKey;
use crate::fault::Fault;
use crate::random::hex;
use crate::read::Read;
use crate::row;
use crate::statement::{Bulk, Statement, Type};
use crate::tend::Tend;
use crate::value::Value;
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

/// The key of one parked thing: from the secret, for one name.
fn key(name: &str, secret: &[u8]) -> SecretKey {
    SecretKey::from_secret(secret, name.as_bytes(), "parked")
}

fn hash(secret: &[u8]) -> String {
    hex(&Sha256::new().chain_update(b"parked\0").chain_update(secret).finalize())
}

/// What is sealed and on its way to its row. An answer is written with the entry that says what was answered,
/// in the same transaction: a row of its own would cost a commit of its own.
pub struct Parked {
    pub(crate) row: Vec<Value>,
}

impl Parked {
    /// Seals bytes that can be seen again until `expires`, under a name: the record code of an answer, or
    /// another that no record has. The secret must be random and long; it is not kept.
    ///
    /// # Errors
    /// If no random bytes can be had.
    pub fn seal(name: &str, secret: &[u8], bytes: &[u8], expires: Instant) -> Result<Self, Fault> {
        let (nonce, body) = key(name, secret).encrypt(bytes, name.as_bytes())?;
        Ok(Self { row: row![name, hash(secret), &nonce[..], body, expires] })
    }
}

impl Tend<'_> {
    /// Parks what no entry is about, in the place of what was parked under its name before.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn park(&mut self, parked: &Parked) -> Result<(), Fault> {
        let done = self.engine.run(&PUT_PARKED.render(1), &parked.row);
        done.map(|_| ()).map_err(|error| Fault::from(error).during(PUT_PARKED.name))
    }

    /// Forgets what is parked under a name.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn drop_parked(&mut self, name: &str) -> Result<(), Fault> {
        self.run(&DROP_PARKED, &row![name]).map(|_| ())
    }

    /// Forgets all whose time is over.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn drop_expired(&mut self, now: Instant) -> Result<(), Fault> {
        self.run(&DROP_EXPIRED, &row![now]).map(|_| ())
    }
}

impl Read<'_> {
    /// Opens what is parked under a name, if it is still kept and the secret is the one it was parked with.
    ///
    /// # Errors
    /// If the database refuses, or the bytes were changed.
    pub fn parked(
        &mut self,
        name: &str,
        secret: &[u8],
        now: Instant,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Fault> {
        let Some(row) = self.one(&SELECT_PARKED, &row![name, hash(secret), now])? else { return Ok(None) };
        let key = key(name, secret);
        let opened = key.decrypt(row.bytes("nonce")?, row.bytes("body")?, name.as_bytes());
        opened.map(Some).ok_or_else(|| Fault::Unsealable("what was parked was changed".into()))
    }
}
