//! Tests of the tokeniser.

use super::ascii::long_word;
use super::fold::{is_plain, is_plain_letter};
use super::*;
use crate::hash;
use unicode_normalization::UnicodeNormalization;

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
    assert_eq!(spans("the U.S’s U.N."), ["the", "U.S’s", "U.N"]);
    assert_eq!(spans("ninety–five ’twas rock’n’roll"), ["ninety", "five", "twas", "rock’n’roll"]);
    assert_eq!(spans("…!?"), Vec::<&str>::new());
    assert_eq!(spans("Пётр сказал: «нет» в 10,5%"), ["Пётр", "сказал", "нет", "в", "10,5", "%"]);
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
        for mark in ('\u{300}'..='\u{345}').chain(['\u{93c}', '\u{3099}', '\u{309a}', '\u{653}', '\u{654}', '\u{655}'])
        {
            // What composes with a mark must have a mark that is not plain, so that the pair is normalised.
            assert!([c, mark].into_iter().nfkc().eq([c, mark]) || !is_plain(mark), "{c}{mark}");
        }
    }
}

#[test]
fn the_fast_path_hashes_as_the_plain_one() {
    for text in ["a", "abcdefg", "abcdefgh", "abcdefghi", "Internationalisation", "U.S.A", "o'clock", "1444"] {
        let plain = hash::bytes(text.to_lowercase().as_bytes());
        for padded in [text.to_string(), format!("{text} and more text behind it")] {
            assert_eq!(words(&padded)[0].0 & Word::HASH, plain >> 32 & Word::HASH, "{text}");
        }
    }
}

/// Returns all tokens of a text by the slow path alone.
fn one_byte_at_a_time(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut i = 0;
    while i < text.len() {
        i = match text.as_bytes()[i] {
            byte if byte >= 0x80 => decoded_run(text, i, i, 0, &mut tokens),
            byte if CLASS[byte as usize] == 0 => i + 1,
            byte if CLASS[byte as usize] == SIGN => ascii_sign(text, i, 0, &mut tokens),
            _ => long_word(text, i, 0, &mut tokens),
        };
    }
    tokens
}

proptest::proptest! {
    #[test]
    fn the_short_path_agrees_with_the_long_one(text in "[a-cA-CmkO0-2.,'’ é@`{/:_+#&$%^²三;-]{0,40}") {
        let mut tokens = Vec::new();
        tokenize(&text, 0, &mut tokens);
        proptest::prop_assert_eq!(tokens, one_byte_at_a_time(&text));
    }
}

proptest::proptest! {
    #[test]
    fn the_table_of_letters_agrees_with_decoding(
        text in "[a-cA-CsÀ-ÿłŁőșțßıİẠ-ỹά-ώΑ-ΩаяёЁЖא-ת\u{5b0}ء-يهاترکیگمن\u{200c}\u{64b}\u{300}\u{301}\u{307}\
            क-ह\u{93c}ा-ौ्ক-হ\u{9bc}া-্க-்ა-ჰԱ-և\u{1200}-\u{1250}Ꭰ-ᎤႠ-Ⴆ가-힣ァーン一三ก-๎ 0-9   \u{a0}.,'’ʼʻ՚׳«»–—“”…।،&+#-]{0,30}",
    ) {
        for (at, c) in text.char_indices().filter(|(_, c)| c.is_alphabetic()) {
            let (mut table, mut decoded) = (Vec::new(), Vec::new());
            let ends = (wide_run(&text, at, at, 0, &mut table), decoded_run(&text, at, at, 0, &mut decoded));
            proptest::prop_assert_eq!(ends.0, ends.1, "{} at {}", c, at);
            proptest::prop_assert_eq!(table, decoded);
        }
    }
}

