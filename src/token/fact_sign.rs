//! Signs that state a fact by themselves where words could stand: up and down, a check and a cross, lights, thumbs, and the stars
//! of a rating. The same signs dress lines up elsewhere, as bullets and beside links, and are no words there.

use super::mark::sign_word;
use super::{Token, is_spaceless, number_word, push as push_token};

/// Signs that are one, which of the alternatives of a group they state, and where they do. The first stands for all.
struct Sign {
    signs: &'static [char],
    group: &'static str,
    side: u8,
    stands: Stands,
}

/// The places at which a sign states a fact.
#[derive(Clone, Copy)]
enum Stands {
    /// Anywhere but at the head of a line.
    Inside,
    /// After a colon or beside a number: "Back to top ↑" states nothing.
    AsValue,
    /// After a character of a script without spaces, and not before a name: "巨人×阪神".
    AsMark,
}

const SIGNS: [Sign; 11] = [
    Sign {
        signs: &['↑', '⬆', '⇧', '▲', '△', '🔼', '🔺', '📈'], group: "trend", side: 1, stands: Stands::AsValue
    },
    Sign {
        signs: &['↓', '⬇', '⇩', '▼', '▽', '🔽', '🔻', '📉'], group: "trend", side: 2, stands: Stands::AsValue
    },
    Sign { signs: &['✓', '✔', '✅', '☑'], group: "check", side: 1, stands: Stands::Inside },
    Sign { signs: &['✗', '✘', '✖', '❌', '❎', '☒'], group: "check", side: 2, stands: Stands::Inside },
    Sign { signs: &['○', '◯', '⭕'], group: "check", side: 1, stands: Stands::AsMark },
    Sign { signs: &['×', '✕'], group: "check", side: 2, stands: Stands::AsMark },
    Sign { signs: &['🟢'], group: "light", side: 1, stands: Stands::Inside },
    Sign { signs: &['🟡', '🟠'], group: "light", side: 2, stands: Stands::Inside },
    Sign { signs: &['🔴'], group: "light", side: 3, stands: Stands::Inside },
    Sign { signs: &['👍'], group: "thumb", side: 1, stands: Stands::Inside },
    Sign { signs: &['👎'], group: "thumb", side: 2, stands: Stands::Inside },
];

/// Returns the words of the signs that state one of several alternatives, each with the name of the group and its side.
pub(crate) fn alternatives() -> impl Iterator<Item = (super::Word, &'static str, u8)> {
    SIGNS.iter().map(|sign| (sign_word(sign.signs[0]), sign.group, sign.side))
}

/// Returns whether a character is a sign that states a fact at some places.
pub(super) fn is_one(c: char) -> bool {
    // Of all that is not a letter most is punctuation of Latin-1 and U+20xx.
    (c >= '\u{2190}' || c == '×') && (is_star(c) || sign(c).is_some())
}

fn sign(c: char) -> Option<&'static Sign> {
    SIGNS.iter().find(|sign| sign.signs.contains(&c))
}

fn is_star(c: char) -> bool {
    matches!(c, '★' | '⭐' | '☆')
}

/// Most signs of a rating in stars.
const MOST_STARS: usize = 5;

/// Characters before a sign among which a word must end for the sign to stand behind it.
const BEFORE: usize = 32;

/// Appends the token of the sign at `at`, if it states a fact there, and returns where to go on.
pub(super) fn push(text: &str, at: usize, c: char, base: u32, tokens: &mut Vec<Token>) -> usize {
    let (end, before) = (at + c.len_utf8(), &text[..at]);
    if is_star(c) {
        return push_stars(text, at, base, tokens);
    }
    let Some(Sign { signs, stands, .. }) = sign(c) else { return end };
    let states = !before.ends_with(c)
        && match stands {
            Stands::Inside => is_behind_word(before),
            Stands::AsValue => is_behind_word(before) && is_value(before, &text[end..]),
            Stands::AsMark => is_mark(before, &text[end..]),
        };
    if states {
        push_token(tokens, base, at, end, sign_word(signs[0]), false);
    }
    end
}

