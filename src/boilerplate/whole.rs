//! Makes what is cut out of a text whole: with both of its brackets, with its tags in pairs, and with the signs that
//! would be left alone on its line.

use super::Aside;
use super::view::View;
use crate::Span;

/// Brackets that come in pairs.
const PAIRS: [(char, char); 14] = [
    ('(', ')'),
    ('[', ']'),
    ('{', '}'),
    ('（', '）'),
    ('［', '］'),
    ('【', '】'),
    ('〔', '〕'),
    ('〖', '〗'),
    ('《', '》'),
    ('〈', '〉'),
    ('「', '」'),
    ('『', '』'),
    ('＜', '＞'),
    ('<', '>'),
];

/// Elements of HTML that have no end.
const VOID: [&str; 8] = ["br", "img", "hr", "input", "meta", "link", "source", "wbr"];

/// Elements of HTML that stand in articles.
const ELEMENTS: [&str; 50] = [
    "a",
    "abbr",
    "article",
    "aside",
    "b",
    "big",
    "blockquote",
    "button",
    "center",
    "cite",
    "code",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "i",
    "iframe",
    "ins",
    "li",
    "main",
    "mark",
    "nav",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "td",
    "u",
    "ul",
];

/// Most times that a piece is extended; elements nest no deeper around one link.
const MAX_STEPS: usize = 16;

/// Extends a piece that is to be cut, so that it is whole; one that cannot be made so is only to be marked.
pub(super) fn whole(view: View, aside: Aside) -> Aside {
    if !aside.certain {
        return aside;
    }
    let text = view.text;
    let mut span = aside.span;
    for _ in 0..MAX_STEPS {
        let Some(more) = touching(text, span) else { break };
        span = more;
    }
    if let Some(line) = rest_of_line(text, span).filter(|&line| tags_are_paired(line.of(text))) {
        span = line;
    }
    let tagged = tags_are_paired(span.of(text)) && !begins_in_tag(text, span);
    let (opens, closes) = open_brackets(span.of(text));
    // An arrow is no bracket.
    let lacks = opens.is_some() || closes.is_some_and(|close| close != '>');
    if !tagged || lacks && !is_line(text, span) {
        return aside.uncertain(0.5);
    }
    let (mut start, mut end) = (aside.start as usize, aside.end as usize);
    while start > 0 && view.tokens[start - 1].start >= span.start {
        start -= 1;
    }
    while end < view.tokens.len() && view.tokens[end].end() <= span.end {
        end += 1;
    }
    Aside { start: start as u32, end: end as u32, ..aside.with_span(span) }
}

/// The piece with what it lacks, if that touches it: the other bracket of one, the other tag of one, or an element that
/// would be left empty.
fn touching(text: &str, span: Span) -> Option<Span> {
    let (start, end) = (span.start as usize, span.end as usize);
    let (before, behind) =
        (text[..start].trim_end_matches([' ', '\u{a0}']), text[end..].trim_start_matches([' ', '\u{a0}']));
    let behind_at = text.len() - behind.len();
    let (opens, closes) = open_brackets(span.of(text));
    if let Some(close) = closes
        && before.ends_with(other(close)?)
    {
        return Some(Span::new(before.len() - other(close)?.len_utf8(), end));
    }
    if let Some(open) = opens
        && behind.starts_with(other(open)?)
    {
        return Some(Span::new(start, behind_at + other(open)?.len_utf8()));
    }
    let (first, last) = (last_tag(before), first_tag(behind));
    match (first, last) {
        (Some(open), Some(close)) if !open.closes && close.closes && open.name.eq_ignore_ascii_case(close.name) => {
            Some(Span::new(before.len() - open.len, behind_at + close.len))
        }
        _ => {
            let unpaired = unpaired_tag(span.of(text))?;
            match (unpaired.closes, first, last) {
                (true, Some(open), _) if !open.closes && open.name.eq_ignore_ascii_case(unpaired.name) => {
                    Some(Span::new(before.len() - open.len, end))
                }
                (false, _, Some(close)) if close.closes && close.name.eq_ignore_ascii_case(unpaired.name) => {
                    Some(Span::new(start, behind_at + close.len))
                }
                _ => None,
            }
        }
    }
}

