//! Reading all inputs of a run, with as many threads as there are.

use rayon::prelude::*;

use crate::read::{Fields, Input, InputLayout, Parsed, ReadOptions, open, parse_block};
use crate::{Document, Error, Place, Problem};

/// All that was read.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The inputs that could be opened; places refer to these.
    pub inputs: Vec<Input>,
    /// The documents, in the order of the inputs.
    pub documents: Vec<Document>,
    /// What was passed over or read with a conversion, in the same order.
    pub problems: Vec<Problem>,
    /// Records that are no documents, for writing the inputs back; only if records are kept.
    pub others: Vec<(Place, Box<[u8]>)>,
    /// How each input was laid out; only if records are kept.
    pub layouts: Vec<InputLayout>,
}

/// Blocks that are read before they are parsed together.
const AHEAD: usize = 16;

/// Reads inputs. An input that cannot be opened is a problem like any other; `each` is told of progress in documents.
pub fn load(inputs: Vec<Input>, fields: &Fields, options: &ReadOptions, each: &dyn Fn(usize)) -> Loaded {
    let mut loaded = Loaded::default();
    for input in inputs {
        let index = loaded.inputs.len() as u32;
        let mut blocks = match open(&input, index, options) {
            Ok(blocks) => blocks,
            Err(error) => {
                loaded.problems.push(unopened(&input, &error));
                continue;
            }
        };
        loop {
            let ahead: Vec<_> = blocks.by_ref().take(AHEAD).collect();
            if ahead.is_empty() {
                break;
            }
            let parsed: Vec<Parsed> =
                ahead.into_par_iter().map(|block| parse_block(&block, &input, fields, options.keep_records)).collect();
            for mut parsed in parsed {
                each(parsed.documents.len());
                loaded.documents.append(&mut parsed.documents);
                loaded.problems.append(&mut parsed.problems);
                let others = parsed.others.into_iter();
                loaded.others.extend(others.map(|(record, raw)| (Place { input: index, record }, raw)));
            }
        }
        loaded.layouts.extend(blocks.layout());
        loaded.inputs.push(input);
    }
    loaded
}

fn unopened(input: &Input, error: &Error) -> Problem {
    Problem { input: input.name.clone(), line: 0, reason: error.to_string(), skipped: true }
}
