//! Credits, bylines and datelines at the edges of a text: marked, never cut, and a sign of syndication.

use super::thresholds::THRESHOLDS;
use std::sync::LazyLock;

use super::phrases::{Phrases, rows};
use crate::boilerplate::text::{Aside, AsideKind, View};
use crate::token::{Word, words};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Credit {
    /// A news agency, as usually written.
    Agency(&'static str),
    /// Words that a name follows.
    Byline,
    /// The role of an author, without a name.
    Role,
}

static CREDITS: LazyLock<Phrases<Credit>> = LazyLock::new(|| {
    Phrases::new(rows(include_str!("../../data/credits.tsv")).filter_map(|row| match row[..] {
        [_, "agency", name] => Some((name, Credit::Agency(name))),
        [_, "byline", phrase] => Some((phrase, Credit::Byline)),
        [_, "role", phrase] => Some((phrase, Credit::Role)),
        _ => None,
    }))
});

/// Finds credits at the head and tail of a document.
pub(super) fn credits(view: View) -> Vec<Aside> {
    let mut found = Vec::new();
    let n = view.tokens.len();
    if n < 4 {
        return found;
    }
    let mut at = 0;
    if let Some(end) = byline(view, 0) {
        found.push(credit(view, 0, end, "a byline"));
        at = end;
    }
    if let Some(end) = dateline(view, at).or_else(|| wire(view, at)) {
        found.push(credit(view, at, end, "a dateline"));
    }
    if let Some(line) = view.lines.last().filter(|line| line.start > 0 && line.len() <= THRESHOLDS.max_byline_words + 3)
    {
        let role = CREDITS.at(&view.tokens[line.start..line.end]).any(|(len, credit)| match credit {
            Credit::Role => len == line.len(),
            Credit::Agency(name) => len == line.len() && written_so(view, line.start, len, name),
            Credit::Byline => false,
        });
        if role || byline(view, line.start) == Some(line.end) {
            found.push(credit(view, line.start, line.end, "a credit"));
        }
    }
    for i in (0..THRESHOLDS.max_credit_distance_words.min(n)).chain(
        n.saturating_sub(THRESHOLDS.max_credit_distance_words).max(THRESHOLDS.max_credit_distance_words.min(n))..n,
    ) {
        found.extend(bracketed_agency(view, i).map(|(end, _)| credit(view, i, end, "an agency's credit")));
    }
    found
}

/// Returns the news agency that a document credits, if any.
pub(super) fn agency(view: View) -> Option<&'static str> {
    let n = view.tokens.len();
    let edges = (0..THRESHOLDS.max_credit_distance_words.min(n))
        .chain(n.saturating_sub(THRESHOLDS.max_credit_distance_words)..n);
    let credited = edges.into_iter().find_map(|i| bracketed_agency(view, i).map(|(_, name)| name));
    credited.or_else(|| {
        let line = view.lines.last()?;
        CREDITS.at(&view.tokens[line.start..line.end]).find_map(|(len, credit)| match credit {
            Credit::Agency(name) if len == line.len() && written_so(view, line.start, len, name) => Some(name),
            _ => None,
        })
    })
}

fn credit(view: View, start: usize, end: usize, evidence: &'static str) -> Aside {
    Aside::new(view.text, view.tokens, start, end, AsideKind::Credit, evidence).uncertain(0.9)
}

/// Returns whether a name is written as usual, which short names must be: "AP", not "ap".
fn written_so(view: View, start: usize, len: usize, name: &str) -> bool {
    let short = name.chars().count() <= 4 || !name.chars().any(char::is_lowercase);
    let text = &view.text[view.tokens[start].start as usize..view.tokens[start + len - 1].end() as usize];
    !short || text == name
}

