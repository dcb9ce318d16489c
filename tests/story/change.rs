//! A rule changes in the middle of a period: what stays the same goes on, what differs is owed beside it, and
//! nothing is lost over a time in which nothing ran.

use super::duty::certificate;
use super::obligation::{day, on};
use super::stage::played;
use super::world::World;
use desk::duty::{DutyForm, DutyQuery};
use desk::view::DutyView;
use domain::Personal;
use domain::duty::Kind;
use domain::time::Instant;
use std::collections::BTreeMap;

const CUSTODIANS: &str = "  { role = \"custodian\" },\n]\nevidence = true";
const USERS: &str = "  { role = \"user\" },\n]\nevidence = true";

fn own(world: &World, login: &str, kind: &str, done: bool) -> Vec<DutyView> {
    let all = world.desk.duties(&world.session(login), done).unwrap().own;
    all.into_iter().filter(|duty| duty.kind.word() == kind).collect()
}

fn show(world: &World, duty: &DutyView, hours: u32) {
    let note = Personal::new("資安通識，證明 115-1");
    let files = vec![certificate("證明.pdf", b"%PDF-1.7")];
    let form = DutyForm { note, hours: Some(hours), files, ..DutyForm::default() };
    world.desk.fulfil(&world.session("chen"), &duty.id, &form).unwrap();
}

#[test]
fn what_an_amendment_leaves_as_it_was_counts_on_and_is_owed_no_second_time() {
    played(|stage| {
        let world = stage.world();
        world.amend("lienchiang", &[(CUSTODIANS, USERS)]);
        on(&world, "2026-03-02");
        let duty = own(&world, "chen", "train", false).remove(0);
        show(&world, &duty, 2);
        // Another clause is worded otherwise; the training is what it was.
        let words = ("gist_en = \"Designated officers take", "gist_en = \"The designated officers take");
        world.amend_from("lienchiang", "2026-05-01", &[(CUSTODIANS, USERS), words]);
        on(&world, "2026-05-04");
        let held = own(&world, "chen", "train", false);
        assert_eq!(held.len(), 1, "nothing is owed twice");
        assert_eq!((held[0].id.as_str(), held[0].hours), (duty.id.as_str(), Some((2, 3))));
        show(&world, &held[0], 1);
        on(&world, "2026-05-05");
        assert!(own(&world, "chen", "train", false).is_empty(), "what was done counts under the new version");
        on(&world, "2027-01-04");
        let next = own(&world, "chen", "train", false);
        assert_eq!((next.len(), next[0].hours), (1, Some((0, 3))), "the next year is owed under it");
    });
}

#[test]
fn where_an_amendment_asks_for_more_both_are_owed_in_the_period_of_the_change() {
    played(|stage| {
        let world = stage.world();
        world.amend("lienchiang", &[(CUSTODIANS, USERS)]);
        on(&world, "2026-03-02");
        let more = ("policy = [\"evidence\"]\nhours = 3\n", "policy = [\"evidence\"]\nhours = 6\n");
        world.amend_from("lienchiang", "2026-05-01", &[(CUSTODIANS, USERS), more]);
        on(&world, "2026-05-04");
        on(&world, "2026-05-05");
        let wanted: Vec<_> = own(&world, "chen", "train", false).iter().map(|duty| duty.hours).collect();
        assert_eq!(wanted.len(), 2);
        assert!(wanted.contains(&Some((0, 3))) && wanted.contains(&Some((0, 6))), "{wanted:?}");
        on(&world, "2027-01-04");
        let next = own(&world, "chen", "train", false);
        let fresh: Vec<_> = next.iter().filter(|duty| duty.began == day("2027-01-01")).collect();
        assert_eq!((fresh.len(), fresh[0].hours), (1, Some((0, 6))), "the next year is the new version's");
    });
}

