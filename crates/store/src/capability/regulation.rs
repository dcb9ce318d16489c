//! Rows of regulations in force: their bytes, for ever the same under their digest.

use crate::row;
use crate::{Bulk, Fault, Read, RowSet, Sealing, Statement, Type};
use domain::activation::{Activated, Change};
use domain::decision::RuleRef;
use domain::time::Date;

static INSERT_REGULATION: Bulk = Bulk {
    name: "regulation.insert",
    head: "INSERT INTO regulation (digest, pack, version, from_day, files, at)",
    columns: &[Type::Text, Type::Text, Type::Text, Type::Text, Type::Text, Type::BigInt],
    tail: "",
};
static REGULATIONS: Statement = Statement {
    name: "regulation.all",
    sql: "SELECT digest, pack, version, from_day, files FROM regulation ORDER BY pack, from_day, at, digest",
};
static COUNT_REGULATIONS: Statement =
    Statement { name: "regulation.count", sql: "SELECT count(*) AS n FROM regulation" };

pub(crate) static STATEMENTS: &[&Statement] = &[&REGULATIONS, &COUNT_REGULATIONS];
pub(crate) static BULKS: &[&Bulk] = &[&INSERT_REGULATION];

/// The rows that a change makes.
pub(crate) fn rows(change: &Change, seal: &mut Sealing<'_>, out: &mut RowSet) -> Result<(), Fault> {
    let Change::Activated(Activated { rule, pack, version, from, files }) = change;
    let text = serde_json::to_string(files).map_err(|_| Fault::Corrupt("files of a pack".into()))?;
    let at = seal.at().micros();
    out.push(&INSERT_REGULATION, row![&rule.digest, pack, version, from.to_string(), text, at]);
    Ok(())
}

impl Read<'_> {
    /// All regulations that were ever put into force.
    ///
    /// # Errors
    /// The database, or bytes that cannot be read.
    pub fn regulations(&mut self) -> Result<Vec<Activated>, Fault> {
        let corrupt = |what: &str| Fault::Corrupt(format!("regulation {what}"));
        let rows = self.query(&REGULATIONS, &[])?;
        rows.iter()
            .map(|row| {
                let (pack, version) = (row.text("pack")?, row.text("version")?);
                Ok(Activated {
                    rule: RuleRef { name: format!("{pack}@{version}"), digest: row.text("digest")? },
                    pack,
                    version,
                    from: Date::parse_iso(&row.text("from_day")?).ok_or_else(|| corrupt("day"))?,
                    files: serde_json::from_str(&row.text("files")?).map_err(|_| corrupt("files"))?,
                })
            })
            .collect()
    }

    /// How many regulations were ever put into force.
    ///
    /// # Errors
    /// The database.
    pub fn count_regulations(&mut self) -> Result<u64, Fault> {
        self.one(&COUNT_REGULATIONS, &[])?.map_or(Ok(0), |row| row.count("n"))
    }
}
