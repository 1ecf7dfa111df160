//! Findings about the documents that are checked, among others that they are compared with.

use crate::judge::{Finding, Rule};

/// Returns the findings about some of the documents, those that are `own`. The others were only compared with these.
///
/// If another document is an excerpt of an own one, the two change places: it is reported that the own document contains the
/// other. Copies among the others are not reported. The others may be documents of the run or items of an index; no other
/// code needs to know which are which.
pub fn of_documents(findings: Vec<Finding>, own: impl Fn(usize) -> bool) -> Vec<Finding> {
    let turned = |finding: Finding| match finding.kept {
        _ if own(finding.document) => Some(finding),
        Some((kept, span)) if own(kept) && finding.rule == Rule::Excerpt => {
            let other = (finding.document, finding.span);
            Some(Finding { document: kept, span, kept: Some(other), ..finding })
        }
        _ => None,
    };
    findings.into_iter().filter_map(turned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;
    use crate::judge::Action;

    fn finding(document: usize, rule: Rule, kept: Option<usize>) -> Finding {
        let span = |n: usize| Span::new(n, n + 1);
        Finding {
            document,
            span: span(document),
            whole: true,
            grain: None,
            rule,
            action: Action::Removed,
            score: 1.0,
            kept: kept.map(|kept| (kept, span(kept))),
            reason: "".into(),
        }
    }

    #[test]
    fn the_others_are_only_matched_against() {
        let findings = vec![
            finding(0, Rule::NearDuplicate, Some(2)),
            finding(2, Rule::NearDuplicate, Some(3)),
            finding(3, Rule::Excerpt, Some(1)),
            finding(3, Rule::InsertedLink, None),
            finding(1, Rule::InsertedLink, None),
        ];
        let told = of_documents(findings, |document| document < 2);
        let told: Vec<_> = told.iter().map(|f| (f.document, f.span.start, f.rule, f.kept.map(|k| k.0))).collect();
        let expected =
            [(0, 0, Rule::NearDuplicate, Some(2)), (1, 1, Rule::Excerpt, Some(3)), (1, 1, Rule::InsertedLink, None)];
        assert_eq!(told, expected);
    }
}
