//! Writes a made corpus of any size, with its truth.
//!
//! ```text
//! cargo run --release --example generate -- DOCUMENTS SEED OUT.jsonl TRUTH.tsv [COPIES]
//! ```
//!
//! `DOCUMENTS` is how many documents to make, `COPIES` the share of them that are derived from an earlier one (0.3 if
//! not given). `TRUTH.tsv` has the columns of `corpus/expected/pairs.tsv`. The same arguments give the same bytes on
//! every machine. 66,000 documents are about 100 MB.

#[path = "../benches/support/generate.rs"]
mod generate;

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

fn run(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let (documents, seed, out, truth, copies) = match arguments {
        [documents, seed, out, truth] => (documents, seed, out, truth, "0.3"),
        [documents, seed, out, truth, copies] => (documents, seed, out, truth, copies.as_str()),
        _ => return Err("usage: generate DOCUMENTS SEED OUT.jsonl TRUTH.tsv [COPIES]".into()),
    };
    let options = generate::Options { documents: documents.parse()?, seed: seed.parse()?, copies: copies.parse()? };
    let articles = generate::read_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/articles"))?;
    let generated = generate::generate(&articles, &options);

    let mut file = BufWriter::new(File::create(out)?);
    generate::write_jsonl(&generated, &mut file)?;
    file.flush()?;
    let mut file = BufWriter::new(File::create(truth)?);
    generate::write_truth(&generated, &mut file)?;
    file.flush()?;
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("generate: {error}");
            ExitCode::FAILURE
        }
    }
}
