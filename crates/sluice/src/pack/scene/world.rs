//! The world of a scenario before its first step: its unit, its cast, and what `[given]` says is there.

use super::account::RIGHT;
use super::{AGENCY, World};
use crate::problem::{Done, Problem};
use desk::grant::ConsentForm;
use desk::regulation::Checked;
use desk::{Clock, Desk, No, Session, Setup};
use domain::Personal;
use domain::account::Account;
use domain::case::{Case, Party};
use domain::directory::{Agency, Assignment, Change, Person, Unit};
use domain::grant::permission::Permission;
use domain::id::{AgencyId, AssignmentId, CaseId, LogId, PermissionId, PersonId, UnitId};
use domain::regulation::{Act, Capacity, Scenario};
use domain::time::{Date, Instant};
use gate::Gate;
use gate::simulator::{Population, Simulator};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::Store;

/// Numbers that stand for the people whom scenarios call A, B, C and so on.
const NUMBERS: [&str; 4] = ["A123456789", "A223456781", "B123456780", "B223456782"];

impl<'a> World<'a> {
    pub(super) fn make(checked: &Checked, scenario: &'a Scenario, store: Store) -> Done<Self> {
        let begun = first_morning(checked);
        let (clock, hand) = Clock::by_hand(begun);
        let gate = Gate::new(4).map_err(|error| Problem::new(error.to_string()))?;
        gate.register_fallback(Arc::new(Simulator::new(Arc::new(Population::of(1)))));
        let setup = Setup { demo: true, provider_seconds: 5 };
        let desk = Desk::new(store, gate, clock, setup)?;
        let world = Self {
            desk,
            hand,
            scenario,
            last: None,
            applied: None,
            posts: BTreeMap::new(),
            begun,
            expected: BTreeSet::new(),
        };
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
        changes.extend(self.other_units());
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
pub(super) fn number_of(name: &str) -> Personal {
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
