//! A rule ends and none takes its place: its clocks run on, what was begun is finished, nothing new begins.

use super::application::{give, lienchiang, newcomer};
use super::grant::TERM;
use super::obligation::ask;
use super::stage::played;
use super::world::{World, refused_once};
use desk::account::{InviteForm, SlipsForm};
use desk::application::ApplicationForm;
use desk::directory::PostForm;
use desk::duty::DutyForm;
use desk::grant::ConsentForm;
use desk::lookup::AskForm;
use desk::{Answer, Session};
use domain::application::Verdict;
use domain::directory::post::Cause;
use domain::id::{ApplicationId, LogId};
use domain::letter::Said;
use domain::time::Date;
use domain::{Personal, Reason};

/// Lienchiang's rule with a last day, a term for permissions, and a time for which applications are kept.
const ENDS: (&str, &str) = ("parent = \"moi-floor\"", "effective_to = 2026-06-30\nparent = \"moi-floor\"");
pub(super) const KEPT: (&str, &str) = (
    "[[control]]\nid = \"spot-check-kept\"",
    "[[control]]\nid = \"applications-kept\"\nkind = \"retention\"\nclauses = [\"6\"]\npolicy = true\n\
     record = \"application\"\nat_least_years = 2\n\n[[control]]\nid = \"spot-check-kept\"",
);

fn day(text: &str) -> Date {
    Date::parse_iso(text).unwrap()
}

/// Lets a day come, with a round of the watch, and providers that take note of what they are told.
pub(super) fn on(world: &World, text: &str) {
    super::obligation::on(world, text);
    world.desk.tell_providers().unwrap();
}

fn apply(world: &World, who: &Session, key: &str) -> Answer<String> {
    let form = ApplicationForm { form_key: key.into(), ..lienchiang(&["basic"]) };
    world.desk.write_application(who, &form)
}

/// Values of an application that can still be opened: what stands in its form, and what its entries keep.
pub(super) fn readable(world: &World, code: &str) -> usize {
    let names = world.desk.store().read(|read| {
        let log = LogId::new("lienchiang");
        let row = read.application(&log, &ApplicationId::new(code))?.unwrap();
        let own = read.entries_of_record(&log, code)?.into_iter().map(|entry| entry.id);
        let names: Vec<String> = own.chain([row.answers]).filter(|name| !name.is_empty()).collect();
        Ok(names.into_iter().filter(|name| read.unseal(name).is_ok()).count())
    });
    names.unwrap()
}

/// Lienchiang on the last day of its rule: somebody's permission was opened in March by an application, which
/// is the answer; chen looks people up, liu has left the day before, and another application waits.
fn last_day(world: &World) -> (AskForm, String, String) {
    world.amend("lienchiang", &[ENDS, TERM, KEPT]);
    let (chen, form) = world.lienchiang();
    let code = apply(world, &newcomer(world), "first").unwrap();
    give(world, "tsao", &code, Verdict::Agree).unwrap();
    give(world, "yang-lc", &code, Verdict::CarryOut).unwrap();
    on(world, "2026-06-29");
    let leaves = PostForm {
        post: "liu-user".into(),
        cause: Some(Cause::Resign),
        on: Some(day("2026-06-29")),
        unit: String::new(),
        role: String::new(),
        form_key: String::new(),
    };
    world.desk.change_post(&world.session("yang-lc"), &leaves).unwrap();
    let waits = apply(world, &chen, "second").unwrap();
    on(world, "2026-06-30");
    assert!(ask(world, &chen, &form).is_empty(), "the last day is one of its days");
    (form, code, waits)
}

