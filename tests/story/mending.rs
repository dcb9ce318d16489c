//! What becomes of an application while it is written, mended and written again: forms that change under it,
//! copies, versions, and what people held before.

use super::application::{form_one, give, lienchiang, newcomer, ticks};
use super::grant::TERM;
use super::stage::played;
use super::world::{World, refused, refused_once};
use desk::Session;
use desk::application::{ApplicationForm, Like, Pages};
use desk::view::{ApplicationView, FieldView};
use domain::Reason;
use domain::application::{Entry, Verdict};
use domain::id::ApplicationId;
use domain::time::{Date, Instant};

fn field<'a>(view: &'a ApplicationView, name: &str) -> &'a FieldView {
    view.fields.iter().find(|field| field.id == name).unwrap()
}

fn left(view: &ApplicationView) -> Vec<(&str, Vec<&str>)> {
    let left = view.left_behind.iter();
    left.map(|one| (&*one.label.zh, one.parts.iter().map(|part| &*part.zh).collect())).collect()
}

/// From the tenth of March on the form has another name, no line for a contractor and one tick fewer.
fn amended(world: &World) {
    let label = "{ zh = \"遷徙紀錄\", en = \"Moves\" }";
    let moves = format!("  {{ code = \"moves\", label = {label}, opens = [\"household/moves\"] }},\n");
    let edits = [
        ("[form]\nid = \"account-application\"", "[form]\nid = \"account-form\""),
        ("form = \"account-application\"", "form = \"account-form\""),
        ("id = \"contractor\"\nlabel", "id = \"vendor\"\nlabel"),
        (moves.as_str(), ""),
    ];
    world.amend_from("lienchiang", "2026-03-10", &edits);
    world.hand.set(Instant::at(Date::new(2026, 3, 10).unwrap(), 9, 0));
}

fn written(submit: bool) -> ApplicationForm {
    let mut form = lienchiang(&["basic", "moves"]);
    form.answers.insert("contractor".into(), Entry::text("某某公司"));
    ApplicationForm { submit, ..form }
}

#[test]
fn a_rule_that_is_amended_under_a_draft_keeps_what_fits_and_tells_what_does_not() {
    played(|stage| {
        let world = stage.world();
        let code = world.desk.write_application(&newcomer(&world), &written(false)).unwrap();
        let plain = world.desk.application(&world.staff("ni"), &code).unwrap();
        assert!(!plain.older_form && plain.left_behind.is_empty());
        amended(&world);
        let ni = world.staff("ni");
        let view = world.desk.application(&ni, &code).unwrap();
        assert!(view.edit && view.older_form, "a first draft says so too");
        assert_eq!(left(&view), [("受託單位", vec![]), ("戶役政資料查詢權限", vec!["遷徙紀錄"])]);
        assert_eq!(field(&view, "reason").text(), "承接疫苗追蹤業務");
        assert_eq!(field(&view, "permissions").chosen(), 1);
        let kept = ApplicationForm { code: Some(code.clone()), submit: false, ..lienchiang(&["basic"]) };
        world.desk.write_application(&ni, &kept).unwrap();
        let view = world.desk.application(&ni, &code).unwrap();
        assert!(!view.older_form && view.left_behind.is_empty(), "it was looked at and kept");
        assert_eq!(&*view.row.label.zh, "戶役政資料查詢帳號申請單");
        let unknown = ApplicationForm { code: Some(code.clone()), ..written(true) };
        let told = refused(world.desk.write_application(&ni, &unknown));
        assert!(
            told.iter().all(|one| one.0 == Reason::FieldMalformed) && told.len() == 2,
            "nothing is taken that the form does not ask"
        );
        world.desk.write_application(&ni, &ApplicationForm { submit: true, ..kept }).unwrap();
        give(&world, "tsao", &code, Verdict::Agree).unwrap();
    });
}

