//! Sessions, limits, counters, parked answers.

use super::*;
use crate::door::{Config, Store};
use crate::parked::Parked;
use crate::testing::{Scratch, at, enrol, log};
use domain::id::{AssignmentId, PersonId};
use std::time::Duration;

fn store() -> Store {
    Store::open(&Config::in_memory()).unwrap()
}

fn session(id: &str, ends: i64) -> SessionRow {
    SessionRow {
        id_hash: id.into(),
        person: PersonId::new("p1"),
        assignment: None,
        created: at(0),
        seen: at(0),
        idle_until: at(600),
        ends: at(ends),
        proved_at: None,
        place: "office".into(),
        data: "{}".into(),
    }
}

#[test]
fn sessions_are_kept_changed_and_ended() {
    let store = store();
    let first = session("a", 3_600);
    store.tend(|tend| tend.put_session(&first)).unwrap();
    let chosen = SessionRow {
        assignment: Some(AssignmentId::new("as1")),
        proved_at: Some(at(5)),
        data: "{\"x\":1}".into(),
        ..first.clone()
    };
    store.tend(|tend| tend.put_session(&chosen)).unwrap();
    store.tend(|tend| tend.touch_session("a", at(60), at(660))).unwrap();
    let wanted = SessionRow { seen: at(60), idle_until: at(660), ..chosen };
    assert_eq!(store.read(|read| read.session("a")).unwrap(), Some(wanted));
    let running = |now| {
        let rows = store.read(|read| read.sessions_of(&PersonId::new("p1"), at(now))).unwrap();
        rows.into_iter().map(|session| session.id_hash).collect::<Vec<_>>()
    };
    store.tend(|tend| tend.put_session(&session("b", 100))).unwrap();
    assert_eq!(running(99), ["a", "b"]);
    assert_eq!(running(100), ["a"]);
    assert!(running(660).is_empty());
    store.tend(|tend| tend.drop_sessions(at(100))).unwrap();
    assert_eq!(store.read(|read| read.session("b")).unwrap(), None);
    store.tend(|tend| tend.drop_sessions(at(3_600))).unwrap();
    assert_eq!(store.read(|read| read.session("a")).unwrap(), None);
}

#[test]
fn an_ended_session_stays_ended_whoever_used_it_at_that_moment() {
    let store = store();
    for id in ["c", "d", "e"] {
        store.tend(|tend| tend.put_session(&session(id, 3_600))).unwrap();
    }
    store.tend(|tend| tend.end_session("c")).unwrap();
    store.tend(|tend| tend.touch_session("c", at(1), at(601))).unwrap();
    let until = |id: &str| store.read(|read| read.session(id)).unwrap().unwrap().idle_until;
    assert_eq!((until("c"), until("d")), (Instant::from_micros(0), at(600)));
    store.tend(|tend| tend.end_sessions_of(&PersonId::new("p1"))).unwrap();
    assert!(store.read(|read| read.sessions_of(&PersonId::new("p1"), at(0))).unwrap().is_empty());
}

#[test]
fn a_bucket_of_tokens_empties_and_refills() {
    let store = store();
    let take = |seconds| store.tend(|tend| tend.take_token("ip", 2, 6, at(seconds))).unwrap();
    assert_eq!((take(0), take(0)), (None, None));
    assert_eq!(take(0), Some(Duration::from_secs(10)));
    assert_eq!(take(4), Some(Duration::from_secs(6)));
    assert_eq!(take(10), None);
    assert!(take(10).is_some());
    // A clock that goes back gives nothing and takes nothing.
    assert!(take(-100).is_some());
    assert_eq!(take(1_000_000), None);
    store.tend(|tend| tend.drop_rates(at(2_000_000))).unwrap();
    assert_eq!(take(0), None);
}

