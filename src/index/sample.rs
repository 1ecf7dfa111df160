//! A sample of documents: as many of each source as there is room for, chosen by hash, so that it is the same whatever the
//! order in which documents came. Boilerplate is learned from it.

use std::collections::BTreeMap;

use super::block::{put, put_text, take, take_text};
use crate::date::Day;
use crate::segment::{Cut, Line, Paragraph};
use crate::token::{Token, Word};
use crate::{Document, Span, hash};

/// Most documents in the sample.
const MOST: usize = 1 << 14;
/// Most documents of one source.
const MOST_OF_SOURCE: usize = 512;
/// Most words of a document. Lines that repeat are at the edges, but of a very long text the sample takes only the
/// beginning.
const MOST_WORDS: usize = 4096;

/// A document of the sample: its words, and how they are cut, but no text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sampled {
    /// Its source.
    pub source: Option<Box<str>>,
    /// A hash of its text.
    pub text: u64,
    /// The day that its age counts from.
    pub day: Day,
    title: Vec<Word>,
    words: Vec<Word>,
    paragraphs: Vec<(u32, u32)>,
    lines: Vec<(u32, u32)>,
}

impl Sampled {
    /// Returns a document as the sample keeps it.
    pub fn of(document: &Document, cut: &Cut, day: Day) -> Self {
        let most = cut.tokens.len().min(MOST_WORDS);
        let within = |(start, end): (usize, usize)| (start < most).then_some((start as u32, end.min(most) as u32));
        Sampled {
            source: document.source.clone(),
            text: hash::bytes(document.text.as_bytes()),
            day,
            title: cut.title.clone(),
            words: cut.tokens[..most].iter().map(|token| token.word).collect(),
            paragraphs: cut.paragraphs.iter().filter_map(|p| within((p.start as usize, p.end as usize))).collect(),
            lines: cut.lines.iter().filter_map(|line| within((line.start, line.end))).collect(),
        }
    }

    /// Returns the document with a placeholder for its text, which is as different from others as the text was.
    pub fn document(&self) -> Document {
        Document { source: self.source.clone(), ..Document::new("", format!("{:016x}", self.text)) }
    }

    /// Returns its cut, without places in the text.
    pub fn cut(&self) -> Cut {
        let token = |&word: &Word| Token { word, start: 0, len: 0, capital: false };
        let paragraph = |&(start, end): &(u32, u32)| Paragraph { span: Span::default(), start, end };
        let line = |&(start, end): &(u32, u32)| Line { start: start as usize, end: end as usize };
        Cut {
            tokens: self.words.iter().map(token).collect(),
            title: self.title.clone(),
            paragraphs: self.paragraphs.iter().map(paragraph).collect(),
            lines: self.lines.iter().map(line).collect(),
            fences: Vec::new(),
        }
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(64 + self.words.len() * 8);
        put_text(&mut out, self.source.as_deref().unwrap_or(""));
        put(&mut out, u64::from(self.source.is_some()));
        put(&mut out, self.text);
        put(&mut out, self.day as u32 as u64);
        for pairs in [&self.paragraphs, &self.lines] {
            put(&mut out, pairs.len() as u64);
            for &(start, end) in pairs {
                put(&mut out, u64::from(start));
                put(&mut out, u64::from(end - start));
            }
        }
        for words in [&self.title, &self.words] {
            put(&mut out, words.len() as u64);
            words.iter().for_each(|word| out.extend_from_slice(&word.0.to_le_bytes()));
        }
        out
    }

    pub(super) fn read(bytes: &[u8]) -> Option<Sampled> {
        let mut at = 0;
        let source = take_text(bytes, &mut at)?;
        let mut number = || take(bytes, &mut at);
        let source = (number()? == 1).then(|| source.into());
        let (text, day) = (number()?, number()? as u32 as Day);
        let mut pairs = || -> Option<Vec<(u32, u32)>> {
            let length = number()?;
            let pair = |_| {
                let start = u32::try_from(number()?).ok()?;
                Some((start, start.checked_add(u32::try_from(number()?).ok()?)?))
            };
            (0..length).map(pair).collect()
        };
        let (paragraphs, lines) = (pairs()?, pairs()?);
        let mut words = || -> Option<Vec<Word>> {
            let length = take(bytes, &mut at)? as usize;
            let hashes = bytes.get(at..at.checked_add(length.checked_mul(8)?)?)?;
            at += hashes.len();
            Some(hashes.as_chunks::<8>().0.iter().map(|hash| Word(u64::from_le_bytes(*hash))).collect())
        };
        let (title, words) = (words()?, words()?);
        let last = |pairs: &[(u32, u32)]| pairs.iter().all(|pair| pair.1 as usize <= words.len());
        let sound = last(&paragraphs) && last(&lines);
        sound.then_some(Sampled { source, text, day, title, words, paragraphs, lines })
    }
}

