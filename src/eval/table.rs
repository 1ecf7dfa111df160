//! Labels as a table: columns with names, rows with their lines.

use std::path::Path;

use serde_json::Value;

use crate::escape;

/// The format of a file of labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableFormat {
    /// Columns separated by tabs; the first line names them.
    Tsv,
    /// Columns separated by commas; the first line names them.
    Csv,
    /// An object on each line, or an array of ids that are one cluster.
    JsonLines,
}

impl TableFormat {
    /// Returns the format for the ending of a file's name.
    pub fn of(path: &Path) -> Option<TableFormat> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "tsv" | "tab" => Some(TableFormat::Tsv),
            "csv" => Some(TableFormat::Csv),
            "jsonl" | "ndjson" => Some(TableFormat::JsonLines),
            _ => None,
        }
    }
}

/// A table with named columns. A value that a row does not have is empty.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<Row>,
}

/// A row: the line that it starts in, counted from 1, and its values.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub line: u64,
    pub values: Vec<String>,
}

impl Table {
    /// Reads a table. An error begins with the line.
    pub fn parse(text: &str, format: TableFormat) -> Result<Table, String> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match format {
            TableFormat::Tsv => separated(text, b'\t'),
            TableFormat::Csv => separated(text, b','),
            TableFormat::JsonLines => json_lines(text),
        }
    }

    /// Returns the first column that has one of these names, in the same case or else in another.
    pub fn column(&self, names: &[&str]) -> Option<usize> {
        let find = |same: fn(&str, &str) -> bool| {
            names.iter().find_map(|name| self.columns.iter().position(|column| same(column, name)))
        };
        find(|column, name| column == name).or_else(|| find(str::eq_ignore_ascii_case))
    }
}

fn separated(text: &str, delimiter: u8) -> Result<Table, String> {
    let quoting = delimiter == b',';
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).quoting(quoting).flexible(true).from_reader(text.as_bytes());
    let wrong = |error: csv::Error| {
        let line = error.position().map_or(1, |position| position.line());
        format!("{line}: {error}")
    };
    let columns = reader.headers().map_err(wrong)?.iter().map(|name| name.trim().to_owned()).collect::<Vec<_>>();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(wrong)?;
        let line = record.position().map_or(0, |position| position.line());
        if record.len() > columns.len() {
            return Err(format!("{line}: {} values, but the first line names {} columns", record.len(), columns.len()));
        }
        rows.push(Row { line, values: record.iter().map(str::to_owned).collect() });
    }
    Ok(Table { columns, rows })
}

/// The column that arrays of ids become, and the number of their line, which names their cluster.
const ARRAY: [&str; 2] = ["id", "cluster"];

fn json_lines(text: &str) -> Result<Table, String> {
    let mut table = Table::default();
    for (line, written) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        match serde_json::from_str(written).map_err(|error| format!("{line}: {error}"))? {
            Value::Object(fields) => {
                let mut row = Row { line, values: Vec::new() };
                fields.into_iter().for_each(|(name, value)| set(&mut table, &mut row, &name, scalar(&value)));
                table.rows.push(row);
            }
            Value::Array(ids) => {
                for id in &ids {
                    let mut row = Row { line, values: Vec::new() };
                    set(&mut table, &mut row, ARRAY[0], scalar(id));
                    set(&mut table, &mut row, ARRAY[1], line.to_string());
                    table.rows.push(row);
                }
            }
            _ => {
                return Err(format!("{line}: an object or an array of ids is expected, not {}", escape::line(written)));
            }
        }
    }
    Ok(table)
}

/// Sets a value of a row, in a new column if there is none of that name.
fn set(table: &mut Table, row: &mut Row, name: &str, value: String) {
    let column = table.columns.iter().position(|column| column == name).unwrap_or_else(|| {
        table.columns.push(name.to_owned());
        table.columns.len() - 1
    });
    if row.values.len() <= column {
        row.values.resize(column + 1, String::new());
    }
    row.values[column] = value;
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        value => value.to_string(),
    }
}
