//! An input as blocks of whole lines of UTF-8, ready to be parsed in any order.

use std::mem;
use std::sync::Arc;

use encoding_rs::UTF_8;

use super::coding::{Coding, Recoder, is_binary};
use super::csv::TableHeader;
use super::decoded::{Decoded, cut_short, malformed};
use super::source::{Source, Unpacked, size};
use super::{Fields, Input, InputLayout, LineEnds, warc};
use crate::{Problem, Result};

/// Options of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadOptions {
    /// Approximate size of a block, in bytes of records. A block holds at least one record.
    pub block_bytes: usize,
    /// The longest record, in bytes: a line, a row, a text file, a feed. A longer one is reported and skipped.
    pub max_record: usize,
    /// Most bytes that the compressed inputs of a run may unpack to, all together and with compressed parts inside of
    /// inputs; the rest is reported and not read. `None`: 4 GiB, or 200 times the compressed size if that is more.
    pub max_unpacked: Option<u64>,
    /// Whether reading stops when a record had to be skipped. [`open`] ignores it; a caller that opens many inputs uses it.
    pub strict: bool,
    /// Deepest nesting of elements of HTML. What goes deeper is reported and skipped.
    pub max_depth: usize,
    /// Whether to keep the parts that a restore needs: the [`InputLayout`], and the bytes of the records that are not read.
    pub keep_records: bool,
}

impl Default for ReadOptions {
    fn default() -> Self {
        ReadOptions {
            block_bytes: 1 << 20,
            max_record: 256 << 20,
            max_unpacked: None,
            strict: false,
            max_depth: 256,
            keep_records: false,
        }
    }
}

/// A run of an input's records.
#[derive(Debug, Default)]
pub struct Block {
    /// Index of the input in the run's list of inputs.
    pub input: u32,
    /// The number of its first record, from 0 over all records of the input.
    pub first_record: u64,
    /// The number of its records.
    pub records: u64,
    /// The line that the first record of a CSV input starts on, from 1; else 0.
    pub first_line: u64,
    /// Deepest nesting of elements of HTML.
    pub max_depth: usize,
    /// The records as they are written: lines with their ends, or all of a text file or a feed.
    pub text: String,
    /// The records as they are written, if they are not text: records of a crawl, or a page.
    pub bytes: Vec<u8>,
    /// The end of each record of a crawl in these bytes, or of each row of a table in the text.
    pub ends: Vec<usize>,
    /// The records that are not text, in order. A placeholder takes the place of each in `text`.
    pub unreadable: Vec<Unreadable>,
    /// Problems of the input rather than of a record.
    pub problems: Vec<Problem>,
    /// The headers and columns that the records are parsed by.
    pub(super) shape: Shape,
}

/// The headers and columns that the records of a block are parsed by, besides the names of the fields.
#[derive(Debug, Clone, Default)]
pub(super) enum Shape {
    /// Nothing else: each record says all of itself.
    #[default]
    Plain,
    /// The header of their table, which is the record of that number.
    Rows(u64, Arc<TableHeader>),
    /// Rows of a Parquet table. They are here and not in the block's text.
    #[cfg(feature = "parquet")]
    Piece(super::parquet::Piece),
}

/// A record that cannot be text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Its number.
    pub record: u64,
    /// Its bytes without the line end, if records are kept and it is not too long for that.
    pub raw: Option<Box<[u8]>>,
    /// The reason, in words.
    pub reason: String,
}

/// Opens an input, the `index`-th of the run.
///
/// # Errors
/// If the file cannot be opened, or is a table without a column for the text. Later problems are in the blocks.
pub fn open(input: &Input, index: u32, fields: &Fields, options: &ReadOptions) -> Result<Blocks> {
    open_in_run(input, index, fields, options, &Unpacked::default())
}

/// Opens an input as [`open`] does, with what the inputs before it in the run have unpacked to.
///
/// # Errors
/// Errors of [`open`].
pub fn open_in_run(
    input: &Input,
    index: u32,
    fields: &Fields,
    options: &ReadOptions,
    run: &Unpacked,
) -> Result<Blocks> {
    let Opened(state) = input.format.codec().open(input, fields, options, run)?;
    Ok(Blocks { input: input.clone(), index, options: *options, state, layout: None })
}

/// The blocks of one input.
pub struct Blocks {
    input: Input,
    index: u32,
    options: ReadOptions,
    state: State,
    layout: Option<InputLayout>,
}

