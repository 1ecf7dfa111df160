//! The only module that sees every stage: it owns the threads, the passes and the clock.

mod candidates;
mod compare;
mod corpus;
mod costs;
mod count;
mod counted;
mod counting;
mod disk;
mod estimate;
#[cfg(feature = "index")]
mod learn;
mod load;
mod occurrences;
mod parted;
mod passages;
mod prepare;
mod scan;
mod second;
#[cfg(feature = "index")]
mod seen;
mod stopwatch;
mod store;
mod unread;

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

pub use corpus::{Batch, Corpus};
pub use disk::{Engine, Room, available_memory, memory_for};
pub use estimate::{Cost, Estimate, estimate};
pub use load::{Loaded, load, load_by_parts};
pub use passages::passages;
pub use prepare::{Prepared, prepare};
pub use scan::{Scanned, scan};
#[cfg(feature = "index")]
pub use seen::{Added, Seen, add, commit, itself, query, today};
pub use stopwatch::{Stage, Stopwatch, threads, useful_threads};

use crate::boilerplate::{Aside, Stuffed};
use crate::cluster::{Cluster, ClusterId, Graph, put_back, stars_among};
use crate::verify::{Kind, Match};
use crate::{Document, Documents, Params, Ragged, Result, Unit, UnitId, judge};
use corpus::{Held, Stoppable};
use count::Observing;

/// Results of a run.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The units that were compared.
    pub units: Vec<Unit>,
    /// The boilerplate of each document, in no particular order; stretches may overlap.
    pub asides: Ragged<Aside>,
    /// The phrases that are stuffed into each document.
    pub stuffed: Ragged<Stuffed>,
    /// The news agency that each document credits, if any, a sign of syndication: lists of at most one.
    pub agencies: Ragged<&'static str>,
    /// Matches in a fixed order: by the ids of their documents.
    pub matches: Vec<Match>,
    /// Clusters in a fixed order: by the id of the representative's document.
    pub clusters: Vec<Cluster>,
    /// Counts of what happened on the way.
    pub counts: Counts,
    /// Time and memory by stage.
    pub stages: Vec<Stage>,
}

impl Found {
    /// Returns a unit that was compared.
    pub fn unit(&self, id: UnitId) -> &Unit {
        &self.units[id.index()]
    }
}

/// Counts of a run. Equal input and parameters give equal counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Documents compared.
    pub documents: u64,
    /// Bytes of their texts.
    pub bytes: u64,
    /// Units of all grains.
    pub units: u64,
    /// Candidate pairs that were proposed.
    pub candidates: u64,
    /// Lists of one fingerprint, and buckets of one band, that were too long to compare each unit with each.
    pub large_buckets: u64,
}

/// Finds what repeats.
///
/// ```
/// use flong::{Document, DocumentId, Params, find};
/// let text = "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board; nobody was hurt.";
/// let documents = [
///     Document::new("a", text),
///     Document::new("b", text),
///     Document::new("c", "Maize prices rose for the third week in a row, the growers' union said on Monday."),
/// ];
/// let found = find(&documents, &Params::default());
/// assert!(found.clusters.iter().all(|cluster| cluster.members.len() == 1));
/// let pair = &found.matches[0];
/// let [first, second] = [pair.a, pair.b].map(|unit| found.unit(unit).document);
/// assert_eq!((first, second), (DocumentId(0), DocumentId(1)));
/// ```
pub fn find(documents: &[Document], params: &Params) -> Found {
    let mut watch = Stopwatch::default();
    let found = find_timed(documents, params, &mut watch);
    Found { stages: watch.finish(), ..found }
}

/// [`find`] with a stopwatch that has run before and runs on, so that the stages are told by it alone.
pub fn find_timed(documents: &[Document], params: &Params, watch: &mut Stopwatch) -> Found {
    let corpus = Held(documents);
    watch.stage("count");
    let ranks = || judge::ranks(documents, params);
    let observed = Observing::all(&corpus, params, &Engine::Memory);
    let profiled = observed.and_then(|observing| profiled(&corpus, observing, ranks, params, &Engine::Memory, watch));
    let nothing_fails = "nothing is read and nothing is written";
    let (prepared, ranks) = profiled.expect(nothing_fails);
    let bytes = documents.iter().map(|document| document.text.len() as u64).sum();
    conclude(prepared, &ranks, documents.into(), bytes, params, &Engine::Memory, watch).expect(nothing_fails)
}

/// [`find`] in a corpus whose texts are not all held as documents: those of a table in memory, for example. `documents` are
/// all of it, in order, whose texts may be empty; `lengths` are the lengths of the texts in bytes.
///
/// # Errors
/// Errors that the corpus returns from a pass.
pub fn find_in(
    corpus: &dyn Corpus,
    documents: Documents,
    lengths: &[u32],
    params: &Params,
    engine: &Engine,
    watch: &mut Stopwatch,
) -> Result<Found> {
    watch.stage("count");
    let corpus = &Stoppable { corpus, stop: watch.stop() };
    let observing = Observing::all(corpus, params, engine)?;
    let ranks = || judge::ranks_by(documents, |i| lengths[i] as usize, params);
    let (prepared, ranks) = profiled(corpus, observing, ranks, params, engine, watch)?;
    let bytes = lengths.iter().map(|&length| u64::from(length)).sum();
    conclude(prepared, &ranks, documents, bytes, params, engine, watch)
}

