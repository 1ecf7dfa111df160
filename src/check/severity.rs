//! How grave a finding is.

use serde::{Deserialize, Serialize};

use crate::judge::{Action, Finding, Rule};

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// To be looked at; fails a check unless told otherwise.
    Warning,
    /// Wrong.
    Error,
}

impl Severity {
    /// Its name in options and outputs.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }

    /// What findings of a rule are, where nothing else is said.
    ///
    /// Rewordings, credits and templates are notes: they may well be what their authors meant. A changed item under an
    /// old id is a warning as a copy is: whoever has read it under that id will not see it again.
    pub fn of(rule: Rule) -> Severity {
        match rule {
            Rule::RewordedDuplicate | Rule::Credit | Rule::Template => Severity::Note,
            _ => Severity::Warning,
        }
    }
}

/// Whether the evidence for a finding is thin: a piece of a document that `flong clean` would leave where it is, though
/// its rule removes others. Such a finding is a note, however grave its rule.
pub(super) fn is_thin(finding: &Finding) -> bool {
    let only_marked = matches!(
        finding.rule,
        Rule::Credit | Rule::KeywordStuffing | Rule::Template | Rule::RepeatedItem | Rule::ChangedItem
    );
    !finding.whole && !only_marked && finding.action == Action::Marked
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;

    #[test]
    fn what_clean_would_leave_is_thin() {
        let thin = |rule, whole, action| {
            let span = Span::new(0, 1);
            let finding =
                Finding { document: 0, span, whole, rule, action, score: 1.0, kept: None, reason: String::new() };
            is_thin(&finding)
        };
        assert!(thin(Rule::InsertedLink, false, Action::Marked));
        assert!(!thin(Rule::InsertedLink, false, Action::Removed));
        assert!(!thin(Rule::RewordedDuplicate, true, Action::Marked));
        assert!(!thin(Rule::KeywordStuffing, false, Action::Marked));
    }
}
