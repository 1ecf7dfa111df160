//! Two documents, held against each other.

use serde::Serialize;

use super::document::{PieceOfText, document};
use super::words::BodyWords;
use crate::pipeline::Prepared;
use crate::verify::{Criterion, Explanation, Gap, Kind, Rule, Way, explain};
use crate::{Document, Params, Span, UnitId};

/// Why two documents match or do not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExplainedPair {
    /// The kind of the match; `None` if the two do not match.
    pub kind: Option<Kind>,
    /// The confidence in the match, 0 to 1; 0 if there is none.
    pub score: f32,
    /// The rule that decided that the pair is a match.
    pub rule: Option<Rule>,
    /// The reason for the decision, in words.
    pub reason: &'static str,
    /// The two documents.
    pub documents: [Side; 2],
    /// The measures of the pair.
    pub measured: Measured,
    /// The ways in which the pair could match, with their thresholds.
    pub ways: Vec<WayOfMatching>,
    /// Numbers and dates that both texts state.
    pub facts_kept: Vec<FactPair>,
    /// Numbers and dates that they state in each other's place.
    pub facts_changed: Vec<FactPair>,
    /// Names that both texts have, as a count; none of a pair that is no match.
    pub names_kept: Option<u32>,
    /// Places where each text has a name that the other has nowhere.
    pub names_changed: Vec<FactPair>,
    /// Places where the texts substitute words that their titles substitute too.
    pub titles_changed: Vec<FactPair>,
    /// The places where the bodies differ: the bytes in each text. Either may be empty.
    pub differences: Vec<[Span; 2]>,
}

/// One of two documents.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Side {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Option<String>,
    /// Its source.
    pub source: Option<String>,
    /// Its date, as written.
    pub date: Option<String>,
    /// Number of its body words.
    pub body_words: usize,
    /// Their weight, in rare words.
    pub weight: f32,
    /// The pieces that were set aside before comparing.
    pub set_aside: Vec<PieceOfText>,
}

/// The measures of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Measured {
    /// Share of the weight of the text that says less that both have.
    pub weighted_containment: f32,
    /// Share of the shingles of the text that says less that both have.
    pub containment: f32,
    /// Shared weight as a share of all.
    pub weighted_jaccard: f32,
    /// Shared shingles as a share of all.
    pub jaccard: f32,
    /// Weight of the shared words, in rare words.
    pub shared_weight: f32,
    /// Number of shared shingles.
    pub shared_shingles: u32,
    /// Words of the shorter text that are in no run of two or more that both have.
    pub unexplained_words: u32,
    /// Share of the shorter text's words that are in shared clauses.
    pub clauses: f32,
    /// The share of the titles' words that the other document has too.
    pub titles: f32,
    /// The sum of the evidence.
    pub evidence: f32,
}

/// A way in which a pair could match.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WayOfMatching {
    /// The way.
    pub way: Way,
    /// Whether all its thresholds are passed.
    pub passed: bool,
    /// Its thresholds, with what was measured.
    pub criteria: Vec<Passed>,
}

/// A threshold, and whether a pair passes it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Passed {
    /// The threshold and the measured value.
    #[serde(flatten)]
    pub criterion: Criterion,
    /// Whether the pair passes.
    pub passed: bool,
}

/// A stretch of the first text and one of the second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FactPair {
    /// Words of the first text.
    pub a: String,
    /// Words of the second text.
    pub b: String,
}

