//! Sentences.

use std::sync::LazyLock;

use ahash::AHashSet;
use unicode_segmentation::UnicodeSegmentation;

use super::paragraph::trimmed;
use crate::Span;

/// Abbreviations after which a full stop does not end a sentence, in many languages.
static ABBREVIATIONS: LazyLock<AHashSet<&str>> = LazyLock::new(|| {
    include_str!("../boilerplate/data/abbreviations.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| Some(line.split_once('\t')?.1.trim()))
        .collect()
});

/// Cuts a piece of a text into sentences, by the Unicode rules (UAX 29) with the breaks undone that these see after
/// an abbreviation ("Mr.", "U.S.") or an initial ("J. Smith").
pub fn sentences(text: &str, within: Span) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let mut open: Option<usize> = None;
    for (offset, piece) in within.of(text).split_sentence_bound_indices() {
        let start = *open.get_or_insert(within.start as usize + offset);
        let end = within.start as usize + offset + piece.len();
        if !ends_in_abbreviation(&text[start..end]) || end == within.end as usize {
            found.extend(trimmed(text, start, end));
            open = None;
        }
    }
    found
}

/// Whether the last stop of a would-be sentence belongs to its last word.
fn ends_in_abbreviation(sentence: &str) -> bool {
    let Some(body) = sentence.trim_end().strip_suffix('.') else { return false };
    let word = body.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '"' | '“' | '-')).next().unwrap_or(body);
    let mut letters = word.chars();
    let initial = matches!((letters.next(), letters.next()), (Some(c), None) if c.is_uppercase());
    let acronym = word.contains('.') && word.split('.').all(|part| part.chars().count() == 1);
    initial || acronym || ABBREVIATIONS.contains(word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        sentences(text, Span::new(0, text.len())).into_iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn stops_that_end_no_sentence() {
        assert_eq!(
            cut("Mr. Smith of the U.S. Navy paid 3.5 million. He left."),
            ["Mr. Smith of the U.S. Navy paid 3.5 million.", "He left."]
        );
        assert_eq!(
            cut("The order of J. Okoro, No. 12, stands! Really? Yes."),
            ["The order of J. Okoro, No. 12, stands!", "Really?", "Yes."]
        );
    }

    #[test]
    fn other_scripts_have_their_own_stops() {
        assert_eq!(cut("他来了。她走了！"), ["他来了。", "她走了！"]);
        assert_eq!(cut("वह आया। वह गई।"), ["वह आया।", "वह गई।"]);
    }

    #[test]
    fn only_the_piece_asked_for() {
        let text = "One. Two. Three.";
        let spans = sentences(text, Span::new(5, 16));
        assert_eq!(spans.iter().map(|s| s.of(text)).collect::<Vec<_>>(), ["Two.", "Three."]);
    }
}
