//! Rows of letters that left, and of how people want to be told by mail.

use crate::row;
use crate::{Bulk, Fault, Read, Row, RowSet, Sealing, Statement, Type};
use domain::id::{DutyId, LogId, PersonId};
use domain::letter::{Change, Language, Sent, Setting};
use domain::time::{Date, Instant};

static PUT_SETTING: Bulk = Bulk {
    name: "letter.put_setting",
    head: "INSERT INTO letter_setting (log, person, address, digest, urgent, language)",
    columns: &[Type::Text, Type::Text, Type::Text, Type::BigInt, Type::BigInt, Type::Text],
    tail: "ON CONFLICT (log, person) DO UPDATE SET address = excluded.address, digest = excluded.digest, \
           urgent = excluded.urgent, language = excluded.language",
};
static INSERT_LETTER: Bulk = Bulk {
    name: "letter.insert",
    head: "INSERT INTO letter (duty, log, recipient, number, sent_day, channel, by_person, at)",
    columns: &[
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::BigInt,
    ],
    tail: "",
};
static SETTING: Statement = Statement {
    name: "letter.setting",
    sql: "SELECT person, address, digest, urgent, language FROM letter_setting \
          WHERE log = $1 AND person = $2",
};
static SETTINGS_OF_LOG: Statement = Statement {
    name: "letter.settings_of_log",
    sql: "SELECT person, address, digest, urgent, language FROM letter_setting \
          WHERE log = $1 ORDER BY person",
};
static OF_DUTY: Statement = Statement {
    name: "letter.of_duty",
    sql: "SELECT duty, recipient, number, sent_day, channel, by_person, at FROM letter WHERE duty = $1",
};

pub(crate) static STATEMENTS: &[&Statement] = &[&SETTING, &SETTINGS_OF_LOG, &OF_DUTY];
pub(crate) static BULKS: &[&Bulk] = &[&PUT_SETTING, &INSERT_LETTER];

/// The rows that a change makes.
pub(crate) fn rows(change: &Change, seal: &mut Sealing<'_>, out: &mut RowSet) -> Result<(), Fault> {
    let log = seal.log().clone();
    match change {
        Change::Set { person, setting } => {
            let address = match setting.address.is_empty() {
                true => None,
                false => Some(seal.seal(&setting.address)?),
            };
            let (digest, urgent) = (i64::from(setting.digest), i64::from(setting.urgent));
            out.push(&PUT_SETTING, row![&log, person, address, digest, urgent, setting.language.word()]);
        }
        Change::Sent(Sent { duty, recipient, number, on, channel, by, at }) => {
            let (day, at) = (on.to_string(), at.micros());
            out.push(&INSERT_LETTER, row![duty, &log, recipient, number, day, channel, by, at]);
        }
    }
    Ok(())
}

/// How somebody wants to be told, with the address still sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingRow {
    /// Who.
    pub person: PersonId,
    /// The name of the sealed address, if there is one.
    pub address: Option<String>,
    /// Whether each working morning brings one mail.
    pub digest: bool,
    /// Whether what is urgent brings one at once.
    pub urgent: bool,
    /// The language of both.
    pub language: Language,
}

fn read_setting(row: &Row) -> Result<SettingRow, Fault> {
    let language = Language::from_word(&row.text("language")?);
    Ok(SettingRow {
        person: PersonId::new(row.text("person")?),
        address: row.opt_text("address")?,
        digest: row.flag("digest")?,
        urgent: row.flag("urgent")?,
        language: language.ok_or_else(|| Fault::Corrupt("the language of mail".into()))?,
    })
}

fn read_letter(row: &Row) -> Result<Sent, Fault> {
    let day = Date::parse_iso(&row.text("sent_day")?);
    Ok(Sent {
        duty: DutyId::new(row.text("duty")?),
        recipient: row.text("recipient")?,
        number: row.text("number")?,
        on: day.ok_or_else(|| Fault::Corrupt("the day of a letter".into()))?,
        channel: row.text("channel")?,
        by: PersonId::new(row.text("by_person")?),
        at: Instant::from_micros(row.int("at")?),
    })
}

impl Read<'_> {
    /// How somebody wants to be told in an agency, if they ever said so.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn letter_setting(&mut self, log: &LogId, person: &PersonId) -> Result<Option<SettingRow>, Fault> {
        self.one(&SETTING, &row![log, person])?.as_ref().map(read_setting).transpose()
    }

    /// How the people of an agency want to be told.
    ///
    /// # Errors
    /// As [`Read::letter_setting`].
    pub fn letter_settings(&mut self, log: &LogId) -> Result<Vec<SettingRow>, Fault> {
        self.query(&SETTINGS_OF_LOG, &row![log])?.iter().map(read_setting).collect()
    }

    /// The settings with the address opened; what holds for whoever never said anything where there is none.
    ///
    /// # Errors
    /// As [`Read::letter_setting`]; and if the address cannot be opened.
    pub fn letter_setting_open(&mut self, log: &LogId, person: &PersonId) -> Result<Setting, Fault> {
        let Some(row) = self.letter_setting(log, person)? else { return Ok(Setting::default()) };
        let address = self.unseal_opt(row.address.as_deref())?.unwrap_or_default();
        Ok(Setting { address, digest: row.digest, urgent: row.urgent, language: row.language })
    }

    /// The letter that fulfilled a duty.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn letter_of(&mut self, duty: &DutyId) -> Result<Option<Sent>, Fault> {
        self.one(&OF_DUTY, &row![duty])?.as_ref().map(read_letter).transpose()
    }
}
