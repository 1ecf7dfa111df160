//! From documents to what can be compared: units with profiles and signatures.

use ahash::AHashMap;
use rayon::prelude::*;

use super::Stopwatch;
use super::count::{Counted, count, source, words_of};
use crate::boilerplate::{Aside, Body, echo, known_frames};
use crate::segment::{Cut, cut, sentences};
use crate::shingle::shingles;
use crate::sketch::{EMPTY, Sketcher};
use crate::token::{Stem, Word};
use crate::verify::{Profile, Text};
use crate::{Document, Grain, Params, Span, Unit};

/// A corpus made ready for comparing.
#[derive(Debug, Default)]
pub struct Prepared {
    /// All units, by document, then grain, then place.
    pub units: Vec<Unit>,
    /// The body of each document.
    pub bodies: Vec<Body>,
    /// The words of each document's title.
    pub titles: Vec<Box<[Word]>>,
    /// The source of each document, as a hash; `None` if it is not known.
    pub sources: Vec<Option<u64>>,
    /// The profile of each unit.
    pub profiles: Vec<Profile>,
    /// The signatures of the units one after the other: over shingles.
    pub copies: Vec<u32>,
    /// The same over single telling words.
    pub rewordings: Vec<u32>,
}

impl Prepared {
    /// A unit as verification wants it.
    pub fn text(&self, unit: u32) -> Text<'_> {
        let Unit { document, words: (from, to), .. } = self.units[unit as usize];
        let (index, document, unit) = (document, document as usize, unit as usize);
        let title = if self.units[unit].grain == Grain::Document { &*self.titles[document] } else { &[] };
        Text {
            words: &self.bodies[document].words[from as usize..to as usize],
            profile: &self.profiles[unit],
            title,
            document: index,
            source: self.sources[document],
        }
    }
}

/// Documents worked on by one thread at a time.
const BATCH: usize = 256;

/// Cuts, counts, sets boilerplate aside, profiles and sketches.
pub fn prepare(documents: &[Document], params: &Params, watch: &mut Stopwatch) -> Prepared {
    watch.stage("segment");
    let cuts: Vec<Cut> = documents.par_iter().with_min_len(BATCH).map(cut).collect();
    watch.stage("survey");
    let counted = count(documents, &cuts, params);
    let weights = counted.survey.weights();
    watch.stage("sketch");
    let sketchers = Sketchers::new(params);
    let batches: Vec<Prepared> = documents
        .par_chunks(BATCH)
        .zip(cuts.par_chunks(BATCH))
        .enumerate()
        .map(|(n, (documents, cuts))| {
            let mut batch = Prepared::default();
            let each = documents.iter().zip(cuts).enumerate();
            for (i, (document, cut)) in each {
                let index = (n * BATCH + i) as u32;
                profile_document(index, document, cut, &counted, &weights, params, &sketchers, &mut batch);
            }
            batch
        })
        .collect();
    join(batches)
}

fn join(batches: Vec<Prepared>) -> Prepared {
    let mut all = Prepared::default();
    all.units.reserve(batches.iter().map(|batch| batch.units.len()).sum());
    all.copies.reserve(batches.iter().map(|batch| batch.copies.len()).sum());
    all.rewordings.reserve(batches.iter().map(|batch| batch.rewordings.len()).sum());
    for mut batch in batches {
        all.units.append(&mut batch.units);
        all.bodies.append(&mut batch.bodies);
        all.titles.append(&mut batch.titles);
        all.sources.append(&mut batch.sources);
        all.profiles.append(&mut batch.profiles);
        all.copies.append(&mut batch.copies);
        all.rewordings.append(&mut batch.rewordings);
    }
    all
}

struct Sketchers {
    copies: Sketcher,
    rewordings: Sketcher,
}

impl Sketchers {
    fn new(params: &Params) -> Self {
        Sketchers {
            copies: Sketcher::new(params.copies.banding().size(), 0),
            rewordings: Sketcher::new(params.rewordings.banding().size(), 1),
        }
    }
}

/// What is set aside in a document, in no particular order; stretches may overlap.
fn set_aside(document: &Document, cut: &Cut, counted: &Counted, width: usize) -> Vec<Aside> {
    let source = source(document);
    let enough = counted.enough[&source];
    let mut words = Vec::new();
    words_of(cut, &mut words);
    let mut found = Vec::new();
    for paragraph in &cut.paragraphs {
        let words = &words[paragraph.range()];
        found.extend(counted.recurring.find(source, enough, words, paragraph.start, width, &counted.survey));
    }
    found.extend(echo(&cut.tokens, &cut.title));
    if let Some(last) = cut.paragraphs.last() {
        found.extend(known_frames().at_end(&cut.tokens[last.range()], last.start, &cut.title));
    }
    found
}

