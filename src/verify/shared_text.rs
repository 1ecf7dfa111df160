//! Text that two documents share word for word: runs of words, clauses, and the words that no run explains.

use super::align::Alignment;
use super::kind::Text;
use crate::hash::{HashedMap, pair};
use crate::token::Word;

/// Returns how many words of a text a longer one leaves unexplained: those in no run of two words or more that the longer
/// text has too, wherever it has it.
pub(super) fn unexplained(shorter: &Text, longer: &Text) -> u32 {
    let key = |words: &[Word]| pair(words[0].0, words[1].0);
    let pairs: HashedMap<u64, ()> = longer.words.windows(2).map(|words| (key(words), ())).collect();
    let (mut count, mut before) = (0, false);
    for at in 0..shorter.words.len() {
        let after = shorter.words.get(at..at + 2).is_some_and(|words| pairs.contains_key(&key(words)));
        count += u32::from(!before && !after);
        before = after;
    }
    count
}

/// Returns whether words hold others in one piece.
pub(super) fn holds(words: &[Word], piece: &[Word]) -> bool {
    let bytes = |words: &[Word]| -> Vec<u8> { words.iter().flat_map(|word| word.0.to_le_bytes()).collect() };
    let (words, piece) = (bytes(words), bytes(piece));
    memchr::memmem::find_iter(&words, &piece).any(|at| at % size_of::<Word>() == 0)
}

/// A clause goes on over places where each text has at most this many words of its own.
const CLAUSE_GAP_WORDS: u32 = 3;

/// A clause has at least this many words in common.
const LEAST_CLAUSE_WORDS: u32 = 5;

/// Returns the share of the second text's words that stand in clauses which both texts have: several words in the same
/// order, with few others between.
pub(super) fn clauses(alignment: &Alignment, words: usize) -> f32 {
    let (mut sum, mut clause, mut at) = (0, 0, 0);
    let mut end = |clause: u32| sum += if clause >= LEAST_CLAUSE_WORDS { clause } else { 0 };
    for gap in &alignment.gaps {
        clause += gap.b.0 - at;
        at = gap.b.1;
        if (gap.b.1 - gap.b.0).max(gap.a.1 - gap.a.0) > CLAUSE_GAP_WORDS {
            end(clause);
            clause = 0;
        }
    }
    end(clause + words as u32 - at);
    sum as f32 / words.max(1) as f32
}
