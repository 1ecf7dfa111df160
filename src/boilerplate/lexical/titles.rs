//! The titles of all documents, by which the end of a promoted headline is found.

use super::thresholds::{
    MAX_COMPARED_TITLES, MAX_COMPARED_WORDS, MAX_DIFFERENT_TITLE_WORDS, MAX_SKIPPED_TITLE_WORDS,
    MIN_INDEXED_TITLE_WORDS,
};
use serde::{Deserialize, Serialize};

use crate::hash;
use crate::token::{Token, Word};

/// An index of titles by their first words.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Vec<Word>>", into = "Vec<Vec<Word>>")]
pub struct TitleIndex {
    /// All words of all titles, one after the other.
    words: Vec<Word>,
    /// The end of each title's words.
    ends: Vec<u32>,
    /// For each three words in a row that begin a title, or begin one or two words after its beginning: their hash, the
    /// title, and how many words come before. Sorted by the hash, then by the words from there on; of those that are equal,
    /// the first is kept.
    keys: Vec<(u64, u32, u8)>,
}

fn key(words: &[Word]) -> u64 {
    hash::sequence(&[words[0].0, words[1].0, words[2].0])
}

impl TitleIndex {
    /// Words in a key.
    pub const KEY: usize = 3;

    /// Returns an index of titles, which are given as their words.
    pub fn new<'a>(titles: impl IntoIterator<Item = &'a [Word]>) -> Self {
        let mut index = TitleIndex::default();
        for title in titles.into_iter().filter(|title| title.len() >= MIN_INDEXED_TITLE_WORDS) {
            let id = index.ends.len() as u32;
            index.words.extend_from_slice(title);
            index.ends.push(index.words.len() as u32);
            index.keys.extend(TitleIndex::keys(title).zip(0u8..).map(|(key, skipped)| (key, id, skipped)));
        }
        index.sort();
        index
    }

    /// Puts the keys into their order.
    fn sort(&mut self) {
        let mut keys = std::mem::take(&mut self.keys);
        let rest = |key: &(u64, u32, u8)| self.rest(key);
        // Where two titles have one key, their next words are nearly always different.
        let compare = |a: &(u64, u32, u8), b: &(u64, u32, u8)| {
            a.0.cmp(&b.0).then_with(|| rest(a).iter().map(number).cmp(rest(b).iter().map(number))).then(a.cmp(b))
        };
        keys.sort_unstable_by(compare);
        keys.dedup_by(|next, last| next.0 == last.0 && rest(next) == rest(last));
        self.keys = keys;
    }

    /// Returns the keys that a title is found by: those of the first words of a text that may promote it.
    pub fn keys(title: &[Word]) -> impl Iterator<Item = u64> + '_ {
        let windows = if title.len() < MIN_INDEXED_TITLE_WORDS { 0 } else { MAX_SKIPPED_TITLE_WORDS + 1 };
        title.windows(TitleIndex::KEY).take(windows).map(key)
    }

    /// Returns the key of titles that begin as a text does, if the text is long enough.
    pub fn place(words: &[Word]) -> Option<u64> {
        words.get(..TitleIndex::KEY).map(key)
    }

    /// Takes in the titles of another part of the corpus.
    pub fn merge(&mut self, other: &TitleIndex) {
        let (words, titles) = (self.words.len() as u32, self.ends.len() as u32);
        self.words.extend_from_slice(&other.words);
        self.ends.extend(other.ends.iter().map(|end| end + words));
        self.keys.extend(other.keys.iter().map(|&(key, id, skipped)| (key, id + titles, skipped)));
        self.sort();
    }

    fn title(&self, id: u32) -> &[Word] {
        let start = if id == 0 { 0 } else { self.ends[id as usize - 1] };
        &self.words[start as usize..self.ends[id as usize] as usize]
    }

    /// Returns the words of a title from where a key begins.
    fn rest(&self, (_, id, skipped): &(u64, u32, u8)) -> &[Word] {
        &self.title(*id)[*skipped as usize..]
    }

    /// Returns how many tokens at the beginning of `tokens` are a title, or nearly: the longest title counts.
    pub fn longest_at(&self, tokens: &[Token]) -> Option<usize> {
        let words: Vec<Word> = tokens.iter().take(MAX_COMPARED_WORDS).map(|token| token.word).collect();
        (words.len() >= TitleIndex::KEY).then_some(())?;
        let key = key(&words);
        let from = self.keys.partition_point(|entry| entry.0 < key);
        let here = &self.keys[from..];
        let here = &here[..here.partition_point(|entry| entry.0 == key)];
        let rest = |key: &(u64, u32, u8)| self.rest(key);
        let here = if here.len() > MAX_COMPARED_TITLES {
            let at = here.partition_point(|entry| rest(entry).iter().map(number).lt(words.iter().map(number)));
            let first = at.saturating_sub(MAX_COMPARED_TITLES / 2).min(here.len() - MAX_COMPARED_TITLES);
            &here[first..first + MAX_COMPARED_TITLES]
        } else {
            here
        };
        here.iter().filter_map(|entry| near(&words, rest(entry))).max()
    }
}

