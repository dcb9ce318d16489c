//! One disclosure an entry, one entry a disclosure, whatever goes wrong.

use super::stage::played;
use super::world::{Limits, World, refused_once, shown};
use desk::lookup::AskForm;
use desk::{Ending, No};
use domain::Reason;
use domain::lookup::{Stamp, State};
use gate::simulator::{Mood, Outage, Wrong};
use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier, Mutex};
use std::time::Duration;

/// How long one thread waits for another.
const PATIENCE: Duration = Duration::from_secs(20);

/// Every question has exactly one entry, and every entry at most one question.
fn balanced(world: &World) {
    let log = world.provider.simulator.log();
    let entries = world.entries("lienchiang");
    let asked: Vec<&str> = entries
        .iter()
        .filter(|entry| entry.act == "lookup.asked")
        .map(|entry| entry.record.as_deref().unwrap())
        .collect();
    assert_eq!(log.len(), asked.len());
    for code in asked {
        assert_eq!(log.get(code), Some(&1), "{code} was asked once");
        let closed = entries
            .iter()
            .filter(|entry| entry.act == "lookup.answered" && entry.record.as_deref() == Some(code));
        assert_eq!(closed.count(), 1, "{code} was closed once");
    }
}

#[test]
fn each_mood_of_the_provider_makes_one_question_one_entry_and_one_ending() {
    played(|stage| {
        let moods = [
            (Mood::Normal, Ending::Found, "found", State::Answered),
            (Mood::Slow { ms: 5_000 }, Ending::TimedOut, "timed-out", State::Unknown),
            (Mood::Down { how: Outage::Unavailable }, Ending::Down, "down", State::NotObtained),
            (Mood::Down { how: Outage::HangUp }, Ending::Down, "down", State::NotObtained),
            (Mood::Wrong { how: Wrong::Malformed }, Ending::Malformed, "malformed", State::NotObtained),
            (Mood::Doubtful, Ending::Doubtful, "doubtful", State::Answered),
        ];
        let world = stage.limited(Limits { provider_seconds: 1, ..Limits::default() });
        let (session, form) = world.lienchiang();
        for (place, (mood, ending, outcome, state)) in moods.into_iter().enumerate() {
            world.provider.simulator.set(mood);
            let form = AskForm { form_key: format!("mood-{place}"), ..form.clone() };
            let view = world.desk.ask(&session, &form).unwrap();
            assert_eq!(view.ending, Some(ending), "{mood:?}");
            let acts = world.acts("lienchiang", &view.code);
            let outcomes: Vec<&str> = acts.iter().map(|(_, outcome)| outcome.as_str()).collect();
            assert_eq!(outcomes, ["done", outcome], "{mood:?}");
            let row = world.row("lienchiang", &view.code).lookup;
            assert_eq!((row.state, row.stamp), (state, Stamp::Awaiting), "{mood:?}");
            let data = matches!(ending, Ending::Found | Ending::Doubtful);
            assert_eq!(!shown(&view).is_empty(), data, "{mood:?}");
        }
        balanced(&world);
    });
}

#[test]
fn half_an_answer_says_what_is_missing() {
    played(|stage| {
        let world = stage.world();
        let (session, mut form) = world.lienchiang();
        form.items = vec!["household/basic".into(), "household/household".into()];
        world.provider.simulator.set(Mood::Half);
        let view = world.desk.ask(&session, &form).unwrap();
        assert!(matches!(view.ending, Some(Ending::Partial | Ending::Doubtful)), "{:?}", view.ending);
        assert_eq!(view.items.iter().filter(|item| item.missing).count(), 1);
        balanced(&world);
    });
}

#[test]
fn another_persons_data_are_never_shown_without_a_doubt() {
    played(|stage| {
        let world = stage.world();
        let (session, form) = world.lienchiang();
        world.provider.simulator.set(Mood::Wrong { how: Wrong::OtherPerson });
        let view = world.desk.ask(&session, &form).unwrap();
        assert!(!matches!(view.ending, Some(Ending::Found)), "{:?}", view.ending);
        balanced(&world);
    });
}

#[test]
fn a_double_submit_is_one_entry_and_one_question() {
    played(|stage| {
        let world = stage.world();
        let (session, form) = world.lienchiang();
        let first = world.desk.ask(&session, &form).unwrap();
        let second = world.desk.ask(&session, &form).unwrap();
        assert_eq!(first.code, second.code);
        assert_eq!(shown(&first), shown(&second));
        assert_eq!((world.asked(), world.count("lienchiang", "lookup.asked")), (1, 1));
        assert_eq!(world.count("lienchiang", "lookup.reviewed"), 1, "the second look has its entry");
        balanced(&world);
    });
}

#[test]
fn a_key_for_another_request_is_refused() {
    played(|stage| {
        let world = stage.world();
        let (session, form) = world.lienchiang();
        world.desk.ask(&session, &form).unwrap();
        let other = AskForm { party: Some(2), ..form };
        let (reason, _) = refused_once(world.desk.ask(&session, &other));
        assert_eq!(reason, Reason::KeyReused);
        assert_eq!(world.asked(), 1);
        balanced(&world);
    });
}

