//! Labels: what people say of pairs, of clusters, or of spans.

use std::path::Path;

use super::Classes;
use super::table::{Row, Table, TableFormat};
use crate::{Error, Result};

/// Labels of one of three shapes, which the names of their columns show.
#[derive(Debug, Clone, PartialEq)]
pub enum Labels {
    /// Two ids and a label.
    Pairs(Vec<LabelledPair>),
    /// An id and the cluster that it is in.
    Clusters(Vec<LabelledDocument>),
    /// An id, a start and an end: a piece of a text that is boilerplate.
    Spans(Vec<LabelledSpan>),
}

/// A pair of documents with a label.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LabelledPair {
    /// The id of one document.
    pub a: String,
    /// The id of the other.
    pub b: String,
    /// The label.
    pub label: String,
    /// Its line in the file, counted from 1.
    pub line: u64,
}

/// A document with its cluster.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LabelledDocument {
    /// The name of the cluster.
    pub cluster: String,
    /// The document's id.
    pub id: String,
    /// Its line in the file, counted from 1.
    pub line: u64,
}

/// A span of a document that is boilerplate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LabelledSpan {
    /// The document's id.
    pub id: String,
    /// Its first offset in the text.
    pub start: u64,
    /// One past its end.
    pub end: u64,
    /// Its rule: a code such as `FL201` or a name such as `inserted-link`; `None` for any.
    pub kind: Option<String>,
    /// Its line in the file, counted from 1.
    pub line: u64,
}

const FIRST: &[&str] = &["a", "id1", "id_a", "a_id", "left", "first", "document1", "document_a", "doc1"];
const SECOND: &[&str] = &["b", "id2", "id_b", "b_id", "right", "second", "document2", "document_b", "doc2"];
const LABEL: &[&str] = &["label", "kind", "class", "verdict", "judgment", "judgement", "relation"];
const ID: &[&str] = &["id", "document", "doc", "doc_id", "document_id"];
const CLUSTER: &[&str] = &["cluster", "group", "cluster_id", "group_id", "passage", "label"];
const KIND: &[&str] = &["kind", "rule", "type", "label"];
const GRAIN: &[&str] = &["grain"];

impl Labels {
    /// Reads a file. Its name says how it is written: `.tsv`, `.csv` or `.jsonl`. See [`Labels::parse`].
    pub fn read(path: &Path, label_field: Option<&str>) -> Result<Labels> {
        let text = std::fs::read_to_string(path).map_err(|error| Error::io(path, error))?;
        let format = TableFormat::of(path).ok_or_else(|| {
            Error::Usage(format!("{}: labels are in a file named .tsv, .csv or .jsonl", path.display()))
        })?;
        let reason = |reason| Error::Usage(format!("{}:{reason}", path.display()));
        Labels::parse(&text, format, label_field).map_err(reason)
    }

    /// Reads labels. `label_field` names the column of the label, if it is not one of the usual names. An error begins with
    /// the line.
    ///
    /// Columns `a`, `b` and `label` are pairs, `id` and `cluster` are clusters, `id`, `start`, `end` and `kind` are spans;
    /// other names in common use do too. Pairs without a label are copies, and it is an error if a column of another name seems to
    /// hold the labels. Pairs of a column `grain` that are not of grain
    /// `document` are left out.
    pub fn parse(text: &str, format: TableFormat, label_field: Option<&str>) -> Result<Labels, String> {
        let table = Table::parse(text, format)?;
        let own = label_field.map(|name| [name]);
        if let Some(name) = label_field.filter(|name| table.column(&[name]).is_none()) {
            return Err(format!("1: there is no column `{name}`; there are {}", table.columns.join(", ")));
        }
        let labelled_by = |usual: &[&str]| table.column(own.as_ref().map_or(usual, |own| own));
        let (start, end) = (table.column(&["start"]), table.column(&["end"]));
        let labels = match (table.column(FIRST), table.column(SECOND), table.column(ID)) {
            (Some(a), Some(b), _) if a != b => {
                let label = labelled_by(LABEL);
                if label.is_none() {
                    refuse_other_labels(&table, &[a, b])?;
                }
                pairs(&table, a, b, label).map(Labels::Pairs)
            }
            (_, _, Some(id)) if start.is_some() && end.is_some() => {
                spans(&table, id, start.unwrap_or(0), end.unwrap_or(0), labelled_by(KIND)).map(Labels::Spans)
            }
            (_, _, Some(id)) => match labelled_by(CLUSTER) {
                Some(cluster) => documents(&table, id, cluster).map(Labels::Clusters),
                None => Err(unknown(&table)),
            },
            _ => Err(unknown(&table)),
        }?;
        if labels.is_empty() { Err("1: there are no labels in it".into()) } else { Ok(labels) }
    }

