//! Exceptions from separation: who may hold what the rule keeps apart, for how long, what holds instead, and
//! the way out.

use super::harbour;
use super::regulation::replay::amended;
use super::stage::{Stage, played};
use super::world::{World, refused, refused_once};
use desk::directory::{ExceptionForm, PostForm, Roster};
use desk::duty::DutyForm;
use desk::lookup::{AskForm, Verdict};
use desk::view::{DutyView, ImportView};
use domain::directory::post::Cause;
use domain::time::{Date, Instant};
use domain::{Personal, Reason};

/// Before which control the others are written.
const ANCHOR: &str = "[[control]]\nid = \"one-signaller\"";
/// Nobody reads the roll and keeps the books, unless the master allows it.
const APART: &str = "[[control]]\nid = \"books-apart\"\nkind = \"separation\"\nclauses = [\"9.1\"]\n\
                     pairs = [{ first = \"ask\", second = \"custody\" }]\n";
const EXCEPTION: &str = "exception_by = { head = true }\ninstead = \"closer\"\n\n";
/// What holds then: a monthly look of the visiting officer's.
pub(super) const CLOSER: &str = "[[control]]\nid = \"closer\"\nkind = \"housekeeping\"\nclauses = [\"9.1\"]\n\
                      word = { zh = \"每月加查調閱\", en = \"A monthly look at what was read\" }\n\
                      schedule = { every = 1, unit = \"month\" }\nby = { role = \"checker\" }\n\n";
/// Or that the registrar initials what is read.
const INITIALS: &str = "[[control]]\nid = \"closer\"\nkind = \"countersign\"\nclauses = [\"9.1\"]\n\
                        timing = \"before\"\nby = { role = \"registrar\" }\n\n";

/// The harbour's rule with a separation that knows exceptions.
pub(crate) fn excepting(instead: &str) -> String {
    format!("{APART}{EXCEPTION}{instead}{ANCHOR}")
}

/// The same with its usual compensation, as an edit of its files.
pub(crate) fn edit() -> (&'static str, String) {
    (ANCHOR, excepting(CLOSER))
}

pub(super) fn harbour_with(stage: &Stage, instead: &str) -> World {
    stage.harbour_under(|world| {
        world.desk.activate(amended(&[(ANCHOR, &excepting(instead))])).unwrap();
    })
}

fn day(text: &str) -> Date {
    Date::parse_iso(text).unwrap()
}

fn on(world: &World, text: &str) {
    world.hand.set(Instant::at(day(text), 9, 0));
    world.desk.tick().unwrap();
}

/// The reader keeps the books as well, from today on; or why not, by line, reason and clause.
fn second(world: &World) -> Result<ImportView, (usize, Reason, Option<String>)> {
    let list = "id,name,unit,role\nreader,閱一,first-watch,reader\nreader,閱一,first-watch,keeper\n";
    let session = world.session("signaller");
    let roster = || Roster::from_csv(list.as_bytes(), false).unwrap();
    let seen = world.desk.import(&session, roster(), None).unwrap();
    match seen.faults.first() {
        Some((line, fault)) => {
            let clause = fault.refusal.clause.as_ref().map(ToString::to_string);
            Err((*line, fault.refusal.reason, clause))
        }
        None => Ok(world.desk.import(&session, roster(), Some(&seen.seal)).unwrap()),
    }
}

pub(super) fn form(from: &str, until: &str) -> ExceptionForm {
    ExceptionForm {
        person: "reader".into(),
        pair: "ask+custody".into(),
        from: day(from),
        until: day(until),
        words: Personal::new("看守出缺，由調閱員暫兼"),
        form_key: String::new(),
    }
}

fn allow(world: &World, login: &str, form: &ExceptionForm) -> Vec<(Reason, Option<String>)> {
    match world.desk.allow_exception(&world.session(login), form) {
        Ok(()) => vec![],
        other => refused(other),
    }
}

fn owed(world: &World, login: &str, kind: &str) -> Vec<DutyView> {
    let all = world.desk.duties(&world.session(login), false).unwrap().own;
    all.into_iter().filter(|duty| duty.kind.word() == kind).collect()
}

/// Ends the reader's post as keeper of the books today.
fn end_second(world: &World) {
    let session = world.session("signaller");
    let posts = world.desk.staff(&session).unwrap().posts;
    let post = posts.into_iter().find(|post| post.person == "reader" && post.role_id == "keeper").unwrap();
    let form = PostForm {
        post: post.id,
        cause: Some(Cause::Leave),
        on: Some(world.desk.now().date()),
        unit: String::new(),
        role: String::new(),
        form_key: String::new(),
    };
    world.desk.change_post(&session, &form).unwrap();
}

fn states(world: &World) -> Vec<(&'static str, bool)> {
    let all = world.desk.exceptions(&world.session("master")).unwrap().list;
    all.iter().map(|one| (one.state, one.open)).collect()
}

