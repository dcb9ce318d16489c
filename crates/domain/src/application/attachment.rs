//! Files that travel with an application, or with a duty: of what kinds they are taken, how large, how many.
//!
//! A file belongs to the application from the moment it is sent; the version that names it in its field shows
//! it. What is in it is nobody's here but the reader's: it is sealed, and every reading has an entry.

use super::submit::fact;
use super::{Answers, Application, Entry};
use crate::actor::Actor;
use crate::decision::{Decision, Fact, Permit, RuleRef};
use crate::id::{AttachmentId, EventId};
use crate::personal::Personal;
use crate::refusal::{Reason, Refusal};
use crate::regulation::{Field, FileType, FilledBy, Form};
use crate::time::Instant;
use alloc::{format, string::String, string::ToString, vec::Vec};
use serde::{Deserialize, Serialize};

/// The type of fields that take files.
pub const KIND: &str = "attachment";
/// The first bytes that are looked at, to tell what a file is.
pub const HEAD: usize = 64;
/// Most characters of a file's name.
const NAME_MAX: usize = 200;

/// A file, without what is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its identifier, which stands in the field.
    pub id: AttachmentId,
    /// The field of the form.
    pub field: String,
    /// How many bytes it has.
    pub bytes: usize,
    /// When it was sent.
    pub at: Instant,
}

/// A file as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// What is kept of it in plain.
    pub attachment: Attachment,
    /// The name that its sender gave it.
    pub name: Personal,
    /// Its first bytes.
    pub head: Vec<u8>,
    /// The SHA-256 of all of it, in hexadecimal.
    pub sha256: Personal,
    /// All of it, in Base64.
    pub content: Personal,
}

/// The ending of a file's name, in lower case; empty where it has none.
pub fn extension(name: &str) -> String {
    name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default()
}

/// The field of a form that takes files, if it is one.
fn field<'a>(form: &'a Form, id: &str) -> Option<&'a Field> {
    form.field(id).filter(|field| field.kind == KIND && field.filled_by == FilledBy::User)
}

/// What is wrong with a file, at its field.
pub fn fault(form: &Form, upload: &Upload) -> Option<Refusal> {
    let id = &upload.attachment.field;
    let at = |reason| Some(Refusal::new(reason).at(id).under_first(&form.clauses));
    let Some(field) = field(form, id) else { return at(Reason::FieldMalformed) };
    unfit(&field.accept, field.max_bytes(), upload).map(|fault| fault.under_first(&form.clauses))
}

/// What is wrong with a file where files of these types are taken, up to so many bytes.
pub(crate) fn unfit(accept: &[FileType], max_bytes: usize, upload: &Upload) -> Option<Refusal> {
    let Attachment { field: id, bytes, .. } = &upload.attachment;
    let at = |reason| Some(Refusal::new(reason).at(id));
    let name = upload.name.expose();
    let ending = extension(name);
    let types: Vec<&str> = accept.iter().map(|own| own.extension.as_str()).collect();
    let Some(own) = accept.iter().find(|own| own.extension == ending) else {
        return at(Reason::FileType).map(|refusal| refusal.with("types", types.join(" ")));
    };
    if name.chars().count() > NAME_MAX {
        return at(Reason::FieldTooLong).map(|refusal| refusal.with("most", format!("{NAME_MAX}")));
    }
    if *bytes == 0 {
        return at(Reason::FileEmpty);
    }
    if *bytes > max_bytes {
        let most = (max_bytes / 1024).to_string();
        return at(Reason::FileTooLarge).map(|refusal| refusal.with("most", most));
    }
    let real = own.starts.iter().any(|start| upload.head.starts_with(start));
    if real { None } else { at(Reason::FileMismatch).map(|refusal| refusal.with("types", ending)) }
}

/// What is wrong with what stands in a field that takes files: names of files that the application does not
/// have there, and too many of them.
pub(super) fn faults(form: &Form, answers: &Answers, known: &[Attachment]) -> Vec<Refusal> {
    let fields = form.fields.iter().filter(|field| field.kind == KIND);
    let fault = |field: &Field| {
        let named = &answers.get(&field.id)?.values;
        let own = |id: &String| known.iter().any(|one| one.id.as_str() == id && one.field == field.id);
        let refusal = if !named.iter().all(own) {
            Refusal::new(Reason::FieldMalformed)
        } else if named.len() > field.max_files() {
            Refusal::new(Reason::FilesTooMany).with("most", field.max_files().to_string())
        } else {
            return None;
        };
        Some(refusal.at(&field.id).under_first(&form.clauses))
    };
    fields.filter_map(fault).collect()
}

/// Puts the files that are sent into their fields, beside those that stand there.
pub(super) fn named(mut answers: Answers, files: &[Upload]) -> Answers {
    for Upload { attachment, .. } in files {
        let entry: &mut Entry = answers.entry(attachment.field.clone()).or_default();
        entry.values.push(attachment.id.to_string());
    }
    answers
}

/// What stands in a form without the files: they stay with the application they were sent for.
pub fn without_files(form: &Form, mut answers: Answers) -> Answers {
    answers.retain(|name, _| form.field(name).is_none_or(|field| field.kind != KIND));
    answers
}

/// That a file was sent: how large it is, and a commitment to what it is.
pub(super) fn sent(event: &EventId, application: &Application, upload: &Upload) -> Fact {
    about(fact(event, "application.attached", application, &[]), &upload.attachment)
        .commit("sha256", &upload.sha256)
        .commit("name", &upload.name)
}

/// Enters that somebody reads a file. The bytes leave only after that.
pub fn read(
    reference: &RuleRef,
    actor: &Actor,
    application: &Application,
    attachment: &Attachment,
    (event, now): (&EventId, Instant),
) -> Decision {
    let fact = about(fact(event, "application.attachment-read", application, &[]), attachment);
    Decision::new(Permit::under(reference, actor, &[], now), fact)
}

/// What an entry says of a file: which it is, and how large.
pub(crate) fn about(fact: Fact, attachment: &Attachment) -> Fact {
    fact.detail("attachment", attachment.id.as_str())
        .detail("field", attachment.field.as_str())
        .detail("bytes", i64::try_from(attachment.bytes).unwrap_or(i64::MAX))
}
