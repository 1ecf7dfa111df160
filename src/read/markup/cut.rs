//! Finds the parts of markup to remove so that pieces of its text are gone.

use std::ops::Range;

use super::plain::{Element, Layout, Plain};
use super::trace::merged;

/// Returns the ranges of the source to take out so that the pieces of the text are gone: their characters, and with them
/// each element that said nothing else. Tags go in pairs, so what remains is as well formed as it was. Ascending, apart.
pub(in crate::read) fn without(source: &str, plain: &Plain, gone: &[Range<usize>]) -> Vec<Range<usize>> {
    let gone = merged(gone.to_vec());
    let empty = emptied(plain, &gone);
    let mut ranges = plain.traced.through(&gone);
    for (element, _) in plain.elements.iter().zip(&empty).filter(|(_, empty)| **empty) {
        match &element.end {
            Some(end) => ranges.push(with_gap(source, element, element.start.start..end.end)),
            None => ranges.push(element.start.clone()),
        }
    }
    merged(ranges)
}

/// Returns for each element whether all of its text is removed and it holds nothing but text.
fn emptied(plain: &Plain, gone: &[Range<usize>]) -> Vec<bool> {
    let (mut loses, mut keeps): (Vec<bool>, Vec<bool>) =
        plain.elements.iter().map(|element| (false, element.holds)).unzip();
    for node in &plain.nodes {
        let Some(parent) = node.parent else { continue };
        let whole = says_only(&plain.text()[node.at.clone()], node.at.start, gone);
        if whole { loses[parent] = true } else { keeps[parent] = true }
    }
    for (index, element) in plain.elements.iter().enumerate().rev() {
        if let Some(parent) = element.parent {
            loses[parent] |= loses[index];
            keeps[parent] |= keeps[index];
        }
    }
    // A table without one of its cells would be another table.
    let part_of_table = |element: &Element| matches!(element.layout, Layout::Cell);
    let alone = plain.elements.iter().zip(loses.iter().zip(&keeps));
    alone.map(|(element, (loses, keeps))| *loses && !keeps && !part_of_table(element)).collect()
}

/// Returns whether each character of a text that starts at `at`, but for white space, is in one of the ranges.
fn says_only(text: &str, at: usize, gone: &[Range<usize>]) -> bool {
    let mut chars = text.char_indices().filter(|(_, c)| !c.is_whitespace());
    chars.all(|(i, _)| {
        let after = gone.partition_point(|range| range.end <= at + i);
        gone.get(after).is_some_and(|range| range.start <= at + i)
    })
}

/// Extends a block by the white space before it, if that does not separate words.
fn with_gap(source: &str, element: &Element, range: Range<usize>) -> Range<usize> {
    let after = source[range.end..].chars().next();
    if element.layout == Layout::Inline || after.is_some_and(|c| !c.is_ascii_whitespace() && c != '<') {
        return range;
    }
    let before = source[..range.start].trim_end_matches(|c: char| c.is_ascii_whitespace());
    before.len()..range.end
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the source without the first occurrence of each piece of its text.
    fn cut(source: &str, pieces: &[&str]) -> String {
        let plain = Plain::new(source, 100);
        let gone: Vec<Range<usize>> = pieces
            .iter()
            .map(|piece| {
                let at = plain.text().find(piece).unwrap_or_else(|| panic!("{piece} in {}", plain.text()));
                at..at + piece.len()
            })
            .collect();
        let mut left = String::new();
        let mut from = 0;
        for range in without(source, &plain, &gone) {
            left.push_str(&source[from..range.start]);
            from = range.end;
        }
        left + &source[from..]
    }

    #[test]
    fn emptied_elements_go() {
        assert_eq!(cut("<p>a</p>\n<p>READ: <a href=x>b</a></p>\n<p>c</p>", &["READ: b\n\n"]), "<p>a</p>\n<p>c</p>");
        assert_eq!(cut("<p>a <b>READ: <a>b</a></b> c</p>", &["READ: b "]), "<p>a c</p>");
        assert_eq!(cut("<p>a READ: <a>b</a> c</p>", &[" READ: b"]), "<p>a c</p>");
        assert_eq!(cut("<ul><li>a</li><li>b</li></ul>c", &["a\nb\n\n"]), "c");
        assert_eq!(cut("<ul><li>a</li><li>b</li></ul>c", &["a"]), "<ul><li>b</li></ul>c");
        assert_eq!(cut("a<br/>READ b<br/>c", &["\nREAD b"]), "a<br/>c");
        assert_eq!(cut("<p>a &amp; b</p>", &[" & b"]), "<p>a</p>");
    }

    #[test]
    fn what_holds_more_than_text_stays() {
        assert_eq!(cut("<p>READ <a href=x><img src=y>b</a></p>c", &["READ b"]), "<p><a href=x><img src=y></a></p>c");
        assert_eq!(cut("<p>a <i></i></p><p>b</p>", &["b"]), "<p>a <i></i></p>");
        assert_eq!(
            cut("<table><tr><td>a</td><td>b</td></tr></table>c", &["a"]),
            "<table><tr><td></td><td>b</td></tr></table>c"
        );
    }

    #[test]
    fn tags_that_are_not_closed_stay_in_order() {
        assert_eq!(cut("<p>a<p>READ b<p>c", &["READ b\n\n"]), "<p>a<p>c");
        assert_eq!(cut("<p>a <b>READ b</p>c", &["READ b"]), "<p>a </p>c");
    }
}
