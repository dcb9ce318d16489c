//! Several nodes on one PostgreSQL, commits that the standby never confirmed, and logs that must not wait for
//! each other in a circle.

use crate::cluster::{Cluster, Durability};
use crate::testing::{NUMBER, Scratch, at, enrol, enrol_once, log};
use crate::{Config, Fault, KeyringPlace, Receipt, Store, WriteError};
use domain::decision::Idempotency;
use domain::directory;
use domain::id::{EventId, LogId, PersonId};
use ledger::note::{Note, VerifierKey};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A server of its own, whose commits can be made to wait for a standby that does not exist.
struct Waiting {
    cluster: Cluster,
    store: Store,
}

impl Waiting {
    fn new() -> Self {
        let cluster = Cluster::start(&std::env::temp_dir(), Durability::None, &[]).unwrap();
        let config = Config {
            url: cluster.database().unwrap(),
            keyring: KeyringPlace::Memory,
            origin_prefix: "test.example".into(),
        };
        let store = Store::open(&config).unwrap();
        store.write(enrol("p0", 0, "e0")).unwrap();
        store.publish_now(&log()).unwrap();
        Self { cluster, store }
    }

    fn standby(&self, name: &str) {
        self.cluster.administer(&format!("ALTER SYSTEM SET synchronous_standby_names = '{name}'")).unwrap();
        self.cluster.administer("SELECT pg_reload_conf()").unwrap();
        // A backend reads the new setting between two commands; a moment later all have.
        self.cluster.administer("SELECT pg_sleep(0.3)").unwrap();
    }

    /// Waits until a commit waits for the standby, and ends that.
    fn break_off(&self, how: &str) {
        let sql = format!(
            "DO $$ DECLARE n int := 0; BEGIN FOR i IN 1..400 LOOP PERFORM pg_stat_clear_snapshot(); \
             SELECT count({how}(pid)) INTO n FROM pg_stat_activity WHERE wait_event = 'SyncRep'; \
             EXIT WHEN n > 0; PERFORM pg_sleep(0.05); END LOOP; \
             IF n = 0 THEN RAISE EXCEPTION 'no commit waits'; END IF; END $$"
        );
        self.cluster.administer(&sql).unwrap();
    }

    fn size(&self) -> u64 {
        self.store.read(|read| Ok(read.head(&log())?.unwrap().size)).unwrap()
    }
}

#[test]
fn a_commit_that_no_standby_confirmed_is_not_acknowledged() {
    for how in ["pg_cancel_backend", "pg_terminate_backend"] {
        let waiting = Waiting::new();
        waiting.standby("absent");
        let answer = thread::scope(|scope| {
            let write = scope.spawn(|| waiting.store.write(enrol_once("p1", "e1", "k", "r")));
            // The commit itself, and then the one that would have made sure of it.
            waiting.break_off(how);
            waiting.break_off(how);
            write.join().unwrap()
        });
        assert_eq!(answer, Err(WriteError::Unknown), "{how}");
        waiting.standby("");
        let again = waiting.store.write(enrol_once("p1", "e2", "k", "r")).unwrap();
        assert_eq!((again.replayed, again.index, waiting.size()), (true, 1, 2), "{how}");
    }
}

#[test]
fn a_commit_that_was_broken_off_is_acknowledged_once_the_standby_has_it() {
    for how in ["pg_cancel_backend", "pg_terminate_backend"] {
        let waiting = Waiting::new();
        waiting.standby("absent");
        let answer = thread::scope(|scope| {
            let write = scope.spawn(|| waiting.store.write(enrol("p1", 0, "e1")));
            waiting.break_off(how);
            waiting.standby("");
            write.join().unwrap()
        });
        let receipt = answer.unwrap();
        assert_eq!((receipt.index, receipt.replayed, waiting.size()), (1, false, 2), "{how}");
        assert_eq!(waiting.store.write(enrol("p2", 0, "e2")).unwrap().index, 2, "{how}");
    }
}

#[test]
fn what_tends_is_not_acknowledged_without_the_standby_either() {
    let waiting = Waiting::new();
    waiting.standby("absent");
    let answer = thread::scope(|scope| {
        let tend = scope.spawn(|| waiting.store.tend(|tend| tend.take_serials(&log(), "2026-11-22", 5)));
        waiting.break_off("pg_cancel_backend");
        tend.join().unwrap()
    });
    assert!(matches!(answer, Err(Fault::Lost(_))), "{answer:?}");
}

const LOGS: usize = 24;
const THREADS: usize = 8;
const EACH: usize = 40;

