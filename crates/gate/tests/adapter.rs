//! The HTTP/JSON adapter against the simulator, over real HTTP on the loopback address.

mod common;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use common::{item, number, question, register, simulator};
use gate::simulator::{Mood, Outage, Running, Setting, Special, Wrong};
use gate::{Answer, DoubtKind, Gate, GateError, HttpJson, HttpSettings, Provider, Question, Shape};

fn running() -> (Running, HttpJson) {
    let running = Running::start(simulator()).expect("a port");
    let adapter = HttpJson::new(&HttpSettings::new(running.base())).expect("loopback");
    (running, adapter)
}

fn somebody(running: &Running) -> Question {
    let population = running.simulator().population();
    let person = population.persons().iter().find(|p| p.spouse.is_some() && p.number.is_some());
    register(number(person.expect("a couple")))
}

fn seen(running: &Running, question: &Question) -> u64 {
    running.simulator().log().get(&question.request_id).copied().unwrap_or(0)
}

#[test]
fn a_normal_answer_comes_back_whole_and_the_subject_only_in_the_body() {
    let (running, adapter) = running();
    let asked = somebody(&running);
    let answer = adapter.ask(&asked).expect("an answer");
    let Answer::Found { items } = &answer else { panic!("{answer:?}") };
    assert_eq!(items[0].rows[0]["id"], asked.subject.value.reveal());
    assert_eq!(items.len(), 4);
    assert_eq!(running.simulator().ask(&asked), Ok(answer), "the in-process adapter says the same");
    assert_eq!(adapter.probe(), Ok(()));
}

#[test]
fn slow_is_a_timeout_and_one_disclosure() {
    let (running, adapter) = running();
    let mut asked = somebody(&running);
    asked.deadline = Duration::from_millis(300);
    running.simulator().set(Mood::Slow { ms: 5_000 });
    let started = Instant::now();
    let Err(GateError::Timeout { waited }) = adapter.ask(&asked) else { panic!("no time-out") };
    assert!(waited >= Duration::from_millis(300) && started.elapsed() < Duration::from_secs(4));
    assert_eq!(seen(&running, &asked), 1);
    // A delay within the deadline is an answer like any other.
    running.simulator().set(Mood::Slow { ms: 50 });
    assert!(matches!(adapter.ask(&somebody(&running)), Ok(Answer::Found { .. })));
}

#[test]
fn down_is_down_and_is_never_asked_again() {
    let (running, adapter) = running();
    for how in [Outage::Unavailable, Outage::HangUp] {
        running.simulator().set(Mood::Down { how });
        let asked = somebody(&running);
        assert_eq!(adapter.ask(&asked), Err(GateError::Down), "{how:?}");
        assert_eq!(seen(&running, &asked), 1, "{how:?}");
        assert_eq!(adapter.probe(), Err(GateError::Down));
    }
}

#[test]
fn nobody_listening_is_down_after_a_few_tries() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let adapter = HttpJson::new(&HttpSettings::new(format!("http://{free}"))).expect("loopback");
    let started = Instant::now();
    assert_eq!(adapter.ask(&register("K")), Err(GateError::Down));
    assert!(started.elapsed() >= Duration::from_millis(150), "it tried once only");
    assert_eq!(adapter.probe(), Err(GateError::Down));
}

#[test]
fn half_is_partial() {
    let (running, adapter) = running();
    running.simulator().set(Mood::Half);
    let answer = adapter.ask(&somebody(&running)).expect("an answer");
    let Answer::Partial { items, missing } = answer else { panic!("{answer:?}") };
    assert_eq!(items.len(), 2);
    assert_eq!(missing, ["kinship", "alive"]);
}

