//! Going through the accounts: what is found, deciding about it, confirming the rest, closing.

use crate::application::line_of;
use crate::directory::role_word;
use crate::letter::Urgent;
use crate::regulation::in_force::InForce;
use crate::view::{AttestView, AttestedView, FoundView, InventoryView};
use crate::{Answer, Desk, Session, carry};
use domain::account::inventory::{self, Attested, Facts, Finding, Member, Verdict, Wanted, remind};
use domain::application::route::Holder;
use domain::directory::post::Cause;
use domain::duty::{self, Duty, Kind, Owner, State, recur};
use domain::grant::permission;
use domain::id::{DutyId, LogId, PersonId, UnitId};
use domain::regulation::Capacity;
use domain::time::{Date, Instant};
use domain::{Personal, Reason, Refusal};
use std::collections::BTreeMap;
use store::capability::duty::DutyRow;
use store::capability::lookup::{List, Of};
use store::{Fault, Read};

/// Permissions of an agency that an inventory goes through.
const PERMISSIONS: i64 = 20_000;

/// Findings that a page asks about at once; the others come when these are decided.
const SHOWN: usize = 150;

/// Everybody whose account or permissions are gone through, each with what was found.
struct Gone {
    found: Vec<(Finding, Member)>,
    rest: Vec<Member>,
}

impl Desk {
    /// One inventory, for those who hold it, the heads of units, and those who oversee the agency.
    ///
    /// # Errors
    /// There is none that the actor may see.
    pub fn inventory(&self, session: &Session, id: &str) -> Answer<InventoryView> {
        let actor = &session.actor;
        let found = self.inner.store.read(|read| {
            let Some((facts, gone)) = self.inventory_facts(read, session, id)? else { return Ok(None) };
            let own = facts.parts.iter().any(|part| part.is_owed_by(actor, &[]));
            if !facts.asks(actor) && !own && !actor.oversees() {
                return Ok(None);
            }
            self.inventory_view(read, session, &facts, &gone).map(Some)
        })?;
        let unknown = || vec![Refusal::new(Reason::RecordUnknown)];
        found.ok_or_else(|| self.refuse(session, "account.inventory", unknown()))
    }

    /// Decides about people who were found.
    ///
    /// # Errors
    /// It is not the actor's duty; a reason to keep somebody is missing; the findings have changed.
    pub fn decide_inventory(
        &self,
        session: &Session,
        id: &str,
        verdicts: &[Verdict],
        form_key: &str,
    ) -> Answer<()> {
        let names: Vec<&str> = verdicts.iter().map(|verdict| verdict.person.as_str()).collect();
        self.inventory_step(session, id, form_key, &names.join(" "), |(facts, _), event| {
            inventory::decide(session.as_rule(), &session.actor, facts, verdicts, event, self.now())
        })?;
        let rule = self.rule_for(session, &session.rule.digest);
        self.close_accounts(&session.actor.log(), &rule)
    }

    /// Confirms the people of a unit as they were shown: of the actor's own, or of one below it that has no
    /// head.
    ///
    /// # Errors
    /// It is not the actor's to confirm, or the list has changed.
    pub fn attest_inventory(&self, session: &Session, id: &str, shown: &str, form_key: &str) -> Answer<()> {
        let actor = &session.actor;
        self.inventory_step(session, id, form_key, shown, |(facts, gone), event| {
            let unit = facts.unit_of(actor, |unit| hash_of(&of_unit(&gone.rest, unit)) == shown);
            let list = of_unit(&gone.rest, unit);
            let attested = Attested {
                unit: unit.clone(),
                by: actor.person.clone(),
                at: self.now(),
                people: list.len(),
                hash: hash_of(&list),
            };
            inventory::attest(session.as_rule(), actor, facts, attested, shown, event, self.now())
        })
    }

