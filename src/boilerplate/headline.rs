//! Where a promoted headline ends that stands in running text.

use std::sync::LazyLock;

use super::marker::{Language, Marker, language};
use super::phrases::{Phrases, rows};
use super::titles::TitleIndex;
use super::view::View;
use crate::token::Word;

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
/// The score from which a beginning of prose is certain.
const CERTAIN: f32 = 3.0;
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
        let title = titles.longest_at(&view.tokens[start..limit]).map(|words| start + words);
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
        let title_case = Style::of(self, stop).is_title_case();
        match begins {
            Some((at, score)) if score >= CERTAIN => certain(at, 0.8, "a sentence begins behind it"),
            Some((at, score)) if score >= RIVAL => self.uncertain(at, score / 5.0),
            _ if whole && self.close == Close::Line && marker.at_line && !prose && self.reads() => {
                certain(limit, 0.9, "the line ends")
            }
            Some((at, score)) if score >= LIKELY => self.uncertain(at, score / 5.0),
            _ if whole && self.close == Close::Length => self.uncertain(limit, 0.2),
            _ if title_case && stop < limit && self.sentence_begins(stop) => certain(stop, 0.8, "its sentence ends"),
            _ if stop < limit => self.uncertain(stop, 0.5),
            _ if title_case && self.close == Close::CutOff && limit - start > CUT_OFF => self.uncertain(limit, 0.5),
            _ if title_case => certain(limit, 0.85, "the line ends"),
            _ => self.uncertain(stop, 0.4),
        }
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

    /// Whether a headline goes on beyond the title that stands at its head: with a comma, or in small letters.
    fn goes_on(&self, at: usize) -> bool {
        let gap = self.view.before(at);
        at < self.limit && (gap.starts_with([',', ';', '’', '\'']) || gap == " " && self.view.is_small(at))
    }

    fn bracket_closes(&self) -> Option<usize> {
        let close = match self.marker.bracket? {
            '(' => ')',
            '[' => ']',
            '（' => '）',
            _ => '】',
        };
        (self.marker.end + 1..=self.limit).find(|&i| self.view.before(i).contains(close))
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

    /// The likeliest first word of the prose behind the headline, which ends at `stop` at the latest, and how likely.
    fn prose_begins(&self, stop: usize) -> Option<(usize, f32)> {
        let mut best: Option<(usize, f32)> = None;
        let all = Style::of(self, stop);
        // In title case the prose begins before the first word that is not: only what begins sentences does later.
        let last = all.first_small.filter(|_| all.is_title_case()).unwrap_or(stop);
        for i in (self.marker.end + 2)..stop {
            let score = if self.may_begin(i) { self.beginning(i, stop, &all) } else { continue };
            if score >= CERTAIN {
                return Some((i, score));
            }
            // What is nearest to the prose is likeliest.
            if i < last && best.is_none_or(|(_, most)| score >= most) {
                best = Some((i, score));
            }
        }
        best
    }

    /// Whether a sentence may begin at token `i` with nothing but a space before it.
    fn may_begin(&self, i: usize) -> bool {
        let Room { view, .. } = *self;
        let gap = view.before(i);
        let opens = gap
            .trim_start()
            .chars()
            .all(|c| matches!(c, '“' | '"' | '‘' | '«' | '#' | '?' | '!' | '’' | '”' | ']' | ')'));
        let space = gap.contains(char::is_whitespace);
        let before = self.role(i - 1);
        view.tokens[i].capital && opens && space && (!before.joins() || view.in_capitals(i - 1))
    }

    /// How much speaks for it that prose begins at token `i`. `all` is the style of all that may be the headline.
    fn beginning(&self, i: usize, stop: usize, all: &Style) -> f32 {
        let Room { view, .. } = *self;
        let style = Style::of(self, i);
        let sentence_case = style.first_small.is_some();
        let cut_off = i + 1 == stop && self.close == Close::CutOff;
        let small_next = cut_off || i + 1 < stop && view.is_small(i + 1) && view.before(i + 1).starts_with(' ');
        let role = if view.in_capitals(i) { Role::Other } else { self.role(i) };
        let score = match role {
            Role::Opens | Role::Both if sentence_case || small_next || style.small_joins => 3.0,
            Role::Opens | Role::Both => 2.4,
            Role::Joins if small_next && !cut_off => 3.0,
            Role::Joins if sentence_case || cut_off => 2.0,
            Role::Joins => 0.3,
            Role::Other => self.name_begins(i, stop, small_next, sentence_case, all).min(2.3),
        };
        let length = match i - self.marker.end {
            0..=2 => -1.5,
            3 => -0.5,
            4..=18 => 0.0,
            _ => -0.7,
        };
        score + length
    }

    /// The same for a word that is no small word, such as a name.
    fn name_begins(&self, i: usize, stop: usize, small_next: bool, sentence_case: bool, all: &Style) -> f32 {
        let Room { view, marker, .. } = *self;
        let comma = |i: usize| i < stop && view.before(i).starts_with(',');
        let small = |i: usize| i < stop && view.is_small(i);
        // "Specifically, the index …"
        let adverb = comma(i + 1) && small(i + 1);
        let again = (marker.end..i).any(|j| view.tokens[j].word == view.tokens[i].word);
        // Names that a comma follows are subjects: "Mark Lowcock, head of …".
        let subject = i + 1 < stop && view.tokens[i + 1].capital && comma(i + 2) && small(i + 2);
        let behind_small = view.is_small(i - 1) || view.tokens[i - 1].word.is_number();
        let mut score = 0.5;
        score += if again { 1.0 } else { 0.0 };
        score += if self.is_known(i) { 0.7 } else { 0.0 };
        score += if adverb { 1.2 } else { 0.0 };
        score += if subject { 0.6 } else { 0.0 };
        if sentence_case {
            score += if behind_small { 0.3 } else { -0.4 };
            score += if small_next { 0.3 } else { 0.0 };
        } else {
            score += if small_next { 1.0 } else { 0.0 };
            // Title case all through tells nothing of where the prose begins.
            score -= if all.first_small.is_none() { 1.5 } else { 0.0 };
        }
        score
    }

    /// Whether the word of token `i` stands in the text before the marker.
    fn is_known(&self, i: usize) -> bool {
        self.view.tokens[..self.marker.start].iter().rev().take(200).any(|token| token.word == self.view.tokens[i].word)
    }

    fn role(&self, i: usize) -> Role {
        role(self.marker.language, &self.view.tokens[i].word)
    }
}

