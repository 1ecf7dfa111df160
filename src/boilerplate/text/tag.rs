//! Tags of HTML in a piece of text.

use crate::Span;

/// Elements of HTML that have no end.
const VOID: [&str; 8] = ["br", "img", "hr", "input", "meta", "link", "source", "wbr"];

/// Elements of HTML that occur in articles: those that begin and end lines, and those that stand in lines.
const BLOCKS: [&str; 34] = [
    "article",
    "aside",
    "blockquote",
    "button",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "iframe",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];
const INLINE: [&str; 20] = [
    "a", "abbr", "b", "big", "cite", "code", "del", "em", "font", "i", "ins", "mark", "q", "s", "small", "span",
    "strong", "sub", "sup", "u",
];

/// A tag of HTML.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag<'a> {
    pub name: &'a str,
    pub closes: bool,
    /// Its bytes.
    pub len: usize,
}

/// Returns whether an element, whose name is in lower case, begins or ends a line.
pub(super) fn breaks_line(name: &str) -> bool {
    BLOCKS.contains(&name) || matches!(name, "br" | "hr" | "img")
}

/// Returns the tag that a text begins with.
pub(super) fn first_tag(text: &str) -> Option<Tag<'_>> {
    let inner = text.strip_prefix('<')?;
    let len = text.find('>')? + 1;
    let closes = inner.starts_with('/');
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let name = &inner[..inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len())];
    // "<A lire>" are words in angle brackets: what follows the name of an element are attributes with values.
    let rest = inner[name.len()..inner.find('>')?].trim_end_matches('/');
    if !rest.trim().is_empty() && (!rest.starts_with([' ', '\t', '\n']) || !rest.contains('=')) {
        return None;
    }
    let mut known = BLOCKS.iter().chain(&INLINE).chain(&VOID);
    known.any(|known| known.eq_ignore_ascii_case(name)).then_some(Tag { name, closes, len })
}

/// Returns the tag that a text ends with.
pub(super) fn last_tag(text: &str) -> Option<Tag<'_>> {
    let from = text.ends_with('>').then(|| text.rfind('<'))??;
    first_tag(&text[from..]).filter(|tag| tag.len == text.len() - from)
}

/// Returns a tag of a piece that has no other, if there is one.
pub(super) fn unpaired_tag(piece: &str) -> Option<Tag<'_>> {
    let mut open: Vec<Tag> = Vec::new();
    let mut at = 0;
    while let Some(next) = memchr::memchr(b'<', &piece.as_bytes()[at..]) {
        at += next;
        let Some(tag) = first_tag(&piece[at..]) else {
            at += 1;
            continue;
        };
        at += tag.len;
        let void = VOID.iter().any(|name| name.eq_ignore_ascii_case(tag.name));
        match open.last() {
            _ if void => {}
            Some(last) if tag.closes && last.name.eq_ignore_ascii_case(tag.name) => {
                open.pop();
            }
            _ if tag.closes => return Some(tag),
            _ => open.push(tag),
        }
    }
    open.pop()
}

pub(super) fn tags_are_paired(piece: &str) -> bool {
    unpaired_tag(piece).is_none()
}

/// Returns whether a piece begins or ends inside a tag.
pub(super) fn begins_in_tag(text: &str, span: Span) -> bool {
    let inside = |at: usize| {
        let line = text[..at].rsplit('\n').next().unwrap_or("");
        line.rfind('<').is_some_and(|from| {
            let from = at - line.len() + from;
            first_tag(&text[from..]).is_some_and(|tag| from + tag.len > at)
        })
    };
    inside(span.start as usize) || inside(span.end as usize)
}

/// Returns a text without its tags.
pub(super) fn without_tags(text: &str) -> String {
    let mut left = String::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let tag = if c == '<' { first_tag(&text[at..]) } else { None };
        at += tag.map_or_else(
            || {
                left.push(c);
                c.len_utf8()
            },
            |tag| tag.len,
        );
    }
    left
}
