//! Sealing: personal data become rows only as ciphertext under a key of their own, or as keyed tags.
//!
//! Keyring → bucket key (one log, class and month) → data key (one sealed value). Destroying any of them
//! destroys all beneath it. What a leaf commits to is keyed from the data key and dies with it.

use crate::cipher::SecretKey;
use crate::engine::Engine;
use crate::fault::Fault;
use crate::keyring::Keyring;
use crate::random::{self, hex};
use crate::row;
use crate::statement::{Bulk, Statement, Type};
use crate::value::{Row, Value};
use domain::id::LogId;
use domain::time::Instant;
use domain::{Actor, Permit, Personal};
use ledger::Hash;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use subtle::ConstantTimeEq as _;

pub(crate) static SELECT_BUCKET: Statement =
    Statement { name: "select_bucket", sql: "SELECT wrapped, epoch FROM bucket WHERE id = $1" };
pub(crate) static ANY_BUCKET: Statement =
    Statement { name: "any_bucket", sql: "SELECT id FROM bucket LIMIT 1" };
pub(crate) static SELECT_SEALED: Statement = Statement {
    name: "select_sealed",
    sql: "SELECT log, bucket, wrapped, nonce, body, kc FROM sealed WHERE id = $1",
};
pub(crate) static INSERT_BUCKET: Bulk = Bulk {
    name: "insert_bucket",
    head: "INSERT INTO bucket (id, log, class, expires, wrapped, epoch)",
    columns: &[Type::Text, Type::Text, Type::Text, Type::Text, Type::Bytea, Type::BigInt],
    tail: "ON CONFLICT (id) DO NOTHING",
};
pub(crate) static INSERT_SEALED: Bulk = Bulk {
    name: "insert_sealed",
    head: "INSERT INTO sealed (id, log, bucket, wrapped, nonce, body, kc, at)",
    columns: &[
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Bytea,
        Type::Bytea,
        Type::Bytea,
        Type::Bytea,
        Type::BigInt,
    ],
    tail: "",
};

/// The class of buckets that records are sealed under.
const RECORDS: &str = "record";
/// The class of the one bucket of a log whose key makes its tags.
const TAGS: &str = "tag";
/// Bytes of a tag: long enough that no two of 5 × 10⁸ numbers meet.
const TAG_BYTES: usize = 16;

/// The identifier of a sealed value: all that a row may hold of something personal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed(String);

impl Sealed {
    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A blind index: equal values of one log and kind have equal tags, and nothing else can be learnt from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag(String);

impl Tag {
    /// The tag in hexadecimal.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Sealed> for Value {
    fn from(sealed: Sealed) -> Self {
        Value::Text(sealed.0)
    }
}

impl From<&Sealed> for Value {
    fn from(sealed: &Sealed) -> Self {
        Value::Text(sealed.0.clone())
    }
}

impl From<Tag> for Value {
    fn from(tag: Tag) -> Self {
        Value::Text(tag.0)
    }
}

impl From<&Tag> for Value {
    fn from(tag: &Tag) -> Self {
        Value::Text(tag.0.clone())
    }
}

/// The keys in use: the keyring, and bucket keys already unwrapped and known to be durable.
pub(crate) struct Keys {
    pub(crate) keyring: Keyring,
    unwrapped: Mutex<BTreeMap<String, Arc<SecretKey>>>,
}

/// The keys that one decision is sealed with.
pub(crate) struct LogKeys {
    bucket: String,
    key: Arc<SecretKey>,
    tag: Arc<SecretKey>,
}

/// A bucket's name: its log, its class, and for records the month they were made in.
fn bucket_id(log: &LogId, class: &str, month: Option<&str>) -> String {
    month.map_or_else(|| format!("{log}/{class}"), |month| format!("{log}/{class}/{month}"))
}

/// The month of a moment in Taipei, `2026-11`.
fn month(at: Instant) -> String {
    at.date().to_string().chars().take(7).collect()
}

impl Keys {
    pub(crate) fn new(keyring: Keyring) -> Self {
        Self { keyring, unwrapped: Mutex::default() }
    }

    /// The keys of a log, if they are in memory already.
    pub(crate) fn at_hand(&self, log: &LogId, at: Instant) -> Option<LogKeys> {
        let bucket = bucket_id(log, RECORDS, Some(&month(at)));
        let unwrapped = self.unwrapped.lock().unwrap_or_else(PoisonError::into_inner);
        let key = Arc::clone(unwrapped.get(&bucket)?);
        let tag = Arc::clone(unwrapped.get(&bucket_id(log, TAGS, None))?);
        Some(LogKeys { bucket, key, tag })
    }

