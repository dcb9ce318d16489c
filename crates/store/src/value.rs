//! The four kinds of value that both engines know, and rows of them.

use crate::fault::Fault;
use std::sync::Arc;

/// A value on its way into or out of the database. Nothing personal converts into one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// No value.
    Null,
    /// `BIGINT`: counts, times in microseconds UTC, truth as 0 or 1.
    Int(i64),
    /// `TEXT`.
    Text(String),
    /// `BYTEA`.
    Bytes(Vec<u8>),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Value::Int(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Value::Int(number.into())
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Value::Int(truth.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Value::Text(text.clone())
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Value::Bytes(bytes)
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Value::Bytes(bytes.to_vec())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

impl From<domain::time::Instant> for Value {
    fn from(instant: domain::time::Instant) -> Self {
        Value::Int(instant.micros())
    }
}

impl From<&domain::id::Key> for Value {
    fn from(key: &domain::id::Key) -> Self {
        Value::Text(key.as_str().into())
    }
}

macro_rules! from_ids {
    ($($name:ident),* $(,)?) => {$(
        impl From<&domain::id::$name> for Value {
            fn from(id: &domain::id::$name) -> Self {
                Value::Text(id.as_str().into())
            }
        }
    )*};
}

from_ids!(
    AbsenceId,
    AgencyId,
    ApplicationId,
    AssignmentId,
    AttachmentId,
    BatchId,
    CaseId,
    ConsentId,
    ContractId,
    ExceptionId,
    WorkstationId,
    DelegationId,
    DutyId,
    EnrolmentId,
    EventId,
    HandoverId,
    LinkId,
    LogId,
    LookupId,
    PermissionId,
    TellingId,
    PersonId,
    QuestionId,
    UnitId,
);

/// A size or an index as the database keeps it. Sizes of logs stay far below 2^63.
pub(crate) fn count(number: u64) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Values in a row, each made by `Value::from`.
#[macro_export]
macro_rules! row {
    ($($value:expr),* $(,)?) => {
        ::std::vec::Vec::<$crate::Value>::from([$($crate::Value::from($value)),*])
    };
}

/// One row of an answer; its columns are found by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The names, shared by all rows of one answer.
    pub(crate) columns: Arc<[String]>,
    /// The values in the order of the names.
    pub(crate) values: Vec<Value>,
}

impl Row {
    fn value(&self, column: &str, wanted: &'static str) -> Result<&Value, Fault> {
        let place = self.columns.iter().position(|name| name == column);
        place.and_then(|place| self.values.get(place)).ok_or_else(|| wrong(column, wanted))
    }

    /// The text of a column that is never null.
    pub fn text(&self, column: &str) -> Result<String, Fault> {
        self.opt_text(column)?.ok_or_else(|| wrong(column, "text"))
    }

    /// The text of a column, if there is any.
    pub fn opt_text(&self, column: &str) -> Result<Option<String>, Fault> {
        match self.value(column, "text")? {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text.clone())),
            _ => Err(wrong(column, "text")),
        }
    }

    /// The number of a column that is never null.
    pub fn int(&self, column: &str) -> Result<i64, Fault> {
        self.opt_int(column)?.ok_or_else(|| wrong(column, "a number"))
    }

    /// The number of a column, if there is one.
    pub fn opt_int(&self, column: &str) -> Result<Option<i64>, Fault> {
        match self.value(column, "a number")? {
            Value::Null => Ok(None),
            Value::Int(number) => Ok(Some(*number)),
            _ => Err(wrong(column, "a number")),
        }
    }

    /// A count, which is never negative.
    pub fn count(&self, column: &str) -> Result<u64, Fault> {
        u64::try_from(self.int(column)?).map_err(|_| wrong(column, "a count"))
    }

    /// The truth value of a column.
    pub fn flag(&self, column: &str) -> Result<bool, Fault> {
        match self.int(column)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(wrong(column, "0 or 1")),
        }
    }

    /// The moment in a column that is never null.
    pub fn instant(&self, column: &str) -> Result<domain::time::Instant, Fault> {
        self.int(column).map(domain::time::Instant::from_micros)
    }

    /// The moment in a column, if there is one.
    pub fn opt_instant(&self, column: &str) -> Result<Option<domain::time::Instant>, Fault> {
        Ok(self.opt_int(column)?.map(domain::time::Instant::from_micros))
    }

    /// The bytes of a column that is never null.
    pub fn bytes(&self, column: &str) -> Result<&[u8], Fault> {
        match self.value(column, "bytes")? {
            Value::Bytes(bytes) => Ok(bytes),
            _ => Err(wrong(column, "bytes")),
        }
    }

    /// The 32 bytes of a hash.
    pub fn hash(&self, column: &str) -> Result<ledger::Hash, Fault> {
        ledger::Hash::from_slice(self.bytes(column)?).ok_or_else(|| wrong(column, "a hash"))
    }
}

fn wrong(column: &str, wanted: &'static str) -> Fault {
    Fault::PortableType { column: column.into(), wanted }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(value: Value) -> Row {
        Row { columns: Arc::from(["a".to_owned()]), values: vec![value] }
    }

    #[test]
    fn a_column_gives_only_its_own_type() {
        assert_eq!(row(Value::from("x")).text("a"), Ok("x".to_owned()));
        assert_eq!(row(Value::Null).opt_text("a"), Ok(None));
        assert!(row(Value::Null).text("a").is_err());
        assert!(row(Value::Int(1)).text("a").is_err());
        assert_eq!(row(Value::Int(-1)).int("a"), Ok(-1));
        assert!(row(Value::Int(-1)).count("a").is_err());
        assert_eq!(row(Value::from(true)).flag("a"), Ok(true));
        assert!(row(Value::Int(2)).flag("a").is_err());
        assert!(row(Value::Bytes(vec![0; 31])).hash("a").is_err());
        assert!(row(Value::Null).opt_text("b").is_err());
    }
}
