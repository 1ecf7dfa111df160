//! Markers that introduce a promoted headline: "READ ALSO:".

use super::dress::{Enclosed, enclosed, is_quote, opened, pointed, points};
use super::language::{CAPITAL_NOUNS, Language, language};
use super::own::Strength;
use super::phrases::Phrases;
use super::spelling::spellings;
use crate::boilerplate::text::{View, has_no_case, is_small_letter};
use crate::segment::Line;
use crate::token::{Token, tokenize};

/// The markers to look for.
#[derive(Debug, Clone)]
pub(super) struct Markers {
    phrases: Phrases<Known>,
}

/// The properties of a marker's phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Known {
    language: Language,
    strength: Strength,
    /// Whether its last word ends in a sign that is written for a colon.
    points: bool,
    /// Whether it is a question.
    asks: bool,
}

impl Markers {
    /// Markers from their languages, strengths and texts.
    pub(super) fn new<'a>(markers: impl IntoIterator<Item = (&'a str, Strength, &'a str)>) -> Markers {
        let rows = markers.into_iter().flat_map(|(code, strength, text)| {
            let language = language(code);
            let asks = text.ends_with('?');
            let known = move |points: bool| Known { language, strength, points, asks };
            spellings(language, text).into_iter().map(move |(words, points)| (words, known(points)))
        });
        Markers { phrases: Phrases::of_words(rows) }
    }

    /// Returns whether token `i` can begin a marker.
    pub(super) fn may_begin(&self, token: &Token) -> bool {
        self.phrases.may_begin(token.word)
    }

    /// Returns the marker at token `i`, if there is enough evidence around it. `anchors` are the words of links in the text.
    pub(super) fn at(&self, view: View, line: &Line, i: usize, anchors: &[Line]) -> Option<Marker> {
        if !self.phrases.may_stand_at(&view.tokens[i..line.end]) {
            return None;
        }
        let opened = opened(view.lead(i));
        let at_line = i == line.start;
        // Words that a sentence quotes: … a line with "Read also: …" in it.
        if !at_line && opened.is_some_and(is_quote) && !view.ends_sentence(i) {
            return None;
        }
        let pointed = at_line && pointed(view.lead(i)) && !view.ends_like_prose(line);
        self.phrases.at(&view.tokens[i..line.end]).find_map(|(len, known)| {
            let end = i + len;
            let after = view.before(end);
            let enclosed = enclosed(opened, after);
            let set_off = match enclosed {
                Enclosed::Bracketed => at_line || view.ends_sentence(i),
                Enclosed::Titled => at_line && !view.ends_like_prose(line),
                Enclosed::Quoted | Enclosed::No => false,
            };
            // A link to the end of the line, right after the marker, is set off by its being one.
            let linked = || at_line && anchor(anchors, end).is_some_and(|to| to.start == end && to.end == line.end);
            if known.asks && !after.trim_start().starts_with(['?', '？', '؟']) {
                return None;
            }
            let stopped = at_line && end < line.end && is_stopped(view, line, i, end);
            let colon = known.points
                || known.asks
                || set_off
                || stopped
                || points(after)
                || known.strength > Strength::Line && (pointed || linked());
            let bracket = opened.filter(|_| enclosed == Enclosed::No);
            let refers = known.strength == Strength::Refer && !(i..end).all(|i| view.in_capitals(i));
            let marker = Marker { start: i, end, at_line, colon, stopped, bracket, refers, language: known.language };
            marker.holds(view, line, known).then_some(marker)
        })
    }

    /// Returns the first byte of a headline that is glued to its marker in capitals ("READ ALSOTroops kill two"): token `i`
    /// is the marker's first, the next is its last and the headline's first.
    pub(super) fn glued(&self, view: View, line: &Line, i: usize) -> Option<usize> {
        if i + 1 >= line.end || !view.in_capitals(i) || !view.tokens[i + 1].capital {
            return None;
        }
        let word = view.of(i + 1);
        // The last of the capitals begins the headline.
        let small = word.char_indices().find(|&(_, c)| is_small_letter(c))?.0;
        let last = word[..small].char_indices().next_back()?.0;
        let mut tokens = vec![view.tokens[i]];
        tokenize(&word[..last], 0, &mut tokens);
        let known = self.phrases.at(&tokens).any(|(len, known)| len == tokens.len() && known.strength > Strength::Line);
        (tokens.len() == 2 && known).then_some(view.tokens[i + 1].start as usize + last)
    }
}

