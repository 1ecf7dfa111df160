//! Cuts of documents that wait in a file for the passes after the first.

use super::{Plain, SpillFile};
use crate::Result;
use crate::Span;
use crate::pipeline::corpus::ByBatch;
use crate::pipeline::store::damaged;
use crate::segment::{Cut, Line, Paragraph};
use crate::token::{Token, Word};

/// The cuts of documents in a file, each with the keys of its document's source and text.
pub(in crate::pipeline) struct SpilledCuts {
    file: SpillFile,
    /// By batch, the place of its cuts, the bytes they take, and their number.
    places: ByBatch<Place>,
}

type Place = (u64, usize, usize);

/// The keys of the source and of the text of a document.
pub(in crate::pipeline) type Keys = (u64, u64);

impl SpilledCuts {
    /// Writes to this file.
    pub fn new(file: SpillFile) -> Self {
        SpilledCuts { file, places: ByBatch::default() }
    }

    /// Writes the cuts of a batch. Errors show when they are [held](SpilledCuts::written).
    pub fn put(&self, batch: usize, cuts: &Written) {
        self.places.put(batch, (self.file.append(&cuts.bytes), cuts.bytes.len(), cuts.count));
    }

    /// Returns the cuts, once all are written.
    pub fn written(self) -> Result<Cuts> {
        self.file.check()?;
        Ok(Cuts { places: self.places.in_order().collect(), file: self.file })
    }
}

/// The cuts of some documents as bytes.
#[derive(Default)]
pub(in crate::pipeline) struct Written {
    bytes: Vec<u8>,
    count: usize,
}

impl Written {
    /// Appends the cut of a document.
    pub fn push(&mut self, keys: Keys, cut: &Cut) {
        let bytes = &mut self.bytes;
        self.count += 1;
        [keys.0, keys.1].into_iter().for_each(|key| key.put(bytes));
        let Cut { tokens, title, paragraphs, lines, fences } = cut;
        for length in [tokens.len(), title.len(), paragraphs.len(), lines.len(), fences.len()] {
            put(length as u32, bytes);
        }
        let mut start = 0;
        for token in tokens {
            token.word.0.put(bytes);
            put(token.start.wrapping_sub(start), bytes);
            put(u32::from(token.len) << 1 | u32::from(token.capital), bytes);
            start = token.start;
        }
        title.iter().for_each(|word| word.0.put(bytes));
        for Paragraph { span, start, end } in paragraphs {
            [span.start, span.end, *start, *end].into_iter().for_each(|number| put(number, bytes));
        }
        for Line { start, end } in lines {
            [*start, *end].into_iter().for_each(|number| put(number as u32, bytes));
        }
        fences.iter().for_each(|&fence| put(fence, bytes));
    }
}

/// Cuts in a file that are read.
pub(in crate::pipeline) struct Cuts {
    file: SpillFile,
    places: Vec<Place>,
}

impl Cuts {
    /// Gives back the room of the cuts of a batch, which are not read again.
    pub fn forget(&self, batch: usize) {
        self.places.get(batch).iter().for_each(|&&(at, length, _)| self.file.forget(at, length));
    }

    /// Reads the cuts of a batch.
    pub fn read(&self, batch: usize) -> Result<Reading> {
        let &(at, length, left) = self.places.get(batch).ok_or_else(damaged)?;
        let mut bytes = vec![0; length];
        self.file.read(at, &mut bytes)?;
        Ok(Reading { bytes, at: 0, left })
    }
}

/// The cuts of a batch, in the order of its documents, each made when it is reached.
#[derive(Default)]
pub(in crate::pipeline) struct Reading {
    bytes: Vec<u8>,
    at: usize,
    left: usize,
}

impl Reading {
    /// Returns an error if it ended before all were read.
    pub fn end(self) -> Result<()> {
        if self.left > 0 { Err(damaged()) } else { Ok(()) }
    }
}

impl Iterator for Reading {
    type Item = (Keys, Cut);

