//! Known phrases, found in a run of tokens at the price of one look at each.

use crate::hash::HashedMap;
use crate::token::{Token, Word, words};

/// The words of a phrase and what is known of it.
type Phrase<T> = (Box<[Word]>, T);

/// Phrases, each with what is known of it.
#[derive(Debug, Clone)]
pub struct Phrases<T> {
    /// The phrases by their first word, the longer ones first.
    by_first: HashedMap<u64, Vec<Phrase<T>>>,
    /// A bit for each value of 16 bits of the first words' hashes: nearly every word that begins no phrase fails here.
    bits: Box<[u64; 1024]>,
}

impl<T: Copy> Phrases<T> {
    /// Phrases from texts; one without words is left out.
    pub fn new<'a>(phrases: impl IntoIterator<Item = (&'a str, T)>) -> Self {
        Phrases::of_words(phrases.into_iter().map(|(phrase, known)| (words(phrase), known)))
    }

    /// Phrases from their words.
    pub fn of_words(phrases: impl IntoIterator<Item = (Vec<Word>, T)>) -> Self {
        let mut found = Phrases { by_first: HashedMap::default(), bits: Box::new([0; 1024]) };
        for (words, known) in phrases {
            if let Some(first) = words.first() {
                let (cell, bit) = place(*first);
                found.bits[cell] |= bit;
                found.by_first.entry(first.0).or_default().push((words.into(), known));
            }
        }
        found
            .by_first
            .values_mut()
            .for_each(|phrases| phrases.sort_by_key(|(words, _)| std::cmp::Reverse(words.len())));
        found
    }

    /// The phrases that stand at the beginning of some tokens: how many words each has and what is known of it, the
    /// longer ones first.
    #[inline]
    pub fn at<'a>(&'a self, tokens: &'a [Token]) -> impl Iterator<Item = (usize, T)> + 'a {
        let candidates = match tokens.first() {
            Some(first) if self.may_begin(first.word) => self.by_first.get(&first.word.0),
            _ => None,
        };
        let holds = move |words: &[Word]| {
            tokens
                .get(..words.len())
                .is_some_and(|tokens| tokens.iter().zip(words).all(|(token, word)| token.word == *word))
        };
        let candidates = candidates.map(Vec::as_slice).unwrap_or_default();
        candidates.iter().filter(move |(words, _)| holds(words)).map(|(words, known)| (words.len(), *known))
    }

    /// What is known of the phrases that are this one word.
    pub fn of_word(&self, word: Word) -> impl Iterator<Item = T> + '_ {
        let phrases = self.may_begin(word).then(|| self.by_first.get(&word.0)).flatten();
        phrases.into_iter().flatten().filter(|(words, _)| words.len() == 1).map(|(_, known)| *known)
    }

    /// Whether a word can begin a phrase, as far as a look at a few bits tells.
    #[inline]
    pub fn may_begin(&self, word: Word) -> bool {
        let (cell, bit) = place(word);
        self.bits[cell] & bit != 0
    }
}

#[inline]
fn place(word: Word) -> (usize, u64) {
    ((word.0 >> 22) as usize & 1023, 1 << (word.0 >> 16 & 63))
}

/// The rows of a table of language data: language first.
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
