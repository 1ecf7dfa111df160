//! All verdicts of a run in one list.

use ahash::AHashSet;

use super::boilerplate::boilerplate_of;
use super::{Action, Evidence, Finding, Rule, duplicates, items, items_once, ranks, stuffing};
use crate::{Documents, Params};

/// The findings that a run reports, and whether it removes anything.
///
/// [`Params`] says which copy stays, what may be dropped and how close a duplicate must be to be removed. They must be the
/// parameters that the evidence was found with.
#[derive(Debug, Clone)]
pub struct Policy<'a> {
    /// The parameters of the run.
    pub params: &'a Params,
    /// The rules that are followed. Findings of all other rules are left out.
    pub rules: Vec<Rule>,
    /// Whether findings are only marked, so that nothing is removed.
    pub mark_only: bool,
    /// Whether pieces of a document that is dropped as a whole are reported too.
    pub pieces_of_dropped: bool,
}

impl<'a> Policy<'a> {
    /// Returns the policy for cleaning a corpus: the default of `flong clean`.
    ///
    /// Items that come again under one id are not reported ([`Rule::RepeatedItem`], [`Rule::ChangedItem`]): copies among
    /// them are duplicates like any others.
    pub fn cleaning(params: &'a Params) -> Self {
        let rules = Rule::ALL.iter().copied().filter(|rule| !ITEM_RULES.contains(rule)).collect();
        Policy { params, rules, mark_only: false, pieces_of_dropped: false }
    }

    /// Returns the policy for reporting on a corpus: the default of `flong check`.
    pub fn checking(params: &'a Params) -> Self {
        Policy { params, rules: Rule::ALL.to_vec(), mark_only: false, pieces_of_dropped: true }
    }

    /// Returns whether items that come again under one id are reported as that, and not as copies of each other.
    pub fn reports_items(&self) -> bool {
        ITEM_RULES.iter().all(|rule| self.rules.contains(rule))
    }

    /// Returns whether any rule about items that come again under one id is followed: these compare texts.
    pub fn reads_items(&self) -> bool {
        ITEM_RULES.iter().any(|rule| self.rules.contains(rule))
    }

    /// Returns the findings that are reported of all that were made about some documents, sorted by document, place and rule.
    pub fn settle(&self, mut found: Vec<Finding>) -> Vec<Finding> {
        self.apply(&mut found);
        let untold = self.untold(&found);
        found.retain(|finding| finding.whole || !untold.contains(&finding.document));
        found
    }

    /// Returns the documents whose pieces are not reported, because they are dropped as a whole.
    fn untold(&self, found: &[Finding]) -> AHashSet<usize> {
        if self.pieces_of_dropped { AHashSet::new() } else { dropped(found) }
    }

    /// Leaves out findings of rules that are not followed, marks the rest if nothing is to be removed, and sorts them by
    /// document, place and rule.
    pub fn apply(&self, findings: &mut Vec<Finding>) {
        findings.retain(|finding| self.rules.contains(&finding.rule));
        if self.mark_only {
            findings.iter_mut().for_each(|finding| finding.action = Action::Marked);
        }
        sort(findings);
    }
}

/// The rules about items that come again under one id.
const ITEM_RULES: [Rule; 2] = [Rule::RepeatedItem, Rule::ChangedItem];

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
    // There are many pieces: those of documents that are dropped are not made first and left out later.
    policy.apply(&mut found);
    let untold = policy.untold(&found);
    let told = || evidence.asides.iter().enumerate().filter(|(document, _)| !untold.contains(document));
    found.reserve_exact(told().map(|(_, asides)| asides.len()).sum());
    found.extend(told().flat_map(|(document, asides)| boilerplate_of(document, asides)));
    found.extend(stuffing(evidence.stuffed));
    policy.settle(found)
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

/// Returns the documents that are dropped as a whole, by their indices in the run.
pub fn dropped(findings: &[Finding]) -> AHashSet<usize> {
    let whole = findings.iter().filter(|finding| finding.whole && finding.action == Action::Removed);
    whole.map(|finding| finding.document).collect()
}

/// Sorts by document, place and rule, then by the size of the piece and the copy that is kept.
fn sort(findings: &mut [Finding]) {
    // In place: there may be millions. What follows the rule tells findings about one piece apart.
    findings.sort_unstable_by_key(|found| (found.document, found.span, found.rule, found.grain, found.kept));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, find};

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
