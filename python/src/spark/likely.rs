//! Candidate pairs -> those that may be matches, by the masses and marks of the second documents.

use std::sync::Arc;

use arrow_array::builder::{Int64Builder, ListBuilder};
use arrow_array::{Array, RecordBatch};
use flong::profile::Profiled;
use flong::verify::{StemTable, may_match};
use flong::{Params, Result, UnitId};

use super::batch::{Column, Rows, batch, get, longs, wrong};
use super::pairs::pieces;
use super::portrait::{Outlines, read_portrait};
use super::step::{Setting, Step};

/// Columns of the pairs that are left: as those of the candidates.
pub const LIKELY: &[Column] = &[("x", "long"), ("y", "long"), ("pieces", "array<long>")];

/// Refuses most pairs. Takes a row with the portrait of a document, then rows with the outlines of the documents that it may be compared
/// with and the units of both.
pub struct Likely {
    setting: Arc<Setting>,
    held: Option<(i64, Profiled)>,
    table: StemTable,
    /// The unit of the held document that the table is about.
    filled: Option<UnitId>,
}

impl Likely {
    pub fn step(setting: Arc<Setting>) -> Result<Box<dyn Step>> {
        Ok(Box::new(Likely { setting, held: None, table: StemTable::default(), filled: None }))
    }

    /// Returns whether two units may be a match, of the held document and of one with these outlines.
    fn may_match(&mut self, packed: i64, others: &Outlines) -> bool {
        let Params { level, thresholds: limits, .. } = &self.setting.params;
        let Some((_, held)) = &self.held else { return false };
        let (unit, other, _) = pieces(packed);
        let profile = held.text(UnitId(unit)).profile;
        if self.filled.replace(UnitId(unit)) != Some(UnitId(unit)) {
            self.table.fill(profile);
        }
        let (mass, marks) = others.of(UnitId(other));
        may_match(&self.table, profile.mass, marks, mass, *level, limits)
    }
}

impl Step for Likely {
    fn take(&mut self, rows: &RecordBatch) -> Result<Option<RecordBatch>> {
        let of = Rows(rows);
        let (xs, ys, lists) = (of.longs("x")?, of.longs("y")?, of.lists("pieces")?);
        let (portraits, outlines) = (of.bytes("portrait")?, of.bytes("outline")?);
        let (mut first, mut second, mut left) = (Vec::new(), Vec::new(), ListBuilder::new(Int64Builder::new()));
        for row in 0..rows.num_rows() {
            let x = xs.value(row);
            let Some(y) = get!(ys, row) else {
                self.held = Some((x, read_portrait(portraits.value(row))?));
                self.filled = None;
                continue;
            };
            if self.held.as_ref().is_none_or(|held| held.0 != x) {
                return Err(wrong(format!("the profile of document {x} is missing")));
            }
            let others = Outlines::read(outlines.value(row))?;
            // Pairs with one unit of the first come together, so that its table serves all of them.
            let mut all = lists(row).values().to_vec();
            all.sort_unstable();
            all.retain(|&packed| self.may_match(packed, &others));
            if !all.is_empty() {
                first.push(x);
                second.push(y);
                left.append_value(all.into_iter().map(Some));
            }
        }
        batch(LIKELY, vec![longs(first), longs(second), Arc::new(left.finish())]).map(Some)
    }
}
