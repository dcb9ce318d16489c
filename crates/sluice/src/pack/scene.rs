//! Plays a scenario: a small world, its cast, and every step through the desk.

mod account;
mod application;
mod came;
mod duty;
mod entries;
mod lookup;
mod post;
mod world;

use crate::problem::{Done, Problem};
use came::{Came, refused_under, under};
use desk::Desk;
use desk::clock::Hand;
use desk::regulation::Checked;
use domain::id::AssignmentId;
use domain::regulation::{Act, Expect, Scenario, Step};
use domain::time::Instant;
use std::collections::{BTreeMap, BTreeSet};
use store::{Config, Store};

/// The agency of every scenario.
const AGENCY: &str = "agency";

/// Rounds of the watch in one wait, at most; in a longer one they lie further apart than a day.
const ROUNDS: i64 = 800;

/// One scenario, played.
pub struct Played {
    /// Its file in the pack.
    pub file: String,
    /// What it shows.
    pub title: String,
    /// Whether it came out as it says, or why not.
    pub outcome: Result<(), String>,
    /// Clauses that entries show obeyed.
    pub obeyed: BTreeSet<String>,
    /// Clauses that something was refused under, or late.
    pub refused: BTreeSet<String>,
    /// Clauses under which time brought the entry that a step expects of it.
    pub expected: BTreeSet<String>,
}

/// Plays all scenarios of a pack, each in memory.
///
/// # Errors
/// The store; a scenario that comes out otherwise is no error here but its outcome.
pub fn play_all(checked: &Checked) -> Done<Vec<Played>> {
    let scenarios = checked.pack.scenarios.iter();
    scenarios.map(|scenario| play(checked, scenario, Store::open(&Config::in_memory())?)).collect()
}

/// Plays one scenario of a pack on an empty store.
///
/// # Errors
/// As [`play_all`].
pub fn play(checked: &Checked, scenario: &Scenario, store: Store) -> Done<Played> {
    let mut world = match World::make(checked, scenario, store) {
        Ok(world) => world,
        Err(problem) => {
            return Ok(Played {
                file: scenario.file.clone(),
                title: scenario.title.en.to_string(),
                outcome: Err(format!("its world cannot be made: {problem}")),
                obeyed: BTreeSet::new(),
                refused: BTreeSet::new(),
                expected: BTreeSet::new(),
            });
        }
    };
    let mut outcome = Ok(());
    for (place, step) in scenario.steps.iter().enumerate() {
        if let Err(reason) = world.step(step) {
            outcome = Err(format!("step {} (line {}): {reason}", place + 1, step.line.0));
            break;
        }
    }
    let (obeyed, refused) = world.clauses()?;
    let (file, title) = (scenario.file.clone(), scenario.title.en.to_string());
    Ok(Played { file, title, outcome, obeyed, refused, expected: world.expected })
}

/// The world of one scenario.
struct World<'a> {
    desk: Desk,
    hand: Hand,
    scenario: &'a Scenario,
    /// The lookup that was asked for last.
    last: Option<String>,
    /// The application that was put forward last.
    applied: Option<String>,
    /// The posts of those who hold another one than they began with.
    posts: BTreeMap<String, AssignmentId>,
    begun: Instant,
    /// Clauses under which time brought what a step expects.
    expected: BTreeSet<String>,
}

impl World<'_> {
    fn step(&mut self, step: &Step) -> Result<(), String> {
        self.hand.pass_seconds(31);
        let before = self.sizes().map_err(|problem| problem.sentence)?;
        let barred = self.without_post(step).map_err(|problem| problem.sentence)?;
        let came = barred.map_or_else(|| self.act(step), Ok).map_err(|problem| problem.sentence)?;
        match (&came, step.expect) {
            (Came::Permitted, Expect::Permitted) => self.entered(step, &before, BTreeSet::new())?,
            (Came::Refused(reasons), Expect::Refused) => refused_under(step, reasons)?,
            (Came::Permitted, Expect::Refused) => return Err("was permitted".into()),
            (Came::Refused(reasons), Expect::Permitted) => {
                return Err(format!("was refused under {}", under(reasons)));
            }
            (_, Expect::Overdue) => return self.overdue(step, &before),
        }
        match step.state.as_deref() {
            Some(wanted) if Act::ON_APPLICATION.contains(&step.act) => self.application_state(wanted),
            Some(wanted) => self.lookup_state(step, wanted),
            None => Ok(()),
        }
    }

    fn overdue(&mut self, step: &Step, before: &[u64]) -> Result<(), String> {
        let session = self.session(&step.actor, None).map_err(|problem| problem.sentence)?;
        let todo = self.desk.todo(&session).map_err(|no| Problem::from(no).sentence)?;
        let mut late: Vec<_> =
            todo.iter().filter(|item| item.due.as_ref().is_some_and(|due| due.days_left < 0)).collect();
        if late.is_empty() {
            return Err("nothing is overdue".into());
        }
        late.retain(|item| item.clause.is_some());
        let named = late.iter().filter_map(|item| item.clause.as_ref()).map(|cite| cite.id.to_string());
        self.entered(step, before, named.collect())
    }

    /// Whether a step that names a clause was seen under it: in what it entered, or in what is said beside.
    fn entered(&mut self, step: &Step, before: &[u64], said: BTreeSet<String>) -> Result<(), String> {
        let Some(clause) = &step.clause else { return Ok(()) };
        let mut seen = self.clauses_since(before).map_err(|problem| problem.sentence)?;
        seen.extend(said);
        if !seen.contains(clause.as_str()) {
            let named = seen.into_iter().collect::<Vec<_>>().join(", ");
            return Err(format!("nothing was entered under {clause}; what was names: {named}"));
        }
        if step.act == Act::Wait {
            self.expected.insert(clause.to_string());
        }
        Ok(())
    }

    fn act(&mut self, step: &Step) -> Done<Came> {
        match step.act {
            Act::Wait => {
                let minutes = i64::try_from(step.wait_minutes.unwrap_or(0)).unwrap_or(0);
                self.wait(minutes * 60)?;
                Ok(Came::Permitted)
            }
            Act::SignIn => self.sign_in(step),
            Act::Ask => self.ask(step),
            Act::Run => self.on_last(step, |desk, session, code| desk.run(session, code, "").map(|_| ())),
            Act::Review => self.on_last(step, |desk, session, code| desk.review(session, code).map(|_| ())),
            Act::Verify => self.on_last(step, |desk, session, code| desk.verify(session, code).map(|_| ())),
            Act::Stamp => self.stamp(step),
            Act::Judge | Act::Return => self.judge(step),
            Act::Consent => self.consent(step),
            Act::Apply => self.apply(step),
            Act::Approve | Act::Refuse | Act::SendBack => self.give(step),
            Act::Sign => self.sign(step),
            Act::Leave | Act::Transfer => self.repost(step),
        }
    }

    /// Lets time pass as it passes for a gate that runs: the watch makes its round each day, and at the end.
    fn wait(&self, seconds: i64) -> Done {
        let stride = (seconds / ROUNDS).max(24 * 3600);
        let mut left = seconds;
        while left > 0 {
            let passed = left.min(stride);
            self.hand.pass_seconds(passed);
            self.desk.tick()?;
            left -= passed;
        }
        Ok(())
    }
}
