//! Masks: what is shown of a value that identifies a person.
//!
//! One function for screen, print, export and log. Masks of codes are prefix-nested: of two masks of one
//! number the visible part of one begins with that of the other, so that copies of a page in two places
//! together never show more than the more open of them. Tail digits are never shown.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::identity::name::{is_han, is_separator, is_variation};
use crate::identity::{Name, NationalId, fold};

/// Stands for one hidden character of a code or date.
const STAR: char = '*';
/// Stands for hidden characters of a name or address: the white circle that official papers use.
const CIRCLE: char = '\u{25CB}';

/// Where a value is shown, from the most to the least hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// Lists, queues, logs, the person's own report and lists for providers.
    #[serde(alias = "lists")]
    List,
    /// Official letters and record sheets.
    #[serde(alias = "letters")]
    Letter,
    /// The timed result, and forms that demand the whole value.
    Full,
}

/// What kind of value is masked. Packs name these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// Not masked.
    #[default]
    None,
    /// A person's name.
    Name,
    /// A number or code of a person or household.
    Id,
    /// An address.
    Address,
    /// A date, such as a birthday.
    Date,
}

/// A masked value, and its parts for readers who cannot see it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Masked {
    /// What is shown.
    pub text: String,
    /// The part before the first hidden character, for a screen reader to spell out.
    pub visible: String,
    /// How many characters are hidden; nought if all is shown.
    pub hidden: usize,
}

impl Masked {
    fn whole(text: &str) -> Self {
        Self { text: String::from(text), visible: String::from(text), hidden: 0 }
    }

    fn from_marks(text: String, hidden: usize, mark: char) -> Self {
        let visible = text.split(mark).next().map_or_else(String::new, String::from);
        Self { text, visible, hidden }
    }
}

/// The mask of a value of some shape at some place.
pub fn mask(shape: Shape, place: Place, text: &str) -> Masked {
    if place == Place::Full {
        return Masked::whole(text);
    }
    match shape {
        Shape::None => Masked::whole(text),
        Shape::Name => mask_name(text),
        Shape::Id => mask_prefix(text, id_visible(place), STAR),
        Shape::Address => mask_prefix(text, ADDRESS_VISIBLE, CIRCLE),
        Shape::Date => mask_date(text),
    }
}

/// The mask of a national number: three characters in lists, six in letters.
pub fn national_id(id: &NationalId, place: Place) -> Masked {
    mask(Shape::Id, place, id.expose())
}

/// The mask of a registered name: circles for the middle of a Han name, the first letter of each word
/// of a romanised one.
pub fn name(name: &Name, place: Place) -> Masked {
    mask(Shape::Name, place, name.expose())
}

/// County and township of an address, which most addresses write with three characters each.
const ADDRESS_VISIBLE: usize = 6;

const fn id_visible(place: Place) -> usize {
    match place {
        Place::List => 3,
        Place::Letter => 6,
        Place::Full => usize::MAX,
    }
}

/// Shows so many characters of the beginning, but never the last third of a short value.
fn mask_prefix(text: &str, visible: usize, mark: char) -> Masked {
    let characters: Vec<&str> = clusters(text);
    let shown = visible.min(characters.len() * 2 / 3);
    let hidden = characters.len() - shown;
    let mut masked: String = characters[..shown].concat();
    let visible = masked.clone();
    masked.extend(core::iter::repeat_n(mark, hidden));
    Masked { text: masked, visible, hidden }
}

/// Shows the year of a date as long as it comes first; a date in an unknown form is hidden whole.
fn mask_date(text: &str) -> Masked {
    let folded = fold(text);
    let year = folded.bytes().take_while(u8::is_ascii_digit).count();
    let parted = folded[year..].starts_with(['-', '/', '.']);
    let shown = match (year, parted, folded.len()) {
        (3 | 4, true, _) => year,
        (7, false, 7) => 3,
        (8, false, 8) => 4,
        _ => 0,
    };
    let mut hidden = 0;
    let mut masked = String::from(&folded[..shown]);
    for character in folded[shown..].chars() {
        if matches!(character, '-' | '/' | '.') && shown > 0 {
            masked.push(character);
        } else {
            masked.push(STAR);
            hidden += 1;
        }
    }
    Masked::from_marks(masked, hidden, STAR)
}

