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
    /// The places of each three words in a row that begin a title, or begin one or two words after its beginning. Sorted by
    /// the hash of the three, then by the words from there on; of those that are equal, the first is kept.
    places: Vec<Place>,
}

/// A place in a title: the number of the title and, in the lowest bits, how many words come before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place(u32);

impl Place {
    /// Bits of the number of words.
    const BITS: u32 = 2;

    fn new(title: usize, skipped: usize) -> Self {
        const { assert!(MAX_SKIPPED_TITLE_WORDS < 1 << Place::BITS) };
        let number = title << Place::BITS | skipped;
        Place(u32::try_from(number).expect("an index has at most a billion titles"))
    }

    fn title(self) -> usize {
        (self.0 >> Place::BITS) as usize
    }

    fn skipped(self) -> usize {
        (self.0 & ((1 << Place::BITS) - 1)) as usize
    }
}

fn key(words: &[Word]) -> u64 {
    hash::sequence(&[words[0].0, words[1].0, words[2].0])
}

impl TitleIndex {
    /// Words in a key.
    pub const KEY: usize = 3;

    /// Returns an index of titles, which are given as their words.
    pub fn new<'a>(titles: impl IntoIterator<Item = &'a [Word], IntoIter: Clone>) -> Self {
        let titles = titles.into_iter().filter(|title| title.len() >= MIN_INDEXED_TITLE_WORDS);
        // Of the right size at once: what grows is held twice.
        let (count, words) = titles.clone().fold((0, 0), |(count, words), title| (count + 1, words + title.len()));
        let mut index =
            TitleIndex { words: Vec::with_capacity(words), ends: Vec::with_capacity(count), places: vec![] };
        for title in titles {
            index.words.extend_from_slice(title);
            index.ends.push(index.words.len() as u32);
        }
        index.sort();
        index
    }

    /// Finds the places of the titles, and puts them into their order.
    fn sort(&mut self) {
        let mut keys: Vec<(u64, Place)> = Vec::with_capacity(self.ends.len() * (MAX_SKIPPED_TITLE_WORDS + 1));
        for title in 0..self.ends.len() {
            let of_title = TitleIndex::keys(self.title(title)).enumerate();
            keys.extend(of_title.map(|(skipped, key)| (key, Place::new(title, skipped))));
        }
        let rest = |key: &(u64, Place)| self.rest(key.1);
        // Where two titles have one key, their next words are nearly always different.
        let compare = |a: &(u64, Place), b: &(u64, Place)| {
            a.0.cmp(&b.0).then_with(|| rest(a).iter().map(number).cmp(rest(b).iter().map(number))).then(a.cmp(b))
        };
        keys.sort_unstable_by(compare);
        keys.dedup_by(|next, last| next.0 == last.0 && rest(next) == rest(last));
        let mut places = Vec::with_capacity(keys.len());
        places.extend(keys.iter().map(|&(_, place)| place));
        self.places = places;
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
        let words = self.words.len() as u32;
        self.words.extend_from_slice(&other.words);
        self.ends.extend(other.ends.iter().map(|end| end + words));
        self.sort();
    }

    fn title(&self, title: usize) -> &[Word] {
        let start = title.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.words[start as usize..self.ends[title] as usize]
    }

    /// Returns the words of a title from a place on.
    fn rest(&self, place: Place) -> &[Word] {
        &self.title(place.title())[place.skipped()..]
    }

    /// Returns how many tokens at the beginning of `tokens` are a title, or nearly: the longest title counts.
    pub fn longest_at(&self, tokens: &[Token]) -> Option<usize> {
        let words: Vec<Word> = tokens.iter().take(MAX_COMPARED_WORDS).map(|token| token.word).collect();
        (words.len() >= TitleIndex::KEY).then_some(())?;
        let wanted = key(&words);
        let rest = |place: &Place| self.rest(*place);
        let from = self.places.partition_point(|place| key(rest(place)) < wanted);
        let here = &self.places[from..];
        let here = &here[..here.partition_point(|place| key(rest(place)) == wanted)];
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
        let mut titles: Vec<Vec<Word>> = (0..index.ends.len()).map(|title| index.title(title).to_vec()).collect();
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
        assert_eq!(merged.places, index(&titles).places);
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
