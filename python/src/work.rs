//! Work without the lock of the interpreter, which can be interrupted and tells how far it is.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use flong::run::Progress;
use flong::{Error, Result};
use pyo3::prelude::*;

use crate::errors::{exception, usage};

/// How long the interpreter waits for work before it looks at signals.
const LOOK: Duration = Duration::from_millis(100);
/// How long an interrupt waits for threads to end. Those that cannot end at once do so soon after, and write nothing.
const GRACE: Duration = Duration::from_millis(500);

/// Runs whose threads are at work.
static RUNNING: AtomicUsize = AtomicUsize::new(0);

/// Removes what runs have that are still at work when the interpreter ends: they were interrupted.
#[pyfunction]
pub fn end() {
    if RUNNING.load(Ordering::Acquire) > 0 {
        // Nothing is written any more until the process is gone.
        std::mem::forget(flong::write::stop());
    }
}

/// Counts a run as long as it is there.
struct Running;

impl Running {
    fn begin() -> Self {
        RUNNING.fetch_add(1, Ordering::AcqRel);
        Running
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        RUNNING.fetch_sub(1, Ordering::AcqRel);
    }
}

/// The state of a run, for those who watch it.
#[derive(Default)]
pub struct Watch {
    stage: Mutex<&'static str>,
    /// Documents gone through in this stage.
    pub documents: AtomicU64,
    /// Documents in all; 0 where that is not known.
    pub total: AtomicU64,
    /// Whether the run is to end.
    pub stopped: AtomicBool,
    /// What people should know.
    notes: Mutex<Vec<String>>,
}

impl Progress for Watch {
    fn read(&self, documents: usize) {
        self.documents.fetch_add(documents as u64, Ordering::Relaxed);
    }

    fn loaded(&self, documents: u64, _: u64) {
        self.total.store(documents, Ordering::Relaxed);
    }

    fn stage(&self, name: &'static str) {
        self.begin(name);
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    fn note(&self, note: &str) {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).push(note.to_owned());
    }
}

impl Watch {
    /// Begins a stage.
    pub fn begin(&self, stage: &'static str) {
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner) = stage;
        self.documents.store(0, Ordering::Relaxed);
    }

    /// Takes what a run had to say.
    pub fn notes(&self) -> Vec<String> {
        std::mem::take(&mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn state(&self) -> (&'static str, u64, u64) {
        let stage = *self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        (stage, self.documents.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }
}

/// Does work on threads of its own. Meanwhile other Python threads run; a signal such as Ctrl-C ends the work with the exception
/// that its handler raises, and so does an exception of `progress`, which is called with the stage, the documents that it has
/// gone through and the number of documents.
pub fn run<T: Send + 'static>(
    py: Python<'_>,
    threads: usize,
    progress: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce(&Arc<Watch>) -> Result<T> + Send + 'static,
) -> PyResult<T> {
    // A pool for each run: the number of threads may differ, and a pool does not survive a fork.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool =
        pool.map_err(|error| usage(format!("the threads could not be started: {error}; threads= asks for fewer")))?;
    let watch = Arc::new(Watch::default());
    let (send, receive) = channel();
    let watched = watch.clone();
    let started = std::thread::Builder::new().name("flong".into()).spawn(move || {
        let running = Running::begin();
        let done = pool.install(|| work(&watched));
        drop(running);
        // Nobody may wait any more.
        let _ = send.send(done);
    });
    // Only a lock may be looked at while the interpreter's is released.
    let receive = Mutex::new(receive);
    let receive = || receive.lock().unwrap_or_else(PoisonError::into_inner);
    let thread = started.map_err(|error| usage(format!("a thread could not be started: {error}")))?;
    let mut told = ("", 0, 0);
    loop {
        let received = py.detach(|| receive().recv_timeout(LOOK));
        let looked = match received {
            Ok(done) => {
                if let Some(progress) = progress.filter(|_| done.is_ok()) {
                    let (_, _, total) = watch.state();
                    progress.call1(("done", total, total))?;
                }
                let logger = py.import("logging")?.call_method1("getLogger", ("flong",))?;
                for note in watch.notes() {
                    logger.call_method1("warning", ("%s", note))?;
                }
                return done.map_err(exception);
            }
            Err(RecvTimeoutError::Disconnected) => {
                let panic = thread.join().err();
                let said = panic.as_ref().and_then(|panic| {
                    panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied())
                });
                let said = said.unwrap_or("it stopped without a word");
                return Err(exception(Error::Usage(format!("this is a mistake of flong's, please report it: {said}"))));
            }
            Err(RecvTimeoutError::Timeout) => py.check_signals().and_then(|()| {
                let state = watch.state();
                match progress {
                    Some(progress) if state != told => {
                        told = state;
                        progress.call1(state).map(drop)
                    }
                    _ => Ok(()),
                }
            }),
        };
        if let Err(interrupt) = looked {
            watch.stopped.store(true, Ordering::Relaxed);
            let since = Instant::now();
            let ended = || receive().try_recv().is_ok() || thread.is_finished();
            py.detach(|| {
                while since.elapsed() < GRACE && !ended() {
                    std::thread::sleep(LOOK / 10);
                }
            });
            return Err(interrupt);
        }
    }
}
