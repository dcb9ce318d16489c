//! Synthetic identity numbers with valid check digits.
//!
//! Shape and check follow the household registration rules (D0030030, article 3): letter value, then
//! weights 1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1, and the sum is a multiple of ten.

use super::random::Random;

/// Values of the letters A to Z; the order of I, O, W and Z is historical.
const LETTERS: [u32; 26] =
    [10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33];

/// Value of a capital letter.
fn letter(letter: u8) -> u32 {
    LETTERS[usize::from(letter - b'A')]
}

/// A citizen's or a new-style resident's number: letter of the place, leading digit (1 or 2 for citizens
/// by sex, 8 or 9 for residents), seven random digits and the check digit.
pub(super) fn national(random: &mut Random, place: u8, lead: u32) -> String {
    let serial = random.below(10_000_000);
    finish(format!("{}{lead}{serial:07}", place as char), letter(place), lead)
}

/// An old-style resident's number: two letters, the second of which counts with its last digit.
pub(super) fn old_resident(random: &mut Random, place: u8, second: u8) -> String {
    let serial = random.below(10_000_000);
    finish(format!("{}{}{serial:07}", place as char, second as char), letter(place), letter(second) % 10)
}

/// A household number: a letter and seven digits.
pub(super) fn household(random: &mut Random, place: u8) -> String {
    format!("{}{:07}", place as char, random.below(10_000_000))
}

fn finish(mut text: String, place: u32, lead: u32) -> String {
    let weights = (1..=7).rev();
    let serial = text.bytes().skip(2).zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight);
    let sum = place / 10 + place % 10 * 9 + lead * 8 + serial.sum::<u32>();
    text.push(char::from(b'0' + ((10 - sum % 10) % 10) as u8));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_agree_with_known_numbers() {
        assert_eq!(finish("A12345678".into(), letter(b'A'), 1), "A123456789");
        assert_eq!(finish("A80000001".into(), letter(b'A'), 8), "A800000014");
    }

    #[test]
    fn old_numbers_count_the_second_letter_by_its_last_digit() {
        let old = finish("AC0123456".into(), letter(b'A'), letter(b'C') % 10);
        let new = finish("A20123456".into(), letter(b'A'), 2);
        assert_eq!(old[9..], new[9..], "C is worth 12 and counts as 2");
    }
}
