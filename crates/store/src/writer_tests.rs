//! What remains after a failure: nothing, or all of it, and never a doubt.

use super::*;
use crate::cluster::{Ailment, Moment};
use crate::door::Store;
use crate::testing::{Commit, Plan, Scratch, cluster, enrol, enrol_once, log};
use std::sync::atomic::Ordering;

fn size(store: &Store) -> u64 {
    store.read(|read| Ok(read.head(&log())?.map_or(0, |head| head.size))).unwrap()
}

/// Row counts of every table that a write touches.
fn trace(scratch: &Scratch) -> Vec<i64> {
    let tables = [
        "log_head",
        "log_leaf",
        "log_node",
        "revision",
        "idempotency",
        "decision",
        "clause_count",
        "sealed",
        "person",
    ];
    let count = |table: &&str| scratch.number(&format!("SELECT COUNT(*) AS n FROM {table}")).unwrap();
    tables.iter().map(count).collect()
}

fn fail_at(plan: &Plan, statement: usize) {
    *plan.countdown.lock().unwrap() = Some(statement);
}

#[test]
fn a_fault_at_any_statement_leaves_no_trace() {
    Scratch::each(|scratch| {
        let (store, plan) = scratch.open_failing();
        store.write(enrol("p0", 0, "e0")).unwrap();
        store.publish_now(&log()).unwrap();
        let before = trace(scratch);
        let prepared = store.prepare(&enrol_once("p1", "e1", "k", "r")).unwrap();
        plan.ran.store(0, Ordering::SeqCst);
        // A connection that breaks off before anything was sent on it is replaced, so the first to fail is
        // the second.
        let mut failed = 1;
        loop {
            fail_at(&plan, failed);
            let result = store.shared().lanes.of(log().as_str()).writer.lock().write_one(&prepared);
            if plan.countdown.lock().unwrap().take().is_some() {
                result.unwrap();
                break;
            }
            assert!(
                matches!(result, Err(WriteError::Fault(Fault::Lost(_)))),
                "statement {failed}: {result:?}"
            );
            assert_eq!(trace(scratch), before, "statement {failed}");
            failed += 1;
        }
        assert!(failed >= 9, "only {failed} statements could fail");
        assert_eq!(size(&store), 2);
        let after: Vec<i64> = trace(scratch);
        assert_eq!(after[1], before[1] + 1);
    });
}

#[test]
fn a_commit_that_fails_and_loses_leaves_nothing() {
    Scratch::each(|scratch| {
        let (store, plan) = scratch.open_failing();
        store.write(enrol("p0", 0, "e0")).unwrap();
        store.publish_now(&log()).unwrap();
        let before = trace(scratch);
        plan.commits.lock().unwrap().push(Commit::Loses);
        assert!(matches!(store.write(enrol("p1", 0, "e1")), Err(WriteError::Fault(Fault::Lost(_)))));
        assert_eq!(trace(scratch), before);
        assert_eq!(store.write(enrol("p1", 0, "e1")).unwrap().index, 1);
    });
}

#[test]
fn a_commit_that_fails_but_persists_is_found_again() {
    Scratch::each(|scratch| {
        let (store, plan) = scratch.open_failing();
        store.write(enrol("p0", 0, "e0")).unwrap();
        store.publish_now(&log()).unwrap();
        plan.commits.lock().unwrap().push(Commit::Persists);
        let receipt = store.write(enrol("p1", 0, "e1")).unwrap();
        assert_eq!((receipt.index, size(&store)), (1, 2));
        let leaf = store.read(|read| read.leaf(&log(), 1)).unwrap().unwrap();
        assert_eq!(leaf.hash, receipt.hash);
        store.publish_now(&log()).unwrap();
        plan.commits.lock().unwrap().push(Commit::Persists);
        let decided: Result<Result<Receipt, ()>, _> =
            store.write_deciding(&log(), None, |_| Ok(Ok(enrol("p2", 0, "e2"))));
        assert_eq!(decided.unwrap().unwrap().index, 2);
        assert_eq!(store.write(enrol("p3", 0, "e3")).unwrap().index, 3);
    });
}

