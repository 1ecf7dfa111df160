//! Languages by their codes.

/// A language, as the two letters of its code.
pub(super) type Language = [u8; 2];

/// Returns the code of a language as a row of a table names it.
pub(super) fn language(code: &str) -> Language {
    match *code.as_bytes() {
        [a, b] => [a, b],
        _ => [b'*', b'*'],
    }
}

/// Languages in which every noun has a capital, so that a capital after a marker does not show a headline.
pub(super) const CAPITAL_NOUNS: [Language; 2] = [*b"de", *b"lb"];
