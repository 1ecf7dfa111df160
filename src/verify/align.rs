//! The alignment of two texts: their longest common subsequence of words, and the gaps between.

use std::cell::RefCell;

use super::places::{FewPlaces, Places};
use crate::hash::HashedMap;
use crate::token::Word;

/// A stretch where two aligned texts differ: words `a` of the one stand where words `b` of the other do. Either may be
/// empty, not both. Indices into the words, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// Words of the first text.
    pub a: (u32, u32),
    /// Words of the second text.
    pub b: (u32, u32),
}

/// The alignment of two texts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Alignment {
    /// The number of words in the longest common subsequence.
    pub common: usize,
    /// The places where they differ, in order.
    pub gaps: Vec<Gap>,
}

impl Gap {
    /// Whether each text has words there.
    pub(super) fn is_substitution(&self) -> bool {
        self.a.0 < self.a.1 && self.b.0 < self.b.1
    }

    /// Whether one of two gaps is of words that the first text has alone, and the other of words that the second has.
    pub(super) fn is_opposite(&self, other: &Gap) -> bool {
        let only_first = |gap: &Gap| gap.b.0 == gap.b.1;
        !self.is_substitution() && !other.is_substitution() && only_first(self) != only_first(other)
    }
}

/// Longest stretch that two texts share inside a name that they substitute: the *Hallow* of Great Hallow and Hallow Green.
const SHARED_IN_NAME_WORDS: u32 = 2;

/// Most words that each text has alone beside such a stretch.
const BESIDE_SHARED_WORDS: u32 = 3;

impl Alignment {
    /// Returns the gaps, with those joined to one between which only one or two words are shared, that `is_shared_name` takes
    /// for a part of a name, where the first text has words alone before them and the second after them, or the other way
    /// round. As much of the shared words is in both names, so that the one stands in place of the other.
    pub(super) fn joined(&self, is_shared_name: impl Fn((u32, u32), (u32, u32)) -> bool) -> Vec<Gap> {
        let mut joined: Vec<Gap> = Vec::with_capacity(self.gaps.len());
        let short = |gap: &Gap| (gap.a.1 - gap.a.0).max(gap.b.1 - gap.b.0) <= BESIDE_SHARED_WORDS;
        for &gap in &self.gaps {
            match joined.last_mut() {
                Some(last)
                    if gap.is_opposite(last)
                        && gap.a.0 - last.a.1 <= SHARED_IN_NAME_WORDS
                        && short(&gap)
                        && short(last)
                        && is_shared_name((last.a.1, gap.a.0), (last.b.1, gap.b.0)) =>
                {
                    last.a.1 = gap.a.1;
                    last.b.1 = gap.b.1;
                }
                _ => joined.push(gap),
            }
        }
        joined
    }
}

/// Above this many cells of the comparison table the texts are aligned piece by piece, see [`align`].
const CELLS: usize = 1 << 26;

/// Above this many cells no table is filled in to count what two texts have in common.
const COMMON_CELLS: usize = 1 << 24;

/// Aligns two texts.
///
/// Bit-parallel (Hyyrö 2004): one row of the table is `a.len() / 64` words of memory and as many steps, and all rows are
/// kept to trace the alignment back. Two texts too long for that (their lengths multiply to more than 64 Mi words) are
/// cut alike at their middle and each half aligned, which can miss some of the longest subsequence but never invents.
pub fn align(a: &[Word], b: &[Word]) -> Alignment {
    let mut alignment = Alignment::default();
    align_into(a, b, (0, 0), &mut alignment);
    alignment
}

/// The number of words in the longest common subsequence of two texts: [`Alignment::common`] alone, for less. Of long texts (their
/// lengths multiply to more than 16 Mi words) it is the number of words that both have, in any order, which is never less and
/// takes no longer than to read them.
pub fn common(a: &[Word], b: &[Word]) -> usize {
    let (head, tail) = same_ends(a, b);
    let (a, b) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
    if a.is_empty() || b.is_empty() {
        return head + tail;
    }
    let (a, b) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if a.len().saturating_mul(b.len()) > COMMON_CELLS {
        return head + tail + words_in_both(a, b);
    }
    if a.len() <= 64 {
        let places = FewPlaces::new(a);
        let row = b.iter().fold(u64::MAX, |row, &word| step(row, places.of(word), false).0);
        return head + tail + row.count_zeros() as usize;
    }
    let zeros: u32 = PLACES.with_borrow_mut(|places| {
        places.fill(a);
        let mut row = vec![u64::MAX; places.width()];
        // A word that is not in `a` leaves a row as it is.
        for &word in b {
            let Some(mask) = places.of(word) else { continue };
            let mut carry = false;
            for (cell, mask) in row.iter_mut().zip(mask) {
                (*cell, carry) = step(*cell, *mask, carry);
            }
        }
        row.iter().map(|cell| cell.count_zeros()).sum()
    });
    head + tail + zeros as usize
}