#[test]
fn a_commit_that_cannot_be_looked_into_is_unknown_and_resolved_by_the_key() {
    Scratch::each(|scratch| {
        let (store, plan) = scratch.open_failing();
        store.write(enrol("p0", 0, "e0")).unwrap();
        store.publish_now(&log()).unwrap();
        plan.commits.lock().unwrap().push(Commit::Persists);
        *plan.unreachable.lock().unwrap() = true;
        assert_eq!(store.write(enrol_once("p1", "e1", "k", "r")), Err(WriteError::Unknown));
        *plan.unreachable.lock().unwrap() = false;
        let again = store.write(enrol_once("p1", "e2", "k", "r")).unwrap();
        assert!(again.replayed && again.index == 1);
        assert_eq!(size(&store), 2);
    });
}

#[test]
fn entries_cannot_be_changed_through_the_database() {
    Scratch::each(|scratch| {
        let store = scratch.open();
        store.write(enrol("p0", 0, "e0")).unwrap();
        let own: &[&str] = match scratch.url().starts_with("sqlite") {
            true => &[
                "INSERT OR REPLACE INTO log_leaf (log, idx, hash, body) VALUES ('platform', 0, x'00', x'00')",
            ],
            false => &["TRUNCATE log_leaf", "TRUNCATE decision", "TRUNCATE log_head"],
        };
        let portable = [
            "UPDATE log_leaf SET body = hash",
            "UPDATE log_leaf SET idx = 7",
            "DELETE FROM log_leaf",
            "UPDATE log_head SET size = 0",
            "DELETE FROM log_head",
            "UPDATE decision SET outcome = 'done'",
            "DELETE FROM decision",
        ];
        for change in portable.iter().chain(own) {
            let error = scratch.number(change).unwrap_err();
            assert!(error.message.contains("never"), "{change}: {error:?}");
        }
        assert_eq!(size(&store), 1);
    });
}

#[test]
fn two_writers_over_one_database_never_fork_a_log() {
    Scratch::each(|scratch| {
        let (one, two) = (scratch.open(), scratch.open());
        std::thread::scope(|scope| {
            for (store, name) in [(&one, "a"), (&two, "b")] {
                scope.spawn(move || {
                    for n in 0..25 {
                        store.write(enrol(&format!("{name}{n}"), 0, &format!("{name}{n}"))).unwrap();
                    }
                });
            }
        });
        assert_eq!((size(&one), size(&two)), (50, 50));
        let checkpoint = two.publish_now(&log()).unwrap().unwrap();
        assert_eq!(checkpoint.size, 50);
    });
}

/// Lets the database of the writer's connection have no more pages than these, or than it has.
fn limit(store: &Store, pages: i64) {
    let sql = format!("PRAGMA max_page_count = {pages}");
    let lane = store.shared().lanes.of(log().as_str());
    let set = lane.writer.lock().transact(|engine, _| Ok(engine.run(&sql, &[])?));
    assert!(set.is_ok());
}

#[test]
fn a_full_disk_is_said_so_and_leaves_everything_as_it_was() {
    let scratch = &Scratch::new();
    let store = scratch.open();
    store.write(enrol("p0", 0, "e0")).unwrap();
    store.publish_now(&log()).unwrap();
    let before = trace(scratch);
    limit(&store, 1);
    let big = domain::directory::Person {
        id: domain::id::PersonId::new("big"),
        name: "x".repeat(200_000),
        number: domain::Personal::default(),
    };
    let big = vec![domain::directory::Change::Person(big)];
    let event = domain::id::EventId::new("e1");
    let decision = domain::directory::enrol(&log(), big, [], &event, crate::testing::at(0)).unwrap();
    assert_eq!(store.write(decision.clone()), Err(WriteError::Fault(Fault::DiskFull)));
    assert_eq!(trace(scratch), before);
    // The engine rolled back by itself, so the connection is a new one, without the limit.
    assert_eq!(store.write(decision).unwrap().index, 1);
}

