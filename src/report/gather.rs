//! Gathers what a page shows: from the folder of a run and from its inputs.

use std::collections::BTreeMap;

use super::boilerplate::{Alike, Gathering, Piece, Reasons};
use super::folder::{ClusterLine, Folder};
use super::matches::{Matches, Measured, key};
use super::near::{NearMiss, RELAXED, near_misses};
use super::overview::{
    self, Asides, Clusters, Days, Group, Link, Members, Miss, Origin, Overview, Removed, Sources, rules, thousandths,
};
use super::shown::{Ids, Shown};
use super::texts::{Block, blocks};
use crate::date::When;
use crate::hash::{bytes, pair};
use crate::judge::{self, Rule, times};
use crate::pipeline::{Found, Room, Scanned, Stopwatch, scan};
use crate::read::{Input, ReadOptions};
use crate::run::Progress;
use crate::verify::Kind;
use crate::{Document, Documents, Error, Grain, Head, Heads, Params, Result, Unit};

/// Bytes of text that a page holds at most, before packing. The texts of the largest clusters come first.
const MOST_TEXT_BYTES: u64 = 64 << 20;

/// Groups of boilerplate, inserted links, and near misses of each threshold, that a page lists at most.
const MOST_GROUPS: usize = 2000;
const MOST_LINKS: usize = 1000;
const MOST_MISSES: usize = 150;

/// The contents of a page about a run.
#[derive(Debug)]
pub struct Report {
    pub(super) overview: Overview,
    pub(super) blocks: Vec<Block>,
}

/// Sources by their names, the largest first, and the source of each document.
struct BySource {
    sources: Sources,
    of: Vec<i32>,
}

impl BySource {
    fn new(heads: &Heads, lengths: &[u32]) -> Self {
        let mut sizes: BTreeMap<&str, (u32, u64)> = BTreeMap::new();
        let documents = Documents::from(heads);
        for (head, &length) in documents.iter().zip(lengths) {
            if let Some(source) = head.source {
                let size = sizes.entry(source).or_default();
                *size = (size.0 + 1, size.1 + u64::from(length));
            }
        }
        let mut sorted: Vec<(&str, (u32, u64))> = sizes.into_iter().collect();
        sorted.sort_by_key(|&(name, (documents, _))| (std::cmp::Reverse(documents), name));
        let number: BTreeMap<&str, i32> = sorted.iter().map(|(name, _)| *name).zip(0..).collect();
        let source = |head: Head| head.source.map_or(-1, |source| number[source]);
        BySource {
            of: documents.iter().map(source).collect(),
            sources: Sources {
                name: sorted.iter().map(|(name, _)| (*name).into()).collect(),
                documents: sorted.iter().map(|(_, size)| size.0).collect(),
                bytes: sorted.iter().map(|(_, size)| size.1).collect(),
            },
        }
    }
}

