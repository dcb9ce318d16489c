//! Going through the accounts: by exception, with the rest confirmed as a block.

use super::account::sign_in;
use super::application::{give, lienchiang};
use super::credential::amended;
use super::stage::played;
use super::world::{World, refused_once};
use desk::application::Like;
use desk::directory::{PostForm, Roster};
use desk::view::{InventoryView, TodoKind};
use domain::account::inventory::{Finding, Verdict};
use domain::application::Verdict as ApplicationVerdict;
use domain::directory::post::Cause;
use domain::directory::{Assignment, Change};
use domain::duty::Kind;
use domain::grant::permission::Permission;
use domain::id::{AssignmentId, LogId, PermissionId, PersonId, UnitId};
use domain::time::{Date, Instant};
use domain::{Personal, Reason};
use std::path::Path;

pub(super) fn on(world: &World, text: &str) {
    world.hand.set(Instant::at(Date::parse_iso(text).unwrap(), 9, 0));
    world.desk.tick().unwrap();
}

/// The inventory of the quarter, as its holder sees it.
pub(super) fn quarter(world: &World, began: &str) -> InventoryView {
    let it = world.session("ho-kh");
    let owed = world.desk.duties(&it, false).unwrap().own;
    let own = owed.iter().find(|duty| duty.began.to_string() == began && duty.kind.word() == "inventory");
    world.desk.inventory(&it, &own.unwrap().id).unwrap()
}

fn found(view: &InventoryView) -> Vec<(String, Finding)> {
    view.found.iter().map(|one| (one.person.clone(), one.finding)).collect()
}

fn verdict(person: &str, finding: Finding, keep: bool, note: &str) -> Verdict {
    Verdict { person: PersonId::new(person), finding, keep, note: Personal::new(note) }
}

/// Somebody's permission of a unit, taken over from an older system.
fn taken_over(world: &World, person: &str, unit: &str) {
    let id = PermissionId::new(format!("pe-{person}-{unit}"));
    let items = vec!["common-functions".into()];
    let (who, unit) = (PersonId::new(person), UnitId::new(unit));
    let permission = Permission::older(id, who, unit, items, world.desk.now());
    world.desk.take_over(&LogId::new("kaohsiung"), vec![permission]).unwrap();
}

#[test]
fn what_is_out_of_order_is_found_decided_and_the_rest_confirmed_as_a_block() {
    played(|stage| {
        let world = stage.world();
        on(&world, "2026-03-02");
        assert_eq!(found(&quarter(&world, "2026-01-01")), []);
        // Two permissions that open the same, and somebody who left.
        taken_over(&world, "wu", "kh-relief");
        let gone = PostForm {
            post: "lin-user".into(),
            cause: Some(Cause::Retire),
            on: Some(world.desk.now().date()),
            unit: String::new(),
            role: String::new(),
            form_key: String::new(),
        };
        world.desk.change_post(&world.session("ho-kh"), &gone).unwrap();
        let view = quarter(&world, "2026-01-01");
        let expected = [("lin", Finding::Retired), ("wu", Finding::Duplicate)];
        assert_eq!(found(&view), expected.map(|(who, finding)| (who.to_string(), finding)));

        let it = world.session("ho-kh");
        let decide = |verdicts: &[Verdict]| world.desk.decide_inventory(&it, &view.id, verdicts, "");
        let clause = Some("kaohsiung/5.1.3".to_string());
        let no = refused_once(decide(&[verdict("wu", Finding::Duplicate, true, " ")]));
        assert_eq!(no, (Reason::NoteMissing, clause.clone()));
        let no = refused_once(decide(&[verdict("chang", Finding::Idle, false, "")]));
        assert_eq!(no.0, Reason::Changed, "she was not found");
        let no = world.desk.close_inventory(&it, &view.id, &view.hash, &Personal::default(), "");
        assert_eq!(refused_once(no), (Reason::FindingsOpen, clause));
        let auditor = world.session("liao-kh");
        let wu = verdict("wu", Finding::Duplicate, false, "");
        let no = refused_once(world.desk.decide_inventory(&auditor, &view.id, std::slice::from_ref(&wu), ""));
        assert_eq!(no.0, Reason::NotYourDuty);
        decide(&[wu, verdict("lin", Finding::Retired, true, "移交至月底")]).unwrap();
        let held = |who: &str| {
            let log = LogId::new("kaohsiung");
            let all = world.desk.store().read(|read| read.permissions(&log, &PersonId::new(who))).unwrap();
            all.iter().filter(|one| one.stopped.is_none()).count()
        };
        assert_eq!(held("wu"), 1, "of what is open twice the newest stays");

        let chang = world.session("chang");
        let own = world.desk.duties(&chang, false).unwrap().own;
        assert!(own.iter().any(|duty| duty.kind.word() == "attest"), "{own:?}");
        let shown = world.desk.inventory(&chang, &view.id).unwrap();
        let unit = shown.own().next().unwrap().clone();
        let herself = unit.list.iter().find(|one| one.name == "張惠美").unwrap();
        assert_eq!((&*herself.roles[0].zh, herself.permissions), ("權責主管", 0), "what each of them holds");
        let no = refused_once(world.desk.attest_inventory(&chang, &view.id, "another list", ""));
        assert_eq!(no.0, Reason::Changed);
        world.desk.attest_inventory(&chang, &view.id, &unit.hash, "").unwrap();
        let now = quarter(&world, "2026-01-01");
        assert_eq!((now.open, now.attested()), (0, 1));
        let close = |note: &str| {
            let note = Personal::new(note);
            world.desk.close_inventory(&it, &view.id, &now.hash, &note, "")
        };
        assert_eq!(refused_once(close("")).0, Reason::NoteMissing, "one unit has not confirmed");
        close("三民區公所主管出缺").unwrap();
        let entry = world.entries("kaohsiung").into_iter().find(|e| e.act == "account.inventory-closed");
        assert!(entry.unwrap().detail.contains(&now.hash));
        let left = world.desk.duties(&world.session("li-sanmin"), false).unwrap().own;
        assert!(left.iter().all(|duty| duty.kind.word() != "attest"), "what is closed is owed no more");
    });
}