    /// The keys of a log, drawn and written if they do not exist. The caller's transaction must commit before
    /// anything sealed under them counts.
    pub(crate) fn make(&self, engine: &mut dyn Engine, log: &LogId, at: Instant) -> Result<LogKeys, Fault> {
        let month = month(at);
        let key = self.load_or_draw(engine, log, RECORDS, Some(&month))?;
        let tag = self.load_or_draw(engine, log, TAGS, None)?;
        Ok(LogKeys { bucket: bucket_id(log, RECORDS, Some(&month)), key, tag })
    }

    fn load_or_draw(
        &self,
        engine: &mut dyn Engine,
        log: &LogId,
        class: &str,
        month: Option<&str>,
    ) -> Result<Arc<SecretKey>, Fault> {
        let id = bucket_id(log, class, month);
        if let Some(key) = self.load(engine, &id)? {
            return Ok(key);
        }
        let (epoch, outer) = self.keyring.newest()?;
        let key = SecretKey::draw()?;
        let wrapped = outer.wrap(&key, &id)?;
        engine.run(&INSERT_BUCKET.render(1), &row![&id, log, class, month, wrapped, epoch])?;
        // Read back, for another node may have drawn one at the same moment, and the first one counts. It is
        // not kept in memory yet: if this transaction is rolled back, the key never existed.
        self.load(engine, &id)?.ok_or_else(|| Fault::Corrupt(format!("bucket {id} went missing")))
    }

    /// A bucket's key, from memory or unwrapped from its row.
    fn load(&self, engine: &mut dyn Engine, id: &str) -> Result<Option<Arc<SecretKey>>, Fault> {
        if let Some(key) = self.unwrapped.lock().unwrap_or_else(PoisonError::into_inner).get(id) {
            return Ok(Some(Arc::clone(key)));
        }
        let rows = engine.run(SELECT_BUCKET.sql, &row![id])?;
        let Some(found) = rows.first() else { return Ok(None) };
        let outer = self.keyring.epoch(found.int("epoch")?)?;
        let key = outer.unwrap_key(found.bytes("wrapped")?, id);
        let wrong = || Fault::Keyring("its wrapping key is not the one this database was made with".into());
        Ok(Some(Arc::new(key.ok_or_else(wrong)?)))
    }

    /// Whether the keyring is the one that the database was made with, tried on one bucket of it.
    pub(crate) fn check(&self, engine: &mut dyn Engine) -> Result<(), Fault> {
        match engine.run(ANY_BUCKET.sql, &[])?.first() {
            Some(row) => self.load(engine, &row.text("id")?).map(|_| ()),
            None => Ok(()),
        }
    }

    /// Keeps the keys of buckets that are known to be committed.
    pub(crate) fn remember(&self, engine: &mut dyn Engine, log: &LogId, at: Instant) -> Result<(), Fault> {
        for id in [bucket_id(log, RECORDS, Some(&month(at))), bucket_id(log, TAGS, None)] {
            if let Some(key) = self.load(engine, &id)? {
                self.unwrapped.lock().unwrap_or_else(PoisonError::into_inner).insert(id, key);
            }
        }
        Ok(())
    }

    /// Opens a sealed value.
    pub(crate) fn unseal(&self, engine: &mut dyn Engine, id: &str) -> Result<Personal, Fault> {
        let gone = |why: &str| Fault::Unsealable(why.into());
        let rows = engine.run(SELECT_SEALED.sql, &row![id])?;
        let found = rows.first().ok_or_else(|| gone("there is none of this name"))?;
        let bucket = found.text("bucket")?;
        let outer = self.load(engine, &bucket)?.ok_or_else(|| gone("the key of its bucket is destroyed"))?;
        open(found, id, &outer)
    }

    /// The tag of a value; a log that never wrote anything has no tags, and then nothing can match.
    pub(crate) fn tag(
        &self,
        engine: &mut dyn Engine,
        log: &LogId,
        kind: &str,
        value: &str,
    ) -> Result<Tag, Fault> {
        let key = self.load(engine, &bucket_id(log, TAGS, None))?;
        Ok(key.map_or_else(|| Tag("-".into()), |key| tag(&key, kind, value)))
    }
}

fn tag(key: &SecretKey, kind: &str, value: &str) -> Tag {
    let mac = key.derive("tag").mac(&[kind.as_bytes(), value.as_bytes()]);
    Tag(hex(&mac[..TAG_BYTES]))
}

/// What ties a sealed value to its place, so that a row's ciphertext cannot be moved into another.
fn about(id: &str, log: &str) -> Vec<u8> {
    format!("{id}|{log}").into_bytes()
}

fn open(found: &Row, id: &str, outer: &SecretKey) -> Result<Personal, Fault> {
    let changed = || Fault::Unsealable("its bytes or its key were changed".into());
    let key = outer.unwrap_key(found.bytes("wrapped")?, id).ok_or_else(changed)?;
    let commitment = key.derive("commit");
    if !bool::from(commitment.expose().ct_eq(found.bytes("kc")?)) {
        return Err(changed());
    }
    let log = found.text("log")?;
    let plain = key.derive("enc").decrypt(found.bytes("nonce")?, found.bytes("body")?, &about(id, &log));
    let plain = plain.ok_or_else(changed)?;
    std::str::from_utf8(&plain).map(Personal::new).map_err(|_| changed())
}

/// What a capability's rows are made with: it seals and tags for the log of one decision.
pub struct Sealing<'a> {
    permit: &'a Permit,
    keys: &'a LogKeys,
    rows: Vec<Vec<Value>>,
}

