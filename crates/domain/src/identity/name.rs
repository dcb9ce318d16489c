//! Registered names, kept exactly as the register has them.
//!
//! Source: Name Act articles 2 to 4 and D0030030 articles 7 and 9. A name may be in the script of an
//! indigenous people alone, may have no surname, may be romanised, and may hold characters that few
//! fonts have. Spaces and the middle dot are part of the name. A name is never refused for its
//! characters, except for those that nobody can see.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::fold;

/// Longest name, in characters: the width of the register's field.
pub const MAX_CHARACTERS: usize = 50;

/// Characters that people use for one another in names and places, each with the one compared:
/// the two forms of the first character of Taiwan. More can be handed to [`Name::comparison_key`].
pub const VARIANTS: &[(char, char)] = &[('\u{81FA}', '\u{53F0}')];

/// The middle dot that stands for all middle dots in a comparison.
const MIDDLE_DOT: char = '\u{2027}';

/// A registered name. It hides itself from logs and wipes its memory when dropped.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Zeroize, ZeroizeOnDrop)]
pub struct Name(String);

/// Why a text is not taken as a name. No variant repeats what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameError {
    /// Nothing was typed.
    Empty,
    /// More characters than the register's field holds.
    TooLong {
        /// How many characters were found.
        found: usize,
    },
    /// A control character, or one that changes the direction of text or has no width.
    Control {
        /// Its place, from 1.
        position: usize,
    },
    /// The sign for a character that was lost when the text was decoded.
    Broken {
        /// Its place, from 1.
        position: usize,
    },
}

impl NameError {
    /// A short name for messages in the reader's language.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong { .. } => "too-long",
            Self::Control { .. } => "control",
            Self::Broken { .. } => "broken",
        }
    }
}

impl Name {
    /// Takes a name as it stands, without the space around it.
    ///
    /// # Errors
    /// Says why the text cannot be a name.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let name = text.trim();
        if name.is_empty() {
            return Err(NameError::Empty);
        }
        for (position, character) in (1..).zip(name.chars()) {
            if is_invisible(character) {
                return Err(NameError::Control { position });
            }
            if character == char::REPLACEMENT_CHARACTER {
                return Err(NameError::Broken { position });
            }
        }
        let found = name.chars().filter(|character| !is_variation(*character)).count();
        match found {
            0 => Err(NameError::Empty),
            1..=MAX_CHARACTERS if name.chars().count() <= 2 * MAX_CHARACTERS => Ok(Self(String::from(name))),
            _ => Err(NameError::TooLong { found }),
        }
    }

    /// The name in the clear. Every caller is a place where personal data leaves its type.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Length in characters as a reader counts them; the marks that choose a glyph do not count.
    pub fn length(&self) -> usize {
        self.0.chars().filter(|character| !is_variation(*character)).count()
    }

    /// The characters of the name that few fonts have, in their order.
    pub fn rare(&self) -> Vec<char> {
        self.0.chars().filter(|character| is_rare(*character)).collect()
    }

    /// Whether the name should carry the mark for rare characters.
    pub fn has_rare(&self) -> bool {
        self.0.chars().any(is_rare)
    }

    /// What two spellings of one name have in common: width, case and glyph choice are folded, so are
    /// the given pairs of characters; runs of spaces and middle dots become one middle dot, or nothing
    /// between Han characters. For comparing and searching only, never for showing.
    pub fn comparison_key(&self, variants: &[(char, char)]) -> String {
        let folded = fold(&self.0);
        let mut key = String::with_capacity(folded.len());
        let mut gap = false;
        for character in folded.chars().filter(|character| !is_variation(*character)) {
            if is_separator(character) {
                gap = true;
                continue;
            }
            let between_han = key.chars().next_back().is_none_or(is_han) && is_han(character);
            if gap && !key.is_empty() && !between_han {
                key.push(MIDDLE_DOT);
            }
            gap = false;
            let plain = variants.iter().find(|(from, _)| *from == character).map_or(character, |(_, to)| *to);
            key.extend(plain.to_lowercase());
        }
        key
    }

    /// Whether both are spellings of one name by the built-in [`VARIANTS`].
    pub fn same_as(&self, other: &Self) -> bool {
        self.comparison_key(VARIANTS) == other.comparison_key(VARIANTS)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Name(…)")
    }
}

