//! Rows say what is, the log says what was said: after random stories the two agree, and every
//! stored decision comes out the same when it is made again.

use super::stage::played;
use super::world::{World, people};
use desk::lookup::{AskForm, CorrectForm, Verdict};
use desk::{QueueView, Session};
use domain::decision::{Decision, Rule, RuleRef, Seen};
use domain::id::{BatchId, EventId, Key, LogId, LookupId};
use domain::lookup::answer::Ending;
use domain::lookup::ask::{self, Ask, Drawn};
use domain::lookup::correct::{self, Correct};
use domain::lookup::countersign::{self, Batch, Row};
use domain::lookup::{Kept, KeptRow, Lookup, Stamp, State, review, run};
use domain::regulation::Pack;
use domain::{Outcome, Personal};
use gate::simulator::{Mood, Outage, Wrong};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;
use std::collections::BTreeMap;
use store::EntryRow;
use store::capability::lookup::{List, Of};

/// One step of a random story.
#[derive(Clone, Debug)]
enum Step {
    Ask { party: usize, mood: usize },
    Outsider,
    Judge { row: usize, how: usize },
    Stamp,
    Correct,
    Run,
    LookAgain,
    Wait { seconds: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (1..3_usize, 0..6_usize).prop_map(|(party, mood)| Step::Ask { party, mood }),
        1 => Just(Step::Outsider),
        3 => (0..4_usize, 0..3_usize).prop_map(|(row, how)| Step::Judge { row, how }),
        3 => Just(Step::Stamp),
        2 => Just(Step::Correct),
        2 => Just(Step::Run),
        1 => Just(Step::LookAgain),
        2 => (1..90_000_i64).prop_map(|seconds| Step::Wait { seconds }),
    ]
}

const MOODS: [Mood; 6] = [
    Mood::Normal,
    Mood::Normal,
    Mood::Half,
    Mood::Doubtful,
    Mood::Down { how: Outage::Unavailable },
    Mood::Wrong { how: Wrong::Malformed },
];

/// How many earlier lookups a random story goes on with; what comes of older ones is always the same.
const RECENT: usize = 8;

/// An agency in which a random story is played.
struct Part<'a> {
    world: &'a World,
    log: &'static str,
    asker: Session,
    head: &'static str,
    form: AskForm,
    codes: Vec<String>,
}

/// The rows that wait, whichever of them the ledger's head drew: that is chance.
fn rows(queue: &QueueView) -> Vec<String> {
    let all = [&queue.matched, &queue.drawn, &queue.flagged, &queue.judged];
    let mut codes: Vec<String> = all.into_iter().flatten().map(|row| row.code.clone()).collect();
    codes.sort_unstable();
    codes
}

