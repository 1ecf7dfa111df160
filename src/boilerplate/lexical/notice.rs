//! Notices of the site on lines of their own: it uses cookies, or reading on costs something.
//!
//! Prose reports about both. What tells a notice is that the site speaks to its reader ("this site uses cookies", "already a
//! subscriber?"), that every sentence of the line is of its kind nearly to the word, and that it stands at an edge of a text
//! of prose that is about something else.

use std::sync::LazyLock;

use ahash::AHashMap;

use super::company::is_short;
use super::composed;
use super::language::{CAPITAL_NOUNS, Language, language};
use super::phrases::{Phrases, rows};
use super::prose::is_small_word;
use super::spelling::{beginnings, folded, spellings};
use super::thresholds::{
    MAX_NAMES_IN_NOTICE, MAX_NOTICE_CHARS, NOTICE_REACH_LINES, WORDS_PER_UNKNOWN_IN_NOTICE, WORDS_PER_UNKNOWN_OF_GATE,
};
use crate::boilerplate::text::surroundings::{Item, ends_sentence, item, written};
use crate::boilerplate::text::{View, has_no_case};
use crate::segment::Line;

/// The statement that a phrase of the table makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// That this site uses cookies.
    Consent,
    /// That one must subscribe, pay or log in to read on.
    Gate,
    /// Something else that such notices say.
    Also,
}

/// The phrases of the table.
struct Notices {
    phrases: Phrases<(Language, Kind)>,
    /// Beginnings of words, in lower case without accents.
    prefixes: AHashMap<String, Vec<Language>>,
}

static NOTICES: LazyLock<Notices> = LazyLock::new(|| {
    let (mut phrases, mut prefixes) = (Vec::new(), AHashMap::<String, Vec<Language>>::new());
    for row in rows(include_str!("../../data/notice_lines.tsv")) {
        let [code, kind, phrase] = row[..] else { continue };
        let kind = match kind {
            "consent" => Kind::Consent,
            "gate" => Kind::Gate,
            "also" => Kind::Also,
            _ => continue,
        };
        let language = language(code);
        match phrase.strip_suffix('*') {
            Some(beginning) => prefixes.entry(folded(beginning)).or_default().push(language),
            None => phrases.extend(spellings(language, phrase).into_iter().map(|(words, _)| (words, (language, kind)))),
        }
    }
    Notices { phrases: Phrases::of_words(phrases), prefixes }
});

/// Phrases of the notices on pages, each with its language and whether it is a word for cookies.
static OF_PAGES: LazyLock<Phrases<(Language, bool)>> = LazyLock::new(|| {
    let rows = rows(include_str!("../../data/notices.tsv")).filter_map(|row| match row[..] {
        [_, "comments", _] => None,
        [code, kind, phrase] => Some((phrase, (language(code), kind == "thing"))),
        _ => None,
    });
    Phrases::new(rows)
});

/// Returns whether line `n`, at an edge of a text of prose, is a notice of the site and nothing else.
pub(super) fn is_notice(view: View, n: usize) -> bool {
    let line = &view.lines[n];
    let lines = view.lines.len();
    if lines < 2 || n >= NOTICE_REACH_LINES && n + NOTICE_REACH_LINES < lines {
        return false;
    }
    let says = line.range().flat_map(|i| NOTICES.phrases.at(&view.tokens[i..line.end]).map(|(_, says)| says));
    let mut said: Vec<(Language, Kind)> = says.filter(|says| says.1 != Kind::Also).collect();
    if said.is_empty() || item(view, line) != Item::None {
        return false;
    }
    let text = written(view, line);
    let quotes = text.contains(['"', '“', '”', '„', '«', '»', '「', '『']);
    if quotes || text.chars().nth(MAX_NOTICE_CHARS).is_some() || !is_beside_prose(view, n) {
        return false;
    }
    said.dedup();
    said.into_iter().any(|(language, kind)| {
        let all = view.sentences(line).iter().all(|sentence| is_of_notice(view, sentence, language, kind));
        all && (kind == Kind::Gate || !tells_of_cookies(view, n, language))
    })
}

