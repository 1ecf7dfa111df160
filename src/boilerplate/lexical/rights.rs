//! Lines that say who holds the rights: boilerplate at the foot of a page, content in a licence.

use std::sync::LazyLock;

use ahash::AHashMap;

use super::company::is_short;
use super::language::{Language, language};
use super::phrases::{Phrases, rows};
use super::prose::is_small_word;
use super::spelling::{beginnings, folded, spellings};
use super::thresholds::{
    MAX_FOOT_LINES, MAX_NOTICE_CHARS, MAX_NOTICE_NAME_WORDS, MAX_SIGNED_WORDS, MAX_UNKNOWN_CASELESS_WORDS,
};
use crate::boilerplate::text::surroundings::{ends_sentence, written};
use crate::boilerplate::text::{Aside, AsideKind, View, has_no_case};
use crate::segment::Line;
use crate::token::BIGRAMS_PER_WORD;

/// The part that a phrase of the table has in a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Notice,
    Sign,
    Part,
    Licence,
}

/// The phrases of the table.
struct Rights {
    phrases: Phrases<(Language, Kind)>,
    /// Beginnings of words, in lower case without accents.
    prefixes: AHashMap<String, Language>,
}

static RIGHTS: LazyLock<Rights> = LazyLock::new(|| {
    let mut found = (Vec::new(), AHashMap::new());
    for row in rows(include_str!("../../data/rights.tsv")) {
        let [code, kind, phrase] = row[..] else { continue };
        let kind = match kind {
            "notice" => Kind::Notice,
            "sign" => Kind::Sign,
            "part" => Kind::Part,
            "licence" => Kind::Licence,
            _ => continue,
        };
        let language = language(code);
        match phrase.strip_suffix('*') {
            Some(beginning) => {
                found.1.insert(folded(beginning), language);
            }
            None => found.0.extend(spellings(language, phrase).into_iter().map(|(words, _)| (words, (language, kind)))),
        }
    }
    Rights { phrases: Phrases::of_words(found.0), prefixes: found.1 }
});

/// Returns whether line `n`, near the end of a text, is a notice that reserves rights: one of its sentences does, and the
/// others are of its kind.
pub(super) fn reserves(view: View, n: usize) -> bool {
    let line = &view.lines[n];
    if n == 0 || n + 1 + MAX_FOOT_LINES < view.lines.len() {
        return false;
    }
    let holds = |i: usize| RIGHTS.phrases.at(&view.tokens[i..line.end]).any(|(_, (_, kind))| kind == Kind::Notice);
    if !line.range().any(holds) || written(view, line).chars().nth(MAX_NOTICE_CHARS).is_some() {
        return false;
    }
    view.sentences(line).iter().all(|sentence| Sentence::read(view, sentence.start, sentence.end).is_of_notice())
}

/// A sentence, read as a part of a notice.
#[derive(Debug, Default)]
struct Sentence {
    /// Its words; a third of the bigrams in scripts without spaces.
    words: usize,
    /// The words that are neither of a notice nor names.
    unknown: usize,
    /// The words of notices.
    parts: usize,
    /// Whether it reserves rights by itself.
    notice: bool,
    /// Whether it begins with the sign of copyright.
    signed: bool,
    /// Whether its script has no capitals to tell names by.
    caseless: bool,
}

