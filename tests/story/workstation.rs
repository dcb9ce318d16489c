//! Machines are declared; where the rule binds lookups to them, no other one serves.

use super::stage::played;
use super::world::{ADDRESS, World, refused};
use desk::Session;
use desk::directory::WorkstationForm;
use desk::lookup::AskForm;
use domain::Reason;
use domain::directory::workstation::Declared;
use domain::time::{Date, Instant};

type Refused = Vec<(Reason, Option<String>)>;

const CLAUSE: &str = "lienchiang/3.3";

/// Lienchiang's rule as it would be if it bound lookups to machines that are declared every year.
fn bound(world: &World) {
    let to = "binding = \"bound\"\ncheck = { every = 1, unit = \"year\" }";
    world.amend("lienchiang", &[("binding = \"declared\"", to)]);
}

fn ask(world: &World, session: &Session, form: &AskForm) -> Refused {
    world.hand.pass_seconds(60);
    let form = AskForm { form_key: world.desk.now().micros().to_string(), ..form.clone() };
    match world.desk.ask(session, &form) {
        Ok(_) => vec![],
        other => refused(other),
    }
}

fn form(number: &str, keeper: &str) -> WorkstationForm {
    WorkstationForm {
        id: String::new(),
        number: number.into(),
        unit: String::new(),
        keeper: keeper.into(),
        address: ADDRESS.into(),
        declared: Declared { dedicated: true, password: true, shutdown: false },
        form_key: String::new(),
    }
}

fn declare(world: &World, login: &str, form: &WorkstationForm) -> Refused {
    match world.desk.declare_workstation(&world.session(login), form) {
        Ok(()) => vec![],
        other => refused(other),
    }
}

fn under(reason: Reason) -> (Reason, Option<String>) {
    (reason, Some(CLAUSE.into()))
}

#[test]
fn lookups_come_from_declared_machines_of_the_own_unit_only() {
    played(|stage| {
        let world = stage.world();
        let (chen, asked) = world.lienchiang();
        assert_eq!(ask(&world, &chen, &asked), [], "the rule wants a register and binds nobody");
        bound(&world);
        let chen = world.session("chen");
        let unknown = [under(Reason::StationUnknown)];
        assert_eq!(ask(&world, &chen, &asked), unknown);
        assert_eq!(declare(&world, "chen", &form("3140101-01", "chen")), [(Reason::NoCapacity, None)]);
        let other = form("3140101-02", "lin-nangan");
        assert_eq!(declare(&world, "chiu-nangan", &other), [], "it stands elsewhere");
        assert_eq!(ask(&world, &chen, &asked), unknown, "and serves that unit only");
        assert_eq!(declare(&world, "tsao", &form("3140101-01", "chen")), [(Reason::ListedTwice, None)]);
        let yang = world.session("yang-lc");
        let elsewhere = world.desk.workstations(&yang).unwrap().list[0].clone();
        assert_eq!((elsewhere.state, elsewhere.address.as_str()), ("declared", ADDRESS));
        world.desk.retire_workstation(&world.session("chiu-nangan"), &elsewhere.id).unwrap();
        assert_eq!(declare(&world, "tsao", &form("3140101-01", "chen")), []);
        assert_eq!(ask(&world, &chen, &asked), []);
        assert_eq!(world.count("lienchiang", "directory.workstation"), 2);
    });
}

#[test]
fn what_the_rule_wants_declared_is_and_every_year_anew() {
    played(|stage| {
        let world = stage.world();
        bound(&world);
        let (chen, asked) = world.lienchiang();
        let bare = WorkstationForm {
            address: String::new(),
            declared: Declared::default(),
            number: " ".into(),
            ..form("", "nobody")
        };
        let mut faults = declare(&world, "tsao", &bare);
        faults.sort();
        let missing = || under(Reason::FieldMissing);
        assert_eq!(faults, [missing(), missing(), missing(), missing(), (Reason::FieldMalformed, None)]);
        let odd = WorkstationForm { address: "office-pc".into(), ..form("3140101-01", "chen") };
        assert_eq!(declare(&world, "tsao", &odd), [(Reason::FieldMalformed, None)]);
        let foreign = WorkstationForm { unit: "lc-nangan".into(), ..form("3140101-01", "lin-nangan") };
        assert_eq!(declare(&world, "tsao", &foreign), [(Reason::NoCapacity, None)]);
        assert_eq!(world.count("lienchiang", "directory.workstation"), 0);
        assert_eq!(declare(&world, "tsao", &form("3140101-01", "chen")), []);
        assert_eq!(ask(&world, &chen, &asked), []);
        let first = |world: &World| world.desk.workstations(&world.session("tsao")).unwrap().list[0].clone();
        world.hand.set(Instant::at(Date::parse_iso("2027-12-31").unwrap(), 9, 0));
        world.desk.tick().unwrap();
        assert_eq!(first(&world).state, "declared", "its year and the next");
        let owed = world.desk.duties(&world.session("yang-lc"), false).unwrap().own;
        let clause =
            |duty: &&desk::view::DutyView| duty.clause.as_ref().is_some_and(|own| own.id.as_str() == CLAUSE);
        assert!(owed.iter().any(|duty| clause(&duty)), "the check of the year is a duty");
        world.hand.set(Instant::at(Date::parse_iso("2028-01-03").unwrap(), 9, 0));
        let machine = first(&world);
        assert_eq!(machine.state, "stale");
        assert!(ask(&world, &chen, &asked).contains(&under(Reason::StationStale)));
        let again = WorkstationForm { id: machine.id.clone(), ..form("3140101-01", "chen") };
        assert_eq!(declare(&world, "tsao", &again), []);
        assert_eq!(first(&world).state, "declared");
        assert!(!ask(&world, &chen, &asked).contains(&under(Reason::StationStale)));
    });
}
