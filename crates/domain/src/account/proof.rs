//! Acts that ask again who acts: a session that somebody left open is not enough for them.
//!
//! All of them stand in one table. Whoever adds an act that could be misused from somebody else's chair adds
//! a line here, and nothing else: the desk asks where it carries acts out, pages and programs show the
//! question.

use crate::application::{self, Verdict};
use crate::decision::{Change, Decision};
use crate::directory;
use crate::regulation::{ApplicationObject, Capacity, Pack};

/// Minutes for which a code that was shown for such an act is good for the next one in the same session.
pub const LATELY_MINUTES: i64 = 5;

/// Which code an act wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// One each time; the code that opened the session will do.
    EachTime,
    /// One each time that was good for nothing else, not even to sign in.
    Unused,
    /// One that was good for nothing else, or that was shown like this in the last minutes.
    Lately,
}

/// When an act asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Always.
    Always,
    /// Where it makes somebody run accounts.
    Administers,
    /// Where it approves a version of the rule.
    Approves,
}

/// An act that asks again.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Its name: the one under which its refusals are entered.
    pub act: &'static str,
    /// Which code it wants.
    pub shown: Shown,
    /// When it asks.
    pub when: When,
}

/// Every act that asks again, in the order of the handbook.
pub const ASKED: &[Asked] = &[
    always("lookup.stamp", Shown::EachTime),
    always("account.invite", Shown::Unused),
    always("account.change-password", Shown::Unused),
    always("account.replace-factor", Shown::Unused),
    always("account.end-sessions", Shown::Lately),
    always("directory.delegate", Shown::Lately),
    always("directory.allow-exception", Shown::Lately),
    always("directory.import", Shown::Lately),
    Asked { when: When::Administers, ..always("directory.change-post", Shown::Lately) },
    always("grant.stop", Shown::Lately),
    Asked { when: When::Approves, ..always("application.stamp", Shown::Lately) },
];

const fn always(act: &'static str, shown: Shown) -> Asked {
    Asked { act, shown, when: When::Always }
}

/// What an act asks for, if it is one that asks.
pub fn asked(act: &str) -> Option<&'static Asked> {
    ASKED.iter().find(|own| own.act == act)
}

impl Asked {
    /// Whether it asks before what was decided is carried out.
    pub fn asks(&self, decision: &Decision, pack: &Pack) -> bool {
        match self.when {
            When::Always => true,
            When::Administers => decision.changes().iter().any(|change| administers(change, pack)),
            When::Approves => decision.changes().iter().any(approves),
        }
    }
}

/// Whether a change gives somebody a post whose holder runs accounts.
fn administers(change: &Change, pack: &Pack) -> bool {
    match change {
        Change::Directory(directory::Change::Assignment(post)) => {
            pack.capacities(&post.role).contains(&Capacity::Administer)
        }
        _ => false,
    }
}

/// Whether a change is a stamp by which a version of the rule moves on.
fn approves(change: &Change) -> bool {
    match change {
        Change::Application(application::Change::Stamped(moved, stamp, _)) => {
            let on = matches!(stamp.verdict, Verdict::Agree | Verdict::CarryOut);
            on && moved.object == ApplicationObject::Activation.word()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;

    #[test]
    fn every_act_asks_once_and_an_act_that_is_not_there_asks_nothing() {
        let names: BTreeSet<&str> = ASKED.iter().map(|own| own.act).collect();
        assert_eq!(names.len(), ASKED.len());
        assert_eq!(asked("grant.stop").map(|own| own.shown), Some(Shown::Lately));
        assert!(asked("lookup.ask").is_none());
    }
}