#[test]
fn nothing_of_either_version_is_missed_though_nothing_ran_on_the_day_of_the_change() {
    played(|stage| {
        let world = stage.world();
        on(&world, "2026-03-02");
        let monthly = (
            "schedule = { every = 3, unit = \"month\", anchor = \"calendar\" }\nfindings",
            "schedule = { every = 1, unit = \"month\", anchor = \"calendar\" }\nfindings",
        );
        world.amend_from("kaohsiung", "2026-08-01", &[monthly]);
        // Nothing runs from the first quarter until after the change.
        world.hand.set(Instant::at(day("2026-10-05"), 9, 0));
        for _ in 0..2 {
            world.desk.tick().unwrap();
        }
        let mut began: BTreeMap<String, usize> = BTreeMap::new();
        for duty in own(&world, "ho-kh", "inventory", false) {
            *began.entry(duty.began.to_string()).or_default() += 1;
        }
        let expected = [
            ("2026-01-01", 1),
            ("2026-04-01", 1),
            // The quarter that the older version began, and beside it the months of the newer one.
            ("2026-07-01", 1),
            ("2026-08-01", 1),
            ("2026-09-01", 1),
            ("2026-10-01", 1),
        ];
        assert_eq!(began, expected.map(|(day, n)| (day.to_string(), n)).into());
    });
}

#[test]
fn heads_and_overseers_see_what_was_done_by_kind() {
    played(|stage| {
        let world = stage.world();
        world.amend("lienchiang", &[(CUSTODIANS, USERS)]);
        on(&world, "2026-03-02");
        show(&world, &own(&world, "chen", "train", false).remove(0), 3);
        let done = |login: &str, kind: Option<Kind>| {
            let query = DutyQuery { done: true, kind, after: None };
            world.desk.duty_list(&world.session(login), &query).unwrap()
        };
        for login in ["tsao", "wang-lc", "pan-lc"] {
            let all = done(login, Some(Kind::Train));
            assert_eq!((all.others.len(), all.watches), (1, true), "{login}");
            let duty = world.desk.duty(&world.session(login), &all.others[0].id).unwrap();
            assert_eq!((duty.state, duty.files.len()), ("done", 1), "with its certificate");
            assert!(done(login, Some(Kind::Inventory)).others.is_empty(), "of another kind there is none");
        }
        assert!(done("chiu-nangan", None).others.is_empty(), "of another unit");
        let liu = done("liu", None);
        assert_eq!((liu.others.len(), liu.watches), (0, false), "who heads nobody sees their own");
        assert_eq!(done("chen", None).own.len(), 1);
    });
}

#[test]
fn a_long_list_of_duties_goes_on_where_a_page_ends() {
    played(|stage| {
        let world = stage.world();
        world.amend("lienchiang", &[(CUSTODIANS, USERS)]);
        let rows: String = (0..230).map(|n| format!("P{n:03},員{n},lc-nangan,user\n")).collect();
        let roster = || {
            let list = format!("id,name,unit,role\n{rows}");
            desk::directory::Roster::from_csv(list.as_bytes(), false).unwrap()
        };
        let keeper = world.session("yang-lc");
        let seen = world.desk.import(&keeper, roster(), None).unwrap();
        world.desk.import(&keeper, roster(), Some(&seen.seal)).unwrap();
        on(&world, "2026-03-02");
        let head = world.session("wang-lc");
        let page = |after: Option<String>| {
            let query = DutyQuery { kind: Some(Kind::Train), after, done: false };
            world.desk.duty_list(&head, &query).unwrap()
        };
        let first = page(None);
        let second = page(first.next.clone());
        assert_eq!((first.others.len(), second.next), (200, None));
        let all: std::collections::BTreeSet<String> =
            first.others.iter().chain(&second.others).map(|duty| duty.id.clone()).collect();
        assert_eq!(all.len(), first.others.len() + second.others.len(), "each once");
        assert!(all.len() >= 230, "{}", all.len());
    });
}
