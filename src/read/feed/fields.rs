//! The meaning of the elements of an item.

use std::ops::Range;

use super::Item;
use super::address::resolve;
use super::xml::Space;
use crate::date;
use crate::read::Form;
use crate::read::markup::{Kind, Plain, Tokens, characters};

/// An element right below an item.
pub(super) struct Child<'t> {
    pub space: Space,
    pub local: &'t str,
    pub attributes: Vec<(&'t str, String)>,
    /// The range of its content in the feed.
    pub content: Range<usize>,
    /// The address that its relative addresses are meant by.
    pub base: Option<String>,
}

impl Child<'_> {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| value.trim())
    }

    /// Returns how its content is written; `None` if it is not text.
    fn form(&self, text: &str) -> Option<Form> {
        let raw = &text[self.content.clone()];
        let has_elements = Tokens::new(raw).any(|token| matches!(token.kind, Kind::Start | Kind::Empty));
        if self.space != Space::Atom {
            let base64 = self.attribute("mode") == Some("base64");
            return (!base64).then(|| if has_elements { Form::Xhtml } else { html_or_plain(raw) });
        }
        if self.attribute("src").is_some() || self.attribute("mode") == Some("base64") {
            return None;
        }
        // Atom 0.3 names media types, and how they are escaped.
        let escaped = self.attribute("mode") == Some("escaped");
        match self.attribute("type").unwrap_or("text").to_ascii_lowercase().as_str() {
            "html" | "text/html" if !has_elements => Some(Form::XmlHtml),
            "xhtml" | "html" | "text/html" | "application/xhtml+xml" if !escaped => Some(Form::Xhtml),
            "application/xhtml+xml" => Some(Form::XmlHtml),
            "text" | "text/plain" => Some(if has_elements { Form::Xhtml } else { Form::Xml }),
            _ => None,
        }
    }

    /// Its content on one line, as text.
    pub fn line(&self, text: &str) -> String {
        let raw = &text[self.content.clone()];
        match self.form(text) {
            Some(Form::Xml) | None => line(&characters(raw).text),
            Some(Form::Xhtml) => line(Plain::new(raw, DEEPEST_LINE).text()),
            Some(_) => line(Plain::new(&characters(raw).text, DEEPEST_LINE).text()),
        }
    }
}

/// Deepest nesting of elements in a title. Deeper ones are read as text.
const DEEPEST_LINE: usize = 32;

/// Returns a text with single spaces for its white space.
pub(super) fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns whether a text of RSS, which does not say so itself, is HTML: all are but those without tags that have blank
/// lines.
fn html_or_plain(raw: &str) -> Form {
    let text = characters(raw).text;
    let marked = Tokens::new(&text).any(|token| !matches!(token.kind, Kind::Text));
    let blank_line = || text.trim().lines().any(|line| line.trim().is_empty());
    if !marked && blank_line() { Form::Xml } else { Form::XmlHtml }
}

/// Returns what an item says, its text still to be chosen. `link` is the feed's own address.
pub(super) fn item(
    text: &str,
    range: Range<usize>,
    start: usize,
    about: Option<String>,
    children: &[Child],
    link: Option<&str>,
) -> Item {
    let mut item = Item { range, start, ..Item::default() };
    let find = |names: &[(Space, &str)]| {
        let of = |name: &(Space, &str)| children.iter().find(|child| (child.space, child.local) == *name);
        names.iter().filter_map(of).find(|child| !child.line(text).is_empty())
    };
    let said = |names: &[(Space, &str)]| find(names).map(|child| child.line(text));
    use Space::{Atom, Content, Dublin, Rss, Xhtml};

    item.url = url(text, children, link);
    let id = said(&[(Rss, "guid"), (Atom, "id")]).or(about).map(|id| id.trim().to_owned());
    item.id = id.or_else(|| said(&[(Dublin, "identifier")])).filter(|id| !id.is_empty()).or_else(|| item.url.clone());
    item.title = said(&[(Rss, "title"), (Atom, "title"), (Dublin, "title")]);
    let dates = [
        (Rss, "pubDate"),
        (Atom, "published"),
        (Atom, "issued"),
        (Dublin, "date"),
        (Dublin, "created"),
        (Dublin, "issued"),
        (Atom, "created"),
        (Atom, "updated"),
        (Atom, "modified"),
        (Dublin, "modified"),
        (Rss, "date"),
    ];
    item.date = first_date(dates.iter().filter_map(|name| said(&[*name])));
    let contents = [
        (Content, "encoded"),
        (Atom, "content"),
        (Xhtml, "body"),
        (Xhtml, "div"),
        (Rss, "body"),
        (Rss, "description"),
        (Atom, "summary"),
        (Dublin, "description"),
    ];
    for name in contents {
        let of_name = children.iter().filter(|child| (child.space, child.local) == name);
        item.candidates.extend(of_name.filter_map(|child| Some((child.content.clone(), child.form(text)?))));
    }
    item
}

/// Returns the first date that can be read, as ISO 8601; else the first that there is, as it was written.
pub(super) fn first_date(written: impl Iterator<Item = String>) -> Option<String> {
    let written: Vec<String> = written.collect();
    let read = written.iter().find(|written| date::read(written).is_some()).or(written.first());
    read.map(|written| date::normal(written))
}

/// Returns the address of an item.
fn url(text: &str, children: &[Child], link: Option<&str>) -> Option<String> {
    let rss = children.iter().filter(|child| (child.space, child.local) == (Space::Rss, "link"));
    let rss = rss.map(|child| (child.line(text), child));
    let atom = children.iter().filter(|child| (child.space, child.local) == (Space::Atom, "link"));
    let atom = atom.filter(|child| child.attribute("rel").is_none_or(|rel| rel == "alternate"));
    let atom = atom.filter_map(|child| Some((child.attribute("href")?.to_owned(), child)));
    let guid = children.iter().filter(|child| (child.space, child.local) == (Space::Rss, "guid"));
    let guid = guid.filter(|child| child.attribute("isPermaLink") != Some("false"));
    let guid = guid.map(|child| (child.line(text), child)).filter(|(guid, _)| guid.starts_with("http"));
    let (address, child) = rss.chain(atom).chain(guid).find(|(address, _)| !address.is_empty())?;
    Some(resolve(&address, child.base.as_deref().or(link)))
}
