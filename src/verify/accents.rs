//! Copies that were written without accents: `deja vu` of `déjà vu`.

use super::kind::Text;
use crate::token::Word;

/// A text must have so many words with accents for one that has none to be written without them. In texts with fewer, names that
/// differ by an accent are told apart.
const ACCENTED_WORDS: usize = 3;

/// Calls `compare` with two texts, without the accents of the one if the other was written without any.
pub(super) fn unaccented<R>(a: Text, b: Text, compare: impl FnOnce(Text, Text) -> R) -> R {
    let accented = |text: &Text| text.words.iter().filter(|word| word.is_accented()).take(ACCENTED_WORDS).count();
    if !matches!((accented(&a), accented(&b)), (0, ACCENTED_WORDS) | (ACCENTED_WORDS, 0)) {
        return compare(a, b);
    }
    let plain = |words: &[Word]| -> Vec<Word> { words.iter().map(|word| word.plain()).collect() };
    let [words, titles] = [[a.words, b.words], [a.title, b.title]].map(|both| both.map(plain));
    compare(Text { words: &words[0], title: &titles[0], ..a }, Text { words: &words[1], title: &titles[1], ..b })
}