impl Report {
    /// Gathers what a page shows of the run that wrote `folder`, whose inputs are read again.
    ///
    /// The inputs must hold what they held in the run: see [`Folder::originals`].
    ///
    /// # Errors
    /// If the folder or an input cannot be read, or the inputs are not those of the run.
    pub fn gather(
        folder: &Folder,
        inputs: Vec<Input>,
        options: &ReadOptions,
        progress: &dyn Progress,
    ) -> Result<Report> {
        let mut watch = Stopwatch::observed(|stage| progress.stage(stage));
        let each = |documents| progress.read(documents);
        watch.stage("read");
        let mut params = Params { thresholds: folder.params().thresholds.relaxed(RELAXED), ..folder.params().clone() };
        // The summary says how much text there is.
        let engine = Room::default().engine(Some(folder.size().1));
        let mut scanned = scan(inputs, folder.fields(), options, &params, engine, &each)?;
        check_size(folder, &scanned)?;
        params.rank_inputs(scanned.loaded.inputs.iter().map(|input| input.name.as_str()));
        let found = scanned.find(&params, &mut watch)?;
        watch.stage("gather");
        let (clusters, matches) = (sorted_clusters(folder)?, Matches::read(folder)?);
        let by_source = BySource::new(&scanned.heads, scanned.lengths());
        let mut reasons = Reasons::default();
        let ids = Ids::new(&scanned.heads, scanned.lengths());
        let set_aside = set_aside(&found, &mut reasons);
        let (pieces, mut gathering) = match folder.is_cleaned() {
            true => removed(folder, &ids, &by_source, &mut reasons)?,
            false => (set_aside.clone(), Gathering::default()),
        };
        let mut shown = Shown::new(scanned.heads.len());
        let members = resolve(&clusters, &ids, &mut shown);
        gather_pieces(&scanned, &pieces, folder.is_cleaned(), &by_source, &mut gathering)?;
        let is = |a: &Unit, b: &Unit| {
            let key = |unit: &Unit| {
                let id = scanned.heads.head(unit.document.index()).id;
                key(id, unit.span.start, unit.span.end)
            };
            let (a, b) = (key(a), key(b));
            matches.kinds.get(&pair(a.min(b), a.max(b))).copied()
        };
        let all_misses = near_misses(&found, &scanned.heads, &folder.params().thresholds, is);
        let (misses, more_misses) = nearest(all_misses);
        let misses: Vec<Miss> = misses.into_iter().map(|miss| shown_miss(miss, is, &mut shown)).collect();
        let (groups, more_groups) = first(gathering.groups(), MOST_GROUPS);
        let groups: Vec<Group> = groups.into_iter().map(|group| shown_group(group, &mut shown)).collect();
        let (links, more_links) = links(&pieces, &mut shown);
        let removed = gathering.removed.iter().map(|(&(rule, source, removed), &(pieces, bytes))| Removed {
            rule: rule.code(),
            source,
            removed,
            pieces,
            bytes,
        });
        let (clusters, members) = columns(&clusters, &members, &matches, &shown);
        let mut overview = Overview {
            flong: env!("CARGO_PKG_VERSION"),
            cleaned: folder.is_cleaned(),
            summary: folder.summary().clone(),
            rules: rules(),
            days: days(&scanned.heads),
            clusters,
            members,
            similarity: matches.similarity(),
            removed: removed.collect(),
            groups,
            more_groups,
            links,
            more_links,
            misses,
            more_misses,
            ..Overview::default()
        };
        watch.stage("texts");
        let mut wanted: Vec<usize> = shown.order.iter().map(|&document| document as usize).collect();
        wanted.sort_unstable();
        let documents = scanned.read_documents(&wanted)?;
        let blocks = blocks(|document| &documents[&(document as usize)], &shown.order, MOST_TEXT_BYTES);
        overview.left_out = blocks.left_out;
        overview.asides = asides(&set_aside, &shown.order);
        (overview.documents, overview.agencies) =
            document_columns(&documents, times(&scanned.heads), &found, &by_source, &shown.order);
        overview.documents.text = blocks.text_bytes;
        overview.documents.url = blocks.url_bytes;
        overview.documents.blocks = blocks.blocks.iter().map(|block| block.first).collect();
        overview.sources = by_source.sources;
        overview.reasons = reasons.texts;
        Ok(Report { overview, blocks: blocks.blocks })
    }
}

/// Refuses inputs that are not those of the run.
fn check_size(folder: &Folder, scanned: &Scanned) -> Result<()> {
    let (documents, bytes) = folder.size();
    let now = (scanned.heads.len() as u64, scanned.loaded.bytes);
    if now == (documents, bytes) {
        return Ok(());
    }
    let shown = folder.path().display();
    Err(Error::Usage(format!(
        "the inputs are not what they were when {shown} was written: {documents} documents with {bytes} bytes of text then, {} \
         with {} now; name the originals with --input, or run flong again",
        now.0, now.1
    )))
}

/// Reads the clusters, those of documents first, then the largest first.
fn sorted_clusters(folder: &Folder) -> Result<Vec<ClusterLine>> {
    let mut clusters = folder.clusters()?;
    clusters.retain(|cluster| !cluster.members.is_empty());
    clusters.sort_by(|x, y| {
        let key = |cluster: &ClusterLine| (cluster.grain, std::cmp::Reverse(cluster.members.len()));
        key(x).cmp(&key(y)).then_with(|| x.cluster.cmp(&y.cluster))
    });
    Ok(clusters)
}

/// Returns the first items of a list, and how many more there are.
fn first<T>(mut items: Vec<T>, most: usize) -> (Vec<T>, u64) {
    let more = items.len().saturating_sub(most) as u64;
    items.truncate(most);
    (items, more)
}

/// Returns the nearest misses of each threshold, and how many more there are.
fn nearest(misses: Vec<NearMiss>) -> (Vec<NearMiss>, u64) {
    let all = misses.len();
    let mut listed: BTreeMap<&str, usize> = BTreeMap::new();
    let mut is_near = |miss: &NearMiss| {
        let of_threshold = listed.entry(miss.missed[0].threshold).or_default();
        *of_threshold += 1;
        *of_threshold <= MOST_MISSES
    };
    let nearest: Vec<NearMiss> = misses.into_iter().filter(|miss| is_near(miss)).collect();
    let more = (all - nearest.len()) as u64;
    (nearest, more)
}

/// Returns what was set aside in each document before it was compared.
fn set_aside(found: &Found, reasons: &mut Reasons) -> Vec<Vec<Piece>> {
    let mut pieces = vec![Vec::new(); found.asides.len()];
    for finding in judge::boilerplate(&found.asides) {
        pieces[finding.document].push(Piece::of(&finding, reasons));
    }
    pieces
}

