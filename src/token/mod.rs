//! Words, folded and hashed: the alphabet of everything downstream.
//!
//! A token is a run of letters, combining marks and digits. An apostrophe joins letters (`don't`), a point joins single
//! letters (`U.S.A`), a point or comma joins digits (`1,444`, `3.5`). Scripts that are written without spaces give
//! overlapping bigrams of characters instead, a combining mark belonging to the character before it.
//!
//! Folding: lower case; compatibility forms composed (NFKC: full and half width, ligatures, decomposed accents); accents
//! kept; typographic apostrophes unified. Dashes and quotes separate words, so their kind cannot matter.

mod ascii;

use ascii::{CLASS, ascii_word};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::hash;

/// One token of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// The word, as [`word`] packs it: equal for equal folded words.
    pub word: Word,
    /// First byte in the text.
    pub start: u32,
    /// Length in bytes, at most `u16::MAX`: a longer "word" is counted as its hash all the same.
    pub len: u16,
    /// Whether it begins with a capital letter.
    pub capital: bool,
}

impl Token {
    /// One past the last byte in the text.
    pub fn end(&self) -> u32 {
        self.start + u32::from(self.len)
    }
}

/// A folded word as 64 bits: 32 bits of hash of its stem above, then 28 bits of hash of the whole word, then its length
/// class (3 bits), then whether it holds a digit.
///
/// Facts about a word ride along because they are functions of the folded word, so equal words still have equal values,
/// and stages far downstream can ask without the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(pub u64);

/// A stem is this many letters long at most. Cutting words short is the stemmer that works in any alphabet.
pub const STEM: usize = 6;

impl Word {
    fn new(hash: u64, stem: u64, characters: usize, digit: bool) -> Self {
        let hash = stem & !0xffff_ffff | hash >> 32 & 0xffff_fff0;
        Word(hash | (characters.min(7) as u64) << 1 | u64::from(digit))
    }

    /// Whether the word holds a digit.
    pub fn is_number(self) -> bool {
        self.0 & 1 == 1
    }

    /// Its length in characters, 1 to 7, where 7 stands for seven or more.
    pub fn length_class(self) -> usize {
        (self.0 >> 1 & 7) as usize
    }

    /// The word without its endings: equal for most inflections of one word in languages that inflect at the end. A
    /// number is its own stem, and so is a bigram of a script without spaces.
    pub fn stem(self) -> Stem {
        Stem((self.0 >> 32) as u32)
    }
}

/// The hash of a word's stem: the first [`STEM`] letters of its longest part between apostrophes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stem(pub u32);

/// The word that a single folded token spells, for looking up known words.
///
/// `None` if the text is not exactly one token.
pub fn word(text: &str) -> Option<Word> {
    let mut tokens = Vec::new();
    tokenize(text, 0, &mut tokens);
    match tokens[..] {
        [token] => Some(token.word),
        _ => None,
    }
}

/// The words of a text.
pub fn words(text: &str) -> Vec<Word> {
    let mut tokens = Vec::new();
    tokenize(text, 0, &mut tokens);
    tokens.iter().map(|token| token.word).collect()
}

/// Appends the tokens of `text` to `tokens`, with byte positions counted from `base`.
pub fn tokenize(text: &str, base: u32, tokens: &mut Vec<Token>) {
    let bytes = text.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        let byte = bytes[i];
        if byte >= 0x80 {
            i = wide_run(text, i, i, base, tokens);
        } else if CLASS[byte as usize] == 0 {
            i += 1;
        } else {
            i = ascii_word(text, i, base, tokens);
        }
    }
}

/// Whether the non-ASCII character at `i` goes on with a word that was ASCII so far.
fn continues_word(text: &str, i: usize) -> bool {
    let mut ahead = text[i..].chars();
    match ahead.next() {
        Some(c) if is_apostrophe(c) => ahead.next().is_some_and(char::is_alphabetic),
        Some(c) => is_ignorable(c) || is_word_character(c) && !is_spaceless(c),
        None => false,
    }
}