/// Returns the number of words that two texts have in common, each as often as both have it.
fn words_in_both(a: &[Word], b: &[Word]) -> usize {
    let mut left: HashedMap<u64, u32> = HashedMap::default();
    a.iter().for_each(|word| *left.entry(word.0).or_default() += 1);
    let mut take = |word: &&Word| {
        left.get_mut(&word.0).is_some_and(|count| {
            let any = *count > 0;
            *count -= u32::from(any);
            any
        })
    };
    b.iter().filter(|word| take(word)).count()
}

/// Returns the number of words that two texts have in common at their beginning, and of the rest at their end.
fn same_ends(a: &[Word], b: &[Word]) -> (usize, usize) {
    let head = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    (head, tail)
}

/// 64 columns of one row of the table from those above.
#[inline(always)]
fn step(above: u64, mask: u64, carry: bool) -> (u64, bool) {
    let (sum, first) = above.overflowing_add(above & mask);
    let (sum, second) = sum.overflowing_add(u64::from(carry));
    (sum | (above & !mask), first || second)
}

fn align_into(a: &[Word], b: &[Word], base: (u32, u32), alignment: &mut Alignment) {
    let (head, tail) = same_ends(a, b);
    alignment.common += head + tail;
    let (a, b) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
    let base = (base.0 + head as u32, base.1 + head as u32);
    if a.is_empty() || b.is_empty() {
        push_gap(alignment, base, (a.len(), b.len()));
    } else if a.len().saturating_mul(b.len()) > CELLS && a.len().min(b.len()) > 1 {
        let (m, n) = (a.len() / 2, b.len() / 2);
        align_into(&a[..m], &b[..n], base, alignment);
        align_into(&a[m..], &b[n..], (base.0 + m as u32, base.1 + n as u32), alignment);
    } else {
        trace(a, b, base, alignment);
    }
}

fn push_gap(alignment: &mut Alignment, base: (u32, u32), (m, n): (usize, usize)) {
    if m + n == 0 {
        return;
    }
    let gap = Gap { a: (base.0, base.0 + m as u32), b: (base.1, base.1 + n as u32) };
    match alignment.gaps.last_mut() {
        Some(last) if last.a.1 == gap.a.0 && last.b.1 == gap.b.0 => {
            last.a.1 = gap.a.1;
            last.b.1 = gap.b.1;
        }
        _ => alignment.gaps.push(gap),
    }
}

