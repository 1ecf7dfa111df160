//! Sentences.

use std::sync::LazyLock;

use ahash::AHashMap;
use unicode_segmentation::UnicodeSegmentation;

use super::paragraph::trimmed;
use crate::Span;

/// Abbreviations after which a full stop does not end a sentence, in many languages; true for those that are words too.
static ABBREVIATIONS: LazyLock<AHashMap<&str, bool>> = LazyLock::new(|| {
    let lines = include_str!("../data/abbreviations.tsv").lines().filter(|line| !line.starts_with('#'));
    let row = |line: &'static str| {
        let mut columns = line.split('\t').skip(1);
        Some((columns.next()?, columns.next() == Some("word")))
    };
    lines.filter_map(row).collect()
});

/// Cuts a piece of a text into sentences, by the Unicode rules (UAX 29) with the breaks undone that these see after
/// an abbreviation ("Mr.", "U.S.") or an initial ("J. Smith").
pub fn sentences(text: &str, within: Span) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let mut open: Option<usize> = None;
    for (offset, piece) in within.of(text).split_sentence_bound_indices() {
        let start = *open.get_or_insert(within.start as usize + offset);
        let end = within.start as usize + offset + piece.len();
        let rest = &text[end..within.end as usize];
        if rest.is_empty() || !ends_in_abbreviation(&text[start..end], rest) {
            found.extend(trimmed(text, start, end));
            open = None;
        }
    }
    found
}

/// No acronym with stops is longer. Without an end, a text of nothing but letters and stops would be one that is looked at
/// from its beginning after each stop.
const LONGEST_ACRONYM_BYTES: usize = 64;

/// Returns whether the last stop of a would-be sentence belongs to its last word, `rest` being what follows.
fn ends_in_abbreviation(sentence: &str, rest: &str) -> bool {
    let Some(body) = sentence.trim_end().strip_suffix('.') else { return false };
    let word = body.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '"' | '“' | '-')).next().unwrap_or(body);
    let mut letters = word.chars();
    let initial = matches!((letters.next(), letters.next()), (Some(c), None) if c.is_uppercase());
    let short = word.len() <= LONGEST_ACRONYM_BYTES;
    let acronym = short && word.contains('.') && word.split('.').all(|part| part.chars().count() == 1);
    // A lower-case abbreviation may begin a sentence, with a capital.
    let lower = || word.chars().next().map(|c| c.to_lowercase().chain(word.chars().skip(1)).collect::<String>());
    let known = ABBREVIATIONS.get(word).copied().or_else(|| ABBREVIATIONS.get(lower()?.as_str()).copied());
    let goes_on = || rest.trim_start().starts_with(|c: char| c.is_lowercase() || c.is_numeric());
    // The table is read without knowing the language, and what is short for something in one is a word in another: one
    // that could be a word, being lower-case and with a vowel, is not believed before a capital.
    let could_be_word = word.chars().all(char::is_lowercase) && word.contains(['a', 'e', 'i', 'o', 'u', 'y']);
    initial || acronym || known.is_some_and(|is_word| !is_word && !could_be_word || goes_on())
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
    fn abbreviations_that_are_words_end_sentences_too() {
        assert_eq!(
            cut("Is it No. 7? He said no. Then he left. Art. 5 holds. It is art. Look."),
            ["Is it No. 7?", "He said no.", "Then he left.", "Art. 5 holds.", "It is art.", "Look."]
        );
        assert_eq!(
            cut("Prof. Dr. Weber kam am Montag vs. Müller. Er ging."),
            ["Prof. Dr. Weber kam am Montag vs. Müller.", "Er ging."]
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
