//! Two texts as one, with the words that differ marked.

use flong::token::{Token, tokenize};
use flong::verify::align;

use crate::say::{GONE, NEW};

/// Words shown on each side of a difference, and at the most in a difference.
const CONTEXT: usize = 5;
const LONGEST: usize = 14;

/// The two texts with what is only in the first in `[-…-]` and what is only in the second in `{+…+}`, coloured where the
/// output is. Long stretches that are the same, or that differ, are cut short.
pub fn diff(a: &str, b: &str) -> String {
    let (left, right) = (tokens(a), tokens(b));
    let words = |tokens: &[Token]| tokens.iter().map(|token| token.word).collect::<Vec<_>>();
    let alignment = align(&words(&left), &words(&right));
    let mut line = String::new();
    let mut at = 0;
    for gap in &alignment.gaps {
        let same = &left[at..gap.a.0 as usize];
        push(&mut line, &shared(a, same, at == 0, false));
        if gap.a.0 < gap.a.1 {
            let text = stretch(a, &left[gap.a.0 as usize..gap.a.1 as usize], LONGEST);
            push(&mut line, &format!("{GONE}[-{text}-]{GONE:#}"));
        }
        if gap.b.0 < gap.b.1 {
            let text = stretch(b, &right[gap.b.0 as usize..gap.b.1 as usize], LONGEST);
            push(&mut line, &format!("{NEW}{{+{text}+}}{NEW:#}"));
        }
        at = gap.a.1 as usize;
    }
    push(&mut line, &shared(a, &left[at..], at == 0, true));
    line
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    tokenize(text, 0, &mut tokens);
    tokens
}

fn push(line: &mut String, text: &str) {
    if !line.is_empty() && !text.is_empty() {
        line.push(' ');
    }
    line.push_str(text);
}

/// The text that some tokens cover, on one line.
fn text(of: &str, tokens: &[Token]) -> String {
    match tokens {
        [] => String::new(),
        [first, .., last] => {
            of[first.start as usize..last.end() as usize].split_whitespace().collect::<Vec<_>>().join(" ")
        }
        [only] => of[only.start as usize..only.end() as usize].to_string(),
    }
}

/// Shortens a passage to at most this many words.
fn stretch(of: &str, tokens: &[Token], most: usize) -> String {
    if tokens.len() <= most {
        return text(of, tokens);
    }
    format!("{} … {}", text(of, &tokens[..most / 2]), text(of, &tokens[tokens.len() - most / 2..]))
}

/// Shortens a passage that both texts share to what is near a difference.
fn shared(of: &str, tokens: &[Token], first: bool, last: bool) -> String {
    if tokens.len() <= 2 * CONTEXT + 2 {
        return text(of, tokens);
    }
    let (head, tail) = (&tokens[..CONTEXT], &tokens[tokens.len() - CONTEXT..]);
    match (first, last) {
        (true, true) => format!("{} …", text(of, head)),
        (true, false) => format!("… {}", text(of, tail)),
        (false, true) => format!("{} …", text(of, head)),
        (false, false) => format!("{} … {}", text(of, head), text(of, tail)),
    }
}
