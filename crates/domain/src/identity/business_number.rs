//! The eight-digit unified business number of companies, firms and agencies.
//!
//! Digits are weighted 1, 2, 1, 2, 1, 2, 4, 1 and the digits of the products added up. Until ROC
//! 112-03-31 the sum had to be divisible by ten, since ROC 112-04-01 by five (tax administration). If
//! the seventh digit is 7 its product 28 adds up to 10, which may count as 1 or as 0.

use alloc::string::String;
use core::fmt;

use super::bare;
use crate::time::Date;

/// Length of the number, in digits.
pub const LENGTH: usize = 8;

/// A number with a right check sum. It is public and prints itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BusinessNumber(String);

/// Why a text is not such a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BusinessNumberError {
    /// Nothing was typed.
    Empty,
    /// Not eight characters.
    Length {
        /// How many characters were found.
        found: usize,
    },
    /// A character is not a digit.
    Digits,
    /// The check sum does not fit the rule of the day.
    CheckDigit,
}

impl BusinessNumberError {
    /// A short name for messages in the reader's language.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Length { .. } => "length",
            Self::Digits => "digits",
            Self::CheckDigit => "check-digit",
        }
    }
}

impl BusinessNumber {
    /// Reads a number as typed on that day, by the check rule of that day: full-width is folded, spaces
    /// and hyphens ignored.
    ///
    /// # Errors
    /// Says what is wrong, the outermost fault first.
    pub fn parse(text: &str, on: Date) -> Result<Self, BusinessNumberError> {
        let typed = bare(text);
        if typed.is_empty() {
            return Err(BusinessNumberError::Empty);
        }
        let found = typed.chars().count();
        if found != LENGTH {
            return Err(BusinessNumberError::Length { found });
        }
        let mut digits = [0_u32; LENGTH];
        for (digit, character) in digits.iter_mut().zip(typed.chars()) {
            *digit = character.to_digit(10).ok_or(BusinessNumberError::Digits)?;
        }
        if fits(&digits, divisor(on)) {
            Ok(Self(String::from(typed.as_str())))
        } else {
            Err(BusinessNumberError::CheckDigit)
        }
    }

    /// The eight digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BusinessNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the sum must be divisible by on that day.
fn divisor(on: Date) -> u32 {
    let changed = (2023, 4, 1);
    if (on.year(), on.month(), on.day()) < changed { 10 } else { 5 }
}

fn fits(digits: &[u32; LENGTH], divisor: u32) -> bool {
    const WEIGHTS: [u32; LENGTH] = [1, 2, 1, 2, 1, 2, 4, 1];
    let sum: u32 = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| {
            let product = digit * weight;
            product / 10 + product % 10
        })
        .sum();
    // With 7 in the seventh place the sum holds 2 + 8 = 10, read as 1 + 0: the remainder may be one short.
    sum.is_multiple_of(divisor) || (digits[6] == 7 && (sum + 1).is_multiple_of(divisor))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use proptest::prelude::*;

    fn before() -> Date {
        Date::new(2023, 3, 31).unwrap()
    }

    fn since() -> Date {
        Date::new(2023, 4, 1).unwrap()
    }

    #[test]
    fn the_rule_changes_on_the_first_of_april() {
        for text in ["22099131", "04595257", "10458575"] {
            assert!(BusinessNumber::parse(text, before()).is_ok(), "{text}");
            assert!(BusinessNumber::parse(text, since()).is_ok(), "{text}");
        }
        assert_eq!(BusinessNumber::parse("04595252", before()), Err(BusinessNumberError::CheckDigit));
        assert_eq!(BusinessNumber::parse("04595252", since()).unwrap().as_str(), "04595252");
    }

    #[test]
    fn each_fault_has_its_name() {
        let error = |text| BusinessNumber::parse(text, since()).unwrap_err();
        assert_eq!(error(" - "), BusinessNumberError::Empty);
        assert_eq!(error("2209913"), BusinessNumberError::Length { found: 7 });
        assert_eq!(error("2209913A"), BusinessNumberError::Digits);
        assert_eq!(error("２２０９９１３八"), BusinessNumberError::Digits);
        assert_eq!(error("22099132"), BusinessNumberError::CheckDigit);
        assert_eq!(format!("{}", BusinessNumber::parse("２２０９ 9131", since()).unwrap()), "22099131");
    }

    proptest! {
        #[test]
        fn the_old_rule_is_within_the_new_one(text in "[0-9]{8}") {
            if BusinessNumber::parse(&text, before()).is_ok() {
                prop_assert!(BusinessNumber::parse(&text, since()).is_ok());
            }
        }

        #[test]
        fn two_last_digits_of_ten_fit_the_new_rule(stem in "[0-9]{6}[0-689]") {
            let fit = |last: &u8, on| BusinessNumber::parse(&format!("{stem}{last}"), on).is_ok();
            let fits = |on| (0_u8..10).filter(|last| fit(last, on)).count();
            prop_assert_eq!(fits(since()), 2);
            prop_assert_eq!(fits(before()), 1);
        }
    }
}
