//! What the simulator answers about its people.

mod common;

use std::collections::BTreeMap;

use common::{item, number, question, register, simulator};
use gate::simulator::{Mood, Sex, Simulator, Special};
use gate::{Answer, GateError, ItemAnswer, Provider, Shape};

fn found(simulator: &Simulator, dataset: &str, key: &str, items: Vec<gate::ItemQuery>) -> Vec<ItemAnswer> {
    match simulator.ask(&question(dataset, "person", key, items)) {
        Ok(Answer::Found { items }) => items,
        other => panic!("{other:?}"),
    }
}

fn basic(simulator: &Simulator, key: &str) -> BTreeMap<String, String> {
    let fields = [
        "name",
        "id",
        "former-number",
        "birth-date",
        "address",
        "status",
        "note",
        "indigenous",
        "romanised-name",
    ];
    let items = found(simulator, "household", key, vec![item("basic", Shape::Record, &fields)]);
    items[0].rows[0].clone()
}

#[test]
fn the_people_who_are_easily_forgotten_are_found() {
    let simulator = simulator();
    let people = simulator.population();
    let row = |special| basic(&simulator, number(people.special(special)));
    assert!(row(Special::ExtensionB)["name"].contains('𡘙'));
    assert!(row(Special::ExtensionBSecond)["name"].contains('𤆬'));
    assert!(row(Special::ExtensionB)["address"].starts_with("連江縣南竿鄉"));
    assert!(row(Special::PrivateUse)["name"].contains('\u{f0001}'));
    assert_eq!(row(Special::IndigenousScript)["indigenous"], "泰雅族");
    assert_eq!(row(Special::SixteenCharacters)["name"].chars().count(), 16);
    assert!(row(Special::LongRomanised)["romanised-name"].len() > 60);
    assert!(row(Special::Dead)["status"].contains("死亡"));
    assert!(row(Special::MovedAbroad)["status"].contains("遷出"));
    assert_eq!(row(Special::Protected)["note"], "受保護註記");
    assert!(!row(Special::NewResidentNumber).contains_key("former-number"));
    let old = people.special(Special::OldResidentNumber);
    let former = old.former_number.as_ref().expect("an old number").reveal();
    assert_eq!(basic(&simulator, former)["id"], number(old), "the old number leads to the new one");
}

#[test]
fn someone_without_a_number_is_found_as_a_member_of_the_household() {
    let simulator = simulator();
    let people = simulator.population();
    let child = people.special(Special::WithoutNumber);
    let home = &people.households()[child.household];
    let fields = ["name", "id", "relation"];
    let wanted = || vec![item("household", Shape::List, &fields)];
    let mother = number(&people.persons()[home.members[0]]).to_owned();
    for key in [mother.as_str(), home.number.as_str()] {
        let items = found(&simulator, "household", key, wanted());
        let row = items[0].rows.iter().find(|row| row["name"] == child.name).expect("the child");
        assert!(!row.contains_key("id") && row["relation"] == "女");
    }
}

#[test]
fn kinship_moves_and_conscription_follow_the_register() {
    let simulator = simulator();
    let people = simulator.population();
    let child = people.persons().iter().find(|p| p.father.is_some() && p.mother.is_some()).expect("a child");
    let kin = vec![item("kinship", Shape::List, &["name", "relation", "degree"])];
    let rows = &found(&simulator, "household", number(child), kin)[0].rows;
    let father = &people.persons()[child.father.expect("a father")].name;
    assert!(rows.iter().any(|row| row["name"] == *father && row["relation"] == "父" && row["degree"] == "1"));

    let mover = people.persons().iter().find(|p| p.moves.len() == 2 && p.number.is_some()).expect("a mover");
    let moves = vec![item("moves", Shape::List, &["date", "kind", "from", "to"])];
    let rows = &found(&simulator, "household", number(mover), moves)[0].rows;
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["to"], rows[1]["from"]);
    assert_eq!(rows[1]["date"], mover.moves[1].day.to_string());

    let man = people.persons().iter().find(|p| p.conscription.as_ref().is_some_and(|c| c.end.is_some()));
    let service = || vec![item("service", Shape::Record, &["status", "unit-kind", "from", "to"])];
    let row = &found(&simulator, "conscription", number(man.expect("a man")), service())[0].rows[0];
    assert!(row["from"] < row["to"] && row["status"].contains("退役"));
    let woman =
        people.persons().iter().find(|p| p.sex == Sex::Female && p.number.is_some()).expect("a woman");
    let asked = question("conscription", "person", number(woman), service());
    assert_eq!(simulator.ask(&asked), Ok(Answer::NotFound));
}

#[test]
fn the_tax_dataset_says_only_that_it_was_queried() {
    let simulator = simulator();
    let key = number(&simulator.population().persons()[0]).to_owned();
    let ask = |fields: &[&str]| {
        let items = found(&simulator, "tax", &key, vec![item("queried", Shape::Fact, fields)]);
        assert!(items[0].verdict.is_none());
        items[0].rows.clone()
    };
    assert!(ask(&[]).is_empty() && ask(&["income"]).is_empty());
    let rows = ask(&["income", "queried-on"]);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].keys().collect::<Vec<_>>(), ["queried-on"]);
}

#[test]
fn the_in_process_adapter_has_the_same_moods() {
    let simulator = simulator();
    let key = number(&simulator.population().persons()[0]).to_owned();
    let ask = |mood: &str| {
        simulator.set(mood.parse::<Mood>().expect("a mood"));
        let mut asked = register(&key);
        asked.deadline = std::time::Duration::from_millis(40);
        simulator.ask(&asked)
    };
    assert!(matches!(ask("normal"), Ok(Answer::Found { .. })));
    assert!(matches!(ask("slow:5000"), Err(GateError::Timeout { .. })));
    assert!(matches!(ask("wrong"), Err(GateError::Malformed(_))));
    assert!(matches!(ask("half"), Ok(Answer::Partial { .. })));
    assert!(matches!(ask("doubtful"), Ok(Answer::Doubtful { .. })));
    assert_eq!(ask("down"), Err(GateError::Down));
    assert_eq!(simulator.log().values().sum::<u64>(), 6);
}
