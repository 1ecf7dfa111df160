//! Findings applied to texts in memory, without any files.

use std::borrow::Cow;

use super::edit::{Fate, edit, mend};
use super::tidy::{Cut, remaining, tidy};
use super::{Cleaned, LedgerLine};
use crate::judge::{Action, Finding};
use crate::read::{Format, Record};
use crate::{Document, Span};

/// Returns a text without what its findings remove and without the white space that goes with it; `None` if one of them
/// drops the whole document. Findings that only mark change nothing. Their order does not matter.
pub fn cleaned_text<'t>(text: &'t str, findings: &[Finding]) -> Option<Cow<'t, str>> {
    let removed = || findings.iter().filter(|finding| finding.action == Action::Removed);
    if removed().any(|finding| finding.whole) {
        return None;
    }
    let mut spans: Vec<Span> = removed().map(|finding| finding.span).collect();
    spans.sort_unstable_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
    let cuts = tidy(text, &spans);
    if cuts.iter().all(|cut| cut.span.is_empty()) {
        return Some(text.into());
    }
    Some(remaining(text, &cuts).collect())
}

/// Returns the documents that stay, each with its index and its cleaned text, in order. `findings` must be sorted by
/// document, as [`judge::verdicts`](crate::judge::verdicts) returns them.
pub fn cleaned_documents<'a>(
    documents: &'a [Document],
    findings: &'a [Finding],
) -> impl Iterator<Item = (usize, Cow<'a, str>)> {
    let each = with_findings(0, documents, findings).enumerate();
    each.filter_map(|(index, (document, own))| Some((index, cleaned_text(&document.text, own)?)))
}

/// Returns documents, of which the first has the index `first` in the run, each with the findings about it. `findings` must be
/// sorted by document and have none about earlier ones.
pub(super) fn with_findings<'a>(
    first: usize,
    documents: &'a [Document],
    findings: &'a [Finding],
) -> impl Iterator<Item = (&'a Document, &'a [Finding])> {
    let mut rest = findings;
    (first..).zip(documents).map(move |(index, document)| {
        let (own, others) = rest.split_at(rest.partition_point(|finding| finding.document <= index));
        rest = others;
        (document, own)
    })
}

/// A document after its findings were applied.
#[derive(Debug, Clone, PartialEq)]
pub struct Edited<'a> {
    /// The result for it.
    pub outcome: Outcome,
    /// The lines of the ledger about it, in order.
    pub lines: Vec<LedgerLine<'a>>,
    /// Whether removal left nothing of its text.
    pub emptied: bool,
}

impl Cleaned {
    /// Counts a document that has findings, by its index in the run.
    pub fn add(&mut self, index: usize, edited: &Edited) {
        let fate = match edited.outcome {
            Outcome::Kept => Fate::Kept,
            Outcome::Edited(_) => Fate::Edited,
            Outcome::Dropped => Fate::Dropped,
        };
        self.count(index, fate, &edited.lines, edited.emptied);
    }
}

/// The result of cleaning for a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It stays as it is.
    Kept,
    /// It stays with this text.
    Edited(String),
    /// It is dropped.
    Dropped,
}

/// Applies all findings about a document to its text, and writes them down. With `drop_emptied` it is dropped if nothing is left
/// of it. `name` returns any document's id by its index in the run.
///
/// ```
/// use flong::judge::{Policy, verdicts};
/// use flong::write::{Outcome, edited, restored_text};
/// use flong::{Document, Params, find};
///
/// let text = "The ferry ran aground on Tuesday.\n\nREAD ALSO: Maize Prices Rise For Third Week\n\nNobody was hurt.";
/// let documents = [Document::new("a", text)];
/// let params = Params::default();
/// let found = find(&documents, &params);
/// let findings = verdicts(&found.evidence(&documents), &Policy::cleaning(&params));
///
/// let edited = edited(&documents[0], &findings, true, |index| &documents[index].id);
/// let Outcome::Edited(cleaned) = edited.outcome else { panic!("a link was removed") };
/// assert_eq!(cleaned, "The ferry ran aground on Tuesday.\n\nNobody was hurt.");
/// assert_eq!(restored_text(Some(&cleaned), &edited.lines).as_deref(), Some(text));
/// ```
pub fn edited<'a>(
    document: &'a Document,
    findings: &'a [Finding],
    drop_emptied: bool,
    name: impl Fn(usize) -> &'a str,
) -> Edited<'a> {
    let edited = edit(document, &Record::text(&document.text), findings, &name, drop_emptied);
    let outcome = match (edited.fate, edited.record) {
        (Fate::Edited, Some(text)) => Outcome::Edited(text),
        (Fate::Dropped, _) => Outcome::Dropped,
        _ => Outcome::Kept,
    };
    Edited { outcome, lines: edited.lines, emptied: edited.emptied }
}

/// Returns the text of a document as it was before [`edited`], from its text now (`None` if it was dropped) and the lines about
/// it; `None` if they do not fit together.
pub fn restored_text(text: Option<&str>, lines: &[LedgerLine]) -> Option<String> {
    match text {
        Some(text) => mend(Format::Text.codec(), Some(&Record::text(text)), lines),
        None => mend(Format::Text.codec(), None, lines),
    }
}

/// Returns the bytes that each cut takes, in the order of the cuts. Bytes that an earlier one takes are not taken again.
pub(crate) fn taken(cuts: &[Cut]) -> Vec<Span> {
    let mut cursor = 0;
    let take = |cut: &Cut| {
        let taken = cut.taken(cursor);
        cursor = taken.end;
        taken
    };
    cuts.iter().map(take).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Rule;

    fn finding(document: usize, span: (usize, usize), whole: bool, action: Action) -> Finding {
        let span = Span::new(span.0, span.1);
        let rule = if whole { Rule::NearDuplicate } else { Rule::InsertedLink };
        Finding { document, span, whole, grain: None, rule, action, score: 1.0, kept: None, reason: "".into() }
    }

    #[test]
    fn what_is_removed_goes_with_its_white_space() {
        let text = "One.\n\nREAD ALSO: Two\n\nThree. Four.";
        let link = finding(0, (6, 20), false, Action::Removed);
        let marked = finding(0, (22, 28), false, Action::Marked);
        let end = finding(0, (29, 34), false, Action::Removed);
        assert_eq!(cleaned_text(text, &[end.clone(), link.clone(), marked.clone()]).unwrap(), "One.\n\nThree.");
        assert!(matches!(cleaned_text(text, &[marked]), Some(Cow::Borrowed(_))), "nothing is copied for a mark");
        assert_eq!(cleaned_text(text, &[link, finding(0, (0, 34), true, Action::Removed)]), None);
        assert_eq!(cleaned_text("", &[]).unwrap(), "");
    }

    #[test]
    fn documents_get_their_own_findings() {
        let documents = ["a b", "c d", "e f", "g h"].map(|text| Document::new("", text));
        let findings = [
            finding(1, (0, 3), true, Action::Removed),
            finding(2, (0, 1), false, Action::Removed),
            finding(3, (0, 3), true, Action::Marked),
        ];
        let cleaned: Vec<_> = cleaned_documents(&documents, &findings).collect();
        assert_eq!(cleaned, [(0, "a b".into()), (2, "f".into()), (3, "g h".into())]);
    }
}