#[test]
fn the_head_allows_it_the_second_post_is_given_and_the_compensation_is_owed_until_one_is_ended() {
    played(|stage| {
        let world = harbour_with(stage, CLOSER);
        let apart = Some("harbour/9.1".to_string());
        assert_eq!(second(&world).err(), Some((3, Reason::RolesApart, apart.clone())));
        let view = world.desk.exceptions(&world.session("master")).unwrap();
        assert_eq!(view.pairs, [("ask+custody".to_string(), ["ask", "custody"])]);
        assert_eq!((view.people.len(), view.instead[0].kind), (1, "housekeeping"));
        assert_eq!(allow(&world, "master", &form("2026-03-02", "2026-06-30")), []);
        on(&world, "2026-03-02");
        assert!(owed(&world, "checker", "compensate").is_empty(), "not before both are held");
        second(&world).unwrap();
        on(&world, "2026-03-03");
        on(&world, "2026-03-03");
        let first = owed(&world, "checker", "compensate");
        assert_eq!((first.len(), first[0].due.as_ref().unwrap().date), (1, day("2026-04-01")));
        assert_eq!((&*first[0].label.zh, first[0].person.as_str()), ("每月加查調閱", "閱一"));
        let said = DutyForm { note: Personal::new("已加查三件"), ..DutyForm::default() };
        world.desk.fulfil(&world.session("checker"), &first[0].id, &said).unwrap();
        on(&world, "2026-06-04");
        assert_eq!(owed(&world, "checker", "compensate").len(), 3, "no month is left out");
        on(&world, "2026-06-30");
        assert!(owed(&world, "master", "separate").is_empty());
        assert_eq!(states(&world), [("runs", false)]);
        on(&world, "2026-07-01");
        on(&world, "2026-07-02");
        assert_eq!(states(&world), [("over", true)]);
        let out = owed(&world, "master", "separate");
        assert_eq!((out.len(), owed(&world, "signaller", "separate").len()), (1, 1));
        assert_eq!(out[0].href, "/exceptions");
        let words = DutyForm { note: Personal::new("知道了"), ..DutyForm::default() };
        let no = refused_once(world.desk.fulfil(&world.session("master"), &out[0].id, &words));
        assert_eq!(no.0, Reason::NotYourDuty, "words do not end a post");
        on(&world, "2026-07-04");
        assert_eq!(owed(&world, "checker", "compensate").len(), 4, "it goes on as long as both are held");
        end_second(&world);
        assert!(owed(&world, "master", "separate").is_empty());
        assert!(owed(&world, "signaller", "separate").is_empty());
        on(&world, "2026-09-01");
        assert_eq!(owed(&world, "checker", "compensate").len(), 4);
        assert_eq!(states(&world), [("over", false)]);
        assert_eq!(second(&world).err(), Some((3, Reason::RolesApart, apart)), "what is over lets nobody");
        assert_eq!(world.count("harbour", "directory.exception-allowed"), 1);
    });
}

#[test]
fn what_was_revoked_or_is_known_to_no_rule_any_more_is_owed_to_end_and_a_new_one_settles_that() {
    played(|stage| {
        let world = harbour_with(stage, CLOSER);
        assert_eq!(allow(&world, "master", &form("2026-03-02", "2027-03-02")), []);
        second(&world).unwrap();
        let id = world.desk.exceptions(&world.session("reader")).unwrap().list[0].id.clone();
        let revoke = |login: &str| world.desk.revoke_exception(&world.session(login), &id);
        assert_eq!(refused_once(revoke("reader")).0, Reason::NoCapacity);
        assert_eq!(refused_once(revoke("signaller")).0, Reason::NoCapacity);
        revoke("master").unwrap();
        assert_eq!(refused_once(revoke("master")).0, Reason::WrongState);
        assert_eq!(states(&world), [("revoked", true)]);
        on(&world, "2026-03-03");
        assert_eq!(owed(&world, "master", "separate").len(), 1);
        assert_eq!(allow(&world, "master", &form("2026-03-03", "2026-12-31")), []);
        assert!(owed(&world, "master", "separate").is_empty(), "at once");
        on(&world, "2026-03-04");
        assert!(owed(&world, "signaller", "separate").is_empty());

        let later = [
            (ANCHOR, format!("{APART}\n{ANCHOR}")),
            ("version = \"1150901\"", "version = \"1150902\"".into()),
            ("effective_from = 2024-09-01", "effective_from = 2026-05-01".into()),
        ];
        let later: Vec<(&str, &str)> = later.iter().map(|(from, to)| (*from, to.as_str())).collect();
        world.desk.activate(amended(&later)).unwrap();
        on(&world, "2026-04-30");
        assert!(owed(&world, "master", "separate").is_empty());
        on(&world, "2026-05-01");
        assert_eq!(owed(&world, "master", "separate").len(), 1, "of whoever had allowed it");
        assert_eq!(owed(&world, "signaller", "separate").len(), 1);
        assert_eq!(allow(&world, "master", &form("2027-01-01", "2027-02-01"))[0].0, Reason::NoCapacity);
        end_second(&world);
        assert!(owed(&world, "master", "separate").is_empty());
    });
}