impl Part<'_> {
    fn play(&mut self, step: &Step) {
        let (world, desk) = (self.world, &self.world.desk);
        world.hand.pass_seconds(7);
        // A step that the rule refuses is a step all the same: its entry has to fold as well.
        match step {
            Step::Ask { party, mood } => {
                world.provider.simulator.set(MOODS[*mood]);
                let form = AskForm { party: Some(*party), ..self.form.clone() };
                self.ask(form);
            }
            Step::Outsider => {
                let form = AskForm {
                    party: None,
                    subject: Some(Personal::new(people()[30].0.as_str())),
                    not_party_reason: "疑似同住的接觸者".into(),
                    ..self.form.clone()
                };
                self.ask(form);
            }
            Step::Judge { row, how } => {
                let head = world.session(self.head);
                let waiting = rows(&desk.queue(&head, None).unwrap());
                let Some(code) = waiting.get(row % waiting.len().max(1)) else { return };
                let note = String::from("查核");
                let verdict = match how {
                    0 => Verdict::Match { note },
                    1 => Verdict::Return { reason_code: "reason".into(), note },
                    _ => Verdict::Anomaly { note },
                };
                desk.judge(&head, code, &verdict).unwrap();
            }
            Step::Stamp => {
                let head = world.session(self.head);
                let queue = desk.queue(&head, None).unwrap();
                let codes: Vec<&str> = queue.judged.iter().map(|row| row.code.as_str()).collect();
                world.stamp(self.head, &codes, "").map(|_| ()).unwrap_or_default();
            }
            Step::Correct => {
                let form = CorrectForm { reason: "補正說明".into(), ..CorrectForm::default() };
                for code in &self.codes {
                    desk.correct(&self.asker, code, &form).unwrap_or_default();
                }
            }
            Step::Run => {
                for code in &self.codes {
                    desk.run(&self.asker, code, "").map(|_| ()).unwrap_or_default();
                }
            }
            Step::LookAgain => {
                for code in &self.codes {
                    desk.review(&self.asker, code).map(|_| ()).unwrap_or_default();
                    desk.hidden(&self.asker, code).unwrap_or_default();
                }
            }
            Step::Wait { seconds } => {
                world.hand.pass_seconds(*seconds);
                desk.tick().unwrap();
            }
        }
    }

    fn ask(&mut self, form: AskForm) {
        let form = AskForm { form_key: String::new(), ..form };
        if let Ok(view) = self.world.desk.ask(&self.asker, &form) {
            self.codes.push(view.code);
        }
    }
}

/// State and stamp of every lookup, from the leaves of the log and from nothing else.
fn fold(world: &World, log: &str) -> BTreeMap<String, (State, Stamp)> {
    let id = LogId::new(log);
    let leaves = world.desk.store().read(|read| read.leaves(&id, 0..1_000_000)).unwrap();
    let mut rows: BTreeMap<String, (State, Stamp)> = BTreeMap::new();
    for leaf in leaves {
        let leaf: Value = serde_json::from_slice(&leaf.body).unwrap();
        let text = |name: &str| leaf[name].as_str().unwrap_or_default();
        let code = text("record").to_string();
        let found = rows.get(&code).copied();
        let next = match (text("type"), found) {
            ("lookup.requested", None) => (State::Requested, Stamp::Awaiting),
            ("lookup.asked", None) => (State::Asked, Stamp::Later),
            ("lookup.asked", Some((State::Approved, stamp))) => (State::Asked, stamp),
            ("lookup.answered", Some((State::Asked, stamp))) => {
                let stamp = if stamp == Stamp::Later { Stamp::Awaiting } else { stamp };
                (ending(text("outcome")).state(), stamp)
            }
            ("lookup.judged", Some((state, _))) if text("outcome") == "anomaly" => (state, Stamp::Anomaly),
            ("lookup.judged", Some(same)) => same,
            ("lookup.returned", Some((state, _))) => (state, Stamp::Returned),
            ("lookup.corrected", Some((state, Stamp::Returned))) => (state, Stamp::Awaiting),
            ("lookup.stamped", _) => {
                for code in leaf["detail"]["rows"].as_str().unwrap().split(' ') {
                    let row = rows.get_mut(code).unwrap();
                    let state = if row.0 == State::Requested { State::Approved } else { row.0 };
                    *row = (state, Stamp::Stamped);
                }
                continue;
            }
            ("lookup.reviewed" | "lookup.hidden", Some(same)) => same,
            (other, found) => {
                assert!(!other.starts_with("lookup."), "{other} cannot follow {found:?}");
                continue;
            }
        };
        rows.insert(code, next);
    }
    rows
}

fn ending(word: &str) -> Ending {
    let all = [
        Ending::Found,
        Ending::NotFound,
        Ending::Doubtful,
        Ending::Partial,
        Ending::TimedOut,
        Ending::Down,
        Ending::Malformed,
        Ending::Unknown,
    ];
    all.into_iter().find(|ending| ending.word() == word).unwrap()
}

/// An entry with its grounds opened, and every regulation that was ever in force.
struct Again<'a> {
    entry: &'a EntryRow,
    command: &'a str,
    facts: &'a str,
    packs: &'a BTreeMap<String, (Pack, RuleRef)>,
}

