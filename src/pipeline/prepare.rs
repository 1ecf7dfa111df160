//! From documents to what can be compared: units with profiles and signatures.

use std::ops::Range;

use super::corpus::{ByBatch, Corpus, Held};
use super::count::Observing;
use super::disk::{Engine, SpillFile};
use super::store::{Block, Cache, Fetched, Spilled, damaged};
use super::{Found, Stopwatch};
use crate::boilerplate::{
    Aside, AsideKind, Body, Lexicon, STOCK, Shape, Stuffed, TitleIndex, agency, is_list_item, lexical_with, shape,
    spare, stretches, stub_text, stuffing,
};
use crate::count::{Knowledge, Shingles, source};
use crate::fingerprint::Keys;
use crate::hash::{self, HashedMap};
use crate::profile::Texts;
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
    /// The number of each unit's profile. A document of one paragraph has its profile in common with the paragraph.
    pub profile_of: Vec<u32>,
    /// How many different stems each profile has.
    pub sizes: Vec<u32>,
    /// How many fingerprints each profile has.
    pub key_counts: Vec<u32>,
    /// The fingerprints of each profile, by which copies and excerpts are found; none if they are in a file.
    pub fingerprints: Keys,
    /// By band, the keys of the profiles' signatures over telling words, 0 for none: by which rewordings are found; none if
    /// they are in a file.
    pub rewordings: Vec<Vec<u32>>,
    /// The bodies and profiles, in blocks of documents.
    pub(super) blocks: Vec<Block>,
    /// The first document and the first profile of each block.
    pub(super) starts: Vec<(u32, u32)>,
    /// The file that holds what is not in memory.
    pub(super) file: Option<SpillFile>,
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
    /// Returns a unit of documents that are in memory, as verification wants it.
    pub fn text(&self, unit: u32) -> Text<'_> {
        let document = self.units[unit as usize].document;
        let (block, first, first_profile) = self.block_of(document);
        let Block::Held(texts) = block else { unreachable!("what is prepared of documents in memory is in memory") };
        let profile = texts.profile((self.profile_of[unit as usize] - first_profile) as usize);
        self.text_of(unit, texts.body((document - first) as usize), profile)
    }

    /// Fetches what the units of a document are compared by.
    pub(super) fn fetch(&self, document: u32, cache: &mut Cache) -> Result<Fetched<'_>> {
        let (block, first, _) = self.block_of(document);
        block.fetch(document, (document - first) as usize, self.spilled_file(), cache)
    }

    /// Returns a unit of a document that is at hand.
    pub(super) fn text_in<'a>(&'a self, unit: u32, fetched: &'a Fetched<'_>) -> Text<'a> {
        let (_, _, first_profile) = self.block_of(self.units[unit as usize].document);
        self.text_of(unit, fetched.body(), fetched.profile(self.profile_of[unit as usize] - first_profile))
    }

    /// Returns the block of a document, with its first document and its first profile.
    fn block_of(&self, document: u32) -> (&Block, u32, u32) {
        let block = self.starts.partition_point(|&(first, _)| first <= document) - 1;
        (&self.blocks[block], self.starts[block].0, self.starts[block].1)
    }

    fn text_of<'a>(&'a self, unit: u32, (words, names): (&'a [Word], &'a [Name]), profile: Profile<'a>) -> Text<'a> {
        let Unit { document, words: (from, to), grain, .. } = self.units[unit as usize];
        let index = document as usize;
        let place = |word: u32| match word {
            0 => 0,
            _ if word as usize == words.len() => names.len(),
            _ => names.partition_point(|name| name.at < word),
        };
        Text {
            words: &words[from as usize..to as usize],
            names: &names[place(from)..place(to)],
            first: from,
            profile,
            title: if grain == Grain::Document { &self.titles[index] } else { &[] },
            document,
            grain,
            source: self.sources[index],
        }
    }

    /// Returns the profile of a unit of documents that are in memory.
    pub fn profile(&self, unit: u32) -> Profile<'_> {
        self.text(unit).profile
    }

    /// Whether bodies and profiles are in memory.
    pub(super) fn is_held(&self) -> bool {
        self.file.is_none()
    }

    /// Returns how many different stems each unit has.
    pub(super) fn unit_sizes(&self) -> Vec<u32> {
        self.profile_of.iter().map(|&profile| self.sizes[profile as usize]).collect()
    }

    /// Returns the blocks that are in the file, with the number of the first profile and how many there are.
    pub(super) fn spilled(&self) -> impl Iterator<Item = (&Spilled, u32, usize)> {
        self.blocks.iter().zip(&self.starts).filter_map(|(block, start)| match block {
            Block::Held(_) => None,
            Block::Spilled(spilled) => Some((spilled, start.1, spilled.profiles)),
        })
    }

    /// Returns the file that holds what is not in memory.
    pub(super) fn spilled_file(&self) -> Result<&SpillFile> {
        self.file.as_ref().ok_or_else(damaged)
    }

    /// Reads the keys of a band of all profiles.
    pub(super) fn spilled_band(&self, band: usize) -> Result<Vec<u32>> {
        let (mut all, mut bytes, mut keys) = (Vec::with_capacity(self.profiles()), Vec::new(), Vec::new());
        for (block, ..) in self.spilled() {
            block.band(band, self.spilled_file()?, &mut bytes, &mut keys)?;
            all.append(&mut keys);
        }
        Ok(all)
    }

    /// Writes bodies, profiles and keys to a file, and drops them.
    fn spill(&mut self, file: &SpillFile) {
        let (keys, bands) = (std::mem::take(&mut self.fingerprints), std::mem::take(&mut self.rewordings));
        for block in &mut self.blocks {
            if let Block::Held(texts) = block {
                *block = Block::spill(texts, &keys, &bands, file);
            }
        }
    }

    /// Returns the number of documents.
    pub fn documents(&self) -> usize {
        self.sources.len()
    }

    /// Returns what is still needed once all is compared.
    pub(super) fn discard(self) -> Found {
        let Prepared { units, asides, stuffed, agencies, .. } = self;
        Found { units, asides, stuffed, agencies, ..Found::default() }
    }

    /// Makes room for some batches of documents, so that nothing moves when they are appended.
    fn reserve(&mut self, batches: &[Prepared], documents: usize) {
        let units = batches.iter().map(|batch| batch.units.len()).sum();
        let Some(first) = batches.first() else { return };
        let profiles = batches.iter().map(Prepared::profiles).sum();
        self.units.reserve_exact(units);
        self.profile_of.reserve_exact(units);
        self.sizes.reserve_exact(profiles);
        self.key_counts.reserve_exact(profiles);
        self.fingerprints.reserve(
            batches.iter().map(|batch| batch.fingerprints.units()).sum(),
            batches.iter().map(|batch| batch.fingerprints.total()).sum(),
        );
        self.rewordings = first.rewordings.iter().map(|_| Vec::with_capacity(profiles)).collect();
        self.titles.reserve_exact(documents);
        self.sources.reserve_exact(documents);
        self.asides.reserve_exact(documents);
        self.stuffed.reserve_exact(documents);
        self.agencies.reserve_exact(documents);
    }

    /// Returns the number of profiles.
    fn profiles(&self) -> usize {
        self.sizes.len()
    }

    fn append(&mut self, mut more: Prepared) {
        self.units.append(&mut more.units);
        let first = self.profiles() as u32;
        let first_document = self.documents() as u32;
        self.profile_of.extend(more.profile_of.iter().map(|profile| first + profile));
        self.starts.extend(more.starts.iter().map(|start| (first_document + start.0, first + start.1)));
        self.blocks.append(&mut more.blocks);
        self.sizes.append(&mut more.sizes);
        self.key_counts.append(&mut more.key_counts);
        self.fingerprints.append(more.fingerprints);
        self.rewordings.iter_mut().zip(&mut more.rewordings).for_each(|(mine, more)| mine.append(more));
        self.titles.append(&mut more.titles);
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
    let prepared = Observing::all(&corpus, params)
        .and_then(|observing| profile(&corpus, observing, params, &Engine::Memory, watch));
    prepared.expect("nothing is read, so nothing can fail")
}

