//! Calls to action and the furniture of pages: "Subscribe to our newsletter", "Read more »".

use super::thresholds::{
    COMPOSED_REACH_LINES, MAX_CALL_SENTENCES, MAX_COUNTER_WORDS, MIN_CUT_OFF_TEXT_BYTES, MIN_LISTED_CALL_WORDS,
    MIN_TELLING_WEIGHT_WORDS, THRESHOLDS,
};
use ahash::AHashMap;

use super::citation::in_references;
use super::company::{Company, company, is_short};
use super::composed::{Fit, composed};
use super::notice::{NOTICE, is_notice};
use super::own::Where;
use super::phrases::Phrases;
use super::rights::{RESERVED, reserves};
use crate::Span;
use crate::boilerplate::text::{
    Aside, AsideKind, View,
    surroundings::{self, Item},
};
use crate::segment::Line;
use crate::token::{Token, words};

/// A row of the table of calls, or of a user: a phrase and where it must occur.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    pub place: Where,
    /// In lower case.
    pub phrase: &'a str,
    /// Whether its words also begin steps, headings and labels, so that other lines must confirm it.
    pub weak: bool,
    /// Whether it names what a counter counts.
    pub counted: bool,
}

/// The properties of a phrase.
#[derive(Debug, Clone, Copy)]
struct Call {
    place: Where,
    /// The sign that must follow its words: a colon, an "@".
    sign: Option<char>,
    /// Its weight in words: the number of its words, or a third of its letters in scripts without spaces.
    weight: usize,
    /// Whether other lines must confirm it.
    weak: bool,
    /// Whether it names what a counter counts.
    counted: bool,
}

/// The known calls, indexed by their words.
#[derive(Debug, Clone)]
pub(super) struct Calls {
    phrases: Phrases<Call>,
    /// Tails by their last word, for the ends of paragraphs; the longer ones first. Each with whether it is weak.
    tails: AHashMap<Box<str>, Vec<(Box<str>, bool)>>,
    /// The last words of the tails, to see at once that a word ends none.
    ends: Phrases<()>,
}

/// A line that is, or begins with, the phrase of a call.
#[derive(Debug, Clone, Copy)]
struct Reading {
    /// The words of the phrase.
    words: usize,
    /// The properties of the phrase; a line of rights has none.
    call: Option<Call>,
    /// Whether the phrase is in the table.
    known: bool,
    /// Whether the line is put together from the parts of a call.
    composed: Option<Fit>,
    /// Whether the line is a notice that reserves rights.
    reserves: bool,
    /// Whether the line is a notice of the site on cookies or payment.
    notice: bool,
}

impl Reading {
    /// A line that is known as a whole, of so many words.
    fn whole(words: usize, call: Option<Call>) -> Self {
        Reading { words, call, known: true, composed: None, reserves: false, notice: false }
    }

    /// Returns whether the words alone make the line a call.
    fn is_strong(&self) -> bool {
        self.call.is_some_and(|call| !call.weak)
    }

    /// Returns whether the line says who holds the rights.
    fn is_rights(&self) -> bool {
        self.call.is_none_or(|call| call.sign == Some('©'))
    }
}

