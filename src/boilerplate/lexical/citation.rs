//! References to literature, which authors begin with the words of a marker ("See also: Hale, The Ledger, 1902, p. 14."), or
//! whose titles hold them ("Bexley, T. Read Also Between the Lines. Cant & Sons, 1978.").

use std::sync::LazyLock;

use super::phrases::rows;
use crate::boilerplate::text::View;
use crate::boilerplate::text::surroundings::written;
use crate::segment::Line;

/// Longest abbreviation before a number of a page or a volume, in letters: "стр. 45".
const MAX_ABBREVIATION_LETTERS: usize = 4;

/// Fewest other entries near a line that make it an entry of a list of references.
const MIN_OTHER_ENTRIES: usize = 2;
/// Lines before and after a line among which these are looked for.
const ENTRY_REACH_LINES: usize = 4;
/// Longest entry of a list of references, in characters.
const MAX_ENTRY_CHARS: usize = 400;

/// Words of the table of one kind.
fn words(kind: &str) -> impl Iterator<Item = &'static str> {
    let rows = rows(include_str!("../../data/citations.tsv"));
    rows.filter(move |row| row.get(1) == Some(&kind)).filter_map(|row| row.get(2).copied())
}

/// Abbreviations with a capital that stand before the number of a page, a volume or a chapter.
static ABBREVIATIONS: LazyLock<Vec<&str>> = LazyLock::new(|| words("abbreviation").collect());

/// First characters of words that stand behind such a number, in scripts without spaces.
static SIGNS: LazyLock<Vec<char>> = LazyLock::new(|| words("sign").filter_map(|word| word.chars().next()).collect());

/// Returns whether the rest of a line after a marker cites a book or an article, and promotes no headline: it names a page
/// or a volume after a comma, or a year in brackets after an author and a title.
pub(super) fn cites(rest: &str) -> bool {
    let rest = rest.trim();
    names_page(rest) || ends_in_year(rest)
}

/// Returns whether line `n` is an entry of a list of references: it reads as one, and so do lines near it.
pub(super) fn in_references(view: View, n: usize) -> bool {
    let entry = |m: usize| is_entry(written(view, &view.lines[m]).trim());
    let near = n.saturating_sub(ENTRY_REACH_LINES)..(n + 1 + ENTRY_REACH_LINES).min(view.lines.len());
    entry(n) && near.filter(|&m| m != n && entry(m)).nth(MIN_OTHER_ENTRIES - 1).is_some()
}

/// Returns whether token `i` of a line begins the title of a reference: after an author with an initial or the year in
/// brackets, and the line reads as an entry.
pub(super) fn begins_title(view: View, line: &Line, i: usize) -> bool {
    let span = view.whole(line);
    let before = view.text[span.start as usize..view.tokens[i].start as usize].trim_end();
    let before = before.trim_end_matches(['“', '"', '«', '„', '‘', ' ']);
    let author = before.rsplit(char::is_whitespace).next().is_some_and(has_initial);
    let year = before.trim_end_matches(['.', ',', ':']).ends_with(')')
        && bracketed_years(before).any(|end| end + 2 >= before.len());
    (author || year) && is_entry(span.of(view.text).trim())
}

/// Returns whether a line reads as an entry of a list of references: it names a page or a volume, or it ends in a year or in
/// pages, or has a year in brackets, and commas or initials part its author, title and publisher.
fn is_entry(line: &str) -> bool {
    if line.chars().nth(MAX_ENTRY_CHARS).is_some() {
        return false;
    }
    let parted = line.contains([',', '，', '،', '、', '《', '『']) || has_initial(line);
    let bare = line.trim_end_matches(['.', '。', '।', '۔', ' ', ')', '）', ']', '年', '년']);
    let before = bare.trim_end_matches(char::is_numeric);
    let year = is_year(&bare[before.len()..])
        && before.trim_end().ends_with([',', '，', '،', '、', ':', '：', '(', '（', '[', '—', '–']);
    let pages = bare.len() > before.len()
        && before.ends_with(['-', '–', '—'])
        && before.trim_end_matches(['-', '–', '—']).ends_with(char::is_numeric)
        && line.split(|c: char| !c.is_numeric()).any(is_year);
    parted && (year || pages || bracketed_years(line).next().is_some()) || names_page(line)
}

/// Returns the ends of the years in brackets in a text: "(1978)", "（二〇〇三年）" is none.
fn bracketed_years(text: &str) -> impl Iterator<Item = usize> + '_ {
    text.match_indices(['(', '（']).filter_map(|(at, open)| {
        let inner = &text[at + open.len()..];
        let (inner, _) = inner.split_once([')', '）'])?;
        is_year(inner.trim_end_matches(['年', '년'])).then_some(at + open.len() + inner.len())
    })
}

/// Returns whether some digits are a year in which a book may have come out.
fn is_year(digits: &str) -> bool {
    let four = digits.chars().count() == 4 && digits.chars().all(char::is_numeric);
    four && digits.parse().map_or(true, |year: u32| (1400..2200).contains(&year))
}

