//! Links to other items that stand in the text: "READ ALSO: Headline of another item".
//!
//! A marker says where such a link may begin. Where it ends needs evidence of its own; without it the link is marked at
//! its likely extent and nothing is cut.

use std::sync::LazyLock;

use super::phrases::{Phrases, rows};
use super::titles::TitleIndex;
use super::{Aside, AsideKind};
use crate::Span;
use crate::segment::Line;
use crate::token::Token;

/// What must stand with a marker for it to be one; each includes those before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// It begins its line, alone or with a headline behind it.
    Line,
    /// A colon or dash behind it, or capitals among text that has none.
    Colon,
    /// A headline with a capital behind it, in running text too.
    Sure,
}

/// The markers that flong knows, in many languages.
static MARKERS: LazyLock<Phrases<Strength>> = LazyLock::new(|| {
    Phrases::new(rows(include_str!("data/inserted_links.tsv")).filter_map(|row| match row[..] {
        ["sure", marker] => Some((marker, Strength::Sure)),
        ["colon", marker] => Some((marker, Strength::Colon)),
        ["line", marker] => Some((marker, Strength::Line)),
        _ => None,
    }))
});

/// No promoted headline has more words than this.
const LONGEST: usize = 30;
/// Lines of headlines that one marker line can head.
const BLOCK: usize = 8;

/// A document as the rules look at it.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub text: &'a str,
    pub tokens: &'a [Token],
    pub lines: &'a [Line],
}

impl View<'_> {
    /// The text between token `i` and the one before it.
    pub fn before(&self, i: usize) -> &str {
        let from = if i == 0 { 0 } else { self.tokens[i - 1].end() as usize };
        let to = self.tokens.get(i).map_or(self.text.len(), |token| token.start as usize);
        // Bigrams of scripts without spaces overlap: nothing stands between them.
        &self.text[from.min(to)..to]
    }

    fn of(&self, i: usize) -> &str {
        let token = &self.tokens[i];
        &self.text[token.start as usize..token.end() as usize]
    }

    /// Whether token `i` is written in capitals, having at least two letters.
    fn in_capitals(&self, i: usize) -> bool {
        let word = self.of(i);
        word.chars().filter(|c| c.is_uppercase()).count() > 1 && !word.chars().any(char::is_lowercase)
    }

    /// Whether a headline ends before token `i`: in a question, an exclamation, or a stop that no abbreviation has.
    fn ends_headline(&self, i: usize) -> bool {
        let word = self.of(i - 1);
        let abbreviation =
            word.chars().count() <= SMALL || self.tokens[i - 1].capital && word.chars().count() <= SMALL + 1;
        self.ends_sentence(i) && (!abbreviation || self.before(i).starts_with(['?', '!', '。', '؟', '।']))
    }

    /// Whether a sentence ends before token `i`.
    pub fn ends_sentence(&self, i: usize) -> bool {
        let gap = self.before(i);
        let mut rest = gap.chars().skip_while(|c| matches!(c, '”' | '"' | '’' | ')' | ']'));
        let stop = rest.next();
        matches!(stop, Some('。' | '！' | '？' | '।' | '؟' | '…'))
            || matches!(stop, Some('.' | '!' | '?')) && rest.next().is_none_or(char::is_whitespace)
    }
}

/// A marker where it stands.
#[derive(Clone, Copy)]
struct Marker {
    start: usize,
    /// One past its last token: where the headline begins.
    end: usize,
    /// It begins its line, but for bullets.
    at_line: bool,
    /// A colon, dash or arrow is behind it.
    colon: bool,
    /// The bracket that stands before it.
    bracket: Option<char>,
}

