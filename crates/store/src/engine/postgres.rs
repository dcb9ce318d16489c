//! PostgreSQL 15 or newer, for more than one machine.

mod guards;
mod server;
mod trouble;

use super::{BEGIN_READ, BEGIN_WRITE, COMMIT, Engine, EngineError, ROLLBACK, Shape, Trouble};
use crate::value::{Row, Value};
use ::postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use ::postgres::{Client, Statement};
use bytes::BytesMut;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

pub(crate) use server::PostgresServer;

/// The last warning of the server on one connection.
type Warning = Arc<Mutex<Option<String>>>;

/// One connection.
struct Postgres {
    client: Client,
    prepared: HashMap<String, (Statement, Arc<[String]>)>,
    warning: Warning,
    /// Whether a statement of the open transaction failed: the server would answer a commit with a rollback,
    /// and call that a success.
    failed: bool,
}

impl Postgres {
    fn new(client: Client, warning: Warning) -> Self {
        Self { client, prepared: HashMap::new(), warning, failed: false }
    }

    fn prepared(&mut self, sql: &str) -> Result<(Statement, Arc<[String]>), EngineError> {
        if let Some((statement, columns)) = self.prepared.get(sql) {
            return Ok((statement.clone(), Arc::clone(columns)));
        }
        let statement = self.client.prepare(sql)?;
        let columns: Arc<[String]> = statement.columns().iter().map(|c| c.name().to_owned()).collect();
        self.prepared.insert(sql.into(), (statement.clone(), Arc::clone(&columns)));
        Ok((statement, columns))
    }

    fn query(&mut self, sql: &str, rows: &[&[Value]]) -> Result<Vec<Row>, EngineError> {
        let (statement, columns) = self.prepared(sql)?;
        let params: Vec<&(dyn ToSql + Sync)> =
            rows.iter().copied().flatten().map(|value| value as _).collect();
        if statement.params().len() != params.len() {
            let message = format!("a statement takes {} values", statement.params().len());
            return Err(EngineError { trouble: Trouble::Statement, message });
        }
        let rows = self.client.query(&statement, &params)?;
        let owned = |row: &::postgres::Row| {
            let values = (0..columns.len()).map(|place| row.try_get(place));
            let values = values.collect::<Result<Vec<Value>, _>>()?;
            Ok(Row { columns: Arc::clone(&columns), values })
        };
        rows.iter().map(owned).collect()
    }

    /// Commits. A warning that comes with it means that the commit stands on this server alone and not on
    /// the standby that it was to wait for, so it counts as lost until that is known.
    fn commit(&mut self) -> Result<(), EngineError> {
        if self.failed {
            let message = "a statement before the commit failed".into();
            return Err(EngineError { trouble: Trouble::Statement, message });
        }
        self.lock_warning().take();
        self.client.batch_execute(COMMIT)?;
        match self.lock_warning().take() {
            Some(message) => Err(EngineError { trouble: Trouble::Lost, message }),
            None => Ok(()),
        }
    }

    fn lock_warning(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.warning.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine for Postgres {
    fn run_rows(&mut self, sql: &str, rows: &[&[Value]]) -> Result<Vec<Row>, EngineError> {
        let done = match sql {
            COMMIT => self.commit().map(|()| Vec::new()),
            BEGIN_WRITE | BEGIN_READ | ROLLBACK => {
                self.failed = false;
                self.client.batch_execute(sql).map(|()| Vec::new()).map_err(EngineError::from)
            }
            _ => self.query(sql, rows),
        };
        self.failed |= done.is_err();
        done
    }

    fn describe(&mut self, sql: &str) -> Result<Shape, EngineError> {
        let statement = self.client.prepare(sql)?;
        let odd = |column: &&::postgres::Column| !is_portable(column.type_());
        if let Some(column) = statement.columns().iter().find(odd) {
            let message = format!("column {} is {}", column.name(), column.type_());
            return Err(EngineError { trouble: Trouble::Statement, message });
        }
        if let Some(odd) = statement.params().iter().find(|kind| !is_portable(kind)) {
            let message = format!("a parameter is taken for {odd}");
            return Err(EngineError { trouble: Trouble::Statement, message });
        }
        let columns = statement.columns().iter().map(|column| column.name().to_owned()).collect();
        Ok(Shape { columns, parameters: statement.params().len() })
    }
}

/// Whether a type is one of the three that both engines know.
fn is_portable(kind: &Type) -> bool {
    matches!(*kind, Type::INT8 | Type::TEXT | Type::BYTEA)
}

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match (self, kind) {
            (Value::Null, _) => Ok(IsNull::Yes),
            (Value::Int(number), &Type::INT8) => number.to_sql(kind, out),
            (Value::Text(text), &Type::TEXT) => text.to_sql(kind, out),
            (Value::Bytes(bytes), &Type::BYTEA) => bytes.to_sql(kind, out),
            _ => Err(format!("a value does not fit {kind}").into()),
        }
    }

    fn accepts(kind: &Type) -> bool {
        is_portable(kind)
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        match *kind {
            Type::INT8 => i64::from_sql(kind, raw).map(Value::Int),
            Type::TEXT => String::from_sql(kind, raw).map(Value::Text),
            _ => Vec::from_sql(kind, raw).map(Value::Bytes),
        }
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Value::Null)
    }

    fn accepts(kind: &Type) -> bool {
        is_portable(kind)
    }
}
