//! Passages that two texts share.

use serde::Serialize;

use super::align::align;
use crate::Span;
use crate::token::{Token, Word};

/// A passage that two texts hold in the same words. Case and punctuation may differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SharedPassage {
    /// Its bytes in the first text.
    pub a: Span,
    /// Its bytes in the second text.
    pub b: Span,
}

/// Returns the runs of at least `least_words` words that the alignment of two texts shares, in the order of both. Passages that
/// changed places are not all among them.
pub fn shared_passages(a: &[Token], b: &[Token], least_words: usize) -> Vec<SharedPassage> {
    let words = |tokens: &[Token]| tokens.iter().map(|token| token.word).collect::<Vec<Word>>();
    let gaps = align(&words(a), &words(b)).gaps;
    let span = |tokens: &[Token], from: usize, to: usize| Span { start: tokens[from].start, end: tokens[to - 1].end() };
    let mut found = Vec::new();
    let mut at = (0, 0);
    let ends = gaps.iter().map(|gap| (gap.a, gap.b)).chain([((a.len() as u32, 0), (b.len() as u32, 0))]);
    for (gap_a, gap_b) in ends {
        let end = (gap_a.0 as usize, gap_b.0 as usize);
        if end.0 - at.0 >= least_words.max(1) {
            found.push(SharedPassage { a: span(a, at.0, end.0), b: span(b, at.1, end.1) });
        }
        at = (gap_a.1 as usize, gap_b.1 as usize);
    }
    found
}
