//! What stands in applications is kept for its time and destroyed behind it; the entries stay.

use super::application::{data_request, give};
use super::ended::{KEPT, on, readable};
use super::grant::TERM;
use super::stage::played;
use super::world::{World, refused_once};
use base64ct::{Base64, Encoding};
use desk::Session;
use desk::application::{ApplicationForm, FileForm, Like};
use domain::application::Verdict;
use domain::application::keeping::Kept;
use domain::id::{ApplicationId, LogId};
use domain::time::Date;
use domain::{Personal, Reason};

fn day(text: &str) -> Date {
    Date::parse_iso(text).unwrap()
}

fn kept(world: &World, who: &Session, code: &str) -> Kept {
    world.desk.application(who, code).unwrap().kept.unwrap().kept
}

/// Taipei's rule as it would be if it set a time for applications.
const TAIPEI: (&str, &str) = (
    "[[control]]\nid = \"register-kept\"",
    "[[control]]\nid = \"requests-kept\"\nkind = \"retention\"\nclauses = [\"5.5\"]\n\
     policy = true\nrecord = \"application\"\nat_least_months = 18\nfrom = \"year-end\"\n\n\
     [[control]]\nid = \"register-kept\"",
);

fn requested(world: &World) -> String {
    let content = Personal::new(Base64::encode_string(b"%PDF-1.7 plan"));
    let file = FileForm { field: "papers".into(), name: Personal::new("防治計畫.pdf"), content };
    let form = ApplicationForm { files: vec![file], ..data_request() };
    let code = world.desk.write_application(&world.session("huang"), &form).unwrap();
    give(world, "hsu", &code, Verdict::Refuse).unwrap();
    code
}

#[test]
fn where_the_rule_sets_no_time_an_application_is_kept_and_says_so() {
    played(|stage| {
        let world = stage.world();
        let (code, huang) = (requested(&world), world.session("huang"));
        on(&world, "2046-03-02");
        assert_eq!(kept(&world, &huang, &code), Kept::Unset);
        assert_eq!(world.count("taipei", "application.destroyed"), 0);
    });
}

#[test]
fn form_words_and_files_are_destroyed_behind_their_time_and_the_entries_stay() {
    played(|stage| {
        let world = stage.world();
        world.amend_from("taipei", "2026-03-03", &[TAIPEI]);
        on(&world, "2026-03-03");
        let (code, huang) = (requested(&world), world.session("huang"));
        assert_eq!(kept(&world, &huang, &code), Kept::Until(day("2028-06-30")));
        let store = world.desk.store();
        let log = LogId::new("taipei");
        let id = ApplicationId::new(code.as_str());
        let files = store.read(|read| read.attachments(&id)).unwrap();
        let file = files[0].attachment.id.to_string();
        let words = store.read(|read| read.application_stamps(&id)).unwrap()[0].note.clone().unwrap();
        let entries = store.read(|read| read.entries_of_record(&log, &code)).unwrap();
        on(&world, "2028-06-30");
        assert!(store.read(|read| read.unseal(&files[0].content)).is_ok(), "its last day");
        on(&world, "2028-07-01");
        world.desk.tick().unwrap();
        assert_eq!(world.count("taipei", "application.destroyed"), 1, "once");
        for name in [&files[0].name, &files[0].content, &words, &entries[0].id] {
            assert!(store.read(|read| read.unseal(name)).is_err(), "{name} cannot be opened any more");
        }
        assert_eq!(
            refused_once(world.desk.attachment(&huang, &code, &file)).0,
            Reason::RecordUnknown,
            "the file is gone"
        );
        let view = world.desk.application(&huang, &code).unwrap();
        let typed = data_request().answers;
        let left =
            view.fields.iter().filter(|field| typed.contains_key(&field.id) && !field.entry.is_empty());
        assert_eq!(left.map(|field| field.id.as_str()).collect::<Vec<_>>(), [""; 0]);
        assert!(view.fields.iter().all(|field| field.files.is_empty()));
        assert!(!view.copy && view.answer.is_none_or(|said| said.note.is_empty()));
        let after = store.read(|read| read.entries_of_record(&log, &code)).unwrap();
        assert_eq!(after[..entries.len()], entries[..], "every entry stands as it stood");
        assert_eq!(after.last().unwrap().act, "application.destroyed");
        let like = Like::Application(id.clone());
        let filled = |like: &Like| {
            let view = world.desk.blank_application(&huang, "data-request", like).unwrap();
            view.fields.into_iter().map(|field| (field.id, field.entry)).collect::<Vec<_>>()
        };
        assert_eq!(filled(&like), filled(&Like::Blank), "nothing is left to write one like it");
        // Every log can still be signed as it stands.
        for log in store.read(|read| read.log_names()).unwrap() {
            store.publish_now(&log).unwrap();
        }
    });
}

#[test]
fn as_long_as_a_permission_stands_the_time_of_its_application_does_not_begin() {
    played(|stage| {
        let world = stage.world();
        world.amend("lienchiang", &[TERM, KEPT]);
        let ni = super::application::newcomer(&world);
        let form = super::application::lienchiang(&["basic"]);
        let (code, tsao) = (world.desk.write_application(&ni, &form).unwrap(), world.session("tsao"));
        assert_eq!(kept(&world, &tsao, &code), Kept::Running);
        give(&world, "tsao", &code, Verdict::Agree).unwrap();
        give(&world, "yang-lc", &code, Verdict::CarryOut).unwrap();
        assert_eq!(kept(&world, &tsao, &code), Kept::Running);
        on(&world, "2027-03-02");
        assert_eq!(kept(&world, &tsao, &code), Kept::Until(day("2029-03-02")));
        on(&world, "2029-03-03");
        assert_eq!(readable(&world, &code), 1);
    });
}
