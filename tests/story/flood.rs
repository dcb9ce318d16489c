//! Floods of refused attempts and of failed sign-ins do not fill the log.

use super::stage::played;
use super::world::{ADDRESS, PASSWORD, refused_once};
use desk::account::SignIn;
use desk::lookup::AskForm;
use domain::actor::Place;
use domain::{Personal, Reason};

fn attempt(login: &str, password: &str, code: &str) -> SignIn {
    SignIn {
        login: login.into(),
        password: Personal::new(password),
        code: code.into(),
        place: Place::Elsewhere,
        address: ADDRESS.into(),
    }
}

#[test]
fn a_thousand_refusals_of_one_kind_make_two_entries() {
    played(|stage| {
        let world = stage.world();
        let (session, form) = world.lienchiang();
        let form = AskForm { purpose: "gossip".into(), ..form };
        for _ in 0..1_000 {
            let (reason, _) = refused_once(world.desk.ask(&session, &form));
            assert_eq!(reason, Reason::PurposeNotPermitted);
        }
        world.hand.pass_seconds(1_300);
        world.desk.tick().unwrap();
        world.desk.tick().unwrap();
        let entries = world.entries("lienchiang");
        let refused: Vec<_> = entries.iter().filter(|e| e.act.starts_with("act.refused")).collect();
        assert_eq!(refused.len(), 2);
        assert_eq!(refused[0].clauses, ["lienchiang/2.p2"]);
        assert!(refused[1].detail.contains("999"), "{}", refused[1].detail);
        assert!(refused.iter().all(|entry| entry.outcome == "refused"));
    });
}

#[test]
fn another_kind_and_another_window_have_entries_of_their_own() {
    played(|stage| {
        let world = stage.world();
        let (session, form) = world.lienchiang();
        let count = || world.count("lienchiang", "act.refused");
        let vague = AskForm { purpose_text: "如題".into(), ..form.clone() };
        let gossip = AskForm { purpose: "gossip".into(), ..form };
        for form in [&gossip, &vague, &gossip, &vague] {
            refused_once(world.desk.ask(&session, form));
        }
        assert_eq!(count(), 2);
        world.hand.pass_seconds(601);
        refused_once(world.desk.ask(&session, &gossip));
        assert_eq!(count(), 3);
    });
}

#[test]
fn failed_sign_ins_are_one_entry_a_window_a_layer_and_an_account() {
    played(|stage| {
        let world = stage.world();
        let platform = || {
            let all = world.entries("platform");
            all.into_iter().filter(|entry| entry.act == "account.failed").collect::<Vec<_>>()
        };
        for number in 0..40 {
            let form = attempt(&format!("nobody-{number}"), "x", "000000");
            assert_eq!(refused_once(world.desk.sign_in(&form).map(|_| ())).0, Reason::SignInFailed);
        }
        for (login, password) in [("chen", PASSWORD), ("chen", PASSWORD), ("chen", "x"), ("liu", "x")] {
            let no = refused_once(world.desk.sign_in(&attempt(login, password, "000000")).map(|_| ()));
            assert_eq!(no, (Reason::SignInFailed, None), "whoever tries is told the same of either layer");
        }
        world.desk.tick().unwrap();
        assert_eq!(platform().len(), 0, "the window is not over");
        world.hand.pass_seconds(901);
        world.desk.tick().unwrap();
        world.desk.tick().unwrap();
        let entries = platform();
        let details: Vec<&str> = entries.iter().map(|entry| entry.detail.as_str()).collect();
        let mut told = details.clone();
        told.sort_unstable();
        let entry = |who: &str, n: u32, layer: &str| {
            format!(r#"{{"account":"{who}","count":{n},"layer":"{layer}"}}"#)
        };
        let expected = [
            entry("known", 1, "password"),
            entry("known", 1, "password"),
            entry("known", 2, "second-factor"),
            entry("unknown", 40, "password"),
        ];
        assert_eq!(told, expected);
        assert!(details.iter().all(|d| !d.contains("nobody") && !d.contains("chen")), "{details:?}");
    });
}
