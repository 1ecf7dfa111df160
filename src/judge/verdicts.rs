//! All verdicts of a run.

use std::ops::Range;

use super::boilerplate::{boilerplate_of, stuffing_of};
use super::policy::{dropped, sort};
use super::{Action, Evidence, Finding, Policy, duplicates, items, items_once, ranks};
use crate::boilerplate::{Aside, Stuffed};
use crate::{Documents, Ragged};

/// Judges everything that a run found: duplicates, boilerplate, keyword stuffing, and items that come again under one id.
///
/// Findings are sorted by document, place and rule. Nothing is removed without one of them. Items are judged if the evidence
/// has [whole](Documents::Whole) documents: see [`Policy::reads_items`].
///
/// ```
/// use flong::judge::{Action, Policy, Rule, verdicts};
/// use flong::{Document, Params, find};
///
/// let text = "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board; nobody was hurt.";
/// let documents = [Document::new("a", text), Document::new("b", text)];
/// let params = Params::default();
/// let found = find(&documents, &params);
/// let findings = verdicts(&found.evidence(&documents), &Policy::cleaning(&params));
/// assert_eq!(findings.len(), 1);
/// assert_eq!((findings[0].document, findings[0].rule), (1, Rule::ExactDuplicate));
/// assert_eq!((findings[0].action, &*findings[0].reason), (Action::Removed, "the same words as a"));
/// ```
pub fn verdicts(evidence: &Evidence, policy: &Policy) -> Vec<Finding> {
    let mut verdicts = Verdicts::new(compared(evidence, policy), evidence.asides, evidence.stuffed, policy);
    let compared = std::mem::take(&mut verdicts.compared);
    verdicts.with_pieces(compared, 0..evidence.asides.len())
}

/// Returns the findings for which documents are held against each other: duplicates, and items that come again under one id.
/// They are those of [`verdicts`] without boilerplate and keyword stuffing, in the same order.
pub fn compared(evidence: &Evidence, policy: &Policy) -> Vec<Finding> {
    let documents = evidence.documents;
    let mut found = duplicates(evidence, policy.params);
    if policy.reports_items() {
        found = items_once(found, documents);
    }
    if let Documents::Whole(documents) = documents
        && policy.reads_items()
    {
        found.extend(items(documents, &ranks(documents, policy.params), evidence.asides));
    }
    policy.settle(found)
}

/// The verdicts of a run, given some documents at a time: there may be millions of pieces of boilerplate, of which a finding is
/// made when its document is asked for. In all they are what [`verdicts`] returns.
///
/// ```
/// use flong::judge::{Policy, Verdicts, compared, verdicts};
/// use flong::{Document, Params, find};
///
/// let documents = [Document::new("a", "READ ALSO: Maize prices rise for the third week\n\nThe ferry ran aground on Tuesday.")];
/// let params = Params::default();
/// let policy = Policy::cleaning(&params);
/// let found = find(&documents, &params);
/// let evidence = found.evidence(&documents);
/// let all = Verdicts::new(compared(&evidence, &policy), &found.asides, &found.stuffed, &policy);
/// assert_eq!(all.of(0..1), verdicts(&evidence, &policy));
/// ```
pub struct Verdicts<'a> {
    compared: Vec<Finding>,
    asides: &'a Ragged<Aside>,
    stuffed: &'a Ragged<Stuffed>,
    policy: &'a Policy<'a>,
    /// By document, whether its pieces are not reported, because it is dropped as a whole.
    untold: Vec<bool>,
}

impl<'a> Verdicts<'a> {
    /// Takes the findings that [`compared`] returns, with those of an index if there are any, and what is to be judged of each
    /// document: boilerplate and stuffed phrases.
    pub fn new(
        compared: Vec<Finding>,
        asides: &'a Ragged<Aside>,
        stuffed: &'a Ragged<Stuffed>,
        policy: &'a Policy<'a>,
    ) -> Self {
        let mut untold = vec![false; asides.len()];
        if !policy.pieces_of_dropped {
            compared.iter().filter(|finding| finding.drops()).for_each(|finding| untold[finding.document] = true);
        }
        Verdicts { compared, asides, stuffed, policy, untold }
    }

    /// Returns all findings about some documents, sorted by document, place and rule.
    ///
    /// # Panics
    /// If the run has fewer documents.
    pub fn of(&self, documents: Range<usize>) -> Vec<Finding> {
        let before = |document| self.compared.partition_point(|finding| finding.document < document);
        let compared = &self.compared[before(documents.start)..before(documents.end)];
        self.with_pieces(compared.to_vec(), documents)
    }

    /// Returns the findings that it was given.
    pub fn compared(&self) -> &[Finding] {
        &self.compared
    }

    /// Adds the findings of pieces of some documents to the other findings about them.
    fn with_pieces(&self, mut found: Vec<Finding>, documents: Range<usize>) -> Vec<Finding> {
        let told = || documents.clone().filter(|&document| !self.untold[document]);
        let pieces = |document| self.asides[document].len() + self.stuffed[document].len();
        found.reserve_exact(told().map(pieces).sum());
        for document in told() {
            found.extend(boilerplate_of(document, &self.asides[document]));
            found.extend(stuffing_of(document, &self.stuffed[document]));
        }
        self.policy.apply(&mut found);
        found
    }
}