    /// Closes an inventory.
    ///
    /// # Errors
    /// Findings are open, the list of the rest has changed, or a reason is missing.
    pub fn close_inventory(
        &self,
        session: &Session,
        id: &str,
        shown: &str,
        note: &Personal,
        form_key: &str,
    ) -> Answer<()> {
        self.inventory_step(session, id, form_key, shown, |(facts, _), event| {
            inventory::close(session.as_rule(), &session.actor, facts, shown, note, event, self.now())
        })
    }

    /// Reminds the heads who have not confirmed their people; once a day is enough, whoever of those who run
    /// it does it, and more than that is done once.
    ///
    /// # Errors
    /// It is not the actor's to run, or nobody is left to remind.
    pub fn remind_inventory(&self, session: &Session, id: &str) -> Answer<()> {
        let (actor, log, today) = (&session.actor, session.actor.log(), self.now().date());
        let before = self.inner.store.read(|read| self.inventory_facts(read, session, id))?;
        if before.is_some_and(|(facts, _)| facts.is_run_by(actor) && facts.is_reminded(today)) {
            return Ok(());
        }
        self.inventory_step(session, id, &format!("remind {id} {today}"), "", |(facts, _), event| {
            remind::decide(session.as_rule(), actor, facts, event, self.now())
        })?;
        let after = self.inner.store.read(|read| self.inventory_facts(read, session, id))?;
        let waiting = after.iter().flat_map(|(facts, _)| facts.waiting());
        self.alert_owners(&log, waiting, Urgent::InventoryReminded, today);
        Ok(())
    }

    fn inventory_step(
        &self,
        session: &Session,
        id: &str,
        form_key: &str,
        request: &str,
        decide: impl Fn(&(Facts, Gone), &domain::id::EventId) -> domain::Outcome<domain::Decision>,
    ) -> Answer<()> {
        let once = carry::once(form_key, &format!("{id} {request}"));
        if self.earlier(session, once.as_ref())?.is_some() {
            return Ok(());
        }
        let event = carry::event();
        self.carry_out(session, "account.inventory", |read| {
            let Some(whole) = self.inventory_facts(read, session, id)? else {
                return Ok(Err(vec![Refusal::new(Reason::RecordUnknown)]));
            };
            Ok(decide(&whole, &event).map(|decision| decision.once(once.clone())))
        })?;
        Ok(())
    }

    fn inventory_facts(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        id: &str,
    ) -> Result<Option<(Facts, Gone)>, Fault> {
        let log = session.actor.log();
        let Some(row) = read.duty(&log, &DutyId::new(id))? else { return Ok(None) };
        if row.duty.kind != Kind::Inventory {
            return Ok(None);
        }
        let rule = self.rule_for(session, &row.duty.digest);
        self.facts_of(read, &log, &rule, row.duty).map(Some)
    }

    /// Open inventories in which the actor decides about those who alone would decide about themselves,
    /// though it is not the actor who goes through them.
    pub(crate) fn asked_inventories(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        open: Vec<Duty>,
    ) -> Result<Vec<DutyRow>, Fault> {
        let (actor, log, now) = (&session.actor, session.actor.log(), self.now());
        let others = open.into_iter().filter(|duty| recur::is_near(duty, now) && !duty.is_own(actor));
        let mut asked = Vec::new();
        for duty in others {
            let rule = self.rule_for(session, &duty.digest);
            let (facts, _) = self.facts_of(read, &log, &rule, duty.clone())?;
            asked.extend(facts.asks(actor).then_some(DutyRow { duty, note: None }));
        }
        Ok(asked)
    }

