//! The body of a document: the words that are not set aside.

use std::ops::Range;

use crate::segment::Cut;
use crate::token::Word;

/// The body words of a document, in unbroken runs. Shingles do not cross from one run to the next.
#[derive(Debug, Clone, Default)]
pub struct Body {
    /// The words, in order.
    pub words: Vec<Word>,
    /// The runs: which of the document's tokens they are, end exclusive, in order. None crosses a paragraph.
    pub runs: Vec<(u32, u32)>,
    /// The number of body words before each run.
    before: Vec<u32>,
}

impl Body {
    /// Returns the body of a document, given what is set aside: ranges of tokens in order, not overlapping, end exclusive.
    /// A fragment of fewer than `width` words next to such a range is set aside with it, since it has no shingle.
    pub fn new(cut: &Cut, asides: &[(u32, u32)], width: usize) -> Body {
        let mut body = Body { words: Vec::with_capacity(cut.tokens.len()), ..Body::default() };
        let mut asides = asides.iter().peekable();
        let mut take = |from: u32, to: u32, whole: bool| {
            let tokens = &cut.tokens[from as usize..to as usize];
            if !tokens.is_empty() && (whole || tokens.len() >= width) {
                body.before.push(body.words.len() as u32);
                body.words.extend(tokens.iter().map(|token| token.word));
                body.runs.push((from, to));
            }
        };
        let mut at = 0;
        for paragraph in &cut.paragraphs {
            at = at.max(paragraph.start);
            while let Some(aside) = asides.next_if(|aside| aside.0 < paragraph.end) {
                take(at, aside.0.max(at), false);
                at = aside.1.max(at);
            }
            if at < paragraph.end {
                take(at, paragraph.end, at == paragraph.start);
            }
        }
        body
    }

    /// Returns the runs, and parts of runs, that lie in a range of the document's tokens.
    pub fn runs_within(&self, tokens: Range<u32>) -> impl Iterator<Item = (u32, u32)> + '_ {
        let first = self.runs.partition_point(|&(_, end)| end <= tokens.start);
        let Range { start, end } = tokens;
        let runs = self.runs[first..].iter().take_while(move |run| run.0 < end);
        runs.map(move |run| (run.0.max(start), run.1.min(end)))
    }

    /// Returns the range of the body words that are in a range of the document's tokens.
    pub fn within(&self, tokens: Range<u32>) -> Range<u32> {
        let before = |token: u32| -> u32 {
            let after = self.runs.partition_point(|run| run.0 < token);
            after.checked_sub(1).map_or(0, |last| self.before[last] + self.runs[last].1.min(token) - self.runs[last].0)
        };
        before(tokens.start)..before(tokens.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, segment};

    fn body(text: &str, asides: &[(u32, u32)]) -> Body {
        Body::new(&segment::cut(&Document::new("x", text)), asides, 3)
    }

    #[test]
    fn runs_end_at_paragraphs_and_at_what_is_set_aside() {
        assert_eq!(body("a b c d\ne f", &[]).runs, [(0, 4), (4, 6)]);
        assert_eq!(body("a b c d e f g h", &[(3, 5)]).runs, [(0, 3), (5, 8)]);
        assert_eq!(body("a b c d e f g h", &[(2, 5)]).runs, [(5, 8)], "a fragment of two words goes too");
        assert_eq!(body("a b c d\ne f g h", &[(2, 6)]).runs, [], "a stretch may cross paragraphs");
        assert_eq!(body("a b", &[(0, 2)]).runs, []);
    }

    #[test]
    fn a_range_of_tokens_finds_its_words() {
        let body = body("a b c d e f g h\ni j k", &[(3, 5)]);
        assert_eq!(body.words.len(), 9);
        assert_eq!(body.within(4..8), 3..6);
        assert_eq!(body.within(0..11), 0..9);
        assert_eq!(body.within(6..9), 4..7);
        assert_eq!(body.runs_within(1..9).collect::<Vec<_>>(), [(1, 3), (5, 8), (8, 9)]);
    }
}