/// Longest rest of a line that may be signs and tags alone, in bytes.
const MAX_REST_BYTES: usize = 1000;

/// All of the line, or lines, that a piece stands on, if nothing with a letter or digit is on them besides, tags aside.
fn rest_of_line(text: &str, span: Span) -> Option<Span> {
    let (start, end) = (span.start as usize, span.end as usize);
    let lead = text[..start].rsplit('\n').next()?;
    let rest = text[end..].split('\n').next()?;
    let bare = |piece: &str| piece.len() <= MAX_REST_BYTES && !without_tags(piece).contains(char::is_alphanumeric);
    if !bare(lead) || !bare(rest) {
        return None;
    }
    Some(Span::new(start - lead.trim_start().len(), end + rest.trim_end().len()))
}

/// Whether a piece is all that its line, or its lines, hold.
fn is_line(text: &str, span: Span) -> bool {
    let lead = text[..span.start as usize].rsplit('\n').next().unwrap_or("");
    let rest = text[span.end as usize..].split('\n').next().unwrap_or("");
    lead.trim().is_empty() && rest.trim().is_empty()
}

fn other(bracket: char) -> Option<char> {
    PAIRS.iter().find_map(|&(open, close)| match bracket {
        c if c == open => Some(close),
        c if c == close => Some(open),
        _ => None,
    })
}

/// The first bracket of a piece that closes nothing and the last that nothing closes: (opening, closing). Signs that close
/// nothing because they are none ("1)", ":)", "Read more >") are passed over.
fn open_brackets(piece: &str) -> (Option<char>, Option<char>) {
    let mut open: Vec<char> = Vec::new();
    let mut closes = None;
    let mut before = ' ';
    let mut at = 0;
    while let Some(c) = piece[at..].chars().next() {
        if c == '<'
            && let Some(tag) = first_tag(&piece[at..])
        {
            at += tag.len;
            before = '>';
            continue;
        }
        // A sign of comparison opens nothing.
        let opens =
            c != '<' || piece[at + 1..].starts_with(|next: char| !next.is_whitespace() && next != '<' && next != '-');
        if PAIRS.iter().any(|pair| pair.0 == c) {
            open.extend(opens.then_some(c));
        } else if let Some(pair) = PAIRS.iter().find(|pair| pair.1 == c) {
            match open.last() {
                Some(&last) if last == pair.0 => {
                    open.pop();
                }
                _ if c == ')' && (before == ':' || before == '-' || at <= 3 && before.is_alphanumeric()) => {}
                _ => closes = closes.or(Some(c)),
            }
        }
        before = c;
        at += c.len_utf8();
    }
    (open.pop(), closes)
}

/// A tag of HTML.
#[derive(Debug, Clone, Copy)]
struct Tag<'a> {
    name: &'a str,
    closes: bool,
    /// Its bytes.
    len: usize,
}

/// The tag that a text begins with.
fn first_tag(text: &str) -> Option<Tag<'_>> {
    let inner = text.strip_prefix('<')?;
    let len = text.find('>')? + 1;
    let closes = inner.starts_with('/');
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let name = &inner[..inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len())];
    let is = |known: &&&str| known.eq_ignore_ascii_case(name);
    // "<A lire>" are words in angle brackets: what follows the name of an element are attributes with values.
    let rest = inner[name.len()..inner.find('>')?].trim_end_matches('/');
    if !rest.trim().is_empty() && (!rest.starts_with([' ', '\t', '\n']) || !rest.contains('=')) {
        return None;
    }
    (ELEMENTS.iter().find(is).is_some() || VOID.iter().find(is).is_some()).then_some(Tag { name, closes, len })
}

/// The tag that a text ends with.
fn last_tag(text: &str) -> Option<Tag<'_>> {
    let from = text.ends_with('>').then(|| text.rfind('<'))??;
    first_tag(&text[from..]).filter(|tag| tag.len == text.len() - from)
}

