//! Holds what `flong estimate` says against runs: time, memory and temporary files, by either engine.
//!
//! ```text
//! cargo bench --bench estimates                  all inputs
//! cargo bench --bench estimates -- nairagazer    inputs whose names hold this
//! FLONG=PATH cargo bench --bench estimates       another build
//! ```
//!
//! Everything should be within 30%. The constants that say how much a document and a byte of text take are in
//! `src/pipeline/estimate.rs`; the last columns are what they would have to be multiplied by.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use flong::Document;
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde_json::Value;

#[path = "support/command.rs"]
mod command;
#[path = "support/generate.rs"]
mod generate;
#[path = "support/inputs.rs"]
mod inputs;

/// How far an estimate may be off.
const MAX_ERROR: f64 = 0.3;

/// Numbers of generated documents.
const GENERATED: [usize; 2] = [20_000, 100_000];

fn main() {
    let names: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let is_test = std::env::args().any(|argument| argument == "--test");
    let scratch = tempfile::tempdir().expect("there is room for the made inputs");
    println!(
        "| input | engine | command | s | estimated | MB resident | estimated | MB of files | estimated | s × | MB × | files × |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
    let mut off = Vec::new();
    for (name, make) in corpora(is_test) {
        if !names.is_empty() && !names.iter().any(|wanted| name.contains(wanted.as_str())) {
            continue;
        }
        let Some(path) = make(scratch.path()) else { continue };
        for engine in ["memory", "disk"] {
            compare(&name, &path, engine, &scratch.path().join("out"), &mut off);
        }
    }
    match off.is_empty() {
        true => println!("\nEverything is within {:.0}%.", MAX_ERROR * 100.0),
        false => println!("\nOff by more than {:.0}%: {}.", MAX_ERROR * 100.0, off.join(", ")),
    }
}

/// Makes an input in a folder; `None` if its data are not there.
type Make = Box<dyn Fn(&Path) -> Option<PathBuf>>;

/// Returns the corpora that are measured, by name.
fn corpora(is_test: bool) -> Vec<(String, Make)> {
    let mut all: Vec<(String, Make)> = Vec::new();
    if !is_test {
        all.push(("nairagazer.jsonl".into(), Box::new(|folder: &Path| lines(&nairagazer()?, folder))));
        all.push(("nairagazer.parquet".into(), Box::new(|folder: &Path| table(&nairagazer()?, folder))));
    }
    for documents in if is_test { vec![500] } else { GENERATED.to_vec() } {
        let make = move |folder: &Path| lines(&inputs::documents(&inputs::made(documents, 1)), folder);
        all.push((format!("generated-{documents}.jsonl"), Box::new(make)));
    }
    all
}

/// Runs both commands by one engine, prints a row for each, and adds to `off` what was estimated badly.
fn compare(name: &str, path: &Path, engine: &str, out: &Path, off: &mut Vec<String>) {
    // Little enough for temporary files.
    let options: &[&str] = if engine == "disk" { &["--memory", "64M"] } else { &["--memory", "64G"] };
    let mut estimate = command::flong();
    let said = estimate.arg("estimate").arg(path).arg("--json").args(options).output().expect("flong can be run");
    let said: Value = serde_json::from_slice(&said.stdout).expect("the estimate is JSON");
    assert_eq!(said["engine"], engine, "the room chooses the engine");
    let estimated = |what: &str| said[engine][what].as_f64().unwrap_or_default();
    for command in ["find", "clean"] {
        let run = command::run(command, path, out, options);
        let seconds = (run.seconds, estimated(&format!("{command}_seconds")));
        let memory = (run.memory_bytes as f64 / 1e6, estimated("memory_bytes") / 1e6);
        let disk = (run.disk_bytes as f64 / 1e6, estimated("disk_bytes") / 1e6);
        let factor = |(real, estimated): (f64, f64)| if estimated > 0.0 { real / estimated } else { 1.0 };
        println!(
            "| {name} | {engine} | {command} | {:.1} | {:.1} | {:.0} | {:.0} | {:.0} | {:.0} | {:.2} | {:.2} | {:.2} |",
            seconds.0,
            seconds.1,
            memory.0,
            memory.1,
            disk.0,
            disk.1,
            factor(seconds),
            factor(memory),
            factor(disk),
        );
        for (what, pair) in [("time", seconds), ("memory", memory), ("files", disk)] {
            let error = (factor(pair).recip() - 1.0).abs();
            if error > MAX_ERROR {
                off.push(format!("{what} of {command} of {name} ({engine})"));
            }
        }
    }
}

/// Returns the documents of nairagazer.
fn nairagazer() -> Option<Vec<Document>> {
    Some(inputs::read(&inputs::shared("nairagazer-2020-11/documents.jsonl.zst")?))
}

/// Returns the columns of a document, by name.
fn columns(document: &Document) -> [(&'static str, Option<&str>); 5] {
    [
        ("id", Some(&document.id)),
        ("source", document.source.as_deref()),
        ("date", document.date.as_deref()),
        ("title", document.title.as_deref()),
        ("text", Some(&document.text)),
    ]
}

/// Writes documents as JSON Lines.
fn lines(documents: &[Document], folder: &Path) -> Option<PathBuf> {
    let path = folder.join("in.jsonl");
    let mut text = String::new();
    for document in documents {
        let fields = columns(document).into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.into())));
        text += &Value::Object(fields.collect()).to_string();
        text.push('\n');
    }
    std::fs::write(&path, text).expect("the scratch folder has room");
    Some(path)
}

/// Writes documents as a table of Parquet.
fn table(documents: &[Document], folder: &Path) -> Option<PathBuf> {
    let path = folder.join("in.parquet");
    let schema = "message documents { required binary id (STRING); optional binary source (STRING); \
                  optional binary date (STRING); optional binary title (STRING); required binary text (STRING); }";
    let schema = Arc::new(parse_message_type(schema).expect("the schema is one"));
    let properties = WriterProperties::builder().set_compression(parquet::basic::Compression::SNAPPY).build();
    let file = std::fs::File::create(&path).expect("the scratch folder can be written");
    let write = || -> parquet::errors::Result<()> {
        let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties))?;
        let mut group = writer.next_row_group()?;
        let mut index = 0;
        while let Some(mut column) = group.next_column()? {
            let values: Vec<Option<&str>> = documents.iter().map(|document| columns(document)[index].1).collect();
            let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
            let there: Vec<ByteArray> = values.iter().flatten().map(|&value| value.into()).collect();
            let is_optional = (1..4).contains(&index);
            column.typed::<ByteArrayType>().write_batch(&there, is_optional.then_some(&levels[..]), None)?;
            column.close()?;
            index += 1;
        }
        group.close()?;
        writer.close().map(drop)
    };
    write().expect("the table can be written");
    Some(path)
}
