//! Links: applied for, approved by letter, tested, used, unused, stopped, renewed, gone through, ended.

use super::stage::played;
use super::world::{World, refused_once};
use desk::application::ApplicationForm;
use desk::duty::DutyForm;
use desk::link::{EarlierForm, LinkForm, TestForm};
use desk::view::{DutyView, LinkRow};
use desk::{Answer, No, Session};
use domain::application::act::Give;
use domain::application::{Entry, Verdict};
use domain::letter::{Came, Said};
use domain::link::review;
use domain::link::trial;
use domain::lookup::checks;
use domain::time::{Date, Instant};
use domain::{Personal, Reason};

fn day(text: &str) -> Date {
    Date::parse_iso(text).unwrap()
}

fn on(world: &World, text: &str) {
    world.hand.set(Instant::at(day(text), 9, 0));
    world.desk.tick().unwrap();
}

fn owed(world: &World, login: &str, kind: &str) -> Vec<DutyView> {
    let own = world.desk.duties(&world.session(login), false).unwrap().own;
    own.into_iter().filter(|duty| duty.kind.word() == kind).collect()
}

fn links(world: &World, login: &str) -> Vec<LinkRow> {
    world.desk.links(&world.session(login)).unwrap().rows
}

fn states(world: &World, login: &str) -> Vec<(String, Option<&'static str>)> {
    links(world, login).into_iter().map(|row| (row.state.to_string(), row.why)).collect()
}

/// Applies for a link to all datasets, in the form of the rule or of its floor.
fn apply(world: &World, login: &str, action: &str, more: &[(&str, Entry)]) -> Answer<String> {
    let session = world.session(login);
    let datasets = session.pack.datasets().iter().map(|ruled| ruled.value.id.clone()).collect();
    let ticks = |values: Vec<String>| Entry { values, ..Entry::default() };
    let mut answers: Vec<(&str, Entry)> = vec![
        ("action", Entry::text(action)),
        ("datasets", ticks(datasets)),
        ("provider", Entry::text("內政部")),
        ("linking-agency", Entry::text("衛生福利部")),
        ("basis", Entry::text("傳染病防治業務須確認設籍")),
    ];
    answers.extend(more.iter().cloned());
    let form = ApplicationForm {
        object: "link".into(),
        answers: answers.into_iter().map(|(name, entry)| (name.to_string(), entry)).collect(),
        submit: true,
        ..ApplicationForm::default()
    };
    world.desk.write_application(&session, &form)
}

fn give(world: &World, login: &str, code: &str, letter: Came) -> Answer<()> {
    world.hand.pass_seconds(60);
    let form = Give { note: Personal::new("同意"), letter, ..Give::of(Verdict::Agree) }.into();
    world.desk.stamp_application(&world.session(login), code, &form)
}

fn came(world: &World) -> Came {
    Came { number: "台內戶字第1150240001號".into(), on: Some(world.desk.now().date()) }
}

fn test(world: &World, login: &str, code: &str, passed: bool) -> Answer<()> {
    let said = trial::Said {
        passed: Some(passed),
        on: Some(world.desk.now().date()),
        note: Personal::new("連線與回覆欄位"),
    };
    world.desk.test_link(&world.session(login), code, &TestForm { said, form_key: String::new() })
}

fn said(note: &str) -> LinkForm {
    LinkForm { note: Personal::new(note), ..LinkForm::default() }
}

/// A caseworker of Taipei with a case and the consent, who asks once.
fn ask(world: &World, number: &str) -> Answer<()> {
    let session: Session = world.case("huang", number, "vaccination", &[0, 1]);
    let mut form = world.form(&session, number);
    form.purpose_text = "確認設籍以寄送接種通知".into();
    world.desk.ask(&session, &form).map(|_| ())
}

fn no(answer: Answer<()>) -> (Reason, Option<String>) {
    match answer {
        Err(No::Refused(views)) => {
            let first = &views[0].refusal;
            (first.reason, first.clause.as_ref().map(ToString::to_string))
        }
        other => panic!("{other:?}"),
    }
}