    /// What a step of an inventory rests on, read in one snapshot.
    fn facts_of(
        &self,
        read: &mut Read<'_>,
        log: &LogId,
        rule: &InForce,
        duty: Duty,
    ) -> Result<(Facts, Gone), Fault> {
        let gone = self.gone_through(read, log, rule, &duty)?;
        let about = read.duties_about(log, duty.id.as_str())?.into_iter();
        let parts: Vec<Duty> =
            about.filter(|part| matches!(part.kind, Kind::Attest | Kind::SignOff)).collect();
        let mut keys = vec![duty.key(log)];
        keys.extend(parts.iter().map(|part| part.key(log)));
        keys.extend(gone.found.iter().map(|(_, member)| permission::key(log, &member.person)));
        let facts = Facts {
            clauses: crate::duty::clauses(&rule.pack, &duty),
            decided: read.inventory_verdicts(&duty.id)?.into_iter().map(|row| row.verdict).collect(),
            attested: read.inventory_units(&duty.id)?,
            found: gone.found.clone(),
            rest: gone.rest.len(),
            hash: hash_of(&gone.rest.iter().collect::<Vec<_>>()),
            seen: read.revs(keys)?,
            holders: holders_of(read, log, &duty, self.now().date())?,
            reminded: reminded(read, log, &duty.id)?,
            duty,
            parts,
        };
        Ok((facts, gone))
    }

    /// Goes through everybody of an agency. Whoever was decided about stays among those who were found.
    fn gone_through(
        &self,
        read: &mut Read<'_>,
        log: &LogId,
        rule: &InForce,
        duty: &Duty,
    ) -> Result<Gone, Fault> {
        let now = self.now();
        let members = members(read, log, rule, now.date())?;
        let decided = read.inventory_verdicts(&duty.id)?;
        let wanted = Wanted {
            findings: rule.pack.inventory().map(|ruled| ruled.value.findings).unwrap_or_default(),
            idle: rule.pack.idle_ladder().and_then(|ruled| ruled.value.suspend_after),
        };
        let calendar = self.calendar(log);
        let mut gone = Gone { found: vec![], rest: vec![] };
        for member in members {
            let before = decided.iter().find(|row| row.verdict.person == member.person);
            let found = before.map(|row| row.verdict.finding);
            match found.or_else(|| inventory::find(&member, &wanted, &calendar, now)) {
                Some(finding) => gone.found.push((finding, member)),
                None if member.units.is_empty() && member.permissions.is_empty() => {}
                None => gone.rest.push(member),
            }
        }
        Ok(gone)
    }

    fn inventory_view(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        facts: &Facts,
        gone: &Gone,
    ) -> Result<InventoryView, Fault> {
        let duty = &facts.duty;
        let rows = read.inventory_verdicts(&duty.id)?;
        let mut found = Vec::new();
        let decided = |member: &Member| rows.iter().any(|row| row.verdict.person == member.person);
        let (before, open): (Vec<_>, Vec<_>) = gone.found.iter().partition(|(_, member)| decided(member));
        for (finding, member) in open.into_iter().take(SHOWN).chain(before) {
            let row = rows.iter().find(|row| row.verdict.person == member.person);
            let decided = row.map(|row| {
                let note = row.verdict.note.expose().to_string();
                Ok::<_, Fault>((row.verdict.keep, note, read.person_name(&row.by)?))
            });
            found.push(FoundView {
                person: member.person.to_string(),
                name: read.person_name(&member.person)?,
                unit: unit_name(read, member.unit())?,
                finding: *finding,
                permissions: member.permissions.len(),
                may: facts.is_decided_by(&session.actor, &member.person),
                used: member.used.map(|at| at.date()),
                decided: decided.transpose()?,
            });
        }
        let heads = facts.parts.iter().filter(|part| part.kind == Kind::Attest);
        let holders = read.holders(&session.actor.log(), self.now().date())?;
        let units = heads.map(|part| attest_view(read, session, facts, (gone, &holders), part));
        let open = duty.state == State::Open;
        Ok(InventoryView {
            id: duty.id.to_string(),
            began: duty.began,
            due: duty.due.as_ref().map(|due| crate::lookup::due_view(due.moment, self.now())),
            clause: facts.clauses.first().and_then(|id| self.cite(session, id)),
            state: duty.state.word(),
            all: gone.found.len() + gone.rest.len(),
            open: facts.open().count(),
            found,
            rest: gone.rest.len(),
            hash: facts.hash.clone(),
            units: units.collect::<Result<_, Fault>>()?,
            may: open && facts.asks(&session.actor),
            close: facts.is_closed_by(&session.actor),
            remind: self.reminds(session, facts),
            reminded: facts.reminded,
            form_key: carry::random_hex::<16>(),
        })
    }

