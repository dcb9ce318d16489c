//! Two nodes on one database, on each engine: whoever comes to one of them comes to both.

use super::stage::{Engine, Stage};
use super::world::{ADDRESS, Limits, PASSWORD, World, refused_once};
use desk::account::attempt::ATTEMPTS;
use desk::account::{InviteForm, SetUpForm, SignIn, SignedIn};
use desk::lookup::AskForm;
use desk::{Answer, Desk, No};
use domain::actor::Place;
use domain::{Personal, Reason};
use harness::folder::Folder;
use sluice::demo::cast::{self, CAST};
use std::time::Duration;

/// Two nodes whose clocks go alike.
struct Nodes {
    one: World,
    other: World,
    // Dropped last.
    _folder: Folder,
}

impl Nodes {
    fn on(stage: &Stage) -> Self {
        let folder = Folder::new("story-nodes");
        let config = stage.lasting(folder.path());
        let limits = Limits { places: 4, ..Limits::default() };
        let (one, other) = (World::open(stage, &config, limits), World::bare(stage, &config, limits));
        for member in CAST {
            other.desk.bind_token(&cast::token(member.login), ADDRESS, cast::assignment(member));
        }
        Self { one, other, _folder: folder }
    }

    fn pass_seconds(&self, seconds: i64) {
        self.one.hand.pass_seconds(seconds);
        self.other.hand.pass_seconds(seconds);
    }

    fn both(&self) -> [&World; 2] {
        [&self.one, &self.other]
    }
}

/// Plays a story on each engine. What two nodes do at once differs from time to time, so the rows that they
/// leave are not compared.
fn each(story: impl Fn(&Nodes)) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        Stage::play_alone(engine, |stage| {
            let nodes = Nodes::on(stage);
            story(&nodes);
            let Nodes { one, other, .. } = nodes;
            one.end_without_rows();
            other.end_without_rows();
        });
    }
}

fn office() -> Place {
    Place::Zone("office".into())
}

fn sign_in(desk: &Desk, login: &str, password: &str, code: &str) -> Answer<SignedIn> {
    desk.sign_in(&SignIn {
        login: login.into(),
        password: Personal::new(password),
        code: code.into(),
        place: office(),
        address: ADDRESS.into(),
    })
}

fn runs(world: &World, token: &str) -> bool {
    world.desk.session(token, office()).unwrap().is_some()
}

#[test]
fn a_session_begun_at_one_node_runs_and_ends_at_both() {
    each(|nodes| {
        let Nodes { one, other, .. } = nodes;
        let code = one.desk.demo_code("chen").unwrap();
        let token = sign_in(&one.desk, "chen", PASSWORD, &code).unwrap().token;
        // Use at one node keeps it alive at the other: a quarter of an hour of rest would end it.
        for world in [other, one, other, one] {
            nodes.pass_seconds(600);
            assert!(runs(world, &token));
        }
        let session = other.desk.session(&token, office()).unwrap().unwrap();
        assert_eq!(session.login, "chen");
        assert_eq!(one.desk.settings(&session).unwrap().sessions.len(), 1);
        other.desk.sign_out(&token).unwrap();
        assert!(!runs(one, &token) && !runs(other, &token));
        assert_eq!(one.desk.settings(&session).unwrap().sessions.len(), 0);
    });
}

