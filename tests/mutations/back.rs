//! What a restore gives back, held against what was there.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use flong::Problem;
use flong::read::{Compression, Input};
use flong::write::{RestoreReport, restore};

use super::inside::Failure;
use super::kind::mutate_output;
use super::random::Random;

/// What a restore should give back.
pub struct Original {
    path: PathBuf,
    /// The name below the folder that it is restored in.
    name: String,
    /// The decompressed bytes, as far as they can be had.
    bytes: Vec<u8>,
    /// Whether that is all of them, and all of them were read.
    whole: bool,
}

impl Original {
    /// What an input is when it is unpacked.
    pub fn of(input: &Input, problems: &[Problem]) -> Original {
        let path = input.path.clone().expect("it is a file");
        let packed = fs::read(&path).expect("it was written");
        let (bytes, read) = match input.compression {
            Compression::None => unpacked(&packed[..]),
            Compression::Gzip => unpacked(flate2::bufread::MultiGzDecoder::new(&packed[..])),
            Compression::Bzip2 => unpacked(bzip2::bufread::MultiBzDecoder::new(&packed[..])),
            Compression::Zstd => {
                let mut decoder = zstd::Decoder::with_buffer(&packed[..]).expect("memory is there");
                decoder.window_log_max(31).expect("the library can do that");
                unpacked(decoder)
            }
        };
        let sound = || read && !problems.iter().any(|problem| problem.input == input.name);
        let whole = input.compression == Compression::None || sound();
        let ending = match input.compression {
            Compression::None => "",
            Compression::Gzip => ".gz",
            Compression::Bzip2 => ".bz2",
            Compression::Zstd => ".zst",
        };
        let name = input.name.strip_suffix(ending).unwrap_or(&input.name).trim_start_matches('/').to_owned();
        Original { path, name, bytes, whole }
    }

    /// Compares it with what was restored of it.
    fn compare(&self, told: &RestoreReport, back: &Path) -> Result<(), Failure> {
        let path = back.join(&self.name);
        if told.restored.contains(&self.name) {
            let again = fs::read(&path).map_err(|e| format!("what was restored cannot be read: {e}"))?;
            let same = if self.whole { again == self.bytes } else { self.bytes.starts_with(&again) };
            return same.then_some(()).ok_or_else(|| "restore gives back other bytes, and calls them restored".into());
        }
        if told.equal.contains(&self.name) {
            return match (rows(&self.path), rows(&path)) {
                (Some(one), Some(two)) if one != two => Err("a table comes back with other values".into()),
                (Some(_), None) => Err("a table comes back that cannot be read".into()),
                _ => Ok(()),
            };
        }
        let is_incomplete = told.incomplete.iter().any(|(name, _)| *name == self.name);
        is_incomplete.then_some(()).ok_or_else(|| format!("restore does not tell of {}: {told:?}", self.name))
    }
}

/// All that can be read, in small steps, for a damaged stream then gives most; and whether that is all there is.
fn unpacked(mut from: impl Read) -> (Vec<u8>, bool) {
    let (mut bytes, mut step) = (Vec::new(), [0; 16]);
    loop {
        match from.read(&mut step) {
            Ok(0) => return (bytes, true),
            Ok(n) => bytes.extend_from_slice(&step[..n]),
            Err(_) => return (bytes, false),
        }
    }
}

/// Compares what was restored with what it was made of.
pub fn compare(told: &RestoreReport, back: &Path, originals: &[Original]) -> Result<(), Failure> {
    originals.iter().try_for_each(|original| original.compare(told, back))
}

/// The rows of a Parquet table, if all of them can be read.
fn rows(path: &Path) -> Option<Vec<Vec<String>>> {
    super::watch::quietly(|| crate::parquet::rows(path)).ok().flatten()
}

/// Damages what a clean run wrote. A restore refuses it, or says what it cannot give back, or gives back what was there.
pub fn damaged_output(random: &mut Random, out: &Path, back: &Path, originals: &[Original]) -> Result<(), Failure> {
    let file = spoil(random, out);
    match restore(out, back, true) {
        Err(_) => Ok(()),
        Ok(told) => compare(&told, back, originals).map_err(|e| format!("{file} damaged: {e}")),
    }
}

/// Damages a file below a folder. Gives its name.
pub fn spoil(random: &mut Random, folder: &Path) -> String {
    let mut path = folder.to_owned();
    while path.is_dir() {
        let mut entries: Vec<PathBuf> =
            fs::read_dir(&path).expect("it is a folder").flatten().map(|entry| entry.path()).collect();
        // What a restore does not read says nothing.
        entries.retain(|path| !path.ends_with("summary.json"));
        entries.sort();
        path = random.pick(&entries).clone();
    }
    let mut bytes = fs::read(&path).expect("it is a file");
    mutate_output(random, &mut bytes);
    fs::write(&path, bytes).expect("it can be written");
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
