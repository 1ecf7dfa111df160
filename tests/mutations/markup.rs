//! Mutators of XML and HTML.

use std::ops::Range;

use super::bytes::Mutator;
use super::random::Random;

/// All of them.
pub const MUTATORS: &[Mutator] = &[change_tags, change_tags, insert, wrap, nest, change_attributes, escape];

/// Pieces of markup at which things tend to break.
const PIECES: [&str; 40] = [
    "<",
    ">",
    "&",
    "&amp;",
    "&lt;p&gt;",
    "&amp;lt;b&amp;gt;",
    "&#0;",
    "&#13;",
    "&#xD800;",
    "&#x10FFFF;",
    "&#99999999999;",
    "&#x;",
    "&nbsp;",
    "&bogus;",
    "&amp",
    "]]>",
    "<![CDATA[",
    "<![CDATA[<p>a</p>]]>",
    "<![CDATA[]]]]><![CDATA[>]]>",
    "<!--",
    "-->",
    "<!-- a -- b -->",
    "<!DOCTYPE r [<!ENTITY a \"&a;&a;\">]>",
    "<?xml version=\"1.0\" encoding=\"utf-16\"?>",
    "<?xml version=\"1.0\" encoding=\"windows-1251\"?>",
    "<?x",
    "<br>",
    "<br/>",
    "</p>",
    "</item>",
    "</",
    "<item>",
    "<item/>",
    "<script>",
    "<style>a{}</style>",
    "<textarea>",
    "<template>",
    "<svg><title>",
    "<table><tr><td>",
    "<meta charset=\"shift_jis\">",
];

/// Elements that mean something.
const NAMES: [&str; 24] = [
    "item",
    "entry",
    "description",
    "content:encoded",
    "content",
    "summary",
    "title",
    "link",
    "guid",
    "id",
    "pubDate",
    "channel",
    "rss",
    "feed",
    "rdf:RDF",
    "p",
    "div",
    "article",
    "a",
    "b",
    "li",
    "table",
    "é:x",
    "plaintext",
];

/// Attributes, with values that are odd.
const ATTRIBUTES: [&str; 16] = [
    " a",
    " a=",
    " a=\"",
    " a='\"'",
    " a=b",
    " a=\">\"",
    " type=\"html\"",
    " type=\"xhtml\"",
    " type=\"text\"",
    " xmlns=\"http://www.w3.org/1999/xhtml\"",
    " xmlns:x=\"\"",
    " xml:base=\"http://[\"",
    " href=\"//a\"",
    " src='b&amp;'",
    " isPermaLink=\"false\"",
    " /",
];

/// Where the tags stand.
fn tags(bytes: &[u8]) -> Vec<Range<usize>> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(start) = bytes[at..].iter().position(|&byte| byte == b'<').map(|start| at + start) {
        let end = bytes[start..].iter().position(|&byte| byte == b'>').map_or(bytes.len(), |end| start + end + 1);
        found.push(start..end);
        at = end;
    }
    found
}

/// Some tag.
fn tag(random: &mut Random, bytes: &[u8]) -> Option<Range<usize>> {
    let tags = tags(bytes);
    (!tags.is_empty()).then(|| random.pick(&tags).clone())
}

/// Drops, doubles, moves or renames a tag.
fn change_tags(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    let (Some(one), Some(two)) = (tag(random, bytes), tag(random, bytes)) else { return };
    let piece = bytes[one.clone()].to_vec();
    match random.below(5) {
        0 => drop(bytes.drain(one)),
        1 => drop(bytes.splice(two.start..two.start, piece)),
        2 => drop(bytes.splice(two, piece)),
        3 => drop(bytes.drain(one.start.min(two.start)..one.start.max(two.start))),
        _ => {
            let start = one.start + if piece.starts_with(b"</") { 2 } else { 1 };
            let len = bytes[start..one.end].iter().position(|byte| b" />".contains(byte)).unwrap_or_default();
            bytes.splice(start..start + len, random.pick(&NAMES).bytes());
        }
    }
}

/// A place: at a tag, or anywhere.
fn place(random: &mut Random, bytes: &[u8]) -> usize {
    match tag(random, bytes) {
        Some(tag) if random.one_in(2) => tag.end,
        _ => random.below(bytes.len() + 1),
    }
}

/// Puts a piece of markup in.
fn insert(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    let at = place(random, bytes);
    let piece = random.pick(&PIECES).repeat(if random.one_in(8) { random.size(100) } else { 1 });
    bytes.splice(at..at, piece.into_bytes());
}

/// Puts an element, a section or a comment around a stretch between two tags.
fn wrap(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    let (Some(one), Some(two)) = (tag(random, bytes), tag(random, bytes)) else { return };
    let range = one.end.min(two.start)..two.start.max(one.end);
    let name = *random.pick(&NAMES);
    let (before, after) = match random.below(4) {
        0 => ("<![CDATA[".to_owned(), "]]>".to_owned()),
        1 => ("<!--".to_owned(), "-->".to_owned()),
        _ => (format!("<{name}>"), format!("</{name}>")),
    };
    bytes.splice(range.end..range.end, after.into_bytes());
    bytes.splice(range.start..range.start, before.into_bytes());
}

/// Puts elements deep into each other.
fn nest(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    let (at, times) = (place(random, bytes), random.size(2000));
    let name = *random.pick(&NAMES);
    let nested = format!("<{name}>").repeat(times);
    let close = if random.one_in(2) { format!("</{name}>").repeat(random.size(times)) } else { String::new() };
    bytes.splice(at..at, [nested, "deep".into(), close].concat().into_bytes());
}

/// Gives a tag attributes, or takes them away.
fn change_attributes(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    let Some(tag) = tag(random, bytes) else { return };
    let name = bytes[tag.clone()].iter().position(|byte| b" >".contains(byte)).unwrap_or_default();
    if random.one_in(4) {
        bytes.drain(tag.start + name..tag.end.saturating_sub(1).max(tag.start + name));
        return;
    }
    let attribute = random.pick(&ATTRIBUTES).repeat(if random.one_in(6) { random.size(200) } else { 1 });
    bytes.splice(tag.start + name..tag.start + name, attribute.into_bytes());
}

/// Escapes a stretch, or undoes that.
fn escape(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    let range = random.range(bytes.len());
    let piece = String::from_utf8_lossy(&bytes[range.clone()]).into_owned();
    let new = match random.below(3) {
        0 => piece.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"),
        1 => piece.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"),
        _ => piece.chars().map(|c| if c.is_alphabetic() { format!("&#{};", c as u32) } else { c.into() }).collect(),
    };
    bytes.splice(range, new.into_bytes());
}
