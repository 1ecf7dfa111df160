//! Lines that must stay and lines that must go, in many languages: `tests/removals`.

use std::fs;
use std::ops::Range;

use flong::judge::{Action, boilerplate};
use flong::{Document, Params, find};

use crate::inputs::root;

const PROSE: [&str; 2] = [
    "The county has put a fence round the old lime kiln at Sallowfield after a second wall fell in, and the path along the \
     top is shut as well. The sheep have been moved to the field below.",
    "A decision about the kiln will be taken in May, when the survey is done. The history society would like to see it \
     mended, and has offered to pay for the timber that is needed.",
];

/// The texts of a table, each with the places of its pieces.
fn texts(table: &str) -> Vec<(String, Vec<Range<usize>>)> {
    let table = fs::read_to_string(root().join("tests/removals").join(table)).expect("a table");
    let rows = table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
    let marked = rows.map(|(_, text)| text.replace('¶', "\n").replace("{P}", PROSE[0]).replace("{Q}", PROSE[1]));
    marked.map(|marked| pieces(&marked)).collect()
}

fn pieces(marked: &str) -> (String, Vec<Range<usize>>) {
    let (mut text, mut pieces) = (String::new(), Vec::new());
    for c in marked.chars() {
        match c {
            '‹' => pieces.push(text.len()..text.len()),
            '›' => pieces.last_mut().expect("a piece").end = text.len(),
            _ => text.push(c),
        }
    }
    (text, pieces)
}

/// The places that are removed from a text that stands alone.
fn removed(text: &str) -> Vec<Range<usize>> {
    let found = find(&[Document::new("x", text)], &Params::default());
    let findings = boilerplate(&found.asides);
    findings.iter().filter(|finding| finding.action == Action::Removed).map(|finding| finding.span.range()).collect()
}

#[test]
fn content_stays() {
    let mut wrong = Vec::new();
    for (text, pieces) in texts("stay.tsv") {
        let cut = removed(&text);
        let lost = cut.iter().filter(|cut| pieces.iter().any(|piece| cut.start < piece.end && piece.start < cut.end));
        wrong.extend(lost.map(|cut| format!("{:?} of {text:?}", &text[cut.clone()])));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn boilerplate_goes() {
    let mut wrong = Vec::new();
    for (text, pieces) in texts("go.tsv") {
        let cut = removed(&text);
        if cut != pieces {
            let cut: Vec<&str> = cut.into_iter().map(|cut| &text[cut]).collect();
            wrong.push(format!("{cut:?} of {text:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