#[test]
fn nothing_new_begins_under_a_rule_that_has_ended_and_all_stays_in_view() {
    played(|stage| {
        let world = stage.world();
        let (form, _, waits) = last_day(&world);
        on(&world, "2026-07-01");
        let chen = world.session("chen");
        assert_eq!(chen.over, Some(day("2026-06-30")));
        assert_eq!(ask(&world, &chen, &form), [(Reason::RuleEnded, None)]);
        assert_eq!(refused_once(apply(&world, &chen, "third")).0, Reason::RuleEnded);
        let consent = ConsentForm::default();
        let given = world.desk.give_consent(&world.session("tsao"), &consent, "");
        assert_eq!(refused_once(given).0, Reason::RuleEnded);
        assert_eq!(refused_once(give(&world, "tsao", &waits, Verdict::Agree)).0, Reason::RuleEnded);
        give(&world, "tsao", &waits, Verdict::Refuse).unwrap();
        let invited = world.desk.invite(&world.session("yang-lc"), &InviteForm::default());
        assert_eq!(refused_once(invited).0, Reason::RuleEnded);
        let many = SlipsForm { all: true, method: "sealed-slip".into(), ..SlipsForm::default() };
        let invited = world.desk.invite_all(&world.session("yang-lc"), &many);
        assert_eq!(refused_once(invited.map(|_| ())).0, Reason::RuleEnded);
        let records = world.desk.records(&chen, &Default::default()).unwrap();
        assert!(!records.rows.is_empty(), "all stays in view");

        // Another rule takes its place, and all goes on.
        world.amend_from("lienchiang", "2026-08-01", &[]);
        on(&world, "2026-08-03");
        let chen = world.session("chen");
        assert_eq!(chen.over, None);
        assert!(apply(&world, &chen, "fourth").is_ok());
    });
}

#[test]
fn clocks_run_on_under_a_rule_that_has_ended() {
    played(|stage| {
        let world = stage.world();
        let (_, code, waits) = last_day(&world);
        on(&world, "2026-07-01");
        give(&world, "tsao", &waits, Verdict::Refuse).unwrap();
        // What was owed is late when it would have been, and can be done; no new period is owed.
        on(&world, "2026-12-31");
        on(&world, "2027-01-04");
        let late = world.entries("lienchiang").into_iter().filter(|entry| entry.act == "duty.late");
        assert!(late.clone().any(|entry| entry.at.date() > day("2026-06-30")), "what is late is entered");
        let all = world.desk.duties(&world.session("wang-lc"), false).unwrap();
        let all: Vec<_> = all.own.into_iter().chain(all.others).collect();
        assert!(all.iter().any(|duty| duty.kind.word() == "hand-over"));
        assert!(all.iter().all(|duty| duty.began <= day("2026-07-01")));
        let keeper = world.session("yang-lc");
        let owed = world.desk.duties(&keeper, false).unwrap().own;
        let notice = owed.iter().find(|duty| duty.kind.word() == "notify").unwrap();
        let letter = Said { on: Some(day("2027-01-04")), channel: "letter".into(), number: "115-9".into() };
        let form = DutyForm { note: Personal::new("已辦"), letter, ..DutyForm::default() };
        world.desk.fulfil(&keeper, &notice.id, &form).unwrap();

        // The term of a permission ends on its day, and nobody is asked to renew what cannot be renewed.
        on(&world, "2027-03-02");
        assert_eq!(world.count("lienchiang", "grant.expired"), 1);
        let asked = world.entries("lienchiang").into_iter().filter(|entry| entry.act == "duty.opened");
        assert!(!asked.clone().any(|entry| entry.detail.contains("\"renew\"")));

        // And the time for which its application is kept, counted from there; the refused one's came first.
        on(&world, "2029-03-02");
        let destroyed = || world.count("lienchiang", "application.destroyed");
        assert_eq!((destroyed(), readable(&world, &code) > 1), (1, true));
        on(&world, "2029-03-03");
        on(&world, "2029-03-03");
        assert_eq!((destroyed(), readable(&world, &code)), (2, 1), "only the entry of its destruction opens");
        let gone = world.desk.application(&world.session("wang-lc"), &code).unwrap();
        assert_eq!(gone.kept.unwrap().kept.day(), Some(day("2029-03-03")));
        assert!(gone.history.iter().any(|one| one.act == "application.stamped"), "who acted stays");
    });
}
