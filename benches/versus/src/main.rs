//! Proposes candidate pairs with one of several libraries, and says what that took.
//!
//! ```text
//! flong-versus TOOL INPUT [LABELS]
//! ```
//!
//! Every tool gets the texts in memory, and compares word 3-grams on one thread. Tools with MinHash use 128 hash functions, in
//! bands that find pairs of a Jaccard similarity of 0.5. The time is that from texts to pairs; it is printed as JSON, with the
//! number of pairs, and how many of the pairs that `LABELS` calls copies (`S`) are among them.

use std::collections::{BTreeSet, HashMap};
use std::process::ExitCode;
use std::time::Instant;

use flong::fingerprint::{Fingerprints, Keys};
use flong::propose::{Order, Postings, Shared, Tally};
use flong::read::{Fields, ReadOptions, discover, open, parse_block};
use flong::segment::cut;
use flong::shingle::shingles;
use flong::token::Word;
use flong::{Document, KeyedUnit, UnitId};
use gaoya::minhash::{MinHashIndex, MinHasher, MinHasher32};
use serde_json::json;
use txtfp::{Canonicalizer, Fingerprinter, LshIndexBuilder, MinHashFingerprinter, ShingleTokenizer, WordTokenizer};

/// Words in a shingle.
const WIDTH: usize = 3;
/// Hash functions of a MinHash signature.
const HASHES: usize = 128;
/// The Jaccard similarity that bands are chosen for.
const THRESHOLD: f64 = 0.5;

/// Pairs of indices, the smaller first.
type Pairs = BTreeSet<(usize, usize)>;

/// The tools, by their names.
const TOOLS: &[(&str, fn(&[Document]) -> Pairs)] = &[("flong", by_flong), ("gaoya", by_gaoya), ("txtfp", by_txtfp)];

/// Proposes pairs that share fingerprints, by the public stages of flong.
fn by_flong(documents: &[Document]) -> Pairs {
    let settings = Fingerprints::default();
    let (mut keys, mut words, mut kept) = (Keys::default(), Vec::new(), Vec::new());
    for document in documents {
        let cut = cut(document);
        words.clear();
        words.extend(cut.tokens.iter().map(|token| token.word));
        kept.clear();
        settings.select(&all_shingles(&words).into_iter().map(Some).collect::<Vec<_>>(), &mut kept);
        keys.push(kept.iter().map(|key| (key >> 32) as u32));
    }
    let units = documents.len() as u32;
    let key_counts: Vec<u32> = (0..units).map(|unit| keys.of(unit).len() as u32).collect();
    let order = Order { sizes: &key_counts, rank: &|unit| unit.0.into() };
    let mut entries: Vec<KeyedUnit> =
        (0..units).flat_map(|unit| keys.of(unit).iter().map(move |&key| KeyedUnit::new(key, UnitId(unit)))).collect();
    let postings = Postings::of(&mut entries, order, settings.full_list);
    let lists = postings.by_unit(documents.len());
    let shared = Shared { key_counts: &key_counts, postings: &postings, lists: &lists, order, settings };
    let (mut tally, mut pairs) = (Tally::default(), Pairs::new());
    for unit in (0..units).map(UnitId) {
        tally.candidates(unit, shared, |other| {
            pairs.insert((unit.min(other).index(), unit.max(other).index()));
        });
    }
    pairs
}

/// Returns the hashes of all shingles of some words.
fn all_shingles(words: &[Word]) -> Vec<u64> {
    let mut found = Vec::with_capacity(words.len());
    shingles(words, WIDTH, |shingle| found.push(shingle));
    found
}

/// Proposes pairs by the index of gaoya.
fn by_gaoya(documents: &[Document]) -> Pairs {
    const BANDS: usize = 25;
    const ROWS: usize = 5;
    let hasher = MinHasher32::new(BANDS * ROWS);
    let mut index = MinHashIndex::new(BANDS, ROWS, THRESHOLD);
    for (number, document) in documents.iter().enumerate() {
        let text = document.text.to_lowercase();
        let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        index.insert(number, hasher.create_signature(words.windows(WIDTH)));
    }
    let mut pairs = Pairs::new();
    for number in 0..documents.len() {
        for &other in index.query(index.get_signature(&number).expect("it was inserted")).into_iter() {
            if other != number {
                pairs.insert((number.min(other), number.max(other)));
            }
        }
    }
    pairs
}

/// Proposes pairs by the index of txtfp.
fn by_txtfp(documents: &[Document]) -> Pairs {
    let tokenizer = ShingleTokenizer { k: WIDTH, inner: WordTokenizer };
    let fingerprinter = MinHashFingerprinter::<_, HASHES>::new(Canonicalizer::default(), tokenizer);
    let builder = LshIndexBuilder::for_threshold(THRESHOLD as f32, HASHES).expect("the threshold is between 0 and 1");
    let mut index = builder.build::<HASHES>();
    let mut signatures = Vec::new();
    for (number, document) in documents.iter().enumerate() {
        // A text without words has no signature.
        let Ok(signature) = fingerprinter.fingerprint(&document.text) else { continue };
        index.insert(number as u64, signature.clone());
        signatures.push((number, signature));
    }
    let mut pairs = Pairs::new();
    for (number, signature) in &signatures {
        for other in index.query(signature) {
            let other = other as usize;
            if other != *number {
                pairs.insert((*number.min(&other), *number.max(&other)));
            }
        }
    }
    pairs
}

/// Reads all documents of an input.
fn read(path: &str) -> flong::Result<Vec<Document>> {
    let mut documents = Vec::new();
    for (index, input) in (0..).zip(discover(&[path])?) {
        for block in open(&input, index, &Fields::default(), &ReadOptions::default())? {
            documents.extend(parse_block(&block, &input, &Fields::default(), false).documents);
        }
    }
    Ok(documents)
}

/// Returns how many pairs are labelled as copies, and how many of these were proposed.
fn score(labels: &str, documents: &[Document], pairs: &Pairs) -> (usize, usize) {
    let index: HashMap<&str, usize> = documents.iter().enumerate().map(|(n, document)| (&*document.id, n)).collect();
    let copies = labels.lines().filter_map(|line| {
        let mut columns = line.split('\t');
        let (a, b) = (*index.get(columns.next()?)?, *index.get(columns.next()?)?);
        (columns.next()? == "S").then_some((a.min(b), a.max(b)))
    });
    copies.fold((0, 0), |(all, found), pair| (all + 1, found + usize::from(pairs.contains(&pair))))
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (tool, input, labels) = match &arguments[..] {
        [tool, input] => (tool, input, None),
        [tool, input, labels] => (tool, input, Some(labels)),
        _ => {
            eprintln!("usage: flong-versus TOOL INPUT [LABELS]");
            return ExitCode::from(2);
        }
    };
    let Some((_, propose)) = TOOLS.iter().find(|(name, _)| name == tool) else {
        eprintln!(
            "no such tool: {tool}; there are {}",
            TOOLS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
        );
        return ExitCode::from(2);
    };
    let documents = match read(input) {
        Ok(documents) => documents,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    let started = Instant::now();
    let pairs = propose(&documents);
    let seconds = started.elapsed().as_secs_f64();
    let labels = labels.and_then(|path| std::fs::read_to_string(path).ok());
    let (copies, proposed) = labels.map_or((0, 0), |labels| score(&labels, &documents, &pairs));
    println!(
        "{}",
        json!({"tool": tool, "seconds": seconds, "pairs": pairs.len(), "copies": copies, "proposed": proposed})
    );
    ExitCode::SUCCESS
}
