//! Codes for many people at once: one slip each for all who wait for an account, as after a list of staff.
//!
//! Whoever may not be given one is named with the reason and left out; all others are given theirs in one
//! transaction, each with an entry of its own.

use super::invite::{ACT, Asked, handed_view};
use crate::view::{HandedView, RefusalView, SlipsView};
use crate::{Answer, Desk, Session, carry};
use domain::account::enrolment::{self, Delivery, Enrolment, Method, Standing};
use domain::id::{EventId, PersonId};
use domain::regulation::Capacity;
use domain::{Personal, Reason, Refusal, each_once};
use std::cell::RefCell;
use std::collections::BTreeSet;
use store::capability::account::Whose;
use store::{Fault, Read};

/// Most slips of one batch.
pub const SLIPS_MAX: usize = 300;

/// What is asked for when codes are handed out to many.
#[derive(Clone, Debug, Default)]
pub struct SlipsForm {
    /// For whom, by their identifiers.
    pub people: Vec<String>,
    /// Whether it is for everybody who waits, as far as one batch goes.
    pub all: bool,
    /// How the slips reach them, by the regulation's word.
    pub method: String,
    /// A fresh code of the actor's own second factor.
    pub proof: String,
    /// The key under which a double click hands them out once.
    pub form_key: String,
}

/// What one of them would be given, and what that rests on.
type One = (Asked, Enrolment, Standing);
/// Who is left out, and why.
type Left = (PersonId, Vec<Refusal>);

impl Desk {
    /// Whom slips would be for: those who were named, or everybody who waits, and how many more wait then.
    ///
    /// # Errors
    /// The actor does not run the accounts; nobody is named, or too many are.
    pub fn slips_for(&self, session: &Session, form: &SlipsForm) -> Answer<(Vec<(String, String)>, usize)> {
        self.lets(session, ACT)?;
        let refuse = |refusal| Err(self.refuse(session, ACT, vec![refusal]));
        if !session.actor.can(Capacity::Administer) {
            return refuse(Refusal::new(Reason::NoCapacity));
        }
        let named: BTreeSet<PersonId> = match form.all {
            true => BTreeSet::new(),
            false => form.people.iter().map(|id| PersonId::new(id.trim())).collect(),
        };
        if named.len() > SLIPS_MAX {
            let refusal = Refusal::new(Reason::FieldTooLong).at("people").with("problem", "people");
            return refuse(refusal.with("most", SLIPS_MAX.to_string()));
        }
        let mut rows = match form.all {
            true => self.account_rows(session, Whose::Waiting(self.now()))?,
            false => {
                let own = named.iter().map(|person| self.account_rows(session, Whose::One(person)));
                own.collect::<Answer<Vec<_>>>()?.concat()
            }
        };
        rows.retain(|row| row.waits || !form.all);
        // Slips are handed over unit by unit; who holds several posts stands in the list with each.
        rows.sort_by(|one, other| (&one.unit, &one.person).cmp(&(&other.unit, &other.person)));
        let mut people = each_once(rows.into_iter().map(|row| (row.person, row.name)));
        let unknown = |id: &&PersonId| !people.iter().any(|(own, _)| own == id.as_str());
        let unknown: Vec<_> =
            named.iter().filter(unknown).map(|id| (id.to_string(), id.to_string())).collect();
        people.extend(unknown);
        if people.is_empty() {
            return refuse(Refusal::new(Reason::NothingSelected).at("people"));
        }
        let left = people.len().saturating_sub(SLIPS_MAX);
        people.truncate(SLIPS_MAX);
        Ok((people, left))
    }

