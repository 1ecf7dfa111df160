//! The headline, repeated at the head or tail of the text.

use super::{Aside, AsideKind};
use crate::token::Token;

/// A shorter headline is too likely to be the beginning of a sentence as well.
const LEAST: usize = 3;

/// Finds the title's words at the very head or tail of `tokens`, where the text goes on beyond them.
pub fn echo(tokens: &[Token], title: &[Token]) -> Vec<Aside> {
    let n = title.len();
    if n < LEAST || tokens.len() <= n {
        return Vec::new();
    }
    let same = |start: usize| tokens[start..start + n].iter().zip(title).all(|(a, b)| a.word == b.word);
    let at = |start: usize| Aside {
        start: start as u32,
        end: (start + n) as u32,
        kind: AsideKind::Frame,
        certain: true,
        score: 1.0,
        evidence: "the headline repeated",
    };
    let tail = tokens.len() - n;
    let mut found = Vec::new();
    found.extend(same(0).then(|| at(0)));
    found.extend((tail >= n && same(tail)).then(|| at(tail)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::tokenize;

    fn found(text: &str, title: &str) -> Vec<(u32, u32)> {
        let (mut tokens, mut words) = (Vec::new(), Vec::new());
        tokenize(text, 0, &mut tokens);
        tokenize(title, 0, &mut words);
        echo(&tokens, &words).iter().map(|aside| (aside.start, aside.end)).collect()
    }

    #[test]
    fn at_the_head_and_at_the_tail() {
        assert_eq!(found("Rain floods town. It rained. RAIN FLOODS TOWN", "Rain Floods Town"), [(0, 3), (5, 8)]);
        assert_eq!(found("It rained: rain floods town again", "Rain floods town"), []);
        assert_eq!(found("Rain floods town", "Rain floods town"), [], "a text that is only its headline keeps it");
        assert_eq!(found("Rain falls", "Rain"), []);
    }
}
