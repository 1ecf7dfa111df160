//! Makes a piece that is cut out of a text whole: with both of its brackets, with its tags in pairs, and with the signs
//! that would be left alone on its line.

use super::aside::Aside;
use super::markup::target;
use super::tag::{begins_in_tag, first_tag, last_tag, tags_are_paired, unpaired_tag, without_tags};
use super::thresholds::{MAX_EXTENSIONS, MAX_LINE_REST_BYTES};
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

/// Quotes that come in pairs.
const QUOTES: [(char, char); 8] =
    [('“', '”'), ('„', '“'), ('„', '”'), ('«', '»'), ('»', '«'), ('‘', '’'), ('‹', '›'), ('"', '"')];
/// Signs of emphasis in Markdown.
const EMPHASIS: [char; 3] = ['*', '_', '~'];

/// Extends a piece that is to be cut, so that it is whole. If that is impossible, the piece becomes uncertain.
pub(crate) fn whole(view: View, aside: Aside) -> Aside {
    if !aside.certain {
        return aside;
    }
    let text = view.text;
    let mut span = aside.span;
    for _ in 0..MAX_EXTENSIONS {
        let Some(more) = touching(text, span) else { break };
        span = more;
    }
    if let Some(line) = rest_of_line(text, span).filter(|&line| tags_are_paired(line.of(text))) {
        span = line;
    }
    let tagged = tags_are_paired(span.of(text)) && !begins_in_tag(text, span);
    let (opens, closes) = open_brackets(span.of(text));
    // An arrow is not a bracket.
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

/// Returns the piece with the missing half of a pair of brackets or tags, if that half is next to it, or with the tags of
/// an element that would be left empty.
fn touching(text: &str, span: Span) -> Option<Span> {
    let (start, end) = (span.start as usize, span.end as usize);
    let (before, behind) =
        (text[..start].trim_end_matches([' ', '\u{a0}']), text[end..].trim_start_matches([' ', '\u{a0}']));
    let behind_at = text.len() - behind.len();
    let (opens, closes) = open_brackets(span.of(text));
    // In French a space comes before these.
    if behind_at > end && behind.starts_with(['?', '!']) && behind[1..].chars().next().is_none_or(char::is_whitespace) {
        return Some(Span::new(start, behind_at + 1));
    }
    if opens.is_none() && closes.is_none() {
        if let Some(len) = address(span.of(text), &text[end..]) {
            return Some(Span::new(start, end + len));
        }
        if let Some(len) = bracketed_address(behind) {
            return Some(Span::new(start, behind_at + len));
        }
        if let Some((open, close)) = emptied(before, behind) {
            return Some(Span::new(before.len() - open, behind_at + close));
        }
    }
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

/// Returns the length of the address and the attributes after a link of Markdown that a piece ends in.
fn address(piece: &str, behind: &str) -> Option<usize> {
    let closed = |open: char, close: char| {
        let inner = behind.strip_prefix(open)?;
        let end = inner.find([close, '\n']).filter(|&end| inner[end..].starts_with(close))?;
        Some(open.len_utf8() + end + close.len_utf8())
    };
    match piece.chars().next_back()? {
        ']' if behind.starts_with('(') => target(behind),
        ']' => closed('[', ']'),
        ')' if piece.contains("](") => closed('{', '}'),
        _ => None,
    }
}

/// Returns the length of an address in brackets that ends the line after a piece: "Ferry Back In Service (https://…)".
fn bracketed_address(behind: &str) -> Option<usize> {
    let inner = behind.strip_prefix(['(', '[', '<'])?;
    let end = inner.find(|c: char| c.is_whitespace() || matches!(c, ')' | ']' | '>'))?;
    let after = inner[end..].strip_prefix([')', ']', '>'])?;
    let address = inner[..end].starts_with("http://") || inner[..end].starts_with("https://");
    (address && after.split('\n').next()?.trim().is_empty()).then_some(end + 2)
}

/// Returns how long the signs around a piece are that would be left with nothing between them: brackets, quotes, signs of
/// emphasis.
fn emptied(before: &str, behind: &str) -> Option<(usize, usize)> {
    let (open, close) = (before.chars().next_back()?, behind.chars().next()?);
    let line = before.rsplit('\n').next().unwrap_or(before);
    let pair = |&(opens, closes): &(char, char)| opens == open && closes == close;
    if PAIRS.iter().any(pair) || QUOTES.iter().any(pair) && opens_quote(&line[..line.len() - open.len_utf8()], open) {
        return Some((open.len_utf8(), close.len_utf8()));
    }
    // As many signs on both sides: "**…**".
    let run = |text: &mut dyn Iterator<Item = char>| text.take_while(|&c| c == open).count();
    let signs = run(&mut line.chars().rev());
    let opened = || (line.matches(open).count() - signs).is_multiple_of(2 * signs);
    (EMPHASIS.contains(&open) && signs == run(&mut behind.chars()) && opened()).then_some((signs, signs))
}

/// Returns whether a quote opens after the text before it, although it closes quotes in other languages, or here as well.
fn opens_quote(line: &str, quote: char) -> bool {
    let count = |c: char| line.matches(c).count();
    match quote {
        '"' => count('"').is_multiple_of(2),
        '»' => count('»') >= count('«'),
        _ => true,
    }
}

/// Returns all of the piece's lines, if the rest of them has no letter or digit outside of tags.
fn rest_of_line(text: &str, span: Span) -> Option<Span> {
    let (start, end) = (span.start as usize, span.end as usize);
    let lead = text[..start].rsplit('\n').next()?;
    let rest = text[end..].split('\n').next()?;
    let bare = |piece: &str| piece.len() <= MAX_LINE_REST_BYTES && !without_tags(piece).contains(char::is_alphanumeric);
    // The number of an item goes with it.
    let numbered = lead.trim_end().strip_suffix(['.', ')']).is_some_and(|number| {
        let number = number.trim_start();
        (1..=2).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    if !(bare(lead) || numbered && lead.ends_with([' ', '\t'])) || !bare(rest) {
        return None;
    }
    Some(Span::new(start - lead.trim_start().len(), end + rest.trim_end().len()))
}

/// Returns whether a piece is all of its line or lines.
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

/// Returns the first bracket of a piece that closes nothing and the last that nothing closes: (opening, closing). Signs
/// that close nothing because they are none ("1)", ":)", "Read more >") are passed over.
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
                // The sign before a quoted paragraph of Markdown, or an arrow.
                _ if c == '>' && before.is_whitespace() => {}
                _ => closes = closes.or(Some(c)),
            }
        }
        before = c;
        at += c.len_utf8();
    }
    (open.pop(), closes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;
    use crate::boilerplate::text::AsideKind;
    use crate::segment::cut;

    /// Returns the whole piece for the one between ‹ and ›, if it is still to be cut.
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
            ("It rained. (‹Read also: Ferry›) More.", "(Read also: Ferry)"),
            ("下雨了。（‹相关阅读：《新桥通车？》›）水涨了。", "（相关阅读：《新桥通车？》）"),
            ("It rained. “‹Read also: Ferry›” More.", "“Read also: Ferry”"),
            ("It rained. **‹Read also: Ferry›** More.", "**Read also: Ferry**"),
            ("It rained. **‹Read also: Ferry› More.**", "Read also: Ferry"),
            ("He said \"yes.\" ‹Read also: Ferry› \"Now,\" he said.", "Read also: Ferry"),
            ("«Oui.» ‹Read also: Ferry› «Non.»", "Read also: Ferry"),
            ("**It rained.** ‹Read also: Ferry› **More.**", "Read also: Ferry"),
            ("It rained. ‹Read also: [Ferry]›(/x_(1)) More.", "Read also: [Ferry](/x_(1))"),
            ("It rained. ‹Read also: [Ferry›](/x){:rel=\"x\"} More.", "Read also: [Ferry](/x){:rel=\"x\"}"),
            ("It rained. ‹Read also: [Ferry]›[4] More.", "Read also: [Ferry][4]"),
            ("It rained. ‹Read also: Ferry [Sule]› (a ship) More.", "Read also: Ferry [Sule]"),
            ("It rained. (‹Read also: Ferry)› More.", "(Read also: Ferry)"),
            ("It rained.\n  • ‹Read also: Ferry›\nMore.", "• Read also: Ferry"),
            ("It rained.\n> **‹Read also:** [Ferry]›(/x)\nMore.", "> **Read also:** [Ferry](/x)"),
            ("It rained.\n‹Read also: Ferry› (https://x.example/o)\nMore.", "Read also: Ferry (https://x.example/o)"),
            ("It rained.\n1. ‹Read also: Ferry›\nMore.", "1. Read also: Ferry"),
            ("It rained.\n▶ ‹Read also: Ferry› ◀\nMore.", "▶ Read also: Ferry ◀"),
            ("It rained. ‹Read more >› More.", "Read more >"),
            (
                "Il pleut. ‹Lire aussi : Et si le bac repartait› ? La mairie hésite.",
                "Lire aussi : Et si le bac repartait ?",
            ),
            ("It rained. ‹Read also: Ferry› ![Ferry](/x.png) More.", "Read also: Ferry"),
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