#[test]
fn what_cannot_be_is_refused_at_its_field_and_changes_nothing() {
    played(|stage| {
        let world = harbour_with(stage, CLOSER);
        let good = || form("2026-03-02", "2026-06-30");
        let clause = Some("harbour/9.1".to_string());
        assert_eq!(allow(&world, "signaller", &good()), [(Reason::NoCapacity, None)]);
        assert_eq!(allow(&world, "reader", &good()), [(Reason::NoCapacity, None)], "nor for oneself");
        let own = ExceptionForm { person: "master".into(), ..good() };
        assert_eq!(allow(&world, "master", &own), [(Reason::OwnException, clause.clone())]);
        let malformed = vec![(Reason::FieldMalformed, None)];
        for wrong in [
            ExceptionForm { person: "nobody".into(), ..good() },
            ExceptionForm { person: "watch".into(), ..good() },
            ExceptionForm { pair: "ask+stamp".into(), ..good() },
            ExceptionForm { pair: "everything".into(), ..good() },
            form("2026-02-01", "2026-06-30"),
            form("2026-06-30", "2026-06-29"),
            form("2026-03-02", "2027-03-03"),
        ] {
            assert_eq!(allow(&world, "master", &wrong), malformed, "{wrong:?}");
        }
        let silent = ExceptionForm { words: Personal::new("  "), ..good() };
        assert_eq!(allow(&world, "master", &silent), [(Reason::FieldMissing, clause.clone())]);
        assert_eq!(world.count("harbour", "directory.exception-allowed"), 0);
        assert_eq!(allow(&world, "master", &good()), []);
        assert_eq!(
            allow(&world, "master", &form("2026-06-30", "2026-09-30")),
            [(Reason::ExceptionRuns, clause)]
        );
        let gone = world.desk.revoke_exception(&world.session("master"), "ex-none");
        assert_eq!(refused_once(gone).0, Reason::RecordUnknown);
        assert!(world.desk.exceptions(&world.session("watch")).unwrap().list.is_empty(), "not another's");
        assert_eq!(world.desk.exceptions(&world.session("reader")).unwrap().list.len(), 1, "one's own");
    });
}

#[test]
fn a_stamp_that_holds_instead_is_asked_of_whoever_holds_both_and_of_nobody_else() {
    played(|stage| {
        let world = harbour_with(stage, INITIALS);
        let (session, asked) = harbour::ready(&world);
        let usual = world.desk.ask(&session, &asked).unwrap().code;
        assert_eq!(allow(&world, "master", &form("2026-03-02", "2026-06-30")), []);
        second(&world).unwrap();
        let session = world.session("reader");
        let next = AskForm { form_key: "next".into(), ..asked };
        let closer = world.desk.ask(&session, &next).unwrap().code;
        let judge = |login: &str, code: &str| {
            world.desk.judge(&world.session(login), code, &Verdict::Match { note: "相符".into() })
        };
        let no = refused_once(judge("watch", &closer));
        assert_eq!(no, (Reason::NoCapacity, Some("harbour/9.1".into())));
        let no = refused_once(judge("registrar", &usual));
        assert_eq!(no, (Reason::NoCapacity, Some("harbour/5.2".into())), "what was asked before it");
        world.judge_and_stamp("watch", &usual);
        world.judge_and_stamp("registrar", &closer);
        world.desk.run(&session, &closer, "").unwrap();
        world.desk.run(&session, &usual, "").unwrap();
    });
}

#[test]
fn whoever_may_allow_it_is_named_as_long_as_they_hold_the_role() {
    played(|stage| {
        let world = harbour_with(stage, CLOSER);
        let helpers = || {
            let list = "id,name,unit,role\nreader,閱一,first-watch,reader\nreader,閱一,first-watch,keeper\n";
            let roster = Roster::from_csv(list.as_bytes(), false).unwrap();
            let seen = world.desk.import(&world.session("signaller"), roster, None).unwrap();
            seen.faults[0].1.helpers.clone()
        };
        let listed = |list: &str| {
            let keeper = world.session("signaller");
            let roster = || Roster::from_csv(list.as_bytes(), false).unwrap();
            let seen = world.desk.import(&keeper, roster(), None).unwrap();
            assert!(seen.faults.is_empty(), "{:?}", seen.faults);
            world.desk.import(&keeper, roster(), Some(&seen.seal)).unwrap();
        };
        let before = helpers();
        assert_eq!(before.len(), 1);
        listed("id,name,above,organisation\nquay,碼頭,,office\n");
        listed("id,name,unit,role,from\nM2,港二,quay,master,\nM3,港三,first-watch,master,2026-09-01\n");
        assert_eq!(helpers(), before, "who holds it elsewhere is not needed, and one begins later");
        let gone = PostForm {
            post: "master".into(),
            cause: Some(Cause::Leave),
            on: Some(world.desk.now().date()),
            unit: String::new(),
            role: String::new(),
            form_key: String::new(),
        };
        world.desk.change_post(&world.session("signaller"), &gone).unwrap();
        assert_eq!(helpers(), ["港二"], "who left helps nobody; another unit's master does");
    });
}
