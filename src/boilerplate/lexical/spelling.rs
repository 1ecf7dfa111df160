//! Other spellings of a marker: in capitals, without accents, with or without vowel signs.

use super::thresholds::{MAX_VOWELLED_MARKER_WORDS, MIN_PREFIX_CHARS};
use unicode_normalization::UnicodeNormalization;

use super::language::Language;
use crate::boilerplate::text::View;
use crate::token::{Token, Word, tokenize, words};

/// Languages in which the capital of "i" has a dot and that of "ı" has none.
const DOTTED: [Language; 5] = [*b"tr", *b"az", *b"tt", *b"kk", *b"uz"];
/// Visarga, which is written for a colon: in Devanagari, Bengali, Gujarati, Odia, Telugu, Kannada and Malayalam.
const VISARGAS: [char; 7] = ['\u{903}', '\u{983}', '\u{a83}', '\u{b03}', '\u{c03}', '\u{c83}', '\u{d03}'];

/// Returns the words of a marker in each of its spellings, and whether its last word ends in a sign that is written for a
/// colon.
pub(super) fn spellings(language: Language, marker: &str) -> Vec<(Vec<Word>, bool)> {
    let dotted = |text: &str| text.replace('i', "İ").replace('ı', "I").to_uppercase();
    let mut texts = vec![marker.to_string(), marker.to_uppercase()];
    if DOTTED.contains(&language) {
        texts.push(dotted(marker));
    }
    // A single word without its accents may well be another word.
    if words(marker).len() > 1 {
        let plain: Vec<String> = texts.iter().map(|text| without_marks(text)).collect();
        texts.extend(plain);
    }
    let mut found: Vec<(Vec<Word>, bool)> = texts.iter().map(|text| (words(text), false)).collect();
    if let Some(visarga) = visarga(marker) {
        found.push((words(&format!("{marker}{visarga}")), true));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Returns the visarga of a marker's script, if it has one.
fn visarga(marker: &str) -> Option<char> {
    let last = marker.chars().next_back()? as u32;
    VISARGAS.into_iter().find(|&visarga| visarga as u32 / 0x80 == last / 0x80)
}

/// Returns a text without the marks that are left out in capitals and in haste: accents, vowel signs of Arabic and
/// Hebrew, hamza.
fn without_marks(text: &str) -> String {
    let base = text.nfd().filter(|&c| !is_accent(c) && !is_vowel_sign(c)).map(|c| if c == 'ı' { 'i' } else { c });
    base.nfc().collect()
}

/// Returns a word as tables have beginnings of words: in lower case, without marks.
pub(super) fn folded(word: &str) -> String {
    without_marks(&word.to_lowercase())
}

/// Returns the beginnings of a [`folded`] word that a table may have, the shortest first and the whole word last.
pub(super) fn beginnings(word: &str) -> impl Iterator<Item = &str> {
    word.char_indices().map(|(at, _)| at).skip(MIN_PREFIX_CHARS).chain([word.len()]).map(|end| &word[..end])
}

fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Returns whether a character is a vowel sign, or another mark that Arabic and Hebrew are mostly written without.
fn is_vowel_sign(c: char) -> bool {
    matches!(c, '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'..='\u{5c2}' | '\u{5c4}'..='\u{5c5}' | '\u{5c7}'
        | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}')
}

/// Returns the tokens of a document in which the first words of lines are read without their vowel signs. `None` if no line
/// begins with such a word.
pub(super) fn without_vowel_signs(view: View) -> Option<Vec<Token>> {
    let mut plain: Option<Vec<Token>> = None;
    for line in view.lines {
        let (start, end) = (line.start, line.end.min(line.start + MAX_VOWELLED_MARKER_WORDS));
        // Letters of both scripts begin with these bytes.
        if !matches!(view.text.as_bytes()[view.tokens[start].start as usize], 0xd7..=0xdb) {
            continue;
        }
        if !(start..end).any(|i| view.of(i).contains(is_vowel_sign)) {
            continue;
        }
        let tokens = plain.get_or_insert_with(|| view.tokens.to_vec());
        for token in &mut tokens[start..end] {
            let mut word = Vec::with_capacity(1);
            let written = &view.text[token.start as usize..token.end() as usize];
            tokenize(&without_marks(written), 0, &mut word);
            if let [bare] = word[..] {
                token.word = bare.word;
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_and_accents() {
        for (language, marker, text) in [
            (b"tr", "ayrıca okuyun", "AYRICA OKUYUN"),
            (b"tr", "ilgili haber", "İLGİLİ HABER"),
            (b"tr", "ilgili haber", "Ilgili Haber"),
            (b"az", "bunu da oxuyun", "BUNU DA OXUYUN"),
            (b"el", "διαβάστε επίσης", "ΔΙΑΒΑΣΤΕ ΕΠΙΣΗΣ"),
            (b"fr", "à lire aussi", "A LIRE AUSSI"),
            (b"pt", "leia também", "LEIA TAMBEM"),
            (b"de", "das könnte sie auch interessieren", "DAS KÖNNTE SIE AUCH INTERESSIEREN"),
            (b"ar", "اقرأ أيضا", "اقرا ايضا"),
            (b"hi", "यह भी पढ़ें", "यह भी पढ़ेंः"),
        ] {
            let known = spellings(*language, marker);
            assert!(known.iter().any(|(spelling, _)| *spelling == words(text)), "{text}");
        }
        assert_eq!(spellings(*b"pt", "além").len(), 1, "one word keeps its accents");
    }
}
