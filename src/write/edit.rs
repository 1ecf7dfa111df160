//! What findings make of one document: its record as it goes on, and its lines of the ledger.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Cut, LedgerLine, remaining, tidy};
use crate::judge::{Action, Finding};
use crate::read::{Fields, cut_item, raw_offsets, text_value};
use crate::{Document, Span, Within};

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Fate {
    /// It goes on as it was.
    Kept,
    /// It goes on with pieces of its text removed.
    Edited,
    /// It does not go on.
    Dropped,
    /// It was no document: blank, or not readable.
    Other,
    /// It was too long to be kept, and cannot be given back.
    Lost,
}

/// A record, and where in it the text stands.
#[derive(Debug, Clone)]
pub(crate) struct Record<'r> {
    /// The record: a JSON line, a text, or an item of a feed.
    pub whole: &'r str,
    /// Where the literal of the text stands, quotes included; without one the record is the text.
    literal: Option<Range<usize>>,
    /// Where the text stands in markup.
    markup: Option<Within>,
    /// Whether the text cannot be taken out of the record piece by piece: it was made from it.
    fixed: bool,
}

impl<'r> Record<'r> {
    /// A record that is its text.
    pub fn text(text: &'r str) -> Self {
        Record { whole: text, literal: None, markup: None, fixed: false }
    }

    /// A record that holds its text in markup: as it was read, so `None` is a text of which nothing can be cut.
    pub fn markup(whole: &'r str, within: Option<Within>) -> Self {
        Record { whole, literal: None, markup: within, fixed: within.is_none() }
    }

    /// A JSON record, if it has a text.
    pub fn json(line: &'r str, fields: &Fields) -> Option<Self> {
        text_value(line, fields).map(|value| Record { literal: Some(value.range), ..Record::text(line) })
    }

    /// Where these offsets of the text, in ascending order, stand in the record.
    pub fn offsets(&self, text: &[usize]) -> Vec<usize> {
        let Some(literal) = &self.literal else { return text.to_vec() };
        let mut offsets = raw_offsets(&self.whole[literal.clone()], text);
        offsets.iter_mut().for_each(|offset| *offset += literal.start);
        offsets
    }

    /// The text as flong writes it into a record of this kind.
    pub fn written<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.literal.is_some() { escape(text) } else { text.into() }
    }

    /// What stands before the text, what stands for it, and what stands after.
    fn parts(&self) -> (&'r str, &'r str, &'r str) {
        let (start, end) = self.literal.as_ref().map_or((0, self.whole.len()), |l| (l.start + 1, l.end - 1));
        (&self.whole[..start], &self.whole[start..end], &self.whole[end..])
    }
}

/// The text as JSON has it between quotes.
fn escape(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| byte < b' ' || byte == b'"' || byte == b'\\') {
        return text.into();
    }
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned().into()
}

/// A document after its findings.
pub(crate) struct Outcome<'a> {
    pub fate: Fate,
    /// The record as it goes on, if it was edited.
    pub record: Option<String>,
    /// The ledger's lines, in their order.
    pub lines: Vec<LedgerLine<'a>>,
}

/// Applies the findings about a document.
pub(crate) fn edit<'a>(
    document: &'a Document,
    record: &Record<'a>,
    findings: &'a [Finding],
    name: &impl Fn(usize) -> &'a str,
) -> Outcome<'a> {
    let all = Span::new(0, document.text.len());
    let mut found: Vec<(Span, &'a Finding)> =
        findings.iter().map(|finding| (if finding.whole { all } else { finding.span }, finding)).collect();
    found.sort_by_key(|(span, finding)| (span.start, Reverse(span.end), Reverse(finding.whole), finding.rule));
    let mut lines: Vec<LedgerLine> = found
        .iter()
        .map(|&(span, finding)| LedgerLine::new(&document.id, &document.text, span, finding, name))
        .collect();

    let removed: Vec<usize> = (0..found.len()).filter(|&i| found[i].1.action == Action::Removed).collect();
    if removed.iter().any(|&i| found[i].1.whole) {
        // Sorted as they are, it is the first of the removed ones.
        carry(&mut lines[removed[0]], record);
        return Outcome { fate: Fate::Dropped, record: None, lines };
    }
    let spans: Vec<Span> = removed.iter().map(|&i| found[i].0).collect();
    let cuts = tidy(&document.text, &spans);
    for (&i, &cut) in removed.iter().zip(&cuts) {
        note(&mut lines[i], &document.text, cut);
    }
    if cuts.iter().all(|cut| cut.span.is_empty()) {
        return Outcome { fate: Fate::Kept, record: None, lines };
    }
    if record.fixed || record.markup.is_some() {
        let edited = record.markup.and_then(|within| cut_item(record.whole, within, &taken(&cuts)));
        if edited.is_none() {
            removed.iter().for_each(|&i| only_mark(&mut lines[i]));
        }
        let fate = if edited.is_some() { Fate::Edited } else { Fate::Kept };
        return Outcome { fate, record: edited, lines };
    }
    let edited = if record.literal.is_none() || seams_are_safe(&document.text, &cuts) {
        let (edited, raws) = cut_out(&document.text, record, &cuts);
        for (&i, raw) in removed.iter().zip(raws) {
            lines[i].raw = raw.map(Cow::from);
        }
        edited
    } else {
        carry(&mut lines[removed[0]], record);
        let (before, _, after) = record.parts();
        let rest: String = remaining(&document.text, &cuts).collect();
        [before, &record.written(&rest), after].concat()
    };
    Outcome { fate: Fate::Edited, record: Some(edited), lines }
}

