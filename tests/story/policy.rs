//! The whole policy as a table that is checked in: a change of rights is a difference in a file.
//!
//! `UPDATE_GOLDEN=1` writes the table anew.

mod duties;
mod people;
mod units;

use domain::actor::{Actor, Channel, Place};
use domain::case::{self, Case};
use domain::decision::{Decision, Rule, RuleRef, Seen};
use domain::grant::{self, Consent, Covers};
use domain::id::{
    AgencyId, AssignmentId, BatchId, CaseId, ConsentId, EventId, Key, LookupId, PersonId, UnitId,
};
use domain::link::Standing;
use domain::lookup::ask::{self, Ask, ConsentFacts, Drawn, Facts};
use domain::lookup::correct::{self, Correct};
use domain::lookup::countersign::{self, Batch, Row, Verdict};
use domain::lookup::explanation::{CaseFacts, Lights};
use domain::lookup::{Lookup, Sheet, Stamp, State, review, run};
use domain::regulation::{Business, Capacity, Pack};
use domain::time::{Date, Instant};
use domain::{Outcome, Personal};
use sluice::pack::shipped;
use std::fmt::Write;
use std::path::Path;

const CAPACITIES: [Capacity; 11] = [
    Capacity::Ask,
    Capacity::Stamp,
    Capacity::Decide,
    Capacity::Consult,
    Capacity::Audit,
    Capacity::Administer,
    Capacity::Custody,
    Capacity::Operate,
    Capacity::Provide,
    Capacity::Review,
    Capacity::Apply,
];

/// Where a lookup and its sheet can stand together.
const PLACES: [(State, Stamp); 12] = [
    (State::Requested, Stamp::Awaiting),
    (State::Requested, Stamp::Returned),
    (State::Requested, Stamp::Anomaly),
    (State::Approved, Stamp::Stamped),
    (State::Asked, Stamp::Later),
    (State::Asked, Stamp::Stamped),
    (State::Answered, Stamp::Awaiting),
    (State::Answered, Stamp::Stamped),
    (State::Answered, Stamp::Returned),
    (State::Answered, Stamp::Anomaly),
    (State::NotObtained, Stamp::Awaiting),
    (State::Unknown, Stamp::Awaiting),
];

fn now() -> Instant {
    super::world::morning()
}

/// Somebody with one capacity alone, under a role of the regulation that carries it.
fn actor(pack: &Pack, capacity: Capacity) -> Actor {
    let role = pack.roles.iter().find(|role| role.capacities.contains(&capacity));
    Actor {
        person: PersonId::new("me"),
        assignment: AssignmentId::new("mine"),
        unit: UnitId::new("unit"),
        agency: AgencyId::new("agency"),
        organisation: "bureau".into(),
        role: role.map(|role| role.id.clone()).unwrap_or_default(),
        held_roles: vec![],
        capacities: vec![capacity],
        place: Place::Zone("office".into()),
        channel: Channel::Page,
    }
}

/// The pack and everything that commands need beside actor and lookup.
struct Table {
    pack: Pack,
    reference: RuleRef,
    business: Business,
}

fn event() -> EventId {
    EventId::new("event")
}

fn seen() -> Seen {
    Seen { key: Key::new(&domain::id::LogId::new("agency"), "lookup", "code"), rev: 0 }
}

/// A link that stands and was tested.
fn links() -> Vec<Standing> {
    vec![Standing { id: "link".into(), runs: true, until: None, passed: true, used: None }]
}

fn word(outcome: Outcome<Decision>) -> String {
    match outcome {
        Ok(_) => "allowed".into(),
        Err(refusals) => {
            let reasons: Vec<&str> = refusals.iter().map(|refusal| refusal.reason.key()).collect();
            format!("refused:{}", reasons.join("+"))
        }
    }
}

impl Table {
    fn of(id: &str) -> Self {
        let (_, files) = shipped::all().into_iter().find(|(folder, _)| folder.starts_with(id)).unwrap();
        let checked = desk::regulation::check(files).ok().unwrap();
        let business = checked.pack.businesses().into_iter().next().unwrap().value;
        Self { pack: checked.pack, reference: checked.rule, business }
    }

