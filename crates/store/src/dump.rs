//! All rows of a store, table by table: for comparing two stores and, later, moving one.

use crate::door::Store;
use crate::fault::Fault;
use crate::schema;
use crate::value::Value;

/// All rows of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The names of its columns, in the order of the schema.
    pub columns: Vec<String>,
    /// Its rows in the order of its primary key, each with a value for every column.
    pub rows: Vec<Vec<Value>>,
}

impl Store {
    /// Every row of every table, as one unchanging state has them. What is sealed stays sealed. All of it is
    /// held in memory at once.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn dump(&self) -> Result<Vec<Table>, Fault> {
        self.read(|read| {
            let dumped = all().map(|layout| {
                let found = read.engine.run(&layout.select(), &[]).map_err(Fault::from);
                let rows = found.map_err(|fault| fault.during("dump"))?.into_iter().map(|row| row.values);
                Ok(Table { rows: rows.collect(), name: layout.name, columns: layout.columns })
            });
            dumped.collect()
        })
    }
}

/// What a schema text says of one table.
#[derive(Debug, PartialEq, Eq)]
struct Layout {
    name: String,
    columns: Vec<String>,
    /// The columns of the primary key.
    key: Vec<String>,
}

impl Layout {
    /// Columns are named one by one, so that both engines answer them in the same order.
    fn select(&self) -> String {
        let (columns, key) = (self.columns.join(", "), self.key.join(", "));
        format!("SELECT {columns} FROM {} ORDER BY {key}", self.name)
    }

    /// The table that one statement makes, if it makes one.
    fn of(statement: &str) -> Option<Self> {
        let (head, body) = statement.strip_prefix("CREATE TABLE")?.split_once('(')?;
        let (body, _) = body.rsplit_once(')')?;
        let name = head.split_whitespace().last()?.to_owned();
        let mut layout = Self { name, columns: Vec::new(), key: Vec::new() };
        for part in parts(body) {
            match part.split_whitespace().next()? {
                "PRIMARY" => layout.key = parts(part.split_once('(')?.1.trim_end_matches(')')),
                "UNIQUE" | "CHECK" | "FOREIGN" | "CONSTRAINT" => {}
                column => {
                    layout.columns.push(column.to_owned());
                    if part.contains("PRIMARY KEY") {
                        layout.key.push(column.to_owned());
                    }
                }
            }
        }
        Some(layout)
    }
}

/// All tables, as all steps together leave them.
fn all() -> impl Iterator<Item = Layout> {
    layouts(&schema::texts().join(";\n")).into_iter()
}

/// The names of all tables.
pub(crate) fn tables() -> Vec<String> {
    all().map(|layout| layout.name).collect()
}

/// The tables that a schema text makes, with the columns that it adds to them later.
fn layouts(text: &str) -> Vec<Layout> {
    let mut all: Vec<Layout> = Vec::new();
    for statement in schema::statements(text) {
        all.extend(Layout::of(&statement));
        if let Some((table, column)) = added(&statement)
            && let Some(layout) = all.iter_mut().find(|layout| layout.name == table)
        {
            layout.columns.push(column.to_owned());
        }
    }
    all
}

/// The table and the column that one statement adds, if it adds one.
fn added(statement: &str) -> Option<(&str, &str)> {
    let (table, rest) = statement.strip_prefix("ALTER TABLE ")?.split_once(" ADD COLUMN ")?;
    Some((table.trim(), rest.split_whitespace().next()?))
}

/// What commas separate, except within brackets.
fn parts(text: &str) -> Vec<String> {
    let (mut parts, mut depth) = (vec![String::new()], 0);
    for c in text.chars() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        match parts.last_mut() {
            Some(last) if c != ',' || depth > 0 => last.push(c),
            _ => parts.push(String::new()),
        }
    }
    parts.iter().map(|part| part.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Role;
    use crate::testing::{Scratch, enrol};

    #[test]
    fn a_table_is_read_from_the_text_that_makes_it() {
        let text = "-- about\nCREATE TABLE a (\n  x TEXT NOT NULL CHECK (x IN ('p', 'q')),\n  y BYTEA,\n\
                    \x20 UNIQUE (x, y),\n  PRIMARY KEY (y, x)\n);\nCREATE INDEX b ON a (x);\n\
                    CREATE TABLE c (\n  z BIGINT PRIMARY KEY\n);\nALTER TABLE c ADD COLUMN w TEXT;\n";
        let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
        let layout =
            |name: &str, columns, key| Layout { name: name.into(), columns: words(columns), key: words(key) };
        let wanted = [layout("a", &["x", "y"], &["y", "x"]), layout("c", &["z", "w"], &["z"])];
        assert_eq!(layouts(text), wanted);
        assert_eq!(wanted[0].select(), "SELECT x, y FROM a ORDER BY y, x");
    }

    #[test]
    fn every_table_is_dumped_with_all_its_columns() {
        Scratch::each(|scratch| {
            let dump = scratch.open().dump().unwrap();
            let mut engine = scratch.opener().open(Role::Reader).unwrap();
            for table in &dump {
                let shape = engine.describe(&format!("SELECT * FROM {}", table.name)).unwrap();
                assert_eq!(shape.columns, table.columns, "{}", table.name);
            }
            let names = if scratch.url().starts_with("sqlite") {
                "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
            } else {
                "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
            };
            let names: Vec<String> =
                engine.run(names, &[]).unwrap().iter().map(|row| row.text("name").unwrap()).collect();
            let mut dumped: Vec<&str> = dump.iter().map(|table| table.name.as_str()).collect();
            dumped.sort_unstable();
            assert_eq!(dumped, names);
        });
    }

    #[test]
    fn rows_come_in_the_order_of_their_key() {
        Scratch::each(|scratch| {
            let store = scratch.open();
            for (id, event) in [("b", "e1"), ("C", "e2"), ("a", "e3")] {
                store.write(enrol(id, 0, event)).unwrap();
            }
            let dump = store.dump().unwrap();
            let of = |name: &str| dump.iter().find(|table| table.name == name).unwrap();
            let persons: Vec<&Value> = of("person").rows.iter().map(|row| &row[0]).collect();
            assert_eq!(persons, [&Value::from("C"), &Value::from("a"), &Value::from("b")]);
            let person = of("person");
            assert_eq!((person.columns[1].as_str(), &person.rows[0][1]), ("name", &Value::from("someone")));
            let events: Vec<&Value> = of("decision").rows.iter().map(|row| &row[2]).collect();
            assert_eq!(events, [&Value::from("e1"), &Value::from("e2"), &Value::from("e3")]);
            assert_eq!(of("migration").rows.len(), schema::MIGRATIONS.len());
        });
    }
}
