//! Lists of units and people: tried out, shown, and taken over as they were shown.

use super::directory::signs_in;
use super::stage::played;
use super::world::{World, refused, refused_once};
use desk::account::InviteForm;
use desk::directory::Roster;
use desk::view::ImportView;
use domain::directory::{Agency, Assignment, Change, Person, Unit};
use domain::id::{AgencyId, AssignmentId, LogId, PersonId, UnitId};
use domain::time::Date;
use domain::{Personal, Reason};

/// Compares a list as `keeper`, and takes it over exactly as it was shown.
pub(super) fn taken(world: &World, keeper: &str, text: &str, whole: bool) -> ImportView {
    let session = world.session(keeper);
    let roster = || Roster::from_csv(text.as_bytes(), whole).unwrap();
    let seen = world.desk.import(&session, roster(), None).unwrap();
    world.desk.import(&session, roster(), Some(&seen.seal)).unwrap()
}

pub(super) fn faults(view: &ImportView) -> Vec<(usize, Reason)> {
    view.faults.iter().map(|(line, fault)| (*line, fault.refusal.reason)).collect()
}

pub(super) fn kinds(view: &ImportView) -> Vec<(&'static str, String)> {
    view.steps.iter().map(|step| (step.kind, step.name.clone())).collect()
}

#[test]
fn a_list_changes_what_was_seen_and_nothing_else() {
    played(|stage| {
        let world = stage.world();
        let session = world.session("ho-kh");
        let units = "id,name,name_en,above,organisation\nkh-new,新住民科,Immigrants,kh-head,bureau\n";
        assert_eq!(kinds(&taken(&world, "ho-kh", units, false)), [("unit", "kaohsiung-kh-new".to_string())]);
        let renamed = units.replace("新住民科", "新住民事務科");
        assert_eq!(
            kinds(&taken(&world, "ho-kh", &renamed, false)),
            [("unit-changed", "kaohsiung-kh-new".to_string())]
        );

        let people = "id,name,national_id,unit,role\n\
                      A01,葉子豪,A123456789,新住民事務科,業務承辦人\n\
                      wu,吳承翰,,kh-new,user\n\
                      lin,林宜庭庭,,kh-relief,user\n";
        let role = world.desk.role_word("kaohsiung", "user").zh.to_string();
        let people = people.replace("業務承辦人", &role);
        let roster = || Roster::from_csv(people.as_bytes(), false).unwrap();
        let seen = world.desk.import(&session, roster(), None).unwrap();
        let expected =
            [("person", "葉子豪"), ("begins", "葉子豪"), ("moves", "吳承翰"), ("renamed", "林宜庭庭")];
        let expected = expected.map(|(kind, name)| (kind, name.to_string()));
        assert_eq!(kinds(&seen), expected);
        assert_eq!(world.count("kaohsiung", "directory.posted"), 0, "looking changes nothing");
        let no = refused_once(world.desk.import(&session, roster(), Some("another")));
        assert_eq!(no.0, Reason::Changed);
        world.desk.import(&session, roster(), Some(&seen.seal)).unwrap();
        assert!(!signs_in(&world, "wu"), "his old post is over");
        let again = world.desk.import(&session, roster(), None).unwrap();
        assert_eq!((again.steps.len(), again.same), (0, 3));
        assert_eq!(world.count("kaohsiung", "directory.posted"), 2);

        let whole = "id,name,unit,role\nlin,林宜庭庭,kh-relief,user\n";
        let roster = Roster::from_csv(whole.as_bytes(), true).unwrap();
        let seen = world.desk.import(&session, roster, None).unwrap();
        assert!(seen.steps.iter().all(|step| step.kind == "ends" && step.line == 0));
    });
}

