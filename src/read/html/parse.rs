//! A page in a file of its own -> a document.

use serde_json::json;

use super::page::page;
use crate::read::feed::host;
use crate::read::{Block, Fields, Input, Parsed, Place, Provenance};
use crate::{Document, Problem};

/// Reads the block of a page, which is all of it. What is kept of it is written as a line of JSON: there is no reliable way
/// to cut a text out of a page that it was made from.
pub(super) fn parse(block: &Block, input: &Input, fields: &Fields, keep_records: bool) -> Parsed {
    let mut parsed = Parsed { problems: block.problems.clone(), ..Parsed::default() };
    let mut tell = |reason: String, skipped| {
        parsed.problems.push(Problem { input: input.name.clone(), line: 0, reason, skipped, records: 1 });
    };
    let refused = block.unreadable.first().map(|bad| bad.reason.clone());
    let read = refused.map_or_else(|| page(&block.bytes, None, block.max_depth), Err);
    let page = match read {
        Ok(page) => page,
        Err(reason) => {
            tell(reason, true);
            // The page itself is kept in the layout.
            let lost = !block.unreadable.is_empty();
            parsed.others.extend((keep_records && !lost).then(|| (0, Box::default())));
            return parsed;
        }
    };
    if let Some(odd) = page.odd() {
        tell(odd.into(), false);
    }
    let text = fields.text.iter().next().unwrap_or("text");
    let record = || {
        let said = [("id", Some(&input.name)), ("title", page.title.as_ref()), ("date", page.date.as_ref())];
        let said = said.into_iter().chain([("url", page.url.as_ref()), (text, Some(&page.text))]);
        let keys = said.filter_map(|(key, value)| Some(format!("{}: {}", json!(key), json!(value?))));
        format!("{{{}}}", keys.collect::<Vec<_>>().join(", "))
    };
    let record = keep_records.then(|| record().into_bytes().into());
    parsed.documents.push(Document {
        source: page.url.as_deref().and_then(host).map(Into::into),
        title: page.title.map(Into::into),
        date: page.date.map(Into::into),
        url: page.url.map(Into::into),
        provenance: Provenance { line: 1, record, ..Place { input: block.input, record: 0 }.into() },
        ..Document::new(input.name.as_str(), page.text)
    });
    parsed
}
