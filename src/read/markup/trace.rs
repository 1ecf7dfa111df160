//! Text with the place of each piece in the source that it was made from.

use std::ops::Range;

/// A text, and the places in a source that its pieces come from. Offsets are bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::read) struct Traced {
    pub text: String,
    pieces: Vec<Piece>,
}

/// A piece of the text. If it is as long as its source, they correspond byte by byte; otherwise only as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    at: Range<usize>,
    from: Range<usize>,
}

impl Piece {
    fn is_literal(&self) -> bool {
        self.at.len() == self.from.len()
    }
}

impl Traced {
    /// Adds text that comes from a range of the source: after those that were added before, or an empty one.
    pub fn push(&mut self, text: &str, from: Range<usize>) {
        let at = self.text.len()..self.text.len() + text.len();
        self.text.push_str(text);
        let piece = Piece { at, from };
        match self.pieces.last_mut() {
            Some(last) if last.from.end == piece.from.start && last.is_literal() && piece.is_literal() => {
                last.at.end = piece.at.end;
                last.from.end = piece.from.end;
            }
            _ => self.pieces.push(piece),
        }
    }

    /// Returns the ranges of the source that a range of the text comes from: ascending, none empty, none touching the next.
    pub fn sources(&self, range: Range<usize>) -> Vec<Range<usize>> {
        let first = self.pieces.partition_point(|piece| piece.at.end <= range.start);
        let pieces = self.pieces[first..].iter().take_while(|piece| piece.at.start < range.end);
        let sources = pieces.map(|piece| {
            if !piece.is_literal() {
                return piece.from.clone();
            }
            let (start, end) = (range.start.max(piece.at.start), range.end.min(piece.at.end));
            piece.from.start + (start - piece.at.start)..piece.from.start + (end - piece.at.start)
        });
        merged(sources.filter(|range| !range.is_empty()).collect())
    }

    /// Lets the text be traced to what its source was made from.
    pub fn through(&self, ranges: &[Range<usize>]) -> Vec<Range<usize>> {
        merged(ranges.iter().flat_map(|range| self.sources(range.clone())).collect())
    }
}

/// Returns the ranges in order, with ranges that overlap or touch made one.
pub(super) fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut found: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match found.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => found.push(range),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_lead_back() {
        let mut traced = Traced::default();
        traced.push("ab", 3..5);
        traced.push("cd", 5..7);
        traced.push("&", 7..12);
        traced.push("\n\n", 12..12);
        traced.push("ef", 20..22);
        assert_eq!(traced.text, "abcd&\n\nef");
        assert_eq!(traced.pieces.len(), 4);
        let of = |range| traced.sources(range).into_iter().map(|from| (from.start, from.end)).collect::<Vec<_>>();
        assert_eq!(of(0..4), [(3, 7)]);
        assert_eq!(of(1..5), [(4, 12)]);
        assert_eq!(of(4..8), [(7, 12), (20, 21)]);
        assert!(traced.sources(5..7).is_empty());
        assert_eq!(traced.through(&[0..1, 3..8]), [3..4, 6..12, 20..21]);
    }
}
