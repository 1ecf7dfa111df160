//! Keys by which lines and parts of lines are counted.

use super::thresholds::{EDGE_LINES, FIXED_WORD_STEPS, MAX_LABEL_WORDS, MAX_LABELLED_LINE_WORDS, STEPS, THRESHOLDS};
use serde::{Deserialize, Serialize};

use crate::hash;
use crate::segment::{Cut, Line};
use crate::survey::Gathered;
use crate::token::{BIGRAMS_PER_WORD, Word};

/// Returns the hash of words in a context, such as a line in its source.
pub fn line_key(source: u64, words: impl Iterator<Item = Word>) -> u64 {
    words.fold(source, |state, word| hash::pair(state, word.0))
}

/// Contexts in which parts of lines are hashed, so that no part is counted as another.
const ANYWHERE: u64 = 0;
const MASKED: u64 = 1;
const BEHIND: u64 = 2;
const LABEL: u64 = 4;
/// The hash in place of any number in a line.
const NUMBER: u64 = 3;

/// The hashes of a line, of its beginnings and of its ends.
pub(super) struct Keys {
    pub whole: u64,
    /// The line whatever its source; only at the edges of a text, and not of a word or two.
    pub anywhere: Option<u64>,
    /// The line with its numbers left open, if it has any.
    pub masked: Option<u64>,
    /// Keys of the line's beginnings, by their number of words as in [`FIXED_WORD_STEPS`]; only of lines at the edges of a
    /// text.
    pub heads: [u64; STEPS],
    pub tails: [u64; STEPS],
    /// The number of steps that the line is long enough for.
    pub steps: usize,
}

impl Keys {
    pub fn new(source: u64, cut: &Cut, n: usize) -> Keys {
        let line = &cut.lines[n];
        let words = || cut.tokens[line.range()].iter().map(|token| token.word);
        let steps = if at_edge(cut, n) { FIXED_WORD_STEPS.partition_point(|&side| side < line.len()) } else { 1 };
        let (mut heads, mut tails) = ([0; STEPS], [0; STEPS]);
        let (mut whole, mut anywhere) = (source, ANYWHERE);
        let (mut masked, mut numbers) = (hash::pair(source, MASKED), false);
        let mut step = 0;
        for (k, word) in words().enumerate() {
            if step < steps && FIXED_WORD_STEPS[step] == k {
                heads[step] = whole;
                step += 1;
            }
            whole = hash::pair(whole, word.0);
            anywhere = hash::pair(anywhere, word.0);
            masked = hash::pair(masked, if word.is_number() { NUMBER } else { word.0 });
            numbers |= word.is_number();
        }
        let mut tail = hash::pair(source, BEHIND);
        let (mut step, mut backwards) = (0, words().rev());
        for k in 0..=FIXED_WORD_STEPS[steps - 1] {
            if FIXED_WORD_STEPS[step] == k {
                tails[step] = tail;
                step += 1;
            }
            tail = backwards.next().map_or(tail, |word| hash::pair(tail, word.0));
        }
        let anywhere = (steps > 2).then_some(anywhere);
        Keys { whole, anywhere, masked: numbers.then_some(masked), heads, tails, steps }
    }

    /// Returns the keys of the first word of a line, of the first two and so on; of those that are not counted, none.
    pub fn openings(&self) -> impl Iterator<Item = Option<u64>> + '_ {
        (1..).map(|words| {
            let step = FIXED_WORD_STEPS.binary_search(&words).ok().filter(|&step| step < self.steps)?;
            Some(self.heads[step])
        })
    }

    /// Returns the key of the frame with `head` and `tail` steps of words at the line's ends.
    pub fn frame(&self, head: usize, tail: usize) -> u64 {
        hash::sequence(&[self.heads[head], self.tails[tail]])
    }
}

/// Returns the keys of the first word of line `n`, of the first two and so on, if it is short enough to be a label and a
/// value.
pub(super) fn labels(source: u64, cut: &Cut, n: usize) -> impl Iterator<Item = u64> {
    let line = &cut.lines[n];
    let fits = line.len() <= MAX_LABELLED_LINE_WORDS * words_per_word(line, cut);
    let words = if fits { line.len().saturating_sub(1).min(max_label_words(line, cut)) } else { 0 };
    let mut state = hash::pair(source, LABEL);
    cut.tokens[line.start..line.start + words].iter().map(move |token| {
        state = hash::pair(state, token.word.0);
        state
    })
}

/// Returns the number of tokens of the longest label that line may begin with: more in scripts without spaces, where tokens are
/// bigrams.
pub(super) fn max_label_words(line: &Line, cut: &Cut) -> usize {
    MAX_LABEL_WORDS * words_per_word(line, cut)
}

/// Returns how many tokens of a line take the place of a word.
fn words_per_word(line: &Line, cut: &Cut) -> usize {
    if has_bigrams(line, cut) { BIGRAMS_PER_WORD } else { 1 }
}

/// Returns whether line `n` is among the first or the last of a text.
pub(super) fn at_edge(cut: &Cut, n: usize) -> bool {
    n < EDGE_LINES || n + EDGE_LINES >= cut.lines.len()
}

/// Returns whether a line may be one that its source repeats: it is short, and has more than two words unless it is at an
/// edge of the text. Inside, a word or two are a heading, or the head of a table.
fn may_repeat(line: &Line, cut: &Cut) -> bool {
    let edge = line.start == 0 || line.end == cut.tokens.len();
    let fits = line.len() <= THRESHOLDS.max_line_words
        || line.len() <= THRESHOLDS.max_line_words * BIGRAMS_PER_WORD && has_bigrams(line, cut);
    fits && (line.len() > 2 || edge)
}

/// Returns whether most words of a line are bigrams, which overlap: it is in a script without spaces.
fn has_bigrams(line: &Line, cut: &Cut) -> bool {
    let tokens = &cut.tokens[line.range()];
    tokens.iter().filter(|token| token.word.is_bigram()).count() * 2 > tokens.len()
}

pub(super) fn lines_of(cut: &Cut) -> impl Iterator<Item = usize> + '_ {
    (0..cut.lines.len()).filter(|&n| may_repeat(&cut.lines[n], cut))
}

/// The keys of lines and of parts of lines, to be counted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct LineKeys(Gathered);

impl LineKeys {
    /// Counts a document. `source` is the hash of its source.
    pub fn observe(&mut self, source: u64, cut: &Cut) {
        for n in lines_of(cut) {
            let keys = Keys::new(source, cut, n);
            self.0.add(keys.whole);
            keys.anywhere.into_iter().chain(keys.masked).for_each(|key| self.0.add(key));
            keys.heads[1..keys.steps].iter().chain(&keys.tails[1..keys.steps]).for_each(|&key| self.0.add(key));
        }
    }

    /// Adds the keys of another part of the corpus.
    pub fn merge(&mut self, other: LineKeys) {
        self.0.merge(other.0);
    }

    /// Returns the keys as they are gathered.
    pub fn gathered(&self) -> &Gathered {
        &self.0
    }

    /// Returns the keys as they were gathered.
    pub fn into_gathered(self) -> Gathered {
        self.0
    }
}