#[test]
fn what_was_put_forward_keeps_its_form_while_its_author_writes_in_the_new_one() {
    played(|stage| {
        let world = stage.world();
        let code = world.desk.write_application(&newcomer(&world), &written(true)).unwrap();
        give(&world, "tsao", &code, Verdict::Return).unwrap();
        amended(&world);
        let ni = world.staff("ni");
        for round in 0..2 {
            let view = world.desk.application(&ni, &code).unwrap();
            assert!(view.older_form, "as long as it was not put forward again");
            assert_eq!(left(&view).len(), 2, "{round}");
            let others = world.desk.application(&world.session("tsao"), &code).unwrap();
            assert_eq!(
                field(&others, "contractor").text(),
                "某某公司",
                "its readers see what was put forward"
            );
            assert_eq!(field(&others, "permissions").chosen(), 2);
            let kept = ApplicationForm { code: Some(code.clone()), submit: false, ..lienchiang(&["basic"]) };
            world.desk.write_application(&ni, &kept).unwrap();
        }
        let sent = ApplicationForm { code: Some(code.clone()), ..lienchiang(&["basic"]) };
        world.desk.write_application(&ni, &sent).unwrap();
        let view = world.desk.application(&world.session("tsao"), &code).unwrap();
        assert_eq!((view.version, field(&view, "permissions").chosen()), (2, 1));
        assert!(view.fields.iter().any(|field| field.id == "vendor"));
    });
}

#[test]
fn whoever_may_not_apply_any_more_is_told_so_and_can_give_the_draft_up() {
    played(|stage| {
        let world = stage.world();
        let code = world.desk.write_application(&newcomer(&world), &written(false)).unwrap();
        let chain = "form = \"account-application\"\nsteps = [\n  { who = { role = ";
        let (users, others) = (format!("{chain}\"user\""), format!("{chain}\"contractor\""));
        world.amend_from("lienchiang", "2026-03-10", &[(&users, &others)]);
        world.hand.set(Instant::at(Date::new(2026, 3, 10).unwrap(), 9, 0));
        let ni = world.staff("ni");
        let view = world.desk.application(&ni, &code).unwrap();
        assert_eq!((view.edit, view.copy, view.cancel), (false, false, true));
        assert_eq!(view.barred.unwrap().refusal.reason, Reason::NoCapacity);
        assert_eq!(field(&world.desk.application(&ni, &code).unwrap(), "contractor").text(), "某某公司");
        world.desk.cancel_application(&ni, &code).unwrap();
    });
}

#[test]
fn an_application_is_copied_by_its_author_whole_and_by_others_without_where_one_is_reached() {
    played(|stage| {
        let world = stage.world();
        let (lin, wu) = (world.session("lin"), world.session("wu"));
        let people = vec!["lin".into(), "wu".into()];
        let both = ApplicationForm { people, ..form_one(&["common-functions"]) };
        let code = world.desk.write_application(&lin, &both).unwrap();
        assert!(world.desk.application(&wu, &code).unwrap().copy);
        let copied = |session: &Session, code: &str| {
            let like = Like::Application(ApplicationId::new(code));
            world.desk.blank_application(session, "account", &like).unwrap()
        };
        let people = |view: &ApplicationView| view.row.people.clone();
        let own = copied(&lin, &code);
        assert_eq!(field(&own, "phone").text(), "07-1112222#33");
        assert_eq!((field(&own, "permissions").chosen(), own.row.code.as_str()), (1, ""));
        assert_eq!(people(&own), ["林宜庭", "吳承翰"]);
        let others = copied(&wu, &code);
        assert_eq!(field(&others, "reason").text(), "承接低收入戶審查");
        assert_eq!((field(&others, "phone").text(), field(&others, "email").text()), ("", ""));
        assert_eq!(people(&others), ["吳承翰"]);
        let chou = world.session("chou");
        for (session, code) in [(&lin, "AP-none"), (&chou, code.as_str())] {
            assert!(field(&copied(session, code), "reason").text().is_empty(), "not theirs to see");
        }
        let chang = world.desk.application(&world.session("chang"), &code).unwrap();
        assert!(!chang.copy, "whoever may not apply is offered no copy");
        // A draft is its author's alone, as a copy too.
        let draft = ApplicationForm { submit: false, ..form_one(&["common-functions"]) };
        let draft = world.desk.write_application(&lin, &draft).unwrap();
        assert!(field(&copied(&wu, &draft), "reason").text().is_empty());
        assert!(!world.desk.application(&lin, &draft).unwrap().copy, "it is still being written");
    });
}