/// The data key of a fact and what its leaf says about the sealed part.
pub(crate) struct SealedFact {
    /// The sealed value's name, which is the event's.
    pub(crate) id: Sealed,
    /// SHA-256 over nonce and ciphertext.
    pub(crate) ciphertext: Hash,
    /// The commitment to the data key.
    pub(crate) key_commitment: Hash,
    /// HMACs of the named values under a key derived from the data key.
    pub(crate) commitments: BTreeMap<String, Hash>,
}

impl<'a> Sealing<'a> {
    pub(crate) fn new(permit: &'a Permit, keys: &'a LogKeys) -> Self {
        Self { permit, keys, rows: Vec::new() }
    }

    /// The log that the decision is entered in.
    pub fn log(&self) -> &LogId {
        self.permit.log()
    }

    /// When it was made.
    pub fn at(&self) -> Instant {
        self.permit.at()
    }

    /// Who made it.
    pub fn actor(&self) -> &Actor {
        self.permit.actor()
    }

    /// Seals one value under a data key of its own; its row goes with the decision's other rows.
    ///
    /// # Errors
    /// If no random bytes can be had.
    pub fn seal(&mut self, value: &Personal) -> Result<Sealed, Fault> {
        // The time comes first, so that the rows of one moment lie side by side.
        let id = format!("{:012x}{}", self.permit.at().millis(), hex(&random::bytes::<10>()?));
        let key = SecretKey::draw()?;
        self.put(&id, &key, value.expose())?;
        Ok(Sealed(id))
    }

    /// Seals a value if there is one and it is not empty; else the row holds null.
    ///
    /// # Errors
    /// As [`Sealing::seal`].
    pub fn seal_opt(&mut self, value: Option<&Personal>) -> Result<Value, Fault> {
        match value.filter(|value| !value.is_empty()) {
            Some(value) => self.seal(value).map(Value::from),
            None => Ok(Value::Null),
        }
    }

    /// The tag of a value that the edge has normalised.
    ///
    /// # Errors
    /// None today; a log whose tag key is destroyed will have none to give.
    pub fn tag(&self, kind: &str, value: &str) -> Result<Tag, Fault> {
        Ok(tag(&self.keys.tag, kind, value))
    }

    /// Seals the private part of a fact and commits to the named values.
    pub(crate) fn fact(
        &mut self,
        id: &str,
        plain: &str,
        values: &[(&str, &str)],
    ) -> Result<SealedFact, Fault> {
        let key = SecretKey::draw()?;
        let (ciphertext, key_commitment) = self.put(id, &key, plain)?;
        let leaf = key.derive("leaf");
        let commit = |(name, value): &(&str, &str)| {
            ((*name).to_owned(), Hash(leaf.mac(&[name.as_bytes(), value.as_bytes()])))
        };
        let commitments = values.iter().map(commit).collect();
        Ok(SealedFact { id: Sealed(id.into()), ciphertext, key_commitment, commitments })
    }

    fn put(&mut self, id: &str, key: &SecretKey, plain: &str) -> Result<(Hash, Hash), Fault> {
        let log = self.permit.log();
        let (nonce, body) = key.derive("enc").encrypt(plain.as_bytes(), &about(id, log.as_str()))?;
        let ciphertext = ledger::hash::sha256(&[&nonce[..], &body].concat());
        let commitment = *key.derive("commit").expose();
        let wrapped = self.keys.key.wrap(key, id)?;
        let at = self.permit.at();
        self.rows.push(row![id, log, &self.keys.bucket, wrapped, &nonce[..], body, &commitment[..], at]);
        Ok((ciphertext, Hash(commitment)))
    }

    /// The rows of everything sealed.
    pub(crate) fn into_rows(self) -> Vec<Vec<Value>> {
        self.rows
    }
}

#[cfg(test)]
#[path = "seal_tests.rs"]
mod tests;
