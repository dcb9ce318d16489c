//! The doors: what one batch does, what a replay answers, what a reader may and may not.

use super::*;
use crate::row;
use crate::statement::Statement;
use crate::testing::{Scratch, at, enrol, enrol_once, key, log, person};
use domain::directory;
use domain::id::EventId;
use domain::{Personal, Seen};
use std::collections::BTreeSet;
use std::thread;

static WRITES: Statement = Statement { name: "test_writes", sql: "DELETE FROM person" };

#[test]
fn a_write_is_entered_and_read_back() {
    Scratch::each(|scratch| {
        let store = scratch.open();
        let receipt = store.write(enrol("p1", 0, "e1")).unwrap();
        assert_eq!((receipt.index, receipt.count, receipt.replayed), (0, 1, false));
        let (head, leaf, entry, rev) = store
            .read(|read| {
                let entry = read.entry(&log(), 0)?;
                Ok((read.head(&log())?, read.leaf(&log(), 0)?, entry, read.rev(&key("p1"))?))
            })
            .unwrap();
        let (head, leaf, entry) = (head.unwrap(), leaf.unwrap(), entry.unwrap());
        assert_eq!((head.size, head.origin.as_str()), (1, "test.example/platform"));
        assert_eq!((leaf.hash, head.root, head.at), (receipt.hash, receipt.hash, at(0)));
        assert_eq!(
            (entry.act.as_str(), entry.id.as_str(), entry.person.as_str()),
            ("directory.enrolled", "e1", "operator")
        );
        assert_eq!(rev.rev, 1);
        let leaf = ledger::Leaf::parse(&leaf.body).unwrap();
        assert_eq!((leaf.kind.as_str(), leaf.log.as_str()), ("directory.enrolled", "test.example/platform"));
        assert!(leaf.commitments.contains_key("actor") && leaf.sealed.is_some());
    });
}

#[test]
fn what_changed_since_makes_a_write_stale() {
    Scratch::each(|scratch| {
        let store = scratch.open();
        store.write(enrol("p1", 0, "e1")).unwrap();
        assert_eq!(store.write(enrol("p1", 0, "e2")), Err(WriteError::Stale));
        assert_eq!(store.read(|read| Ok(read.head(&log())?.unwrap().size)).unwrap(), 1);
    });
}

#[test]
fn one_batch_finds_the_stale_and_the_repeated() {
    Scratch::each(|scratch| {
        let store = scratch.open();
        let decisions = [
            enrol_once("p1", "e1", "k1", "r1"),
            enrol("p1", 0, "e2"),
            enrol_once("p3", "e3", "k1", "r1"),
            enrol_once("p4", "e4", "k1", "other request"),
            enrol("p5", 0, "e5"),
        ];
        let prepared: Vec<_> = decisions.iter().map(|decision| store.prepare(decision).unwrap()).collect();
        let prepared: Vec<_> = prepared.iter().collect();
        let mut seat = store.shared().lanes.of(log().as_str()).writer.lock();
        let verdicts = seat.transact(|engine, notebook| crate::batch::apply(engine, notebook, &prepared));
        drop(seat);
        let verdicts: Vec<_> = verdicts.ok().unwrap().into_iter().map(told).collect();
        let first = verdicts[0].clone().unwrap();
        assert_eq!(verdicts[1], Err(WriteError::Stale));
        assert_eq!(verdicts[2], Ok(Receipt { replayed: true, ..first }));
        assert_eq!(verdicts[3], Err(WriteError::KeyReused));
        assert_eq!(verdicts[4].as_ref().map(|receipt| receipt.index), Ok(1));
    });
}

#[test]
fn a_replayed_request_gets_its_first_receipt_and_writes_nothing() {
    Scratch::each(|scratch| {
        let store = scratch.open();
        let first = store.write(enrol_once("p1", "e1", "k", "r")).unwrap();
        let again = store.write(enrol_once("p1", "e2", "k", "r")).unwrap();
        assert_eq!(again, Receipt { replayed: true, ..first });
        assert_eq!(store.write(enrol_once("p2", "e3", "k", "another")), Err(WriteError::KeyReused));
        assert_eq!(store.read(|read| Ok(read.head(&log())?.unwrap().size)).unwrap(), 1);
    });
}

