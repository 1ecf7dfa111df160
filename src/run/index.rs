//! The index that a run asks what was seen before.

use std::path::Path;

use super::Progress;
use super::clean::Asked;
use crate::before::seen_before;
use crate::index::{self, Index};
use crate::judge::{Finding, dropped};
use crate::pipeline::{Scanned, Stopwatch, add, commit, today};
use crate::{Document, Params, Result};

/// Opens an index to ask it. With `update` it can be added to as well, and is created if it does not exist.
///
/// # Errors
/// If it is no index, or was made with other parameters.
pub fn open_index(file: &Path, update: bool, params: &Params, progress: &dyn Progress) -> Result<Index> {
    if update {
        // An index that is there says itself whether it keeps texts.
        let text = !file.exists() || Index::open(file)?.settings().text;
        return Index::write(file, &index::Settings::of(params, text));
    }
    let index = Index::open(file)?;
    index.refuse_other(&index::Settings::of(params, index.settings().text))?;
    if !index.settings().text {
        progress.note(&format!("{} keeps no texts: matches are estimated from signatures", file.display()));
    }
    Ok(index)
}

/// Adds documents to an index, as seen today.
///
/// # Errors
/// If the index cannot be written.
pub fn update_index(index: &Index, documents: &[Document], params: &Params) -> Result<()> {
    let mut addition = index.addition()?;
    add(&mut addition, documents, today())?;
    commit(addition, params).map(drop)
}

/// An open index.
pub(super) struct Asking {
    index: Index,
    update: bool,
}

impl Asking {
    pub fn open(file: &Path, update: bool, params: &Params, progress: &dyn Progress) -> Result<Self> {
        Ok(Asking { index: open_index(file, update, params, progress)?, update })
    }

    /// Asks about the first `new` documents.
    pub fn ask(&self, scanned: &Scanned, new: usize, params: &Params, watch: &mut Stopwatch) -> Result<Asked> {
        watch.stage("index");
        let mut documents = scanned.documents()?;
        documents.truncate(new);
        let before = seen_before(&self.index.reader()?, &documents, scanned.heads.len(), params)?;
        Ok(Asked { documents, findings: before.findings, items: before.items })
    }

    /// Adds the documents that are kept, if the run updates the index.
    pub fn add_kept<'a>(
        &self,
        documents: &[Document],
        findings: &[Finding],
        emptied: impl Iterator<Item = &'a usize>,
        params: &Params,
    ) -> Result<()> {
        if !self.update {
            return Ok(());
        }
        let mut gone = dropped(findings);
        gone.extend(emptied);
        let kept = documents.iter().enumerate().filter(|(i, _)| !gone.contains(i));
        let kept: Vec<Document> = kept.map(|(_, document)| document.clone()).collect();
        update_index(&self.index, &kept, params)
    }
}
