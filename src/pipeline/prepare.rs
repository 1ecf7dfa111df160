//! From documents to what can be compared: units with profiles and signatures.

use std::ops::Range;

use super::corpus::{ByBatch, Corpus, Held};
use super::count::Observing;
use super::{Found, Stopwatch};
use crate::boilerplate::{
    Aside, AsideKind, Body, Lexicon, STOCK, Shape, Stuffed, TitleIndex, agency, is_list_item, lexical_with, shape,
    spare, stretches, stub_text, stuffing,
};
use crate::count::{Knowledge, Shingles, source};
use crate::fingerprint::Keys;
use crate::hash::{self, HashedMap};
use crate::segment::{Cut, sentences};
use crate::sketch::{EMPTY, Sketcher};
use crate::survey::{ShingleCount, Weight};
use crate::token::{Stem, Word};
use crate::verify::{Name, Profile, Text, names, state_facts};
use crate::{Document, Grain, Params, Result, Span, Unit};

/// A corpus made ready for comparing.
#[derive(Debug, Default)]
pub struct Prepared {
    /// All units, by document, then grain, then place.
    pub units: Vec<Unit>,
    /// The index of each unit's profile. A document of one paragraph has its profile in common with the paragraph.
    pub profile_of: Vec<u32>,
    /// The profiles.
    pub profiles: Vec<Profile>,
    /// The fingerprints of each profile: the keys by which copies and excerpts are found.
    pub fingerprints: Keys,
    /// By band, the keys of the profiles' signatures over telling words, 0 for none: by which rewordings are found.
    pub rewordings: Vec<Vec<u32>>,
    /// The body words of each document.
    pub bodies: Vec<Vec<Word>>,
    /// The capitalised body words of each document.
    pub names: Vec<Box<[Name]>>,
    /// The words of each document's title.
    pub titles: Vec<Vec<Word>>,
    /// The source of each document, as a hash; `None` if it is not known.
    pub sources: Vec<Option<u64>>,
    /// What is not body in each document.
    pub asides: Vec<Vec<Aside>>,
    /// The phrases that are stuffed into each document.
    pub stuffed: Vec<Vec<Stuffed>>,
    /// The news agency that each document credits.
    pub agencies: Vec<Option<&'static str>>,
}

impl Prepared {
    /// A unit as verification wants it.
    pub fn text(&self, unit: u32) -> Text<'_> {
        let Unit { document, words: (from, to), grain, .. } = self.units[unit as usize];
        let index = document as usize;
        let names = &self.names[index];
        let place = |word: u32| match word {
            0 => 0,
            _ if word as usize == self.bodies[index].len() => names.len(),
            _ => names.partition_point(|name| name.at < word),
        };
        Text {
            words: &self.bodies[index][from as usize..to as usize],
            names: &names[place(from)..place(to)],
            first: from,
            profile: self.profile(unit),
            title: if grain == Grain::Document { &self.titles[index] } else { &[] },
            document,
            grain,
            source: self.sources[index],
        }
    }

    /// The profile of a unit.
    pub fn profile(&self, unit: u32) -> &Profile {
        &self.profiles[self.profile_of[unit as usize] as usize]
    }

    /// What is still needed once all is compared. The rest is in many small pieces, which take a while to give back: that
    /// is done on the side.
    pub(super) fn discard(self) -> Found {
        let Prepared { units, asides, stuffed, agencies, profiles, bodies, names, .. } = self;
        rayon::spawn(move || drop((profiles, bodies, names)));
        Found { units, asides, stuffed, agencies, ..Found::default() }
    }

    /// Makes room for some batches of documents, so that nothing moves when they are appended.
    fn reserve(&mut self, batches: &[Prepared], documents: usize) {
        let units = batches.iter().map(|batch| batch.units.len()).sum();
        let Some(first) = batches.first() else { return };
        let profiles = batches.iter().map(|batch| batch.profiles.len()).sum();
        self.units.reserve_exact(units);
        self.profile_of.reserve_exact(units);
        self.profiles.reserve_exact(profiles);
        self.fingerprints.reserve(profiles, batches.iter().map(|batch| batch.fingerprints.total()).sum());
        self.rewordings = first.rewordings.iter().map(|_| Vec::with_capacity(profiles)).collect();
        self.bodies.reserve_exact(documents);
        self.titles.reserve_exact(documents);
        self.names.reserve_exact(documents);
        self.sources.reserve_exact(documents);
        self.asides.reserve_exact(documents);
        self.stuffed.reserve_exact(documents);
        self.agencies.reserve_exact(documents);
    }

    fn append(&mut self, mut more: Prepared) {
        self.units.append(&mut more.units);
        let first = self.profiles.len() as u32;
        self.profile_of.extend(more.profile_of.iter().map(|profile| first + profile));
        self.profiles.append(&mut more.profiles);
        self.fingerprints.append(more.fingerprints);
        self.rewordings.iter_mut().zip(&mut more.rewordings).for_each(|(mine, more)| mine.append(more));
        self.bodies.append(&mut more.bodies);
        self.titles.append(&mut more.titles);
        self.names.append(&mut more.names);
        self.sources.append(&mut more.sources);
        self.asides.append(&mut more.asides);
        self.stuffed.append(&mut more.stuffed);
        self.agencies.append(&mut more.agencies);
    }
}

