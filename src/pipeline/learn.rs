//! Learns boilerplate from the sample of documents that an index keeps.

use rayon::prelude::*;

use super::count::{counted, grouped};
use crate::count::{FirstCounts, Knowledge, Row, SecondCounts};
use crate::index::Sampled;
use crate::segment::Cut;
use crate::{Document, Params, Result};

/// Counts a sample as [`find`](super::find) counts a corpus.
pub(super) fn learn(sample: &[Sampled], params: &Params) -> Knowledge {
    let settings = params.counting();
    let documents: Vec<(Document, Cut)> = sample.par_iter().map(|one| (one.document(), one.cut())).collect();
    let numbered = (0..).zip(&documents);
    let rows = numbered.map(|(number, (document, cut))| Row::of(number, document, cut)).collect();
    let (new, merge) = (|| FirstCounts::new(settings), FirstCounts::merge);
    let first = sum(&documents, new, merge, |sum, _, (document, cut)| sum.observe(document, cut)).know_by(counted);
    let groups = grouped(vec![rows], settings);
    let (new, merge) = (|| SecondCounts::new(settings), SecondCounts::merge);
    let second = sum(&documents, new, merge, |sum, number, (document, cut)| {
        let is_counted = groups.is_counted(number, crate::count::text(document));
        sum.observe(&first, document, cut, is_counted);
    });
    second.know(first, groups).expect("both rounds counted the sample").for_other_documents()
}

/// Returns the sum of what the documents add, by their numbers.
fn sum<C: Send>(
    documents: &[(Document, Cut)],
    new: impl Fn() -> C + Sync,
    merge: impl Fn(&mut C, C) -> Result<()> + Sync,
    add: impl Fn(&mut C, u64, &(Document, Cut)) + Sync,
) -> C {
    let numbered = documents.par_iter().enumerate().with_min_len(DOCUMENTS_AT_LEAST);
    let sums = numbered.fold(&new, |mut sum, (number, document)| {
        add(&mut sum, number as u64, document);
        sum
    });
    sums.reduce(&new, |mut sum, more| {
        merge(&mut sum, more).expect("all counts have the same parameters");
        sum
    })
}

/// Documents that a thread adds up by themselves at least.
const DOCUMENTS_AT_LEAST: usize = 256;
