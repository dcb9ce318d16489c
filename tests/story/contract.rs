//! Contractors' people act by a contract: without one they look nothing up, and with its end their posts end.

use super::stage::played;
use super::world::{World, refused, refused_once};
use desk::Session;
use desk::directory::ContractForm;
use desk::lookup::AskForm;
use desk::view::DutyView;
use domain::Reason;
use domain::time::{Date, Instant};

fn day(text: &str) -> Date {
    Date::parse_iso(text).unwrap()
}

/// Lienchiang's rule as it would be if its users were the people of a contractor.
fn contracted(world: &World) {
    world.amend("lienchiang", &[("of = [{ role = \"contractor\" }]", "of = [{ role = \"user\" }]")]);
}

fn ask(world: &World, session: &Session, form: &AskForm) -> Vec<(Reason, Option<String>)> {
    world.hand.pass_seconds(60);
    let form = AskForm { form_key: world.desk.now().micros().to_string(), ..form.clone() };
    match world.desk.ask(session, &form) {
        Ok(_) => vec![],
        other => refused(other),
    }
}

fn form(number: &str, until: &str, people: &[&str]) -> ContractForm {
    ContractForm {
        number: number.into(),
        contractor: "海風資訊股份有限公司".into(),
        confidential: true,
        from: day("2026-03-02"),
        until: day(until),
        people: people.iter().map(|id| (*id).into()).collect(),
        form_key: String::new(),
    }
}

fn enter(world: &World, form: &ContractForm) -> Vec<(Reason, Option<String>)> {
    match world.desk.enter_contract(&world.session("yang-lc"), form) {
        Ok(()) => vec![],
        other => refused(other),
    }
}

fn on(world: &World, text: &str) {
    world.hand.set(Instant::at(day(text), 9, 0));
    world.desk.tick().unwrap();
}

fn owed(world: &World) -> Vec<DutyView> {
    let all = world.desk.duties(&world.session("yang-lc"), false).unwrap().own;
    all.into_iter().filter(|duty| duty.kind.word() == "contract").collect()
}

#[test]
fn without_a_contract_that_binds_to_confidentiality_nothing_is_looked_up() {
    played(|stage| {
        let world = stage.world();
        let (chen, asked) = world.lienchiang();
        assert_eq!(ask(&world, &chen, &asked), [], "the rule does not mean her");
        contracted(&world);
        let chen = world.session("chen");
        let missing = vec![(Reason::ContractMissing, Some("lienchiang/5.6".to_string()))];
        assert_eq!(ask(&world, &chen, &asked), missing);
        let bare = ContractForm { confidential: false, ..form("115-A-1", "2026-12-31", &["chen"]) };
        assert_eq!(enter(&world, &bare), [(Reason::FieldMissing, Some("lienchiang/5.6".to_string()))]);
        let stranger = form("115-A-1", "2026-12-31", &["chen", "nobody"]);
        assert_eq!(enter(&world, &stranger), [(Reason::FieldMalformed, None)]);
        let nobody = ContractForm { number: " ".into(), ..form("", "2026-01-31", &[]) };
        let faults = [Reason::FieldMissing, Reason::FieldMalformed];
        assert_eq!(enter(&world, &nobody), faults.map(|reason| (reason, None)));
        let (tsao, good) = (world.session("tsao"), form("115-A-1", "2026-12-31", &["chen"]));
        assert_eq!(refused(world.desk.enter_contract(&tsao, &good)), [(Reason::NoCapacity, None)]);
        assert_eq!(world.count("lienchiang", "directory.contracted"), 0);
        assert_eq!(enter(&world, &good), []);
        assert_eq!(ask(&world, &chen, &asked), [], "at once");
        assert_eq!(enter(&world, &good), [(Reason::ListedTwice, None)]);
        let view = world.desk.contracts(&world.session("yang-lc")).unwrap();
        assert_eq!((view.list.len(), view.list[0].state, view.list[0].people.len()), (1, "runs", 1));
        assert!(view.enter && view.confidential && view.ends && !view.clauses.is_empty());
        assert_eq!(world.desk.contracts(&chen).unwrap().list.len(), 1, "her own");
        assert!(world.desk.contracts(&world.session("liu")).unwrap().list.is_empty(), "not another's");
    });
}

