//! Inputs that are read again for each pass, so that neither texts nor records are held.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::corpus::{Batch, ByBatch, Corpus, InOrder, Stoppable};
use super::count::Observing;
use super::disk::Engine;
use super::load::{Reading, Step, parse};
use super::unread::UnreadDates;
use super::{Found, Loaded, Stopwatch, conclude, profiled};
use crate::judge;
use crate::read::{Copied, Fields, Input, Parsed, ReadOptions, readable_again};
use crate::segment::cut;
use crate::{Document, Error, Head, Heads, Params, Problem, Result};

/// Inputs that were read once: what is kept of their documents, and the way to read them again.
pub struct Scanned {
    /// Results of the first reading, without documents.
    pub loaded: Loaded,
    /// The documents without their texts. Only corrections have their titles, which rank them.
    pub heads: Heads,
    engine: Engine,
    observing: Option<Observing>,
    again: Again,
    /// The length of each document's text, in bytes.
    lengths: Vec<u32>,
}

/// Results of reading a block for the first time.
struct First {
    heads: Heads,
    /// The documents with their texts, if they are worth keeping.
    kept: Option<Vec<Document>>,
    lengths: Vec<u32>,
    problems: Vec<Problem>,
    /// Whether it is a block of an input, and not the problem of one that cannot be opened.
    read: bool,
}

/// Results of reading all blocks for the first time.
#[derive(Default)]
struct Firsts {
    heads: Heads,
    lengths: Vec<u32>,
    problems: Vec<Problem>,
    /// As in [`Again`].
    held: Vec<usize>,
    kept: Vec<Option<Vec<Document>>>,
}

impl Firsts {
    fn add(&mut self, mut first: First) {
        if first.read {
            self.held.push(first.heads.len());
            self.kept.push(first.kept);
        }
        self.lengths.append(&mut first.lengths);
        self.heads.append(&first.heads);
        self.problems.append(&mut first.problems);
    }
}

/// Reads inputs for the first time, for [`Scanned::find`] with the same parameters; an input that cannot be read twice, such
/// as a pipe, is copied to a temporary file first. An input that cannot be opened is a problem like any other; `each` is told
/// of progress in documents. `engine` says where the run keeps what it works with. With [`strict`](ReadOptions::strict) it ends soon after the first record that is skipped.
///
/// # Errors
/// If an input cannot be copied.
pub fn scan(
    inputs: Vec<Input>,
    fields: &Fields,
    options: &ReadOptions,
    params: &Params,
    engine: Engine,
    each: &(dyn Fn(usize) + Sync),
) -> Result<Scanned> {
    let mut copies = Vec::new();
    let mut sources = Vec::with_capacity(inputs.len());
    for input in &inputs {
        let (source, copy) = readable_again(input)?;
        sources.push(source);
        copies.extend(copy);
    }
    let observing = Observing::new(params, &engine)?;
    let firsts: InOrder<First, Firsts> = InOrder::default();
    let keeps = matches!(engine, Engine::Memory);
    let skips = AtomicBool::new(false);
    let mut reading = Reading::new(&sources, fields, options, &skips);
    (&mut reading).enumerate().par_bridge().for_each(|(number, step)| {
        let read = step.is_ok();
        let is_slow = step.as_ref().is_ok_and(|(input, _)| input.format.codec().is_slow());
        let parsed = parse(step, fields, false, &skips).1;
        each(parsed.documents.len());
        if read {
            observing.observe(Batch { number, documents: &parsed.documents, cut: &|i| cut(&parsed.documents[i]) });
        }
        let lengths = parsed.documents.iter().map(|document| document.text.len() as u32).collect();
        let kept = (is_slow && keeps).then(|| parsed.documents.clone());
        let heads = heads(&parsed.documents);
        firsts.put(number, First { heads, kept, lengths, problems: parsed.problems, read }, Firsts::add);
    });
    let (opened, layouts) = (std::mem::take(&mut reading.opened), std::mem::take(&mut reading.layouts));
    let named = named(&inputs, &sources, &opened);
    let Firsts { mut heads, lengths, problems, held, kept } = firsts.sum();
    let mut loaded = Loaded { inputs: named, layouts, problems, ..Loaded::default() };
    loaded.bytes = lengths.iter().map(|&length| u64::from(length)).sum();
    let mut unread = UnreadDates::default();
    unread.add(&heads);
    heads.shrink_to_fit();
    loaded.problems.extend(unread.problems(&loaded.inputs));
    let again = Again { inputs: opened, fields: fields.clone(), options: *options, held, kept, _copies: copies };
    Ok(Scanned { loaded, heads, engine, observing: Some(observing), again, lengths })
}

/// Returns what is kept of documents. The rest is read again where it is needed.
fn heads(documents: &[Document]) -> Heads {
    let mut heads = Heads::default();
    for head in documents.iter().map(Document::head) {
        heads.push(Head { title: judge::correction_title(head), ..head });
    }
    heads.shrink_to_fit();
    heads
}

