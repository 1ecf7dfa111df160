//! The parts of an item that are kept, to name it and to verify against it.

use std::io::Read;

use super::block::{put, put_text, take, take_text};
use crate::Document;
use crate::date::Day;

/// An item of an index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// Its id, as the document's was.
    pub id: Box<str>,
    /// Its source.
    pub source: Option<Box<str>>,
    /// Its date as written.
    pub date: Option<Box<str>>,
    /// Its headline.
    pub title: Option<Box<str>>,
    /// Its text, if texts are kept.
    pub text: Option<Box<str>>,
    /// The day that it was added.
    pub added: Day,
}

impl Item {
    /// Returns the item of a document.
    pub fn of(document: &Document, added: Day, text: bool) -> Self {
        Item {
            id: document.id.clone(),
            source: document.source.clone(),
            date: document.date.clone(),
            title: document.title.clone(),
            text: text.then(|| document.text.clone()),
            added,
        }
    }

    /// Returns the document, as far as it was kept.
    pub fn document(&self) -> Document {
        Document {
            id: self.id.clone(),
            source: self.source.clone(),
            date: self.date.clone(),
            title: self.title.clone(),
            text: self.text.clone().unwrap_or_default(),
            ..Document::default()
        }
    }

    /// Returns the day that its age counts from: that of its date, or that it was added.
    pub fn day(&self) -> Day {
        self.date.as_deref().and_then(crate::date::day).unwrap_or(self.added)
    }

    /// Returns whether the document has its id, in the same source as far as both sources are known.
    pub fn has_id_of(&self, document: &Document) -> bool {
        let sources = self.source.as_deref().zip(document.source.as_deref());
        self.id == document.id && sources.is_none_or(|(own, other)| own == other)
    }

    fn fields(&self) -> [&Option<Box<str>>; 4] {
        [&self.source, &self.date, &self.title, &self.text]
    }

    /// Appends the item as bytes.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        put_text(out, &self.id);
        put(out, self.added as u32 as u64);
        put(out, self.fields().iter().enumerate().map(|(bit, field)| u64::from(field.is_some()) << bit).sum());
        self.fields().into_iter().flatten().for_each(|text| put_text(out, text));
    }

    /// Reads an item from `at` on.
    pub(super) fn read(bytes: &[u8], at: &mut usize) -> Option<Item> {
        let id = take_text(bytes, at)?.into();
        let added = take(bytes, at)? as u32 as Day;
        let there = take(bytes, at)?;
        let mut field = |bit: u64| -> Option<Option<Box<str>>> {
            if there >> bit & 1 == 1 { Some(Some(take_text(bytes, at)?.into())) } else { Some(None) }
        };
        let (source, date, title, text) = (field(0)?, field(1)?, field(2)?, field(3)?);
        Some(Item { id, source, date, title, text, added })
    }

    /// Skips an item.
    pub(super) fn skip(bytes: &[u8], at: &mut usize) -> Option<()> {
        let text = |at: &mut usize| {
            let length = take(bytes, at)? as usize;
            *at = at.checked_add(length).filter(|end| *end <= bytes.len())?;
            Some(())
        };
        text(at)?;
        take(bytes, at)?;
        let there = take(bytes, at)?;
        (0..there.count_ones()).try_for_each(|_| text(at))
    }
}

/// Size of a pack of items before it is compressed, in bytes: enough for texts to have words in common, and fast to
/// decompress.
const PACK: usize = 16 << 10;
/// Size of a pack of items without texts, in bytes. They are small and seldom read.
const PACK_WITHOUT_TEXTS: usize = 48 << 10;

/// Items that wait to be packed.
#[derive(Debug, Default)]
pub(super) struct Pack {
    pub first: u32,
    bytes: Vec<u8>,
}

impl Pack {
    /// Adds the next item.
    pub fn push(&mut self, item: &Item) {
        item.write(&mut self.bytes);
    }

    /// Returns whether it is time to pack.
    pub fn is_full(&self, texts: bool) -> bool {
        self.bytes.len() >= if texts { PACK } else { PACK_WITHOUT_TEXTS }
    }

