//! Progress: bars on a terminal, plain lines in logs, nothing when quiet.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use flong::pipeline::Stopwatch;
use indicatif::{ProgressBar, ProgressStyle};

use crate::args::OutputArgs;
use crate::say::counted;

/// Shows the progress of a run on standard error.
#[derive(Clone)]
pub struct Progress {
    bar: Option<ProgressBar>,
    lines: bool,
    read: Arc<AtomicU64>,
}

impl Progress {
    /// As the options and the terminal ask for.
    pub fn new(output: &OutputArgs) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let bar = (terminal && !output.quiet).then(|| {
            let bar = ProgressBar::new_spinner();
            bar.set_style(ProgressStyle::with_template("{spinner} {elapsed} {msg}").expect("a fixed template"));
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        Progress { bar, lines: !terminal && !output.quiet, read: Arc::default() }
    }

    /// Adds documents that were read.
    pub fn read(&self, documents: usize) {
        let read = self.read.fetch_add(documents as u64, Ordering::Relaxed) + documents as u64;
        if let Some(bar) = &self.bar {
            bar.set_message(format!("read {}", counted(read, "document")));
        }
    }

    /// Returns a stopwatch that reports each stage.
    pub fn stopwatch(&self) -> Stopwatch {
        let bar = self.bar.clone();
        Stopwatch::observed(move |stage| bar.iter().for_each(|bar| bar.set_message(stage)))
    }

    /// A line for the log.
    pub fn line(&self, text: &str) {
        if self.lines {
            crate::say::tell(format_args!("{text}"));
        }
    }

    /// Takes the bar away.
    pub fn done(&self) {
        self.bar.iter().for_each(ProgressBar::finish_and_clear);
    }
}
