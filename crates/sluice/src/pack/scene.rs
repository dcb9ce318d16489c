//! Plays a scenario: a small world, its cast, and every step through the desk.

mod came;
mod entries;

use crate::problem::{Done, Problem};
use came::{Came, came, refused_under, under};
use desk::account::SignIn;
use desk::clock::Hand;
use desk::grant::ConsentForm;
use desk::lookup::{AskForm, Verdict};
use desk::regulation::Checked;
use desk::{Clock, Desk, No, Session, Setup};
use domain::Personal;
use domain::account::Account;
use domain::actor::Place;
use domain::case::{Case, Party};
use domain::directory::{Agency, Assignment, Change, Person, Unit};
use domain::grant::permission::Permission;
use domain::id::{AgencyId, AssignmentId, CaseId, LogId, PermissionId, PersonId, UnitId};
use domain::regulation::{Act, Capacity, Expect, Scenario, Step};
use domain::time::{Date, Instant};
use gate::Gate;
use gate::simulator::{Population, Simulator};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::{Config, Store};

/// The password that is right in every scenario.
const RIGHT: &str = "Right-Password-1";
/// The agency of every scenario.
const AGENCY: &str = "agency";
/// Numbers that stand for the people whom scenarios call A, B, C and so on.
const NUMBERS: [&str; 4] = ["A123456789", "A223456781", "B123456780", "B223456782"];

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
    last: Option<String>,
    begun: Instant,
    /// Clauses under which time brought what a step expects.
    expected: BTreeSet<String>,
}

impl<'a> World<'a> {
    fn make(checked: &Checked, scenario: &'a Scenario, store: Store) -> Done<Self> {
        let begun = first_morning(checked);
        let (clock, hand) = Clock::by_hand(begun);
        let gate = Gate::new(4).map_err(|error| Problem::new(error.to_string()))?;
        gate.register_fallback(Arc::new(Simulator::new(Arc::new(Population::of(1)))));
        let setup = Setup { demo: true, provider_seconds: 5 };
        let desk = Desk::new(store, gate, clock, setup)?;
        let world = Self { desk, hand, scenario, last: None, begun, expected: BTreeSet::new() };
        world.enrol(checked)?;
        world.furnish()?;
        Ok(world)
    }

    fn enrol(&self, checked: &Checked) -> Done {
        let again = desk::regulation::check(checked.files.clone())
            .map_err(|_| Problem::new("the pack has faults"))?;
        self.desk.activate(again)?;
        let log = LogId::new(AGENCY);
        let organisation = self.scenario.given.unit.clone().unwrap_or_default();
        let from = self.begun.date().plus_days(-30).unwrap_or(self.begun.date());
        let mut changes = vec![
            Change::Agency(Agency {
                id: AgencyId::new(AGENCY),
                name: "Agency".into(),
                name_en: "Agency".into(),
                pack: checked.pack.header.id.clone(),
            }),
            Change::Unit(Unit {
                id: UnitId::new("unit"),
                agency: AgencyId::new(AGENCY),
                above: None,
                name: "Unit".into(),
                name_en: "Unit".into(),
                organisation,
            }),
        ];
        let mut people = Vec::new();
        for (place, (name, role)) in self.scenario.given.roles.iter().enumerate() {
            changes.push(Change::Assignment(Assignment {
                id: AssignmentId::new(name.as_str()),
                person: PersonId::new(name.as_str()),
                unit: UnitId::new("unit"),
                role: role.clone(),
                from,
                until: None,
            }));
            people.push(Change::Person(Person {
                id: PersonId::new(name.as_str()),
                name: name.clone(),
                number: self.staff_number(name, place),
            }));
        }
        self.desk.enrol(&log, changes)?;
        self.desk.enrol(&LogId::platform(), people)?;
        self.permit(&checked.pack.header.id, &log)?;
        if self.scenario.given.link != Some(false) {
            self.desk.link_in_place(AGENCY, &self.any_of_cast())?;
        }
        let hash = desk::account::hash_password(RIGHT).map_err(|error| Problem::new(error.to_string()))?;
        for name in self.scenario.given.roles.keys() {
            self.desk.open_account(Account {
                login: name.clone(),
                person: PersonId::new(name.as_str()),
                password_hash: hash.clone(),
                password_at: self.begun,
                totp: Personal::new(desk::account::new_totp_secret()),
                locked_until: None,
                open: true,
            })?;
            self.desk.bind_token(name, "127.0.0.1", AssignmentId::new(name.as_str()));
        }
        Ok(())
    }