/// Returns the end of the agency in brackets at token `i`, and its name.
fn bracketed_agency(view: View, i: usize) -> Option<(usize, &'static str)> {
    // The last byte before it, which may be that of a wide bracket, rules out nearly every word.
    let before = view.text.as_bytes()[..view.tokens[i].start as usize].last();
    if !matches!(before, Some(b'(' | b'[' | 0x88))
        || !view.before(i).ends_with(['(', '[', '（'])
        || abbreviates(view, i)
    {
        return None;
    }
    CREDITS.at(&view.tokens[i..]).find_map(|(len, credit)| match credit {
        Credit::Agency(name)
            if written_so(view, i, len, name) && view.before(i + len).starts_with([')', ']', '）', '/']) =>
        {
            Some((i + len, name))
        }
        _ => None,
    })
}

/// Returns whether token `i` abbreviates the words before its bracket, "Chief of Naval Staff (CNS)": then it is not a
/// credit, unless these name the agency.
fn abbreviates(view: View, i: usize) -> bool {
    let mut capitals = (0..i).rev().take(8).filter(|&j| view.tokens[j].capital);
    let first = |j: usize| view.of(j).chars().next();
    let letters: Vec<char> = view.of(i).chars().collect();
    let spelt =
        letters.len() > 2 && letters.iter().rev().all(|&letter| capitals.next().and_then(first) == Some(letter));
    let agency = |j: usize| {
        let known = |(len, credit): (usize, Credit)| matches!(credit, Credit::Agency(_)) && j + len == i;
        CREDITS.at(&view.tokens[j..i]).any(known)
    };
    spelt && !(i.saturating_sub(5)..i).any(agency)
}

/// Returns the end of the byline that begins at token `at`: its word and the names after it.
fn byline(view: View, at: usize) -> Option<usize> {
    CREDITS.at(&view.tokens[at..]).find_map(|(len, credit)| match credit {
        Credit::Role => {
            let end = at + len;
            // "Agency Reporter The Federal Government …", but not "Reporters gathered …".
            (view.tokens[at].capital && view.tokens.get(end).is_some_and(|next| next.capital) && len > 1).then_some(end)
        }
        Credit::Byline => {
            let from = at + len;
            let name = |i: usize| view.tokens.get(i).is_some_and(|token| token.capital && !token.word.is_number());
            let gap = |i: usize| i == from || !view.before(i).contains(['\n', ',', '.', ':', '|', '–', '—']);
            let end = (from..from + THRESHOLDS.max_byline_words)
                .find(|&i| !name(i) || !gap(i))
                .unwrap_or(from + THRESHOLDS.max_byline_words);
            let closed =
                view.tokens.get(end).is_none() || view.before(end).contains(['\n', ',', '|', '–', '—', '-', ':']);
            // A full name where nothing shows its end has two words.
            let end = if closed { end } else { end.min(from + 2) };
            let named = end >= from + 2 || closed && end > from;
            let end = place(view, second_name(view, end));
            // In small letters it is the whole of a line: "di Ada Mori, Vallombra".
            let apart = view.tokens[at].capital || view.lines.iter().any(|line| line.range() == (at..end));
            (named && apart).then_some(end)
        }
        Credit::Agency(_) => None,
    })
}

/// Returns the end of "and NAME" after a byline's name, which ends at `at`.
fn second_name(view: View, at: usize) -> usize {
    let joined =
        view.tokens.get(at).is_some_and(|token| AND.contains(&token.word)) && view.before(at).trim().is_empty();
    let name = (at + 1..at + 3).all(|i| view.tokens.get(i).is_some_and(|token| token.capital));
    if joined && name { at + 3 } else { at }
}

/// Words that join two names.
static AND: LazyLock<Vec<Word>> = LazyLock::new(|| {
    ["and", "und", "et", "y", "e", "en", "og", "och", "dan", "и", "ve", "na"].iter().flat_map(|s| words(s)).collect()
});