/// Whether few fonts have the character: private use (where user-defined characters of older systems
/// end up), and Han characters outside the basic block and Extension A.
pub fn is_rare(character: char) -> bool {
    matches!(character,
        '\u{E000}'..='\u{F8FF}'
        | '\u{F0000}'..='\u{FFFFD}'
        | '\u{100000}'..='\u{10FFFD}'
        // Planes 2 and 3: Extensions B to J and the compatibility supplement.
        | '\u{20000}'..='\u{3FFFD}')
}

/// Whether the character is Han or stands in for a Han character by private use.
pub fn is_han(character: char) -> bool {
    let han = matches!(character,
        '\u{3007}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}');
    han || is_rare(character)
}

/// Whether the character parts the words of a name: a space or one of the middle dots in use.
pub fn is_separator(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            MIDDLE_DOT | '\u{B7}' | '\u{2022}' | '\u{22C5}' | '\u{30FB}' | '\u{FF65}' | '\u{0387}'
        )
}

/// Whether the character only chooses a glyph for the character before it.
pub fn is_variation(character: char) -> bool {
    matches!(character, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::vec;
    use proptest::prelude::*;

    fn name(text: &str) -> Name {
        Name::parse(text).unwrap()
    }

    #[test]
    fn names_stay_as_registered() {
        for text in ["王小明", "谷辣斯‧尤達卡", "Kacaw Lafay", "Kacaw‧Lafay", "高𡶜", "\u{E0B1}永", "O'Neill"]
        {
            assert_eq!(name(text).expose(), text);
        }
        assert_eq!(name(" 王小明　").expose(), "王小明");
        assert_eq!(name(&"長".repeat(50)).length(), 50);
    }

    #[test]
    fn each_fault_has_its_name() {
        assert_eq!(Name::parse("　"), Err(NameError::Empty));
        assert_eq!(Name::parse("\u{FE00}"), Err(NameError::Empty));
        assert_eq!(Name::parse(&"長".repeat(51)), Err(NameError::TooLong { found: 51 }));
        assert_eq!(Name::parse("王\t明"), Err(NameError::Control { position: 2 }));
        assert_eq!(Name::parse("王\u{202E}明"), Err(NameError::Control { position: 2 }));
        assert_eq!(Name::parse("王小\u{FFFD}"), Err(NameError::Broken { position: 3 }));
        let marks = format!("王{}", "\u{FE00}".repeat(200));
        assert_eq!(Name::parse(&marks), Err(NameError::TooLong { found: 1 }));
    }

    #[test]
    fn rare_characters_are_found() {
        assert_eq!(name("高𡶜\u{E0B1}明").rare(), vec!['𡶜', '\u{E0B1}']);
        assert!(!name("王小明").has_rare() && !name("㐱").has_rare());
        assert!(is_rare('\u{31350}') && is_rare('\u{F0001}'));
    }

    #[test]
    fn spellings_of_one_name_compare_equal() {
        let same = [
            ("臺大明", "台大明"),
            ("Kacaw Lafay", "kacaw‧lafay"),
            ("Kacaw・Lafay", "ＫＡＣＡＷ  ＬＡＦＡＹ"),
            ("谷辣斯‧尤達卡", "谷辣斯 尤達卡"),
            ("王 小明", "王小明"),
            ("葛\u{E0100}明", "葛明"),
        ];
        for (one, other) in same {
            assert!(name(one).same_as(&name(other)), "{one} {other}");
        }
        for (one, other) in [("王小明", "王小名"), ("Kacaw Lafay", "KacawLafay"), ("李明 Li", "李明Li")]
        {
            assert!(!name(one).same_as(&name(other)), "{one} {other}");
        }
        assert_eq!(name("峯").comparison_key(&[('峯', '峰')]), "峰");
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", name("王小明")), "Name(…)");
    }

    proptest! {
        #[test]
        fn the_key_of_a_key_is_itself(text in "[王臺小明a-zA-ZＡ ‧・𡶜]{1,20}") {
            if let Ok(one) = Name::parse(&text) {
                let key = one.comparison_key(VARIANTS);
                if let Ok(again) = Name::parse(&key) {
                    prop_assert_eq!(again.comparison_key(VARIANTS), key);
                }
            }
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            if let Ok(one) = Name::parse(&text) {
                prop_assert!(one.length() <= MAX_CHARACTERS);
                let _ = one.comparison_key(VARIANTS);
            }
        }
    }
}