#[test]
fn a_disk_that_fills_up_keeps_all_that_was_acknowledged_and_takes_more_once_there_is_room() {
    let scratch = &Scratch::new();
    let store = scratch.open();
    store.write(enrol("p0", 0, "e0")).unwrap();
    store.publish_now(&log()).unwrap();
    limit(&store, scratch.number("PRAGMA page_count").unwrap() + 4);
    let mut acknowledged = 1;
    let fault = loop {
        let name = format!("e{acknowledged}");
        match store.write(enrol(&name, 0, &name)) {
            Ok(receipt) => assert_eq!(receipt.index, acknowledged),
            Err(fault) => break fault,
        }
        acknowledged += 1;
    };
    assert_eq!(fault, WriteError::Fault(Fault::DiskFull));
    assert_eq!(size(&store), acknowledged);
    assert_eq!(trace(scratch)[1], i64::try_from(acknowledged).unwrap());
    // The engine rolled back by itself, so the connection is a new one, without the limit.
    assert_eq!(store.write(enrol("last", 0, "last")).unwrap().index, acknowledged);
    assert_eq!(store.publish_now(&log()).unwrap().unwrap().size, acknowledged + 1);
    drop(store);
    assert_eq!(size(&scratch.open()), acknowledged + 1);
}

#[test]
fn a_server_with_an_ailing_disk_is_said_so_and_leaves_everything_as_it_was() {
    let scratch = &Scratch::postgres();
    let store = scratch.open();
    store.write(enrol("p0", 0, "e0")).unwrap();
    for ailment in [Ailment::NoRoom, Ailment::BadDisk] {
        for moment in [Moment::Statement, Moment::Commit] {
            store.publish_now(&log()).unwrap();
            let before = trace(scratch);
            let name = format!("{ailment:?} {moment:?}");
            cluster().afflict(scratch.url(), ailment, moment).unwrap();
            let refused = store.write(enrol_once(&name, &name, &name, "r"));
            let said = matches!(
                (ailment, &refused),
                (Ailment::NoRoom, Err(WriteError::Fault(Fault::DiskFull)))
                    | (Ailment::BadDisk, Err(WriteError::Fault(Fault::Lost(_))))
            );
            assert!(said, "{name}: {refused:?}");
            assert_eq!(trace(scratch), before, "{name}");
            cluster().heal(scratch.url()).unwrap();
            let receipt = store.write(enrol_once(&name, &name, &name, "r")).unwrap();
            assert_eq!((receipt.index, receipt.replayed), (size(&store) - 1, false), "{name}");
        }
    }
    assert_eq!(size(&store), 5);
}

/// In the variable's presence this test is the process that writes until it is killed.
const CHILD: &str = "SLUICE_TEST_WRITES_UNTIL_KILLED";

#[test]
fn a_process_killed_in_mid_write_loses_nothing_that_it_acknowledged() {
    if let Ok(place) = std::env::var(CHILD) {
        let (keyring, url) = place.split_once('|').unwrap();
        write_until_killed(std::path::Path::new(keyring), url);
    }
    let scratch = Scratch::new();
    let mut acknowledged = 0;
    for round in 0..3_usize {
        let me = std::env::current_exe().unwrap();
        let name = "writer::tests::a_process_killed_in_mid_write_loses_nothing_that_it_acknowledged";
        let mut child = std::process::Command::new(me)
            .args(["--exact", name, "--nocapture"])
            .env(CHILD, format!("{}|{}", scratch.keyring().display(), scratch.url()))
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
        let mut last = None;
        for line in lines.map_while(Result::ok) {
            if let Some(index) = line.strip_prefix("entered ") {
                last = Some(index.parse::<u64>().unwrap());
            }
            if last.is_some_and(|last| last > acknowledged + 40 + 7 * round as u64) {
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        acknowledged = last.unwrap();
        let store = scratch.open();
        assert!(size(&store) > acknowledged);
        let checkpoint = store.publish_now(&log()).unwrap().unwrap();
        assert_eq!(checkpoint.size, size(&store));
    }
}

fn write_until_killed(keyring: &std::path::Path, url: &str) -> ! {
    let config = crate::Config {
        url: url.into(),
        keyring: crate::KeyringPlace::Folder(keyring.into()),
        origin_prefix: "test.example".into(),
    };
    let store = Store::open(&config).unwrap();
    let started = size(&store);
    for number in 0_u64.. {
        let name = format!("k{started}-{number}");
        println!("entered {}", store.write(enrol(&name, 0, &name)).unwrap().index);
    }
    std::process::exit(0)
}