/// The place of a document in the sample: its source, then its rank, both hashes.
pub(super) type SamplePlace = (u64, u64);

/// Returns the place that a document would have.
pub(super) fn place(document: &Document) -> SamplePlace {
    let [source, title] = [&document.source, &document.title].map(|text| text.as_deref().unwrap_or(""));
    let rank = hash::pair(hash::bytes(title.as_bytes()), hash::bytes(document.text.as_bytes()));
    (hash::bytes(source.as_bytes()), rank)
}

/// The documents that are in the sample.
#[derive(Debug, Default)]
pub(super) struct Places {
    of_source: BTreeMap<u64, std::collections::BTreeSet<u64>>,
    held: usize,
}

impl Places {
    /// Returns whether a document belongs to it, as far as is known yet.
    pub fn wants(&self, (source, rank): SamplePlace) -> bool {
        let Some(ranks) = self.of_source.get(&source) else { return true };
        let room = ranks.len() < self.room();
        !ranks.contains(&rank) && (room || ranks.last().is_some_and(|last| rank < *last))
    }

    pub fn insert(&mut self, (source, rank): SamplePlace) {
        self.held += usize::from(self.of_source.entry(source).or_default().insert(rank));
    }

    pub fn remove(&mut self, (source, rank): SamplePlace) {
        let Some(ranks) = self.of_source.get_mut(&source) else { return };
        self.held -= usize::from(ranks.remove(&rank));
        if ranks.is_empty() {
            self.of_source.remove(&source);
        }
    }

    fn room(&self) -> usize {
        (MOST / self.of_source.len().max(1)).clamp(1, MOST_OF_SOURCE)
    }

    /// Takes out the documents that no longer belong to it: of each source those that rank last; if there are more sources
    /// than room, those whose hashes are the greatest.
    pub fn excess(&mut self) -> Vec<SamplePlace> {
        let room = self.room();
        let mut gone = Vec::new();
        for (&source, ranks) in &mut self.of_source {
            while ranks.len() > room {
                gone.extend(ranks.pop_last().map(|rank| (source, rank)));
            }
        }
        while self.of_source.len() > MOST {
            let Some((source, ranks)) = self.of_source.pop_last() else { break };
            gone.extend(ranks.into_iter().map(|rank| (source, rank)));
        }
        self.held -= gone.len();
        gone
    }

    /// Returns whether the sample is so full that documents must be taken out.
    pub fn is_crowded(&self) -> bool {
        self.held > MOST * 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment;

    #[test]
    fn a_document_comes_back_as_it_is_cut() {
        let document = Document {
            source: Some("x".into()),
            title: Some("Ferry aground".into()),
            ..Document::new("a", "One two three.\n\nFour five\nsix.")
        };
        let cut = segment::cut(&document);
        let sampled = Sampled::of(&document, &cut, -9);
        let bytes = sampled.write();
        let read = Sampled::read(&bytes).unwrap();
        assert_eq!(read, sampled);
        let again = read.cut();
        assert_eq!((again.title, again.lines), (cut.title, cut.lines));
        let places = |cut: &[Paragraph]| cut.iter().map(|p| (p.start, p.end)).collect::<Vec<_>>();
        assert_eq!(places(&again.paragraphs), places(&cut.paragraphs));
        assert_eq!(Sampled::read(&bytes[..bytes.len() - 1]), None);
    }

    #[test]
    fn the_same_whatever_the_order_and_the_steps() {
        let all: Vec<SamplePlace> = (0..40_000u64).map(|i| (i * i % 37, hash::constant(i))).collect();
        let kept = |order: &mut dyn Iterator<Item = SamplePlace>, step: usize| {
            let mut places = Places::default();
            let mut kept = std::collections::BTreeSet::new();
            for (n, place) in order.enumerate() {
                if places.wants(place) {
                    places.insert(place);
                    kept.insert(place);
                }
                if n % step == 0 || places.is_crowded() {
                    places.excess().iter().for_each(|gone| assert!(kept.remove(gone)));
                }
            }
            places.excess().iter().for_each(|gone| assert!(kept.remove(gone)));
            kept
        };
        let whole = kept(&mut all.iter().copied(), usize::MAX);
        assert!(whole.len() > 5000 && whole.len() <= MOST);
        assert_eq!(kept(&mut all.iter().rev().copied(), 7), whole);
        assert_eq!(kept(&mut all.iter().copied(), 1000), whole);
    }
}
