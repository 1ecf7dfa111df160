//! Units by the keys that they share -> candidate pairs.

use std::sync::Arc;

use arrow_array::RecordBatch;
use flong::propose::{Entry, Streamed};
use flong::verify::Level;
use flong::{Grain, Result, hash};

use super::batch::{Column, Rows, batch, ints, longs};
use super::portrait::decode;
use super::profile::DocumentKeys;
use super::step::{Setting, Step};

/// Columns of the entries: a unit under one of its keys.
pub const ENTRIES: &[Column] = &[
    ("key", "long"),
    ("rank", "long"),
    ("start", "int"),
    ("document", "long"),
    ("piece", "int"),
    ("size", "int"),
    ("keys", "int"),
];

/// Columns of the pairs. `x` is the earlier document, `pieces` says which units of the two are meant, `needed` how many
/// keys they must share: 0 if they share a band.
pub const PAIRS: &[Column] = &[("x", "long"), ("y", "long"), ("pieces", "long"), ("needed", "int")];

/// Returns a value to mix into the keys of a unit, so that units of different grains never share a key.
fn apart(grain: u8) -> u32 {
    hash::constant(u64::from(grain)) as u32
}

/// Lists the units of documents under each of their keys. Takes the keys of documents with the ranks of these.
pub struct Entries(Arc<Setting>);

impl Entries {
    pub fn step(setting: Arc<Setting>) -> Result<Box<dyn Step>> {
        debug_assert_eq!(Grain::Document as u8, 0);
        Ok(Box::new(Entries(setting)))
    }
}

/// Returns the key of a fingerprint (family 0) or of a band (the families from 1 on) as one number.
fn key(family: usize, key: u32) -> i64 {
    (family as i64) << 32 | i64::from(key)
}

#[derive(Default)]
struct Listed {
    longs: [Vec<i64>; 3],
    ints: [Vec<i32>; 4],
}

impl Step for Entries {
    fn take(&mut self, rows: &RecordBatch) -> Result<Option<RecordBatch>> {
        let of = Rows(rows);
        let (numbers, ranks, keys) = (of.longs("number")?, of.longs("rank")?, of.bytes("keys")?);
        let Listed {
            longs: [mut all, mut by_rank, mut of_document],
            ints: [mut starts, mut pieces, mut sizes, mut counts],
        } = Listed::default();
        for row in 0..rows.num_rows() {
            let DocumentKeys { units, profiles } = decode(keys.value(row))?;
            for (piece, (grain, start, profile)) in (0..).zip(units) {
                let profile = &profiles[profile as usize];
                let apart = apart(grain);
                let fingerprints = profile.fingerprints.iter().map(|&value| key(0, value ^ apart));
                let bands = (1..).zip(&profile.bands).filter(|(_, value)| **value != 0);
                let bands = bands.filter(|_| self.0.params.level == Level::Reworded);
                let bands = bands.map(|(band, &value)| key(band, value ^ apart));
                for key in fingerprints.chain(bands) {
                    all.push(key);
                    by_rank.push(ranks.value(row));
                    of_document.push(numbers.value(row));
                    starts.push(start as i32);
                    pieces.push(piece);
                    sizes.push(profile.size as i32);
                    counts.push(profile.fingerprints.len() as i32);
                }
            }
        }
        let columns =
            vec![longs(all), longs(by_rank), ints(starts), longs(of_document), ints(pieces), ints(sizes), ints(counts)];
        batch(ENTRIES, columns).map(Some)
    }
}

/// A unit: its document, and its index there.
type Unit = (i64, i32);

/// Makes pairs of the units that share a key. Takes entries by key, then in the order of ranks.
pub struct Pairs {
    setting: Arc<Setting>,
    key: Option<i64>,
    list: Streamed<Unit>,
    made: Made,
}

/// Columns of pairs.
#[derive(Default)]
struct Made {
    x: Vec<i64>,
    y: Vec<i64>,
    pieces: Vec<i64>,
    needed: Vec<i32>,
}

impl Made {
    fn push(&mut self, larger: Unit, smaller: Unit, needed: u32) {
        let is_first = larger <= smaller;
        let ((x, i), (y, j)) = if is_first { (larger, smaller) } else { (smaller, larger) };
        self.x.push(x);
        self.y.push(y);
        self.pieces.push(i64::from(i) << 32 | i64::from(j) << 1 | i64::from(is_first));
        self.needed.push(needed as i32);
    }

    fn take(&mut self) -> Result<RecordBatch> {
        let Made { x, y, pieces, needed } = std::mem::take(self);
        batch(PAIRS, vec![longs(x), longs(y), longs(pieces), ints(needed)])
    }
}

/// Returns the unit of each document that `pieces` of a pair means, and whether that of the first is the larger.
pub fn pieces(pieces: i64) -> (u32, u32, bool) {
    ((pieces >> 32) as u32, (pieces >> 1) as u32 & (u32::MAX >> 1), pieces & 1 == 1)
}

impl Pairs {
    pub fn step(setting: Arc<Setting>) -> Result<Box<dyn Step>> {
        Ok(Box::new(Pairs { list: Streamed::new(0), key: None, made: Made::default(), setting }))
    }

    /// Ends the list of a key and begins that of the next.
    fn begin(&mut self, key: Option<i64>) {
        let is_band = self.key.is_some_and(|key| key >> 32 > 0);
        let Pairs { setting, made, list, .. } = self;
        list.end(|larger, smaller| push(setting, made, is_band, larger, smaller));
        self.key = key;
        let params = &self.setting.params;
        let full = match key.is_some_and(|key| key >> 32 > 0) {
            true => params.rewordings.full_bucket,
            false => params.fingerprints.full_list,
        };
        self.list = Streamed::new(full);
    }
}

fn push(setting: &Setting, made: &mut Made, is_band: bool, larger: Entry<Unit>, smaller: Entry<Unit>) {
    let needed = if is_band { 0 } else { setting.params.fingerprints.needed(larger.keys, smaller.keys) };
    made.push(larger.unit, smaller.unit, needed);
}

impl Step for Pairs {
    fn take(&mut self, rows: &RecordBatch) -> Result<Option<RecordBatch>> {
        let of = Rows(rows);
        let (keys, documents, pieces) = (of.longs("key")?, of.longs("document")?, of.ints("piece")?);
        let (sizes, counts) = (of.ints("size")?, of.ints("keys")?);
        for row in 0..rows.num_rows() {
            if self.key != Some(keys.value(row)) {
                self.begin(Some(keys.value(row)));
            }
            let is_band = keys.value(row) >> 32 > 0;
            let unit = (documents.value(row), pieces.value(row));
            let entry = Entry { size: sizes.value(row) as u32, keys: counts.value(row) as u32, unit };
            let Pairs { setting, made, list, .. } = self;
            list.push(entry, |larger, smaller| push(setting, made, is_band, larger, smaller));
        }
        self.made.take().map(Some)
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>> {
        self.begin(None);
        Ok(vec![self.made.take()?])
    }
}