macro_rules! read {
    ($json:expr) => {
        serde_json::from_str($json).unwrap_or_else(|error| panic!("{error}"))
    };
}

impl Again<'_> {
    fn rule(&self, digest: &str) -> Rule<'_> {
        let (pack, reference) = &self.packs[digest];
        Rule { pack, reference }
    }

    fn decide(&self) -> Outcome<Decision> {
        let (entry, at) = (self.entry, self.entry.at);
        let event = EventId::new(entry.id.clone());
        let own = self.rule(entry.digest.as_deref().unwrap());
        let record = entry.record.clone().unwrap();
        if let ("lookup.asked" | "lookup.requested", Ok(kept)) =
            (entry.act.as_str(), serde_json::from_str::<ask::Kept>(self.facts))
        {
            let command: Ask = read!(self.command);
            let address = super::world::ADDRESS.into();
            let drawn = Drawn { code: LookupId::new(record), event, address };
            return ask::decide(own, &kept.actor, &command, &kept.facts, &drawn, at);
        }
        let kept: Kept = read!(self.facts);
        let (actor, first) = (&kept.actor, &kept.rows[0]);
        let (lookup, marked) = (first.lookup.clone(), first.marked);
        let rule = self.rule(&lookup.digest);
        let seen = seen();
        let row =
            |kept: &KeptRow| Row { lookup: kept.lookup.clone(), seen: self::seen(), drawn: kept.marked };
        match entry.act.as_str() {
            "lookup.asked" => {
                // That it ran says that the permissions of the day opened it.
                let facts = run::Facts {
                    permitted: lookup.items.clone(),
                    contracts: vec![],
                    machine: None,
                    owed: vec![],
                    lookup,
                    links: kept.links.clone(),
                    seen: vec![],
                };
                run::decide(rule, actor, &facts, &event, at)
            }
            "lookup.reviewed" => {
                let facts = review::Facts { lookup, parked: marked, seen };
                review::decide(rule, actor, &facts, &event, at)
            }
            "lookup.hidden" => review::hidden(rule, actor, &lookup, &event, at),
            "lookup.corrected" => {
                let correct: Correct = read!(self.command);
                correct::decide(rule, actor, &lookup, seen, &correct, &event, at)
            }
            "lookup.judged" | "lookup.returned" => {
                let (verdict, note): (countersign::Verdict, Personal) = read!(self.command);
                countersign::judge(rule, actor, &row(first), verdict, &note, &event, at)
            }
            "lookup.stamped" => {
                let batch = Batch {
                    id: BatchId::new(record),
                    rows: kept.rows.iter().map(row).collect(),
                    drawn_by: read!(self.command),
                };
                let rule_of = |lookup: &Lookup| self.rule(&lookup.digest);
                countersign::stamp(own, &rule_of, actor, &batch, &event, at)
            }
            other => panic!("nothing decides {other} again"),
        }
    }
}

/// A row's revision, which plays no part in what is decided.
fn seen() -> Seen {
    Seen { key: Key::new(&LogId::new("none"), "lookup", "none"), rev: 0 }
}

