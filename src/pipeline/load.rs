//! Reading all inputs of a run, with as many threads as there are.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::unread::UnreadDates;
use crate::read::{
    Block, Blocks, Fields, Input, InputLayout, Others, Parsed, ReadOptions, Unpacked, open_in_run, parse_block,
};
use crate::{Document, Error, Problem};

/// All that was read.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The inputs that could be opened; places refer to these.
    pub inputs: Vec<Input>,
    /// The documents, in the order of the inputs.
    pub documents: Vec<Document>,
    /// Problems: what was skipped or read with a conversion, in the same order.
    pub problems: Vec<Problem>,
    /// Records that are no documents, with the index of their input, for writing the inputs back; only if records are kept.
    pub others: Vec<(u32, Others)>,
    /// The layout of each input; only if records are kept.
    pub layouts: Vec<InputLayout>,
    /// Bytes of all texts.
    pub bytes: u64,
}

/// Reads inputs. An input that cannot be opened is a problem like any other; `each` is told of progress in documents.
///
/// With [`strict`](ReadOptions::strict) it ends soon after the first record that is skipped, which is then among the
/// problems: the same one whatever the threads, for all that comes before it is read.
///
/// One thread at a time reads the next block, of whatever input, while the others parse theirs: no more blocks are held
/// than there are threads.
pub fn load(inputs: Vec<Input>, fields: &Fields, options: &ReadOptions, each: &(dyn Fn(usize) + Sync)) -> Loaded {
    let skips = AtomicBool::new(false);
    let mut reading = Reading::new(&inputs, fields, options, &skips);
    let mut parsed: Vec<(usize, u32, Parsed)> = (&mut reading)
        .enumerate()
        .par_bridge()
        .map(|(n, step)| {
            let (input, parsed) = parse(step, fields, options.keep_records, &skips);
            each(parsed.documents.len());
            (n, input, parsed)
        })
        .collect();
    parsed.sort_unstable_by_key(|(n, ..)| *n);
    let Reading { opened, layouts, .. } = reading;
    let mut loaded = Loaded { inputs: opened, layouts, ..Loaded::default() };
    loaded.documents.reserve_exact(parsed.iter().map(|(.., parsed)| parsed.documents.len()).sum());
    for (_, input, mut parsed) in parsed {
        loaded.documents.append(&mut parsed.documents);
        loaded.problems.append(&mut parsed.problems);
        if parsed.others.len() > 0 {
            loaded.others.push((input, parsed.others));
        }
    }
    loaded.bytes = loaded.documents.iter().map(|document| document.text.len() as u64).sum();
    let mut unread = UnreadDates::default();
    unread.add(&loaded.documents);
    loaded.problems.extend(unread.problems(&loaded.inputs));
    loaded
}

/// Reads inputs as [`load`] does, but hands over a part at a time: for inputs that need not be held all at once. What is
/// handed over has documents and problems only. Gives the inputs that could be opened.
pub fn load_by_parts(
    inputs: Vec<Input>,
    fields: &Fields,
    options: &ReadOptions,
    mut each: impl FnMut(Vec<Document>, Vec<Problem>) -> Result<(), Error>,
) -> Result<Vec<Input>, Error> {
    let skips = AtomicBool::new(false);
    let mut reading = Reading::new(&inputs, fields, options, &skips);
    let mut unread = UnreadDates::default();
    loop {
        let steps: Vec<_> = reading.by_ref().take(PART).collect();
        if steps.is_empty() {
            each(Vec::new(), unread.problems(&reading.opened))?;
            return Ok(reading.opened);
        }
        let parsed: Vec<Parsed> = steps.into_par_iter().map(|step| parse(step, fields, false, &skips).1).collect();
        let (mut documents, mut problems) = (Vec::new(), Vec::new());
        for mut block in parsed {
            documents.append(&mut block.documents);
            problems.append(&mut block.problems);
        }
        unread.add(&documents);
        each(documents, problems)?;
    }
}

/// The index of the input that was read a step further, and what that gave. Notes in `skips` if something was skipped.
pub(super) fn parse(step: Step, fields: &Fields, keep_records: bool, skips: &AtomicBool) -> (u32, Parsed) {
    let (input, parsed) = match step {
        Ok((input, block)) => (block.input, parse_block(&block, input, fields, keep_records)),
        Err(problem) => (0, Parsed { problems: vec![problem], ..Parsed::default() }),
    };
    if parsed.problems.iter().any(|problem| problem.skipped) {
        skips.store(true, Ordering::Relaxed);
    }
    (input, parsed)
}

/// Blocks in a part: enough for the threads to share, and small files do not make small parts.
const PART: usize = 16;