    /// Hands out a code to each of several people who have no account. The codes are in the answer once and
    /// nowhere else.
    ///
    /// # Errors
    /// As [`Desk::slips_for`]; the method is none; no code was shown, or none that is good. Whoever may not
    /// be given one is in the answer.
    pub fn invite_all(&self, session: &Session, form: &SlipsForm) -> Answer<SlipsView> {
        let refuse = |refusals| self.refuse(session, ACT, refusals);
        let request = format!("{:?} {} {}", form.people, form.all, form.method);
        let once = carry::once(&form.form_key, &request);
        if self.earlier(session, once.as_ref())?.is_some() {
            return Ok(SlipsView { shown: true, ..SlipsView::default() });
        }
        let Some(method) = Method::from_word(&form.method) else {
            return Err(refuse(vec![Refusal::new(Reason::FieldMalformed).at("method")]));
        };
        let (people, left) = self.slips_for(session, form)?;
        let deliveries = people.iter().map(|(id, _)| self.delivery(&PersonId::new(id.as_str())));
        let deliveries = deliveries.collect::<Answer<Vec<Delivery>>>()?;
        let asked: Vec<Asked> = people.iter().map(|(id, _)| Asked::drawn(id, method)).collect();
        let asked = || asked.iter().zip(&deliveries);
        let refused = RefCell::new(Vec::new());
        let weighed = |read: &mut Read<'_>| -> Result<Vec<One>, Fault> {
            let (good, bad) = self.weigh_all(read, session, asked())?;
            *refused.borrow_mut() = bad;
            Ok(good)
        };
        // All that is wrong is said before the code is used up.
        let good = self.inner.store.read(weighed)?;
        let mut slips = Vec::new();
        if !good.is_empty() {
            if !self.proves(session, ACT, &form.proof)? {
                return Err(refuse(vec![Refusal::new(Reason::ProofAgain).at("proof")]));
            }
            let given = RefCell::new(Vec::new());
            self.carry_out_on_platform(refuse, |read| {
                let good = weighed(read)?;
                let own = |(asked, enrolment, standing): &One| -> (Enrolment, Standing, EventId) {
                    (enrolment.clone(), standing.clone(), asked.event.clone())
                };
                let all: Vec<_> = good.iter().map(own).collect();
                *given.borrow_mut() = good;
                let decided = enrolment::invite_all(&session.actor, &all, self.now());
                Ok(decided.map(|decision| decision.once(once.clone())))
            })?;
            slips = given.into_inner();
        }
        let name =
            |id: &PersonId| people.iter().find(|(own, _)| own == id.as_str()).map(|(_, name)| name.clone());
        let slip = |(asked, enrolment, standing): &One| -> HandedView {
            let name = name(&asked.person).unwrap_or_default();
            handed_view(name, enrolment, standing.delivery.apart, Some(asked.code.clone()))
        };
        let view = |(person, refusals): Left| -> (String, Vec<RefusalView>) {
            let views = refusals.into_iter().map(|refusal| self.explain(session, refusal)).collect();
            (name(&person).unwrap_or_else(|| person.to_string()), views)
        };
        let slips = slips.iter().map(slip).collect();
        let refused = refused.into_inner().into_iter().map(view).collect();
        Ok(SlipsView { slips, refused, left, shown: false })
    }

    /// Who can be given a code, and who cannot, with all that is wrong.
    fn weigh_all<'a>(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        all: impl Iterator<Item = (&'a Asked, &'a Delivery)>,
    ) -> Result<(Vec<One>, Vec<Left>), Fault> {
        let (actor, log, now) = (&session.actor, session.actor.log(), self.now());
        let (mut good, mut bad, mut names) = (Vec::new(), Vec::new(), BTreeSet::new());
        for (asked, delivery) in all {
            let mut asked = asked.clone();
            let former = read.former_of(&asked.person)?;
            asked.login = former.map_or_else(|| asked.person.to_string(), |former| former.login);
            let standing = self.standing(read, Some(&log), &asked, delivery)?;
            let enrolment = asked.enrolment(actor, &standing, now);
            // Of two who would get the same sign-in name, the first gets it.
            let standing = Standing { taken: standing.taken || names.contains(&asked.login), ..standing };
            match enrolment::weigh(actor, &enrolment, &Personal::default(), &standing) {
                Ok(()) => {
                    names.insert(asked.login.clone());
                    good.push((asked, enrolment, standing));
                }
                Err(refusals) => bad.push((asked.person, refusals)),
            }
        }
        Ok((good, bad))
    }
}