#[test]
fn a_reset_at_one_node_ends_sessions_at_both_and_its_code_sets_up_once() {
    each(|nodes| {
        let Nodes { one, other, .. } = nodes;
        let code = one.desk.demo_code("chen").unwrap();
        let token = sign_in(&one.desk, "chen", PASSWORD, &code).unwrap().token;
        let form = InviteForm {
            person: "chen".into(),
            kind: "reset".into(),
            method: "sealed-slip".into(),
            reason: Personal::new("驗證器遺失"),
            proof: other.desk.demo_code("yang-lc").unwrap(),
            ..InviteForm::default()
        };
        let handed = other.desk.invite(&other.session("yang-lc"), &form).unwrap();
        assert!(!runs(one, &token) && !runs(other, &token));
        let view = one.desk.redeem("chen", handed.code.unwrap().expose()).unwrap();
        let proof = desk::account::current_code(&view.factor.secret, one.desk.now()).unwrap();
        let password = Personal::new("Quiet-Harbour-77");
        let set_up = |desk: &Desk| {
            let (password, again) = (password.clone(), password.clone());
            let (ticket, proof) = (view.ticket.clone(), proof.clone());
            desk.set_up(&SetUpForm { ticket, password, again, proof, place: office() })
        };
        let done: usize = std::thread::scope(|scope| {
            let tries = [one, other, one, other].map(|world| {
                let (desk, set_up) = (&world.desk, &set_up);
                scope.spawn(move || usize::from(set_up(desk).is_ok()))
            });
            tries.into_iter().map(|one| one.join().unwrap()).sum()
        });
        assert_eq!((done, one.count("platform", "account.enrolled")), (1, 1));
        assert!(!runs(one, &token) && !runs(other, &token));
    });
}

#[test]
fn a_code_used_at_one_node_is_used_at_both() {
    each(|nodes| {
        let Nodes { one, other, .. } = nodes;
        let code = one.desk.demo_code("chen").unwrap();
        sign_in(&one.desk, "chen", PASSWORD, &code).unwrap();
        let again = sign_in(&other.desk, "chen", PASSWORD, &code).map(|_| ());
        assert_eq!(refused_once(again).0, Reason::SignInFailed);
        nodes.pass_seconds(31);
        let code = one.desk.demo_code("chen").unwrap();
        let signed: usize = std::thread::scope(|scope| {
            let tries = [one, other, one, other].map(|world| {
                let (desk, code) = (&world.desk, &code);
                scope.spawn(move || usize::from(sign_in(desk, "chen", PASSWORD, code).is_ok()))
            });
            tries.map(|one| one.join().unwrap()).iter().sum()
        });
        assert_eq!(signed, 1, "four at the same moment");
        assert_eq!(other.count("platform", "account.signed-in"), 2);
    });
}

#[test]
fn failures_at_two_nodes_lock_the_account_at_both() {
    each(|nodes| {
        let Nodes { one, other, .. } = nodes;
        for world in [one, other, one, other, other] {
            assert_eq!(
                refused_once(sign_in(&world.desk, "chen", "wrong", "000000").map(|_| ())).0,
                Reason::SignInFailed
            );
        }
        assert_eq!(one.count("platform", "account.locked"), 1);
        for world in nodes.both() {
            nodes.pass_seconds(31);
            let code = world.desk.demo_code("chen").unwrap();
            let locked = sign_in(&world.desk, "chen", PASSWORD, &code).map(|_| ());
            assert_eq!(refused_once(locked).0, Reason::AccountLocked);
        }
    });
}

#[test]
fn attempts_at_two_nodes_are_counted_together() {
    each(|nodes| {
        let granted: usize = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..6)
                .map(|number| {
                    let desk = &nodes.both()[number % 2].desk;
                    scope.spawn(move || {
                        (0..5).filter(|_| desk.take_attempt("192.0.2.1").unwrap().is_none()).count()
                    })
                })
                .collect();
            tries.into_iter().map(|tries| tries.join().unwrap()).sum()
        });
        assert_eq!(granted, ATTEMPTS as usize);
        let Nodes { one, other, .. } = nodes;
        assert_eq!(one.desk.take_attempt("192.0.2.1").unwrap(), Some(Duration::from_secs(5)));
        assert_eq!(one.desk.take_attempt("192.0.2.2").unwrap(), None);
        other.desk.give_attempt("192.0.2.1").unwrap();
        assert_eq!(one.desk.take_attempt("192.0.2.1").unwrap(), None);
        // Buckets that nobody took from are full again, and gone.
        nodes.pass_seconds(2 * 3_600);
        one.desk.tick().unwrap();
        let taken = (0..=ATTEMPTS).map(|_| other.desk.take_attempt("192.0.2.1").unwrap());
        assert_eq!(taken.filter(Option::is_none).count(), ATTEMPTS as usize);
    });
}

