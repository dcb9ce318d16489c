//! The life of a link under a small rule that says everything about links.

use super::clock::{is_settled, over, owed};
use super::review::{Facts, Verdict};
use super::*;
use crate::application::{Action, Answers, Application, Entry};
use crate::decision::{Permit, Rule, Seen};
use crate::duty::{Duty, Kind, Owner, State};
use crate::lookup::checks;
use crate::period::Calendar;
use crate::regulation::{ApplicationObject, Situation, Source, load};
use crate::sample::{self, harbour, reference};
use alloc::{string::ToString, vec};

const PACK: &str = harbour!(
    r#"
[[role]]
id = "engineer"
word = "資訊人員"
word_en = "engineer"
capacities = ["operate"]

[[clause]]
id = "1"
cite = "一"
gist = "資料由登記處提供。"
gist_en = "The roll office provides the data."
met = "enforced"

[[clause]]
id = "2"
cite = "二"
gist = "連結經申請、核准、測試後使用。"
gist_en = "Links are applied for, approved and tested before use."
met = "enforced"

[[control]]
id = "roll"
kind = "source"
clauses = ["1"]
provider = { zh = "登記處", en = "Roll office" }
adapter = "http-json"

[[control]]
id = "ships"
kind = "dataset"
clauses = ["1"]
source = "roll"
word = { zh = "船舶", en = "Ships" }
subject = { kind = "other", label = { zh = "船號", en = "Hull" }, type = "code", max = 12 }
items = [{ id = "owner", label = { zh = "所有人", en = "Owner" }, shape = "fact" }]

[[control]]
id = "bases"
kind = "legal-bases"
clauses = ["1"]
bases = [{ code = "law", word = { zh = "商港法", en = "Harbour act" } }]

[[control]]
id = "uses"
kind = "permitted-uses"
clauses = ["1"]
purposes = [{ code = "review", word = { zh = "審查", en = "Review" } }]

[[control]]
id = "channels"
kind = "channel"
clauses = ["2"]
channels = ["online"]
link_test = true
link_application = true

[[control]]
id = "term"
kind = "link-review"
clauses = ["2"]
schedule = { every = 1, unit = "year" }
valid_years = 5
unused_months = 12
stop_after_months = 6

[[control]]
id = "approval"
kind = "approval-chain"
clauses = ["2"]
object = "link"
form = "link"
renew_before = { length = 3, unit = "month", from = "expiry", offset = "before" }
steps = [
  { who = { party = "linking-agency" }, act = "propose" },
  { who = { party = "provider" }, act = "decide" },
]

[[control]]
id = "farewell"
kind = "letter"
clauses = ["2"]
word = { zh = "終止函", en = "Letter of the end" }
event = "link-end"
recipient = { party = "provider" }
deadline = { length = 1, unit = "month", from = "link-end", offset = "before" }
subject = { zh = "終止連結。", en = "The link ends." }
"#
);

const FORM: &str = r#"[form]
id = "link"
label = { zh = "連結申請表", en = "Application for a link" }
object = "link-application"
clauses = ["2"]

[[field]]
id = "data"
label = { zh = "資料", en = "Data" }
type = "ticks"
from = "datasets"
required = true

[[field]]
id = "provider"
label = { zh = "提供機關", en = "Provider" }
type = "text"
party = "provider"
required = true
"#;