/// A decision for one of many logs, by one person for all of them; every fourth has a key that other logs use
/// at the same time.
fn anywhere(node: usize, thread: usize, n: usize) -> (LogId, domain::Decision) {
    let log = LogId::new(format!("log{:02}", (thread * 7 + n * 5 + node) % LOGS));
    let event = EventId::new(format!("e{node}-{thread}-{n}"));
    let decision = directory::enrol(&log, vec![], [], &event, at(0)).unwrap();
    let key = match n % 4 {
        0 => format!("shared{}", n / 4),
        _ => format!("own{node}-{thread}-{n}"),
    };
    let request = event.as_str().to_owned();
    (log, decision.once(Some(Idempotency { key, request })))
}

#[test]
fn nodes_and_logs_never_wait_for_each_other_in_a_circle() {
    Scratch::each(|scratch| {
        let nodes = [scratch.open(), scratch.open()];
        let (entered, reused) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for (node, store) in nodes.iter().enumerate() {
                for number in 0..THREADS {
                    let (entered, reused) = (&entered, &reused);
                    scope.spawn(move || {
                        for n in 0..EACH {
                            match store.write(anywhere(node, number, n).1) {
                                Ok(receipt) if !receipt.replayed => entered.fetch_add(1, Ordering::Relaxed),
                                Err(WriteError::KeyReused) => reused.fetch_add(1, Ordering::Relaxed),
                                other => panic!("{other:?}"),
                            };
                        }
                    });
                }
            }
        });
        assert_eq!(entered.load(Ordering::Relaxed) + reused.load(Ordering::Relaxed), 2 * THREADS * EACH);
        // Each shared key was good for one entry in all.
        assert_eq!(entered.load(Ordering::Relaxed), 2 * THREADS * EACH * 3 / 4 + EACH / 4);
        let logs = nodes[0].read(|read| read.log_names()).unwrap();
        let sizes: u64 = logs.iter().map(|log| whole(&nodes[0], log)).sum();
        assert_eq!(sizes as usize, entered.load(Ordering::Relaxed));
    });
}

/// The size of a log, once its entries are seen to be contiguous, each once, and to lead to its root.
fn whole(store: &Store, log: &LogId) -> u64 {
    let (head, leaves) = store
        .read(|read| {
            let head = read.head(log)?.unwrap();
            let leaves = read.leaves(log, 0..head.size)?;
            Ok((head, leaves))
        })
        .unwrap();
    let indices: Vec<u64> = leaves.iter().map(|leaf| leaf.index).collect();
    assert_eq!(indices, (0..head.size).collect::<Vec<_>>());
    let bodies: BTreeSet<&[u8]> = leaves.iter().map(|leaf| leaf.body.as_slice()).collect();
    assert_eq!(bodies.len(), leaves.len());
    let hashes: Vec<_> = leaves.iter().map(|leaf| leaf.hash).collect();
    assert_eq!(head.root, ledger::tree::root_of(&hashes));
    store.publish_now(log).unwrap().map_or(0, |checkpoint| checkpoint.size)
}