impl Sentence {
    fn read(view: View, from: usize, to: usize) -> Sentence {
        let lead = view.lead(from);
        let mut found = Sentence { caseless: has_no_case(view.of(to - 1)), ..Sentence::default() };
        found.signed = lead.contains(SIGNS) || view.of(from).eq_ignore_ascii_case("c") && lead.contains('(');
        let (mut i, mut unknown, mut known) = (from, Vec::new(), Vec::new());
        while i < to {
            let phrase = RIGHTS.phrases.at(&view.tokens[i..to]).find(|(_, (_, kind))| *kind != Kind::Licence);
            let (len, language) = match phrase {
                Some((len, (language, kind))) => {
                    found.notice |= kind == Kind::Notice;
                    found.signed |= kind == Kind::Sign && i == from;
                    (len, Some(language))
                }
                None => (1, prefix(view.of(i))),
            };
            match language {
                Some(language) => {
                    let telling = len > 1 || view.of(i).len() > MAX_SMALL_BYTES || view.is_spaceless(i);
                    found.parts += usize::from(telling);
                    known.push(language);
                }
                None => unknown.push(i),
            }
            let past = view.tokens[i + len - 1].end();
            let next = i + len;
            // Bigrams overlap.
            i = if language.is_some() {
                (next..to).find(|&i| view.tokens[i].start >= past).unwrap_or(to)
            } else {
                next
            };
        }
        let other = |&i: &usize| {
            let token = &view.tokens[i];
            !token.capital
                && !token.word.is_number()
                && !known.iter().any(|&language| is_small_word(language, &token.word))
        };
        let spaceless = (from..to).any(|i| view.is_spaceless(i));
        let per_word = if spaceless { BIGRAMS_PER_WORD } else { 1 };
        found.words = (to - from).div_ceil(per_word);
        found.unknown = unknown.iter().filter(|i| other(i)).count() / per_word;
        found
    }

    fn is_of_notice(&self) -> bool {
        let free = if self.caseless { MAX_UNKNOWN_CASELESS_WORDS } else { 1 };
        let name =
            self.words <= MAX_NOTICE_NAME_WORDS && if self.caseless { self.words <= free } else { self.unknown == 0 };
        self.notice && self.unknown <= free + self.parts / 2
            || self.signed && self.words <= MAX_SIGNED_WORDS && self.unknown <= free + 1
            || self.parts > 1 && self.unknown * 2 <= self.words
            || name
    }
}

/// The sign of copyright, and how it is typed in Korea.
const SIGNS: [char; 3] = ['©', 'ⓒ', 'Ⓒ'];
/// Longest word that says little: "of".
const MAX_SMALL_BYTES: usize = 3;

/// Returns the language of a part that a word begins with.
fn prefix(word: &str) -> Option<Language> {
    beginnings(&folded(word)).filter_map(|beginning| RIGHTS.prefixes.get(beginning).copied()).last()
}

/// Returns a line on rights inside a text as one that is only to be marked: there it is part of a licence or of a file's
/// head. One that opens a text, after its titles at most, is no boilerplate: it says whose the rest is.
pub(crate) fn rights_in_licence(view: View, aside: Aside) -> Option<Aside> {
    if aside.kind != AsideKind::Frame && aside.evidence != RESERVED {
        return Some(aside);
    }
    let says = aside.span.of(view.text).trim_start_matches(['/', '*', '#', ' ']);
    let starts = |sign: &str| says.get(..sign.len()).is_some_and(|head| head.eq_ignore_ascii_case(sign));
    let rights = aside.evidence == RESERVED || says.starts_with(SIGNS) || starts("copyright") || starts("(c)");
    if !rights {
        return Some(aside);
    }
    let (first, last) = (aside.start as usize, aside.end as usize);
    let above = &view.lines[..view.lines.partition_point(|line| line.end <= first)];
    let below = &view.lines[view.lines.partition_point(|line| line.start < last)..];
    let prose = |line: &Line| !is_short(view, line) && ends_sentence(written(view, line));
    let opens = !above.iter().any(|line| ends_sentence(written(view, line)));
    if above.is_empty() && !below.is_empty() || opens && below.iter().take(MAX_FOOT_LINES + 1).any(prose) {
        return None;
    }
    let licence = |line: &Line| {
        line.range().any(|i| RIGHTS.phrases.at(&view.tokens[i..line.end]).any(|(_, (_, kind))| kind == Kind::Licence))
    };
    let near = above.iter().rev().take(MAX_FOOT_LINES).chain(below.iter().take(MAX_FOOT_LINES));
    let inside = below.len() > MAX_FOOT_LINES || near.filter(|line| prose(line)).any(licence);
    Some(if inside && aside.certain { aside.uncertain(0.5) } else { aside })
}

/// The evidence of a notice.
pub(super) const RESERVED: &str = "a notice that reserves rights";