    /// Reads labels some of which may not be filled in yet: such a pair has an empty label.
    pub fn parse_open(text: &str, format: TableFormat) -> Result<Labels, String> {
        let mut table = Table::parse(text, format)?;
        let Some(label) = table.column(LABEL) else { return Labels::parse(text, format, None) };
        let (open, filled) = std::mem::take(&mut table.rows)
            .into_iter()
            .partition(|row| row.values.get(label).is_none_or(|label| label.trim().is_empty()));
        table.rows = filled;
        let (Some(a), Some(b)) = (table.column(FIRST), table.column(SECOND)) else { return Err(unknown(&table)) };
        let mut all = pairs(&table, a, b, Some(label))?;
        table.rows = open;
        let open = pairs(&table, a, b, None)?;
        all.extend(open.into_iter().map(|pair| LabelledPair { label: String::new(), ..pair }));
        Ok(Labels::Pairs(all))
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        match self {
            Labels::Pairs(pairs) => pairs.is_empty(),
            Labels::Clusters(documents) => documents.is_empty(),
            Labels::Spans(spans) => spans.is_empty(),
        }
    }
}

fn unknown(table: &Table) -> String {
    let there = if table.columns.is_empty() { "none".into() } else { table.columns.join(", ") };
    format!(
        "1: the columns must be a, b and label (pairs), id and cluster (clusters), or id, start, end and kind (spans); \
         there are {there}"
    )
}

/// Refuses pairs without a column of labels if another column, besides these two, holds nothing but words that are known as labels:
/// all pairs would count as copies.
fn refuse_other_labels(table: &Table, ids: &[usize]) -> Result<(), String> {
    let classes = Classes::known();
    let is_label =
        |row: &Row, column: usize| row.values.get(column).is_some_and(|label| classes.class(label).is_some());
    let mut others =
        (0..table.columns.len()).filter(|column| !ids.contains(column) && table.column(GRAIN) != Some(*column));
    let found = others.find(|&column| !table.rows.is_empty() && table.rows.iter().all(|row| is_label(row, column)));
    found.map_or(Ok(()), |column| {
        let name = &table.columns[column];
        Err(format!(
            "1: there is no column `label`, but `{name}` seems to hold labels: --label-field {name} reads them"
        ))
    })
}

/// Returns a value that a row must have.
fn value<'r>(row: &'r Row, column: usize, table: &Table) -> Result<&'r str, String> {
    match row.values.get(column).filter(|value| !value.is_empty()) {
        Some(value) => Ok(value),
        None => Err(format!("{}: there is no {}", row.line, table.columns[column])),
    }
}

fn pairs(table: &Table, a: usize, b: usize, label: Option<usize>) -> Result<Vec<LabelledPair>, String> {
    let grain = table.column(GRAIN).filter(|grain| Some(*grain) != label);
    let of_documents = |row: &&Row| grain.and_then(|grain| row.values.get(grain)).is_none_or(|g| g == "document");
    let pair = |row: &Row| {
        let label = label.map_or(Ok("copy"), |label| value(row, label, table))?;
        let (a, b) = (value(row, a, table)?, value(row, b, table)?);
        Ok(LabelledPair { a: a.into(), b: b.into(), label: label.into(), line: row.line })
    };
    table.rows.iter().filter(of_documents).map(pair).collect()
}

fn documents(table: &Table, id: usize, cluster: usize) -> Result<Vec<LabelledDocument>, String> {
    let document = |row: &Row| {
        let (id, cluster) = (value(row, id, table)?, value(row, cluster, table)?);
        Ok(LabelledDocument { id: id.into(), cluster: cluster.into(), line: row.line })
    };
    table.rows.iter().map(document).collect()
}

