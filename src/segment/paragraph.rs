//! Paragraphs.

use memchr::{memchr, memchr_iter};

use crate::Span;

/// Cuts a text into paragraphs: trimmed, none empty, in order.
///
/// Blank lines separate paragraphs; in a text without any, line ends do. A text that was wrapped by hand, with lines of
/// one width and each new paragraph indented, is cut at the indents.
pub fn paragraphs(text: &str) -> Vec<Span> {
    if memchr(b'\n', text.as_bytes()).is_none() {
        return trimmed(text, 0, text.len()).into_iter().collect();
    }
    let lines: Vec<(usize, usize)> = lines(text).collect();
    let filled = |&(start, end): &(usize, usize)| !text[start..end].trim().is_empty();
    let (first, last) = (lines.iter().position(filled), lines.iter().rposition(filled));
    let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
    let lines = &lines[first..=last];
    let blanks = lines.iter().any(|line| !filled(line));
    let wrapped = is_wrapped(text, lines);
    let mut found = Vec::new();
    let mut open: Option<(usize, usize)> = None;
    for line in lines {
        let begins = if wrapped { !filled(line) || is_indented(text, line) } else { !blanks || !filled(line) };
        if begins && let Some((start, end)) = open.take() {
            found.extend(trimmed(text, start, end));
        }
        if filled(line) {
            open = Some((open.map_or(line.0, |(start, _)| start), line.1));
        }
    }
    found.extend(open.and_then(|(start, end)| trimmed(text, start, end)));
    found
}

/// Returns the lines of a text without their line ends.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut start = 0;
    memchr_iter(b'\n', text.as_bytes()).chain(std::iter::once(text.len())).map(move |end| {
        let line = (start, end);
        start = end + 1;
        line
    })
}

/// The widest line that still counts as wrapped by hand, in bytes.
const WRAP: usize = 100;

/// Returns whether lines were broken to fit a width: none is long, and some new paragraph is indented.
fn is_wrapped(text: &str, lines: &[(usize, usize)]) -> bool {
    let filled = || lines.iter().filter(|&&(start, end)| !text[start..end].trim().is_empty());
    let indented = filled().skip(1).filter(|line| is_indented(text, line)).count();
    filled().count() >= 3
        && filled().all(|(start, end)| end - start <= WRAP)
        && indented > 0
        && indented * 3 <= filled().count() * 2
}

fn is_indented(text: &str, line: &(usize, usize)) -> bool {
    let line = &text[line.0..line.1];
    line.starts_with("  ") || line.starts_with('\t')
}

/// Returns `start..end` without white space at its edges, if it is not empty.
pub(crate) fn trimmed(text: &str, start: usize, end: usize) -> Option<Span> {
    let inner = text[start..end].trim_start();
    let start = end - inner.len();
    let inner = inner.trim_end();
    (!inner.is_empty()).then(|| Span::new(start, start + inner.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        paragraphs(text).into_iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn blank_lines_separate_and_line_ends_do_where_there_are_none() {
        assert_eq!(cut("one\ntwo\n\n three \r\n\r\n\r\nfour\n"), ["one\ntwo", "three", "four"]);
        assert_eq!(cut("one\ntwo\r\nthree\n"), ["one", "two", "three"]);
        assert_eq!(cut("  flat  "), ["flat"]);
        assert_eq!(cut("\n \n\n"), Vec::<&str>::new());
        assert_eq!(cut(""), Vec::<&str>::new());
    }

    #[test]
    fn a_blank_line_at_an_edge_separates_nothing() {
        assert_eq!(cut("one\ntwo\n\n"), ["one", "two"]);
    }

    #[test]
    fn text_wrapped_by_hand_is_cut_at_its_indents() {
        let wire = "Showers continued throughout the week in\nthe cocoa zone.\n    The dry period means a\nlate crop.\n Reuter\n";
        assert_eq!(
            cut(wire),
            [
                "Showers continued throughout the week in\nthe cocoa zone.",
                "The dry period means a\nlate crop.\n Reuter"
            ]
        );
    }
}