/// The inputs that were opened, as they were named.
fn named(inputs: &[Input], sources: &[Input], opened: &[Input]) -> Vec<Input> {
    let mut all = inputs.iter().zip(sources);
    let original = |opened: &Input| all.find(|(_, source)| source.path == opened.path).map(|(input, _)| input.clone());
    opened.iter().filter_map(original).collect()
}

/// The way to read inputs again.
struct Again {
    inputs: Vec<Input>,
    fields: Fields,
    options: ReadOptions,
    /// The number of documents of each block.
    held: Vec<usize>,
    /// The documents of blocks that take long to parse.
    kept: Vec<Option<Vec<Document>>>,
    /// Copies of inputs that can be read only once. They go with this.
    _copies: Vec<Copied>,
}

impl Again {
    /// Reads all again, a block at a time and several at once. `made` is told of each block with its number.
    fn read(&self, made: &(dyn Fn(usize, Parsed) + Sync)) -> Result<()> {
        let skips = AtomicBool::new(false);
        let options = ReadOptions { strict: false, keep_records: false, ..self.options };
        let reading = Reading::new(&self.inputs, &self.fields, &options, &skips);
        let failed: Mutex<Option<Error>> = Mutex::new(None);
        let blocks = AtomicUsize::new(0);
        reading.enumerate().par_bridge().for_each(|(number, step)| match self.same(number, step, false) {
            Ok((_, parsed)) => {
                blocks.fetch_add(1, Ordering::Relaxed);
                made(number, parsed);
            }
            Err(error) => *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error),
        });
        match failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(error) => Err(error),
            None if blocks.into_inner() < self.held.len() => Err(self.changed(0)),
            None => Ok(()),
        }
    }

    /// A block that is read again, if it holds what it held before.
    fn same(&self, number: usize, step: Step, keep_records: bool) -> Result<(u32, Parsed)> {
        let skips = AtomicBool::new(false);
        let input = step.as_ref().map_or(0, |(_, block)| block.input);
        if let Some(Some(documents)) = self.kept.get(number).filter(|_| !keep_records) {
            return Ok((input, Parsed { documents: documents.clone(), ..Parsed::default() }));
        }
        let readable = step.is_ok();
        let (_, parsed) = parse(step, &self.fields, keep_records, &skips);
        match readable && self.held.get(number) == Some(&parsed.documents.len()) {
            true => Ok((input, parsed)),
            false => Err(self.changed(input)),
        }
    }

    fn changed(&self, input: u32) -> Error {
        let name = self.inputs.get(input as usize).map_or("an input", |input| &input.name);
        Error::Usage(format!("{name}: changed while it was read; run again when nothing writes to it"))
    }
}

