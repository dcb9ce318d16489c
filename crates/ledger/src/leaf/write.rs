//! Writing a leaf, member by member in canonical order, straight into its bytes.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Detail, LEAF_VERSION, Leaf, LeafError, MAX_LEAF_BYTES};
use crate::hash::Hash;
use crate::json::{MAX_INTEGER, write_int, write_text};

impl Leaf {
    /// The canonical bytes: what the log keeps, hashes and signs.
    ///
    /// # Errors
    /// If a field holds what it must not, or the leaf is too long.
    pub fn bytes(&self) -> Result<Vec<u8>, LeafError> {
        let mut writer = Writer { out: Vec::with_capacity(640) };
        writer.out.push(b'{');
        writer.text("act", &self.act)?;
        writer.natural("at", self.at_ms)?;
        writer.clauses(&self.clauses)?;
        writer.map("commitments", &self.commitments, |writer, hash| {
            writer.hex(hash);
            Ok(())
        })?;
        if let Some(sealed) = &self.sealed {
            writer.hash("ct", &sealed.ciphertext);
        }
        writer.map("detail", &self.detail, Writer::detail)?;
        if let Some(pack) = &self.pack {
            writer.hash("digest", &pack.digest);
        }
        writer.text("id", &self.id)?;
        if let Some(sealed) = &self.sealed {
            writer.hash("kc", &sealed.key_commitment);
        }
        writer.text("log", &self.log)?;
        writer.text("outcome", &self.outcome)?;
        if let Some(pack) = &self.pack {
            writer.text("pack", &pack.name)?;
        }
        if let Some(record) = &self.record {
            writer.text("record", record)?;
        }
        writer.map("revs", &self.revs, |writer, rev| writer.number("revs", *rev))?;
        writer.text("type", &self.kind)?;
        writer.key("v");
        write_int(&mut writer.out, LEAF_VERSION)?;
        writer.out.push(b'}');
        if writer.out.len() > MAX_LEAF_BYTES { Err(LeafError::TooLong) } else { Ok(writer.out) }
    }
}

/// Whether a text may stand in a leaf: something, and nothing that does not print.
pub(super) fn is_sound(text: &str) -> bool {
    !text.is_empty() && !text.contains(char::is_control)
}

/// Whether a text may be the name of a commitment, detail or rev: visible ASCII, so that every reader sorts
/// names alike.
fn is_sound_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Writes the members of a leaf in the order in which they are called.
struct Writer {
    out: Vec<u8>,
}

impl Writer {
    fn key(&mut self, name: &str) {
        if self.out.last() != Some(&b'{') {
            self.out.push(b',');
        }
        write_text(&mut self.out, name);
        self.out.push(b':');
    }

    fn sound_text(&mut self, field: &'static str, text: &str) -> Result<(), LeafError> {
        if !is_sound(text) {
            return Err(LeafError::BadField(field));
        }
        write_text(&mut self.out, text);
        Ok(())
    }

    fn text(&mut self, field: &'static str, text: &str) -> Result<(), LeafError> {
        self.key(field);
        self.sound_text(field, text)
    }

    fn number(&mut self, field: &'static str, value: u64) -> Result<(), LeafError> {
        let value = i64::try_from(value).ok().filter(|value| *value <= MAX_INTEGER);
        Ok(write_int(&mut self.out, value.ok_or(LeafError::BadField(field))?)?)
    }

    fn natural(&mut self, field: &'static str, value: u64) -> Result<(), LeafError> {
        self.key(field);
        self.number(field, value)
    }

    fn hex(&mut self, hash: &Hash) {
        self.out.push(b'"');
        self.out.extend_from_slice(&hash.hex_digits());
        self.out.push(b'"');
    }

    fn hash(&mut self, field: &'static str, hash: &Hash) {
        self.key(field);
        self.hex(hash);
    }

    fn detail(&mut self, detail: &Detail) -> Result<(), LeafError> {
        match detail {
            Detail::Text(text) => self.sound_text("detail", text),
            Detail::Int(value) => write_int(&mut self.out, *value).map_err(|_| LeafError::BadField("detail")),
        }
    }

    fn clauses(&mut self, clauses: &[String]) -> Result<(), LeafError> {
        if clauses.is_empty() {
            return Ok(());
        }
        self.key("clauses");
        self.out.push(b'[');
        for (position, clause) in clauses.iter().enumerate() {
            if position > 0 {
                self.out.push(b',');
            }
            self.sound_text("clauses", clause)?;
        }
        self.out.push(b']');
        Ok(())
    }

    fn map<V>(
        &mut self,
        field: &'static str,
        map: &BTreeMap<String, V>,
        write: impl Fn(&mut Self, &V) -> Result<(), LeafError>,
    ) -> Result<(), LeafError> {
        if map.is_empty() {
            return Ok(());
        }
        self.key(field);
        self.out.push(b'{');
        for (name, value) in map {
            if !is_sound_name(name) {
                return Err(LeafError::BadField(field));
            }
            self.key(name);
            write(self, value)?;
        }
        self.out.push(b'}');
        Ok(())
    }
}