/// Adds the verdicts of an index to those of a run. A document that is dropped needs one verdict only: if the index
/// has seen it before, the verdict of the index.
pub fn add_seen(findings: &mut Vec<Finding>, mut seen: Vec<Finding>, policy: &Policy) {
    policy.apply(&mut seen);
    let (by_index, by_run) = (dropped(&seen), dropped(findings));
    findings.retain(|finding| !by_index.contains(&finding.document));
    seen.retain(|finding| finding.action == Action::Removed || !by_run.contains(&finding.document));
    findings.append(&mut seen);
    sort(findings);
}

#[cfg(test)]
mod tests {
    use ahash::AHashSet;

    use super::*;
    use crate::judge::Rule;
    use crate::{Document, Params, find};

    const TEXT: &str = "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board. Nobody was hurt, the \
        harbour master told reporters, and divers will inspect the hull of the vessel before it is towed to the yard.";

    /// Returns an item, its copy with a link in it, and the first item again under its own id.
    fn documents() -> Vec<Document> {
        let item = |record: u64, id: &str, text: &str| Document {
            source: Some("x".into()),
            provenance: crate::document::Place { input: 0, record }.into(),
            ..Document::new(id, text)
        };
        let linked = format!("{TEXT}\n\nREAD ALSO: Maize prices rise for the third week");
        vec![item(0, "a", TEXT), item(1, "b", &linked), item(2, "a", TEXT)]
    }

    fn told(policy: impl Fn(&Params) -> Policy<'_>) -> Vec<(usize, Rule, Action)> {
        let (documents, params) = (documents(), Params::default());
        let found = find(&documents, &params);
        let findings = verdicts(&found.evidence(&documents), &policy(&params));
        findings.iter().map(|f| (f.document, f.rule, f.action)).collect()
    }

    #[test]
    fn cleaning_drops_copies_and_tells_each_once() {
        let expected = [(1, Rule::NearDuplicate, Action::Removed), (2, Rule::ExactDuplicate, Action::Removed)];
        assert_eq!(told(|params| Policy::cleaning(params)), expected);
    }

    #[test]
    fn checking_tells_items_that_come_again_and_pieces_of_copies() {
        let expected = [
            (1, Rule::NearDuplicate, Action::Removed),
            (1, Rule::InsertedLink, Action::Removed),
            (2, Rule::RepeatedItem, Action::Marked),
        ];
        assert_eq!(told(|params| Policy::checking(params)), expected);
    }

    #[test]
    fn rules_that_are_not_followed_leave_no_trace() {
        let only = told(|params| Policy { rules: vec![Rule::InsertedLink], ..Policy::cleaning(params) });
        assert_eq!(only, [(1, Rule::InsertedLink, Action::Removed)], "the document stays, so its pieces are told");
        // With one of the two rules about items alone, copies of an item are still reported.
        let rules = vec![Rule::ExactDuplicate, Rule::ChangedItem];
        let half = told(|params| Policy { rules: rules.clone(), ..Policy::checking(params) });
        assert_eq!(half, [(2, Rule::ExactDuplicate, Action::Removed)]);
        assert_eq!(told(|params| Policy { rules: Vec::new(), ..Policy::checking(params) }), []);
    }

    #[test]
    fn marking_removes_nothing() {
        let marked = told(|params| Policy { mark_only: true, ..Policy::cleaning(params) });
        assert!(marked.len() > 2 && marked.iter().all(|(.., action)| *action == Action::Marked), "{marked:?}");
    }

    #[test]
    fn some_documents_at_a_time_have_the_same_verdicts() {
        let (documents, params) = (documents(), Params::default());
        let found = find(&documents, &params);
        let evidence = found.evidence(&documents);
        for policy in [Policy::cleaning(&params), Policy::checking(&params)] {
            let marking = Policy { mark_only: true, ..policy.clone() };
            let links = Policy { rules: vec![Rule::InsertedLink, Rule::NearDuplicate], ..policy.clone() };
            for policy in [policy, marking, links] {
                let all = verdicts(&evidence, &policy);
                let some = Verdicts::new(compared(&evidence, &policy), &found.asides, &found.stuffed, &policy);
                for ranges in [vec![0..1, 1..1, 1..3], vec![0..2, 2..3], vec![0..3, 3..3]] {
                    let told: Vec<Finding> = ranges.into_iter().flat_map(|range| some.of(range)).collect();
                    assert!(!told.is_empty() && told == all, "{told:?}");
                }
            }
        }
    }

    #[test]
    fn one_verdict_drops_a_document() {
        let (documents, params) = (documents(), Params::default());
        let policy = Policy::cleaning(&params);
        let found = find(&documents, &params);
        let mut findings = verdicts(&found.evidence(&documents), &policy);
        let seen = |document: usize, action| Finding {
            document,
            action,
            kept: Some((3, crate::Span::new(0, 1))),
            ..findings[0].clone()
        };
        let seen = vec![seen(2, Action::Marked), seen(1, Action::Removed), seen(0, Action::Marked)];
        add_seen(&mut findings, seen, &policy);
        let told: Vec<_> = findings.iter().map(|f| (f.document, f.action, f.kept.unwrap().0)).collect();
        assert_eq!(told, [(0, Action::Marked, 3), (1, Action::Removed, 3), (2, Action::Removed, 0)]);
        assert_eq!(dropped(&findings), AHashSet::from_iter([1, 2]));
    }
}