#[test]
fn sixty_four_threads_get_sixty_four_times_their_own_entry() {
    Scratch::each(|scratch| {
        let (store, plan) = scratch.open_failing();
        const THREADS: usize = 64;
        const EACH: usize = 20;
        let receipts: Vec<Receipt> = thread::scope(|scope| {
            let write = |thread: usize| {
                let store = &store;
                scope.spawn(move || {
                    let one = |n| {
                        store.write(enrol(&format!("p{thread}-{n}"), 0, &format!("e{thread}-{n}"))).unwrap()
                    };
                    (0..EACH).map(one).collect::<Vec<_>>()
                })
            };
            let threads: Vec<_> = (0..THREADS).map(write).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        let indices: BTreeSet<u64> = receipts.iter().map(|receipt| receipt.index).collect();
        assert_eq!(indices, (0..(THREADS * EACH) as u64).collect());
        let committed = plan.committed.load(std::sync::atomic::Ordering::SeqCst);
        assert!(committed < THREADS * EACH / 2, "{committed} commits for {} writes", THREADS * EACH);
        let (head, hashes) = store
            .read(|read| {
                let head = read.head(&log())?.unwrap();
                let leaves = read.leaves(&log(), 0..head.size)?;
                Ok((head, leaves.into_iter().map(|leaf| leaf.hash).collect::<Vec<_>>()))
            })
            .unwrap();
        assert_eq!((head.size, head.root), ((THREADS * EACH) as u64, ledger::tree::root_of(&hashes)));
        assert!(receipts.iter().all(|receipt| hashes[receipt.index as usize] == receipt.hash));
    });
}

#[test]
fn a_bad_write_harms_none_of_its_neighbours() {
    Scratch::each(|scratch| {
        let store = scratch.open();
        // The second repeats the first one's event, which no row may; it relies on nothing, so it is not
        // stale.
        let again = directory::enrol(&log(), vec![person("p2")], [], &EventId::new("e1"), at(0)).unwrap();
        let jobs: Vec<_> = [enrol("p1", 0, "e1"), again, enrol("p3", 0, "e3")]
            .iter()
            .map(|decision| Job::new(store.prepare(decision).unwrap()))
            .collect();
        let (jobs, answers): (Vec<_>, Vec<_>) = jobs.into_iter().unzip();
        store.shared().lanes.of(log().as_str()).writer.lock().serve(jobs);
        let answers: Vec<_> = answers.into_iter().map(|answer| answer.recv().unwrap()).collect();
        assert_eq!(answers[0].as_ref().map(|receipt| receipt.index), Ok(0));
        assert!(matches!(answers[1], Err(WriteError::Fault(Fault::Database(_)))), "{answers:?}");
        assert_eq!(answers[2].as_ref().map(|receipt| receipt.index), Ok(1));
    });
}

#[test]
fn the_same_row_twice_in_a_batch_keeps_its_order() {
    Scratch::each(|scratch| {
        let store = scratch.open();
        // Both touch one key and rely on nothing: the second must be written behind the first, and collide
        // there.
        let blind = |id: &str, event: &str| {
            directory::enrol(&log(), vec![person(id)], [], &EventId::new(event), at(0)).unwrap()
        };
        let prepared: Vec<_> =
            [blind("p1", "e1"), blind("p1", "e2")].iter().map(|one| store.prepare(one).unwrap()).collect();
        let prepared: Vec<_> = prepared.iter().collect();
        let result = store
            .shared()
            .lanes
            .of(log().as_str())
            .writer
            .lock()
            .transact(|engine, notebook| crate::batch::apply(engine, notebook, &prepared));
        assert!(matches!(result, Err(Failed::Undone(Fault::Database(_)))));
        assert!(store.read(|read| read.head(&log())).unwrap().is_none());
    });
}

#[test]
fn deciding_inside_the_writer_cannot_be_stale() {
    Scratch::each(|scratch| {
        let store = scratch.open();
        store.write(enrol("p1", 0, "e1")).unwrap();
        let entered = store.write_deciding(&log(), None, |read| {
            let seen: Seen = read.rev(&key("p1"))?;
            Ok(match seen.rev {
                0 => Err("there is none"),
                rev => {
                    let event = EventId::new("e2");
                    let seen = Seen { key: key("p1"), rev };
                    Ok(directory::enrol(&log(), vec![person("p2")], [seen], &event, at(1)).unwrap())
                }
            })
        });
        assert_eq!(entered.unwrap().unwrap().index, 1);
        let refused: Result<Result<Receipt, &str>, _> = store.write_deciding(&log(), None, |_| Ok(Err("no")));
        assert_eq!(refused, Ok(Err("no")));
        assert_eq!(store.write(enrol("p3", 0, "e3")).unwrap().index, 2);
    });
}

#[test]
fn a_reader_cannot_write_and_sees_one_state() {
    Scratch::each(|scratch| {
        let store = scratch.open();
        store.write(enrol("p1", 0, "e1")).unwrap();
        let sizes = store
            .read(|read| {
                let before = read.head(&log())?.unwrap().size;
                store.write(enrol("p2", 0, "e2")).unwrap();
                Ok((before, read.head(&log())?.unwrap().size))
            })
            .unwrap();
        assert_eq!(sizes, (1, 1));
        assert!(store.read(|read| read.query(&WRITES, &[])).is_err());
        assert_eq!(store.read(|read| Ok(read.head(&log())?.unwrap().size)).unwrap(), 2);
    });
}

#[test]
fn a_look_hands_out_its_page_after_the_entry_and_changes_nothing() {
    Scratch::each(|scratch| {
        let store = scratch.open();
        let fact = || directory::enrol(&log(), vec![], [], &EventId::new("look"), at(0)).unwrap();
        let (page, receipts) = store.look(|_| Ok(("page", vec![fact()]))).unwrap();
        assert_eq!((page, receipts.len(), receipts[0].index), ("page", 1, 0));
        assert!(store.look(|_| Ok(("page", vec![]))).is_err());
        assert!(store.look(|_| Ok(("page", vec![enrol("p1", 0, "e1")]))).is_err());
        assert!(store.read(|read| Ok(read.rev(&key("p1"))?.rev == 0)).unwrap());
    });
}

#[test]
fn tending_is_all_or_nothing_and_survives_a_panic() {
    Scratch::each(|scratch| {
        let store = scratch.open();
        let failed: Result<(), Fault> = store.tend(|tend| {
            tend.take_serials(&log(), "2026-11-22", 5)?;
            Err(Fault::Busy)
        });
        assert_eq!(failed, Err(Fault::Busy));
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            store.tend(|tend| {
                tend.take_serials(&log(), "2026-11-22", 5)?;
                panic!("on purpose");
                #[allow(unreachable_code, reason = "gives the closure its type")]
                Ok(())
            })
        }));
        assert!(panicked.is_err());
        assert_eq!(store.tend(|tend| tend.take_serials(&log(), "2026-11-22", 2)).unwrap(), 1);
        assert_eq!(store.tend(|tend| tend.take_serials(&log(), "2026-11-22", 1)).unwrap(), 3);
        assert_eq!(store.tend(|tend| tend.take_serials(&log(), "2026-11-23", 1)).unwrap(), 1);
    });
}