#[test]
fn a_head_confirms_the_units_below_that_have_none_however_many_there_are() {
    played(|stage| {
        let world = stage.world();
        on(&world, "2026-03-02");
        let keeper = world.session("ho-kh");
        let mut units = String::from("id,name,above,organisation\n");
        let mut people = String::from("id,name,unit,role\n");
        for n in 1..=25 {
            units += &format!("u{n:02},第{n}區,kh-relief,bureau\n");
            people += &format!("A{n:02},葉子豪,u{n:02},user\n");
        }
        for list in [&units, &people] {
            let roster = || Roster::from_csv(list.as_bytes(), false).unwrap();
            let seen = world.desk.import(&keeper, roster(), None).unwrap();
            world.desk.import(&keeper, roster(), Some(&seen.seal)).unwrap();
        }
        for n in 1..=25 {
            taken_over(&world, &format!("kaohsiung-A{n:02}"), &format!("kaohsiung-u{n:02}"));
        }
        on(&world, "2026-04-01");
        let chang = world.session("chang");
        let id = quarter(&world, "2026-04-01").id;
        let mine = || {
            let shown = world.desk.inventory(&chang, &id).unwrap();
            shown
                .own()
                .map(|unit| (unit.id.clone(), unit.hash.clone(), unit.list.clone()))
                .collect::<Vec<_>>()
        };
        let all = mine();
        assert_eq!(all.iter().filter(|(unit, ..)| unit.starts_with("kaohsiung-u")).count(), 25, "{all:?}");
        let last = all.iter().find(|(unit, ..)| unit == "kaohsiung-u25").unwrap();
        assert_eq!((&*last.2[0].roles[0].zh, last.2[0].permissions), ("使用者", 1));
        for (_, hash, _) in &all {
            world.desk.attest_inventory(&chang, &id, hash, "").unwrap();
        }
        assert!(mine().is_empty());
        let again = world.desk.attest_inventory(&chang, &id, &all[0].1, "");
        assert_eq!(refused_once(again).0, Reason::NotYourDuty);
    });
}

#[test]
fn who_does_not_sign_in_for_a_quarter_is_found_and_a_missed_inventory_acts() {
    played(|stage| {
        let world = stage.world();
        on(&world, "2026-03-02");
        taken_over(&world, "li-sanmin", "kh-sanmin");
        on(&world, "2026-04-01");
        assert_eq!(world.count("kaohsiung", "account.inventory-missed"), 0, "nobody was idle for so long");
        on(&world, "2026-06-29");
        let idle = quarter(&world, "2026-04-01");
        assert!(found(&idle).contains(&("chou".to_string(), Finding::Idle)), "{idle:?}");
        assert!(idle.found.iter().all(|one| one.decided.is_none()));
        on(&world, "2026-07-01");
        assert_eq!(world.count("kaohsiung", "account.inventory-missed"), 1);
        let log = LogId::new("kaohsiung");
        let chou = world.desk.store().read(|read| read.permissions(&log, &PersonId::new("chou"))).unwrap();
        let why: Vec<_> = chou.iter().filter_map(|one| one.stopped.map(|(why, _)| why.word())).collect();
        assert!(!why.is_empty() && why.iter().all(|word| *word == "unneeded"), "{why:?}");
        let open = |login: &str| {
            let row = world.desk.store().read(|read| read.account(login)).unwrap();
            row.is_some_and(|row| row.account.open)
        };
        assert!(!open("chou"), "an account that nobody uses is closed");
        assert!(world.count("platform", "account.closed") > 0);
        on(&world, "2026-07-02");
        assert_eq!(world.count("kaohsiung", "account.inventory-missed"), 1, "once");
        assert!(open("ho-kh") && open("fang-kh"), "whoever runs the accounts is never shut out by a clock");
    });
}