fn mask_name(text: &str) -> Masked {
    let characters = clusters(text.trim());
    let romanised = characters.iter().any(|cluster| cluster.chars().next().is_some_and(is_letter));
    if romanised { mask_words(&characters) } else { mask_han(&characters) }
}

/// Keeps the first letter of each word and the separators; one circle stands for the rest, so that the
/// length of a word is not shown.
fn mask_words(characters: &[&str]) -> Masked {
    let mut masked = String::new();
    let mut hidden = 0;
    let mut place_in_word = 0;
    for cluster in characters {
        if parts_words(cluster) {
            masked.push_str(cluster);
            place_in_word = 0;
            continue;
        }
        match place_in_word {
            0 => masked.push_str(cluster),
            1 => masked.push(CIRCLE),
            _ => {}
        }
        hidden += usize::from(place_in_word > 0);
        place_in_word += 1;
    }
    // A name of single letters would be shown whole.
    if hidden == 0 { mask_han(characters) } else { Masked::from_marks(masked, hidden, CIRCLE) }
}

/// Keeps the first character, from three on also the last; separators stay where they are.
fn mask_han(characters: &[&str]) -> Masked {
    let length = characters.iter().filter(|cluster| !parts_words(cluster)).count();
    let mut masked = String::new();
    let mut hidden = 0;
    let mut place = 0;
    for cluster in characters {
        if parts_words(cluster) {
            masked.push_str(cluster);
            continue;
        }
        place += 1;
        let shown = length > 1 && (place == 1 || (length > 2 && place == length));
        if shown {
            masked.push_str(cluster);
        } else {
            masked.push(CIRCLE);
            hidden += 1;
        }
    }
    Masked::from_marks(masked, hidden, CIRCLE)
}

fn parts_words(cluster: &str) -> bool {
    cluster.chars().next().is_none_or(|first| is_separator(first) || first == '-')
}

fn is_letter(character: char) -> bool {
    character.is_alphabetic() && !is_han(character)
}

