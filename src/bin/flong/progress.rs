//! Progress: bars on a terminal, plain lines in logs, nothing when quiet.

use std::fmt::Write;
use std::io::IsTerminal;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use flong::config::Settings;
use flong::run;
use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use crate::args::OutputArgs;
use crate::memory;
use crate::say::{self, STRONG, counted};

/// The stages of a run, in order, each with the share of the time that it usually takes.
pub type Stages = &'static [(&'static str, f64)];

/// The stages of `flong find`.
pub const OF_FIND: Stages = &[
    ("read", 0.12),
    ("count", 0.15),
    ("profile", 0.36),
    ("propose", 0.06),
    ("verify", 0.26),
    ("cluster", 0.02),
    ("write", 0.03),
];

/// The stages of `flong clean`.
pub const OF_CLEAN: Stages = &[
    ("read", 0.07),
    ("count", 0.09),
    ("profile", 0.25),
    ("propose", 0.11),
    ("verify", 0.28),
    ("cluster", 0.03),
    ("judge", 0.02),
    ("write", 0.15),
];

/// The progress of a run: its stages, the present one, and when that began.
#[derive(Clone, Copy)]
struct Position {
    stages: Stages,
    stage: usize,
    start: Instant,
    since: Instant,
}

impl Position {
    fn new(stages: Stages) -> Self {
        let now = Instant::now();
        Position { stages, stage: 0, start: now, since: now }
    }

    /// Notes that a stage begins. One that is not in the list is part of the stage before it.
    fn enter(&mut self, name: &str) {
        if let Some(stage) = self.stages.iter().position(|stage| stage.0 == name) {
            (self.stage, self.since) = (stage, Instant::now());
        }
    }

    /// Returns the share of the run that is done, and the seconds that are left; `None` while nothing is known of its
    /// speed, which the first stage shows.
    fn left(&self, now: Instant) -> Option<(f64, f64)> {
        let share = |stages: Stages| stages.iter().map(|stage| stage.1).sum::<f64>();
        let before = share(&self.stages[..self.stage]);
        if before <= 0.0 {
            return None;
        }
        let all = (self.since - self.start).as_secs_f64() / before;
        let own = self.stages[self.stage].1;
        // A stage that takes longer than usual does not run into the next.
        let done = before + own.min((now - self.since).as_secs_f64() / all) * 0.99;
        Some((done, all * (1.0 - done)))
    }

    fn tell(&self, out: &mut dyn Write) {
        if self.stages.is_empty() {
            return;
        }
        let _ = write!(out, "stage {} of {}: {}", self.stage + 1, self.stages.len(), self.stages[self.stage].0);
        if let Some((done, seconds)) = self.left(Instant::now()) {
            let left = match seconds {
                ..1.0 => String::new(),
                ..120.0 => format!(", about {seconds:.0} s left"),
                _ => format!(", about {:.0} min left", seconds / 60.0),
            };
            let _ = write!(out, ", {:.0}%{left}", done * 100.0);
        }
    }
}

/// Shows the progress of a run on standard error.
#[derive(Clone)]
pub struct Progress {
    bar: Option<ProgressBar>,
    lines: bool,
    quiet: bool,
    read: Arc<AtomicU64>,
    position: Arc<Mutex<Position>>,
}

impl Progress {
    /// Returns the progress that the options and the terminal ask for.
    pub fn new(output: &OutputArgs) -> Self {
        Progress::of(&[], output)
    }

    /// Returns the progress of a run with these stages.
    pub fn of(stages: Stages, output: &OutputArgs) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let position = Arc::new(Mutex::new(Position::new(stages)));
        let told = position.clone();
        let stage = move |_: &ProgressState, out: &mut dyn Write| {
            told.lock().unwrap_or_else(PoisonError::into_inner).tell(out);
        };
        let bar = (terminal && !output.quiet).then(|| {
            let bar = ProgressBar::new_spinner();
            let style = ProgressStyle::with_template("{spinner} {elapsed} {stage} {msg}").expect("a fixed template");
            bar.set_style(style.with_key("stage", stage));
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        Progress { bar, lines: !terminal && !output.quiet, quiet: output.quiet, read: Arc::default(), position }
    }

    /// Returns a line for the log.
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
            bar.set_message(counted(read, "document"));
        }
    }

    fn loaded(&self, documents: u64, bytes: u64) {
        self.line(&format!("read {}, {} of text", counted(documents, "document"), say::bytes(bytes)));
    }

    fn stage(&self, name: &'static str) {
        let mut position = self.position.lock().unwrap_or_else(PoisonError::into_inner);
        position.enter(name);
        let message = if position.stages.is_empty() { name } else { "" };
        drop(position);
        self.bar.iter().for_each(|bar| bar.set_message(message));
    }

    fn uses_files(&self, _folder: &Path) {
        memory::give_back(true);
    }

    fn note(&self, note: &str) {
        if !self.quiet {
            let tell = || say::tell(format_args!("{STRONG}note:{STRONG:#} {note}"));
            self.bar.as_ref().map_or_else(tell, |bar| bar.suspend(tell));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_stage_tells_how_long_the_others_take() {
        let mut position = Position::new(&[("read", 0.25), ("count", 0.5), ("write", 0.25)]);
        let start = position.start;
        assert_eq!(position.left(start), None);
        position.enter("count");
        position.since = start + Duration::from_secs(10);
        let (done, seconds) = position.left(start + Duration::from_secs(20)).unwrap();
        assert!((done - 0.4975).abs() < 1e-3 && (seconds - 20.1).abs() < 0.1, "{done} {seconds}");
        // It takes longer than usual.
        let (done, _) = position.left(start + Duration::from_secs(90)).unwrap();
        assert!(done < 0.75 && done > 0.74, "{done}");
        position.enter("index");
        assert_eq!(position.stages[position.stage].0, "count");
        let mut told = String::new();
        position.tell(&mut told);
        assert!(told.starts_with("stage 2 of 3: count, "), "{told}");
    }
}
