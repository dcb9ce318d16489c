//! What people owe, by what it is.

use serde::{Deserialize, Serialize};

/// What is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// To tell others that somebody's standing has changed.
    Notify,
    /// To take note of such a change.
    Heed,
    /// To hand over work by a list.
    HandOver,
    /// To go through the accounts.
    Inventory,
    /// To confirm the accounts of one's own people.
    Attest,
    /// To close an inventory that others went through.
    SignOff,
    /// To attend training, or to give it.
    Train,
    /// To sign an undertaking.
    Undertake,
    /// To look whether approved links are still needed.
    LinkReview,
    /// To apply for a link anew before its term is over.
    RenewLink,
    /// To say whether a link that nobody uses is needed.
    UnusedLink,
    /// To tell others that a link ends.
    EndLink,
    /// To make a report.
    Report,
    /// Any other work that returns.
    Routine,
    /// To answer at a step of a chain before it counts as silent.
    Answer,
    /// To press those who are silent.
    Press,
    /// To ask for a permission anew before it ends.
    Renew,
    /// To take note that a permission has ended.
    Ended,
    /// To take note that what one does not use is about to be suspended or closed.
    Idle,
    /// To see to a contract with a contractor that ends.
    Contract,
    /// To make sure that a provider knows of an ended right, which it does not acknowledge.
    Tell,
    /// To change one's password.
    Password,
    /// To end one of two posts that nobody may hold together, where no exception lets them any more.
    Separate,
    /// To do what the rule wants in the place of a separation, as long as there is an exception from it.
    Compensate,
    /// To name a deputy.
    Deputy,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 25] = [
        Self::Notify,
        Self::Heed,
        Self::HandOver,
        Self::Inventory,
        Self::Attest,
        Self::SignOff,
        Self::Train,
        Self::Undertake,
        Self::LinkReview,
        Self::RenewLink,
        Self::UnusedLink,
        Self::EndLink,
        Self::Report,
        Self::Routine,
        Self::Answer,
        Self::Press,
        Self::Renew,
        Self::Ended,
        Self::Idle,
        Self::Contract,
        Self::Tell,
        Self::Password,
        Self::Separate,
        Self::Compensate,
        Self::Deputy,
    ];

    /// The word in rows, entries and the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Notify => "notify",
            Self::Heed => "heed",
            Self::HandOver => "hand-over",
            Self::Inventory => "inventory",
            Self::Attest => "attest",
            Self::SignOff => "sign-off",
            Self::Train => "train",
            Self::Undertake => "undertake",
            Self::LinkReview => "link-review",
            Self::RenewLink => "renew-link",
            Self::UnusedLink => "unused-link",
            Self::EndLink => "end-link",
            Self::Report => "report",
            Self::Routine => "routine",
            Self::Answer => "answer",
            Self::Press => "press",
            Self::Renew => "renew",
            Self::Ended => "ended",
            Self::Idle => "idle",
            Self::Contract => "contract",
            Self::Tell => "tell",
            Self::Password => "password",
            Self::Separate => "separate",
            Self::Compensate => "compensate",
            Self::Deputy => "deputy",
        }
    }

    /// The kind that a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Whether saying that it is done needs no words of one's own.
    pub fn is_wordless(self) -> bool {
        matches!(self, Self::Heed | Self::Undertake | Self::Ended)
    }

    /// Whether nobody can do it in another's place: it is one's own word, or one's own hours.
    pub fn is_personal(self) -> bool {
        matches!(self, Self::Undertake | Self::Train | Self::Password | Self::Deputy)
    }

    /// Whether a deputy can do it where it is a role's: not what a page of its own asks of the role itself.
    pub(super) fn is_deputed(self) -> bool {
        let of_links = matches!(self, Self::LinkReview | Self::UnusedLink);
        !self.is_personal() && (of_links || !self.has_page())
    }

    /// Whether it is done on a page of its own, which closes it; any other is closed by saying so.
    pub fn has_page(self) -> bool {
        let gone_through = matches!(self, Self::Inventory | Self::Attest | Self::SignOff);
        let of_links = matches!(self, Self::LinkReview | Self::RenewLink | Self::UnusedLink);
        let elsewhere = matches!(self, Self::HandOver | Self::Answer | Self::Renew);
        gone_through
            || of_links
            || elsewhere
            || matches!(self, Self::Separate | Self::Password | Self::Deputy)
    }
}
