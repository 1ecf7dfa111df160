//! One text, or two: what is removed from it, what they are to each other, and why.

use flong::judge::{Action, boilerplate};
use flong::pipeline::{Stopwatch, prepare};
use flong::token::{Token, tokenize};
use flong::verify::align;
use flong::{Document, Grain, Params, Span, Stripped};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::errors::usage;

/// Offsets in characters, as Python counts, for offsets in bytes that ascend.
struct Characters<'t> {
    text: &'t str,
    at: (usize, usize),
}

impl<'t> Characters<'t> {
    fn of(text: &'t str) -> Self {
        Characters { text, at: (0, 0) }
    }

    fn offset(&mut self, byte: u32) -> usize {
        let byte = byte as usize;
        let (from, count) = if byte < self.at.0 { (0, 0) } else { self.at };
        self.at = (byte, count + self.text[from..byte].chars().count());
        self.at.1
    }

    fn span(&mut self, span: Span) -> (usize, usize) {
        (self.offset(span.start), self.offset(span.end))
    }
}

/// A piece that was removed: start, end, text, rule, title of the rule, evidence.
type Removed = (usize, usize, String, &'static str, &'static str, String);

/// A text without what was removed, and the pieces that were.
pub type StrippedText = (String, Vec<Removed>);

/// Returns a text that was stripped, with offsets in characters.
pub fn told(text: &str, stripped: Stripped) -> StrippedText {
    let mut characters = Characters::of(text);
    let removed = stripped.removed.into_iter().map(|piece| {
        let (start, end) = characters.span(piece.span);
        (start, end, piece.span.of(text).to_owned(), piece.rule.code(), piece.rule.title(), piece.evidence)
    });
    (stripped.text, removed.collect())
}

/// Returns a text without inserted links, calls to action and feed frames, and the pieces that were removed.
#[pyfunction]
pub fn strip(py: Python<'_>, text: &str) -> StrippedText {
    py.detach(|| told(text, flong::strip(text)))
}

/// Compares two texts.
#[pyfunction]
pub fn compare<'py>(py: Python<'py>, a: &str, b: &str) -> PyResult<Bound<'py, PyDict>> {
    let compared = py.detach(|| flong::compare(a, b));
    let told = PyDict::new(py);
    told.set_item("kind", compared.kind.map(|kind| kind.name()))?;
    told.set_item("score", compared.score)?;
    told.set_item("jaccard", compared.measures.jaccard)?;
    told.set_item("containment", compared.measures.containment)?;
    told.set_item("weighted", compared.measures.weighted_containment)?;
    told.set_item("aligned", compared.aligned)?;
    told.set_item("facts_kept", compared.facts.kept)?;
    told.set_item("facts_changed", compared.facts.changed)?;
    let (mut first, mut second) = (Characters::of(a), Characters::of(b));
    let shared: Vec<_> =
        compared.shared.iter().map(|shared| (first.span(shared.a), second.span(shared.b), shared.a.of(a))).collect();
    told.set_item("shared", shared)?;
    Ok(told)
}

/// A piece of boilerplate: start, end, text, rule, title of the rule, evidence, score, whether it is certain.
type Piece = (usize, usize, String, &'static str, &'static str, String, f32, bool);

/// Explains why two texts match or do not match, and what of them is boilerplate; of one text, only that.
#[pyfunction]
pub fn explain<'py>(py: Python<'py>, a: &str, b: Option<&str>) -> PyResult<Bound<'py, PyDict>> {
    let params = Params { grains: vec![Grain::Document], ..Params::default() };
    let texts: Vec<&str> = std::iter::once(a).chain(b).collect();
    let documents: Vec<Document> = texts.iter().map(|text| Document::new("", *text)).collect();
    let prepared = py.detach(|| prepare(&documents, &params, &mut Stopwatch::default()));
    let told = PyDict::new(py);
    let mut pieces: Vec<Vec<Piece>> = texts.iter().map(|_| Vec::new()).collect();
    for finding in boilerplate(&prepared.profiled.asides) {
        let text = texts[finding.document];
        let (start, end) = Characters::of(text).span(finding.span);
        let certain = finding.action == Action::Removed;
        let (code, title, evidence) = (finding.rule.code(), finding.rule.title(), finding.reason.into_owned());
        let piece = (start, end, finding.span.of(text).to_owned(), code, title, evidence, finding.score, certain);
        pieces[finding.document].push(piece);
    }
    told.set_item("boilerplate", pieces)?;
    let Some(b) = b else { return Ok(told) };
    let pair = py.detach(|| serde_json::to_string(&flong::explain::pair(&documents, &prepared, 0, 1, &params)));
    told.set_item("pair", pair.map_err(|error| usage(format!("the explanation cannot be written: {error}")))?)?;
    told.set_item("differences", differences(a, b))?;
    Ok(told)
}

/// Returns two texts as one, in pieces: each with 0 if both have it, -1 if the first has it alone, and 1 if the second has.
#[pyfunction]
pub fn differences(a: &str, b: &str) -> Vec<(i8, String)> {
    let tokens = |text: &str| {
        let mut tokens = Vec::new();
        tokenize(text, 0, &mut tokens);
        tokens
    };
    let (left, right) = (tokens(a), tokens(b));
    let words = |tokens: &[Token]| tokens.iter().map(|token| token.word).collect::<Vec<_>>();
    let mut pieces = Vec::new();
    let mut push = |side, text: &str, tokens: &[Token]| {
        if let (Some(first), Some(last)) = (tokens.first(), tokens.last()) {
            pieces.push((side, text[first.start as usize..last.end() as usize].to_owned()));
        }
    };
    let mut at = 0;
    for gap in &align(&words(&left), &words(&right)).gaps {
        let range = |(from, to): (u32, u32)| from as usize..to as usize;
        push(0, a, &left[at..gap.a.0 as usize]);
        push(-1, a, &left[range(gap.a)]);
        push(1, b, &right[range(gap.b)]);
        at = gap.a.1 as usize;
    }
    push(0, a, &left[at..]);
    pieces
}