#[test]
fn wrong_is_thrown_away_and_additions_are_doubtful() {
    let (running, adapter) = running();
    for how in [Wrong::OtherPerson, Wrong::Malformed, Wrong::Shape, Wrong::Huge] {
        running.simulator().set(Mood::Wrong { how });
        let asked = somebody(&running);
        let answer = adapter.ask(&asked);
        let Err(GateError::Malformed(text)) = answer else { panic!("{how:?}: {answer:?}") };
        assert!(text.is_ascii() && !text.contains(asked.subject.value.reveal()), "{text}");
        assert_eq!(seen(&running, &asked), 1);
    }
    running.simulator().set(Mood::Wrong { how: Wrong::Extra });
    let answer = adapter.ask(&somebody(&running)).expect("an answer");
    let Answer::Doubtful { items, doubts } = &answer else { panic!("{answer:?}") };
    assert!(items.iter().all(|item| item.rows.iter().all(|row| !row.contains_key("unasked"))));
    assert!(doubts.iter().any(|doubt| doubt.kind == DoubtKind::UnaskedItem));
}

#[test]
fn declared_doubts_arrive_and_a_number_held_twice_is_one() {
    let (running, adapter) = running();
    running.simulator().set(Mood::Doubtful);
    assert!(matches!(adapter.ask(&somebody(&running)), Ok(Answer::Doubtful { .. })));
    running.simulator().set(Mood::Normal);
    let shared = number(running.simulator().population().special(Special::SharedNumber)).to_owned();
    let answer = adapter.ask(&register(&shared)).expect("an answer");
    let Answer::Doubtful { doubts, .. } = answer else { panic!("{answer:?}") };
    assert_eq!(doubts[0].kind, DoubtKind::Declared { code: "number-held-twice".into() });
}

#[test]
fn an_unknown_person_and_a_made_up_subject_are_told_apart_from_a_wrong_path() {
    let (running, adapter) = running();
    assert_eq!(adapter.ask(&register("Z299999998")), Ok(Answer::NotFound));
    let wrong = HttpSettings::new(format!("{}/elsewhere", running.base()));
    let wrong = HttpJson::new(&wrong).expect("loopback");
    assert_eq!(wrong.ask(&register("Z299999998")), Err(GateError::Refused { status: 404 }));
}

#[test]
fn a_source_known_only_from_a_pack_is_answered() {
    let (_running, adapter) = running();
    let items = || {
        vec![
            item("berth", Shape::Record, &["berth-code", "holder", "granted-on", "grade"]),
            item("dues", Shape::List, &["year", "amount"]),
            item("insured", Shape::Verdict, &[]),
            item("queried", Shape::Fact, &[]),
        ]
    };
    let ask = |key: &str| adapter.ask(&question("moorings", "vessel", key, items())).expect("an answer");
    let Answer::Found { items: found } = ask("MV-0017") else { panic!("not found") };
    assert_eq!(found[0].rows[0].len(), 4);
    assert_eq!(found[0].rows[0]["granted-on"].len(), 10);
    assert!(!found[1].rows.is_empty() && found[2].verdict.is_some());
    assert!(found[3].rows.is_empty() && found[3].verdict.is_none());
    let Answer::Found { items: again } = ask("MV-0017") else { panic!("not found") };
    assert_eq!(found, again, "the same question has the same answer");
    let Answer::Found { items: other } = ask("MV-0018") else { panic!("not found") };
    assert_ne!(found[0], other[0]);
    assert_eq!(ask("MV-0404"), Answer::NotFound);
}

#[test]
fn the_gate_asks_over_http_and_is_full_when_it_is() {
    let (running, adapter) = running();
    let gate = Gate::new(1).expect("a thread");
    gate.register("register", Arc::new(adapter));
    assert_eq!(gate.probe("register"), Ok(()));
    let slot = gate.reserve().expect("free");
    assert_eq!(gate.reserve().err(), Some(GateError::Full));
    assert!(matches!(slot.ask(somebody(&running)), Ok(Answer::Found { .. })));
    assert!(gate.reserve().is_ok());
}

