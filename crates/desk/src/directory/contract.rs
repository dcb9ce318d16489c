//! Contracts with contractors: entering and ending them, telling that one ends, and ending the posts that
//! rested on one.

use super::post::post_facts;
use crate::duty::{ROUND, named};
use crate::regulation::in_force::InForce;
use crate::view::{ContractView, ContractsView};
use crate::{Answer, Desk, Session, carry};
use domain::directory::Assignment;
use domain::directory::contract::{self, Contract, Facts};
use domain::directory::post::{self, Cause, Repost};
use domain::duty::{Duty, State};
use domain::id::{ContractId, DutyId, Key, LogId, PersonId};
use domain::time::Date;
use domain::{Reason, Refusal};
use std::collections::BTreeMap;
use store::{Fault, Read};

/// Days for which a contract that is over is still listed.
const LISTED_DAYS: i64 = 5 * 366;

/// A contract as it is entered.
#[derive(Clone, Debug)]
pub struct ContractForm {
    /// The number under which the agency keeps it.
    pub number: String,
    /// The contractor.
    pub contractor: String,
    /// Whether it has a term of confidentiality.
    pub confidential: bool,
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub until: Date,
    /// Who works here under it.
    pub people: Vec<PersonId>,
    /// The key under which this is carried out once.
    pub form_key: String,
}

impl Desk {
    /// Enters a contract.
    ///
    /// # Errors
    /// The actor does not enter contracts; what was entered does not fit, each fault at its field.
    pub fn enter_contract(&self, session: &Session, form: &ContractForm) -> Answer<()> {
        let once = carry::once(&form.form_key, &format!("{form:?}"));
        if self.earlier(session, once.as_ref())?.is_some() {
            return Ok(());
        }
        let (log, event) = (session.actor.log(), carry::event());
        let contract = Contract {
            id: ContractId::new(carry::random_id("co")),
            number: form.number.trim().into(),
            contractor: form.contractor.trim().into(),
            confidential: form.confidential,
            from: form.from,
            until: form.until,
            ended: None,
            people: form.people.clone(),
        };
        self.carry_out(session, "directory.enter-contract", |read| {
            let facts = self.contract_facts(read, &log, &contract)?;
            let (rule, actor, at) = (session.as_rule(), &session.actor, (&event, self.now()));
            let decided = contract::enter(rule, actor, contract.clone(), &facts, at);
            Ok(decided.map(|decision| decision.once(once.clone())))
        })?;
        Ok(())
    }

    fn contract_facts(&self, read: &mut Read<'_>, log: &LogId, new: &Contract) -> Result<Facts, Fault> {
        let today = self.now().date();
        let posts = read.posts(log, today)?;
        let known = read.contracts(log, today)?;
        let mut owed: Vec<(Duty, Vec<PersonId>)> = Vec::new();
        for one in known.iter().filter(|one| one.until < new.until) {
            let row = read.duty(log, &ends(one))?.map(|row| row.duty);
            owed.extend(row.filter(|duty| duty.state == State::Open).map(|duty| (duty, one.people.clone())));
        }
        let mut keys: Vec<Key> = vec![new.key(log), contract::number_key(log, &new.number)];
        keys.extend(owed.iter().map(|(duty, _)| duty.key(log)));
        Ok(Facts {
            people: posts.into_iter().map(|(row, _)| row.assignment.person).collect(),
            numbers: known.into_iter().map(|one| one.number).collect(),
            owed,
            seen: read.revs(keys)?,
        })
    }

    /// Ends a contract before its last day; from that day on nobody acts by it.
    ///
    /// # Errors
    /// There is none such that runs; the actor does not enter contracts; the day does not fit.
    pub fn end_contract(&self, session: &Session, id: &str, on: Date) -> Answer<()> {
        let (log, event) = (session.actor.log(), carry::event());
        self.carry_out(session, "directory.end-contract", |read| {
            let all = read.contracts(&log, self.now().date())?;
            let Some(found) = all.into_iter().find(|one| one.id.as_str() == id) else {
                return Ok(Err(vec![Refusal::new(Reason::RecordUnknown).with("code", id)]));
            };
            let seen = read.rev(&found.key(&log))?;
            let (rule, actor, at) = (session.as_rule(), &session.actor, (&event, self.now()));
            Ok(contract::end(rule, actor, &found, on, seen, at))
        })?;
        Ok(())
    }