#[test]
fn a_copy_under_an_amended_form_tells_what_has_no_place() {
    played(|stage| {
        let world = stage.world();
        let code = world.desk.write_application(&newcomer(&world), &written(true)).unwrap();
        amended(&world);
        let ni = world.staff("ni");
        let like = Like::Application(ApplicationId::new(code.as_str()));
        let view = world.desk.blank_application(&ni, "account", &like).unwrap();
        assert_eq!(left(&view), [("受託單位", vec![]), ("戶役政資料查詢權限", vec!["遷徙紀錄"])]);
        assert_eq!(field(&view, "permissions").entry, ticks(&["basic", "moves"]));
        assert_eq!(field(&view, "permissions").chosen(), 1);
    });
}

#[test]
fn whoever_has_it_next_is_reminded_on_the_same_day() {
    played(|stage| {
        let world = stage.world();
        let ni = newcomer(&world);
        let code = world.desk.write_application(&ni, &lienchiang(&["basic"])).unwrap();
        let reminded = || world.count("lienchiang", "application.reminded");
        for _ in 0..2 {
            world.desk.remind_application(&ni, &code).unwrap();
            assert_eq!(reminded(), 1, "once a day at one step");
        }
        give(&world, "tsao", &code, Verdict::Agree).unwrap();
        world.desk.remind_application(&ni, &code).unwrap();
        assert_eq!(reminded(), 2, "the next step has it");
        give(&world, "yang-lc", &code, Verdict::Return).unwrap();
        assert_eq!(refused_once(world.desk.remind_application(&ni, &code)).0, Reason::WrongState);
        let mended = ApplicationForm { code: Some(code.clone()), ..lienchiang(&["basic"]) };
        world.desk.write_application(&ni, &mended).unwrap();
        world.desk.remind_application(&ni, &code).unwrap();
        assert_eq!(reminded(), 3, "and the next version");
        assert_eq!(refused_once(world.desk.remind_application(&ni, "AP-none")).0, Reason::ApplicationUnknown);
    });
}

#[test]
fn what_was_sent_back_shows_what_is_faulty_and_what_its_author_has_changed_beside_what_it_was() {
    played(|stage| {
        let world = stage.world();
        let ni = newcomer(&world);
        let code = world.desk.write_application(&ni, &lienchiang(&["basic"])).unwrap();
        give(&world, "tsao", &code, Verdict::Return).unwrap();
        let marks = |session: &Session| -> Vec<(String, bool, Option<Entry>)> {
            let fields = world.desk.application(session, &code).unwrap().fields.into_iter();
            let marked = fields.filter(|field| field.faulty || field.changed);
            marked.map(|own| (own.id, own.faulty, own.before.map(|before| before.entry))).collect()
        };
        let reason = "reason".to_string();
        assert_eq!(marks(&ni), [(reason.clone(), true, None)], "nothing was changed yet");
        let mut mended = ApplicationForm { code: Some(code.clone()), ..lienchiang(&["basic", "moves"]) };
        mended.submit = false;
        world.desk.write_application(&ni, &mended).unwrap();
        let ticked = ("permissions".to_string(), false, Some(ticks(&["basic"])));
        assert_eq!(marks(&ni), [(reason.clone(), true, None), ticked.clone()]);
        assert_eq!(marks(&world.session("tsao")), [(reason.clone(), true, None)], "not before it is sent");
        mended.answers.insert("reason".into(), Entry::text("承接疫苗追蹤，原承辦調離"));
        mended.submit = true;
        world.desk.write_application(&ni, &mended).unwrap();
        let before = (reason, false, Some(Entry::text("承接疫苗追蹤業務")));
        assert_eq!(marks(&world.session("tsao")), [before, ticked]);
    });
}