/// Finds inserted links. `titles` are those of all documents.
pub(super) fn inserted_links(view: View, titles: &TitleIndex) -> Vec<Aside> {
    let mut found: Vec<Aside> = Vec::new();
    let mut i = 0;
    for (n, line) in view.lines.iter().enumerate() {
        i = i.max(line.start);
        while i < line.end {
            if !MARKERS.may_begin(view.tokens[i].word) {
                i += 1;
                continue;
            }
            let Some(marker) = marker_at(view, line, i) else {
                i += 1;
                continue;
            };
            let end = match marker.end == line.end {
                // Arrows behind a marker that ends a line of prose promote nothing: it is a call to read on.
                true if !marker.at_line => marker.end,
                true => block(view, &marker, n, &mut found),
                false => link(view, &marker, line, titles, &mut found),
            };
            i = end.max(i + 1);
        }
    }
    found
}

/// The marker at token `i`, if what stands around it bears it out.
fn marker_at(view: View, line: &Line, i: usize) -> Option<Marker> {
    let before = view.before(i);
    let at_line = i == line.start;
    let bracket = before.chars().rev().find(|c| !c.is_whitespace()).filter(|c| matches!(c, '(' | '[' | '【' | '（'));
    MARKERS.at(&view.tokens[i..line.end]).find_map(|(len, strength)| {
        let end = i + len;
        let whole = at_line && end == line.end;
        let behind = view.before(end).trim_start();
        let colon = behind.starts_with([':', '：', '»', '>', '→', '►', '|', '–', '—', '-', '👉'])
            && !behind.starts_with("->")
            || behind.starts_with('】');
        let marker = Marker { start: i, end, at_line, colon, bracket };
        let capitals = (i..end).all(|i| view.in_capitals(i)) && len > 1 && !shouted(view, line, i, end);
        let headline = end < line.end && view.tokens[end].capital && !view.ends_sentence(end);
        let titled = (i..end).all(|i| view.tokens[i].capital);
        // A colon inside a sentence that the marker is a part of ("… are related: …") proves nothing.
        let apart = at_line || bracket.is_some() || titled || view.ends_sentence(i) || has_no_case(view.of(i));
        let holds = whole
            || match strength {
                Strength::Sure => (colon && apart) || headline && (capitals || titled && apart),
                Strength::Colon => colon && (apart || view.tokens[i].capital && headline) || capitals && headline,
                Strength::Line => at_line && colon && titled,
            };
        holds.then_some(marker)
    })
}

/// Whether the words around a marker in capitals are in capitals too, so that its own tell nothing.
fn shouted(view: View, line: &Line, start: usize, end: usize) -> bool {
    let before = (line.start..start).rev().take(3);
    let after = (end..line.end).take(3);
    let around: Vec<bool> = before.map(|i| view.in_capitals(i)).collect();
    !around.is_empty()
        && around.iter().all(|&is| is)
        && after.clone().count() > 0
        && after.into_iter().all(|i| view.in_capitals(i))
}

fn has_no_case(word: &str) -> bool {
    word.chars().all(|c| !c.is_uppercase() && !c.is_lowercase())
}

/// A marker that is a line of its own heads the lines of headlines that follow. Gives where to go on.
fn block(view: View, marker: &Marker, line: usize, found: &mut Vec<Aside>) -> usize {
    let kind = AsideKind::InsertedLink;
    let head = Aside::new(view.text, view.tokens, marker.start, marker.end, kind, "a marker line");
    let at = found.len();
    // A marker without a headline may head anything.
    found.push(with_bullet(view, head.uncertain(0.5)));
    let mut end = marker.end;
    let bulleted = |line: &Line| {
        let lead = view.before(line.start).rsplit('\n').next().unwrap_or("").trim();
        lead.starts_with(['•', '*', '-', '–', '»', '>', '→', '·', '▪', '◦', '■', '►']) || numbered(view, line)
    };
    let headlines = view.lines[line + 1..].iter().take(BLOCK);
    for (n, headline) in headlines.enumerate() {
        // One line after a marker is its headline if it reads as one; more lines must be in a list.
        let reads = headline.len() <= LONGEST && !ends_like_prose(view, headline);
        if !(bulleted(headline) && headline.len() <= LONGEST
            || n == 0 && reads && titled(view, headline.start, headline.end))
        {
            break;
        }
        let aside =
            Aside::new(view.text, view.tokens, headline.start, headline.end, kind, "a headline under a marker line");
        found.push(with_bullet(view, aside));
        found[at] = Aside { certain: true, score: 1.0, ..found[at] };
        end = headline.end;
    }
    end
}

