//! Taking over a list of units or people: the difference first, and only what was seen is carried out.

use super::post::{name_of, post_facts, role_word};
use super::roster::Roster;
use crate::account::is_taken;
use crate::view::{ImportStepView, ImportView, RefusalView};
use crate::{Answer, Desk, No, Session, carry, words};
use domain::account::former;
use domain::actor::Channel;
use domain::decision::{Idempotency, Rule};
use domain::directory::import::{self, Current, Plan, Step};
use domain::directory::post::{self, Cause, Repost};
use domain::directory::{self, Assignment, Change, Unit};
use domain::grant::{self, permission};
use domain::id::{AgencyId, AssignmentId, LogId, PermissionId, PersonId};
use domain::regulation::{Pack, Words};
use domain::time::Instant;
use domain::{Actor, Decision, Outcome, Reason, Refusal};
use store::{Fault, Read, WriteError};

/// The word under which refusals are entered.
const ACT: &str = "directory.import";
/// How often a step is decided again that somebody overtook.
const TRIES: usize = 3;

/// Whoever takes a list over, and under which rule.
struct Keeper<'a> {
    actor: &'a Actor,
    rule: Rule<'a>,
    /// The session of whoever is asked again before anything changes; none of the operator.
    session: Option<&'a Session>,
    /// What marks the last step, so that a call which is made again is not carried out again.
    once: Option<Idempotency>,
}

impl Desk {
    /// Says what a list would change, or with the seal of what was said, changes it.
    ///
    /// # Errors
    /// The actor does not look after people; what would change is not what was seen.
    pub fn import(&self, session: &Session, roster: Roster, seal: Option<&str>) -> Answer<ImportView> {
        self.lets(session, ACT)?;
        let request = format!("{} {} {seal:?}", roster.digest, roster.whole);
        let once = carry::once(&roster.form_key, &request);
        let keeper = Keeper { actor: &session.actor, rule: session.as_rule(), session: Some(session), once };
        let cite = |refusal| self.explain(session, refusal);
        if seal.is_some() && self.earlier(session, keeper.once.as_ref())?.is_some() {
            let left = self.take_list(&keeper, roster, None, &cite)?;
            return Ok(ImportView { done: true, ..left });
        }
        match self.take_list(&keeper, roster, seal, &cite) {
            Err(No::Refused(views)) => {
                let refusals = views.into_iter().map(|view| view.refusal).collect();
                Err(self.refuse(session, ACT, refusals))
            }
            other => other,
        }
    }

    /// The same by the operator's hand, for an agency whose people are not here yet.
    ///
    /// # Errors
    /// There is no such agency, or no regulation in force for it.
    pub fn import_as_operator(
        &self,
        agency: &AgencyId,
        roster: Roster,
        seal: Option<&str>,
    ) -> Answer<ImportView> {
        let rule = self.rule_of_agency(agency)?;
        let Some(rule) = rule else { return Err(Refusal::new(Reason::NoRegulation).into()) };
        let actor = directory::operator(&LogId::of(agency));
        let keeper = Keeper { actor: &actor, rule: rule.as_rule(), session: None, once: None };
        self.take_list(&keeper, roster, seal, &RefusalView::from)
    }

    fn take_list(
        &self,
        keeper: &Keeper<'_>,
        mut roster: Roster,
        seal: Option<&str>,
        cite: &dyn Fn(Refusal) -> RefusalView,
    ) -> Answer<ImportView> {
        directory::may_keep(keeper.actor)?;
        let (mut current, plan) = self.inner.store.read(|read| {
            let current = self.current(read, keeper, &mut roster)?;
            let plan = plan(keeper, &roster, &current, self.now());
            Ok((current, plan))
        })?;
        for (_, step) in &plan.steps {
            match step {
                Step::Unit(unit) => current.units.push(unit.clone()),
                Step::Person(person) => drop(current.people.insert(person.id.clone(), person.name.clone())),
                _ => {}
            }
        }
        let pack = keeper.rule.pack;
        let steps: Vec<ImportStepView> =
            plan.steps.iter().map(|(line, step)| step_view(pack, &current, *line, step)).collect();
        let own_seal = ledger::hash::sha256(format!("{steps:?}").as_bytes()).to_hex();
        let view = ImportView {
            steps,
            faults: plan.faults.iter().map(|(line, fault)| (*line, cite(fault.clone()))).collect(),
            same: plan.same,
            encoding: roster.encoding,
            done: seal.is_some(),
            seal: own_seal,
        };
        if let Some(seal) = seal {
            if seal != view.seal {
                return Err(Refusal::new(Reason::Changed).into());
            }
            keeper.session.map_or(Ok(()), |session| self.want_proof(session, ACT))?;
            for (done, (line, step)) in plan.steps.iter().enumerate() {
                let once = keeper.once.as_ref().filter(|_| done + 1 == plan.steps.len());
                self.take_step(keeper, step, once).map_err(|no| stopped(no, *line, done))?;
            }
            self.open_at_once(&keeper.actor.log(), &keeper.rule.reference.digest)?;
        }
        Ok(view)
    }

