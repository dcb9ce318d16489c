//! Certificates: the files that show that training was attended. They are taken, kept and handed out as the
//! files of applications are.

use super::{Change, Duty, Kind, fact};
use crate::actor::Actor;
use crate::application::attachment::{self, Attachment, Upload};
use crate::decision::{self, Decision, Permit, RuleRef};
use crate::id::{EventId, LogId};
use crate::refusal::{Reason, Refusal};
use crate::regulation::{ClauseId, FileType, Pack};
use crate::time::Instant;
use alloc::{format, string::ToString, vec::Vec};

/// The field in which certificates are sent.
pub const FIELD: &str = "certificate";
/// The largest one, in bytes.
pub const MAX_BYTES: usize = 1_048_576;
/// Most files with one entry of training.
pub const MAX_FILES: usize = 3;

/// The kinds of files that are taken: what scanners make and course pages hand out.
pub fn types() -> Vec<FileType> {
    let own = |extension: &str, start: &[u8]| FileType {
        extension: extension.into(),
        starts: Vec::from([start.to_vec()]),
    };
    let (png, jpeg) = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff");
    Vec::from([own("pdf", b"%PDF-"), own("png", png), own("jpg", jpeg), own("jpeg", jpeg)])
}

/// Whether files can be filed with a duty at all.
pub fn is_taken(duty: &Duty) -> bool {
    duty.kind == Kind::Train
}

/// Whether each entry about a duty needs one.
pub fn is_wanted(pack: &Pack, duty: &Duty) -> bool {
    let own = pack.recurring().into_iter().find(|ruled| ruled.control == duty.control);
    is_taken(duty) && own.is_some_and(|ruled| ruled.value.evidence)
}

/// What is wrong with the files that come with an entry.
pub(super) fn faults(pack: &Pack, duty: &Duty, files: &[Upload], clauses: &[ClauseId]) -> Vec<Refusal> {
    let at = |reason| Refusal::new(reason).at(FIELD).under_first(clauses);
    if !is_taken(duty) {
        return files.iter().take(1).map(|_| at(Reason::FieldMalformed)).collect();
    }
    if files.is_empty() {
        return is_wanted(pack, duty).then(|| at(Reason::FieldMissing)).into_iter().collect();
    }
    if files.len() > MAX_FILES {
        return Vec::from([at(Reason::FilesTooMany).with("most", MAX_FILES.to_string())]);
    }
    let types = types();
    let unfit = |upload: &Upload| match upload.attachment.field == FIELD {
        true => attachment::unfit(&types, MAX_BYTES, upload).map(|fault| fault.under_first(clauses)),
        false => Some(at(Reason::FieldMalformed)),
    };
    files.iter().filter_map(unfit).collect()
}

/// The decision with the files that come with it, each under an entry of its own.
pub(super) fn filing(
    decision: Decision,
    log: &LogId,
    duty: &Duty,
    files: Vec<Upload>,
    event: &EventId,
) -> Decision {
    files.into_iter().enumerate().fold(decision, |decision, (place, upload)| {
        let event = EventId::new(format!("{event}.{}", place + 1));
        let fact = attachment::about(fact(&event, "duty.attached", duty), &upload.attachment)
            .commit("sha256", &upload.sha256)
            .commit("name", &upload.name);
        let change = Change::Attached(duty.id.clone(), upload);
        decision.also(fact).change(duty.key(log), decision::Change::Duty(change))
    })
}

/// Enters that somebody reads one. The bytes leave only after that.
pub fn read(
    reference: &RuleRef,
    actor: &Actor,
    duty: &Duty,
    attachment: &Attachment,
    (event, now): (&EventId, Instant),
) -> Decision {
    let fact = attachment::about(fact(event, "duty.attachment-read", duty), attachment);
    Decision::new(Permit::under(reference, actor, &[], now), fact)
}
