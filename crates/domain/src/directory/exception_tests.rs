//! Exceptions from separation under a small rule that knows them.

use super::*;
use crate::directory::post::{self, Cause, Facts as PostFacts, Repost};
use crate::duty::recur;
use crate::id::{AssignmentId, UnitId};
use crate::period::Calendar;
use crate::regulation::{Capacity, Kind as Control, PackError, Situation, Source, load};
use crate::sample::{self, harbour, reference};

const PACK: &str = harbour!(
    r#"
[[role]]
id = "master"
word = "港務長"
word_en = "harbour master"
capacities = ["decide", "stamp"]

[[role]]
id = "engineer"
word = "資訊人員"
word_en = "engineer"
capacities = ["administer"]

[[role]]
id = "checker"
word = "稽核員"
word_en = "checker"
capacities = ["audit"]

[[clause]]
id = "1"
cite = "一"
gist = "管理與使用不得由同一人擔任，港務長得准其例外，並每月複核。"
gist_en = "Nobody both administers and uses, unless the harbour master allows it; it is then checked monthly."
met = "enforced"

[[control]]
id = "apart"
kind = "separation"
clauses = ["1"]
pairs = [{ first = "ask", second = "administer" }]
exception_by = { head = true }
instead = "monthly"

[[control]]
id = "audit-apart"
kind = "separation"
clauses = ["1"]
pairs = [{ first = "audit", second = "ask" }]

[[control]]
id = "monthly"
kind = "housekeeping"
clauses = ["1"]
word = { zh = "複核", en = "A second look" }
schedule = { every = 1, unit = "month" }
"#
);

const ASKED: &str = r#"
[[control]]
id = "asks-before"
kind = "countersign"
clauses = ["1"]
timing = "before"
by = { role = "master" }
"#;

fn loaded(text: &str) -> Result<Pack, Vec<PackError>> {
    load(&[Source { path: "pack.toml", text }])
}

