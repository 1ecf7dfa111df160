//! Which findings a run reports, and whether it removes anything.

use ahash::AHashSet;

use super::{Action, Finding, Rule};
use crate::Params;

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
        if !self.pieces_of_dropped {
            // In ascending order, since the findings are sorted by document.
            let dropped: Vec<usize> = each_dropped(&found).collect();
            found.retain(|finding| finding.whole || dropped.binary_search(&finding.document).is_err());
        }
        found
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

/// Returns the documents that are dropped as a whole, by their indices in the run.
pub fn dropped(findings: &[Finding]) -> AHashSet<usize> {
    each_dropped(findings).collect()
}

/// Returns the document of each finding that drops one, in the order of the findings.
fn each_dropped(findings: &[Finding]) -> impl Iterator<Item = usize> {
    findings.iter().filter(|finding| finding.drops()).map(|finding| finding.document)
}

/// Sorts by document, place and rule, then by the size of the piece and the copy that is kept.
pub(super) fn sort(findings: &mut [Finding]) {
    // In place: there may be millions. What follows the rule tells findings about one piece apart.
    findings.sort_unstable_by_key(|found| (found.document, found.span, found.rule, found.grain, found.kept));
}
