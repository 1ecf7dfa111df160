//! The memory that a run may take, and the engine that follows from it.

use std::fs;
use std::path::{Path, PathBuf};

use super::Engine;
use crate::pipeline::costs::{BASE_BYTES, MOST_MEMORY_BYTES_PER_TEXT_BYTE};

/// The memory and the folder for temporary files that a run may use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Room {
    /// Bytes of memory for the whole process; what the machine or its container has left, less a fifth, if it is not given.
    pub memory_bytes: Option<u64>,
    /// Folder for temporary files; the system's if it is not given.
    pub temp_dir: Option<PathBuf>,
}

/// Share of the memory, as a divisor, that each sort or join may take if not everything is in memory.
const WORKING_SHARE: u64 = 8;
/// Least memory for a sort or join.
const LEAST_WORKING_BYTES: u64 = 4 << 20;
/// Share of a text that is in memory already, as a divisor, that each sort or join may take beside it.
const BESIDE_SHARE: u64 = 6;
/// The longest text beside which everything else is in memory too.
const LEAST_BESIDE: u64 = 4 << 20;

impl Room {
    /// Returns the engine for a text of so many bytes: memory if it fits. Of a text of unknown length it is taken not to fit
    /// what was given, and to fit the machine.
    pub fn engine(&self, text_bytes: Option<u64>) -> Engine {
        let text_bytes = text_bytes.or(self.memory_bytes).unwrap_or_default();
        match self.memory_bytes.or_else(available_memory) {
            Some(memory) if memory_for(text_bytes) > memory => {
                let working = (memory.saturating_sub(BASE_BYTES) / WORKING_SHARE).max(LEAST_WORKING_BYTES);
                let folder = self.temp_dir.clone().unwrap_or_else(std::env::temp_dir);
                Engine::Disk { working_bytes: usize::try_from(working).unwrap_or(usize::MAX), folder }
            }
            _ => Engine::Memory,
        }
    }

    /// Returns the engine for a text of so many bytes that the process holds already, as a table does: temporary files unless it
    /// is short, so that a run takes about as much memory as the text and no multiple of it. Where memory is given, or no
    /// temporary file can be made, it is that of [`Room::engine`].
    pub fn engine_beside(&self, text_bytes: u64) -> Engine {
        let folder = self.temp_dir.clone().unwrap_or_else(std::env::temp_dir);
        if self.memory_bytes.is_some() || text_bytes <= LEAST_BESIDE || tempfile::tempfile_in(&folder).is_err() {
            return self.engine(Some(text_bytes));
        }
        let working = (text_bytes / BESIDE_SHARE).max(LEAST_WORKING_BYTES);
        Engine::Disk { working_bytes: usize::try_from(working).unwrap_or(usize::MAX), folder }
    }
}

/// Returns about how many bytes of memory a run takes that keeps everything in memory.
pub fn memory_for(text_bytes: u64) -> u64 {
    BASE_BYTES.saturating_add(text_bytes.saturating_mul(MOST_MEMORY_BYTES_PER_TEXT_BYTE))
}

/// Returns how many bytes of memory the process may still take: of what the machine has left and of what its container
/// allows, the less, less a fifth. `None` where the system does not say.
pub fn available_memory() -> Option<u64> {
    let machine = meminfo(&fs::read_to_string("/proc/meminfo").ok()?);
    let group = cgroup_left(Path::new("/sys/fs/cgroup"));
    let left = machine.into_iter().chain(group).min()?;
    Some(left - left / 5)
}

/// Reads the available memory, in bytes, from the text of `/proc/meminfo`.
fn meminfo(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok()?.checked_mul(1024)
}

/// Returns the memory, in bytes, that a control group leaves: of version 2, or of version 1.
fn cgroup_left(root: &Path) -> Option<u64> {
    let number = |name: &str| fs::read_to_string(root.join(name)).ok()?.trim().parse::<u64>().ok();
    let version_2 = number("memory.max").zip(number("memory.current"));
    let version_1 = || number("memory/memory.limit_in_bytes").zip(number("memory/memory.usage_in_bytes"));
    version_2.or_else(version_1).map(|(limit, used)| limit.saturating_sub(used))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_as_the_system_writes_it() {
        assert_eq!(meminfo("MemTotal:  24 kB\nMemAvailable:   17 kB\n"), Some(17 << 10));
        assert_eq!(meminfo("MemTotal:  24 kB\n"), None);
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(cgroup_left(folder.path()), None);
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("memory.current", "100\n");
        write("memory.max", "max\n");
        assert_eq!(cgroup_left(folder.path()), None);
        write("memory.max", "350\n");
        assert_eq!(cgroup_left(folder.path()), Some(250));
    }

    #[test]
    fn the_engine_is_that_which_fits() {
        let room = |memory_bytes| Room { memory_bytes: Some(memory_bytes), temp_dir: Some("t".into()) };
        assert_eq!(room(1 << 30).engine(Some(1 << 20)), Engine::Memory);
        let disk = |working_bytes| Engine::Disk { working_bytes, folder: "t".into() };
        assert_eq!(room(1 << 20).engine(None), disk(4 << 20));
        assert_eq!(room(BASE_BYTES + WORKING_SHARE * (100 << 20)).engine(Some(1 << 30)), disk(100 << 20));
    }

    #[test]
    fn a_text_in_memory_is_not_joined_by_multiples_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let room = |temp_dir: &Path| Room { memory_bytes: None, temp_dir: Some(temp_dir.into()) };
        let disk = |working_bytes| Engine::Disk { working_bytes, folder: folder.path().into() };
        assert_eq!(room(folder.path()).engine_beside(1 << 20), Engine::Memory);
        assert_eq!(room(folder.path()).engine_beside(10 << 20), disk(4 << 20));
        assert_eq!(room(folder.path()).engine_beside(600 << 20), disk(100 << 20));
        let given = Room { memory_bytes: Some(1 << 30), ..room(folder.path()) };
        assert_eq!(given.engine_beside(10 << 20), Engine::Memory);
        // Without a place for files it is as it would be without this.
        let nowhere = room(&folder.path().join("missing"));
        assert_eq!(nowhere.engine_beside(10 << 20), nowhere.engine(Some(10 << 20)));
    }
}
