//! Lines that a publishing system fills in: "Posted on 3 May 2026 by Ada Moor", "「TITLE」の続きを読む".

use super::phrases::Phrases;
use super::thresholds::{EDGE_LINES, MAX_INNER_PATTERN_WORDS, MAX_PATTERN_LINE_WORDS, MIN_SURE_PATTERN_WORDS};
use crate::boilerplate::text::{View, alike};
use crate::segment::Line;
use crate::token::{Word, words};

/// A line with slots.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    parts: Vec<Part>,
    /// The number of fixed words.
    fixed: usize,
}

#[derive(Debug, Clone)]
enum Part {
    Fixed(Vec<Word>),
    Slot(Slot),
}

/// The words that a slot may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    /// The document's own title.
    Title,
    /// A name that begins with a capital, in scripts that have them.
    Site,
    /// The name of a person: every word has a capital.
    Person,
    Date,
    Number,
}

impl Slot {
    fn named(name: &str) -> Option<Slot> {
        Some(match name {
            "title" => Slot::Title,
            "site" => Slot::Site,
            "name" => Slot::Person,
            "date" => Slot::Date,
            "n" => Slot::Number,
            _ => return None,
        })
    }

    /// Returns the most words that it may hold; bigrams in scripts without spaces.
    fn longest(self) -> usize {
        match self {
            Slot::Title => 100,
            Slot::Site => 12,
            Slot::Person => 5,
            Slot::Date => 8,
            Slot::Number => 1,
        }
    }

    fn holds(self, view: View, start: usize, end: usize, title: &[Word]) -> bool {
        let number = |i: usize| view.tokens[i].word.is_number();
        match self {
            Slot::Title => alike::same_title(&view.tokens[start..end], title),
            Slot::Site => !view.is_small(start) && !number(start),
            Slot::Person => (start..end).all(|i| !view.is_small(i) && !number(i)),
            Slot::Date => (start..end).any(number),
            Slot::Number => (start..end).all(number),
        }
    }
}

impl Pattern {
    /// Reads a template: fixed words, and slots in braces.
    pub fn parse(template: &str) -> Option<Pattern> {
        let mut pattern = Pattern { parts: Vec::new(), fixed: 0 };
        for (n, piece) in template.split(['{', '}']).enumerate() {
            if n % 2 == 1 {
                pattern.parts.push(Part::Slot(Slot::named(piece)?));
            } else if let fixed = words(piece)
                && !fixed.is_empty()
            {
                pattern.fixed += fixed.len();
                pattern.parts.push(Part::Fixed(fixed));
            }
        }
        let slots = pattern.parts.iter().filter(|part| matches!(part, Part::Slot(_))).count();
        (slots > 0 && pattern.fixed > 0).then_some(pattern)
    }

    /// Returns the words that it is looked up by: its first fixed words.
    fn hinge(&self) -> &[Word] {
        let fixed = self.parts.iter().find_map(|part| match part {
            Part::Fixed(words) => Some(words.as_slice()),
            Part::Slot(_) => None,
        });
        fixed.unwrap_or_default()
    }

    fn begins_fixed(&self) -> bool {
        matches!(self.parts.first(), Some(Part::Fixed(_)))
    }

    /// Returns whether a line that fits is certainly filled in: by the document's title, or by enough fixed words.
    fn is_sure(&self) -> bool {
        self.fixed >= MIN_SURE_PATTERN_WORDS || self.parts.iter().any(|part| matches!(part, Part::Slot(Slot::Title)))
    }
}

/// Patterns, indexed by the words that they are looked up by.
#[derive(Debug, Clone)]
pub(super) struct Patterns {
    patterns: Vec<Pattern>,
    by_hinge: Phrases<usize>,
}

impl Patterns {
    pub fn new(patterns: Vec<Pattern>) -> Self {
        let hinges = patterns.iter().enumerate().map(|(i, pattern)| (pattern.hinge().to_vec(), i));
        let by_hinge = Phrases::of_words(hinges);
        Patterns { patterns, by_hinge }
    }

