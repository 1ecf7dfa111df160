//! Finds where prose begins after a promoted headline that no stop ends: by small words, capitals and names.

use std::sync::LazyLock;

use super::language::{Language, language};
use super::phrases::{Phrases, rows};
use super::room::{Close, Room};
use super::thresholds::{CERTAIN_PROSE_SCORE, MAX_KNOWN_NAME_WORDS};
use crate::token::Word;

impl Room<'_> {
    /// Returns the likeliest first word of the prose after the headline, which ends at `stop` at the latest, and its score.
    pub(super) fn prose_begins(&self, stop: usize) -> Option<(usize, f32)> {
        let mut best: Option<(usize, f32)> = None;
        let all = Style::of(self, stop);
        // In title case the prose begins before the first word that is not: only what begins sentences does later.
        let last = all.first_small.filter(|_| all.is_title_case()).unwrap_or(stop);
        for i in (self.marker.end + 2)..stop {
            let score = if self.may_begin(i) { self.beginning(i, stop, &all) } else { continue };
            if score >= CERTAIN_PROSE_SCORE {
                return Some((i, score));
            }
            // What is nearest to the prose is likeliest.
            if i < last && best.is_none_or(|(_, most)| score >= most) {
                best = Some((i, score));
            }
        }
        best
    }

    /// Returns whether a sentence may begin at token `i` with nothing but a space before it.
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

    /// Returns the score for prose that begins at token `i`. `all` is the style of all words that may be the headline.
    fn beginning(&self, i: usize, stop: usize, all: &Style) -> f32 {
        let Room { view, .. } = *self;
        let style = Style::of(self, i);
        let sentence_case = style.first_small.is_some();
        let cut_off = i + 1 == stop && self.close == Close::CutOff;
        let small_next = cut_off || i + 1 < stop && view.is_small(i + 1) && view.before(i + 1).starts_with(' ');
        let role = if view.in_capitals(i) { Role::Other } else { self.role(i) };
        // "La ministre Le Tellec": an article that may be part of a name begins nothing for certain.
        let named = role == Role::Both && !small_next && NAMES_WITH_ARTICLES.contains(&self.marker.language);
        let score = match role {
            Role::Both if named => 1.0,
            Role::Opens | Role::Both if sentence_case || small_next || style.small_joins => 3.0,
            Role::Opens | Role::Both => 2.4,
            Role::Inner if sentence_case || small_next => 3.0,
            Role::Inner => 2.0,
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

    /// Returns the score for a word that is not a small word, such as a name.
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
            // Title case throughout does not show where the prose begins.
            score -= if all.first_small.is_none() { 1.5 } else { 0.0 };
        }
        score
    }

    /// Returns whether the word of token `i` occurs in the text before the marker.
    fn is_known(&self, i: usize) -> bool {
        self.view.tokens[..self.marker.start]
            .iter()
            .rev()
            .take(MAX_KNOWN_NAME_WORDS)
            .any(|token| token.word == self.view.tokens[i].word)
    }

    /// Returns the role of token `i` in the marker's language.
    pub(super) fn role(&self, i: usize) -> Role {
        role(self.marker.language, &self.view.tokens[i].word)
    }
}

/// Languages in which names of people and towns begin with articles in capitals.
const NAMES_WITH_ARTICLES: [Language; 5] = [*b"fr", *b"es", *b"it", *b"pt", *b"nl"];

/// The role of a small word in headlines and after them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Opens,
    Joins,
    Both,
    /// Begins sentences, and has a capital inside headlines in title case too: "Our", "They".
    Inner,
    Other,
}

impl Role {
    fn joins(self) -> bool {
        matches!(self, Role::Joins | Role::Both | Role::Inner)
    }
}

static SMALL_WORDS: LazyLock<Phrases<(Language, Role)>> = LazyLock::new(|| {
    Phrases::new(rows(include_str!("../../data/small_words.tsv")).filter_map(|row| match row[..] {
        [code, "opens", word] => Some((word, (language(code), Role::Opens))),
        [code, "joins", word] => Some((word, (language(code), Role::Joins))),
        [code, "inner", word] => Some((word, (language(code), Role::Inner))),
        [code, "both", word] => Some((word, (language(code), Role::Both))),
        _ => None,
    }))
});

fn role(language: Language, word: &Word) -> Role {
    SMALL_WORDS.of_word(*word).find(|(of, _)| *of == language).map_or(Role::Other, |(_, role)| role)
}

/// Returns whether a word is a small word of a language: an article, a preposition, a pronoun.
pub(super) fn is_small_word(language: Language, word: &Word) -> bool {
    role(language, word) != Role::Other
}

/// The use of capitals in a headline.
pub(super) struct Style {
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
    /// Returns the style of the headline up to token `end`.
    pub fn of(room: &Room, end: usize) -> Style {
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

    /// Returns whether no word but a small one has a small letter.
    pub fn is_title_case_throughout(&self) -> bool {
        self.first_small.is_none()
    }

    /// Returns whether it is title case as far as the words show.
    pub fn is_title_case(&self) -> bool {
        self.capitals >= 5 || self.capitals >= 3 && (self.capital_joins > 0 || self.first_small.is_none())
    }
}
