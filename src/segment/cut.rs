//! A document cut into paragraphs of tokens: each text is tokenised once, here.

use super::paragraph::paragraphs;
use crate::token::{Token, tokenize};
use crate::{Document, Span};

/// A document's tokens and paragraphs.
#[derive(Debug, Clone, Default)]
pub struct Cut {
    /// The tokens of the text, in order.
    pub tokens: Vec<Token>,
    /// The tokens of the title, at positions in the title.
    pub title: Vec<Token>,
    /// The paragraphs of the text.
    pub paragraphs: Vec<Paragraph>,
}

/// A paragraph of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paragraph {
    /// Where it stands in the text, in bytes.
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
    let mut title = Vec::new();
    tokenize(document.title.as_deref().unwrap_or(""), 0, &mut title);
    Cut { tokens, title, paragraphs: found }
}
