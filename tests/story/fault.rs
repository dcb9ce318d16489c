//! Faults of disk and folder: one clear sentence, never a panic.

use super::stage::played;
use super::world::{Limits, World};
use desk::No;
use harness::folder::Folder;
use std::fs;
use store::{Config, Fault, KeyringPlace, Store};

fn config(url: String) -> Config {
    Config { url, keyring: KeyringPlace::Memory, origin_prefix: "story.example".into() }
}

/// One sentence: no line break, no value of a program, and not only a code.
fn is_a_sentence(text: &str) {
    assert!(!text.contains('\n') && !text.contains("Error") && !text.contains('{'), "{text}");
    assert!(text.split(' ').count() > 2, "{text}");
}

#[test]
fn a_full_disk_and_a_folder_that_cannot_be_written_say_so() {
    let full = Fault::DiskFull.to_string();
    assert!(full.contains("full"), "{full}");
    is_a_sentence(&full);
    let read_only = Fault::ReadOnlyFolder("/srv/sluice".into()).to_string();
    assert!(read_only.contains("/srv/sluice") && read_only.contains("written"), "{read_only}");
    is_a_sentence(&read_only);
}

#[test]
fn a_database_where_none_can_be_is_refused_with_its_place() {
    let folder = Folder::new("story-fault");
    let inside = folder.path().join("file");
    fs::write(&inside, b"no folder").unwrap();
    let urls = [
        format!("sqlite://{}/none/sluice.db", folder.path().display()),
        format!("sqlite://{}/sluice.db", inside.display()),
        format!("sqlite://{}", folder.path().display()),
        "sqlite:///proc/sluice.db".into(),
        "mysql://elsewhere".into(),
    ];
    for url in urls {
        let fault = Store::open(&config(url.clone())).map(|_| ()).unwrap_err();
        is_a_sentence(&fault.to_string());
    }
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let folder = Folder::new("story-fault");
    let path = folder.path().join("sluice.db");
    let text = "這不是資料庫。".repeat(200);
    fs::write(&path, &text).unwrap();
    let fault = Store::open(&config(format!("sqlite://{}", path.display()))).map(|_| ()).unwrap_err();
    is_a_sentence(&fault.to_string());
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn the_reader_of_a_fault_gets_a_number_and_nothing_else() {
    let no = No::fault(&Fault::DiskFull);
    let No::Fault { operation, .. } = no else { panic!("{no:?}") };
    assert!(operation.starts_with("op-"));
}

#[test]
fn a_second_start_finds_the_same_world() {
    played(|stage| {
        let folder = Folder::new("story-fault");
        let config = stage.lasting(folder.path());
        let (before, code) = {
            let world = World::open(stage, &config, Limits::default());
            let (session, form) = world.lienchiang();
            let code = world.desk.ask(&session, &form).unwrap().code;
            (world.entries("lienchiang"), code)
        };
        let world = World::bare(stage, &config, Limits::default());
        assert_eq!(world.entries("lienchiang"), before);
        assert_eq!(world.row("lienchiang", &code).lookup.id.as_str(), code);
    });
}
