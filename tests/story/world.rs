//! The world of a story: the shipped regulations with the demonstration's cast, and the invented
//! fifth regulation with people of its own.

use super::rows::Rows;
use super::stage::{Left, Stage};
use desk::clock::Hand;
use desk::directory::AbsenceForm;
use desk::grant::ConsentForm;
use desk::lookup::{AskForm, Verdict};
use desk::regulation::Checked;
use desk::{Answer, BatchView, Clock, Desk, DraftView, No, ResultView, Session, Setup};
use domain::account::Account;
use domain::actor::Place;
use domain::case::{Case, Party};
use domain::decision::RuleRef;
use domain::directory::{Agency, Assignment, Change, Person, Unit};
use domain::id::{AgencyId, AssignmentId, CaseId, LogId, LookupId, PersonId, UnitId};
use domain::regulation::{self, Source};
use domain::time::{Date, Instant};
use domain::{Personal, Reason};
use gate::simulator::{Population, Simulator};
use gate::{Answer as Data, EndedRight, Gate, GateError, Provider, Question};
use sluice::demo::cast::{self, CAST};
use sluice::pack::shipped;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};
use store::capability::lookup::LookupRow;
use store::{Config, EntryRow, Store};

/// Everybody's password.
pub const PASSWORD: &str = cast::PASSWORD;
/// The machine that every story works at.
pub const ADDRESS: &str = "127.0.0.1";

/// A Monday morning on which all the regulations are in force.
pub fn morning() -> Instant {
    Instant::at(Date::new(2026, 3, 2).unwrap(), 9, 0)
}

fn population() -> Arc<Population> {
    static ONE: OnceLock<Arc<Population>> = OnceLock::new();
    Arc::clone(ONE.get_or_init(|| Arc::new(Population::of(1))))
}

/// The numbers and names of people whom the provider knows, alive and with a number.
pub fn people() -> Vec<(String, String)> {
    let population = population();
    let persons = population.households().iter().flat_map(|household| household.members.iter());
    persons
        .map(|index| &population.persons()[*index])
        .filter(|person| !person.protected)
        .filter_map(|p| Some((p.number.as_ref()?.reveal().to_string(), p.name.clone())))
        .filter(|(number, _)| number.as_bytes()[1] < b'3')
        .take(400)
        .collect()
}

/// What the provider saw of the store when it was asked: the record, and the acts entered for it.
pub type Sight = (String, Vec<String>);

/// The provider of a story: the simulator, which first looks whether the entry is durable.
pub struct Watched {
    store: Store,
    pub simulator: Simulator,
    pub sights: Mutex<Vec<Sight>>,
    /// Called with every question before it is answered.
    before: Mutex<Option<Before>>,
}

/// What happens when the provider is asked.
pub type Before = Box<dyn Fn() + Send>;

impl Provider for Watched {
    fn ask(&self, question: &Question) -> Result<Data, GateError> {
        let code = question.request_id.clone();
        let acts = self.store.read(|read| {
            let mut acts = Vec::new();
            for log in read.log_names()? {
                acts.extend(read.entries_of_record(&log, &code)?.into_iter().map(|e| e.act));
            }
            Ok(acts)
        });
        self.sights.lock().unwrap().push((code, acts.unwrap_or_default()));
        if let Some(before) = &*self.before.lock().unwrap() {
            before();
        }
        self.simulator.ask(question)
    }

    fn end_right(&self, ended: &EndedRight) -> Result<(), GateError> {
        self.simulator.end_right(ended)
    }

    fn probe(&self) -> Result<(), GateError> {
        self.simulator.probe()
    }
}

/// What a world has in store for those who ask.
#[derive(Clone, Copy)]
pub struct Limits {
    /// How many may ask the provider at once.
    pub places: usize,
    /// How long it may take to answer.
    pub provider_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { places: 8, provider_seconds: 30 }
    }
}

/// A world. When it ends, it leaves its rows to the stage.
pub struct World {
    pub desk: Desk,
    pub hand: Hand,
    pub provider: Arc<Watched>,
    left: Option<Left>,
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(left) = self.left.take()
            && !std::thread::panicking()
        {
            left.borrow_mut().push(Rows::of(self.desk.store()));
        }
    }
}

impl World {
    /// The four agencies with their cast, in a new database.
    pub fn open(stage: &Stage, config: &Config, limits: Limits) -> Self {
        let world = Self::bare(stage, config, limits);
        for (folder, files) in shipped::all() {
            let checked = desk::regulation::check(files);
            world.desk.activate(checked.unwrap_or_else(|_| panic!("{folder}"))).unwrap();
        }
        cast::enrol(&world.desk, 1).map_err(|problem| problem.to_string()).unwrap();
        for member in CAST {
            let assignment = cast::assignment(member);
            world.desk.bind_token(&cast::token(member.login), ADDRESS, assignment);
        }
        world
    }

