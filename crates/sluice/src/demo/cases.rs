//! Cases of the demonstration: households of the synthetic population, one case each.

use crate::demo::cast::{self, CAST, Member};
use crate::problem::Done;
use desk::clock::Hand;
use desk::{Desk, Session};
use domain::Personal;
use domain::actor::Place;
use domain::case::{Case, Party};
use domain::id::CaseId;
use domain::time::Date;
use gate::simulator::{Household, Population};

/// A case with what the history needs of it.
pub struct Known {
    /// Its number.
    pub number: String,
    /// Whose it is.
    pub officer: &'static Member,
    /// How many persons it has who can be looked up.
    pub parties: usize,
    /// Whether it was closed long ago: lookups after that are misuse.
    pub closed: bool,
}

/// Businesses of each regulation and how their case numbers begin.
const BUSINESSES: &[(&str, &[(&str, &str)])] = &[
    (
        "lienchiang",
        &[("vaccination", "疫苗"), ("communicable-disease", "傳染"), ("cancer-screening", "癌篩")],
    ),
    ("taipei", &[("communicable-disease", "防疫"), ("vaccination", "疫苗")]),
    ("kaohsiung", &[("low-income", "低收"), ("disability-allowance", "身障"), ("emergency-relief", "急難")]),
];

/// The county whose households an agency's cases are about.
const COUNTIES: &[(&str, &str)] = &[("lienchiang", "連江縣"), ("taipei", "臺北市"), ("kaohsiung", "高雄市")];

/// Cases of every caseworker.
const CASES_EACH: usize = 8;

/// A session of a member over the API, as a machine of the office.
///
/// # Errors
/// The store.
pub fn session(desk: &Desk, member: &Member) -> Done<Session> {
    let place = Place::Zone("office".into());
    let session = desk.token_session(&cast::token(member.login), "127.0.0.1", place)?;
    // Nobody is there to be asked for a code once more.
    Ok(Session { proved: Some(desk.now()), ..session })
}

/// Registers the cases.
///
/// # Errors
/// The store.
pub fn register(desk: &Desk, hand: &Hand, population: &Population) -> Done<Vec<Known>> {
    for member in CAST {
        desk.bind_token(&cast::token(member.login), "127.0.0.1", cast::assignment(member));
    }
    let mut known = Vec::new();
    for (agency, businesses) in BUSINESSES {
        let county = COUNTIES.iter().find(|(id, _)| id == agency).map_or("", |(_, name)| name);
        let mut households = population
            .households()
            .iter()
            .filter(|household| household.county == county && household.members.len() > 1);
        let officers = CAST.iter().filter(|m| m.agency == *agency && m.role == "user");
        let mut serial = 100;
        for officer in officers {
            for place in 0..CASES_EACH {
                let Some(household) = households.next() else { break };
                let (business, prefix) = businesses[place % businesses.len()];
                serial += 1;
                let draft = Draft { officer, business, prefix, serial, household };
                known.push(draft.enter(desk, hand, population, place == CASES_EACH - 1)?);
            }
        }
    }
    Ok(known)
}

struct Draft<'a> {
    officer: &'static Member,
    business: &'a str,
    prefix: &'a str,
    serial: u32,
    household: &'a Household,
}

impl Draft<'_> {
    fn enter(&self, desk: &Desk, hand: &Hand, population: &Population, closed: bool) -> Done<Known> {
        hand.pass_seconds(7);
        let session = session(desk, self.officer)?;
        let today = desk.now().date();
        let received = today.plus_days(-20).unwrap_or(today);
        let year = i32::from(received.year()) - 1911;
        let number = format!("{year}{}{:05}", self.prefix, self.serial);
        let persons = self.household.members.iter().map(|index| &population.persons()[*index]);
        let parties: Vec<Party> = persons
            .filter(|person| person.number.is_some())
            .take(4)
            .enumerate()
            .map(|(place, person)| Party {
                name: Personal::new(person.name.as_str()),
                subject: Personal::new(person.number.as_ref().map_or("", |n| n.reveal())),
                role: if place == 0 { "申請人".into() } else { person.relation.into() },
            })
            .collect();
        let case = Case {
            id: CaseId::new(format!("case-{}-{}", self.officer.agency, self.serial)),
            number: number.clone(),
            business: self.business.into(),
            officer: session.actor.person.clone(),
            unit: session.actor.unit.clone(),
            received,
            closed: closed.then(|| ended(received)).flatten(),
        };
        let count = parties.len();
        desk.enter_case(&session, case, parties)?;
        Ok(Known { number, officer: self.officer, parties: count, closed })
    }
}

/// A case that was closed soon after it was received.
fn ended(received: Date) -> Option<Date> {
    received.plus_days(10)
}
