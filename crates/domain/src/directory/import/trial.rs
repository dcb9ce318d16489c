//! Trying a list out: every change of post is asked about as the posts will be when it is its turn.

use super::{Assignment, Current, Plan, Step};
use crate::directory::post::{self, Cause, Repost};
use crate::id::PersonId;
use crate::refusal::Refusal;
use crate::regulation::Pack;
use crate::time::Date;
use alloc::{collections::BTreeMap, collections::BTreeSet, vec, vec::Vec};

/// Changes with the lines that bring them.
type Steps = Vec<(usize, Step)>;

impl Plan {
    /// Puts the differences into an order in which the rule takes them one after the other: who gives a post
    /// up goes before who gets it. What it takes in no order is refused at its line, and with it everything
    /// else of the same person, of whom nothing is known for sure any more.
    #[must_use]
    pub fn tried(mut self, pack: &Pack, keeper: &PersonId, current: &Current, today: Date) -> Self {
        loop {
            let mut trial = Trial::new(pack, keeper, current, today);
            let (taken, refused) = trial.run(self.steps);
            if refused.is_empty() {
                self.steps = taken;
                return self;
            }
            let faulty: BTreeSet<&PersonId> = refused.iter().filter_map(|(_, step)| whose(step)).collect();
            let stays =
                taken.into_iter().filter(|(_, step)| whose(step).is_none_or(|own| !faulty.contains(own)));
            self.steps = stays.collect();
            for (line, step) in &refused {
                self.faults.extend(trial.against(step).into_iter().map(|fault| (*line, fault)));
            }
            self.faults.sort_by_key(|(line, _)| *line);
        }
    }
}

/// Whom a change is about.
fn whose(step: &Step) -> Option<&PersonId> {
    match step {
        Step::Person(person) => Some(&person.id),
        Step::Renamed(person, _) => Some(person),
        Step::Account(former) => Some(&former.person),
        Step::Posted(repost) => Some(&repost.person),
        Step::Unit(_) | Step::UnitChanged(_) | Step::TakenOver(_) => None,
    }
}

/// The posts as they are after the changes that were taken so far.
struct Trial<'a> {
    pack: &'a Pack,
    keeper: &'a PersonId,
    current: &'a Current,
    today: Date,
    posts: BTreeMap<PersonId, Vec<Assignment>>,
}

impl<'a> Trial<'a> {
    fn new(pack: &'a Pack, keeper: &'a PersonId, current: &'a Current, today: Date) -> Self {
        let mut posts: BTreeMap<PersonId, Vec<Assignment>> = BTreeMap::new();
        for post in &current.posts {
            posts.entry(post.person.clone()).or_default().push(post.clone());
        }
        Self { pack, keeper, current, today, posts }
    }

    /// Takes what can be taken, and what can be taken after that; what is left can never be.
    fn run(&mut self, steps: Steps) -> (Steps, Steps) {
        let (mut taken, mut waiting) = (Vec::new(), steps);
        loop {
            let before = waiting.len();
            let mut refused = Vec::new();
            for (line, step) in waiting {
                match self.against(&step).is_empty() {
                    true => {
                        self.take(&step);
                        taken.push((line, step));
                    }
                    false => refused.push((line, step)),
                }
            }
            if refused.is_empty() || refused.len() == before {
                return (taken, refused);
            }
            waiting = refused;
        }
    }

    fn against(&self, step: &Step) -> Vec<Refusal> {
        let Step::Posted(repost) = step else { return vec![] };
        let own = self.posts.get(&repost.person).into_iter().flatten();
        // Others count only where the rule counts heads for the role.
        let counted = repost.to.as_ref().is_some_and(|to| self.pack.tier_of(&to.role).is_some());
        let others = self.posts.iter().filter(|(person, _)| counted && **person != repost.person);
        let others = others.flat_map(|(_, posts)| posts);
        let posts: Vec<&Assignment> = own.chain(others).collect();
        let allowed = self.current.allowed.get(&repost.person).map_or(&[][..], Vec::as_slice);
        let found = post::against(self.pack, self.keeper, repost, (&posts, allowed), self.today);
        found.into_iter().map(|refusal| in_list(refusal, repost)).collect()
    }

    fn take(&mut self, step: &Step) {
        let Step::Posted(repost) = step else { return };
        let own = self.posts.entry(repost.person.clone()).or_default();
        for post in own.iter_mut().filter(|post| repost.from.as_ref().is_some_and(|old| old.id == post.id)) {
            post.until = (repost.cause != Cause::Stay).then_some(repost.on);
        }
        own.extend(repost.to.clone());
    }
}

/// A refusal at the column of a list that brings the day.
fn in_list(refusal: Refusal, repost: &Repost) -> Refusal {
    match refusal.field.as_deref() {
        Some("on") => refusal.at(if repost.to.is_some() { "from" } else { "until" }),
        Some(_) => refusal,
        None => refusal.at("id"),
    }
}
