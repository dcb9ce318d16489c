//! Reading: one unchanging state of the rows, and no method that changes anything.

use crate::batch::{self, Receipt};
use crate::engine::Engine;
use crate::fault::Fault;
use crate::row;
use crate::seal::{Keys, Tag};
use crate::statement::Statement;
use crate::value::{Row, Value};
use domain::decision::Idempotency;
use domain::id::{Key, LogId, PersonId};
use domain::{Grounds, Personal, Seen};

static SELECT_REVISION: Statement =
    Statement { name: "select_revision", sql: "SELECT rev FROM revision WHERE key = $1" };
/// A few revisions at once; the last key fills up.
static SELECT_FEW: Statement = Statement {
    name: "select_few_revisions",
    sql: "SELECT key, rev FROM revision WHERE key IN ($1, $2, $3, $4, $5, $6, $7, $8)",
};
/// How many keys that statement takes.
const FEW: usize = 8;
static SELECT_ONCE: Statement = Statement {
    name: "select_once",
    sql: "SELECT request, log, idx, n, hash FROM idempotency WHERE actor = $1 AND key = $2",
};

pub(crate) static STATEMENTS: &[&Statement] = &[&SELECT_REVISION, &SELECT_FEW, &SELECT_ONCE];

/// A reader within one transaction.
pub struct Read<'a> {
    pub(crate) engine: &'a mut dyn Engine,
    pub(crate) keys: &'a Keys,
}

impl Read<'_> {
    /// The rows that a named statement answers.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn query(&mut self, statement: &'static Statement, values: &[Value]) -> Result<Vec<Row>, Fault> {
        let answer = self.engine.run(statement.sql, values);
        answer.map_err(|error| Fault::from(error).during(statement.name))
    }

    /// The first row that a named statement answers, if any.
    ///
    /// # Errors
    /// As [`Read::query`].
    pub fn one(&mut self, statement: &'static Statement, values: &[Value]) -> Result<Option<Row>, Fault> {
        Ok(self.query(statement, values)?.into_iter().next())
    }

    /// Opens a sealed value by its name in a row.
    ///
    /// # Errors
    /// If its key is destroyed or its bytes were changed.
    pub fn unseal(&mut self, id: &str) -> Result<Personal, Fault> {
        if id.is_empty() {
            // What was destroyed left no name behind.
            return Ok(Personal::default());
        }
        self.keys.unseal(&mut *self.engine, id)
    }

    /// Opens a sealed value if the row has one.
    ///
    /// # Errors
    /// As [`Read::unseal`].
    pub fn unseal_opt(&mut self, id: Option<&str>) -> Result<Option<Personal>, Fault> {
        id.map(|id| self.unseal(id)).transpose()
    }

    /// The tag by which rows of a log find a normalised value.
    ///
    /// # Errors
    /// If the key of the log's tags cannot be unwrapped.
    pub fn tag(&mut self, log: &LogId, kind: &str, value: &str) -> Result<Tag, Fault> {
        self.keys.tag(&mut *self.engine, log, kind, value)
    }

    /// The revision of a row: zero if it never existed.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn rev(&mut self, key: &Key) -> Result<Seen, Fault> {
        let row = self.one(&SELECT_REVISION, &row![key])?;
        let rev = row.map_or(Ok(0), |row| row.int("rev"))?;
        Ok(Seen { key: key.clone(), rev })
    }

    /// The revisions of several rows, in the order asked.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn revs(&mut self, keys: impl IntoIterator<Item = Key>) -> Result<Vec<Seen>, Fault> {
        let mut seen: Vec<Seen> = keys.into_iter().map(|key| Seen { key, rev: 0 }).collect();
        for few in seen.chunks_mut(FEW) {
            let filling = std::iter::repeat(&few[few.len() - 1]);
            let values: Vec<Value> =
                few.iter().chain(filling).take(FEW).map(|one| (&one.key).into()).collect();
            for row in self.query(&SELECT_FEW, &values)? {
                let (key, rev) = (row.text("key")?, row.int("rev")?);
                few.iter_mut().filter(|one| one.key.as_str() == key).for_each(|one| one.rev = rev);
            }
        }
        Ok(seen)
    }

    /// What a person did before under an idempotency key; inside, none if it was another request.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn earlier(
        &mut self,
        actor: &PersonId,
        once: &Idempotency,
    ) -> Result<Option<Option<Receipt>>, Fault> {
        let Some(row) = self.one(&SELECT_ONCE, &row![actor, &once.key])? else { return Ok(None) };
        if row.text("request")? != once.request {
            return Ok(Some(None));
        }
        Ok(Some(Some(batch::receipt(&row)?)))
    }

    /// The command and the facts that an entry was decided on, if they were kept.
    ///
    /// # Errors
    /// As [`Read::unseal`]; and if what opens is not what the door seals.
    pub fn grounds(&mut self, event: &str) -> Result<Option<Grounds>, Fault> {
        let private = self.private_part(event)?;
        let text = |name: &str| private.get(name).and_then(|value| value.as_str()).map(Personal::new);
        Ok(text("command").zip(text("facts")).map(|(command, facts)| Grounds { command, facts }))
    }

    /// A value that an entry commits to, by its name in the leaf; `actor` is person and assignment.
    ///
    /// # Errors
    /// As [`Read::grounds`].
    pub fn committed(&mut self, event: &str, name: &str) -> Result<Option<Personal>, Fault> {
        let private = self.private_part(event)?;
        let value = private.get("committed").and_then(|values| values.get(name));
        Ok(value.and_then(|value| value.as_str()).map(Personal::new))
    }

    fn private_part(&mut self, event: &str) -> Result<serde_json::Value, Fault> {
        let opened = self.unseal(event)?;
        serde_json::from_str(opened.expose())
            .map_err(|_| Fault::Corrupt("the sealed part of an entry".into()))
    }
}
