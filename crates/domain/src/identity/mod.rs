//! Numbers and names that stand for people, households, companies and institutions.
//!
//! Types that identify a person hide themselves from `Debug`, have no `Display` and no serialised form,
//! and wipe their memory when dropped. None of them is fit to be a primary key: some people have no
//! number, some have had several, and a number may have been given out twice.

pub mod business_number;
pub mod household_number;
pub mod institution_code;
pub mod name;
pub mod national_id;

use alloc::string::String;

use zeroize::Zeroizing;

pub use business_number::{BusinessNumber, BusinessNumberError};
pub use household_number::{HouseholdNumber, HouseholdNumberError};
pub use institution_code::{InstitutionCode, InstitutionCodeError};
pub use name::{Name, NameError};
pub use national_id::{IdKind, NationalId, NationalIdError, Sex};

/// The text with full-width ASCII made half-width, the wide space made a space, and the dashes and the
/// minus sign of other keyboards made hyphens. Everything else stays.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    folded.extend(text.chars().map(fold_char));
    folded
}

/// The text as a code is compared: folded, in capitals, without spaces and hyphens.
/// The copy wipes itself, for it may hold a number of a person.
pub fn bare(text: &str) -> Zeroizing<String> {
    // Full capacity from the start: a string that grows would leave an unwiped piece behind.
    let mut bare = Zeroizing::new(String::with_capacity(text.len()));
    for character in text.chars().map(fold_char) {
        if !character.is_whitespace() && character != '-' {
            bare.push(character.to_ascii_uppercase());
        }
    }
    bare
}

fn fold_char(character: char) -> char {
    match character {
        // Full-width forms stand exactly this far from their ASCII twins.
        '\u{FF01}'..='\u{FF5E}' => u8::try_from(u32::from(character) - 0xFEE0).map_or(character, char::from),
        '\u{3000}' | '\u{A0}' => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' => '-',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use proptest::prelude::*;

    #[test]
    fn wide_characters_become_narrow() {
        assert_eq!(fold("Ａ１２３　ｂ－／．（）～"), "A123 b-/.()~");
        assert_eq!(fold("王小明‧ＡＢ"), "王小明‧AB");
        assert_eq!(bare(" ａ123-456 789－０\t").as_str(), "A1234567890");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing_more(text in "\\PC{0,30}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
            let bare_once = bare(&text).to_string();
            prop_assert_eq!(bare(&bare_once).to_string(), bare_once.clone());
            prop_assert!(bare_once.len() <= text.len());
        }
    }
}
