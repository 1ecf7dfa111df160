//! A text as its readers see it: without tags of HTML and without the addresses of links.
//!
//! The rules read words and what is written between them. Markup between a marker and its headline hides what they look for:
//! `<strong>Read also:</strong> <a href="/h">Headline</a>`. Here it is overwritten with spaces, byte for byte, so that every
//! place in the text stays where it was.

use super::aside::Aside;
use super::tag::{Tag, breaks_line, first_tag};
use super::thresholds::{MAX_ADDRESS_BYTES, MAX_TAG_BYTES};
use super::view::View;
use crate::Span;
use crate::segment::Line;
use crate::token::Token;

/// A text without its markup, with the tokens and lines that are left.
#[derive(Debug)]
pub(crate) struct Plain {
    text: String,
    tokens: Vec<Token>,
    lines: Vec<Line>,
    /// The number that each token has in the document, and after them the number of all tokens there.
    numbers: Vec<u32>,
    /// The words of each link, as ranges of tokens.
    links: Vec<Line>,
    /// See [`View::fences`].
    fences: Vec<u32>,
    marks: Vec<Mark>,
}

impl Plain {
    /// Returns a text without its markup; `None` if it has none.
    pub fn of(view: View) -> Option<Plain> {
        let marks = marks(view.text);
        if marks.is_empty() {
            return None;
        }
        let mut bytes = view.text.as_bytes().to_vec();
        let mut fences = view.fences.to_vec();
        for mark in &marks {
            let blank = bytes[mark.start..mark.end].iter_mut().filter(|byte| **byte != b'\n');
            blank.for_each(|byte| *byte = b' ');
            mark.sign.write(&mut bytes[mark.start..mark.end]);
            fences.extend((mark.sign == Sign::Fence).then_some(mark.start as u32));
        }
        fences.sort_unstable();
        // Whole tags were overwritten, so no character was split.
        let text = String::from_utf8(bytes).ok()?;
        let (tokens, lines) = (Vec::with_capacity(view.tokens.len()), Vec::with_capacity(view.lines.len()));
        let mut plain =
            Plain { text, tokens, lines, fences, numbers: Vec::new(), links: Vec::new(), marks: Vec::new() };
        plain.take_lines(view, &marks);
        plain.numbers.push(view.tokens.len() as u32);
        plain.links = links(&marks, &plain.tokens);
        plain.marks = marks;
        Some(plain)
    }

    /// Takes over the tokens outside of markup, and the lines, which tags may break.
    fn take_lines(&mut self, view: View, marks: &[Mark]) {
        let mut next = 0;
        for line in view.lines {
            let mut start = self.tokens.len();
            for i in line.range() {
                let token = &view.tokens[i];
                while marks.get(next).is_some_and(|mark| mark.end <= token.start as usize) {
                    if marks[next].breaks {
                        self.end_line(&mut start);
                    }
                    next += 1;
                }
                if marks.get(next).is_none_or(|mark| token.end() as usize <= mark.start) {
                    self.tokens.push(*token);
                    self.numbers.push(i as u32);
                }
            }
            self.end_line(&mut start);
        }
    }

    fn end_line(&mut self, start: &mut usize) {
        let end = self.tokens.len();
        if end > *start {
            self.lines.push(Line { start: *start, end });
            *start = end;
        }
    }

    /// Returns the text as the rules see it.
    pub fn view(&self) -> View<'_> {
        View { text: &self.text, tokens: &self.tokens, lines: &self.lines, fences: &self.fences }
    }

    /// Returns the words of links, as ranges of tokens, in order.
    pub fn links(&self) -> &[Line] {
        &self.links
    }

    /// Returns a piece of this text as one of the document.
    pub fn in_document(&self, aside: Aside) -> Aside {
        let end = self.numbers[aside.end.saturating_sub(1) as usize] + 1;
        // A bullet is a tag in the document: it goes whole.
        let inside = |at: u32| {
            let next = self.marks.partition_point(|mark| mark.end <= at as usize);
            self.marks.get(next).filter(|mark| mark.start < at as usize)
        };
        let start = inside(aside.span.start).map_or(aside.span.start as usize, |mark| mark.start);
        let stop = inside(aside.span.end).map_or(aside.span.end as usize, |mark| mark.end);
        Aside { start: self.numbers[aside.start as usize], end, ..aside.with_span(Span::new(start, stop)) }
    }

    /// Returns a piece of the document as one of this text; `None` if it is markup only.
    pub fn without_markup(&self, aside: Aside) -> Option<Aside> {
        let at = |number: u32| self.numbers.partition_point(|&known| known < number).min(self.tokens.len()) as u32;
        let aside = Aside { start: at(aside.start), end: at(aside.end), ..aside };
        (aside.start < aside.end).then_some(aside)
    }

    /// Returns the number that a token has in the document.
    pub fn number(&self, token: usize) -> usize {
        self.numbers[token] as usize
    }
}