/// Reads what stands at `start`, of which `start..known` is known to belong to one word and to be ASCII; the rest is
/// decoded. Gives where to go on.
fn wide_run(text: &str, start: usize, known: usize, base: u32, tokens: &mut Vec<Token>) -> usize {
    let first = text[start..].chars().next().expect("start lies before the end");
    if known == start {
        if is_spaceless(first) {
            return spaceless_run(text, start, base, tokens);
        }
        // A sign that varies the one before it (an emoji) is no word.
        if !is_word_character(first) || is_ignorable(first) {
            return start + first.len_utf8();
        }
    }
    let mut end = known;
    let mut before = text[..known].chars().next_back();
    let mut ahead = text[known..].char_indices().peekable();
    while let Some((offset, c)) = ahead.next() {
        let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphabetic() || is_combining_mark(c));
        let digit = |c: Option<char>| c.is_some_and(char::is_numeric);
        let mut next = || ahead.peek().map(|&(_, c)| c);
        let joins = is_plain_letter(c) && !is_spaceless(c)
            || is_ignorable(c)
            || is_word_character(c) && !is_spaceless(c)
            || is_apostrophe(c) && letter(before) && letter(next())
            || matches!(c, '.' | ',' | '\u{66b}' | '\u{66c}') && digit(before) && digit(next());
        if !joins {
            break;
        }
        end = known + offset + c.len_utf8();
        before = Some(c);
    }
    let Folded { hash, stem, characters, digit } = fold(&text[start..end]);
    push(tokens, base, start, end, Word::new(hash, stem, characters, digit), first.is_uppercase());
    end
}

/// Bigrams of a run of a script without spaces; a single character stands alone.
fn spaceless_run(text: &str, start: usize, base: u32, tokens: &mut Vec<Token>) -> usize {
    let mut starts = Vec::new();
    let mut end = start;
    for (offset, c) in text[start..].char_indices() {
        if is_spaceless(c) && !is_combining_mark(c) || starts.is_empty() {
            starts.push(start + offset);
        } else if !is_combining_mark(c) && !is_ignorable(c) {
            break;
        }
        end = start + offset + c.len_utf8();
    }
    let mut bigram = |from: usize, to: usize| {
        let Folded { hash, characters, .. } = fold(&text[from..to]);
        // A bigram says about as much as a word of six letters.
        push(tokens, base, from, to, Word::new(hash, hash, characters * 3, false), false);
    };
    match starts[..] {
        [only] => bigram(only, end),
        _ => {
            for (n, pair) in starts.windows(2).enumerate() {
                bigram(pair[0], starts.get(n + 2).copied().unwrap_or(end));
            }
        }
    }
    end
}

/// A word after folding.
struct Folded {
    hash: u64,
    stem: u64,
    characters: usize,
    digit: bool,
}

/// Letters that are as NFKC would have them wherever they stand: those of the scripts that most text is in. Their marks
/// are not among them where these compose.
fn is_plain_letter(c: char) -> bool {
    matches!(c,
        'a'..='z' | 'A'..='Z' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ı' | 'Ĵ'..='ľ' | 'Ł'..='ň' | 'Ŋ'..='ž'
        | 'Ά' | 'Έ'..='Ί' | 'Ό' | 'Ύ'..='Ρ' | 'Σ'..='ώ' | 'Ѐ'..='ҁ' | 'Ҋ'..='ԯ' | 'א'..='ת' | 'ؠ'..='ي'
        | 'ٱ'..='ٴ' | 'ٹ'..='ۓ' | 'अ'..='ह' | 'ก'..='ะ' | 'ぁ'..='ゖ' | 'ァ'..='ヺ'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '가'..='힣')
}

/// Whether a character needs no more than lower case to be folded.
fn is_plain(c: char) -> bool {
    is_plain_letter(c) || c.is_ascii() || matches!(c, '’' | 'ा'..='ौ' | '्' | 'ั' | 'ิ'..='ู' | 'เ'..='ๆ' | '็'..='๎')
}

