//! The dress of a marker: brackets, quotes, bullets, arrows and emphasis around it, in any script.

use crate::Span;
use crate::boilerplate::text::{Aside, View};
use crate::segment::Line;

/// Brackets, as they open and close.
const BRACKETS: [(char, char); 18] = [
    ('(', ')'),
    ('[', ']'),
    ('{', '}'),
    ('<', '>'),
    ('（', '）'),
    ('［', '］'),
    ('｛', '｝'),
    ('＜', '＞'),
    ('【', '】'),
    ('〔', '〕'),
    ('〖', '〗'),
    ('〘', '〙'),
    ('〚', '〛'),
    ('❲', '❳'),
    ('⟦', '⟧'),
    ('⟨', '⟩'),
    ('⟪', '⟫'),
    ('❮', '❯'),
];
/// Quotes, as they open and close. What they hold may be quoted: they prove less than brackets.
const QUOTES: [(char, char); 15] = [
    ('《', '》'),
    ('〈', '〉'),
    ('「', '」'),
    ('『', '』'),
    ('«', '»'),
    ('»', '«'),
    ('‹', '›'),
    ('›', '‹'),
    ('“', '”'),
    ('„', '“'),
    ('„', '”'),
    ('‘', '’'),
    ('‚', '‘'),
    ('"', '"'),
    ('\'', '\''),
];
/// Signs of emphasis in plain text.
const EMPHASIS: [char; 4] = ['*', '_', '~', '='];

