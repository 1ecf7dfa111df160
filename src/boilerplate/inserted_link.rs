//! Links to other items that stand in the text: "READ ALSO: Headline of another item".
//!
//! A marker says where such a link may begin. Where it ends needs evidence of its own; without it the link is marked at
//! its likely extent and nothing is cut.

use super::dress::dressed;
use super::headline::{Close, Room};
use super::link_block::block;
use super::marker::{Marker, Markers};
use super::surroundings;
use super::titles::TitleIndex;
use super::view::View;
use super::{Aside, AsideKind};
use crate::Span;
use crate::segment::Line;
use crate::token::{Token, Word, tokenize};

/// No promoted headline has more words than this.
const LONGEST: usize = 30;

/// What links are looked for with.
#[derive(Clone, Copy)]
pub(super) struct Search<'a> {
    pub markers: &'a Markers,
    /// The titles of all documents.
    pub titles: &'a TitleIndex,
    /// Frames and calls to action that have been found: no headline goes into one.
    pub taken: &'a Taken,
    /// The first word of the site's name, if a frame tells it.
    pub site: Option<Word>,
}

impl Search<'_> {
    /// Finds inserted links.
    pub fn links(&self, view: View) -> Vec<Aside> {
        let mut found: Vec<Aside> = Vec::new();
        let mut i = 0;
        for (n, line) in view.lines.iter().enumerate() {
            i = i.max(line.start);
            while i < line.end {
                i = if self.markers.may_begin(&view.tokens[i]) { self.at(view, n, i, &mut found) } else { i + 1 };
            }
        }
        found
    }

    /// The link at token `i` of line `n`, if there is one. Gives where to go on.
    fn at(&self, view: View, n: usize, i: usize, found: &mut Vec<Aside>) -> usize {
        let line = &view.lines[n];
        if self.taken.frames.covers(i) {
            return i + 1;
        }
        match self.markers.at(view, line, i) {
            // Arrows behind a marker that ends a line of prose promote nothing: it is a call to read on.
            Some(marker) if marker.end == line.end && !marker.at_line => marker.end,
            Some(marker) if marker.end == line.end => {
                // "Read more" ends what is above it as often as it heads what is below.
                let ends = self.taken.all.covers(i);
                block(view, &marker, (n, ends), self.titles, found)
            }
            Some(marker) => self.link(view, &marker, line, found),
            None => match self.markers.glued(view, line, i) {
                Some(byte) => self.glued(view, n, i, byte, found),
                None => i + 1,
            },
        }
    }

    /// A marker with its headline behind it on the line. Gives where to go on.
    fn link(&self, view: View, marker: &Marker, line: &Line, found: &mut Vec<Aside>) -> usize {
        let (limit, byte, close) = self.limit(view, line, marker.end);
        if limit <= marker.end {
            return marker.end;
        }
        let glued = (byte < view.tokens[limit - 1].end() as usize).then_some(byte);
        let room = Room { view, marker, limit, close, glued, site: self.site };
        let end = room.headline_end(self.titles);
        let aside = Aside::new(view.text, view.tokens, marker.start, end.at, AsideKind::InsertedLink, end.evidence);
        // A reference in documentation: "See also: `open()`".
        let code = end.certain && surroundings::is_code(view, line);
        let aside = Aside { certain: end.certain && !code, score: end.score, ..aside };
        let aside = dressed(view, line, marker, aside);
        // The comma before a cut is the headline's.
        let comma = close == Close::CutOff && end.at == limit && view.before(limit).starts_with(',');
        let aside = if comma {
            let span = aside.span;
            aside.with_span(Span { end: span.end + 1, ..span })
        } else {
            aside
        };
        found.push(before(view, aside, byte));
        end.at
    }

    /// The room for a headline that begins at token `from`: one past its last token, the byte that it must not pass, and
    /// what ends it.
    fn limit(&self, view: View, line: &Line, from: usize) -> (usize, usize, Close) {
        let mut room = (line.end, view.text.len(), if view.is_cut_off(line.end) { Close::CutOff } else { Close::Line });
        let longest = if view.is_spaceless(from) { LONGEST * 3 } else { LONGEST };
        if let Some(aside) = self.taken.all.first_after(from).filter(|aside| (aside.start as usize) < line.end) {
            // A call that is glued to the headline's last word shares a token with it.
            let first = &view.tokens[aside.start as usize];
            let shared = usize::from(first.start < aside.span.start && first.end() > aside.span.start);
            let at = (aside.start as usize + shared).max(from);
            // What stands before a call to read on was cut off for it.
            room = (at, aside.span.start as usize, Close::CutOff);
        }
        // What begins further on ends no headline, for none is as long.
        let marker = (from + 1..room.0.min(from + longest + 1)).find(|&i| {
            let may = view.tokens[i].capital && self.markers.may_begin(&view.tokens[i]);
            may && self.markers.at(view, line, i).is_some_and(|marker| marker.colon)
        });
        if let Some(at) = marker {
            room = (at, view.text.len(), Close::Other);
        }
        let cut_off =
            (from + 1..room.0.min(from + longest)).find(|&i| view.is_cut_off(i) && view.before(i).contains('…'));
        if let Some(at) = cut_off {
            room = (at, view.text.len(), Close::CutOff);
        }
        if room.0 > from + longest {
            room = (from + longest, view.text.len(), Close::Length);
        }
        room
    }

    /// A link whose marker is glued to its headline: looked at as if a space stood at `byte`.
    fn glued(&self, view: View, n: usize, i: usize, byte: usize, found: &mut Vec<Aside>) -> usize {
        let line = &view.lines[n];
        let glued = &view.tokens[i + 1];
        // Only the tokens around it are copied: as far as a headline goes, and as far back as its words are looked for.
        let first = i.saturating_sub(BEHIND);
        let last = (i + 2 + AHEAD).min(view.tokens.len());
        let mut tokens: Vec<Token> = view.tokens[first..=i].to_vec();
        tokenize(&view.text[glued.start as usize..byte], glued.start, &mut tokens);
        tokenize(&view.text[byte..glued.end() as usize], byte as u32, &mut tokens);
        let at = i - first;
        let more = tokens.len() - (at + 2);
        tokens.extend_from_slice(&view.tokens[i + 2..last]);
        let there = |token: usize| token.saturating_sub(first);
        let line = Line { start: there(line.start), end: (line.end - first + more).min(tokens.len()) };
        let split = View { tokens: &tokens, ..view };
        let Some(marker) = self.markers.at(split, &line, at).filter(|marker| marker.end == at + 2) else {
            return i + 1;
        };
        let moved = |token: u32| there(token as usize + more) as u32;
        let shift = |aside: &Aside| Aside { start: moved(aside.start), end: moved(aside.end), ..*aside };
        let near = self.taken.all.between(i, last);
        let taken = Taken::new(&near.iter().map(shift).collect::<Vec<Aside>>());
        let before = found.len();
        let end = Search { taken: &taken, ..*self }.link(split, &marker, &line, found) + first - more;
        for aside in &mut found[before..] {
            let back = |token: u32| (token as usize + first) as u32;
            *aside = Aside { start: back(aside.start), end: back(aside.end) - more as u32, ..*aside };
        }
        end
    }
}

