//! Asking: the command of the new-lookup page and of the API.

use super::answer::Asked;
use super::find::subject_key;
use crate::view::ResultView;
use crate::{Answer, Desk, No, Session, carry};
use domain::case::Case;
use domain::decision::{Change, Idempotency, Rule};
use domain::lookup::ask::{self, Ask, Drawn};
use domain::lookup::{self, Lookup, State};
use domain::regulation::Timing;
use domain::{Decision, Outcome, Personal, Refusal};
use gate::{GateError, Slot};
use std::cell::RefCell;
use std::fmt;
use store::{Fault, Read, Receipt, WriteError};

/// What the form sends.
#[derive(Clone, Default)]
pub struct AskForm {
    /// The case number.
    pub case: String,
    /// The purpose's code.
    pub purpose: String,
    /// Free words to it.
    pub purpose_text: String,
    /// The legal basis's code.
    pub basis: String,
    /// The statute and article, where the basis wants them.
    pub basis_text: String,
    /// Which person of the case, from one.
    pub party: Option<usize>,
    /// A key typed instead.
    pub subject: Option<Personal>,
    /// Why somebody is looked up who is not of the case.
    pub not_party_reason: String,
    /// Items, each as `dataset/item`.
    pub items: Vec<String>,
    /// The key under which this is carried out once.
    pub form_key: String,
}

impl fmt::Debug for AskForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Words that were written freely may name somebody.
        f.debug_struct("AskForm")
            .field("case", &self.case)
            .field("purpose", &self.purpose)
            .field("basis", &self.basis)
            .field("party", &self.party)
            .field("items", &self.items)
            .finish_non_exhaustive()
    }
}

/// A form that was read.
enum Opened {
    /// It was carried out before; without a receipt if its key then stood for another request.
    Before(Option<Receipt>),
    /// What it asks, the key under which that happens once, and what was decided on first sight.
    Now(Box<Ask>, Option<Idempotency>, Box<Decision>),
}

