//! Finding records by whom they are about: each within what the role may see, and each with its entry.

use super::stage::played;
use super::world::{World, people, refused_once};
use desk::lookup::AskForm;
use desk::{Answer, RecordFilter, RecordPage, Tally};
use domain::id::LogId;
use domain::{Personal, Reason};
use store::capability::lookup::{List, Of};

fn search(world: &World, login: &str, filter: RecordFilter, subject: &str) -> Answer<RecordPage> {
    let filter = RecordFilter { subject: Some(Personal::new(subject)), ..filter };
    world.desk.records(&world.session(login), &filter)
}

fn codes(page: &RecordPage) -> Vec<&str> {
    page.rows.iter().map(|row| row.code.as_str()).collect()
}

/// Two lookups of the first person of a case and one of the second, by chen.
fn three(world: &World) -> [String; 3] {
    let (session, form) = world.lienchiang();
    ["one", "two", "other"].map(|key| {
        world.hand.pass_seconds(60);
        let party = Some(if key == "other" { 2 } else { 1 });
        let form = AskForm { party, form_key: key.into(), ..form.clone() };
        world.desk.ask(&session, &form).unwrap().code
    })
}

#[test]
fn everybody_finds_what_they_may_see_and_every_search_has_its_entry() {
    played(|stage| {
        let world = stage.world();
        let [one, two, other] = three(&world);
        let number = people()[0].0.clone();
        let typed = format!(" {}-{} ", number[..4].to_lowercase(), &number[4..]);
        let seen = [("chen", "own", true), ("tsao", "unit", true), ("pan-lc", "agency", true)];
        let unseen = [("liu", "own", false), ("chiu-nangan", "unit", false), ("peng-tp", "agency", false)];
        for (login, whose, sees) in seen.into_iter().chain(unseen) {
            let log = if login == "peng-tp" { "taipei" } else { "lienchiang" };
            let before = world.count(log, "lookup.searched");
            let page = search(&world, login, RecordFilter::default(), &typed).unwrap();
            let wanted: &[&str] = if sees { &[two.as_str(), one.as_str()] } else { &[] };
            assert_eq!((codes(&page).as_slice(), page.total), (wanted, wanted.len().into()), "{login}");
            assert_eq!(world.count(log, "lookup.searched"), before + 1, "{login}");
            let entry = world.entries(log).pop().unwrap();
            let detail: serde_json::Value = serde_json::from_str(&entry.detail).unwrap();
            assert_eq!(
                (detail["whose"].as_str(), detail["rows"].as_u64()),
                (Some(whose), Some(wanted.len() as u64))
            );
            let leaf =
                world.desk.store().read(|read| read.leaf(&LogId::new(log), entry.index)).unwrap().unwrap();
            assert!(!String::from_utf8_lossy(&leaf.body).contains(&number), "the entry does not name whom");
        }
        let page = search(&world, "pan-lc", RecordFilter::default(), &people()[1].0).unwrap();
        assert_eq!(codes(&page), [other.as_str()]);
    });
}

#[test]
fn a_search_can_be_narrowed_further() {
    played(|stage| {
        let world = stage.world();
        let [one, two, _] = three(&world);
        world.judge_and_stamp("tsao", &one);
        let number = &people()[0].0;
        let some = |state: &str, case: &str| RecordFilter {
            state: Some(state.into()),
            case: Some(case.into()),
            ..RecordFilter::default()
        };
        for (filter, wanted) in [
            (some("stamped", "L-1"), vec![one.as_str()]),
            (some("awaiting", "L-1"), vec![two.as_str()]),
            (some("", "L-1"), vec![two.as_str(), one.as_str()]),
            (some("answered", "L-2"), vec![]),
            (some("returned", ""), vec![]),
        ] {
            for login in ["chen", "tsao", "pan-lc"] {
                let page = search(&world, login, filter.clone(), number).unwrap();
                assert_eq!(codes(&page), wanted, "{login} {filter:?}");
                let without = world.desk.records(&world.session(login), &filter).unwrap();
                let both = wanted.iter().all(|code| codes(&without).contains(code));
                assert!(both, "the list without the search has them too: {login} {filter:?}");
            }
        }
    });
}

#[test]
fn what_cannot_be_read_is_said_at_its_field_and_nothing_is_entered() {
    played(|stage| {
        let world = stage.world();
        three(&world);
        let number = people()[0].0.clone();
        let last = number.chars().last().unwrap().to_digit(10).unwrap();
        let mistyped = format!("{}{}", &number[..9], (last + 1) % 10);
        for (typed, problem) in [(mistyped.as_str(), "check-digit"), ("A12345", "length")] {
            let refused = search(&world, "chen", RecordFilter::default(), typed);
            let Err(desk::No::Refused(views)) = &refused else { panic!("{refused:?}") };
            let refusal = &views[0].refusal;
            assert_eq!((refusal.reason, refusal.field.as_deref()), (Reason::FieldMalformed, Some("subject")));
            assert_eq!(refusal.args.get("problem").map(String::as_str), Some(problem));
            assert!(!format!("{refused:?}").contains(typed), "what was typed is not repeated");
        }
        let (reason, _) = refused_once(search(&world, "yang-lc", RecordFilter::default(), &number));
        assert_eq!(reason, Reason::NoCapacity);
        assert_eq!(world.count("lienchiang", "lookup.searched"), 0);
    });
}

#[test]
fn a_subject_of_another_regulation_is_found_by_its_own_kind_of_key() {
    played(|stage| {
        let world = stage.harbour("1100301");
        let (session, form) = super::harbour::ready(&world);
        let code = world.desk.ask(&session, &form).unwrap().code;
        let row = world.row("harbour", &code);
        let subject = world.desk.store().read(|read| read.sheet(&row)).unwrap().subject;
        let page = search(&world, "reader", RecordFilter::default(), subject.expose()).unwrap();
        assert_eq!(codes(&page), [code.as_str()]);
    });
}

#[test]
fn a_count_ends_where_enough_is_known() {
    played(|stage| {
        let world = stage.world();
        three(&world);
        let log = LogId::new("lienchiang");
        let counted =
            |most| world.desk.store().read(|read| read.lookup_count(&log, &List::from(Of::Agency), most));
        assert_eq!([1, 2, 3, 4].map(|most| counted(most).unwrap()), [1, 2, 3, 3]);
        assert_eq!(Tally::up_to(2, 3), Tally { n: 2, more: true });
        assert_eq!(Tally::up_to(3, 3), Tally::from(3));
    });
}
