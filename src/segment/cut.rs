//! A document cut into paragraphs and lines of tokens: each text is tokenised once, here.

use super::line::{Line, lines};
use super::paragraph::paragraphs;
use crate::token::{Token, Word, tokenize, words};
use crate::{Document, Span};

/// A document's tokens, paragraphs and lines.
#[derive(Debug, Clone, Default)]
pub struct Cut {
    /// The tokens of the text, in order.
    pub tokens: Vec<Token>,
    /// The words of the title.
    pub title: Vec<Word>,
    /// The paragraphs of the text.
    pub paragraphs: Vec<Paragraph>,
    /// The lines of the text.
    pub lines: Vec<Line>,
    /// Offsets of lines that open or close a block of code in Markdown.
    pub fences: Vec<u32>,
}

/// A paragraph of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paragraph {
    /// Its place in the text, in bytes.
    pub span: Span,
    /// Its first token, an index into the document's.
    pub start: u32,
    /// One past its last token.
    pub end: u32,
}

impl Paragraph {
    /// Its tokens as a range.
    pub fn range(&self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Cuts a document.
pub fn cut(document: &Document) -> Cut {
    let text = &*document.text;
    // Words of European languages take some six bytes with their space.
    let mut tokens = Vec::with_capacity(text.len() / 6 + 8);
    let mut found = Vec::new();
    for span in paragraphs(text) {
        let start = tokens.len() as u32;
        tokenize(span.of(text), span.start, &mut tokens);
        found.push(Paragraph { span, start, end: tokens.len() as u32 });
    }
    let lines = lines(text, &tokens);
    let title = words(document.title.as_deref().unwrap_or(""));
    Cut { tokens, title, paragraphs: found, lines, fences: fences(text) }
}

/// Returns where lines begin with three grave accents or tildes, white space aside.
fn fences(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    for fence in ["```", "~~~"] {
        let mut after = 0;
        for at in memchr::memmem::find_iter(bytes, fence) {
            let lead = &bytes[after..at];
            let line = memchr::memrchr(b'\n', lead).map(|newline| newline + 1);
            // What is before on the line was looked at for the last one on it.
            if (line.is_some() || after == 0) && lead[line.unwrap_or(0)..].iter().all(|b| matches!(b, b' ' | b'\t')) {
                found.push(at as u32);
            }
            after = at + fence.len();
        }
    }
    found.sort_unstable();
    found
}