/// A marker in a text.
#[derive(Clone, Copy)]
pub(super) struct Marker {
    pub start: usize,
    /// One past its last token: where the headline begins.
    pub end: usize,
    /// Whether it begins its line, apart from bullets.
    pub at_line: bool,
    /// Whether a colon, dash or arrow follows it.
    pub colon: bool,
    /// Whether a full stop takes the place of the colon.
    pub stopped: bool,
    /// The bracket before it.
    pub bracket: Option<char>,
    /// Whether authors head their references with it as well.
    pub refers: bool,
    /// Its language.
    pub language: Language,
}

impl Marker {
    fn holds(&self, view: View, line: &Line, known: Known) -> bool {
        let Marker { start, end, at_line, colon, stopped, .. } = *self;
        if at_line && end == line.end {
            return true;
        }
        let caseless = has_no_case(view.of(start));
        let running = view.ends_sentence(start) || self.bracket.is_some();
        let capital = view.tokens[start].capital;
        let titled = (start..end).all(|i| view.tokens[i].capital);
        let capitals = end - start > 1 && (start..end).all(|i| view.in_capitals(i)) && !shouted(view, line, start, end);
        // A colon inside a sentence that the marker is a part of ("… are related: …") proves nothing.
        let apart = at_line || running || capital && (titled || end - start > 1) || caseless;
        let next = end < line.end && (known.asks || stopped || !view.ends_sentence(end));
        // What follows a marker is a headline, and no headline begins with a small letter.
        if !next || !caseless && view.is_small(end) && view.of(end).chars().all(char::is_alphabetic) && !capitals {
            return false;
        }
        let headline = view.tokens[end].capital && !CAPITAL_NOUNS.contains(&self.language);
        // In a script without case, a line that is not a sentence.
        let short = caseless && at_line && !view.before(end).is_empty() && !view.ends_like_prose(line);
        match known.strength {
            Strength::Sure => {
                colon && apart || headline && (capitals || titled && apart || capital && running) || short
            }
            // Capitals are evidence in a text that is not in capitals.
            Strength::Refer | Strength::Colon => colon && apart || capitals && headline && !view.in_capitals(end),
            Strength::Line => at_line && colon && (capital || caseless),
        }
    }
}

/// Returns whether a full stop follows the marker `start..end` at the head of a line, and the rest of the line is no
/// sentence: "À LIRE AUSSI. Le bac repart".
fn is_stopped(view: View, line: &Line, start: usize, end: usize) -> bool {
    let after = view.before(end).trim_end();
    let one = matches!(after, "." | "。" | "।" | "۔" | "។" | "։");
    let follows = view.tokens[end].capital || has_no_case(view.of(end));
    one && follows && end - start > usize::from(!has_no_case(view.of(start))) && !view.ends_like_prose(line)
}

/// Returns the link that token `i` is a part of, by the words of all links in a text.
pub(super) fn anchor(anchors: &[Line], i: usize) -> Option<&Line> {
    let next = anchors.partition_point(|anchor| anchor.end <= i);
    anchors.get(next).filter(|anchor| anchor.range().contains(&i))
}

/// Returns whether the words around a marker in capitals are in capitals too, so that its own prove nothing.
fn shouted(view: View, line: &Line, start: usize, end: usize) -> bool {
    let before = (line.start..start).rev().take(3);
    let after = (end..line.end).take(3);
    before.len() > 0 && after.len() > 0 && before.chain(after).all(|i| view.in_capitals(i))
}