impl Calls {
    /// Calls from the rows of a table.
    pub fn new<'a>(rows: impl IntoIterator<Item = Row<'a>>) -> Self {
        let rows: Vec<Row> = rows.into_iter().collect();
        let phrases = Phrases::new(rows.iter().map(|&Row { place, phrase, weak, counted }| {
            let sign = phrase.chars().next_back().filter(|c| matches!(c, ':' | '：' | '@' | '©'));
            (phrase, Call { place, sign, weight: weight(phrase), weak, counted })
        }));
        let last = |row: &Row| words(row.phrase).last().copied();
        let tails_only = || rows.iter().filter(|row| row.place == Where::Tail);
        let ends = Phrases::of_words(tails_only().filter_map(last).map(|word| (vec![word], ())));
        let mut tails: AHashMap<Box<str>, Vec<(Box<str>, bool)>> = AHashMap::default();
        for row in tails_only() {
            tails.entry(last_word(row.phrase).into()).or_default().push((row.phrase.into(), row.weak));
        }
        tails.values_mut().for_each(|phrases| phrases.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len())));
        Calls { phrases, tails, ends }
    }

    /// Finds calls to action.
    pub fn find(&self, view: View) -> Vec<Aside> {
        let readings: Vec<(usize, Reading)> =
            (0..view.lines.len()).filter_map(|n| Some((n, self.reading(view, n)?))).collect();
        let mut found = lines_of(view, &readings);
        let is_line = |n: usize| readings.binary_search_by_key(&n, |&(n, _)| n).is_ok();
        let tails = view.lines.iter().enumerate().filter(|&(n, _)| !is_line(n));
        found.extend(tails.filter_map(|(_, line)| self.tail_call(view, line)));
        found.sort_by_key(|aside| aside.start);
        found
    }

    /// Reads a line as a call by its first words.
    fn reading(&self, view: View, n: usize) -> Option<Reading> {
        let line = &view.lines[n];
        let tokens = &view.tokens[line.start..line.end];
        if reserves(view, n) {
            return Some(Reading { reserves: true, ..Reading::whole(line.len(), None) });
        }
        if is_notice(view, n) {
            let weight = MIN_TELLING_WEIGHT_WORDS;
            let call = Call { place: Where::Line, sign: None, weight, weak: false, counted: false };
            return Some(Reading { notice: true, ..Reading::whole(line.len(), Some(call)) });
        }
        let edge =
            line.start == 0 || view.lines[view.lines.len().saturating_sub(COMPOSED_REACH_LINES)].start <= line.start;
        let composed = composed(view, line).filter(|&fit| edge || fit == Fit::Full);
        let found = self.phrases.at(tokens).find(|&(len, call)| match call.place {
            Where::Line => line.len() <= THRESHOLDS.max_call_line_words && signed(view, line.start + len, call.sign),
            Where::Whole | Where::Tail => len == line.len(),
        });
        if (edge || self.phrases.at(tokens).next().is_some())
            && let Some(call) = self.several(view, line)
        {
            return Some(Reading::whole(line.len(), Some(call)));
        }
        if let Some((words, call)) = found {
            // A word by itself heads a section as well as it ends a teaser.
            let word = call.place == Where::Tail && words == 1 && line.len() == 1;
            let call = Call { weak: call.weak || word, ..call };
            return Some(Reading { composed, ..Reading::whole(words, Some(call)) });
        }
        if let Some(call) = self.counter(tokens) {
            return Some(Reading::whole(line.len(), Some(call)));
        }
        // With a year it is a copyright line; without, a picture's credit.
        let is_value = || view.text[..view.whole(line).start as usize].trim_end().ends_with([':', '：']);
        let rights = view.lead(line.start).trim_start().starts_with('©')
            && !is_value()
            && view.whole(line).len() <= THRESHOLDS.max_call_line_chars
            && tokens.iter().any(|token| token.word.is_number());
        if rights {
            return Some(Reading::whole(line.len(), None));
        }
        // Its parts are in the line as the words of a phrase are, and steps have them too.
        let call =
            Call { place: Where::Line, sign: None, weight: MIN_TELLING_WEIGHT_WORDS, weak: true, counted: false };
        composed.map(|_| Reading { known: false, composed, ..Reading::whole(line.len(), Some(call)) })
    }

    /// Returns the call that a line of several sentences is: each asks for something, and so they confirm each other. The
    /// words of one of them must be enough.
    fn several(&self, view: View, line: &Line) -> Option<Call> {
        let sentences = view.sentences(line);
        if !(2..=MAX_CALL_SENTENCES).contains(&sentences.len()) {
            return None;
        }
        let weak: Vec<bool> = sentences.iter().map(|sentence| self.sentence(view, sentence)).collect::<Option<_>>()?;
        let weight = MIN_TELLING_WEIGHT_WORDS;
        let call = Call { place: Where::Line, sign: None, weight, weak: false, counted: false };
        (!weak.iter().all(|&weak| weak)).then_some(call)
    }

    /// Returns whether a sentence that asks for something is weak; `None` if it does not ask for anything.
    fn sentence(&self, view: View, sentence: &Line) -> Option<bool> {
        let whole = |len: usize| len == sentence.len();
        let tells = |len: usize, call: &Call| len * 2 > sentence.len() || call.weight >= MIN_TELLING_WEIGHT_WORDS;
        let fits = |&(len, call): &(usize, Call)| {
            call.sign.is_none() && (whole(len) || call.place == Where::Line && tells(len, &call))
        };
        let known = self.phrases.at(&view.tokens[sentence.range()]).filter(fits).map(|(_, call)| call.weak).min();
        let composed = composed(view, sentence).filter(|&fit| fit > Fit::Apart).map(|fit| fit != Fit::Full);
        known.into_iter().chain(composed).min().or_else(|| gives_address(view, sentence).then_some(true))
    }

    /// Returns the call that a line counts: "8 shares", "Kommentare: 3".
    fn counter(&self, line: &[Token]) -> Option<Call> {
        let words = match line {
            [] | [_] => return None,
            [first, rest @ ..] if first.word.is_number() => rest,
            [rest @ .., last] if last.word.is_number() => rest,
            _ => return None,
        };
        let whole =
            |(len, call): (usize, Call)| (call.counted && len == words.len()).then_some(Call { weak: true, ..call });
        if line.len() <= MAX_COUNTER_WORDS { self.phrases.at(words).find_map(whole) } else { None }
    }

    /// Returns a call at the end of a line of prose, glued to the word before or not.
    fn tail_call(&self, view: View, line: &Line) -> Option<Aside> {
        let text = view.text;
        let (from, to) = (view.tokens[line.start].start as usize, view.tokens[line.end - 1].end() as usize);
        let body = &text[from..to];
        // Most lines end in a word that ends no call, which the token's bits show.
        let end = view.of(line.end - 1);
        let glued = end.bytes().skip(1).any(|byte| byte.is_ascii_uppercase() || byte >= 0x80);
        if !glued && !self.ends.may_begin(view.tokens[line.end - 1].word) {
            return None;
        }
        let last = body.rsplit(|c: char| c.is_whitespace() || "。！？….!?[]()「」【】»".contains(c)).next()?;
        let candidates = self.tails.get(last.to_lowercase().as_str()).or_else(|| {
            let glued = last.char_indices().rev().find(|(_, c)| c.is_uppercase())?.0;
            self.tails.get(last[glued..].to_lowercase().as_str())
        })?;
        let (start, weak) = candidates.iter().find_map(|(phrase, weak)| {
            let at = body.len().checked_sub(phrase.len())?;
            let tail = body.get(at..)?;
            let begins = tail.chars().next()?;
            let before = body[..at].chars().next_back()?;
            let apart = before.is_whitespace()
                || matches!(
                    before,
                    '[' | '(' | ']' | ')' | '…' | '.' | '!' | '?' | '"' | '”' | '»' | '。' | '！' | '？' | '」'
                );
            let after_stop = matches!(
                body[..at].trim_end_matches(['[', '(', ' ', '\u{a0}']).chars().next_back(),
                Some('.' | '!' | '?' | '…' | ']' | ')' | '"' | '”' | '。' | '！' | '？' | '」' | '।' | '۔' | ':' | '»')
            );
            let glued =
                begins.is_uppercase() && !apart && !matches!(before, '/' | '-' | '_' | '.' | '\\' | '=' | '<' | '`');
            let same = tail.to_lowercase() == **phrase;
            // Feeds cut text off before it without a mark; the end of a headline reads alike.
            let cut_off = begins.is_uppercase() && phrase.contains(' ') && at > MIN_CUT_OFF_TEXT_BYTES;
            (same && (glued || apart && (after_stop || cut_off))).then_some((from + at, *weak && !glued))
        })?;
        if surroundings::is_heading(view, line) || surroundings::is_code(view, line) || surroundings::is_row(view, line)
        {
            return None;
        }
        let first =
            line.start + view.tokens[line.start..line.end].partition_point(|token| (token.start as usize) < start);
        let first = first.min(line.end - 1);
        let aside =
            Aside::new(text, view.tokens, first, line.end, AsideKind::CallToAction, "a call at the end of a paragraph");
        let bracketed =
            text[..start].ends_with(['[', '(']) && text[aside.span.end as usize..].starts_with([']', ')', '.', '…']);
        let end =
            if bracketed { closing(text, aside.span.end as usize) } else { arrows(text, aside.span.end as usize) };
        let colons = text[end..].chars().take_while(|c| matches!(c, ':' | '：')).map(char::len_utf8).sum::<usize>();
        let end = end + colons;
        // A bracket that the piece has taken in already stays; a glued word does not.
        let from = if view.tokens[first].start as usize == start { aside.span.start as usize } else { start };
        let aside = aside.with_span(Span::new(from.min(start - usize::from(bracketed)), end));
        let behind = &text[aside.span.end as usize..];
        // Somebody says it.
        if behind.starts_with(['"', '”', '’', '»', '」', '』']) && !bracketed {
            return None;
        }
        let piece = aside.span.of(text);
        let cut_off = text[..start].trim_end_matches([' ', '\u{a0}', '[', '(']).ends_with(['…', ']', ')'])
            || text[..start].trim_end().ends_with("..");
        let dressed = bracketed || cut_off || piece.ends_with(['»', '>', '→', '›', '…']) || piece.ends_with("..");
        // "… der Mühle. Mehr / Informationen gibt es …": the first word of a sentence that is wrapped.
        if !dressed && weight(piece) == 1 && goes_on(behind) {
            return None;
        }
        let last = line.end == view.tokens.len() && weight(piece) > 1;
        let sentence = piece.ends_with(['.', '。', '।']) && !last && weight(piece) < MIN_TELLING_WEIGHT_WORDS;
        let step = surroundings::item(view, line) == Item::Number;
        Some(if dressed || !weak && !sentence && !step { aside } else { aside.uncertain(0.4) })
    }
}