    /// Whether the actor can remind heads today.
    fn reminds(&self, session: &Session, facts: &Facts) -> bool {
        let waits = facts.duty.state == State::Open && facts.waiting().next().is_some();
        waits && facts.is_run_by(&session.actor) && !facts.is_reminded(self.now().date())
    }

    /// What becomes of an inventory that was not held in time.
    pub(crate) fn missed_inventory(&self, log: &LogId, rule: &InForce, duty: &Duty) -> Answer<()> {
        self.clocked(|read| {
            let (facts, _) = self.facts_of(read, log, rule, duty.clone())?;
            Ok(inventory::missed(rule.as_rule(), log, &facts, &carry::event(), self.now()))
        })
    }
}

/// A unit whose people are confirmed, and for whoever confirms them what each of them holds.
fn attest_view(
    read: &mut Read<'_>,
    session: &Session,
    facts: &Facts,
    (gone, holders): (&Gone, &[Holder]),
    part: &Duty,
) -> Result<AttestView, Fault> {
    let unit = part.unit.clone().unwrap_or_else(|| UnitId::new(""));
    let list = of_unit(&gone.rest, &unit);
    let by = facts.attested.iter().find(|one| one.unit == unit);
    let by = by.map(|one| Ok::<_, Fault>((read.person_name(&one.by)?, one.at))).transpose()?;
    let shown = by.is_none() && part.state == State::Open && part.is_owed_by(&session.actor, &[]);
    let name = unit_name(read, Some(&unit))?;
    let here = |member: &Member, one: &&Holder| one.person == member.person && one.unit == unit;
    let view = |member: &&Member| {
        let own = holders.iter().filter(|one| here(member, one));
        Ok(AttestedView {
            name: read.person_name(&member.person)?,
            roles: own.map(|one| role_word(&session.pack, &one.role)).collect(),
            permissions: member.permissions.len(),
        })
    };
    Ok(AttestView {
        id: unit.to_string(),
        name,
        people: list.len(),
        by,
        list: list.iter().filter(|_| shown).map(view).collect::<Result<_, Fault>>()?,
        hash: hash_of(&list),
    })
}

/// When the heads were last reminded: its entry says so.
fn reminded(read: &mut Read<'_>, log: &LogId, id: &DutyId) -> Result<Option<Instant>, Fault> {
    let entries = read.entries_of_record(log, id.as_str())?;
    Ok(entries.into_iter().rfind(|entry| entry.act == remind::ACT).map(|entry| entry.at))
}

/// Those whose duty something is today.
fn holders_of(read: &mut Read<'_>, log: &LogId, duty: &Duty, today: Date) -> Result<Vec<PersonId>, Fault> {
    let owes = |one: &Holder| Owner::of(&one.person, &one.role, &one.unit).contains(&duty.owner);
    Ok(read.holders(log, today)?.into_iter().filter(owes).map(|one| one.person).collect())
}

/// The duties of the heads who confirm their people, and of whoever signs it off: parts of an inventory that
/// begins.
pub(crate) fn parts(
    read: &mut Read<'_>,
    log: &LogId,
    rule: &InForce,
    whole: &Duty,
) -> Result<Vec<Duty>, Fault> {
    let holders = read.holders(log, whole.began.max(Date::MONDAY))?;
    let mut units: Vec<UnitId> = holders.iter().map(|holder| holder.unit.clone()).collect();
    units.sort_unstable();
    units.dedup();
    let mut parts = Vec::new();
    for unit in units {
        let owner = duty::heading(&rule.pack, &line_of(read, &unit)?, &holders, None);
        parts.extend(owner.map(|owner| Duty {
            id: DutyId::new(format!("{}-{unit}", whole.id)),
            kind: Kind::Attest,
            owner,
            unit: Some(unit),
            about: whole.id.to_string(),
            ..whole.clone()
        }));
    }
    let sign_off = rule.pack.inventory().and_then(|ruled| ruled.value.sign_off);
    let sign_off = sign_off.and_then(|who| duty::owner_of(&rule.pack, &who, None)).map(|owner| Duty {
        id: DutyId::new(format!("{}-sign-off", whole.id)),
        kind: Kind::SignOff,
        owner,
        unit: None,
        about: whole.id.to_string(),
        ..whole.clone()
    });
    parts.extend(sign_off);
    Ok(parts)
}

