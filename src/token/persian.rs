//! Persian words of several parts. Between the parts stands a zero-width non-joiner, a space, or nothing, as keyboards and scrapers
//! have it: *می‌شود*, *می شود* and *میشود* are one word.

use super::word_end;

/// Stands between the parts of a word where its letters must not join.
const NON_JOINER: char = '\u{200c}';

/// Parts that begin a verb.
const PREFIXES: [&str; 4] = ["می", "مي", "نمی", "نمي"];

/// Parts that end a word: of the plural, of comparison, of a verb, of weekdays.
const SUFFIXES: [&str; 10] = ["ها", "های", "هاي", "هایی", "هايي", "هایش", "تر", "ترین", "اند", "شنبه"];

/// Whether a non-joiner that comes after a character parts two words: most words of two parts may have a space instead.
pub(super) fn parts(before: Option<char>, c: char) -> bool {
    c == NON_JOINER && before.is_some_and(is_arabic)
}

/// Whether a character is an Arabic letter.
pub(super) fn is_arabic(c: char) -> bool {
    ('\u{620}'..='\u{6ff}').contains(&c) && c.is_alphabetic()
}

/// Whether parts behind the word at `start..end` may belong to it.
pub(super) fn goes_on(text: &str, start: usize, end: usize) -> bool {
    next_part(text, end).is_some_and(|next| may_end_word(text, next) || PREFIXES.contains(&&text[start..end]))
}

/// Whether the part at `next` begins like one that ends a word.
fn may_end_word(text: &str, next: usize) -> bool {
    SUFFIXES.iter().any(|suffix| text[next..].starts_with(suffix))
}

/// Returns the end of the word at `start..end` with the parts behind it that belong to it.
pub(super) fn whole(text: &str, start: usize, mut end: usize) -> usize {
    if PREFIXES.contains(&&text[start..end])
        && let Some(next) = next_part(text, end)
    {
        end = word_end(text, next);
    }
    while let Some(next) = next_part(text, end).filter(|&next| may_end_word(text, next)) {
        let after = word_end(text, next);
        if !SUFFIXES.contains(&&text[next..after]) {
            break;
        }
        end = after;
    }
    end
}

/// Returns where a word begins that only a non-joiner or a space parts from what ends at `end`.
fn next_part(text: &str, end: usize) -> Option<usize> {
    let rest = text[end..].strip_prefix([NON_JOINER, ' '])?;
    rest.starts_with(is_arabic).then(|| text.len() - rest.len())
}
