//! The ten-digit code of medical institutions.
//!
//! Two digits of ownership and type, two of the county, two of the township, three running, one check
//! digit. The check digit is the sum of each of the nine digits times its place, modulo ten; this was
//! derived from published codes, and at least one real code departs from it, so a check digit that does
//! not fit only warns.

use alloc::string::String;
use core::fmt;

use super::bare;

/// Length of the code, in digits.
pub const LENGTH: usize = 10;

/// A code of ten digits. It is public and prints itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstitutionCode(String);

/// A code as read, and what to ask the person who typed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// The code.
    pub code: InstitutionCode,
    /// Set if something about the code is unusual; it is valid all the same.
    pub warning: Option<Warning>,
}

/// What is unusual about a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Warning {
    /// The last digit is not the one that most codes would have: perhaps mistyped.
    CheckDigit,
}

/// Why a text is not such a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InstitutionCodeError {
    /// Nothing was typed.
    Empty,
    /// Not ten characters.
    Length {
        /// How many characters were found.
        found: usize,
    },
    /// A character is not a digit.
    Digits,
}

impl InstitutionCodeError {
    /// A short name for messages in the reader's language.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Length { .. } => "length",
            Self::Digits => "digits",
        }
    }
}

impl InstitutionCode {
    /// Reads a typed code: full-width is folded, spaces and hyphens ignored.
    ///
    /// # Errors
    /// Says what is wrong, the outermost fault first.
    pub fn parse(text: &str) -> Result<Parsed, InstitutionCodeError> {
        let typed = bare(text);
        if typed.is_empty() {
            return Err(InstitutionCodeError::Empty);
        }
        let found = typed.chars().count();
        if found != LENGTH {
            return Err(InstitutionCodeError::Length { found });
        }
        let mut sum = 0;
        let mut last = 0;
        for (weight, character) in (1..).zip(typed.chars()) {
            let digit = character.to_digit(10).ok_or(InstitutionCodeError::Digits)?;
            if weight < LENGTH as u32 {
                sum += weight * digit;
            } else {
                last = digit;
            }
        }
        let warning = (sum % 10 != last).then_some(Warning::CheckDigit);
        Ok(Parsed { code: Self(String::from(typed.as_str())), warning })
    }

    /// The ten digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for InstitutionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use proptest::prelude::*;

    #[test]
    fn real_codes_pass_and_the_known_exception_only_warns() {
        for text in ["0401180014", "0291010010"] {
            let parsed = InstitutionCode::parse(text).unwrap();
            assert_eq!((parsed.code.as_str(), parsed.warning), (text, None));
        }
        let exception = InstitutionCode::parse("0101090517").unwrap();
        assert_eq!(exception.warning, Some(Warning::CheckDigit));
        assert_eq!(format!("{}", exception.code), "0101090517");
    }

    #[test]
    fn each_fault_has_its_name() {
        assert_eq!(InstitutionCode::parse(" "), Err(InstitutionCodeError::Empty));
        assert_eq!(InstitutionCode::parse("040118001"), Err(InstitutionCodeError::Length { found: 9 }));
        assert_eq!(InstitutionCode::parse("040118001A"), Err(InstitutionCodeError::Digits));
        assert_eq!(InstitutionCode::parse("０４０１-180014").unwrap().code.as_str(), "0401180014");
    }

    proptest! {
        #[test]
        fn one_last_digit_of_ten_does_not_warn(stem in "[0-9]{9}") {
            let quiet = (0..10).filter(|last| {
                InstitutionCode::parse(&format!("{stem}{last}")).is_ok_and(|parsed| parsed.warning.is_none())
            });
            prop_assert_eq!(quiet.count(), 1);
        }
    }
}