/// A stretch of markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mark {
    start: usize,
    end: usize,
    kind: Kind,
    /// Whether it begins or ends a line.
    breaks: bool,
    sign: Sign,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The tag that opens a link.
    Opens,
    /// The tag that closes one.
    Closes,
    /// The address of a link of Markdown, whose words begin at this byte.
    Address(usize),
    Other,
}

/// The sign of plain text that says what a tag says, by which the rules know headings, lists, tables and code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    None,
    Line,
    Heading,
    Bullet,
    Number,
    Cell,
    EndOfCell,
    Code,
    EndOfCode,
    Fence,
}

impl Sign {
    /// Returns the sign of an element; `numbered` is whether its list is.
    fn of(name: &str, closes: bool, numbered: bool) -> Sign {
        match (name, closes) {
            ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", false) => Sign::Heading,
            ("li", false) if numbered => Sign::Number,
            ("li", false) => Sign::Bullet,
            ("td" | "th", false) => Sign::Cell,
            ("td" | "th", true) => Sign::EndOfCell,
            ("code" | "kbd" | "samp", false) => Sign::Code,
            ("code" | "kbd" | "samp", true) => Sign::EndOfCode,
            ("pre", _) => Sign::Fence,
            (name, _) if breaks_line(name) => Sign::Line,
            _ => Sign::None,
        }
    }

    /// Writes it over the bytes of a tag, which are blank.
    fn write(self, tag: &mut [u8]) {
        let (from, sign) = match self {
            Sign::None => return,
            Sign::Line | Sign::Fence => (0, "\n"),
            Sign::Heading => (0, "\n# "),
            Sign::Bullet => (0, "\n- "),
            Sign::Number => (0, "\n①"),
            Sign::Cell => (0, "\n|"),
            Sign::EndOfCell | Sign::EndOfCode => (0, if self == Sign::EndOfCell { "|" } else { "`" }),
            Sign::Code => (tag.len() - 1, "`"),
        };
        tag[from..from + sign.len()].copy_from_slice(sign.as_bytes());
    }
}

/// Returns the markup of a text, in order: tags of HTML, addresses of links of Markdown.
fn marks(text: &str) -> Vec<Mark> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    // For each open list, whether its items are numbered.
    let mut lists = Vec::new();
    let mut at = 0;
    while let Some(next) = memchr::memchr2(b'<', b']', &bytes[at..]) {
        at += next;
        let mark = if bytes[at] == b'<' { tag(text, at, &mut lists) } else { address(text, at) };
        found.extend(mark);
        at = mark.map_or(at + 1, |mark| mark.end);
    }
    found
}

