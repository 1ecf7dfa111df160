//! Decisions that compare documents, each by a join on a key.

use serde::{Deserialize, Serialize};

use crate::boilerplate::{Stub, StubText, TitleIndex, stub, stub_text};
use crate::hash::HashedMap;
use crate::segment::Cut;
use crate::token::Word;
use crate::{Document, encoding};

/// The facts of one document that are compared with those of others. Rows are what grows with the number of documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// A number that no other document of the corpus has.
    pub number: u64,
    /// The key of its [source](super::source).
    pub source: u64,
    /// The key of its [text](super::text) within its source.
    pub text: u64,
    /// The words of its title.
    pub title: Box<[Word]>,
    /// Facts about its text that show whether it is a stub; `None` if it cannot be one.
    pub stub: Option<StubText>,
}

impl Row {
    /// Returns the row of a document.
    pub fn of(number: u64, document: &Document, cut: &Cut) -> Self {
        let source = super::source(document);
        let stub = stub_text(source, cut);
        Row { number, source, text: super::text(document), title: cut.title.as_slice().into(), stub }
    }
}

/// Decisions that compare documents. [`Groups::of`] does so in memory. An engine with joins of its own can fill the
/// fields instead: each names its key.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Groups {
    /// By [`Row::source`]: how many documents the source has.
    #[serde(with = "encoding::map")]
    pub sources: HashedMap<u64, u32>,
    /// By [`Row::text`], where several rows have it: the number of the document that is counted for all of them in the second
    /// round. It is the one whose title comes first, in the order of its words; of those with equal titles, the one
    /// with the smallest number.
    #[serde(with = "encoding::map")]
    pub counted: HashedMap<u64, u64>,
    /// By [`StubText::key`], where several rows have it: what [`stub`] says of their titles.
    #[serde(with = "encoding::map")]
    pub stubs: HashedMap<u64, Stub>,
    /// The titles of all documents. A join would look them up by their [keys](TitleIndex::keys), from the
    /// [places](crate::boilerplate::promotions) where a document may promote another.
    pub titles: TitleIndex,
}

impl Groups {
    /// Groups the rows of all documents.
    pub fn of(rows: &[Row]) -> Self {
        let mut sources: HashedMap<u64, u32> = HashedMap::default();
        rows.iter().for_each(|row| *sources.entry(row.source).or_default() += 1);
        let counted = {
            let by_text = Sorted::by(rows, |row| Some(row.text));
            let counted = by_text.groups().filter_map(|(text, equal)| {
                let first = equal.min_by(|a, b| (&a.title, a.number).cmp(&(&b.title, b.number)))?;
                Some((text, first.number))
            });
            counted.collect()
        };
        let stubs = {
            let by_stub = Sorted::by(rows, |row| Some(row.stub?.key));
            let stubs = by_stub.groups().filter_map(|(key, equal)| {
                let all = sources[&equal.clone().next()?.source];
                let titled: Vec<(&[Word], StubText)> = equal.filter_map(|row| Some((&*row.title, row.stub?))).collect();
                Some((key, stub(&titled, all)?))
            });
            stubs.collect()
        };
        Groups { counted, stubs, titles: TitleIndex::new(rows.iter().map(|row| &*row.title)), sources }
    }

    /// Returns whether a document is the one that is counted of those with its text, from [`Row::number`] and [`Row::text`].
    pub fn is_counted(&self, number: u64, text: u64) -> bool {
        self.counted.get(&text).is_none_or(|&counted| counted == number)
    }
}

/// Rows in the order of a key.
struct Sorted<'r> {
    rows: &'r [Row],
    /// Keys with the indices of their rows.
    keys: Vec<(u64, u32)>,
}

impl<'r> Sorted<'r> {
    fn by(rows: &'r [Row], key: impl Fn(&Row) -> Option<u64>) -> Self {
        let mut keys: Vec<(u64, u32)> = rows.iter().zip(0..).filter_map(|(row, i)| Some((key(row)?, i))).collect();
        keys.sort_unstable();
        Sorted { rows, keys }
    }

    /// Returns each key that several rows have, with these rows.
    fn groups(&self) -> impl Iterator<Item = (u64, impl Iterator<Item = &Row> + Clone)> {
        let equal = self.keys.chunk_by(|one, next| one.0 == next.0).filter(|equal| equal.len() > 1);
        equal.map(|equal| (equal[0].0, equal.iter().map(|&(_, i)| &self.rows[i as usize])))
    }
}
