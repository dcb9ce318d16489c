//! Every list of the product on databases of several sizes: what a page costs, and that it does not grow.

use super::report::{Chapter, Figure, Target, Unit};
use super::{Bench, Timing, crowd, fill};
use crate::demo::{Place, cast};
use crate::pack::shipped;
use crate::problem::{Done, Problem};
use desk::{Clock, Desk, RecordFilter, Session, Setup};
use gate::Gate;
use gate::simulator::Population;
use std::time::{Duration, Instant};
use store::Store;

/// After how long enough is known of a page.
const ENOUGH: Duration = Duration::from_secs(8);
/// Most that a page may take at the ninety-fifth percentile, in milliseconds.
const BUDGET: Target = Target::AtMost(300.0);
/// The figure that is no list.
const START: &str = "start-up";
/// States that the list of records can be narrowed to.
const STATES: [&str; 10] = [
    "requested",
    "approved",
    "asked",
    "answered",
    "not-obtained",
    "unknown",
    "awaiting",
    "stamped",
    "returned",
    "anomaly",
];
/// Whose lists are measured: a caseworker's, a supervisor's, an auditor's, and those of a regulation that
/// wants the stamp first.
const READERS: [&str; 4] = ["chen", "tsao", "pan-lc", "chang"];

/// The figures of one database.
type Figures = Vec<(String, Timing)>;

/// Fills a database of each size and measures every list on it.
///
/// # Errors
/// The folder cannot be written; the store.
pub fn measure(bench: &Bench) -> Done<Chapter> {
    let mut figures = Vec::new();
    let mut slowest = Vec::new();
    let mut smallest: Option<(u64, Vec<f64>)> = None;
    for size in bench.plan.lists {
        let place = Place::of(&bench.folder.path().join(format!("lists-{size}")), None);
        bench.tell(&format!("making {size} lookups"));
        make(&place, *size)?;
        bench.tell(&format!("timing every list at {size} lookups"));
        let all = time_all(&place, bench.plan.list_rounds)?;
        let lists = || all.iter().filter(|(what, _)| what != START);
        let millis = |time: Duration| time.as_secs_f64() * 1_000.0;
        let worst = lists().max_by_key(|(_, timing)| timing.p95);
        slowest.extend(worst.map(|(what, _)| format!("{what} at {size}")));
        let start = all.iter().filter(|(what, _)| what == START).map(|(_, timing)| millis(timing.p50));
        let ms = |name: &str, rounds: Vec<f64>, how: &str| {
            Figure::new(format!("{name}, {size} lookups"), Unit::Milliseconds, rounds, how)
        };
        let p95: Vec<f64> = worst.map(|(_, timing)| millis(timing.p95)).into_iter().collect();
        let usual = lists().map(|(_, timing)| millis(timing.p50)).collect();
        let figure = ms("slowest list, p95", p95.clone(), "50 rows, any filter").within(BUDGET);
        figures.push(match &smallest {
            Some((least, other)) => figure.of(&format!("that at {least} lookups"), other, None),
            None => figure,
        });
        smallest.get_or_insert((*size, p95));
        figures.push(ms("middle one of all lists, p50", usual, "50 rows, any filter"));
        figures.push(
            ms("opening the store", start.collect(), "to the first answer").within(Target::AtMost(1_000.0)),
        );
    }
    Ok(Chapter {
        title: "Lists".into(),
        about: format!(
            "Every list of the product, asked of the desk as its pages ask, on databases of several sizes. \
             The slowest: {}.",
            slowest.join("; ")
        ),
        figures,
    })
}

fn make(place: &Place, size: u64) -> Done {
    place.prepare(true)?;
    let (now, begun) = (Clock::system().now(), Instant::now());
    let store = Store::open(&place.store_config())?;
    let (clock, hand) = Clock::by_hand(fill::start(now));
    let desk = Desk::new(store, gate()?, clock, Setup { demo: true, provider_seconds: 1 })?;
    shipped::activate(&desk)?;
    cast::enrol(&desk, 1)?;
    fill::fill(&desk, &hand, &Population::of(1), size, now)?;
    let entries = desk.metrics().into_iter().find(|(name, ..)| *name == "sluice_ledger_entries");
    let (entries, seconds) = (entries.map_or(0.0, |(.., n)| n), begun.elapsed().as_secs());
    eprintln!("  {entries} entries in {seconds} s");
    place.finish()
}

fn gate() -> Done<Gate> {
    Gate::new(1).map_err(|error| Problem::new(error.to_string()))
}