#[test]
fn an_account_that_another_agency_uses_outlasts_this_ones_inventory() {
    played(|stage| {
        let world = stage.world();
        let post = Assignment {
            id: AssignmentId::new("chou-tp"),
            person: PersonId::new("chou"),
            unit: UnitId::new("tp-disease"),
            role: "user".into(),
            from: Date::new(2024, 1, 1).unwrap(),
            until: None,
        };
        world.desk.enrol(&LogId::new("taipei"), vec![Change::Assignment(post)]).unwrap();
        for day in ["2026-03-02", "2026-06-29", "2026-07-01"] {
            on(&world, day);
        }
        let log = LogId::new("kaohsiung");
        let held = world.desk.store().read(|read| read.permissions(&log, &PersonId::new("chou"))).unwrap();
        assert!(held.iter().all(|one| one.stopped.is_some()), "what this agency gave is stopped");
        let open =
            |login: &str| world.desk.store().read(|read| read.account(login)).unwrap().unwrap().account.open;
        assert!(open("chou") && !open("wu"), "the account is the other agency's, too");
    });
}

#[test]
fn an_account_stays_open_however_unneeded_while_its_owner_has_work_to_hand_over() {
    played(|stage| {
        let world = stage.world();
        let anchor = "[[control]]\nid = \"inventory\"";
        let list = "[[control]]\nid = \"hand-over\"\nkind = \"handover\"\nclauses = [\"5.1.3\"]\n\
                    by_list = true\nblocks_closing = true\n\n";
        world.amend("kaohsiung", &[(anchor, &format!("{list}{anchor}"))]);
        on(&world, "2026-03-02");
        let moves = PostForm {
            post: "wu-user".into(),
            cause: Some(Cause::Transfer),
            on: Some(world.desk.now().date()),
            unit: "kh-sanmin".into(),
            role: "user".into(),
            form_key: String::new(),
        };
        world.desk.change_post(&world.session("ho-kh"), &moves).unwrap();
        for day in ["2026-06-29", "2026-07-01", "2026-07-02"] {
            on(&world, day);
        }
        let open =
            |login: &str| world.desk.store().read(|read| read.account(login)).unwrap().unwrap().account.open;
        assert!(open("wu") && !open("lin"), "both were idle, and one has a list to sign");
    });
}

#[test]
fn what_nobody_uses_is_suspended_and_then_closed_where_the_rule_has_the_system_do_so() {
    played(|stage| {
        let world = stage.harbour("1130901");
        let log = LogId::new("harbour");
        let (id, who, unit) = ("pe-reader".into(), PersonId::new("reader"), UnitId::new("first-watch"));
        let permission = Permission::older(id, who, unit, vec!["owners".into()], world.desk.now());
        world.desk.take_over(&log, vec![permission]).unwrap();
        let stopped = |world: &World| {
            let held = world.desk.store().read(|read| read.permissions(&log, &PersonId::new("reader")));
            held.unwrap()[0].stopped.map(|(why, _)| why.word())
        };
        let open = |login: &str| {
            let row = world.desk.store().read(|read| read.account(login)).unwrap();
            row.unwrap().account.open
        };
        on(&world, "2026-06-01");
        assert_eq!(stopped(&world), None, "three months are not over");
        on(&world, "2026-06-04");
        assert_eq!((stopped(&world), open("reader")), (Some("idle"), true));
        on(&world, "2026-09-04");
        assert!(!open("reader") && open("signaller"), "whoever runs the accounts is not shut out");
        let idle = world.entries("harbour").into_iter().find(|entry| entry.act == "grant.idle").unwrap();
        assert!(idle.clauses.iter().any(|clause| clause == "harbour/7.1"), "{idle:?}");
    });
}