/// Makes every decision of the log again from its sealed grounds, under the pack of its digest.
pub(super) fn decide_again(world: &World, log: &str) -> BTreeMap<String, usize> {
    let mut again: BTreeMap<String, usize> = BTreeMap::new();
    let activated = world.desk.store().read(|read| read.regulations()).unwrap();
    let packs = activated.into_iter().map(|active| {
        let checked = desk::regulation::check(active.files.into_iter().collect());
        let pack = checked.unwrap_or_else(|_| panic!("{}", active.rule.name)).pack;
        (active.rule.digest.clone(), (pack, active.rule))
    });
    let packs: BTreeMap<String, (Pack, RuleRef)> = packs.collect();
    for entry in world.entries(log) {
        let Some(grounds) = world.desk.store().read(|read| read.grounds(&entry.id)).unwrap() else {
            // Nobody decides what a provider answers; everything else about a lookup is decided.
            let decided = entry.act.starts_with("lookup.") && entry.act != "lookup.answered";
            assert!(!decided, "{} keeps no grounds", entry.act);
            continue;
        };
        let (command, facts) = (grounds.command.expose(), grounds.facts.expose());
        let decision = Again { entry: &entry, command, facts, packs: &packs }.decide();
        let decision = decision.unwrap_or_else(|refusals| panic!("{}: {refusals:?}", entry.act));
        let fact = &decision.facts()[0];
        let clauses: Vec<String> = fact.clauses().iter().map(ToString::to_string).collect();
        assert_eq!((fact.act(), fact.outcome_word()), (entry.act.as_str(), entry.outcome.as_str()));
        assert_eq!(clauses, entry.clauses);
        assert_eq!(decision.permit().actor().person.as_str(), entry.person);
        assert_eq!(decision.permit().rule().map(|rule| &rule.digest), entry.digest.as_ref());
        *again.entry(entry.act).or_default() += 1;
    }
    again
}

fn check(world: &World, log: &str) {
    let folded = fold(world, log);
    for (code, wanted) in &folded {
        let row = world.row(log, code).lookup;
        assert_eq!((row.state, row.stamp), *wanted, "{code}");
    }
    let total = world
        .desk
        .store()
        .read(|read| read.lookups(&LogId::new(log), &List::from(Of::Agency), None, 100_000));
    assert_eq!(total.unwrap().len(), folded.len(), "no row without its entry");
    counts(world, log);
}

/// The uses of clauses that are kept by day are those that the entries themselves say.
fn counts(world: &World, log: &str) {
    let mut said: BTreeMap<(String, String, String), u64> = BTreeMap::new();
    for entry in world.entries(log) {
        for clause in entry.clauses {
            *said.entry((clause, entry.act.clone(), entry.outcome.clone())).or_default() += 1;
        }
    }
    let first = super::world::morning().date();
    let today = world.desk.now().date();
    let kept = world.desk.store().read(|read| read.clause_uses(&LogId::new(log), first, today)).unwrap();
    let kept: BTreeMap<_, _> = kept.into_iter().map(|u| ((u.clause, u.act, u.outcome), u.n)).collect();
    assert!(!kept.is_empty());
    assert_eq!(kept, said);
}

#[test]
fn random_stories_fold_to_their_rows_and_decide_the_same_again() {
    played(|stage| {
        let world = stage.world();
        let (chen, first) = world.lienchiang();
        let (lin, second) = world.kaohsiung();
        let config = Config { cases: 16, failure_persistence: None, ..Config::default() };
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let mut runner = TestRunner::new_with_rng(config, rng);
        let story = prop::collection::vec((any::<bool>(), step()), 10..30);
        let outcome = runner.run(&story, |steps| {
            let part = |log, asker: &Session, head, form: &AskForm| {
                let codes = fold(&world, log).into_keys().rev().take(RECENT).collect();
                let (asker, form) = (asker.clone(), form.clone());
                Part { world: &world, log, asker, head, form, codes }
            };
            let mut parts =
                [part("lienchiang", &chen, "tsao", &first), part("kaohsiung", &lin, "chang", &second)];
            for (which, step) in &steps {
                parts[usize::from(*which)].play(step);
            }
            for part in &parts {
                check(&world, part.log);
            }
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{error}"));
        let (after, before) = (decide_again(&world, "lienchiang"), decide_again(&world, "kaohsiung"));
        for act in ["asked", "judged", "returned", "corrected", "stamped", "reviewed", "hidden"] {
            let act = format!("lookup.{act}");
            assert!(after.contains_key(&act) || before.contains_key(&act), "{act}: {after:?} {before:?}");
        }
        assert!(before.contains_key("lookup.requested"), "{before:?}");
    });
}
