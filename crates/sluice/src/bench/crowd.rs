//! Who works in a filled database: the demonstration's cast, and enough further units beside it.

use crate::demo::cast::{self, CAST};
use crate::problem::{Done, Problem};
use desk::{Desk, Session};
use domain::Personal;
use domain::actor::Place;
use domain::directory::{Assignment, Change, Person, Unit};
use domain::id::{AgencyId, AssignmentId, LogId, PersonId, UnitId};
use domain::regulation::Timing;
use domain::time::Date;
use gate::simulator::Population;

/// Further units of an agency: how many, and how many of a thousand lookups each of them makes.
const FURTHER: &[(&str, usize, u64)] = &[("lienchiang", 8, 50), ("taipei", 4, 15), ("kaohsiung", 4, 15)];
/// Units of the cast and how many of a thousand lookups each of them makes.
const OF_CAST: &[(&str, u64)] = &[
    ("lc-disease", 250),
    ("lc-nangan", 50),
    ("tp-disease", 60),
    ("tp-zhongshan", 20),
    ("kh-relief", 80),
    ("kh-sanmin", 20),
];
/// Caseworkers of a further unit; one more person stamps.
const USERS: usize = 5;
/// The machine that everybody works at.
const ADDRESS: &str = "127.0.0.1";

/// A unit whose people look up, and the one who stamps.
pub struct Team {
    /// The unit's id, which its case numbers begin with.
    pub unit: String,
    /// Caseworkers; the first of them does most of the work.
    pub users: Vec<Session>,
    /// Who stamps.
    pub stamper: Session,
    /// How many of a thousand lookups are theirs.
    pub share: u64,
    /// Whether the regulation wants the stamp before the data.
    pub before: bool,
}

/// The login of somebody in a further unit; place zero is the one who stamps.
fn login(agency: &str, unit: usize, place: usize) -> String {
    format!("{agency}-{unit}-{place}")
}

fn unit_id(agency: &str, unit: usize) -> String {
    format!("{agency}-unit-{unit}")
}

/// Enters the further units with their people.
///
/// # Errors
/// The store.
pub fn enrol(desk: &Desk, population: &Population) -> Done {
    let from = Date::new(2024, 1, 1).ok_or_else(|| Problem::new("no such day"))?;
    let mut names = population.persons().iter().map(|person| person.name.clone()).cycle();
    for (agency, units, _) in FURTHER {
        let (mut changes, mut people) = (Vec::new(), Vec::new());
        for unit in 0..*units {
            let name = unit_id(agency, unit);
            changes.push(Change::Unit(Unit {
                id: UnitId::new(name.as_str()),
                agency: AgencyId::new(*agency),
                above: None,
                name: name.clone(),
                name_en: name,
                organisation: "bureau".into(),
            }));
            for place in 0..=USERS {
                let login = login(agency, unit, place);
                changes.push(Change::Assignment(Assignment {
                    id: AssignmentId::new(login.as_str()),
                    person: PersonId::new(login.as_str()),
                    unit: UnitId::new(unit_id(agency, unit)),
                    role: if place == 0 { "supervisor" } else { "user" }.into(),
                    from,
                    until: None,
                }));
                let name = names.next().unwrap_or_default();
                let id = PersonId::new(login);
                people.push(Change::Person(Person { id, name, number: Personal::default() }));
            }
        }
        desk.enrol(&LogId::new(*agency), changes)?;
        desk.enrol(&LogId::platform(), people)?;
    }
    Ok(())
}

/// Lets everybody act over the API, as a machine of the office.
pub fn bind(desk: &Desk) {
    for member in CAST {
        desk.bind_token(&cast::token(member.login), ADDRESS, cast::assignment(member));
    }
    for (agency, units, _) in FURTHER {
        for unit in 0..*units {
            for place in 0..=USERS {
                let login = login(agency, unit, place);
                desk.bind_token(&cast::token(&login), ADDRESS, AssignmentId::new(login.as_str()));
            }
        }
    }
}

/// A session of somebody who was bound.
///
/// # Errors
/// The store, or nobody of this name.
pub fn session(desk: &Desk, login: &str) -> Done<Session> {
    Ok(desk.token_session(&cast::token(login), ADDRESS, Place::Zone("office".into()))?)
}

/// All teams, the cast's first.
///
/// # Errors
/// The store.
pub fn teams(desk: &Desk) -> Done<Vec<Team>> {
    let mut teams = Vec::new();
    for (unit, share) in OF_CAST {
        let of_role = |role: &'static str| {
            CAST.iter().filter(move |member| member.unit == *unit && member.role == role)
        };
        let users = of_role("user").map(|member| session(desk, member.login)).collect::<Done<Vec<_>>>()?;
        let stamper = of_role("supervisor").next().map(|member| member.login).unwrap_or_default();
        teams.push(team((*unit).into(), users, session(desk, stamper)?, *share));
    }
    for (agency, units, share) in FURTHER {
        for unit in 0..*units {
            let users = (1..=USERS).map(|place| session(desk, &login(agency, unit, place)));
            let users = users.collect::<Done<Vec<_>>>()?;
            let stamper = session(desk, &login(agency, unit, 0))?;
            teams.push(team(unit_id(agency, unit), users, stamper, *share));
        }
    }
    Ok(teams)
}

fn team(unit: String, users: Vec<Session>, stamper: Session, share: u64) -> Team {
    let stamp = stamper.pack.countersign(&stamper.actor.situation());
    let before = stamp.is_some_and(|stamp| stamp.value.timing == Timing::Before);
    Team { unit, users, stamper, share, before }
}
