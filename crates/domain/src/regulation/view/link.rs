//! How long links stand, and which letters their end makes due.

use alloc::vec::Vec;

use super::super::kinds::Kind;
use super::super::kinds::vocabulary::Event;
use super::super::pack::Pack;
use super::super::when::Situation;
use super::{LetterRule, Ruled};

/// How long an approved link stands, and how long it may lie unused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRule {
    /// Years for which it stands; unset where the rule is silent.
    pub valid_years: Option<u32>,
    /// Months of disuse after which its need is asked for.
    pub unused_months: Option<u32>,
    /// Months of disuse after that, at the end of which it is stopped.
    pub stop_after_months: Option<u32>,
}

impl Pack {
    /// How long links stand; none where rule and floor say nothing about links.
    pub fn link_rule(&self) -> Option<Ruled<LinkRule>> {
        let ruled = self.first(Kind::LinkReview, &Situation::default())?;
        let p = &ruled.value;
        Some(ruled.with(LinkRule {
            valid_years: p.number("valid_years"),
            unused_months: p.number("unused_months"),
            stop_after_months: p.number("stop_after_months"),
        }))
    }

    /// The letters that the end of a link makes due: the rule's own, or those of its floor where it has none.
    pub fn link_letters(&self, event: Event) -> Vec<Ruled<LetterRule>> {
        let own = self.letters(event.word());
        let floor = self.floor().filter(|_| own.is_empty());
        let below =
            floor.map(|floor| floor.letters(event.word())).unwrap_or_default().into_iter().map(|ruled| {
                let floor = self.header.parent.as_deref().unwrap_or_default();
                let control = alloc::format!("{floor}/{}", ruled.control);
                Ruled { control, ..ruled }
            });
        own.into_iter().chain(below).collect()
    }
}