#[test]
fn whoever_does_not_use_it_is_told_before_and_by_being_there_keeps_it() {
    played(|stage| {
        let line = "cancel_after = { length = 6, unit = \"month\", from = \"last-use\" }\n";
        let warned = format!("{line}warn_before = {{ length = 10, unit = \"day\" }}\n");
        let world = amended(stage, line, &warned);
        let log = LogId::new("harbour");
        let (id, who, unit) = ("pe-reader".into(), PersonId::new("reader"), UnitId::new("first-watch"));
        let permission = Permission::older(id, who, unit, vec!["owners".into()], world.desk.now());
        world.desk.take_over(&log, vec![permission]).unwrap();
        let told = |world: &World| -> Vec<Date> {
            let owed = world.desk.duties(&world.session("reader"), false).unwrap().own;
            let own = owed.into_iter().filter(|duty| duty.kind.word() == "idle");
            own.map(|duty| duty.due.unwrap().date).collect()
        };
        on(&world, "2026-05-15");
        assert_eq!(told(&world), []);
        on(&world, "2026-05-28");
        on(&world, "2026-05-29");
        let due = told(&world);
        assert_eq!(due.len(), 1, "once");
        assert!(due[0] >= Date::parse_iso("2026-06-01").unwrap());
        sign_in(&world, "reader").unwrap();
        on(&world, "2026-05-30");
        assert_eq!(told(&world), [], "being there is enough");
        on(&world, "2026-06-10");
        let held = world.desk.store().read(|read| read.permissions(&log, &PersonId::new("reader"))).unwrap();
        assert!(held[0].stopped.is_none(), "and it goes on");
    });
}

#[test]
fn what_was_suspended_comes_back_by_the_same_form_or_is_asked_for_anew_as_the_rule_says() {
    played(|stage| {
        for restore in ["same-form", "new-application"] {
            let world = stage.world();
            let ladder = format!(
                "[[control]]\nid = \"unused\"\nkind = \"idle-ladder\"\nclauses = [\"5.11\"]\nforced = true\n\
                 suspend_after = {{ length = 3, unit = \"month\", from = \"last-use\" }}\n\
                 restore = \"{restore}\"\n\n[[control]]\nid = \"own-account\""
            );
            world.amend("lienchiang", &[("[[control]]\nid = \"own-account\"", &ladder)]);
            let (chen, asked) = world.lienchiang();
            let states = || -> Vec<(String, &'static str)> {
                let own = world.desk.permissions(&chen).unwrap();
                own.into_iter().map(|one| (one.id, one.state)).collect()
            };
            on(&world, "2026-06-04");
            let before = states();
            assert_eq!(before.len(), 1);
            let (id, state) = before[0].clone();
            assert_eq!(state, "idle");
            assert_eq!(refused_once(world.desk.ask(&chen, &asked)).0, Reason::NoPermission);
            let back = world.desk.permission(&chen, &id).unwrap().restore;
            assert_eq!(back.is_some(), restore == "same-form");
            let like = Like::Permission(PermissionId::new(id.as_str()));
            let blank = world.desk.blank_application(&chen, "account", &like).unwrap();
            let mut form = lienchiang(&[]);
            let ticked = blank.fields.into_iter().find(|field| field.id == "permissions").unwrap().entry;
            assert!(!ticked.values.is_empty(), "what was held stands in the form");
            form.answers.insert("permissions".into(), ticked);
            let code = world.desk.write_application(&chen, &form).unwrap();
            give(&world, "tsao", &code, ApplicationVerdict::Agree).unwrap();
            assert_eq!(states(), before, "nothing before the chain is at its end");
            give(&world, "yang-lc", &code, ApplicationVerdict::CarryOut).unwrap();
            match restore {
                "same-form" => assert_eq!(states(), [(id, "runs")], "the very same"),
                _ => {
                    let own = states();
                    assert!(own.len() == 2 && own.contains(&(id, "idle")), "{own:?}");
                }
            }
            world.desk.ask(&chen, &asked).unwrap();
        }
    });
}

const SIGNED_OFF: &str = r#"
[[control]]
id = "accounts-gone-through"
kind = "inventory"
policy = true
schedule = { every = 3, unit = "month", anchor = "calendar" }
by = { role = "signaller" }
sign_off = { role = "master" }
report_to = [{ role = "checker" }]
"#;

/// The harbour under its rule with an inventory that the signaller holds alone and the master signs off.
fn signed_off(world: &World) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("packs/harbour/1130901");
    let mut files = sluice::pack::read(&folder).map_err(|problem| problem.to_string()).unwrap();
    files.push(("controls-accounts.toml".into(), SIGNED_OFF.into()));
    let checked = desk::regulation::check(files).unwrap_or_else(|errors| panic!("{errors:?}"));
    world.desk.activate(checked).unwrap();
}

