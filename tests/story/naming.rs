//! Units get other names, and are closed when nothing is left in them.

use super::application::lienchiang;
use super::stage::played;
use super::world::{World, refused_once};
use desk::application::ApplicationForm;
use desk::directory::{NameForm, PostForm, Roster};
use domain::Reason;
use domain::directory::post::Cause;
use domain::directory::unit;
use domain::id::LogId;

fn name(unit: &str, name: &str) -> NameForm {
    NameForm { id: unit.into(), name: name.into(), ..NameForm::default() }
}

/// Takes a list over, as whoever runs the accounts of Lienchiang.
fn list(world: &World, text: &str) {
    let keeper = world.session("yang-lc");
    let roster = || Roster::from_csv(text.as_bytes(), false).unwrap();
    let seen = world.desk.import(&keeper, roster(), None).unwrap();
    assert!(seen.faults.is_empty(), "{:?}", seen.faults);
    world.desk.import(&keeper, roster(), Some(&seen.seal)).unwrap();
}

fn problems(world: &World, unit: &str) -> Vec<String> {
    let no = world.desk.close_unit(&world.session("yang-lc"), unit, "");
    let Err(desk::No::Refused(views)) = no else { panic!("{unit} was closed") };
    assert!(views.iter().all(|view| view.refusal.reason == Reason::UnitInUse));
    views.into_iter().map(|view| view.refusal.args["problem"].clone()).collect()
}

#[test]
fn a_unit_has_another_name_and_the_former_one_stays_beside_it() {
    played(|stage| {
        let world = stage.world();
        let keeper = world.session("yang-lc");
        let rename = |form: &NameForm| world.desk.rename_unit(&keeper, form);
        assert_eq!(refused_once(rename(&name("lc-disease", " "))).0, Reason::FieldMissing);
        assert_eq!(refused_once(rename(&name("lc-disease", &"科".repeat(81)))).0, Reason::FieldTooLong);
        assert_eq!(refused_once(rename(&name("lc-none", "防疫科"))).0, Reason::UnitUnknown);
        let staff = || world.desk.staff(&keeper).unwrap();
        let named = |id: &str| staff().units.into_iter().find(|unit| unit.id == id).unwrap();
        let (own, other) = (named("lc-disease").name, named("lc-nangan").name);
        assert_eq!(refused_once(rename(&name("lc-disease", &other.zh))).0, Reason::UnitNameTaken);
        let user = world.desk.rename_unit(&world.session("chen"), &name("lc-disease", "防疫科"));
        assert_eq!(refused_once(user).0, Reason::NoCapacity);
        rename(&name("lc-disease", "防疫科")).unwrap();
        let after = named("lc-disease");
        assert_eq!((&*after.name.zh, &*after.name.en), ("防疫科", "防疫科"));
        assert_eq!(after.former.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), [&*own.zh]);
        assert_eq!(&*world.session("chen").unit.zh, "防疫科", "people work there as before");
        assert_eq!(world.count("lienchiang", "directory.unit-renamed"), 1);
        list(&world, "id,name,organisation\nlc-nangan,南竿衛生所,township-centre\n");
        assert_eq!(world.count("lienchiang", "directory.unit-renamed"), 1, "a list says so in its own entry");

        let operator = |text: &str| world.desk.rename_agency(&name("lienchiang", text));
        assert_eq!(refused_once(operator("")).0, Reason::FieldMissing);
        assert_eq!(refused_once(world.desk.rename_agency(&name("none", "x"))).0, Reason::RecordUnknown);
        operator("連江縣政府衛生局").unwrap();
        assert_eq!(refused_once(operator("連江縣政府衛生局")).0, Reason::UnitNameTaken);
        assert_eq!(&*world.session("chen").agency.zh, "連江縣政府衛生局");
        let entry = world.entries("lienchiang").pop().unwrap();
        assert!(entry.act == "directory.agency-renamed" && entry.detail.contains("before"), "{entry:?}");
    });
}

#[test]
fn a_unit_is_closed_when_nobody_and_nothing_is_left_in_it() {
    played(|stage| {
        let world = stage.world();
        list(&world, "id,name,organisation,above\nsite,採檢站,bureau,\nhut,採檢亭,bureau,site\n");
        list(&world, "id,name,unit,role\nS1,檢員,site,user\n");
        assert_eq!(problems(&world, "lienchiang-site"), ["people", "below"]);
        let (keeper, chen) = (world.session("yang-lc"), world.session("chen"));
        assert_eq!(refused_once(world.desk.close_unit(&chen, "lienchiang-hut", "")).0, Reason::NoCapacity);
        world.desk.close_unit(&keeper, "lienchiang-hut", "one").unwrap();
        world.desk.close_unit(&keeper, "lienchiang-hut", "one").unwrap();
        assert_eq!(world.count("lienchiang", "directory.unit-closed"), 1, "pressed twice, closed once");
        assert_eq!(problems(&world, "lienchiang-site"), ["people"]);
        let form = ApplicationForm { form_key: "one".into(), ..lienchiang(&["basic"]) };
        world.desk.write_application(&chen, &form).unwrap();
        let (chen, ask) = world.lienchiang();
        world.desk.ask(&chen, &ask).unwrap();
        assert_eq!(problems(&world, "lc-disease"), ["people", "applications", "stamps", "permissions"]);

        // Whoever gets a post in a unit and whoever closes it do so one after the other.
        let log = LogId::new("lienchiang");
        let site = unit::key(&log, &"lienchiang-site".into());
        let rev = || world.desk.store().read(|read| read.rev(&site)).unwrap().rev;
        let before = rev();
        list(&world, "id,name,unit,role\nS2,檢員二,site,user\n");
        assert!(rev() > before);

        let units = world.desk.staff(&keeper).unwrap().units;
        assert!(!units.iter().any(|unit| unit.id == "lienchiang-hut"), "it is in no list any more");
        let into = PostForm {
            post: "chen-user".into(),
            cause: Some(Cause::Transfer),
            on: Some(world.desk.now().date()),
            unit: "lienchiang-hut".into(),
            role: "user".into(),
            form_key: String::new(),
        };
        assert_eq!(refused_once(world.desk.change_post(&keeper, &into)).0, Reason::UnitUnknown);
        let back = Roster::from_csv("id,name,organisation\nhut,採檢亭,bureau\n".as_bytes(), false).unwrap();
        let seen = world.desk.import(&keeper, back, None).unwrap();
        assert_eq!(seen.faults[0].1.refusal.reason, Reason::UnitElsewhere, "nor does it come back by a list");
        let again = world.desk.close_unit(&keeper, "lienchiang-hut", "");
        assert_eq!(refused_once(again).0, Reason::UnitUnknown);
    });
}