    /// Returns the items' number and bytes: their length, then what they are compressed to. Nothing if there are none. The
    /// next item is `next`.
    pub fn take(&mut self, next: u32) -> Option<(u32, Vec<u8>)> {
        let first = std::mem::replace(&mut self.first, next);
        let bytes = std::mem::take(&mut self.bytes);
        let mut packed = Vec::new();
        put(&mut packed, bytes.len() as u64);
        // A slice in memory always compresses.
        packed.append(&mut zstd::bulk::compress(&bytes, 3).unwrap_or_default());
        (!bytes.is_empty()).then_some((first, packed))
    }
}

/// Most bytes that are reserved for a pack because of the length that it states.
const TRUSTED: usize = 1 << 20;

/// Decompresses packs, one after the other.
pub(super) struct Unpacker(Option<zstd::bulk::Decompressor<'static>>);

impl Unpacker {
    pub fn new() -> Self {
        Unpacker(zstd::bulk::Decompressor::new().ok())
    }

    /// Decompresses a pack.
    pub fn unpack(&mut self, packed: &[u8]) -> Option<Vec<u8>> {
        let mut at = 0;
        let length = usize::try_from(take(packed, &mut at)?).ok()?;
        let packed = &packed[at..];
        if length <= TRUSTED {
            let bytes = self.0.as_mut()?.decompress(packed, length).ok()?;
            return (bytes.len() == length).then_some(bytes);
        }
        // Memory grows with what is there, not with the length that is stated.
        let mut bytes = Vec::new();
        let most = (length as u64).checked_add(1)?;
        zstd::stream::read::Decoder::with_buffer(packed).ok()?.take(most).read_to_end(&mut bytes).ok()?;
        (bytes.len() == length).then_some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_come_back() {
        let whole = Item {
            id: "a".into(),
            source: Some("x".into()),
            date: None,
            title: Some("".into()),
            text: Some("Text".into()),
            added: -3,
        };
        let bare = Item { id: "b".into(), added: 20_000, ..Item::default() };
        let mut pack = Pack::default();
        [&whole, &bare].into_iter().for_each(|item| pack.push(item));
        let (first, packed) = pack.take(2).unwrap();
        let bytes = Unpacker::new().unpack(&packed).unwrap();
        let mut at = 0;
        assert_eq!([Item::read(&bytes, &mut at).unwrap(), Item::read(&bytes, &mut at).unwrap()], [whole, bare]);
        assert_eq!((first, at, pack.first), (0, bytes.len(), 2));
        let mut skipped = 0;
        assert_eq!([Item::skip(&bytes, &mut skipped), Item::skip(&bytes, &mut skipped)], [Some(()); 2]);
        assert_eq!(skipped, at);
        assert_eq!(Item::skip(&bytes[..3], &mut 0), None);
        assert_eq!(Item::read(&bytes[..3], &mut 0), None);
        assert_eq!(pack.take(2), None);
    }

    #[test]
    fn a_large_item_comes_back_and_none_is_larger_than_it_says() {
        let text: String = (0..900_000u32).map(|n| char::from(b'a' + (n.wrapping_mul(n) / 7 % 26) as u8)).collect();
        let mut pack = Pack::default();
        pack.push(&Item { text: Some([&*text, &text].concat().into()), ..Item::default() });
        let (_, packed) = pack.take(1).unwrap();
        let bytes = Unpacker::new().unpack(&packed).unwrap();
        assert_eq!(Item::read(&bytes, &mut 0).unwrap().text.unwrap().len(), 2 * text.len());
        let mut length = 0;
        take(&packed, &mut length).unwrap();
        for wrong in [bytes.len() as u64 - 1, bytes.len() as u64 + 1, 1 << 45, u64::MAX] {
            let mut other = Vec::new();
            put(&mut other, wrong);
            other.extend_from_slice(&packed[length..]);
            assert_eq!(Unpacker::new().unpack(&other), None, "{wrong}");
        }
    }

    #[test]
    fn age_counts_from_the_date_or_from_when_it_was_added() {
        let item = |date: Option<&str>| Item { date: date.map(Into::into), added: 7, ..Item::default() };
        assert_eq!(item(Some("1970-01-03")).day(), 2);
        assert_eq!(item(Some("lately")).day(), 7);
        assert_eq!(item(None).day(), 7);
    }
}