/// Folds and hashes a word.
fn fold(word: &str) -> Folded {
    let mut folded = String::with_capacity(word.len());
    let mut take = |c: char| match c {
        c if is_apostrophe(c) => folded.push('\''),
        c if is_ignorable(c) => {}
        // No script above Armenian that is plain has cases.
        '\u{590}'.. => folded.push(c),
        c => folded.extend(c.to_lowercase()),
    };
    match word.chars().all(is_plain) {
        true => word.chars().for_each(&mut take),
        false => word.nfkc().flat_map(char::to_lowercase).for_each(&mut take),
    }
    let hash = hash::bytes(folded.as_bytes());
    let is_mark = |c: char| c >= '\u{300}' && !is_plain_letter(c) && is_combining_mark(c);
    let digit = folded.chars().any(|c| c.is_ascii_digit() || !c.is_ascii() && !is_plain_letter(c) && c.is_numeric());
    let part = match folded.contains('\'') {
        true => folded.split('\'').rev().max_by_key(|part| part.len()).unwrap_or(&folded),
        false => &folded,
    };
    let stem = match part.char_indices().filter(|&(_, c)| !is_mark(c)).nth(STEM) {
        _ if digit => hash,
        Some((end, _)) => hash::bytes(&part.as_bytes()[..end]),
        None if part.len() == folded.len() => hash,
        None => hash::bytes(part.as_bytes()),
    };
    Folded { hash, stem, characters: folded.chars().filter(|&c| !is_mark(c)).count(), digit }
}

#[inline]
fn push(tokens: &mut Vec<Token>, base: u32, start: usize, end: usize, word: Word, capital: bool) {
    let len = u16::try_from(end - start).unwrap_or(u16::MAX);
    tokens.push(Token { word, start: base + start as u32, len, capital });
}

fn is_word_character(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '＇' | '‘')
}

/// Characters inside words that say nothing about which word it is: joiners and the soft hyphen.
fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{640}' | '\u{fe00}'..='\u{fe0f}')
}

/// Scripts written without spaces between words: Han, kana, Thai, Lao, Khmer, Myanmar.
fn is_spaceless(c: char) -> bool {
    matches!(c,
        '\u{2e80}'..='\u{2fdf}' | '々' | '〇' | '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}'
        | '\u{20000}'..='\u{3ffff}' | '\u{e01}'..='\u{e4e}' | '\u{e81}'..='\u{ecd}' | '\u{edc}'..='\u{edf}'
        | '\u{1000}'..='\u{103f}' | '\u{1050}'..='\u{109f}' | '\u{1780}'..='\u{17d3}')
        && !matches!(c, '\u{30fb}' | '\u{30a0}')
}

#[cfg(test)]
mod tests {
    use super::ascii::long_word;
    use super::*;

    fn spans(text: &str) -> Vec<&str> {
        let mut tokens = Vec::new();
        tokenize(text, 0, &mut tokens);
        tokens.iter().map(|t| &text[t.start as usize..t.end() as usize]).collect()
    }

    #[test]
    fn words_numbers_and_what_joins_them() {
        assert_eq!(
            spans("Don't pay N1,444.50 to the U.S. or E.U., end.The"),
            ["Don't", "pay", "N1,444.50", "to", "the", "U.S", "or", "E.U", "end", "The"]
        );
        assert_eq!(spans("He said:'yes' -- it's 3. Then"), ["He", "said", "yes", "it's", "3", "Then"]);
        assert_eq!(spans("ninety–five ’twas rock’n’roll"), ["ninety", "five", "twas", "rock’n’roll"]);
        assert_eq!(spans("…!?"), Vec::<&str>::new());
        assert_eq!(spans("Пётр сказал: «нет» в 10,5%"), ["Пётр", "сказал", "нет", "в", "10,5"]);
        assert_eq!(spans("यह हिन्दी है।"), ["यह", "हिन्दी", "है"]);
        assert_eq!(spans("naïve Müller's café2x"), ["naïve", "Müller's", "café2x"]);
    }

    #[test]
    fn scripts_without_spaces_give_bigrams() {
        assert_eq!(spans("北京时间2020年"), ["北京", "京时", "时间", "2020", "年"]);
        assert_eq!(spans("กินข้าว"), ["กิน", "นข้", "ข้า", "าว"]);
    }

    #[test]
    fn folding_unifies_what_readers_take_for_the_same() {
        for (a, b) in [
            ("DON’T", "don't"),
            ("ＦＬＯＮＧ１２", "flong12"),
            ("cafe\u{301}", "CAFÉ"),
            ("co\u{ad}operate", "cooperate"),
            ("ｶﾀｶﾅ", "カタカナ"),
            ("ОДЕССА", "одесса"),
            ("ﬁnal", "final"),
        ] {
            assert_eq!(words(a), words(b), "{a} {b}");
        }
        assert_ne!(words("resume"), words("resumé"));
    }

