//! Lines that a source repeats, as they are, with a small change, or as a frame around words that vary.
//!
//! Two passes count: the first everything, roughly and in little room; the second what the first found often enough,
//! exactly and in documents that are otherwise different only. A line is removed by what the second counted, so that no
//! two lines are ever mixed up. Both counts are sums: those of parts merge into that of the whole in any order.

use serde::{Deserialize, Serialize};

use crate::encoding;
use crate::hash::{self, HashedMap, HashedSet};
use crate::segment::{Cut, Line};
use crate::survey::{Gathered, HashCounts};
use crate::token::{Token, Word};

use super::alternatives::Places;
use super::echo;

/// What a source repeats stands in at least this many documents.
pub(super) const LEAST_DOCUMENTS: u32 = 5;
/// A repeated line has at most so many words: a source's own lines are short.
const LONGEST_LINE: usize = 40;
/// Frames stand in so many lines at the head and at the tail of a text.
const EDGE: usize = 3;
/// The numbers of fixed words, before and behind what varies, that are told apart. The long ones are for scripts without
/// spaces, where words are bigrams.
const SIDES: [usize; STEPS] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 19];
const STEPS: usize = 14;
/// A frame has so many fixed words at least …
const LEAST_FIXED: usize = 3;
/// … or so many where the document's title stands in it.
const LEAST_AROUND_TITLE: usize = 2;
/// What varies has at most so many words where it is not the title.
const LONGEST_SLOT: usize = 12;
/// Of one side, so many places where what varies may begin are looked at.
const TURNS: usize = 2;
/// Longest label before the value of a line, in words.
pub(super) const MAX_LABEL_WORDS: usize = 4;
/// Longest line that is a label and a value, in words.
const MAX_LABELLED_WORDS: usize = 12;
/// A document with so many lines that repeat with a change is a template: its lines are its own.
const TEMPLATE: usize = 3;

/// Documents in which a label must have another value for its lines to be content …
const MIN_OTHER_DOCUMENTS: u32 = 2;
/// … or one in so many, if that is more.
const MAX_SHARE_OF_ONE: u32 = 50;

/// The hash of words within a context: those of a line within its source.
pub fn line_key(source: u64, words: impl Iterator<Item = Word>) -> u64 {
    words.fold(source, |state, word| hash::pair(state, word.0))
}

/// Contexts in which parts of lines are hashed, so that none counts for another.
const ANYWHERE: u64 = 0;
const MASKED: u64 = 1;
const BEHIND: u64 = 2;
const LABEL: u64 = 4;
/// What stands for any number in a line.
const NUMBER: u64 = 3;

/// The hashes of a line, of its beginnings and of its ends.
struct Keys {
    whole: u64,
    /// The line whatever its source; only at the edges of a text, and not of a word or two.
    anywhere: Option<u64>,
    /// The line with its numbers left open, if it has any.
    masked: Option<u64>,
    /// By their number of words, as [`SIDES`] has them; only of lines at the edges of a text.
    heads: [u64; STEPS],
    tails: [u64; STEPS],
    /// How many of these the line is long enough for.
    steps: usize,
}

impl Keys {
    fn new(source: u64, cut: &Cut, n: usize) -> Keys {
        let line = &cut.lines[n];
        let words = || cut.tokens[line.range()].iter().map(|token| token.word);
        let steps = if at_edge(cut, n) { SIDES.partition_point(|&side| side < line.len()) } else { 1 };
        let (mut heads, mut tails) = ([0; STEPS], [0; STEPS]);
        let (mut whole, mut anywhere) = (source, ANYWHERE);
        let (mut masked, mut numbers) = (hash::pair(source, MASKED), false);
        let mut step = 0;
        for (k, word) in words().enumerate() {
            if step < steps && SIDES[step] == k {
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
        for k in 0..=SIDES[steps - 1] {
            if SIDES[step] == k {
                tails[step] = tail;
                step += 1;
            }
            tail = backwards.next().map_or(tail, |word| hash::pair(tail, word.0));
        }
        let anywhere = (steps > 2).then_some(anywhere);
        Keys { whole, anywhere, masked: numbers.then_some(masked), heads, tails, steps }
    }

    /// The frame of so many steps of words at the line's head and tail.
    fn frame(&self, head: usize, tail: usize) -> u64 {
        hash::sequence(&[self.heads[head], self.tails[tail]])
    }
}

/// The keys of the first words of line `n`, if it is short enough to be a label and a value: of one, of two and so on.
fn labels(source: u64, cut: &Cut, n: usize) -> impl Iterator<Item = u64> {
    let line = &cut.lines[n];
    let words = if line.len() <= MAX_LABELLED_WORDS { line.len().saturating_sub(1).min(MAX_LABEL_WORDS) } else { 0 };
    let mut state = hash::pair(source, LABEL);
    cut.tokens[line.start..line.start + words].iter().map(move |token| {
        state = hash::pair(state, token.word.0);
        state
    })
}

/// Whether line `n` is among the first or the last of a text.
fn at_edge(cut: &Cut, n: usize) -> bool {
    n < EDGE || n + EDGE >= cut.lines.len()
}

/// Whether a line can be one that its source repeats: a short one. One of a word or two is such a line only at an edge of
/// the text; inside it is a heading, or the head of a table.
fn may_repeat(line: &Line, cut: &Cut) -> bool {
    let edge = line.start == 0 || line.end == cut.tokens.len();
    line.len() <= LONGEST_LINE && (line.len() > 2 || edge)
}

fn lines_of(cut: &Cut) -> impl Iterator<Item = usize> + '_ {
    (0..cut.lines.len()).filter(|&n| may_repeat(&cut.lines[n], cut))
}

/// The keys of lines and of parts of lines, to be counted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct LineKeys(Gathered);

impl LineKeys {
    /// Takes in a document. `source` is the hash of its source.
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

/// How often lines and parts of lines occur.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct LineCounts(HashCounts);

impl LineCounts {
    /// Takes the counts of [`LineKeys`].
    pub fn of(counts: HashCounts) -> Self {
        LineCounts(counts)
    }