    /// Gives everybody every permission, unless the scenario says otherwise: what it is about is not how its
    /// people came by theirs.
    fn permit(&self, pack: &str, log: &LogId) -> Done {
        if self.scenario.given.permissions == Some(false) {
            return Ok(());
        }
        let names = self.scenario.given.roles.keys().map(|name| PersonId::new(name.as_str()));
        let whole = names.filter_map(|person| {
            let whole = self.desk.whole_permission(pack, &person, &UnitId::new("unit"))?;
            Some(Permission { id: PermissionId::new(person.as_str()), ..whole })
        });
        let permissions: Vec<_> = whole.collect();
        if !permissions.is_empty() {
            self.desk.take_over(log, permissions)?;
        }
        Ok(())
    }

    /// The number of a member of the cast: somebody's whom the scenario calls self or colleague.
    fn staff_number(&self, name: &str, place: usize) -> Personal {
        let relations = &self.scenario.given.relations;
        let asker = self.scenario.steps.iter().find(|step| step.act == Act::Ask);
        let asks = asker.is_some_and(|step| step.actor == name);
        let wanted = if asks { "self" } else { "colleague" };
        let subject = relations.iter().find(|(_, relation)| relation.as_str() == wanted);
        match subject {
            Some((subject, _)) if asks || place > 0 => number_of(subject),
            _ => Personal::default(),
        }
    }

    fn furnish(&self) -> Done {
        let given = &self.scenario.given;
        if let Some(case) = &given.case {
            let officer = case.officer.clone().unwrap_or_else(|| self.any_of_cast());
            // Whoever may ask enters the case, for its officer; a feed would do the same.
            let Some(session) = self.any_asker()? else { return Ok(()) };
            let today = self.begun.date();
            let closed = (!case.open).then(|| today.plus_days(-400)).flatten();
            let received = today.plus_days(-430).filter(|_| !case.open);
            let entered = Case {
                id: CaseId::new("case"),
                number: case.number.clone(),
                business: case.business.clone().unwrap_or_default(),
                officer: PersonId::new(officer.as_str()),
                unit: UnitId::new("unit"),
                received: received.or_else(|| today.plus_days(-5)).unwrap_or(today),
                closed,
            };
            let parties = case.parties.iter().map(|name| Party {
                name: Personal::new(format!("Party {name}")),
                subject: number_of(name),
                role: "party".into(),
            });
            self.desk.enter_case(&session, entered, parties.collect())?;
        }
        if given.consent == Some(true) {
            self.consents()?;
        }
        Ok(())
    }

    /// Consents as the rule wants them: whoever may give one gives it; the head's own for bases
    /// that want the head's word.
    fn consents(&self) -> Done {
        let names: Vec<String> = self.scenario.given.roles.keys().cloned().collect();
        let case = self.scenario.given.case.as_ref().map(|case| case.number.clone());
        for name in &names {
            let session = self.session(name, None)?;
            self.desk.consent_in_place(&session)?;
            let standing = ConsentForm { case: case.clone(), ..ConsentForm::default() };
            self.desk.give_consent(&session, &standing, "").map(|_| ()).or_else(not_theirs)?;
            let plain = ConsentForm::default();
            self.desk.give_consent(&session, &plain, "").map(|_| ()).or_else(not_theirs)?;
            for basis in session.pack.legal_bases() {
                if basis.value.head_consent {
                    let form = ConsentForm { basis: Some(basis.value.code), ..standing.clone() };
                    self.desk.give_consent(&session, &form, "").map(|_| ()).or_else(not_theirs)?;
                }
            }
        }
        Ok(())
    }

