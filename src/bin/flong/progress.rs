//! Progress: bars on a terminal, plain lines in logs, nothing when quiet.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use flong::config::Settings;
use flong::run;
use indicatif::{ProgressBar, ProgressStyle};

use crate::args::OutputArgs;
use crate::say::{self, STRONG, counted};

/// Shows the progress of a run on standard error.
#[derive(Clone)]
pub struct Progress {
    bar: Option<ProgressBar>,
    lines: bool,
    quiet: bool,
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
        Progress { bar, lines: !terminal && !output.quiet, quiet: output.quiet, read: Arc::default() }
    }

    /// A line for the log.
    fn line(&self, text: &str) {
        if self.lines {
            say::tell(format_args!("{text}"));
        }
    }

    /// Names the file of settings that applies.
    pub fn settings(&self, settings: &Settings) {
        if let Some(file) = settings.file() {
            self.line(&format!("settings of {}", file.path.display()));
        }
    }

    /// Takes the bar away.
    pub fn done(&self) {
        self.bar.iter().for_each(ProgressBar::finish_and_clear);
    }
}

impl run::Progress for Progress {
    fn read(&self, documents: usize) {
        let read = self.read.fetch_add(documents as u64, Ordering::Relaxed) + documents as u64;
        if let Some(bar) = &self.bar {
            bar.set_message(format!("read {}", counted(read, "document")));
        }
    }

    fn loaded(&self, documents: u64, bytes: u64) {
        self.line(&format!("read {}, {} of text", counted(documents, "document"), say::bytes(bytes)));
    }

    fn stage(&self, name: &'static str) {
        self.bar.iter().for_each(|bar| bar.set_message(name));
    }

    fn note(&self, note: &str) {
        if !self.quiet {
            let tell = || say::tell(format_args!("{STRONG}note:{STRONG:#} {note}"));
            self.bar.as_ref().map_or_else(tell, |bar| bar.suspend(tell));
        }
    }
}