    fn often(&self, key: u64) -> bool {
        u32::from(self.0.get(key)) >= LEAST_DOCUMENTS
    }

    /// After how many steps of fixed words what varies may begin: where the next word is in less than half of the documents that
    /// have those before it.
    fn turns(&self, keys: &[u64]) -> impl Iterator<Item = usize> {
        let mut found = [0; TURNS];
        let mut next = 0;
        let mut count = keys.get(1).map_or(0, |&key| self.0.get(key));
        for k in 1..keys.len() {
            if next == TURNS || u32::from(count) < LEAST_DOCUMENTS {
                break;
            }
            let more = keys.get(k + 1).map_or(0, |&key| self.0.get(key));
            if u16::from(more) * 2 <= u16::from(count) {
                found[next] = k;
                next += 1;
            }
            count = more;
        }
        found.into_iter().take(next)
    }
}

/// In how many otherwise different documents of its source something stands, and with what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Repeats {
    /// The documents.
    pub documents: u32,
    /// A bit for each 64th of what varies, by its hash.
    pub variants: u64,
}

impl Repeats {
    fn add(&mut self, variant: u64) {
        self.documents += 1;
        self.variants |= 1 << (variant >> 58);
    }
}

/// The part of a line that varies: a range of its tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    /// Its first token, an index into the document's.
    pub start: usize,
    /// One past its last token.
    pub end: usize,
    /// Whether it is the document's title.
    pub titled: bool,
}

/// What a line is found to repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// The line itself.
    Whole(Repeats),
    /// The line itself, in other sources too. What varies is the source.
    Anywhere(Repeats),
    /// The line but for its numbers.
    Numbers(Repeats),
    /// A frame around words that vary.
    Frame(Repeats, Slot),
}

impl Found {
    /// How often.
    pub fn repeats(&self) -> Repeats {
        let (Found::Whole(repeats) | Found::Anywhere(repeats) | Found::Numbers(repeats) | Found::Frame(repeats, _)) =
            *self;
        repeats
    }
}

/// What sources repeat: lines, and frames around words that vary.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Lines {
    #[serde(with = "encoding::map")]
    repeats: HashedMap<u64, Repeats>,
    /// Where in their documents the repeated lines stand.
    places: Places,
    /// The lines that say other things in other documents.
    #[serde(with = "encoding::set")]
    alternatives: HashedSet<u64>,
    /// The documents that were taken in.
    pub(super) documents: u32,
}

impl Lines {
    /// Takes in a document that is otherwise different from the others.
    pub fn observe(&mut self, source: u64, cut: &Cut, counts: &LineCounts) {
        self.documents += 1;
        let mut seen: Vec<(u64, u64)> = Vec::new();
        let mut changed = Vec::new();
        let mut changed_lines = 0;
        let mut repeated: Vec<(usize, u64)> = Vec::new();
        for n in lines_of(cut) {
            let keys = Keys::new(source, cut, n);
            seen.extend(keys.anywhere.filter(|&key| counts.often(key)).map(|key| (key, hash::pair(source, 0))));
            if counts.often(keys.whole) {
                seen.push((keys.whole, 0));
                seen.extend(labels(source, cut, n).map(|label| (label, keys.whole)));
                repeated.extend(at_edge(cut, n).then_some((n, keys.whole)));
                continue;
            }
            let before = changed.len();
            changed.extend(keys.masked.filter(|&key| counts.often(key)).map(|key| (key, keys.whole)));
            changed_lines += usize::from(changed.len() > before);
            frames(cut, n, &keys, counts, |key, slot| {
                let words = cut.tokens[slot.start..slot.end].iter().map(|token| token.word);
                changed.push((key, line_key(0, words)));
            });
        }
        if changed_lines < TEMPLATE {
            seen.append(&mut changed);
        }
        self.places.observe(source, cut, &repeated);
        // A document counts once for each.
        seen.sort_unstable();
        seen.dedup_by_key(|seen| seen.0);
        seen.into_iter().for_each(|(key, variant)| self.repeats.entry(key).or_default().add(variant));
    }

