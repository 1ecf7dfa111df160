//! Copies that were written without accents: `deja vu` of `déjà vu`.

use super::kind::Text;
use crate::token::Word;

/// A text must have so many words with accents for another to be written without them. In texts with fewer, names that differ by
/// an accent are told apart.
const ACCENTED_WORDS: usize = 3;

/// A text that is written without accents may have this share of those of the other, which its writer has overlooked.
const OVERLOOKED: usize = 8;

/// Calls `compare` with two texts, without the accents of the one if the other was written without any.
pub(super) fn unaccented<R>(a: Text, b: Text, compare: impl FnOnce(Text, Text) -> R) -> R {
    let accented = |text: &Text| text.words.iter().filter(|word| word.is_accented()).count();
    let lost =
        |(x, of): (usize, usize), (y, among): (usize, usize)| y >= ACCENTED_WORDS && x * among * OVERLOOKED <= y * of;
    let counts = [&a, &b].map(|text| (accented(text), text.words.len()));
    if !lost(counts[0], counts[1]) && !lost(counts[1], counts[0]) {
        return compare(a, b);
    }
    let plain = |words: &[Word]| -> Vec<Word> { words.iter().map(|word| word.plain()).collect() };
    let [words, titles] = [[a.words, b.words], [a.title, b.title]].map(|both| both.map(plain));
    compare(Text { words: &words[0], title: &titles[0], ..a }, Text { words: &words[1], title: &titles[1], ..b })
}
