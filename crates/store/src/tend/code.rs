//! Codes of second factors that were used: each is good once (RFC 6238, section 5.2).

use super::Tend;
use crate::fault::Fault;
use crate::row;
use crate::statement::Statement;

static USE_CODE: Statement = Statement {
    name: "use_code",
    sql: "INSERT INTO code_step (owner, step) VALUES ($1, $2) ON CONFLICT (owner) \
          DO UPDATE SET step = excluded.step WHERE code_step.step < excluded.step RETURNING step",
};

pub(super) static STATEMENTS: &[&Statement] = &[&USE_CODE];

impl Tend<'_> {
    /// Uses the code of a time step; false if that step, or a later one, was used before.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn use_code(&mut self, owner: &str, step: i64) -> Result<bool, Fault> {
        Ok(!self.run(&USE_CODE, &row![owner, step])?.is_empty())
    }
}