    fn any_asker(&self) -> Done<Option<Session>> {
        for name in self.scenario.given.roles.keys() {
            let session = self.session(name, None)?;
            if session.actor.can(Capacity::Ask) {
                return Ok(Some(session));
            }
        }
        Ok(None)
    }

    fn any_of_cast(&self) -> String {
        self.scenario.given.roles.keys().next().cloned().unwrap_or_default()
    }

    fn session(&self, name: &str, place: Option<&str>) -> Done<Session> {
        let place = match place.or(self.scenario.given.place.as_deref()) {
            None | Some("elsewhere") => Place::Elsewhere,
            Some(zone) => Place::Zone(zone.into()),
        };
        let session = self.desk.token_session(name, "127.0.0.1", place);
        let mut session = session.map_err(|no| self.why_not_in(name, Problem::from(no)))?;
        session.proved = Some(self.desk.now());
        Ok(session)
    }

    /// Why somebody of the cast cannot act any more: time closes accounts that nobody uses.
    fn why_not_in(&self, name: &str, problem: Problem) -> Problem {
        let open = self.desk.store().read(|read| read.account(name)).ok().flatten();
        match open.is_some_and(|row| !row.account.open) {
            true => Problem::new(format!(
                "the account of `{name}` was closed while time passed, as the rule closes accounts that \
                 nobody uses; let them act before that, or wait for less"
            )),
            false => problem,
        }
    }