/// The characters of a text, each with the marks that choose its glyph.
fn clusters(text: &str) -> Vec<&str> {
    let starts = text.char_indices().filter(|(at, character)| *at == 0 || !is_variation(*character));
    let starts: Vec<usize> = starts.map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(start, end)| &text[*start..end]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use proptest::prelude::*;

    fn id() -> NationalId {
        NationalId::parse("A123456789").unwrap()
    }

    fn of_name(text: &str) -> String {
        name(&Name::parse(text).unwrap(), Place::List).text
    }

    #[test]
    fn numbers_show_three_six_or_all() {
        let list = national_id(&id(), Place::List);
        assert_eq!((list.text.as_str(), list.visible.as_str(), list.hidden), ("A12*******", "A12", 7));
        let letter = national_id(&id(), Place::Letter);
        assert_eq!(
            (letter.text.as_str(), letter.visible.as_str(), letter.hidden),
            ("A12345****", "A12345", 4)
        );
        let full = national_id(&id(), Place::Full);
        assert_eq!((full.text.as_str(), full.hidden), ("A123456789", 0));
    }

    #[test]
    fn names_keep_first_and_last() {
        let cases = [
            ("王", "○"),
            ("王明", "王○"),
            ("王小明", "王○明"),
            ("歐陽建華", "歐○○華"),
            ("谷辣斯‧尤達卡", "谷○○‧○○卡"),
            ("高𡶜\u{E0B1}", "高○\u{E0B1}"),
            ("葛\u{E0100}小\u{E0101}明\u{E0102}", "葛\u{E0100}○明\u{E0102}"),
        ];
        for (text, expected) in cases {
            assert_eq!(of_name(text), expected, "{text}");
        }
    }

    #[test]
    fn romanised_names_keep_first_letters() {
        let cases = [
            ("Kacaw Lafay", "K○ L○"),
            ("Kacaw‧Lafay", "K○‧L○"),
            ("Li-Hua Chen", "L○-H○ C○"),
            ("Ba", "B○"),
            ("A B", "A ○"),
            ("Ŝawa", "Ŝ○"),
        ];
        for (text, expected) in cases {
            assert_eq!(of_name(text), expected, "{text}");
        }
        let masked = mask(Shape::Name, Place::Letter, "Kacaw Lafay");
        assert_eq!((masked.visible.as_str(), masked.hidden), ("K", 8));
    }

    #[test]
    fn addresses_show_county_and_township() {
        let masked = mask(Shape::Address, Place::List, "連江縣南竿鄉介壽村76號");
        assert_eq!(masked.text, "連江縣南竿鄉○○○○○○");
        assert_eq!(masked.visible, "連江縣南竿鄉");
        assert_eq!(mask(Shape::Address, Place::Letter, "介壽村").text, "介壽○");
    }

    #[test]
    fn dates_show_the_year() {
        for (text, expected) in [
            ("1985-07-03", "1985-**-**"),
            ("074/07/03", "074/**/**"),
            ("0740703", "074****"),
            ("19850703", "1985****"),
            ("-003/05/06", "**********"),
            ("民國74年", "*****"),
            ("", ""),
        ] {
            assert_eq!(mask(Shape::Date, Place::Letter, text).text, expected, "{text}");
        }
    }

    #[test]
    fn nothing_is_hidden_where_all_may_be_seen() {
        for shape in [Shape::None, Shape::Name, Shape::Id, Shape::Address, Shape::Date] {
            assert_eq!(mask(shape, Place::Full, "王小明").text, "王小明");
        }
        assert_eq!(mask(Shape::None, Place::List, "113").text, "113");
    }

    #[test]
    fn short_codes_are_not_shown_whole() {
        assert_eq!(mask(Shape::Id, Place::Letter, "F12345").text, "F123**");
        assert_eq!(mask(Shape::Id, Place::List, "F1").text, "F*");
        assert_eq!(mask(Shape::Id, Place::List, "F").text, "*");
    }

    #[test]
    fn packs_name_shapes_and_places() {
        assert_eq!(serde_json::from_str::<Shape>("\"address\"").unwrap(), Shape::Address);
        assert_eq!(serde_json::from_str::<Place>("\"lists\"").unwrap(), Place::List);
        assert_eq!(serde_json::from_str::<Place>("\"letter\"").unwrap(), Place::Letter);
    }

    fn places() -> impl Strategy<Value = Place> {
        prop::sample::select(alloc::vec![Place::List, Place::Letter, Place::Full])
    }

    proptest! {
        #[test]
        fn masks_of_one_number_are_nested(text in "[A-Z0-9]{1,14}", one in places(), other in places()) {
            let (one, other) = (mask(Shape::Id, one, &text), mask(Shape::Id, other, &text));
            let nested = one.visible.starts_with(&other.visible) || other.visible.starts_with(&one.visible);
            prop_assert!(nested);
            prop_assert!(text.starts_with(&one.visible));
            prop_assert_eq!(one.text, format!("{}{}", one.visible, "*".repeat(one.hidden)));
        }

        #[test]
        fn no_mask_shows_the_tail(text in "[A-Z0-9]{1,14}", letter in any::<bool>()) {
            let place = if letter { Place::Letter } else { Place::List };
            prop_assert!(mask(Shape::Id, place, &text).text.ends_with('*'));
        }

        #[test]
        fn a_masked_name_always_hides_something(text in "\\PC{1,20}") {
            if let Ok(parsed) = Name::parse(&text) {
                let masked = name(&parsed, Place::List);
                let apart = |c| is_separator(c) || c == '-' || is_variation(c);
                let only_separators = parsed.expose().chars().all(apart);
                prop_assert!(masked.hidden > 0 || only_separators, "{}", masked.text);
            }
        }

        #[test]
        fn no_text_panics(text in any::<String>(), place in places()) {
            for shape in [Shape::None, Shape::Name, Shape::Id, Shape::Address, Shape::Date] {
                let _ = mask(shape, place, &text);
            }
        }
    }
}
