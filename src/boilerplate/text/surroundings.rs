//! The surroundings of a line: whether it is part of something larger, and cannot be taken out of it.
//!
//! A line of a few common words ("Contact", "Click here to confirm") is furniture of a page only among other furniture.
//! In code, tables, lists and wrapped sentences, as a heading, a label or between quotes, the same words are content.

use super::thresholds::{MIN_BROKEN_LINE_CHARS, MIN_FULL_LINE_CHARS};
use super::view::{View, has_no_case, is_small_letter};
use crate::segment::Line;

/// Signs that underline a heading in plain text.
const UNDERLINES: [char; 9] = ['=', '-', '~', '^', '"', '*', '+', '#', '_'];

/// Returns whether a line is part of something that it must not be taken out of: a sentence that is wrapped over lines, a
/// heading, code, a row of a table, a quotation.
pub(crate) fn is_part(view: View, line: &Line) -> bool {
    is_wrapped(view, line)
        || is_heading(view, line)
        || is_code(view, line)
        || is_row(view, line)
        || is_quoted(view, line)
}

/// Returns whether a line begins in the middle of a sentence that the line above broke off, or breaks one off for the line
/// below.
pub(crate) fn is_wrapped(view: View, line: &Line) -> bool {
    let own = written(view, line);
    let goes_on = |above: &str, below: &str| {
        let letters = above.trim().chars().count();
        let small = begins_small(below);
        let broken = !ends_sentence(above) && !above.trim_end().ends_with([':', '：', '|']);
        broken
            && (small && letters >= MIN_BROKEN_LINE_CHARS
                || has_no_case(below) && letters >= MIN_FULL_LINE_CHARS && ends_sentence(below))
    };
    neighbour(view, line, Side::Above).is_some_and(|above| goes_on(above, own))
        || neighbour(view, line, Side::Below)
            .is_some_and(|below| goes_on(own, below) && own.chars().count() >= MIN_FULL_LINE_CHARS)
}

/// Returns whether a line is marked as a heading: by number signs before it, or by a line of signs below it.
pub(crate) fn is_heading(view: View, line: &Line) -> bool {
    let hashes = view.lead(line.start).trim_start();
    let hashed = hashes.starts_with('#') && hashes.trim_start_matches('#').starts_with([' ', '\t']);
    let underlined = || {
        neighbour(view, line, Side::Below).is_some_and(|below| {
            let below = below.trim();
            below.len() >= 3
                && below.chars().next().is_some_and(|c| UNDERLINES.contains(&c) && below.chars().all(|d| d == c))
        })
    };
    hashed || underlined()
}

/// Returns whether a line is written in a programming language or is in a fenced block.
pub(crate) fn is_code(view: View, line: &Line) -> bool {
    let own = written(view, line).trim();
    let calls = ["()", "{", "}", "::", "`", "==", "$(", "=\"", "!=", "&&", "/*", "*/", "#!", "[]"];
    let tagged = own.contains('<');
    let statement = own.ends_with(';') && own.rsplit_once('&').is_none_or(|(_, entity)| entity.len() > 8);
    let assigns = own.contains(" = ") || own.ends_with(")") && own.contains("=") && !own.contains(' ');
    let comment = ["//", "#", "--", ";;", "%%"].iter().any(|sign| own.starts_with(sign)) && !own.starts_with("---");
    // Commands of POD, roff and reStructuredText, and comments of HTML.
    let mut signs = own.chars();
    let command = match (signs.next(), signs.next()) {
        (Some('='), Some(c)) => c.is_ascii_lowercase(),
        (Some('.'), Some(c)) => c.is_ascii_uppercase() || own.starts_with(".. "),
        (Some('\\' | '%' | '@'), Some(c)) => c.is_ascii_lowercase(),
        _ => own.starts_with("<!--"),
    };
    command
        || statement && !tagged
        || assigns && !tagged
        || comment
        || calls.iter().any(|sign| own.contains(sign) && (!tagged || *sign != "=\""))
        || is_fenced(view, line)
}

/// Returns whether a line is between the fences of a block of code in Markdown.
fn is_fenced(view: View, line: &Line) -> bool {
    let start = view.tokens[line.start].start;
    view.fences.partition_point(|&fence| fence < start) % 2 == 1
}

/// Returns whether a line is a row of a table.
pub(crate) fn is_row(view: View, line: &Line) -> bool {
    let own = written(view, line);
    let trimmed = own.trim();
    trimmed.starts_with('|') && trimmed[1..].contains('|') || trimmed.matches('\t').count() >= 2
}

/// Returns whether a line is direct speech: it begins and ends with quotes.
fn is_quoted(view: View, line: &Line) -> bool {
    const OPEN: [char; 9] = ['"', '“', '„', '«', '‘', '「', '『', '‚', '”'];
    const CLOSE: [char; 8] = ['"', '”', '“', '»', '’', '」', '』', '«'];
    let own = written(view, line).trim().trim_start_matches(['-', '–', '—', ' ']);
    own.starts_with(OPEN) && own.trim_end_matches(['.', ',', '!', '?', '。']).ends_with(CLOSE)
}

