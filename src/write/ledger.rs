//! The ledger: what was removed or marked, where and why.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::judge::{Action, Finding, Rule};
use crate::{Grain, Span};

/// One line of `ledger.jsonl`: a finding in written form. Offsets are bytes of the original text, end exclusive.
///
/// The last four fields are present only if they are needed to put a removed piece back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LedgerLine<'a> {
    /// The document's id.
    pub document: Cow<'a, str>,
    /// First byte of the piece.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// The piece itself.
    pub text: Cow<'a, str>,
    /// The rule.
    pub rule: Rule,
    /// The rule as a word: `exact`, `near`, `reworded`, `excerpt` and `template` for whole texts, else as
    /// `inserted-link`.
    pub kind: Cow<'a, str>,
    /// The size of the texts that were compared; `None` for boilerplate.
    #[serde(default)]
    pub grain: Option<Grain>,
    /// Whether the piece is the whole document.
    #[serde(default)]
    pub whole: bool,
    /// Whether the piece was removed or marked.
    pub action: Action,
    /// The confidence in the finding, 0 to 1.
    pub score: f32,
    /// The copy that was kept.
    pub kept: Option<Kept<'a>>,
    /// The reason, in a sentence for people.
    pub reason: Cow<'a, str>,
    /// White space before the piece that was removed with it.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub before: Cow<'a, str>,
    /// White space after the piece that was removed with it.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub after: Cow<'a, str>,
    /// The removed piece as it was in its record, if flong would write it differently.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<Cow<'a, str>>,
    /// The parts before and after the text in a JSON record or a row of CSV that was dropped as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<(Cow<'a, str>, Cow<'a, str>)>,
}

/// The copy that was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept<'a> {
    /// Its document's id.
    pub document: Cow<'a, str>,
    /// First byte of the piece.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
}

impl<'a> LedgerLine<'a> {
    /// Returns the line for a finding about `span` of `text`, the text of the document with the id `document`. `name` returns a
    /// document's id by its index in the run.
    pub fn new(
        document: &'a str,
        text: &'a str,
        span: Span,
        finding: &'a Finding,
        name: impl Fn(usize) -> &'a str,
    ) -> Self {
        let kept =
            |(index, span): (usize, Span)| Kept { document: name(index).into(), start: span.start, end: span.end };
        LedgerLine {
            document: document.into(),
            start: span.start,
            end: span.end,
            text: span.of(text).into(),
            rule: finding.rule,
            kind: kind(finding.rule),
            grain: finding.grain,
            whole: finding.whole,
            action: finding.action,
            score: finding.score,
            kept: finding.kept.map(kept),
            reason: (&*finding.reason).into(),
            before: "".into(),
            after: "".into(),
            raw: None,
            record: None,
        }
    }
}

/// Returns the rule as one word.
pub(super) fn kind(rule: Rule) -> Cow<'static, str> {
    match rule {
        Rule::ExactDuplicate => "exact".into(),
        Rule::NearDuplicate => "near".into(),
        Rule::RewordedDuplicate => "reworded".into(),
        Rule::Excerpt => "excerpt".into(),
        Rule::Template => "template".into(),
        other => other.title().replace(' ', "-").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::json_lines;

    #[test]
    fn a_line_has_its_fields_in_their_order() {
        let finding = Finding {
            document: 0,
            span: Span::new(4, 7),
            whole: false,
            grain: None,
            rule: Rule::InsertedLink,
            action: Action::Removed,
            score: 0.912_345,
            kept: Some((7, Span::new(1, 2))),
            reason: "the title of \"b\"".into(),
        };
        let mut line =
            LedgerLine::new("a", "One two.", finding.span, &finding, |index| if index == 7 { "b" } else { "?" });
        let mut out = Vec::new();
        json_lines(&mut out, [&line]).unwrap();
        let short = concat!(
            r#"{"document":"a","start":4,"end":7,"text":"two","rule":"FL201","kind":"inserted-link","grain":null,"whole":false,"action":"removed","#,
            r#""score":0.9123,"kept":{"document":"b","start":1,"end":2},"reason":"the title of \"b\""}"#,
            "\n"
        );
        assert_eq!(String::from_utf8(out).unwrap(), short);

        line.score = 0.9123;
        line.before = " ".into();
        line.raw = Some(r"\u0020two".into());
        line.record = Some(("{".into(), "}".into()));
        line.kept = None;
        let mut out = Vec::new();
        json_lines(&mut out, [&line]).unwrap();
        assert_eq!(serde_json::from_slice::<LedgerLine>(&out).unwrap(), line);
    }

    #[test]
    fn every_rule_is_one_word() {
        let kinds: Vec<_> = Rule::ALL.iter().map(|&rule| kind(rule)).collect();
        assert!(kinds.iter().all(|kind| kind.chars().all(|c| c.is_ascii_lowercase() || c == '-')), "{kinds:?}");
        assert_eq!(kinds[..4], ["exact", "near", "reworded", "excerpt"]);
        assert_eq!(kinds[8], "credit-or-dateline");
    }
}
