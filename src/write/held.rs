//! Cleaning a corpus that is in memory.

use super::OutDir;
use super::clean::Cleaner;
use super::editor::Cleaned;
use crate::judge::Finding;
use crate::read::{Fields, Input, InputLayout, Others};
use crate::{Document, Result};

/// Everything at hand: for runs that hold their corpus in memory.
#[derive(Debug)]
pub struct Corpus<'a> {
    /// The fields that the documents were read by.
    pub fields: &'a Fields,
    /// The inputs of the run.
    pub inputs: &'a [Input],
    /// Their layouts, one each.
    pub layouts: &'a [InputLayout],
    /// Their documents, by place, read with their records.
    pub documents: &'a [Document],
    /// Their other records, with the index of their input, by place.
    pub others: &'a [(u32, Others)],
    /// The findings, by document.
    pub findings: &'a [Finding],
    /// The ids of documents that are not written, such as those that the run's are held against. Findings name them by
    /// indices that follow those of the documents.
    pub outside: &'a [&'a str],
    /// Whether documents are dropped of which nothing is left.
    pub drop_emptied: bool,
}

/// Writes the cleaned corpus, the ledger and the layout.
pub fn clean(out: &mut OutDir, corpus: &Corpus) -> Result<Cleaned> {
    let name = |index: usize| match corpus.documents.get(index) {
        Some(document) => &*document.id,
        None => corpus.outside[index - corpus.documents.len()],
    };
    let mut cleaner = Cleaner::create(out, corpus.inputs, corpus.layouts, corpus.fields, corpus.drop_emptied)?;
    let others = corpus.others.iter().flat_map(|(input, others)| others.runs().map(move |run| (*input, run)));
    cleaner.records(0, corpus.documents, others, corpus.findings, name)?;
    cleaner.finish()
}
