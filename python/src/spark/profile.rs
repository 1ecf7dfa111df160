//! Documents -> what they are compared by, the keys by which they are found, and what is set aside of them.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::RecordBatch;
use flong::boilerplate::{Lexicon, StubText, stub_text};
use flong::count::{Groups, source};
use flong::judge::{Finding, boilerplate, stuffing};
use flong::profile::{Profiled, Profiler};
use flong::segment::{Cut, cut};
use flong::{Document, Result};
use serde::{Deserialize, Serialize};

use super::batch::{Column, Rows, batch, bytes, longs, texts};
use super::count::{known, stub_of};
use super::portrait::{encode, outline, portrait};
use super::read::documents;
use super::slices::{Slice, Slices, joined};
use super::step::{Setting, Step};

/// Columns of the profiles.
pub const PROFILES: &[Column] = &[
    ("number", "long"),
    ("portrait", "binary"),
    ("outline", "binary"),
    ("keys", "binary"),
    ("findings", "binary"),
    ("agency", "string"),
];

/// The keys by which a document is found.
#[derive(Serialize, Deserialize)]
pub struct DocumentKeys {
    /// Of each unit its grain, as a number, its first byte, and the index of its profile.
    pub units: Vec<(u8, u32, u32)>,
    pub profiles: Vec<ProfileKeys>,
}

/// The keys by which the units of one profile are found.
#[derive(Serialize, Deserialize)]
pub struct ProfileKeys {
    /// How many different stems it has.
    pub size: u32,
    pub fingerprints: Vec<u32>,
    /// By band, the keys of the signature; 0 for none.
    pub bands: Vec<u32>,
}

fn keys(profiled: &Profiled) -> DocumentKeys {
    let units = profiled.units.iter().zip(&profiled.profile_of);
    let units = units.map(|(unit, &profile)| (unit.grain as u8, unit.span.start, profile)).collect();
    let profiles = (0..profiled.sizes.len()).map(|profile| ProfileKeys {
        size: profiled.sizes[profile],
        fingerprints: profiled.fingerprints.of(profile as u32).to_vec(),
        bands: profiled.rewordings.iter().map(|band| band[profile]).collect(),
    });
    DocumentKeys { units, profiles: profiles.collect() }
}

/// Profiles documents that come with what is known by comparing them with others; with an extra also with [`Slices`] of what is
/// known.
pub struct Profile {
    setting: Arc<Setting>,
    slices: Slices,
    lexicon: Cow<'static, Lexicon>,
}

impl Profile {
    pub fn step(setting: Arc<Setting>) -> Result<Box<dyn Step>> {
        let (lexicon, slices) = (Lexicon::of(&setting.params.own), Slices::new(&setting));
        Ok(Box::new(Profile { setting, slices, lexicon }))
    }

    /// Returns what is known by comparing these documents with others.
    fn groups(rows: Rows<'_>, documents: &[(Document, Cut)]) -> Result<Groups> {
        let mut groups = Groups::default();
        let all = rows.longs("flong_source_documents")?;
        for (row, (document, cut)) in documents.iter().enumerate() {
            let source = source(document);
            groups.sources.insert(source, u32::try_from(all.value(row)).unwrap_or(u32::MAX));
            if let (Some(StubText { key, .. }), Some(stub)) = (stub_text(source, cut), stub_of(rows, row)?) {
                groups.stubs.insert(key, stub);
            }
        }
        Ok(groups)
    }
}

impl Profile {
    /// Profiles documents. `slice` has the counts of their hashes and the titles that they may promote, if knowledge has none.
    fn made(
        setting: &Setting,
        lexicon: &Lexicon,
        rows: &RecordBatch,
        slice: &mut Option<Slice>,
    ) -> Result<RecordBatch> {
        let documents = documents(rows, setting)?.into_iter().map(|document| {
            let cut = cut(&document);
            (document, cut)
        });
        let documents: Vec<(Document, Cut)> = documents.collect();
        let groups = Profile::groups(Rows(rows), &documents)?;
        let (mut known, titles) = known(setting)?.of_all()?;
        known.regroup(groups);
        let whole = slice.as_mut().map(|slice| known.recount(std::mem::take(&mut slice.counts)));
        let titles = slice.as_ref().map_or(titles, |slice| &slice.titles);
        let profiler = Profiler::with(&setting.params, &known, known.weights(), titles, lexicon);
        let numbers: Vec<i64> = documents.iter().map(|(document, _)| document.provenance.place.record as i64).collect();
        let profiled: Vec<Profiled> =
            documents.into_iter().map(|(document, cut)| profiler.document(&document, cut)).collect();
        if let Some((slice, whole)) = slice.as_mut().zip(whole) {
            slice.counts = known.recount(whole);
        }
        columns(&numbers, &profiled)
    }
}

fn columns(numbers: &[i64], profiled: &[Profiled]) -> Result<RecordBatch> {
    let findings = profiled.iter().map(|profiled| -> Vec<Finding> {
        let mut found = boilerplate(&profiled.asides);
        found.extend(stuffing(&profiled.stuffed));
        found
    });
    let columns = vec![
        longs(numbers.iter().copied()),
        bytes(profiled.iter().map(|profiled| Some(portrait(profiled)))),
        bytes(profiled.iter().map(|profiled| Some(outline(profiled)))),
        bytes(profiled.iter().map(|profiled| Some(encode(&keys(profiled))))),
        bytes(findings.map(|findings| Some(encode(&findings)))),
        texts(profiled.iter().map(|profiled| profiled.agencies.first(0))),
    ];
    batch(PROFILES, columns)
}

impl Step for Profile {
    fn take(&mut self, rows: &RecordBatch) -> Result<Option<RecordBatch>> {
        let Profile { setting, slices, lexicon } = self;
        let mut made = Vec::new();
        slices.take(rows, |rows, slice| {
            made.push(Profile::made(setting, lexicon, rows, slice)?);
            Ok(())
        })?;
        joined(made)
    }
}