/// `1.` or `2)` before a headline.
fn numbered(view: View, line: &Line) -> bool {
    let first = &view.tokens[line.start];
    first.word.is_number() && first.len <= 2 && line.len() > 1 && view.before(line.start + 1).starts_with(['.', ')'])
}

fn ends_like_prose(view: View, line: &Line) -> bool {
    let rest = view.text[view.tokens[line.end - 1].end() as usize..].trim_start_matches(['”', '"', '’', ')']);
    rest.starts_with(['.', '。', '।', '…'])
}

/// Takes in the bullet or arrow before a piece that begins its line.
fn with_bullet(view: View, aside: Aside) -> Aside {
    let before = view.before(aside.start as usize);
    let from = view.tokens[aside.start as usize].start as usize - before.len();
    let bullets = ['•', '*', '-', '–', '»', '>', '→', '·', '▪', '◦', '■', '►', '#', '👉', '📌'];
    let lead = before.rsplit('\n').next().unwrap_or("");
    let at = lead.find(|c| bullets.contains(&c)).map(|at| before.len() - lead.len() + at);
    match at {
        Some(at) => aside.with_span(Span::new((from + at).min(aside.span.start as usize), aside.span.end as usize)),
        None => aside,
    }
}

/// The end of a headline and what tells it.
struct End {
    at: usize,
    certain: bool,
    score: f32,
    evidence: &'static str,
}

/// A marker with its headline behind it on the line. Gives where to go on.
fn link(view: View, marker: &Marker, line: &Line, titles: &TitleIndex, found: &mut Vec<Aside>) -> usize {
    let limit = next_marker(view, line, marker.end).min(marker.end + LONGEST).min(line.end);
    let end = headline_end(view, marker, line, limit, titles);
    let aside = Aside::new(view.text, view.tokens, marker.start, end.at, AsideKind::InsertedLink, end.evidence);
    let aside = Aside { certain: end.certain, score: end.score, ..aside };
    found.push(if marker.at_line { with_bullet(view, aside) } else { aside });
    end.at
}

/// Where another marker begins that would end the headline.
fn next_marker(view: View, line: &Line, from: usize) -> usize {
    (from + 1..line.end)
        .find(|&i| {
            let may = MARKERS.may_begin(view.tokens[i].word) && view.tokens[i].capital;
            may && marker_at(view, line, i).is_some_and(|marker| marker.colon)
        })
        .unwrap_or(line.end)
}

fn headline_end(view: View, marker: &Marker, line: &Line, limit: usize, titles: &TitleIndex) -> End {
    let certain = |at: usize, score: f32, evidence: &'static str| End { at, certain: true, score, evidence };
    let start = marker.end;
    if let Some(bracket) = marker.bracket {
        let close = match bracket {
            '(' => ')',
            '[' => ']',
            '（' => '）',
            _ => '】',
        };
        if let Some(at) = (start + 1..=limit).find(|&i| view.before(i).contains(close)) {
            return certain(at, 1.0, "a bracket closes it");
        }
    }
    if let Some(words) = titles.longest_at(&view.tokens[start..limit]) {
        return certain(start + words, 1.0, "the title of another document");
    }
    if view.of(start).starts_with("http") || view.before(start).contains("://") {
        let at = (start + 1..=limit).find(|&i| view.before(i).contains(char::is_whitespace)).unwrap_or(limit);
        return certain(at, 0.9, "an address");
    }
    // Headlines have no stops inside but for abbreviations; a question or an exclamation may end one.
    let sentence = (start + 2..limit).find(|&i| view.ends_headline(i)).unwrap_or(limit);
    if limit < line.end && limit < start + LONGEST && sentence == limit {
        return certain(limit, 0.9, "another marker follows");
    }
    let to_line = line.end <= limit && sentence >= line.end;
    let cut_off =
        view.before(line.end).trim_start().starts_with(['…', '[']) || view.before(line.end).starts_with("...");
    if to_line && marker.at_line && !cut_off {
        return certain(line.end, 0.9, "the line ends");
    }
    if let Some(at) = capitals_end(view, start, limit) {
        return certain(at, 0.85, "its capitals end");
    }
    match title_case_end(view, start, sentence) {
        Run::Ends(at) => certain(at, 0.8, "its title case ends"),
        Run::Whole if to_line && !(cut_off && limit - start > CUT_OFF) => certain(line.end, 0.85, "the line ends"),
        Run::Whole if sentence < limit => certain(sentence, 0.8, "its sentence ends"),
        Run::Whole | Run::Unclear => {
            End { at: sentence, certain: false, score: 0.5, evidence: "its end is not certain" }
        }
    }
}

