//! Two texts beside each other, as wide as the terminal, with the words that differ marked.

use std::io;

use flong::Span;
use unicode_width::UnicodeWidthStr;

use crate::say::{FAINT, GONE, Lines, NEW, Style, is_coloured};

/// A terminal that is narrower shows the differences in one text.
pub const LEAST_WIDTH: usize = 100;

/// Widest column: longer lines are hard to read.
const WIDEST_COLUMN: usize = 76;

/// Spaces before a column.
const INDENT: usize = 2;

/// Width of the brackets around differing words where there is no colour.
const MARK_WIDTH: usize = "[--]".len();

/// Returns how many characters a line of standard output holds; `None` if it is no terminal. `COLUMNS` says otherwise.
pub fn width() -> Option<usize> {
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    said.or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)))
}

/// One of two texts: the words that differ, and the pieces that were set aside.
pub struct Column<'t> {
    pub text: &'t str,
    pub differing: Vec<Span>,
    pub aside: Vec<Span>,
}

/// The role of a word in the comparison with the other text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Same,
    Differing,
    Aside,
}

/// Words of a line, with what each is.
type Line<'t> = Vec<(&'t str, State)>;

impl<'t> Column<'t> {
    /// Cuts the text into lines of at most `width` characters. A differing word may need room for marks.
    fn lines(&self, width: usize, mark_width: usize) -> Vec<Line<'t>> {
        let mut lines = Vec::new();
        let mut start = 0;
        for paragraph in self.text.split('\n') {
            let (mut line, mut used): (Line, usize) = (Vec::new(), 0);
            for word in pieces(paragraph, width) {
                let at = start + (word.as_ptr() as usize - paragraph.as_ptr() as usize);
                let state = self.state(at, at + word.len());
                // Words that differ and follow each other have their marks in common.
                let marked = state == State::Differing && line.last().is_none_or(|(_, before)| *before != state);
                let size = word.width() + if marked { mark_width } else { 0 };
                if used + size + usize::from(!line.is_empty()) > width && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                used += size + usize::from(!line.is_empty());
                line.push((word, state));
            }
            if !line.is_empty() {
                lines.push(line);
            }
            start += paragraph.len() + 1;
        }
        lines
    }

    fn state(&self, start: usize, end: usize) -> State {
        let meets = |spans: &[Span]| spans.iter().any(|span| span.range().start < end && span.range().end > start);
        match () {
            () if meets(&self.aside) => State::Aside,
            () if meets(&self.differing) => State::Differing,
            () => State::Same,
        }
    }
}

/// Returns the words of a paragraph; those that are too wide for a line are cut, as are scripts without spaces.
fn pieces(paragraph: &str, width: usize) -> impl Iterator<Item = &str> {
    paragraph.split_whitespace().flat_map(move |word| {
        let mut rest = word;
        std::iter::from_fn(move || {
            let mut used = 0;
            let too_wide = rest.char_indices().find(|(_, c)| {
                used += unicode_width::UnicodeWidthChar::width(*c).unwrap_or(0);
                used > width
            });
            let at = too_wide.map_or(rest.len(), |(at, c)| at.max(c.len_utf8()));
            let (piece, after) = rest.split_at(at);
            rest = after;
            (!piece.is_empty()).then_some(piece)
        })
    })
}

/// Prints two texts beside each other on lines of `width` characters.
pub fn print(out: &mut Lines, left: &Column, right: &Column, width: usize) -> io::Result<()> {
    let column = ((width - 2 * INDENT - 1) / 2).min(WIDEST_COLUMN);
    let mark_width = if is_coloured() { 0 } else { MARK_WIDTH };
    let (left, right) = (left.lines(column, mark_width), right.lines(column, mark_width));
    for n in 0..left.len().max(right.len()) {
        let line = |lines: &[Line], mark| lines.get(n).map_or((String::new(), 0), |line| styled(line, mark));
        let ((a, used), (b, _)) = (line(&left, (GONE, "[-", "-]")), line(&right, (NEW, "{+", "+}")));
        let gap = " ".repeat(column.saturating_sub(used) + INDENT);
        writeln!(out, "{:INDENT$}{a}{gap}{b}", "")?;
    }
    Ok(())
}

/// Joins the words of a line, with styles, or with brackets where there is no colour; and returns its width.
fn styled(line: &Line, (style, open, close): (Style, &str, &str)) -> (String, usize) {
    let (mut text, mut width) = (String::new(), 0);
    for run in line.chunk_by(|x, y| x.1 == y.1) {
        let words: Vec<&str> = run.iter().map(|(word, _)| *word).collect();
        let words = words.join(" ");
        if !text.is_empty() {
            text.push(' ');
            width += 1;
        }
        width += words.width();
        match run[0].1 {
            State::Same => text.push_str(&words),
            State::Aside => text.push_str(&format!("{FAINT}{words}{FAINT:#}")),
            State::Differing if is_coloured() => text.push_str(&format!("{style}{words}{style:#}")),
            State::Differing => {
                text.push_str(&format!("{open}{words}{close}"));
                width += open.len() + close.len();
            }
        }
    }
    (text, width)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, width: usize) -> Vec<String> {
        let column = Column { text, differing: Vec::new(), aside: Vec::new() };
        let words = |line: &Line| line.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(" ");
        column.lines(width, 0).iter().map(words).collect()
    }

    #[test]
    fn lines_are_wrapped_at_words_and_wide_words_are_cut() {
        assert_eq!(lines("one two three\nfour", 8), ["one two", "three", "four"]);
        assert_eq!(lines("渡輪擱淺", 4), ["渡輪", "擱淺"]);
        assert_eq!(lines("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(lines("  \n\n x ", 3), ["x"]);
        assert_eq!(lines("渡", 1), ["渡"], "what is wider than a line stands alone");
    }

    #[test]
    fn words_are_what_their_bytes_are() {
        let column = Column { text: "one two three", differing: vec![Span::new(4, 7)], aside: vec![Span::new(8, 13)] };
        let states: Vec<State> = column.lines(80, 0)[0].iter().map(|(_, state)| *state).collect();
        assert_eq!(states, [State::Same, State::Differing, State::Aside]);
    }
}