/// Returns whether some other line of the text is a sentence of prose.
fn is_beside_prose(view: View, n: usize) -> bool {
    let prose = |line: &Line| !is_short(view, line) && ends_sentence(written(view, line));
    view.lines.iter().enumerate().any(|(m, line)| m != n && prose(line))
}

/// Returns whether another line than `n` has a word for cookies: then the text may be about them.
fn tells_of_cookies(view: View, n: usize, language: Language) -> bool {
    let own = view.lines[n].range();
    let is_thing = |i: usize| OF_PAGES.at(&view.tokens[i..]).any(|(_, (other, thing))| thing && other == language);
    (0..view.tokens.len()).any(|i| !own.contains(&i) && is_thing(i))
}

/// Returns whether a sentence says what such notices say, and hardly anything else.
fn is_of_notice(view: View, sentence: &Line, language: Language, kind: Kind) -> bool {
    let read = Sentence::read(view, sentence, language, kind);
    // "She is already a subscriber": what the site says opens its sentence, or follows what notices say.
    if read.says.is_some_and(|says| says > sentence.start && !read.opens) {
        return false;
    }
    // A site asks for money in its name, and for consent in that of nobody.
    let is_name = |&i: &usize| kind == Kind::Gate && view.tokens[i].capital && i > sentence.start;
    let (names, others): (Vec<usize>, Vec<usize>) = read.unknown.iter().partition(|i| is_name(i));
    let most = if CAPITAL_NOUNS.contains(&language) { MAX_NAMES_IN_NOTICE / 2 } else { MAX_NAMES_IN_NOTICE };
    let cased = !has_no_case(view.of(sentence.end - 1));
    let words_per_unknown =
        if kind == Kind::Gate && cased { WORDS_PER_UNKNOWN_OF_GATE } else { WORDS_PER_UNKNOWN_IN_NOTICE };
    names.len() <= most && others.len() * words_per_unknown <= sentence.len() && names.len() < sentence.len()
}

/// A sentence, read as one of a notice.
#[derive(Default)]
struct Sentence {
    /// Whether it begins with a phrase of notices or calls.
    opens: bool,
    /// The first token of a phrase that only a site says of itself.
    says: Option<usize>,
    /// The words that no notice has; numbers are none.
    unknown: Vec<usize>,
}

impl Sentence {
    fn read(view: View, sentence: &Line, language: Language, kind: Kind) -> Sentence {
        let from = view.tokens[sentence.start].start as usize;
        let bytes =
            |i: usize, end: usize| view.tokens[i].start as usize - from..view.tokens[end - 1].end() as usize - from;
        let mut known = vec![false; bytes(sentence.start, sentence.end).end];
        let mut found = Sentence::default();
        for i in sentence.range() {
            let tokens = &view.tokens[i..sentence.end];
            let mut longest = composed::part(view, sentence, i, language).unwrap_or(0);
            for (len, (_, says)) in NOTICES.phrases.at(tokens).filter(|(_, (other, _))| *other == language) {
                longest = longest.max(len);
                if says != Kind::Also {
                    found.says = found.says.or(Some(i));
                }
            }
            if kind == Kind::Consent {
                let of_page = OF_PAGES.at(tokens).filter(|(_, (other, _))| *other == language);
                longest = of_page.fold(longest, |longest, (len, _)| longest.max(len));
            }
            found.opens |= i == sentence.start && longest > 0;
            if longest == 0 && (is_small_word(language, &tokens[0].word) || begins(view.of(i), language)) {
                longest = 1;
            }
            if longest > 0 {
                known[bytes(i, i + longest)].fill(true);
            }
        }
        let is_unknown = |&i: &usize| !view.tokens[i].word.is_number() && known[bytes(i, i + 1)].contains(&false);
        Sentence { unknown: sentence.range().filter(is_unknown).collect(), ..found }
    }
}

/// Returns whether a word begins as a word of notices does.
fn begins(word: &str, language: Language) -> bool {
    let word = folded(word);
    let mut known = beginnings(&word).filter_map(|beginning| NOTICES.prefixes.get(beginning));
    known.any(|languages| languages.contains(&language))
}

/// The evidence of a notice.
pub(super) const NOTICE: &str = "a notice of the site to its readers";
