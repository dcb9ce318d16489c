//! What becomes of an application while it is written, mended and written again: forms that change under it,
//! copies, versions, and what people held before.

use super::application::{form_one, give, lienchiang, newcomer, ticks};
use super::stage::played;
use super::world::{World, refused, refused_once};
use desk::Session;
use desk::application::{ApplicationForm, Like};
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

/// From the tenth of March on the form has another name, no line for a contractor and two ticks fewer.
fn amended(world: &World) {
    let moves = "  { code = \"moves\", label = { zh = \"遷徙紀錄\", en = \"Moves\" }, opens = [\"household/moves\"] },\n";
    let edits = [
        ("[form]\nid = \"account-application\"", "[form]\nid = \"account-form\""),
        ("form = \"account-application\"", "form = \"account-form\""),
        ("id = \"contractor\"\nlabel", "id = \"vendor\"\nlabel"),
        (moves, ""),
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