/// A headline that a feed has cut off is believed to be one up to so many words.
const CUT_OFF: usize = 5;
/// So many words in capitals are a headline and not a kicker before one.
const CAPITALS: usize = 4;

/// Where a headline in capitals ends: at the first word that is not.
fn capitals_end(view: View, start: usize, limit: usize) -> Option<usize> {
    let small = |i: usize| view.of(i).chars().all(|c| !c.is_lowercase());
    let capital = |i: usize| view.in_capitals(i) || view.tokens[i].word.is_number() || small(i);
    let end = (start..limit).find(|&i| !capital(i) && view.of(i).chars().any(char::is_lowercase))?;
    // One capital letter before it ("A man …") begins the next sentence.
    let end = if end > start && view.of(end - 1).chars().count() == 1 && view.tokens[end - 1].capital {
        end - 1
    } else {
        end
    };
    let written = (start..end).filter(|&i| view.in_capitals(i)).count();
    (written >= CAPITALS && !(start + 1..=end).any(|i| view.before(i).contains(':'))).then_some(end)
}

/// How title case goes on in a stretch.
enum Run {
    /// It ends where a sentence begins.
    Ends(usize),
    /// It goes through to the end.
    Whole,
    /// It ends somewhere, or is none.
    Unclear,
}

/// A word of so many letters or fewer may be small in title case: articles, prepositions, conjunctions.
const SMALL: usize = 4;

/// Whether nearly all longer words of a stretch begin with a capital.
fn titled(view: View, start: usize, end: usize) -> bool {
    let long: Vec<bool> = (start..end).filter(|&i| is_long(view, i)).map(|i| view.tokens[i].capital).collect();
    let capital = long.iter().filter(|&&is| is).count();
    !long.is_empty() && capital * 5 >= long.len() * 4
}

fn is_long(view: View, i: usize) -> bool {
    !view.tokens[i].word.is_number() && view.of(i).chars().count() > SMALL
}

/// Words that begin sentences.
static STARTERS: LazyLock<Phrases<()>> =
    LazyLock::new(|| Phrases::new(rows(include_str!("data/starters.tsv")).filter_map(|row| Some((*row.first()?, ())))));

/// Where title case ends: before the sentence that holds the first longer word in small letters. That sentence begins
/// with one of the words that do: the last of these before that word.
fn title_case_end(view: View, start: usize, end: usize) -> Run {
    let Some(small) = (start..end).find(|&i| is_long(view, i) && !view.tokens[i].capital) else {
        return if titled(view, start, end) { Run::Whole } else { Run::Unclear };
    };
    let starter = |i: usize| view.tokens[i].capital && STARTERS.at(&view.tokens[i..=i]).next().is_some();
    let begins = (start + 3..small).rev().find(|&i| starter(i) && !view.before(i).contains([',', '-', '\'', '‘', '“']));
    match begins {
        Some(at) if titled(view, start, at) && small - at <= 6 => Run::Ends(at),
        _ => Run::Unclear,
    }
}