#[test]
fn two_nodes_share_one_log_without_a_gap_or_a_fork() {
    Scratch::each(|scratch| {
        let nodes = [scratch.open(), scratch.open()];
        let write = |node: usize, number: usize| -> Vec<Receipt> {
            let one = |n| {
                let name = format!("n{node}-{number}-{n}");
                nodes[node].write(enrol(&name, 0, &name)).unwrap()
            };
            (0..EACH).map(one).collect()
        };
        let receipts: Vec<Receipt> = thread::scope(|scope| {
            let threads: Vec<_> = (0..2 * THREADS)
                .map(|number| {
                    let write = &write;
                    scope.spawn(move || write(number % 2, number))
                })
                .collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        let indices: BTreeSet<u64> = receipts.iter().map(|receipt| receipt.index).collect();
        assert_eq!(indices, (0..(2 * THREADS * EACH) as u64).collect());
        assert_eq!(whole(&nodes[0], &log()), (2 * THREADS * EACH) as u64);
        assert_eq!(whole(&nodes[1], &log()), (2 * THREADS * EACH) as u64);
    });
}

#[test]
fn a_node_whose_log_was_taken_over_writes_no_more() {
    Scratch::each(|scratch| {
        let store = scratch.open();
        store.write(enrol("p0", 0, "e0")).unwrap();
        scratch.number("UPDATE log_head SET epoch = epoch + 1").unwrap();
        let answer = store.write(enrol("p1", 0, "e1"));
        assert_eq!(answer, Err(WriteError::Fault(Fault::Fenced("platform".into()))));
        drop(store);
        assert_eq!(scratch.open().write(enrol("p1", 0, "e1")).unwrap().index, 1);
    });
}

#[test]
fn nodes_with_different_keyrings_do_not_work_side_by_side() {
    let scratch = Scratch::postgres();
    let one = scratch.open();
    let declared = Config { keyring: KeyringPlace::Shared(scratch.keyring()), ..scratch.config() };
    let refused = Store::open(&declared).map(|_| ()).unwrap_err().to_string();
    assert!(refused.contains("keyring_shared"), "{refused}");
    let two = scratch.open();
    drop((one, two));
    let (one, two) = (Store::open(&declared).unwrap(), Store::open(&declared).unwrap());
    assert!(Store::open(&scratch.config()).is_err());
    drop((one, two));
}

#[test]
fn a_store_that_has_nothing_to_do_asks_the_database_nothing() {
    Scratch::each(|scratch| {
        let (store, plan) = scratch.open_failing();
        for n in 0..200 {
            let log = LogId::new(format!("idle{n}"));
            let event = EventId::new(format!("e{n}"));
            store.write(directory::enrol(&log, vec![], [], &event, at(0)).unwrap()).unwrap();
            if n % 50 == 0 {
                store.publish_now(&log).unwrap();
            }
        }
        store.publish_now(&LogId::new("idle199")).unwrap();
        thread::park_timeout(std::time::Duration::from_millis(300));
        let before = plan.ran.load(Ordering::SeqCst);
        thread::park_timeout(std::time::Duration::from_millis(600));
        assert_eq!(plan.ran.load(Ordering::SeqCst), before);
    });
}

#[test]
fn nodes_of_a_new_installation_may_start_at_the_same_moment() {
    Scratch::each(|scratch| {
        let stores: Vec<Store> = thread::scope(|scope| {
            let threads: Vec<_> = (0..6).map(|_| scope.spawn(|| scratch.open())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        thread::scope(|scope| {
            for (n, store) in stores.iter().enumerate() {
                scope.spawn(move || {
                    store.write(enrol(&format!("p{n}"), 0, &format!("e{n}"))).unwrap();
                    store.vkey(&log()).unwrap();
                    store.publish_now(&log()).unwrap();
                });
            }
        });
        drop(stores);
        // There is one wrapping key and one seed, or nobody could open all of this now.
        let store = scratch.open();
        for n in 0..6 {
            let number = store.read(|read| read.person_number(&PersonId::new(format!("p{n}")))).unwrap();
            assert_eq!(number.unwrap().expose(), NUMBER);
        }
        let checkpoint = store.publish_now(&log()).unwrap().unwrap();
        let key = VerifierKey::parse(&store.vkey(&log()).unwrap().unwrap()).unwrap();
        assert_eq!(Note::parse(checkpoint.note.as_bytes()).unwrap().open(&[key]).unwrap().len(), 1);
    });
}

#[test]
fn a_server_that_was_away_is_worked_with_again_and_knows_its_nodes_again() {
    let scratch = Scratch::new();
    let cluster = Cluster::start(&std::env::temp_dir(), Durability::None, &[]).unwrap();
    let config = Config { url: cluster.database().unwrap(), ..scratch.config() };
    let stranger = Config { keyring: KeyringPlace::Shared(scratch.keyring()), ..config.clone() };
    let store = Store::open(&config).unwrap();
    store.write(enrol("p0", 0, "e0")).unwrap();
    store.tend(|tend| tend.count_failure("x", at(0))).unwrap();
    let away = |fault: Fault| assert!(matches!(fault, Fault::Lost(_) | Fault::Server { .. }), "{fault}");
    for n in 1..=2 {
        cluster.pause().unwrap();
        away(store.read(|read| read.log_names()).unwrap_err());
        away(store.tend(|tend| tend.count_failure("x", at(0))).unwrap_err());
        away(store.stay_present().unwrap_err());
        match store.write(enrol(&format!("p{n}"), 0, &format!("e{n}"))).unwrap_err() {
            WriteError::Fault(fault) => away(fault),
            other => panic!("{other}"),
        }
        cluster.resume().unwrap();
        assert_eq!(store.write(enrol(&format!("p{n}"), 0, &format!("e{n}"))).unwrap().index, n);
        store.tend(|tend| tend.count_failure("x", at(0))).unwrap();
        store.stay_present().unwrap();
        assert!(Store::open(&stranger).is_err(), "the server knows again who works on it");
    }
}
