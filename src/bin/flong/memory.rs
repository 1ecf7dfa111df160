//! The allocator, and the end of a run that gets no more memory.
//!
//! The standard library aborts then, without a word of what to do. A global allocator cannot be written without
//! unsafe code. Each function passes its arguments on as they are, so what its caller promises holds for the
//! allocator that it calls.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout};
use std::ffi::{c_int, c_long};
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use mimalloc::MiMalloc;

/// Large inputs mean many small pieces of memory on many threads, which mimalloc hands out faster than the system. Where it
/// has none left, the run ends with a message and exit code 2.
pub struct Memory;

const NO_MEMORY: &[u8] =
    b"error: no memory is left, or no address space (ulimit -v): give flong more, or less to read at a \
time; --threads 1 needs the least\n";

// SAFETY: each call goes to `MiMalloc` with the caller's own arguments, and what it returns is returned.
unsafe impl GlobalAlloc for Memory {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        given(unsafe { MiMalloc.alloc(layout) })
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        given(unsafe { MiMalloc.alloc_zeroed(layout) })
    }

    unsafe fn realloc(&self, old: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        given(unsafe { MiMalloc.realloc(old, layout, size) })
    }

    unsafe fn dealloc(&self, old: *mut u8, layout: Layout) {
        unsafe { MiMalloc.dealloc(old, layout) }
    }
}

/// Gives memory back to the system as soon as it is free, for a run that may take only so much; or after a while, as the
/// allocator does by itself, which is faster and takes a third more.
pub fn give_back(at_once: bool) {
    /// `mi_option_purge_delay`: milliseconds.
    const PURGE_DELAY: c_int = 15;
    const USUAL_DELAY: c_long = 10;
    unsafe extern "C" {
        fn mi_option_set(option: c_int, value: c_long);
    }
    // SAFETY: the function of mimalloc sets a number, whenever it is called.
    unsafe { mi_option_set(PURGE_DELAY, if at_once { 0 } else { USUAL_DELAY }) }
}

/// Returns the pointer that the allocator returned, unless there is no memory left.
#[inline]
fn given(memory: *mut u8) -> *mut u8 {
    if memory.is_null() {
        end();
    }
    memory
}

/// Ends the run. The first thread that gets here reports why; no thread continues.
#[cold]
fn end() -> ! {
    static ENDING: AtomicBool = AtomicBool::new(false);
    if ENDING.swap(true, Ordering::Relaxed) {
        loop {
            std::thread::sleep(Duration::from_secs(1));
        }
    }
    // Standard error has no buffer, so this needs no memory.
    let _ = std::io::stderr().write_all(NO_MEMORY);
    std::process::exit(2)
}
