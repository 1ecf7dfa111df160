//! What is left of a document when the rest is set aside.

use crate::segment::Cut;
use crate::token::Word;

/// The body words of a document, in unbroken runs. Shingles do not cross from one run to the next.
#[derive(Debug, Clone, Default)]
pub struct Body {
    /// The words, in order.
    pub words: Box<[Word]>,
    /// Where each word stands: its token's first byte in the text.
    pub starts: Box<[u32]>,
    /// Where each run ends, an index into `words`, ascending.
    pub runs: Box<[u32]>,
}

impl Body {
    /// The body of a document from what is set aside: stretches of tokens in order,
    /// not overlapping, end exclusive. A fragment of fewer than
    /// `width` words beside a stretch that is set aside goes with it: no shingle could come of it.
    pub fn new(cut: &Cut, asides: &[(u32, u32)], width: usize) -> Body {
        let mut words = Vec::with_capacity(cut.tokens.len());
        let mut starts = Vec::with_capacity(cut.tokens.len());
        let mut runs = Vec::with_capacity(cut.paragraphs.len() + asides.len());
        let mut asides = asides.iter().peekable();
        let mut take = |from: u32, to: u32, whole: bool| {
            let tokens = &cut.tokens[from as usize..to as usize];
            if tokens.is_empty() || !whole && tokens.len() < width {
                return;
            }
            words.extend(tokens.iter().map(|token| token.word));
            starts.extend(tokens.iter().map(|token| token.start));
            runs.push(words.len() as u32);
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
        Body { words: words.into(), starts: starts.into(), runs: runs.into() }
    }

    /// Calls `each` with the runs, or parts of runs, that lie in a range of words.
    pub fn runs_within(&self, range: std::ops::Range<usize>, mut each: impl FnMut(&[Word])) {
        let mut at = range.start;
        let first = self.runs.partition_point(|&end| end as usize <= at);
        for &end in &self.runs[first..] {
            let end = (end as usize).min(range.end);
            if at >= end {
                break;
            }
            each(&self.words[at..end]);
            at = end;
        }
    }

    /// The range of words that stand in a span of the text.
    pub fn within(&self, span: crate::Span) -> std::ops::Range<usize> {
        let from = self.starts.partition_point(|&start| start < span.start);
        let to = self.starts.partition_point(|&start| start < span.end);
        from..to
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Span, segment};

    fn lengths(text: &str, asides: &[(u32, u32)]) -> Vec<usize> {
        let cut = segment::cut(&Document::new("x", text));
        let body = Body::new(&cut, asides, 3);
        let mut found = Vec::new();
        body.runs_within(0..body.words.len(), |run| found.push(run.len()));
        found
    }

    #[test]
    fn runs_end_at_paragraphs_and_at_what_is_set_aside() {
        assert_eq!(lengths("a b c d\ne f", &[]), [4, 2]);
        assert_eq!(lengths("a b c d e f g h", &[(3, 5)]), [3, 3]);
        assert_eq!(lengths("a b c d e f g h", &[(2, 5)]), [3], "a fragment of two words goes too");
        assert_eq!(lengths("a b c d\ne f g h", &[(2, 6)]), Vec::<usize>::new(), "a stretch may cross paragraphs");
        assert_eq!(lengths("a b", &[(0, 2)]), Vec::<usize>::new());
    }

    #[test]
    fn a_span_finds_its_words() {
        let text = "One two. Three four five.";
        let body = Body::new(&segment::cut(&Document::new("x", text)), &[], 3);
        assert_eq!(body.within(Span::new(9, 25)), 2..5);
        let mut parts = Vec::new();
        body.runs_within(1..4, |run| parts.push(run.len()));
        assert_eq!(parts, [3]);
    }
}