/// Reads the ledger: the pieces of boilerplate of each document, and the counts of all rules.
fn removed(
    folder: &Folder,
    ids: &Ids,
    by_source: &BySource,
    reasons: &mut Reasons,
) -> Result<(Vec<Vec<Piece>>, Gathering)> {
    let (mut pieces, mut gathering) = (vec![Vec::new(); by_source.of.len()], Gathering::default());
    folder.each_removal(|line| {
        let Some(document) = ids.find(&line.document, line.start, line.end, &[]) else { return };
        let reason = if is_boilerplate(line.rule) { reasons.number(&line.reason) } else { 0 };
        let (rule, action, score) = (line.rule, line.action, line.score);
        let piece = Piece { start: line.start, end: line.end, rule, action, score, reason };
        gathering.count(&piece, by_source.of[document as usize]);
        if is_boilerplate(line.rule) {
            pieces[document as usize].push(piece);
        }
    })?;
    Ok((pieces, gathering))
}

fn is_boilerplate(rule: Rule) -> bool {
    use Rule::{CallToAction, Credit, FeedFrame, InsertedLink, RepeatedLine};
    matches!(rule, InsertedLink | CallToAction | RepeatedLine | FeedFrame | Credit)
}

/// Reads the inputs again and gathers the pieces that say the same.
fn gather_pieces(
    scanned: &Scanned,
    pieces: &[Vec<Piece>],
    counted: bool,
    by_source: &BySource,
    gathering: &mut Gathering,
) -> Result<()> {
    scanned.records(scanned.loaded.inputs.len(), |first, _, parsed| {
        for (document, number) in parsed.documents.iter().zip(first..) {
            let source = by_source.of[number];
            for piece in &pieces[number] {
                if !counted {
                    gathering.count(piece, source);
                }
                gathering.add(piece, document, number as u32, source);
            }
        }
        Ok(())
    })
}

/// Finds the documents of the members of each cluster. Members that are in no input are left out.
fn resolve(clusters: &[ClusterLine], ids: &Ids, shown: &mut Shown) -> Vec<Vec<(usize, u32)>> {
    let resolve = |cluster: &ClusterLine| {
        let mut documents: Vec<u32> = Vec::with_capacity(cluster.members.len());
        let mut members = Vec::with_capacity(cluster.members.len());
        for (n, member) in cluster.members.iter().enumerate() {
            let taken: &[u32] = if cluster.grain == Grain::Document { &documents } else { &[] };
            if let Some(document) = ids.find(&member.document, member.start, member.end, taken) {
                documents.push(document);
                members.push((n, document));
            }
        }
        members
    };
    let resolved: Vec<Vec<(usize, u32)>> = clusters.iter().map(resolve).collect();
    resolved.iter().flatten().for_each(|&(_, document)| {
        shown.number(document);
    });
    resolved
}

/// Lists the inserted links: as many that were removed as only marked, where there are that many.
fn links(pieces: &[Vec<Piece>], shown: &mut Shown) -> (Vec<Link>, u64) {
    let all =
        pieces.iter().zip(0u32..).flat_map(|(pieces, document)| pieces.iter().map(move |piece| (document, piece)));
    let links = all.filter(|(_, piece)| piece.rule == Rule::InsertedLink);
    let (removed, marked): (Vec<_>, Vec<_>) = links.partition(|(_, piece)| piece.action == judge::Action::Removed);
    let ((mut listed, more), (marked, more_marked)) = (first(removed, MOST_LINKS), first(marked, MOST_LINKS));
    listed.extend(marked);
    listed.sort_by_key(|(document, piece)| (*document, piece.start));
    let link = |(document, piece): (u32, &Piece)| Link {
        document: shown.number(document),
        start: piece.start,
        end: piece.end,
        removed: piece.action == judge::Action::Removed,
        score: thousandths(piece.score),
        reason: piece.reason,
    };
    (listed.into_iter().map(link).collect(), more + more_marked)
}

fn shown_miss(miss: NearMiss, is: impl Fn(&Unit, &Unit) -> Option<Kind>, shown: &mut Shown) -> Miss {
    let mut piece = |unit: &Unit| (shown.number(unit.document.0), unit.span.start, unit.span.end);
    Miss {
        a: piece(&miss.a),
        b: piece(&miss.b),
        kind: is(&miss.a, &miss.b),
        would_be: miss.would_be,
        way: miss.way,
        missed: miss.missed.iter().map(|missed| (missed.threshold, missed.measured, missed.limit)).collect(),
    }
}

fn shown_group(group: Alike, shown: &mut Shown) -> Group {
    let Alike { rule, source, text, removed, marked, reason, examples } = group;
    let examples = examples.into_iter().map(|(document, start, end)| (shown.number(document), start, end)).collect();
    Group { rule: rule.code(), source, text, removed, marked, reason, examples }
}

