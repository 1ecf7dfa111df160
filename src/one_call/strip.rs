//! A text without what was put into it.

use crate::boilerplate::{Lexicon, TitleIndex, lexical};
use crate::count::Knowledge;
use crate::judge::{Action, Finding, Rule, boilerplate};
use crate::profile::Profiler;
use crate::segment::cut;
use crate::write::{remaining, taken, tidy};
use crate::{Document, Params, Span};

/// A text without inserted links, calls to action and feed frames.
#[derive(Debug, Clone, PartialEq)]
pub struct Stripped {
    /// The text without the removed pieces.
    pub text: String,
    /// The removed pieces, in order. They do not overlap.
    pub removed: Vec<Removed>,
}

/// A piece that was removed from a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Removed {
    /// Its bytes in the original text, with the white space that was removed with it.
    pub span: Span,
    /// The rule that it falls under.
    pub rule: Rule,
    /// The reason, in words.
    pub evidence: String,
}

/// The rules that can be decided on a text alone and that remove text.
const RULES: [Rule; 3] = [Rule::InsertedLink, Rule::CallToAction, Rule::FeedFrame];

/// Removes inserted links ("READ ALSO: …"), calls to action ("Subscribe to our newsletter") and feed frames ("The post …
/// appeared first on …") from a text.
///
/// Only what `flong clean` would remove too is removed: what is uncertain stays. White space next to a removed piece goes
/// with it, and nothing is added, so the text and the removed pieces give the original again. What only a corpus can show,
/// such as a line that a source repeats, is not looked for.
///
/// ```
/// use flong::judge::Rule;
///
/// let text = "The ferry ran aground on Tuesday.\n\nREAD ALSO: Maize Prices Rise For Third Week\n\nNobody was hurt.";
/// let stripped = flong::strip(text);
/// assert_eq!(stripped.text, "The ferry ran aground on Tuesday.\n\nNobody was hurt.");
/// let removed = &stripped.removed[0];
/// assert_eq!(removed.rule, Rule::InsertedLink);
/// assert_eq!(removed.span.of(text).trim(), "READ ALSO: Maize Prices Rise For Third Week");
/// ```
///
/// # Panics
/// If the text is longer than 4 GiB.
pub fn strip(text: &str) -> Stripped {
    let document = Document::new("", text);
    let asides = lexical(&document, &cut(&document), &TitleIndex::default());
    let mut findings = boilerplate(&std::iter::once(asides).collect());
    findings.retain(|finding| RULES.contains(&finding.rule));
    without(text, findings)
}

/// Removes what a corpus shows to be boilerplate from one of its documents: what [`strip`] removes, and lines, phrases and stubs
/// that a source repeats. `params` are those that the corpus was counted with.
///
/// Nothing is left of a text that `flong clean` would drop as empty.
///
/// # Panics
/// If the text is longer than 4 GiB.
pub fn strip_known(document: &Document, known: &Knowledge, params: &Params) -> Stripped {
    let profiled = Profiler::new(params, known, &Lexicon::of(&params.own)).document(document, cut(document));
    without(&document.text, boilerplate(&profiled.asides))
}

/// Removes what findings about one text say is to be removed.
fn without(text: &str, mut findings: Vec<Finding>) -> Stripped {
    findings.retain(|finding| finding.action == Action::Removed);
    let spans: Vec<Span> = findings.iter().map(|finding| finding.span).collect();
    let cuts = tidy(text, &spans);
    let removed =
        |(Finding { rule, reason, .. }, span): (Finding, Span)| Removed { span, rule, evidence: reason.into_owned() };
    Stripped {
        text: remaining(text, &cuts).collect(),
        removed: findings.into_iter().zip(taken(&cuts)).filter(|(_, span)| !span.is_empty()).map(removed).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Strips a text and checks that text and pieces give the original again.
    fn rules(text: &str) -> (String, Vec<Rule>) {
        let Stripped { text: stripped, removed } = strip(text);
        let (mut kept, mut at) = (String::new(), 0);
        for piece in &removed {
            assert!(!piece.evidence.is_empty());
            kept += &text[at..piece.span.start as usize];
            at = piece.span.end as usize;
        }
        kept += &text[at..];
        assert_eq!(kept, stripped);
        (stripped, removed.iter().map(|piece| piece.rule).collect())
    }

    #[test]
    fn links_calls_and_frames_go_in_many_languages() {
        let cases = [
            ("One sentence stands here.\n\nREAD ALSO: Maize Prices Rise\n\nAnother follows it.", Rule::InsertedLink),
            ("Una frase está aquí.\n\nLEA TAMBIÉN: Suben los precios del maíz\n\nOtra la sigue.", Rule::InsertedLink),
            ("Une phrase est ici.\n\nLire aussi : Le prix du maïs augmente\n\nUne autre suit.", Rule::InsertedLink),
            ("Ein Satz steht hier.\n\nLesen Sie auch: Maispreise steigen\n\nEin anderer folgt.", Rule::InsertedLink),
            ("Здесь стоит фраза.\n\nЧитайте также: Цены на кукурузу растут\n\nЗа ней другая.", Rule::InsertedLink),
            ("Satu kalimat di sini.\n\nBaca juga: Harga jagung naik\n\nLalu yang lain.", Rule::InsertedLink),
            ("One sentence stands here.\n\nRead more...", Rule::CallToAction),
            ("One sentence.\n\nThe post Ferry Aground appeared first on Aldermoor Echo.", Rule::FeedFrame),
        ];
        for (text, rule) in cases {
            let (stripped, rules) = rules(text);
            assert_eq!(rules, [rule], "{text}");
            let first = text.split("\n\n").next().unwrap();
            let last = text.split("\n\n").nth(2).map_or(String::new(), |last| format!("\n\n{last}"));
            assert_eq!(stripped, format!("{first}{last}"));
        }
    }

    #[test]
    fn several_pieces_go_and_prose_stays() {
        let text = "READ ALSO: Maize Prices Rise\n\nOne sentence stands here.\n\nREAD ALSO: Ferry Aground\nREAD ALSO: Hull \
                    Inspected\n\nAnother follows it.\n";
        let (stripped, rules) = rules(text);
        assert_eq!((&*stripped, rules.len()), ("One sentence stands here.\n\nAnother follows it.\n", 3));
        for prose in
            ["", " \n ", "They read also that the bank had closed.", "He asked us to read more books, and we did."]
        {
            assert_eq!(strip(prose), Stripped { text: prose.into(), removed: Vec::new() });
        }
    }
}
