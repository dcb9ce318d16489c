//! Masks are prefix-nested: what is shown is a beginning, and nothing is shown after the first star.
//! Two masks that show different ends together give the number away.

/// Masks in a text that show characters after a star, as `A12*****89` does.
pub fn leaking(text: &str) -> Vec<String> {
    let inside = |c: char| c.is_ascii_alphanumeric() || is_star(c);
    let words = text.split(|c| !inside(c)).filter(|w| w.chars().filter(|c| is_star(*c)).count() >= 2);
    words.filter(|w| !w.trim_start_matches(|c| !is_star(c)).chars().all(is_star)).map(Into::into).collect()
}

fn is_star(c: char) -> bool {
    matches!(c, '*' | '＊' | '●' | '•' | '＃')
}

/// National ID numbers written out whole in a text: one letter, a sex or kind digit or letter, eight digits.
pub fn numbers(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter(|w| is_number(w.as_bytes())).map(Into::into).collect()
}

fn is_number(word: &[u8]) -> bool {
    let &[first, second, ref rest @ ..] = word else { return false };
    let kind = matches!(second, b'1' | b'2' | b'8' | b'9' | b'A'..=b'D');
    first.is_ascii_uppercase() && kind && rest.len() == 8 && rest.iter().all(u8::is_ascii_digit)
}

#[test]
fn a_mask_that_shows_its_tail_is_found() {
    assert_eq!(leaking("王〇明 A12******* 與 A12345**** 相符"), Vec::<String>::new());
    assert_eq!(leaking("對象 A12*****89、*****6789"), ["A12*****89", "*****6789"]);
    assert_eq!(leaking("a * b, 2*3, **bold**"), ["**bold**"]);
}

#[test]
fn a_number_written_out_is_found() {
    assert_eq!(numbers("查 A123456789，統一證號 AC01234567"), ["A123456789", "AC01234567"]);
    assert_eq!(numbers("QR-1130122-0187-7 A12345678 A1234567890 a123456789"), Vec::<String>::new());
}
