//! Languages by their codes.

use std::sync::LazyLock;

use super::phrases::rows;

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
pub(super) static CAPITAL_NOUNS: LazyLock<Vec<Language>> = LazyLock::new(|| {
    let has_trait = |row: &Vec<&str>| row[2].split(' ').any(|one| one == "capital-nouns");
    rows(include_str!("../../data/languages.tsv")).filter(has_trait).map(|row| language(row[0])).collect()
});