#[test]
fn the_fast_path_stems_as_the_plain_one() {
    // The last word of each pair takes the other path for its first letter.
    for (ascii, wide) in [("internationally", "ｉnternationally"), ("nation's", "ｎation’s"), ("o'clock", "ｏ'clock")]
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

#[test]
fn strokes_and_signs_beside_characters_of_several_bytes() {
    for text in ["𐴲/3", "٣/٤", "é/3", "½/3", "−٣", "€−3", "𐴲^2", "٣ 000", "3\u{a0}000,𐴲", "5\u{ad}km", "USD٣", "٣km"]
    {
        assert!(!words(text).is_empty(), "{text}");
    }
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

#[test]
fn the_same_text_in_other_characters() {
    for (a, b) in [
        // Apostrophes, and references to them.
        ("won't", "won’t"),
        ("won't", "won‘t"),
        ("won't", "won`t"),
        ("won't", "won´t"),
        ("won't", "won′t"),
        ("won't", "wonʼt"),
        ("won't", "won&#39;t"),
        ("won't", "won&#8217;t"),
        ("won't", "won&rsquo;t"),
        ("won't", "won&amp;#39;t"),
        ("l'été", "l’été"),
        ("l'été", "l&#39;&eacute;t&eacute;"),
        ("п'ять", "п’ять"),
        // Spaces, quotes and dashes.
        ("the fish \"market\" opened", "the&nbsp;fish&nbsp;“market”&nbsp;opened"),
        ("the fish market", "the&amp;nbsp;fish&#160;market"),
        ("the fish — market", "the fish &mdash; market"),
        ("fish & chips", "fish &amp; chips"),
        // Characters that are not seen.
        ("cooperate", "co\u{ad}operate"),
        ("cooperate", "co&shy;operate"),
        ("cooperate", "\u{feff}co\u{200b}op\u{200d}erate\u{200e}"),
        ("don't", "don\u{200b}'t"),
        ("flong 12%", "ＦＬＯＮＧ　１２％"),
        // Greek.
        ("Ο δήμος της Αλμυρής", "Ο ΔΗΜΟΣ ΤΗΣ ΑΛΜΥΡΗΣ"),
        ("λαϊκή", "ΛΑΪΚΗ"),
        ("λαϊκή", "ΛΑΙΚΗ"),
        ("άνθρωπος", "ἄνθρωπος"),
        ("άνθρωπος", "α\u{301}νθρωπος"),
        // Turkish and Azerbaijani.
        ("İncir ağacı kapısından", "İNCİR AĞACI KAPISINDAN"),
        ("Ilıca", "ILICA"),
        ("incir", "i\u{307}ncir"),
        // German, Romanian, Russian.
        ("Straße", "STRASSE"),
        ("și țară", "şi ţară"),
        ("ещё", "ЕЩЕ"),
        // Arabic, Persian, Urdu.
        ("أعلنت بلدية", "أَعْلَنَتْ بَلَدِيَّةُ"),
        ("إلى المدرسة", "الى المدرسه"),
        ("كتاب", "كـتـاب"),
        ("ماهی‌فروشان که", "ماهي‌فروشان كه"),
        ("کتاب\u{200c}فروشی باز نمی\u{200c}شود", "كتاب فروشي باز نمي شود"),
        ("می\u{200c}شود", "میشود"),
        ("کتاب\u{200c}ها سه\u{200c}شنبه", "کتاب ها سه شنبه"),
        ("کتاب\u{200c}های بزرگ\u{200c}ترین", "کتابهای بزرگترین"),
        ("مسئول", "مسيول"),
        ("تأمین", "تامین"),
        ("ﻛﺘﺎﺏ", "كتاب"),
        // Hebrew.
        ("שלום עולם", "שָׁלוֹם עוֹלָם"),
        // Digits of all scripts.
        ("٢٠٢٠", "2020"),
        ("۱۳۹۹", "1399"),
        ("२०२०", "2020"),
        ("২০২০", "2020"),
        ("๒๐๒๐", "2020"),
        ("၂၀၂၀", "2020"),
        ("２０２０", "2020"),
        ("٣٫٥٪", "3.5%"),
        ("١٬٤٤٤", "1,444"),
        // The vowel am in two characters.
        ("น้ำดำนา", "น้\u{e4d}\u{e32}ด\u{e4d}\u{e32}นา"),
        ("ทำ", "ท\u{e4d}\u{e32}"),
        ("ນ້ຳດຳ", "ນ້\u{ecd}\u{eb2}ດ\u{ecd}\u{eb2}"),
        // Grades.
        ("group A−, and", "group A-, and"),
        ("AB−", "AB-"),
        // Numbers.
        ("1,000.50", "1.000,50"),
        ("1,000.50", "1 000,50"),
        ("1,000.50", "1\u{202f}000,50"),
        ("1,000.50", "1’000.50"),
        ("1,000.50", "1'000.50"),
        ("1,00,000", "100000"),
        ("−5", "-5"),
        ("½", "1/2"),
        ("10²", "10^2"),
        ("5km", "5 km"),
        ("四十三", "43"),
        ("二〇二〇年", "2020年"),
        ("第三", "第3"),
    ] {
        assert_eq!(words(a), words(b), "{a} | {b}");
    }
}

#[test]
fn other_words_stay_apart() {
    for (a, b) in [
        ("-5", "5"),
        ("+5", "-5"),
        ("(-5)", "(5)"),
        ("-$5", "$5"),
        ("€5", "$5"),
        ("5%", "5"),
        ("10²", "102"),
        ("10²", "10³"),
        ("2½", "21/2"),
        ("¾", "¼"),
        ("C++", "C"),
        ("C++", "C#"),
        ("C#", "C"),
        ("F#", "C#"),
        ("A+", "A"),
        ("A-", "A"),
        ("O− blood", "O blood"),
        ("น้ำ", "น้า"),
        ("1.2.3", "1.2.4"),
        ("1.2.3", "12.3"),
        ("2.10", "2.1"),
        ("A1", "M1"),
        ("十分", "十三"),
        ("résumé", "resume"),
        ("kar", "kär"),
    ] {
        assert_ne!(words(a), words(b), "{a} | {b}");
    }
}

#[test]
fn a_hyphen_is_no_minus_within_a_range_or_a_name() {
    for (a, b) in [
        ("2019-20", "2019 20"),
        ("COVID-19", "COVID 19"),
        ("COVID -19", "COVID 19"),
        ("pages 5-10", "pages 5 10"),
        ("pages 5 – 10", "pages 5 10"),
        ("pages 5 –10", "pages 5 10"),
        ("x--5", "x 5"),
        ("A - B", "A B"),
        ("well-known", "well known"),
        ("a A-Team", "a A Team"),
        ("A- und B-Klassen", "A und B Klassen"),
        ("page#top", "page top"),
        ("a+b", "a b"),
        ("Ke$ha", "Ke ha"),
        ("$name", "name"),
    ] {
        assert_eq!(words(a), words(b), "{a} | {b}");
    }
}

#[test]
fn signs_and_marks_belong_to_their_token() {
    assert_eq!(spans("It was -5 (−12) today"), ["It", "was", "-5", "−12", "today"]);
    assert_eq!(spans("€312 and 5 % of US$3"), ["€", "312", "and", "5", "%", "of", "US", "$", "3"]);
    assert_eq!(spans("C++, C# and C++11."), ["C++", "C#", "and", "C++", "11"]);
    assert_eq!(spans("1 000 000,50 m, 10km"), ["1 000 000,50", "m", "10", "km"]);
    assert_eq!(spans("won&#39;t&nbsp;go"), ["won&#39;t", "go"]);
    assert_eq!(spans("in 2020 500 people, 0800 123 4567"), ["in", "2020", "500", "people", "0800", "123", "4567"]);
    assert_eq!(spans("报修四十三起"), ["报修", "四十三", "起"]);
    assert_eq!(spans("三星一直十分好"), ["三星", "星一", "一直", "直十", "十分", "分好"]);
}

#[test]
fn a_number_has_its_value_for_a_stem() {
    let stem = |s: &str| words(s)[0].stem();
    for (a, b) in [("1st", "1"), ("2nd", "2"), ("N20", "20"), ("v1.2.3", "1.2.3"), ("+5", "5"), ("3e", "3")] {
        assert_eq!(stem(a), stem(b), "{a} {b}");
    }
    for (a, b) in [("-5", "5"), ("5d", "5"), ("A1", "1"), ("5G", "5")] {
        assert_ne!(stem(a), stem(b), "{a} {b}");
    }
}

#[test]
fn plain_words_keep_their_hashes() {
    // They are in indexes on people's disks.
    for (text, plain) in [
        ("market", "market"),
        ("Internationalisation", "internationalisation"),
        ("o'clock", "o'clock"),
        ("2020", "2020"),
        ("café", "cafe"),
        ("правительство", "правительство"),
        ("Müller", "muller"),
    ] {
        let plain = hash::bytes(plain.as_bytes());
        assert_eq!(words(text)[0].0 & Word::HASH, plain >> 32 & Word::HASH, "{text}");
    }
}

#[test]
fn accents_are_apart_from_the_word() {
    for (a, b) in [
        ("déjà", "deja"),
        ("łódź", "lodz"),
        ("ọ̀pá", "opa"),
        ("đường", "duong"),
        ("İstanbul’un", "istanbul'un"),
        ("smørrebrød", "smorrebrod"),
    ] {
        let [x, y] = [a, b].map(|text| word(text).unwrap());
        assert_eq!((x.plain(), x.stem()), (y, y.stem()), "{a} {b}");
        assert_eq!(x.is_accented(), x != y, "{a} {b}");
    }
    assert_ne!(word("pêche").unwrap(), word("péché").unwrap());
    // Letters of other scripts, not accents.
    assert_ne!(word("край").unwrap().plain(), word("краи").unwrap().plain());
}

#[test]
fn bigrams_are_told_from_words() {
    let all = words("港のレンズ harbour 3 ﾚﾝｽﾞ");
    let bigrams: Vec<bool> = all.iter().map(|word| word.is_bigram()).collect();
    assert_eq!(bigrams, [true, true, true, true, false, false, true, true]);
    assert_eq!(words("レンズ"), words("ﾚﾝｽﾞ"));
    assert!(all.iter().filter(|word| word.is_bigram()).all(|word| word.length_class() == 6));
}