/// Appends the number that two to five stars are, those that are empty not counted, if they stand behind a word.
fn push_stars(text: &str, at: usize, base: u32, tokens: &mut Vec<Token>) -> usize {
    let (mut end, mut full, mut empty) = (at, 0, 0);
    for c in text[at..].chars() {
        match c {
            '☆' => empty += 1,
            '\u{fe0e}' | '\u{fe0f}' => {}
            c if is_star(c) => full += 1,
            _ => break,
        }
        end += c.len_utf8();
    }
    let stars = if full > 0 { full } else { empty };
    if (2..=MOST_STARS).contains(&(full + empty))
        && is_behind_word(&text[..at])
        && let Some(number) = number_word(&stars.to_string())
    {
        push_token(tokens, base, at, end, number, false);
    }
    end
}

/// Whether a word ends shortly before, in the same line.
fn is_behind_word(before: &str) -> bool {
    before.chars().rev().take(BEFORE).take_while(|&c| c != '\n').any(char::is_alphanumeric)
}

/// Whether what is between these is in place of a value.
fn is_value(before: &str, after: &str) -> bool {
    let last = before.chars().rev().find(|&c| !is_blank(c));
    let next = after.chars().find(|&c| !is_blank(c));
    last.is_some_and(|c| matches!(c, ':' | '：' | '=' | '|' | '(' | '（') || c.is_numeric())
        || next.is_some_and(char::is_numeric)
}

/// Whether what is between these is a mark in Chinese or Japanese, and no cross between two names or circle for a letter.
fn is_mark(before: &str, after: &str) -> bool {
    let last = before.chars().rev().find(|&c| !is_blank(c));
    let hiragana = |c: char| matches!(c, '\u{3041}'..='\u{309f}');
    let next = after.chars().next().is_none_or(|c| hiragana(c) || !c.is_alphanumeric() && sign(c).is_none());
    last.is_some_and(|c| is_spaceless(c) || matches!(c, '：' | ':')) && next && is_behind_word(before)
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{a0}' | '\u{3000}' | '\u{fe0e}' | '\u{fe0f}')
}

#[cfg(test)]
mod tests {
    use crate::token::{number_word, words};

    fn states(text: &str) -> usize {
        words(text).len()
    }

    #[test]
    fn signs_state_facts_in_place_of_words() {
        for (text, other, words) in [
            ("Level: ↑ today", "Level: ↓ today", 3),
            ("Gold 1950 ▲", "Gold 1950 ▼", 3),
            ("Lift A ✅", "Lift A ❌", 3),
            ("Flag: 🟢.", "Flag: 🔴.", 2),
            ("Valoración: 👍", "Valoración: 👎", 2),
            ("見学は○です", "見学は×です", 4),
            ("Rating: ★★★★★", "Rating: ★★☆☆☆", 2),
        ] {
            assert_eq!((states(text), states(other)), (words, words), "{text}");
            assert_ne!(super::super::words(text), super::super::words(other), "{text}");
        }
        assert_eq!(words("Rating: ★★★☆☆").last().copied(), number_word("3"));
        assert_eq!(words("Rating: ⭐️⭐️").last().copied(), number_word("2"));
        assert_eq!(words("Lift A ✅"), words("Lift A ✔️"));
    }

    #[test]
    fn signs_that_dress_lines_up_are_no_words() {
        for (text, count) in [
            ("✅ Lift A", 2),
            ("Lift\n❌ Bus", 2),
            ("▼ Read more", 2),
            ("Back to top ↑", 3),
            ("Read more ▼", 2),
            ("★★★★★", 0),
            ("★ Sale ★", 1),
            ("○○市", 1),
            ("3×4", 2),
            ("A × B", 2),
        ] {
            assert_eq!(states(text), count, "{text}");
        }
        assert_eq!(states("巨人×阪神"), 2);
    }
}
