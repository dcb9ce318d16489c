//! What the server's error codes mean to us (PostgreSQL documentation, appendix A).

use crate::engine::{EngineError, Trouble};
use ::postgres::error::{DbError, Error, SqlState};

impl From<Error> for EngineError {
    fn from(error: Error) -> Self {
        match error.as_db_error() {
            Some(said) => EngineError { trouble: trouble(said.code()), message: message(said) },
            // A value that does not fit its type never left this program.
            None if !error.is_closed() && is_ours(&error) => {
                EngineError { trouble: Trouble::Statement, message: "a value does not fit its column".into() }
            }
            None => EngineError { trouble: Trouble::Lost, message: "the connection to it broke off".into() },
        }
    }
}

fn is_ours(error: &Error) -> bool {
    let text = error.to_string();
    text.starts_with("error serializing") || text.starts_with("error deserializing")
}

fn trouble(code: &SqlState) -> Trouble {
    match (code.code(), code.code().get(..2).unwrap_or_default()) {
        ("55P03" | "57014" | "53300" | "57P03" | "25P03", _) => Trouble::Busy,
        ("53100", _) => Trouble::Full,
        ("25006", _) => Trouble::ReadOnly,
        ("XX001" | "XX002", _) => Trouble::Corrupt,
        // A deadlock or a serialisation failure is over once one of the two has gone; each may try alone.
        ("P0001", _) | (_, "23" | "40") => Trouble::Conflict,
        // A plan that was made before tables changed: a new connection makes new plans.
        ("0A000" | "58030", _) | (_, "08" | "57" | "53" | "XX") => Trouble::Lost,
        _ => Trouble::Statement,
    }
}

/// The server names tables and columns in its messages; values only where it could not read one.
fn message(said: &DbError) -> String {
    match said.code().code().starts_with("22") {
        true => format!("a value could not be read (SQLSTATE {})", said.code().code()),
        false => said.message().to_owned(),
    }
}
