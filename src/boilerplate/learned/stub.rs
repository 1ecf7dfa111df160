//! Stubs: a text that a source puts in place of many articles, such as a consent notice or "Details to follow".
//!
//! Copies of an article have its title, or one about the same things as the text. A stub has titles that have nothing to do
//! with it, nor with each other. So it is recognised by titles alone, whatever its words, from two items on; from three if it
//! is as long as an article, which a site may run under a second headline that plays with words of its own.
//! The items are different, although their texts are equal.

use super::thresholds::{
    MIN_ALIKE_TITLE_SHARE, MIN_OWN_TITLE_SHARE, MIN_SERIES_TITLES, MIN_TELLING_WORD_CHARS, THRESHOLDS,
};
use serde::{Deserialize, Serialize};

use crate::hash;
use crate::segment::Cut;
use crate::token::{Stem, Token, Word, are_as_many_as_of_an_article};

use super::line_keys::line_key;
use super::recurring::enough;

/// The properties of a text that may be a stub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StubText {
    /// The key of the text within its source: equal for equal texts.
    pub key: u64,
    /// Its length, which decides how many titles show that it is a stub.
    pub length: StubLength,
    /// Whether the document's title has nothing to do with the text.
    pub is_foreign: bool,
}

/// The length of a text that may be a stub. In bytes the first two are what a yes or no to "is it short" is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum StubLength {
    /// Two foreign titles show that it is a stub.
    Usual,
    /// It is so short that the number of its titles alone may show that it is filler.
    Short,
    /// It is as long as an article, which may have two headlines without a word of the text.
    Article,
}

impl StubLength {
    fn of(text: &[Token]) -> Self {
        if text.len() <= THRESHOLDS.max_filler_words {
            return StubLength::Short;
        }
        if !are_as_many_as_of_an_article(text.iter().map(|token| token.word)) {
            return StubLength::Usual;
        }
        let mut stems: Vec<Stem> = text.iter().map(|token| token.word.stem()).collect();
        stems.sort_unstable();
        stems.dedup();
        // What repeats itself is no longer for it.
        if stems.len() * 2 < text.len() { StubLength::Usual } else { StubLength::Article }
    }
}

/// Returns the properties of a document's text if it may be a stub: the document has a title, and the text is short enough.
/// `source` is the hash of the document's source.
pub fn stub_text(source: u64, cut: &Cut) -> Option<StubText> {
    let text = text(cut);
    if cut.title.is_empty() || !(1..=THRESHOLDS.max_stub_words).contains(&text.len()) {
        return None;
    }
    let known = |stem: Stem| text.iter().any(|token| token.word.stem() == stem);
    Some(StubText {
        key: line_key(source, text.iter().map(|token| token.word)),
        length: StubLength::of(text),
        is_foreign: share(&cut.title, known) < MIN_OWN_TITLE_SHARE,
    })
}

/// Returns the tokens of a document's text, without the title if the text begins with it.
fn text(cut: &Cut) -> &[Token] {
    let (tokens, title) = (&cut.tokens, &cut.title);
    let repeated = title.len() < tokens.len() && tokens.iter().zip(title).all(|(token, word)| token.word == *word);
    &tokens[if repeated { title.len() } else { 0 }..]
}

/// A stub: a text that documents with unrelated titles have.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Stub {
    /// Whether it has few words and many titles, so that it is certain.
    pub certain: bool,
    /// The share of the source's documents that have it, if known.
    pub share: Option<f32>,
}

/// Recognises a stub by the titles of all documents of one source that have its text. At least one must be given, each with
/// the properties of its text. `all` is the number of documents of the source.
pub fn stub(documents: &[(&[Word], StubText)], all: u32) -> Option<Stub> {
    let found = |certain: bool| Stub { certain, share: Some(documents.len() as f32 / all.max(1) as f32) };
    let mut titles: Vec<(u64, &[Word], StubText)> =
        documents.iter().map(|&(title, text)| (title_key(title), title, text)).collect();
    titles.sort_unstable_by_key(|title| title.0);
    titles.dedup_by_key(|title| title.0);
    if titles.len() < 2 {
        return None;
    }
    let length = titles[0].2.length;
    if length == StubLength::Short && titles.len() >= usize::from(enough(all)) {
        return Some(found(true));
    }
    titles.retain(|(_, _, text)| text.is_foreign);
    let (first, others) = titles.split_first()?;
    let unlike = length != StubLength::Article && others.iter().any(|(_, title, _)| are_unlike(first.1, title));
    (unlike || titles.len() >= MIN_SERIES_TITLES).then(|| found(false))
}

fn title_key(title: &[Word]) -> u64 {
    title.iter().fold(0, |state, word| hash::pair(state, word.0))
}

/// Returns whether two titles belong to different items: they share few words, or name other numbers ("Episode 12").
fn are_unlike(a: &[Word], b: &[Word]) -> bool {
    let (shorter, longer) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let other_number = |a: &[Word], b: &[Word]| a.iter().any(|word| word.is_number() && !b.contains(word));
    let few = share(shorter, |stem| longer.iter().any(|word| word.stem() == stem)) < MIN_ALIKE_TITLE_SHARE;
    few || other_number(a, b) && other_number(b, a)
}

/// Returns the share of a title's telling words that are `known`; 0 if it has none, since then it is about nothing.
fn share(title: &[Word], known: impl Fn(Stem) -> bool) -> f32 {
    let telling = title.iter().filter(|word| word.is_number() || word.length_class() >= MIN_TELLING_WORD_CHARS);
    let (all, found) =
        telling.fold((0u32, 0u32), |(all, found), word| (all + 1, found + u32::from(known(word.stem()))));
    found as f32 / all.max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, segment};

    /// Returns whether a text under these titles is a certain stub, or none.
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
    fn two_headlines_of_an_article_may_say_nothing_of_its_words() {
        let titles = ["Water under the bridge", "All quiet in the valley", "Nobody waves goodbye"];
        for script in ['a', 'б', '가', '一'] {
            let letter = |n: u32| char::from_u32(u32::from(script) + n).unwrap_or(script);
            let word = |n: u32| [letter(n % 23), letter(n / 23), letter(n % 7), ' '].iter().collect::<String>();
            let text = |words: u32| (0..words).map(word).collect::<String>();
            let article = text(180);
            assert_eq!(of(&text(60), &titles[..2]), Some(false), "{script}");
            assert_eq!(of(&text(20).repeat(9), &titles[..2]), Some(false), "a notice nine times: {script}");
            assert_eq!(of(&article, &titles[..2]), None, "{article}");
            assert_eq!(of(&article, &titles), Some(false), "a notice of any length, under many titles: {article}");
        }
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