/// Everybody who has an open account or a running permission in an agency.
pub(super) fn members(
    read: &mut Read<'_>,
    log: &LogId,
    rule: &InForce,
    today: Date,
) -> Result<Vec<Member>, Fault> {
    let mut all: BTreeMap<PersonId, Member> = BTreeMap::new();
    let blank = |person: &PersonId| Member {
        person: person.clone(),
        units: vec![],
        ended: None,
        keeper: false,
        accounts: 0,
        used: None,
        permissions: vec![],
    };
    let mut posts: Vec<_> = read.posts(log, Date::MONDAY)?.into_iter().map(|(row, _)| row).collect();
    // Of posts that are over the last one says why.
    posts.retain(|row| row.assignment.from <= today);
    posts.sort_by_key(|row| (row.assignment.until, row.assignment.from));
    for row in posts {
        let post = row.assignment;
        let member = all.entry(post.person.clone()).or_insert_with(|| blank(&post.person));
        match post.from <= today && post.until.is_none_or(|until| today < until) {
            true => {
                let capacities = rule.pack.capacities(&post.role);
                let keeps = [Capacity::Administer, Capacity::Decide];
                member.keeper |= keeps.iter().any(|capacity| capacities.contains(capacity));
                member.units.push(post.unit);
            }
            false => member.ended = row.cause.or(Some(Cause::Leave)),
        }
    }
    let mut accounts = read.open_accounts(log)?;
    accounts.sort_by(|one, other| one.login.cmp(&other.login));
    accounts.dedup_by(|one, other| one.login == other.login);
    for account in accounts {
        let member = all.entry(account.person.clone()).or_insert_with(|| blank(&account.person));
        member.accounts += 1;
        member.used = member.used.max(Some(account.used));
    }
    for member in all.values_mut().filter(|member| member.accounts > 0) {
        // Whoever works through a program never signs in, and uses their account all the same.
        let newest = read.lookups(log, &List::from(Of::Asker(&member.person)), None, 1)?;
        member.used = member.used.max(newest.first().map(|row| row.lookup.at));
    }
    for permission in read.permissions_of(log, PERMISSIONS)?.into_iter().filter(|one| one.stopped.is_none()) {
        let member = all.entry(permission.person.clone()).or_insert_with(|| blank(&permission.person));
        member.permissions.push(permission);
    }
    Ok(all.into_values().filter(|member| member.accounts > 0 || !member.permissions.is_empty()).collect())
}

fn of_unit<'a>(rest: &'a [Member], unit: &UnitId) -> Vec<&'a Member> {
    rest.iter().filter(|member| member.unit() == Some(unit)).collect()
}

/// The hash of a list of people with what they hold: what is confirmed is this and nothing else.
fn hash_of(list: &[&Member]) -> String {
    let line = |member: &&Member| {
        let held: Vec<String> = member.permissions.iter().map(|one| one.id.to_string()).collect();
        format!("{} {}\n", member.person, held.join(" "))
    };
    ledger::hash::sha256(list.iter().map(line).collect::<String>().as_bytes()).to_hex()
}

fn unit_name(read: &mut Read<'_>, unit: Option<&UnitId>) -> Result<String, Fault> {
    let found = unit.map(|unit| read.unit(unit)).transpose()?.flatten();
    Ok(found.map(|unit| unit.name).unwrap_or_default())
}
