//! Finds known phrases in a run of tokens, in constant time for each token.

use crate::hash::{self, HashedMap};
use crate::token::{Token, Word, words};

/// The words of a phrase and its value.
type Phrase<T> = (Box<[Word]>, T);

/// Phrases, each with a value.
#[derive(Debug, Clone)]
pub struct Phrases<T> {
    /// The phrases by their first word, the longer ones first.
    by_first: HashedMap<u64, Vec<Phrase<T>>>,
    /// The first words: nearly every word that begins no phrase fails here.
    firsts: Bits,
    /// The first two words of the phrases that have more than one, and the only word of the others.
    seconds: Bits,
}

/// A bit for each value of 16 bits of some hashes.
#[derive(Debug, Clone)]
struct Bits(Box<[u64; 1024]>);

impl Bits {
    fn insert(&mut self, hash: u64) {
        self.0[(hash >> 22) as usize & 1023] |= 1 << (hash >> 16 & 63);
    }

    #[inline]
    fn may_hold(&self, hash: u64) -> bool {
        self.0[(hash >> 22) as usize & 1023] >> (hash >> 16 & 63) & 1 == 1
    }
}

impl<T: Copy> Phrases<T> {
    /// Phrases from texts; one without words is left out.
    pub fn new<'a>(phrases: impl IntoIterator<Item = (&'a str, T)>) -> Self {
        Phrases::of_words(phrases.into_iter().map(|(phrase, known)| (words(phrase), known)))
    }

    /// Phrases from their words.
    pub fn of_words(phrases: impl IntoIterator<Item = (Vec<Word>, T)>) -> Self {
        let none = || Bits(Box::new([0; 1024]));
        let mut found = Phrases { by_first: HashedMap::default(), firsts: none(), seconds: none() };
        for (words, known) in phrases {
            if let Some(first) = words.first() {
                found.firsts.insert(first.0);
                found.seconds.insert(words.get(1).map_or(first.0, |second| two(*first, *second)));
                found.by_first.entry(first.0).or_default().push((words.into(), known));
            }
        }
        found
            .by_first
            .values_mut()
            .for_each(|phrases| phrases.sort_by_key(|(words, _)| std::cmp::Reverse(words.len())));
        found
    }

    /// Returns the phrases that some tokens begin with: the number of words and the value of each, longer ones first.
    #[inline]
    pub fn at<'a>(&'a self, tokens: &'a [Token]) -> impl Iterator<Item = (usize, T)> + 'a {
        let candidates = if self.may_stand_at(tokens) { self.by_first.get(&tokens[0].word.0) } else { None };
        let holds = move |words: &[Word]| {
            tokens
                .get(..words.len())
                .is_some_and(|tokens| tokens.iter().zip(words).all(|(token, word)| token.word == *word))
        };
        let candidates = candidates.map(Vec::as_slice).unwrap_or_default();
        candidates.iter().filter(move |(words, _)| holds(words)).map(|(words, known)| (words.len(), *known))
    }

    /// Returns the values of the phrases that are this one word.
    pub fn of_word(&self, word: Word) -> impl Iterator<Item = T> + '_ {
        let phrases = self.may_begin(word).then(|| self.by_first.get(&word.0)).flatten();
        phrases.into_iter().flatten().filter(|(words, _)| words.len() == 1).map(|(_, known)| *known)
    }

    /// Returns whether a word may begin a phrase, by a look at one bit.
    #[inline]
    pub fn may_begin(&self, word: Word) -> bool {
        self.firsts.may_hold(word.0)
    }

    /// Returns whether some tokens may begin with a phrase, by a look at the first two.
    #[inline]
    pub fn may_stand_at(&self, tokens: &[Token]) -> bool {
        let Some(first) = tokens.first().filter(|first| self.may_begin(first.word)) else { return false };
        let second = tokens.get(1).is_some_and(|second| self.seconds.may_hold(two(first.word, second.word)));
        second || self.seconds.may_hold(first.word.0)
    }
}

/// Returns the hash of two words for [`Bits`].
#[inline]
fn two(first: Word, second: Word) -> u64 {
    hash::pair(first.0, second.0)
}

/// Returns the rows of a table of language data: language first.
pub(super) fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    let lines = table.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.map(|line| line.split('\t').collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::tokenize;

    #[test]
    fn the_longest_comes_first() {
        let phrases = Phrases::new([("read also", 1), ("read", 2), ("read also this", 3), ("…", 4)]);
        let found = |text: &str| {
            let mut tokens = Vec::new();
            tokenize(text, 0, &mut tokens);
            phrases.at(&tokens).collect::<Vec<_>>()
        };
        assert_eq!(found("READ ALSO: this is it"), [(3, 3), (2, 1), (1, 2)]);
        assert_eq!(found("Read me"), [(1, 2)]);
        assert_eq!(found("also read"), []);
        assert_eq!(found(""), []);
    }
}