/// Counts, sets boilerplate aside, profiles and fingerprints documents that are in memory.
pub fn prepare(documents: &[Document], params: &Params, watch: &mut Stopwatch) -> Prepared {
    let corpus = Held(documents);
    watch.stage("count");
    let prepared = Observing::all(&corpus, params).and_then(|observing| profile(&corpus, observing, params, watch));
    prepared.expect("nothing is read, so nothing can fail")
}

/// Runs the second and the third pass over a corpus: counts, then profiles.
pub(super) fn profile(
    corpus: &dyn Corpus,
    observing: Observing,
    params: &Params,
    watch: &mut Stopwatch,
) -> Result<Prepared> {
    let counted = observing.count(corpus)?;
    watch.stage("profile");
    let lexicon = Lexicon::of(&params.own);
    let profiler = Profiler {
        params,
        known: &counted.knowledge,
        weights: counted.knowledge.weights(),
        titles: counted.knowledge.titles(),
        lexicon: &lexicon,
        sketcher: Sketcher::new(params.rewordings.banding().size(), 1),
    };
    let batches = ByBatch::default();
    corpus.pass(&|batch| {
        let (first, counts) = (counted.starts[batch.number], &counted.counts[batch.number]);
        batches.put(batch.number, profiler.batch(first, batch.cuts(), Some(counts)));
    })?;
    let batches: Vec<Prepared> = batches.in_order().collect();
    let mut all = Prepared::default();
    all.reserve(&batches, batches.iter().map(|batch| batch.bodies.len()).sum());
    batches.into_iter().for_each(|batch| all.append(batch));
    Ok(all)
}

/// Parameters and knowledge for profiling batches of documents.
pub(super) struct Profiler<'a> {
    pub params: &'a Params,
    pub known: &'a Knowledge,
    pub weights: &'a HashedMap<Stem, Weight>,
    pub titles: &'a TitleIndex,
    pub lexicon: &'a Lexicon,
    /// Makes the signatures over telling words.
    pub sketcher: Sketcher,
}

/// How sure it is that a text is a stub which is told by the titles of a few items.
const LIKELY_STUB: f32 = 0.6;
/// Evidence for setting a repeated phrase inside a line aside.
const PHRASE: &str = "its source repeats the phrase in other items";

