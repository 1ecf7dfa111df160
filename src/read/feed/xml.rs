//! RSS and Atom: where the items of a feed are, and what elements they have.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::address::{host, resolve};
use super::fields::{Child, item};
use super::{Feed, pieces};
use crate::read::markup::{Kind, Token, Tokens, characters};

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
        match uri.trim().trim_end_matches(['/', '#']) {
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

    /// What a prefix means where a feed forgot to say so.
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

/// Reads RSS or Atom.
pub(super) fn read(text: &str) -> Feed {
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

/// An element outside of items that is open.
struct Open<'t> {
    name: &'t str,
    local: &'t str,
    space: Space,
    /// How many namespaces were known outside of it.
    spaces: usize,
    base: Option<String>,
    inner: usize,
}

/// An item that is open.
struct Within<'t> {
    name: &'t str,
    range: Range<usize>,
    start: usize,
    about: Option<String>,
    base: Option<String>,
    spaces: usize,
    children: Vec<Child<'t>>,
    /// The element that is open in it: its own name, and how many of that name lie in each other.
    child: Option<(&'t str, usize)>,
}

#[derive(Default)]
struct Scan<'t> {
    text: &'t str,
    spaces: Vec<(&'t str, Space)>,
    open: Vec<Open<'t>>,
    item: Option<Within<'t>>,
    done: Vec<Within<'t>>,
    /// The end of the last token that is no text, and whether all text since then is white space.
    before: usize,
    blank: bool,
    root: Option<(Space, &'t str)>,
    title: Option<Range<usize>>,
    link: Option<String>,
}

impl<'t> Scan<'t> {
    fn start(&mut self, token: &Token) {
        let name = token.name(self.text);
        if let Some(item) = &mut self.item
            && let Some((open, depth)) = &mut item.child
        {
            *depth += usize::from(*open == name && token.kind == Kind::Start);
            return;
        }
        let attributes = token.attributes(self.text);
        let known = self.spaces.len();
        for (key, value) in &attributes {
            let prefix = key.strip_prefix("xmlns:").or((*key == "xmlns").then_some(""));
            self.spaces.extend(prefix.map(|prefix| (prefix, Space::of(value))));
        }
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let space = self.space(prefix);
        let outer =
            self.item.as_ref().map_or(self.open.last().and_then(|open| open.base.as_ref()), |i| i.base.as_ref());
        let own = attributes.iter().find(|(key, _)| *key == "xml:base").map(|(_, value)| value.trim());
        let base = own.map(|own| resolve(own, outer.map(String::as_str))).or_else(|| outer.cloned());
        if let Some(item) = &mut self.item {
            let content = token.range.end..token.range.end;
            let owned = |(key, value): (&'t str, std::borrow::Cow<'t, str>)| (key, value.into_owned());
            let attributes = attributes.into_iter().map(owned).collect();
            item.children.push(Child { space, local, attributes, content, base });
            match token.kind {
                Kind::Start => item.child = Some((name, 1)),
                _ => self.spaces.truncate(known),
            }
            return;
        }
        if self.root.is_none() {
            self.root = Some((space, local));
        }
        if token.kind == Kind::Empty {
            self.about_feed(space, local, &attributes, base);
            return self.spaces.truncate(known);
        }
        if matches!((space, local), (Space::Rss, "item") | (Space::Atom, "entry")) {
            let about = |(key, _): &&(&str, _)| {
                key.split_once(':').is_some_and(|(p, l)| l == "about" && self.space(p) == Space::Rdf)
            };
            let about = attributes.iter().find(about).map(|(_, value)| value.to_string());
            let from = if self.blank { self.before } else { token.range.start };
            let (range, start) = (from..token.range.end, token.range.start);
            self.item =
                Some(Within { name, range, start, about, base, spaces: known, children: Vec::new(), child: None });
            return;
        }
        self.about_feed(space, local, &attributes, base.clone());
        self.open.push(Open { name, local, space, spaces: known, base, inner: token.range.end });
    }

    fn end(&mut self, token: &Token) {
        let name = token.name(self.text);
        let Some(item) = &mut self.item else { return self.end_around(token, name) };
        if let Some((open, depth)) = &mut item.child {
            *depth -= usize::from(*open == name);
            if *depth > 0 && name != item.name {
                return;
            }
            if let Some(child) = item.children.last_mut() {
                child.content.end = token.range.start;
            }
            item.child = None;
            if name != item.name {
                return;
            }
        }
        if name == item.name
            && let Some(mut item) = self.item.take()
        {
            item.range.end = token.range.end;
            self.spaces.truncate(item.spaces);
            self.done.push(item);
        }
    }

    fn end_around(&mut self, token: &Token, name: &str) {
        let Some(at) = self.open.iter().rposition(|open| open.name == name) else { return };
        let of_feed = at > 0 && matches!(self.open[at - 1].local, "channel" | "feed");
        let closed = &self.open[at];
        if of_feed && matches!(closed.space, Space::Rss | Space::Atom) {
            let content = closed.inner..token.range.start;
            match closed.local {
                "title" if self.title.is_none() => self.title = Some(content),
                "link" if self.link.is_none() && closed.space == Space::Rss => {
                    let link = characters(&self.text[content]).text;
                    self.link = Some(resolve(link.trim(), closed.base.as_deref())).filter(|link| !link.is_empty());
                }
                _ => {}
            }
        }
        self.spaces.truncate(closed.spaces);
        self.open.truncate(at);
    }

    /// Takes note of the address of an Atom feed, or of one that RSS gives so.
    fn about_feed(
        &mut self,
        space: Space,
        local: &str,
        attributes: &[(&str, std::borrow::Cow<str>)],
        base: Option<String>,
    ) {
        let of_feed = self.open.last().is_some_and(|open| matches!(open.local, "channel" | "feed"));
        let value = |name: &str| attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| value.trim());
        let page = value("rel").is_none_or(|rel| rel == "alternate");
        if of_feed && space == Space::Atom && local == "link" && page && self.link.is_none() {
            self.link = value("href").map(|href| resolve(href, base.as_deref()));
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
            let what = "no feed: it does not start with <rss>, <rdf:RDF>, <feed> or a JSON Feed's version";
            problems.push((0, what.to_owned(), true));
            return Feed { pieces: pieces(Vec::new(), self.text.len()), problems, ..Feed::default() };
        }
        problems.extend(malformed(self.text));
        if let Some(item) = &self.item {
            problems.push((item.start, format!("the {} is cut off: it was not read", item.name), true));
        }
        let link = self.link.as_deref();
        let title = self.title.map(|title| super::fields::line(&characters(&self.text[title]).text));
        let source = title.filter(|title| !title.is_empty()).or_else(|| link.and_then(host));
        let items = self.done.into_iter();
        let items = items.map(|raw| item(self.text, raw.range, raw.start, raw.about, &raw.children, link)).collect();
        Feed { source, pieces: pieces(items, self.text.len()), problems }
    }
}

/// The first place where a feed is not well-formed XML; what declares entities of its own is told too.
fn malformed(text: &str) -> Vec<(usize, String, bool)> {
    let mut found = Vec::new();
    let mut reader = Reader::from_str(text);
    reader.config_mut().enable_all_checks(true);
    reader.config_mut().allow_dangling_amp = true;
    let mut depth = 0usize;
    loop {
        match reader.read_event() {
            Ok(Event::Eof) if depth > 0 => {
                found.push((
                    text.len(),
                    "not well-formed XML: it ends inside an element; what came before was read".into(),
                    true,
                ));
                return found;
            }
            Ok(Event::Eof) => return found,
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::DocType(declared)) if declared.contains("<!ENTITY") => {
                let at = reader.buffer_position() as usize;
                found.push((at, "it declares entities of its own: they are not expanded".into(), false));
            }
            Ok(_) => {}
            Err(e) => {
                let reason = format!("not well-formed XML: {e}; what could be made out was read");
                found.push((reader.error_position() as usize, reason, true));
                return found;
            }
        }
    }
}