/// Counts the documents of each day.
fn days(heads: &Heads) -> Days {
    let mut counts: BTreeMap<i32, u32> = BTreeMap::new();
    for when in times(heads).into_iter().flatten() {
        *counts.entry(when.day()).or_default() += 1;
    }
    Days { day: counts.keys().copied().collect(), documents: counts.values().copied().collect() }
}

/// Puts clusters and members into columns.
fn columns(
    lines: &[ClusterLine],
    members: &[Vec<(usize, u32)>],
    matches: &Matches,
    shown: &Shown,
) -> (Clusters, Members) {
    let (mut clusters, mut columns) = (Clusters::default(), Members::default());
    // The clusters that each document is in as a whole.
    let mut wholes: Vec<Vec<u32>> = vec![Vec::new(); shown.order.len()];
    let is_whole = |line: &ClusterLine| line.grain == Grain::Document && line.kind != Kind::Template;
    for (n, _) in (0..).zip(lines).filter(|(_, line)| is_whole(line)) {
        members[n as usize].iter().for_each(|&(_, document)| wholes[shown.of(document) as usize].push(n));
    }
    let of = |document: u32| &wholes[shown.of(document) as usize];
    for (line, members) in lines.iter().zip(members).filter(|(_, members)| members.len() > 1) {
        let together = |whole: &&u32| members.iter().all(|&(_, document)| of(document).contains(whole));
        clusters
            .implied
            .push(u8::from(line.grain != Grain::Document && of(members[0].1).iter().any(|whole| together(&whole))));
        clusters.id.push(line.cluster.clone());
        clusters.grain.push(line.grain.name());
        clusters.kind.push(line.kind);
        clusters.size.push(members.len() as u32);
        clusters.least.push(thousandths(line.least_similarity));
        let cluster = bytes(line.cluster.as_bytes());
        for &(n, document) in members {
            let member = &line.members[n];
            let measured = matches.of_members.get(&pair(cluster, key(&member.document, member.start, member.end)));
            let measured = measured.filter(|_| n > 0);
            let share = |of: fn(&Measured) -> f32| measured.map_or(1000, |measured| thousandths(of(measured)));
            columns.document.push(shown.of(document));
            columns.start.push(member.start);
            columns.end.push(member.end);
            columns.kind.push(measured.map(|measured| measured.kind));
            columns.score.push(share(|m| m.score));
            columns.weighted.push(share(|m| m.weighted));
            columns.containment.push(share(|m| m.containment));
            columns.jaccard.push(share(|m| m.jaccard));
            columns.aligned.push(share(|m| m.aligned));
            columns.origin.push(measured.map_or(Origin::Unknown, |measured| measured.origin));
            columns.clue.push(measured.and_then(|measured| measured.clue));
            columns.passages.push(measured.map_or(Vec::new(), |measured| measured.passages.clone()));
        }
    }
    if columns.passages.iter().all(Vec::is_empty) {
        columns.passages.clear();
    }
    (clusters, columns)
}

/// Puts what is not body in the shown documents into columns.
fn asides(set_aside: &[Vec<Piece>], order: &[u32]) -> Asides {
    let mut asides = Asides::default();
    for (number, &document) in (0..).zip(order) {
        for piece in &set_aside[document as usize] {
            asides.document.push(number);
            asides.start.push(piece.start);
            asides.end.push(piece.end);
            asides.rule.push(piece.rule.code());
            asides.reason.push(piece.reason);
        }
    }
    asides
}

/// Puts the shown documents into columns, but for their texts. Returns the agencies that they credit too.
fn document_columns(
    documents: &BTreeMap<usize, Document>,
    times: Vec<Option<When>>,
    found: &Found,
    by_source: &BySource,
    order: &[u32],
) -> (overview::Documents, Vec<String>) {
    let mut columns = overview::Documents::default();
    let credited = |document: &u32| found.agencies.first(*document as usize);
    let mut agencies: Vec<&str> = order.iter().filter_map(credited).collect();
    agencies.sort_unstable();
    agencies.dedup();
    for &document in order {
        let (n, document) = (document as usize, &documents[&(document as usize)]);
        columns.id.push(document.id.clone());
        columns.title.push(document.title.clone().unwrap_or_default());
        columns.source.push(by_source.of[n]);
        let agency = found.agencies.first(n).and_then(|agency| agencies.binary_search(&agency).ok());
        columns.agency.push(agency.map_or(-1, |agency| agency as i32));
        columns.minute.push(times[n].map_or(0, |when| when.seconds().div_euclid(60)));
        columns.precision.push(times[n].map_or(0, |when| 1 + when.precision() as u8));
    }
    (columns, agencies.into_iter().map(Into::into).collect())
}
