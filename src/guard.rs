//! Panics of libraries that take what they read on trust: caught, and reported as damage of what was read.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Returns whether a panic of this thread will be caught and reported as damage of a file, so that a hook need not
/// report it.
pub fn panic_is_damage() -> bool {
    GUARDED.get()
}

/// Does something with bytes that may be damaged; `None` if it panics.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    let outer = GUARDED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(outer);
    done.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_panics_gives_nothing_and_the_guard_ends_with_it() {
        assert_eq!(guarded(|| 1), Some(1));
        assert_eq!(guarded(|| guarded(|| -> u8 { panic!("as it should") })), Some(None));
        assert!(!panic_is_damage());
    }
}