#[test]
fn two_threads_that_press_at_once_make_one_entry() {
    played(|stage| {
        let world = stage.world();
        let (session, form) = world.lienchiang();
        let barrier = Arc::new(Barrier::new(2));
        let (second, was_second) = channel();
        let was_second = Mutex::new(was_second);
        // The provider answers the one once the other was told that the answer is not there yet; without
        // this, what the other one is told, and what stands first in the log, would be chance.
        world.before_answer(move || was_second.lock().unwrap().recv_timeout(PATIENCE).unwrap());
        let threads: Vec<_> = (0..2)
            .map(|_| {
                let (desk, session, form) = (world.desk.clone(), session.clone(), form.clone());
                let (barrier, second) = (Arc::clone(&barrier), second.clone());
                std::thread::spawn(move || {
                    barrier.wait();
                    let answer = desk.ask(&session, &form).map(|view| view.code);
                    second.send(()).ok();
                    answer
                })
            })
            .collect();
        let mut answers: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        answers.sort_by_key(Result::is_err);
        assert_eq!(refused_once(answers.pop().unwrap()).0, Reason::AnswerGone);
        let code = answers.pop().unwrap().unwrap();
        assert_eq!((world.asked(), world.count("lienchiang", "lookup.asked")), (1, 1));
        balanced(&world);
        // Each draws a code; whose lookup it becomes is chance.
        code
    });
}

#[test]
fn a_client_that_goes_away_leaves_a_closed_lookup() {
    played(|stage| {
        let world = stage.world();
        let (session, form) = world.lienchiang();
        let (asked, was_asked) = channel();
        let (release, wait) = channel::<()>();
        let wait = Mutex::new(wait);
        world.before_answer(move || {
            asked.send(()).unwrap();
            wait.lock().unwrap().recv_timeout(Duration::from_millis(700)).ok();
        });
        let (desk, mine) = (world.desk.clone(), session.clone());
        let (done, finished) = channel();
        // Nobody waits for this thread: its client is gone.
        drop(std::thread::spawn(move || done.send(desk.ask(&mine, &form).map(|view| view.code))));
        was_asked.recv_timeout(Duration::from_secs(5)).unwrap();
        release.send(()).unwrap();
        let code = finished.recv_timeout(Duration::from_secs(5)).unwrap().unwrap();
        assert_eq!(world.row("lienchiang", &code).lookup.state, State::Answered);
        balanced(&world);
    });
}

#[test]
fn a_stranded_lookup_is_closed_as_unknown_after_its_time() {
    played(|stage| {
        let world = stage.world();
        let (session, form) = world.lienchiang();
        let (desk, hand) = (world.desk.clone(), world.hand.clone());
        // The timer runs while the provider is being asked, as a survivor of a dead process would.
        world.before_answer(move || {
            hand.pass_seconds(299);
            desk.tick().unwrap();
        });
        let view = world.desk.ask(&session, &form).unwrap();
        assert_eq!(world.row("lienchiang", &view.code).lookup.state, State::Answered, "not too early");
        let (desk, hand) = (world.desk.clone(), world.hand.clone());
        world.before_answer(move || {
            hand.pass_seconds(302);
            desk.tick().unwrap();
            panic!("the process dies here");
        });
        let other = AskForm { form_key: "dies".into(), ..form };
        let code = world.desk.ask(&session, &other).unwrap().code;
        let acts = world.acts("lienchiang", &code);
        assert_eq!(acts[1], ("lookup.answered".into(), "unknown".into()));
        assert_eq!(acts[0].0, "lookup.asked");
    });
}

#[test]
fn a_full_gate_says_busy_and_leaves_nothing() {
    played(|stage| {
        let world = stage.limited(Limits { places: 1, ..Limits::default() });
        let (session, form) = world.lienchiang();
        let before = world.entries("lienchiang").len();
        let place = world.desk.gate().reserve().unwrap();
        let answer = world.desk.ask(&session, &form);
        assert!(matches!(answer, Err(No::Busy { retry_after }) if retry_after > 0), "{answer:?}");
        assert_eq!(world.entries("lienchiang").len(), before);
        assert_eq!(world.asked(), 0);
        drop(place);
        world.desk.ask(&session, &form).unwrap();
        balanced(&world);
    });
}

#[test]
fn nobody_under_this_key_is_an_answer_too() {
    played(|stage| {
        let world = stage.world();
        let (session, mut form) = world.lienchiang();
        form.party = None;
        form.subject = Some(domain::Personal::new("A123456789"));
        form.not_party_reason = "疑似同住親屬".into();
        let view = world.desk.ask(&session, &form).unwrap();
        assert_eq!(view.ending, Some(Ending::NotFound));
        balanced(&world);
    });
}