    /// Returns the lines of a document that fit a pattern, each with whether that is certain.
    pub fn lines<'v>(&'v self, view: View<'v>, title: &'v [Word]) -> impl Iterator<Item = (&'v Line, bool)> {
        let edge = move |n: usize| n < EDGE_LINES || n + EDGE_LINES >= view.lines.len();
        let may = move |(n, line): &(usize, &Line)| {
            line.len() <= MAX_INNER_PATTERN_WORDS || edge(*n) && line.len() <= MAX_PATTERN_LINE_WORDS
        };
        let lines = view.lines.iter().enumerate().filter(may);
        lines.filter_map(move |(_, line)| Some((line, self.fitting(view, line, title)?)))
    }

    fn fitting(&self, view: View, line: &Line, title: &[Word]) -> Option<bool> {
        let at = |i: usize| self.by_hinge.at(&view.tokens[i..line.end]).map(move |(_, pattern)| (i, pattern));
        line.range()
            .filter(|&i| self.by_hinge.may_begin(view.tokens[i].word))
            .flat_map(at)
            .map(|(i, pattern)| (i, &self.patterns[pattern]))
            .filter(|(i, pattern)| pattern.begins_fixed() == (*i == line.start))
            .filter(|(_, pattern)| fits(&pattern.parts, view, line.start, line.end, title))
            .map(|(_, pattern)| pattern.is_sure())
            .max()
    }
}

/// Returns whether the tokens `at..end` fit a pattern's parts from the first to the last.
fn fits(parts: &[Part], view: View, at: usize, end: usize, title: &[Word]) -> bool {
    let Some((part, rest)) = parts.split_first() else { return at == end };
    match part {
        Part::Fixed(words) => {
            let tokens = view.tokens.get(at..at + words.len()).filter(|_| at + words.len() <= end);
            let same = tokens.is_some_and(|tokens| tokens.iter().zip(words).all(|(token, word)| token.word == *word));
            same && fits(rest, view, at + words.len(), end, title)
        }
        Part::Slot(slot) => {
            let last = end.min(at + slot.longest());
            (at + 1..=last).any(|to| slot.holds(view, at, to, title) && fits(rest, view, to, end, title))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, segment};

    /// Returns whether a text of one line fits a template, and whether it says enough.
    fn fitting(template: &str, text: &str, title: &str) -> Option<bool> {
        let cut = segment::cut(&Document::new("x", text));
        let view = View { text, tokens: &cut.tokens, lines: &cut.lines, fences: &cut.fences };
        let patterns = Patterns::new(Pattern::parse(template).into_iter().collect());
        patterns.lines(view, &words(title)).next().map(|(_, sure)| sure)
    }

    #[test]
    fn slots_hold_what_they_say() {
        let posted = "Posted on {date} by {name}";
        assert_eq!(fitting(posted, "Posted on May 3, 2026 by Ada Moor", ""), Some(true));
        assert_eq!(fitting(posted, "Posted on the gate by vandals", ""), None, "no date");
        assert_eq!(fitting(posted, "Posted on 3 May by the guards of the town", ""), None, "no name");
        assert_eq!(fitting("Source: {site}", "Source: Gorse Daily", ""), Some(false), "one word may be the article's");
        assert_eq!(fitting("Source: {site}", "Source: own figures", ""), None);
        assert_eq!(fitting("{n} Comments {n} Days Ago", "12 Comments 3 Days Ago", ""), Some(true));
        assert_eq!(fitting("{n} Comments {n} Days Ago", "Many Comments 3 Days Ago", ""), None);
    }

    #[test]
    fn scripts_without_spaces() {
        let template = "{title} の続きを読む";
        assert_eq!(fitting(template, "「川の新しい橋が開通」の続きを読む", "川の新しい橋が開通"), Some(true));
        assert_eq!(fitting(template, "川の新しい橋が開通の続きを読む", "川の新しい橋が開通"), Some(true));
        assert_eq!(fitting(template, "本の続きを読む", "川の新しい橋が開通"), None);
    }

    #[test]
    fn a_template_has_a_slot_and_words() {
        assert!(Pattern::parse("Read more").is_none());
        assert!(Pattern::parse("{site}").is_none());
        assert!(Pattern::parse("By {nobody}").is_none());
    }
}
