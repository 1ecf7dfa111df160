//! Pages of one explanation.

use serde::Serialize;

use super::Report;
use super::overview::{Asides, Documents, Overview, Sources, rules};
use super::texts::blocks;
use crate::Document;
use crate::explain::{ExplainedDocument, ExplainedPair, PieceOfText};
use crate::judge::times;

impl Report {
    /// Returns a page of two documents that were held against each other.
    pub fn of_pair(documents: [&Document; 2], explained: &ExplainedPair) -> Report {
        let asides = explained.documents.iter().map(|side| &side.set_aside[..]).collect();
        page(&documents, asides, explained)
    }

    /// Returns a page of one document.
    pub fn of_document(document: &Document, explained: &ExplainedDocument) -> Report {
        page(&[document], vec![&explained.pieces], explained)
    }
}

fn page(documents: &[&Document], pieces: Vec<&[PieceOfText]>, explained: &impl Serialize) -> Report {
    let documents: Vec<Document> = documents.iter().map(|document| (*document).clone()).collect();
    let order: Vec<u32> = (0..documents.len() as u32).collect();
    let packed = blocks(|document| &documents[document as usize], &order, u64::MAX);
    let times = times(&documents);
    let named = |document: &Document| document.source.clone();
    let names: Vec<Box<str>> = documents.iter().filter_map(named).collect();
    let source = |document: &Document| {
        let place = document.source.as_ref().and_then(|source| names.iter().position(|name| name == source));
        place.map_or(-1, |place| place as i32)
    };
    let mut overview = Overview {
        flong: env!("CARGO_PKG_VERSION"),
        rules: rules(),
        documents: Documents {
            id: documents.iter().map(|document| document.id.clone()).collect(),
            title: documents.iter().map(|document| document.title.clone().unwrap_or_default()).collect(),
            source: documents.iter().map(source).collect(),
            agency: vec![-1; documents.len()],
            minute: times.iter().map(|when| when.map_or(0, |when| when.seconds().div_euclid(60))).collect(),
            precision: times.iter().map(|when| when.map_or(0, |when| 1 + when.precision() as u8)).collect(),
            url: packed.url_bytes,
            text: packed.text_bytes,
            blocks: packed.blocks.iter().map(|block| block.first).collect(),
        },
        explained: serde_json::to_value(explained).ok(),
        ..Overview::default()
    };
    let mut asides = Asides::default();
    for (number, pieces) in (0..).zip(pieces) {
        for piece in pieces {
            let Some(rule) = piece.rule else { continue };
            asides.document.push(number);
            asides.start.push(piece.span.start);
            asides.end.push(piece.span.end);
            asides.rule.push(rule.code());
            asides.reason.push(overview.reasons.len() as u32);
            overview.reasons.push(piece.reason.clone().unwrap_or_default());
        }
    }
    overview.asides = asides;
    let count = names.len();
    overview.sources = Sources { name: names, documents: vec![1; count], bytes: vec![0; count] };
    Report { overview, blocks: packed.blocks }
}
