//! A list of units or people as a personnel system gives it: CSV in whatever encoding it has, or JSON.

use crate::encoding::{BROKEN, decoded};
use domain::directory::import::{Row, UnitRow};
use domain::grant::import::Row as PermissionRow;
use domain::{Personal, Reason, Refusal};
use std::collections::BTreeMap;

/// Most rows of one list.
const ROWS_MAX: usize = 20_000;

/// A list, read but not compared yet.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    /// Units.
    pub units: Vec<UnitRow>,
    /// People with their posts.
    pub people: Vec<Row>,
    /// Permissions of an older system.
    pub permissions: Vec<PermissionRow>,
    /// Whether everybody of the agency is listed, so that who is not has left.
    pub whole: bool,
    /// The encoding that it was read in.
    pub encoding: &'static str,
    /// SHA-256 of what it was read from.
    pub digest: String,
    /// The key under which it is taken over once.
    pub form_key: String,
}

impl Roster {
    /// Reads a list of units (its heading has `organisation`), of permissions (it has `items`) or of people
    /// (it has `role`). UTF-8 with or without a mark, UTF-16 with one, and Big5 are read; a row with bytes
    /// that are none of these is marked as broken.
    ///
    /// # Errors
    /// It is no such list, or a heading is missing: the field names which.
    pub fn from_csv(bytes: &[u8], whole: bool) -> Result<Self, Refusal> {
        let (text, encoding) = decoded(bytes).ok_or_else(|| Refusal::new(Reason::Unreadable).at("file"))?;
        // Lines are counted as people see them, however their machine ends them.
        let text = text.replace("\r\n", "\n");
        let mut reader =
            csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let unreadable = |_| Refusal::new(Reason::Unreadable).at("file");
        let heading: Vec<String> =
            reader.headers().map_err(unreadable)?.iter().map(str::to_ascii_lowercase).collect();
        let has = |name: &str| heading.iter().any(|own| own == name);
        let digest = ledger::hash::sha256(bytes).to_hex();
        let mut roster = Self { whole, encoding, digest, ..Self::default() };
        let (of_units, of_permissions) = (has("organisation"), has("items"));
        let wanted: &[&str] = match (of_units, of_permissions) {
            (true, _) => &["id", "name"],
            (false, true) => &["id", "unit"],
            (false, false) => &["id", "name", "unit", "role"],
        };
        if let Some(missing) = wanted.iter().find(|name| !has(name)) {
            return Err(Refusal::new(Reason::FieldMissing).at("file").with("option", *missing));
        }
        for record in reader.records() {
            let record = record.map_err(unreadable)?;
            let line = record.position().map_or(0, csv::Position::line);
            let line = usize::try_from(line).unwrap_or(usize::MAX);
            let fields = heading.iter().map(String::as_str).zip(record.iter());
            let fields: BTreeMap<&str, &str> = fields.collect();
            if fields.values().all(|text| text.is_empty()) {
                continue;
            }
            match (of_units, of_permissions) {
                (true, _) => roster.units.push(unit(line, &fields)),
                (false, true) => roster.permissions.push(permission(line, &fields)),
                (false, false) => roster.people.push(person(line, &fields)),
            }
        }
        roster.bounded()
    }

    /// Takes rows as a program gives them.
    ///
    /// # Errors
    /// There are more than one list may have.
    pub fn from_rows(
        units: &[BTreeMap<String, String>],
        people: &[BTreeMap<String, String>],
        permissions: &[BTreeMap<String, String>],
        whole: bool,
    ) -> Result<Self, Refusal> {
        fn all<T>(rows: &[BTreeMap<String, String>], read: Reader<T>) -> Vec<T> {
            let rows = rows.iter().enumerate().map(|(at, row)| {
                let fields = row.iter().map(|(name, text)| (name.as_str(), text.trim()));
                read(at + 1, &fields.collect())
            });
            rows.collect()
        }
        let digest = ledger::hash::sha256(format!("{units:?}{people:?}{permissions:?}").as_bytes()).to_hex();
        let (units, people) = (all(units, unit), all(people, person));
        let permissions = all(permissions, permission);
        let form_key = String::new();
        Self { units, people, permissions, whole, encoding: "UTF-8", digest, form_key }.bounded()
    }

    fn bounded(self) -> Result<Self, Refusal> {
        match self.units.len() + self.people.len() + self.permissions.len() {
            0 => Err(Refusal::new(Reason::NothingSelected).at("file")),
            many if many > ROWS_MAX => {
                let long = Refusal::new(Reason::FieldTooLong).at("file").with("problem", "rows");
                Err(long.with("most", ROWS_MAX.to_string()))
            }
            _ => Ok(self),
        }
    }
}