    /// No agency, unless the database holds some.
    pub fn bare(stage: &Stage, config: &Config, limits: Limits) -> Self {
        let (clock, hand) = Clock::by_hand(morning());
        let store = Store::open(config).unwrap();
        let gate = Gate::new(limits.places).unwrap();
        let provider = Arc::new(Watched {
            store: store.clone(),
            simulator: Simulator::new(population()),
            sights: Mutex::default(),
            before: Mutex::default(),
        });
        gate.register_fallback(provider.clone());
        let setup = Setup { demo: true, provider_seconds: limits.provider_seconds };
        let desk = Desk::new(store, gate, clock, setup).unwrap();
        Self { desk, hand, provider, left: Some(stage.left()) }
    }

    /// Ends a world whose rows nobody can read any more.
    pub fn end_without_rows(mut self) {
        self.left = None;
    }

    /// What happens at the provider before it answers.
    pub fn before_answer(&self, act: impl Fn() + Send + 'static) {
        *self.provider.before.lock().unwrap() = Some(Box::new(act));
    }

    /// The invented harbour, once a version of its pack was put into force; its people are `HARBOUR`.
    pub fn harbour(stage: &Stage, activate: impl Fn(&Self)) -> Self {
        let world = stage.bare();
        activate(&world);
        let from = Date::new(2020, 1, 1).unwrap();
        let mut changes = vec![
            Change::Agency(Agency {
                id: AgencyId::new("harbour"),
                name: "霧港港務所".into(),
                name_en: "Fog Harbour Office".into(),
                pack: "harbour".into(),
            }),
            Change::Unit(Unit {
                id: UnitId::new("first-watch"),
                agency: AgencyId::new("harbour"),
                above: None,
                name: "一值".into(),
                name_en: "First Watch".into(),
                organisation: "office".into(),
            }),
        ];
        let mut persons = Vec::new();
        for (login, name, role) in HARBOUR {
            changes.push(Change::Assignment(Assignment {
                id: AssignmentId::new(*login),
                person: PersonId::new(*login),
                unit: UnitId::new("first-watch"),
                role: (*role).into(),
                from,
                until: None,
            }));
            persons.push(Change::Person(Person {
                id: PersonId::new(*login),
                name: (*name).into(),
                number: Personal::default(),
            }));
        }
        world.desk.enrol(&LogId::new("harbour"), changes).unwrap();
        world.desk.enrol(&LogId::platform(), persons).unwrap();
        let hash = desk::account::hash_password(PASSWORD).unwrap();
        for (login, ..) in HARBOUR {
            world.account(login, &hash);
            world.desk.bind_token(&cast::token(login), ADDRESS, AssignmentId::new(*login));
        }
        world
    }

    /// Puts a version of the harbour's regulation into force.
    pub fn activate_harbour(&self, version: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("packs/harbour").join(version);
        let files = sluice::pack::read(&folder).map_err(|problem| problem.to_string()).unwrap();
        let checked = desk::regulation::check(files);
        self.desk.activate(checked.unwrap_or_else(|errors| panic!("{errors:?}"))).unwrap();
    }

    /// Puts another version of a shipped regulation into force from the start, with some passages changed.
    pub fn amend(&self, pack: &str, edits: &[(&str, &str)]) {
        self.amend_from(pack, "2026-03-01", edits);
    }

    /// The same from a day on: of two versions the one that begins later is in force.
    pub fn amend_from(&self, pack: &str, from: &str, edits: &[(&str, &str)]) {
        let checked = desk::regulation::check(Self::amended(pack, from, edits));
        self.desk.activate(checked.unwrap_or_else(|errors| panic!("{errors:?}"))).unwrap();
    }

    /// The same as an earlier program let it pass, which checked less.
    pub fn amend_unchecked(&self, pack: &str, edits: &[(&str, &str)]) {
        let files = Self::amended(pack, "2026-03-01", edits);
        let sources: Vec<Source<'_>> = files.iter().map(|(path, text)| Source { path, text }).collect();
        let read = regulation::reload(&sources).unwrap_or_else(|errors| panic!("{errors:?}"));
        let digest = ledger::hash::sha256(&regulation::canonical(&sources)).to_hex();
        let rule = RuleRef { name: format!("{pack}@20260301"), digest };
        self.desk.activate(Checked { pack: read, rule, files }).unwrap();
    }