#[test]
fn rows_that_cannot_be_taken_are_refused_one_by_one() {
    played(|stage| {
        let world = stage.world();
        let session = world.session("ho-kh");
        let text = "id,name,national_id,unit,role,from\n\
                    A01,葉子豪,A123456789,kh-relief,user,\n\
                    A02,葉子豪,A123456789,kh-relief,user,\n\
                    A03,王小明,,nowhere,user,\n\
                    A04,王小華,,kh-relief,captain,\n\
                    A05,,,kh-relief,user,2026-02-30\n\
                    A06,許大同,A000000000,kh-relief,user,\n\
                    A07,李大同,,kh-relief,user,\n\
                    A07,李大同,,kh-relief,user,\n\
                    A08,何宗翰,E110000026,kh-relief,user,\n";
        let roster = Roster::from_csv(text.as_bytes(), false).unwrap();
        let view = world.desk.import(&session, roster, None).unwrap();
        let expected = [
            (3, Reason::PersonTwice),
            (4, Reason::UnitUnknown),
            (5, Reason::RoleUnknown),
            (6, Reason::FieldMissing),
            (6, Reason::FieldMalformed),
            (7, Reason::FieldMalformed),
            (9, Reason::ListedTwice),
            (10, Reason::PersonTwice),
        ];
        assert_eq!(faults(&view), expected);
        assert_eq!(kinds(&view), [("person", "葉子豪"), ("begins", "葉子豪")].map(owned));

        let stranger = "id,name,unit,role\nkaohsiung-chen,陳思齊,kh-relief,user\n";
        let roster = Roster::from_csv(stranger.as_bytes(), false).unwrap();
        assert_eq!(world.desk.import(&session, roster, None).unwrap().faults.len(), 0);
        let no = refused(world.desk.import(&world.session("lin"), Roster::default(), None));
        assert_eq!(no[0].0, Reason::NoCapacity);
    });
}

#[test]
fn a_list_says_since_when_and_who_gives_a_post_up_goes_before_who_gets_it() {
    played(|stage| {
        let world = stage.harbour("1130901");
        let list = "id,name,unit,role,from\nS2,信二,first-watch,signaller,\n\
                    signaller,信一,first-watch,reader,\n\
                    R3,閱三,first-watch,reader,2009-07-01\n";
        let none = taken(&world, "signaller", list, false);
        assert_eq!(faults(&none), [(2, Reason::RoleFull), (3, Reason::OwnPost)], "one's own post stays");
        assert_eq!(kinds(&none), [("person", "閱三"), ("begins", "閱三")].map(owned));
        assert_eq!(
            none.steps[1].on,
            Date::new(2009, 7, 1),
            "since when they are there is no change of today"
        );

        let operator = |list: &str| {
            let (agency, roster) =
                (AgencyId::new("harbour"), || Roster::from_csv(list.as_bytes(), false).unwrap());
            let seen = world.desk.import_as_operator(&agency, roster(), None).unwrap();
            world.desk.import_as_operator(&agency, roster(), Some(&seen.seal)).unwrap()
        };
        let swapped = operator(list);
        assert!(swapped.faults.is_empty(), "{:?}", swapped.faults);
        assert_eq!(kinds(&swapped), [("person", "信二"), ("moves", "信一"), ("begins", "信二")].map(owned));
        assert_eq!((operator(list).steps.len(), operator(list).same), (0, 3));
        let ahead = "id,name,unit,role,from\nS3,信三,first-watch,signaller,2026-06-01\n";
        assert_eq!(faults(&operator(ahead)), [(2, Reason::RoleFull)], "it is asked about the day itself");
    });
}

#[test]
fn a_row_with_an_end_is_taken_once_and_one_without_its_day_is_refused() {
    played(|stage| {
        let world = stage.world();
        let list = |until: &str, cause: &str| {
            let text = format!("id,name,unit,role,until,cause\nA01,葉子豪,kh-relief,user,{until},{cause}\n");
            let seen = taken(&world, "ho-kh", &text, false);
            let end = seen.steps.last().and_then(|step| step.on).map(|on| on.to_string());
            (seen.steps.last().map_or("", |step| step.kind), end, faults(&seen), seen.same)
        };
        let day = |text: &str| Some(text.to_string());
        assert_eq!(list("2026-12-31", "").0, "begins");
        assert_eq!(list("115/12/31", ""), ("", None, vec![], 1), "and not once more");
        assert_eq!(list("", "retire"), ("", None, vec![(2, Reason::EndMissing)], 0));
        assert_eq!(list("2026-09-30", "resign"), ("ends", day("2026-09-30"), vec![], 0));
        assert_eq!(list("", ""), ("", None, vec![], 1), "a list that says nothing of an end takes none back");
        assert_eq!(list("", "stay"), ("stays", None, vec![], 0));
        assert_eq!(list("", "stay"), ("", None, vec![], 1));
        assert_eq!(list("2026-09-30", "").0, "ends");
        let whole = "id,name,unit,role\nlin,林宜庭,kh-relief,user\n";
        let roster = Roster::from_csv(whole.as_bytes(), true).unwrap();
        let seen = world.desk.import(&world.session("ho-kh"), roster, None).unwrap();
        let left = seen.steps.iter().find(|step| step.name == "葉子豪").unwrap();
        assert_eq!((left.kind, left.on), ("ends", Some(world.desk.now().date())));
    });
}

