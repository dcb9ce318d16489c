//! Files of applications: taking them in, and handing them out under an entry of their own.

use super::whole::Crews;
use crate::view::FileView;
use crate::{Answer, Desk, No, Session, carry};
use base64ct::{Base64, Encoding};
use domain::application::attachment::{self, Attachment, HEAD, Upload};
use domain::id::{ApplicationId, AttachmentId};
use domain::time::Instant;
use domain::{Decision, Personal, Reason, Refusal};
use store::capability::application::attachment::AttachmentRow;
use store::{Fault, Read};

/// A file as a page or a call sends it.
#[derive(Clone, Debug)]
pub struct FileForm {
    /// The field of the form.
    pub field: String,
    /// The name that its sender gave it.
    pub name: Personal,
    /// What is in it, in Base64.
    pub content: Personal,
}

/// A file as it is handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileOut {
    /// Its name.
    pub name: Personal,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl FileForm {
    /// A file for a field, with what is in it.
    pub fn of(field: &str, name: Personal, bytes: &[u8]) -> Self {
        Self { field: field.into(), name, content: Personal::new(Base64::encode_string(bytes)) }
    }

    /// Looks at a file: how large it is, how it begins, what it digests to.
    ///
    /// # Errors
    /// It is not in Base64.
    pub(crate) fn upload(&self, now: Instant) -> Result<Upload, Refusal> {
        let malformed = |_| Refusal::new(Reason::FieldMalformed).at(&self.field);
        let bytes = Base64::decode_vec(self.content.expose()).map_err(malformed)?;
        Ok(Upload {
            attachment: Attachment {
                id: AttachmentId::new(carry::random_id("at")),
                field: self.field.clone(),
                bytes: bytes.len(),
                at: now,
            },
            name: Personal::new(self.name.expose().trim()),
            head: bytes.iter().take(HEAD).copied().collect(),
            sha256: Personal::new(ledger::hash::sha256(&bytes).to_hex()),
            content: self.content.clone(),
        })
    }
}

impl Desk {
    /// A file of an application, for those who may see the application. It leaves after its entry only.
    ///
    /// # Errors
    /// The application or the file does not exist for the viewer.
    pub fn attachment(&self, session: &Session, code: &str, file: &str) -> Answer<FileOut> {
        let (log, id) = (session.actor.log(), ApplicationId::new(code.trim()));
        let unknown = || {
            let unknown = Refusal::new(Reason::RecordUnknown).with("code", code);
            No::Refused(vec![self.explain(session, unknown)])
        };
        let found = self.inner.store.read(|read| {
            let Some(row) = read.application(&log, &id)? else { return Ok(None) };
            let whole = self.whole(read, session, &mut Crews::default(), row)?;
            if !self.may_see(session, &whole) {
                return Ok(None);
            }
            let mut all = vec![read.answers(&whole.row.answers)?];
            for version in 1..=whole.row.application.version {
                all.extend(read.answers_of(&id, version)?);
            }
            let shown = |row: &AttachmentRow| {
                let Attachment { id, field, .. } = &row.attachment;
                let mut entries = all.iter().filter_map(|answers| answers.get(field));
                id.as_str() == file && entries.any(|entry| entry.values.iter().any(|own| own == file))
            };
            let own = read.attachments(&id)?.into_iter().find(shown);
            Ok(own.map(|own| (whole.row.application, own)))
        })?;
        let (application, row) = found.ok_or_else(unknown)?;
        let (rule, actor, at) = (&session.rule, &session.actor, (&carry::event(), self.now()));
        self.file_out(&row, attachment::read(rule, actor, &application, &row.attachment, at))
    }

    /// A file, which leaves after its entry only.
    pub(crate) fn file_out(&self, row: &AttachmentRow, entry: Decision) -> Answer<FileOut> {
        let (out, _) = self.inner.store.look(|read| {
            let content = read.attachment_content(row)?;
            let bytes = Base64::decode_vec(content.expose());
            let bytes = bytes.map_err(|_| Fault::Corrupt("what is in a file".into()))?;
            Ok((FileOut { name: read.unseal(&row.name)?, bytes }, vec![entry.clone()]))
        })?;
        Ok(out)
    }

    /// The files that a version names in a field.
    pub(super) fn files(
        &self,
        read: &mut Read<'_>,
        id: &ApplicationId,
        named: &[String],
    ) -> Result<Vec<FileView>, Fault> {
        let rows = read.attachments(id)?;
        let own = rows.iter().filter(|row| named.iter().any(|id| id == row.attachment.id.as_str()));
        own.map(|row| shown(read, row)).collect()
    }
}

/// What a page says of a file.
pub(crate) fn shown(read: &mut Read<'_>, row: &AttachmentRow) -> Result<FileView, Fault> {
    Ok(FileView {
        id: row.attachment.id.to_string(),
        name: read.unseal(&row.name)?.expose().to_string(),
        kilobytes: row.attachment.bytes.div_ceil(1024),
    })
}