/// An input that was opened, of which nothing was read yet.
pub(crate) struct Opened(pub(super) State);

/// The rest of an input, by how it is cut into blocks.
pub(super) enum State {
    /// All of it is one block.
    Whole(Source, Whole),
    /// Runs of lines or rows.
    Records(Box<dyn Records + Send>),
    /// Runs of records of a crawl.
    Crawl(Box<warc::Records>),
    /// Pieces of the groups of rows of a table.
    #[cfg(feature = "parquet")]
    Pieces(Box<super::parquet::Pieces>),
    /// Nothing.
    Ended,
}

/// The kinds of inputs that are read at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    /// A text, which is its only record.
    Text,
    /// A feed, whose items are records.
    Feed,
    /// A page, whose encoding is found out when it is parsed.
    Page,
}

/// Records one after the other, in a stream of UTF-8.
pub(super) trait Records {
    /// Returns the stream.
    fn decoded(&mut self) -> &mut Decoded;
    /// Returns the number of the next record.
    fn record(&self) -> u64;
    /// Puts the next run of records into a block; false if there are none.
    fn next(&mut self, block: &mut Block) -> bool;
    /// Returns how the records ended, and those that were too long to be kept.
    fn finish(&mut self) -> (Vec<LineEnds>, Vec<u64>);
}

impl Blocks {
    /// Returns what a restore needs to give the input back: there once the last block was taken, if records are kept.
    pub fn layout(self) -> Option<InputLayout> {
        self.layout
    }

    fn problem(&self, reason: String, skipped: bool) -> Problem {
        Problem { input: self.input.name.clone(), line: 0, reason, skipped, records: 1 }
    }

    fn blank_layout(&self, source: &Source, coding: Coding) -> Option<InputLayout> {
        Some(InputLayout {
            name: self.input.name.clone(),
            format: self.input.format,
            compression: self.input.compression,
            encoding: coding.encoding.name().to_string(),
            bom: coding.bom > 0,
            bytes: source.bytes(),
            checksum: source.checksum()?,
            records: 0,
            line_ends: Vec::new(),
            lost: Vec::new(),
            original: None,
        })
    }

    /// Returns the block of an input that is read at once: a text, a feed or a page.
    fn whole(&mut self, mut source: Source, what: Whole) -> Block {
        let mut bytes = Vec::new();
        source.fill(&mut bytes, self.options.max_record.saturating_add(1));
        let max_depth = self.options.max_depth;
        let mut block = Block { input: self.index, records: 1, max_depth, ..Block::default() };
        block.problems.extend(cut_short(&mut source, &self.input).map(|reason| self.problem(reason, true)));
        let coding = match what {
            Whole::Text => Coding::of_text(&bytes),
            Whole::Feed => Coding::of_feed(&bytes),
            Whole::Page => Coding::bytes(),
        };
        self.layout = self.blank_layout(&source, coding).map(|layout| InputLayout { records: 1, ..layout });
        if bytes.len() > self.options.max_record {
            self.refuse_length(&mut block);
        } else if what == Whole::Page {
            self.keep_original(&bytes);
            block.bytes = bytes;
        } else if what == Whole::Text && is_binary(&bytes, coding) {
            self.keep_original(&bytes);
            let reason = "it holds NUL bytes, so it is no text; leave it out, or convert it to UTF-8 if it is UTF-16";
            block.unreadable.push(Unreadable { record: 0, raw: Some(bytes.into()), reason: reason.into() });
        } else {
            self.whole_text(bytes, coding, what == Whole::Feed, &mut block);
        }
        block
    }

    /// Keeps an input whole, since its records do not make it again.
    fn keep_original(&mut self, bytes: &[u8]) {
        if let Some(layout) = &mut self.layout {
            layout.original = Some(bytes.to_vec());
        }
    }

    /// Reports an input that is too long to be read at once.
    fn refuse_length(&mut self, block: &mut Block) {
        let most = size(self.options.max_record.min(u32::MAX as usize) as u64);
        let reason =
            format!("the text is longer than {most}, the longest that is read; --max-record allows up to 4 GiB");
        block.unreadable.push(Unreadable { record: 0, raw: None, reason });
        if let Some(layout) = &mut self.layout {
            layout.lost.push(0);
        }
    }