fn pack() -> Pack {
    loaded(PACK).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn day(text: &str) -> Date {
    Date::parse_iso(text).unwrap()
}

fn now() -> Instant {
    Instant::at(day("2026-03-02"), 9, 0)
}

fn id(name: &str) -> DutyId {
    DutyId::new(name)
}

fn actor(person: &str, role: &str) -> Actor {
    sample::actor(&pack(), person, "pier", role)
}

fn post_of(person: &str, role: &str, from: &str) -> Assignment {
    Assignment {
        id: AssignmentId::new(format!("{person}-{role}")),
        person: PersonId::new(person),
        unit: UnitId::new("pier"),
        role: role.into(),
        from: day(from),
        until: None,
    }
}

fn holder(person: &str, role: &str) -> Holder {
    let Assignment { id, person, unit, role, .. } = post_of(person, role, "2025-01-01");
    Holder { person, assignment: id, unit, role }
}

fn exception(person: &str, from: &str, until: &str) -> Exception {
    Exception {
        id: ExceptionId::new(format!("ex-{from}")),
        person: PersonId::new(person),
        pair: Pair::of(Capacity::Administer, Capacity::Ask),
        from: day(from),
        until: day(until),
        by: PersonId::new("hal"),
        revoked: None,
    }
}

fn facts() -> Facts {
    let holders = vec![holder("ann", "reader"), holder("hal", "master"), holder("cho", "checker")];
    Facts { holders, known: vec![], owed: vec![], seen: vec![] }
}

fn allowed(pack: &Pack, who: &Actor, one: Exception, words: &str, facts: &Facts) -> Outcome<Decision> {
    let reference = reference();
    let rule = Rule { pack, reference: &reference };
    allow(rule, who, (one, Personal::new(words)), facts, (&EventId::new("ev"), now()))
}

fn reasons(outcome: Outcome<Decision>) -> Vec<(Reason, String)> {
    let all = outcome.err().unwrap_or_default().into_iter();
    all.map(|refusal| (refusal.reason, refusal.field.unwrap_or_default())).collect()
}

#[test]
fn whoever_the_rule_names_allows_it_for_somebody_else_and_a_time_with_a_reason() {
    let (pack, hal) = (pack(), actor("hal", "master"));
    let good = || exception("ann", "2026-03-02", "2027-03-02");
    let allowed_by = |who: &Actor, one, words: &str| reasons(allowed(&pack, who, one, words, &facts()));
    let malformed = |field: &str| vec![(Reason::FieldMalformed, String::from(field))];
    assert_eq!(allowed_by(&actor("dan", "engineer"), good(), "x"), [(Reason::NoCapacity, String::new())]);
    let own = Exception { person: PersonId::new("hal"), ..good() };
    assert_eq!(allowed_by(&hal, own, "x"), [(Reason::OwnException, "person".into())]);
    let unknown = Exception { pair: Pair::of(Capacity::Audit, Capacity::Ask), ..good() };
    assert_eq!(allowed_by(&hal, unknown, "x")[0], malformed("pair")[0], "of that pair there is no exception");
    let neither = Exception { person: PersonId::new("cho"), ..good() };
    assert_eq!(allowed_by(&hal, neither, "x"), malformed("person"));
    assert_eq!(allowed_by(&hal, exception("ann", "2026-03-01", "2026-04-01"), "x"), malformed("from"));
    assert_eq!(allowed_by(&hal, exception("ann", "2026-03-03", "2026-03-02"), "x"), malformed("until"));
    assert_eq!(allowed_by(&hal, exception("ann", "2026-03-02", "2027-03-03"), "x"), malformed("until"));
    assert_eq!(allowed_by(&hal, good(), " "), [(Reason::FieldMissing, "words".into())]);
    assert_eq!(allowed_by(&hal, good(), &"x".repeat(501)), [(Reason::FieldTooLong, "words".into())]);
    assert_eq!(allowed_by(&hal, good(), "人力不足"), []);
    let again = Facts { known: vec![good()], ..facts() };
    assert_eq!(
        reasons(allowed(&pack, &hal, exception("ann", "2026-12-01", "2027-04-01"), "x", &again)),
        [(Reason::ExceptionRuns, "from".into())]
    );
    let revoked = Facts { known: vec![Exception { revoked: Some(now()), ..good() }], ..facts() };
    assert_eq!(reasons(allowed(&pack, &hal, good(), "x", &revoked)), []);
}

fn appointed(pack: &Pack, on: &str, allowed: Vec<Exception>) -> Vec<Refusal> {
    let (reference, keeper) = (reference(), actor("dan", "engineer"));
    let rule = Rule { pack, reference: &reference };
    let to = post_of("ann", "engineer", on);
    let (person, cause) = (PersonId::new("ann"), Cause::Appointment);
    let repost = Repost { person, cause, on: day(on), from: None, to: Some(to) };
    let facts = PostFacts {
        organisation: "bureau".into(),
        line: vec![],
        posts: vec![post_of("ann", "reader", "2020-01-01")],
        held: vec![],
        allowed,
        joined: vec![],
        moot: vec![],
        unlisted: vec![],
        closed: false,
        seen: vec![],
    };
    let calendar = Calendar::official();
    let (event, now) = (EventId::new("ev"), now());
    post::change(rule, &keeper, &repost, &facts, &calendar, &event, now).err().unwrap_or_default()
}

#[test]
fn with_one_that_runs_the_second_post_is_given_and_without_one_it_is_said_who_may_allow_it() {
    let pack = pack();
    let refused = appointed(&pack, "2026-03-02", vec![]).remove(0);
    assert_eq!((refused.reason, refused.args["allows"].as_str()), (Reason::RolesApart, "who:head"));
    assert_eq!((refused.args["problem"].as_str(), refused.help), ("exception", Help::Role("master".into())));
    let runs = || vec![exception("ann", "2026-03-02", "2026-08-31")];
    assert_eq!(appointed(&pack, "2026-03-02", runs()), []);
    assert_eq!(appointed(&pack, "2026-08-31", runs()), []);
    assert_eq!(appointed(&pack, "2026-09-01", runs()).len(), 1, "the post would begin after it");
    let revoked = runs().into_iter().map(|one| Exception { revoked: Some(now()), ..one }).collect();
    assert_eq!(appointed(&pack, "2026-03-02", revoked).len(), 1);
    let text = PACK.replace("exception_by = { head = true }\ninstead = \"monthly\"\n", "");
    let without = loaded(&text).unwrap();
    let refused = appointed(&without, "2026-03-02", runs()).remove(0);
    assert_eq!((refused.reason, refused.args.get("problem")), (Reason::RolesApart, None), "of no use then");
    let twice = PACK
        .replace("{ first = \"audit\", second = \"ask\" }", "{ first = \"administer\", second = \"ask\" }");
    let twice = loaded(&twice).unwrap();
    assert_eq!(appointed(&twice, "2026-03-02", runs()).len(), 1, "another control keeps them apart for good");
}

#[test]
fn what_holds_instead_is_owed_from_the_day_on_which_both_are_held_and_of_nobody_else() {
    let (pack, reference) = (pack(), reference());
    let rule = Rule { pack: &pack, reference: &reference };
    assert_eq!(pack.recurring(), [], "for nobody else");
    let one = exception("ann", "2026-03-02", "2026-08-31");
    let ruled = pack.compensation(&pack.exception(one.pair).unwrap().value).unwrap();
    let posts = [post_of("ann", "reader", "2025-01-01"), post_of("ann", "engineer", "2026-03-10")];
    let held: Vec<&Assignment> = posts.iter().collect();
    let since = joined_since(&pack, one.pair, &held).unwrap();
    assert_eq!((since, joined_since(&pack, one.pair, &held[..1])), (day("2026-03-10"), None));
    let owed = |today: &str| {
        recur::compensating(rule, &ruled, (&one, since), day(today), &Calendar::official(), &id)
    };
    let begun: Vec<String> = owed("2026-05-20").iter().map(|duty| format!("{}", duty.began)).collect();
    assert_eq!(begun, ["2026-03-10", "2026-04-10", "2026-05-10"]);
    assert_eq!(owed("2026-03-09"), []);
    let first = owed("2026-03-10").remove(0);
    assert_eq!((first.kind, first.owner), (Kind::Compensate, Owner::Person("hal".into())), "who allowed it");
    assert_eq!((first.person, first.due.map(|due| due.date)), (Some("ann".into()), Some(day("2026-04-09"))));
    let ways = way_out(rule, &one, &id, day("2026-09-01"));
    let owners: Vec<String> = ways.iter().map(|duty| duty.owner.text()).collect();
    assert_eq!(owners, ["role master", "role engineer"]);
    assert!(is_let(&pack, one.pair, &[&one], day("2026-08-31")));
    assert!(!is_let(&pack, one.pair, &[&one], day("2026-09-01")));
}

#[test]
fn a_control_that_a_lookup_asks_binds_whoever_holds_both_and_nobody_else() {
    let text = PACK.replace("instead = \"monthly\"", "instead = \"asks-before\"") + ASKED;
    let pack = loaded(&text).unwrap_or_else(|errors| panic!("{errors:?}"));
    let mut ann = actor("ann", "reader");
    assert_eq!(pack.countersign(&ann.situation()), None);
    ann.held_roles = vec!["reader".into(), "checker".into()];
    assert_eq!(pack.countersign(&ann.situation()), None, "another pair");
    ann.held_roles.push("engineer".into());
    assert_eq!(pack.countersign(&ann.situation()).unwrap().control, "asks-before");
    assert_eq!(pack.countersign(&Situation::default()), None);
    let usual = ASKED.replace("asks-before", "asks-later").replace("\"before\"", "\"after\"");
    let both = loaded(&(text + &usual)).unwrap_or_else(|errors| panic!("{errors:?}"));
    assert_eq!(both.countersign(&ann.situation()).unwrap().control, "asks-before");
    ann.held_roles.clear();
    assert_eq!(both.countersign(&ann.situation()).unwrap().control, "asks-later");
    assert_eq!(both.of_kind(Control::Countersign).count(), 2);
}

#[test]
fn what_a_body_outside_allows_is_entered_by_those_who_keep_its_letters() {
    let text = PACK.replace("{ head = true }", "{ party = \"supervising-agency\" }");
    let pack = loaded(&text).unwrap_or_else(|errors| panic!("{errors:?}"));
    let good = || exception("ann", "2026-03-02", "2026-08-31");
    let allowed_by = |who: &Actor| reasons(allowed(&pack, who, good(), "來函字號", &facts()));
    assert_eq!(allowed_by(&actor("hal", "master")), [(Reason::NoCapacity, String::new())]);
    assert_eq!(allowed_by(&actor("dan", "engineer")), []);
    let refused = appointed(&pack, "2026-03-02", vec![]).remove(0);
    assert_eq!(refused.args["allows"], "who:supervising-agency");
}

#[test]
fn what_could_never_hold_in_an_exception_is_a_fault_of_the_pack() {
    let said = |from: &str, to: &str| -> Vec<String> {
        let errors = loaded(&PACK.replace(from, to)).err().unwrap_or_default();
        errors.into_iter().map(|error| error.message).collect()
    };
    let nobody = said("exception_by = { head = true }\n", "");
    assert_eq!(nobody, ["`monthly` would never hold: nobody may allow an exception"]);
    let never = said("schedule = { every = 1, unit = \"month\" }", "schedule = { irregular = true }");
    assert_eq!(
        never,
        ["`monthly`, a `housekeeping`, can neither be owed again and again nor asked at a lookup"]
    );
    let itself = said("instead = \"monthly\"", "instead = \"audit-apart\"");
    assert!(itself[0].contains("can neither be owed"), "{itself:?}");
    let nobody = PACK.replace("capacities = [\"decide\", \"stamp\"]", "capacities = [\"stamp\"]");
    let errors = loaded(&nobody).err().unwrap_or_default();
    assert!(errors[0].message.starts_with("nobody of the agency could allow"), "{errors:?}");
}

#[test]
fn it_is_revoked_by_whoever_could_allow_it_and_once() {
    let (pack, reference) = (pack(), reference());
    let rule = Rule { pack: &pack, reference: &reference };
    let one = exception("ann", "2026-03-02", "2026-08-31");
    let revoked = |who: &Actor, one: &Exception| {
        let seen = Seen { key: key(&who.log(), &one.person), rev: 1 };
        reasons(revoke(rule, who, one, seen, (&EventId::new("ev"), now())))
    };
    assert_eq!(revoked(&actor("dan", "engineer"), &one), [(Reason::NoCapacity, String::new())]);
    assert_eq!(revoked(&actor("ida", "master"), &one), []);
    assert_eq!(revoked(&actor("hal", "reader"), &one), [], "whoever allowed it");
    let gone = Exception { revoked: Some(now()), ..one.clone() };
    assert_eq!(revoked(&actor("hal", "master"), &gone), [(Reason::WrongState, String::new())]);
    let over = exception("ann", "2025-03-02", "2026-03-01");
    assert_eq!(revoked(&actor("hal", "master"), &over), [(Reason::WrongState, String::new())]);
}
