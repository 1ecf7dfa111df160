//! The headline, repeated at the head or tail of the text.

use super::thresholds::{EDGE_LINES, MIN_BODY_WORDS};
use crate::boilerplate::text::{Aside, AsideKind, MIN_TITLE_WORDS, View, alike};
use crate::segment::Line;
use crate::token::Word;

/// The commas of all scripts.
const COMMAS: [char; 6] = [',', '،', '、', '，', '՝', '၊'];

/// Finds the title at the head and at the tail of a document: as a line, or joined to the text.
pub(super) fn echoes(view: View, title: &[Word]) -> Vec<Aside> {
    let mut found = Vec::new();
    if title.len() < MIN_TITLE_WORDS || view.tokens.len() < title.len() + MIN_BODY_WORDS {
        return found;
    }
    let last = view.lines.len().saturating_sub(EDGE_LINES);
    let edge = |n: usize| n < EDGE_LINES || n >= last;
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
        // "X meets Y on Thursday" under the headline "X meets Y" is a sentence, not an echo, and so is "X Y, of Z, died". It stays
        // in the body: it may be all that names what the text is about.
        let goes_on = n < tokens.len() && view.is_small(n) || behind.trim_start().starts_with(COMMAS);
        // Nor is a sentence that opens a paragraph, whatever headline was made of it.
        let opens = behind.starts_with('.') && !behind.contains('\n');
        let ends = behind.contains(['\n', '.', '!', '?', '–', '—', '|', ':']) && !opens;
        if !goes_on {
            found.push(if ends { aside } else { aside.uncertain(0.6) });
        }
    }
    let tail = tokens.len() - n;
    let before = view.before(tail);
    if equal(tail) && free(tail, &found) && before.contains(['\n', '.', '!', '?', '…', ']', ')', '”', '"', '|']) {
        found.push(Aside::new(view.text, tokens, tail, tokens.len(), AsideKind::Frame, "the headline repeated"));
    }
    found
}

fn line_echo(view: View, line: &Line, title: &[Word]) -> Option<Aside> {
    let alone = line.len() < view.tokens.len() && alike::same_title(&view.tokens[line.start..line.end], title);
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