#[test]
fn failures_and_refusals_are_counted_by_span_and_wait_in_bundles_that_never_grow() {
    Scratch::each(|scratch| {
        let store = scratch.open();
        let fail = |span| store.tend(|tend| tend.count_failure("wang", at(span))).unwrap();
        assert_eq!((fail(0), fail(0), fail(60)), (1, 2, 1));
        let run = |name: &str| store.tend(|tend| tend.lengthen_run(name)).unwrap();
        assert_eq!((run("wang"), run("wang"), run("nobody")), (1, 2, 1), "whenever they were");
        let refuse = |span| {
            let person = PersonId::new("p");
            store.tend(|tend| tend.count_refusal(&person, "lookup.ask", "off-site", at(span))).unwrap()
        };
        assert_eq!((refuse(0), refuse(0)), (1, 2));
        let tie = |name: &str, span| store.tend(|tend| tend.bundle(name, at(span), at(span))).unwrap();
        let tied = || {
            let (failures, refusals) =
                store.read(|read| Ok((read.bundled_failures()?, read.bundled_refusals()?))).unwrap();
            let failures = failures.into_iter().map(|one| (one.bundle, one.span, one.n));
            let refusals = refusals.into_iter().map(|one| (one.bundle, one.span, one.n));
            (failures.collect::<Vec<_>>(), refusals.collect::<Vec<_>>())
        };
        tie("early", 0);
        assert_eq!(tied(), (vec![], vec![]));
        tie("first", 60);
        // A straggler of a span that is over begins a count of its own.
        assert_eq!((fail(0), refuse(0)), (1, 1));
        let first = ("first".to_owned(), at(0));
        let once = (vec![(first.0.clone(), first.1, 2)], vec![(first.0, first.1, 2)]);
        assert_eq!(tied(), once);
        store.tend(|tend| tend.end_run("wang")).unwrap();
        assert_eq!((tied(), run("wang"), run("nobody")), (once, 1, 2));
        tie("second", 60);
        store.tend(|tend| tend.drop_bundle("first")).unwrap();
        let second = vec![("second".to_owned(), at(0), 1)];
        assert_eq!(tied(), (second.clone(), second), "a success takes nothing out of the log");
    });
}

#[test]
fn a_lease_has_one_holder_until_it_lapses() {
    let store = store();
    let take =
        |holder, until, now| store.tend(|tend| tend.take_lease("close", holder, at(until), at(now))).unwrap();
    assert!(take("a", 10, 0));
    assert!(!take("b", 20, 5));
    assert!(take("a", 15, 5));
    assert!(!take("b", 20, 14));
    assert!(take("b", 30, 15));
    store.tend(|tend| tend.drop_lease("close", "a")).unwrap();
    assert!(!take("a", 40, 20));
    store.tend(|tend| tend.drop_lease("close", "b")).unwrap();
    assert!(take("a", 40, 20));
}