/// Marks what was to be removed, but stands in the record in such a way that it cannot be cut out of it alone.
fn only_mark(line: &mut LedgerLine) {
    line.action = Action::Marked;
    line.reason = format!("{}; it cannot be cut out of its markup alone", line.reason).into();
    (line.before, line.after) = ("".into(), "".into());
}

/// Lets a line carry the whole record.
fn carry<'a>(line: &mut LedgerLine<'a>, record: &Record<'a>) {
    if record.literal.is_some() {
        let (before, raw, after) = record.parts();
        line.raw = (raw != record.written(&line.text)).then_some(raw.into());
        line.record = Some((before.into(), after.into()));
    }
}

/// Says in a line what really was cut.
fn note<'a>(line: &mut LedgerLine<'a>, text: &'a str, cut: Cut) {
    let Cut { span, before, after } = cut;
    (line.start, line.end, line.text) = (span.start, span.end, span.of(text).into());
    line.before = Span { start: span.start - before, end: span.start }.of(text).into();
    line.after = Span { start: span.end, end: span.end + after }.of(text).into();
}

/// The record without what the cuts take, and for each cut what it took where that is not how flong would write it.
fn cut_out<'r>(text: &str, record: &Record<'r>, cuts: &[Cut]) -> (String, Vec<Option<&'r str>>) {
    let taken = taken(cuts);
    let ends: Vec<usize> = taken.iter().flat_map(|span| [span.start as usize, span.end as usize]).collect();
    let (mut edited, mut raws, mut from) = (String::with_capacity(record.whole.len()), Vec::new(), 0);
    for (ends, span) in record.offsets(&ends).chunks_exact(2).zip(&taken) {
        let raw = &record.whole[ends[0]..ends[1]];
        raws.push((raw != record.written(span.of(text))).then_some(raw));
        edited.push_str(&record.whole[from..ends[0]]);
        from = ends[1];
    }
    edited.push_str(&record.whole[from..]);
    (edited, raws)
}

/// What each cut takes.
fn taken(cuts: &[Cut]) -> Vec<Span> {
    let mut cursor = 0;
    let take = |cut: &Cut| {
        let taken = cut.taken(cursor);
        cursor = taken.end;
        taken
    };
    cuts.iter().map(take).collect()
}

/// Whether nothing can fuse where a cut was. Halves of surrogate pairs read as U+FFFD each; brought together they would
/// be one character, and no longer the same text.
fn seams_are_safe(text: &str, cuts: &[Cut]) -> bool {
    let pieces: Vec<&str> = remaining(text, cuts).filter(|piece| !piece.is_empty()).collect();
    let half = char::REPLACEMENT_CHARACTER;
    !pieces.windows(2).any(|pair| pair[0].ends_with(half) && pair[1].starts_with(half))
}

/// The record as it was before [`edit`], from what went on of it (nothing if it was dropped) and the lines about it.
/// `None` if they do not fit each other.
pub(crate) fn mend(went_on: Option<&Record>, lines: &[LedgerLine]) -> Option<String> {
    let mut removed = lines.iter().filter(|line| line.action == Action::Removed);
    let Some(record) = went_on else {
        let line = removed.next()?;
        return Some(line.record.as_ref().map_or_else(|| line.text.to_string(), |around| whole(line, around)));
    };
    if let Some((line, around)) = lines.iter().find_map(|line| Some((line, line.record.as_ref()?))) {
        return Some(whole(line, around));
    }
    let (mut cursor, mut gone) = (0, 0);
    let (mut places, mut pieces) = (Vec::new(), Vec::new());
    for line in removed {
        let span = Span { start: line.start, end: line.end };
        let cut = Cut { span, before: line.before.len() as u32, after: line.after.len() as u32 };
        let taken = cut.taken(cursor);
        cursor = taken.end;
        let full = [&line.before, &line.text, &line.after].map(|part| &**part).concat();
        let clipped = full.len().checked_sub(taken.len())?;
        places.push((taken.start as usize).checked_sub(gone)?);
        gone += taken.len();
        pieces.push(match &line.raw {
            Some(raw) => raw.to_string(),
            None => record.written(full.get(clipped..)?).into_owned(),
        });
    }
    let (mut mended, mut from) = (String::new(), 0);
    for (place, piece) in record.offsets(&places).into_iter().zip(pieces) {
        mended.push_str(record.whole.get(from..place)?);
        mended.push_str(&piece);
        from = place;
    }
    mended.push_str(record.whole.get(from..)?);
    Some(mended)
}

fn whole(line: &LedgerLine, (before, after): &(Cow<str>, Cow<str>)) -> String {
    let raw = line.raw.clone().unwrap_or_else(|| escape(&line.text));
    [before, &raw, after].map(|part| &**part).concat()
}
