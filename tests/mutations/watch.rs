//! Watches runs: panics are caught and told with their place, and a run that takes too long ends the test by its seed.

use std::backtrace::Backtrace;
use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A run that takes longer hangs.
pub const MOST_SECONDS: u64 = 10;

thread_local! {
    /// Whether panics of this thread are caught here.
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
    /// The last panic since it was last asked for: what it said, and where it came from.
    static PANIC: RefCell<Option<(String, Backtrace)>> = const { RefCell::new(None) };
}

/// Does something and catches its panics: the error says what and where. Those of other threads are told as ever.
pub fn quietly<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !CAUGHT.get() {
                return before(info);
            }
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            let (payload, none) = (info.payload(), "a panic without words");
            let owned = payload.downcast_ref::<String>().map(String::as_str);
            let said = payload.downcast_ref::<&str>().copied().or(owned).unwrap_or(none);
            let said: String = said.chars().take(300).collect();
            PANIC.set(Some((format!("panic at {place}: {said}"), Backtrace::force_capture())));
        }));
    });
    let outer = CAUGHT.replace(true);
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    CAUGHT.set(outer);
    // The library catches panics of the decoder of Parquet itself: only the last can be the one that came here.
    let told = PANIC.take();
    done.map_err(|_| {
        let (said, trace) = told.map_or((String::from("panic"), String::new()), |(said, at)| (said, at.to_string()));
        let ours = trace.lines().map(str::trim).find(|line| line.contains("at ./src/")).unwrap_or_default();
        format!("{said} {ours}")
    })
}

/// What a thread is at: the seed of its run and when that began, in milliseconds since the start, or that it rests.
pub struct Post {
    seed: AtomicU64,
    since: AtomicU64,
}

const RESTS: u64 = u64::MAX;

impl Post {
    pub fn new() -> Self {
        Post { seed: AtomicU64::new(0), since: AtomicU64::new(RESTS) }
    }

    /// Begins the run of a seed.
    pub fn begin(&self, seed: u64, start: Instant) {
        self.seed.store(seed, Ordering::Relaxed);
        self.since.store(start.elapsed().as_millis() as u64, Ordering::Release);
    }

    /// Ends the run.
    pub fn end(&self) {
        self.since.store(RESTS, Ordering::Release);
    }
}

/// Ends the whole test if a run hangs, for there is no other way to end it; returns when all threads are done.
pub fn watch(posts: &[Post], start: Instant, done: impl Fn() -> bool, tell: impl Fn(u64) -> String) {
    while !done() {
        let now = start.elapsed().as_millis() as u64;
        for post in posts {
            let since = post.since.load(Ordering::Acquire);
            // Commands have their own limit, and there may be several in a run.
            if since != RESTS && now.saturating_sub(since) > 1000 * (MOST_SECONDS * 4 + 5) {
                let seed = post.seed.load(Ordering::Relaxed);
                eprintln!("a run does not end: {}", tell(seed));
                std::process::exit(101);
            }
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}
