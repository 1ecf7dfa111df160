//! Documents by their ids, and the numbers that a page knows them by.

use crate::Documents;
use crate::hash::{HashedMap, bytes};

/// Documents by their ids. Feeds repeat ids, so that a length may have to show which document is meant.
pub(super) struct Ids<'d> {
    documents: HashedMap<u64, Vec<u32>>,
    ids: Vec<&'d str>,
    lengths: &'d [u32],
}

impl<'d> Ids<'d> {
    pub fn new(documents: impl Into<Documents<'d>>, lengths: &'d [u32]) -> Self {
        let mut by_id: HashedMap<u64, Vec<u32>> = HashedMap::default();
        let documents = documents.into();
        for (head, number) in documents.iter().zip(0..) {
            by_id.entry(bytes(head.id.as_bytes())).or_default().push(number);
        }
        Ids { documents: by_id, ids: documents.iter().map(|head| head.id).collect(), lengths }
    }

    /// Returns the document with an id that has a piece from `start` to `end`, and is none of those that are `taken`. One of
    /// which the piece is the whole text comes first.
    pub fn find(&self, id: &str, start: u32, end: u32, taken: &[u32]) -> Option<u32> {
        let candidates = self.documents.get(&bytes(id.as_bytes()))?;
        let length = |number: u32| self.lengths[number as usize];
        let fits = |&number: &u32| self.ids[number as usize] == id && length(number) >= end && !taken.contains(&number);
        let whole = |&number: &u32| start == 0 && length(number) == end;
        let mut fitting = candidates.iter().copied().filter(fits);
        let first = fitting.next()?;
        Some(if whole(&first) { first } else { fitting.find(whole).unwrap_or(first) })
    }
}

/// The documents that a page shows, in the order in which they were asked for first.
#[derive(Debug)]
pub(super) struct Shown {
    pub order: Vec<u32>,
    /// The number of each document of the run on the page; [`NOT_SHOWN`] if it has none.
    numbers: Vec<u32>,
}

const NOT_SHOWN: u32 = u32::MAX;

impl Shown {
    /// Returns the state for a run of some documents, none of which is shown so far.
    pub fn new(documents: usize) -> Self {
        Shown { order: Vec::new(), numbers: vec![NOT_SHOWN; documents] }
    }

    /// Returns the number of a document on the page; from now on it is shown.
    pub fn number(&mut self, document: u32) -> u32 {
        let number = &mut self.numbers[document as usize];
        if *number == NOT_SHOWN {
            *number = self.order.len() as u32;
            self.order.push(document);
        }
        *number
    }

    /// Returns the number of a document that is shown.
    pub fn of(&self, document: u32) -> u32 {
        self.numbers[document as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;

    #[test]
    fn a_length_tells_documents_of_one_id_apart() {
        let documents = [Document::new("a", "one"), Document::new("a", "three"), Document::new("b", "two")];
        let lengths: Vec<u32> = documents.iter().map(|document| document.text.len() as u32).collect();
        let ids = Ids::new(&documents, &lengths);
        assert_eq!(ids.find("a", 0, 5, &[]), Some(1));
        assert_eq!(ids.find("a", 0, 3, &[]), Some(0));
        assert_eq!(ids.find("a", 1, 2, &[0]), Some(1));
        assert_eq!(ids.find("a", 0, 6, &[]), None);
        assert_eq!(ids.find("c", 0, 1, &[]), None);
    }
}
