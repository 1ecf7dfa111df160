//! Stubs: a text that a source puts in place of many articles, such as a consent notice or "Details to follow".
//!
//! Copies of an article have its title, or one that speaks of the same things as the text. A stub stands under titles
//! that have nothing to do with it, nor with each other. So it is told by titles alone, from two items on, whatever it
//! says and however long it is. The items are different, though their texts are equal.

use serde::{Deserialize, Serialize};

use crate::hash;
use crate::segment::Cut;
use crate::token::{Stem, Token, Word};

use super::lines::line_key;
use super::recurring::enough;

/// Longest stub, in words. Longer texts that are equal and share no title were not met.
const MAX_STUB_WORDS: usize = 400;
/// A title is foreign to a text that has less than this share of the title's telling words.
const FOREIGN_TITLE: f32 = 0.5;
/// Two titles are unlike if they share less than this of the telling words of the shorter.
const UNLIKE_TITLES: f32 = 0.5;
/// From this many different foreign titles on it does not matter whether they are alike: a series has alike ones.
const SERIES_TITLES: usize = 3;
/// Words of fewer letters tell nothing of what a title is about.
const MIN_TELLING_LETTERS: usize = 4;
/// Longest text that is taken for filler by the number of its titles alone, in words.
const MAX_FILLER_WORDS: usize = 12;

/// What the text of a document is like that may be a stub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StubText {
    /// The key of the text within its source: equal for equal texts.
    pub key: u64,
    /// Whether the text is so short that the number of its titles alone may tell it for filler.
    pub is_short: bool,
    /// Whether the document's title has nothing to do with the text.
    pub is_foreign: bool,
}

/// Returns what the text of a document is like if it may be a stub: the document has a title, and the text is short enough.
/// `source` is the hash of the document's source.
pub fn stub_text(source: u64, cut: &Cut) -> Option<StubText> {
    let text = text(cut);
    if cut.title.is_empty() || !(1..=MAX_STUB_WORDS).contains(&text.len()) {
        return None;
    }
    let known = |stem: Stem| text.iter().any(|token| token.word.stem() == stem);
    Some(StubText {
        key: line_key(source, text.iter().map(|token| token.word)),
        is_short: text.len() <= MAX_FILLER_WORDS,
        is_foreign: share(&cut.title, known) < FOREIGN_TITLE,
    })
}

/// The tokens of a document's text, without the title where the text repeats it first.
fn text(cut: &Cut) -> &[Token] {
    let (tokens, title) = (&cut.tokens, &cut.title);
    let repeated = title.len() < tokens.len() && tokens.iter().zip(title).all(|(token, word)| token.word == *word);
    &tokens[if repeated { title.len() } else { 0 }..]
}

/// What the titles of documents say of the text that all of them have.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Stub {
    /// Whether it is a few words under so many titles that it says nothing of any.
    pub certain: bool,
    /// The share of the source's documents that have it, if known.
    pub share: Option<f32>,
}

/// Tells a stub by the titles of all documents of one source that have its text, of which at least one is given, each with
/// what its text is like. `all` is how many documents the source has.
pub fn stub(documents: &[(&[Word], StubText)], all: u32) -> Option<Stub> {
    let found = |certain: bool| Stub { certain, share: Some(documents.len() as f32 / all.max(1) as f32) };
    let mut titles: Vec<(u64, &[Word], StubText)> =
        documents.iter().map(|&(title, text)| (title_key(title), title, text)).collect();
    titles.sort_unstable_by_key(|title| title.0);
    titles.dedup_by_key(|title| title.0);
    if titles.len() < 2 {
        return None;
    }
    if titles[0].2.is_short && titles.len() >= usize::from(enough(all)) {
        return Some(found(true));
    }
    titles.retain(|(_, _, text)| text.is_foreign);
    let (first, others) = titles.split_first()?;
    let unlike = others.iter().any(|(_, title, _)| are_unlike(first.1, title));
    (unlike || titles.len() >= SERIES_TITLES).then(|| found(false))
}

fn title_key(title: &[Word]) -> u64 {
    title.iter().fold(0, |state, word| hash::pair(state, word.0))
}

/// Whether two titles belong to different items: they share few words, or name other numbers ("Episode 12").
fn are_unlike(a: &[Word], b: &[Word]) -> bool {
    let (shorter, longer) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let other_number = |a: &[Word], b: &[Word]| a.iter().any(|word| word.is_number() && !b.contains(word));
    let few = share(shorter, |stem| longer.iter().any(|word| word.stem() == stem)) < UNLIKE_TITLES;
    few || other_number(a, b) && other_number(b, a)
}

/// The share of a title's telling words that are `known`; 0 if it has none, for then it tells nothing of the text.
fn share(title: &[Word], known: impl Fn(Stem) -> bool) -> f32 {
    let telling = title.iter().filter(|word| word.is_number() || word.length_class() >= MIN_TELLING_LETTERS);
    let (all, found) =
        telling.fold((0u32, 0u32), |(all, found), word| (all + 1, found + u32::from(known(word.stem()))));
    found as f32 / all.max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, segment};

    /// Whether a text under these titles is a certain stub, or none.
    fn of(text: &str, titles: &[&str]) -> Option<bool> {
        let document = |title: &&str| Document { title: Some((*title).into()), ..Document::new("x", text) };
        let cuts: Vec<Cut> = titles.iter().map(document).map(|document| segment::cut(&document)).collect();
        let titled: Vec<(&[Word], StubText)> =
            cuts.iter().map(|cut| (&*cut.title, stub_text(1, cut).expect("it is short"))).collect();
        assert!(titled.iter().all(|(_, text)| text.key == titled[0].1.key), "the texts are equal");
        stub(&titled, 200).map(|stub| stub.certain)
    }

    #[test]
    fn titles_that_have_nothing_to_do_with_the_text() {
        let wall = "This story is for members of our co-operative. Sign in with your number, or join for five a month.";
        assert_eq!(of(wall, &["Who still bakes with rye?", "The bridge stays shut"]), Some(false));
        assert_eq!(of(wall, &["The bridge stays shut", "The bridge stays shut"]), None, "one item, crawled twice");
        assert_eq!(of(wall, &["The bridge stays shut", "The bridge stays shut: photos"]), None, "one item, renamed");
        assert_eq!(of(wall, &["Field notes, part 12", "Field notes, part 13"]), Some(false), "a series");
    }

    #[test]
    fn a_text_that_its_titles_speak_of_is_an_article() {
        let text = "The bridge over the Ael stays shut until May. Engineers found a crack in the third pier, and the \
                    council has asked a diver to look at the others.";
        assert_eq!(of(text, &["Bridge over the Ael stays shut", "Crack found in pier of bridge"]), None);
        assert_eq!(of(text, &["Bridge over the Ael stays shut", "What a diver earns"]), None, "one of two fits");
    }

    #[test]
    fn few_words_under_many_titles_are_certain() {
        let titles = ["Fence at kiln", "Wool falls", "Ferry aground", "Four pupils left", "Rye bread"];
        assert_eq!(of("Blah blah blah.", &titles), Some(true));
        assert_eq!(of("Blah blah blah.", &titles[..2]), Some(false));
        let repeated =
            Document { title: Some("Wool falls".into()), ..Document::new("x", "Wool falls\n\nBlah blah blah.") };
        let plain = Document { title: Some("Rye bread".into()), ..Document::new("y", "Blah blah blah.") };
        let key = |document: &Document| stub_text(1, &segment::cut(document)).map(|text| text.key);
        assert_eq!(key(&repeated), key(&plain), "a title that the text repeats is not counted");
    }
}
