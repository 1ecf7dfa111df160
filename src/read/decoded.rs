//! The bytes of JSON Lines as UTF-8, whatever encoding they are in.

use std::mem;

use encoding_rs::{CoderResult, Decoder, UTF_8};

use super::coding::{Coding, Recoder};
use super::source::{Failure, Source};
use super::{Compression, Input};

/// Bytes of an input that are looked at to find its encoding: fixed, so that the block size changes nothing.
const HEAD_BYTES: usize = 1 << 20;

/// Bytes that are converted at a time.
const PIECE_BYTES: usize = 64 << 10;

/// An input's bytes after its byte order mark, converted to UTF-8 if they are in another encoding.
pub(super) struct Decoded {
    source: Source,
    head: Vec<u8>,
    at: usize,
    coding: Coding,
    convert: Option<Convert>,
}

impl Decoded {
    /// Looks at the head of a source to choose the encoding. With `checked`, what is needed to know whether the conversion
    /// can be undone is kept.
    pub fn new(mut source: Source, checked: bool) -> Self {
        let mut head = Vec::new();
        source.fill(&mut head, HEAD_BYTES);
        let coding = Coding::of_lines(&head);
        let convert = (coding.encoding != UTF_8).then(|| Convert::new(coding, &head[..coding.bom], checked));
        Decoded { source, head, at: coding.bom, coding, convert }
    }

    /// Appends to `buffer` until it holds `upto` bytes or the input ends; true if it ended.
    pub fn fill(&mut self, buffer: &mut Vec<u8>, upto: usize) -> bool {
        if self.convert.is_none() {
            return self.fill_raw(buffer, upto);
        }
        while buffer.len() < upto {
            let Some(convert) = &mut self.convert else { break };
            if convert.give(buffer, upto) {
                continue;
            }
            if convert.ended {
                return true;
            }
            let mut piece = Vec::with_capacity(PIECE_BYTES);
            let ended = self.fill_raw(&mut piece, PIECE_BYTES);
            if let Some(convert) = &mut self.convert {
                convert.take(&piece, ended);
            }
        }
        false
    }

    /// Appends bytes unchanged.
    fn fill_raw(&mut self, buffer: &mut Vec<u8>, upto: usize) -> bool {
        let n = (self.head.len() - self.at).min(upto.saturating_sub(buffer.len()));
        buffer.extend_from_slice(&self.head[self.at..self.at + n]);
        self.at += n;
        if self.at == self.head.len() && n > 0 {
            (self.head, self.at) = (Vec::new(), 0);
        }
        self.source.fill(buffer, upto);
        self.source.ended() && self.at == self.head.len()
    }

    /// Returns the encoding.
    pub fn coding(&self) -> Coding {
        self.coding
    }

    /// Returns the source, for what it counted.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Returns what went wrong, once the input has ended; only once.
    pub fn trouble(&mut self, input: &Input) -> Vec<(String, bool)> {
        let mut told = Vec::new();
        if self.convert.as_mut().is_some_and(|convert| mem::take(&mut convert.malformed)) {
            told.push((malformed(self.coding), false));
        }
        told.extend(cut_short(&mut self.source, input).map(|reason| (reason, true)));
        told
    }

    /// Returns the original bytes, if they cannot be made again from the text.
    pub fn original(&mut self) -> Option<Vec<u8>> {
        self.convert.as_mut()?.check.take().filter(|check| !check.exact()).map(|check| check.original)
    }
}

/// Returns the message about bytes that mean nothing in their encoding.
pub(super) fn malformed(coding: Coding) -> String {
    format!("some bytes are not {}: each was read as U+FFFD", coding.encoding.name())
}

/// Returns the problem of a source that could not be read to its end.
pub(super) fn cut_short(source: &mut Source, input: &Input) -> Option<String> {
    let bytes = source.bytes();
    let failure = match source.failure()? {
        Failure::Io(error) => error,
        Failure::Unpacks => {
            return Some(format!(
                "unpacks to so much more than its size that it was read up to byte {bytes} only; if that is what it \
                 should do, --max-unpacked allows more"
            ));
        }
    };
    let after = format!("after {bytes} bytes: {failure}; what came before was read");
    Some(match input.compression {
        Compression::None => format!("could not be read to its end, {after}"),
        packed => format!("the {} stream is damaged or cut short {after}", packed.name()),
    })
}

/// A conversion to UTF-8 under way.
struct Convert {
    decoder: Decoder,
    text: String,
    at: usize,
    malformed: bool,
    ended: bool,
    check: Option<Check>,
}

impl Convert {
    fn new(coding: Coding, bom: &[u8], checked: bool) -> Self {
        Convert {
            decoder: coding.encoding.new_decoder_without_bom_handling(),
            text: String::new(),
            at: 0,
            malformed: false,
            ended: false,
            check: checked.then(|| Check::new(coding, bom)),
        }
    }

    /// Converts a piece.
    fn take(&mut self, mut piece: &[u8], last: bool) {
        if let Some(check) = &mut self.check {
            check.original.extend_from_slice(piece);
        }
        self.text.clear();
        self.at = 0;
        loop {
            self.text.reserve(self.decoder.max_utf8_buffer_length(piece.len()).unwrap_or(piece.len()).max(16));
            let (result, read, malformed) = self.decoder.decode_to_string(piece, &mut self.text, last);
            self.malformed |= malformed;
            piece = &piece[read..];
            if matches!(result, CoderResult::InputEmpty) {
                break;
            }
        }
        self.ended = last;
        if let Some(check) = &mut self.check {
            check.add(&self.text, last);
        }
    }

    /// Moves converted text to `buffer`; false if there is none.
    fn give(&mut self, buffer: &mut Vec<u8>, upto: usize) -> bool {
        let rest = &self.text.as_bytes()[self.at..];
        let n = rest.len().min(upto - buffer.len());
        buffer.extend_from_slice(&rest[..n]);
        self.at += n;
        n > 0
    }
}

/// Whether text that was converted can be turned back to the very bytes it came from.
struct Check {
    original: Vec<u8>,
    recoder: Recoder,
    same: usize,
    differs: bool,
}

impl Check {
    fn new(coding: Coding, bom: &[u8]) -> Self {
        Check { original: bom.to_vec(), recoder: Recoder::new(coding.encoding), same: bom.len(), differs: false }
    }

    fn add(&mut self, text: &str, last: bool) {
        let mut again = Vec::new();
        self.differs = self.differs
            || !self.recoder.push(text, last, &mut again)
            || !self.original[self.same..].starts_with(&again);
        self.same += if self.differs { 0 } else { again.len() };
    }

    fn exact(&self) -> bool {
        !self.differs && self.same == self.original.len()
    }
}