/// Taipei's link of before, ended by letter; nothing reaches the data afterwards.
fn ended(world: &World) {
    world.desk.consent_in_place(&world.session("huang")).unwrap();
    ask(world, "T-1").unwrap();
    let old = links(world, "kao-tp").remove(0);
    assert!(old.taken_over && old.used.is_some(), "{old:?}");
    let end = |login: &str, form: &LinkForm| world.desk.end_link(&world.session(login), &old.code, form);
    assert_eq!(refused_once(end("huang", &said("改線"))).0, Reason::NoCapacity);
    assert_eq!(refused_once(end("kao-tp", &said(" "))).0, Reason::NoteMissing);
    let soon = LinkForm { on: Some(day("2026-03-20")), ..said("改線") };
    assert_eq!(refused_once(end("kao-tp", &soon)), (Reason::LinkEndSoon, Some("moi-floor/15".into())));
    end("kao-tp", &said("改線")).unwrap();
    assert_eq!(states(world, "kao-tp"), [("ending".to_string(), Some("unneeded"))]);
    let letter = owed(world, "kao-tp", "end-link").remove(0);
    assert_eq!(letter.due.unwrap().at, day("2026-03-02").end(), "a month before the second of April");
    ask(world, "T-2").unwrap();
    on(world, "2026-04-02");
    assert_eq!(states(world, "kao-tp"), [("ended".to_string(), Some("unneeded"))]);
    assert_eq!(no(ask(world, "T-3")), (Reason::LinkEnded, Some("moi-floor/8".into())));
}

#[test]
fn a_link_is_applied_for_approved_by_letter_tested_and_used() {
    played(|stage| {
        let world = stage.world();
        ended(&world);
        let way = Entry::text("gateway");
        let code = apply(&world, "huang", "new", &[("way", way)]).unwrap();
        for login in ["hsu", "kao-tp", "tseng-tp", "lo-tp"] {
            give(&world, login, &code, Came::default()).unwrap_or_else(|no| panic!("{login}: {no:?}"));
        }
        let nothing = give(&world, "kao-tp", &code, Came::default());
        let Err(No::Refused(views)) = nothing else { panic!("{nothing:?}") };
        let fields: Vec<_> = views.iter().map(|view| view.refusal.field.clone().unwrap()).collect();
        assert_eq!(fields, ["letter-number", "letter-sent"]);
        assert_eq!(no(give(&world, "huang", &code, came(&world))).0, Reason::OwnApplication);
        give(&world, "kao-tp", &code, came(&world)).unwrap();

        let link = world.desk.link(&world.session("huang"), &code).unwrap();
        assert_eq!((link.row.state, link.row.from), ("untested", day("2026-04-02")));
        assert_eq!(link.row.until, Some(day("2031-04-01")), "five years by the parent rule");
        assert_eq!(link.parties[0], ("provider", "內政部".to_string()));
        let clause = Some("taipei/4.p2".to_string());
        assert_eq!(no(ask(&world, "T-4")), (Reason::LinkUntested, clause.clone()));
        assert_eq!(refused_once(test(&world, "huang", &code, true)).0, Reason::NoCapacity);
        test(&world, "kao-tp", &code, false).unwrap();
        assert_eq!(no(ask(&world, "T-5")), (Reason::LinkUntested, clause));
        test(&world, "kao-tp", &code, true).unwrap();
        ask(&world, "T-6").unwrap();
        ask(&world, "T-7").unwrap();
        let link = world.desk.link(&world.session("huang"), &code).unwrap();
        assert_eq!((link.row.state, link.row.used), ("usable", Some(day("2026-04-02"))));
        let acts: Vec<String> = link.history.into_iter().map(|entry| entry.act).collect();
        assert!(acts.contains(&"application.submitted".to_string()), "{acts:?}");
        assert_eq!(acts[acts.len() - 3..], ["link.opened", "link.tested", "link.tested"]);
        let asked = world.entries("taipei").into_iter().rfind(|entry| entry.act == "lookup.asked").unwrap();
        assert!(asked.detail.contains(&code), "the entry of a lookup says by which link: {}", asked.detail);
    });
}