/// Reads a row of one kind.
type Reader<T> = fn(usize, &BTreeMap<&str, &str>) -> T;

fn permission(line: usize, fields: &BTreeMap<&str, &str>) -> PermissionRow {
    let text = |name: &str| fields.get(name).map(|text| (*text).to_string()).unwrap_or_default();
    PermissionRow {
        line,
        broken: is_broken(fields),
        person: text("id"),
        unit: text("unit"),
        items: text("items"),
        from: text("from"),
        until: text("until"),
        application: text("application"),
    }
}

fn unit(line: usize, fields: &BTreeMap<&str, &str>) -> UnitRow {
    let text = |name: &str| fields.get(name).map(|text| (*text).to_string()).unwrap_or_default();
    UnitRow {
        line,
        broken: is_broken(fields),
        id: text("id"),
        name: text("name"),
        name_en: text("name_en"),
        above: text("above"),
        organisation: text("organisation"),
    }
}

fn person(line: usize, fields: &BTreeMap<&str, &str>) -> Row {
    let text = |name: &str| fields.get(name).map(|text| (*text).to_string()).unwrap_or_default();
    Row {
        line,
        broken: is_broken(fields),
        code: text("id"),
        person: text("id"),
        name: Personal::new(text("name")),
        number: Personal::new(text("national_id").to_ascii_uppercase()),
        number_of: None,
        unit: text("unit"),
        role: text("role"),
        from: text("from"),
        until: text("until"),
        cause: text("cause"),
        login: text("login"),
    }
}

fn is_broken(fields: &BTreeMap<&str, &str>) -> bool {
    fields.values().any(|text| text.contains(BROKEN))
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::BIG5;

    const LIST: &str = "id,name,unit,role\nA01,林宜庭,社會救助科,user\n";

    fn names(bytes: &[u8]) -> (Vec<String>, &'static str) {
        let roster = Roster::from_csv(bytes, false).unwrap();
        (roster.people.iter().map(|row| row.name.expose().to_string()).collect(), roster.encoding)
    }

    #[test]
    fn a_list_reads_alike_in_every_encoding_that_offices_use() {
        let (big5, _, _) = BIG5.encode(LIST);
        let utf16 = |order: fn(u16) -> [u8; 2], mark: [u8; 2]| {
            mark.into_iter().chain(LIST.encode_utf16().flat_map(order)).collect::<Vec<u8>>()
        };
        let marked = [&[0xEF, 0xBB, 0xBF], LIST.as_bytes()].concat();
        let cases: [(&[u8], &str); 5] = [
            (LIST.as_bytes(), "UTF-8"),
            (&marked, "UTF-8"),
            (&big5, "Big5"),
            (&utf16(u16::to_le_bytes, [0xFF, 0xFE]), "UTF-16LE"),
            (&utf16(u16::to_be_bytes, [0xFE, 0xFF]), "UTF-16BE"),
        ];
        for (bytes, encoding) in cases {
            assert_eq!(names(bytes), (vec!["林宜庭".to_string()], encoding));
        }
    }

    #[test]
    fn a_row_with_bytes_of_another_encoding_is_marked_and_the_others_are_not() {
        let (mut bytes, _, _) =
            BIG5.encode("id,name,unit,role\nA01,林宜庭,救助科,user\nA02,吳,救助科,user\n");
        let bytes = bytes.to_mut();
        let at = bytes.windows(3).position(|three| three == b"A02").unwrap();
        bytes[at + 4] = 0xFF;
        let roster = Roster::from_csv(bytes, false).unwrap();
        assert_eq!(roster.people.iter().map(|row| row.broken).collect::<Vec<_>>(), [false, true]);
    }

    #[test]
    fn what_is_no_list_is_refused_with_what_is_missing() {
        let no = |bytes: &[u8]| Roster::from_csv(bytes, false).unwrap_err();
        assert_eq!(no(b"id,name,unit\nA01,x,y\n").args["option"], "role");
        assert_eq!(no(b"").reason, Reason::FieldMissing);
        assert_eq!(no(b"id,name,unit,role\n").reason, Reason::NothingSelected);
        assert_eq!(no(&[0, 1, 2, 3]).reason, Reason::Unreadable);
        let unmarked: Vec<u8> = LIST.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(no(&unmarked).reason, Reason::Unreadable);
    }
}