/// Returns the lines that are calls to action: certain if their words are enough, or if the lines around them confirm it.
fn lines_of(view: View, readings: &[(usize, Reading)]) -> Vec<Aside> {
    let (mut is_call, mut is_strong) = (Vec::new(), Vec::new());
    if !readings.is_empty() {
        is_call.resize(view.lines.len(), false);
        is_strong.resize(view.lines.len(), false);
    }
    // Holders of rights in a row are what a licence lists.
    let listed = |i: usize| {
        let beside =
            |j: usize| readings.get(j).is_some_and(|(n, other)| other.is_rights() && n.abs_diff(readings[i].0) == 1);
        readings[i].1.is_rights() && (beside(i + 1) || i > 0 && beside(i - 1))
    };
    let may_be =
        |i: usize, n: usize| !listed(i) && !surroundings::is_part(view, &view.lines[n]) && !in_references(view, n);
    for (_, &(n, reading)) in readings.iter().enumerate().filter(|&(i, &(n, _))| may_be(i, n)) {
        is_call[n] = true;
        is_strong[n] = reading.is_strong();
    }
    let calls = readings.iter().filter(|(n, _)| is_call[*n]);
    calls.map(|&(n, reading)| line_call(view, n, reading, company(view, n, &is_call, &is_strong))).collect()
}

