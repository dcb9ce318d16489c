//! Rows of accounts.

mod enrolment;
mod former;
pub mod inventory;
mod people;

pub use people::{HolderRow, StateRow, Whose};

use crate::row;
use crate::{Bulk, Fault, Read, RowSet, Sealing, Statement, Type};
use domain::account::{Account, Change, Renewal};
use domain::id::PersonId;
use domain::time::Instant;

static INSERT_ACCOUNT: Bulk = Bulk {
    name: "account.insert",
    head: "INSERT INTO account (login, person, password_hash, password_at, totp, open)",
    columns: &[Type::Text, Type::Text, Type::Text, Type::BigInt, Type::Text, Type::BigInt],
    tail: "",
};
static LOCK_ACCOUNT: Bulk = Bulk {
    name: "account.lock",
    head: "WITH v (login, until) AS (",
    columns: &[Type::Text, Type::BigInt],
    tail: ") UPDATE account SET locked_until = v.until FROM v WHERE account.login = v.login",
};
static UNLOCK_ACCOUNT: Bulk = Bulk {
    name: "account.unlock",
    head: "WITH v (login) AS (",
    columns: &[Type::Text],
    tail: ") UPDATE account SET locked_until = NULL FROM v WHERE account.login = v.login",
};
static NOTE_SIGN_IN: Bulk = Bulk {
    name: "account.note_sign_in",
    head: "WITH v (login, at, address) AS (",
    columns: &[Type::Text, Type::BigInt, Type::Text],
    tail: ") UPDATE account SET before_at = account.last_at, \
           before_address = account.last_address, last_at = v.at, last_address = v.address FROM v \
           WHERE account.login = v.login",
};
static CLOSE_ACCOUNT: Bulk = Bulk {
    name: "account.close",
    head: "WITH v (login) AS (",
    columns: &[Type::Text],
    tail: ") UPDATE account SET open = 0 FROM v WHERE account.login = v.login",
};
static SET_PASSWORD: Bulk = Bulk {
    name: "account.set_password",
    head: "WITH v (login, hash, at) AS (",
    columns: &[Type::Text, Type::Text, Type::BigInt],
    tail: ") UPDATE account SET password_hash = v.hash, password_at = v.at FROM v \
           WHERE account.login = v.login",
};
static OPEN_AGAIN: Bulk = Bulk {
    name: "account.open_again",
    head: "WITH v (login) AS (",
    columns: &[Type::Text],
    tail: ") UPDATE account SET open = 1 FROM v WHERE account.login = v.login",
};
static SET_FACTOR: Bulk = Bulk {
    name: "account.set_factor",
    head: "WITH v (login, totp) AS (",
    columns: &[Type::Text, Type::Text],
    tail: ") UPDATE account SET totp = v.totp FROM v WHERE account.login = v.login",
};
static ACCOUNT_BY_LOGIN: Statement = Statement {
    name: "account.by_login",
    sql: "SELECT login, person, password_hash, password_at, totp, locked_until, open, before_at, \
          before_address FROM account WHERE login = $1",
};
static ACCOUNT_OF_PERSON: Statement = Statement {
    name: "account.of_person",
    sql: "SELECT login, person, password_hash, password_at, totp, locked_until, open, before_at, \
          before_address FROM account WHERE person = $1 ORDER BY login",
};

static STATEMENTS: &[&Statement] = &[&ACCOUNT_BY_LOGIN, &ACCOUNT_OF_PERSON];
static BULKS: &[&Bulk] = &[
    &INSERT_ACCOUNT,
    &LOCK_ACCOUNT,
    &UNLOCK_ACCOUNT,
    &NOTE_SIGN_IN,
    &CLOSE_ACCOUNT,
    &SET_PASSWORD,
    &OPEN_AGAIN,
    &SET_FACTOR,
];

pub(crate) fn statements() -> Vec<&'static Statement> {
    [STATEMENTS, enrolment::STATEMENTS, former::STATEMENTS, inventory::STATEMENTS, people::STATEMENTS]
        .concat()
}

