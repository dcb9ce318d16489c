//! The world that lookups are made in: the demonstration's agencies, people and cases, and the clients that
//! ask.

use crate::demo::cases::{self, Known};
use crate::demo::cast::{self, CAST, Member};
use crate::pack::shipped;
use crate::problem::{Done, Problem};
use desk::grant::ConsentForm;
use desk::lookup::AskForm;
use desk::{Answer, ChoiceView, Clock, Desk, DraftView, No, Session, Setup};
use gate::Gate;
use gate::simulator::{Population, Simulator};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;
use store::Store;

/// The seed of population and cast.
pub const SEED: u64 = 1;
/// Places at the provider, more than there are clients: none is to be turned away.
pub const PLACES: usize = 128;
/// Seconds a provider may take.
pub const PROVIDER_SECONDS: u64 = 10;

/// A machine that asks over the API, for one person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Client {
    /// The machine's address. Each has its own, as the machines of an office have.
    pub address: IpAddr,
    /// Its token.
    pub token: String,
    /// The login of the person it acts for.
    pub login: String,
    /// What it asks, in turn: bodies of requests.
    pub bodies: Vec<String>,
}

/// How desks of this measurement are set up.
pub fn setup() -> Setup {
    Setup { demo: true, provider_seconds: PROVIDER_SECONDS }
}

/// A gate to the simulator in this process.
///
/// # Errors
/// No threads.
pub fn gate() -> Done<Gate> {
    let gate = Gate::new(PLACES).map_err(|error| Problem::new(error.to_string()))?;
    gate.register_fallback(Arc::new(Simulator::new(Arc::new(Population::of(SEED)))));
    Ok(gate)
}

/// Makes packs, agencies, people, cases and consents, and finds out what each person can look up at once.
///
/// # Errors
/// The store; or nobody can look anybody up.
pub fn make(store: &Store, clients: usize) -> Done<Vec<Client>> {
    let (clock, hand) = Clock::by_hand(Clock::system().now().plus_hours(-1));
    let desk = Desk::new(store.clone(), gate()?, clock, setup())?;
    shipped::activate(&desk)?;
    cast::enrol(&desk, SEED)?;
    let cases = cases::register(&desk, &hand, &Population::of(SEED))?;
    consent(&desk, &cases)?;
    let mut all = Vec::new();
    for member in CAST.iter().filter(|member| member.role == "user") {
        let own = cases.iter().filter(|case| case.officer.login == member.login && !case.closed);
        let bodies = bodies(&desk, member, own)?;
        if !bodies.is_empty() {
            all.push((member, bodies));
        }
    }
    if all.is_empty() {
        return Err(Problem::new("no lookup of the demonstration is answered at once"));
    }
    let client = |place: usize| {
        let (member, bodies) = &all[place % all.len()];
        let last = u8::try_from(place % 250 + 1).unwrap_or(1);
        Client {
            address: Ipv4Addr::new(127, 0, 1, last).into(),
            token: format!("bench-token-{place}"),
            login: member.login.into(),
            bodies: bodies.clone(),
        }
    };
    Ok((0..clients).map(client).collect())
}

/// Every consent that somebody may give: for units, for agencies, for cases.
fn consent(desk: &Desk, cases: &[Known]) -> Done {
    for member in CAST {
        let session = cases::session(desk, member)?;
        desk.consent_in_place(&session)?;
        let own = cases.iter().filter(|case| case.officer.agency == member.agency).map(|case| &case.number);
        let forms = own.map(|number| Some(number.clone())).chain([None]);
        for case in forms {
            allowed(desk.give_consent(&session, &ConsentForm { case, ..ConsentForm::default() }, ""))?;
        }
    }
    Ok(())
}

/// What came of it, unless it was refused; refusals are no fault here.
fn allowed<T>(answer: Answer<T>) -> Done<Option<T>> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(No::Refused(_)) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

