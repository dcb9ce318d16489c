//! What people owe for their rights: while it is late, these rest; once it is done, they are back at once.

use super::duty::certificate;
use super::stage::played;
use super::world::{World, refused, refused_once};
use desk::Session;
use desk::directory::PostForm;
use desk::duty::DutyForm;
use desk::lookup::AskForm;
use desk::view::DutyView;
use domain::directory::post::Cause;
use domain::time::{Date, Instant};
use domain::{Personal, Reason};
use std::collections::BTreeSet;

pub(super) fn day(text: &str) -> Date {
    Date::parse_iso(text).unwrap()
}

/// Lets a day come, and the watch make its round.
pub(super) fn on(world: &World, text: &str) {
    world.hand.set(Instant::at(day(text), 9, 0));
    world.desk.tick().unwrap();
}

fn owed(world: &World, login: &str, kind: &str) -> Vec<DutyView> {
    let all = world.desk.duties(&world.session(login), false).unwrap().own;
    all.into_iter().filter(|duty| duty.kind.word() == kind).collect()
}

/// Lienchiang's training as it would be if users had to attend it, with this to follow.
fn training(world: &World, consequence: &str) {
    let hours = format!("policy = true\nconsequence = \"{consequence}\"\nhours = 3\n");
    world.amend(
        "lienchiang",
        &[
            ("policy = [\"evidence\"]\nhours = 3\n", &hours),
            ("{ role = \"custodian\" },\n]\nevidence = true", "{ role = \"user\" },\n]\nevidence = true"),
        ],
    );
}

/// A lookup by somebody who begins a session anew.
pub(super) fn ask(world: &World, session: &Session, form: &AskForm) -> Vec<(Reason, Option<String>)> {
    world.hand.pass_seconds(60);
    let form = AskForm { form_key: world.desk.now().micros().to_string(), ..form.clone() };
    match world.desk.ask(session, &form) {
        Ok(_) => vec![],
        other => refused(other),
    }
}

fn show(world: &World, duty: &DutyView, hours: u32) {
    let note = Personal::new("資安通識，證明 115-1");
    let files = vec![certificate("證明.pdf", b"%PDF-1.7")];
    let form = DutyForm { note, hours: Some(hours), files, ..DutyForm::default() };
    world.desk.fulfil(&world.session("chen"), &duty.id, &form).unwrap();
}

fn states(world: &World) -> Vec<&'static str> {
    world.desk.permissions(&world.session("chen")).unwrap().iter().map(|one| one.state).collect()
}

#[test]
fn whoever_lacks_hours_at_the_end_of_the_year_looks_up_nothing_until_they_are_entered() {
    played(|stage| {
        let world = stage.world();
        training(&world, "suspend");
        let (chen, form) = world.lienchiang();
        on(&world, "2026-12-15");
        let duty = owed(&world, "chen", "train").remove(0);
        assert_eq!((duty.hours, duty.due.as_ref().unwrap().date), (Some((0, 3)), day("2026-12-31")));
        let todo = world.desk.todo(&chen).unwrap();
        assert!(todo.iter().any(|item| item.href == duty.href), "warned before");
        assert_eq!(ask(&world, &chen, &form), []);
        let late = vec![(Reason::ObligationLate, Some("lienchiang/4.4".to_string()))];
        world.hand.set(day("2027-01-01").start());
        assert_eq!(ask(&world, &chen, &form), late, "before any clock has run");
        assert_eq!(states(&world), ["runs"]);
        on(&world, "2027-01-04");
        let suspended = world.count("lienchiang", "grant.suspended");
        on(&world, "2027-01-05");
        assert_eq!(world.count("lienchiang", "grant.suspended"), suspended, "once for each");
        assert_eq!(states(&world), ["lapsed"]);
        assert_eq!(ask(&world, &chen, &form), late, "and it is not said that the permission is missing");
        show(&world, &duty, 2);
        assert_eq!(ask(&world, &chen, &form), late, "an hour is missing");
        show(&world, &duty, 1);
        assert_eq!((ask(&world, &chen, &form), states(&world)), (vec![], vec!["runs"]));
        on(&world, "2027-01-06");
        assert_eq!(states(&world), ["runs"]);
    });
}

