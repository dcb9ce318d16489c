//! Letters that an event makes due.

use alloc::string::String;
use alloc::vec::Vec;

use super::super::kinds::Kind;
use super::super::kinds::vocabulary::POST;
use super::super::pack::Pack;
use super::super::shared::{Deadline, Who};
use super::super::value::Words;
use super::super::when::Situation;
use super::Ruled;

/// A letter that the rule drafts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterRule {
    /// What it is called.
    pub word: Words,
    /// Its subject line; none where a template holds its text.
    pub subject: Option<Words>,
    /// To whom.
    pub recipient: Who,
    /// Who gets a copy.
    pub copies: Vec<Who>,
    /// By when; unset where the rule is silent.
    pub deadline: Option<Deadline>,
    /// How it may go; empty where the rule is silent.
    pub channels: Vec<String>,
    /// Whether the number under which it left has to be entered.
    pub numbered: bool,
}

impl LetterRule {
    /// Every way by which a letter can go, for rules that name none.
    pub fn every_channel() -> Vec<String> {
        POST.iter().map(|way| String::from(*way)).collect()
    }
}

impl Pack {
    /// The letters that an event makes due.
    pub fn letters(&self, event: &str) -> Vec<Ruled<LetterRule>> {
        let all = self.ruled(Kind::Letter, &Situation::default()).into_iter();
        let own = all.filter(|ruled| ruled.value.text("event") == Some(event));
        own.filter_map(|ruled| {
            let p = &ruled.value;
            let letter = LetterRule {
                word: p.words("word")?.clone(),
                subject: p.words("subject").cloned(),
                recipient: p.who("recipient")?.clone(),
                copies: p.people("copies_to"),
                deadline: p.deadline("deadline").cloned(),
                channels: p.texts("channels"),
                numbered: p.flag("document_number").unwrap_or(false),
            };
            Some(ruled.with(letter))
        })
        .collect()
    }
}
