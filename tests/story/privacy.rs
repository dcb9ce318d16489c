//! No number and no name of anybody outside the timed view, the sealed part and the provider.

use super::stage::{Engine, cluster, played};
use super::world::{Limits, World, people, refused_once, shown};
use desk::account::SignIn;
use desk::case::{CaseForm, PartyForm};
use desk::lookup::{AskForm, CorrectForm, Verdict};
use domain::actor::Place;
use domain::id::{LogId, LookupId};
use domain::time::Date;
use domain::{Personal, Reason};
use harness::folder::Folder;
use std::fmt::Debug;
use std::path::Path;
use store::Value;

/// Everything that may not be found anywhere: numbers and names of the cases' persons, and words
/// that somebody wrote freely.
fn secrets() -> Vec<String> {
    let people = people();
    let persons = [0, 1, 2, 3, 9].map(|place| people[place].clone());
    let mut all: Vec<String> = persons.into_iter().flat_map(|(number, name)| [number, name]).collect();
    all.extend(["秘密理由甲".into(), "秘密註記乙".into(), "秘密補正丙".into(), "秘密同住丁".into()]);
    all
}

fn nowhere(place: &str, bytes: &[u8]) {
    for secret in secrets() {
        let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "{secret} stands in {place}");
    }
}

fn mute(place: &str, value: &dyn Debug) {
    nowhere(place, format!("{value:?} {value:#?}").as_bytes());
}

/// A value as its file has it.
fn bytes(value: &Value) -> Vec<u8> {
    match value {
        Value::Text(text) => text.as_bytes().to_vec(),
        Value::Bytes(bytes) => bytes.clone(),
        Value::Int(_) | Value::Null => vec![],
    }
}

/// Looks through the files of a folder, and tells how many bytes they have.
fn silent(folder: &Path) -> usize {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        // The log of a database that closes goes away while it is looked for.
        let Ok(held) = std::fs::read(&path) else { continue };
        bytes += held.len();
        nowhere(&path.display().to_string(), &held);
    }
    bytes
}

/// A story that uses everything personal, in both agencies.
fn play(world: &World) -> String {
    let (session, form) = world.lienchiang();
    let form = AskForm { purpose_text: "秘密理由甲".into(), ..form };
    let view = world.desk.ask(&session, &form).unwrap();
    assert!(shown(&view).len() > 3);
    mute("the result", &view);
    let outsider = AskForm {
        party: None,
        subject: Some(Personal::new(people()[9].0.as_str())),
        not_party_reason: "秘密同住丁".into(),
        form_key: "outsider".into(),
        ..form.clone()
    };
    let flagged = world.desk.ask(&session, &outsider).unwrap().code;
    let bad = AskForm { purpose: "gossip".into(), form_key: "bad".into(), ..outsider };
    mute("a refusal", &world.desk.ask(&session, &bad));
    let head = world.session("tsao");
    let note = String::from("秘密註記乙");
    let returned = Verdict::Return { reason_code: "reason".into(), note: note.clone() };
    world.desk.judge(&head, &flagged, &returned).unwrap();
    let mended = CorrectForm { reason: "秘密補正丙".into(), ..CorrectForm::default() };
    world.desk.correct(&session, &flagged, &mended).unwrap();
    world.desk.judge(&head, &flagged, &Verdict::Match { note }).unwrap();
    world.stamp("tsao", &[&flagged], "batch").unwrap();
    let (other, request) = world.kaohsiung();
    let code = world.desk.ask(&other, &request).unwrap().code;
    world.judge_and_stamp("chang", &code);
    world.desk.run(&other, &code, "run").unwrap();
    world.desk.review(&session, &view.code).unwrap();
    view.code
}

