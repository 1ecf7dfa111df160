//! Pieces of a document that are not body, with their bytes.

use crate::Span;
use crate::token::Token;

/// The kind of a piece that is not body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AsideKind {
    /// A link to another item, inserted into the text: marker and headline.
    InsertedLink,
    /// A call to action: subscribe, share, read more.
    CallToAction,
    /// A line or phrase that the source repeats in documents that are otherwise different.
    RepeatedLine,
    /// The frame that a feed puts around an item, the repeated headline among it.
    Frame,
    /// A credit, byline or dateline.
    Credit,
}

/// A piece that is not body.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Aside {
    /// Its first token, an index into the document's.
    pub start: u32,
    /// One past its last token.
    pub end: u32,
    /// Its bytes in the text, punctuation that belongs to it included, white space around it not.
    pub span: Span,
    /// Its kind.
    pub kind: AsideKind,
    /// Whether it and its extent are certain enough for removal. Any other piece is set aside for matching, and may be
    /// marked.
    pub certain: bool,
    /// The strength of the evidence, 0 to 1.
    pub score: f32,
    /// The evidence, for people.
    pub evidence: &'static str,
    /// The share of its source's documents that repeat it, 0 to 1; `None` if it was not found by the corpus.
    pub share: Option<f32>,
}

impl Aside {
    /// Returns the tokens `start..end` of a document as a certain piece with a score of 1.
    pub fn new(
        text: &str,
        tokens: &[Token],
        start: usize,
        end: usize,
        kind: AsideKind,
        evidence: &'static str,
    ) -> Self {
        let span = with_punctuation(text, tokens[start].start as usize, tokens[end - 1].end() as usize);
        Aside { start: start as u32, end: end as u32, span, kind, certain: true, score: 1.0, evidence, share: None }
    }

    /// Returns the piece as an uncertain one, which is only marked.
    pub fn uncertain(self, score: f32) -> Self {
        Aside { certain: false, score, ..self }
    }

    /// Returns the piece with other bytes.
    pub fn with_span(self, span: Span) -> Self {
        Aside { span, ..self }
    }
}

/// Returns the ranges of tokens that pieces cover, in order, joined where they touch.
pub fn stretches(asides: &[Aside]) -> Vec<(u32, u32)> {
    let mut stretches: Vec<(u32, u32)> = asides.iter().map(|aside| (aside.start, aside.end)).collect();
    stretches.sort_unstable();
    stretches.dedup_by(|next, last| {
        let touch = next.0 <= last.1;
        last.1 = if touch { last.1.max(next.1) } else { last.1 };
        touch
    });
    stretches
}

/// Returns bytes with the punctuation that belongs to them: closing signs right after them, and brackets or quotes in
/// pairs.
fn with_punctuation(text: &str, mut start: usize, mut end: usize) -> Span {
    let mut signs: Option<Signs> = None;
    loop {
        let Some(next) = text[end..].chars().next() else { return Span::new(start, end) };
        let before = text[..start].chars().next_back();
        let with_before = match (before, next) {
            (Some('('), ')') | (Some('['), ']') | (Some('“'), '”') | (Some('«'), '»') => true,
            (Some(q @ ('"' | '*' | '_' | '\'')), c) if c == q => true,
            (_, c @ (')' | ']' | '”' | '"'))
                if signs.get_or_insert_with(|| Signs::of(&text[start..end])).are_open_for(c) =>
            {
                false
            }
            (_, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '।' | '؟' | '»' | '>' | '%' | '’') => false,
            _ => return Span::new(start, end),
        };
        end += next.len_utf8();
        let added = before.filter(|_| with_before);
        start -= added.map_or(0, char::len_utf8);
        if let Some(signs) = &mut signs {
            added.into_iter().chain([next]).for_each(|c| signs.add(c));
        }
    }
}

/// The brackets and quotes of a piece: how many more open than close, and how many quotes there are that do both.
#[derive(Default)]
struct Signs {
    round: i64,
    square: i64,
    curly: i64,
    quotes: u64,
}

impl Signs {
    fn of(piece: &str) -> Self {
        let mut signs = Signs::default();
        piece.chars().for_each(|c| signs.add(c));
        signs
    }

    fn add(&mut self, c: char) {
        match c {
            '(' => self.round += 1,
            ')' => self.round -= 1,
            '[' => self.square += 1,
            ']' => self.square -= 1,
            '“' => self.curly += 1,
            '”' => self.curly -= 1,
            '"' => self.quotes += 1,
            _ => {}
        }
    }

    /// Returns whether the piece opens what `close` closes.
    fn are_open_for(&self, close: char) -> bool {
        match close {
            ')' => self.round > 0,
            ']' => self.square > 0,
            '”' => self.curly > 0,
            _ => self.quotes % 2 == 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece<'a>(text: &'a str, core: &str) -> &'a str {
        let start = text.find(core).unwrap();
        with_punctuation(text, start, start + core.len()).of(text)
    }

    #[test]
    fn punctuation_that_belongs_to_a_piece() {
        assert_eq!(piece("It rained. Read more here... Then", "Read more here"), "Read more here...");
        assert_eq!(piece("It rained (Read more) today", "Read more"), "(Read more)");
        assert_eq!(piece("(It rained. Read more) today", "Read more"), "Read more");
        assert_eq!(piece("Is it \"Rain (in May)\"?", "Rain (in May"), "\"Rain (in May)\"?");
        assert_eq!(piece("**Read also** x", "Read also"), "**Read also**");
    }
}