#[test]
fn what_nobody_uses_is_asked_about_and_then_stopped() {
    played(|stage| {
        let world = stage.world();
        earlier(&world, "2026-01-02").unwrap();
        on(&world, "2027-03-01");
        assert_eq!(owed(&world, "ho-kh", "unused-link"), []);
        on(&world, "2027-03-02");
        let duty = owed(&world, "ho-kh", "unused-link").remove(0);
        assert_eq!(duty.due.unwrap().at, day("2027-09-02").start());
        let code = links(&world, "ho-kh").remove(0).code;
        assert_eq!(duty.href, format!("/links/{code}"));
        let need = |note: &str| world.desk.need_link(&world.session("ho-kh"), &code, &said(note));
        assert_eq!(refused_once(need("")).0, Reason::NoteMissing);
        need("流感季仍須查詢").unwrap();
        assert_eq!(owed(&world, "ho-kh", "unused-link"), []);
        assert_eq!(refused_once(need("再一次")).0, Reason::WrongState);
        on(&world, "2027-09-01");
        assert_eq!(states(&world, "ho-kh"), [("usable".to_string(), None)]);
        on(&world, "2027-09-02");
        assert_eq!(states(&world, "ho-kh"), [("ended".to_string(), Some("unused"))]);
        on(&world, "2027-09-03");
        assert_eq!(world.count("kaohsiung", "link.ended"), 1, "once");
        let letter = owed(&world, "ho-kh", "end-link").remove(0);
        assert_eq!(letter.clause.unwrap().id.as_str(), "moi-floor/15");
        assert!(letter.letter.unwrap().draft.unwrap().link.is_some_and(|link| link.why == "unused"));
    });
}

/// Kaohsiung's link of before, as the operator takes it over.
fn earlier(world: &World, from: &str) -> Answer<String> {
    world.desk.take_over_link(&EarlierForm {
        agency: "kaohsiung".into(),
        officer: "ho-kh".into(),
        from: Some(day(from)),
        ..EarlierForm::default()
    })
}

#[test]
fn a_renewal_by_the_chain_of_the_parent_rule_takes_the_place_of_the_former_link() {
    played(|stage| {
        let world = stage.world();
        assert_eq!(no(earlier(&world, "2021-03-02").map(|_| ())).0, Reason::FieldMalformed, "it is over");
        let old = earlier(&world, "2021-09-10").unwrap();
        on(&world, "2026-03-13");
        assert_eq!(owed(&world, "ho-kh", "renew-link"), []);
        on(&world, "2026-03-16");
        let duty = owed(&world, "ho-kh", "renew-link").remove(0);
        assert_eq!(duty.began, day("2026-03-14"), "a hundred and eighty days before");
        assert_eq!(duty.due.unwrap().at, day("2026-06-10").start(), "before the last three months");
        let documents = Entry { values: vec!["items".into(), "management-rule".into()], ..Entry::default() };
        let code = apply(&world, "lin", "renewal", &[("documents", documents)]).unwrap();
        give(&world, "fang-kh", &code, Came::default()).unwrap();
        on(&world, "2026-05-04");
        give(&world, "ho-kh", &code, came(&world)).unwrap();
        let new = world.desk.link(&world.session("lin"), &code).unwrap();
        assert_eq!((new.former.as_deref(), new.row.until), (Some(old.as_str()), Some(day("2031-05-03"))));
        let both = [("usable".to_string(), None), ("ended".to_string(), Some("renewed"))];
        assert_eq!(states(&world, "lin"), both);
        assert_eq!(owed(&world, "ho-kh", "renew-link"), [], "what was renewed is owed no more");
    });
}

