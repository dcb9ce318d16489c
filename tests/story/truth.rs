//! Rows say what is, the log says what was said: after random stories the two agree, and every
//! stored decision comes out the same when it is made again.

use super::world::{World, people};
use desk::lookup::{AskForm, CorrectForm, Verdict};
use desk::{QueueView, Session};
use domain::Personal;
use domain::decision::{Rule, RuleRef};
use domain::id::{EventId, LogId, LookupId};
use domain::lookup::answer::Ending;
use domain::lookup::ask::{self, Ask, Drawn, Kept};
use domain::lookup::{Stamp, State};
use gate::simulator::{Mood, Outage, Wrong};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;
use std::collections::BTreeMap;
use store::capability::lookup::{Of, Only};

/// One step of a random story.
#[derive(Clone, Debug)]
enum Step {
    Ask { party: usize, mood: usize },
    Outsider,
    Judge { row: usize, how: usize },
    Stamp,
    Correct,
    Run,
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

/// An agency in which a random story is played.
struct Stage<'a> {
    world: &'a World,
    log: &'static str,
    asker: Session,
    head: &'static str,
    form: AskForm,
    codes: Vec<String>,
}

fn rows(queue: &QueueView) -> Vec<String> {
    let all = [&queue.matched, &queue.drawn, &queue.flagged, &queue.judged];
    all.into_iter().flatten().map(|row| row.code.clone()).collect()
}

impl Stage<'_> {
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
                let free = queue.matched.iter().chain(&queue.judged);
                let codes: Vec<&str> = free.map(|row| row.code.as_str()).collect();
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
            ("lookup.judged", Some((state, _))) if text("outcome") == "anomaly" => {
                (state, Stamp::Anomaly)
            }
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
        Ending::Found, Ending::NotFound, Ending::Doubtful, Ending::Partial, Ending::TimedOut,
        Ending::Down, Ending::Malformed, Ending::Unknown,
    ];
    all.into_iter().find(|ending| ending.word() == word).unwrap()
}

/// Makes every decision of the log again from its sealed grounds, under the pack of its digest.
fn decide_again(world: &World, log: &str) -> usize {
    let mut again = 0;
    let activated = world.desk.store().read(|read| read.regulations()).unwrap();
    for entry in world.entries(log) {
        let Some(grounds) = world.desk.store().read(|read| read.grounds(&entry.id)).unwrap() else {
            continue;
        };
        let digest = entry.digest.clone().unwrap();
        let rule = activated.iter().find(|active| active.rule.digest == digest).unwrap();
        let checked = desk::regulation::check(rule.files.iter().cloned().collect());
        let pack = checked.unwrap_or_else(|_| panic!("{digest}")).pack;
        let reference = RuleRef { name: rule.rule.name.clone(), digest };
        let command: Ask = serde_json::from_str(grounds.command.expose()).unwrap();
        let kept: Kept = serde_json::from_str(grounds.facts.expose()).unwrap();
        let drawn = Drawn {
            code: LookupId::new(entry.record.clone().unwrap()),
            event: EventId::new(entry.id.clone()),
            address: super::world::ADDRESS.into(),
        };
        let rule = Rule { pack: &pack, reference: &reference };
        let decision = ask::decide(rule, &kept.actor, &command, &kept.facts, &drawn, entry.at);
        let decision = decision.unwrap_or_else(|refusals| panic!("{refusals:?}"));
        let fact = &decision.facts()[0];
        let clauses: Vec<String> = fact.clauses().iter().map(ToString::to_string).collect();
        assert_eq!((fact.act(), fact.outcome_word()), (entry.act.as_str(), entry.outcome.as_str()));
        assert_eq!(clauses, entry.clauses);
        assert_eq!(kept.actor.person.as_str(), entry.person);
        again += 1;
    }
    again
}

fn check(world: &World, log: &str) {
    let folded = fold(world, log);
    for (code, wanted) in &folded {
        let row = world.row(log, code).lookup;
        assert_eq!((row.state, row.stamp), *wanted, "{code}");
    }
    let total = world.desk.store().read(|read| {
        read.lookups(&LogId::new(log), (Of::Agency, Only::All), None, 100_000)
    });
    assert_eq!(total.unwrap().len(), folded.len(), "no row without its entry");
}

#[test]
fn random_stories_fold_to_their_rows_and_decide_the_same_again() {
    let world = World::new();
    let (chen, first) = world.lienchiang();
    let (lin, second) = world.kaohsiung();
    let config = Config { cases: 10, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let story = prop::collection::vec((any::<bool>(), step()), 10..30);
    let outcome = runner.run(&story, |steps| {
        let stage = |log, asker: &Session, head, form: &AskForm| Stage {
            world: &world,
            log,
            asker: asker.clone(),
            head,
            form: form.clone(),
            codes: Vec::new(),
        };
        let mut stages = [
            stage("lienchiang", &chen, "tsao", &first),
            stage("kaohsiung", &lin, "chang", &second),
        ];
        for (which, step) in &steps {
            stages[usize::from(*which)].play(step);
        }
        for stage in &stages {
            check(&world, stage.log);
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    let again = decide_again(&world, "lienchiang") + decide_again(&world, "kaohsiung");
    assert!(again > 20, "only {again} decisions were made again");
}
