//! A role that wants a deputy has one named ahead; who is named acts in recorded absences only.

use super::stage::played;
use super::world::{World, absence, refused_once};
use desk::directory::{AbsenceForm, PostForm};
use desk::view::DutyView;
use domain::Reason;
use domain::directory::post::Cause;
use domain::time::{Date, Instant};

/// Lienchiang's rule as it would be if those who run the accounts had to have a deputy.
const WANTED: (&str, &str) =
    ("word_en = \"account administrator\"", "word_en = \"account administrator\"\ndeputy = true");

fn day(text: &str) -> Date {
    Date::parse_iso(text).unwrap()
}

fn on(world: &World, text: &str) {
    world.hand.set(Instant::at(day(text), 9, 0));
    world.desk.tick().unwrap();
}

fn owed(world: &World, login: &str) -> Vec<DutyView> {
    let all = world.desk.duties(&world.session(login), false).unwrap().own;
    all.into_iter().filter(|duty| duty.kind.word() == "deputy").collect()
}

fn name(world: &World, deputy: &str) -> Result<(), Reason> {
    match world.desk.name_deputy(&world.session("yang-lc"), deputy, "") {
        Ok(()) => Ok(()),
        other => Err(refused_once(other).0),
    }
}

#[test]
fn a_role_that_wants_a_deputy_owes_one_until_somebody_is_named_and_again_when_they_are_gone() {
    played(|stage| {
        let world = stage.world();
        on(&world, "2026-03-02");
        assert!(owed(&world, "yang-lc").is_empty(), "the rule as it is wants none");
        world.amend_from("lienchiang", "2026-03-03", &[WANTED]);
        on(&world, "2026-03-03");
        let duty = owed(&world, "yang-lc").remove(0);
        assert_eq!((duty.href.as_str(), duty.may), ("/absences", false));
        assert_eq!(duty.clause.unwrap().id.as_str(), "lienchiang/5.9");
        assert!(owed(&world, "chen").is_empty(), "it is wanted of that role only");
        let shown = world.desk.absences(&world.session("yang-lc")).unwrap();
        assert!(shown.wanted && shown.standing.is_none());

        for (who, reason) in [
            ("yang-lc", Reason::FieldMalformed),
            ("", Reason::FieldMissing),
            ("kao-tp", Reason::FieldMissing),
        ] {
            assert_eq!(name(&world, who), Err(reason), "{who}");
        }
        assert_eq!(owed(&world, "yang-lc").len(), 1, "nothing has changed");
        name(&world, "chen").unwrap();
        assert!(owed(&world, "yang-lc").is_empty());
        let standing = world.desk.absences(&world.session("yang-lc")).unwrap().standing.unwrap();
        assert_eq!(standing.0, "chen");
        assert!(world.desk.stands_in_for(&world.session("chen")).unwrap().is_empty(), "nobody is away");
        on(&world, "2026-03-04");
        assert!(owed(&world, "yang-lc").is_empty());
        assert_eq!(world.count("lienchiang", "directory.deputy-named"), 1);

        let leaves = PostForm {
            post: "chen-user".into(),
            cause: Some(Cause::Leave),
            on: Some(day("2026-03-05")),
            unit: String::new(),
            role: String::new(),
            form_key: String::new(),
        };
        world.desk.change_post(&world.session("yang-lc"), &leaves).unwrap();
        on(&world, "2026-03-05");
        assert_eq!(owed(&world, "yang-lc").len(), 1, "whoever was named has no post any more");
        name(&world, "tsao").unwrap();
        assert!(owed(&world, "yang-lc").is_empty());
    });
}

#[test]
fn what_no_rule_wants_any_more_is_owed_no_more() {
    played(|stage| {
        let world = stage.world();
        world.amend("lienchiang", &[WANTED]);
        on(&world, "2026-03-02");
        assert_eq!(owed(&world, "yang-lc").len(), 1);
        world.amend_from("lienchiang", "2026-03-03", &[]);
        on(&world, "2026-03-03");
        assert!(owed(&world, "yang-lc").is_empty());
    });
}

#[test]
fn who_falls_ill_is_recorded_by_those_who_run_the_accounts_and_not_with_themselves_as_the_deputy() {
    played(|stage| {
        let world = stage.world();
        on(&world, "2026-03-02");
        let yang = world.session("yang-lc");
        let record = |login: &str, person: &str, deputy: &str, key: &str| {
            let form = AbsenceForm { form_key: key.into(), ..absence(person, deputy) };
            match world.desk.be_away(&world.session(login), &form) {
                Ok(()) => Ok(()),
                other => Err(refused_once(other).0),
            }
        };
        assert_eq!(record("chen", "tsao", "liu", ""), Err(Reason::NoCapacity), "chen runs no accounts");
        for (person, deputy, reason) in [
            ("tsao", "yang-lc", Reason::OwnDeputy),
            ("tsao", "", Reason::FieldMissing),
            ("kao-tp", "liu", Reason::FieldMalformed),
        ] {
            assert_eq!(record("yang-lc", person, deputy, ""), Err(reason), "{person} {deputy}");
        }
        assert_eq!(world.count("lienchiang", "directory.away"), 0);

        // Tsao named somebody ahead; so nobody has to choose while he is ill.
        world.desk.name_deputy(&world.session("tsao"), "liu", "").unwrap();
        record("yang-lc", "tsao", "", "once").unwrap();
        record("yang-lc", "tsao", "", "once").unwrap();
        assert_eq!(world.count("lienchiang", "directory.away"), 1, "pressed twice, recorded once");
        let standing = world.desk.stands_in_for(&world.session("liu")).unwrap();
        assert_eq!(standing.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["曹志明"]);
        let shown = world.desk.absences(&yang).unwrap();
        assert!(shown.keeps && shown.list.len() == 1 && shown.list[0].end);
        assert!(world.desk.absences(&world.session("chen")).unwrap().list.is_empty(), "it is not chen's");

        let id = shown.list[0].id.as_str();
        let back = |login: &str, id: &str| refused_once(world.desk.come_back(&world.session(login), id)).0;
        assert_eq!(back("liu", id), Reason::NoCapacity, "the deputy does not end it");
        assert_eq!(back("yang-lc", "nothing"), Reason::RecordUnknown);
        world.desk.come_back(&world.session("tsao"), id).unwrap();
        assert!(world.desk.stands_in_for(&world.session("liu")).unwrap().is_empty());
        assert_eq!(world.count("lienchiang", "directory.back"), 1);
        assert_eq!(back("tsao", id), Reason::RecordUnknown, "it is over");
    });
}
