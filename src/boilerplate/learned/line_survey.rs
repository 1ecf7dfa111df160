//! Finds the lines of a document that its source repeats, and decides how certain that is.

use super::thresholds::{
    CHANGED_LINE_FACTOR, EDGE_LINES, LARGE_SOURCE_SHARE, MAX_HEADING_WORDS, MAX_SMALL_CHANGE_WORDS,
    MIN_FIXED_WORDS_PER_CHANGED_WORD, MIN_VARIANTS, THRESHOLDS,
};
use serde::{Deserialize, Serialize};

use super::line_keys::max_label_words;
use super::lines::{LineCounts, Lines};
use super::recurring::enough;
use super::repeats::{Found, Slot};
use crate::Document;
use crate::boilerplate::text::surroundings::{self, Item};
use crate::boilerplate::text::{Aside, AsideKind, View, whole};
use crate::segment::{Cut, Line};
use crate::token::Token;

/// The counted lines of a corpus.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LineSurvey {
    /// Rough counts of all lines and parts of lines, from the first pass.
    pub counts: LineCounts,
    /// Exact counts of the frequent ones, from the second pass.
    pub lines: Lines,
}

impl LineSurvey {
    /// Returns the lines of a document that its source repeats. `source` is the source's hash and its number of documents,
    /// `taken` what is set aside already.
    pub fn find(&self, document: &Document, cut: &Cut, source: (u64, u32), taken: &[Aside]) -> Vec<Aside> {
        let view = View::new(document, cut);
        let (key, documents) = source;
        let covers = |aside: &Aside, line: &Line| aside.start as usize <= line.start && line.end <= aside.end as usize;
        let certain = |line: &Line| taken.iter().any(|aside| aside.certain && covers(aside, line));
        let mut found: Vec<Aside> = Vec::new();
        for (n, repeats) in self.lines.find(key, cut, &self.counts, |line| !certain(line)) {
            let line = &cut.lines[n];
            // A credit is another kind than a repeated line, and stays.
            if taken.iter().any(|aside| aside.kind == AsideKind::Credit && covers(aside, line)) {
                continue;
            }
            if matches!(repeats, Found::Whole(_)) && surroundings::is_wrapped(view, line) {
                continue;
            }
            let Some(aside) = judge(view, line, repeats, documents, self.lines.documents) else { continue };
            let stays = aside.certain
                && match repeats {
                    Found::Whole(_) => self.stays(view, cut, key, n),
                    _ => changes_value(view, line, label(view, cut, line), repeats),
                };
            let aside = if stays { aside.uncertain(0.5) } else { whole(view, aside) };
            match found.last_mut().filter(|last| last.start == aside.start) {
                // Of several readings of one line the likelier is kept.
                Some(last) if (last.certain, last.score) < (aside.certain, aside.score) => *last = aside,
                Some(_) => {}
                None => found.push(aside),
            }
        }
        let repeated: Vec<u32> = found.iter().map(|aside| aside.start).collect();
        let is_repeated = |n: usize| {
            cut.lines.get(n).is_none_or(|line| repeated.binary_search(&(line.start as u32)).is_ok() || certain(line))
        };
        for aside in found.iter_mut().filter(|aside| aside.certain && aside.kind == AsideKind::RepeatedLine) {
            let n = cut.lines.partition_point(|line| line.end <= aside.start as usize);
            if heads_or_lists(view, n, &is_repeated) {
                *aside = aside.uncertain(0.5);
            }
        }
        found
    }

    /// Returns whether a repeated line is content nevertheless: a value that differs in other documents, the label of one,
    /// or part of something that stays.
    fn stays(&self, view: View, cut: &Cut, source: u64, n: usize) -> bool {
        let line = &cut.lines[n];
        let value = |n: usize| self.lines.is_value(source, cut, n, label(view, cut, &cut.lines[n]));
        let heads_value = || {
            n + 1 < cut.lines.len()
                && line.len() <= max_label_words(line, cut)
                && label(view, cut, &cut.lines[n + 1]).is_none()
                && value(n + 1)
        };
        surroundings::is_part(view, line)
            || surroundings::item(view, line) == Item::Number
            || value(n)
            || (surroundings::is_label(view, line) || !surroundings::ends_sentence(surroundings::written(view, line)))
                && heads_value()
    }
}

/// Returns the share of the source's `documents`, or of `all`, that repeats what a line repeats, if that is enough
/// evidence.
fn share(found: Found, documents: u32, all: u32) -> Option<f32> {
    let repeats = found.repeats();
    let variants = repeats.variants.count_ones();
    let enough = u32::from(enough(documents));
    let of = if matches!(found, Found::Anywhere(_)) { all } else { documents };
    let share = (repeats.documents as f32 / of.max(1) as f32).min(1.0);
    let titled = matches!(found, Found::Frame(_, Slot { titled: true, .. }));
    let least = match found {
        Found::Anywhere(_) => THRESHOLDS.min_anywhere_documents,
        Found::Numbers(_) | Found::Frame(..) if !titled && share < LARGE_SOURCE_SHARE => enough * CHANGED_LINE_FACTOR,
        _ => enough,
    };
    let forms = match found {
        Found::Whole(_) => 0,
        Found::Anywhere(_) => THRESHOLDS.min_anywhere_sources,
        Found::Numbers(_) | Found::Frame(..) => MIN_VARIANTS,
    };
    (repeats.documents >= least && variants >= forms).then_some(share)
}