    fn next(&mut self) -> Option<Self::Item> {
        let mut rest = Bytes(&self.bytes[self.at..]);
        let next = if self.left > 0 { rest.cut()? } else { return None };
        self.at = self.bytes.len() - rest.0.len();
        self.left -= 1;
        Some(next)
    }
}

/// Appends a number, a small one in few bytes.
fn put(mut number: u32, bytes: &mut Vec<u8>) {
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Bytes that are still to be read.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn long(&mut self) -> Option<u64> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*taken))
    }

    fn number(&mut self) -> Option<u32> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u32::from(byte & 0x7f).checked_shl(shift)?;
            if byte <= 0x7f {
                return Some(number);
            }
            shift += 7;
        }
    }

    /// Reads `count` values, each of which takes a byte at least.
    fn many<T>(&mut self, count: u32, one: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut values = Vec::with_capacity((count as usize).min(self.0.len()));
        for _ in 0..count {
            values.push(one(self)?);
        }
        Some(values)
    }

    fn cut(&mut self) -> Option<(Keys, Cut)> {
        let keys = (self.long()?, self.long()?);
        let [tokens, title, paragraphs, lines, fences] =
            [self.number()?, self.number()?, self.number()?, self.number()?, self.number()?];
        let start = std::cell::Cell::new(0u32);
        let token = |bytes: &mut Self| {
            let word = Word(bytes.long()?);
            start.set(start.get().wrapping_add(bytes.number()?));
            let length = bytes.number()?;
            Some(Token { word, start: start.get(), len: (length >> 1) as u16, capital: length & 1 == 1 })
        };
        let paragraph = |bytes: &mut Self| {
            let span = Span { start: bytes.number()?, end: bytes.number()? };
            Some(Paragraph { span, start: bytes.number()?, end: bytes.number()? })
        };
        let line = |bytes: &mut Self| Some(Line { start: bytes.number()? as usize, end: bytes.number()? as usize });
        let cut = Cut {
            tokens: self.many(tokens, token)?,
            title: self.many(title, |bytes| bytes.long().map(Word))?,
            paragraphs: self.many(paragraphs, paragraph)?,
            lines: self.many(lines, line)?,
            fences: self.many(fences, Self::number)?,
        };
        Some((keys, cut))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;
    use crate::segment::cut;

    #[test]
    fn cuts_are_read_as_they_were_written() {
        let folder = tempfile::tempdir().unwrap();
        let long = "a".repeat(70_000);
        let texts = ["", "…", "The ferry ran aground.\n\n```\nat 5 p.m.\n```", "東京の天気は晴れ。", &long];
        let cuts: Vec<Cut> = texts
            .into_iter()
            .map(|text| cut(&Document { title: Some("Ferry Aground".into()), ..Document::new("a", text) }))
            .collect();
        let spilled = SpilledCuts::new(SpillFile::new(folder.path()).unwrap());
        // Batches come in any order, and numbers may be missing.
        for (batch, of) in [(4, &cuts[2..]), (2, &cuts[..2])] {
            let mut written = Written::default();
            of.iter().for_each(|cut| written.push((7, cut.tokens.len() as u64), cut));
            spilled.put(batch, &written);
        }
        let written = spilled.written().unwrap();
        assert_eq!(written.places.len(), 2);
        let mut read: Vec<(Keys, Cut)> = Vec::new();
        for batch in 0..2 {
            let mut reading = written.read(batch).unwrap();
            read.extend(reading.by_ref());
            reading.end().unwrap();
        }
        let shown = |keys: Keys, cut: &Cut| format!("{keys:?} {cut:?}");
        let expected: Vec<String> = cuts.iter().map(|cut| shown((7, cut.tokens.len() as u64), cut)).collect();
        assert_eq!(read.iter().map(|(keys, cut)| shown(*keys, cut)).collect::<Vec<_>>(), expected);
        let mut one = Written::default();
        one.push((1, 2), &cuts[2]);
        for end in 0..one.bytes.len() {
            let mut reading = Reading { bytes: one.bytes[..end].to_vec(), at: 0, left: 1 };
            assert!(reading.next().is_none() && reading.end().is_err(), "{end}");
        }
        assert!(written.read(2).is_err());
    }
}
