//! before: the documents of a run and an index -> findings: which of them the index has seen before.

use ahash::AHashSet;

use crate::index::{Item, Reader};
use crate::judge::{self, Action, Earlier, Finding, Rule};
use crate::pipeline::{Seen, itself, query};
use crate::{Document, Params, Result};

/// The matches of documents with an index.
#[derive(Debug, Default)]
pub struct Before {
    /// The findings, in the order of the documents. [`judge::add_seen`] adds them to those of a run.
    pub findings: Vec<Finding>,
    /// The items that the findings name, as documents.
    pub items: Vec<Document>,
}

/// The answers of an index about each document: matches with other documents that were added earlier.
struct Asked {
    seen: Vec<Vec<Seen>>,
    /// The items of the index that are the document itself.
    itself: Vec<Vec<u32>>,
}

impl Asked {
    /// Asks the index. A document does not repeat itself, neither by its own item nor by that of another document of the
    /// run: the run compares these two anyway. An item that was added after a document was not seen before it.
    fn new(index: &Reader, documents: &[Document], params: &Params) -> Result<Asked> {
        let itself = itself(documents, index)?;
        let of_the_run: AHashSet<u32> = itself.iter().flatten().copied().collect();
        let mut seen: Vec<Vec<Seen>> = documents.iter().map(|_| Vec::new()).collect();
        for found in query(documents, index, params)? {
            let is_earlier = itself[found.document].first().is_none_or(|&own| found.number < own);
            if is_earlier && !of_the_run.contains(&found.number) {
                seen[found.document].push(found);
            }
        }
        Ok(Asked { seen, itself })
    }
}

/// Asks an index about documents. Each document gets at most one finding: by the item that gives the strongest verdict.
/// Findings name items by indices that start at `first`.
pub fn seen_before(index: &Reader, documents: &[Document], first: usize, params: &Params) -> Result<Before> {
    let mut before = Before::default();
    let asked = Asked::new(index, documents, params)?;
    for (seen, itself) in asked.seen.iter().zip(&asked.itself) {
        before.add_strongest(seen.iter(), !itself.is_empty(), documents, first, params);
    }
    Ok(before)
}

/// Asks an index about documents as [`seen_before`] does, and reports an item that comes again under its id as that, and
/// not as a copy of itself. Where an index keeps no texts, only items with the same words are known to come again.
pub fn items_before(index: &Reader, documents: &[Document], first: usize, params: &Params) -> Result<Before> {
    let mut before = Before::default();
    let asked = Asked::new(index, documents, params)?;
    for (at, document) in documents.iter().enumerate() {
        let (seen, itself) = (&asked.seen[at], &asked.itself[at]);
        let unchanged = index.holds(document)?;
        let with_id = if unchanged { Vec::new() } else { index.with_id(document)? };
        let has_same_words = |number: &u32| itself.contains(number);
        let again =
            with_id.into_iter().filter_map(|(n, item)| come_again(document, item, has_same_words(&n))).next_back();
        if let Some(item) = &again {
            before.push(judge::seen_again(document, at, &item.document(), first + before.items.len()), item);
        }
        let is_version = |seen: &Seen| (unchanged || again.is_some()) && is_same_item(document, &seen.item);
        let others = seen.iter().filter(|seen| !is_version(seen));
        before.add_strongest(others, !itself.is_empty(), documents, first, params);
    }
    Ok(before)
}

impl Before {
    fn push(&mut self, finding: Finding, item: &Item) {
        self.findings.push(finding);
        self.items.push(item.document());
    }

    /// Adds the strongest of the verdicts by these items on one document. `held` says whether the index holds the document.
    fn add_strongest<'a>(
        &mut self,
        seen: impl Iterator<Item = &'a Seen>,
        held: bool,
        documents: &[Document],
        first: usize,
        params: &Params,
    ) {
        let number = first + self.items.len();
        let verdict = |Seen { document, item, verified, estimated, longer, .. }: &Seen| {
            let length = item.text.as_ref().map_or(0, |text| text.len());
            let earlier = Earlier { id: &item.id, length, verified, estimated: *estimated, longer: *longer };
            let mut finding = judge::seen(&documents[*document], *document, number, earlier, params);
            // It was kept when it was added, and what words weigh has changed since: only the same words are certain.
            if held && finding.rule != Rule::ExactDuplicate {
                finding.action = Action::Marked;
            }
            finding
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

/// Returns an item that has the document's id, with its text as far as it is known, if the two are one item. Without a
/// source, the same id may name anything: then only the same words show that they are one item.
fn come_again(document: &Document, item: Item, has_same_words: bool) -> Option<Item> {
    if !is_same_item(document, &item) {
        return None;
    }
    let words = has_same_words.then(|| document.text.clone());
    let text = if document.source.is_some() { item.text.clone().or(words) } else { words };
    Some(Item { text: Some(text?), ..item })
}
