//! Body words by their places in a text.

use crate::boilerplate::{Aside, Body, stretches};
use crate::segment::cut;
use crate::{Document, Params, Span};

/// The bytes of each body word of a document.
pub(super) struct BodyWords(Vec<Span>);

impl BodyWords {
    /// Finds the body words of a document in which this is set aside.
    pub fn of(document: &Document, asides: &[Aside], params: &Params) -> Self {
        let cut = cut(document);
        let body = Body::new(&cut, &stretches(asides), params.shingle);
        let tokens = body.runs.iter().flat_map(|&(from, to)| &cut.tokens[from as usize..to as usize]);
        BodyWords(tokens.map(|token| Span { start: token.start, end: token.end() }).collect())
    }

    /// Returns the bytes from one word up to another; an empty span where a word would be if there is none.
    pub fn span(&self, (from, to): (u32, u32)) -> Span {
        let (from, to) = (from as usize, to as usize);
        if from < to && to <= self.0.len() {
            return Span { start: self.0[from].start, end: self.0[to - 1].end };
        }
        let at = self.0.get(from).map(|word| word.start).or(self.0.last().map(|word| word.end)).unwrap_or_default();
        Span { start: at, end: at }
    }
}