    #[test]
    fn plain_letters_are_as_the_standard_has_them() {
        for c in ('\0'..='\u{2ffff}').filter(|&c| is_plain(c) && c != '’') {
            assert!(c.nfkc().eq([c]), "{c}");
            assert_eq!(is_plain_letter(c), is_plain_letter(c) && c.is_alphabetic(), "{c}");
            assert!(c < '\u{590}' || c.to_lowercase().eq([c]), "{c}");
            for mark in
                ('\u{300}'..='\u{345}').chain(['\u{93c}', '\u{3099}', '\u{309a}', '\u{653}', '\u{654}', '\u{655}'])
            {
                // What composes with a mark must have a mark that is not plain, so that the pair is normalised.
                assert!([c, mark].into_iter().nfkc().eq([c, mark]) || !is_plain(mark), "{c}{mark}");
            }
        }
    }

    #[test]
    fn the_fast_path_hashes_as_the_plain_one() {
        for text in ["a", "abcdefg", "abcdefgh", "abcdefghi", "Internationalisation", "U.S.A", "1,000,000", "o'clock"] {
            let plain = hash::bytes(text.to_lowercase().as_bytes());
            for padded in [text.to_string(), format!("{text} and more text behind it")] {
                assert_eq!(words(&padded)[0].0 & 0xffff_fff0, plain >> 32 & 0xffff_fff0, "{text}");
            }
        }
    }

    /// All tokens of a text by the slow path alone.
    fn one_byte_at_a_time(text: &str) -> Vec<Token> {
        let mut tokens = Vec::new();
        let mut i = 0;
        while i < text.len() {
            i = match text.as_bytes()[i] {
                byte if byte >= 0x80 => wide_run(text, i, i, 0, &mut tokens),
                byte if CLASS[byte as usize] == 0 => i + 1,
                _ => long_word(text, i, 0, &mut tokens),
            };
        }
        tokens
    }

    proptest::proptest! {
        #[test]
        fn the_short_path_agrees_with_the_long_one(text in "[a-cA-C0-2.,'’ é@`{/:_-]{0,40}") {
            let mut tokens = Vec::new();
            tokenize(&text, 0, &mut tokens);
            proptest::prop_assert_eq!(tokens, one_byte_at_a_time(&text));
        }
    }

    #[test]
    fn the_fast_path_stems_as_the_plain_one() {
        // The last word of each pair takes the other path for its first letter.
        for (ascii, wide) in
            [("internationally", "ｉnternationally"), ("nation's", "ｎation’s"), ("o'clock", "ｏ'clock")]
        {
            assert_eq!(words(ascii), words(wide));
        }
    }

    #[test]
    fn inflections_share_a_stem() {
        let stem = |s: &str| word(s).unwrap().stem();
        for (a, b) in [
            ("pressure", "pressures"),
            ("Iran's", "Iran"),
            ("l'homme", "homme"),
            ("правительство", "правительства"),
            ("nations’", "nation"),
        ] {
            assert_eq!(stem(a), stem(b), "{a} {b}");
        }
        for (a, b) in [("1234567", "1234568"), ("drone", "drove"), ("日本", "日木")] {
            assert_ne!(stem(a), stem(b), "{a} {b}");
        }
    }

    #[test]
    fn a_word_knows_its_length_and_whether_it_is_a_number() {
        let class = |s: &str| word(s).map(|w| (w.length_class(), w.is_number()));
        assert_eq!(class("the"), Some((3, false)));
        assert_eq!(class("Straßenbahn"), Some((7, false)));
        assert_eq!(class("N20"), Some((3, true)));
        assert_eq!(class("two words"), None);
    }

    proptest::proptest! {
        #[test]
        fn tokens_lie_in_order_on_character_boundaries(text in "\\PC{0,60}") {
            let mut tokens = Vec::new();
            tokenize(&text, 7, &mut tokens);
            let mut last = 7;
            for t in &tokens {
                proptest::prop_assert!(t.start >= last && t.len > 0);
                proptest::prop_assert!(text.get(t.start as usize - 7..t.end() as usize - 7).is_some());
                last = t.start + 1;
            }
        }
    }
}