/// Returns whether a text has a comma, an abbreviation and a number in a row: ", S. 114", ", t. II". Abbreviations with a
/// capital are taken as such only if they are one letter or known ("Bd", "Vol"): others are names ("Jan. 6").
fn names_page(rest: &str) -> bool {
    let mut after_comma =
        rest.match_indices([',', '，', '،', '、', ';', '(']).map(|(at, sign)| &rest[at + sign.len()..]);
    let page = |part: &str| {
        let part = part.trim_start();
        let Some((abbreviation, number)) = part.split_once('.') else { return false };
        let letters = abbreviation.chars().count();
        let small = abbreviation.chars().all(|c| c.is_alphabetic() && !c.is_uppercase());
        let capital =
            letters == 1 && abbreviation.chars().all(char::is_alphabetic) || ABBREVIATIONS.contains(&abbreviation);
        let number: String = number.trim_start_matches([' ', '\u{a0}', '\u{202f}']).chars().take(4).collect();
        let roman = number.chars().take_while(|c| "IVXLC".contains(*c)).count();
        let ends = |n: usize| number.chars().nth(n).is_none_or(|c| !c.is_alphanumeric());
        (1..=MAX_ABBREVIATION_LETTERS).contains(&letters)
            && (small || capital)
            && (number.starts_with(|c: char| c.is_numeric()) || roman > 0 && ends(roman))
    };
    let signed = rest.char_indices().any(|(at, c)| {
        SIGNS.contains(&c)
            && rest[..at].trim_end().ends_with(|c: char| c.is_numeric() || "一二三四五六七八九十百".contains(c))
    });
    after_comma.any(page) || signed
}

/// Returns whether a text ends in a year: in brackets after a comma or an initial, or after two commas.
fn ends_in_year(rest: &str) -> bool {
    let rest = rest.trim_end_matches(['.', '。', '।', ' ']);
    let (bare, bracketed) = match rest.strip_suffix([')', '）']) {
        Some(inner) => (inner, true),
        None => (rest, false),
    };
    let digits = bare.chars().rev().take_while(|c| c.is_numeric()).count();
    let Some(before) = bare.char_indices().rev().nth(3).map(|(at, _)| &bare[..at]).filter(|_| digits == 4) else {
        return false;
    };
    let commas = before.matches([',', '，', '،', '、']).count();
    match bracketed {
        true => before.ends_with(['(', '（', ',', ' ']) && (commas > 0 || has_initial(before)),
        false => before.trim_end().ends_with([',', '，', '،']) && (commas >= 2 || has_initial(before)),
    }
}

/// Returns whether a text has a capital letter with a stop by itself, as in "A. Brill".
fn has_initial(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        let mut signs = word.chars();
        signs.next().is_some_and(char::is_uppercase) && signs.next() == Some('.') && signs.next().is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_lists() {
        for line in [
            "Bexley, T. and Orme, J. Read Also Between the Lines. Cant & Sons, 1978.",
            "Bexley, T. (1978). Read also between the lines. Northgate.",
            "Dene, R. “Related Stories”. Quarterly of Print 11 (2003), 40–62.",
            "Dene, R. Related Stories. Quarterly of Print 2003; 11: 40-62.",
            "Петров А. Читайте также между строк. М.: Полиграф, 1978.",
            "Brill, Anna: Lesen Sie auch das. Weide: Sandhof, 1978, S. 14 ff.",
            "王明：《相关阅读》，北京：河湾出版社，1978年。",
            "Brun, A. (dir.), À lire aussi, Vesle, Prés, 1978.",
        ] {
            assert!(is_entry(line), "{line}");
        }
        for line in [
            "The ferry is back in service, the harbour master said.",
            "Read also: Budget 2026",
            "Film review: Casablanca (1942)",
            "Rovers win 3–2",
            "He was born on 3 May 1978.",
            "Lesen Sie auch: Fähre sinkt, 14 Tote",
        ] {
            assert!(!is_entry(line), "{line}");
        }
    }

    #[test]
    fn references_and_headlines() {
        for rest in [
            "Rüdiger Patzak, Weide und Wald, S. 114 ff.",
            "A. Brill, Salt and Smoke (1931).",
            "Hale, The Ledger of Brother Aldous, 1902, p. 14.",
            "Morvillier, Les Prés et les Bois, t. II, p. 114.",
            "Moreno, La sal, vol. 3, pp. 20-31",
            "Петров, Соль и дым, с. 45",
            "Kowalski, Sól i dym, s. 7",
            "Yılmaz, Tuz ve Duman, s. 45",
            "王明：《盐与烟》，第十二页",
            "Berger, Salz und Rauch, Bd. II",
        ] {
            assert!(cites(rest), "{rest}");
        }
        for rest in [
            "Ferry Back In Service",
            "Man, 45, dies in St. 14 fire",
            "Trial over Jan. 6, 2021",
            "Fähre sinkt, 14 Tote",
            "Film review: Casablanca (1942)",
            "Budget 2026",
            "Mairie de Vesle, le bac repart en 2027",
            "新しい橋、二〇二七年に開通",
        ] {
            assert!(!cites(rest), "{rest}");
        }
    }
}