#[test]
fn serial_numbers_are_never_given_twice() {
    let store = store();
    let numbers: Vec<u64> = std::thread::scope(|scope| {
        let take = || scope.spawn(|| store.tend(|tend| tend.take_serials(&log(), "2026-11-22", 3)).unwrap());
        let threads: Vec<_> = (0..16).map(|_| take()).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let mut sorted = numbers;
    sorted.sort_unstable();
    assert_eq!(sorted, (0..16).map(|n| 1 + 3 * n).collect::<Vec<_>>());
}

#[test]
fn a_parked_answer_opens_with_its_secret_in_its_time_only() {
    let scratch = Scratch::new();
    let store = scratch.open();
    let (lookup, other) = ("L1", "L2");
    let secret = [7_u8; 32];
    let answer = "王小明 A123456789".as_bytes();
    let parked = Parked::seal(lookup, &secret, answer, at(60)).unwrap();
    store.write_parking(enrol("p1", 0, "e1"), Some(parked)).unwrap();
    let open = |lookup: &str, secret: &[u8], now| store.read(|read| read.parked(lookup, secret, at(now)));
    assert_eq!(open(lookup, &secret, 59).unwrap().unwrap().as_slice(), answer);
    assert!(open(lookup, &secret, 60).unwrap().is_none());
    assert!(open(lookup, &[8; 32], 0).unwrap().is_none());
    assert!(open(other, &secret, 0).unwrap().is_none());
    let raw = scratch.raw();
    let (hash, body): (String, Vec<u8>) = raw
        .query_row("SELECT secret_hash, body FROM parked", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    assert!(
        !hash.contains(&crate::random::hex(&secret)) && !body.windows(10).any(|part| part == b"A123456789")
    );
    raw.execute("UPDATE parked SET body = zeroblob(60)", []).unwrap();
    assert!(matches!(open(lookup, &secret, 0), Err(Fault::Unsealable(_))));
    store.tend(|tend| tend.drop_parked(lookup)).unwrap();
    assert!(open(lookup, &secret, 0).unwrap().is_none());
    let parked = || Some(Parked::seal(lookup, &secret, answer, at(60)).unwrap());
    assert!(store.write_parking(enrol("p1", 0, "e2"), parked()).is_err());
    assert!(open(lookup, &secret, 0).unwrap().is_none());
    store.write_parking(enrol("p2", 0, "e2"), parked()).unwrap();
    store.tend(|tend| tend.drop_expired(at(60))).unwrap();
    assert!(open(lookup, &secret, 0).unwrap().is_none());
}

fn waiting(id: &str, made: i64) -> MailRow {
    MailRow {
        id: id.into(),
        log: log(),
        person: PersonId::new("p1"),
        kind: "digest".into(),
        subject: "subject".into(),
        body: "body".into(),
        made: at(made),
        tries: 0,
        handed: 0,
    }
}

#[test]
fn a_mail_is_claimed_once_and_counted_back_only_if_it_was_not_taken() {
    Scratch::each(|scratch| {
        let store = scratch.open();
        let due = |now| store.read(|read| read.due_mail(at(now), 10)).unwrap();
        for (id, made) in [("b", 5), ("a", 5), ("c", 9)] {
            store.tend(|tend| tend.put_mail(&waiting(id, made))).unwrap();
        }
        let ids = |now| due(now).into_iter().map(|mail| mail.id).collect::<Vec<_>>();
        assert_eq!(
            (ids(4), ids(5), ids(9)),
            (vec![], vec!["a".into(), "b".into()], vec!["a".into(), "b".into(), "c".into()])
        );
        let claim = |now, next| store.tend(|tend| tend.claim_mail("a", at(now), at(next))).unwrap();
        assert!(claim(10, 70));
        assert!(!claim(10, 70), "another node comes too late");
        assert!(!claim(69, 130) && claim(70, 130));
        store.tend(|tend| tend.mail_not_taken("a")).unwrap();
        let own = due(130).into_iter().find(|mail| mail.id == "a").unwrap();
        assert_eq!((own.tries, own.handed), (2, 1));
        store.tend(|tend| tend.give_up_mail("a", at(200))).unwrap();
        store.tend(|tend| tend.drop_mail("b")).unwrap();
        assert_eq!(ids(300), ["c"]);
        let count = store.read(|read| read.count_mail()).unwrap();
        assert_eq!((count.waiting, count.given_up), (1, 1));
        store.tend(|tend| tend.drop_given_up_mail(at(201))).unwrap();
        assert_eq!(store.read(|read| read.count_mail()).unwrap().given_up, 0);
    });
}

#[test]
fn people_are_written_to_once_a_day_and_at_once_once_an_hour() {
    Scratch::each(|scratch| {
        let store = scratch.open();
        let (log, person) = (log(), PersonId::new("p1"));
        let day = |text: &str| domain::time::Date::parse_iso(text).unwrap();
        let digest = |text| store.tend(|tend| tend.take_digest(&log, &person, day(text))).unwrap();
        let urgent =
            |now: i64| store.tend(|tend| tend.take_urgent(&log, &person, at(now), at(now - 3_600))).unwrap();
        assert_eq!((urgent(7_200), urgent(7_201), urgent(10_799)), (true, false, false));
        assert_eq!((digest("2026-03-02"), digest("2026-03-02")), (Some(2), None));
        assert!(urgent(10_800), "an hour has passed");
        assert_eq!((digest("2026-03-03"), digest("2026-03-02")), (Some(0), None));
    });
}