    /// Returns the number of lines and frames that are counted.
    pub(crate) fn len(&self) -> usize {
        self.repeats.len()
    }

    /// Adds the counts of another part of the corpus.
    pub fn merge(&mut self, other: Lines) {
        self.documents += other.documents;
        self.places.merge(other.places);
        for (key, more) in other.repeats {
            let mine = self.repeats.entry(key).or_default();
            mine.documents = mine.documents.saturating_add(more.documents);
            mine.variants |= more.variants;
        }
    }

    /// Works out which lines say other things in other documents, and forgets what stands in too few to prove anything.
    pub fn shrink(&mut self) {
        self.alternatives = std::mem::take(&mut self.places).alternatives(&self.repeats);
        self.repeats.retain(|_, repeats| repeats.documents >= LEAST_DOCUMENTS);
    }

    /// Whether line `n` takes other values in other documents: by its place, or because `label` words at its head are those
    /// of other lines as well.
    pub(super) fn is_value(&self, source: u64, cut: &Cut, n: usize, label: Option<usize>) -> bool {
        let whole = line_key(source, cut.tokens[cut.lines[n].range()].iter().map(|token| token.word));
        let of_label = || {
            let key = labels(source, cut, n).nth(label?.checked_sub(1)?)?;
            let (all, own) = (self.repeats.get(&key)?, self.repeats.get(&whole)?);
            let others = all.documents.saturating_sub(own.documents);
            Some(others >= MIN_OTHER_DOCUMENTS && others * MAX_SHARE_OF_ONE >= all.documents)
        };
        self.alternatives.contains(&whole) || of_label().unwrap_or(false)
    }

    /// What the lines of a document repeat, by their place; `free` tells which of them to look at.
    pub(super) fn find(
        &self,
        source: u64,
        cut: &Cut,
        counts: &LineCounts,
        free: impl Fn(&Line) -> bool,
    ) -> Vec<(usize, Found)> {
        let mut found = Vec::new();
        if self.repeats.is_empty() {
            return found;
        }
        let known = |key: u64| self.repeats.get(&key).copied();
        for n in lines_of(cut).filter(|&n| free(&cut.lines[n])) {
            let keys = Keys::new(source, cut, n);
            found.extend(keys.anywhere.and_then(known).map(|repeats| (n, Found::Anywhere(repeats))));
            if let Some(repeats) = known(keys.whole) {
                found.push((n, Found::Whole(repeats)));
                continue;
            }
            found.extend(keys.masked.and_then(known).map(|repeats| (n, Found::Numbers(repeats))));
            frames(cut, n, &keys, counts, |key, slot| {
                found.extend(known(key).map(|repeats| (n, Found::Frame(repeats, slot))));
            });
        }
        found
    }
}

/// The frames that line `n` may be: fixed words at its head, at its tail or at both, with what varies between.
fn frames(cut: &Cut, n: usize, keys: &Keys, counts: &LineCounts, mut each: impl FnMut(u64, Slot)) {
    if keys.steps == 1 {
        return;
    }
    let line = &cut.lines[n];
    let outermost = n == 0 || n + 1 == cut.lines.len();
    let sides = |side: &[u64; STEPS]| -> [Option<usize>; TURNS + 1] {
        let mut turns = counts.turns(&side[..keys.steps]);
        std::array::from_fn(|i| if i == 0 { Some(0) } else { turns.next() })
    };
    let (heads, tails) = (sides(&keys.heads), sides(&keys.tails));
    for from in heads.into_iter().flatten() {
        for to in tails.into_iter().flatten() {
            let (head, tail) = (SIDES[from], SIDES[to]);
            let fixed = head + tail;
            if fixed < LEAST_AROUND_TITLE || fixed > line.len() || fixed == line.len() && (head == 0 || tail == 0) {
                continue;
            }
            let (start, end) = (line.start + head, line.end - tail);
            let titled = is_title(&cut.tokens[start..end], &cut.title);
            let length = end - start;
            let both = head > 0 && tail > 0;
            // With one side alone, the edge of the text must stand for the other, and most of the line be fixed.
            let holds = fixed >= LEAST_FIXED
                && (both && length <= LONGEST_SLOT || outermost && length <= fixed.min(LONGEST_SLOT));
            if titled || holds {
                each(keys.frame(from, to), Slot { start, end, titled });
            }
        }
    }
}

/// Whether some words are the document's title, or nearly.
fn is_title(tokens: &[Token], title: &[Word]) -> bool {
    let equal = || tokens.iter().map(|token| token.word).eq(title.iter().copied());
    !title.is_empty() && (echo::same(tokens, title) || equal())
}