pub(crate) fn bulks() -> Vec<&'static Bulk> {
    [BULKS, enrolment::BULKS, former::BULKS, inventory::BULKS].concat()
}

/// The rows that a change makes.
pub(crate) fn rows(change: &Change, seal: &mut Sealing<'_>, out: &mut RowSet) -> Result<(), Fault> {
    match change {
        Change::Opened(account) => {
            let totp = seal.seal(&account.totp)?;
            let Account { login, person, password_hash, .. } = account;
            let open = i64::from(account.open);
            let at = account.password_at.micros();
            out.push(&INSERT_ACCOUNT, row![login, person, password_hash, at, totp, open]);
        }
        Change::TakenOver(former, at) => former::taken_over(former, *at, out),
        Change::Locked { login, until } => out.push(&LOCK_ACCOUNT, row![login, until.micros()]),
        Change::Inventory(change) => inventory::rows(change, seal, out)?,
        Change::Unlocked { login } => out.push(&UNLOCK_ACCOUNT, row![login]),
        Change::SignedIn { login, address, at } => {
            out.push(&NOTE_SIGN_IN, row![login, at.micros(), address]);
        }
        Change::Closed { login } => out.push(&CLOSE_ACCOUNT, row![login]),
        Change::PasswordSet(renewal) => set_password(renewal, out),
        Change::Renewed(renewal, totp) => {
            set_password(renewal, out);
            out.push(&OPEN_AGAIN, row![&renewal.login]);
            out.push(&SET_FACTOR, row![&renewal.login, seal.seal(totp)?]);
        }
        Change::FactorSet { login, totp } => {
            let totp = seal.seal(totp)?;
            out.push(&SET_FACTOR, row![login, totp]);
        }
        Change::Invited(enrolment) => enrolment::invited(enrolment, out),
        Change::CodeOver { id, over, at } => enrolment::over(id, *over, at.micros(), out),
        Change::Handed(handing) => enrolment::handed(handing, out),
    }
    Ok(())
}

fn set_password(renewal: &Renewal, out: &mut RowSet) {
    enrolment::keep(renewal, out);
    out.push(&SET_PASSWORD, row![&renewal.login, &renewal.hash, renewal.at.micros()]);
}

/// An account with what its row says about the last sign-in.
#[derive(Clone, Debug)]
pub struct AccountRow {
    /// The account, its second factor opened.
    pub account: Account,
    /// When and from which address its owner signed in before the present time.
    pub last: Option<(Instant, String)>,
}

impl Read<'_> {
    /// The account of this name.
    ///
    /// # Errors
    /// The database, or a second factor that cannot be opened.
    pub fn account(&mut self, login: &str) -> Result<Option<AccountRow>, Fault> {
        let row = self.one(&ACCOUNT_BY_LOGIN, &row![login])?;
        self.account_of(row)
    }

    /// The account of a person.
    ///
    /// # Errors
    /// The database, or a second factor that cannot be opened.
    pub fn account_of_person(&mut self, person: &PersonId) -> Result<Option<AccountRow>, Fault> {
        let row = self.one(&ACCOUNT_OF_PERSON, &row![person])?;
        self.account_of(row)
    }

    fn account_of(&mut self, row: Option<crate::Row>) -> Result<Option<AccountRow>, Fault> {
        let Some(row) = row else { return Ok(None) };
        let totp = self.unseal(&row.text("totp")?)?;
        let last = match (row.opt_int("before_at")?, row.opt_text("before_address")?) {
            (Some(at), Some(address)) => Some((Instant::from_micros(at), address)),
            _ => None,
        };
        Ok(Some(AccountRow {
            account: Account {
                login: row.text("login")?,
                person: PersonId::new(row.text("person")?),
                password_hash: row.text("password_hash")?,
                password_at: Instant::from_micros(row.int("password_at")?),
                totp,
                locked_until: row.opt_int("locked_until")?.map(Instant::from_micros),
                open: row.flag("open")?,
            },
            last,
        }))
    }
}