#[test]
fn decisions_that_cannot_be_are_refused_before_the_queue() {
    Scratch::each(|scratch| {
        let store = scratch.open();
        let odd = LogId::new("a b");
        let decision = directory::enrol(&odd, vec![], [], &EventId::new("e"), at(0)).unwrap();
        assert!(matches!(store.write(decision), Err(WriteError::Fault(Fault::Decision(_)))));
        let unprintable = directory::enrol(&log(), vec![], [], &EventId::new("e\u{7}"), at(0)).unwrap();
        assert!(matches!(store.write(unprintable), Err(WriteError::Fault(Fault::Decision(_)))));
    });
}

#[test]
fn grounds_commitments_and_tags_open_only_through_the_keys() {
    Scratch::each(|scratch| {
        let store = scratch.open();
        assert_eq!(store.read(|read| read.tag(&log(), "staff", "x")).unwrap().as_str(), "-");
        store.write(enrol("p1", 0, "e1")).unwrap();
        let (actor, none, grounds) = store
            .read(|read| {
                Ok((read.committed("e1", "actor")?, read.committed("e1", "subject")?, read.grounds("e1")?))
            })
            .unwrap();
        assert_eq!(actor, Some(Personal::new("operator/operator")));
        assert_eq!((none, grounds), (None, None));
        let (first, second) = store
            .read(|read| Ok((read.tag(&log(), "staff", "x")?, read.tag(&log(), "subject", "x")?)))
            .unwrap();
        assert_ne!(first, second);
        let found = store.read(|read| {
            let tag = read.tag(&log(), "staff", crate::testing::NUMBER)?;
            read.query(&BY_TAG, &row![tag])
        });
        assert_eq!(found.unwrap().first().unwrap().text("id"), Ok("p1".into()));
    });
}

static BY_TAG: Statement =
    Statement { name: "test_by_tag", sql: "SELECT id FROM person WHERE number_tag = $1" };

#[test]
fn a_full_queue_turns_away_at_once_and_serves_those_who_wait() {
    Scratch::each(|scratch| {
        let store = scratch.open();
        store.write(enrol("p0", 0, "e0")).unwrap();
        let seat = store.shared().lanes.of(log().as_str()).writer.lock();
        let mut answers = Vec::new();
        let refused = loop {
            let n = answers.len();
            let mut prepared = store.prepare(&enrol(&format!("p{n}-"), 0, &format!("e{n}-"))).unwrap();
            // Weighs more than it is, so that the bytes are full before thousands are made.
            prepared.bytes = 1 << 20;
            let (job, answer) = Job::new(prepared);
            match store.shared().lanes.of(log().as_str()).queue.push(job) {
                Ok(()) => answers.push(answer),
                Err(refused) => break refused,
            }
            assert!(answers.len() < 100, "the queue has no end");
        };
        assert!(matches!(refused, WriteError::Full { .. }));
        assert!(store.waiting() >= 24, "{} wait", store.waiting());
        drop(seat);
        assert!(answers.into_iter().all(|answer| answer.recv().unwrap().is_ok()));
        assert_eq!(store.waiting(), 0);
        assert!(store.write(enrol("last", 0, "last")).is_ok());
    });
}

#[test]
fn clones_share_one_store_and_the_last_one_removes_its_scratch_file() {
    let store = Store::open(&Config::in_memory()).unwrap();
    let file = store.shared().scratch.clone().unwrap();
    let clone = store.clone();
    drop(store);
    clone.write(enrol("p", 0, "e")).unwrap();
    assert!(file.exists());
    drop(clone);
    assert!(!file.exists());
}
