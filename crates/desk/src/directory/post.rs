//! People and their posts: who works where as what, and changing it.

use crate::application::line_of;
use crate::view::{PostView, StaffView, UnitView};
use crate::{Answer, Desk, Session, carry, words};
use domain::directory::handover::Handover;
use domain::directory::post::{self, Cause, Facts, Repost};
use domain::directory::{self, Assignment, Unit, exception};
use domain::duty::{Duty, Kind};
use domain::grant::permission;
use domain::id::{AssignmentId, Key, LogId, PersonId, UnitId};
use domain::regulation::{Adoption, Pack, Words};
use domain::time::Date;
use domain::{Reason, Refusal};
use store::capability::directory::AssignmentRow;
use store::{Fault, Read};

/// A change of post as its keeper words it.
#[derive(Clone, Debug)]
pub struct PostForm {
    /// The post that changes, by its identifier.
    pub post: String,
    /// Why.
    pub cause: Option<Cause>,
    /// The first day on which it holds.
    pub on: Option<Date>,
    /// The new unit, where there is one.
    pub unit: String,
    /// The new role, where there is one.
    pub role: String,
    /// The key under which this is carried out once.
    pub form_key: String,
}

impl Desk {
    /// The people and units of the agency, for whoever runs its accounts or oversees it; those of the own
    /// unit for anybody else.
    ///
    /// # Errors
    /// The store.
    pub fn staff(&self, session: &Session) -> Answer<StaffView> {
        let (actor, log, today) = (&session.actor, session.actor.log(), self.now().date());
        let keep = directory::may_keep(actor).is_ok();
        let pack = &session.pack;
        Ok(self.inner.store.read(|read| {
            let units = read.units(&log)?;
            let mut posts = read.posts(&log, today)?;
            let own = |row: &AssignmentRow| actor.oversees() || row.assignment.unit == actor.unit;
            posts.retain(|(row, _)| own(row));
            posts.sort_by(|(one, a), (other, b)| (&one.assignment.unit, a).cmp(&(&other.assignment.unit, b)));
            let view = |(row, name): &(AssignmentRow, String)| {
                let post = &row.assignment;
                PostView {
                    id: post.id.to_string(),
                    person: post.person.to_string(),
                    name: name.clone(),
                    unit: name_of(&units, &post.unit),
                    unit_id: post.unit.to_string(),
                    role: role_word(pack, &post.role),
                    role_id: post.role.clone(),
                    from: post.from,
                    until: post.until,
                    change: keep && post.person != actor.person,
                }
            };
            let listed = units.iter().filter(|unit| actor.oversees() || unit.id == actor.unit);
            let under = |unit: &Unit| pack.organisation(&unit.organisation);
            let former = |unit: &Unit| super::unit::former(read, &actor.agency, &unit.id);
            let listed: Vec<&Unit> = listed.collect();
            let formers: Vec<_> = listed.iter().copied().map(former).collect::<Result<_, _>>()?;
            let unit = |(unit, former): (&Unit, _)| UnitView {
                former,
                id: unit.id.to_string(),
                name: Words::new(unit.name.as_str(), unit.name_en.as_str()),
                above: unit.above.as_ref().map(|above| name_of(&units, above)).unwrap_or_default(),
                organisation: under(unit)
                    .map_or_else(|| words::plain(&unit.organisation), |own| own.word.clone()),
                corresponding: under(unit).is_some_and(|own| own.adopts == Adoption::MutatisMutandis),
                clause: under(unit).and_then(|own| own.clause.as_ref()).and_then(|id| self.cite(session, id)),
                people: posts.iter().filter(|(row, _)| row.assignment.unit == unit.id).count(),
            };
            Ok(StaffView {
                posts: posts.iter().map(view).collect(),
                units: listed.into_iter().zip(formers).map(unit).collect(),
                roles: pack.roles.iter().map(|role| (role.id.clone(), role.word.clone())).collect(),
                keep,
                contracts: pack.contractor().is_some(),
                exceptions: !pack.exceptions().is_empty(),
                workstations: pack.workstation(&actor.situation()).is_some(),
            })
        })?)
    }

