//! RSS and Atom: where the items of a feed are, and what elements they have.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::errors::IllFormedError;
use quick_xml::events::Event;

use super::address::{host, resolve};
use super::fields::{Child, item};
use super::{Feed, Piece, pieces};
use crate::read::markup::{Kind, Token, Tokens};

/// The vocabularies that say something about an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// RSS of any version: no namespace, those of 0.90 and 1.0, and some that feeds made up for 2.0.
    Rss,
    Atom,
    /// The module with `encoded`.
    Content,
    /// Dublin Core.
    Dublin,
    Rdf,
    Xhtml,
    Other,
}

impl Space {
    fn of(uri: &str) -> Self {
        match uri.trim().trim_end_matches(['/', '#']).replacen("https://", "http://", 1).as_str() {
            ""
            | "http://purl.org/rss/1.0"
            | "http://my.netscape.com/rdf/simple/0.9"
            | "http://channel.netscape.com/rdf/simple/0.9"
            | "http://backend.userland.com/rss2"
            | "http://blogs.law.harvard.edu/tech/rss"
            | "http://cyber.law.harvard.edu/rss" => Space::Rss,
            "http://www.w3.org/2005/Atom" | "http://purl.org/atom/ns" => Space::Atom,
            "http://purl.org/rss/1.0/modules/content" => Space::Content,
            "http://purl.org/dc/elements/1.1" | "http://purl.org/dc/terms" => Space::Dublin,
            "http://www.w3.org/1999/02/22-rdf-syntax-ns" => Space::Rdf,
            "http://www.w3.org/1999/xhtml" => Space::Xhtml,
            _ => Space::Other,
        }
    }

    /// Returns the meaning of a prefix that a feed does not declare.
    fn usual(prefix: &str) -> Self {
        match prefix {
            "" => Space::Rss,
            "atom" => Space::Atom,
            "content" => Space::Content,
            "dc" | "dcterms" => Space::Dublin,
            "rdf" => Space::Rdf,
            "xhtml" => Space::Xhtml,
            _ => Space::Other,
        }
    }
}

/// Namespaces that are known at a time. Each prefix is looked for among them; of more, prefixes mean what they usually do.
const MOST_NAMESPACES: usize = 1000;

/// Reads RSS or Atom. Text before the declaration, such as a server's warning, is passed over.
pub(super) fn read(text: &str) -> Feed {
    let begin = junk(text);
    let mut feed = read_from(&text[begin..]);
    if begin > 0 {
        feed.pieces.iter_mut().for_each(|piece| piece.shift(begin));
        feed.pieces.insert(0, Piece::Around(0..begin));
        feed.problems.iter_mut().for_each(|(at, ..)| *at += begin);
        let said: String = text[..begin].split_whitespace().collect::<Vec<_>>().join(" ").chars().take(60).collect();
        feed.problems.insert(0, (0, format!("text stands before the XML and was passed over: {said}"), false));
    }
    feed
}

/// The longest text before a declaration that is passed over.
const MAX_JUNK_BYTES: usize = 16 << 10;

/// Returns the length of the text before the XML declaration of a feed, such as a server's warning.
pub(in crate::read) fn junk(text: &str) -> usize {
    let bare = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let found = memchr::memmem::find(text.as_bytes(), b"<?xml").filter(|at| *at <= MAX_JUNK_BYTES);
    found.filter(|_| !bare.starts_with("<?xml") && !bare.starts_with("<!--")).unwrap_or_default()
}

fn read_from(text: &str) -> Feed {
    let mut scan = Scan { text, ..Scan::default() };
    for token in Tokens::new(text) {
        match token.kind {
            Kind::Start | Kind::Empty => scan.start(&token),
            Kind::End => scan.end(&token),
            Kind::Text | Kind::CharacterData => scan.blank &= text[token.range.clone()].trim().is_empty(),
            Kind::Other => {}
        }
        if token.kind != Kind::Text {
            (scan.before, scan.blank) = (token.range.end, true);
        }
    }
    scan.finish()
}

/// An element that is open, outside of items or right below one.
struct Open<'t> {
    name: &'t str,
    element: Child<'t>,
    /// The number of namespaces that were known outside of it.
    spaces: usize,
    /// How many elements of its name lie in each other, itself included; counted below an item only.
    depth: usize,
}