    fn rule(&self) -> Rule<'_> {
        Rule { pack: &self.pack, reference: &self.reference }
    }

    fn lookup(&self, own: bool, unit: &str, (state, stamp): (State, Stamp)) -> Lookup {
        Lookup {
            id: LookupId::new("code"),
            asker: PersonId::new(if own { "me" } else { "somebody" }),
            assignment: AssignmentId::new("mine"),
            unit: UnitId::new(unit),
            case: None,
            purpose: self.business.purpose.clone().unwrap_or_default(),
            basis: self.business.basis.clone().unwrap_or_default(),
            items: self.business.minimal.clone(),
            state,
            stamp,
            at: now(),
            stamped_at: (stamp == Stamp::Stamped).then(now),
            lights: Lights::from_code("11111"),
            judged: false,
            digest: self.reference.digest.clone(),
            held_roles: vec![],
        }
    }

    fn ask(&self, actor: &Actor) -> Outcome<Decision> {
        let command = Ask {
            case_number: "C-1".into(),
            purpose: self.business.purpose.clone().unwrap_or_default(),
            purpose_text: Personal::new("核對申請資料"),
            basis: self.business.basis.clone().unwrap_or_default(),
            basis_text: Personal::default(),
            subject: Personal::new("A123456789"),
            name: Personal::default(),
            role: String::new(),
            outside_reason: Personal::default(),
            items: self.business.minimal.clone(),
        };
        let facts = Facts {
            permitted: command.items.clone(),
            case: Some(CaseFacts {
                business: self.business.code.clone(),
                officer: actor.person.clone(),
                received: now().date(),
                closed: None,
                subject_is_party: true,
            }),
            consent: Some(ConsentFacts { until: None }),
            links: links(),
            ..Facts::default()
        };
        let drawn = Drawn { code: LookupId::new("code"), event: event(), address: String::new() };
        ask::decide(self.rule(), actor, &command, &facts, &drawn, now())
    }

    fn on_lookup(&self, command: &str, actor: &Actor, lookup: Lookup) -> Outcome<Decision> {
        let (rule, event, now) = (self.rule(), event(), now());
        let row = Row { lookup: lookup.clone(), seen: seen(), drawn: false };
        match command {
            "run" => {
                let facts = run::Facts {
                    permitted: lookup.items.clone(),
                    contracts: vec![],
                    machine: None,
                    owed: vec![],
                    lookup,
                    links: links(),
                    seen: vec![seen()],
                };
                run::decide(rule, actor, &facts, &event, now)
            }
            "review" => {
                let facts = review::Facts { lookup, parked: true, seen: seen() };
                review::decide(rule, actor, &facts, &event, now)
            }
            "hide" => review::hidden(rule, actor, &lookup, &event, now),
            "correct" => {
                let correct = Correct {
                    reason: Personal::new("補正"),
                    case: None,
                    lights: lookup.lights,
                    sheet: Sheet::default(),
                };
                correct::decide(rule, actor, &lookup, seen(), &correct, &event, now)
            }
            "judge" => {
                let note = Personal::new("相符");
                countersign::judge(rule, actor, &row, Verdict::Match, &note, &event, now)
            }
            _ => {
                let batch = Batch { id: BatchId::new("batch"), rows: vec![row], drawn_by: "0 0".into() };
                countersign::stamp(rule, &|_| self.rule(), actor, &batch, &event, now)
            }
        }
    }

    fn without_lookup(&self, command: &str, actor: &Actor) -> Outcome<Decision> {
        let consent = Consent {
            id: ConsentId::new("consent"),
            covers: Covers::Unit(UnitId::new("unit")),
            basis: None,
            by: PersonId::new("me"),
            from: now(),
            until: None,
            ended: None,
        };
        let case = Case {
            id: CaseId::new("case"),
            number: "C-1".into(),
            business: self.business.code.clone(),
            officer: PersonId::new("me"),
            unit: UnitId::new("unit"),
            received: Date::new(2026, 3, 1).unwrap(),
            closed: None,
        };
        match command {
            "ask" => self.ask(actor),
            "case.register" => case::register(self.rule(), actor, case, vec![], seen(), &event(), now()),
            "consent.give" => grant::give(self.rule(), actor, consent, seen(), &event(), now()),
            _ => grant::end(self.rule(), actor, &consent, seen(), &event(), now()),
        }
    }

    /// One line a command and state: who may, and who is refused why.
    fn line(&self, out: &mut String, head: &str, decide: impl Fn(&Actor) -> Outcome<Decision>) {
        let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
        for capacity in CAPACITIES {
            let answer = word(decide(&actor(&self.pack, capacity)));
            match groups.iter_mut().find(|(known, _)| *known == answer) {
                Some((_, who)) => who.push(capacity.word()),
                None => groups.push((answer, vec![capacity.word()])),
            }
        }
        let cells: Vec<String> = groups
            .into_iter()
            .map(|(answer, who)| {
                let who = match who.len() {
                    count if count == CAPACITIES.len() => "all".into(),
                    count if 2 * count > CAPACITIES.len() => "others".into(),
                    _ => who.join(" "),
                };
                format!("{answer} [{who}]")
            })
            .collect();
        writeln!(out, "{head} = {}", cells.join(" | ")).unwrap();
    }

    fn write(&self, out: &mut String) {
        writeln!(out, "\n# {}", self.reference.name).unwrap();
        for command in ["ask", "case.register", "consent.give", "consent.end"] {
            self.line(out, command, |actor| self.without_lookup(command, actor));
        }
        let whose = [("own", true, "unit"), ("unit", false, "unit"), ("other-unit", false, "other")];
        for command in ["run", "review", "hide", "correct", "judge", "stamp"] {
            for (name, own, unit) in whose {
                for place in PLACES {
                    let head = format!("{command} {name} {}/{}", place.0.word(), place.1.word());
                    self.line(out, &head, |actor| {
                        self.on_lookup(command, actor, self.lookup(own, unit, place))
                    });
                }
            }
        }
        self.write_people(out);
        self.write_units(out);
        self.write_duties(out);
    }
}

#[test]
fn the_policy_is_the_table_that_is_checked_in() {
    let mut table = String::from(
        "# Who may do what to what in which state: capacity, command, state. The chain of an application\n\
         # has a table of its own, with every kind of step, beside its tests in the domain.\n\
         # Written by the test story::policy; UPDATE_GOLDEN=1 writes it anew.\n\
         # own: the actor's; unit: somebody else's of the unit; other-unit: of another unit;\n\
         # role: any holder's of the actor's role; another's: somebody else's.\n",
    );
    for id in ["lienchiang", "kaohsiung", "taipei"] {
        Table::of(id).write(&mut table);
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("policy.table");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &table).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    for (number, (found, wanted)) in table.lines().zip(golden.lines()).enumerate() {
        assert_eq!(found, wanted, "line {} of policy.table", number + 1);
    }
    assert_eq!(table.lines().count(), golden.lines().count(), "policy.table");
}
