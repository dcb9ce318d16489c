//! The results that a form prints for a decision: chosen by whoever decides, and seen by whoever applied.

use super::application::{form_one, give, lienchiang, newcomer};
use super::stage::played;
use super::world::{World, refused, refused_once};
use desk::Answer;
use desk::lookup::AskForm;
use domain::application::act::Give;
use domain::application::{Ruling, Verdict};
use domain::grant::permission::{Permission, Stop};
use domain::id::{LogId, PersonId};
use domain::time::{Date, Instant};
use domain::{Personal, Reason};

const TICKS: [&str; 3] = ["welfare-household-sum", "common-functions", "low-income"];

/// Form 1 of Kaohsiung as it waits for its decision.
fn waiting(world: &World) -> String {
    let code = world.desk.write_application(&world.session("chou"), &form_one(&TICKS)).unwrap();
    for login in ["li-sanmin", "fang-kh", "sun-kh", "tai-kh"] {
        give(world, login, &code, Verdict::Agree).unwrap_or_else(|no| panic!("{login}: {no:?}"));
    }
    code
}

fn decide(world: &World, code: &str, give: Give) -> Answer<()> {
    world.hand.pass_seconds(60);
    world.desk.stamp_application(&world.session("ma-kh"), code, &give.into())
}

fn result(outcome: &str, verdict: Verdict, words: &str) -> Give {
    let ruling = Ruling { outcome: Some(outcome.into()), ..Ruling::default() };
    Give { ruling, note: Personal::new(words), ..Give::of(verdict) }
}

fn leaving(codes: &[&str], give: Give) -> Give {
    let left_out = codes.iter().map(|code| (*code).into()).collect();
    Give { ruling: Ruling { left_out, ..give.ruling }, ..give }
}

fn from(first: Date, give: Give) -> Give {
    Give { ruling: Ruling { effective: Some(first), ..give.ruling }, ..give }
}

fn held(world: &World) -> Vec<Permission> {
    let (log, chou) = (LogId::new("kaohsiung"), PersonId::new("chou"));
    world.desk.store().read(|read| read.permissions(&log, &chou)).unwrap()
}

fn day(world: &World, days: i64) -> Date {
    world.desk.now().date().plus_days(days).unwrap()
}