/// A tag of a piece that has no other, if there is one.
fn unpaired_tag(piece: &str) -> Option<Tag<'_>> {
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

fn tags_are_paired(piece: &str) -> bool {
    unpaired_tag(piece).is_none()
}

/// Whether a piece begins or ends inside a tag.
fn begins_in_tag(text: &str, span: Span) -> bool {
    let inside = |at: usize| {
        let line = text[..at].rsplit('\n').next().unwrap_or("");
        line.rfind('<').is_some_and(|from| {
            let from = at - line.len() + from;
            first_tag(&text[from..]).is_some_and(|tag| from + tag.len > at)
        })
    };
    inside(span.start as usize) || inside(span.end as usize)
}

/// A text without its tags.
fn without_tags(text: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;
    use crate::boilerplate::AsideKind;
    use crate::segment::cut;

    /// What becomes of the piece between ‹ and ›, if it is still to be cut.
    fn made(marked: &str) -> Option<String> {
        let text = marked.replace(['‹', '›'], "");
        let start = marked.find('‹').unwrap();
        let end = marked.find('›').unwrap() - '‹'.len_utf8();
        let document = Document::new("x", text.as_str());
        let cut = cut(&document);
        let view = View { text: &text, tokens: &cut.tokens, lines: &cut.lines, fences: &cut.fences };
        let kind = AsideKind::InsertedLink;
        let first = cut.tokens.partition_point(|token| (token.start as usize) < start);
        let aside = Aside::new(&text, &cut.tokens, first, first + 1, kind, "").with_span(Span::new(start, end));
        let aside = whole(view, aside);
        aside.certain.then(|| aside.span.of(&text).to_string())
    }

    #[test]
    fn brackets_and_signs_go_together() {
        for (marked, piece) in [
            ("It rained.\n【‹相关阅读】新桥通车›\nMore.", "【相关阅读】新桥通车"),
            ("It rained.\n<‹Read also: Ferry Back In Service>›\nMore.", "<Read also: Ferry Back In Service>"),
            ("It rained. (‹Read also: Ferry›) More.", "Read also: Ferry"),
            ("It rained. (‹Read also: Ferry)› More.", "(Read also: Ferry)"),
            ("It rained.\n  • ‹Read also: Ferry›\nMore.", "• Read also: Ferry"),
            ("It rained.\n▶ ‹Read also: Ferry› ◀\nMore.", "▶ Read also: Ferry ◀"),
            ("It rained. ‹Read more >› More.", "Read more >"),
            ("It rained. 「‹関連記事」新しい橋› 雨。", "「関連記事」新しい橋"),
        ] {
            assert_eq!(made(marked).as_deref(), Some(piece), "{marked}");
        }
        assert_eq!(made("It rained. ‹Read also: Ferry (Oxlode› and Brinmouth) sails. More."), None);
    }

    #[test]
    fn tags_stay_in_pairs() {
        for (marked, piece) in [
            (
                "<p><b>‹Read:</b> <a href=\"x\">Ferry</a>›</p>\n<p>Rain.</p>",
                "<p><b>Read:</b> <a href=\"x\">Ferry</a></p>",
            ),
            ("<p>Rain.</p><ul><li><b>‹Read:</b> Ferry›</li></ul><p>Sun.</p>", "<ul><li><b>Read:</b> Ferry</li></ul>"),
            ("<p>Rain. <em>‹Read: Ferry›</em> Sun.</p>", "<em>Read: Ferry</em>"),
            ("<p>Rain.<br>‹Read: Ferry›<br>Sun.</p>", "Read: Ferry"),
        ] {
            assert_eq!(made(marked).as_deref(), Some(piece), "{marked}");
        }
        for marked in [
            "<p>Rain. ‹Read: <a href=\"x\">Ferry› is back</a>.</p>",
            "<p>Rain. <b>Sun. ‹Read:</b> Ferry› is back.</p>",
            "<p>Rain. <a href=\"x‹read\">Ferry›</a> is back.</p>",
        ] {
            assert_eq!(made(marked), None, "{marked}");
        }
    }
}
