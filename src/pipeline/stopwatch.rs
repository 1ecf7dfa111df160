//! Time and memory by stage.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Instant;

use serde::Serialize;

use crate::{Error, Result};

/// The time and memory of one stage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stage {
    /// The stage.
    pub name: &'static str,
    /// Wall-clock seconds.
    pub seconds: f64,
    /// The process' peak resident memory at its end, in bytes; 0 where the system does not tell.
    pub peak_memory: u64,
}

/// Takes the time of one stage after the other.
#[derive(Default)]
pub struct Stopwatch<'a> {
    running: Option<(&'static str, Instant)>,
    done: Vec<Stage>,
    observer: Option<Box<dyn Fn(&'static str) + 'a>>,
    stop: Stop<'a>,
}

/// Says whether a run is to end early. Several threads ask.
#[derive(Clone, Default)]
pub(super) struct Stop<'a>(Option<Arc<dyn Fn() -> bool + Send + Sync + 'a>>);

impl Stop<'_> {
    /// Returns an error if the run is to end.
    pub fn check(&self) -> Result<()> {
        if self.0.as_ref().is_some_and(|stopped| stopped()) { Err(Error::Stopped) } else { Ok(()) }
    }
}

impl<'a> Stopwatch<'a> {
    /// A stopwatch that tells `observer` of each stage that begins.
    pub fn observed(observer: impl Fn(&'static str) + 'a) -> Self {
        Stopwatch { observer: Some(Box::new(observer)), ..Stopwatch::default() }
    }

    /// Ends the run early, with [`Error::Stopped`], once `stopped` returns true. It is asked often.
    pub fn stopped_by(self, stopped: impl Fn() -> bool + Send + Sync + 'a) -> Self {
        Stopwatch { stop: Stop(Some(Arc::new(stopped))), ..self }
    }

    /// Returns an error if the run is to end early.
    pub fn check(&self) -> Result<()> {
        self.stop.check()
    }

    /// Returns what says whether the run is to end, for other threads.
    pub(super) fn stop(&self) -> Stop<'a> {
        self.stop.clone()
    }

    /// Ends the stage that is running and begins another. A stage that is begun again goes on counting.
    pub fn stage(&mut self, name: &'static str) {
        self.end();
        self.observer.iter().for_each(|observer| observer(name));
        self.running = Some((name, Instant::now()));
    }

    fn end(&mut self) {
        let Some((name, since)) = self.running.take() else { return };
        let (seconds, peak_memory) = (since.elapsed().as_secs_f64(), peak_memory());
        match self.done.iter_mut().find(|stage| stage.name == name) {
            Some(stage) => {
                stage.seconds += seconds;
                stage.peak_memory = peak_memory;
            }
            None => self.done.push(Stage { name, seconds, peak_memory }),
        }
    }

    /// Ends the stage that is running and gives all of them, in the order they were begun.
    pub fn finish(mut self) -> Vec<Stage> {
        self.end();
        self.done
    }
}

/// The high-water mark of resident memory in bytes, where `/proc` tells it.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) * 1024
}

/// Most threads for each processor, and most threads on a machine with few processors, whatever is asked for. The results
/// are the same, and threads that wait for a processor slow each other down: on 2 processors, 64 take 20 times as long as 2.
const MAX_THREADS_PER_PROCESSOR: usize = 4;
const MAX_THREADS_ANYWHERE: usize = 16;

/// Returns how many threads to start where this many are asked for: one for each processor if none, and no more than help.
pub fn useful_threads(asked: Option<NonZeroUsize>) -> usize {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let most = (processors * MAX_THREADS_PER_PROCESSOR).max(MAX_THREADS_ANYWHERE);
    asked.map_or(processors, |threads| usize::from(threads).min(most))
}

/// Returns the number of threads that a run started here uses.
pub fn threads() -> usize {
    rayon::current_num_threads()
}
