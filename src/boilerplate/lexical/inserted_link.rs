//! Links to other items inside a text: "READ ALSO: Headline of another item".
//!
//! A marker says where such a link may begin. Its end needs evidence of its own. Without that, the link is marked with its
//! likely extent, and nothing is cut.

use std::ops::Range;

use super::citation::{begins_title, cites, in_references};
use super::dress::dressed;
use super::headline::TITLE;
use super::link_block::block;
use super::marker::{Marker, Markers, anchor};
use super::room::{Close, Room};
use super::taken::Taken;
use super::thresholds::{GLUED_LOOKBACK_WORDS, GLUED_REACH_WORDS, THRESHOLDS};
use super::titles::TitleIndex;
use crate::Span;
use crate::boilerplate::text::{Aside, AsideKind, View, surroundings};
use crate::segment::Line;
use crate::token::{BIGRAMS_PER_WORD, Token, Word, tokenize};

/// The knowledge that links are searched with.
#[derive(Clone, Copy)]
pub(super) struct Search<'a> {
    pub markers: &'a Markers,
    /// The titles of all documents.
    pub titles: &'a TitleIndex,
    /// Frames and calls to action that were found: no headline extends into one.
    pub taken: &'a Taken,
    /// The words of links in the text, as ranges of tokens, in order.
    pub anchors: &'a [Line],
    /// The first word of the site's name, if a frame contains it.
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

    /// Adds the link at token `i` of line `n`, if there is one. Returns the token to go on with.
    fn at(&self, view: View, n: usize, i: usize, found: &mut Vec<Aside>) -> usize {
        let line = &with_wrapped(view, n);
        if self.taken.frames.covers(i) {
            return i + 1;
        }
        match self.markers.at(view, line, i, self.anchors) {
            // Arrows after a marker at the end of a line of prose promote nothing: it is a call to read on.
            Some(marker) if marker.end == line.end && !marker.at_line => marker.end,
            Some(marker) if marker.end == line.end => {
                // "Read more" ends what is above it as often as it heads what is below.
                let ends = self.taken.all.covers(i);
                block(view, &marker, (n, ends), self.titles, found)
            }
            Some(marker) => {
                let listed = in_references(view, n) || begins_title(view, line, i);
                self.link(view, &marker, (line, listed), found)
            }
            None => match self.markers.glued(view, line, i) {
                Some(byte) => self.glued(view, n, i, byte, found),
                None => i + 1,
            },
        }
    }

    /// Adds the link of a marker whose headline follows on its line. `listed` says that the line is a reference to
    /// literature. Returns the token to go on with.
    fn link(&self, view: View, marker: &Marker, (line, listed): (&Line, bool), found: &mut Vec<Aside>) -> usize {
        let (limit, byte, close) = self.limit(view, line, marker.end);
        if limit <= marker.end {
            return marker.end;
        }
        let glued = (byte < view.tokens[limit - 1].end() as usize).then_some(byte);
        let anchor = anchor(self.anchors, marker.end).map(|anchor| anchor.end.min(limit));
        let room = Room { view, marker, limit, close, glued, anchor, site: self.site };
        let end = room.headline_end(self.titles);
        let aside = Aside::new(view.text, view.tokens, marker.start, end.at, AsideKind::InsertedLink, end.evidence);
        // A reference in documentation: "See also: `open()`".
        let code = || surroundings::is_code(view, line);
        let capitals = (marker.start..marker.end).all(|i| view.in_capitals(i));
        let known = end.evidence == TITLE;
        // A full stop after words that are no heading in capitals ends a sentence of theirs.
        if marker.stopped && !capitals && !known {
            return marker.end;
        }
        let rest = &view.text[view.tokens[marker.end].start as usize..view.whole(line).end as usize];
        let entry = || marker.refers && is_entry(view, marker.end..end.at);
        let stays = end.certain && (code() || !capitals && !known && (listed || cites(rest) || entry()));
        let aside = Aside { certain: end.certain && !stays, score: end.score, ..aside };
        let aside = dressed(view, line, marker.at_line, aside);
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

    /// Returns the room for a headline that begins at token `from`: one past its last token, the byte that it must not
    /// pass, and why it ends.
    fn limit(&self, view: View, line: &Line, from: usize) -> (usize, usize, Close) {
        let mut room = (line.end, view.text.len(), if view.is_cut_off(line.end) { Close::CutOff } else { Close::Line });
        let longest = if view.is_spaceless(from) {
            THRESHOLDS.max_headline_words * BIGRAMS_PER_WORD
        } else {
            THRESHOLDS.max_headline_words
        };
        if let Some(aside) = self.taken.all.first_after(from).filter(|aside| (aside.start as usize) < line.end) {
            // A call that is glued to the headline's last word shares a token with it.
            let first = &view.tokens[aside.start as usize];
            let shared = usize::from(first.start < aside.span.start && first.end() > aside.span.start);
            let at = (aside.start as usize + shared).max(from);
            // The text before a call to read on was cut off for it.
            room = (at, aside.span.start as usize, Close::CutOff);
        }
        // A marker further on ends no headline, since none is that long.
        let marker = (from + 1..room.0.min(from + longest + 1)).find(|&i| {
            let may = view.tokens[i].capital && self.markers.may_begin(&view.tokens[i]);
            may && self.markers.at(view, line, i, self.anchors).is_some_and(|marker| marker.colon)
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

    /// Adds a link whose marker is glued to its headline, read as if there were a space at `byte`. Returns the token to go
    /// on with.
    fn glued(&self, view: View, n: usize, i: usize, byte: usize, found: &mut Vec<Aside>) -> usize {
        let line = &view.lines[n];
        let glued = &view.tokens[i + 1];
        // Only the tokens around it are copied: as far as a headline goes, and as far back as its words are looked for.
        let first = i.saturating_sub(GLUED_LOOKBACK_WORDS);
        let last = (i + 2 + GLUED_REACH_WORDS).min(view.tokens.len());
        let mut tokens: Vec<Token> = view.tokens[first..=i].to_vec();
        tokenize(&view.text[glued.start as usize..byte], glued.start, &mut tokens);
        tokenize(&view.text[byte..glued.end() as usize], byte as u32, &mut tokens);
        let at = i - first;
        let more = tokens.len() - (at + 2);
        tokens.extend_from_slice(&view.tokens[i + 2..last]);
        let there = |token: usize| token.saturating_sub(first);
        let line = Line { start: there(line.start), end: (line.end - first + more).min(tokens.len()) };
        let split = View { tokens: &tokens, ..view };
        let Some(marker) = self.markers.at(split, &line, at, &[]).filter(|marker| marker.end == at + 2) else {
            return i + 1;
        };
        let moved = |token: u32| there(token as usize + more) as u32;
        let shift = |aside: &Aside| Aside { start: moved(aside.start), end: moved(aside.end), ..*aside };
        let near = self.taken.all.between(i, last);
        let taken = Taken::new(&near.iter().map(shift).collect::<Vec<Aside>>());
        let before = found.len();
        let end =
            Search { taken: &taken, anchors: &[], ..*self }.link(split, &marker, (&line, false), found) + first - more;
        for aside in &mut found[before..] {
            let back = |token: u32| (token as usize + first) as u32;
            *aside = Aside { start: back(aside.start), end: back(aside.end) - more as u32, ..*aside };
        }
        end
    }
}

/// Returns line `n`, with the next if its headline goes on there in small letters and that is the end of the paragraph.
fn with_wrapped(view: View, n: usize) -> Line {
    let line = view.lines[n];
    match view.lines.get(n + 1) {
        Some(next)
            if view.line_ends(next.start) == 1
                && view.is_small(next.start)
                && (next.end == view.tokens.len() || view.line_ends(next.end) > 1)
                && next.end - line.start <= THRESHOLDS.max_headline_words
                && !view.ends_like_prose(&line)
                && !view.ends_like_prose(next) =>
        {
            Line { start: line.start, end: next.end }
        }
        _ => line,
    }
}

/// Returns whether words after "See also" are entries of a glossary or pages of a manual rather than a headline: up to three
/// words, a list of such, or a page in brackets.
fn is_entry(view: View, words: Range<usize>) -> bool {
    const MAX_ENTRY_WORDS: usize = 3;
    let per_word = if view.is_spaceless(words.start) { BIGRAMS_PER_WORD } else { 1 };
    let commas = words.clone().skip(1).filter(|&i| view.before(i).trim() == ",");
    let bounds: Vec<usize> = [words.start].into_iter().chain(commas).chain([words.end]).collect();
    let page = view.before(words.end).starts_with(')') && view.tokens[words.end - 1].word.is_number();
    page || bounds.windows(2).all(|part| part[1] - part[0] <= MAX_ENTRY_WORDS * per_word)
}

/// Returns the piece without its part after a byte.
fn before(view: View, aside: Aside, byte: usize) -> Aside {
    let start = aside.span.start as usize;
    let end = (aside.span.end as usize).min(byte).max(start);
    aside.with_span(Span::new(start, start + view.text[start..end].trim_end().len()))
}