/// Runs the passes over a corpus after the first one, and ranks its documents at the same time.
fn profiled(
    corpus: &dyn Corpus,
    observing: Observing,
    rank: impl FnOnce() -> Vec<u32> + Send,
    params: &Params,
    engine: &Engine,
    watch: &mut Stopwatch,
) -> Result<(Prepared, Vec<u32>)> {
    watch.stage("count");
    let mut ranks = Vec::new();
    let prepared = rayon::in_place_scope(|scope| {
        scope.spawn(|_| ranks = rank());
        prepare::profile(corpus, observing, params, engine, watch)
    })?;
    Ok((prepared, ranks))
}

/// Compares and clusters what was prepared. Of the documents no texts are needed; `bytes` is the length of all of them.
fn conclude(
    prepared: Prepared,
    ranks: &[u32],
    documents: Documents,
    bytes: u64,
    params: &Params,
    engine: &Engine,
    watch: &mut Stopwatch,
) -> Result<Found> {
    let mut found = compare::matches(prepared, ranks, params, engine, watch)?;
    watch.stage("cluster");
    found.counts.bytes = bytes;
    let Found { units, matches, .. } = &mut found;
    let order = unit_order(units, ranks, matches);
    for found in matches.iter_mut() {
        if order[found.b.index()] < order[found.a.index()] {
            (found.a, found.b) = (found.b, found.a);
        }
    }
    sort_by_document(matches, documents, units);
    found.clusters = clusters(documents, units, matches, order);
    Ok(found)
}

/// The rank of each unit: by how far matches [put it back](put_back), then by the document's rank, then by the place in the
/// document.
fn unit_order(units: &[Unit], ranks: &[u32], matches: &[Match]) -> Vec<u32> {
    let mut inside = vec![0u32; units.len()];
    for found in matches {
        let pair = [found.a.index(), found.b.index()];
        if let Some((side, far)) = put_back(&found.verified, pair.map(|unit| units[unit].word_count())) {
            inside[pair[side]] = inside[pair[side]].max(far);
        }
    }
    let mut order: Vec<u32> = (0..units.len() as u32).collect();
    order.par_sort_unstable_by_key(|&i| {
        let unit = &units[i as usize];
        (inside[i as usize], ranks[unit.document.index()], unit.span)
    });
    // Takes over the memory of `inside`, which is not needed any more.
    let mut rank = inside;
    order.iter().enumerate().for_each(|(place, &unit)| rank[unit as usize] = place as u32);
    rank
}

/// Puts matches into an order that does not depend on the order of the input.
fn sort_by_document(matches: &mut [Match], documents: Documents, units: &[Unit]) {
    let places = places_by_id(documents);
    let key = |unit: UnitId| {
        let unit = &units[unit.index()];
        (places[unit.document.index()], unit.span, unit.document)
    };
    // In place: of a million documents a second copy would be the largest thing in memory.
    matches.par_sort_unstable_by_key(|found| (units[found.a.index()].grain, key(found.a), key(found.b)));
}

/// The place of each document in the order of ids. Documents with one id have one place.
fn places_by_id(documents: Documents) -> Vec<u32> {
    let id = |document: u32| documents.head(document as usize).id;
    let mut order: Vec<u32> = (0..documents.len() as u32).collect();
    order.par_sort_unstable_by(|&x, &y| id(x).cmp(id(y)));
    let mut places = vec![0; order.len()];
    let mut place = 0;
    for (n, &document) in order.iter().enumerate() {
        place += u32::from(n > 0 && id(order[n - 1]) != id(document));
        places[document as usize] = place;
    }
    places
}

/// Covers each [graph](Graph) with stars. A cluster holds all copies and rewordings that its representative leads.
fn clusters(documents: Documents, units: &[Unit], matches: &mut [Match], order: Vec<u32>) -> Vec<Cluster> {
    let mut gathered: BTreeMap<(bool, UnitId), Vec<(UnitId, u32)>> = BTreeMap::new();
    let mut stands = vec![true; units.len()];
    for graph in Graph::ALL {
        let edges = (0..matches.len() as u32).filter(|&tie| Graph::of(matches[tie as usize].verified.kind) == graph);
        let ends = |tie: u32| [matches[tie as usize].a.0, matches[tie as usize].b.0];
        for star in stars_among(edges, ends, &order, |unit| stands[unit as usize]) {
            if graph == Graph::Copies {
                star.members.iter().for_each(|&(member, _)| stands[member as usize] = false);
            }
            let members = star.members.into_iter().map(|(member, tie)| (UnitId(member), tie));
            let all = gathered.entry((graph == Graph::Templates, UnitId(star.representative))).or_default();
            // The first list of a cluster, mostly its only one, stays where it is in memory.
            if all.is_empty() { *all = members.collect() } else { all.extend(members) }
        }
    }
    drop((order, stands));
    let mut found: Vec<Cluster> = Vec::with_capacity(gathered.len());
    for ((_, representative), members) in gathered {
        let ties = || members.iter().map(|&(_, tie)| &matches[tie as usize].verified);
        found.push(Cluster {
            id: ClusterId::default(),
            grain: units[representative.index()].grain,
            kind: ties().map(|v| v.kind).max().expect("what is gathered is not empty"),
            representative,
            least_similarity: ties().map(|v| v.score).fold(1.0, f32::min),
            members,
        });
    }
    let key = |cluster: &Cluster| {
        let unit = &units[cluster.representative.index()];
        (cluster.grain, documents.head(unit.document.index()).id, unit.span, cluster.kind, unit.document)
    };
    found.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
    for (n, cluster) in found.iter_mut().enumerate() {
        let unit = &units[cluster.representative.index()];
        let document = documents.head(unit.document.index()).id;
        cluster.id = ClusterId::new(document, unit.span, cluster.grain, cluster.kind == Kind::Template);
        for &(_, tie) in &cluster.members {
            matches[tie as usize].cluster = Some(n as u32);
        }
    }
    found
}