fn pack() -> Pack {
    let files = [Source { path: "pack.toml", text: PACK }, Source { path: "forms/link.toml", text: FORM }];
    load(&files).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn day(text: &str) -> Date {
    Date::parse_iso(text).unwrap()
}

fn at(text: &str) -> Instant {
    Instant::at(day(text), 9, 0)
}

fn actor(role: &str) -> Actor {
    sample::actor(&pack(), role, "quay", role)
}

fn application(action: Action) -> Application {
    let (reference, author) = (reference(), actor("reader"));
    let id = ApplicationId::new(action.word());
    let fresh = Application::new(&id, "link", "link", &author, &reference, at("2026-03-02"));
    Application { action, ..fresh }
}

fn answers() -> Answers {
    let ticks = Entry { values: vec!["ships".into()], ..Entry::default() };
    [("data".to_string(), ticks), ("provider".to_string(), Entry::text("船舶登記處"))].into()
}

/// The changes of links that an approval brings.
fn approved(action: Action, links: &[Link], on: &str) -> Vec<Change> {
    let (pack, reference, application) = (pack(), reference(), application(action));
    let rule = Rule { pack: &pack, reference: &reference };
    let chain = pack.approval_chain(ApplicationObject::Link, &Situation::default()).unwrap();
    let basis = open::Basis { answers: answers(), links: links.to_vec(), event: "ev-link".into() };
    let permit = Permit::in_log(&LogId::new("harbour"), actor("engineer"), &[], at(on));
    let decision = Decision::new(permit, Fact::new(&"ev".into(), "application.stamped"));
    let decision = open::approved(decision, rule, &application, &basis, &chain, at(on));
    let own = |change: &decision::Change| match change {
        decision::Change::Link(change) => change.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(decision.facts().len(), 2, "what becomes of the link has its own entry");
    decision.changes().iter().map(own).collect()
}

fn opened(links: &[Link], on: &str) -> Link {
    match approved(Action::Create, links, on).pop() {
        Some(Change::Opened(link)) => *link,
        other => panic!("{other:?}"),
    }
}

fn link() -> Link {
    opened(&[], "2026-03-02")
}

fn duties(link: &Link, on: &str) -> Vec<(&'static str, String)> {
    let (pack, reference) = (pack(), reference());
    let rule = Rule { pack: &pack, reference: &reference };
    let all = owed(rule, link, day(on), &Calendar::official(), &|name| DutyId::new(name));
    let due = |duty: &Duty| duty.due.as_ref().map(|due| due.date.to_string()).unwrap_or_default();
    all.iter().map(|duty| (duty.kind.word(), due(duty))).collect()
}

#[test]
fn an_approval_opens_a_link_for_the_term_of_the_rule() {
    let link = link();
    assert_eq!((link.from, link.until), (day("2026-03-02"), Some(day("2031-03-02"))));
    assert_eq!(link.datasets, ["ships"]);
    assert_eq!(link.parties.provider, "船舶登記處");
    assert_eq!((link.state(&pack(), day("2026-03-02")), link.officer.as_str()), ("untested", "reader"));
    assert_eq!(link.id.as_str(), "create", "it has the code of its application");
}

#[test]
fn a_later_one_takes_the_place_of_the_one_that_reached_the_same_data() {
    let mut old = link();
    old.id = LinkId::new("old");
    old.tested = Some(Test { passed: true, on: day("2026-03-03"), by: "eve".into() });
    let changes = approved(Action::Change, std_slice(&old), "2031-01-05");
    let [Change::Ended { id, why: End::Renewed, .. }, Change::Opened(new)] = &changes[..] else {
        panic!("{changes:?}")
    };
    assert_eq!((id, new.former.as_ref()), (&old.id, Some(&old.id)));
    assert!(new.passed(), "the line was tested");
    assert_eq!(new.until, Some(day("2036-01-05")));
    let over = Link { ended: Some((End::Expired, at("2031-03-02"))), ..old };
    assert_eq!(opened(std_slice(&over), "2031-04-01").former, None);
}

#[test]
fn a_renewal_that_reaches_more_is_tested_first_and_one_that_reaches_less_ends_nothing() {
    let test = Some(Test { passed: true, on: day("2026-03-03"), by: "eve".into() });
    let old = |datasets: &[&str]| Link {
        id: LinkId::new("old"),
        tested: test.clone(),
        datasets: datasets.iter().map(ToString::to_string).collect(),
        ..link()
    };
    // The rule of these tests wants no test: what takes the place of a link ends it, and what does not stays.
    let more = old(&["ships", "berths"]);
    let [Change::Opened(new)] = &approved(Action::Change, std_slice(&more), "2031-01-05")[..] else {
        panic!("the berths are reached by the old one only")
    };
    assert_eq!((new.former.as_ref(), new.passed()), (None, true), "it goes over the line that was tested");
    let berths = old(&["berths"]);
    let [Change::Opened(new)] = &approved(Action::Change, std_slice(&berths), "2031-01-05")[..] else {
        panic!("it reaches something else")
    };
    assert_eq!((new.former.as_ref(), new.passed()), (None, false));
    let (pack, reference) = (pack(), reference());
    let rule = Rule { pack: &pack, reference: &reference };
    let former = old(&["ships"]);
    let wide = Link {
        id: LinkId::new("wide"),
        former: Some(former.id.clone()),
        tested: None,
        datasets: vec!["ships".into(), "berths".into()],
        ..link()
    };
    let enter = |passed: bool| {
        let said =
            trial::Said { passed: Some(passed), on: Some(day("2026-03-05")), note: Personal::new("好") };
        let both = (&wide, Some(&former));
        let decided =
            trial::enter(rule, &actor("engineer"), both, &said, vec![], &"ev".into(), at("2026-03-06"));
        decided.unwrap().changes().len()
    };
    assert_eq!((enter(false), enter(true)), (1, 2), "with the passed test the former one is over");
}

fn std_slice(link: &Link) -> &[Link] {
    core::slice::from_ref(link)
}

#[test]
fn an_approved_end_comes_when_the_letter_can_be_in_time() {
    let old = link();
    let changes = approved(Action::Cancel, std_slice(&old), "2026-05-04");
    let expected = Change::Ending { id: old.id.clone(), why: End::Unneeded, until: day("2026-06-04") };
    assert_eq!(changes, [expected]);
    let short = Link { until: Some(day("2026-05-20")), ..old };
    let [Change::Ending { until, .. }] = &approved(Action::Cancel, std_slice(&short), "2026-05-04")[..]
    else {
        panic!()
    };
    assert_eq!(*until, day("2026-05-20"), "no decision lengthens a term");
}

#[test]
fn time_asks_for_renewal_and_use_and_then_ends_it() {
    let link = Link { used: Some(day("2030-11-05")), ..link() };
    assert_eq!(duties(&link, "2030-12-01"), []);
    assert_eq!(duties(&link, "2030-12-02"), [("renew-link", "2031-03-01".to_string())]);
    let ends = |link: &Link, on: &str| over(&pack(), link, day(on));
    assert_eq!(ends(&link, "2031-03-01"), None);
    assert_eq!(ends(&link, "2031-03-02"), Some(End::Expired));

    let idle = Link { used: None, ..link };
    assert_eq!(duties(&idle, "2027-03-01"), []);
    assert_eq!(duties(&idle, "2027-03-02"), [("unused-link", "2027-09-01".to_string())]);
    let again = Link { used: Some(day("2027-03-05")), ..idle.clone() };
    assert_eq!(duties(&again, "2027-03-05"), [], "what is used is asked about no more");
    assert_eq!(ends(&idle, "2027-09-01"), None);
    assert_eq!(ends(&idle, "2027-09-02"), Some(End::Unused));
    let stopped = Link { ended: Some((End::Unused, at("2027-09-02"))), ..idle };
    assert_eq!(duties(&stopped, "2027-09-02"), [("end-link", "2027-09-02".to_string())]);
    assert_eq!(duties(&stopped, "2027-12-02"), [], "nothing is opened long afterwards");
    assert_eq!(ends(&stopped, "2040-01-01"), None, "what is over is over once");
}

#[test]
fn the_letter_of_an_end_leaves_a_month_before() {
    let ending = Link { ending: Some(End::Unneeded), until: Some(day("2026-06-04")), ..link() };
    assert_eq!(duties(&ending, "2026-05-04"), [("end-link", "2026-05-04".to_string())]);
    assert_eq!(ending.state(&pack(), day("2026-06-03")), "ending");
    assert_eq!(over(&pack(), &ending, day("2026-06-04")), Some(End::Unneeded));
}

#[test]
fn a_lookup_needs_a_link_that_stands_and_was_tested() {
    let pack = pack();
    let check = |links: &[Standing]| {
        let nothing = Situation::default();
        checks::link(&pack, &nothing, links, day("2026-03-02")).map_err(|refusal| refusal.reason)
    };
    assert_eq!(check(&[]), Err(Reason::LinkMissing));
    let mut link = link();
    let seen = |link: &Link, on: &str| [Standing::of(link, day(on))];
    assert_eq!(check(&seen(&link, "2026-03-02")), Err(Reason::LinkUntested));
    link.tested = Some(Test { passed: false, on: day("2026-03-02"), by: "eve".into() });
    assert_eq!(check(&seen(&link, "2026-03-02")), Err(Reason::LinkUntested));
    link.tested = Some(Test { passed: true, on: day("2026-03-02"), by: "eve".into() });
    assert_eq!(check(&seen(&link, "2026-03-02")), Ok(vec![pack.clause_id("2")]));
    assert_eq!(check(&seen(&link, "2031-03-02")), Err(Reason::LinkEnded));
}

#[test]
fn a_rule_without_links_asks_for_none_but_goes_by_none_that_is_over() {
    let own = PACK.find("[[control]]\nid = \"channels\"").unwrap();
    let notice = "[[control]]\nid = \"word\"\nkind = \"notice\"\nclauses = [\"2\"]\nat = [\"about\"]\n\
                  text = { zh = \"連結須申請。\", en = \"Links are applied for.\" }\n";
    let told = PACK[..own].replace("before use.\"\nmet = \"enforced\"", "before use.\"\nmet = \"stated\"");
    let text = [&told, notice].concat();
    let files = [Source { path: "pack.toml", text: &text }];
    let silent = load(&files).unwrap_or_else(|errors| panic!("{errors:?}"));
    let check = |links: &[Standing]| {
        let nothing = Situation::default();
        checks::link(&silent, &nothing, links, day("2026-03-02")).map_err(|refusal| refusal.reason)
    };
    assert_eq!(check(&[]), Ok(vec![]));
    let link = link();
    assert_eq!(check(&[Standing::of(&link, day("2026-03-02"))]), Ok(vec![]), "nobody wants a test");
    assert_eq!(check(&[Standing::of(&link, day("2031-03-02"))]), Err(Reason::LinkEnded));
}

#[test]
fn a_test_is_entered_by_whoever_looks_after_links() {
    let (pack, reference, link) = (pack(), reference(), link());
    let rule = Rule { pack: &pack, reference: &reference };
    let seen = || Seen { key: link.key(&LogId::new("harbour")), rev: 1 };
    let said =
        trial::Said { passed: Some(true), on: Some(day("2026-03-05")), note: Personal::new("連線正常") };
    let enter = |role: &str, said: &trial::Said, on: &str| {
        trial::enter(rule, &actor(role), (&link, None), said, vec![seen()], &"ev".into(), at(on))
    };
    let fields = |said: &trial::Said| -> Vec<String> {
        let refused = enter("engineer", said, "2026-03-06").unwrap_err();
        refused.into_iter().filter_map(|refusal| refusal.field).collect()
    };
    assert_eq!(enter("reader", &said, "2026-03-06").unwrap_err()[0].reason, Reason::NoCapacity);
    assert_eq!(fields(&trial::Said::default()), ["passed", "tested-on", "note"]);
    for wrong in ["2026-03-07", "2026-03-01"] {
        assert_eq!(fields(&trial::Said { on: Some(day(wrong)), ..said.clone() }), ["tested-on"]);
    }
    assert_eq!(enter("engineer", &said, "2031-03-02").unwrap_err()[0].reason, Reason::WrongState);
    let fact = enter("engineer", &said, "2026-03-06").unwrap().facts()[0].clone();
    assert_eq!((fact.act(), fact.outcome_word()), ("link.tested", "passed"));
}

#[test]
fn every_link_wants_its_word_when_they_are_gone_through() {
    let (pack, reference, link) = (pack(), reference(), link());
    let rule = Rule { pack: &pack, reference: &reference };
    let duty = Duty {
        id: "du-1".into(),
        kind: Kind::LinkReview,
        control: "term".into(),
        owner: Owner::Role("engineer".into()),
        unit: None,
        person: None,
        about: String::new(),
        began: day("2026-01-01"),
        due: None,
        hours: None,
        state: State::Open,
        late: None,
        closed: None,
        digest: reference.digest.clone(),
    };
    assert!(!is_settled(&duty, &[]), "a review is not dropped with a link");
    let facts = Facts { duty, absent: vec![], links: vec![link.clone()], clauses: vec![], seen: vec![] };
    let review = |role: &str, verdicts: &[Verdict]| {
        review::decide(rule, &actor(role), &facts, verdicts, &"ev".into(), at("2026-05-04"))
    };
    let one = |keep, note: &str| Verdict { link: link.id.clone(), keep, note: Personal::new(note) };
    let reasons = |verdicts: &[Verdict]| -> Vec<Reason> {
        review("engineer", verdicts).unwrap_err().into_iter().map(|refusal| refusal.reason).collect()
    };
    assert_eq!(review("reader", &[one(Some(true), "用")]).unwrap_err()[0].reason, Reason::NotYourDuty);
    assert_eq!(reasons(&[]), [Reason::Changed]);
    assert_eq!(reasons(&[one(None, "")]), [Reason::FieldMissing, Reason::NoteMissing]);
    let other = Verdict { link: LinkId::new("other"), ..one(Some(true), "用") };
    assert_eq!(reasons(&[other]), [Reason::Changed]);
    let acts = |verdicts: &[Verdict]| -> Vec<&'static str> {
        review("engineer", verdicts).unwrap().facts().iter().map(Fact::act).collect()
    };
    assert_eq!(acts(&[one(Some(true), "每日查詢")]), ["link.reviewed", "link.needed"]);
    assert_eq!(acts(&[one(Some(false), "業務移出")]), ["link.reviewed", "link.ending"]);
}

#[test]
fn every_word_is_read_back() {
    for end in End::ALL {
        assert_eq!(End::from_word(end.word()), Some(end));
    }
}