    fn amended(pack: &str, from: &str, edits: &[(&str, &str)]) -> Vec<(String, String)> {
        let (folder, mut files) = shipped::all().into_iter().find(|(at, _)| at.starts_with(pack)).unwrap();
        let version = format!("version = \"{}\"", folder.rsplit('/').next().unwrap());
        let later = format!("version = \"{}\"", from.replace('-', ""));
        for (from, to) in [(version.as_str(), later.as_str())].iter().chain(edits) {
            assert!(files.iter().any(|(_, text)| text.contains(from)), "nothing to change: {from}");
            for (_, text) in &mut files {
                *text = text.replace(from, to);
            }
        }
        let begins = format!("effective_from = {from}");
        for (_, text) in files.iter_mut().filter(|(path, _)| path == "pack.toml") {
            if !text.contains("\neffective_from") {
                *text = text.replace(&later, &format!("{later}\neffective_from"));
            }
            let lines = text.lines();
            let lines =
                lines.map(|line| if line.starts_with("effective_from") { begins.as_str() } else { line });
            *text = lines.collect::<Vec<_>>().join("\n");
        }
        files
    }

    fn account(&self, login: &str, hash: &str) {
        let account = Account {
            login: login.into(),
            person: PersonId::new(login),
            password_hash: hash.into(),
            password_at: self.desk.now(),
            totp: Personal::new(desk::account::new_totp_secret()),
            locked_until: None,
            open: true,
        };
        self.desk.open_account(account).unwrap();
    }

    /// Enters somebody of Lienchiang who has no account.
    pub fn newcomer(&self, person: &str) {
        let assignment = Assignment {
            id: AssignmentId::new(format!("{person}-user")),
            person: PersonId::new(person),
            unit: UnitId::new("lc-disease"),
            role: "user".into(),
            from: Date::new(2024, 1, 1).unwrap(),
            until: None,
        };
        let (id, number) = (PersonId::new(person), Personal::default());
        let person = Person { id, name: "新進人員".into(), number };
        self.desk.enrol(&LogId::new("lienchiang"), vec![Change::Assignment(assignment)]).unwrap();
        self.desk.enrol(&LogId::platform(), vec![Change::Person(person)]).unwrap();
    }

    /// A session at the place that the regulation wants.
    pub fn session(&self, login: &str) -> Session {
        let harbour = HARBOUR.iter().any(|(name, ..)| *name == login);
        self.session_at(login, Place::Zone(if harbour { "watchtower" } else { "office" }.into()))
    }

    /// Records that somebody of a session is away.
    pub fn be_away(&self, session: &Session, deputy: &str, from: Date, until: Date) -> Answer<()> {
        let form = AbsenceForm { from, until, ..absence("", deputy) };
        self.desk.be_away(session, &form)
    }

    /// A session of somebody's newest post, for whoever came or moved during the story.
    pub fn staff(&self, person: &str) -> Session {
        let id = PersonId::new(person);
        let posts = self.desk.store().read(|read| read.assignments(&id)).unwrap();
        let runs = posts.into_iter().find(|row| row.assignment.until.is_none());
        let token = format!("token of {person}");
        self.desk.bind_token(&token, ADDRESS, runs.unwrap().assignment.id);
        proved(self.desk.token_session(&token, ADDRESS, Place::Zone("office".into())).unwrap())
    }

    /// A session from this place.
    pub fn session_at(&self, login: &str, place: Place) -> Session {
        proved(self.desk.token_session(&cast::token(login), ADDRESS, place).unwrap())
    }

    /// Registers a case of `login` with the people of these places in [`people`].
    pub fn case(&self, login: &str, number: &str, business: &str, persons: &[usize]) -> Session {
        let session = self.session(login);
        let people = people();
        let case = Case {
            id: CaseId::new(format!("case-{number}")),
            number: number.into(),
            business: business.into(),
            officer: session.actor.person.clone(),
            unit: session.actor.unit.clone(),
            received: self.desk.now().date().plus_days(-3).unwrap(),
            closed: None,
        };
        let parties = persons.iter().map(|place| Party {
            name: Personal::new(people[*place].1.as_str()),
            subject: Personal::new(people[*place].0.as_str()),
            role: "party".into(),
        });
        self.desk.enter_case(&session, case, parties.collect()).unwrap();
        session
    }

    /// A consent as `login` gives it.
    pub fn consent(&self, login: &str, case: Option<&str>) {
        let form = ConsentForm { case: case.map(str::to_string), ..ConsentForm::default() };
        self.desk.give_consent(&self.session(login), &form, "").unwrap();
    }

    /// The form as the page fills it for the first person of a case.
    pub fn form(&self, session: &Session, case: &str) -> AskForm {
        let draft = self.desk.draft(session, Some(case)).unwrap();
        filled(&draft, case)
    }

    /// A caseworker of Lienchiang with a case and the unit's consent, ready to ask.
    pub fn lienchiang(&self) -> (Session, AskForm) {
        let session = self.case("chen", "L-1", "vaccination", &[0, 1]);
        self.consent("tsao", None);
        let form = self.form(&session, "L-1");
        (session, form)
    }

