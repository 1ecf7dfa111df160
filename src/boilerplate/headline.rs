//! Where a promoted headline ends that stands in running text.

use super::dress::closes;
use super::marker::Marker;
use super::prose::{Role, Style};
use super::titles::TitleIndex;
use super::view::View;
use crate::token::{Word, tokenize};

/// The end of a headline and what tells it.
pub(super) struct End {
    /// One past the headline's last token.
    pub at: usize,
    pub certain: bool,
    pub score: f32,
    pub evidence: &'static str,
}

/// Where to look for a headline.
pub(super) struct Room<'a> {
    pub view: View<'a>,
    pub marker: &'a Marker,
    /// One past the last token that may belong to the headline.
    pub limit: usize,
    /// What ends there.
    pub close: Close,
    /// The byte at which a call begins that is glued to the last token.
    pub glued: Option<usize>,
    /// The first word of the site's name, if a frame tells it.
    pub site: Option<Word>,
}

/// What ends the room for a headline.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Close {
    /// The line.
    Line,
    /// The text is cut off there, by dots or a call to read on.
    CutOff,
    /// Another marker begins.
    Other,
    /// Nothing: no headline is longer.
    Length,
}

/// A headline that a feed has cut off is believed to be one up to so many words.
const CUT_OFF: usize = 9;
/// A line of more letters is no headline, or not that alone.
const LETTERS: usize = 130;
/// A kicker or a speaker before a headline's colon has at most so many words.
const KICKER: usize = 5;
/// So many words in capitals are a headline and not a kicker before one.
const CAPITALS: usize = 4;
/// The name of a site at the end of a line has at most so many words.
const SITE: usize = 4;
/// Fewer words after a headline, with no stop at their end, are no prose but the rest of it.
const MIN_PROSE: usize = 10;
/// The score from which a beginning of prose is certain.
pub(super) const CERTAIN: f32 = 3.0;
/// The score from which it is likelier than that a line with a marker at its head ends with the headline.
const RIVAL: f32 = 2.0;
/// The score below which it is not even likely.
const LIKELY: f32 = 1.0;

