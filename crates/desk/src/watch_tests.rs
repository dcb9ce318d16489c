//! Several desks on one database, on each engine: one does the rounds, and none loses or doubles a count.

use super::*;
use crate::clock::{Clock, Hand};
use crate::{Rules, Setup};
use domain::directory::{Agency, Assignment, Change, Unit};
use domain::id::{AgencyId, AssignmentId, PersonId, UnitId};
use domain::time::Date;
use gate::Gate;
use std::path::PathBuf;
use std::sync::OnceLock;
use store::cluster::{Cluster, Durability};
use store::{Config, EntryRow, KeyringPlace, Store};

fn cluster() -> &'static Cluster {
    static ONE: OnceLock<Cluster> = OnceLock::new();
    ONE.get_or_init(|| Cluster::start(&std::env::temp_dir(), Durability::None, &[]).unwrap())
}

/// One database with a keyring, and a clock that all nodes go by.
pub(crate) struct Place {
    folder: PathBuf,
    config: Config,
    clock: Clock,
    pub(crate) hand: Hand,
}

impl Place {
    fn new(engine: &str) -> Self {
        let folder = std::env::temp_dir().join(carry::random_id("sluice-watch"));
        std::fs::create_dir_all(folder.join("data")).unwrap();
        let url = match engine {
            "SQLite" => format!("sqlite://{}", folder.join("data/sluice.db").display()),
            _ => cluster().database().unwrap(),
        };
        let keyring = KeyringPlace::Folder(folder.join("keyring"));
        let config = Config { url, keyring, origin_prefix: "watch.example".into() };
        let (clock, hand) = Clock::by_hand(Instant::at(Date::new(2026, 3, 2).unwrap(), 9, 0));
        Self { folder, config, clock, hand }
    }