/// Returns a line as a piece, if enough of the source's `documents`, or of `all`, repeat it.
fn judge(view: View, line: &Line, found: Found, documents: u32, all: u32) -> Option<Aside> {
    let share = share(found, documents, all)?;
    let titled = matches!(found, Found::Frame(_, Slot { titled: true, .. }));
    let aside = |kind: AsideKind, evidence: &'static str, sure: bool| {
        let aside = Aside::new(view.text, view.tokens, line.start, line.end, kind, evidence);
        let aside = Aside { share: Some(share), ..aside };
        if sure { aside } else { aside.uncertain(0.4 + share / 5.0) }
    };
    let changed = |kind: AsideKind, evidence: &'static str, sure: bool| {
        let certain = share >= THRESHOLDS.min_certain_source_share
            && (titled || found.repeats().documents >= THRESHOLDS.min_certain_documents);
        aside(kind, evidence, sure && certain).with_span(view.whole(line))
    };
    let kind = AsideKind::RepeatedLine;
    match found {
        Found::Whole(_) => Some(aside(kind, "its source repeats the line in other items", true)),
        Found::Anywhere(_) => Some(aside(kind, "many sources have the line", false)),
        Found::Numbers(_) => {
            let sure = line.range().all(|i| !view.tokens[i].word.is_number() || is_year(view.of(i)));
            let words = fixed_words(&view.tokens[line.range()]);
            (words >= MIN_FIXED_WORDS_PER_CHANGED_WORD)
                .then(|| changed(kind, "its source repeats the line with other numbers", sure))
        }
        Found::Frame(_, slot) => {
            let length = slot.end - slot.start;
            let small = !slot.titled
                && length <= MAX_SMALL_CHANGE_WORDS
                && line.len() - length >= MIN_FIXED_WORDS_PER_CHANGED_WORD * length.max(1);
            let sure = slot.titled || !tells_numbers(view, &slot);
            Some(match small {
                true => changed(kind, "its source repeats the line with a small change", sure),
                false => changed(AsideKind::Frame, "its source puts this frame around other words", sure),
            })
        }
    }
}

/// Returns whether a repeated line is an item of a list, leads to one, is a heading, or is the rest of a sentence, judged
/// by the lines around it.
fn heads_or_lists(view: View, n: usize, is_repeated: &impl Fn(usize) -> bool) -> bool {
    let line = &view.lines[n];
    let ends = surroundings::ends_sentence(surroundings::written(view, line));
    let at_edge = n < EDGE_LINES || n + EDGE_LINES >= view.lines.len();
    let listed = |m: usize| view.lines.get(m).is_some_and(|line| surroundings::item(view, line) != Item::None);
    if listed(n) {
        let siblings = [n.wrapping_sub(1), n + 1].into_iter().filter(|&m| listed(m));
        let outermost = n == 0 || n + 1 == view.lines.len();
        return !outermost || siblings.into_iter().any(|m| !is_repeated(m));
    }
    let leads = !ends && listed(n + 1);
    let goes_on = view.is_small(line.start)
        && n.checked_sub(1).is_some_and(|m| !surroundings::ends_sentence(surroundings::written(view, &view.lines[m])));
    let heading = !ends && !at_edge && line.len() <= MAX_HEADING_WORDS && !is_repeated(n - 1) && !is_repeated(n + 1);
    leads || heading || goes_on
}

/// Returns the number of words of a line before its colon, if they are few and other words follow.
fn label(view: View, cut: &Cut, line: &Line) -> Option<usize> {
    let colon = |&i: &usize| view.before(i).trim_start().starts_with([':', '：']);
    (line.start + 1..line.end).take(max_label_words(line, cut)).find(colon).map(|i| i - line.start)
}

/// Returns whether what changes in a line is all that follows its label: "Result of the test: good". Then it is what the line
/// is there to say, however few words change. The title of a document is not.
fn changes_value(view: View, line: &Line, label: Option<usize>, found: Found) -> bool {
    let Some(value) = label.map(|words| line.start + words) else { return false };
    match found {
        Found::Frame(_, slot) => !slot.titled && slot.start >= value,
        Found::Numbers(_) => view.tokens[value].word.is_number(),
        Found::Whole(_) | Found::Anywhere(_) => false,
    }
}

/// Returns how many words of a line are not numbers.
fn fixed_words(line: &[Token]) -> usize {
    line.iter().filter(|token| !token.word.is_number()).count()
}

