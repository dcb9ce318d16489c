//! What a version that waits would have changed, for those who have a say about it: lookups of the past,
//! decided again within bounds, and what people hold today.

use super::in_force;
use super::replay::{Range, Replayed};
use crate::view::AffectedView;
use crate::{Answer, Desk, No, Session, carry, words};
use domain::activation;
use domain::application::submit;
use domain::decision::Rule;
use domain::grant::permission;
use domain::id::{LogId, UnitId};
use domain::regulation::{ApplicationObject, Capacity, Pack};
use domain::{Reason, Refusal};
use std::collections::BTreeSet;
use store::{Fault, Read};

/// Entries that one question looks through, the newest first; a further one goes on where it ended.
const ENTRIES: u64 = 5_000;
/// Records that one answer names.
const RECORDS: usize = 200;
/// Permissions that are compared.
const PERMISSIONS: i64 = 10_000;

/// Whether the actor has a say about later versions: whoever oversees the agency, stamps, or may apply for
/// one to be put into force.
pub(super) fn may_weigh(session: &Session) -> bool {
    let actor = &session.actor;
    let object = ApplicationObject::Activation.word();
    actor.oversees()
        || actor.can(Capacity::Stamp)
        || submit::may_apply(session.as_rule(), actor, object).is_ok()
}

impl Desk {
    /// Decides lookups of the actor's agency again under a version that waits, the newest first, or those
    /// before an entry; and enters in the actor's name that this was done.
    ///
    /// # Errors
    /// The actor has no say about versions; the version does not wait; the store.
    pub fn affected(&self, session: &Session, digest: &str, before: Option<u64>) -> Answer<AffectedView> {
        let refused = |reason| self.refuse(session, "regulation.replay", vec![Refusal::new(reason)]);
        if !may_weigh(session) {
            return Err(refused(Reason::NoCapacity));
        }
        let waiting = self.inner.store.read(|read| read.proposals())?.into_iter();
        let mut own = waiting.filter(|version| version.pack == session.pack.header.id);
        let Some(version) = own.find(|version| version.rule.digest == digest) else {
            return Err(refused(Reason::VersionNotWaiting));
        };
        let parsed = in_force::parse(&version).map_err(|fault| No::fault(&fault))?;
        let (pack, log) = (self.floored(&parsed), session.actor.log());
        let rule = Rule { pack: &pack, reference: &version.rule };
        let mut replayed = Replayed::default();
        let range = Range { since: None, before, most: ENTRIES };
        let earlier = self.replay_log(rule, &log, range, (&mut replayed, &mut |_, _| {}))?;
        replayed.once_each();
        self.carry_out(session, "regulation.replay", |_| {
            let n = i64::try_from(replayed.decided).unwrap_or(i64::MAX);
            let (event, now) = (carry::event(), self.now());
            Ok(Ok(activation::weighed(session.as_rule(), &session.actor, &version.rule, n, &event, now)))
        })?;
        let view = self.inner.store.read(|read| {
            let held = self.held_beyond(read, &log, &pack)?;
            affected_view(read, session, &pack, &replayed, held)
        })?;
        Ok(AffectedView { name: version.rule.name.clone(), digest: digest.into(), earlier, ..view })
    }

    /// Permissions that hold what no form of another version has, and posts whose role it does not know.
    fn held_beyond(&self, read: &mut Read<'_>, log: &LogId, pack: &Pack) -> Result<(usize, usize), Fault> {
        let known: BTreeSet<String> = permission::every_code(pack).into_iter().collect();
        let all = read.permissions_of(log, PERMISSIONS)?;
        let open = all.iter().filter(|one| one.is_open(self.now()));
        let beyond = open.filter(|one| one.items.iter().any(|item| !known.contains(item))).count();
        let posts = read.holders(log, self.now().date())?;
        Ok((beyond, posts.iter().filter(|post| pack.role(&post.role).is_none()).count()))
    }
}

fn affected_view(
    read: &mut Read<'_>,
    session: &Session,
    pack: &Pack,
    replayed: &Replayed,
    (permissions, posts): (usize, usize),
) -> Result<AffectedView, Fault> {
    let actor = &session.actor;
    let all = actor.can(Capacity::Audit) || actor.can(Capacity::Decide);
    let seen = |unit: &str| all || (actor.can(Capacity::Stamp) && actor.unit.as_str() == unit);
    let cite = |clause: &Option<String>| {
        let clause = clause.as_ref().and_then(|id| pack.clause(id))?;
        words::cite_in(pack, &clause.id)
    };
    let reasons = replayed.reasons().into_iter();
    let mut units = Vec::new();
    for ((_, unit), n) in replayed.units() {
        let name = read.unit(&UnitId::new(unit.as_str()))?.map_or(unit, |unit| unit.name);
        units.push((name, n));
    }
    let records = replayed.affected.iter().filter(|one| seen(&one.unit));
    Ok(AffectedView {
        name: String::new(),
        digest: String::new(),
        span: replayed.span.map(|(first, last)| (first.date(), last.date())),
        decided: replayed.decided,
        otherwise: replayed.affected.len(),
        people: replayed.people(),
        turns: replayed.turns().into_iter().map(|(turn, n)| (turn.word(), n)).collect(),
        reasons: reasons.map(|((reason, clause), n)| (reason, cite(&clause), n)).collect(),
        units,
        records: records.take(RECORDS).map(|one| (one.code.clone(), one.turn.word())).collect(),
        untold: replayed.untold.iter().map(|(what, n)| (*what, *n)).collect(),
        unreadable: replayed.unreadable,
        permissions,
        posts,
        earlier: None,
    })
}
