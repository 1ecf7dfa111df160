//! Lines of `matches.jsonl` and `clusters.jsonl`.

use serde::Serialize;

use crate::cluster::{Cluster, ClusterId};
use crate::judge::LikelySource;
use crate::verify::{Kind, Match, SharedPassage, Verified};
use crate::{DocumentId, Documents, Grain, Unit, UnitId};

/// A piece of a document by the document's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Piece<'a> {
    /// The document's id.
    pub document: &'a str,
    /// First byte in its text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl<'a> Piece<'a> {
    /// Returns the piece of a unit.
    pub fn of(unit: &Unit, documents: Documents<'a>) -> Self {
        Piece { document: documents.head(unit.document.index()).id, start: unit.span.start, end: unit.span.end }
    }
}

/// The measures of a pair, as lines contain them.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Measured {
    kind: Kind,
    jaccard: f32,
    containment: f32,
    weighted: f32,
    aligned: f32,
    score: f32,
}

impl From<&Verified> for Measured {
    fn from(verified: &Verified) -> Self {
        let Verified { kind, measures, aligned, score, .. } = *verified;
        let weighted = measures.weighted_containment;
        Measured { kind, jaccard: measures.jaccard, containment: measures.containment, weighted, aligned, score }
    }
}

/// A line of `matches.jsonl`.
#[derive(Debug, Serialize)]
pub struct MatchLine<'a> {
    a: Piece<'a>,
    b: Piece<'a>,
    grain: Grain,
    #[serde(flatten)]
    measured: Measured,
    cluster: Option<ClusterId>,
    /// The text that is likely the source of the other.
    source: Option<LikelySource>,
    /// The passages that both texts share, if they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    passages: Option<&'a [SharedPassage]>,
}

impl<'a> MatchLine<'a> {
    /// Returns the line of a match. `passages` are those that its texts share, as bytes of the documents' texts.
    pub fn new(
        found: &Match,
        documents: Documents<'a>,
        units: &[Unit],
        clusters: &[Cluster],
        source: Option<LikelySource>,
        passages: Option<&'a [SharedPassage]>,
    ) -> Self {
        let (a, b) = (&units[found.a.index()], &units[found.b.index()]);
        MatchLine {
            a: Piece::of(a, documents),
            b: Piece::of(b, documents),
            grain: a.grain,
            measured: (&found.verified).into(),
            cluster: found.cluster.map(|cluster| clusters[cluster as usize].id),
            source,
            passages,
        }
    }
}

/// A member of a cluster.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Member<'a> {
    #[serde(flatten)]
    piece: Piece<'a>,
    /// The news agency that its document credits.
    #[serde(skip_serializing_if = "Option::is_none")]
    agency: Option<&'static str>,
}

/// A line of `clusters.jsonl`, with all members of the cluster, the representative first.
#[derive(Debug, Serialize)]
pub struct ClusterLine<'a> {
    cluster: ClusterId,
    grain: Grain,
    kind: Kind,
    representative: Piece<'a>,
    members: Vec<Member<'a>>,
    least_similarity: f32,
}

impl<'a> ClusterLine<'a> {
    /// Returns the line of a cluster. `agency` returns the news agency that a document credits.
    pub fn new(
        cluster: &'a Cluster,
        documents: Documents<'a>,
        units: &[Unit],
        agency: impl Fn(DocumentId) -> Option<&'static str>,
    ) -> Self {
        let member = |unit: UnitId| {
            let unit = &units[unit.index()];
            Member { piece: Piece::of(unit, documents), agency: agency(unit.document) }
        };
        let representative = member(cluster.representative);
        let mut members: Vec<Member> = cluster.members.iter().map(|&(unit, _)| member(unit)).collect();
        members.sort_unstable();
        let piece = representative.piece;
        members.insert(0, representative);
        ClusterLine {
            cluster: cluster.id,
            grain: cluster.grain,
            kind: cluster.kind,
            representative: piece,
            members,
            least_similarity: cluster.least_similarity,
        }
    }
}