#[test]
fn moods_and_log_are_set_and_read_over_http() {
    let (running, adapter) = running();
    let base = running.base();
    let set = |json: &str| {
        let sent = ureq::post(format!("{base}/mood")).content_type("application/json").send(json);
        sent.expect("accepted").status().as_u16()
    };
    assert_eq!(set(r#"{"mood":"down","after":1,"count":1}"#), 204);
    let asked: Vec<Question> = (0..3).map(|_| somebody(&running)).collect();
    let ends: Vec<bool> = asked.iter().map(|question| adapter.ask(question).is_ok()).collect();
    assert_eq!(ends, [true, false, true]);
    let log = ureq::get(format!("{base}/log")).call().expect("a log").into_body().read_to_string();
    let log = log.expect("text");
    assert!(log.contains(r#""total":3"#) && log.contains(&asked[1].request_id), "{log}");
    assert!(asked.iter().all(|question| !log.contains(question.subject.value.reveal())), "{log}");
    running.simulator().set(Setting { mood: Mood::Half, after: 0, count: Some(0) });
    assert!(matches!(adapter.ask(&somebody(&running)), Ok(Answer::Found { .. })));
}

#[test]
fn hostile_requests_are_refused_by_the_simulator() {
    let (running, _) = running();
    let post = |id: &str, body: &str| {
        let agent =
            ureq::Agent::new_with_config(ureq::Agent::config_builder().http_status_as_error(false).build());
        let request = agent.post(format!("{}/v1/query", running.base())).header("x-request-id", id);
        request.content_type("application/json").send(body).expect("an answer").status().as_u16()
    };
    let body =
        r#"{"request_id":"R-x","source":"s","dataset":"d","subject":{"kind":"k","value":"v"},"items":[]}"#;
    assert_eq!(post("R-x", body), 200);
    assert_eq!(post("R-y", body), 400, "header and body differ");
    assert_eq!(post("R-x", "{"), 400);
    assert_eq!(post("R-x", &body.replace("items", "itmes")), 422);
    assert_eq!(post("R-x", &" ".repeat(70_000)), 413);
}

/// A provider that answers once with these bytes and counts how often it is asked.
fn once(scheme: &str, bytes: &'static [u8]) -> (HttpJson, std::thread::JoinHandle<usize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("{scheme}://{}", listener.local_addr().expect("an address"));
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(bytes);
        drop(stream);
        listener.set_nonblocking(true).expect("a listener");
        let until = Instant::now() + Duration::from_millis(400);
        let mut count = 1;
        while Instant::now() < until {
            count += usize::from(listener.accept().is_ok());
            std::thread::yield_now();
        }
        count
    });
    (HttpJson::new(&HttpSettings::new(base)).expect("loopback"), asked)
}

#[test]
fn no_redirect_is_followed_and_no_doubtful_end_is_retried() {
    type Case = (&'static [u8], fn(&GateError) -> bool);
    let cases: [Case; 4] = [
        (b"HTTP/1.1 307 Away\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n", |error| {
            *error == GateError::Refused { status: 307 }
        }),
        (b"", |error| *error == GateError::Down),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{", |error| *error == GateError::Down),
        (b"SMTP ready\r\n\r\n", |error| matches!(error, GateError::Malformed(_))),
    ];
    for (bytes, is_right) in cases {
        let (adapter, asked) = once("http", bytes);
        let error = adapter.ask(&register("K")).expect_err("no answer");
        let text = String::from_utf8_lossy(bytes).into_owned();
        assert!(is_right(&error), "{text}: {error:?}");
        assert_eq!(asked.join().expect("a count"), 1, "{text}");
    }
}

#[test]
fn a_provider_that_does_not_speak_tls_is_down() {
    let (adapter, asked) = once("https", b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(adapter.ask(&register("K")), Err(GateError::Down));
    assert_eq!(asked.join().expect("a count"), 1);
}
