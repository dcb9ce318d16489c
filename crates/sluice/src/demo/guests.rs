//! Packs of the reader's own in a demonstration: an agency each, with one person for every role and a case,
//! so that a rule can be walked through as soon as it loads.

use super::cast;
use crate::pack::shipped;
use crate::problem::{Done, Problem};
use desk::regulation::in_force::InForce;
use desk::{CastMember, Desk, Words};
use domain::Personal;
use domain::account::Account;
use domain::actor::Place;
use domain::case::{Case, Party};
use domain::directory::{Agency, Assignment, Change, Person, Unit};
use domain::id::{AgencyId, AssignmentId, CaseId, LogId, PersonId, UnitId};
use domain::regulation::{Capacity, Pack, Role};
use gate::simulator::Population;

/// People in a case.
const PARTIES: usize = 2;

/// Makes an agency for every pack in force that does not ship, and people for every role of it that nobody
/// holds; answers how the sign-in page introduces them.
///
/// # Errors
/// The store.
pub fn enrol(desk: &Desk, seed: u64) -> Done<Vec<CastMember>> {
    let mut introduced = Vec::new();
    let own: Vec<InForce> = desk.rules().all_in_force(desk.now().date()).into_iter().cloned().collect();
    let shipped = |id: &str| shipped::all().keys().any(|folder| folder.split('/').next() == Some(id));
    let own: Vec<InForce> = own.into_iter().filter(|rule| !shipped(&rule.pack.header.id)).collect();
    if own.is_empty() {
        return Ok(introduced);
    }
    let population = Population::of(seed);
    for (place, rule) in own.iter().enumerate() {
        let guest = Guest { desk, pack: &rule.pack, population: &population, place };
        let known = desk.store().read(|read| read.agencies())?;
        let new = known.iter().all(|agency| agency.id.as_str() != guest.id());
        if new {
            guest.agency()?;
        }
        for role in &rule.pack.roles {
            guest.person(role)?;
            introduced.push(guest.introduction(role));
        }
        if new {
            guest.case()?;
        }
    }
    Ok(introduced)
}

struct Guest<'a> {
    desk: &'a Desk,
    pack: &'a Pack,
    population: &'a Population,
    /// Which of the guests it is, so that no two have the same people.
    place: usize,
}

impl Guest<'_> {
    fn id(&self) -> &str {
        &self.pack.header.id
    }

    fn unit(&self) -> UnitId {
        UnitId::new(format!("{}-unit", self.id()))
    }

    fn login(&self, role: &Role) -> String {
        format!("{}-{}", self.id(), role.id)
    }

    fn organisation(&self) -> (String, Words) {
        let first = self.pack.organisations.first();
        first.map_or_else(
            || (String::new(), self.pack.header.issuer.clone()),
            |organisation| (organisation.id.clone(), organisation.word.clone()),
        )
    }

    fn agency(&self) -> Done {
        let (id, issuer) = (self.id(), &self.pack.header.issuer);
        let (organisation, word) = self.organisation();
        let agency = Agency {
            id: AgencyId::new(id),
            name: issuer.zh.to_string(),
            name_en: issuer.en.to_string(),
            pack: id.into(),
        };
        let unit = Unit {
            id: self.unit(),
            agency: AgencyId::new(id),
            above: None,
            name: word.zh.to_string(),
            name_en: word.en.to_string(),
            organisation,
        };
        Ok(self.desk.enrol(&LogId::new(id), vec![Change::Agency(agency), Change::Unit(unit)])?)
    }

    /// Enters whoever holds a role, unless somebody was before, and all that the forms can open.
    fn person(&self, role: &Role) -> Done {
        let (login, desk) = (self.login(role), self.desk);
        let (person, assignment) = (PersonId::new(login.as_str()), AssignmentId::new(login.as_str()));
        if desk.store().read(|read| read.account(&login))?.is_none() {
            let number = Personal::default();
            let name = self.name(role);
            desk.enrol(
                &LogId::platform(),
                vec![Change::Person(Person { id: person.clone(), name, number })],
            )?;
            let held = Assignment {
                id: assignment.clone(),
                person: person.clone(),
                unit: self.unit(),
                role: role.id.clone(),
                from: desk.now().date(),
                until: None,
            };
            let log = LogId::new(self.id());
            desk.enrol(&log, vec![Change::Assignment(held)])?;
            let whole = desk.whole_permission(self.id(), &person, &self.unit());
            if let Some(whole) = whole.filter(|_| role.capacities.contains(&Capacity::Ask)) {
                desk.take_over(&log, vec![whole])?;
            }
            desk.link_in_place(self.id(), &login)?;
            self.account(&login, person)?;
        }
        desk.bind_token(&cast::token(&login), "127.0.0.1", assignment);
        Ok(())
    }

    fn account(&self, login: &str, person: PersonId) -> Done {
        let hash = desk::account::hash_password(cast::PASSWORD)
            .map_err(|error| Problem::new(format!("the password cannot be hashed: {error}")))?;
        self.desk.open_account(Account {
            login: login.into(),
            person,
            password_hash: hash,
            password_at: self.desk.now(),
            totp: Personal::new(desk::account::new_totp_secret()),
            locked_until: None,
            open: true,
        })?;
        Ok(())
    }

    /// Somebody's name, the same at every start.
    fn name(&self, role: &Role) -> String {
        let persons = self.population.persons();
        let at = self.pack.roles.iter().position(|one| one.id == role.id).unwrap_or(0);
        // Cases are about those who come first.
        let index = persons.len().saturating_sub(1 + self.place * 31 + at * 7);
        persons.get(index).map_or_else(|| self.login(role), |person| person.name.clone())
    }

    fn introduction(&self, role: &Role) -> CastMember {
        CastMember {
            login: self.login(role),
            password: cast::PASSWORD.into(),
            name: self.name(role),
            unit: self.organisation().1,
            role: role.word.clone(),
            agency: self.pack.header.issuer.clone(),
        }
    }

    /// A case of the first business, where somebody may ask and people are what is asked about.
    fn case(&self) -> Done {
        let asker = self.pack.roles.iter().find(|role| role.capacities.contains(&Capacity::Ask));
        let business = self.pack.businesses().into_iter().next();
        let (Some(asker), Some(business)) = (asker, business) else { return Ok(()) };
        let desk = self.desk;
        let place = Place::Zone("office".into());
        let session = desk.token_session(&cast::token(&self.login(asker)), "127.0.0.1", place)?;
        let households = self.population.households().iter().skip(self.place * 17);
        let members = households.flat_map(|household| household.members.iter());
        let persons = members.map(|index| &self.population.persons()[*index]);
        let named = persons.filter_map(|person| Some((person, person.number.as_ref()?)));
        let parties = named.take(PARTIES).map(|(person, number)| Party {
            name: Personal::new(person.name.as_str()),
            subject: Personal::new(number.reveal()),
            role: person.relation.into(),
        });
        let case = Case {
            id: CaseId::new(format!("case-{}", self.id())),
            number: format!("{}-1", self.id()),
            business: business.value.code,
            officer: session.actor.person.clone(),
            unit: session.actor.unit.clone(),
            received: desk.now().date(),
            closed: None,
        };
        Ok(desk.enter_case(&session, case, parties.collect())?)
    }
}
