//! What a rule says of applications for accounts beside their chain, each obeyed at the door.

use super::application::{give, lienchiang, newcomer};
use super::stage::{Engine, Stage, played};
use super::world::{World, refused_once};
use desk::application::ApplicationForm;
use domain::Reason;
use domain::application::{Action, Entry, Verdict};
use domain::time::Date;
use std::sync::Barrier;

/// Lienchiang's rule as it would be if it set a term in its control for accounts, let nobody ask twice, and
/// left it to that control who carries out.
const EDITS: &[(&str, &str)] = &[
    (
        "actions = [\"create\", \"change\"]",
        "actions = [\"create\", \"change\"]\nduplicate_check = true\nvalid_months = 6\n\
         policy = [\"duplicate_check\", \"valid_months\"]",
    ),
    ("  { who = { role = \"administrator\" }, act = \"carry-out\" },\n", ""),
];

fn form(kind: &str, ticks: &[&str], key: &str) -> ApplicationForm {
    let mut form = ApplicationForm { form_key: key.into(), ..lienchiang(ticks) };
    form.answers.insert("kind".into(), Entry::text(kind));
    form
}

fn clause(no: (Reason, Option<String>)) -> (Reason, String) {
    (no.0, no.1.unwrap_or_default())
}

#[test]
fn a_permission_ends_by_the_shorter_term_and_is_opened_by_whoever_the_rule_names() {
    played(|stage| {
        let world = stage.world();
        world.amend("lienchiang", EDITS);
        let ni = newcomer(&world);
        let code = world.desk.write_application(&ni, &form("add", &["basic"], "one")).unwrap();
        give(&world, "tsao", &code, Verdict::Agree).unwrap();
        assert!(world.desk.permissions(&ni).unwrap().is_empty(), "approved is not opened");
        let no = refused_once(give(&world, "chen", &code, Verdict::CarryOut));
        assert_eq!(clause(no), (Reason::NotYourStep, "lienchiang/5.9".into()));
        let page = world.desk.application(&ni, &code).unwrap();
        assert_eq!(page.row.holding, ["楊淑芬"], "the page says who has it");
        let terms = page.terms.unwrap();
        assert_eq!(
            terms.term.map(|(months, clause)| (months, clause.unwrap().cite)),
            Some((6, "五(九)".into()))
        );
        assert_eq!(terms.actions, [Action::Create, Action::Change]);
        assert_eq!(&*terms.carried_out_by.unwrap().zh, "管理者");
        give(&world, "yang-lc", &code, Verdict::CarryOut).unwrap();
        let own = world.desk.permissions(&ni).unwrap().remove(0);
        assert_eq!(own.until, Date::new(2026, 9, 2));
        let term = world.desk.permission(&ni, &own.id).unwrap().term.unwrap();
        assert_eq!((term.0, term.1.unwrap().cite.as_str()), (6, "五(九)"), "its page says why");
    });
}

#[test]
fn nobody_asks_twice_and_a_change_goes_on() {
    played(|stage| {
        let world = stage.world();
        world.amend("lienchiang", EDITS);
        let ni = newcomer(&world);
        let code = world.desk.write_application(&ni, &form("add", &["basic"], "one")).unwrap();
        let twice = refused_once(world.desk.write_application(&ni, &form("add", &["moves"], "two")));
        assert_eq!(clause(twice), (Reason::AppliedAlready, "lienchiang/5.9".into()));
        opened(&world, &code);
        let again = refused_once(world.desk.write_application(&ni, &form("add", &["moves"], "three")));
        assert_eq!(clause(again), (Reason::AccountHeld, "lienchiang/5.9".into()));
        let code = world.desk.write_application(&ni, &form("change", &["basic", "moves"], "four")).unwrap();
        opened(&world, &code);
        let runs = world.desk.permissions(&ni).unwrap();
        assert_eq!(runs.iter().filter(|one| one.state == "runs").count(), 1);
    });
}

fn opened(world: &World, code: &str) {
    give(world, "tsao", code, Verdict::Agree).unwrap();
    give(world, "yang-lc", code, Verdict::CarryOut).unwrap();
}

#[test]
fn of_two_who_ask_for_the_same_at_once_one_is_refused() {
    // Who of the two is first differs from one engine to the other.
    for engine in [Engine::Sqlite, Engine::Postgres] {
        Stage::play_alone(engine, |stage| {
            let world = stage.world();
            world.amend("lienchiang", EDITS);
            let (ni, desk, start) = (newcomer(&world), &world.desk, &Barrier::new(2));
            let sent = |key: &str| {
                start.wait();
                desk.write_application(&ni, &form("add", &["basic"], key)).is_ok()
            };
            let came = std::thread::scope(|scope| {
                let both = ["one", "two"].map(|key| scope.spawn(move || sent(key)));
                both.map(|one| one.join().unwrap())
            });
            assert_eq!(came.iter().filter(|ok| **ok).count(), 1, "{came:?}");
        });
    }
}

#[test]
fn what_the_rule_does_not_offer_cannot_be_chosen_nor_sent() {
    played(|stage| {
        let world = stage.world();
        world.amend("lienchiang", &[("actions = [\"create\", \"change\"]", "actions = [\"create\"]")]);
        let ni = newcomer(&world);
        let page = world.desk.blank_application(&ni, "account", &desk::application::Like::Blank).unwrap();
        let kind = page.fields.iter().find(|field| field.id == "kind").unwrap();
        let off: Vec<_> = kind.options.iter().map(|option| (option.code.as_str(), option.off)).collect();
        assert_eq!(off, [("add", false), ("change", true)]);
        let no = refused_once(world.desk.write_application(&ni, &form("change", &["basic"], "one")));
        assert_eq!(clause(no), (Reason::ActionNotOffered, "lienchiang/5.9".into()));
    });
}
