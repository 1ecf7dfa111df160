//! The named inputs of benches and tests, in one table.

#![allow(dead_code)] // each bench and test that includes this file uses a part of it

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use flong::Document;
use flong::read::{Fields, ReadOptions, discover, open, parse_block};

use crate::generate;

/// An input with a name.
pub struct Input {
    /// Its name in the results.
    pub name: &'static str,
    from: From,
}

enum From {
    /// Made from `corpus/`: so many documents.
    Generated(usize),
    /// A file of the shared data, which may not be there.
    Shared(&'static str),
}

/// All of them, the quickest first.
pub const INPUTS: &[Input] = &[
    Input { name: "generated-small", from: From::Generated(2_000) },
    Input { name: "generated", from: From::Generated(20_000) },
    Input { name: "nairagazer", from: From::Shared("nairagazer-2020-11/documents.jsonl.zst") },
    Input { name: "reuters", from: From::Shared("reuters-21578/documents.jsonl.zst") },
    Input { name: "bible", from: From::Shared("bible-verses/documents.jsonl.zst") },
];

impl Input {
    /// The file to read, made first if it is a made one; `None` if it is not there.
    pub fn path(&self, scratch: &Path) -> Option<PathBuf> {
        match self.from {
            From::Shared(name) => shared(name),
            From::Generated(documents) => {
                let path = scratch.join(format!("{}.jsonl", self.name));
                let mut file = BufWriter::new(File::create(&path).expect("the scratch folder can be written"));
                generate::write_jsonl(&made(documents, 1), &mut file).expect("the scratch folder has room");
                Some(path)
            }
        }
    }
}

/// A made corpus with its truth.
pub fn made(documents: usize, seed: u64) -> generate::Generated {
    let articles = generate::read_folder(&root().join("corpus/articles")).expect("the corpus can be read");
    generate::generate(&articles, &generate::Options { documents, seed, copies: 0.3 })
}

/// The documents of a made corpus.
pub fn documents(made: &generate::Generated) -> Vec<Document> {
    let some = |text: &str| Some(text.into());
    let document = |doc: &generate::Doc| Document {
        source: some(&doc.source),
        date: some(&doc.date),
        title: some(&doc.title),
        ..Document::new(doc.id.as_str(), doc.text.as_str())
    };
    made.documents.iter().map(document).collect()
}

/// The folder of the crate.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the shared data, or `None`, and says so, if it is not there. The data lies beside the crate, or where
/// `FLONG_SHARED_DATA` says.
pub fn shared(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("FLONG_SHARED_DATA").map_or_else(|| root().join("../shared/data"), PathBuf::from);
    let path = folder.join(name);
    if !path.exists() {
        println!("skipped: there is no {}", path.display());
        return None;
    }
    Some(path)
}

/// Reads all documents of a file or folder.
pub fn read(path: &Path) -> Vec<Document> {
    let argument = path.to_str().expect("paths here are UTF-8").to_string();
    let mut documents = Vec::new();
    for (index, input) in (0..).zip(discover(&[argument]).expect("the input is there")) {
        for block in open(&input, index, &Fields::default(), &ReadOptions::default()).expect("the input can be opened")
        {
            let parsed = parse_block(&block, &input, &Fields::default(), false);
            assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
            documents.extend(parsed.documents);
        }
    }
    documents
}
