//! A rule changes in the middle of a period: what stays the same goes on, what differs is owed beside it, and
//! nothing is lost over a time in which nothing ran.

use super::duty::certificate;
use super::obligation::{day, on};
use super::stage::played;
use super::world::World;
use desk::duty::DutyForm;
use desk::view::DutyView;
use domain::Personal;
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
