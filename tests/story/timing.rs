//! The stamp after the data and the stamp before it, from two regulations and one program.

use super::stage::{Engine, cluster, played};
use super::world::{Limits, World, shown};
use desk::lookup::AskForm;
use desk::{Ending, No, TodoKind};
use domain::lookup::{Stamp, State};
use harness::folder::Folder;
use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

fn words(acts: &[(String, String)]) -> Vec<&str> {
    acts.iter().map(|(act, _)| act.as_str()).collect()
}

#[test]
fn at_lienchiang_the_data_come_first_and_the_stamp_after() {
    played(|stage| {
        let world = stage.world();
        let (session, form) = world.lienchiang();
        let view = world.desk.ask(&session, &form).unwrap();
        assert_eq!(view.ending, Some(Ending::Found));
        assert!(!shown(&view).is_empty());
        assert_eq!((view.visible_seconds, view.warn_seconds), (120, 20));
        let acts = world.acts("lienchiang", &view.code);
        assert_eq!(words(&acts), ["lookup.asked", "lookup.answered"]);
        assert_eq!(acts[1].1, "found");
        let sights = world.provider.sights.lock().unwrap().clone();
        assert_eq!(sights, [(view.code.clone(), vec!["lookup.asked".to_string()])]);
        assert_eq!(world.row("lienchiang", &view.code).lookup.stamp, Stamp::Awaiting);
        let todo = world.desk.todo(&world.session("tsao")).unwrap();
        assert!(todo.iter().any(|item| item.kind == TodoKind::Countersign && item.due.is_some()));
        world.judge_and_stamp("tsao", &view.code);
        let row = world.row("lienchiang", &view.code).lookup;
        assert_eq!((row.state, row.stamp), (State::Answered, Stamp::Stamped));
        let all: Vec<String> = world.entries("lienchiang").into_iter().map(|e| e.act).collect();
        let story: Vec<&str> =
            all.iter().map(String::as_str).filter(|act| act.starts_with("lookup.")).collect();
        let wanted = ["lookup.asked", "lookup.answered", "lookup.judged", "lookup.stamped"];
        assert_eq!(story, wanted);
    });
}

#[test]
fn at_kaohsiung_the_stamp_comes_first_and_is_good_once() {
    played(|stage| {
        let world = stage.world();
        let (session, form) = world.kaohsiung();
        assert!(world.desk.draft(&session, Some("K-1")).unwrap().stamp_before);
        let view = world.desk.ask(&session, &form).unwrap();
        assert_eq!(view.ending, None);
        assert!(shown(&view).is_empty());
        assert_eq!(world.asked(), 0, "nothing is disclosed before the stamp");
        let todo = world.desk.todo(&world.session("chang")).unwrap();
        assert!(todo.iter().any(|item| item.kind == TodoKind::Approve));
        world.judge_and_stamp("chang", &view.code);
        assert_eq!(world.asked(), 0);
        let todo = world.desk.todo(&session).unwrap();
        let approved = todo.iter().find(|item| item.kind == TodoKind::Approved).unwrap();
        let hours = approved.due.as_ref().unwrap().at.micros_since(world.desk.now()) / 3_600_000_000;
        assert_eq!(hours, 72);
        let answer = world.desk.run(&session, &view.code, "run-1").unwrap();
        assert_eq!(answer.ending, Some(Ending::Found));
        let acts = world.acts("kaohsiung", &view.code);
        let wanted = ["lookup.requested", "lookup.judged", "lookup.asked", "lookup.answered"];
        assert_eq!(words(&acts), wanted);
        let sights = world.provider.sights.lock().unwrap().clone();
        assert_eq!(sights[0].1.last().unwrap(), "lookup.asked");
        let stamps = world.count("kaohsiung", "lookup.stamped");
        assert_eq!((stamps, world.asked()), (1, 1));
        let row = world.row("kaohsiung", &view.code).lookup;
        assert_eq!((row.state, row.stamp), (State::Answered, Stamp::Stamped));
    });
}

#[test]
fn a_second_press_of_run_shows_the_first_ones_answer() {
    played(|stage| {
        let world = stage.world();
        let (session, form) = world.kaohsiung();
        let code = world.desk.ask(&session, &form).unwrap().code;
        world.judge_and_stamp("chang", &code);
        let first = world.desk.run(&session, &code, "run-1").unwrap();
        let second = world.desk.run(&session, &code, "run-1").unwrap();
        assert_eq!(shown(&first), shown(&second));
        assert_eq!(world.asked(), 1);
        let acts = world.acts("kaohsiung", &code);
        assert_eq!(acts.iter().filter(|(act, _)| act == "lookup.asked").count(), 1);
        assert_eq!(acts.last().unwrap().0, "lookup.reviewed");
    });
}

#[test]
fn the_next_person_of_the_case_is_another_lookup() {
    played(|stage| {
        let world = stage.world();
        let (session, form) = world.lienchiang();
        let first = world.desk.ask(&session, &form).unwrap();
        let next = AskForm { party: Some(2), form_key: "next".into(), ..form };
        let second = world.desk.ask(&session, &next).unwrap();
        assert_ne!(first.code, second.code);
        assert_ne!(shown(&first), shown(&second));
        assert_eq!((world.asked(), world.count("lienchiang", "lookup.asked")), (2, 2));
    });
}

/// Writes nonsense over a database that is open, its log and its index of the log.
fn destroy(database: &Path) {
    for (suffix, keep) in [("", 0), ("-wal", 0), ("-shm", 0)] {
        let path = format!("{}{suffix}", database.display());
        let Ok(mut file) = OpenOptions::new().write(true).open(&path) else { continue };
        let length = file.metadata().unwrap().len();
        let byte = if suffix == "-shm" { 0 } else { 0xA5 };
        file.seek(SeekFrom::Start(keep)).unwrap();
        file.write_all(&vec![byte; usize::try_from(length).unwrap()]).unwrap();
    }
}

#[test]
fn when_the_second_entry_cannot_be_written_nothing_is_shown() {
    played(|stage| {
        let folder = Folder::new("story");
        let config = stage.lasting(folder.path());
        let world = World::open(stage, &config, Limits::default());
        let (session, form) = world.lienchiang();
        let (engine, database) = (stage.engine, folder.path().join("data/sluice.db"));
        world.before_answer(move || match engine {
            Engine::Sqlite => destroy(&database),
            Engine::Postgres => cluster().shut(&config.url).unwrap(),
        });
        let answer = world.desk.ask(&session, &form);
        assert!(matches!(answer, Err(No::Fault { .. } | No::Away { .. })), "{answer:?}");
        assert_eq!(world.asked(), 1, "the provider was asked, and its answer is lost");
        let shown = format!("{answer:?}");
        let people = super::world::people();
        assert!(people.iter().all(|(number, name)| !shown.contains(number) && !shown.contains(name)));
        world.end_without_rows();
    });
}
