//! Who can see this, and why: from a person over their permission to the application, its stamps and the
//! clause; and the other way, from an item to everybody who may look it up.

use super::permission::knows;
use super::term::chain_of;
use crate::duty::renewal;
use crate::view::{OpenedView, PermissionWhole, ReachView, ReacherView};
use crate::{Answer, Desk, No, Session, words};
use domain::application::route::Holder;
use domain::application::submit;
use domain::grant::permission::Permission;
use domain::grant::{scope, term};
use domain::id::PermissionId;
use domain::regulation::{ApplicationObject, Capacity, Pack, Term, Words};
use domain::{Reason, Refusal};
use store::{Fault, Read};

/// Grants of one line.
const LINE: usize = 50;

impl Desk {
    /// One permission with the line of grants that it stands in, and the application, the stamps and the
    /// clause that it rests on.
    ///
    /// # Errors
    /// There is none that the actor may know of.
    pub fn permission(&self, session: &Session, id: &str) -> Answer<PermissionWhole> {
        let (log, now) = (session.actor.log(), self.now());
        let found = self.inner.store.read(|read| {
            let one = read.permission(&log, &PermissionId::new(id))?;
            let Some(one) = one.filter(|one| knows(session, one)) else { return Ok(None) };
            let held = read.permissions(&log, &one.person)?;
            let line = line(&one, &held);
            let views = line.iter().map(|one| self.permission_view(read, session, one));
            let line = views.collect::<Result<Vec<_>, Fault>>()?;
            let view = self.permission_view(read, session, &one)?;
            let (_, chain) = chain_of(read, &log, &session.pack, &one, now)?;
            let told = read.tellings_of(&log, &one.id)?;
            let own: Vec<&Permission> = held.iter().filter(|own| own.unit == one.unit).collect();
            let last = !own.iter().any(|own| own.stands(now)) && term::asks_back(&own, &one.items, now);
            Ok(Some((one, view, line, chain, told, last)))
        })?;
        let Some((one, view, line, chain, told, last)) = found else {
            let unknown = Refusal::new(Reason::RecordUnknown).with("code", id);
            return Err(No::Refused(vec![self.explain(session, unknown)]));
        };
        let application = view.application.as_ref().and_then(|code| self.application(session, code).ok());
        let object = ApplicationObject::Account.word();
        let may = submit::may_apply(session.as_rule(), &session.actor, object).is_ok();
        let open = one.is_open(now) && !line.iter().any(|next| next.state == "waits");
        let window = self.window(&log, chain.as_ref(), &one).filter(|_| open);
        let back = may && session.pack.idle_ladder().is_some_and(|ladder| ladder.value.restores) && last;
        let opens = scope::opened(&session.pack, &one.items);
        let term = chain.as_ref().and_then(|chain| chain.value.term.as_ref());
        let cite = |term: &Term| term.clauses.first().and_then(|id| self.cite(session, id));
        Ok(PermissionWhole {
            term: term.map(|term| (term.months, cite(term))),
            opens: opens.iter().filter_map(|code| opened_item(&session.pack, &one.items, code)).collect(),
            clause: chain.and_then(|chain| chain.clauses.first().and_then(|id| self.cite(session, id))),
            renew: window.filter(|window| may && window.opens <= now.date()).map(|_| renewal(id)),
            restore: back.then(|| renewal(id)),
            renewal: window.map(|window| (window.opens, window.ruled)),
            told: told.iter().map(|(message, tries)| self.telling_view(message, *tries)).collect(),
            one: view,
            line,
            application,
        })
    }

    /// Who may look up an item, and why, as far as the actor may know of them.
    ///
    /// # Errors
    /// The store.
    pub fn reach(&self, session: &Session, item: &str) -> Answer<ReachView> {
        let pack = &session.pack;
        let items = every_item(pack);
        let Some(known) = pack.item(item) else {
            return Ok(ReachView { items, ..ReachView::default() });
        };
        let tied = scope::is_tied(pack, item);
        let clauses = match tied {
            true => scope::clauses(pack, &session.actor.situation()),
            false => known.clauses,
        };
        let people = self.inner.store.read(|read| {
            let holders = read.holders(&session.actor.log(), self.now().date())?;
            let mut people = Vec::new();
            for holder in
                holders.iter().filter(|holder| pack.capacities(&holder.role).contains(&Capacity::Ask))
            {
                people.extend(self.reacher(read, session, item, holder, tied)?);
            }
            Ok(people)
        })?;
        let clause = clauses.first().and_then(|id| self.cite(session, id));
        Ok(ReachView { items, item: item.into(), tied, clause, people })
    }

    /// Somebody who may look up an item; none where they may not, or the actor may not know.
    fn reacher(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        item: &str,
        holder: &Holder,
        tied: bool,
    ) -> Result<Option<ReacherView>, Fault> {
        let actor = &session.actor;
        let near = holder.unit == actor.unit && actor.can(Capacity::Stamp);
        if !(actor.oversees() || near || holder.person == actor.person) {
            return Ok(None);
        }
        let held = if tied { read.permissions(&actor.log(), &holder.person)? } else { vec![] };
        let opens = |one: &&Permission| {
            let here = one.runs(self.now()) && one.unit == holder.unit;
            here && scope::opened(&session.pack, &one.items).iter().any(|own| own == item)
        };
        let by = held.iter().find(opens);
        if tied && by.is_none() {
            return Ok(None);
        }
        let role = session.pack.role(&holder.role).map(|role| role.word.clone());
        Ok(Some(ReacherView {
            person: read.person_name(&holder.person)?,
            unit: read.unit(&holder.unit)?.map(|unit| unit.name).unwrap_or_default(),
            role: role.unwrap_or_else(|| words::plain(&holder.role)),
            uses: by.and_then(|one| uses(&session.pack, &one.items, item)),
            permission: by.map(|one| one.id.to_string()),
        }))
    }
}

/// The line of grants that one stands in: what it follows, and what follows it, the first one first.
fn line(one: &Permission, held: &[Permission]) -> Vec<Permission> {
    let mut line = vec![one.clone()];
    while line.len() < LINE
        && let Some(before) = line[0].follows.as_ref().and_then(|id| held.iter().find(|own| own.id == *id))
        && !line.contains(before)
    {
        line.insert(0, before.clone());
    }
    while line.len() < LINE
        && let Some(after) = held.iter().find(|own| own.follows.as_ref() == line.last().map(|last| &last.id))
        && !line.contains(after)
    {
        line.push(after.clone());
    }
    line
}

fn every_item(pack: &Pack) -> Vec<(String, Words)> {
    let all = pack.datasets().iter().flat_map(|dataset| {
        let own = &dataset.value;
        own.items.iter().map(|item| (format!("{}/{}", own.id, item.id), item.label.clone()))
    });
    all.collect()
}

fn opened_item(pack: &Pack, ticks: &[String], code: &str) -> Option<OpenedView> {
    let word = pack.item(code)?.value.label.clone();
    Some(OpenedView { word, uses: uses(pack, ticks, code) })
}

/// The uses for which ticks open an item, in words; none where they do for every one.
fn uses(pack: &Pack, ticks: &[String], item: &str) -> Option<Vec<Words>> {
    let uses = scope::uses(pack, ticks, item)?;
    let words = uses.iter().filter_map(|code| pack.purpose(code)).map(|purpose| purpose.value.word);
    Some(words.collect())
}