thread_local! {
    /// Room for the words of one text after the other.
    static PLACES: RefCell<Places> = RefCell::default();
    /// Room for the table of one alignment after the other: up to 8 MB, which would cost more to ask for than to fill.
    static ROWS: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

/// Fills in the rows of the bit-parallel table, and returns their width: bit `i` of row `j` is 0 where the subsequence of
/// `a[..=i]` and `b[..j]` is longer than that of `a[..i]` and `b[..j]`.
fn fill_rows(a: &[Word], b: &[Word], rows: &mut Vec<u64>) -> usize {
    if a.len() <= 64 {
        let places = FewPlaces::new(a);
        let mut row = u64::MAX;
        let below = b.iter().map(|&word| {
            row = step(row, places.of(word), false).0;
            row
        });
        rows.clear();
        rows.extend(std::iter::once(u64::MAX).chain(below));
        return 1;
    }
    PLACES.with_borrow_mut(|places| {
        places.fill(a);
        let width = places.width();
        // All rows but the first are written below.
        rows.resize(width * (b.len() + 1), 0);
        rows[..width].fill(u64::MAX);
        for (j, &word) in b.iter().enumerate() {
            let (above, row) = rows[j * width..(j + 2) * width].split_at_mut(width);
            let Some(mask) = places.of(word) else {
                row.copy_from_slice(above);
                continue;
            };
            let mut carry = false;
            for k in 0..width {
                (row[k], carry) = step(above[k], mask[k], carry);
            }
        }
        width
    })
}

/// Walks back from the end of the table. Where there is a choice it steps back in `a` first, so the result is one always.
fn trace(a: &[Word], b: &[Word], base: (u32, u32), alignment: &mut Alignment) {
    ROWS.with_borrow_mut(|rows| {
        let width = fill_rows(a, b, rows);
        trace_back(a, b, base, (width, rows), alignment);
    });
}

fn trace_back(a: &[Word], b: &[Word], base: (u32, u32), (width, rows): (usize, &[u64]), alignment: &mut Alignment) {
    let grows = |j: usize, i: usize| rows[j * width + i / 64] >> (i % 64) & 1 == 0;
    let (mut i, mut j) = (a.len(), b.len());
    let mut matched = Vec::with_capacity(a.len().min(b.len()));
    while i > 0 && j > 0 {
        if a[i - 1] == b[j - 1] {
            (i, j) = (i - 1, j - 1);
            matched.push((i, j));
        } else if grows(j, i - 1) {
            // The subsequence needs word i - 1 of a, and word j - 1 of b does not match it: it is matched earlier in b.
            j -= 1;
        } else {
            i -= 1;
        }
    }
    alignment.common += matched.len();
    let (mut i, mut j) = (0, 0);
    for &(m, n) in matched.iter().rev() {
        push_gap(alignment, (base.0 + i as u32, base.1 + j as u32), (m - i, n - j));
        (i, j) = (m + 1, n + 1);
    }
    push_gap(alignment, (base.0 + i as u32, base.1 + j as u32), (a.len() - i, b.len() - j));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash;

    fn words(text: &str) -> Vec<Word> {
        text.bytes().map(|b| Word(u64::from(b))).collect()
    }

    /// The textbook table.
    fn longest(a: &[Word], b: &[Word]) -> usize {
        let mut row = vec![0usize; a.len() + 1];
        for word in b {
            let mut diagonal = 0;
            for (i, other) in a.iter().enumerate() {
                let above = row[i + 1];
                row[i + 1] = if word == other { diagonal + 1 } else { above.max(row[i]) };
                diagonal = above;
            }
        }
        row[a.len()]
    }

    /// Whether what lies outside the gaps is the same on both sides and as much as `common` says.
    fn check(a: &[Word], b: &[Word], alignment: &Alignment) {
        let outside = |words: &[Word], side: fn(&Gap) -> (u32, u32)| {
            let mut kept = Vec::new();
            let mut at = 0;
            for gap in &alignment.gaps {
                let (start, end) = side(gap);
                kept.extend_from_slice(&words[at..start as usize]);
                at = end as usize;
            }
            kept.extend_from_slice(&words[at..]);
            kept
        };
        let (left, right) = (outside(a, |g| g.a), outside(b, |g| g.b));
        assert_eq!(left, right);
        assert_eq!(left.len(), alignment.common);
    }

    #[test]
    fn small_cases() {
        let gaps = |a: &str, b: &str| align(&words(a), &words(b)).gaps.iter().map(|g| (g.a, g.b)).collect::<Vec<_>>();
        assert_eq!(gaps("abc", "abc"), []);
        assert_eq!(gaps("", "xy"), [((0, 0), (0, 2))]);
        assert_eq!(gaps("abcd", "axcd"), [((1, 2), (1, 2))]);
        assert_eq!(gaps("abcdef", "bcXef"), [((0, 1), (0, 0)), ((3, 4), (2, 3))]);
    }

    #[test]
    fn gaps_around_a_shared_word_are_joined() {
        let joined = |a: &str, b: &str, yes: bool| {
            align(&words(a), &words(b)).joined(|_, _| yes).iter().map(|gap| (gap.a, gap.b)).collect::<Vec<_>>()
        };
        assert_eq!(joined("abXcd", "abcYd", true), [((2, 4), (2, 4))]);
        assert_eq!(joined("abcYd", "abXcd", true), [((2, 4), (2, 4))]);
        assert_eq!(joined("abXcd", "abcYd", false), [((2, 3), (2, 2)), ((4, 4), (3, 4))]);
        assert_eq!(joined("abXcccd", "abcccYd", true).len(), 2, "three words are shared");
        assert_eq!(joined("abXcYd", "abcd", true).len(), 2, "one text has both");
    }

    #[test]
    fn as_long_as_the_textbook_says() {
        for seed in 0..300u64 {
            let text = |salt: u64, len: u64, letters: u64| -> Vec<Word> {
                (0..len).map(|i| Word(hash::constant(seed << 20 | salt << 10 | i) % letters)).collect()
            };
            let letters = 2 + seed % 9;
            let a = text(1, seed % 150, letters);
            let b = text(2, hash::constant(seed) % 150, letters);
            let alignment = align(&a, &b);
            assert_eq!(alignment.common, longest(&a, &b), "seed {seed}");
            assert_eq!(common(&a, &b), alignment.common, "seed {seed}");
            check(&a, &b, &alignment);
        }
    }

    #[test]
    fn very_long_texts_are_cut_and_still_right() {
        let a: Vec<Word> = (0..20_000).map(|i| Word(hash::constant(i) % 5_000)).collect();
        let mut b = a.clone();
        b.remove(10);
        b[15_000] = Word(9_999_999);
        let alignment = align(&a, &b);
        check(&a, &b, &alignment);
        assert!(alignment.common > 19_000);
        assert!(common(&a, &b) >= alignment.common);
        b.reverse();
        assert_eq!(common(&a, &b), words_in_both(&a, &b));
        assert_eq!(words_in_both(&words("abcab"), &words("xbbba")), 3);
    }
}