#[test]
fn refusals_at_two_nodes_are_one_entry_and_one_count() {
    each(|nodes| {
        let (session, form) = nodes.one.lienchiang();
        let form = AskForm { purpose: "gossip".into(), ..form };
        for number in 0..10 {
            refused_once(nodes.both()[number % 2].desk.ask(&session, &form));
        }
        nodes.pass_seconds(1_300);
        for world in nodes.both() {
            world.desk.tick().unwrap();
        }
        let entries = nodes.one.entries("lienchiang");
        let refused: Vec<_> = entries.iter().filter(|e| e.act.starts_with("act.refused")).collect();
        assert_eq!(refused.len(), 2);
        assert!(refused[1].detail.contains(r#""count":9"#), "{}", refused[1].detail);
    });
}

#[test]
fn a_lookup_under_way_at_one_node_is_left_alone_by_the_other_until_its_time_is_over() {
    each(|nodes| {
        let (session, form) = nodes.one.lienchiang();
        let (hands, desks) = (nodes.both().map(|w| w.hand.clone()), nodes.both().map(|w| w.desk.clone()));
        let wait = move |seconds: i64| {
            hands.iter().for_each(|hand| hand.pass_seconds(seconds));
            // All nodes do their round at once, and again.
            std::thread::scope(|scope| {
                for desk in [&desks[1], &desks[0], &desks[1]] {
                    scope.spawn(|| desk.tick().unwrap());
                }
            });
        };
        // The longest that any node grants its provider, and more than a minute of difference in clocks.
        let still = wait.clone();
        nodes.one.before_answer(move || still(120 + 150));
        let code = nodes.one.desk.ask(&session, &form).unwrap().code;
        let answered = |code: &str| -> Vec<String> {
            let acts = nodes.other.acts("lienchiang", code);
            acts.into_iter().filter(|(act, _)| act == "lookup.answered").map(|(_, outcome)| outcome).collect()
        };
        assert_eq!(answered(&code), ["found"]);
        nodes.one.before_answer(move || {
            wait(302);
            panic!("the node dies here");
        });
        let other = AskForm { form_key: "dies".into(), ..form };
        let code = nodes.one.desk.ask(&session, &other).unwrap().code;
        assert_eq!(answered(&code)[0], "unknown");
        assert_eq!(answered(&code).iter().filter(|outcome| *outcome == "unknown").count(), 1);
    });
}

#[test]
fn the_same_request_at_two_nodes_is_carried_out_once() {
    each(|nodes| {
        let (session, form) = nodes.one.lienchiang();
        let form = AskForm { form_key: "once".into(), ..form };
        let answers: Vec<_> = std::thread::scope(|scope| {
            let asked: Vec<_> = (0..6)
                .map(|number| {
                    let (desk, session, form) = (&nodes.both()[number % 2].desk, &session, &form);
                    scope.spawn(move || desk.ask(session, form))
                })
                .collect();
            asked.into_iter().map(|asked| asked.join().unwrap()).collect()
        });
        let codes: std::collections::BTreeSet<_> = answers.iter().flatten().map(|view| &view.code).collect();
        assert_eq!(codes.len(), 1);
        // Who comes while the first is still asking finds no answer yet, and never asks again.
        let early = |answer: &Answer<desk::ResultView>| matches!(answer, Err(No::Refused(_)));
        assert!(answers.iter().all(|answer| answer.is_ok() || early(answer)));
        assert_eq!(nodes.one.count("lienchiang", "lookup.asked"), 1);
        assert_eq!(nodes.one.asked() + nodes.other.asked(), 1);
    });
}
