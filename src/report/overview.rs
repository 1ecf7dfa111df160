//! The data of a page, in columns: lists of one kind of value pack into a fraction of what objects take.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::judge::{Clue, Rule};
use crate::verify::{Kind, Way};

/// The data that the page has from the start. Texts follow in blocks, which it unpacks when it needs them.
#[derive(Debug, Default, Serialize)]
pub(super) struct Overview {
    pub flong: &'static str,
    /// Whether `clean` wrote the folder: else pieces are set aside, and none is removed.
    pub cleaned: bool,
    pub summary: Value,
    /// The titles of the rules by their codes.
    pub rules: BTreeMap<&'static str, &'static str>,
    /// The texts of the documents that did not fit.
    pub left_out: u64,
    pub sources: Sources,
    pub agencies: Vec<String>,
    pub days: Days,
    pub documents: Documents,
    pub asides: Asides,
    pub reasons: Vec<String>,
    pub clusters: Clusters,
    pub members: Members,
    pub similarity: Vec<Similarity>,
    pub removed: Vec<Removed>,
    pub groups: Vec<Group>,
    /// The number of groups of boilerplate that are not listed.
    pub more_groups: u64,
    pub links: Vec<Link>,
    pub more_links: u64,
    pub misses: Vec<Miss>,
    pub more_misses: u64,
    /// The explanation of one document, or of the first two; the page then shows nothing else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explained: Option<Value>,
}

/// All sources, the largest first.
#[derive(Debug, Default, Serialize)]
pub(super) struct Sources {
    pub name: Vec<Box<str>>,
    pub documents: Vec<u32>,
    pub bytes: Vec<u64>,
}

/// Documents by day.
#[derive(Debug, Default, Serialize)]
pub(super) struct Days {
    pub day: Vec<i32>,
    pub documents: Vec<u32>,
}

/// The documents that the page shows, in the order of their texts.
#[derive(Debug, Default, Serialize)]
pub(super) struct Documents {
    pub id: Vec<Box<str>>,
    pub title: Vec<Box<str>>,
    /// Indices into the sources and the agencies; -1 for none.
    pub source: Vec<i32>,
    pub agency: Vec<i32>,
    /// Minutes since 1970, and how much of the time is known: 1 to 4 for year, month, day and time, 0 for nothing.
    pub minute: Vec<i64>,
    pub precision: Vec<u8>,
    /// Bytes of the address and the text; no text is there if that is -1.
    pub url: Vec<u32>,
    pub text: Vec<i64>,
    /// The first document of each block of texts.
    pub blocks: Vec<u32>,
}

/// Boilerplate in the documents that the page shows.
#[derive(Debug, Default, Serialize)]
pub(super) struct Asides {
    pub document: Vec<u32>,
    pub start: Vec<u32>,
    pub end: Vec<u32>,
    pub rule: Vec<&'static str>,
    pub reason: Vec<u32>,
}

/// The clusters, the largest first. The members of one follow those of the one before.
#[derive(Debug, Default, Serialize)]
pub(super) struct Clusters {
    pub id: Vec<String>,
    pub grain: Vec<&'static str>,
    pub kind: Vec<Kind>,
    pub size: Vec<u32>,
    pub least: Vec<u16>,
    /// Whether the cluster is of pieces of documents that are in one cluster themselves, and so no news.
    pub implied: Vec<u8>,
}

/// The members of the clusters, the representative of each first. Shares are in thousandths.
#[derive(Debug, Default, Serialize)]
pub(super) struct Members {
    pub document: Vec<u32>,
    pub start: Vec<u32>,
    pub end: Vec<u32>,
    /// The match of the member with the representative; none for the representative itself.
    pub kind: Vec<Option<Kind>>,
    pub score: Vec<u16>,
    pub weighted: Vec<u16>,
    pub containment: Vec<u16>,
    pub jaccard: Vec<u16>,
    pub aligned: Vec<u16>,
    /// Which of the two is likely the source of the other, and by what evidence.
    pub origin: Vec<Origin>,
    pub clue: Vec<Option<Clue>>,
    /// The passages that the member shares with the representative, four numbers each: first and last byte in the member, and
    /// in the representative. Empty if the run wrote no passages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub passages: Vec<Vec<u32>>,
}

/// The likely direction of copying between a member and the representative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Origin {
    Unknown,
    Member,
    Representative,
}

/// The similarity of the pairs of a grain and kind: counts of scores in fiftieths.
#[derive(Debug, Serialize)]
pub(super) struct Similarity {
    pub grain: &'static str,
    pub kind: Kind,
    pub counts: Vec<u64>,
}

/// The share of the texts of a source that fell under a rule.
#[derive(Debug, Serialize)]
pub(super) struct Removed {
    pub rule: &'static str,
    pub source: i32,
    pub removed: bool,
    pub pieces: u64,
    pub bytes: u64,
}

/// Pieces of boilerplate of one source that say the same.
#[derive(Debug, Serialize)]
pub(super) struct Group {
    pub rule: &'static str,
    pub source: i32,
    pub text: String,
    pub removed: u64,
    pub marked: u64,
    pub reason: u32,
    /// Some of the pieces: the document, and the first and last byte.
    pub examples: Vec<(u32, u32, u32)>,
}

/// An inserted link.
#[derive(Debug, Serialize)]
pub(super) struct Link {
    pub document: u32,
    pub start: u32,
    pub end: u32,
    pub removed: bool,
    pub score: u16,
    pub reason: u32,
}

/// A pair that just misses a threshold.
#[derive(Debug, Serialize)]
pub(super) struct Miss {
    pub a: (u32, u32, u32),
    pub b: (u32, u32, u32),
    /// The kind of the pair, and the kind that it would be with less strict thresholds.
    pub kind: Option<Kind>,
    pub would_be: Kind,
    pub way: Way,
    /// The thresholds that it misses, the measured values, and the limits.
    pub missed: Vec<(&'static str, f32, f32)>,
}

/// Returns the titles of all rules by their codes.
pub(super) fn rules() -> BTreeMap<&'static str, &'static str> {
    Rule::ALL.iter().map(|rule| (rule.code(), rule.title())).collect()
}

/// Returns a share in thousandths.
pub(super) fn thousandths(share: f32) -> u16 {
    (share.clamp(0.0, 1.0) * 1000.0).round() as u16
}
