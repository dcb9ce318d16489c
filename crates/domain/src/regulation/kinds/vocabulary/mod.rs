//! Closed lists of words that packs use. A word that is not here is refused with the nearest one suggested.
//!
//! Where a parameter has a strict direction, its list runs from lax to strict.

/// Writes an enum, its words and their meanings from one list, so that they cannot differ.
macro_rules! closed_list {
    ($(#[$meta:meta])* $name:ident { $($variant:ident $word:literal $what:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $(#[doc = $what] $variant,)*
        }

        impl $name {
            /// Every value, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// The words a pack writes, in the same order.
            pub const WORDS: &'static [&'static str] = &[$($word),*];
            /// Each word with its meaning, for the handbook.
            pub const MEANINGS: &'static [(&'static str, &'static str)] = &[$(($word, $what)),*];

            /// The word a pack writes.
            pub const fn word(self) -> &'static str {
                Self::WORDS[self as usize]
            }

            /// The value a pack names so.
            pub fn named(word: &str) -> Option<Self> {
                Self::WORDS.iter().position(|w| *w == word).map(|at| Self::ALL[at])
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.word())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let word = alloc::string::String::deserialize(from)?;
                Self::named(&word).ok_or_else(|| serde::de::Error::unknown_variant(&word, Self::WORDS))
            }
        }
    };
}

mod data;
mod matters;
mod people;
mod rules;
mod time;

pub use data::{Adapter, AnswerShape, FieldType, Mask, Sensitivity, SubjectKind, SubjectType};
pub use matters::{ApplicationObject, Channel, LISTS, POST, RecordKind};
pub use people::{Capacity, Cause, PARTIES, Relation, Target};
pub use rules::{
    Acknowledge, Consequence, Factor, Force, MaskAt, OffSite, PageKind, ReasonMode, ReasonPart,
    ScopeOfConsent, StepAct, Substitute, TargetAction, Timing, Unlock,
};
pub use time::{Anchor, Counting, Event, Holiday, Offset, Unit};

/// What a form can apply for.
pub const ACTIONS: &[&str] = &["create", "change", "cancel"];

/// What state a source can be in.
pub const PROVIDER_STATES: &[&str] = &["up", "slow", "down", "timed-out", "not-found", "doubtful"];