#[test]
fn two_agencies_number_their_units_alike_and_no_unit_stands_below_itself() {
    played(|stage| {
        let world = stage.world();
        let list = "id,name,above,organisation\n01,第一科,,bureau\n02,第二科,01,bureau\n";
        let expected = |log: &str| [("unit", format!("{log}-01")), ("unit", format!("{log}-02"))];
        assert_eq!(kinds(&taken(&world, "ho-kh", list, false)), expected("kaohsiung"));
        assert_eq!(kinds(&taken(&world, "kao-tp", list, false)), expected("taipei"));
        let again = taken(&world, "ho-kh", list, false);
        assert_eq!((again.steps.len(), again.same), (0, 2));
        let people = "id,name,unit,role\nA01,葉子豪,02,user\n";
        assert_eq!(&*taken(&world, "ho-kh", people, false).steps[1].after.zh, "第二科 使用者");

        let circle = "id,name,above,organisation\n01,第一科,03,bureau\n02,第二科,01,bureau\n03,第三科,02,bureau\n\
                      04,第四科,03,bureau\n05,第五科,05,bureau\n06,第六科,nowhere,bureau\n";
        let seen = taken(&world, "ho-kh", circle, false);
        let round = |line| (line, Reason::UnitCircle);
        let unknown = |line| (line, Reason::UnitUnknown);
        assert_eq!(faults(&seen), [round(2), round(3), round(4), unknown(5), round(6), unknown(7)]);
        assert!(seen.steps.is_empty());
    });
}

#[test]
fn a_list_is_read_as_offices_write_it_and_taken_over_once() {
    played(|stage| {
        let world = stage.world();
        let session = world.session("ho-kh");
        let list = "id,name,unit,role,from\nA01,葉子豪,kh-relief,user,104/07/01\n\
                    A02,吳大同,kh-relief,user,1150301\nA03,李大同,kh-relief,user,15/3/1\n\
                    F110000018,林大同,kh-relief,user,\nf110000018,林大同,kh-relief,user,\n";
        let roster =
            || Roster { form_key: "key".into(), ..Roster::from_csv(list.as_bytes(), false).unwrap() };
        let seen = world.desk.import(&session, roster(), None).unwrap();
        let number = |line| (line, Reason::NumberAsId);
        assert_eq!(faults(&seen), [(4, Reason::FieldMalformed), number(5), number(6)]);
        assert_eq!(seen.steps[1].on, Date::new(2015, 7, 1));
        let taken = || world.desk.import(&session, roster(), Some(&seen.seal));
        assert!(taken().unwrap().done);
        let again = taken().unwrap();
        assert_eq!(
            (again.done, again.steps.len(), again.same),
            (true, 0, 2),
            "what broke off can be repeated"
        );
        assert_eq!(world.count("kaohsiung", "directory.posted"), 2);
        let other = Roster {
            form_key: "key".into(),
            ..Roster::from_csv(list.replace("A01", "A11").as_bytes(), false).unwrap()
        };
        let no = refused_once(world.desk.import(&session, other, Some(&seen.seal)));
        assert_eq!(no.0, Reason::KeyReused);
    });
}