fn spans(table: &Table, id: usize, start: usize, end: usize, kind: Option<usize>) -> Result<Vec<LabelledSpan>, String> {
    let offset = |row: &Row, column: usize| {
        let text = value(row, column, table)?;
        let name = &table.columns[column];
        text.parse::<u64>().map_err(|_| format!("{}: {name} is no offset: {text}", row.line))
    };
    let span = |row: &Row| {
        let (start, end) = (offset(row, start)?, offset(row, end)?);
        if start >= end {
            return Err(format!("{}: the span ends at {end}, which is not after its start at {start}", row.line));
        }
        let kind = kind.and_then(|kind| row.values.get(kind)).filter(|kind| !kind.is_empty()).cloned();
        Ok(LabelledSpan { id: value(row, id, table)?.into(), start, end, kind, line: row.line })
    };
    table.rows.iter().map(span).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, format: TableFormat) -> Result<Labels, String> {
        Labels::parse(text, format, None)
    }

    #[test]
    fn the_columns_tell_the_shape() {
        let pair = |label: &str, line| LabelledPair { a: "x".into(), b: "y, z".into(), label: label.into(), line };
        let read = parse("label,a,b\nS,x,\"y, z\"\n", TableFormat::Csv);
        assert_eq!(read, Ok(Labels::Pairs(vec![pair("S", 2)])));
        let read = parse("{\"id1\":\"x\",\"id2\":\"y, z\"}\n\n", TableFormat::JsonLines);
        assert_eq!(read, Ok(Labels::Pairs(vec![pair("copy", 1)])), "pairs without labels are copies");
        let read = parse("a\tb\tgrain\tkind\nx\ty, z\tdocument\tnear\nx#1\ty#1\tparagraph\tnear\n", TableFormat::Tsv);
        assert_eq!(read, Ok(Labels::Pairs(vec![pair("near", 2)])));
        let member = |id: &str, cluster: &str, line| LabelledDocument { cluster: cluster.into(), id: id.into(), line };
        let read = parse("[\"4\", 16]\n{\"id\": 7, \"cluster\": \"k\"}\n", TableFormat::JsonLines);
        assert_eq!(read, Ok(Labels::Clusters(vec![member("4", "1", 1), member("16", "1", 1), member("7", "k", 2)])));
        let read = parse("document\tstart\tend\trule\nx\t3\t9\tFL201\n", TableFormat::Tsv);
        let span = LabelledSpan { id: "x".into(), start: 3, end: 9, kind: Some("FL201".into()), line: 2 };
        assert_eq!(read, Ok(Labels::Spans(vec![span])));
        let read = Labels::parse("a\tb\tA\tB\nx\ty, z\tS\tU\n", TableFormat::Tsv, Some("B"));
        assert_eq!(read, Ok(Labels::Pairs(vec![pair("U", 2)])), "names that differ in case only");
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        let errors = [
            (parse("n1\tn2\tS\nn3\tn4\tU\n", TableFormat::Tsv), "1: the columns must be a, b and label"),
            (parse("a,b,label\nx,y,S\nx,,S\n", TableFormat::Csv), "3: there is no b"),
            (parse("a,b,label\nx,y,S,9\n", TableFormat::Csv), "2: 4 values"),
            (parse("id,start,end\nx,9,9\n", TableFormat::Csv), "2: the span ends at 9"),
            (parse("id,start,end\nx,-1,9\n", TableFormat::Csv), "2: start is no offset: -1"),
            (parse("[\"a\"]\n7\n", TableFormat::JsonLines), "2: an object or an array"),
            (
                parse("a\tb\tA\tB\tstratum\nx\ty\tS\tU\thigh\n", TableFormat::Tsv),
                "1: there is no column `label`, but `A`",
            ),
            (parse("", TableFormat::Csv), "1: the columns must be"),
            (parse("a,b,label\n", TableFormat::Csv), "1: there are no labels"),
            (
                Labels::parse("a,b,x\n1,2,S\n", TableFormat::Csv, Some("y")),
                "1: there is no column `y`; there are a, b, x",
            ),
        ];
        for (read, said) in errors {
            let error = read.unwrap_err();
            assert!(error.starts_with(said), "{error}");
        }
    }
}
