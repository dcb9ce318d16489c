//! Reading a leaf back, strictly: only bytes that [`Leaf::bytes`] would write are a leaf.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Detail, LEAF_VERSION, Leaf, LeafError, MAX_LEAF_BYTES, PackRef, SealedRef};
use crate::hash::Hash;
use crate::json::{JsonError, Value};

impl Leaf {
    /// Reads canonical bytes.
    ///
    /// # Errors
    /// If they are not byte for byte what [`Leaf::bytes`] writes for the leaf that they describe.
    pub fn parse(bytes: &[u8]) -> Result<Self, LeafError> {
        if bytes.len() > MAX_LEAF_BYTES {
            return Err(LeafError::TooLong);
        }
        let Value::Map(members) = Value::read(bytes)? else {
            return Err(LeafError::Json(JsonError::Malformed));
        };
        let mut fields = Fields { members };
        let leaf = fields.leaf()?;
        if !fields.members.is_empty() {
            return Err(LeafError::UnknownField);
        }
        // What is empty must be left out; writing again finds that and anything else that could differ.
        if leaf.bytes()? == bytes { Ok(leaf) } else { Err(LeafError::Json(JsonError::NotCanonical)) }
    }
}

/// The members not yet taken.
struct Fields {
    members: BTreeMap<String, Value>,
}

impl Fields {
    fn leaf(&mut self) -> Result<Leaf, LeafError> {
        if self.members.remove("v") != Some(Value::Int(LEAF_VERSION)) {
            return Err(LeafError::BadField("v"));
        }
        Ok(Leaf {
            kind: self.required("type")?,
            id: self.required("id")?,
            at_ms: self.at()?,
            log: self.required("log")?,
            pack: self.pack()?,
            clauses: self.clauses()?,
            act: self.required("act")?,
            outcome: self.required("outcome")?,
            record: self.text("record")?,
            revs: self.map("revs", natural)?,
            commitments: self.map("commitments", hash)?,
            sealed: self.sealed()?,
            detail: self.map("detail", detail)?,
        })
    }

    fn text(&mut self, name: &'static str) -> Result<Option<String>, LeafError> {
        match self.members.remove(name) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(_) => Err(LeafError::BadField(name)),
        }
    }

    fn required(&mut self, name: &'static str) -> Result<String, LeafError> {
        self.text(name)?.ok_or(LeafError::Missing(name))
    }

    fn hash(&mut self, name: &'static str) -> Result<Option<Hash>, LeafError> {
        self.members.remove(name).map(|value| hash(value).ok_or(LeafError::BadField(name))).transpose()
    }

    fn at(&mut self) -> Result<u64, LeafError> {
        let value = self.members.remove("at").ok_or(LeafError::Missing("at"))?;
        natural(value).ok_or(LeafError::BadField("at"))
    }

    fn pack(&mut self) -> Result<Option<PackRef>, LeafError> {
        match (self.text("pack")?, self.hash("digest")?) {
            (None, None) => Ok(None),
            (Some(name), Some(digest)) => Ok(Some(PackRef { name, digest })),
            (None, Some(_)) => Err(LeafError::Missing("pack")),
            (Some(_), None) => Err(LeafError::Missing("digest")),
        }
    }

    fn sealed(&mut self) -> Result<Option<SealedRef>, LeafError> {
        match (self.hash("ct")?, self.hash("kc")?) {
            (None, None) => Ok(None),
            (Some(ciphertext), Some(key_commitment)) => Ok(Some(SealedRef { ciphertext, key_commitment })),
            (None, Some(_)) => Err(LeafError::Missing("ct")),
            (Some(_), None) => Err(LeafError::Missing("kc")),
        }
    }

    fn clauses(&mut self) -> Result<Vec<String>, LeafError> {
        let texts = match self.members.remove("clauses") {
            None => return Ok(Vec::new()),
            Some(Value::List(items)) => items.into_iter().map(text).collect(),
            Some(_) => None,
        };
        texts.ok_or(LeafError::BadField("clauses"))
    }

    fn map<V>(
        &mut self,
        name: &'static str,
        read: impl Fn(Value) -> Option<V>,
    ) -> Result<BTreeMap<String, V>, LeafError> {
        let members = match self.members.remove(name) {
            None => return Ok(BTreeMap::new()),
            Some(Value::Map(members)) => {
                members.into_iter().map(|(key, value)| Some((key, read(value)?))).collect()
            }
            Some(_) => None,
        };
        members.ok_or(LeafError::BadField(name))
    }
}

fn text(value: Value) -> Option<String> {
    if let Value::Text(text) = value { Some(text) } else { None }
}

fn natural(value: Value) -> Option<u64> {
    if let Value::Int(value) = value { u64::try_from(value).ok() } else { None }
}

fn hash(value: Value) -> Option<Hash> {
    Hash::parse_hex(&text(value)?)
}

fn detail(value: Value) -> Option<Detail> {
    match value {
        Value::Text(text) => Some(Detail::Text(text)),
        Value::Int(value) => Some(Detail::Int(value)),
        _ => None,
    }
}