/// Explains two documents of a corpus, by their indices.
///
/// ```
/// use flong::pipeline::{Stopwatch, prepare};
/// use flong::{Document, Params, explain};
///
/// let form = |level, day| format!(
///     "Water levels on the Ald stood at {level} centimetres on {day} at noon, the river authority reports. Boats may pass the \
///      lower lock between 9 and 17, and skippers are asked to watch the lights at the weir."
/// );
/// let documents = [Document::new("a", form(131, "Monday")), Document::new("b", form(204, "Friday"))];
/// let params = Params::default();
/// let prepared = prepare(&documents, &params, &mut Stopwatch::default());
/// let explained = explain::pair(&documents, &prepared, 0, 1, &params);
/// assert_eq!(explained.facts_changed[0].a, "131");
/// assert_eq!(explained.facts_changed[0].b, "204");
/// ```
pub fn pair(
    documents: &[Document],
    prepared: &Prepared,
    first: usize,
    second: usize,
    params: &Params,
) -> ExplainedPair {
    let indices = [first, second];
    let units = indices.map(|index| whole(prepared, index));
    let [a, b] = units.map(|unit| prepared.text(unit));
    let found = explain(a, b, params.level, &params.thresholds);
    let words = indices.map(|index| BodyWords::of(&documents[index], &prepared.profiled.asides[index], params));
    let texts = indices.map(|index| &*documents[index].text);
    let spans = |gap: &Gap| [words[0].span(gap.a), words[1].span(gap.b)];
    let pieces = |gaps: &[Gap]| gaps.iter().map(|gap| fact_pair(texts, spans(gap))).collect();
    let side = |n: usize, text: &crate::verify::Text| {
        let document_of = &documents[indices[n]];
        let owned = |value: &Option<Box<str>>| value.as_deref().map(str::to_owned);
        let mut set_aside = document(documents, prepared, indices[n]).pieces;
        set_aside.retain(|piece| piece.rule.is_some());
        Side {
            id: document_of.id.to_string(),
            title: owned(&document_of.title),
            source: owned(&document_of.source),
            date: owned(&document_of.date),
            body_words: text.words.len(),
            weight: text.profile.mass,
            set_aside,
        }
    };
    let one = |(x, y): &(u32, u32)| Gap { a: (*x, x + 1), b: (*y, y + 1) };
    let kept: Vec<Gap> = found.facts_kept.iter().map(one).collect();
    let decision = found.decision.ok();
    let verified = decision.map(|decision| decision.verified);
    ExplainedPair {
        kind: verified.map(|verified| verified.kind),
        score: verified.map_or(0.0, |verified| verified.score),
        rule: verified.map(|verified| verified.rule),
        reason: found.decision.map_or_else(|refusal| refusal.text(), |decision| decision.verified.rule.text()),
        documents: [side(0, &a), side(1, &b)],
        measured: measured(&found),
        ways: found.ways.iter().map(|(way, criteria)| way_of_matching(*way, criteria)).collect(),
        facts_kept: pieces(&kept),
        facts_changed: pieces(&found.facts_changed),
        names_kept: decision.map(|decision| decision.names.kept),
        names_changed: pieces(&found.names_changed),
        titles_changed: pieces(&found.titles_changed),
        differences: found.alignment.gaps.iter().map(spans).collect(),
    }
}

/// Returns the unit that is a document as a whole.
fn whole(prepared: &Prepared, document: usize) -> UnitId {
    let first = prepared.profiled.units.partition_point(|unit| unit.document.index() < document);
    UnitId::of(first)
}

fn fact_pair(texts: [&str; 2], spans: [Span; 2]) -> FactPair {
    let [a, b] = [0, 1].map(|n| spans[n].of(texts[n]).split_whitespace().collect::<Vec<_>>().join(" "));
    FactPair { a, b }
}

fn measured(found: &Explanation) -> Measured {
    let (measures, evidence) = (&found.measures, &found.evidence);
    Measured {
        weighted_containment: measures.weighted_containment,
        containment: measures.containment,
        weighted_jaccard: measures.weighted_jaccard,
        jaccard: measures.jaccard,
        shared_weight: measures.shared_mass,
        shared_shingles: measures.shared_shingles,
        unexplained_words: evidence.unexplained,
        clauses: evidence.clauses,
        titles: evidence.titles,
        evidence: evidence.total,
    }
}

fn way_of_matching(way: Way, criteria: &[Criterion]) -> WayOfMatching {
    let criteria: Vec<Passed> =
        criteria.iter().map(|&criterion| Passed { criterion, passed: criterion.is_met() }).collect();
    WayOfMatching { way, passed: criteria.iter().all(|criterion| criterion.passed), criteria }
}