    pub(crate) fn node(&self) -> Desk {
        let store = Store::open(&self.config).unwrap();
        Desk::new(store, Gate::new(1).unwrap(), self.clock.clone(), Setup::default()).unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub(crate) fn each(test: impl Fn(&Place)) {
    for engine in ["SQLite", "PostgreSQL"] {
        println!("on {engine}");
        test(&Place::new(engine));
    }
}

/// A person with an assignment, whose refusals have a log to go to.
fn employ(desk: &Desk) {
    let agency = Agency {
        id: AgencyId::new("office"),
        name: "office".into(),
        name_en: "office".into(),
        pack: "none".into(),
    };
    let unit = Unit {
        id: UnitId::new("unit"),
        agency: AgencyId::new("office"),
        above: None,
        name: "unit".into(),
        name_en: "unit".into(),
        organisation: "office".into(),
    };
    let assignment = Assignment {
        id: AssignmentId::new("clerk-user"),
        person: PersonId::new("clerk"),
        unit: UnitId::new("unit"),
        role: "user".into(),
        from: Date::new(2024, 1, 1).unwrap(),
        until: None,
    };
    let changes = vec![Change::Agency(agency), Change::Unit(unit), Change::Assignment(assignment)];
    desk.enrol(&LogId::new("office"), changes).unwrap();
}

/// Counts three failures of an unknown name, two of a known one, and four refusals of one kind.
fn suffer(desk: &Desk) {
    let failures = carry::window(desk.now(), crate::account::FAILURE_WINDOW_SECONDS);
    let refusals = carry::window(desk.now(), carry::REFUSAL_WINDOW_SECONDS);
    let counted = desk.inner.store.tend(|tend| {
        for name in ["unknown a", "unknown b", "unknown a", "known c", "known c"] {
            tend.count_failure(name, failures)?;
        }
        for _ in 0..4 {
            tend.count_refusal(&PersonId::new("clerk"), "lookup.ask", "off-site", refusals)?;
        }
        Ok(())
    });
    counted.unwrap();
}

/// What all logs say of counts: the act and its details.
fn counts(desk: &Desk) -> Vec<(String, String)> {
    let entries = |log: &str| -> Vec<EntryRow> {
        let log = LogId::new(log);
        desk.inner.store.read(|read| read.entries_before(&log, i64::MAX as u64, 1_000)).unwrap()
    };
    let all = entries("platform").into_iter().chain(entries("office"));
    let counted = all.filter(|entry| ["account.failed", "act.refused-again"].contains(&entry.act.as_str()));
    let mut counts: Vec<_> = counted.map(|entry| (entry.act, entry.detail)).collect();
    counts.sort();
    counts
}

#[track_caller]
fn assert_whole(desk: &Desk, rounds: usize) {
    let counts = counts(desk);
    let with = |act: &str, detail: &str| {
        let fits = |(a, d): &&(String, String)| a == act && d.contains(detail);
        counts.iter().filter(fits).count()
    };
    assert_eq!(with("account.failed", r#""account":"unknown","count":3"#), rounds, "{counts:#?}");
    assert_eq!(with("account.failed", r#""account":"known","count":2"#), rounds, "{counts:#?}");
    assert_eq!(with("act.refused-again", r#""count":3"#), rounds, "{counts:#?}");
    assert_eq!(counts.len(), 3 * rounds, "{counts:#?}");
}

#[test]
fn one_node_does_the_rounds_until_its_lease_lapses() {
    each(|place| {
        let (one, other) = (place.node(), place.node());
        employ(&one);
        one.tick().unwrap();
        suffer(&other);
        place.hand.pass_seconds(1_000);
        one.tick().unwrap();
        assert_whole(&other, 1);
        suffer(&other);
        place.hand.pass_seconds(LEASE_SECONDS - 1);
        // A new span has begun for neither kind of count, and it is the turn of the first in any case.
        other.tick().unwrap();
        assert_whole(&other, 1);
        drop(one);
        place.hand.pass_seconds(1_000);
        other.tick().unwrap();
        assert_whole(&other, 2);
    });
}

#[test]
fn two_nodes_that_do_the_round_at_once_enter_each_count_once() {
    each(|place| {
        let nodes = [place.node(), place.node()];
        employ(&nodes[0]);
        for round in 1..=5 {
            suffer(&nodes[round % 2]);
            place.hand.pass_seconds(1_800);
            let now = nodes[0].now();
            std::thread::scope(|scope| {
                for node in &nodes {
                    // As if both held the lease: one of them slept through its end.
                    scope.spawn(move || node.round(now).unwrap());
                    scope.spawn(move || node.tick().unwrap());
                }
            });
            assert_whole(&nodes[0], round);
        }
    });
}

#[test]
fn what_a_node_entered_and_did_not_forget_another_one_forgets() {
    each(|place| {
        let (one, other) = (place.node(), place.node());
        employ(&one);
        suffer(&one);
        place.hand.pass_seconds(1_000);
        let (now, until) = (one.now(), one.now().plus_seconds(LEASE_SECONDS));
        assert!(one.inner.store.tend(|tend| tend.take_lease("watch", &one.inner.node, until, now)).unwrap());
        let entered = one.enter_counts(one.now()).unwrap();
        assert!(entered.len() == 1 && entered.values().all(Result::is_ok));
        // It dies here, with the lease in its hands.
        drop((entered, one));
        assert_whole(&other, 1);
        let waiting = || other.inner.store.read(|read| Ok(read.bundled_failures()?.len())).unwrap();
        other.tick().unwrap();
        assert_eq!(waiting(), 3);
        place.hand.pass_seconds(LEASE_SECONDS);
        other.tick().unwrap();
        assert_eq!(waiting(), 0);
        assert_whole(&other, 1);
    });
}

#[test]
fn what_a_node_bundled_and_did_not_enter_another_one_enters() {
    each(|place| {
        let (one, other) = (place.node(), place.node());
        employ(&one);
        suffer(&one);
        place.hand.pass_seconds(1_000);
        let now = one.now();
        one.inner.store.tend(|tend| tend.bundle("of the dead", now, now)).unwrap();
        drop(one);
        other.tick().unwrap();
        assert_whole(&other, 1);
    });
}

#[test]
fn a_regulation_that_one_node_puts_into_force_is_known_to_the_others_in_a_round() {
    each(|place| {
        let (one, other) = (place.node(), place.node());
        std::thread::scope(|scope| {
            for node in [&one, &other] {
                // Two nodes of a new installation start at the same moment.
                scope.spawn(|| node.activate(crate::regulation::check(harbour()).ok().unwrap()).unwrap());
            }
        });
        let known = |desk: &Desk| desk.inner.rules.read().unwrap().count();
        one.tick().unwrap();
        other.tick().unwrap();
        assert_eq!((known(&one), known(&other)), (1, 1));
        assert_eq!(Rules::load(&one.inner.store).unwrap().count(), 1);
    });
}

/// The files of the invented regulation of the stories.
pub(crate) fn harbour() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/packs/harbour/1130901");
    let mut files = Vec::new();
    let mut folders = vec![folder.clone()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => {
                    let name = path.strip_prefix(&folder).unwrap().display().to_string();
                    files.push((name, std::fs::read_to_string(&path).unwrap()));
                }
            }
        }
    }
    files.sort();
    files
}