    /// Puts a text or a feed into its block.
    fn whole_text(&mut self, mut bytes: Vec<u8>, coding: Coding, is_feed: bool, block: &mut Block) {
        if is_feed {
            self.keep_original(&bytes);
        }
        let (text, lossy) = text_of(&mut bytes, coding);
        if text.len() > u32::MAX as usize {
            return self.refuse_length(block);
        }
        block.problems.extend(coding.warning().map(|reason| self.problem(reason, false)));
        if lossy {
            block.problems.push(self.problem(malformed(coding), false));
        }
        if let Some(layout) = &mut self.layout {
            if is_feed {
                // What is around the items, and so how many records there are, is found out when it is parsed.
                layout.records = 0;
            } else if lossy || !recodes(&text, &bytes, coding) {
                layout.original = Some(bytes);
            }
        }
        block.text = text;
    }

    /// Returns the next run of records; `None` at the end, when the layout is complete.
    fn next_records(&mut self, mut records: Box<dyn Records + Send>) -> Option<Block> {
        let mut block = Block { input: self.index, first_record: records.record(), ..Block::default() };
        if records.record() == 0 {
            let warning = records.decoded().coding().warning();
            block.problems.extend(warning.map(|reason| self.problem(reason, false)));
        }
        if records.next(&mut block) {
            self.state = State::Records(records);
            return Some(block);
        }
        let (line_ends, lost) = records.finish();
        let total = records.record();
        let decoded = records.decoded();
        let trouble = decoded.trouble(&self.input);
        block.problems.extend(trouble.into_iter().map(|(reason, skipped)| self.problem(reason, skipped)));
        self.layout = self.blank_layout(decoded.source(), decoded.coding()).map(|layout| InputLayout {
            records: total,
            line_ends,
            lost,
            original: decoded.original(),
            ..layout
        });
        (!block.problems.is_empty()).then_some(block)
    }

    /// Returns the next rows of a table.
    #[cfg(feature = "parquet")]
    fn next_piece(&mut self, mut pieces: Box<super::parquet::Pieces>) -> Option<Block> {
        let mut block = Block { input: self.index, ..Block::default() };
        if pieces.next(&mut block) {
            self.state = State::Pieces(pieces);
            return Some(block);
        }
        self.layout = self.options.keep_records.then(|| pieces.layout(&self.input));
        None
    }

    /// Returns the next run of records of a crawl; `None` at the end, when the layout is complete.
    fn next_of_crawl(&mut self, mut records: Box<warc::Records>) -> Option<Block> {
        let (input, first_record, max_depth) = (self.index, records.record, self.options.max_depth);
        let mut block = Block { input, first_record, max_depth, ..Block::default() };
        if records.next(&mut block) {
            self.state = State::Crawl(records);
            return Some(block);
        }
        let trouble = cut_short(&mut records.source, &self.input);
        block.problems.extend(trouble.map(|reason| self.problem(reason, true)));
        self.layout = self.blank_layout(&records.source, Coding::bytes()).map(|layout| InputLayout {
            records: records.record,
            lost: mem::take(&mut records.lost),
            ..layout
        });
        (!block.problems.is_empty()).then_some(block)
    }
}

impl Iterator for Blocks {
    type Item = Block;

    fn next(&mut self) -> Option<Block> {
        match mem::replace(&mut self.state, State::Ended) {
            State::Whole(source, what) => Some(self.whole(source, what)),
            State::Records(records) => self.next_records(records),
            State::Crawl(records) => self.next_of_crawl(records),
            #[cfg(feature = "parquet")]
            State::Pieces(pieces) => self.next_piece(pieces),
            State::Ended => None,
        }
    }
}

/// Returns the text after the byte order mark, and whether some bytes were replaced. UTF-8 is taken without a copy, which
/// leaves `bytes` empty.
fn text_of(bytes: &mut Vec<u8>, coding: Coding) -> (String, bool) {
    if coding.encoding == UTF_8 {
        match String::from_utf8(mem::take(bytes)) {
            Ok(mut text) => {
                text.drain(..coding.bom);
                return (text, false);
            }
            Err(e) => *bytes = e.into_bytes(),
        }
    }
    let (text, lossy) = coding.encoding.decode_without_bom_handling(&bytes[coding.bom..]);
    (text.into_owned(), lossy)
}

/// Returns whether encoding the text gives the bytes again.
fn recodes(text: &str, bytes: &[u8], coding: Coding) -> bool {
    let mut again = Vec::new();
    coding.encoding == UTF_8
        || Recoder::new(coding.encoding).push(text, true, &mut again) && again == bytes[coding.bom..]
}
