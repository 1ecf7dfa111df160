//! Dates that cannot be read, counted by input.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::judge::times;
use crate::read::Input;
use crate::{Documents, Head, Problem};

/// The dates of a run that cannot be read.
#[derive(Default)]
pub(super) struct UnreadDates {
    /// The number for each input, and the first of them with its line.
    inputs: BTreeMap<u32, (u64, u64, String)>,
}

/// Characters of a date that are shown.
const MAX_SHOWN_CHARS: usize = 40;

/// Whether a date says by itself when it is.
fn certain(date: &str) -> bool {
    crate::date::read(date).is_some_and(|reading| reading.when(None).is_some())
}

impl UnreadDates {
    /// Adds the dates of documents.
    pub fn add<'a>(&mut self, documents: impl Into<Documents<'a>>) {
        let documents = documents.into();
        let is_plain = |head: Head| head.date.is_none_or(certain);
        if (0..documents.len()).into_par_iter().all(|index| is_plain(documents.head(index))) {
            return;
        }
        for (head, when) in documents.iter().zip(times(documents)) {
            let Some(date) = head.date.filter(|_| when.is_none()) else { continue };
            let shown = || (0, head.line, date.chars().take(MAX_SHOWN_CHARS).collect());
            self.inputs.entry(head.place.input).or_insert_with(shown).0 += 1;
        }
    }

    /// Returns a note for each input that has such dates.
    pub fn problems(&self, inputs: &[Input]) -> Vec<Problem> {
        let note = |(&input, (count, line, date)): (&u32, &(u64, u64, String))| {
            let what = match count {
                1 => format!("the date `{date}` cannot be read"),
                n => format!("{n} dates cannot be read, such as `{date}`"),
            };
            Some(Problem {
                input: inputs.get(input as usize)?.name.clone(),
                line: *line,
                reason: format!("{what}: what has such a date counts as undated"),
                skipped: false,
                records: *count,
            })
        };
        self.inputs.iter().filter_map(note).collect()
    }
}
