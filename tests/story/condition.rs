//! What a rule asks of some only: those whom a condition means, and roles that are there for enough people.

use super::obligation::{day, on};
use super::stage::played;
use super::world::World;
use desk::directory::Roster;
use domain::Reason;
use std::collections::BTreeSet;

/// The training of Lienchiang as it would be if every user of the township centres had to attend it.
fn in_townships(world: &World) {
    world.amend(
        "lienchiang",
        &[(
            "  { role = \"custodian\" },\n]\nevidence = true",
            "  { role = \"user\" },\n]\nevidence = true\nwhen = { unit = \"township-centre\" }",
        )],
    );
}

#[test]
fn a_duty_with_a_condition_is_owed_by_those_whom_it_means_and_by_nobody_else() {
    played(|stage| {
        let world = stage.world();
        in_townships(&world);
        on(&world, "2026-03-02");
        let head = world.session("wang-lc");
        let all = world.desk.duties(&head, false).unwrap().others;
        let owed = all.iter().filter(|duty| duty.kind.word() == "train");
        let people: BTreeSet<&str> = owed.map(|duty| duty.person.as_str()).collect();
        assert_eq!(people, BTreeSet::from(["林依晨"]), "of the township centre alone");
        let duty = all.iter().find(|duty| duty.kind.word() == "train").unwrap();
        assert_eq!(duty.due.as_ref().unwrap().date, day("2026-12-31"));
    });
}

#[test]
fn a_role_that_is_there_for_enough_users_only_is_given_to_nobody_before() {
    played(|stage| {
        let world = stage.world();
        let tiers = |unit: u32, agency: u32| {
            let training = "[[control]]\nid = \"training\"";
            let tiers = format!(
                "[[control]]\nid = \"tiers\"\nkind = \"admin-tiers\"\nclauses = [\"4.4\"]\n\
                 tiers = [{{ role = \
                 \"it\", unit_users = {unit}, agency_users = {agency} }}]\n\n{training}"
            );
            (training, tiers)
        };
        let (training, few) = tiers(3, 20);
        world.amend("lienchiang", &[(training, &few)]);
        let give = || {
            let keeper = world.session("yang-lc");
            let list = "id,name,unit,role\nT01,資訊員,lc-nangan,it\n";
            let roster = || Roster::from_csv(list.as_bytes(), false).unwrap();
            let seen = world.desk.import(&keeper, roster(), None).unwrap();
            let fault = seen.faults.first().map(|(_, view)| &view.refusal);
            match fault.map(|no| (no.reason, no.clause.as_ref().map(ToString::to_string))) {
                Some(no) => Err(no),
                None => Ok(world.desk.import(&keeper, roster(), Some(&seen.seal)).unwrap()),
            }
        };
        let no = give().map(|_| ()).unwrap_err();
        assert_eq!(no, (Reason::RoleUnneeded, Some("lienchiang/4.4".into())));
        let (_, enough) = tiers(3, 2);
        world.amend_from("lienchiang", "2026-03-02", &[(training, &enough)]);
        give().unwrap();
    });
}
