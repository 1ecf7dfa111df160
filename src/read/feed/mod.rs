//! Feeds: RSS, Atom, JSON Feed and other JSON as items between what is around them.
//!
//! A feed is cut into pieces that, put together, are the feed again: [`Piece::Item`]s, and what is before, between and
//! after them. So an item can be left out, or changed, and all else stays byte for byte. That is why the feed is not read
//! by a parser that gives a model of it: such a model says what a feed means, not where.

mod address;
mod codec;
mod fields;
mod ids;
mod item;
mod json;
mod kept;
mod records;
mod xml;

use std::ops::Range;

pub(super) use address::host;
pub(super) use codec::Syndicated;
pub(crate) use ids::item_with_id;
pub use item::{cut_item, find_in_item};
pub(crate) use kept::KeptParts;
pub(super) use records::arrays;
pub(super) use xml::junk;

use memchr::memchr_iter;

use super::{Block, Fields, Form, Given, Input, Parsed, Place, Provenance, Within};
use crate::{Document, Problem, Span};

/// A piece of a feed.
#[derive(Debug)]
pub(super) enum Piece {
    /// Anything that is not an item.
    Around(Range<usize>),
    /// An item, with the white space or the comma before it.
    Item(Box<Item>),
}

impl Piece {
    pub fn range(&self) -> Range<usize> {
        match self {
            Piece::Around(range) => range.clone(),
            Piece::Item(item) => item.range.clone(),
        }
    }
}

impl Piece {
    /// Moves all that it knows of places in the feed.
    fn shift(&mut self, by: usize) {
        let shift = |range: &mut Range<usize>| *range = range.start + by..range.end + by;
        match self {
            Piece::Around(range) => shift(range),
            Piece::Item(item) => {
                shift(&mut item.range);
                item.start += by;
                item.candidates.iter_mut().for_each(|(range, _)| shift(range));
                item.content.iter_mut().for_each(|(range, _)| shift(range));
            }
        }
    }
}

/// An item as it is read.
#[derive(Debug, Default)]
pub(super) struct Item {
    /// Its piece of the feed.
    pub range: Range<usize>,
    /// Offset of the item itself, after the white space or comma before it.
    pub start: usize,
    pub id: Option<String>,
    pub title: Option<String>,
    pub date: Option<String>,
    pub url: Option<String>,
    /// Its own source, where it is not the feed's.
    pub source: Option<String>,
    /// The value that `--keep field:NAME` ranks it by.
    pub rank: Option<String>,
    /// The fields that its record names, if it is JSON that is not a feed.
    pub given: Option<Given>,
    /// Candidates for its text, most wanted first: the range in the feed, and how it is written.
    pub candidates: Vec<(Range<usize>, Form)>,
    pub text: String,
    /// The range of the text in the feed; `None` if there is no text.
    pub content: Option<(Range<usize>, Form)>,
    /// Whether half of a surrogate pair in it was replaced.
    pub replaced: bool,
}

/// A feed.
#[derive(Debug, Default)]
pub(super) struct Feed {
    /// Its title, or the host of its address.
    pub source: Option<String>,
    pub pieces: Vec<Piece>,
    /// Its problems: the offset, the reason, and whether something could not be read for it.
    pub problems: Vec<(usize, String, bool)>,
}

/// Reads a feed. Text that is not a feed is one piece, and a problem; JSON that is not a feed is read as records, by the
/// names of `fields`.
pub(super) fn read(text: &str, fields: &Fields, max_depth: usize) -> Feed {
    let first = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').chars().next();
    let mut feed = match first {
        Some('{') => json::read(text).unwrap_or_else(|| records::read(text, fields)),
        Some('[') => records::read(text, fields),
        _ => xml::read(text),
    };
    for piece in &mut feed.pieces {
        let Piece::Item(item) = piece else { continue };
        if let Err(reason) = item.read_content(text, max_depth) {
            feed.problems.push((item.start, reason, true));
            *piece = Piece::Around(item.range.clone());
        }
    }
    feed.problems.sort_by_key(|(at, ..)| *at);
    feed
}

/// Takes what was gathered of items and puts what is around them between.
fn pieces(items: Vec<Item>, len: usize) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(items.len() + 2);
    let mut at = 0;
    for item in items {
        if at < item.range.start {
            pieces.push(Piece::Around(at..item.range.start));
        }
        at = item.range.end;
        pieces.push(Piece::Item(Box::new(item)));
    }
    if at < len {
        pieces.push(Piece::Around(at..len));
    }
    pieces
}

/// Reads the block of a feed, which is all of it. Items are records, and so are the pieces around them.
fn parse(block: &Block, input: &Input, fields: &Fields, keep_records: bool) -> Parsed {
    let text = block.text.as_str();
    let feed = match block.unreadable.first() {
        Some(bad) => Feed { problems: vec![(0, bad.reason.clone(), true)], ..Feed::default() },
        None => read(text, fields, block.max_depth),
    };
    let mut lines = Lines { text, at: 0, line: 1 };
    let mut parsed = Parsed { problems: block.problems.clone(), ..Parsed::default() };
    let mut tell = |line, reason, skipped| {
        parsed.problems.push(Problem { input: input.name.clone(), line, reason, skipped, records: 1 });
    };
    for (at, reason, skipped) in feed.problems {
        tell(lines.of(at), reason, skipped);
    }
    lines.restart();
    let mut items = 0u64;
    for (piece, record) in feed.pieces.into_iter().zip(0..) {
        let range = piece.range();
        let Piece::Item(item) = piece else {
            parsed.others.extend(keep_records.then(|| (record, text.as_bytes()[range].into())));
            continue;
        };
        items += 1;
        let line = lines.of(item.start);
        let within = item.content.map(|(content, form)| {
            let span = Span::new(content.start - range.start, content.end - range.start);
            Within { span, form }
        });
        parsed.documents.push(Document {
            id: item.id.unwrap_or_else(|| format!("{}#{items}", input.name)).into(),
            source: item.source.as_deref().or(feed.source.as_deref()).map(Into::into),
            title: item.title.map(Into::into),
            date: item.date.map(Into::into),
            url: item.url.map(Into::into),
            rank: item.rank.map(Into::into),
            text: item.text.into(),
            provenance: Provenance {
                place: Place { input: block.input, record },
                line,
                given: item.given,
                record: keep_records.then(|| text.as_bytes()[range].into()),
                within,
            },
        });
    }
    parsed
}

/// Counts lines as it goes on.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// Returns the line of an offset, which is not before the last one asked for.
    fn of(&mut self, at: usize) -> u64 {
        let at = at.clamp(self.at, self.text.len());
        self.line += memchr_iter(b'\n', &self.text.as_bytes()[self.at..at]).count() as u64;
        self.at = at;
        self.line
    }

    fn restart(&mut self) {
        (self.at, self.line) = (0, 1);
    }
}