/// Returns line `n` as a call: certain if the phrase is more than half of it or long enough, and if the lines around it
/// allow it.
fn line_call(view: View, n: usize, reading: Reading, company: Company) -> Aside {
    let line = &view.lines[n];
    let evidence = "a line that asks for something";
    let aside = Aside::new(view.text, view.tokens, line.start, line.end, AsideKind::CallToAction, evidence);
    let aside = aside.with_span(view.whole(line));
    let Some(call) = reading.call else {
        // After a sentence it is not an entry of a list of rights.
        let listed = company == Company::List
            && !n
                .checked_sub(1)
                .is_some_and(|above| surroundings::ends_sentence(surroundings::written(view, &view.lines[above])));
        let aside = if reading.reserves { Aside { evidence: RESERVED, ..aside } } else { aside };
        return if listed { aside.uncertain(0.5) } else { aside };
    };
    let piece = aside.span.of(view.text);
    let at_end = line.start > 0 && line.end == view.tokens.len() && !piece.contains(',');
    let enough =
        call.sign == Some('©') || call.sign.is_none() && call.weight + usize::from(at_end) >= MIN_TELLING_WEIGHT_WORDS;
    let short = piece.chars().count() <= THRESHOLDS.max_call_line_chars;
    let one_sentence = || (line.start + 1..line.end).all(|i| !view.ends_headline(i) || call.sign == Some('©'));
    let better_part = reading.words * 2 > line.len();
    let says = better_part || enough && short && one_sentence();
    let points = piece.trim_end().ends_with(['»', '→', '›', '>', '▶', '►']);
    let sentence = surroundings::ends_sentence(piece) && reading.words < MIN_LISTED_CALL_WORDS;
    // Texts end in a question, too.
    let asks = piece.trim_end().ends_with(['?', '？', '؟']);
    let label = surroundings::is_label(view, line) && call.sign.is_none();
    let alone = company == Company::End || company == Company::Prose && (opens_prose(view, n) || parts_prose(view, n));
    if reading.notice && (alone || company == Company::Calls) {
        return Aside { evidence: NOTICE, ..aside };
    }
    if reading.composed == Some(Fit::Full) && !label && (alone || company == Company::Calls) {
        return Aside { evidence: "a call put together from known parts", ..aside };
    }
    // Steps and sentences about apps and networks have the same parts.
    let only_parts = !reading.known && company != Company::Calls;
    if only_parts || reading.composed == Some(Fit::Apart) && !better_part {
        return aside.uncertain(0.5);
    }
    let borne_out = match company {
        Company::Calls => true,
        Company::List => {
            let telling = call.place == Where::Whole || call.weight >= MIN_LISTED_CALL_WORDS;
            !call.weak && telling && surroundings::item(view, line) == Item::None
        }
        _ if label => false,
        Company::End => !call.weak || points || !sentence && !asks,
        Company::Prose => !call.weak || points,
    };
    match (says, borne_out) {
        (true, true) => aside,
        (true, false) => aside.uncertain(0.5),
        (false, _) => aside.uncertain(reading.words as f32 / line.len() as f32),
    }
}