#[test]
fn a_contract_that_ends_is_told_before_and_ends_posts_and_rights() {
    played(|stage| {
        let world = stage.world();
        contracted(&world);
        let (chen, asked) = world.lienchiang();
        assert_eq!(enter(&world, &form("115-A-1", "2026-06-30", &["chen", "liu"])), []);
        assert_eq!(enter(&world, &form("115-A-2", "2027-06-30", &["lin-nangan"])), []);
        on(&world, "2026-05-29");
        assert!(owed(&world).is_empty(), "not more than thirty days before");
        on(&world, "2026-06-02");
        on(&world, "2026-06-02");
        let duty = owed(&world);
        assert_eq!((duty.len(), duty[0].due.as_ref().unwrap().date), (1, day("2026-06-30")));
        assert_eq!(duty[0].href, "/contracts");
        world.hand.set(Instant::at(day("2026-06-30"), 17, 0));
        assert_eq!(ask(&world, &chen, &asked), [], "the last day is a day");
        world.hand.set(day("2026-07-01").start());
        let missing = vec![(Reason::ContractMissing, Some("lienchiang/5.6".to_string()))];
        assert_eq!(ask(&world, &chen, &asked), missing, "before any clock has run");
        assert_eq!(world.count("lienchiang", "directory.posted"), 0);
        on(&world, "2026-07-01");
        on(&world, "2026-07-01");
        assert_eq!(world.count("lienchiang", "directory.posted"), 2, "hers and that of the other, once each");
        let staff = world.desk.staff(&world.session("yang-lc")).unwrap();
        let here = |id: &str| staff.posts.iter().any(|post| post.person == id);
        assert!(!here("chen") && !here("liu") && here("lin-nangan"));
        let held = world.desk.permissions(&world.session("yang-lc")).unwrap();
        assert!(held.iter().filter(|one| one.person == "陳思齊").all(|one| one.state == "left"));
    });
}

#[test]
fn whoever_has_the_next_contract_stays_and_the_duty_is_done_with_it() {
    played(|stage| {
        let world = stage.world();
        contracted(&world);
        assert_eq!(enter(&world, &form("115-A-1", "2026-06-30", &["chen", "liu"])), []);
        on(&world, "2026-06-02");
        assert_eq!(owed(&world).len(), 1);
        assert_eq!(enter(&world, &form("115-A-2", "2027-06-30", &["chen"])), []);
        assert_eq!(owed(&world).len(), 1, "not everybody goes on");
        assert_eq!(enter(&world, &form("115-A-3", "2027-06-30", &["chen", "liu"])), []);
        assert!(owed(&world).is_empty());
        on(&world, "2026-07-01");
        assert_eq!(world.count("lienchiang", "directory.posted"), 0);
        let yang = world.session("yang-lc");
        let all = world.desk.contracts(&yang).unwrap().list;
        let id = |number: &str| all.iter().find(|one| one.number == number).unwrap().id.clone();
        let end = |number: &str, on: &str| world.desk.end_contract(&yang, &id(number), day(on));
        assert_eq!(refused(end("115-A-1", "2026-07-01")), [(Reason::RecordUnknown, None)], "over");
        assert_eq!(refused(end("115-A-2", "2026-06-30")), [(Reason::FieldMalformed, None)], "in the past");
        end("115-A-3", "2026-07-01").unwrap();
        on(&world, "2026-07-02");
        let staff = world.desk.staff(&yang).unwrap();
        let here = |id: &str| staff.posts.iter().any(|post| post.person == id);
        assert!(here("chen") && !here("liu"), "she has another one, he has none");
    });
}

#[test]
fn the_people_of_a_contractor_owe_what_everybody_owes() {
    played(|stage| {
        for same_duties in ["same_duties = true\n", ""] {
            let world = stage.world();
            let whom = |role: &str| format!("  {{ role = \"{role}\" }},\n]\nevidence = true");
            world.amend(
                "lienchiang",
                &[
                    ("of = [{ role = \"contractor\" }]", "of = [{ role = \"user\" }]"),
                    ("same_duties = true\n", same_duties),
                    (&whom("custodian"), &format!("{}\nconsequence = \"block-new-lookups\"", whom("user"))),
                ],
            );
            let (chen, asked) = world.lienchiang();
            assert_eq!(enter(&world, &form("115-A-1", "2027-12-31", &["chen"])), []);
            on(&world, "2026-03-02");
            let duties = world.desk.duties(&chen, false).unwrap().own;
            assert!(duties.iter().any(|duty| duty.kind.word() == "train"), "{same_duties}");
            assert_eq!(ask(&world, &chen, &asked), []);
            on(&world, "2027-01-04");
            let late = vec![(Reason::ObligationLate, Some("lienchiang/4.4".to_string()))];
            assert_eq!(ask(&world, &chen, &asked), late, "{same_duties}");
        }
    });
}

#[test]
fn a_vendor_without_accounts_is_registered_by_a_contract_that_names_nobody() {
    played(|stage| {
        let world = stage.world();
        let today = world.desk.now().date();
        let form = |number: &str, confidential| ContractForm {
            number: number.into(),
            contractor: "海風資訊".into(),
            confidential,
            from: today,
            until: today.plus_days(300).unwrap(),
            people: vec![],
            form_key: String::new(),
        };
        let keeper = world.session("kao-tp");
        let no = refused_once(world.desk.enter_contract(&keeper, &form("115-1", false)));
        assert_eq!(no, (Reason::FieldMissing, Some("taipei/5.8".into())), "the rule wants a term of secrecy");
        world.desk.enter_contract(&keeper, &form("115-1", true)).unwrap();
        let list = world.desk.contracts(&keeper).unwrap().list;
        assert_eq!((list[0].state, list[0].people.len()), ("runs", 0));
        let twice = refused_once(world.desk.enter_contract(&keeper, &form("115-1", true)));
        assert_eq!(twice.0, Reason::ListedTwice);
    });
}