/// The titles, in order, each once.
impl From<TitleIndex> for Vec<Vec<Word>> {
    fn from(index: TitleIndex) -> Self {
        let mut titles: Vec<Vec<Word>> = (0..index.ends.len() as u32).map(|id| index.title(id).to_vec()).collect();
        titles.sort_unstable();
        titles.dedup();
        titles
    }
}

impl From<Vec<Vec<Word>>> for TitleIndex {
    fn from(titles: Vec<Vec<Word>>) -> Self {
        TitleIndex::new(titles.iter().map(Vec::as_slice))
    }
}

/// Returns the number that words are sorted by. It starts with the stem, so that forms of one word are adjacent.
fn number(word: &Word) -> u64 {
    word.0
}

/// Returns how many of `words` a title takes, if nearly all of it is there: of five words one may be another.
fn near(words: &[Word], title: &[Word]) -> Option<usize> {
    let most = (title.len() / 5).min(MAX_DIFFERENT_TITLE_WORDS);
    let (mut at, mut end, mut missed, mut replaced) = (0, 0, 0, 0);
    for word in title {
        let ahead = &words[at.min(words.len())..(at + MAX_DIFFERENT_TITLE_WORDS + 1).min(words.len())];
        match ahead.iter().position(|other| other == word || other.stem() == word.stem() && !word.is_number()) {
            Some(skipped) => {
                // A word in place of another counts once.
                missed += skipped.saturating_sub(std::mem::take(&mut replaced));
                at += skipped + 1;
                end = at;
            }
            None => {
                missed += 1;
                replaced += 1;
            }
        }
        if missed > most {
            return None;
        }
    }
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::tokenize;

    fn tokens(text: &str) -> Vec<Token> {
        let mut tokens = Vec::new();
        tokenize(text, 0, &mut tokens);
        tokens
    }

    fn found(text: &str) -> Option<usize> {
        let titles = [
            "BREAKING: Typhoon Goni Triggers Floods, Killing 16 in Philippines",
            "Typhoon Goni",
            "Typhoon Goni Triggers Alarm",
        ];
        let titles: Vec<Vec<Word>> = titles.iter().map(|t| tokens(t).iter().map(|t| t.word).collect()).collect();
        TitleIndex::new(titles.iter().map(Vec::as_slice)).longest_at(&tokens(text))
    }

    #[test]
    fn the_index_of_the_whole_is_that_of_its_parts_merged() {
        let titles =
            ["Rain floods the town", "Sun dries the town out", "Wind shakes the old town"].map(crate::token::words);
        let index = |titles: &[Vec<Word>]| TitleIndex::new(titles.iter().map(Vec::as_slice));
        let mut merged = index(&titles[..1]);
        merged.merge(&index(&titles[1..]));
        assert_eq!(merged.longest_at(&tokens("Sun dries the town out on Monday")), Some(5));
        assert_eq!(merged.longest_at(&tokens("Rain floods the town again")), Some(4));
        assert_eq!(merged.keys, index(&titles).keys);
    }

    #[test]
    fn a_title_ends_where_it_ends() {
        assert_eq!(found("Typhoon Goni Triggers Floods Killing 16 in Philippines The NCDC made"), Some(8));
        assert_eq!(found("Typhoon Goni Triggers Floods, Kills 16 in Philippines The NCDC"), Some(8));
        assert_eq!(found("Typhoon Goni Triggers Floods, Kills 20 in Manila The NCDC"), None);
        assert_eq!(found("Typhoon Goni Triggers Floods Killing 16 in the Philippines The NCDC"), Some(9));
        assert_eq!(found("Typhoon Goni Triggers Alarm in Manila"), Some(4));
        assert_eq!(found("Typhoon Goni is near"), None);
    }
}
