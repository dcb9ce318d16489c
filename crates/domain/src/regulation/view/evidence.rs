//! What is kept, and what people are told.

use alloc::vec::Vec;

use super::super::kinds::Kind;
use super::super::kinds::vocabulary::{Acknowledge, Event, PageKind, RecordKind};
use super::super::pack::Pack;
use super::super::shared::{Who, word};
use super::super::value::Words;
use super::super::when::Situation;
use super::Ruled;
use crate::each_once;

/// How long a kind of record is kept. What is `None` the rule does not set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// What the rule calls the records.
    pub word: Option<Words>,
    /// Kept at least so long.
    pub at_least_years: Option<u32>,
    /// The same in months, where the rule counts so.
    pub at_least_months: Option<u32>,
    /// Kept at most so long.
    pub at_most_years: Option<u32>,
    /// Kept for ever and never altered.
    pub permanent: bool,
    /// Kept as long as the case file.
    pub with_case_file: bool,
    /// Destroyed only after their approval.
    pub until_approval: Option<Who>,
    /// The event from which the time is counted.
    pub from: Option<Event>,
}

/// A sentence of the rule that people are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The sentence.
    pub text: Words,
    /// The pages it stands on.
    pub at: Vec<PageKind>,
    /// Whether and how often people confirm that they read it.
    pub acknowledge: Acknowledge,
}

impl Pack {
    /// How long a kind of record is kept.
    pub fn retention(&self, record: RecordKind) -> Option<Ruled<Retention>> {
        let all = self.ruled(Kind::Retention, &Situation::default());
        let ruled = all.into_iter().find(|r| r.value.text("record") == Some(record.word()))?;
        let p = &ruled.value;
        Some(ruled.with(Retention {
            word: p.words("word").cloned(),
            at_least_years: p.number("at_least_years"),
            at_least_months: p.number("at_least_months"),
            at_most_years: p.number("at_most_years"),
            permanent: p.flag("permanent").unwrap_or(false),
            with_case_file: p.flag("with_case_file").unwrap_or(false),
            until_approval: p.who("until_approval").cloned(),
            from: word(p, "from", Event::named),
        }))
    }

    /// The words of the sentences that stand on any of some pages in a situation, each once.
    pub fn sentences(&self, pages: &[PageKind], situation: &Situation<'_>) -> Vec<Words> {
        each_once(pages.iter().flat_map(|page| self.notices(*page, situation)).map(|ruled| ruled.value.text))
    }

    /// The sentences that stand on a page in a situation.
    pub fn notices(&self, page: PageKind, situation: &Situation<'_>) -> Vec<Ruled<Notice>> {
        let all = self.ruled(Kind::Notice, situation).into_iter();
        all.map(|ruled| {
            let p = &ruled.value;
            ruled.with(Notice {
                text: p.label("text"),
                at: p.texts("at").iter().filter_map(|word| PageKind::named(word)).collect(),
                acknowledge: word(p, "acknowledge", Acknowledge::named).unwrap_or(Acknowledge::None),
            })
        })
        .filter(|notice| notice.value.at.contains(&page))
        .collect()
    }
}