/// Returns whether a number varies that is not a year: it may be the information that the line gives.
fn tells_numbers(view: View, slot: &Slot) -> bool {
    (slot.start..slot.end).any(|i| view.tokens[i].word.is_number() && !is_year(view.of(i)))
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && (word.starts_with("19") || word.starts_with("20")) && word.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::super::line_keys::LineKeys;
    use super::*;
    use crate::segment;

    /// Documents of one source, counted in two parts; the pieces found in the first document, removed ones with a "!".
    fn found(documents: &[Document]) -> Vec<String> {
        let cuts: Vec<Cut> = documents.iter().map(segment::cut).collect();
        let half = cuts.len() / 2;
        let count = |cuts: &[Cut]| {
            let mut keys = LineKeys::default();
            cuts.iter().for_each(|cut| keys.observe(1, cut));
            keys
        };
        let mut keys = count(&cuts[..half]);
        keys.merge(count(&cuts[half..]));
        let counts = LineCounts::of(keys.into_gathered().count());
        let repeats = |cuts: &[Cut]| {
            let mut lines = Lines::default();
            cuts.iter().for_each(|cut| lines.observe(1, cut, &counts));
            lines
        };
        let mut lines = repeats(&cuts[half..]);
        lines.merge(repeats(&cuts[..half]));
        lines.shrink();
        let survey = LineSurvey { counts, lines };
        let found = survey.find(&documents[0], &cuts[0], (1, documents.len() as u32), &[]);
        let piece = |aside: &Aside| {
            let sure = if aside.certain { "!" } else { "" };
            format!("{:?}{sure} {}", aside.kind, aside.span.of(&documents[0].text))
        };
        found.iter().map(piece).collect()
    }

    /// Returns a made-up word for each number.
    fn word(n: usize) -> String {
        let letter = |n: usize| char::from(b'a' + (n % 26) as u8);
        format!("{}{}{}s", letter(n), letter(n / 26 + 3), letter(n / 676 + 7))
    }

    /// Twenty documents with a text of their own and what `line` adds to it.
    fn twenty(line: impl Fn(usize, &str) -> String) -> Vec<Document> {
        let document = |n: usize| {
            let title = format!("{} tells of {} in {}", word(n), word(n + 500), word(n + 900));
            let text: String = (0..30).map(|i| word(n * 30 + i + 1000) + " ").collect();
            let text = format!("{text}.\n{}", line(n, &title));
            Document { title: Some(title.into()), ..Document::new(format!("{n}"), text) }
        };
        (0..20).map(document).collect()
    }

    #[test]
    fn frames_around_a_title_or_a_name() {
        let frame = twenty(|_, title| format!("Source: Gorse – {title}"));
        assert_eq!(found(&frame), ["Frame! Source: Gorse – adhs tells of gwhs in qlis"]);
        let frame = twenty(|_, title| format!("This article, {title}, was brought to you by Gorse."));
        assert_eq!(found(&frame), ["Frame! This article, adhs tells of gwhs in qlis, was brought to you by Gorse."]);
        let both = twenty(|n, _| format!("Gorse Blog | {} of {} in May | Home", word(n), word(n + 70)));
        assert_eq!(found(&both), ["Frame! Gorse Blog | adhs of sfhs in May | Home"]);
        let behind = twenty(|n, _| format!("{} Moor is a reporter at Gorse.", word(n)));
        assert_eq!(found(&behind), ["RepeatedLine! adhs Moor is a reporter at Gorse."]);
    }

    #[test]
    fn lines_with_a_small_change() {
        let year = twenty(|n, _| format!("The Gorse company, {}", 2001 + n));
        assert_eq!(found(&year), ["RepeatedLine! The Gorse company, 2001"]);
        let word = twenty(|n, _| format!("Write to the {} Gorse today", if n % 3 == 0 { "".into() } else { word(n) }));
        assert_eq!(found(&word), ["RepeatedLine! Write to the  Gorse today"]);
    }

    #[test]
    fn what_a_line_tells_stays() {
        let cases = twenty(|n, _| format!("The ministry counted {} new cases", n * 37 + 11));
        assert_eq!(found(&cases), ["RepeatedLine The ministry counted 11 new cases"], "marked, not removed");
        let prose =
            twenty(|n, _| format!("The council met {} on a day {} and {}.", word(n), word(n + 50), word(n + 90)));
        assert_eq!(found(&prose), [] as [&str; 0], "prose may begin alike");
        let series = twenty(|n, _| if n < 3 { format!("The Gorse column of {}", word(n)) } else { word(n) });
        assert_eq!(found(&series), [] as [&str; 0], "too few");
        let table = twenty(|n, _| format!("won by {n} of ten\nlost by {n} of ten\ndrew by {n} of ten"));
        assert_eq!(found(&table), [] as [&str; 0], "a template's lines are its own");
    }
}
