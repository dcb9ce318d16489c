//! Rows of contracts with contractors.

use crate::row;
use crate::{Bulk, Fault, Read, Row, RowSet, Statement, Type};
use domain::directory::contract::Contract;
use domain::id::{ContractId, LogId, PersonId};
use domain::time::Date;

static INSERT_CONTRACT: Bulk = Bulk {
    name: "directory.insert_contract",
    head: "INSERT INTO contract (id, log, number, contractor, confidential, from_day, until_day)",
    columns: &[Type::Text, Type::Text, Type::Text, Type::Text, Type::BigInt, Type::Text, Type::Text],
    tail: "",
};
static INSERT_CONTRACT_PERSON: Bulk = Bulk {
    name: "directory.insert_contract_person",
    head: "INSERT INTO contract_person (contract, log, person)",
    columns: &[Type::Text, Type::Text, Type::Text],
    tail: "",
};
static END_CONTRACT: Bulk = Bulk {
    name: "directory.end_contract",
    head: "WITH v (id, day) AS (",
    columns: &[Type::Text, Type::Text],
    tail: ") UPDATE contract SET ended_day = v.day FROM v WHERE contract.id = v.id",
};

macro_rules! contracts {
    ($($name:ident $word:literal $rest:literal;)*) => {
        $(static $name: Statement = Statement {
            name: concat!("directory.contracts", $word),
            sql: concat!(
                "SELECT c.id, c.number, c.contractor, c.confidential, c.from_day, c.until_day, c.ended_day, ",
                "p.person FROM contract c LEFT JOIN contract_person p ON p.contract = c.id WHERE c.log = $1 ",
                $rest,
                " ORDER BY c.until_day, c.number, c.id, p.person"
            ),
        };)*
        pub(crate) static STATEMENTS: &[&Statement] = &[$(&$name),*];
    };
}

contracts! {
    CONTRACTS "" "AND c.until_day >= $2";
    CONTRACTS_OF "_of" "AND c.id IN (SELECT contract FROM contract_person WHERE log = $1 AND person = $2)";
}

pub(crate) static BULKS: &[&Bulk] = &[&INSERT_CONTRACT, &INSERT_CONTRACT_PERSON, &END_CONTRACT];

/// The rows of a contract.
pub(super) fn rows(contract: &Contract, log: &LogId, out: &mut RowSet) {
    let Contract { id, number, contractor, confidential, from, until, people, .. } = contract;
    let (from, until, confidential) = (from.to_string(), until.to_string(), i64::from(*confidential));
    out.push(&INSERT_CONTRACT, row![id, log, number, contractor, confidential, from, until]);
    for person in people {
        out.push(&INSERT_CONTRACT_PERSON, row![id, log, person]);
    }
}

/// Ends a contract on a day.
pub(super) fn ended(id: &ContractId, on: Date, out: &mut RowSet) {
    out.push(&END_CONTRACT, row![id, on.to_string()]);
}

/// Rows come contract by contract, one for each of its people, or one alone for one that names nobody.
fn gathered(rows: &[Row]) -> Result<Vec<Contract>, Fault> {
    let day = |text: &str| Date::parse_iso(text).ok_or_else(|| Fault::Corrupt("day of a contract".into()));
    let mut all: Vec<Contract> = Vec::new();
    for row in rows {
        let (id, person) = (ContractId::new(row.text("id")?), row.opt_text("person")?.map(PersonId::new));
        match all.last_mut().filter(|last| last.id == id) {
            Some(last) => last.people.extend(person),
            None => all.push(Contract {
                id,
                number: row.text("number")?,
                contractor: row.text("contractor")?,
                confidential: row.int("confidential")? == 1,
                from: day(&row.text("from_day")?)?,
                until: day(&row.text("until_day")?)?,
                ended: row.opt_text("ended_day")?.map(|text| day(&text)).transpose()?,
                people: person.into_iter().collect(),
            }),
        }
    }
    Ok(all)
}

impl Read<'_> {
    /// The contracts of an agency whose last day is not before a day, that first which ends first.
    ///
    /// # Errors
    /// The database, or a day that cannot be read.
    pub fn contracts(&mut self, log: &LogId, since: Date) -> Result<Vec<Contract>, Fault> {
        gathered(&self.query(&CONTRACTS, &row![log, since.to_string()])?)
    }

    /// All contracts that name somebody.
    ///
    /// # Errors
    /// As [`Read::contracts`].
    pub fn contracts_of(&mut self, log: &LogId, person: &PersonId) -> Result<Vec<Contract>, Fault> {
        gathered(&self.query(&CONTRACTS_OF, &row![log, person])?)
    }
}
