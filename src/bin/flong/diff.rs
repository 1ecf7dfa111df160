//! Two texts as one, with the words that differ marked.

use flong::Span;
use flong::boilerplate::Aside;
use flong::token::{Token, tokenize};
use flong::verify::align;

use crate::say::{GONE, NEW};

/// Words shown on each side of a difference, and at the most in a difference.
const CONTEXT: usize = 5;
const LONGEST: usize = 14;

/// Returns a unit's text without what was set aside in its document.
pub fn body(text: &str, unit: Span, asides: &[Aside]) -> String {
    let mut hidden: Vec<Span> = asides.iter().map(|aside| aside.span).collect();
    hidden.sort_unstable();
    let (mut body, mut at) = (String::new(), unit.start);
    for Span { start, end } in hidden.into_iter().filter(|span| span.end > unit.start && span.start < unit.end) {
        if start > at {
            body.push_str(Span { start: at, end: start }.of(text));
            body.push('\n');
        }
        at = at.max(end.min(unit.end));
    }
    body + Span { start: at, end: unit.end }.of(text)
}

/// Returns two texts as one: what is only in the first is red and struck through, and what is only in the second is green, or
/// without colour in `[-…-]` and `{+…+}`. Long stretches that are the same, or that differ, are cut short.
pub fn diff(a: &str, b: &str, coloured: bool) -> String {
    let (gone, new) = if coloured { (["", ""], ["", ""]) } else { (["[-", "-]"], ["{+", "+}"]) };
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
            push(&mut line, &format!("{GONE}{}{text}{}{GONE:#}", gone[0], gone[1]));
        }
        if gap.b.0 < gap.b.1 {
            let text = stretch(b, &right[gap.b.0 as usize..gap.b.1 as usize], LONGEST);
            push(&mut line, &format!("{NEW}{}{text}{}{NEW:#}", new[0], new[1]));
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

/// Returns the text that some tokens cover, on one line.
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

#[cfg(test)]
mod tests {
    use flong::boilerplate::AsideKind;

    use super::*;

    #[test]
    fn what_was_set_aside_is_hidden_and_brackets_are_for_output_without_colour() {
        let text = "By A. The ferry sank. READ ALSO: B";
        let aside = |start, end| Aside {
            start: 0,
            end: 0,
            span: Span::new(start, end),
            kind: AsideKind::Credit,
            certain: true,
            score: 1.0,
            evidence: "",
            share: None,
        };
        let whole = Span::new(0, text.len());
        let shown = body(text, whole, &[aside(22, text.len()), aside(0, 5), aside(0, 3)]);
        assert_eq!(shown.trim(), "The ferry sank.");
        assert_eq!(body(text, Span::new(6, 21), &[aside(0, 5)]), "The ferry sank.");
        assert_eq!(
            diff("The ferry sank.", "The ship sank.", false),
            format!("The {GONE}[-ferry-]{GONE:#} {NEW}{{+ship+}}{NEW:#} sank")
        );
        assert_eq!(
            diff("The ferry sank.", "The ship sank.", true),
            format!("The {GONE}ferry{GONE:#} {NEW}ship{NEW:#} sank")
        );
    }
}
