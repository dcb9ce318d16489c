//! What a form asks, by what is chosen in it.

use super::application::{form_one, give, ticks};
use super::stage::played;
use super::world::{World, refused};
use desk::application::{ApplicationForm, Like};
use desk::view::FieldView;
use desk::{Answer, No};
use domain::Reason;
use domain::application::{Entry, Verdict};
use domain::id::{LogId, PersonId};

const HANDS: [&str; 5] = ["li-sanmin", "fang-kh", "sun-kh", "tai-kh", "ma-kh"];

/// Form 1 of Kaohsiung for a cancellation, with ticks left over from a change of mind.
fn cancellation() -> ApplicationForm {
    let mut form = form_one(&["common-functions"]);
    form.answers.insert("kind".into(), Entry::text("cancel"));
    form
}

fn asked(fields: &[FieldView], id: &str) -> bool {
    fields.iter().find(|field| field.id == id).is_some_and(|field| field.asked)
}

/// A draft of these answers.
fn kept(world: &World, form: ApplicationForm) -> String {
    let form = ApplicationForm { submit: false, ..form };
    world.desk.write_application(&world.session("chou"), &form).unwrap()
}

#[test]
fn a_cancellation_asks_for_no_ticks_and_ends_all_that_the_account_holds() {
    played(|stage| {
        let world = stage.world();
        let chou = world.session("chou");
        let held = || {
            let (log, chou) = (LogId::new("kaohsiung"), PersonId::new("chou"));
            let all = world.desk.store().read(|read| read.permissions(&log, &chou)).unwrap();
            all.into_iter().filter(|one| one.stopped.is_none()).collect::<Vec<_>>()
        };
        assert!(held().iter().map(|one| one.items.len()).sum::<usize>() > 1);

        // What is not asked is kept as long as it is written, and goes no further.
        let code = kept(&world, cancellation());
        let view = world.desk.application(&chou, &code).unwrap();
        assert!(!asked(&view.fields, "permissions") && asked(&view.fields, "account"));
        let left = view.fields.iter().find(|field| field.id == "permissions").unwrap();
        assert_eq!(left.chosen(), 1, "whoever changes their mind finds it again");
        let back = ApplicationForm { code: Some(code.clone()), ..form_one(&["common-functions"]) };
        assert_eq!(kept(&world, back), code);
        let view = world.desk.application(&chou, &code).unwrap();
        assert!(asked(&view.fields, "permissions") && !asked(&view.fields, "account"));

        let sent = ApplicationForm { code: Some(code.clone()), ..cancellation() };
        world.desk.write_application(&chou, &sent).unwrap();
        let view = world.desk.application(&world.session("li-sanmin"), &code).unwrap();
        assert!(view.fields.iter().all(|field| field.id != "permissions"), "it stands on nobody's page");
        let entry =
            world.entries("kaohsiung").into_iter().rfind(|entry| entry.act == "application.submitted");
        let detail = entry.unwrap().detail;
        assert!(detail.contains(r#""action":"cancel""#) && detail.contains(r#""items":[]"#), "{detail}");
        for login in HANDS {
            give(&world, login, &code, Verdict::Agree).unwrap_or_else(|no| panic!("{login}: {no:?}"));
        }
        give(&world, "ho-kh", &code, Verdict::CarryOut).unwrap();
        assert!(held().is_empty(), "everything is over");
    });
}

#[test]
fn what_is_asked_is_missed_and_what_is_not_is_missed_by_nobody() {
    played(|stage| {
        let world = stage.world();
        let chou = world.session("chou");
        let missing = |answer: Answer<String>| match answer {
            Err(No::Refused(views)) => {
                assert!(views.iter().all(|view| view.refusal.reason == Reason::FieldMissing), "{views:?}");
                views.into_iter().filter_map(|view| view.refusal.field).collect::<Vec<_>>()
            }
            other => panic!("{other:?}"),
        };
        for (kind, fields) in
            [("add", vec!["permissions"]), ("change", vec!["permissions"]), ("cancel", vec![])]
        {
            let mut form = form_one(&[]);
            form.answers.insert("kind".into(), Entry::text(kind));
            form.answers.remove("permissions");
            let sent = || world.count("kaohsiung", "application.submitted");
            let before = sent();
            let answer = world.desk.write_application(&chou, &form);
            match fields.is_empty() {
                true => assert!(answer.is_ok(), "{kind}: {answer:?}"),
                false => {
                    assert_eq!(missing(answer), fields, "{kind}");
                    assert_eq!(sent(), before, "nothing is put forward");
                }
            }
        }
        // An option that the form does not have is refused wherever it stands, and hides nothing.
        let mut form = form_one(&["no-such"]);
        form.answers.insert("kind".into(), Entry::text("vanish"));
        let no = refused(world.desk.write_application(&chou, &form));
        assert_eq!(no.iter().map(|(reason, _)| *reason).collect::<Vec<_>>(), [Reason::FieldMalformed; 2]);
    });
}

#[test]
fn a_blank_form_asks_what_the_usual_choice_asks() {
    played(|stage| {
        let world = stage.world();
        let view = |login: &str| {
            world.desk.blank_application(&world.session(login), "account", &Like::Blank).unwrap().fields
        };
        let fields = view("chou");
        assert!(asked(&fields, "permissions") && asked(&fields, "account"), "who holds something changes it");
        let hinges = fields.iter().filter(|field| field.hinge.is_some()).map(|field| field.id.as_str());
        assert_eq!(hinges.collect::<Vec<_>>(), ["account", "permissions"]);
    });
}

/// Lienchiang's form as it would be if it knew ends, and asked at each what ends.
const ENDS: [(&str, &str); 2] = [
    (
        "  { code = \"change\", label = { zh = \"異動\", en = \"Change\" }, action = \"change\" },\n]",
        "  { code = \"change\", label = { zh = \"異動\", en = \"Change\" }, action = \"change\" },\n  \
         { code = \"end\", label = { zh = \"終止\", en = \"End\" }, action = \"cancel\" },\n]",
    ),
    ("actions = [\"create\", \"change\"]", "actions = [\"create\", \"change\", \"cancel\"]"),
];

#[test]
fn an_end_that_is_asked_what_ends_leaves_the_rest() {
    played(|stage| {
        let world = stage.world();
        world.amend("lienchiang", &ENDS);
        let ni = super::application::newcomer(&world);
        let apply = |kind: &str, codes: &[&str]| {
            let mut form = super::application::lienchiang(codes);
            form.answers.insert("kind".into(), Entry::text(kind));
            form.answers.insert("permissions".into(), ticks(codes));
            form.form_key = world.desk.now().micros().to_string();
            let code = world.desk.write_application(&ni, &form).unwrap();
            give(&world, "tsao", &code, Verdict::Agree).unwrap();
            give(&world, "yang-lc", &code, Verdict::CarryOut).unwrap();
            let (log, ni) = (LogId::new("lienchiang"), PersonId::new("ni"));
            let all = world.desk.store().read(|read| read.permissions(&log, &ni)).unwrap();
            let open = all.into_iter().filter(|one| one.stopped.is_none());
            open.map(|one| one.items.join(" ")).collect::<Vec<_>>()
        };
        assert_eq!(apply("add", &["basic", "household", "moves"]), ["basic household moves"]);
        assert_eq!(apply("end", &["household"]), ["basic moves"]);
        assert_eq!(apply("end", &["household"]), ["basic moves"], "what is gone ends for nobody again");
        assert!(apply("end", &["basic", "moves"]).is_empty());
    });
}
