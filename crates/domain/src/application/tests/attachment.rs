//! Files: of what kinds, how large, how many; and what the entry says of them.

use super::*;
use crate::application::attachment::{Attachment, Upload, without_files};

fn file(name: &str, bytes: usize, head: &[u8]) -> Upload {
    Upload {
        attachment: Attachment { id: name.into(), field: "papers".into(), bytes, at: at(0) },
        name: Personal::new(name),
        head: head.to_vec(),
        sha256: Personal::new("00"),
        content: Personal::new("JVBERi0="),
    }
}

fn pdf(name: &str) -> Upload {
    file(name, 100, b"%PDF-1.7")
}

fn told(play: &Play, command: Command) -> Vec<(&'static str, String)> {
    let faults = play.decide("ann", command).unwrap_err();
    faults.iter().map(|one| (one.reason.key(), one.field.clone().unwrap_or_default())).collect()
}

#[test]
fn a_file_is_named_in_its_field_and_has_an_entry_that_does_not_show_it() {
    let mut play = Play::new();
    play.files = vec![pdf("a.pdf"), file("b.JPG", 2048, &[0xff, 0xd8, 0xff, 0xe0])];
    let decision = play.decide("ann", Command::Save).unwrap();
    let acts: Vec<_> = decision.facts().iter().map(decision::Fact::act).collect();
    assert_eq!(acts, ["application.saved", "application.attached", "application.attached"]);
    let fact = &decision.facts()[1];
    let committed: Vec<_> = fact.commitments().iter().map(|(name, _)| *name).collect();
    assert!(committed.contains(&"sha256") && committed.contains(&"name"), "{committed:?}");
    assert!(!format!("{:?}", fact.details()).contains("a.pdf.pdf"));
    play.play("ann", Command::Submit).unwrap();
    assert_eq!(play.answers["papers"].values, ["a.pdf", "b.JPG"]);
    let copied = without_files(play.pack.form("account").unwrap(), play.answers.clone());
    assert!(!copied.contains_key("papers") && copied.contains_key("reason"));
}

#[test]
fn what_a_form_does_not_take_is_told_at_its_field_and_nothing_is_written() {
    let wrong = [
        (file("a.exe", 10, b"MZ"), "file-type"),
        (file("pdf", 10, b"%PDF-"), "file-type"),
        (file("a.pdf", 0, b""), "file-empty"),
        (file("a.pdf", 2049, b"%PDF-"), "file-too-large"),
        (file("a.pdf", 10, b"MZ%PDF-"), "file-mismatch"),
        (file("a.pdf", 3, b"%PD"), "file-mismatch"),
        (file(&format!("{}.pdf", "長".repeat(200)), 10, b"%PDF-"), "field-too-long"),
    ];
    for (upload, reason) in wrong {
        for command in [Command::Save, Command::Submit] {
            let play = Play { files: vec![upload.clone()], ..Play::new() };
            assert_eq!(told(&play, command), [(reason, "papers".to_string())]);
        }
    }
    let play = Play { files: vec![pdf("a.pdf"), pdf("b.pdf"), pdf("c.pdf")], ..Play::new() };
    assert_eq!(told(&play, Command::Save), [("files-too-many", "papers".to_string())]);
    let mut elsewhere = pdf("a.pdf");
    elsewhere.attachment.field = "reason".into();
    let play = Play { files: vec![elsewhere], ..Play::new() };
    assert_eq!(told(&play, Command::Save), [("field-malformed", "reason".to_string())]);
    // A file that this application was never sent cannot be named.
    let mut play = Play::new();
    play.answers.insert("papers".into(), Entry::text("somebody else's"));
    assert_eq!(told(&play, Command::Save), [("field-malformed", "papers".to_string())]);
}