/// The requests of a member that are answered at once, for every person of every case.
fn bodies<'a>(desk: &Desk, member: &Member, cases: impl Iterator<Item = &'a Known>) -> Done<Vec<String>> {
    let session = cases::session(desk, member)?;
    let mut bodies = Vec::new();
    for case in cases {
        let draft = desk.draft(&session, Some(&case.number))?;
        for party in 1..=case.parties {
            let form = form(&draft, &case.number, party);
            let found = allowed(desk.ask(&session, &form))?;
            if found.is_some_and(|found| found.ending.is_some()) {
                bodies.push(body(desk, &session, &form)?);
            }
        }
    }
    Ok(bodies)
}

/// The form as the page presets it.
fn form(draft: &DraftView, case: &str, party: usize) -> AskForm {
    let preset = |choices: &[ChoiceView]| {
        let chosen = choices.iter().find(|choice| choice.preset).or_else(|| choices.first());
        chosen.map(|choice| choice.code.clone()).unwrap_or_default()
    };
    AskForm {
        case: case.into(),
        purpose: preset(&draft.purposes),
        purpose_text: "checking who lives in the household of the applicant".into(),
        basis: preset(&draft.bases),
        party: Some(party),
        items: draft.items.iter().filter(|item| item.preset).map(|item| item.code.clone()).collect(),
        ..AskForm::default()
    }
}

/// The form as the API takes it. The subject's key goes with it for the server that records nothing and so
/// knows no case; the gate itself does not look at it where a person of the case is named.
fn body(desk: &Desk, session: &Session, form: &AskForm) -> Done<String> {
    let (log, place) = (session.actor.log(), form.party.unwrap_or(1));
    let subject = desk.store().read(|read| {
        let Some(case) = read.case(&log, &form.case)? else { return Ok(None) };
        Ok(read.parties(&case.id)?.into_iter().nth(place - 1))
    })?;
    let body = json!({
        "case": form.case,
        "purpose": form.purpose,
        "purpose_text": form.purpose_text,
        "basis": form.basis,
        "party": form.party,
        "subject": subject.map(|party| party.subject).unwrap_or_default().expose(),
        "items": form.items,
    });
    Ok(body.to_string())
}

/// Lets the clients act for their people.
pub fn bind(desk: &Desk, clients: &[Client]) {
    for client in clients {
        if let Some(member) = CAST.iter().find(|member| member.login == client.login) {
            desk.bind_token(&client.token, &client.address.to_string(), cast::assignment(member));
        }
    }
}

/// Writes the clients to a file.
///
/// # Errors
/// It cannot be written.
pub fn keep(file: &Path, clients: &[Client]) -> Done {
    let text = serde_json::to_string(clients).map_err(|error| Problem::new(error.to_string()))?;
    fs::write(file, text).map_err(|error| Problem::new(format!("cannot write {}: {error}", file.display())))
}

/// Reads the clients from a file.
///
/// # Errors
/// It cannot be read.
pub fn read(file: &Path) -> Done<Vec<Client>> {
    let unreadable = |why: String| Problem::new(format!("cannot read {}: {why}", file.display()));
    let text = fs::read_to_string(file).map_err(|error| unreadable(error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| unreadable(error.to_string()))
}

/// Average bytes of the entry that a lookup begins with, over a member's log.
///
/// # Errors
/// The store; or there is none.
pub fn entry_bytes(store: &Store) -> Done<usize> {
    let sizes = store.read(|read| {
        let mut sizes = Vec::new();
        for log in read.log_names()? {
            let size = read.head(&log)?.map_or(0, |head| head.size);
            for index in 0..size {
                let asked = read.entry(&log, index)?.is_some_and(|entry| entry.act == "lookup.asked");
                if asked && let Some(leaf) = read.leaf(&log, index)? {
                    sizes.push(leaf.body.len());
                }
            }
        }
        Ok(sizes)
    })?;
    match sizes.len() {
        0 => Err(Problem::new("there is no lookup to take the size of a row from")),
        count => Ok(sizes.iter().sum::<usize>() / count),
    }
}