#[test]
fn nothing_personal_stands_in_the_database_the_leaves_or_the_lists() {
    played(|stage| {
        let folder = Folder::new("story-privacy");
        let world = World::open(stage, &stage.lasting(folder.path()), Limits::default());
        let code = play(&world);
        for log in ["lienchiang", "kaohsiung", "platform"] {
            let id = LogId::new(log);
            for leaf in world.desk.store().read(|read| read.leaves(&id, 0..10_000)).unwrap() {
                nowhere("a leaf", &leaf.body);
            }
            for entry in world.entries(log) {
                mute("an entry", &entry);
            }
        }
        for login in ["chen", "tsao", "pan-lc", "wang-lc", "lin", "chang"] {
            let session = world.session(login);
            mute("to-do", &world.desk.todo(&session).unwrap());
            mute("records", &world.desk.records(&session, &Default::default()).map(|page| page.rows));
            mute("cases", &world.desk.cases(&session).unwrap());
            mute("settings", &world.desk.settings(&session).unwrap());
            mute("board", &world.desk.board(&session).unwrap());
            mute("queue", &world.desk.queue(&session, None).map(|queue| queue.flagged));
        }
        let draft = world.desk.draft(&world.session("chen"), Some("L-1")).unwrap();
        mute("the form", &draft);
        mute("a proof", &world.desk.verify(&world.session("chen"), &code).unwrap());
        world.desk.tick().unwrap();
        for table in world.desk.store().dump().unwrap() {
            nowhere(&table.name, &table.rows.iter().flatten().flat_map(bytes).collect::<Vec<u8>>());
        }
        drop(world);
        match stage.engine {
            Engine::Sqlite => assert!(silent(&folder.path().join("data")) > 100_000, "the database was read"),
            Engine::Postgres => nowhere("the server's log", &cluster().log().unwrap()),
        }
    });
}

#[test]
fn a_parked_answer_opens_for_the_session_that_asked_and_no_other() {
    played(|stage| {
        let world = stage.world();
        let (_, form) = world.lienchiang();
        let sign_in = || {
            world.hand.pass_seconds(31);
            let form = SignIn {
                login: "chen".into(),
                password: Personal::new(super::world::PASSWORD),
                code: world.desk.demo_code("chen").unwrap(),
                place: Place::Zone("office".into()),
                address: super::world::ADDRESS.into(),
            };
            world.desk.sign_in(&form).unwrap()
        };
        let (mine, another) = (sign_in(), sign_in());
        let view = world.desk.ask(&mine.session, &form).unwrap();
        world.desk.review(&mine.session, &view.code).unwrap();
        let (reason, _) = refused_once(world.desk.review(&another.session, &view.code));
        assert_eq!(reason, Reason::AnswerGone, "the same person in another session");
        let (id, now) = (LookupId::new(view.code), world.desk.now());
        let open =
            |secret: &[u8]| world.desk.store().read(|read| read.parked(id.as_str(), secret, now)).unwrap();
        assert!(open(mine.token.as_bytes()).is_some());
        assert!(open(another.token.as_bytes()).is_none());
        assert!(open(b"").is_none());
    });
}

#[test]
fn forms_print_nothing_of_what_was_typed() {
    let people = people();
    let (number, name) = &people[0];
    let ask = AskForm {
        subject: Some(Personal::new(number.as_str())),
        purpose_text: "秘密理由甲".into(),
        basis_text: "秘密理由甲".into(),
        not_party_reason: format!("秘密同住丁 {name}"),
        ..AskForm::default()
    };
    mute("the ask form", &ask);
    mute("the correction", &CorrectForm { reason: "秘密補正丙".into(), ..CorrectForm::default() });
    mute("the verdict", &Verdict::Anomaly { note: "秘密註記乙".into() });
    let party = PartyForm {
        name: Personal::new(name.as_str()),
        id: Personal::new(number.as_str()),
        role: "申請人".into(),
    };
    let case = CaseForm {
        number: "L-1".into(),
        business: "vaccination".into(),
        received: Date::new(2026, 3, 1).unwrap(),
        parties: vec![party],
    };
    mute("the case form", &case);
    let sign_in = SignIn {
        login: "chen".into(),
        password: Personal::new("秘密理由甲"),
        code: String::new(),
        place: Place::Elsewhere,
        address: String::new(),
    };
    mute("the sign-in form", &sign_in);
}
