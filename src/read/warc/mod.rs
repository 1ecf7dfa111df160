//! WARC and WET: the records of a crawl, and the documents in them.

mod codec;
mod cutter;
mod head;
mod http;

pub(super) use codec::Warc;
pub(super) use cutter::Records;
pub(crate) use head::{split, with_length};

use self::head::Head;
use super::feed::host;
use super::html::{Page, page};
use super::{Block, Form, Input, Parsed, Place, Provenance, Within};
use crate::{Document, Problem, Span};

/// Reads the records of a block.
fn parse(block: &Block, input: &Input, keep_records: bool) -> Parsed {
    let mut parsed = Parsed { problems: block.problems.clone(), ..Parsed::default() };
    let mut unreadable = block.unreadable.iter().peekable();
    let mut start = 0;
    for (&end, record) in block.ends.iter().zip(block.first_record..) {
        let bytes = &block.bytes[start..end];
        start = end;
        let mut tell = |reason: String, skipped| {
            let reason = format!("record {}: {reason}", record + 1);
            parsed.problems.push(Problem { input: input.name.clone(), line: 0, reason, skipped, records: 1 });
        };
        if let Some(bad) = unreadable.next_if(|bad| bad.record == record) {
            tell(bad.reason.clone(), true);
            parsed.others.extend(bad.raw.clone().filter(|_| keep_records).map(|raw| (record, raw)));
            continue;
        }
        match document(bytes, block.max_depth) {
            Ok(Some((document, odd))) => {
                odd.into_iter().for_each(|odd| tell(odd, false));
                let kept = keep_records.then(|| bytes.into());
                let unnamed = document.id.is_empty().then(|| format!("{}#{}", input.name, record + 1).into());
                let id = unnamed.unwrap_or_else(|| document.id.clone());
                let place = Place { input: block.input, record };
                let provenance = Provenance { place, record: kept, ..document.provenance };
                parsed.documents.push(Document { id, provenance, ..document });
                continue;
            }
            Ok(None) => {}
            Err(reason) => tell(reason, true),
        }
        parsed.others.extend(keep_records.then(|| (record, bytes.into())));
    }
    parsed
}

/// Returns the document in a record, and what is odd about it. `None` if the record is of another kind.
fn document(record: &[u8], max_depth: usize) -> Result<Option<(Document, Option<String>)>, String> {
    let head = Head::read(record)?;
    let payload = &record[head.len..head.len + head.content];
    let bracketed = |name: &str| head.field(name).map(|id| id.trim_start_matches('<').trim_end_matches('>'));
    let url: Option<Box<str>> = bracketed("WARC-Target-URI").map(Into::into);
    let date = head.field("WARC-Date").map(crate::date::normal).filter(|date| !date.is_empty());
    let blank = Document {
        id: bracketed("WARC-Record-ID").unwrap_or_default().into(),
        source: url.as_deref().and_then(host).map(Into::into),
        date: date.map(Into::into),
        url,
        ..Document::default()
    };
    let kind = head.field("WARC-Type").unwrap_or_default().to_ascii_lowercase();
    if kind == "conversion" {
        if !head.field("Content-Type").is_none_or(|kind| kind.trim_start().starts_with("text/plain")) {
            return Ok(None);
        }
        let (text, odd) = match std::str::from_utf8(payload) {
            Ok(text) => (text.into(), None),
            Err(_) => {
                (String::from_utf8_lossy(payload), Some("some bytes are not UTF-8: each was read as U+FFFD".into()))
            }
        };
        let span = Span::new(head.len, head.len + head.content);
        // A text that was converted does not occur in the record as it is.
        let within =
            (odd.is_none() && std::str::from_utf8(record).is_ok()).then_some(Within { span, form: Form::Plain });
        let provenance = Provenance { within, ..Provenance::default() };
        return Ok(Some((Document { text: text.into(), provenance, ..blank }, odd)));
    }
    let Some(found) = html(&head, &kind, payload, max_depth) else { return Ok(None) };
    let page = found?;
    let odd = page.odd().map(Into::into);
    let document = Document {
        title: page.title.map(Into::into),
        date: page.date.map(Into::into).or(blank.date.clone()),
        text: page.text.into(),
        ..blank
    };
    Ok(Some((document, odd)))
}

/// Returns the length of the content of a record that holds a compressed page, and what it unpacks to, which is not looked
/// at much beyond `most`.
fn packed_content(record: &[u8], most: u64) -> Option<(u64, u64)> {
    let head = Head::read(record).ok()?;
    if !head.field("WARC-Type").is_some_and(|kind| kind.eq_ignore_ascii_case("response")) {
        return None;
    }
    let answer = http::Answer::read(&record[head.len..head.len + head.content])?;
    Some((head.content as u64, answer.unpacked_length(most)?)).filter(|_| answer.is_page())
}

/// Returns the page in a record, if it holds one: in an answer of a server, or as it is.
fn html(head: &Head, kind: &str, payload: &[u8], max_depth: usize) -> Option<Result<Page, String>> {
    match kind {
        "response" => {
            let answer = http::Answer::read(payload)?;
            answer.is_page().then(|| page(&answer.body()?, http::charset(answer.content_type), max_depth))
        }
        "resource" => {
            let content_type = head.field("Content-Type").unwrap_or_default();
            http::is_html(content_type).then(|| page(payload, http::charset(content_type), max_depth))
        }
        _ => None,
    }
}
