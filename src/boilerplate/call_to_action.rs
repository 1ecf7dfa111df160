//! Calls to action and the furniture of pages: "Subscribe to our newsletter", "Read more »".

use ahash::AHashMap;

use super::lexicon::Where;
use super::phrases::Phrases;
use super::view::View;
use super::{Aside, AsideKind};
use crate::Span;
use crate::segment::Line;
use crate::token::words;

/// What is known of a phrase.
#[derive(Debug, Clone, Copy)]
struct Call {
    place: Where,
    /// The sign that must stand right behind its words: a colon, an "@".
    sign: Option<char>,
    /// How much it says, in words.
    weight: usize,
}

/// Calls by what they are found by.
#[derive(Debug, Clone)]
pub(super) struct Calls {
    phrases: Phrases<Call>,
    /// Tails by their last word, for the ends of paragraphs; the longer ones first.
    tails: AHashMap<Box<str>, Vec<Box<str>>>,
    /// The last words of the tails, to tell at a look that a word ends none.
    ends: Phrases<()>,
}

impl Calls {
    /// Calls from where they stand and their phrases, in lower case.
    pub fn new<'a>(calls: impl IntoIterator<Item = (Where, &'a str)>) -> Self {
        let calls: Vec<(Where, &str)> = calls.into_iter().collect();
        let phrases = Phrases::new(calls.iter().map(|&(place, phrase)| {
            let sign = phrase.chars().next_back().filter(|c| matches!(c, ':' | '：' | '@' | '©'));
            (phrase, Call { place, sign, weight: weight(phrase) })
        }));
        let last = |(_, phrase): &(Where, &str)| words(phrase).last().copied();
        let is_tail = |call: &&(Where, &str)| call.0 == Where::Tail;
        let ends = Phrases::of_words(calls.iter().filter(is_tail).filter_map(last).map(|word| (vec![word], ())));
        let mut tails: AHashMap<Box<str>, Vec<Box<str>>> = AHashMap::default();
        for (_, phrase) in calls.iter().filter(is_tail) {
            tails.entry(last_word(phrase).into()).or_default().push((*phrase).into());
        }
        tails.values_mut().for_each(|phrases| phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.len())));
        Calls { phrases, tails, ends }
    }

    /// Finds calls to action.
    pub fn find(&self, view: View) -> Vec<Aside> {
        let call = |line| self.line_call(view, line).or_else(|| self.tail_call(view, line));
        view.lines.iter().filter_map(call).collect()
    }

    /// A line that is a call to action: certain if the phrase is the better part of it, or says enough.
    fn line_call(&self, view: View, line: &Line) -> Option<Aside> {
        let evidence = "a line that asks for something";
        let aside = |certain: bool, score: f32| {
            let aside = Aside::new(view.text, view.tokens, line.start, line.end, AsideKind::CallToAction, evidence);
            Aside { certain, score, ..aside }.with_span(view.whole(line))
        };
        let tokens = &view.tokens[line.start..line.end];
        let found = self.phrases.at(tokens).find(|&(len, call)| match call.place {
            Where::Line => line.len() <= LONGEST && signed(view, line.start + len, call.sign),
            Where::Whole | Where::Tail => len == line.len(),
        });
        let Some((len, call)) = found else {
            // With a year it is a copyright line; without, a picture's credit.
            let rights = view.lead(line.start).trim_start().starts_with('©')
                && view.whole(line).len() <= SHORT
                && tokens.iter().any(|token| token.word.is_number());
            return rights.then(|| aside(true, 1.0));
        };
        let at_end = line.start > 0 && line.end == view.tokens.len() && !view.whole(line).of(view.text).contains(',');
        let enough = call.sign == Some('©') || call.sign.is_none() && call.weight + usize::from(at_end) >= TELLING;
        let short = view.whole(line).of(view.text).chars().count() <= SHORT;
        let one_sentence = || (line.start + 1..line.end).all(|i| !view.ends_headline(i) || call.sign == Some('©'));
        let better_part = len * 2 > line.len();
        let certain = better_part || enough && short && one_sentence();
        Some(aside(certain, if certain { 1.0 } else { len as f32 / line.len() as f32 }))
    }

    /// A call at the end of a line of prose, glued to the word before or not.
    fn tail_call(&self, view: View, line: &Line) -> Option<Aside> {
        let text = view.text;
        let (from, to) = (view.tokens[line.start].start as usize, view.tokens[line.end - 1].end() as usize);
        let body = &text[from..to];
        // Most lines end in a word that ends no call, which the token's bits tell.
        let end = view.of(line.end - 1);
        let glued = end.bytes().skip(1).any(|byte| byte.is_ascii_uppercase() || byte >= 0x80);
        if !glued && !self.ends.may_begin(view.tokens[line.end - 1].word) {
            return None;
        }
        let last = body.rsplit(|c: char| c.is_whitespace() || "。！？….!?[]()「」【】»".contains(c)).next()?;
        let candidates = self.tails.get(last.to_lowercase().as_str()).or_else(|| {
            let glued = last.char_indices().rev().find(|(_, c)| c.is_uppercase())?.0;
            self.tails.get(last[glued..].to_lowercase().as_str())
        })?;
        let start = candidates.iter().find_map(|phrase| {
            let at = body.len().checked_sub(phrase.len())?;
            let tail = body.get(at..)?;
            let begins = tail.chars().next()?;
            let before = body[..at].chars().next_back()?;
            let apart = before.is_whitespace()
                || matches!(
                    before,
                    '[' | '(' | ']' | ')' | '…' | '.' | '!' | '?' | '"' | '”' | '»' | '。' | '！' | '？' | '」'
                );
            let after_stop = matches!(
                body[..at].trim_end_matches(['[', '(', ' ', '\u{a0}']).chars().next_back(),
                Some('.' | '!' | '?' | '…' | ']' | ')' | '"' | '”' | '。' | '！' | '？' | '」' | '।' | '۔' | ':' | '»')
            );
            let glued = begins.is_uppercase() && !apart;
            let same = tail.to_lowercase() == **phrase;
            (same && (glued || apart && (after_stop || begins.is_uppercase() && phrase.contains(' '))))
                .then_some(from + at)
        })?;
        let first =
            line.start + view.tokens[line.start..line.end].partition_point(|token| (token.start as usize) < start);
        let first = first.min(line.end - 1);
        let aside =
            Aside::new(text, view.tokens, first, line.end, AsideKind::CallToAction, "a call at the end of a paragraph");
        let bracketed =
            text[..start].ends_with(['[', '(']) && text[aside.span.end as usize..].starts_with([']', ')', '.', '…']);
        let end =
            if bracketed { closing(text, aside.span.end as usize) } else { arrows(text, aside.span.end as usize) };
        // A bracket that the piece has taken in already stays; a glued word does not.
        let from = if view.tokens[first].start as usize == start { aside.span.start as usize } else { start };
        Some(aside.with_span(Span::new(from.min(start - usize::from(bracketed)), end)))
    }
}

/// The words of a phrase, or what its letters are worth in a script without spaces.
fn weight(phrase: &str) -> usize {
    let letters = phrase.chars().filter(|c| *c > '\u{e00}' && c.is_alphabetic()).count();
    phrase.split(' ').count().max(letters / 3)
}

/// A line that only begins with a phrase has at most so many words.
const LONGEST: usize = 25;

/// A call that says so much is one even where its line goes on beyond it; as the last line of a text, one
/// word less will do …
const TELLING: usize = 4;
/// … if the line has no more letters than this.
const SHORT: usize = 100;

/// Whether a sign stands before token `i`, where one must.
fn signed(view: View, i: usize, sign: Option<char>) -> bool {
    let behind = view.before(i).trim_start();
    match sign {
        Some(':' | '：') => behind.starts_with([':', '：']),
        Some(sign) => behind.starts_with(sign),
        None => true,
    }
}

fn last_word(phrase: &str) -> &str {
    phrase.rsplit(' ').next().unwrap_or(phrase)
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
