//! Compares words of a text with a title.

use super::thresholds::{MIN_TITLE_WORDS, MIN_TOLERANT_TITLE_WORDS};
use crate::token::{Token, Word};

/// Returns whether two runs of words are the same but for a word or two: stems where the words differ, since feeds lose
/// apostrophes and endings.
pub(crate) fn same_title(tokens: &[Token], title: &[Word]) -> bool {
    let (short, long) = (tokens.len().min(title.len()), tokens.len().max(title.len()));
    if short < MIN_TITLE_WORDS || long - short > 1 + long / 8 {
        return false;
    }
    let found = agreeing_words(tokens, title);
    let numbers = || tokens.iter().map(|token| token.word).filter(|word| word.is_number());
    // With other numbers it is another headline.
    let one_differs = || {
        long >= MIN_TOLERANT_TITLE_WORDS
            && found + 1 >= long
            && numbers().eq(title.iter().copied().filter(|word| word.is_number()))
    };
    found * 8 >= long * 7 || one_differs()
}

/// Returns how many words of a title are among some tokens in the same order. Stems are compared, and at most two tokens in
/// a row are skipped.
pub(crate) fn agreeing_words(tokens: &[Token], title: &[Word]) -> usize {
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