#[test]
fn links_are_gone_through_every_year_and_what_is_not_needed_ends_by_letter() {
    played(|stage| {
        let world = stage.world();
        let code = earlier(&world, "2024-01-02").unwrap();
        on(&world, "2026-03-02");
        let duty = owed(&world, "ho-kh", "link-review").remove(0);
        assert_eq!(duty.clause.as_ref().unwrap().id.as_str(), "kaohsiung/6.5");
        let review = |login: &str, keep: Option<bool>, note: &str| {
            let verdict = review::Verdict { link: code.as_str().into(), keep, note: Personal::new(note) };
            world.desk.review_links(&world.session(login), &duty.id, &[verdict], "")
        };
        assert_eq!(refused_once(review("lin", Some(true), "用")).0, Reason::NotYourDuty);
        assert_eq!(refused_once(review("ho-kh", Some(false), "")).0, Reason::NoteMissing);
        let shown = world.desk.link_review(&world.session("ho-kh"), &duty.id).unwrap();
        assert_eq!((shown.rows.len(), shown.may), (1, true));
        review("ho-kh", Some(false), "業務移出").unwrap();
        assert_eq!(owed(&world, "ho-kh", "link-review"), [], "saying it is doing it");

        let letters = owed(&world, "ho-kh", "end-link");
        let told: Vec<_> = letters.iter().map(|duty| duty.told[0].0.clone().unwrap()).collect();
        assert_eq!(told.len(), 2, "{letters:?}");
        assert!(told.contains(&"platform".to_string()) && told.contains(&"provider".to_string()));
        for duty in &letters {
            let wanted = duty.letter.as_ref().unwrap();
            let letter = Said {
                number: "高市社資字第1150000002號".into(),
                on: Some(world.desk.now().date()),
                channel: wanted.channels[0].clone(),
            };
            let form = DutyForm { letter, ..DutyForm::default() };
            world.desk.fulfil(&world.session("ho-kh"), &duty.id, &form).unwrap();
        }
        assert_eq!(world.count("kaohsiung", "letter.sent"), 2);
        let (session, form) = world.kaohsiung();
        world.desk.ask(&session, &form).unwrap();
        on(&world, "2026-04-02");
        assert_eq!(states(&world, "lin"), [("ended".to_string(), Some("unneeded"))]);
        let again = world.case("lin", "K-2", "low-income", &[2, 3]);
        let form = world.form(&again, "K-2");
        let refused = no(world.desk.ask(&again, &form).map(|_| ()));
        assert_eq!(refused, (Reason::LinkEnded, Some("kaohsiung/6.5".into())));
    });
}

#[test]
fn where_the_rule_wants_a_link_nothing_is_looked_up_without_one() {
    played(|stage| {
        let world = stage.world();
        let session = world.session("huang");
        let (situation, today) = (session.actor.situation(), world.desk.now().date());
        let refusal = checks::link(&session.pack, &situation, &[], today).unwrap_err();
        let clause = refusal.clause.map(|clause| clause.to_string());
        assert_eq!((refusal.reason, clause.as_deref()), (Reason::LinkMissing, Some("taipei/4.p2")));
        let nobody =
            EarlierForm { agency: "taipei".into(), officer: "nobody".into(), ..EarlierForm::default() };
        let no = world.desk.take_over_link(&nobody).map(|_| ());
        assert_eq!(refused_once(no).0, Reason::FieldMalformed, "an officer in charge is there");
        let elsewhere = EarlierForm { agency: "nowhere".into(), ..EarlierForm::default() };
        assert_eq!(refused_once(world.desk.take_over_link(&elsewhere).map(|_| ())).0, Reason::NoRegulation);
    });
}

#[test]
fn a_rule_that_says_nothing_about_links_goes_on_without_one() {
    played(|stage| {
        let world = stage.world();
        let (session, form) = world.lienchiang();
        world.desk.ask(&session, &form).unwrap();
        assert_eq!(links(&world, "chen"), []);
        on(&world, "2027-12-01");
        assert_eq!(world.count("lienchiang", "link.ended"), 0);
    });
}
