//! Texts in whatever encoding an office has them.

use domain::regulation::PackError;
use encoding_rs::{BIG5, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// What stands in a text where bytes could not be read.
pub(crate) const BROKEN: char = '\u{FFFD}';

/// The text of a file, and what it was read as; none where it is no text at all.
pub(crate) fn decoded(bytes: &[u8]) -> Option<(String, &'static str)> {
    let read = |encoding: &'static Encoding| {
        let (text, _) = encoding.decode_with_bom_removal(bytes);
        (text.into_owned(), encoding.name())
    };
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let text = match marked {
        Some(encoding) if [UTF_8, UTF_16LE, UTF_16BE].contains(&encoding) => read(encoding),
        // Text never holds a nought: UTF-16 without its mark, or no text.
        _ if bytes.contains(&0) => return None,
        _ if std::str::from_utf8(bytes).is_ok() => read(UTF_8),
        _ => read(BIG5),
    };
    // What cannot be read everywhere is not a text with a few bad places.
    let broken = text.0.chars().filter(|c| *c == BROKEN).count();
    (broken * 4 <= text.0.chars().count()).then_some(text)
}

/// The text of a file of a pack, which is UTF-8.
///
/// # Errors
/// It is another encoding, named as far as it can be told, or no text.
pub(crate) fn utf8(file: &str, bytes: Vec<u8>) -> Result<String, PackError> {
    String::from_utf8(bytes).map_err(|error| {
        let before = error.as_bytes().iter().take(error.utf8_error().valid_up_to());
        let line = before.filter(|byte| **byte == b'\n').count() + 1;
        let (message, remedy) = match decoded(error.as_bytes()) {
            Some((_, "UTF-8")) | None => (
                "the file is no text in UTF-8".to_owned(),
                "Save it as plain text with the encoding UTF-8, or take it out of the folder.",
            ),
            Some((_, encoding)) => (
                format!("the file is not UTF-8; it looks like {encoding}"),
                "Save it again with the encoding UTF-8.",
            ),
        };
        PackError { file: file.to_owned(), line, clause: None, message, remedy: remedy.to_owned() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_utf8_is_named_by_what_it_looks_like() {
        let told = |bytes: &[u8]| utf8("clauses.toml", bytes.to_vec()).map_err(|error| error.to_string());
        let text = "id = \"a\"\ngist = \"僅得為造林獎勵調閱林地資料。\"\n";
        assert_eq!(told(text.as_bytes()).as_deref(), Ok(text));
        assert_eq!(
            told(&BIG5.encode(text).0).unwrap_err(),
            "clauses.toml:2: the file is not UTF-8; it looks like Big5. \
             Save it again with the encoding UTF-8."
        );
        let utf16 = |mark: u16, order: fn(u16) -> [u8; 2]| {
            let units = [mark].into_iter().chain(text.encode_utf16());
            told(&units.flat_map(order).collect::<Vec<u8>>()).unwrap_err()
        };
        let looks = "clauses.toml:1: the file is not UTF-8; it looks like ";
        assert!(utf16(0xFEFF, u16::to_le_bytes).starts_with(&format!("{looks}UTF-16LE. ")));
        assert!(utf16(0xFEFF, u16::to_be_bytes).starts_with(&format!("{looks}UTF-16BE. ")));
        assert_eq!(
            told(b"PK\x03\x04\x00\x00\xff\xfe\x00").unwrap_err(),
            "clauses.toml:1: the file is no text in UTF-8. \
             Save it as plain text with the encoding UTF-8, or take it out of the folder."
        );
    }
}
