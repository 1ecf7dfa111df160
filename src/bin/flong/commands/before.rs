//! What an index says of the documents of a run, as findings.

use std::path::Path;

use flong::index::{Index, Item, Reader};
use flong::judge::{self, Earlier, Finding};
use flong::pipeline::{Seen, query};
use flong::{Document, Params, Result};

/// What an index has seen before.
#[derive(Default)]
pub struct Before {
    /// What it says, in the order of the documents.
    pub findings: Vec<Finding>,
    /// The items that the findings name, as documents.
    pub items: Vec<Document>,
}

impl Before {
    fn push(&mut self, finding: Finding, item: &Item) {
        self.findings.push(finding);
        self.items.push(item.document());
    }
}

/// Asks an index about documents: for each the verdict by the item that tells most. Items are named by indices from
/// `first` on.
pub fn seen_before(index: &Reader, documents: &[Document], first: usize, params: &Params) -> Result<Before> {
    let mut before = Before::default();
    let all = query(documents, index, params)?;
    for seen in all.chunk_by(|a, b| a.document == b.document) {
        before.tell_most(seen.iter(), documents, first, params);
    }
    Ok(before)
}

/// The same, with items that come again under their id told as such, and not as copies of themselves. Where an index
/// keeps no texts, an item is only known to come again with the same words.
pub fn items_before(index: &Reader, documents: &[Document], first: usize, params: &Params) -> Result<Before> {
    let mut before = Before::default();
    let all = query(documents, index, params)?;
    let mut rest = &all[..];
    for (at, document) in documents.iter().enumerate() {
        let (seen, others) = rest.split_at(rest.partition_point(|seen| seen.document == at));
        rest = others;
        let again =
            index.with_id(document)?.into_iter().filter_map(|item| come_again(document, item, seen)).next_back();
        if let Some(item) = &again {
            before.push(judge::seen_again(document, at, &item.document(), first + before.items.len()), item);
        }
        let is_copy = |seen: &&Seen| !seen.same && (again.is_none() || !is_same_item(document, &seen.item));
        before.tell_most(seen.iter().filter(is_copy), documents, first, params);
    }
    Ok(before)
}

impl Before {
    fn tell_most<'a>(
        &mut self,
        seen: impl Iterator<Item = &'a Seen>,
        documents: &[Document],
        first: usize,
        params: &Params,
    ) {
        let number = first + self.items.len();
        let verdict = |Seen { document, item, verified, estimated, longer, .. }: &Seen| {
            let length = item.text.as_ref().map_or(0, |text| text.len());
            let earlier = Earlier { id: &item.id, length, verified, estimated: *estimated, longer: *longer };
            judge::seen(&documents[*document], *document, number, earlier, params)
        };
        let most = |finding: &Finding| (finding.action, finding.rule, (-1e6 * f64::from(finding.score)) as i64);
        let verdicts = seen.map(|seen| (verdict(seen), &seen.item));
        if let Some((finding, item)) = verdicts.min_by_key(|(finding, _)| most(finding)) {
            self.push(finding, item);
        }
    }
}

fn is_same_item(document: &Document, item: &Item) -> bool {
    document.id == item.id && document.source == item.source
}

/// An item of the document's id, if the two are one item, with its text as far as it is known. Without a source an id may
/// be that of anything: then only the same words tell.
fn come_again(document: &Document, item: Item, seen: &[Seen]) -> Option<Item> {
    if !is_same_item(document, &item) {
        return None;
    }
    let exact = |seen: &&Seen| seen.item == item && seen.verified.kind == flong::verify::Kind::Exact;
    let words = seen.iter().find(exact).map(|_| document.text.clone());
    let text = if document.source.is_some() { item.text.clone().or(words) } else { words };
    Some(Item { text: Some(text?), ..item })
}

/// Opens an index to ask it.
pub fn reader(file: &Path, params: &Params, output: &crate::args::OutputArgs) -> Result<Reader> {
    let index: Index = super::index::open(file, params, output)?;
    index.reader()
}
