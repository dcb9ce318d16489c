//! Absences: recording one, coming back, and for whom somebody stands in.

use crate::view::{AbsenceView, AbsencesView, StandsForView};
use crate::{Answer, Desk, Session, carry};
use domain::directory::absence::{self, Absence};
use domain::directory::{deputy, may_keep};
use domain::id::{AbsenceId, PersonId};
use domain::time::Date;
use domain::{Reason, Refusal};
use std::collections::BTreeMap;
use store::{Fault, Read};

/// An absence as somebody records it.
#[derive(Clone, Debug)]
pub struct AbsenceForm {
    /// Who is away, by their identifier; empty for oneself.
    pub person: String,
    /// Who stands in, by their identifier; empty for the one who is named to do so.
    pub deputy: String,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// The key under which this is carried out once.
    pub form_key: String,
}

impl Desk {
    /// Records that somebody is away, and who acts meanwhile.
    ///
    /// # Errors
    /// It is somebody else's, and the actor does not run the accounts; the days are over or in the wrong
    /// order; nobody of the agency, or the wrong one, is named.
    pub fn be_away(&self, session: &Session, form: &AbsenceForm) -> Answer<()> {
        let request = format!("{} {} {} {}", form.person, form.deputy, form.from, form.until);
        let once = carry::once(&form.form_key, &request);
        if self.earlier(session, once.as_ref())?.is_some() {
            return Ok(());
        }
        let (actor, log, event) = (&session.actor, session.actor.log(), carry::event());
        let person = match form.person.trim() {
            "" => actor.person.clone(),
            other => PersonId::new(other),
        };
        let id = AbsenceId::new(carry::random_id("ab"));
        self.carry_out(session, "directory.be-away", |read| {
            let holders = read.holders(&log, self.now().date())?;
            let deputy = match form.deputy.trim() {
                "" => read.deputy(&log, &person)?.map_or_else(|| PersonId::new(""), |one| one.deputy),
                other => PersonId::new(other),
            };
            let (from, until) = (form.from, form.until);
            let absence = Absence { id: id.clone(), person: person.clone(), deputy, from, until };
            let seen = read.rev(&absence::key(&log, &person))?;
            let (rule, at) = (session.as_rule(), (&event, self.now()));
            let decided = absence::be_away(rule, actor, absence, &holders, seen, at);
            Ok(decided.map(|decision| decision.once(once.clone())))
        })?;
        Ok(())
    }

    /// Ends an absence before its last day.
    ///
    /// # Errors
    /// There is none such that runs; it is somebody else's.
    pub fn come_back(&self, session: &Session, id: &str) -> Answer<()> {
        let (actor, log, event) = (&session.actor, session.actor.log(), carry::event());
        self.carry_out(session, "directory.come-back", |read| {
            let rows = read.absences(&log, self.now().date())?;
            let Some(one) = rows.into_iter().find(|one| one.id.as_str() == id) else {
                return Ok(Err(vec![Refusal::new(Reason::RecordUnknown).with("code", id)]));
            };
            let seen = read.rev(&absence::key(&log, &one.person))?;
            Ok(absence::come_back(session.as_rule(), actor, &one, seen, (&event, self.now())))
        })?;
        Ok(())
    }

    /// The actor's absences that are not over and those in which the actor stands in, for whoever runs the
    /// accounts everybody's; who stands in for the actor whenever they are away; and everybody of the agency
    /// who could, those of the same unit first.
    ///
    /// # Errors
    /// The store.
    pub fn absences(&self, session: &Session) -> Answer<AbsencesView> {
        let (actor, log, today) = (&session.actor, session.actor.log(), self.now().date());
        let keeps = may_keep(actor).is_ok();
        Ok(self.inner.store.read(|read| {
            let shown = |one: &Absence| keeps || one.person == actor.person || one.deputy == actor.person;
            let known = read.absences(&log, today)?.into_iter().filter(shown);
            let view = |one: Absence, read: &mut Read<'_>| {
                Ok(AbsenceView {
                    person: read.person_name(&one.person)?,
                    deputy: read.person_name(&one.deputy)?,
                    from: one.from,
                    until: one.until,
                    runs: one.runs(today),
                    end: keeps || one.person == actor.person,
                    id: one.id.to_string(),
                })
            };
            let list = known.map(|one| view(one, read)).collect::<Result<_, Fault>>()?;
            let holders = read.holders(&log, today)?;
            let standing = match read.deputy(&log, &actor.person)?.filter(|one| one.stands(&holders)) {
                Some(one) => Some((one.deputy.to_string(), read.person_name(&one.deputy)?)),
                None => None,
            };
            let wanting = deputy::wanting(&session.pack, &actor.person, &holders);
            let clause = wanting.iter().flat_map(|role| &role.clauses).next();
            Ok(AbsencesView {
                list,
                deputies: super::others(read, actor, today)?,
                keeps,
                wanted: !wanting.is_empty(),
                clause: clause.and_then(|id| self.cite(session, id)),
                standing,
            })
        })?)
    }

    /// Those for whom the actor stands in today, each with the last day.
    ///
    /// # Errors
    /// The store.
    pub fn stands_in_for(&self, session: &Session) -> Answer<Vec<StandsForView>> {
        let standing = self.inner.store.read(|read| self.deputised(read, session))?;
        Ok(standing.into_values().collect())
    }

    /// Absences that run in which the actor stands in.
    pub(crate) fn standing_in(&self, read: &mut Read<'_>, session: &Session) -> Result<Vec<Absence>, Fault> {
        let (actor, today) = (&session.actor, self.now().date());
        let all = read.absences(&actor.log(), today)?.into_iter();
        Ok(all.filter(|absence| absence.deputy == actor.person && absence.runs(today)).collect())
    }

    /// The same by whom it is for: of several absences of one person the one that lasts longest.
    pub(crate) fn deputised(
        &self,
        read: &mut Read<'_>,
        session: &Session,
    ) -> Result<BTreeMap<PersonId, StandsForView>, Fault> {
        let mut standing: BTreeMap<PersonId, StandsForView> = BTreeMap::new();
        for absence in self.standing_in(read, session)? {
            let name = read.person_name(&absence.person)?;
            let known =
                standing.entry(absence.person).or_insert(StandsForView { name, until: absence.until });
            known.until = known.until.max(absence.until);
        }
        Ok(standing)
    }
}
