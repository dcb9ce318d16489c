//! How the simulator behaves.

use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Longest delay that may be set, in milliseconds.
const DELAY_MAX_MS: u64 = 600_000;

/// A mood of the simulated provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mood", rename_all = "kebab-case")]
pub enum Mood {
    /// Answers at once and fully.
    #[default]
    Normal,
    /// Answers fully, and late.
    Slow {
        /// The delay, in milliseconds.
        ms: u64,
    },
    /// Answers wrongly.
    Wrong {
        /// In which way.
        #[serde(default)]
        how: Wrong,
    },
    /// Does not answer.
    Down {
        /// In which way.
        #[serde(default)]
        how: Outage,
    },
    /// Answers the first half of the items.
    Half,
    /// Answers, and declares doubts.
    Doubtful,
}

/// Ways of answering wrongly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wrong {
    /// The record of somebody else.
    #[default]
    OtherPerson,
    /// JSON that breaks off.
    Malformed,
    /// An item and fields that nobody asked for.
    Extra,
    /// Items in another shape.
    Shape,
    /// More than an asker is willing to read.
    Huge,
}

/// Ways of being out of service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outage {
    /// Says so, with status 503.
    #[default]
    Unavailable,
    /// Reads the question and closes the connection.
    HangUp,
}

/// A mood, from when on, and for how many requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// The mood.
    #[serde(flatten)]
    pub mood: Mood,
    /// How many requests are still answered normally before it.
    #[serde(default)]
    pub after: u32,
    /// How many requests it lasts; without end if it is not set.
    #[serde(default)]
    pub count: Option<u32>,
}

impl Setting {
    /// The mood of the next request.
    pub(super) fn next(&mut self) -> Mood {
        if self.after > 0 {
            self.after -= 1;
            return Mood::Normal;
        }
        match &mut self.count {
            None => self.mood,
            Some(0) => Mood::Normal,
            Some(left) => {
                *left -= 1;
                self.mood
            }
        }
    }
}

impl From<Mood> for Setting {
    fn from(mood: Mood) -> Self {
        Self { mood, after: 0, count: None }
    }
}

impl Mood {
    /// The delay before the answer.
    pub(super) fn delay(self) -> Duration {
        match self {
            Self::Slow { ms } => Duration::from_millis(ms.min(DELAY_MAX_MS)),
            _ => Duration::ZERO,
        }
    }
}

impl FromStr for Mood {
    type Err = String;

    /// Reads a command-line word: `slow:3000`, `wrong`, `wrong:malformed`, `down:hang-up`, `half` and so on.
    fn from_str(word: &str) -> Result<Self, String> {
        let (mood, detail) = word.split_once(':').map_or((word, None), |(mood, detail)| (mood, Some(detail)));
        Ok(match (mood, detail) {
            ("normal", None) => Self::Normal,
            ("slow", None) => Self::Slow { ms: 3_000 },
            ("slow", Some(ms)) => match ms.parse() {
                Ok(ms) if ms <= DELAY_MAX_MS => Self::Slow { ms },
                _ => return Err(format!("the delay is a number of milliseconds up to {DELAY_MAX_MS}")),
            },
            ("wrong", None | Some("other-person")) => Self::Wrong { how: Wrong::OtherPerson },
            ("wrong", Some("malformed")) => Self::Wrong { how: Wrong::Malformed },
            ("wrong", Some("extra")) => Self::Wrong { how: Wrong::Extra },
            ("wrong", Some("shape")) => Self::Wrong { how: Wrong::Shape },
            ("wrong", Some("huge")) => Self::Wrong { how: Wrong::Huge },
            ("down", None | Some("unavailable")) => Self::Down { how: Outage::Unavailable },
            ("down", Some("hang-up")) => Self::Down { how: Outage::HangUp },
            ("half", None) => Self::Half,
            ("doubtful", None) => Self::Doubtful,
            _ => {
                let moods = "normal, slow[:MS], wrong[:other-person|malformed|extra|shape|huge], \
                             down[:unavailable|hang-up], half, doubtful";
                return Err(format!("no such mood; the moods are {moods}"));
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_begins_late_and_ends() {
        let mut setting = Setting { mood: Mood::Half, after: 1, count: Some(2) };
        let moods: Vec<Mood> = (0..5).map(|_| setting.next()).collect();
        assert_eq!(moods, [Mood::Normal, Mood::Half, Mood::Half, Mood::Normal, Mood::Normal]);
    }

    #[test]
    fn moods_read_from_words_and_json() {
        assert_eq!("slow:20".parse(), Ok(Mood::Slow { ms: 20 }));
        assert_eq!("down:hang-up".parse(), Ok(Mood::Down { how: Outage::HangUp }));
        for bad in ["", "slow:", "slow:-1", "slow:600001", "half:1", "wrong:x"] {
            assert!(bad.parse::<Mood>().is_err(), "{bad}");
        }
        let read: Setting = serde_json::from_str(r#"{"mood":"slow","ms":5,"count":1}"#).expect("a setting");
        assert_eq!(read, Setting { mood: Mood::Slow { ms: 5 }, after: 0, count: Some(1) });
        let read: Setting = serde_json::from_str(r#"{"mood":"wrong"}"#).expect("a setting");
        assert_eq!(read.mood, Mood::Wrong { how: Wrong::OtherPerson });
        assert!(serde_json::from_str::<Setting>(r#"{"mood":"angry"}"#).is_err());
    }
}