/// Returns whether a sign is a bullet, as at the head of an item of a list or before a link.
pub(super) fn is_bullet(c: char) -> bool {
    matches!(c, '*' | '-' | '+' | '>' | '#' | '|' | '»' | '›' | '·' | '•' | '‣' | '⁃' | '–' | '—' | '―' | '※' | '＞' | '・' | '●'
        | '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{25a0}'..='\u{27bf}' | '\u{2900}'..='\u{297f}'
        | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// Returns whether a character only joins or varies the sign before it.
fn varies(c: char) -> bool {
    matches!(c, '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{20e3}')
}

/// Returns the bracket that the text before a marker ends in. A quote that touches what stands before it, and not the marker,
/// closes something else.
pub(super) fn opened(before: &str) -> Option<char> {
    let dress = |c: char| c.is_whitespace() || EMPHASIS.contains(&c) || varies(c);
    let (at, last) = before.char_indices().rev().find(|&(_, c)| !dress(c))?;
    let (left, right) = (&before[..at], &before[at + last.len_utf8()..]);
    let may_close = QUOTES.iter().any(|&(_, close)| close == last);
    let closes = may_close && !left.ends_with(char::is_whitespace) && right.starts_with(char::is_whitespace);
    (!closes && pairs().any(|(open, _)| open == last)).then_some(last)
}

/// Returns whether a bracket is a quote.
pub(super) fn is_quote(open: char) -> bool {
    QUOTES.iter().any(|&(quote, _)| quote == open)
}

fn pairs() -> impl Iterator<Item = (char, char)> {
    BRACKETS.into_iter().chain(QUOTES)
}

/// Returns whether a text closes what `open` opens.
pub(super) fn closes(open: char, text: &str) -> bool {
    text.contains(|c| pairs().any(|pair| pair == (open, c)))
}

/// The enclosure of a marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Enclosed {
    No,
    /// In brackets.
    Bracketed,
    /// In marks for titles of works, which serve as brackets at the head of a line.
    Titled,
    /// In quotes.
    Quoted,
}

/// Returns how a marker is enclosed, if the text after it begins by closing what was `opened` before it.
pub(super) fn enclosed(opened: Option<char>, after: &str) -> Enclosed {
    let first = after.chars().find(|&c| !c.is_whitespace() && !EMPHASIS.contains(&c));
    let (Some(open), Some(first)) = (opened, first) else { return Enclosed::No };
    if BRACKETS.contains(&(open, first)) {
        Enclosed::Bracketed
    } else if matches!(open, '《' | '〈') && QUOTES.contains(&(open, first)) {
        Enclosed::Titled
    } else if QUOTES.contains(&(open, first)) {
        Enclosed::Quoted
    } else {
        Enclosed::No
    }
}

/// Returns whether a sign at the head of a line points at what follows: "▶", "☞".
pub(super) fn pointed(lead: &str) -> bool {
    lead.contains(|c| {
        matches!(c, '■' | '□' | '▶'..='▿' | '◆' | '◇' | '☛' | '☞' | '➔'..='➡' | '➤' | '⇒' | '→' | '👇' | '👉' | '👆'
            | '🔗' | '⏩' | '📌')
    })
}

/// Returns whether the text after a marker points on: with a colon, a dash, an arrow.
pub(super) fn points(after: &str) -> bool {
    let is_closing = |c: char| pairs().any(|(_, close)| close == c);
    let spaced = after.starts_with(char::is_whitespace);
    let after = after.trim_start().trim_start_matches(EMPHASIS).trim_start();
    let dash = after.starts_with('-') && (spaced || after[1..].starts_with(char::is_whitespace));
    dash || points_at_once(after)
        || points_at_once(after.trim_start_matches(is_closing).trim_start_matches(EMPHASIS).trim_start())
}

fn points_at_once(after: &str) -> bool {
    after.starts_with(|c| {
        matches!(c, ':' | '：' | '﹕' | '︰' | '∶' | '꞉' | '׃' | '։' | '፦' | '፡' | '፥' | '៖'
            | '»' | '›' | '>' | '＞' | '|' | '｜' | '¦' | '–' | '—' | '―' | '~' | '～' | '〜' | '】' | '⏩' | '❯'
            | '\u{2190}'..='\u{21ff}' | '\u{25a0}'..='\u{25ff}' | '\u{2794}'..='\u{27be}' | '\u{261a}'..='\u{261f}'
            | '\u{2b00}'..='\u{2bff}' | '\u{1f446}'..='\u{1f449}' | '\u{1f517}')
    })
}

/// Returns a link with its dress: all of its line if the link is that, the bullets before it, the other half of pairs.
pub(super) fn dressed(view: View, line: &Line, at_line: bool, aside: Aside) -> Aside {
    let first = aside.start as usize;
    if at_line && aside.end as usize == line.end {
        let whole = view.whole(line);
        let (start, end) = (whole.start.min(aside.span.start), whole.end.max(aside.span.end));
        return aside.with_span(Span { start, end });
    }
    let mut start = aside.span.start as usize;
    let end = aside.span.end as usize;
    let lead = view.lead(first);
    let from = view.tokens[first].start as usize - lead.len();
    let lead = &view.text[from.min(start)..start];
    let plain = |c: char| is_bullet(c) || varies(c) || c.is_whitespace();
    if at_line && lead.chars().all(plain) {
        start -= lead.trim_start().len();
    }
    // What opens before the link and closes in it.
    while let Some(open) = view.text[from.min(start)..start].chars().next_back() {
        let inside = &view.text[start..end];
        let run = view.text[from.min(start)..start].chars().rev().take_while(|&c| c == open).count();
        let taken = if EMPHASIS.contains(&open) {
            let signs = inside.chars().filter(|&c| c == open).count();
            if signs % (2 * run) == run { run } else { 0 }
        } else {
            usize::from(is_left_open(open, inside))
        };
        if taken == 0 {
            break;
        }
        start -= taken * open.len_utf8();
    }
    aside.with_span(Span::new(start, end))
}

/// Returns whether a text closes what `open` opened before it.
fn is_left_open(open: char, text: &str) -> bool {
    let Some((_, close)) = pairs().find(|&(o, c)| o == open && text.contains(c)) else { return false };
    let mut depth = 0i32;
    let closed = text.chars().any(|c| {
        let closes = c == close;
        depth += i32::from(c == open && !closes) - i32::from(closes);
        depth < 0
    });
    closed && (open != close || text.matches(close).count() % 2 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_that_closes_opens_nothing() {
        for (before, expected) in [
            (". \"", Some('"')),
            (".\" ", None),
            ("\" ", None),
            (" « ", Some('«')),
            ("» ", None),
            ("。《 ", Some('《')),
        ] {
            assert_eq!(opened(before), expected, "{before}");
        }
    }

    #[test]
    fn what_encloses_and_what_points() {
        for (before, after, expected) in [
            ("[", "] Fence", Enclosed::Bracketed),
            (". **【", "】** x", Enclosed::Bracketed),
            ("《", "》x", Enclosed::Titled),
            ("„", "“: x", Enclosed::Quoted),
            ("(", ": x)", Enclosed::No),
            ("", "] x", Enclosed::No),
        ] {
            assert_eq!(enclosed(opened(before), after), expected, "{before}…{after}");
        }
        for after in [": x", " ： x", "** – x", " - x", "”: x", " ➡️ x", " 👇 x", "፦ x", " ▶️ x", "| x", "៖ x"]
        {
            assert!(points(after), "{after}");
        }
        for after in ["-day x", " x", ", x", ". x", "” x", "/x"] {
            assert!(!points(after), "{after}");
        }
    }
}