    /// Changes a post: rights change with it, and what the rule wants told becomes a duty.
    ///
    /// # Errors
    /// The actor does not look after people; the post is unknown or their own; day, unit or role cannot be.
    pub fn change_post(&self, session: &Session, form: &PostForm) -> Answer<()> {
        let once = carry::once(&form.form_key, &format!("{form:?}"));
        if self.earlier(session, once.as_ref())?.is_some() {
            return Ok(());
        }
        let (log, event, id) = (session.actor.log(), carry::event(), carry::random_id("as"));
        self.carry_out(session, "directory.change-post", |read| {
            let today = self.now().date();
            let held = read.posts(&log, today)?;
            let post = held.into_iter().find(|(row, _)| row.assignment.id.as_str() == form.post);
            let Some((row, _)) = post else {
                return Ok(Err(vec![Refusal::new(Reason::RecordUnknown)]));
            };
            let missing = |field| Ok(Err(vec![Refusal::new(Reason::FieldMissing).at(field)]));
            // Who stays has no day from which on.
            let on = if form.cause == Some(Cause::Stay) { Some(today) } else { form.on };
            let (Some(cause), Some(on)) = (form.cause, on) else {
                return missing(if form.cause.is_none() { "cause" } else { "on" });
            };
            let moves = matches!(cause, Cause::Transfer | Cause::DutyChange);
            let unit = match form.unit.as_str() {
                "" => row.assignment.unit.clone(),
                named => UnitId::new(named),
            };
            if moves && form.role.is_empty() {
                return missing("role");
            }
            let person = row.assignment.person.clone();
            let to = moves.then(|| Assignment {
                id: AssignmentId::new(id.as_str()),
                person: person.clone(),
                unit,
                role: form.role.clone(),
                from: on,
                until: None,
            });
            let repost = Repost { person, cause, on, from: Some(row.assignment), to };
            let facts = post_facts(read, &log, &repost, today)?;
            let (rule, actor) = (session.as_rule(), &session.actor);
            let calendar = self.calendar(&log);
            let decided = post::change(rule, actor, &repost, &facts, &calendar, &event, self.now());
            Ok(decided.map(|decision| decision.once(once.clone())))
        })?;
        self.open_at_once(&log, &session.rule.digest)?;
        self.end_sessions_of(&session.actor.person, &form.post)
    }

    /// Ends the sessions that act under a post which is over: what its owner may do has changed.
    pub(super) fn end_sessions_of(&self, actor: &PersonId, post: &str) -> Answer<()> {
        let today = self.now().date();
        let found = self.inner.store.read(|read| read.post(&AssignmentId::new(post)))?;
        let over = found.filter(|post| post.held.assignment.until.is_some_and(|until| until <= today));
        let Some(person) = over.map(|post| post.held.assignment.person) else { return Ok(()) };
        if person == *actor {
            return Ok(());
        }
        let rows = self.inner.store.read(|read| read.sessions_of(&person, self.now()))?;
        let own = rows.iter().filter(|row| row.assignment.as_ref().is_some_and(|id| id.as_str() == post));
        for row in own {
            self.inner.store.tend(|tend| tend.end_session(&row.id_hash))?;
        }
        Ok(())
    }
}