#[test]
fn where_the_rule_only_demands_it_is_late_and_nothing_is_suspended() {
    played(|stage| {
        let world = stage.world();
        training(&world, "remind");
        let (chen, form) = world.lienchiang();
        on(&world, "2026-03-02");
        on(&world, "2027-01-04");
        assert!(owed(&world, "chen", "train").iter().any(|duty| duty.late));
        assert_eq!((ask(&world, &chen, &form), states(&world)), (vec![], vec!["runs"]));
        assert_eq!(world.count("lienchiang", "grant.suspended"), 0);
    });
}

#[test]
fn where_the_rule_tells_the_superior_it_is_theirs_to_press_until_the_hours_are_entered() {
    played(|stage| {
        let world = stage.world();
        training(&world, "escalate");
        let (chen, form) = world.lienchiang();
        on(&world, "2026-12-15");
        assert!(owed(&world, "tsao", "press").is_empty());
        on(&world, "2027-01-04");
        let press = owed(&world, "tsao", "press");
        let about =
            |press: &[DutyView]| press.iter().map(|duty| duty.person.clone()).collect::<BTreeSet<_>>();
        let of = |names: &[&str]| names.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
        assert_eq!(about(&press), of(&["劉雨潔", "郭子瑜", "陳思齊"]), "of the own unit");
        assert!(press.iter().all(|duty| duty.hours.is_none() && duty.may && duty.due.is_none()));
        assert_eq!((ask(&world, &chen, &form), states(&world)), (vec![], vec!["runs"]), "nothing rests");
        let duty = owed(&world, "chen", "train").remove(0);
        show(&world, &duty, 3);
        on(&world, "2027-01-05");
        let left = owed(&world, "tsao", "press");
        assert_eq!(about(&left), of(&["劉雨潔", "郭子瑜"]));
        let note = DutyForm { note: Personal::new("已催辦"), ..DutyForm::default() };
        world.desk.fulfil(&world.session("tsao"), &left[0].id, &note).unwrap();
        on(&world, "2027-01-06");
        assert_eq!(owed(&world, "tsao", "press").len(), 1, "once for each");
    });
}

/// An undertaking of users, to be signed within two weeks.
fn word(text: &str) -> String {
    signed(text, "within = { length = 14, unit = \"day\" }\nconsequence = \"block-new-lookups\"")
}

/// An undertaking of users, with what the rule says of when.
fn signed(text: &str, when: &str) -> String {
    format!(
        "[[control]]\nid = \"word\"\nkind = \"undertaking\"\nclauses = [\"5.11\"]\npolicy = true\n\
         text = {{ zh = \"{text}\", en = \"{text}\" }}\nwhom = [\n  {{ role = \"user\" }},\n]\n\
         {when}\n\n\
         [[control]]\nid = \"own-account\""
    )
}

#[test]
fn a_new_text_is_signed_in_time_or_nothing_new_is_looked_up() {
    played(|stage| {
        let world = stage.world();
        let anchor = "[[control]]\nid = \"own-account\"";
        world.amend("lienchiang", &[(anchor, &word("帳號不借他人。"))]);
        let (chen, form) = world.lienchiang();
        let late = vec![(Reason::ObligationLate, Some("lienchiang/5.11".to_string()))];
        let sign = |duty: &DutyView| {
            world.desk.fulfil(&world.session("chen"), &duty.id, &DutyForm::default()).unwrap();
        };
        on(&world, "2026-03-02");
        let first = owed(&world, "chen", "undertake").remove(0);
        assert_eq!(first.due.as_ref().unwrap().date, day("2026-03-16"));
        assert_eq!(ask(&world, &chen, &form), []);
        on(&world, "2026-03-17");
        assert_eq!(ask(&world, &chen, &form), late);
        assert_eq!(states(&world), ["runs"], "rights stay; only new lookups wait");
        sign(&first);
        assert_eq!(ask(&world, &chen, &form), []);

        world.amend_from("lienchiang", "2026-06-01", &[(anchor, &word("帳號不借他人，密碼不告訴他人。"))]);
        on(&world, "2026-06-01");
        let next = owed(&world, "chen", "undertake").remove(0);
        assert_eq!(&*next.text[0].zh, "帳號不借他人，密碼不告訴他人。");
        let again = world.session("chen");
        assert_eq!(ask(&world, &again, &form), [], "there is time to read it");
        on(&world, "2026-06-16");
        assert_eq!(ask(&world, &again, &form), late);
        sign(&next);
        assert_eq!(ask(&world, &again, &form), []);
        let wrong = world.desk.fulfil(&world.session("chen"), &next.id, &DutyForm::default());
        assert_eq!(refused_once(wrong).0, Reason::WrongState, "it is signed once");
    });
}

