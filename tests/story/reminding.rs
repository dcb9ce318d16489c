//! Whoever runs an account inventory reminds the heads who have not confirmed their people.

use super::inventory::{on, quarter};
use super::letter::{Recorder, wants};
use super::stage::played;
use super::world::refused_once;
use domain::{Personal, Reason};
use std::collections::BTreeSet;

#[test]
fn whoever_runs_it_reminds_the_heads_who_have_not_confirmed_once_a_day() {
    played(|stage| {
        let world = stage.world();
        let post = Recorder::of(&world);
        on(&world, "2026-03-02");
        for login in ["chang", "li-sanmin", "fang-kh", "ho-kh"] {
            wants(&world, login, false, true);
        }
        let it = world.session("ho-kh");
        let id = quarter(&world, "2026-01-01").id;
        let remind = |login: &str| world.desk.remind_inventory(&world.session(login), &id);
        let attest = |login: &str| {
            let head = world.session(login);
            for unit in world.desk.inventory(&head, &id).unwrap().own() {
                world.desk.attest_inventory(&head, &id, &unit.hash, "").unwrap();
            }
        };
        let told = || {
            world.desk.deliver().unwrap();
            let mails = post.taken(&world).into_iter().map(|(to, _)| to);
            mails.collect::<BTreeSet<String>>()
        };
        told();
        let clause = Some("kaohsiung/5.1.3".to_string());
        assert_eq!(refused_once(remind("chang")), (Reason::NotYourDuty, clause.clone()), "she confirms");
        assert_eq!(refused_once(world.desk.remind_inventory(&it, "none")).0, Reason::RecordUnknown);
        let view = quarter(&world, "2026-01-01");
        assert_eq!((view.remind, view.reminded), (true, None));
        remind("ho-kh").unwrap();
        remind("ho-kh").unwrap();
        let entry = world.entries("kaohsiung").into_iter().find(|e| e.act == "account.inventory-reminded");
        assert!(!entry.unwrap().detail.contains("chang"), "nobody is named");
        assert_eq!(world.count("kaohsiung", "account.inventory-reminded"), 1, "once a day is enough");
        let heads = ["chang", "fang-kh", "li-sanmin"].map(String::from);
        assert_eq!(told(), heads.into(), "the heads, and nobody else");
        let view = quarter(&world, "2026-01-01");
        assert_eq!((view.remind, view.reminded), (false, Some(world.desk.now())));

        attest("chang");
        attest("fang-kh");
        on(&world, "2026-03-03");
        told();
        remind("ho-kh").unwrap();
        assert_eq!(told(), ["li-sanmin".to_string()].into(), "whoever has confirmed is left in peace");
        attest("li-sanmin");
        on(&world, "2026-03-04");
        let view = quarter(&world, "2026-01-01");
        assert_eq!((view.attested(), view.remind), (view.units.len(), false));
        assert_eq!(refused_once(remind("ho-kh")), (Reason::NobodyToRemind, clause));
        world.desk.close_inventory(&it, &id, &view.hash, &Personal::default(), "").unwrap();
        assert_eq!(refused_once(remind("ho-kh")).0, Reason::WrongState);
        assert_eq!(world.count("kaohsiung", "account.inventory-reminded"), 2);
    });
}
