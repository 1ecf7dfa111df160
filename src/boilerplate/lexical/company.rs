//! The lines around a call to action, which confirm it or not.

use super::thresholds::{
    MAX_COMPANY_LINES, MAX_ITEM_WORDS, MAX_SHORT_LINE_CHARS, MENU_REACH_LINES, MIN_LAST_SENTENCE_WORDS, MIN_LIST_LINES,
    MIN_MENU_CALLS, MIN_TWO_SENTENCE_WORDS,
};
use crate::boilerplate::text::View;
use crate::boilerplate::text::surroundings::{Item, ends_sentence, item, written};
use crate::segment::Line;

/// The lines around a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Company {
    /// Other calls to action, and nothing else up to the end of the text or to prose.
    Calls,
    /// The end of the text, after prose.
    End,
    /// Prose or nothing.
    Prose,
    /// A list of other things: steps, headings, words.
    List,
}

/// Returns what the lines around line `n` are. `is_call` says which lines have the words of a call to action, and
/// `is_strong` which of these words are enough without other evidence.
pub(crate) fn company(view: View, n: usize, is_call: &[bool], is_strong: &[bool]) -> Company {
    let lines = view.lines;
    let own = item(view, &lines[n]);
    if own != Item::None {
        let listed = |&m: &usize| item(view, &lines[m]) == own;
        let above = (0..n).rev().take_while(listed);
        let below = (n + 1..lines.len()).take_while(listed);
        let (all, calls) =
            above.chain(below).fold((1, 1), |(all, calls), m| (all + 1, calls + usize::from(is_call[m])));
        return match calls == all {
            _ if own == Item::Number => Company::List,
            true if all >= MIN_LIST_LINES || beside(n, is_strong) => Company::Calls,
            true => end(n, view, is_call),
            false => Company::List,
        };
    }
    let short = |&m: &usize| is_short(view, &lines[m]);
    let above = (0..n).rev().take(MAX_COMPANY_LINES).take_while(short);
    let below = (n + 1..lines.len()).take(MAX_COMPANY_LINES).take_while(short);
    let (all, calls) = above.chain(below).fold((1, 1), |(all, calls), m| (all + 1, calls + usize::from(is_call[m])));
    // A menu has items of its site's own between the common ones.
    let near = (0..n)
        .rev()
        .take(MENU_REACH_LINES)
        .take_while(short)
        .chain((n + 1..lines.len()).take(MENU_REACH_LINES).take_while(short));
    let (items, known) = near.fold((1, 1), |(all, calls), m| (all + 1, calls + usize::from(is_call[m])));
    let menu = known >= MIN_MENU_CALLS && known * 2 >= items;
    if menu || beside(n, is_strong) || calls >= 2 && calls * 4 > all * 3 {
        return Company::Calls;
    }
    if all >= MIN_LIST_LINES && calls * 2 < all {
        return Company::List;
    }
    end(n, view, is_call)
}

/// Returns whether a line next to line `n` is a call by its words alone.
fn beside(n: usize, is_strong: &[bool]) -> bool {
    n > 0 && is_strong[n - 1] || is_strong.get(n + 1).copied().unwrap_or(false)
}

/// Returns [`Company::End`] if only calls follow line `n` up to the end of the text and prose comes before it, or else
/// [`Company::Prose`].
fn end(n: usize, view: View, is_call: &[bool]) -> Company {
    let first = (0..n).rev().take_while(|&m| is_call[m]).last().unwrap_or(n);
    let prose = first > 0 && ends_prose(view, first - 1);
    if prose && is_call[n + 1..].iter().all(|&call| call) { Company::End } else { Company::Prose }
}

/// Returns whether line `n` is prose: it is long, holds two sentences, or is the short last sentence after a long line.
fn ends_prose(view: View, n: usize) -> bool {
    let line = &view.lines[n];
    if !is_short(view, line) {
        return true;
    }
    let stop = ends_sentence(written(view, line)) && item(view, line) == Item::None;
    let two = || line.len() >= MIN_TWO_SENTENCE_WORDS && (line.start + 1..line.end).any(|i| view.ends_sentence(i));
    stop && (two() || n > 0 && !is_short(view, &view.lines[n - 1]) && line.len() >= MIN_LAST_SENTENCE_WORDS)
}

/// Returns whether a line is too short for a sentence of prose.
pub(crate) fn is_short(view: View, line: &Line) -> bool {
    if line.len() <= MAX_ITEM_WORDS {
        return true;
    }
    let letters = written(view, line).trim().chars().count();
    let hangul = view.of(line.start).starts_with(|c| ('가'..='힣').contains(&c));
    let most = if view.is_spaceless(line.start) {
        MAX_SHORT_LINE_CHARS / 3
    } else if hangul {
        MAX_SHORT_LINE_CHARS / 2
    } else {
        MAX_SHORT_LINE_CHARS
    };
    letters <= most
}
