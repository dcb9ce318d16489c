//! The posts of somebody who has several: which one they act under, and taking another one.

use super::{SignedIn, hash, hash_of};
use crate::{Answer, Desk, Session, carry};
use domain::account::post;
use domain::actor::Channel;
use domain::id::{AssignmentId, PersonId};
use domain::regulation::Words;
use domain::{Reason, Refusal};
use store::capability::directory::PostRow;
use store::{Fault, Read, SessionRow};

/// Another post of whoever is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherPost {
    /// Its identifier.
    pub id: String,
    /// The agency.
    pub agency: Words,
    /// The unit.
    pub unit: Words,
    /// The role, in the words of its rule.
    pub role: Words,
    /// The rule that governs what is done under it.
    pub rule: Words,
}

impl Desk {
    /// The other posts of a person that run today and have a rule.
    pub(super) fn other_posts(
        &self,
        read: &mut Read<'_>,
        person: &PersonId,
        current: &AssignmentId,
    ) -> Result<Vec<OtherPost>, Fault> {
        let (now, mut posts) = (self.now(), Vec::new());
        for row in read.assignments(person)? {
            if row.assignment.id != *current && row.assignment.runs(now.date()) {
                posts.extend(read.post(&row.assignment.id)?);
            }
        }
        Ok(posts.iter().filter_map(|post| self.other_post(post)).collect())
    }

    fn other_post(&self, post: &PostRow) -> Option<OtherPost> {
        let rule = self.rule_of(post, self.now())?;
        let (words, own) = (|(zh, en): &(String, String)| Words::new(zh.as_str(), en.as_str()), &post.held);
        let role = rule.pack.role(&own.assignment.role).map(|role| role.word.clone());
        Some(OtherPost {
            id: own.assignment.id.to_string(),
            agency: words(&post.agency),
            unit: words(&post.unit),
            role: role.unwrap_or_else(|| crate::words::plain(&own.assignment.role)),
            rule: rule.pack.header.short_title.clone(),
        })
    }

    /// Goes on under another post of the same person. The session is a new one that ends no later than the
    /// rule of that post lets it, nor than the former one would have.
    ///
    /// # Errors
    /// It is no post of theirs that runs today.
    pub fn take_post(&self, session: &Session, id: &str) -> Answer<SignedIn> {
        let now = self.now();
        let found = self.inner.store.read(|read| {
            let post = read.post(&AssignmentId::new(id))?;
            Ok((post, read.session(&hash_of(session))?))
        })?;
        let (actor, place) = (&session.actor, &session.actor.place);
        let own = |post: &PostRow| post.held.assignment.person == actor.person;
        let unknown = || self.refuse(session, "account.take-post", vec![Refusal::new(Reason::RecordUnknown)]);
        let (Some(post), Some(row)) = (found.0.filter(own), found.1) else { return Err(unknown()) };
        let Some(taken) = self.actor_at(&post, place, Channel::Page, now)? else { return Err(unknown()) };
        let (token, (idle, hours, _)) = (carry::random_hex::<32>(), self.session_times(&post, now));
        let next = SessionRow {
            id_hash: hash(&token),
            assignment: Some(taken.assignment.clone()),
            seen: now,
            idle_until: now.plus_minutes(idle.into()),
            ends: row.ends.min(now.plus_hours(hours.into())),
            // What was shown under one post is not good for another.
            proved_at: None,
            data: carry::random_hex::<16>(),
            ..row.clone()
        };
        let dressed = self.dress(session.login.clone(), &post, place, Channel::Page, &next, &token)?;
        let Some(dressed) = dressed else { return Err(unknown()) };
        self.inner.store.write(post::take(&taken, &carry::event(), now))?;
        self.inner.store.tend(|tend| {
            tend.put_session(&next)?;
            tend.end_session(&row.id_hash)
        })?;
        Ok(SignedIn { token, session: dressed })
    }
}