/// Returns whether a line ends in a colon: a label for the lines below it.
pub(crate) fn is_label(view: View, line: &Line) -> bool {
    written(view, line).trim_end().trim_end_matches(['*', '_']).ends_with([':', '：', '︰'])
}

/// The kind of list that a line is in, by the sign before it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Item {
    /// It is not an item of a list.
    None,
    /// An item after a bullet.
    Bullet,
    /// An item after a number or a letter: a step.
    Number,
}

/// Returns how a line is listed, by the sign before it.
pub(crate) fn item(view: View, line: &Line) -> Item {
    let first = &view.tokens[line.start];
    let behind = view.before((line.start + 1).min(view.tokens.len()));
    let counted = line.len() > 1 && behind.starts_with(['.', ')', '、', '．', '）']) && {
        let written = view.of(line.start);
        first.word.is_number() && first.len <= 2
            || written.chars().count() == 1 && written.chars().all(char::is_alphabetic)
    };
    if counted {
        return Item::Number;
    }
    let lead = view.lead(line.start).trim_start();
    let mut signs = lead.chars();
    match (signs.next(), signs.next()) {
        (Some('-' | '*' | '+' | '•' | '·' | '◦' | '▪' | '●' | '■' | '–' | '・'), Some(' ' | '\t' | '\u{a0}')) => {
            Item::Bullet
        }
        (Some(sign), _) if ('①'..='⑳').contains(&sign) => Item::Number,
        _ => Item::None,
    }
}

/// Returns a line as written, with everything before and after its words.
pub(crate) fn written<'a>(view: View<'a>, line: &Line) -> &'a str {
    view.whole(line).of(view.text)
}

#[derive(Clone, Copy)]
enum Side {
    Above,
    Below,
}

/// Returns the line of the text right above or below, unless it is blank.
fn neighbour<'a>(view: View<'a>, line: &Line, side: Side) -> Option<&'a str> {
    let span = view.whole(line);
    let found = match side {
        Side::Above => {
            let (before, _) = view.text[..span.start as usize].rsplit_once('\n')?;
            before.rsplit('\n').next()?
        }
        Side::Below => {
            let (_, behind) = view.text[span.end as usize..].split_once('\n')?;
            behind.split('\n').next()?
        }
    };
    (!found.trim().is_empty()).then_some(found)
}

fn begins_small(line: &str) -> bool {
    line.trim_start_matches([' ', '\t', '\u{a0}', '>', '"', '(', '\u{3000}']).starts_with(is_small_letter)
}

/// Returns whether a line ends a sentence.
pub(crate) fn ends_sentence(line: &str) -> bool {
    let line = line.trim_end().trim_end_matches(['"', '”', '’', ')', '»', '」', '』', '）', ']', '*', '_']);
    line.ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '۔', '؟', '॥', '።', '။', '។'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;
    use crate::segment::cut;

    /// Returns whether the line of a text that holds `words` is a part of something.
    fn part(text: &str, words: &str) -> bool {
        let document = Document::new("x", text);
        let cut = cut(&document);
        let view = View { text, tokens: &cut.tokens, lines: &cut.lines, fences: &cut.fences };
        let line = cut.lines.iter().find(|line| written(view, line).contains(words)).unwrap();
        is_part(view, line)
    }

    #[test]
    fn parts_of_something() {
        for (text, words) in [
            ("  The second part of a\n  sentence that asks for\n  more.", "more."),
            ("## Contact\n\nBy letter.", "Contact"),
            ("Contact\n-------\n\nBy letter.", "Contact"),
            ("fn main() {\n    Ok(())\n}", "Ok(())"),
            ("```\nsubmit\n```", "submit"),
            ("| Name | Share |\n|---|---|\n| Ada | 3 |", "Share"),
            ("He took his cap off.\n\n“Thank you.”\n\nThat was all.", "Thank you"),
            ("Er sagte nur:\n\n„Danke.“", "Danke"),
            ("Dijo:\n\n«Compártelo».", "Compártelo"),
            ("submit = open(name)", "submit"),
            ("close();", "close"),
        ] {
            assert!(part(text, words), "{text:?}");
        }
        for (text, words) in [
            ("The ferry is late again.\n\nSubscribe to our newsletter", "Subscribe"),
            ("The ferry is late again.\nRead more &raquo;", "Read more"),
            ("<p>Read more</p>", "Read more"),
            ("渡船今天又晚点了。\n阅读全文", "阅读全文"),
            ("A headline without a stop\nRead more", "Read more"),
        ] {
            assert!(!part(text, words), "{text:?}");
        }
    }
}
