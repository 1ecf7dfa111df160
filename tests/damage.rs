//! Damaged indexes: whatever became of a page, what an index says is what it said before, or an error that names the file
//! and the remedy; nothing is written into a damaged file.
//!
//! A sample of pages is damaged, or with `FLONG_ALL_PAGES=1` each of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Once;

use flong::index::{Index, Settings};
use flong::pipeline::{Seen, add, commit, query};
use flong::{Document, Error, Params, Result, hash};

use crate::inputs;

const PAGE: usize = 4096;
/// Pages of a sample.
const SAMPLE_PAGES: usize = 12;

/// An index, what is asked of it and what it says.
struct Sound {
    folder: tempfile::TempDir,
    bytes: Vec<u8>,
    asked: Vec<Document>,
    more: Vec<Document>,
    says: Said,
}

#[derive(Debug, PartialEq)]
struct Said {
    seen: Vec<Seen>,
    info: serde_json::Value,
}

fn add_all(path: &Path, documents: &[Document]) -> Result<u32> {
    let params = Params::default();
    let index = Index::write(path, &Settings::of(&params, true))?;
    let mut addition = index.addition()?;
    add(&mut addition, documents, 20_000)?;
    commit(addition, &params)
}

fn expire(path: &Path) -> Result<u32> {
    let index = Index::rewrite(path)?;
    let mut addition = index.addition()?;
    let gone = addition.expire(18_000)?;
    commit(addition, &Params::default())?;
    Ok(gone)
}

fn says(path: &Path, documents: &[Document]) -> Result<Said> {
    let reader = Index::open(path)?.reader()?;
    let seen = query(documents, &reader, &Params::default())?;
    let mut info = serde_json::to_value(reader.info()?).unwrap();
    // The size of the file, which may be cut off where nothing was written yet.
    info.as_object_mut().unwrap().remove("bytes");
    Ok(Said { seen, info })
}

/// Panics that are caught need not be told.
fn silence_damage() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !flong::panic_is_damage() {
                hook(info);
            }
        }));
    });
}

fn sound() -> Sound {
    silence_damage();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let mut documents = inputs::documents(&inputs::made(1100, 83));
    for (i, document) in documents.iter_mut().enumerate() {
        document.date = Some(if i % 3 == 0 { "2019-01-01" } else { "2020-01-01" }.into());
    }
    let more = documents.split_off(1050);
    // In parts, so that there are segments to merge.
    add_all(&path, &documents[..800]).unwrap();
    add_all(&path, &documents[800..]).unwrap();
    let asked: Vec<Document> = documents.iter().step_by(60).chain(&more[..10]).cloned().collect();
    let says = says(&path, &asked).unwrap();
    assert!(says.seen.len() > 20, "{}", says.seen.len());
    Index::check(&path).unwrap();
    Sound { bytes: fs::read(&path).unwrap(), folder, asked, more, says }
}

impl Sound {
    fn pages(&self) -> Vec<usize> {
        let pages = self.bytes.len() / PAGE;
        match std::env::var_os("FLONG_ALL_PAGES") {
            Some(_) => (0..pages).collect(),
            // The first holds what the others are found by.
            None => (0..SAMPLE_PAGES).map(|n| n * (pages - 1) / (SAMPLE_PAGES - 1)).collect(),
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("hurt")
    }

    /// Puts the damaged file in place, does something with it, and holds an error against what errors must say. A file
    /// that is refused stays as it is.
    fn with<T>(&self, bytes: &[u8], what: &str, work: impl FnOnce(&Path) -> Result<T>) -> Option<T> {
        let path = self.path();
        fs::write(&path, bytes).unwrap();
        match work(&path) {
            Ok(done) => Some(done),
            Err(Error::Damaged { path: named, reason }) => {
                assert_eq!(named, path, "{what}");
                assert!(reason.contains("flong index add"), "{what}: {reason}");
                assert!(fs::read(&path).unwrap() == bytes, "{what}: the file has changed");
                None
            }
            Err(error) => panic!("{what}: another error: {error}"),
        }
    }

    fn endures(&self, bytes: &[u8], what: &str, misplaced: bool) {
        let said = self.with(bytes, what, |path| says(path, &self.asked));
        // The seals of values cannot show that a value is not there: an intact page in the place of another may hide some.
        assert!(misplaced || said.is_none_or(|said| said == self.says), "{what}: it says something else");
        let sound = self.with(bytes, what, |path| Index::check(path)).is_some();
        let added = self.with(bytes, what, |path| {
            let added = add_all(path, &self.more)?;
            Ok((added, Index::check(path)?.items))
        });
        // What the check passes may be written to, and what is written to has passed it.
        assert_eq!(added.is_some(), sound, "{what}");
        let items = self.says.info["items"].as_u64().unwrap() as u32;
        assert!(added.is_none_or(|(added, now)| (added, now) == (self.more.len() as u32, items + added)), "{what}");
        let left = self.with(bytes, what, |path| Ok(expire(path)? + Index::check(path)?.items));
        assert!(left.is_none_or(|left| left == items), "{what}");
    }
}

/// Damages the bytes of a page.
type Damage<'d> = &'d dyn Fn(&mut [u8]);

#[test]
fn a_damaged_page_is_an_error_or_is_not_needed() {
    let sound = sound();
    let mut refused = 0;
    let pages = sound.pages();
    for &page in &pages {
        let damaged = |damage: &dyn Fn(&mut [u8])| {
            let mut bytes = sound.bytes.clone();
            damage(&mut bytes[page * PAGE..(page + 1) * PAGE]);
            bytes
        };
        let random = |n: usize| hash::pair(page as u64, n as u64);
        let other = random(0) as usize % pages.len();
        let elsewhere = &sound.bytes[pages[other] * PAGE..(pages[other] + 1) * PAGE];
        let damages: [(&str, Damage); 5] = [
            ("zeros", &|bytes| bytes.fill(0)),
            ("noise", &|bytes| bytes.iter_mut().enumerate().for_each(|(at, byte)| *byte = random(at) as u8)),
            ("a bit", &|bytes| bytes[random(1) as usize % PAGE] ^= 16),
            ("its head", &|bytes| (0..4).for_each(|n| bytes[random(n) as usize % 16] = random(n + 9) as u8)),
            ("another page", &|bytes| bytes.copy_from_slice(elsewhere)),
        ];
        for (name, damage) in damages {
            let bytes = damaged(damage);
            if bytes != sound.bytes {
                sound.endures(&bytes, &format!("page {page}, {name}"), name == "another page");
                refused += usize::from(Index::check(sound.path()).is_err());
            }
        }
    }
    println!("{} pages, {refused} refused of {}", pages.len(), pages.len() * 5);
    assert!(refused > pages.len(), "{refused}");
}

#[test]
fn a_file_that_is_cut_off_is_an_error() {
    let sound = sound();
    let length = sound.bytes.len();
    for left in [0, 5, 9, 100, PAGE - 1, PAGE, 3 * PAGE + 17, length / 2, length - PAGE, length - 1] {
        sound.endures(&sound.bytes[..left], &format!("{left} bytes"), false);
        let checked = sound.with(&sound.bytes[..left], "cut", |path| Index::check(path));
        assert!(checked.is_none(), "{left} bytes are no index");
    }
}