fn owned((kind, name): (&'static str, &str)) -> (&'static str, String) {
    (kind, name.to_string())
}

#[test]
fn who_may_hold_a_role_and_who_is_whose_the_rule_and_the_register_say() {
    played(|stage| {
        let world = stage.harbour("1130901");
        let list = "id,name,unit,role\nS2,信二,first-watch,signaller\n";
        let keeper = world.session("signaller");
        let seen = taken(&world, "signaller", list, false);
        assert_eq!((faults(&seen), seen.steps.len()), (vec![(2, Reason::RoleFull)], 0));
        let clause = seen.faults[0].1.refusal.clause.as_ref().map(ToString::to_string);
        assert_eq!(clause.as_deref(), Some("harbour/7.1"));

        // A name of this agency's kind that another one took first.
        let unit = |id: &str| Unit {
            id: UnitId::new(id),
            agency: AgencyId::new("shore"),
            above: None,
            name: "岸值".into(),
            name_en: "Shore Watch".into(),
            organisation: "office".into(),
        };
        let shore = vec![
            Change::Agency(Agency {
                id: AgencyId::new("shore"),
                name: "岸巡所".into(),
                name_en: "Shore Office".into(),
                pack: "harbour".into(),
            }),
            Change::Unit(unit("shore-watch")),
            Change::Assignment(Assignment {
                id: AssignmentId::new("shore-reader"),
                person: PersonId::new("harbour-R9"),
                unit: UnitId::new("shore-watch"),
                role: "reader".into(),
                from: Date::new(2020, 1, 1).unwrap(),
                until: None,
            }),
        ];
        let person =
            Person { id: PersonId::new("harbour-R9"), name: "岸一".into(), number: Personal::default() };
        world.desk.enrol(&LogId::new("shore"), shore).unwrap();
        world.desk.enrol(&LogId::platform(), vec![Change::Person(person)]).unwrap();
        let taken = |bytes: &[u8]| {
            let roster = Roster::from_csv(bytes, false).unwrap();
            faults(&world.desk.import(&keeper, roster, None).unwrap())
        };
        let codes = "id,name,above,organisation\nwatch,岸值,,office\n";
        let entered = vec![Change::Unit(unit("harbour-watch"))];
        world.desk.enrol(&LogId::new("shore"), entered).unwrap();
        assert_eq!(taken(codes.as_bytes()), [(2, Reason::UnitElsewhere)]);
        let elsewhere = "id,name,unit,role\nR9,岸一,first-watch,reader\n".as_bytes();
        assert_eq!(taken(elsewhere), [(2, Reason::PersonElsewhere)]);
        // Big5 with one byte that is none.
        let broken = b"id,name,unit,role\nR1,\xB4\xE4\xFF\xFF,first-watch,reader\n";
        assert!(taken(broken).contains(&(2, Reason::Unreadable)));
    });
}

#[test]
fn accounts_of_an_older_system_keep_their_names_and_are_opened_by_an_invitation() {
    played(|stage| {
        let world = stage.world();
        let list = "id,name,unit,role,login\nA01,葉子豪,kh-relief,user,yeh.th\n\
                    A02,吳大同,kh-relief,user,lin\nA03,李大同,kh-relief,user,yeh.th\n\
                    A04,林大同,kh-relief,user,no name\nwu,吳承翰,kh-relief,user,wu2\nlin,林宜庭,kh-relief,user,lin\n";
        let seen = taken(&world, "ho-kh", list, false);
        let expected = [
            (3, Reason::LoginTaken),
            (4, Reason::LoginTaken),
            (5, Reason::FieldMalformed),
            (6, Reason::AccountExists),
        ];
        assert_eq!(faults(&seen), expected);
        assert_eq!(kinds(&seen), ["person", "account", "begins"].map(|kind| (kind, "葉子豪".to_string())));
        assert_eq!(world.count("platform", "account.taken-over"), 1);
        let again = world.desk.import(
            &world.session("ho-kh"),
            Roster::from_csv(list.as_bytes(), false).unwrap(),
            None,
        );
        assert_eq!(again.unwrap().same, 2, "once");
        let state = || {
            let all = world.desk.accounts(&world.session("ho-kh"), "").unwrap().list;
            let own = all.into_iter().find(|row| row.person == "kaohsiung-A01").unwrap();
            (own.login, own.state)
        };
        assert_eq!(state(), (Some("yeh.th".to_string()), "taken-over"));
        let form = |person: &str, login: &str| InviteForm {
            person: person.into(),
            kind: "first".into(),
            login: login.into(),
            method: "sealed-letter".into(),
            ..InviteForm::default()
        };
        let other = Roster::from_csv("id,name,unit,role\nA05,何大同,kh-relief,user\n".as_bytes(), false);
        let (other, session) = (other.unwrap(), world.session("ho-kh"));
        let seen = world.desk.import(&session, other.clone(), None).unwrap();
        world.desk.import(&session, other, Some(&seen.seal)).unwrap();
        let methods = world.desk.accounts(&session, "kaohsiung-A01").unwrap().methods;
        let hand = |person: &str, login: &str| {
            world.desk.invite_as_operator(&InviteForm { method: methods[0].into(), ..form(person, login) })
        };
        assert_eq!(refused_once(hand("kaohsiung-A05", "yeh.th")).0, Reason::LoginTaken);
        assert_eq!(hand("kaohsiung-A01", "").unwrap().login, "yeh.th");
        assert_eq!(state().1, "invited");
    });
}
