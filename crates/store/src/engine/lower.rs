//! From the portable text to what SQLite reads: four replacements and two words for transactions.

use super::{BEGIN_READ, BEGIN_WRITE};

/// The text as SQLite reads it.
///
/// `$1` becomes `?1` because SQLite takes `$1` for a *name* and numbers names by first appearance, which
/// silently swaps values when `$2` stands before `$1`.
pub(crate) fn lower(sql: &str) -> String {
    match sql {
        BEGIN_WRITE => return "BEGIN IMMEDIATE".into(),
        BEGIN_READ => return "BEGIN".into(),
        _ => {}
    }
    let mut text = String::with_capacity(sql.len() + 8);
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let (token, tail) = rest.split_at(token_length(rest, first));
        rest = tail;
        match token {
            "BIGINT" => text.push_str("INTEGER"),
            "BYTEA" => text.push_str("BLOB"),
            "$" => text.push('?'),
            other => text.push_str(other),
        }
    }
    if text.trim_start().starts_with("CREATE TABLE") {
        // A table whose key stands in a clause of its own is kept in the order of that key, and in no other.
        let by_key = text.contains("PRIMARY KEY (");
        text.push_str(if by_key { " STRICT, WITHOUT ROWID" } else { " STRICT" });
    }
    text
}

/// The length of the word, quoted text or single character that `text` begins with.
fn token_length(text: &str, first: char) -> usize {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if first == '\'' || first == '"' {
        text[1..].find(first).map_or(text.len(), |end| end + 2)
    } else if is_word(first) {
        text.find(|c| !is_word(c)).unwrap_or(text.len())
    } else {
        first.len_utf8()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_parameters_and_tables_are_lowered() {
        assert_eq!(
            lower("CREATE TABLE t (a BIGINT, b BYTEA, bigints TEXT)"),
            "CREATE TABLE t (a INTEGER, b BLOB, bigints TEXT) STRICT"
        );
        assert_eq!(
            lower("CREATE TABLE t (a TEXT NOT NULL, PRIMARY KEY (a))"),
            "CREATE TABLE t (a TEXT NOT NULL, PRIMARY KEY (a)) STRICT, WITHOUT ROWID"
        );
        assert_eq!(lower("UPDATE t SET a = $2 WHERE b = $1"), "UPDATE t SET a = ?2 WHERE b = ?1");
        assert_eq!(lower("SELECT CAST($10 AS BIGINT)"), "SELECT CAST(?10 AS INTEGER)");
    }

    #[test]
    fn quoted_text_stays_as_it_is() {
        assert_eq!(
            lower("SELECT '$1 BIGINT', \"BYTEA\", '字' || 'a''$b'"),
            "SELECT '$1 BIGINT', \"BYTEA\", '字' || 'a''$b'"
        );
        assert_eq!(lower("SELECT 'open"), "SELECT 'open");
    }

    #[test]
    fn transactions_have_words_of_their_own() {
        assert_eq!(lower(BEGIN_WRITE), "BEGIN IMMEDIATE");
        assert_eq!(lower(BEGIN_READ), "BEGIN");
    }
}
