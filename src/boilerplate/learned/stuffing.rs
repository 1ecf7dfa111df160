//! Keyword stuffing: a phrase that occurs in a document far more often than the document's length and the corpus explain.

use super::thresholds::{MIN_STUFFED_PARTS, MIN_STUFFED_WEIGHT, STUFFING_PARTS, THRESHOLDS};
use crate::Span;
use crate::hash::{self, HashedMap};
use crate::segment::Cut;
use crate::survey::Weight;
use crate::token::Stem;

/// A phrase that is stuffed into a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stuffed {
    /// The phrase, as written where it occurs first.
    pub phrase: Box<str>,
    /// Its first occurrence, in bytes of the text.
    pub span: Span,
    /// The number of its occurrences.
    pub count: u32,
    /// The number of words of the document.
    pub words: u32,
}

#[derive(Debug, Default, Clone, Copy)]
struct Seen {
    first: usize,
    count: u32,
    /// Of these, the number of those without a number before them: units of measure repeat with what is measured.
    apart: u32,
    /// Of these, the number of those that begin in small letters: names repeat.
    small: u32,
    /// A bit for each part of the text.
    parts: u8,
}

/// Finds phrases of two words that are stuffed into a document with this text, sorted by their first occurrence. `weights`
/// are the corpus's.
pub fn stuffing(text: &str, cut: &Cut, weights: &HashedMap<Stem, Weight>) -> Vec<Stuffed> {
    let tokens = &cut.tokens;
    if tokens.len() < THRESHOLDS.min_stuffed_document_words {
        return Vec::new();
    }
    let telling: Vec<bool> = tokens
        .iter()
        .map(|token| {
            let weight = weights.get(&token.word.stem()).copied().unwrap_or_default();
            !token.word.is_number() && token.word.length_class() > 2 && weight >= MIN_STUFFED_WEIGHT
        })
        .collect();
    let mut seen: HashedMap<u64, Seen> = HashedMap::default();
    for i in 0..tokens.len() - 1 {
        if !(telling[i] && telling[i + 1]) {
            continue;
        }
        let phrase = seen
            .entry(hash::pair(tokens[i].word.0, tokens[i + 1].word.0))
            .or_insert(Seen { first: i, ..Seen::default() });
        phrase.count += 1;
        phrase.apart += u32::from(i == 0 || !tokens[i - 1].word.is_number());
        phrase.small += u32::from(!tokens[i].capital);
        phrase.parts |= 1 << (i * STUFFING_PARTS / tokens.len());
    }
    let stuffed = |seen: &Seen| {
        seen.count >= THRESHOLDS.min_stuffed_occurrences
            && seen.apart * 2 > seen.count
            && seen.small * 2 > seen.count
            && seen.count as f32 * 2.0 >= THRESHOLDS.min_stuffed_share * tokens.len() as f32
            && seen.parts.count_ones() >= MIN_STUFFED_PARTS
    };
    let mut found: Vec<Stuffed> = seen
        .values()
        .filter(|seen| stuffed(seen))
        .map(|seen| {
            let (from, to) = (&tokens[seen.first], &tokens[seen.first + 1]);
            let span = Span::new(from.start as usize, to.end() as usize);
            Stuffed { phrase: span.of(text).into(), span, count: seen.count, words: tokens.len() as u32 }
        })
        .collect();
    found.sort_unstable_by_key(|stuffed| stuffed.span);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, segment};

    fn found(text: &str) -> Vec<(String, u32)> {
        let cut = segment::cut(&Document::new("x", text));
        let weights = cut.tokens.iter().map(|token| (token.word.stem(), Weight::of(0.5))).collect();
        stuffing(text, &cut, &weights).iter().map(|found| (found.span.of(text).to_string(), found.count)).collect()
    }

    fn prose(sentence: impl Fn(usize) -> String) -> String {
        (0..20).map(|i| format!("{} word{i} other{i} thing{i} place{i} person{i} matter{i}. ", sentence(i))).collect()
    }

    #[test]
    fn a_phrase_put_in_everywhere() {
        let text = prose(|i| if i % 2 == 0 { "the drone sales of".into() } else { format!("what{i} was{i}") });
        assert_eq!(found(&text), [("drone sales".into(), 10)]);
    }

    #[test]
    fn names_units_and_lists_are_none() {
        assert_eq!(found(&prose(|_| "then Mary Okoro said".into())), []);
        assert_eq!(found(&prose(|i| format!("they sold {i} short tons"))), []);
        let list = format!("{}{}", "gold price ".repeat(12), prose(|i| format!("what{i} was{i}")));
        assert_eq!(found(&list), []);
    }
}