/// Returns the end of the place after a byline's name, which ends at `at`: ", Abuja", "– Port Harcourt |". If nothing shows
/// its end, it is one word.
fn place(view: View, at: usize) -> usize {
    let gap = view.before(at).trim();
    let named = view.tokens.get(at).is_some_and(|token| token.capital) && !view.before(at).contains('\n');
    if !named || !matches!(gap, "," | "–" | "—" | "-") {
        return at;
    }
    let ends = |i: usize| {
        view.tokens.get(i).is_none() || view.before(i).trim_start().starts_with([',', '.', '|', '–', '—', ':'])
    };
    let two = view.tokens.get(at + 1).is_some_and(|token| token.capital) && view.before(at + 1) == " ";
    if two && ends(at + 2) { at + 2 } else { at + 1 }
}

/// Returns the end of the dateline that begins at token `at`: "LAGOS, Nigeria —", "Abuja (NAN) –".
fn dateline(view: View, at: usize) -> Option<usize> {
    let n = view.tokens.len();
    let dash = (at + 1..(at + THRESHOLDS.max_dateline_words).min(n)).find(|&i| {
        let gap = view.before(i).trim_start_matches([')', ',', '.']);
        gap.trim_start().starts_with(['–', '—']) || gap.starts_with(" - ") || gap.starts_with(" -- ")
    })?;
    let number = |i: usize| view.tokens[i].word.is_number();
    let bracketed = view.before(dash).starts_with([')', '）']);
    let place = |i: usize| {
        let named = view.tokens[i].capital || number(i) || view.before(i).ends_with('(');
        // Before a bracket "14 мая" and the names of scripts without capitals.
        named || bracketed && (!view.is_small(i) || i > at && number(i - 1))
    };
    // "DEPOSIT RATES 1100 -" and "COCOA OPTION TRADES MORNING -" head a table.
    let dated = |i: usize| number(i) && !(1..=31).contains(&view.of(i).parse().unwrap_or(1)) && !is_year(view.of(i));
    let plain = (at + 1..=dash).all(|i| view.before(i).trim().is_empty() || i == dash && !bracketed);
    let heads = (at..dash).any(dated) || plain && dash - at > MAX_PLACE_WORDS && !(at..dash).any(number);
    (!heads && (at..dash).all(place)).then_some(dash)
}

/// Most words of a place that a dateline names with nothing else: no date, agency or country.
const MAX_PLACE_WORDS: usize = 3;

fn is_year(number: &str) -> bool {
    number.len() == 4 && (number.starts_with("19") || number.starts_with("20"))
}

/// Returns the end of what agencies of some languages put before a text instead of a dateline: "【土浦＝共同】", "（新华社河湾5月9日电）",
/// "सोनपुरा (एजेंसी)।".
fn wire(view: View, at: usize) -> Option<usize> {
    let ends = |open: usize, close: &[char]| {
        let mut after = open + 1..(open + THRESHOLDS.max_wire_lead_words).min(view.tokens.len());
        after.find(|&i| view.before(i).starts_with(close))
    };
    let lead = view.lead(at);
    if at < view.tokens.len() && lead.ends_with(['【', '（', '(', '[']) && ideographic(view.of(at)) {
        let end = ends(at, &['】', '）', ')', ']'])?;
        let inside = &view.text[view.tokens[at].start as usize..view.tokens[end - 1].end() as usize];
        let from_agency = inside.contains(['＝', '=']) || inside.ends_with(['电', '電', '讯', '訊', '社']);
        return from_agency.then_some(end);
    }
    let open =
        (at + 1..(at + THRESHOLDS.max_byline_words).min(view.tokens.len())).find(|&i| view.before(i).ends_with('('))?;
    let end = ends(open, &[')'])?;
    let small = (at..end).any(|i| view.is_small(i) || view.tokens[i].capital);
    (!small && view.before(end).starts_with(")।")).then_some(end)
}

/// Returns whether a word is of a script of East Asia.
fn ideographic(word: &str) -> bool {
    word.starts_with(|c: char| c >= '\u{2e80}')
}
