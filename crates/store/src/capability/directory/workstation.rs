//! Rows of workstations.

use crate::row;
use crate::{Bulk, Fault, Read, Row, RowSet, Statement, Type};
use domain::directory::workstation::{Declared, Workstation};
use domain::id::{LogId, PersonId, UnitId, WorkstationId};
use domain::time::Date;

static PUT_WORKSTATION: Bulk = Bulk {
    name: "directory.put_workstation",
    head: "INSERT INTO workstation \
           (id, log, number, unit, keeper, address, dedicated, password, shutdown, declared_day)",
    columns: &[
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::BigInt,
        Type::BigInt,
        Type::BigInt,
        Type::Text,
    ],
    tail: " ON CONFLICT (id) DO UPDATE SET number = excluded.number, unit = excluded.unit, \
           keeper = excluded.keeper, address = excluded.address, dedicated = excluded.dedicated, \
           password = excluded.password, shutdown = excluded.shutdown, declared_day = excluded.declared_day",
};
static RETIRE_WORKSTATION: Bulk = Bulk {
    name: "directory.retire_workstation",
    head: "WITH v (id, day) AS (",
    columns: &[Type::Text, Type::Text],
    tail: ") UPDATE workstation SET retired_day = v.day FROM v WHERE workstation.id = v.id",
};

macro_rules! workstations {
    ($($name:ident $word:literal $rest:literal;)*) => {
        $(static $name: Statement = Statement {
            name: concat!("directory.workstation", $word),
            sql: concat!(
                "SELECT id, number, unit, keeper, address, dedicated, password, shutdown, declared_day, ",
                "retired_day FROM workstation WHERE log = $1 ",
                $rest
            ),
        };)*
        pub(crate) static STATEMENTS: &[&Statement] = &[$(&$name),*];
    };
}

workstations! {
    WORKSTATIONS "s" "ORDER BY number, id";
    WORKSTATION_AT "_at" "AND address = $2 AND (retired_day IS NULL OR retired_day > $3)";
}

pub(crate) static BULKS: &[&Bulk] = &[&PUT_WORKSTATION, &RETIRE_WORKSTATION];

/// The row of a machine.
pub(super) fn rows(machine: &Workstation, log: &LogId, out: &mut RowSet) {
    let Workstation { id, number, unit, keeper, address, declared, on, .. } = machine;
    let said = [declared.dedicated, declared.password, declared.shutdown].map(i64::from);
    let [dedicated, password, shutdown] = said;
    let (address, on) = (address.as_ref(), on.to_string());
    out.push(
        &PUT_WORKSTATION,
        row![id, log, number, unit, keeper, address, dedicated, password, shutdown, on],
    );
}

/// Takes a machine out of use.
pub(super) fn retired(id: &WorkstationId, on: Date, out: &mut RowSet) {
    out.push(&RETIRE_WORKSTATION, row![id, on.to_string()]);
}

fn read_row(row: &Row) -> Result<Workstation, Fault> {
    let day = |text: &str| Date::parse_iso(text).ok_or_else(|| Fault::Corrupt("day of a workstation".into()));
    let said = |name| Ok::<bool, Fault>(row.int(name)? == 1);
    Ok(Workstation {
        id: WorkstationId::new(row.text("id")?),
        number: row.text("number")?,
        unit: UnitId::new(row.text("unit")?),
        keeper: PersonId::new(row.text("keeper")?),
        address: row.opt_text("address")?,
        declared: Declared {
            dedicated: said("dedicated")?,
            password: said("password")?,
            shutdown: said("shutdown")?,
        },
        on: day(&row.text("declared_day")?)?,
        retired: row.opt_text("retired_day")?.map(|text| day(&text)).transpose()?,
    })
}

impl Read<'_> {
    /// The machines of an agency, by their numbers.
    ///
    /// # Errors
    /// The database, or a day that cannot be read.
    pub fn workstations(&mut self, log: &LogId) -> Result<Vec<Workstation>, Fault> {
        self.query(&WORKSTATIONS, &row![log])?.iter().map(read_row).collect()
    }

    /// The machine in use at a network address.
    ///
    /// # Errors
    /// As [`Read::workstations`].
    pub fn workstation_at(
        &mut self,
        log: &LogId,
        address: &str,
        day: Date,
    ) -> Result<Option<Workstation>, Fault> {
        self.one(&WORKSTATION_AT, &row![log, address, day.to_string()])?.as_ref().map(read_row).transpose()
    }
}
