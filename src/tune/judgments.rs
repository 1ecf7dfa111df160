//! A file of judgments: pairs to judge are written, and read back when they are filled in.

use std::fmt::Write;

use super::Borderline;
use crate::Document;
use crate::escape;
use crate::eval::{LabelledPair, Labels, TableFormat};

/// Characters of a text that a table shows.
const SHOWN_CHARS: usize = 600;

/// The columns. What is right of the label is for people, and not read back.
const COLUMNS: &str = "a\tb\tlabel\tnow\tsimilarity\ttitle_a\ttitle_b\ttext_a\ttext_b";

/// Returns the pairs as a tab-separated table whose column `label` is to be filled in: `copy`, `other` or `reworded`.
pub fn judgments_table(pairs: &[Borderline], documents: &[Document]) -> String {
    let mut table = format!("{COLUMNS}\n");
    for Borderline { a, b, matches, similarity, .. } in pairs {
        let (a, b) = (&documents[*a], &documents[*b]);
        // An id that does not fit a cell could not be read back.
        if [a, b].iter().any(|document| document.id.chars().any(escape::acts)) {
            continue;
        }
        let title = |document: &Document| cell(document.title.as_deref().unwrap_or_default());
        let now = if *matches { "together" } else { "apart" };
        // Writing into a string cannot fail.
        let _ = writeln!(
            table,
            "{}\t{}\t\t{now}\t{similarity:.2}\t{}\t{}\t{}\t{}",
            a.id,
            b.id,
            title(a),
            title(b),
            cell(&a.text),
            cell(&b.text)
        );
    }
    table
}

/// Returns a text on one line without tabs, cut where it is long. It is no formula to a spreadsheet, and nothing in it
/// acts.
fn cell(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = escape::line(&text);
    let text = if text.starts_with(['=', '+', '-', '@']) { format!(" {text}") } else { text.into_owned() };
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((cut, _)) => format!("{} …", &text[..cut]),
        None => text,
    }
}

/// Reads judgments back, and returns them with the number of pairs that are not judged yet. An error begins with the line.
///
/// Any file of labelled pairs will do, in any format that [`Labels`] has.
pub fn judged_of(text: &str, format: TableFormat) -> Result<(Vec<LabelledPair>, usize), String> {
    let Labels::Pairs(pairs) = Labels::parse_open(text, format)? else {
        return Err("1: judgments are pairs: columns a, b and label".into());
    };
    let all = pairs.len();
    let judged: Vec<LabelledPair> = pairs.into_iter().filter(|pair| !pair.label.is_empty()).collect();
    let open = all - judged.len();
    Ok((judged, open))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let mut documents = [Document::new("a", "One\ttwo\nthree"), Document::new("b", "word ".repeat(300))];
        documents[0].title = Some("A \"title\"".into());
        let pair = Borderline { a: 0, b: 1, matches: true, similarity: 0.5, beyond: 0.1 };
        let table = judgments_table(&[pair.clone(), pair], &documents);
        assert!(table.lines().all(|line| line.split('\t').count() == 9), "{table}");
        assert_eq!(judged_of(&table, TableFormat::Tsv), Ok((Vec::new(), 2)));
        let filled = table.replacen("a\tb\t\t", "a\tb\tcopy\t", 1);
        let (judged, open) = judged_of(&filled, TableFormat::Tsv).unwrap();
        assert_eq!((judged.len(), &*judged[0].label, judged[0].line, open), (1, "copy", 2, 1));
    }
}
