//! Calls to action and the furniture of pages: "Subscribe to our newsletter", "Read more »".

use std::sync::LazyLock;

use ahash::AHashMap;

use super::inserted_link::View;
use super::phrases::{Phrases, rows};
use super::{Aside, AsideKind};
use crate::Span;
use crate::segment::Line;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Where {
    /// A line that begins with it.
    Line,
    /// A short line that is it.
    Whole,
    /// The whole line, or the end of a paragraph.
    Tail,
}

static PHRASES: LazyLock<Phrases<(Where, bool)>> = LazyLock::new(|| {
    Phrases::new(rows(TABLE).filter_map(|row| match row[..] {
        ["line", phrase] => Some((phrase, (Where::Line, phrase.ends_with(':')))),
        ["whole", phrase] => Some((phrase, (Where::Whole, false))),
        ["tail", phrase] => Some((phrase, (Where::Tail, false))),
        _ => None,
    }))
});

/// Tails by their last word, for the ends of paragraphs.
static TAILS: LazyLock<AHashMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let mut tails: AHashMap<&str, Vec<&str>> = AHashMap::default();
    for row in rows(TABLE) {
        if let ["tail", phrase] = row[..] {
            tails.entry(last_word(phrase)).or_default().push(phrase);
        }
    }
    tails.values_mut().for_each(|phrases| phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.len())));
    tails
});

const TABLE: &str = include_str!("data/calls_to_action.tsv");

/// A line that only begins with a phrase has at most so many words.
const LONGEST: usize = 25;

/// Finds calls to action.
pub(super) fn calls_to_action(view: View) -> Vec<Aside> {
    let mut found = Vec::new();
    for line in view.lines {
        if let Some(aside) = line_call(view, line).or_else(|| tail_call(view, line)) {
            found.push(aside);
        }
    }
    found
}

/// A line that is a call to action: certain if the phrase is the better part of it.
fn line_call(view: View, line: &Line) -> Option<Aside> {
    let tokens = &view.tokens[line.start..line.end];
    let holds = PHRASES.at(tokens).find(|&(len, (place, colon))| match place {
        Where::Line => {
            let end = view.tokens[line.start + len - 1].end() as usize;
            (!colon || view.text[end..].trim_start().starts_with([':', '：'])) && line.len() <= LONGEST
        }
        Where::Whole | Where::Tail => len == line.len(),
    });
    let (len, _) = holds?;
    let evidence = "a line that asks for something";
    let aside = Aside::new(view.text, view.tokens, line.start, line.end, AsideKind::CallToAction, evidence);
    Some(if len * 2 > line.len() { aside } else { aside.uncertain(len as f32 / line.len() as f32) })
}

fn last_word(phrase: &str) -> &str {
    phrase.rsplit(' ').next().unwrap_or(phrase)
}

/// A call at the end of a line of prose, glued to the word before or not.
fn tail_call(view: View, line: &Line) -> Option<Aside> {
    let text = view.text;
    let (from, to) = (view.tokens[line.start].start as usize, view.tokens[line.end - 1].end() as usize);
    let body = &text[from..to];
    let last = body.rsplit(|c: char| c.is_whitespace()).next()?;
    // Most lines end in a word that ends no call: one small allocation to know.
    let candidates = TAILS.get(last.to_lowercase().as_str()).or_else(|| {
        let glued = last.char_indices().rev().find(|(_, c)| c.is_uppercase())?.0;
        TAILS.get(last[glued..].to_lowercase().as_str())
    })?;
    let start = candidates.iter().find_map(|phrase| {
        let at = body.len().checked_sub(phrase.len())?;
        let tail = body.get(at..)?;
        let begins = tail.chars().next()?;
        let before = body[..at].chars().next_back()?;
        let apart =
            before.is_whitespace() || matches!(before, '[' | '(' | ']' | ')' | '…' | '.' | '!' | '?' | '"' | '”' | '»');
        let after_stop = matches!(
            body[..at].trim_end_matches(['[', '(', ' ', '\u{a0}']).chars().next_back(),
            Some('.' | '!' | '?' | '…' | ']' | ')' | '"' | '”' | '。' | '।' | ':' | '»')
        );
        let glued = begins.is_uppercase() && !apart;
        let same = tail.to_lowercase() == **phrase;
        (same && (glued || apart && (after_stop || begins.is_uppercase() && phrase.contains(' ')))).then_some(from + at)
    })?;
    let first = line.start + view.tokens[line.start..line.end].partition_point(|token| (token.start as usize) < start);
    let first = first.min(line.end - 1);
    let aside =
        Aside::new(text, view.tokens, first, line.end, AsideKind::CallToAction, "a call at the end of a paragraph");
    let bracketed =
        text[..start].ends_with(['[', '(']) && text[aside.span.end as usize..].starts_with([']', ')', '.', '…']);
    let end = if bracketed { closing(text, aside.span.end as usize) } else { arrows(text, aside.span.end as usize) };
    Some(aside.with_span(Span::new(start - usize::from(bracketed), end)))
}

/// Past the dots and the bracket behind a call.
fn closing(text: &str, end: usize) -> usize {
    let rest = text[end..].trim_start_matches(['.', '…']);
    text.len() - rest.strip_prefix([']', ')']).unwrap_or(rest).len()
}

/// Past the arrows behind a call.
fn arrows(text: &str, end: usize) -> usize {
    let rest = text[end..].trim_start_matches([' ', '\u{a0}']);
    let past = rest.trim_start_matches(['»', '>', '→', '›', '…', '.']);
    if past.len() < rest.len() { text.len() - past.len() } else { end }
}