    fn step(&mut self, step: &Step) -> Result<(), String> {
        self.hand.pass_seconds(31);
        let before = self.sizes().map_err(|problem| problem.sentence)?;
        let came = self.act(step).map_err(|problem| problem.sentence)?;
        match (&came, step.expect) {
            (Came::Permitted, Expect::Permitted) => self.entered(step, &before, BTreeSet::new())?,
            (Came::Refused(reasons), Expect::Refused) => refused_under(step, reasons)?,
            (Came::Permitted, Expect::Refused) => return Err("was permitted".into()),
            (Came::Refused(reasons), Expect::Permitted) => {
                return Err(format!("was refused under {}", under(reasons)));
            }
            (_, Expect::Overdue) => return self.overdue(step, &before),
        }
        self.state(step)
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

    fn state(&self, step: &Step) -> Result<(), String> {
        let (Some(wanted), Some(code)) = (&step.state, &self.last) else { return Ok(()) };
        let session = self.session(&step.actor, None).map_err(|problem| problem.sentence)?;
        let record = self
            .desk
            .record(&session, code)
            .map_err(|no| format!("the record cannot be read: {}", Problem::from(no)))?;
        let found = &record.row.state;
        // After the answer a record waits for its stamp; scenarios may name either.
        let same = found == wanted || (wanted == "answered" && found == "awaiting");
        if same { Ok(()) } else { Err(format!("the state is {found}, not {wanted}")) }
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
            Act::Consent => {
                let session = self.session(&step.actor, step.place.as_deref())?;
                let case = self.scenario.given.case.as_ref().map(|case| case.number.clone());
                let each = desk::grant::wants_case(&session);
                let form = ConsentForm { case: case.filter(|_| each), ..ConsentForm::default() };
                came(self.desk.give_consent(&session, &form, "").map(|_| ()))
            }
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

    fn sign_in(&self, step: &Step) -> Done<Came> {
        let tries = if step.tries.is_empty() { vec![true] } else { step.tries.clone() };
        let mut last = Came::Permitted;
        for right in tries {
            self.hand.pass_seconds(31);
            let form = SignIn {
                login: step.actor.clone(),
                password: Personal::new(if right { RIGHT } else { "wrong" }),
                code: self.desk.demo_code(&step.actor).unwrap_or_default(),
                place: Place::Elsewhere,
                address: "127.0.0.1".into(),
            };
            last = came(self.desk.sign_in(&form).map(|_| ()))?;
        }
        Ok(last)
    }

    fn ask(&mut self, step: &Step) -> Done<Came> {
        let session = self.session(&step.actor, step.place.as_deref())?;
        let given = self.scenario.given.case.as_ref();
        let number = step.case.clone().or_else(|| given.map(|case| case.number.clone()));
        let number = number.unwrap_or_default();
        let draft = self.desk.draft(&session, Some(&number)).or_else(|_| self.desk.draft(&session, None))?;
        let preset = |choices: &[desk::ChoiceView]| {
            let found = choices.iter().find(|choice| choice.preset).or_else(|| choices.first());
            found.map(|choice| choice.code.clone()).unwrap_or_default()
        };
        let usual: Vec<String> =
            draft.items.iter().filter(|i| i.preset).map(|item| item.code.clone()).collect();
        let first = draft.items.first().map(|item| vec![item.code.clone()]).unwrap_or_default();
        let items = step.items.clone().unwrap_or(if usual.is_empty() { first } else { usual });
        let form = AskForm {
            case: number,
            purpose: step.purpose.clone().unwrap_or_else(|| preset(&draft.purposes)),
            purpose_text: step.reason.clone().unwrap_or_default(),
            basis: step.basis.clone().unwrap_or_else(|| preset(&draft.bases)),
            basis_text: step.basis_text.clone().unwrap_or_default(),
            subject: step.subject.as_deref().map(number_of),
            not_party_reason: step.reason.clone().unwrap_or_default(),
            items,
            ..AskForm::default()
        };
        match self.desk.ask(&session, &form) {
            Ok(view) => {
                self.last = Some(view.code);
                Ok(Came::Permitted)
            }
            Err(no) => came(Err(no)),
        }
    }

    fn on_last(
        &self,
        step: &Step,
        act: impl FnOnce(&Desk, &Session, &str) -> desk::Answer<()>,
    ) -> Done<Came> {
        let session = self.session(&step.actor, step.place.as_deref())?;
        let code = self.last.clone().ok_or_else(|| Problem::new("nothing was asked before"))?;
        came(act(&self.desk, &session, &code))
    }

    fn stamp(&self, step: &Step) -> Done<Came> {
        let proof = self.desk.demo_code(&step.actor).unwrap_or_default();
        self.on_last(step, |desk, session, code| {
            desk.stamp(session, &[code.to_string()], &proof, "").map(|_| ())
        })
    }

    fn judge(&self, step: &Step) -> Done<Came> {
        let note = step.reason.clone().unwrap_or_default();
        let verdict = match (step.act, step.verdict.as_deref()) {
            (Act::Return, _) | (_, Some("return")) => Verdict::Return { reason_code: "reason".into(), note },
            (_, Some("anomaly" | "improper")) => Verdict::Anomaly { note },
            _ => Verdict::Match { note },
        };
        self.on_last(step, |desk, session, code| desk.judge(session, code, &verdict))
    }
}

/// Nine in the morning of a working day on which the pack is in force.
fn first_morning(checked: &Checked) -> Instant {
    let from = checked.pack.header.effective_from.map(Date::from);
    let end = checked.pack.header.effective_to.map(Date::from);
    let fits = |day: &Date| from.is_none_or(|f| f <= *day) && end.is_none_or(|e| *day <= e);
    // The calendars that ship with the product reach over 2026, so deadlines can be told there.
    let usual = Date::new(2026, 3, 2).filter(fits);
    let day = usual.or_else(|| from.and_then(|from| from.plus_days(40)));
    day.map_or(Instant::from_micros(0), |day| Instant::at(day, 9, 0))
}

/// The number of somebody whom scenarios call by a letter, or the text itself.
fn number_of(name: &str) -> Personal {
    let place = match name.as_bytes() {
        [letter @ b'A'..=b'D'] => Some(usize::from(letter - b'A')),
        _ => None,
    };
    Personal::new(place.map_or(name, |place| NUMBERS[place]))
}

fn not_theirs(no: No) -> Done {
    match no {
        No::Refused(_) => Ok(()),
        other => Err(other.into()),
    }
}
