//! Severities of findings.

use serde::{Deserialize, Serialize};

use crate::judge::{Action, Finding, Rule};

/// The severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Should be looked at; fails a check by default.
    Warning,
    /// Wrong.
    Error,
}

impl Severity {
    /// Returns its name in options and outputs.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }

    /// Returns the default severity of a rule's findings.
    ///
    /// Rewordings, credits and templates are notes: their authors may well have meant them. A changed item under an old id is
    /// a warning like a copy: whoever has read the item under that id will not see the change.
    pub fn of(rule: Rule) -> Severity {
        match rule {
            Rule::RewordedDuplicate | Rule::Credit | Rule::Template => Severity::Note,
            _ => Severity::Warning,
        }
    }
}

/// Returns whether the evidence for a finding is thin: `flong clean` would only mark the piece, though its rule removes others.
/// Such a finding is a note, however severe its rule.
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
            let finding = Finding {
                document: 0,
                span,
                whole,
                grain: None,
                rule,
                action,
                score: 1.0,
                kept: None,
                reason: "".into(),
            };
            is_thin(&finding)
        };
        assert!(thin(Rule::InsertedLink, false, Action::Marked));
        assert!(!thin(Rule::InsertedLink, false, Action::Removed));
        assert!(!thin(Rule::RewordedDuplicate, true, Action::Marked));
        assert!(!thin(Rule::KeywordStuffing, false, Action::Marked));
    }
}
