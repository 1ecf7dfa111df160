//! Checking all of an index.

use std::collections::BTreeMap;
use std::path::Path;

use redb::{ReadableTable, ReadableTableMetadata};

use super::add::sampled;
use super::entry::{id_key, print};
use super::failure::{Failure, attempt};
use super::families::Families;
use super::item::{Item, Unpacker};
use super::lookup::{Reader, Tables, row, rows_in_group};
use super::postings::Run;
use super::seal::{unsealed_count, unsealed_stem};
use super::{Index, Info, block};
use crate::Result;

impl Index {
    /// Checks all of a file, which stays as it is: the pages of the database by their checksums, then whether what is in
    /// them can be read and fits together. Returns a summary of it.
    pub fn check(path: impl AsRef<Path>) -> Result<Info> {
        let path = path.as_ref();
        let index = Index::open(path)?;
        Index::check_pages(path)?;
        let reader = index.reader()?;
        attempt(path, || reader.check(&reader.tables))?;
        reader.info()
    }
}

fn unless(damaged: bool, what: &'static str) -> Result<(), Failure> {
    if damaged { Err(Failure::damaged(what)) } else { Ok(()) }
}

impl Reader {
    fn check(&self, tables: &Tables) -> Result<(), Failure> {
        let ids = self.check_items(tables)?;
        self.check_postings(&ids, tables)?;
        for entry in tables.stems.iter()? {
            let (stem, count) = entry?;
            let (texts, _) = unsealed_stem(stem.value(), count.value())?;
            unless(texts > self.state.texts, "a word is counted in more texts than there are")?;
        }
        for entry in tables.sample.iter()? {
            let (place, bytes) = entry?;
            sampled(place.value(), bytes.value())?;
        }
        Ok(())
    }

    /// Reads every item and its row. Returns the keys of each.
    fn check_items(&self, tables: &Tables) -> Result<Vec<u32>, Failure> {
        let damaged = || Failure::damaged("items cannot be read");
        let many = rows_in_group(self.settings()) as u32;
        let groups = u64::from(self.items().div_ceil(many));
        unless(tables.rows.len()? != groups, "there are more rows than items, or fewer")?;
        let (mut ids, mut pieces) = (Vec::new(), 0);
        let mut sources: BTreeMap<Box<str>, u64> = BTreeMap::new();
        let mut unpacker = Unpacker::new();
        while (ids.len() as u32) < self.items() {
            let (first, packed) = block::load(ids.len() as u32, &tables.items)?.ok_or_else(damaged)?;
            unless(first as usize != ids.len(), "items are missing")?;
            pieces += block::pieces(&packed);
            let bytes = unpacker.unpack(&packed).ok_or_else(damaged)?;
            let mut at = 0;
            while at < bytes.len() {
                let item = Item::read(&bytes, &mut at).ok_or_else(damaged)?;
                let document = item.document();
                let row = row(ids.len() as u32, self.settings(), &tables.rows)?;
                let agree = item.text.is_none() || row.print == print(&document);
                unless(!agree, "the row of an item is that of another")?;
                ids.push(id_key(&document));
                *sources.entry(item.source.unwrap_or_default()).or_default() += 1;
            }
        }
        unless(ids.len() as u32 > self.items(), "there are more items than it says")?;
        unless(tables.items.len()? != pieces, "there are pieces of items that belong to none")?;
        self.check_sources(&sources, tables)?;
        Ok(ids)
    }

    fn check_sources(&self, sources: &BTreeMap<Box<str>, u64>, tables: &Tables) -> Result<(), Failure> {
        unless(tables.sources.len()? != sources.len() as u64, "its sources are not those of its items")?;
        for (source, &documents) in sources {
            let counted =
                tables.sources.get(&**source)?.map(|count| unsealed_count(source, count.value())).transpose()?;
            unless(counted != Some(documents), "the documents of a source are counted wrong")?;
        }
        Ok(())
    }

    /// Reads all postings: in order, of items that are there, and each item by its id.
    fn check_postings(&self, ids: &[u32], tables: &Tables) -> Result<(), Failure> {
        let (families, mut blocks) = (Families::of(self.settings()), 0);
        for segment in &self.state.segments {
            for family in families.all() {
                let (mut before, mut count, mut sound) = (None, 0, true);
                blocks += Run::of(family, segment).each(&tables.postings, |posting| {
                    let (key, item) = ((posting >> 32) as u32, posting as u32);
                    sound &= before < Some(posting) && (segment.first..segment.first + segment.items).contains(&item);
                    sound &= family != families.ids() || ids.get(item as usize) == Some(&key);
                    before = Some(posting);
                    count += 1;
                })?;
                sound &= family != families.ids() || count == segment.items;
                unless(!sound, "postings are in disorder")?;
            }
        }
        unless(tables.postings.len()? != blocks, "there are postings that belong to no segment")
    }
}