/// Tokens after a glued marker that are looked at: more than the longest headline has, in any script.
const AHEAD: usize = LONGEST * 3 + 32;
/// Tokens before a glued marker that are looked at.
const BEHIND: usize = 256;

/// Stretches that are found already, for questions about a place.
#[derive(Debug, Default)]
pub(super) struct Taken {
    all: Sorted,
    /// The frames that are certain.
    frames: Sorted,
}

impl Taken {
    pub fn new(asides: &[Aside]) -> Self {
        let frame = |aside: &&Aside| aside.certain && aside.kind == AsideKind::Frame;
        Taken { all: Sorted::new(asides.iter()), frames: Sorted::new(asides.iter().filter(frame)) }
    }
}

/// Stretches by their first tokens. They may overlap.
#[derive(Debug, Default)]
struct Sorted {
    asides: Vec<Aside>,
    /// For each, the greatest end of it and of those before it.
    ends: Vec<u32>,
}

impl Sorted {
    fn new<'a>(asides: impl Iterator<Item = &'a Aside>) -> Self {
        let mut asides: Vec<Aside> = asides.copied().collect();
        asides.sort_by_key(|aside| aside.start);
        let mut greatest = 0;
        let ends = asides.iter().map(|aside| {
            greatest = aside.end.max(greatest);
            greatest
        });
        Sorted { ends: ends.collect(), asides }
    }

    /// Whether token `i` is in one.
    fn covers(&self, i: usize) -> bool {
        let begun = self.asides.partition_point(|aside| aside.start as usize <= i);
        begun > 0 && self.ends[begun - 1] as usize > i
    }

    /// The one that starts first of those that end after token `i`.
    fn first_after(&self, i: usize) -> Option<&Aside> {
        self.asides.get(self.ends.partition_point(|&end| end as usize <= i))
    }

    /// Those that end after token `from` and start before token `to`, and maybe others that start before it.
    fn between(&self, from: usize, to: usize) -> &[Aside] {
        let first = self.ends.partition_point(|&end| end as usize <= from);
        let behind = self.asides.partition_point(|aside| (aside.start as usize) < to);
        &self.asides[first.min(behind)..behind]
    }
}

/// The same without what is past a byte.
fn before(view: View, aside: Aside, byte: usize) -> Aside {
    let start = aside.span.start as usize;
    let end = (aside.span.end as usize).min(byte).max(start);
    aside.with_span(Span::new(start, start + view.text[start..end].trim_end().len()))
}