/// The stretches of tokens that asides cover, in order, joined where they touch.
fn stretches(asides: &[Aside]) -> Vec<(u32, u32)> {
    let mut stretches: Vec<(u32, u32)> = asides.iter().map(|aside| (aside.start, aside.end)).collect();
    stretches.sort_unstable();
    stretches.dedup_by(|next, last| {
        let touch = next.0 <= last.1;
        last.1 = if touch { last.1.max(next.1) } else { last.1 };
        touch
    });
    stretches
}

#[allow(clippy::too_many_arguments)]
fn profile_document(
    index: u32,
    document: &Document,
    cut: &Cut,
    counted: &Counted,
    weights: &AHashMap<Stem, f32>,
    params: &Params,
    sketchers: &Sketchers,
    batch: &mut Prepared,
) {
    let asides = if params.set_aside { set_aside(document, cut, counted, params.shingle) } else { Vec::new() };
    let body = Body::new(cut, &stretches(&asides), params.shingle);
    let mut unit = |grain: Grain, span: Span, words: std::ops::Range<usize>| {
        let profile = profile(&body, words.clone(), counted, weights, params);
        sketch(&profile, sketchers, batch);
        batch.profiles.push(profile);
        batch.units.push(Unit { document: index, span, grain, words: (words.start as u32, words.end as u32) });
    };
    for &grain in &params.grains {
        match grain {
            Grain::Document => unit(grain, Span::new(0, document.text.len()), 0..body.words.len()),
            Grain::Paragraph => {
                for paragraph in &cut.paragraphs {
                    unit(grain, paragraph.span, body.within(paragraph.span));
                }
            }
            Grain::Sentence => {
                for span in cut.paragraphs.iter().flat_map(|p| sentences(&document.text, p.span)) {
                    unit(grain, span, body.within(span));
                }
            }
        }
    }
    batch.bodies.push(body);
    batch.titles.push(cut.title.iter().map(|token| token.word).collect());
    batch.sources.push(document.source.is_some().then(|| source(document)));
}

fn profile(
    body: &Body,
    range: std::ops::Range<usize>,
    counted: &Counted,
    weights: &AHashMap<Stem, f32>,
    params: &Params,
) -> Profile {
    let mut found = Vec::with_capacity(range.len());
    body.runs_within(range.clone(), |run| {
        shingles(run, params.shingle, |shingle| {
            if !counted.recurring.is_stock(shingle) {
                found.push(shingle);
            }
        });
    });
    found.sort_unstable();
    found.dedup();
    let shingle_count = found.len() as u32;
    found.retain(|&shingle| counted.survey.shingle_documents(shingle) >= 2);
    let mut stems: Vec<(Stem, f32)> = body.words[range].iter().map(|word| (word.stem(), 0.0)).collect();
    stems.sort_unstable_by_key(|&(stem, _)| stem);
    stems.dedup_by_key(|&mut (stem, _)| stem);
    stems.iter_mut().for_each(|(stem, weight)| *weight = weights.get(stem).copied().unwrap_or(0.0));
    Profile {
        shingles: found.into(),
        shingle_count,
        mass: stems.iter().map(|(_, weight)| weight).sum(),
        stems: stems.into(),
    }
}

/// A word that weighs less than this proposes nobody: it is too common.
const LEAST_WEIGHT: f32 = 0.5;

fn sketch(profile: &Profile, sketchers: &Sketchers, batch: &mut Prepared) {
    let start = batch.copies.len();
    batch.copies.resize(start + sketchers.copies.size(), EMPTY);
    sketchers.copies.sketch(&profile.shingles, &mut batch.copies[start..]);
    let telling = profile.stems.iter().filter(|(_, weight)| *weight >= LEAST_WEIGHT);
    let telling: Vec<u64> = telling.map(|(stem, _)| u64::from(stem.0) << 32).collect();
    let start = batch.rewordings.len();
    batch.rewordings.resize(start + sketchers.rewordings.size(), EMPTY);
    sketchers.rewordings.sketch(&telling, &mut batch.rewordings[start..]);
}