impl Corpus for Again {
    fn pass(&self, each: &(dyn Fn(Batch<'_>) + Sync)) -> Result<()> {
        self.read(&|number, Parsed { documents, .. }| {
            each(Batch { number, documents: &documents, cut: &|i| cut(&documents[i]) });
        })
    }
}

impl Scanned {
    /// Finds what repeats, as [`find`](super::find) does with documents in memory. To be called once.
    ///
    /// # Errors
    /// If an input can no longer be read as it was.
    pub fn find(&mut self, params: &Params, watch: &mut Stopwatch) -> Result<Found> {
        let observing = self.observing.take().expect("it is called once");
        let (documents, lengths) = (&self.heads, &self.lengths);
        let ranks = || judge::ranks_by(documents, |i| lengths[i] as usize, params);
        let corpus = Stoppable { corpus: &self.again, stop: watch.stop() };
        let (prepared, ranks) = profiled(&corpus, observing, ranks, params, &self.engine, watch)?;
        conclude(prepared, &ranks, documents.into(), self.loaded.bytes, params, &self.engine, watch)
    }

    /// Returns the length of each document's text, in bytes.
    pub fn lengths(&self) -> &[u32] {
        &self.lengths
    }

    /// Returns the inputs as they can be read again: one that cannot, such as a pipe, was copied to a temporary file.
    pub fn readable_inputs(&self) -> &[Input] {
        &self.again.inputs
    }

    /// Reads the documents with these indices again, with their texts, titles and addresses.
    ///
    /// # Errors
    /// If an input can no longer be read as it was.
    pub fn read_documents(&self, wanted: &[usize]) -> Result<BTreeMap<usize, Document>> {
        let mut wanted = wanted.to_vec();
        wanted.sort_unstable();
        let found: Mutex<BTreeMap<usize, Document>> = Mutex::default();
        self.blocks(&|_, first, documents| {
            let place = |document: usize| wanted.partition_point(|&wanted| wanted < document);
            let here = &wanted[place(first)..place(first + documents.len())];
            if !here.is_empty() {
                let documents = here.iter().map(|&i| (i, documents[i - first].clone()));
                found.lock().unwrap_or_else(PoisonError::into_inner).extend(documents);
            }
        })?;
        Ok(found.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads all documents into memory, with their texts and without their records.
    ///
    /// # Errors
    /// If an input can no longer be read as it was.
    pub fn documents(&self) -> Result<Vec<Document>> {
        let blocks = ByBatch::default();
        self.blocks(&|number, _, documents| blocks.put(number, documents))?;
        Ok(blocks.in_order().flatten().collect())
    }

    /// Reads all documents again, a block at a time, several at once and in any order. `each` is told of each block: its number, the
    /// index of its first document, and the documents.
    ///
    /// # Errors
    /// If an input can no longer be read as it was.
    pub(super) fn blocks(&self, each: &(dyn Fn(usize, usize, Vec<Document>) + Sync)) -> Result<()> {
        let starts = starts(&self.again.held);
        self.again.read(&|number, parsed| each(number, starts[number], parsed.documents))
    }

    /// Returns where the run keeps what it works with.
    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Reads all records again in their order, and hands over a block at a time: the index of its first document, its input
    /// and what it holds. Documents carry their records if the options of [`scan`] ask for that. Ends after the first
    /// `inputs` inputs.
    ///
    /// # Errors
    /// If an input can no longer be read as it was, and what `each` returns.
    pub fn records(&self, inputs: usize, mut each: impl FnMut(usize, u32, Parsed) -> Result<()>) -> Result<()> {
        let skips = AtomicBool::new(false);
        let options = ReadOptions { strict: false, ..self.again.options };
        let inputs = &self.again.inputs[..inputs];
        let mut reading = Reading::new(inputs, &self.again.fields, &options, &skips);
        let (mut number, mut first) = (0, 0);
        loop {
            let steps: Vec<(usize, Step)> =
                (number..).zip(reading.by_ref().take(rayon::current_num_threads())).collect();
            if steps.is_empty() {
                break;
            }
            number += steps.len();
            let parsed: Vec<Result<(u32, Parsed)>> = steps
                .into_par_iter()
                .map(|(number, step)| self.again.same(number, step, options.keep_records))
                .collect();
            for block in parsed {
                let (input, parsed) = block?;
                let documents = parsed.documents.len();
                each(first, input, parsed)?;
                first += documents;
            }
        }
        let unlike = (0..).zip(reading.layouts.iter().zip(&self.loaded.layouts)).find(|(_, (now, then))| now != then);
        unlike.map_or(Ok(()), |(input, _)| Err(self.again.changed(input)))
    }
}

/// Returns the index of the first document of each block.
fn starts(held: &[usize]) -> Vec<usize> {
    let sum = |at: &mut usize, &documents: &usize| Some(std::mem::replace(at, *at + documents));
    held.iter().scan(0, sum).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::read::discover;

    #[test]
    fn any_engine_finds_the_same() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/articles").to_owned();
        let temporary = tempfile::tempdir().unwrap();
        let options = ReadOptions { block_bytes: 10_000, ..ReadOptions::default() };
        let run = |engine: Engine, params: &Params| {
            let inputs = discover(std::slice::from_ref(&folder)).unwrap();
            let mut scanned = scan(inputs, &Fields::default(), &options, params, engine, &|_| ()).unwrap();
            scanned.find(params, &mut Stopwatch::default()).unwrap()
        };
        let few = crate::fingerprint::Fingerprints { full_list: 3, ..Default::default() };
        for params in [Params::default(), Params { fingerprints: few, ..Params::default() }] {
            let expected = run(Engine::Memory, &params);
            let (matches, candidates) = (expected.matches.len(), expected.counts.candidates);
            assert!(matches > 20 && candidates > 100, "{matches} of {candidates}");
            for working_bytes in [0, 10_000, 1 << 30] {
                let found = run(Engine::Disk { working_bytes, folder: temporary.path().into() }, &params);
                assert_eq!(found.counts, expected.counts, "{working_bytes}");
                assert_eq!(found.matches, expected.matches, "{working_bytes}");
                assert_eq!(found.clusters, expected.clusters, "{working_bytes}");
                assert_eq!(found.asides, expected.asides, "{working_bytes}");
            }
            assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 0);
        }
        let nowhere = Engine::Disk { working_bytes: 0, folder: temporary.path().join("missing") };
        let inputs = discover(std::slice::from_ref(&folder)).unwrap();
        let error = scan(inputs, &Fields::default(), &options, &Params::default(), nowhere, &|_| ()).err().unwrap();
        assert!(error.to_string().contains("--temp-dir"), "{error}");
    }

    #[test]
    fn an_input_that_loses_blocks_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("in.jsonl");
        let lines = |n: usize| (0..n).map(|i| format!("{{\"text\": \"text number {i}\"}}\n")).collect::<String>();
        fs::write(&path, lines(200)).unwrap();
        let options = ReadOptions { block_bytes: 100, ..ReadOptions::default() };
        for (left, fine) in [(200, true), (100, false), (0, false), (300, false)] {
            fs::write(&path, lines(200)).unwrap();
            let inputs = discover(std::slice::from_ref(&path)).unwrap();
            let engine = Engine::Memory;
            let scanned = scan(inputs, &Fields::default(), &options, &Params::default(), engine, &|_| ()).unwrap();
            assert!(scanned.again.held.len() > 20);
            fs::write(&path, lines(left)).unwrap();
            assert_eq!(scanned.documents().is_ok(), fine, "{left}");
        }
    }
}
