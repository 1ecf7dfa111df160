//! Lines that end at words, as wide as the terminal.

use unicode_width::UnicodeWidthChar;

use crate::say::{is_end, mark};

/// Breaks a text into lines of at most `width` columns, between words. A word that is longer, as of scripts without
/// spaces, is broken where the line is full. A style that is open at the end of a line goes on in the next one.
pub fn lines(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut used) = (String::new(), 0);
    for word in text.split_whitespace() {
        let columns: usize = visible(word).map(|(_, columns)| columns).sum();
        if used > 0 && used + 1 + columns > width && (columns <= width || used * 2 > width) {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        for (piece, columns) in visible(word) {
            if used + columns > width && columns > 0 {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push_str(piece);
            used += columns;
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    continued(lines)
}

/// Returns the characters of a text with the columns of each; marks of styles take none.
fn visible(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let styled = rest.strip_prefix(mark()).map(|_| mark().len() + 1);
        let length = styled.or_else(|| rest.chars().next().map(char::len_utf8))?;
        let (piece, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        rest = after;
        let columns = if styled.is_some() { 0 } else { piece.chars().filter_map(UnicodeWidthChar::width).sum() };
        Some((piece, columns))
    })
}

/// Ends each style at the end of its line, and begins it again in the next.
fn continued(lines: Vec<String>) -> Vec<String> {
    let mut open = String::new();
    let continue_line = |line: String| {
        let begun = open.clone();
        for (piece, _) in visible(&line).filter(|(piece, _)| piece.starts_with(mark())) {
            open = if is_end(piece) { String::new() } else { piece.to_owned() };
        }
        let end = if open.is_empty() { String::new() } else { format!("{:#}", crate::say::STRONG) };
        format!("{begun}{line}{end}")
    };
    lines.into_iter().map(continue_line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say::{GONE, NEW};

    #[test]
    fn lines_end_at_words_and_long_words_are_broken() {
        assert_eq!(lines("one two  three\nfour", 9), ["one two", "three", "four"]);
        assert_eq!(lines("渡輪週二晚間擱淺", 8), ["渡輪週二", "晚間擱淺"], "two columns each");
        assert_eq!(lines("a 0123456789", 6), ["a 0123", "456789"]);
        assert_eq!(lines("", 6), Vec::<String>::new());
    }

    #[test]
    fn styles_take_no_room_and_go_on() {
        let text = format!("{GONE}one two{GONE:#} {NEW}three{NEW:#}");
        let end = format!("{GONE:#}");
        let expected = [format!("{GONE}one{end}"), format!("{GONE}two{end}"), format!("{NEW}three{end}")];
        assert_eq!(lines(&text, 5), expected);
        assert_eq!(lines(&text, 13), [text]);
    }
}
