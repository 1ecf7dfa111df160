//! Ends a run on a signal: temporary files are removed, and the exit code shows the signal.

/// Starts to watch for SIGINT, SIGTERM and SIGHUP. A run that one of them ends leaves the old output, or the new one if it
/// was being put in place, and exits with 128 and the signal's number. A signal that was ignored before, as `nohup` does,
/// stays ignored.
#[cfg(unix)]
pub fn watch() {
    use std::sync::Arc;

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
    use signal_hook::iterator::Signals;

    let ignored = ignored();
    let watched = [SIGHUP, SIGINT, SIGTERM].into_iter().filter(|signal| ignored & (1 << (signal - 1)) == 0);
    // Without a watch the system ends the run, and the next one removes what it left.
    let Ok(mut signals) = Signals::new(watched) else { return };
    let end = move || {
        if let Some(signal) = signals.forever().next() {
            let _stopped = flong::write::stop();
            // Nothing is flushed and nobody is waited for: other threads are still at work.
            signal_hook::low_level::exit(128 + signal);
        }
    };
    let _ = std::thread::Builder::new().name("signals".into()).spawn(end);
    // A file that grows past the limit of the shell is then an error, as on a full disk.
    let _ = signal_hook::flag::register(SIGXFSZ, Arc::default());
}

/// Returns the signals that the process was told to ignore, a bit each. Where that cannot be found out, `nohup` is
/// respected.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.unwrap_or(1 << (signal_hook::consts::SIGHUP - 1))
}

/// Does nothing: elsewhere the system ends the run, and the next run with the same output removes what was left.
#[cfg(not(unix))]
pub fn watch() {}