fn tag(text: &str, at: usize, lists: &mut Vec<bool>) -> Option<Mark> {
    let mut end = text.len().min(at + MAX_TAG_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let Tag { name, closes, len } = first_tag(&text[at..end])?;
    let name = name.to_ascii_lowercase();
    match (&*name, closes) {
        ("ol" | "ul", false) => lists.push(name == "ol"),
        ("ol" | "ul", true) => drop(lists.pop()),
        _ => {}
    }
    let kind = match (&*name, closes) {
        ("a", false) => Kind::Opens,
        ("a", true) => Kind::Closes,
        _ => Kind::Other,
    };
    let sign = Sign::of(&name, closes, lists.last() == Some(&true));
    let breaks = !matches!(sign, Sign::None | Sign::Code | Sign::EndOfCode);
    Some(Mark { start: at, end: at + len, kind, breaks, sign })
}

/// Returns the address after the words of a link of Markdown, which end in the bracket at `at`.
fn address(text: &str, at: usize) -> Option<Mark> {
    let end = at + 1 + target(&text[at + 1..])?;
    // Its words are on one line, and hold no other brackets.
    let line = &text[text[..at].rfind(['\n', '[', ']'])?..];
    let words = text.len() - line.len() + 1;
    line.starts_with('[').then_some(Mark {
        start: at + 1,
        end,
        kind: Kind::Address(words),
        breaks: false,
        sign: Sign::None,
    })
}

/// Returns the length of the address of a link of Markdown that a text begins with, in brackets: "(https://x.example)".
pub(super) fn target(text: &str) -> Option<usize> {
    text.starts_with('(').then_some(())?;
    let mut depth = 0;
    let mut titled = false;
    for (at, c) in text.char_indices().take_while(|&(at, _)| at < MAX_ADDRESS_BYTES) {
        match c {
            '\n' => return None,
            // A title in quotes may follow.
            ' ' if !titled && !text[at + 1..].starts_with(['"', '\'']) => return None,
            ' ' => titled = true,
            '(' => depth += 1,
            ')' if depth == 1 => return (at > 1).then_some(at + 1),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Returns the words of the links that markup makes, as ranges of tokens.
fn links(marks: &[Mark], tokens: &[Token]) -> Vec<Line> {
    let token = |byte: usize| tokens.partition_point(|token| (token.start as usize) < byte);
    let mut found = Vec::new();
    let mut opened = None;
    for mark in marks {
        let link = match mark.kind {
            Kind::Opens => {
                opened = Some(mark.end);
                None
            }
            Kind::Closes => opened.take().map(|from| (from, mark.start)),
            Kind::Address(from) => Some((from, mark.start)),
            Kind::Other => None,
        };
        let link = link.map(|(from, to)| Line { start: token(from), end: token(to) });
        found.extend(link.filter(|link| link.start < link.end));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;
    use crate::boilerplate::text::AsideKind;
    use crate::segment::cut;

    /// Returns the lines of a text without its markup, and the words of its links.
    fn read(text: &str) -> Option<(Vec<String>, Vec<String>)> {
        let document = Document::new("x", text);
        let cut = cut(&document);
        let view = View::new(&document, &cut);
        let plain = Plain::of(view)?;
        let bare = plain.view();
        assert_eq!(bare.text.len(), text.len());
        let piece = |line: &Line| {
            text[bare.tokens[line.start].start as usize..bare.tokens[line.end - 1].end() as usize].to_string()
        };
        Some((bare.lines.iter().map(piece).collect(), plain.links().iter().map(piece).collect()))
    }

    #[test]
    fn tags_break_lines_or_are_passed_over() {
        let (lines, links) =
            read("<p>It <b>rained</b>.</p><p><strong>Czytaj:</strong> <a href=\"/x\">Łoś i <i>my</i></a></p>").unwrap();
        assert_eq!(lines, ["It <b>rained", "Czytaj:</strong> <a href=\"/x\">Łoś i <i>my"]);
        assert_eq!(links, ["Łoś i <i>my"]);
        let (lines, links) = read("Regen.<br/>Lees ook: <a href='x'>De pont</a> en <a>nog iets</a>").unwrap();
        assert_eq!(lines, ["Regen", "Lees ook: <a href='x'>De pont</a> en <a>nog iets"]);
        assert_eq!(links, ["De pont", "nog iets"]);
    }

    #[test]
    fn headings_lists_tables_and_code_are_seen() {
        let text = "<h2>Contact</h2><ul><li>Share</li></ul><ol><li>Open</li></ol><table><tr><td>Name</td></tr></table>\
                    <p><code>help</code></p><pre>\nsubmit\n</pre>";
        let document = Document::new("x", text);
        let cut = cut(&document);
        let plain = Plain::of(View::new(&document, &cut)).unwrap();
        let view = plain.view();
        let seen: Vec<&str> = view.lines.iter().map(|line| view.whole(line).of(view.text)).collect();
        let squeezed: Vec<String> =
            seen.iter().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(squeezed, ["# Contact", "- Share", "①Open", "| Name|", "`help`", "submit"]);
        let first = plain.in_document(
            Aside::new(view.text, view.tokens, 1, 2, AsideKind::CallToAction, "").with_span(view.whole(&view.lines[1])),
        );
        assert!(first.span.of(text).starts_with("<li>Share"), "{}", first.span.of(text));
        assert_eq!(view.fences.len(), 2);
    }

    #[test]
    fn addresses_are_no_words() {
        let (lines, links) =
            read("Rain.\n**Читайте також** [Пором](https://x.example/a_(b) \"Пором\") сьогодні").unwrap();
        assert_eq!(lines.len(), 2);
        assert_eq!(links, ["Пором"]);
        for text in ["It rained.", "a < b and b > c", "He [the mayor] (of Sule) spoke", "x[1](a note in words)", "](x)"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn any_text_is_read() {
        for text in ["<", "<<<a", "<p>", "[](", "[a](((", "<p><a href=\"x\">", "</a></p>", "ж](ж)<br>ж", "[ж](ж)"]
        {
            let _ = read(text);
        }
    }
}