/// The blocks of all inputs, one after the other, and the problem of each input that cannot be opened in its place.
pub(super) struct Reading<'a> {
    waiting: std::slice::Iter<'a, Input>,
    fields: &'a Fields,
    options: &'a ReadOptions,
    /// Whether something was skipped.
    skips: &'a AtomicBool,
    /// Counts the bytes of what is compressed.
    pub unpacked: Unpacked,
    open: Option<(&'a Input, Blocks)>,
    /// The inputs that could be opened so far.
    pub opened: Vec<Input>,
    /// The layouts of those that were read to their ends; only if records are kept.
    pub layouts: Vec<InputLayout>,
}

/// A block with its input, or why an input cannot be opened.
pub(super) type Step<'a> = Result<(&'a Input, Block), Problem>;

impl<'a> Reading<'a> {
    /// At the start of the first input.
    pub fn new(inputs: &'a [Input], fields: &'a Fields, options: &'a ReadOptions, skips: &'a AtomicBool) -> Self {
        let waiting = inputs.iter();
        let (unpacked, opened, layouts) = (Unpacked::default(), Vec::new(), Vec::new());
        Reading { waiting, fields, options, skips, unpacked, open: None, opened, layouts }
    }
}

impl<'a> Iterator for Reading<'a> {
    type Item = Step<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.options.strict && self.skips.load(Ordering::Relaxed) {
            return None;
        }
        loop {
            if let Some((input, blocks)) = &mut self.open {
                if let Some(block) = blocks.next() {
                    return Some(Ok((input, block)));
                }
                self.layouts.extend(self.open.take().and_then(|(_, blocks)| blocks.layout()));
            }
            let input = self.waiting.next()?;
            let index = self.opened.len() as u32;
            match open_in_run(input, index, self.fields, self.options, &self.unpacked) {
                Ok(blocks) => {
                    self.opened.push(input.clone());
                    self.open = Some((input, blocks));
                }
                Err(error) => return Some(Err(unopened(input, &error))),
            }
        }
    }
}

fn unopened(input: &Input, error: &Error) -> Problem {
    // A path that is the input's name need not be told twice.
    let error = error.raw();
    let reason = error.strip_prefix(&format!("{}: ", input.name)).unwrap_or(&error).to_owned();
    Problem { input: input.name.clone(), line: 0, reason, skipped: true, records: 1 }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::atomic::AtomicUsize;

    use super::*;
    use crate::read::discover;

    #[test]
    fn order_is_kept_whatever_the_blocks() {
        let folder = tempfile::tempdir().unwrap();
        let paths = ["a.jsonl", "b.txt", "c.jsonl", "d.jsonl"].map(|name| folder.path().join(name));
        let lines = |from: usize, to: usize| -> String {
            (from..to).map(|n| if n % 7 == 3 { "\n".into() } else { format!("{{\"text\": \"{n}\"}}\n") }).collect()
        };
        fs::write(&paths[0], lines(0, 50)).unwrap();
        fs::write(&paths[1], "50").unwrap();
        fs::write(&paths[2], "").unwrap();
        fs::write(&paths[3], lines(51, 100) + "[]").unwrap();
        let mut inputs = discover(&paths.map(|path| path.to_str().unwrap().to_string())).unwrap();
        fs::remove_file(inputs[2].path.as_ref().unwrap()).unwrap();
        inputs.swap(2, 3);
        inputs.swap(0, 2);

        let seen = AtomicUsize::new(0);
        let each = |documents| {
            seen.fetch_add(documents, Ordering::Relaxed);
        };
        let options = ReadOptions { block_bytes: 60, keep_records: true, ..ReadOptions::default() };
        let loaded = load(inputs, &Fields::default(), &options, &each);

        let texts: Vec<usize> = loaded.documents.iter().map(|document| document.text.parse().unwrap()).collect();
        let wanted = |n: &usize| *n == 50 || n % 7 != 3;
        let expected: Vec<usize> = (51..100).chain([50]).chain(0..50).filter(wanted).collect();
        assert_eq!(texts, expected);
        assert_eq!(seen.into_inner(), expected.len());
        assert!(loaded.documents.is_sorted_by_key(|document| document.provenance.place));
        let others =
            || loaded.others.iter().flat_map(|(input, others)| others.runs().map(move |run| (*input, run.first)));
        assert!(others().is_sorted());
        let count: u64 = loaded.others.iter().map(|(_, others)| others.len()).sum();
        assert_eq!(count as usize + loaded.documents.len(), 101);
        assert_eq!((loaded.inputs.len(), loaded.layouts.len()), (3, 3));
        let problems: Vec<_> = loaded.problems.iter().map(|problem| (problem.line, problem.skipped)).collect();
        assert_eq!(problems, [(50, true), (0, true)], "a bad record, then an input that is gone");
    }
}
