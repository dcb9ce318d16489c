//! Cases: registering and listing them.

use crate::view::CaseView;
use crate::{Answer, Desk, Session, carry};
use domain::case::{self, Case, Party};
use domain::id::CaseId;
use domain::identity::{self, national_id::NationalId};
use domain::time::Date;
use domain::{Personal, Reason, Refusal};

/// Cases shown at once.
const SHOWN: i64 = 100;

/// A case as a page or a feed sends it.
#[derive(Clone, Debug)]
pub struct CaseForm {
    /// The number that people use.
    pub number: String,
    /// The business's code in the regulation.
    pub business: String,
    /// Received on.
    pub received: Date,
    /// The persons of the case.
    pub parties: Vec<PartyForm>,
}

/// A person of a case as it is typed.
#[derive(Clone, Debug)]
pub struct PartyForm {
    /// The name as registered.
    pub name: Personal,
    /// The number; empty where the person has none.
    pub id: Personal,
    /// What the person is in the case.
    pub role: String,
}

impl Desk {
    /// Registers a case of the actor's unit.
    ///
    /// # Errors
    /// The number is taken, a field cannot be read, the role may not.
    pub fn register_case(&self, session: &Session, form: &CaseForm) -> Answer<CaseView> {
        let parties = match parties(form) {
            Ok(parties) => parties,
            Err(refusals) => return Err(self.refuse(session, "case.register", refusals)),
        };
        let case = Case {
            id: CaseId::new(carry::random_id("ca")),
            number: identity::fold(&form.number).trim().to_string(),
            business: form.business.clone(),
            officer: session.actor.person.clone(),
            unit: session.actor.unit.clone(),
            received: form.received,
            closed: None,
        };
        self.enter_case(session, case.clone(), parties)?;
        self.case_view(session, case)
    }

    /// Enters a case whose values are ready: from a page, from a feed, from seed data.
    ///
    /// # Errors
    /// As [`Desk::register_case`].
    pub fn enter_case(&self, session: &Session, case: Case, parties: Vec<Party>) -> Answer<()> {
        let (log, event) = (session.actor.log(), carry::event());
        self.carry_out(session, "case.register", |read| {
            let seen = read.rev(&case::key(&log, &case.number))?;
            let (case, parties) = (case.clone(), parties.clone());
            let (rule, actor) = (session.as_rule(), &session.actor);
            Ok(case::register(rule, actor, case, parties, seen, &event, self.now()))
        })?;
        Ok(())
    }

    /// The newest cases of the actor's unit.
    ///
    /// # Errors
    /// The store.
    pub fn cases(&self, session: &Session) -> Answer<Vec<CaseView>> {
        let (log, unit) = (session.actor.log(), session.actor.unit.clone());
        let cases = self.inner.store.read(|read| read.cases(&log, &unit, SHOWN))?;
        cases.into_iter().map(|case| self.case_view(session, case)).collect()
    }
}

fn parties(form: &CaseForm) -> Result<Vec<Party>, Vec<Refusal>> {
    let (mut parties, mut refusals) = (Vec::new(), Vec::new());
    for (place, party) in form.parties.iter().enumerate() {
        match read_party(place, party) {
            Ok(party) => parties.push(party),
            Err(refusal) => refusals.push(refusal),
        }
    }
    if refusals.is_empty() { Ok(parties) } else { Err(refusals) }
}

/// One person: a national number is folded and checked, any other key is taken as it is typed.
fn read_party(place: usize, party: &PartyForm) -> Result<Party, Refusal> {
    let field = format!("parties.{}", place + 1);
    let malformed = |problem: &str| Refusal::new(Reason::FieldMalformed).at(&field).with("problem", problem);
    let name = party.name.expose().trim();
    if name.is_empty() || name.chars().count() > identity::name::MAX_CHARACTERS {
        return Err(malformed("name"));
    }
    let typed = party.id.expose().trim();
    let looks_national = typed.starts_with(|letter: char| letter.is_alphabetic());
    let subject = match (typed.is_empty(), looks_national) {
        (true, _) => Personal::default(),
        (false, true) => NationalId::parse(typed)
            .map(|id| Personal::new(id.expose()))
            .map_err(|error| malformed(error.key()))?,
        (false, false) => Personal::new(identity::fold(typed)),
    };
    Ok(Party { name: Personal::new(name), subject, role: party.role.trim().into() })
}
