//! Candidate pairs -> matches.

use std::sync::Arc;

use arrow_array::{Array, BooleanArray, RecordBatch};
use arrow_select::filter::filter_record_batch;
use flong::cluster::put_back;
use flong::profile::Profiled;
use flong::verify::{StemTable, Text, Verified, plausible, verify};
use flong::{DocumentId, Params, Result, Unit, UnitId};

use super::batch::{Column, Rows, batch, bytes, floats, get, ints, longs, wrong};
use super::pairs::pieces;
use super::portrait::{decode, encode, read_portrait};
use super::step::{Setting, Step};

/// Columns of the matches: the two units, the larger first. `said` says how alike their statements are; `back` says how far the
/// match puts back one of the two, and `back_side` which, in the order of units.
pub const MATCHES: &[Column] = &[
    ("a", "long"),
    ("a_piece", "int"),
    ("a_unit", "binary"),
    ("b", "long"),
    ("b_piece", "int"),
    ("b_unit", "binary"),
    ("said", "float"),
    ("back_side", "int"),
    ("back", "long"),
    ("verified", "binary"),
];

/// A unit that is compared: its document, its index there, and what is known of it.
type Side = (i64, u32, Unit);

/// Verifies pairs. Takes a row with the portrait of a document, then rows with the portraits of the documents that it is compared
/// with and the units of both.
pub struct Verify {
    setting: Arc<Setting>,
    held: Option<(i64, Profiled)>,
    table: StemTable,
    /// The unit that the table is about.
    filled: Option<(i64, u32)>,
    found: Vec<(Side, Side, Verified)>,
}

impl Verify {
    pub fn step(setting: Arc<Setting>) -> Result<Box<dyn Step>> {
        Ok(Box::new(Verify { setting, held: None, table: StemTable::default(), filled: None, found: Vec::new() }))
    }

    /// Compares two units, the larger first.
    fn pair(&mut self, (larger, a): ((i64, u32), Text), (smaller, b): ((i64, u32), Text), units: [Unit; 2]) {
        let Params { level, thresholds: limits, .. } = &self.setting.params;
        if self.filled != Some(larger) {
            self.table.fill(a.profile);
            self.filled = Some(larger);
        }
        let mass = self.table.shared_mass(b.profile.stems);
        if !plausible(a.profile.mass, b.profile.mass, mass, *level, limits) {
            return;
        }
        if let Some(verified) = verify(a, b, mass, *level, limits) {
            self.found.push(((larger.0, larger.1, units[0]), (smaller.0, smaller.1, units[1]), verified));
        }
    }

    fn compare(&mut self, (x, first): (i64, &Profiled), (y, second): (i64, &Profiled), all: &[i64]) {
        // Pairs with one larger unit come together, so that what is worked out for it serves all of them.
        let mut all: Vec<(u32, u32, bool)> = all.iter().map(|&packed| pieces(packed)).collect();
        all.sort_unstable();
        for (i, j, is_first) in all {
            let (a, b) =
                (first.text(UnitId(i)), Text { document: DocumentId(u32::from(x != y)), ..second.text(UnitId(j)) });
            let (a, b) = (((x, i), a), ((y, j), b));
            let units = [first.units[i as usize], second.units[j as usize]];
            match is_first {
                true => self.pair(a, b, units),
                false => self.pair(b, a, [units[1], units[0]]),
            }
        }
    }
}

impl Step for Verify {
    fn take(&mut self, rows: &RecordBatch) -> Result<Option<RecordBatch>> {
        let of = Rows(rows);
        let (xs, ys, portraits, lists) = (of.longs("x")?, of.longs("y")?, of.bytes("portrait")?, of.lists("pieces")?);
        for row in 0..rows.num_rows() {
            let (x, portrait) = (xs.value(row), read_portrait(portraits.value(row))?);
            let Some(y) = get!(ys, row) else {
                self.held = Some((x, portrait));
                continue;
            };
            let held = self.held.take().filter(|held| held.0 == x);
            let held = held.ok_or_else(|| wrong(format!("the profile of document {x} is missing")))?;
            self.compare((x, &held.1), (y, &portrait), lists(row).values());
            self.held = Some(held);
        }
        matches(&std::mem::take(&mut self.found)).map(Some)
    }
}

fn matches(found: &[(Side, Side, Verified)]) -> Result<RecordBatch> {
    let back: Vec<Option<(usize, u32)>> =
        found.iter().map(|(a, b, verified)| put_back(verified, [a.2.word_count(), b.2.word_count()])).collect();
    let columns = vec![
        longs(found.iter().map(|(a, ..)| a.0)),
        ints(found.iter().map(|(a, ..)| a.1 as i32)),
        bytes(found.iter().map(|(a, ..)| Some(encode(&a.2)))),
        longs(found.iter().map(|(_, b, _)| b.0)),
        ints(found.iter().map(|(_, b, _)| b.1 as i32)),
        bytes(found.iter().map(|(_, b, _)| Some(encode(&b.2)))),
        floats(found.iter().map(|(.., verified)| verified.says_alike())),
        ints(back.iter().map(|back| back.map(|(side, _)| side as i32))),
        longs(back.iter().map(|back| back.map(|(_, far)| i64::from(far)))),
        bytes(found.iter().map(|(.., verified)| Some(encode(verified)))),
    ];
    batch(MATCHES, columns)
}

/// Drops the matches that do not stand beside others. Takes matches with the most that is said alike in matches of each side.
pub struct Stand(Arc<Setting>);

impl Stand {
    pub fn step(setting: Arc<Setting>) -> Result<Box<dyn Step>> {
        Ok(Box::new(Stand(setting)))
    }
}

impl Step for Stand {
    fn take(&mut self, rows: &RecordBatch) -> Result<Option<RecordBatch>> {
        let of = Rows(rows);
        let (best_a, best_b, verified) = (of.floats("best_a")?, of.floats("best_b")?, of.bytes("verified")?);
        let share = self.0.params.thresholds.statement_best;
        let stands = |row: usize| -> Result<bool> {
            let verified: Verified = decode(verified.value(row))?;
            Ok(verified.stands([best_a.value(row), best_b.value(row)], share))
        };
        let stand: BooleanArray = (0..rows.num_rows()).map(|row| stands(row).map(Some)).collect::<Result<_>>()?;
        let schema = rows.schema();
        let own: Vec<usize> = MATCHES.iter().filter_map(|(name, _)| schema.index_of(name).ok()).collect();
        filter_record_batch(&rows.project(&own).map_err(wrong)?, &stand).map(Some).map_err(wrong)
    }
}
