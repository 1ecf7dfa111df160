//! Estimates of the time and room that a run takes, from a sample of its inputs.

use std::sync::atomic::AtomicBool;
use std::time::Instant;

use serde::Serialize;

use super::costs::{
    FILE_BYTES_PER_TEXT_BYTE, FILES_MEMORY_BYTES_PER_DOCUMENT, FILES_MEMORY_BYTES_PER_TEXT_BYTE, FILES_TIME,
    MEMORY_BYTES_PER_DOCUMENT, MEMORY_BYTES_PER_TEXT_BYTE, PASSES, SORTS_AT_A_TIME, WRITING_PASSES,
};
use super::disk::{Engine, memory_for};
use super::load::{Reading, parse};
use super::{Stopwatch, find_timed};
use crate::read::{Fields, Input, ReadOptions, Share};
use crate::{Document, Params, Result};

/// The time and room that a run is expected to take.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Estimate {
    /// Documents that were read for it, of all inputs if there are few.
    pub sampled: u64,
    /// Documents of all inputs.
    pub documents: u64,
    /// Bytes of their texts.
    pub text_bytes: u64,
    /// Bytes of the inputs, as they are stored.
    pub input_bytes: u64,
    /// The cost of a run that keeps everything in memory.
    pub memory: Cost,
    /// The cost of a run that keeps what it can in temporary files.
    pub disk: Cost,
    /// The engine that the run would use, with the room that it has: `memory` or `disk`.
    pub engine: &'static str,
}

/// The time and room that a run takes with one engine.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Cost {
    /// Wall-clock seconds to find what repeats, with as many threads as the estimate was made with.
    pub find_seconds: f64,
    /// Wall-clock seconds to clean.
    pub clean_seconds: f64,
    /// Peak of memory, in bytes.
    pub memory_bytes: u64,
    /// Temporary files, in bytes.
    pub disk_bytes: u64,
}

/// Bytes of text in a sample.
const SAMPLE_BYTES: u64 = 8 << 20;
/// Inputs in a sample.
const SAMPLE_INPUTS: usize = 16;

/// Documents and bytes, of a sample or of everything.
#[derive(Debug, Default)]
struct Sums {
    documents: f64,
    text_bytes: f64,
    input_bytes: u64,
}

/// Estimates the time and room that it takes to find what repeats in the inputs, or to clean them. `engine` is the one that
/// the run would use.
///
/// # Errors
/// If no input of the sample can be read.
pub fn estimate(
    inputs: &[Input],
    fields: &Fields,
    options: &ReadOptions,
    params: &Params,
    engine: &Engine,
) -> Result<Estimate> {
    let input_bytes = inputs.iter().filter_map(Input::stored_bytes).sum();
    let step = inputs.len().div_ceil(SAMPLE_INPUTS).max(1);
    let chosen: Vec<&Input> = inputs.iter().step_by(step).collect();
    let started = Instant::now();
    let (mut sample, mut sums) = (Vec::new(), Sums::default());
    for input in &chosen {
        read_sample(input, fields, options, SAMPLE_BYTES / chosen.len() as u64, &mut sample, &mut sums)?;
    }
    let reading = started.elapsed().as_secs_f64();
    let sampled_bytes: f64 = sample.iter().map(|document: &Document| document.text.len() as f64).sum();
    let all = input_bytes as f64 / sums.input_bytes.max(1) as f64;
    let (documents, text_bytes) = ((sums.documents * all) as u64, (sums.text_bytes * all) as u64);
    let started = Instant::now();
    find_timed(&sample, params, &mut Stopwatch::default());
    let finding = started.elapsed().as_secs_f64();
    let times = text_bytes as f64 / sampled_bytes.max(1.0);
    let once = times * reading / rayon::current_num_threads() as f64;
    let seconds = times * finding + once * PASSES;
    let working = match engine {
        Engine::Disk { working_bytes, .. } => *working_bytes as u64 * SORTS_AT_A_TIME,
        Engine::Memory => 64 << 20,
    };
    let held =
        documents * FILES_MEMORY_BYTES_PER_DOCUMENT + (text_bytes as f64 * FILES_MEMORY_BYTES_PER_TEXT_BYTE) as u64;
    Ok(Estimate {
        sampled: sample.len() as u64,
        documents,
        text_bytes,
        input_bytes,
        memory: Cost {
            find_seconds: seconds,
            clean_seconds: seconds + once * WRITING_PASSES,
            memory_bytes: memory_for(0)
                + documents * MEMORY_BYTES_PER_DOCUMENT
                + (text_bytes as f64 * MEMORY_BYTES_PER_TEXT_BYTE) as u64,
            disk_bytes: 0,
        },
        disk: Cost {
            find_seconds: seconds * FILES_TIME,
            clean_seconds: seconds * FILES_TIME + once * WRITING_PASSES,
            memory_bytes: memory_for(0) + held + working,
            disk_bytes: (text_bytes as f64 * FILE_BYTES_PER_TEXT_BYTE) as u64,
        },
        engine: if *engine == Engine::Memory { "memory" } else { "disk" },
    })
}

/// Reads the beginning of an input into `sample`, and adds to `sums` the documents and bytes that all of it
/// holds, by the share that was read.
fn read_sample(
    input: &Input,
    fields: &Fields,
    options: &ReadOptions,
    most: u64,
    sample: &mut Vec<Document>,
    sums: &mut Sums,
) -> Result<()> {
    let skips = AtomicBool::new(false);
    let options = ReadOptions { keep_records: false, block_bytes: 1 << 20, ..*options };
    let one = std::slice::from_ref(input);
    let mut reading = Reading::new(one, fields, &options, &skips);
    let (mut share, first, mut text_bytes) = (Share::new(input), sample.len(), 0);
    let mut at_end = true;
    for step in reading.by_ref() {
        if let Ok((_, block)) = &step {
            share.add(block);
        }
        let (_, parsed) = parse(step, fields, false, &skips);
        text_bytes += parsed.documents.iter().map(|document| document.text.len() as u64).sum::<u64>();
        sample.extend(parsed.documents);
        if text_bytes >= most {
            at_end = false;
            break;
        }
    }
    let share = if at_end { 1.0 } else { share.read(&reading.unpacked) };
    sums.documents += (sample.len() - first) as f64 / share;
    sums.text_bytes += text_bytes as f64 / share;
    sums.input_bytes += input.stored_bytes().unwrap_or_default();
    Ok(())
}
