//! shingle: a segment's words -> its shingles, the hashed runs of `w` consecutive words (Broder 1997).

use crate::hash;
use crate::token::Word;

/// Calls `each` with every shingle of a run of words, in order, repeats included.
///
/// Words with and without accents give the same shingles, so that copies which lost them are found. A run shorter than `width`
/// gives one shingle, an empty one none.
///
/// ```
/// use flong::{shingle::shingles, token::words};
/// let mut found = Vec::new();
/// shingles(&words("Nobody was hurt on board."), 3, |shingle| found.push(shingle));
/// assert_eq!(found.len(), 3);
/// ```
#[inline]
pub fn shingles(words: &[Word], width: usize, mut each: impl FnMut(u64)) {
    let hash = |window: &[Word]| {
        // Three at a time is what nearly every run uses; spelled out it compiles to straight code.
        match *window {
            [a, b, c] => hash::sequence(&[a, b, c].map(|word| word.plain().0)),
            _ => window.iter().fold(window.len() as u64, |state, word| hash::pair(state, word.plain().0)),
        }
    };
    if words.is_empty() {
    } else if words.len() < width {
        each(hash(words));
    } else {
        words.windows(width).for_each(|window| each(hash(window)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(words: &[u64], width: usize) -> Vec<u64> {
        let words: Vec<Word> = words.iter().map(|&w| Word(w)).collect();
        let mut found = Vec::new();
        shingles(&words, width, |s| found.push(s));
        found
    }

    #[test]
    fn one_for_each_window() {
        assert_eq!(all(&[], 3).len(), 0);
        assert_eq!(all(&[1], 3).len(), 1);
        assert_eq!(all(&[1, 2], 3).len(), 1);
        assert_eq!(all(&[1, 2, 3], 3).len(), 1);
        assert_eq!(all(&[1, 2, 3, 4], 3).len(), 2);
    }

    #[test]
    fn equal_windows_give_equal_shingles_and_order_counts() {
        let s = all(&[1, 2, 3, 9, 1, 2, 3], 3);
        assert_eq!(s[0], s[4]);
        assert_ne!(all(&[1, 2, 3], 3), all(&[3, 2, 1], 3));
        assert_ne!(all(&[1, 2], 3), all(&[2, 1], 3));
        assert_ne!(all(&[1, 2, 3, 4], 4), all(&[1, 2, 4, 3], 4));
    }
}