/// What a small word does in and behind headlines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Opens,
    Joins,
    Both,
    Other,
}

impl Role {
    fn joins(self) -> bool {
        matches!(self, Role::Joins | Role::Both)
    }
}

static SMALL_WORDS: LazyLock<Phrases<(Language, Role)>> = LazyLock::new(|| {
    Phrases::new(rows(include_str!("data/small_words.tsv")).filter_map(|row| match row[..] {
        [code, "opens", word] => Some((word, (language(code), Role::Opens))),
        [code, "joins", word] => Some((word, (language(code), Role::Joins))),
        [code, "both", word] => Some((word, (language(code), Role::Both))),
        _ => None,
    }))
});

fn role(language: Language, word: &Word) -> Role {
    SMALL_WORDS.of_word(*word).find(|(of, _)| *of == language).map_or(Role::Other, |(_, role)| role)
}

/// How the words of a stretch are written.
struct Style {
    /// The first word with a small letter that a headline in title case would give a capital.
    first_small: Option<usize>,
    /// Whether some small word has a small letter, as in "Urges Youth to Pursue".
    small_joins: bool,
    /// Words with a capital before the first one without.
    capitals: usize,
    /// Small words with a capital among those.
    capital_joins: usize,
}

impl Style {
    fn of(room: &Room, end: usize) -> Style {
        let view = room.view;
        let mut style = Style { first_small: None, small_joins: false, capitals: 0, capital_joins: 0 };
        for i in room.marker.end..end {
            let joins = room.role(i).joins();
            let small = view.is_small(i);
            match (joins, small) {
                (true, true) => style.small_joins = true,
                (true, false) => style.capital_joins += usize::from(i > room.marker.end && !view.in_capitals(i)),
                (false, true) if view.tokens[i].len > 1 => {
                    style.first_small = Some(i);
                    break;
                }
                _ => style.capitals += usize::from(view.tokens[i].capital),
            }
        }
        style
    }

    fn is_title_case(&self) -> bool {
        self.capitals >= 5 || self.capitals >= 3 && (self.capital_joins > 0 || self.first_small.is_none())
    }
}
