//! What must be approved before a unit uses data: applied for along the chain of the rule, and limited by it.

use super::application::{data_request, give};
use super::stage::played;
use super::world::{World, refused_once};
use desk::application::ApplicationForm;
use desk::grant::ConsentForm;
use desk::lookup::AskForm;
use domain::Reason;
use domain::application::Verdict;
use domain::time::{Date, Instant};

/// Taipei's rule as it would be if what was approved stood for a month.
const MONTH: (&str, &str) =
    ("application = \"data-request\"", "application = \"data-request\"\nvalid_months = 1");

/// Lienchiang's as it would be if the consent of a head stood for half a year.
const HALF: (&str, &str) = (
    "by = { role = \"supervisor\" }\n\n[[control]]\nid = \"sheet\"",
    "by = { role = \"supervisor\" }\n\
     valid_months = 6\n\n[[control]]\nid = \"sheet\"",
);

fn applied(world: &World, key: &str) -> String {
    let form = ApplicationForm { form_key: key.into(), ..data_request() };
    let code = world.desk.write_application(&world.session("huang"), &form).unwrap();
    for login in ["hsu", "tseng-tp", "kao-tp"] {
        give(world, login, &code, Verdict::Agree).unwrap();
    }
    code
}

fn ask(world: &World, key: &str) -> Result<(), (Reason, Option<String>)> {
    let huang = world.session("huang");
    let form = world.form(&huang, "T-1");
    let form =
        AskForm { purpose_text: "確認設籍以寄送接種通知".into(), form_key: key.into(), ..form };
    match world.desk.ask(&huang, &form) {
        Ok(_) => Ok(()),
        other => Err(refused_once(other)),
    }
}

fn open(world: &World, login: &str) -> Vec<String> {
    let all = world.desk.todo(&world.session(login)).unwrap().into_iter();
    all.filter(|item| item.href.contains("data-request")).map(|item| item.href).collect()
}

#[test]
fn what_the_commissioner_approves_lets_the_unit_that_applied_use_the_data_and_nothing_else_does() {
    played(|stage| {
        let world = stage.world();
        world.amend_from("taipei", "2026-03-03", &[MONTH]);
        world.hand.set(Instant::at(Date::parse_iso("2026-03-03").unwrap(), 9, 0));
        world.desk.tick().unwrap();
        world.case("huang", "T-1", "vaccination", &[0, 1]);
        let none = Err((Reason::ConsentAppliedFor, Some("taipei/5.2".to_string())));
        assert_eq!(ask(&world, "1"), none);
        let outright = world.desk.give_consent(&world.session("lo-tp"), &ConsentForm::default(), "");
        assert_eq!(refused_once(outright).0, Reason::ConsentAppliedFor, "not even by the commissioner");
        assert_eq!(open(&world, "huang"), ["/applications/new?object=data-request"]);
        assert!(open(&world, "lo-tp").is_empty(), "who decides does not apply");

        let code = applied(&world, "first");
        assert_eq!(ask(&world, "2"), none, "the last word is missing");
        give(&world, "lo-tp", &code, Verdict::Agree).unwrap();
        ask(&world, "3").unwrap();
        assert!(open(&world, "huang").is_empty());
        let shown = world.desk.consents(&world.session("huang")).unwrap().remove(0);
        assert_eq!((shown.in_force, shown.by.as_str()), (true, "羅玉珍"));
        let today = world.desk.now().date();
        assert_eq!(shown.until, today.plus_months(1));

        // Whoever has the say ends it, and then it is applied for anew.
        let end = |login: &str| world.desk.end_consent(&world.session(login), &shown.id);
        assert_eq!(refused_once(end("huang")).0, Reason::NoCapacity);
        let no = applied(&world, "second");
        give(&world, "lo-tp", &no, Verdict::Refuse).unwrap();
        assert_eq!(world.desk.consents(&world.session("huang")).unwrap().len(), 1, "a refusal gives nothing");
        let third = applied(&world, "third");
        give(&world, "lo-tp", &third, Verdict::Agree).unwrap();
        end("lo-tp").unwrap();
        ask(&world, "4").unwrap();
        let heads = world.desk.consents(&world.session("lo-tp")).unwrap();
        let running: Vec<_> = heads.iter().filter(|one| one.in_force).collect();
        assert!(running.len() == 1 && running[0].end, "whoever decides sees those of all units");
        world.hand.pass_seconds(32 * 24 * 3600);
        world.desk.tick().unwrap();
        assert!(world.desk.consents(&world.session("huang")).unwrap().iter().all(|one| !one.in_force));
        assert_eq!(open(&world, "huang").len(), 1, "it has ended");
    });
}

#[test]
fn a_consent_given_outright_stands_no_longer_than_the_rule_lets_it() {
    played(|stage| {
        let world = stage.world();
        world.amend("lienchiang", &[HALF]);
        let until = |days: i64| ConsentForm {
            until: world.desk.now().date().plus_days(days),
            ..ConsentForm::default()
        };
        let give = |form: &ConsentForm| world.desk.give_consent(&world.session("tsao"), form, "");
        let no = refused_once(give(&until(365)).map(|_| ()));
        assert_eq!(no, (Reason::TermTooLong, Some("lienchiang/5.5".into())));
        give(&until(90)).unwrap();
        let longest = give(&ConsentForm::default()).unwrap().until;
        assert_eq!(longest, Date::parse_iso(&world.desk.now().date().to_string()).unwrap().plus_months(6));
    });
}