/// A database that is measured, and what came of it so far.
struct Reading {
    desk: Desk,
    rounds: usize,
    figures: Figures,
}

impl Reading {
    fn time(&mut self, what: impl Into<String>, mut page: impl FnMut(&Desk) -> Done) -> Done {
        let (mut times, begun) = (Vec::new(), Instant::now());
        page(&self.desk)?;
        // The first one warms up; it counts only where it is all that there is time for.
        if begun.elapsed() > ENOUGH {
            times.push(begun.elapsed());
        }
        while times.len() < self.rounds && begun.elapsed() < ENOUGH {
            let start = Instant::now();
            page(&self.desk)?;
            times.push(start.elapsed());
        }
        self.figures.push((what.into(), Timing::of(times)));
        Ok(())
    }

    fn records(&mut self, login: &str) -> Done {
        let session = crowd::session(&self.desk, login)?;
        let newest = self.desk.records(&session, &RecordFilter::default())?;
        let some = |text: &str| Some(text.to_string());
        let mut wanted = vec![("all".to_string(), RecordFilter::default())];
        for state in STATES {
            wanted.push((state.into(), RecordFilter { state: some(state), ..RecordFilter::default() }));
        }
        let middle = self.desk.now().plus_hours(-24 * 180).micros();
        let after = Some(format!("{middle}:~"));
        wanted.push(("a page in the middle".into(), RecordFilter { after, ..RecordFilter::default() }));
        if let Some(row) = newest.rows.last() {
            let (case, code) = (some(&row.case), some(&row.code));
            wanted.push(("a case".into(), RecordFilter { case, ..RecordFilter::default() }));
            wanted.push(("a record code".into(), RecordFilter { code, ..RecordFilter::default() }));
        }
        for (what, filter) in wanted {
            let page = |desk: &Desk| desk.records(&session, &filter).map(|_| ()).map_err(Problem::from);
            self.time(format!("records of {login}: {what}"), page)?;
        }
        Ok(())
    }

    fn others(&mut self) -> Done {
        let at = |login: &str| crowd::session(&self.desk, login);
        let (chen, tsao, pan, head) = (at("chen")?, at("tsao")?, at("pan-lc")?, at("wang-lc")?);
        for (login, session) in [("chen", &chen), ("tsao", &tsao), ("pan-lc", &pan), ("wang-lc", &head)] {
            self.time(format!("to-do of {login}"), |desk| done(desk.todo(session)))?;
            self.time(format!("settings of {login}"), |desk| done(desk.settings(session)))?;
        }
        for (login, session) in [("tsao", &tsao), ("pan-lc", &pan)] {
            self.time(format!("done of {login}"), |desk| done(desk.done(session)))?;
            self.time(format!("board of {login}"), |desk| done(desk.board(session)))?;
        }
        self.time("countersign queue", |desk| done(desk.queue(&tsao, None)))?;
        self.time("cases", |desk| done(desk.cases(&chen)))?;
        self.time("empty form", |desk| done(desk.draft(&chen, None)))?;
        let newest = self.desk.records(&chen, &RecordFilter::default())?;
        if let Some(row) = newest.rows.last() {
            self.time("form of a case", |desk| done(desk.draft(&chen, Some(&row.case))))?;
            self.time("one record", |desk| done(desk.record(&chen, &row.code)))?;
            self.time("proof of a record", |desk| done(desk.verify(&pan, &row.code)))?;
        }
        self.time("session of a token", |desk| crowd::session(desk, "chen").map(|_: Session| ()))?;
        self.time("one round of the watch", |desk| done(desk.tick()))?;
        self.time("metrics and readiness", |desk| {
            let (metrics, ready) = (desk.metrics(), desk.ready());
            assert!(ready && !metrics.is_empty());
            Ok(())
        })
    }
}

fn done<T>(answer: desk::Answer<T>) -> Done {
    answer.map(|_| ()).map_err(Problem::from)
}

fn time_all(place: &Place, rounds: usize) -> Done<Figures> {
    let start = Instant::now();
    let store = Store::open(&place.store_config())?;
    let setup = Setup { demo: true, provider_seconds: 1 };
    let desk = Desk::new(store, gate()?, Clock::system(), setup)?;
    let opened = start.elapsed();
    crowd::bind(&desk);
    let mut reading = Reading { desk, rounds, figures: vec![(START.into(), Timing::of(vec![opened]))] };
    for login in READERS {
        reading.records(login)?;
    }
    reading.others()?;
    Ok(reading.figures)
}