/// What becomes of the ticks of an application, as somebody reads it.
fn becomes(world: &World, login: &str, code: &str) -> Vec<String> {
    let view = world.desk.application(&world.session(login), code).unwrap();
    let options = field(&view, "permissions").options.iter();
    let told = options.flat_map(|option| {
        let people =
            |one: &desk::view::BecomesView| format!("{} {}{}", option.code, one.word, one.people.concat());
        option.becomes.iter().map(people).collect::<Vec<_>>()
    });
    told.collect()
}

fn opened(world: &World, code: &str) {
    give(world, "tsao", code, Verdict::Agree).unwrap();
    give(world, "yang-lc", code, Verdict::CarryOut).unwrap();
}

#[test]
fn those_who_approve_a_change_see_what_is_added_kept_and_taken_away_for_each() {
    played(|stage| {
        let world = stage.world();
        world.amend("lienchiang", &[TERM]);
        let ni = newcomer(&world);
        let first = world.desk.write_application(&ni, &lienchiang(&["basic", "moves"])).unwrap();
        assert!(becomes(&world, "tsao", &first).is_empty(), "nobody holds anything: all of it is new");
        opened(&world, &first);
        let changed = |codes: &[&str]| {
            let mut form = lienchiang(codes);
            form.answers.insert("kind".into(), Entry::text("change"));
            form
        };
        world.hand.set(Instant::at(Date::new(2026, 6, 1).unwrap(), 9, 0));
        let ni = world.staff("ni");
        let code = world.desk.write_application(&ni, &changed(&["basic", "kinship"])).unwrap();
        let told = ["basic kept", "kinship added", "moves taken"];
        assert_eq!(becomes(&world, "tsao", &code), told);
        let end = Date::new(2027, 3, 2);
        let view = world.desk.application(&world.session("tsao"), &code).unwrap();
        assert_eq!(view.keeps_end, end, "the page says that nothing is lengthened");
        opened(&world, &code);
        assert_eq!(becomes(&world, "tsao", &code), told, "it can be read afterwards");
        let held = world.desk.permissions(&ni).unwrap();
        let runs = held.iter().find(|one| one.state == "runs").unwrap();
        assert_eq!((runs.until, runs.items.len()), (end, 2));

        // Two people who hold different things are told apart.
        world.newcomer("wen");
        let people = vec!["ni".into(), "wen".into()];
        let both = ApplicationForm { people, ..changed(&["basic"]) };
        let code = world.desk.write_application(&ni, &both).unwrap();
        let told = ["basic added新進人員", "basic kept倪佳蓉", "kinship taken倪佳蓉"];
        assert_eq!(becomes(&world, "tsao", &code), told);
        give(&world, "tsao", &code, Verdict::Refuse).unwrap();
        assert!(becomes(&world, "tsao", &code).is_empty(), "what was refused changed nothing");
    });
}

#[test]
fn earlier_versions_and_every_word_said_about_them_stay_in_view() {
    played(|stage| {
        let world = stage.world();
        let ni = newcomer(&world);
        let code = world.desk.write_application(&ni, &lienchiang(&["basic"])).unwrap();
        give(&world, "tsao", &code, Verdict::Return).unwrap();
        let again = |reason: &str| {
            let mut mended = ApplicationForm { code: Some(code.clone()), ..lienchiang(&["basic"]) };
            mended.answers.insert("reason".into(), Entry::text(reason));
            mended
        };
        let draft = ApplicationForm { submit: false, ..again("二") };
        world.desk.write_application(&ni, &draft).unwrap();
        let sent = world.desk.application_version(&ni, &code, 1).unwrap();
        assert_eq!(
            (field(&sent, "reason").text(), sent.edit),
            ("承接疫苗追蹤業務", false),
            "its author reads it too"
        );
        world.desk.write_application(&ni, &again("二")).unwrap();
        give(&world, "tsao", &code, Verdict::Agree).unwrap();
        give(&world, "yang-lc", &code, Verdict::Return).unwrap();
        world.desk.write_application(&ni, &again("三")).unwrap();
        for login in ["tsao", "yang-lc", "pan-lc"] {
            let session = world.session(login);
            let past = world.desk.application(&session, &code).unwrap().past;
            let told: Vec<_> = past
                .iter()
                .flat_map(|one| one.stamps.iter().map(|(_, s)| (one.version, s.verdict, s.note.as_str())))
                .collect();
            assert_eq!(told, [(1, "return", "看過"), (2, "agree", "看過"), (2, "return", "看過")], "{login}");
            let second = world.desk.application_version(&session, &code, 2).unwrap();
            assert!(second.is_past && second.verdicts.is_empty() && !second.copy && second.barred.is_none());
            assert_eq!((field(&second, "reason").text(), second.version), ("二", 2));
            assert_eq!(field(&second, "reason").before.as_ref().unwrap().text(), "承接疫苗追蹤業務");
            assert_eq!(second.answer.map(|said| said.verdict), Some("return"));
            assert_eq!((second.row.state, second.past.len()), ("running", 2));
        }
        for (login, version) in [("tsao", 0), ("tsao", 4), ("tsao", u32::MAX), ("chen", 1)] {
            let none = world.desk.application_version(&world.session(login), &code, version);
            assert_eq!(refused_once(none).0, Reason::RecordUnknown, "{login} {version}");
        }
        let none = world.desk.application_version(&ni, "AP-none", 1);
        assert_eq!(refused_once(none).0, Reason::RecordUnknown);
    });
}