    /// A caseworker of Kaohsiung with a case, ready to ask.
    pub fn kaohsiung(&self) -> (Session, AskForm) {
        let session = self.case("lin", "K-1", "low-income", &[2, 3]);
        let form = self.form(&session, "K-1");
        (session, form)
    }

    /// Stamps rows as `login` with a code of this moment.
    pub fn stamp(&self, login: &str, codes: &[&str], form_key: &str) -> Answer<BatchView> {
        self.hand.pass_seconds(31);
        let proof = self.desk.demo_code(login).unwrap();
        let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
        self.desk.stamp(&self.session(login), &codes, &proof, form_key)
    }

    /// Opens a row, finds it matching and stamps it.
    pub fn judge_and_stamp(&self, login: &str, code: &str) {
        let verdict = Verdict::Match { note: "相符".into() };
        self.desk.judge(&self.session(login), code, &verdict).unwrap();
        self.stamp(login, &[code], "").unwrap();
    }

    /// All entries of a log, oldest first.
    pub fn entries(&self, log: &str) -> Vec<EntryRow> {
        let log = LogId::new(log);
        let mut all =
            self.desk.store().read(|read| read.entries_before(&log, i64::MAX as u64, 10_000)).unwrap();
        all.reverse();
        all
    }

    /// The acts entered for one record, oldest first, each with its outcome.
    pub fn acts(&self, log: &str, code: &str) -> Vec<(String, String)> {
        let mine = self.entries(log).into_iter().filter(|e| e.record.as_deref() == Some(code));
        mine.map(|entry| (entry.act, entry.outcome)).collect()
    }

    /// How many entries of this act a log holds.
    pub fn count(&self, log: &str, act: &str) -> usize {
        self.entries(log).iter().filter(|entry| entry.act == act).count()
    }

    /// The row of a lookup.
    pub fn row(&self, log: &str, code: &str) -> LookupRow {
        let (log, id) = (LogId::new(log), LookupId::new(code));
        self.desk.store().read(|read| read.lookup(&log, &id)).unwrap().unwrap()
    }

    /// How many questions the provider was asked.
    pub fn asked(&self) -> u64 {
        self.provider.simulator.log().values().sum()
    }
}

/// The harbour's people: login, name, role.
pub const HARBOUR: &[(&str, &str, &str)] = &[
    ("reader", "閱一", "reader"),
    ("watch", "值一", "watch-officer"),
    ("registrar", "籍一", "registrar"),
    ("master", "長一", "master"),
    ("signaller", "信一", "signaller"),
    ("checker", "巡一", "checker"),
];

/// The form as a draft presets it.
pub fn filled(draft: &DraftView, case: &str) -> AskForm {
    let preset = |choices: &[desk::ChoiceView]| {
        let found = choices.iter().find(|choice| choice.preset).or_else(|| choices.first());
        found.map(|choice| choice.code.clone()).unwrap_or_default()
    };
    let usual = draft.items.iter().filter(|item| item.preset).map(|item| item.code.clone());
    AskForm {
        case: case.into(),
        purpose: preset(&draft.purposes),
        purpose_text: "核對申請資料".into(),
        basis: preset(&draft.bases),
        party: Some(1),
        items: usual.collect(),
        form_key: draft.form_key.clone(),
        ..AskForm::default()
    }
}

/// The reasons of a refusal, each with the clause it names.
#[track_caller]
pub fn refused<T>(answer: Answer<T>) -> Vec<(Reason, Option<String>)> {
    match answer {
        Ok(_) => panic!("it was permitted"),
        Err(No::Refused(views)) => views
            .iter()
            .map(|view| (view.refusal.reason, view.refusal.clause.as_ref().map(|c| c.to_string())))
            .collect(),
        Err(other) => panic!("no refusal but {other:?}"),
    }
}

/// A session whose owner has shown a code, for as long as any story takes: what asks again has stories of its
/// own.
fn proved(session: Session) -> Session {
    Session { proved: Some(morning().plus_hours(24 * 366 * 20)), ..session }
}

/// The one reason of a refusal and its clause.
#[track_caller]
pub fn refused_once<T>(answer: Answer<T>) -> (Reason, Option<String>) {
    let mut all = refused(answer);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

/// The words of a result that were shown.
pub fn shown(view: &ResultView) -> Vec<String> {
    let rows = view.items.iter().flat_map(|item| item.rows.iter().flatten());
    rows.map(|cell| cell.expose().to_string()).filter(|cell| !cell.is_empty()).collect()
}

/// Somebody's absence of one day, the first of the clock.
pub fn absence(person: &str, deputy: &str) -> AbsenceForm {
    let from = Date::parse_iso("2026-03-02").unwrap();
    AbsenceForm { person: person.into(), deputy: deputy.into(), from, until: from, form_key: String::new() }
}