impl Desk {
    /// Looks somebody up, or sends the request to whoever has to stamp it first.
    ///
    /// From here on it is the desk's own task: a client that goes away cancels nothing.
    ///
    /// # Errors
    /// The regulation refuses; the provider's queue is full (before anything is written); a fault.
    pub fn ask(&self, session: &Session, form: &AskForm) -> Answer<ResultView> {
        self.lets(session, "lookup.ask")?;
        let drawn = self.draw(session)?;
        let opened = self.inner.store.read(|read| self.open(read, session, form, &drawn))?;
        let (ask, once, first) = match opened {
            Ok(Opened::Now(ask, once, first)) => (ask, once, first),
            Ok(Opened::Before(Some(receipt))) => return self.again(session, &receipt),
            Ok(Opened::Before(None)) => return Err(WriteError::KeyReused.into()),
            Err(refusals) => return Err(self.refuse(session, "lookup.ask", refusals)),
        };
        // The provider's place is taken before the entry: a full pool discloses nothing and leaves
        // nothing behind.
        let situation = lookup::checks::situation(&session.actor, &ask);
        let stamp = session.pack.countersign(&situation);
        let at_once = stamp.is_none_or(|stamp| stamp.value.timing != Timing::Before);
        let slot = at_once.then(|| self.slot(session, &ask.items)).transpose()?;
        let lookup = RefCell::new(new_lookup(first.changes()));
        let again = |read: &mut Read<'_>| {
            let case = read.case(&session.actor.log(), &ask.case_number)?;
            let decided = self.decide(read, session, &ask, case.as_ref(), &drawn)?;
            Ok(decided.map(|decision| {
                *lookup.borrow_mut() = new_lookup(decision.changes());
                decision.once(once.clone())
            }))
        };
        let receipt = self.carry_on(session, "lookup.ask", *first, || None, again)?;
        if receipt.replayed {
            return self.again(session, &receipt);
        }
        match lookup.into_inner() {
            Some(lookup) => self.go_on(session, &lookup, &ask, slot),
            None => Err(No::Busy { retry_after: 1 }),
        }
    }

    /// What follows once the entry is durable: the provider, or the way to the stamp.
    fn go_on(&self, session: &Session, lookup: &Lookup, ask: &Ask, slot: Option<Slot>) -> Answer<ResultView> {
        // The entry made the row.
        let asked = Asked { lookup, rev: 1, case: &ask.case_number };
        match slot.filter(|_| lookup.state == State::Asked) {
            Some(slot) => self.disclose(session, &asked, &ask.subject, slot),
            None => Ok(self.requested(session, lookup, asked.case)),
        }
    }

    /// A place at the provider of these items. A source that nobody connected has none.
    pub(crate) fn slot(&self, session: &Session, items: &[String]) -> Answer<Slot> {
        let dataset = items.first().map(|item| lookup::checks::dataset_of(item));
        let source = dataset.and_then(|id| session.pack.dataset(id)).map(|d| &d.value.source);
        if let Some(source) = source.filter(|source| !self.inner.gate.knows(source)) {
            tracing::warn!(source, "no provider is connected for this source");
            return Err(No::Busy { retry_after: 60 });
        }
        self.inner.gate.reserve().map_err(|error| {
            tracing::warn!("no place at the provider: {error}");
            No::Busy { retry_after: if error == GateError::Full { 5 } else { 30 } }
        })
    }

    /// What the form asks, whether it was asked before, and what the rule says: one look at the store.
    fn open(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        form: &AskForm,
        drawn: &Drawn,
    ) -> Result<Outcome<Opened>, Fault> {
        let case = read.case(&session.actor.log(), form.case.trim())?;
        let ask = match self.normalised(read, session, form, case.as_ref())? {
            Ok(ask) => ask,
            Err(refusals) => return Ok(Err(refusals)),
        };
        // The request's digest is keyed: a plain one over a number of ten digits could be guessed back.
        let text = serde_json::to_string(&ask).unwrap_or_default();
        let tag = read.tag(&session.actor.log(), "request", &text)?;
        let once = carry::once(&form.form_key, tag.as_str());
        if let Some(once) = &once
            && let Some(receipt) = read.earlier(&session.actor.person, once)?
        {
            return Ok(Ok(Opened::Before(receipt)));
        }
        let decided = self.decide(read, session, &ask, case.as_ref(), drawn)?;
        Ok(decided.map(|first| Opened::Now(Box::new(ask), once.clone(), Box::new(first.once(once)))))
    }

    fn draw(&self, session: &Session) -> Answer<Drawn> {
        Ok(Drawn { code: self.lookup_code()?, event: carry::event(), address: session.address.clone() })
    }

    fn decide(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        ask: &Ask,
        case: Option<&Case>,
        drawn: &Drawn,
    ) -> Result<Outcome<Decision>, Fault> {
        let facts = self.lookup_facts(read, session, ask, case)?;
        Ok(ask::decide(session.as_rule(), &session.actor, ask, &facts, drawn, self.now()))
    }

    /// A repeated request: the first one's answer, while it is parked, or its record code.
    fn again(&self, session: &Session, receipt: &Receipt) -> Answer<ResultView> {
        let code = self.inner.store.read(|read| read.entry(&receipt.log, receipt.index))?;
        match code.and_then(|entry| entry.record) {
            Some(code) => self.review(session, &code),
            None => Err(No::Busy { retry_after: 1 }),
        }
    }

    /// Reads the form: numbers folded, the person of the case resolved, the key checked.
    fn normalised(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        form: &AskForm,
        case: Option<&Case>,
    ) -> Result<Outcome<Ask>, Fault> {
        let party = match (case, form.party) {
            (Some(case), Some(place)) => read.party_at(&case.id, place)?,
            _ => None,
        };
        let typed = form.subject.clone().unwrap_or_default();
        let subject = match &party {
            Some(party) => party.subject.clone(),
            None => match self.asked_about(session, form, &typed) {
                Ok(subject) => subject,
                Err(refusal) => return Ok(Err(vec![refusal])),
            },
        };
        let known = match &party {
            Some(party) => Some(party.clone()),
            None => match case {
                Some(case) if !subject.is_empty() => read.party(&session.actor.log(), &case.id, &subject)?,
                _ => None,
            },
        };
        Ok(Ok(Ask {
            case_number: form.case.trim().into(),
            purpose: form.purpose.clone(),
            purpose_text: Personal::new(form.purpose_text.trim()),
            basis: form.basis.clone(),
            basis_text: Personal::new(form.basis_text.trim()),
            subject,
            name: known.as_ref().map(|party| party.name.clone()).unwrap_or_default(),
            role: known.map(|party| party.role).unwrap_or_default(),
            outside_reason: Personal::new(form.not_party_reason.trim()),
            items: form.items.clone(),
        }))
    }

    /// The typed key as the dataset of the first item wants it.
    fn asked_about(&self, session: &Session, form: &AskForm, typed: &Personal) -> Result<Personal, Refusal> {
        let dataset = form.items.first().map(|item| lookup::checks::dataset_of(item));
        let dataset = dataset.and_then(|id| session.pack.dataset(id));
        let kind = dataset.map_or("text", |dataset| dataset.value.subject.ty.word());
        subject_key(kind, typed, self.now().date())
    }
}

impl Session {
    /// The session's regulation as rules take it.
    pub(crate) fn as_rule(&self) -> Rule<'_> {
        Rule { pack: &self.pack, reference: &self.rule }
    }
}

fn new_lookup(changes: &[Change]) -> Option<Lookup> {
    changes.iter().find_map(|change| match change {
        Change::Lookup(lookup::Change::New(new)) => Some(new.lookup.clone()),
        _ => None,
    })
}