    /// The contracts of the agency, for those who enter or oversee them; those that name the actor for
    /// anybody else.
    ///
    /// # Errors
    /// The store.
    pub fn contracts(&self, session: &Session) -> Answer<ContractsView> {
        let (actor, log, today) = (&session.actor, session.actor.log(), self.now().date());
        let enter = contract::may_enter(&session.pack, actor);
        let since = today.plus_days(-LISTED_DAYS).unwrap_or(today);
        let ruled = session.pack.contractor();
        Ok(self.inner.store.read(|read| {
            let mut all = read.contracts(&log, since)?;
            all.retain(|one| enter || actor.oversees() || one.people.contains(&actor.person));
            all.reverse();
            let view = |one: &Contract| {
                let names = one.people.iter().map(|person| read.person_name(person));
                Ok(ContractView {
                    id: one.id.to_string(),
                    number: one.number.clone(),
                    contractor: one.contractor.clone(),
                    confidential: one.confidential,
                    from: one.from,
                    until: one.over().plus_days(-1).unwrap_or(one.until),
                    people: names.collect::<Result<_, Fault>>()?,
                    state: state(one, today),
                    end: enter && one.over() > today,
                })
            };
            let list = all.iter().map(view).collect::<Result<_, Fault>>()?;
            let mut people = BTreeMap::new();
            for (row, name) in if enter { read.posts(&log, today)? } else { vec![] } {
                let post = row.assignment;
                if contract::rule_of(&session.pack, &post.role).is_some() {
                    people.insert(post.person.to_string(), name);
                }
            }
            Ok(ContractsView {
                list,
                people: people.into_iter().collect(),
                enter,
                confidential: ruled.as_ref().is_some_and(|ruled| ruled.value.confidentiality),
                ends: ruled.as_ref().is_some_and(|ruled| ruled.value.ends_with_contract),
                clauses: ruled
                    .iter()
                    .flat_map(|ruled| &ruled.clauses)
                    .filter_map(|id| self.cite(session, id))
                    .collect(),
            })
        })?)
    }

    /// Tells that contracts end, and ends the posts whose contracts are over, each once.
    ///
    /// # Errors
    /// The store; the next round tries again.
    pub(crate) fn keep_contracts(&self, log: &LogId, rule: &InForce) -> Answer<()> {
        let Some(ruled) = rule.pack.contractor().filter(|ruled| ruled.value.asks()) else { return Ok(()) };
        let today = self.now().date();
        let (all, posts) =
            self.inner.store.read(|read| Ok((read.contracts(log, today)?, read.posts(log, today)?)))?;
        for one in &all {
            let Some(duty) = contract::ending(rule.as_rule(), one, ends(one), today) else { continue };
            if self.goes_on(one, &all) {
                continue;
            }
            self.open_once(log, rule, duty)?;
        }
        if !ruled.value.ends_with_contract {
            return Ok(());
        }
        let of_contractors = |post: &&Assignment| contract::rule_of(&rule.pack, &post.role).is_some();
        let posts: Vec<Assignment> = posts.into_iter().map(|(row, _)| row.assignment).collect();
        let running = posts.iter().filter(|post| post.from <= today && post.until.is_none());
        running
            .filter(of_contractors)
            .take(ROUND as usize)
            .try_for_each(|post| self.end_post(log, rule, post, today))
    }

    /// Whether everybody of a contract has another one that lasts longer.
    fn goes_on(&self, one: &Contract, all: &[Contract]) -> bool {
        let longer = |person: &PersonId| {
            all.iter().any(|other| other.over() > one.over() && other.people.contains(person))
        };
        one.people.iter().all(longer)
    }

    /// Ends a post whose owner had a contract and has none now, nor one that begins later.
    fn end_post(&self, log: &LogId, rule: &InForce, post: &Assignment, today: Date) -> Answer<()> {
        let calendar = self.calendar(log);
        self.clocked(|read| {
            let own = read.contracts_of(log, &post.person)?;
            let last = own.iter().map(Contract::over).max();
            // A post that began later does not rest on it.
            let Some(on) = last.filter(|over| post.from < *over && *over <= today) else { return Ok(None) };
            let posts = read.posts(log, today)?;
            let same = |held: &Assignment| held.id == post.id && held.until.is_none();
            if !posts.iter().any(|(row, _)| same(&row.assignment)) {
                return Ok(None);
            }
            let (person, from) = (post.person.clone(), Some(post.clone()));
            let repost = Repost { person, cause: Cause::Leave, on, from, to: None };
            let facts = post_facts(read, log, &repost, today)?;
            let (as_rule, event) = (rule.as_rule(), carry::event());
            Ok(Some(post::lapse(as_rule, log, &repost, &facts, &calendar, &event, self.now())))
        })?;
        self.end_sessions_of(&PersonId::new(""), post.id.as_str())
    }
}

/// The duty to see to a contract that ends.
fn ends(contract: &Contract) -> DutyId {
    named(&format!("contract {} {}", contract.id, contract.over()))
}

fn state(one: &Contract, today: Date) -> &'static str {
    match () {
        () if one.holds(today) => "runs",
        () if today < one.from => "waits",
        () => "over",
    }
}

/// The contracts of the actor, where the rule counts them among contractors' people, with the keys of their
/// rows.
pub(crate) fn standing(read: &mut Read<'_>, session: &Session) -> Result<(Vec<Contract>, Vec<Key>), Fault> {
    let (pack, log) = (&session.pack, session.actor.log());
    if contract::rule_of(pack, &session.actor.role).is_none() {
        return Ok((vec![], vec![]));
    }
    let all = read.contracts_of(&log, &session.actor.person)?;
    let keys = all.iter().map(|one| one.key(&log)).collect();
    Ok((all, keys))
}
