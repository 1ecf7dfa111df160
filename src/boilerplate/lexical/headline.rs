//! Finds the end of a promoted headline in running text.

use super::dress::{closes, is_quote};
use super::prose::{Role, Style};
use super::room::{Close, Room};
use super::thresholds::{
    CERTAIN_PROSE_SCORE, LIKELY_PROSE_SCORE, MAX_CUT_OFF_HEADLINE_WORDS, MAX_KICKER_WORDS, MAX_TRAILING_SITE_WORDS,
    MIN_CAPITALS_HEADLINE_WORDS, MIN_PROSE_WORDS, RIVAL_PROSE_SCORE, THRESHOLDS,
};
use super::titles::TitleIndex;
use crate::boilerplate::text::is_small_letter;
use crate::token::tokenize;

/// The evidence of a headline that is the title of another document.
pub(super) const TITLE: &str = "the title of another document";

/// The end of a headline, with the evidence.
pub(super) struct End {
    /// One past the headline's last token.
    pub at: usize,
    pub certain: bool,
    pub score: f32,
    pub evidence: &'static str,
}

impl Room<'_> {
    /// Returns the end of the headline.
    pub fn headline_end(&self, titles: &TitleIndex) -> End {
        let certain = |at: usize, score: f32, evidence: &'static str| End { at, certain: true, score, evidence };
        let Room { view, marker, limit, .. } = *self;
        let start = marker.end;
        if let Some(at) = self.bracket_closes() {
            // A sentence that goes on after a quote only names what is quoted.
            let goes_on = at < limit && marker.bracket.is_some_and(is_quote) && view.is_small(at);
            return if goes_on { self.uncertain(at, 0.2) } else { certain(at, 1.0, "a bracket closes it") };
        }
        let title = self.title(titles);
        if let Some(at) = title.filter(|&at| !self.goes_on(at)) {
            return certain(at, 1.0, TITLE);
        }
        if let Some(at) = self.anchor.filter(|&at| !self.goes_on(at)) {
            return certain(at, 0.9, "its link ends");
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
            // The rest of the line would not be a sentence: it may be half a headline.
            Some((at, score))
                if score >= CERTAIN_PROSE_SCORE
                    && whole
                    && self.close == Close::Line
                    && !prose
                    && self.is_fragment(at) =>
            {
                self.uncertain(limit, score / 5.0)
            }
            Some((at, score)) if score >= CERTAIN_PROSE_SCORE => certain(at, 0.8, "a sentence begins behind it"),
            Some((at, score)) if score >= RIVAL_PROSE_SCORE => self.uncertain(at, score / 5.0),
            _ if alone => certain(limit, 0.9, "the line ends"),
            Some((at, score)) if score >= LIKELY_PROSE_SCORE => self.uncertain(at, score / 5.0),
            _ if whole && self.close == Close::Length => self.uncertain(limit, 0.2),
            _ if title_case && stop < limit && self.sentence_begins(stop) => certain(stop, 0.8, "its sentence ends"),
            _ if stop < limit => self.uncertain(stop, 0.5),
            _ if title_case && self.close == Close::CutOff && limit - start > MAX_CUT_OFF_HEADLINE_WORDS => {
                self.uncertain(limit, 0.5)
            }
            _ if title_case => certain(limit, 0.85, "the line ends"),
            _ => self.uncertain(stop, 0.4),
        }
    }

    /// Returns whether the rest of a line without a stop, from token `i` on, is too short for the beginning of a text.
    fn is_fragment(&self, i: usize) -> bool {
        self.limit - i < MIN_PROSE_WORDS
    }

    /// Returns whether the headline does not go on at token `i`: "Who Won? They said …", not "Who Won? Find Out Here".
    fn sentence_begins(&self, i: usize) -> bool {
        self.role(i) != Role::Other || i + 1 < self.limit && self.view.is_small(i + 1)
    }

    fn uncertain(&self, at: usize, score: f32) -> End {
        End { at, certain: false, score, evidence: "its end is not certain" }
    }

    /// Returns whether the line reads as one headline: it is no longer than headlines are, and has a colon at its head
    /// only.
    fn reads(&self) -> bool {
        let Room { view, marker, limit, .. } = *self;
        let (first, last) = (&view.tokens[marker.end], &view.tokens[limit - 1]);
        let letters = view.text[first.start as usize..last.end() as usize].chars().count();
        letters <= THRESHOLDS.max_headline_chars
            && !(marker.end + MAX_KICKER_WORDS + 1..limit).any(|i| view.before(i).starts_with(": "))
    }

    /// Returns the end of the title of another document, if the headline begins with one.
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

    /// Returns whether a headline goes on after the title that it begins with: with a comma, in small letters, or with "To
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

    /// Returns the end of an address that is the headline.
    fn address_end(&self) -> Option<usize> {
        let Room { view, marker, limit, .. } = *self;
        let from =
            (marker.end..limit).find(|&i| view.of(i).starts_with("http") && view.before(i + 1).starts_with("://"))?;
        (from + 2..=limit).find(|&i| view.before(i).contains([' ', '\n', ')', '"', '\u{a0}']))
    }

    /// Returns the beginning of the site's name, if it ends the line.
    fn site_name(&self) -> Option<usize> {
        let Room { view, limit, .. } = *self;
        let site = self.site.filter(|_| self.close == Close::Line)?;
        let from = limit.saturating_sub(MAX_TRAILING_SITE_WORDS).max(self.marker.end + 3);
        (from..limit).find(|&i| {
            let capitals = (i..limit).all(|i| view.tokens[i].capital);
            view.tokens[i].word == site && capitals && view.before(i).trim().is_empty()
        })
    }

    /// Returns the end of a headline in capitals: the first word that is not in capitals.
    fn capitals_end(&self) -> Option<usize> {
        let Room { view, limit, .. } = *self;
        let start = self.marker.end;
        let end = (start..limit).find(|&i| view.of(i).chars().any(is_small_letter))?;
        // One capital letter before it ("A man …") begins the next sentence.
        let alone = end > start && view.of(end - 1).chars().count() == 1 && view.tokens[end - 1].capital;
        let end = if alone { end - 1 } else { end };
        let written = (start..end).filter(|&i| view.in_capitals(i)).count();
        (written >= MIN_CAPITALS_HEADLINE_WORDS && !(start + 1..=end).any(|i| view.before(i).contains(':')))
            .then_some(end)
    }
}