#[test]
fn exactly_what_was_approved_is_opened_from_its_first_day_and_the_applicant_sees_the_rest() {
    played(|stage| {
        let world = stage.world();
        let code = waiting(&world);
        let view = world.desk.application(&world.session("ma-kh"), &code).unwrap();
        let offered: Vec<(&str, Verdict)> =
            view.outcomes.iter().map(|own| (own.code.as_str(), own.verdict)).collect();
        assert_eq!(
            offered,
            [("grant", Verdict::Agree), ("refuse", Verdict::Refuse), ("other", Verdict::Return)]
        );
        assert_eq!(view.outcomes[0].effective, Some((day(&world, 0), day(&world, 365))));
        assert_eq!(view.can_leave_out.len(), 3);
        let first = day(&world, 10);
        let granted = result("grant", Verdict::Agree, "總查詢非其職務所需");
        decide(&world, &code, from(first, leaving(&["welfare-household-sum"], granted))).unwrap();

        let chou = world.desk.application(&world.session("chou"), &code).unwrap();
        assert_eq!(chou.row.state, "approved");
        let stamp = &chou.steps[5].stamps[0];
        assert_eq!(stamp.outcome.as_ref().map(|word| &*word.en), Some("Granted"));
        assert_eq!((stamp.effective, stamp.note.as_str()), (Some(first), "總查詢非其職務所需"));
        let left_out: Vec<&str> = stamp.left_out.iter().map(|(code, _)| code.as_str()).collect();
        assert_eq!(left_out, ["welfare-household-sum"]);
        let ticks = chou.fields.iter().find(|field| field.id == "permissions").unwrap();
        let marked = ticks.options.iter().filter(|option| option.left_out);
        assert_eq!(marked.map(|option| option.code.as_str()).collect::<Vec<_>>(), left_out);

        let printed = chou.fields.iter().find(|field| field.id == "outcome").unwrap();
        let printed: Vec<_> = printed.options.iter().filter(|option| option.chosen).collect();
        let day = domain::time::roc::RocDate::from(first).slashed();
        assert_eq!((printed.len(), printed[0].code.as_str(), printed[0].words.as_str()), (1, "grant", &*day));

        let former = held(&world).into_iter().find(|one| one.stopped.is_none()).unwrap();
        give(&world, "ho-kh", &code, Verdict::CarryOut).unwrap();
        let all = held(&world);
        let opened = all.iter().find(|one| one.application.as_ref().is_some_and(|own| own.as_str() == code));
        let opened = opened.unwrap();
        assert_eq!(opened.items, ["common-functions", "low-income"], "in the order of the form");
        assert_eq!((opened.from, opened.follows.as_ref()), (first.start(), Some(&former.id)));
        let former = all.iter().find(|one| one.id == former.id).unwrap();
        assert_eq!((former.until, former.stopped), (Some(first.start()), None), "it runs until then");

        let detail = |act: &str| {
            let own = world.entries("kaohsiung").into_iter().rfind(|entry| entry.act == act);
            own.unwrap().detail
        };
        let decided = detail("application.stamped");
        for told in [r#""chosen":"grant""#, &format!(r#""effective":"{first}""#), r#""left_out":["welfare-"#]
        {
            assert!(decided.contains(told), "{told}: {decided}");
        }
        assert!(!decided.contains("總查詢"), "words are committed to and not told: {decided}");
        let carried_out = detail("application.carried-out");
        assert!(!carried_out.contains("welfare-household-sum"), "what is opened and no more: {carried_out}");

        world.hand.set(Instant::at(first, 9, 0));
        world.desk.tick().unwrap();
        let running: Vec<_> = held(&world).into_iter().filter(|one| one.runs(world.desk.now())).collect();
        assert_eq!(running.len(), 1);
        assert_eq!(running[0].items, ["common-functions", "low-income"]);
        let former = held(&world).into_iter().find(|one| Some(&one.id) == running[0].follows.as_ref());
        assert_eq!(former.unwrap().stopped.map(|(why, _)| why), Some(Stop::Replaced));
        assert_eq!(world.count("kaohsiung", "grant.ending"), 0, "nobody is told to renew what was replaced");
    });
}

#[test]
fn what_does_not_go_with_a_result_changes_nothing() {
    played(|stage| {
        let world = stage.world();
        let code = waiting(&world);
        let (grant, refuse) = (|words| result("grant", Verdict::Agree, words), Verdict::Refuse);
        let given = || world.count("kaohsiung", "application.stamped");
        let before = given();
        for (form, reason, field) in [
            (result("refuse", refuse, " "), Reason::NoteMissing, "note"),
            (result("other", Verdict::Return, ""), Reason::NoteMissing, "note"),
            (leaving(&["low-income"], grant("")), Reason::NoteMissing, "note"),
            (leaving(&TICKS, grant("x")), Reason::NothingApproved, "left-out"),
            (leaving(&["system-administrator"], grant("x")), Reason::FieldMalformed, "left-out"),
            (leaving(&["low-income"], result("refuse", refuse, "x")), Reason::NotWithOutcome, "left-out"),
            (from(day(&world, 3), result("refuse", refuse, "x")), Reason::NotWithOutcome, "effective"),
            (from(day(&world, -1), grant("")), Reason::EffectiveOutside, "effective"),
            (from(day(&world, 366), grant("")), Reason::EffectiveOutside, "effective"),
            (result("refuse", Verdict::Agree, "x"), Reason::FieldMalformed, "verdict"),
            (result("no-such", Verdict::Agree, "x"), Reason::FieldMalformed, "verdict"),
            (Give::of(Verdict::Object), Reason::FieldMalformed, "verdict"),
        ] {
            let told = format!("{form:?}");
            let Err(desk::No::Refused(views)) = decide(&world, &code, form) else { panic!("{told}") };
            let no = &views[0].refusal;
            assert_eq!((no.reason, no.field.as_deref()), (reason, Some(field)), "{told}");
            let clause = views[0].clause.as_ref().map(|clause| clause.id.to_string());
            assert!(clause.is_none_or(|clause| clause == "kaohsiung/5.2.1"), "{told}");
        }
        // What is wrong is told together, and at a step that prints no results nothing is chosen.
        let both = from(day(&world, -1), leaving(&TICKS, grant("x")));
        let reasons: Vec<Reason> =
            refused(decide(&world, &code, both)).into_iter().map(|(no, _)| no).collect();
        assert_eq!(reasons, [Reason::EffectiveOutside, Reason::NothingApproved]);
        let state = world.desk.application(&world.session("ma-kh"), &code).unwrap().row.state;
        assert_eq!((given(), state), (before, "running"), "nothing was given");
        let code = world.desk.write_application(&world.session("chou"), &form_one(&["calendar"])).unwrap();
        let form = result("grant", Verdict::Agree, "");
        let no = world.desk.stamp_application(&world.session("li-sanmin"), &code, &form.into());
        assert_eq!(refused_once(no).0, Reason::FieldMalformed);
    });
}

#[test]
fn what_is_neither_granted_nor_refused_goes_back_with_its_words() {
    played(|stage| {
        let world = stage.world();
        let code = waiting(&world);
        decide(&world, &code, result("other", Verdict::Return, "請補附職務分工")).unwrap();
        let view = world.desk.application(&world.session("chou"), &code).unwrap();
        let answer = view.answer.unwrap();
        assert_eq!((view.row.state, answer.note.as_str()), ("returned", "請補附職務分工"));
        assert_eq!(answer.outcome.map(|word| word.en.to_string()).as_deref(), Some("Other"));

        // What was set before it was sent back holds no more once it is decided anew.
        let more = desk::application::ApplicationForm { code: Some(code.clone()), ..form_one(&TICKS) };
        world.desk.write_application(&world.session("chou"), &more).unwrap();
        for login in ["li-sanmin", "fang-kh", "sun-kh", "tai-kh"] {
            give(&world, login, &code, Verdict::Agree).unwrap();
        }
        decide(&world, &code, result("refuse", Verdict::Refuse, "非其職務")).unwrap();
        let view = world.desk.application(&world.session("chou"), &code).unwrap();
        assert_eq!((view.row.state, view.past.len()), ("refused", 1));
        let past = view.past[0].stamps.last().unwrap();
        assert_eq!(past.1.outcome.as_ref().map(|word| &*word.en), Some("Other"));
    });
}

/// Lienchiang's chain as it would be if its form printed results.
const PRINTED: (&str, &str) = (
    "form = \"account-application\"\nsteps = [\n  { who = { role = \"user\" }, act = \"propose\" },\n  \
     { who = { role = \"supervisor\" }, act = \"decide\" },",
    "form = \"account-application\"\nsteps = [\n  { who = { role = \"user\" }, act = \"propose\" },\n  \
     { who = { role = \"supervisor\" }, act = \"decide\", outcomes = [{ code = \"yes\", word = { zh = \"准\", \
     en = \"Yes\" }, does = \"agree\", effective_date = true, leave_out = true }] },",
);

#[test]
fn nothing_is_looked_up_before_the_first_day_and_nothing_that_was_left_out() {
    played(|stage| {
        let world = stage.world();
        world.amend("lienchiang", &[PRINTED]);
        let (_, asked) = world.lienchiang();
        let ni = newcomer(&world);
        let code = world.desk.write_application(&ni, &lienchiang(&["basic", "household"])).unwrap();
        let first = day(&world, 3);
        let yes = from(first, leaving(&["household"], result("yes", Verdict::Agree, "先開基本資料")));
        world.desk.stamp_application(&world.session("tsao"), &code, &yes.into()).unwrap();
        give(&world, "yang-lc", &code, Verdict::CarryOut).unwrap();
        let ask = |items: &[&str]| {
            let items = items.iter().map(|item| (*item).into()).collect();
            let form_key = world.desk.now().micros().to_string();
            world.desk.ask(&ni, &AskForm { items, form_key, ..asked.clone() })
        };
        let no = refused_once(ask(&["household/basic"]));
        assert_eq!(no, (Reason::NoPermission, Some("lienchiang/5.9".into())));
        world.hand.set(Instant::from_micros(first.start().micros() - 1));
        assert_eq!(refused_once(ask(&["household/basic"])).0, Reason::NoPermission, "not a moment before");
        world.hand.set(first.start());
        ask(&["household/basic"]).unwrap();
        world.hand.pass_seconds(60);
        assert_eq!(refused_once(ask(&["household/household"])).0, Reason::NoPermission);
    });
}