impl Room<'_> {
    /// Where the headline ends.
    pub fn headline_end(&self, titles: &TitleIndex) -> End {
        let certain = |at: usize, score: f32, evidence: &'static str| End { at, certain: true, score, evidence };
        let Room { view, marker, limit, .. } = *self;
        let start = marker.end;
        if let Some(at) = self.bracket_closes() {
            return certain(at, 1.0, "a bracket closes it");
        }
        let title = self.title(titles);
        if let Some(at) = title.filter(|&at| !self.goes_on(at)) {
            return certain(at, 1.0, "the title of another document");
        }
        if let Some(at) = self.address_end() {
            return certain(at, 0.9, "an address");
        }
        if let Some(limit) = self.site_name() {
            return Room { limit, site: None, ..*self }.headline_end(titles);
        }
        // Headlines have no stops inside but for abbreviations; a question or an exclamation may end one.
        let stop = (start + 2..limit).find(|&i| view.ends_headline(i)).unwrap_or(limit);
        let whole = stop == limit;
        let prose = whole && self.close == Close::Line && view.before(limit).starts_with(['.', '。', '।', '۔']);
        if whole && self.close == Close::Other {
            return certain(limit, 0.9, "another marker follows");
        }
        if let Some(at) = self.capitals_end() {
            return certain(at, 0.85, "its capitals end");
        }
        let begins = self.prose_begins(stop);
        let style = Style::of(self, stop);
        let title_case = style.is_title_case();
        let alone = whole && self.close == Close::Line && marker.at_line && !prose && self.reads();
        match begins {
            _ if alone && title_case && style.is_title_case_throughout() => certain(limit, 0.9, "the line ends"),
            // What is left of the line would be no sentence: half a headline, perhaps.
            Some((at, score))
                if score >= CERTAIN && whole && self.close == Close::Line && !prose && self.is_fragment(at) =>
            {
                self.uncertain(limit, score / 5.0)
            }
            Some((at, score)) if score >= CERTAIN => certain(at, 0.8, "a sentence begins behind it"),
            Some((at, score)) if score >= RIVAL => self.uncertain(at, score / 5.0),
            _ if alone => certain(limit, 0.9, "the line ends"),
            Some((at, score)) if score >= LIKELY => self.uncertain(at, score / 5.0),
            _ if whole && self.close == Close::Length => self.uncertain(limit, 0.2),
            _ if title_case && stop < limit && self.sentence_begins(stop) => certain(stop, 0.8, "its sentence ends"),
            _ if stop < limit => self.uncertain(stop, 0.5),
            _ if title_case && self.close == Close::CutOff && limit - start > CUT_OFF => self.uncertain(limit, 0.5),
            _ if title_case => certain(limit, 0.85, "the line ends"),
            _ => self.uncertain(stop, 0.4),
        }
    }

    /// Whether what begins at token `i` of a line without a stop is too short for the beginning of a text.
    fn is_fragment(&self, i: usize) -> bool {
        self.limit - i < MIN_PROSE
    }

    /// Whether what begins at token `i` is no more of the headline: "Who Won? They said …", not "Who Won? Find Out Here".
    fn sentence_begins(&self, i: usize) -> bool {
        self.role(i) != Role::Other || i + 1 < self.limit && self.view.is_small(i + 1)
    }

    fn uncertain(&self, at: usize, score: f32) -> End {
        End { at, certain: false, score, evidence: "its end is not certain" }
    }

    /// Whether the line reads as one headline: it is no longer than headlines are, and has a colon at its head only.
    fn reads(&self) -> bool {
        let Room { view, marker, limit, .. } = *self;
        let (first, last) = (&view.tokens[marker.end], &view.tokens[limit - 1]);
        let letters = view.text[first.start as usize..last.end() as usize].chars().count();
        letters <= LETTERS && !(marker.end + KICKER + 1..limit).any(|i| view.before(i).starts_with(": "))
    }

    /// Where the title of another document ends that stands at the headline's head.
    fn title(&self, titles: &TitleIndex) -> Option<usize> {
        let Room { view, marker, limit, .. } = *self;
        let tokens = &view.tokens[marker.end..limit];
        let words = match self.glued {
            Some(byte) => {
                let (last, rest) = tokens.split_last()?;
                let mut tokens = rest.to_vec();
                tokenize(&view.text[last.start as usize..byte], last.start, &mut tokens);
                titles.longest_at(&tokens)
            }
            None => titles.longest_at(tokens),
        };
        words.map(|words| (marker.end + words).min(limit))
    }

    /// Whether a headline goes on beyond the title that stands at its head: with a comma, in small letters, or with "To
    /// Establish".
    fn goes_on(&self, at: usize) -> bool {
        let Room { view, limit, .. } = *self;
        let gap = view.before(at);
        let joins =
            || self.role(at) == Role::Joins && !view.in_capitals(at) && !(at + 1 < limit && view.is_small(at + 1));
        at < limit && (gap.starts_with([',', ';', '’', '\'']) || gap == " " && (view.is_small(at) || joins()))
    }

    fn bracket_closes(&self) -> Option<usize> {
        let open = self.marker.bracket?;
        (self.marker.end + 1..=self.limit).find(|&i| closes(open, self.view.before(i)))
    }

    /// Where an address ends: one that is the headline, or that a link in Markdown or HTML holds.
    fn address_end(&self) -> Option<usize> {
        let Room { view, marker, limit, .. } = *self;
        let from =
            (marker.end..limit).find(|&i| view.of(i).starts_with("http") && view.before(i + 1).starts_with("://"))?;
        let at = (from + 2..=limit).find(|&i| view.before(i).contains([' ', '\n', ')', '"', '\u{a0}']))?;
        if view.before(at).starts_with('"') {
            // `<a href="…">Headline</a>`
            let closes = |&i: &usize| view.of(i) == "a" && view.before(i).ends_with("</");
            return (at..limit).find(closes).map(|i| i + 1);
        }
        Some(at)
    }

    /// The name of the site, where it ends the line.
    fn site_name(&self) -> Option<usize> {
        let Room { view, limit, .. } = *self;
        let site = self.site.filter(|_| self.close == Close::Line)?;
        let from = limit.saturating_sub(SITE).max(self.marker.end + 3);
        (from..limit).find(|&i| {
            let capitals = (i..limit).all(|i| view.tokens[i].capital);
            view.tokens[i].word == site && capitals && view.before(i).trim().is_empty()
        })
    }

    /// Where a headline in capitals ends: at the first word that is not.
    fn capitals_end(&self) -> Option<usize> {
        let Room { view, limit, .. } = *self;
        let start = self.marker.end;
        let end = (start..limit).find(|&i| view.of(i).chars().any(char::is_lowercase))?;
        // One capital letter before it ("A man …") begins the next sentence.
        let alone = end > start && view.of(end - 1).chars().count() == 1 && view.tokens[end - 1].capital;
        let end = if alone { end - 1 } else { end };
        let written = (start..end).filter(|&i| view.in_capitals(i)).count();
        (written >= CAPITALS && !(start + 1..=end).any(|i| view.before(i).contains(':'))).then_some(end)
    }
}