#[test]
fn lists_of_applications_go_on_where_the_last_page_ended() {
    played(|stage| {
        let world = stage.world();
        let ni = newcomer(&world);
        let sent = world.desk.write_application(&ni, &lienchiang(&["basic"])).unwrap();
        for _ in 0..101 {
            world.hand.pass_seconds(1);
            let draft = ApplicationForm { submit: false, ..lienchiang(&["basic"]) };
            world.desk.write_application(&ni, &draft).unwrap();
        }
        let page = |own: Option<&str>| {
            let pages = Pages { own: own.map(str::to_string), others: None };
            world.desk.applications(&ni, &pages).unwrap()
        };
        let first = page(None);
        assert_eq!(first.own.len(), 100);
        let rest = page(first.own_next.as_deref());
        assert_eq!((rest.own.len(), rest.own_next), (2, None));
        assert_eq!(rest.own[1].code, sent, "the oldest comes last");
        for nonsense in ["", "x", "1", "x:y", ":"] {
            assert_eq!(page(Some(nonsense)).own, first.own, "{nonsense}");
        }
        let head = world.desk.applications(&world.session("pan-lc"), &Pages::default()).unwrap();
        let next = head.others_next.as_deref().map(str::to_string);
        let older = Pages { own: None, others: next };
        let rest = world.desk.applications(&world.session("pan-lc"), &older).unwrap();
        assert!(
            rest.others.iter().any(|row| row.code == sent),
            "drafts are not theirs to see, what was sent is"
        );
    });
}

#[test]
fn what_was_typed_when_the_session_ended_stands_in_the_form_again() {
    played(|stage| {
        let world = stage.world();
        let ni = newcomer(&world);
        let typed = ApplicationForm { submit: false, ..lienchiang(&["moves"]) };
        let like = Like::Typed(typed.answers.clone(), vec!["chen".into()]);
        let view = world.desk.blank_application(&ni, "account", &like).unwrap();
        assert_eq!(view.row.people, ["陳思齊"]);
        assert_eq!(field(&view, "reason").text(), "承接疫苗追蹤業務");
        let code = world.desk.write_application(&ni, &lienchiang(&["basic"])).unwrap();
        let chosen = |session: &Session| {
            let view = world.desk.application_typed(session, &code, &typed).unwrap();
            field(&view, "permissions").entry.values.concat()
        };
        assert_eq!(chosen(&ni), "basic", "what was put forward is not written over");
        world.desk.withdraw_application(&ni, &code).unwrap();
        assert_eq!(chosen(&ni), "moves");
        let kept = world.desk.application(&ni, &code).unwrap();
        assert_eq!(field(&kept, "permissions").entry.values, ["basic"], "looking keeps nothing");
        let none = world.desk.application_typed(&world.session("tsao"), &code, &typed);
        assert_eq!(refused_once(none).0, Reason::RecordUnknown);
    });
}
