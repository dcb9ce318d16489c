//! Rows of regulations: the bytes of each version, for ever the same under their digest, and versions that
//! wait to be approved.

use crate::row;
use crate::{Bulk, Fault, Read, Row, RowSet, Sealing, Statement, Type};
use domain::activation::{Approval, Change, Version};
use domain::decision::RuleRef;
use domain::id::AgencyId;
use domain::time::Date;

static INSERT_REGULATION: Bulk = Bulk {
    name: "regulation.insert",
    head: "INSERT INTO regulation (digest, pack, version, from_day, files, at)",
    columns: &[Type::Text, Type::Text, Type::Text, Type::Text, Type::Text, Type::BigInt],
    tail: "",
};
static INSERT_PROPOSAL: Bulk = Bulk {
    name: "regulation.propose",
    head: "INSERT INTO proposal (digest, pack, version, from_day, files, at)",
    columns: INSERT_REGULATION.columns,
    tail: "",
};
static INSERT_APPROVAL: Bulk = Bulk {
    name: "regulation.approve",
    head: "INSERT INTO approval (digest, agency, application, at)",
    columns: &[Type::Text, Type::Text, Type::Text, Type::BigInt],
    tail: "ON CONFLICT (digest, agency) DO NOTHING",
};
static REGULATIONS: Statement = Statement {
    name: "regulation.all",
    sql: "SELECT digest, pack, version, from_day, files FROM regulation ORDER BY pack, from_day, at, digest",
};
static COUNT_REGULATIONS: Statement =
    Statement { name: "regulation.count", sql: "SELECT count(*) AS n FROM regulation" };
static PROPOSALS: Statement = Statement {
    name: "regulation.proposals",
    sql: "SELECT digest, pack, version, from_day, files FROM proposal ORDER BY pack, from_day, at, digest",
};
static APPROVALS: Statement = Statement {
    name: "regulation.approvals",
    sql: "SELECT agency FROM approval WHERE digest = $1 ORDER BY agency",
};

pub(crate) static STATEMENTS: &[&Statement] = &[&REGULATIONS, &COUNT_REGULATIONS, &PROPOSALS, &APPROVALS];
pub(crate) static BULKS: &[&Bulk] = &[&INSERT_REGULATION, &INSERT_PROPOSAL, &INSERT_APPROVAL];

/// The rows that a change makes.
pub(crate) fn rows(change: &Change, seal: &mut Sealing<'_>, out: &mut RowSet) -> Result<(), Fault> {
    let at = seal.at().micros();
    let (insert, version) = match change {
        Change::Activated(version) => (&INSERT_REGULATION, version),
        Change::Proposed(version) => (&INSERT_PROPOSAL, version),
        Change::Approved(Approval { digest, agency, application }) => {
            out.push(&INSERT_APPROVAL, row![digest, agency, application, at]);
            return Ok(());
        }
    };
    let Version { rule, pack, version, from, files } = version;
    let text = serde_json::to_string(files).map_err(|_| Fault::Corrupt("files of a pack".into()))?;
    out.push(insert, row![&rule.digest, pack, version, from.to_string(), text, at]);
    Ok(())
}

impl Read<'_> {
    /// All regulations that were ever put into force.
    ///
    /// # Errors
    /// The database, or bytes that cannot be read.
    pub fn regulations(&mut self) -> Result<Vec<Version>, Fault> {
        self.query(&REGULATIONS, &[])?.iter().map(read_version).collect()
    }

    /// How many regulations were ever put into force.
    ///
    /// # Errors
    /// The database.
    pub fn count_regulations(&mut self) -> Result<u64, Fault> {
        self.one(&COUNT_REGULATIONS, &[])?.map_or(Ok(0), |row| row.count("n"))
    }

    /// Every version that was ever laid before the agencies under it, in force by now or not.
    ///
    /// # Errors
    /// The database, or bytes that cannot be read.
    pub fn proposals(&mut self) -> Result<Vec<Version>, Fault> {
        self.query(&PROPOSALS, &[])?.iter().map(read_version).collect()
    }

    /// The agencies that approved a version.
    ///
    /// # Errors
    /// The database.
    pub fn approvals(&mut self, digest: &str) -> Result<Vec<AgencyId>, Fault> {
        let rows = self.query(&APPROVALS, &row![digest])?;
        rows.iter().map(|row| Ok(AgencyId::new(row.text("agency")?))).collect()
    }
}

fn read_version(row: &Row) -> Result<Version, Fault> {
    let corrupt = |what: &str| Fault::Corrupt(format!("regulation {what}"));
    let (pack, version) = (row.text("pack")?, row.text("version")?);
    Ok(Version {
        rule: RuleRef { name: format!("{pack}@{version}"), digest: row.text("digest")? },
        pack,
        version,
        from: Date::parse_iso(&row.text("from_day")?).ok_or_else(|| corrupt("day"))?,
        files: serde_json::from_str(&row.text("files")?).map_err(|_| corrupt("files"))?,
    })
}
