//! Rows of files that travel with applications, or with duties. Names and contents are sealed.

use crate::row;
use crate::{Bulk, Fault, Read, Row, RowSet, Sealing, Statement, Type};
use domain::Personal;
use domain::application::attachment::{Attachment, Upload};
use domain::id::{ApplicationId, AttachmentId, DutyId};

/// The statements of the files that travel with records of one sort.
macro_rules! files {
    ($insert:ident $list:ident $word:literal $table:literal) => {
        pub(in crate::capability) static $insert: Bulk = Bulk {
            name: concat!($word, ".attach"),
            head: concat!("INSERT INTO ", $table, " (id, ", $word, ", log, field, bytes, name, content, at)"),
            columns: &[
                Type::Text,
                Type::Text,
                Type::Text,
                Type::Text,
                Type::BigInt,
                Type::Text,
                Type::Text,
                Type::BigInt,
            ],
            tail: "",
        };
        static $list: Statement = Statement {
            name: concat!($word, ".attachments"),
            sql: concat!(
                "SELECT id, field, bytes, name, content, at FROM ",
                $table,
                " WHERE ",
                $word,
                " = $1 ORDER BY at, id"
            ),
        };
    };
}

files!(ATTACH_TO_APPLICATION OF_APPLICATION "application" "application_attachment");
files!(ATTACH_TO_DUTY OF_DUTY "duty" "duty_attachment");

pub(crate) static STATEMENTS: &[&Statement] = &[&OF_APPLICATION, &OF_DUTY];
pub(crate) static BULKS: &[&Bulk] = &[&ATTACH_TO_APPLICATION, &ATTACH_TO_DUTY];

/// A file with the references of its sealed name and content.
#[derive(Clone, Debug)]
pub struct AttachmentRow {
    /// What is known of it in plain.
    pub attachment: Attachment,
    /// Its name, sealed.
    pub name: String,
    /// What is in it, in Base64, sealed.
    pub content: String,
}

/// The row of a file from now on.
pub(in crate::capability) fn rows(
    insert: &'static Bulk,
    record: &str,
    upload: &Upload,
    seal: &mut Sealing<'_>,
    out: &mut RowSet,
) -> Result<(), Fault> {
    let (name, content, log) = (seal.seal(&upload.name)?, seal.seal(&upload.content)?, seal.log().clone());
    let Attachment { id, field, bytes, at } = &upload.attachment;
    let bytes = i64::try_from(*bytes).unwrap_or(i64::MAX);
    out.push(insert, row![id, record, &log, field, bytes, name, content, at.micros()]);
    Ok(())
}

fn read_row(row: &Row) -> Result<AttachmentRow, Fault> {
    let attachment = Attachment {
        id: AttachmentId::new(row.text("id")?),
        field: row.text("field")?,
        bytes: usize::try_from(row.count("bytes")?)
            .map_err(|_| Fault::Corrupt("the size of a file".into()))?,
        at: row.instant("at")?,
    };
    Ok(AttachmentRow { attachment, name: row.text("name")?, content: row.text("content")? })
}

impl Read<'_> {
    /// The files that were sent for an application, in order.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn attachments(&mut self, id: &ApplicationId) -> Result<Vec<AttachmentRow>, Fault> {
        self.query(&OF_APPLICATION, &row![id])?.iter().map(read_row).collect()
    }

    /// The files that were sent for a duty, in order.
    ///
    /// # Errors
    /// As [`Read::attachments`].
    pub fn certificates(&mut self, id: &DutyId) -> Result<Vec<AttachmentRow>, Fault> {
        self.query(&OF_DUTY, &row![id])?.iter().map(read_row).collect()
    }

    /// What is in a file, in Base64, opened.
    ///
    /// # Errors
    /// Its key is gone.
    pub fn attachment_content(&mut self, row: &AttachmentRow) -> Result<Personal, Fault> {
        self.unseal(&row.content)
    }
}
