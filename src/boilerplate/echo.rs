//! The headline, repeated at the head or tail of the text.

use super::view::View;
use super::{Aside, AsideKind};
use crate::segment::Line;
use crate::token::{Token, Word};

/// A shorter headline is too likely to be the beginning of a sentence as well.
const LEAST: usize = 3;
/// In a headline of so many words one may differ.
const LONG: usize = 5;
/// Words after a headline for it to be an echo and not all there is.
const BODY: usize = 5;

/// Whether two runs of words are the same but for a word or two: stems where the words differ, since feeds lose
/// apostrophes and endings.
pub(super) fn same(tokens: &[Token], title: &[Word]) -> bool {
    let (short, long) = (tokens.len().min(title.len()), tokens.len().max(title.len()));
    if short < LEAST || long - short > 1 + long / 8 {
        return false;
    }
    let found = agree(tokens, title);
    let numbers = || tokens.iter().map(|token| token.word).filter(|word| word.is_number());
    // With other numbers it is another headline.
    let one_differs =
        || long >= LONG && found + 1 >= long && numbers().eq(title.iter().copied().filter(|word| word.is_number()));
    found * 8 >= long * 7 || one_differs()
}

/// How many words of a title stand in some tokens in the same order, by their stems and without looking far.
pub(super) fn agree(tokens: &[Token], title: &[Word]) -> usize {
    let (mut at, mut found) = (0, 0);
    for word in title {
        let ahead = tokens[at..].iter().take(3).position(|token| token.word.stem() == word.stem());
        if let Some(skipped) = ahead {
            at += skipped + 1;
            found += 1;
        }
    }
    found
}

/// Lines at the head and tail that are looked at.
const EDGE: usize = 3;

/// Finds the title at the head and at the tail of a document: as a line, or run into the text.
pub(super) fn echoes(view: View, title: &[Word]) -> Vec<Aside> {
    let mut found = Vec::new();
    if title.len() < LEAST || view.tokens.len() < title.len() + BODY {
        return found;
    }
    let last = view.lines.len().saturating_sub(EDGE);
    let edge = |n: usize| n < EDGE || n >= last;
    for (_, line) in view.lines.iter().enumerate().filter(|(n, _)| edge(*n)) {
        found.extend(line_echo(view, line, title));
    }
    let tokens = view.tokens;
    let n = title.len();
    let equal =
        |from: usize| tokens[from..from + n].iter().zip(title).all(|(token, word)| token.word.stem() == word.stem());
    let free = |from: usize, found: &[Aside]| found.iter().all(|aside| aside.start as usize != from);
    if equal(0) && free(0, &found) {
        let aside = Aside::new(view.text, tokens, 0, n, AsideKind::Frame, "the headline repeated");
        let behind = view.before(n);
        // "X meets Y on Thursday" under the headline "X meets Y" is a sentence, not an echo.
        let goes_on = n < tokens.len() && view.is_small(n);
        let ends = behind.contains(['\n', '.', '!', '?', '–', '—', '|', ':']) && !goes_on;
        found.push(if ends { aside } else { aside.uncertain(0.6) });
    }
    let tail = tokens.len() - n;
    let before = view.before(tail);
    if equal(tail) && free(tail, &found) && before.contains(['\n', '.', '!', '?', '…', ']', ')', '”', '"', '|']) {
        found.push(Aside::new(view.text, tokens, tail, tokens.len(), AsideKind::Frame, "the headline repeated"));
    }
    found
}

fn line_echo(view: View, line: &Line, title: &[Word]) -> Option<Aside> {
    let alone = line.len() < view.tokens.len() && same(&view.tokens[line.start..line.end], title);
    let aside = || {
        Aside::new(view.text, view.tokens, line.start, line.end, AsideKind::Frame, "the headline repeated")
            .with_span(view.whole(line))
    };
    // A line that goes on in small letters on the next was broken, not ended.
    let goes_on =
        view.tokens.get(line.end).is_some_and(|next| view.text[next.start as usize..].starts_with(char::is_lowercase));
    // It must end as the headline does, or be cut off with the text: "Two banks, the" under "Two banks fail" is the first
    // line of a sentence.
    let ends = line.end == view.tokens.len()
        || title.last().is_some_and(|last| view.tokens[line.end - 1].word.stem() == last.stem());
    alone.then(|| if goes_on || !ends { aside().uncertain(0.5) } else { aside() })
}