impl Profiler<'_> {
    /// Profiles the documents of a batch, of which the first has the index `first` in the run. `counts` are those of their
    /// shingles, if they were looked up before.
    pub fn batch<'d>(
        &self,
        first: u32,
        documents: impl Iterator<Item = (&'d Document, Cut)>,
        mut counts: Option<&[u8]>,
    ) -> Prepared {
        let mut batch = Prepared {
            rewordings: (0..self.params.rewordings.bands).map(|_| Vec::new()).collect(),
            ..Prepared::default()
        };
        let mut shingles = Shingles::default();
        let mut scratch = Scratch::default();
        for (index, (document, cut)) in (first..).zip(documents) {
            match &mut counts {
                Some(counts) => *counts = shingles.recount(&cut, self.params.shingle, counts),
                None => self.known.count(&cut, &mut shingles),
            }
            let asides = if self.params.set_aside { self.set_aside(document, &cut, &shingles) } else { Vec::new() };
            let shape = shape(&document.text);
            let asides = spare(shape, asides);
            let is_prose = shape == Shape::Prose;
            // In code, tables and licences every line counts, however often it comes.
            let aside = if is_prose { stretches(&asides) } else { Vec::new() };
            let body = Body::new(&cut, &aside, self.params.shingle);
            scratch.profiled.clear();
            for (grain, span, tokens) in self.pieces(document, &cut) {
                let words = body.within(tokens.clone());
                let is_piece = grain != Grain::Document && span.len() < document.text.len();
                let is_listed = is_piece && (is_list_item(span, &document.text) || !is_prose);
                batch.units.push(Unit { document: index, span, grain, words: (words.start, words.end), is_listed });
                let key = u64::from(tokens.start) << 32 | u64::from(tokens.end);
                let next = batch.profiles.len() as u32;
                let known = *scratch.profiled.entry(key).or_insert(next);
                batch.profile_of.push(known);
                if known < next {
                    continue;
                }
                let all = tokens.clone();
                let cut_off = is_cut_off(document, &cut, &body, tokens.clone());
                let profile = self.profile(&body, tokens, words, &shingles, &mut scratch);
                let whole = shingles.words()[all.start as usize..all.end as usize].iter();
                let whole = whole.fold(0, |state, word| hash::pair(state, word.0));
                let profile = Profile { whole, cut_off, in_lines: !is_prose, ..profile };
                self.key(&profile, &mut scratch, &mut batch);
                batch.profiles.push(profile);
            }
            batch.names.push(names_of(document, &cut, &body));
            batch.bodies.push(body.words);
            batch.asides.push(asides);
            batch.agencies.push(if self.params.set_aside { agency(document, &cut) } else { None });
            batch.stuffed.push(stuffing(&document.text, &cut, self.weights));
            batch.titles.push(cut.title);
            batch.sources.push(document.source.is_some().then(|| source(document)));
        }
        batch
    }

    /// The pieces of a document to compare: their grain, span and tokens.
    fn pieces(&self, document: &Document, cut: &Cut) -> Vec<(Grain, Span, Range<u32>)> {
        let mut found = Vec::new();
        for &grain in &self.params.grains {
            match grain {
                Grain::Document => {
                    found.push((grain, Span::new(0, document.text.len()), 0..cut.tokens.len() as u32));
                }
                Grain::Paragraph => found.extend(cut.paragraphs.iter().map(|p| (grain, p.span, p.start..p.end))),
                Grain::Sentence => {
                    let token = |byte: u32| cut.tokens.partition_point(|token| token.start < byte) as u32;
                    let spans = cut.paragraphs.iter().flat_map(|p| sentences(&document.text, p.span));
                    found.extend(spans.map(|span| (grain, span, token(span.start)..token(span.end))));
                }
            }
        }
        found
    }

    /// Returns the boilerplate of a document, in no particular order; pieces may overlap.
    fn set_aside(&self, document: &Document, cut: &Cut, shingles: &Shingles) -> Vec<Aside> {
        let mut found = lexical_with(document, cut, self.titles, self.lexicon);
        let aside = |start: usize, end: usize, evidence: &'static str| {
            Aside::new(&document.text, &cut.tokens, start, end, AsideKind::RepeatedLine, evidence)
        };
        if let Some(text) = stub_text(source(document), cut)
            && let Some(stub) = self.known.stub(text.key)
        {
            let whole = aside(0, cut.tokens.len(), "its source has it under other titles");
            // Signs around its words are its own.
            let span = Span::new(0, document.text.len());
            let whole = Aside { share: stub.share, span, ..whole };
            found.push(if stub.certain { whole } else { whole.uncertain(LIKELY_STUB) });
        }
        let lines = self.known.lines(document, cut, &found);
        found.extend(lines);
        let source = source(document);
        for paragraph in &cut.paragraphs {
            let counts = shingles.of_paragraph(paragraph);
            let runs = self.known.phrases(source, counts, paragraph.start);
            let phrases =
                runs.into_iter().map(|(start, end)| aside(start as usize, end as usize, PHRASE).uncertain(0.5));
            found.extend(phrases);
        }
        found
    }

    fn profile(
        &self,
        body: &Body,
        tokens: Range<u32>,
        words: Range<u32>,
        shingles: &Shingles,
        scratch: &mut Scratch,
    ) -> Profile {
        let width = self.params.shingle;
        let Scratch { in_order, repeated, stems, .. } = scratch;
        in_order.clear();
        let mut once = 0;
        let mut take = |count: ShingleCount| match count.documents {
            // It stands here and nowhere else, so it is counted once already.
            0 | 1 => {
                once += 1;
                in_order.push(None);
            }
            often if often >= STOCK && self.known.is_stock(count.shingle) => in_order.push(None),
            _ => in_order.push(Some(count.shingle)),
        };
        for run in body.runs_within(tokens) {
            let (start, end) = (run.0 as usize, run.1 as usize);
            if end - start < width {
                let mut short = Vec::new();
                self.known.count_run(&shingles.words()[start..end], &mut short);
                short.into_iter().for_each(&mut take);
            } else {
                shingles.of_run(run).iter().copied().for_each(&mut take);
            }
        }
        repeated.clear();
        repeated.extend(in_order.iter().flatten());
        repeated.sort_unstable();
        repeated.dedup();
        stems.clear();
        let words = &body.words[words.start as usize..words.end as usize];
        stems.extend(words.iter().map(|word| word.stem()));
        stems.sort_unstable();
        stems.dedup();
        let weights: Box<[Weight]> =
            stems.iter().map(|stem| self.weights.get(stem).copied().unwrap_or_default()).collect();
        Profile {
            shingles: repeated.as_slice().into(),
            shingle_count: repeated.len() as u32 + once,
            mass: Weight::in_words(weights.iter().map(|weight| u64::from(weight.0)).sum()),
            stems: stems.as_slice().into(),
            weights,
            states_facts: state_facts(words),
            whole: 0,
            cut_off: false,
            in_lines: false,
        }
    }

    /// Appends the keys by which a unit is found: its fingerprints, and the bands of its signature.
    fn key(&self, profile: &Profile, scratch: &mut Scratch, batch: &mut Prepared) {
        let Scratch { in_order, fingerprints, telling, signature, .. } = scratch;
        fingerprints.clear();
        self.params.fingerprints.select(in_order, fingerprints);
        batch.fingerprints.push(fingerprints.iter().map(|key| (key >> 32) as u32));
        if batch.rewordings.is_empty() {
            return;
        }
        telling.clear();
        let stems = profile.stems.iter().zip(&profile.weights).filter(|(_, weight)| **weight >= Weight::PROPOSES);
        telling.extend(stems.map(|(stem, _)| u64::from(stem.0) << 32));
        signature.clear();
        signature.resize(self.sketcher.size(), EMPTY);
        self.sketcher.sketch(telling, signature);
        for (band, keys) in batch.rewordings.iter_mut().enumerate() {
            keys.push(match self.params.rewordings.banding().key(signature, band) {
                Some(key) => (key as u32).max(1),
                None => 0,
            });
        }
    }
}

