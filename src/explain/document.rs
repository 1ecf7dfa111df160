//! One document, piece by piece.

use serde::Serialize;

use crate::judge::{Action, Rule, boilerplate};
use crate::pipeline::Prepared;
use crate::{Document, Span};

/// A document, cut into body and what is not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExplainedDocument {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Option<String>,
    /// The news agency that it credits.
    pub agency: Option<&'static str>,
    /// All pieces of its text, in order.
    pub pieces: Vec<PieceOfText>,
    /// Phrases that are stuffed into it: the phrase, how often it occurs, and the number of words.
    pub stuffed: Vec<(String, usize, usize)>,
}

/// A piece of a text. A piece without a rule is body.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PieceOfText {
    /// Its bytes.
    pub span: Span,
    /// The text.
    pub text: String,
    /// The rule that it falls under.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
    /// Whether `clean` removes or marks it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<Action>,
    /// The confidence in the finding, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f32>,
    /// The reason, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Explains one document of a corpus, by its index.
///
/// ```
/// use flong::pipeline::{Stopwatch, prepare};
/// use flong::{Document, Params, explain};
///
/// let text = "The ferry ran aground on Tuesday.\n\nREAD ALSO: Maize Prices Rise\n\nNobody was hurt.";
/// let documents = [Document::new("a", text)];
/// let prepared = prepare(&documents, &Params::default(), &mut Stopwatch::default());
/// let explained = explain::document(&documents, &prepared, 0);
/// let rules: Vec<_> = explained.pieces.iter().map(|piece| piece.rule.map(|rule| rule.code())).collect();
/// assert_eq!(rules, [None, Some("FL201"), None]);
/// ```
pub fn document(documents: &[Document], prepared: &Prepared, index: usize) -> ExplainedDocument {
    let document = &documents[index];
    let text = &*document.text;
    let mut pieces = Vec::new();
    let mut at = 0;
    let body = |from: usize, to: usize| {
        let piece = &text[from..to];
        let start = from + piece.len() - piece.trim_start().len();
        let (rule, action, score, reason) = (None, None, None, None);
        let text = piece.trim().to_owned();
        (!text.is_empty()).then(|| PieceOfText {
            span: Span::new(start, start + text.len()),
            text,
            rule,
            action,
            score,
            reason,
        })
    };
    for finding in boilerplate(&std::iter::once(prepared.profiled.asides[index].to_vec()).collect()) {
        pieces.extend(body(at, finding.span.start as usize));
        pieces.push(PieceOfText {
            span: finding.span,
            text: finding.span.of(text).to_owned(),
            rule: Some(finding.rule),
            action: Some(finding.action),
            score: Some(finding.score),
            reason: Some(finding.reason.into_owned()),
        });
        at = finding.span.end as usize;
    }
    pieces.extend(body(at, text.len()));
    let stuffed = &prepared.profiled.stuffed[index];
    ExplainedDocument {
        id: document.id.to_string(),
        title: document.title.as_deref().map(Into::into),
        agency: prepared.profiled.agencies.first(index),
        pieces,
        stuffed: stuffed
            .iter()
            .map(|found| (found.span.of(text).to_owned(), found.count as usize, found.words as usize))
            .collect(),
    }
}