/// Runs the second and the third pass over a corpus: counts, then profiles.
pub(super) fn profile(
    corpus: &dyn Corpus,
    observing: Observing,
    params: &Params,
    engine: &Engine,
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
    let file = engine.file()?;
    corpus.pass(&|batch| {
        let (first, counts) = (counted.starts[batch.number], &counted.counts[batch.number]);
        let mut profiled = profiler.batch(first, batch.cuts(), Some(counts));
        file.iter().for_each(|file| profiled.spill(file));
        batches.put(batch.number, profiled);
    })?;
    file.as_ref().map_or(Ok(()), SpillFile::check)?;
    let batches: Vec<Prepared> = batches.in_order().collect();
    let mut all = Prepared { file, ..Prepared::default() };
    all.reserve(&batches, batches.iter().map(Prepared::documents).sum());
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
        let mut texts = Texts::default();
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
                let next = batch.profiles() as u32;
                let known = *scratch.profiled.entry(key).or_insert(next);
                batch.profile_of.push(known);
                if known < next {
                    continue;
                }
                let all = tokens.clone();
                let cut_off = is_cut_off(document, &cut, &body, tokens.clone());
                self.profile(&body, tokens, words.clone(), &shingles, &mut scratch);
                let whole = shingles.words()[all.start as usize..all.end as usize].iter();
                let whole = whole.fold(0, |state, word| hash::pair(state, word.0));
                let words = &body.words[words.start as usize..words.end as usize];
                let states_facts = state_facts(words);
                texts.push(Profile { states_facts, whole, cut_off, in_lines: !is_prose, ..scratch.profile() });
                self.key(&mut scratch, &mut batch);
            }
            names_of(document, &cut, &body, &mut scratch.names);
            texts.end_document(&body.words, &scratch.names);
            batch.asides.push(asides);
            batch.agencies.push(if self.params.set_aside { agency(document, &cut) } else { None });
            batch.stuffed.push(stuffing(&document.text, &cut, self.weights));
            batch.titles.push(cut.title);
            batch.sources.push(document.source.is_some().then(|| source(document)));
        }
        texts.shrink();
        batch.blocks = vec![Block::Held(texts)];
        batch.starts = vec![(0, 0)];
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

    /// Puts the sets of a unit into `scratch`.
    fn profile(&self, body: &Body, tokens: Range<u32>, words: Range<u32>, shingles: &Shingles, scratch: &mut Scratch) {
        let width = self.params.shingle;
        let Scratch { in_order, repeated, once, stems, weights, .. } = scratch;
        in_order.clear();
        *once = 0;
        let mut take = |count: ShingleCount| match count.documents {
            // It stands here and nowhere else, so it is counted once already.
            0 | 1 => {
                *once += 1;
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
        weights.clear();
        weights.extend(stems.iter().map(|stem| self.weights.get(stem).copied().unwrap_or_default()));
    }

    /// Appends the keys by which a unit is found: its fingerprints, and the bands of its signature.
    fn key(&self, scratch: &mut Scratch, batch: &mut Prepared) {
        let Scratch { in_order, fingerprints, telling, signature, stems, weights, .. } = scratch;
        fingerprints.clear();
        self.params.fingerprints.select(in_order, fingerprints);
        batch.fingerprints.push(fingerprints.iter().map(|key| (key >> 32) as u32));
        batch.key_counts.push(fingerprints.len() as u32);
        batch.sizes.push(stems.len() as u32);
        if batch.rewordings.is_empty() {
            return;
        }
        telling.clear();
        let stems = stems.iter().zip(&*weights).filter(|(_, weight)| **weight >= Weight::PROPOSES);
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
    /// Its shingles that another unit may share, sorted, each once.
    repeated: Vec<u64>,
    /// How many shingles it has that no other unit can share.
    once: u32,
    fingerprints: Vec<u64>,
    stems: Vec<Stem>,
    weights: Vec<Weight>,
    names: Vec<Name>,
    telling: Vec<u64>,
    signature: Vec<u32>,
}

impl Scratch {
    /// Returns the profile of the unit as far as its sets make it.
    fn profile(&self) -> Profile<'_> {
        Profile {
            stems: &self.stems,
            weights: &self.weights,
            shingles: &self.repeated,
            shingle_count: self.repeated.len() as u32 + self.once,
            mass: Weight::in_words(self.weights.iter().map(|weight| u64::from(weight.0)).sum()),
            ..Profile::default()
        }
    }
}

/// Puts the names in the body of a document into `found`.
fn names_of(document: &Document, cut: &Cut, body: &Body, found: &mut Vec<Name>) {
    found.clear();
    let mut first = 0;
    for &run in &body.runs {
        names(&document.text, &cut.tokens, run, first, found);
        first += run.1 - run.0;
    }
}

/// Whether a mark of truncation stands behind the last body word of some tokens.
fn is_cut_off(document: &Document, cut: &Cut, body: &Body, tokens: Range<u32>) -> bool {
    let Some((_, end)) = body.runs_within(tokens).last() else { return false };
    let behind = &document.text[cut.tokens[end as usize - 1].end() as usize..];
    let behind = behind.trim_start_matches([' ', '\u{a0}', '[', '(', ',']);
    behind.starts_with('…') || behind.starts_with("...")
}