#[test]
fn nothing_is_looked_up_before_the_word_is_signed_where_the_rule_wants_it_first() {
    played(|stage| {
        let world = stage.world();
        let anchor = "[[control]]\nid = \"own-account\"";
        let first = |text: &str| signed(text, "before_lookup = true");
        world.amend("lienchiang", &[(anchor, &first("帳號不借他人。"))]);
        let (chen, form) = world.lienchiang();
        let barred = vec![(Reason::ObligationLate, Some("lienchiang/5.11".to_string()))];
        let sign = |login: &str| {
            let duty = owed(&world, login, "undertake").remove(0);
            assert_eq!(duty.due, None, "the rule names no day");
            world.desk.fulfil(&world.session(login), &duty.id, &DutyForm::default()).unwrap();
        };
        world.desk.tick().unwrap();
        assert_eq!(ask(&world, &chen, &form), barred, "from the first moment, with no day gone by");
        assert_eq!(states(&world), ["runs"]);
        sign("chen");
        assert_eq!(ask(&world, &chen, &form), []);

        // Who gets a post owes it at once, and waits for no round of the clocks.
        becomes(&world, "liu", "custodian");
        on(&world, "2026-03-03");
        assert!(!owes_word(&world, "劉雨潔"));
        becomes(&world, "liu", "user");
        assert!(owes_word(&world, "劉雨潔"));

        world.amend_from("lienchiang", "2026-06-01", &[(anchor, &first("帳號不借他人，密碼不告訴他人。"))]);
        on(&world, "2026-06-01");
        let again = world.session("chen");
        assert_eq!(ask(&world, &again, &form), barred, "another text was never signed");
        sign("chen");
        assert_eq!(ask(&world, &again, &form), []);
    });
}

/// Whether somebody owes their word, as whoever runs the accounts sees it.
fn owes_word(world: &World, name: &str) -> bool {
    let all = world.desk.duties(&world.session("yang-lc"), false).unwrap().others;
    all.iter().any(|duty| duty.kind.word() == "undertake" && duty.person == name)
}

/// Gives the one post of somebody another role from today on.
fn becomes(world: &World, person: &str, role: &str) {
    let yang = world.session("yang-lc");
    let posts = world.desk.staff(&yang).unwrap().posts;
    let post = posts.into_iter().find(|post| post.person == person && post.until.is_none()).unwrap();
    let form = PostForm {
        post: post.id,
        cause: Some(Cause::DutyChange),
        on: Some(world.desk.now().date()),
        unit: post.unit_id,
        role: role.into(),
        form_key: String::new(),
    };
    world.desk.change_post(&yang, &form).unwrap();
}

#[test]
fn whoever_has_another_role_owes_no_word_of_the_former_and_owes_it_again_when_they_are_back() {
    played(|stage| {
        let world = stage.world();
        world.amend("lienchiang", &[("[[control]]\nid = \"own-account\"", &word("帳號不借他人。"))]);
        on(&world, "2026-03-02");
        assert!(owes_word(&world, "劉雨潔") && owes_word(&world, "陳思齊"));
        becomes(&world, "liu", "custodian");
        on(&world, "2026-03-03");
        assert!(!owes_word(&world, "劉雨潔"), "the rule wants it of users only");
        assert!(owes_word(&world, "陳思齊"), "nobody else is touched");
        assert_eq!(world.count("lienchiang", "duty.dropped"), 1);
        becomes(&world, "liu", "user");
        on(&world, "2026-03-04");
        assert!(owes_word(&world, "劉雨潔"));
    });
}

#[test]
fn the_board_takes_nothing_that_is_only_owed_for_done() {
    played(|stage| {
        let world = stage.world();
        world.amend("lienchiang", &[("[[control]]\nid = \"own-account\"", &word("帳號不借他人。"))]);
        on(&world, "2026-03-02");
        let state = |cite: &str| {
            let board = world.desk.board(&world.session("pan-lc")).unwrap();
            let clause = board.clauses.into_iter().find(|own| own.clause.id.as_str() == cite).unwrap();
            (clause.state, clause.evidence.is_some())
        };
        assert_eq!(state("lienchiang/5.11"), ("cannot-tell", false), "it is owed, and nobody has signed");
        let first = owed(&world, "chen", "undertake").remove(0);
        world.desk.fulfil(&world.session("chen"), &first.id, &DutyForm::default()).unwrap();
        assert!(state("lienchiang/5.11").1);
    });
}