    /// How the agency stands; the rows get identifiers, and who else has their numbers.
    fn current(
        &self,
        read: &mut Read<'_>,
        keeper: &Keeper<'_>,
        roster: &mut Roster,
    ) -> Result<Current, Fault> {
        let log = keeper.actor.log();
        let held = read.posts(&log, self.now().date())?;
        let mut current = Current { units: read.units(&log)?, ..Current::default() };
        for (row, name) in held {
            current.people.insert(row.assignment.person.clone(), name);
            current.posts.push(row.assignment);
        }
        for row in &roster.units {
            let id = import::unit_id(&keeper.actor.agency, &row.id, &current.units);
            // A unit that is closed takes nobody in again either.
            if read.unit(&id)?.is_some() && !current.units.iter().any(|unit| unit.id == id) {
                current.taken.insert(id);
            }
        }
        for row in &mut roster.people {
            identify(read, keeper, &mut row.person, &mut current)?;
            if !row.number.is_empty() {
                row.number_of = read.staff_with(&row.number)?;
            }
            if !row.login.is_empty() {
                known_login(read, &PersonId::new(row.person.as_str()), &row.login, &mut current, self.now())?;
            }
        }
        for row in &mut roster.permissions {
            identify(read, keeper, &mut row.person, &mut current)?;
            current.held.extend(read.permissions(&log, &PersonId::new(row.person.as_str()))?);
        }
        for row in read.exceptions(&log, self.now().date())? {
            current.allowed.entry(row.exception.person.clone()).or_default().push(row.exception);
        }
        Ok(current)
    }

    fn take_step(&self, keeper: &Keeper<'_>, step: &Step, once: Option<&Idempotency>) -> Answer<()> {
        let (actor, platform) = (keeper.actor, LogId::platform());
        let kept = |log: &LogId, change: &Change| {
            let (log, change) = (log.clone(), change.clone());
            self.taken(once, |read| {
                let seen = read.rev(&directory::key(&log, &change))?;
                let unit = match &change {
                    Change::UnitChanged(unit) => read.unit(&unit.id)?,
                    _ => None,
                };
                let row = (change.clone(), unit.as_ref().map(|unit| unit.name.as_str()));
                Ok(directory::keep(actor, &log, row, seen, &carry::event(), self.now()))
            })
        };
        match step {
            Step::Unit(unit) => kept(&actor.log(), &Change::Unit(unit.clone())),
            Step::UnitChanged(unit) => kept(&actor.log(), &Change::UnitChanged(unit.clone())),
            Step::Person(person) => kept(&platform, &Change::Person(person.clone())),
            Step::Renamed(id, name) => {
                kept(&platform, &Change::Renamed { id: id.clone(), name: name.clone() })
            }
            Step::Posted(repost) => self.repost(keeper, repost, once),
            Step::Account(former) => self.taken(once, |read| {
                let seen = read.revs(former.keys())?;
                Ok(former::take_over(actor, former, seen, &carry::event(), self.now()))
            }),
            Step::TakenOver(one) => self.taken(once, |read| {
                let seen = vec![read.rev(&permission::key(&actor.log(), &one.person))?];
                let all = vec![one.clone()];
                Ok(permission::take_over(actor, all, seen, &carry::event(), self.now()))
            }),
        }
    }

