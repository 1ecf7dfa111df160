//! Markup as a run of tokens, each with its place. Nothing is an error here: anything that is not markup is text.

use std::borrow::Cow;
use std::ops::Range;

use ahash::AHashSet;
use memchr::{memchr, memmem};

use super::decode::decode;

/// The kinds of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::read) enum Kind {
    /// Characters and references to characters.
    Text,
    /// `<![CDATA[…]]>`
    CharacterData,
    /// `<name …>`
    Start,
    /// `<name …/>`
    Empty,
    /// `</name>`
    End,
    /// A comment, a declaration, an instruction, or a tag that is cut off.
    Other,
}

/// A piece of markup. The tokens of a source cover it without gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::read) struct Token {
    pub kind: Kind,
    pub range: Range<usize>,
}

/// The tokens of a source.
pub(in crate::read) struct Tokens<'s> {
    source: &'s str,
    at: usize,
    unended: Unended,
}

/// Searches that reached the end of the source in vain, so that they are not repeated from each later place.
#[derive(Default)]
struct Unended {
    /// Places in tags, each a `<` outside of quotes or the end of a quoted value, from which on every `>` is in quotes.
    tags: AHashSet<usize>,
    /// Such places in the tag that is looked at.
    passed: Vec<usize>,
    /// The number of tags whose quotes are never closed.
    quotes: usize,
    /// Whether no bracket that is closed follows, with a `>` after it.
    subsets: bool,
}

impl<'s> Tokens<'s> {
    pub fn new(source: &'s str) -> Self {
        Tokens { source, at: 0, unended: Unended::default() }
    }

    /// Returns how many of the tags so far have quotes that are never closed.
    pub fn open_quotes(&self) -> usize {
        self.unended.quotes
    }

    /// Goes on at the end tag of an element whose content is not markup, or at the end.
    pub fn skip_content(&mut self, name: &str) {
        let rest = &self.source.as_bytes()[self.at..];
        let ends = memmem::find_iter(rest, b"</").find(|at| {
            let found = rest.get(at + 2..at + 2 + name.len());
            found.is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
        });
        self.at += ends.unwrap_or(rest.len());
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let rest = &self.source[self.at..];
        if rest.is_empty() {
            return None;
        }
        let (kind, len) = first(rest.as_bytes(), self.at, &mut self.unended);
        let range = self.at..self.at + len;
        self.at = range.end;
        Some(Token { kind, range })
    }
}

/// Returns the kind and the length of the first token; `at` is its place in the source.
fn first(rest: &[u8], at: usize, unended: &mut Unended) -> (Kind, usize) {
    if !begins_markup(rest) {
        let mut at = 1;
        while let Some(next) = memchr(b'<', &rest[at..]) {
            at += next;
            if begins_markup(&rest[at..]) {
                return (Kind::Text, at);
            }
            at += 1;
        }
        return (Kind::Text, rest.len());
    }
    let until = |end: &[u8]| memmem::find(rest, end).map_or(rest.len(), |at| at + end.len());
    match rest {
        [b'<', b'!', b'-', b'-', ..] => {
            (Kind::Other, memmem::find(&rest[4..], b"-->").map_or(rest.len(), |at| at + 4 + 3))
        }
        _ if rest.starts_with(b"<![CDATA[") => (Kind::CharacterData, until(b"]]>")),
        [b'<', b'?', ..] => (Kind::Other, memchr(b'>', rest).map_or(rest.len(), |at| at + 1)),
        [b'<', b'!', ..] => (Kind::Other, declaration(rest, unended)),
        [b'<', b'/', ..] => match memchr(b'>', rest) {
            Some(end) => (Kind::End, end + 1),
            None => (Kind::Other, rest.len()),
        },
        _ => match tag(rest, at, unended) {
            Some(end) if rest[..end].ends_with(b"/>") => (Kind::Empty, end),
            Some(end) => (Kind::Start, end),
            None => (Kind::Other, rest.len()),
        },
    }
}

fn begins_markup(rest: &[u8]) -> bool {
    let starts_name = |b: &u8| b.is_ascii_alphabetic() || *b == b'_' || *b == b':' || *b >= 0x80;
    match rest {
        [b'<', b'!' | b'?', ..] => true,
        [b'<', b'/', c, ..] | [b'<', c, ..] => starts_name(c),
        _ => false,
    }
}

/// Returns the length of a declaration, with a subset in brackets if it has one.
fn declaration(rest: &[u8], unended: &mut Unended) -> usize {
    let close = memchr(b'>', rest).map_or(rest.len(), |at| at + 1);
    if unended.subsets || memchr(b'[', &rest[..close]).is_none() {
        return close;
    }
    let end = memchr(b']', rest).and_then(|at| Some(at + memchr(b'>', &rest[at..])? + 1));
    unended.subsets = end.is_none();
    end.unwrap_or(close)
}