/// What a change of post rests on.
pub(super) fn post_facts(
    read: &mut Read<'_>,
    log: &LogId,
    repost: &Repost,
    today: Date,
) -> Result<Facts, Fault> {
    let post = repost.from.as_ref().or(repost.to.as_ref());
    let line = post.map_or(Ok(vec![]), |post| line_of(read, &post.unit))?;
    let unit = post.map_or(Ok(None), |post| read.unit(&post.unit))?;
    let mut keys: Vec<Key> =
        vec![directory::posts_key(log, &repost.person), permission::key(log, &repost.person)];
    keys.extend(repost.from.iter().map(|from| Key::new(log, "assignment", from.id.as_str())));
    let allowed = read.exceptions_of(log, &repost.person)?;
    let joined = super::exception::joined(read, log, &allowed)?;
    let (moot, unlisted) = moot(read, log, repost)?;
    keys.extend(moot.iter().map(|duty| duty.key(log)));
    keys.extend(unlisted.iter().map(|list| list.key(log)));
    keys.push(exception::key(log, &repost.person));
    keys.extend(repost.to.iter().map(|to| directory::unit::key(log, &to.unit)));
    let units = read.units(log)?;
    let closed = repost.to.as_ref().is_some_and(|to| !units.iter().any(|unit| unit.id == to.unit));
    keys.extend(joined.iter().map(|(_, duty)| duty.key(log)));
    Ok(Facts {
        organisation: unit.map(|unit| unit.organisation).unwrap_or_default(),
        line,
        posts: read.posts(log, today)?.into_iter().map(|(row, _)| row.assignment).collect(),
        held: read.permissions(log, &repost.person)?,
        allowed,
        joined,
        moot,
        unlisted,
        closed,
        seen: read.revs(keys)?,
    })
}

/// What an end of the post brought that was written down before, and that nobody owes if it changes: neither
/// does whoever comes back from a leave hand over the work of their unit any more.
fn moot(read: &mut Read<'_>, log: &LogId, repost: &Repost) -> Result<(Vec<Duty>, Vec<Handover>), Fault> {
    if let (None, Some(to)) = (&repost.from, &repost.to) {
        return back(read, log, to);
    }
    let Some((post, until)) = repost.from.as_ref().and_then(|post| Some((post, post.until?))) else {
        return Ok((vec![], vec![]));
    };
    let brought = |duty: &Duty| {
        let kind = matches!(duty.kind, Kind::Notify | Kind::HandOver);
        let same = duty.person.as_ref() == Some(&post.person) && duty.unit.as_ref() == Some(&post.unit);
        kind && same && duty.began == until
    };
    let moot: Vec<Duty> = read.every_open_duty(log)?.into_iter().filter(brought).collect();
    let mut lists = read.open_handovers(log, &post.person)?;
    lists.retain(|list| moot.iter().any(|duty| duty.about == list.id.as_str()));
    Ok((moot, lists))
}

/// The lists of a leave from which somebody comes back, with what is owed for them.
fn back(read: &mut Read<'_>, log: &LogId, to: &Assignment) -> Result<(Vec<Duty>, Vec<Handover>), Fault> {
    let mut lists = read.open_handovers(log, &to.person)?;
    lists.retain(|list| list.unit == to.unit);
    if lists.is_empty() {
        return Ok((vec![], vec![]));
    }
    let mut owed = read.every_open_duty(log)?;
    owed.retain(|duty| duty.kind == Kind::HandOver);
    let leaves: Vec<Date> = read
        .assignments(&to.person)?
        .into_iter()
        .filter(|row| row.cause == Some(Cause::Absence) && row.assignment.unit == to.unit)
        .filter_map(|row| row.assignment.until)
        .collect();
    let about = |list: &Handover, duty: &Duty| duty.about == list.id.as_str();
    lists.retain(|list| owed.iter().any(|duty| about(list, duty) && leaves.contains(&duty.began)));
    owed.retain(|duty| lists.iter().any(|list| about(list, duty)));
    Ok((owed, lists))
}

pub(super) fn name_of(units: &[Unit], id: &UnitId) -> String {
    units.iter().find(|unit| unit.id == *id).map_or_else(|| id.to_string(), |unit| unit.name.clone())
}

pub(crate) fn role_word(pack: &Pack, role: &str) -> Words {
    pack.role(role).map_or_else(|| words::plain(role), |role| role.word.clone())
}