    fn repost(&self, keeper: &Keeper<'_>, repost: &Repost, once: Option<&Idempotency>) -> Answer<()> {
        let (log, today) = (keeper.actor.log(), self.now().date());
        let calendar = self.calendar(&log);
        self.taken(once, |read| {
            let facts = post_facts(read, &log, repost, today)?;
            let event = carry::event();
            Ok(post::listed(keeper.rule, keeper.actor, repost, &facts, &calendar, &event, self.now()))
        })?;
        match &repost.from {
            Some(from) => self.end_sessions_of(&keeper.actor.person, from.id.as_str()),
            None => Ok(()),
        }
    }

    /// Reads, decides and writes a step, again where somebody overtook it.
    fn taken(
        &self,
        once: Option<&Idempotency>,
        decide: impl Fn(&mut Read<'_>) -> Result<Outcome<Decision>, Fault>,
    ) -> Answer<()> {
        for _ in 0..TRIES {
            let decision = self.inner.store.read(&decide)?.map_err(No::refused)?;
            match self.inner.store.write(decision.once(once.cloned())) {
                Err(WriteError::Stale) => {}
                other => return other.map(|_| ()).map_err(No::from),
            }
        }
        Err(No::Busy { retry_after: 1 })
    }
}

/// What else is to be said where a list is carried out in part: how far it came.
fn stopped(no: No, line: usize, done: usize) -> No {
    let refusal = Refusal::new(Reason::ImportStopped).with("line", line.to_string());
    let No::Refused(mut views) = No::from(refusal.with("done", done.to_string())) else { return no };
    match no {
        No::Refused(why) => views.extend(why),
        No::Busy { .. } => {}
        other => return other,
    }
    No::Refused(views)
}

/// Gives a row its identifier: the agency's own number of somebody, so that two agencies may number alike.
/// The operator alone can name somebody of another agency, by their whole identifier, who then has posts in
/// both.
fn identify(
    read: &mut Read<'_>,
    keeper: &Keeper<'_>,
    own: &mut String,
    current: &mut Current,
) -> Result<(), Fault> {
    let (log, known) = (&keeper.actor.log(), PersonId::new(own.as_str()));
    let shared = match keeper.actor.channel {
        Channel::Operator if !own.is_empty() => read.known_name(&known)?,
        _ => None,
    };
    if let Some(name) = shared {
        current.people.insert(known, name);
        return Ok(());
    }
    if !own.is_empty() && !current.people.contains_key(&known) {
        let before = read.assignments(&known)?;
        if !before.iter().any(|post| LogId::of(&post.agency) == *log) {
            *own = format!("{log}-{own}");
        }
    }
    let person = PersonId::new(own.as_str());
    if !current.people.contains_key(&person)
        && let Some(name) = read.known_name(&person)?
    {
        let posts = read.assignments(&person)?;
        if !posts.is_empty() && !posts.iter().any(|post| LogId::of(&post.agency) == *log) {
            current.elsewhere.insert(person.clone());
        }
        current.people.insert(person, name);
    }
    Ok(())
}

/// Notes which sign-in name somebody has already, and whether the listed one is somebody else's.
fn known_login(
    read: &mut Read<'_>,
    person: &PersonId,
    login: &str,
    current: &mut Current,
    now: Instant,
) -> Result<(), Fault> {
    let own = read.account_of_person(person)?.map(|row| row.account.login);
    let own = own.or(read.former_of(person)?.map(|former| former.login));
    current.logins.extend(own.map(|own| (person.clone(), own)));
    if is_taken(read, person, login, now)? {
        current.login_taken.insert((person.clone(), login.into()));
    }
    Ok(())
}

fn plan(keeper: &Keeper<'_>, roster: &Roster, current: &Current, now: Instant) -> Plan {
    let (pack, agency) = (keeper.rule.pack, &keeper.actor.agency);
    let mut plan = import::units(pack, agency, &roster.units, current);
    let mut draw = || AssignmentId::new(carry::random_id("as"));
    if !roster.people.is_empty() {
        // Units of the same list are there before its people.
        let mut after = current.clone();
        after.units.extend(plan.steps.iter().filter_map(|(_, step)| match step {
            Step::Unit(unit) => Some(unit.clone()),
            _ => None,
        }));
        let people = import::people(pack, &roster.people, &after, roster.whole, now.date(), &mut draw);
        let people = people.tried(pack, &keeper.actor.person, &after, now.date());
        plan.steps.extend(people.steps);
        plan.faults.extend(people.faults);
        plan.same += people.same;
    }
    let mut draw = || PermissionId::new(carry::random_id("pe"));
    let held = grant::import::plan(pack, &roster.permissions, current, now, &mut draw);
    plan.steps.extend(held.opens.into_iter().map(|(line, one)| (line, Step::TakenOver(one))));
    plan.faults.extend(held.faults);
    plan.same += held.same;
    plan
}

fn step_view(pack: &Pack, current: &Current, line: usize, step: &Step) -> ImportStepView {
    let view = |kind, name: &str, before: Words, after: Words| ImportStepView {
        line,
        kind,
        name: name.to_string(),
        before,
        after,
        on: None,
        cause: "",
    };
    let place = |unit: &Unit| {
        let above = unit.above.as_ref().map(|above| name_of(&current.units, above));
        words::plain(&above.map_or_else(|| unit.name.clone(), |above| format!("{above} / {}", unit.name)))
    };
    let post = |post: &Option<Assignment>| match post {
        Some(post) => {
            let (unit, role) = (name_of(&current.units, &post.unit), role_word(pack, &post.role));
            Words::new(format!("{unit} {}", role.zh), format!("{unit} {}", role.en))
        }
        None => Words::default(),
    };
    match step {
        Step::Unit(unit) => view("unit", unit.id.as_str(), Words::default(), place(unit)),
        Step::UnitChanged(unit) => {
            let old = current.units.iter().find(|old| old.id == unit.id);
            view("unit-changed", unit.id.as_str(), old.map(place).unwrap_or_default(), place(unit))
        }
        Step::Person(person) => {
            view("person", &person.name, Words::default(), words::plain(person.id.as_str()))
        }
        Step::Renamed(id, name) => {
            let old = current.people.get(id).map(|old| words::plain(old)).unwrap_or_default();
            view("renamed", name, old, words::plain(name))
        }
        Step::Account(former) => {
            let name = current.people.get(&former.person).cloned().unwrap_or_default();
            view("account", &name, Words::default(), words::plain(&former.login))
        }
        Step::TakenOver(one) => {
            let name = current.people.get(&one.person).cloned().unwrap_or_default();
            let items = one.items.iter().map(|code| permission::word_of(pack, code));
            let items: Vec<Words> = items.flatten().collect();
            let unit = name_of(&current.units, &one.unit);
            let until = one.until.map(|until| format!(" – {}", until.date())).unwrap_or_default();
            let number = one.formerly.as_ref().map(|number| format!(" ({number})")).unwrap_or_default();
            let join = |word: fn(&Words) -> &str, mark: &str| {
                let words: Vec<&str> = items.iter().map(word).collect();
                format!("{unit} {}{until}{number}", words.join(mark))
            };
            let after = Words::new(join(|word| &word.zh, "\u{3001}"), join(|word| &word.en, ", "));
            let on = Some(one.from.date());
            ImportStepView { on, ..view("taken-over", &name, Words::default(), after) }
        }
        Step::Posted(repost) => {
            let kind = match (&repost.from, &repost.to) {
                _ if repost.cause == Cause::Stay => "stays",
                (Some(_), Some(_)) => "moves",
                (Some(_), None) => "ends",
                _ => "begins",
            };
            let known = current.people.get(&repost.person);
            let name = known.cloned().unwrap_or_else(|| repost.person.to_string());
            ImportStepView {
                on: Some(repost.on).filter(|_| repost.cause != Cause::Stay),
                cause: repost.cause.word(),
                ..view(kind, &name, post(&repost.from), post(&repost.to))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stops_in_the_middle_says_how_far_it_came() {
        let said = |no| match stopped(no, 7, 3) {
            No::Refused(views) => views.into_iter().map(|view| view.refusal).collect(),
            other => panic!("{other:?}"),
        };
        let why: Vec<Refusal> = said(Refusal::new(Reason::RoleFull).into());
        assert_eq!((why[0].reason, why[1].reason), (Reason::ImportStopped, Reason::RoleFull));
        assert_eq!((why[0].args["line"].as_str(), why[0].args["done"].as_str()), ("7", "3"));
        assert_eq!(said(No::Busy { retry_after: 1 }).len(), 1);
    }
}