/// Buffers that are used again for each unit.
#[derive(Debug, Default)]
struct Scratch {
    /// The profiles of the document, by their tokens.
    profiled: HashedMap<u64, u32>,
    /// The unit's shingles in the order of its text; `None` where no other unit can share one.
    in_order: Vec<Option<u64>>,
    repeated: Vec<u64>,
    fingerprints: Vec<u64>,
    stems: Vec<Stem>,
    telling: Vec<u64>,
    signature: Vec<u32>,
}

/// The names in the body of a document.
fn names_of(document: &Document, cut: &Cut, body: &Body) -> Box<[Name]> {
    let (mut found, mut first) = (Vec::new(), 0);
    for &run in &body.runs {
        names(&document.text, &cut.tokens, run, first, &mut found);
        first += run.1 - run.0;
    }
    found.into()
}

/// Whether a mark of truncation stands behind the last body word of some tokens.
fn is_cut_off(document: &Document, cut: &Cut, body: &Body, tokens: Range<u32>) -> bool {
    let Some((_, end)) = body.runs_within(tokens).last() else { return false };
    let behind = &document.text[cut.tokens[end as usize - 1].end() as usize..];
    let behind = behind.trim_start_matches([' ', '\u{a0}', '[', '(', ',']);
    behind.starts_with('…') || behind.starts_with("...")
}
