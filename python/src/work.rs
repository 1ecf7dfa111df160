//! Work without the lock of the interpreter, which can be interrupted and tells how far it is.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use flong::{Error, Result};
use pyo3::prelude::*;

use crate::errors::{exception, usage};

/// How long the interpreter waits for work before it looks at signals.
const LOOK: Duration = Duration::from_millis(100);
/// How long an interrupt waits for threads to end. They end by themselves later.
const GRACE: Duration = Duration::from_millis(500);

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
}

impl Watch {
    /// Begins a stage.
    pub fn begin(&self, stage: &'static str) {
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner) = stage;
        self.documents.store(0, Ordering::Relaxed);
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
    threads: Option<usize>,
    progress: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce(&Arc<Watch>) -> Result<T> + Send + 'static,
) -> PyResult<T> {
    // A pool for each run: the number of threads may differ, and a pool does not survive a fork.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0)).build();
    let pool =
        pool.map_err(|error| usage(format!("the threads could not be started: {error}; threads= asks for fewer")))?;
    let watch = Arc::new(Watch::default());
    let (send, receive) = channel();
    let watched = watch.clone();
    let started = std::thread::Builder::new().name("flong".into()).spawn(move || {
        let done = pool.install(|| work(&watched));
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