/// Returns whether a short sentence gives an address to write to: "Email desk@paper.example or call us."
fn gives_address(view: View, sentence: &Line) -> bool {
    let written = surroundings::written(view, sentence);
    let is_address =
        |word: &str| word.trim_matches('@').contains('@') || word.contains("://") || word.starts_with("www.");
    written.chars().count() <= THRESHOLDS.max_call_line_chars && written.split_whitespace().any(is_address)
}

/// Returns whether line `n` is the first, and prose follows it.
fn opens_prose(view: View, n: usize) -> bool {
    n == 0 && view.lines.get(1).is_some_and(|next| !is_short(view, next))
}

/// Returns whether line `n` is a paragraph between others: the one above ends, and does not lead to it.
fn parts_prose(view: View, n: usize) -> bool {
    let ends = |line: &Line| surroundings::ends_sentence(surroundings::written(view, line));
    n > 0 && ends(&view.lines[n - 1]) && surroundings::item(view, &view.lines[n]) == Item::None
}

/// Returns the weight of a phrase: its number of words, or a third of its letters in a script without spaces.
fn weight(phrase: &str) -> usize {
    let letters = phrase.chars().filter(|c| *c > '\u{e00}' && c.is_alphabetic()).count();
    phrase.split(' ').count().max(letters / 3)
}

/// Returns whether the required sign, if any, is before token `i`.
fn signed(view: View, i: usize, sign: Option<char>) -> bool {
    let behind = view.before(i).trim_start();
    match sign {
        Some(':' | '：') => behind.starts_with([':', '：']),
        Some(sign) => behind.starts_with(sign),
        None => true,
    }
}

fn last_word(phrase: &str) -> &str {
    phrase.rsplit(' ').next().unwrap_or(phrase)
}

/// Returns the end of the dots and the bracket after a call.
fn closing(text: &str, end: usize) -> usize {
    let rest = text[end..].trim_start_matches(['.', '…']);
    text.len() - rest.strip_prefix([']', ')']).unwrap_or(rest).len()
}

/// Returns the end of the arrows after a call.
fn arrows(text: &str, end: usize) -> usize {
    let rest = text[end..].trim_start_matches([' ', '\u{a0}']);
    let past = rest.trim_start_matches(['»', '>', '→', '›', '…', '.']);
    if past.len() < rest.len() { text.len() - past.len() } else { end }
}

/// Returns whether the next line follows without a blank one between, and begins with a word.
fn goes_on(behind: &str) -> bool {
    let next = behind.trim_start_matches([' ', '\t', '\r']).strip_prefix('\n').unwrap_or_default();
    next.trim_start_matches([' ', '\t']).starts_with(char::is_alphabetic)
}