/// An item that is read, or was.
struct Reading<'t> {
    name: &'t str,
    range: Range<usize>,
    start: usize,
    about: Option<String>,
    base: Option<String>,
    spaces: usize,
    children: Vec<Child<'t>>,
    child: Option<Open<'t>>,
}

#[derive(Default)]
struct Scan<'t> {
    text: &'t str,
    spaces: Vec<(&'t str, Space)>,
    open: Vec<Open<'t>>,
    item: Option<Reading<'t>>,
    done: Vec<Reading<'t>>,
    /// The end of the last token that is not text, and whether all text since then is white space.
    before: usize,
    blank: bool,
    root: Option<(Space, &'t str)>,
    title: Option<String>,
    link: Option<String>,
    /// Whether it looks like Atom, but does not say so.
    unnamed: bool,
}

impl<'t> Scan<'t> {
    fn start(&mut self, token: &Token) {
        let name = token.name(self.text);
        if let Some(child) = self.item.as_mut().and_then(|item| item.child.as_mut()) {
            child.depth += usize::from(child.name == name && token.kind == Kind::Start);
            return;
        }
        let spaces = self.spaces.len();
        if self.root.is_none() && name == "feed" && !token.attributes(self.text).iter().any(|(key, _)| *key == "xmlns")
        {
            // It stays known to the end.
            self.spaces.push(("", Space::Atom));
            self.unnamed = true;
        }
        let element = self.element(token, name);
        let opens = token.kind == Kind::Start;
        if let Some(item) = &mut self.item {
            if opens {
                item.child = Some(Open { name, element, spaces, depth: 1 });
            } else {
                item.children.push(element);
                self.spaces.truncate(spaces);
            }
            return;
        }
        self.root = self.root.or(Some((element.space, element.local)));
        if opens && matches!((element.space, element.local), (Space::Rss, "item") | (Space::Atom, "entry")) {
            self.item = Some(self.begin(token, name, element, spaces));
            return;
        }
        self.note_link(&element);
        if opens {
            self.open.push(Open { name, element, spaces, depth: 1 });
        } else {
            self.spaces.truncate(spaces);
        }
    }

    /// Returns the element that a start tag begins, with the namespaces that it declares made known.
    fn element(&mut self, token: &Token, name: &'t str) -> Child<'t> {
        let attributes = token.attributes(self.text);
        for (key, uri) in &attributes {
            let prefix = key.strip_prefix("xmlns:").or((*key == "xmlns").then_some(""));
            let known = prefix.filter(|_| self.spaces.len() < MOST_NAMESPACES);
            self.spaces.extend(known.map(|prefix| (prefix, Space::of(uri))));
        }
        let attributes: Vec<(&str, String)> =
            attributes.into_iter().map(|(key, value)| (key, value.into_owned())).collect();
        let around = self.open.last().and_then(|open| open.element.base.as_deref());
        let outer = self.item.as_ref().map_or(around, |item| item.base.as_deref());
        let own = attributes.iter().find(|(key, _)| *key == "xml:base");
        let base = own.map(|(_, own)| resolve(own.trim(), outer)).or_else(|| outer.map(str::to_owned));
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        Child { space: self.space(prefix), local, attributes, content: token.range.end..token.range.end, base }
    }

    fn begin(&self, token: &Token, name: &'t str, element: Child<'t>, spaces: usize) -> Reading<'t> {
        let is_about = |key: &str| {
            key.split_once(':').is_some_and(|(prefix, local)| local == "about" && self.space(prefix) == Space::Rdf)
        };
        let about = element.attributes.into_iter().find(|(key, _)| is_about(key)).map(|(_, value)| value);
        let from = if self.blank { self.before } else { token.range.start };
        let (range, start) = (from..token.range.end, token.range.start);
        Reading { name, range, start, about, base: element.base, spaces, children: Vec::new(), child: None }
    }

    fn end(&mut self, token: &Token) {
        let name = token.name(self.text);
        let Some(item) = &mut self.item else { return self.end_around(token, name) };
        let ends_item = name == item.name;
        if let Some(child) = &mut item.child {
            child.depth -= usize::from(child.name == name);
            if child.depth > 0 && !ends_item {
                return;
            }
        }
        if let Some(mut child) = item.child.take() {
            child.element.content.end = token.range.start;
            item.children.push(child.element);
            self.spaces.truncate(child.spaces);
        }
        if ends_item && let Some(mut item) = self.item.take() {
            item.range.end = token.range.end;
            self.spaces.truncate(item.spaces);
            self.done.push(item);
        }
    }

    fn end_around(&mut self, token: &Token, name: &str) {
        let Some(at) = self.open.iter().rposition(|open| open.name == name) else { return };
        let of_feed = at > 0 && matches!(self.open[at - 1].element.local, "channel" | "feed");
        self.open.truncate(at + 1);
        let Some(Open { mut element, spaces, .. }) = self.open.pop() else { return };
        element.content.end = token.range.start;
        self.spaces.truncate(spaces);
        match (element.space, element.local) {
            (Space::Rss | Space::Atom, "title") if of_feed && self.title.is_none() => {
                self.title = Some(element.line(self.text));
            }
            (Space::Rss, "link") if of_feed && self.link.is_none() => {
                let link = resolve(&element.line(self.text), element.base.as_deref());
                self.link = Some(link).filter(|link| !link.is_empty());
            }
            _ => {}
        }
    }

    /// Takes note of the address of an Atom feed, or of one that RSS gives so.
    fn note_link(&mut self, element: &Child) {
        let of_feed = self.open.last().is_some_and(|open| matches!(open.element.local, "channel" | "feed"));
        let page = element.attribute("rel").is_none_or(|rel| rel == "alternate");
        if of_feed && (element.space, element.local) == (Space::Atom, "link") && page && self.link.is_none() {
            self.link = element.attribute("href").map(|href| resolve(href, element.base.as_deref()));
        }
    }

    fn space(&self, prefix: &str) -> Space {
        let known = self.spaces.iter().rev().find(|(known, _)| *known == prefix);
        known.map_or_else(|| Space::usual(prefix), |(_, space)| *space)
    }

    fn finish(self) -> Feed {
        let mut problems = Vec::new();
        let is_feed = matches!(self.root, Some((Space::Atom, "feed") | (Space::Rdf, "RDF")))
            || matches!(self.root, Some((Space::Rss, "rss" | "channel" | "RDF" | "feed")));
        if !is_feed && self.done.is_empty() {
            problems.push((0, NO_FEED.to_owned(), true));
            return Feed { pieces: pieces(Vec::new(), self.text.len()), problems, ..Feed::default() };
        }
        if self.unnamed {
            let what = "the feed has lost its namespace: it was read as Atom";
            problems.push((0, what.to_owned(), false));
        }
        problems.extend(malformed(self.text));
        if let Some(item) = &self.item {
            problems.push((item.start, format!("the {} is cut off: it was not read", item.name), true));
        }
        let link = self.link.as_deref();
        let source = self.title.filter(|title| !title.is_empty()).or_else(|| link.and_then(host));
        let items = self.done.into_iter();
        let items = items.map(|raw| item(self.text, raw.range, raw.start, raw.about, &raw.children, link)).collect();
        Feed { source, pieces: pieces(items, self.text.len()), problems }
    }
}

/// The message about other markup.
const NO_FEED: &str = "no feed: it does not start with <rss>, <rdf:RDF>, <feed> or a JSON Feed's version; --format text or \
                       html reads markup of another kind";

/// Returns the first place where a feed is not well-formed XML; one that declares entities of its own is reported too, and
/// the first ampersand that should have been escaped, which does no harm.
fn malformed(text: &str) -> Vec<(usize, String, bool)> {
    let mut found = Vec::new();
    let mut reader = Reader::from_str(text);
    reader.config_mut().enable_all_checks(true);
    let mut depth = 0usize;
    loop {
        let before = reader.buffer_position() as usize;
        match reader.read_event() {
            Ok(Event::Eof) if depth > 0 => {
                let reason = "not well-formed XML: it ends inside an element; what came before was read";
                found.push((text.len(), reason.into(), true));
                return found;
            }
            Ok(Event::Eof) => return found,
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::DocType(declared)) if declared.contains("<!ENTITY") => {
                found.push((before, "it declares entities of its own: they are not expanded".into(), false));
            }
            Ok(_) => {}
            Err(quick_xml::Error::IllFormed(IllFormedError::UnclosedReference)) => {
                let reason = "not well-formed XML: an ampersand that is not escaped; it was read as one";
                found.push((reader.error_position() as usize, reason.into(), false));
                reader.config_mut().allow_dangling_amp = true;
            }
            Err(e) => {
                let reason = format!("not well-formed XML: {e}; what could be made out was read");
                found.push((reader.error_position() as usize, reason, true));
                return found;
            }
        }
    }
}
