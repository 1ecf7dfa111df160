//! Items that correct earlier ones, as their headlines say.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::Head;

/// Words by which headlines announce a correction, in lower case.
static PHRASES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let rows = include_str!("../data/corrections.tsv").lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| row.split('\t').nth(1)).collect()
});

/// Longest phrase of the table, in bytes, with room for brackets around it.
const LONGEST_BYTES: usize = 64;

/// Whether a sign parts what a headline says of its item from what the item is about.
fn is_sign(c: char) -> bool {
    matches!(
        c,
        ':' | '-'
            | '–'
            | '—'
            | '|'
            | '/'
            | '('
            | ')'
            | '['
            | ']'
            | '：'
            | '【'
            | '】'
            | '（'
            | '）'
            | '［'
            | '］'
            | '〈'
            | '〉'
    )
}

/// Returns whether a document's headline says that it is a correction: the headline begins or ends with a word for that, which
/// a sign or a bracket parts from the rest. Of a correction and what it corrects, the correction is kept.
///
/// ```
/// use flong::Document;
/// use flong::judge::is_correction;
///
/// let titled = |title: &str| Document { title: Some(title.into()), ..Document::new("", "text") };
/// assert!(is_correction(titled("CORRECTED - Foundry to list options").head()));
/// assert!(is_correction(titled("Gießerei plant Optionen [Berichtigung]").head()));
/// assert!(!is_correction(titled("Correction officers to strike").head()));
/// ```
pub fn is_correction(document: Head) -> bool {
    let Some(title) = document.title else { return false };
    let is_known = |piece: &str| {
        let piece = piece.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '!' | '.' | '"' | '“' | '”'));
        (1..=LONGEST_BYTES).contains(&piece.len()) && PHRASES.contains(&*piece.to_lowercase())
    };
    let title = title.trim_matches(|c: char| c.is_whitespace() || is_sign(c));
    title.split_once(is_sign).is_some_and(|(head, _)| is_known(head))
        || title.rsplit_once(is_sign).is_some_and(|(_, tail)| is_known(tail))
}

/// Returns a document's headline if it says that the document is a [correction](is_correction). It is the only headline that a run
/// keeps of documents whose texts it does not hold, since it decides which copy is kept.
pub fn correction_title(document: Head<'_>) -> Option<&str> {
    document.title.filter(|_| is_correction(document))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;

    #[test]
    fn headlines_of_corrections() {
        let of =
            |title: &str| is_correction(Document { title: Some(title.into()), ..Document::new("", "text") }.head());
        for title in [
            "SPROSTOWANIE: Młyn ruszy wiosną",
            "[CORREÇÃO] Moinho abre em maio",
            "水車小屋、春に再開【訂正】",
            "Rättelse – Slussen öppnar i maj",
            "/CORRECTION/ Le moulin rouvre",
            "Το μύλος ανοίγει (διόρθωση)",
        ] {
            assert!(of(title), "{title}");
        }
        for title in ["Correction", "Rettifica del confine tra i comuni", "Errata weather: rain", "A - B", ""] {
            assert!(!of(title), "{title}");
        }
    }
}
