//! What the agency's own case records say about a lookup, one light a question.
//!
//! The same lights are shown to the caseworker, the supervisor and the auditor. A light that is
//! dark is no verdict; it says that the case does not explain the lookup and somebody must look.

use crate::id::PersonId;
use crate::time::Date;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// What is known about the case when the lookup is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseFacts {
    /// The business code in the regulation.
    pub business: alloc::string::String,
    /// Who handles it.
    pub officer: PersonId,
    /// Received on.
    pub received: Date,
    /// Closed on, if closed.
    pub closed: Option<Date>,
    /// Whether the subject is a party of it.
    pub subject_is_party: bool,
}

/// Five questions; none means that there is no data to tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lights {
    /// The case exists.
    pub case: Option<bool>,
    /// The one who asks handles it.
    pub officer: Option<bool>,
    /// The subject is a party of it.
    pub party: Option<bool>,
    /// The day lies between receipt and so many days after closing.
    pub period: Option<bool>,
    /// No more items than the business needs.
    pub items: Option<bool>,
}

impl Lights {
    /// The lights with their names, in the order they are shown.
    pub fn named(&self) -> [(&'static str, Option<bool>); 5] {
        [
            ("case", self.case),
            ("officer", self.officer),
            ("party", self.party),
            ("period", self.period),
            ("items", self.items),
        ]
    }

    /// Whether the case explains the lookup altogether.
    pub fn all_lit(&self) -> bool {
        self.named().iter().all(|(_, lit)| *lit == Some(true))
    }

    /// One character a light, `1`, `0` or `-`: how rows keep them.
    pub fn code(&self) -> alloc::string::String {
        self.named()
            .iter()
            .map(|(_, lit)| match lit {
                Some(true) => '1',
                Some(false) => '0',
                None => '-',
            })
            .collect()
    }

    /// Reads what [`Lights::code`] wrote; anything else is no light at all.
    pub fn from_code(code: &str) -> Self {
        let lit: Vec<Option<bool>> = code
            .chars()
            .map(|mark| match mark {
                '1' => Some(true),
                '0' => Some(false),
                _ => None,
            })
            .collect();
        let at = |place: usize| lit.get(place).copied().flatten();
        Self { case: at(0), officer: at(1), party: at(2), period: at(3), items: at(4) }
    }
}

/// Asks the case about a lookup by `asker` on `day`.
///
/// `within_scope` says whether the items are among those the business usually needs, and
/// `days_after_close` how long after closing a lookup can still belong to the case.
pub fn explain(
    case: Option<&CaseFacts>,
    asker: &PersonId,
    day: Date,
    within_scope: Option<bool>,
    days_after_close: Option<u32>,
) -> Lights {
    let Some(case) = case else {
        return Lights { case: Some(false), items: within_scope, ..Lights::default() };
    };
    let ended = case
        .closed
        .map(|closed| closed.plus_days(i64::from(days_after_close.unwrap_or(0))).unwrap_or(closed));
    Lights {
        case: Some(true),
        officer: Some(case.officer == *asker),
        party: Some(case.subject_is_party),
        period: Some(case.received <= day && ended.is_none_or(|end| day <= end)),
        items: within_scope,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse_iso(text).unwrap()
    }

    fn case() -> CaseFacts {
        CaseFacts {
            business: "allowance".into(),
            officer: "lin".into(),
            received: day("2024-01-15"),
            closed: None,
            subject_is_party: true,
        }
    }

    #[test]
    fn a_running_case_of_the_asker_explains_everything() {
        let lights = explain(Some(&case()), &"lin".into(), day("2024-01-22"), Some(true), None);
        assert!(lights.all_lit());
        assert_eq!(lights.code(), "11111");
    }

    #[test]
    fn each_question_goes_dark_by_itself() {
        let mut other = case();
        other.officer = "wu".into();
        other.subject_is_party = false;
        other.closed = Some(day("2024-01-16"));
        let lights = explain(Some(&other), &"lin".into(), day("2024-02-22"), Some(false), Some(30));
        assert_eq!(lights.code(), "10000");
    }

    #[test]
    fn days_after_closing_still_belong_to_the_case() {
        let mut closed = case();
        closed.closed = Some(day("2024-01-20"));
        let on = |d| explain(Some(&closed), &"lin".into(), day(d), Some(true), Some(2)).period;
        assert_eq!(on("2024-01-22"), Some(true));
        assert_eq!(on("2024-01-23"), Some(false));
        assert_eq!(on("2024-01-14"), Some(false));
    }

    #[test]
    fn without_a_case_only_the_items_can_be_told() {
        let lights = explain(None, &"lin".into(), day("2024-01-22"), Some(true), None);
        assert_eq!(lights.code(), "0---1");
        assert!(!lights.all_lit());
    }

    #[test]
    fn the_code_reads_back() {
        for code in ["11111", "0---1", "10000"] {
            assert_eq!(Lights::from_code(code).code(), code);
        }
    }
}