/// Returns the length of a start tag: to the first `>` that is in no quotes, or to the first one at all if quotes stay
/// open. `from` is where in the source it starts.
fn tag(rest: &[u8], from: usize, unended: &mut Unended) -> Option<usize> {
    let first = memchr(b'>', rest)? + 1;
    unended.passed.clear();
    let (mut at, mut after_equals) = (0, false);
    while at < rest.len() {
        let mut outside = rest[at] == b'<';
        match rest[at] {
            b'>' => return Some(at + 1),
            quote @ (b'"' | b'\'') if after_equals => match memchr(quote, &rest[at + 1..]) {
                Some(end) => {
                    at += end + 1;
                    outside = true;
                }
                None => break,
            },
            _ => {}
        }
        if outside {
            // What comes after such a place does not depend on what came before it.
            if unended.tags.contains(&(from + at)) {
                break;
            }
            unended.passed.push(from + at);
        }
        after_equals = rest[at] == b'=' || after_equals && rest[at].is_ascii_whitespace();
        at += 1;
    }
    unended.tags.extend(unended.passed.drain(..));
    unended.quotes += 1;
    Some(first)
}

impl Token {
    /// Returns the name in a tag, prefix included; empty for other tokens.
    pub fn name<'s>(&self, source: &'s str) -> &'s str {
        let tag = &source[self.range.clone()];
        let inner = match self.kind {
            Kind::Start | Kind::Empty => &tag[1..],
            Kind::End => &tag[2..],
            _ => return "",
        };
        let end = inner.find(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/').unwrap_or(inner.len());
        &inner[..end]
    }

    /// Returns where in the source the attributes of a start tag are that come after its first `most`, if it has more.
    pub fn attributes_after(&self, source: &str, most: usize) -> Option<Range<usize>> {
        // An attribute has at least a letter and a space.
        if self.range.len() < most * 2 {
            return None;
        }
        let attributes = self.attributes(source);
        let (name, _) = attributes.get(most)?;
        let start = name.as_ptr() as usize - source.as_ptr() as usize;
        let end = self.range.end - if self.kind == Kind::Empty { "/>".len() } else { ">".len() };
        (start < end).then_some(start..end)
    }

    /// Returns the attributes of a start tag: their names and their values, decoded.
    pub fn attributes<'s>(&self, source: &'s str) -> Vec<(&'s str, Cow<'s, str>)> {
        let mut found = Vec::new();
        if !matches!(self.kind, Kind::Start | Kind::Empty) {
            return found;
        }
        let tag = source[self.range.clone()].trim_end_matches('>').trim_end_matches('/');
        let mut rest = &tag[1 + self.name(source).len()..];
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            let end = rest.find(|c: char| c.is_ascii_whitespace() || c == '=').unwrap_or(rest.len());
            if rest.is_empty() || end == 0 && !rest.starts_with('=') {
                return found;
            }
            let name = &rest[..end];
            rest = rest[end..].trim_start();
            let Some(behind) = rest.strip_prefix('=') else {
                found.push((name, "".into()));
                continue;
            };
            let behind = behind.trim_start();
            let (value, after) = match behind.chars().next() {
                Some(quote @ ('"' | '\'')) => behind[1..].split_once(quote).unwrap_or((&behind[1..], "")),
                _ => behind.split_at(behind.find(|c: char| c.is_ascii_whitespace()).unwrap_or(behind.len())),
            };
            found.push((name, decode(value)));
            rest = after;
        }
    }
}

/// Returns the name without its prefix.
pub(in crate::read) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(source: &str) -> Vec<(Kind, &str)> {
        let mut end = 0;
        let found = Tokens::new(source).map(|token| {
            assert_eq!(token.range.start, end, "no gaps");
            end = token.range.end;
            (token.kind, &source[token.range])
        });
        let found = found.collect();
        assert_eq!(end, source.len());
        found
    }

    #[test]
    fn markup_is_cut_into_tokens() {
        use Kind::*;
        assert_eq!(
            tokens("a<b c='>'>d</b><br/><!-- <x> --><![CDATA[<y>]]>&amp;"),
            [
                (Text, "a"),
                (Start, "<b c='>'>"),
                (Text, "d"),
                (End, "</b>"),
                (Empty, "<br/>"),
                (Other, "<!-- <x> -->"),
                (CharacterData, "<![CDATA[<y>]]>"),
                (Text, "&amp;")
            ]
        );
        assert_eq!(tokens("<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a \"b\">]><r>").len(), 3);
    }

    #[test]
    fn what_is_no_markup_is_text() {
        use Kind::*;
        assert_eq!(tokens("3 < 4 <3 <"), [(Text, "3 < 4 <3 <")]);
        assert_eq!(tokens("a <b c=\"d> e"), [(Text, "a "), (Start, "<b c=\"d>"), (Text, " e")]);
        assert_eq!(tokens("it's <i>a</i"), [(Text, "it's "), (Start, "<i>"), (Text, "a"), (Other, "</i")]);
        assert_eq!(tokens("<!--"), [(Other, "<!--")]);
        assert_eq!(tokens("<é>"), [(Start, "<é>")]);
        assert_eq!(tokens("</"), [(Text, "</")]);
    }

    #[test]
    fn tags_have_names_and_attributes() {
        let source = "<a:b href = 'x&amp;y' rel=alternate  hidden title=\"it's\" /><p title=it's>";
        let found: Vec<Token> = Tokens::new(source).collect();
        assert_eq!(found[0].name(source), "a:b");
        let pairs = |token: &Token| -> Vec<String> {
            token.attributes(source).into_iter().map(|(name, value)| format!("{name}={value}")).collect()
        };
        assert_eq!(pairs(&found[0]), ["href=x&y", "rel=alternate", "hidden=", "title=it's"]);
        assert_eq!(pairs(&found[1]), ["title=it's"]);
        assert_eq!(local("a:b"), "b");
    }
}