#[test]
fn whoever_alone_goes_through_the_accounts_and_is_found_is_decided_about_by_the_head() {
    played(|stage| {
        let world = stage.harbour_under(signed_off);
        on(&world, "2026-03-05");
        let [by, master, checker] = ["signaller", "master", "checker"].map(|login| world.session(login));
        on(&world, "2026-06-05");
        let own = world.desk.duties(&by, false).unwrap().own;
        let newest =
            own.into_iter().filter(|duty| duty.kind.word() == "inventory").max_by_key(|own| own.began);
        let id = newest.unwrap().id;
        let view = world.desk.inventory(&by, &id).unwrap();
        let may = |view: &InventoryView| -> Vec<(String, bool)> {
            view.found.iter().map(|one| (one.person.clone(), one.may)).collect()
        };
        assert!(may(&view).contains(&("signaller".into(), false)), "{view:?}");
        let keep = |one: &desk::view::FoundView| verdict(&one.person, one.finding, true, "留用");
        let decide = |session, verdicts: &[Verdict]| world.desk.decide_inventory(session, &id, verdicts, "");
        let all: Vec<Verdict> = view.found.iter().map(keep).collect();
        assert_eq!(refused_once(decide(&by, &all)).0, Reason::FoundYourself);
        let (me, others): (Vec<Verdict>, Vec<Verdict>) =
            all.into_iter().partition(|own| own.person.as_str() == "signaller");
        assert_eq!(refused_once(decide(&checker, &me)).0, Reason::NotYourDuty);
        let asked = |session| {
            let items = world.desk.todo(session).unwrap();
            let own = |item: &&desk::view::TodoItem| {
                item.kind == TodoKind::Duty(Kind::Inventory) && item.href.ends_with(&id)
            };
            items.iter().filter(own).count()
        };
        assert_eq!(
            (asked(&by), asked(&master), asked(&checker)),
            (1, 1, 0),
            "the head is told, and nobody else"
        );
        let head = world.desk.inventory(&master, &id).unwrap();
        assert!(head.may && may(&head).iter().all(|(who, may)| *may == (who == "signaller")), "{head:?}");
        let not_hers = refused_once(decide(&master, &others)).0;
        assert!(matches!(not_hers, Reason::FoundYourself | Reason::NotYourDuty), "{not_hers:?}");
        decide(&by, &others).unwrap();
        decide(&master, &me).unwrap();
        let done = world.desk.inventory(&master, &id).unwrap();
        assert_eq!((done.open, done.may), (0, false));
        assert_eq!(asked(&master), 0);
        world.desk.close_inventory(&master, &id, &done.hash, &Personal::new("主管出缺"), "").unwrap();
    });
}

#[test]
fn whoever_signs_it_off_closes_it_and_those_who_are_to_know_the_result_take_note() {
    played(|stage| {
        let world = stage.harbour_under(signed_off);
        on(&world, "2026-03-05");
        let (by, master) = (world.session("signaller"), world.session("master"));
        let owed = |login: &str, kind: &str| {
            let own = world.desk.duties(&world.session(login), false).unwrap().own;
            own.into_iter().find(|duty| duty.kind.word() == kind)
        };
        let id = owed("signaller", "inventory").unwrap().id;
        assert!(owed("master", "sign-off").unwrap().href.ends_with(&id), "it leads to the inventory");
        let view = world.desk.inventory(&by, &id).unwrap();
        let verdicts: Vec<Verdict> =
            view.found.iter().map(|one| verdict(&one.person, one.finding, true, "留用")).collect();
        if !verdicts.is_empty() {
            world.desk.decide_inventory(&by, &id, &verdicts, "").unwrap();
        }
        let view = world.desk.inventory(&by, &id).unwrap();
        assert_eq!((view.open, view.may, view.close), (0, true, false));
        let close = |session| {
            let note = Personal::new("主管出缺");
            world.desk.close_inventory(session, &id, &view.hash, &note, "")
        };
        assert_eq!(refused_once(close(&by)).0, Reason::NotYourDuty);
        assert!(world.desk.inventory(&master, &id).unwrap().close);
        close(&master).unwrap();
        assert!(owed("master", "sign-off").is_none() && owed("signaller", "inventory").is_none());
        assert!(owed("checker", "heed").is_some(), "the result is told");
        assert_eq!(refused_once(close(&master)).0, Reason::WrongState);
    });
}
