//! From documents to what can be compared: units with profiles and signatures.

use std::sync::{Mutex, PoisonError};

use super::corpus::{Corpus, Held, InOrder};
use super::count::Observing;
use super::disk::{Engine, SpillFile};
use super::store::{Block, Cache, Columns, Fetched, Files, MarkBuffer, Spilled, damaged};
use super::{Found, Stopwatch};
use crate::boilerplate::Lexicon;
use crate::fingerprint::Keys;
use crate::profile::{Profiled, Profiler};
use crate::verify::{Profile, Text};
use crate::{Document, DocumentId, Error, Params, Result, UnitId};

/// A corpus made ready for comparing.
#[derive(Debug, Default)]
pub struct Prepared {
    /// The documents as they are compared; without their bodies and profiles, which are in blocks. Keys are not here either
    /// if they are in a file.
    pub profiled: Profiled,
    /// The bodies and profiles, in blocks of documents.
    pub(super) blocks: Vec<Block>,
    /// The first document and the first profile of each block.
    starts: Vec<(DocumentId, u32)>,
    /// The files that hold what is not in memory.
    files: Option<Files>,
}

impl Prepared {
    /// Returns the number of documents.
    pub fn documents(&self) -> usize {
        self.profiled.documents()
    }

    /// Returns a unit of documents that are in memory, as verification takes it.
    pub fn text(&self, unit: UnitId) -> Text<'_> {
        let document = self.profiled.units[unit.index()].document;
        let (block, first, first_profile) = self.block_of(document);
        let Block::Held(texts) = block else { unreachable!("what is prepared of documents in memory is in memory") };
        let profile = texts.profile((self.profiled.profile_of[unit.index()] - first_profile) as usize);
        self.profiled.text_of(unit, texts.whole(document.index() - first.index()), profile)
    }

    /// Returns the profile of a unit of documents that are in memory.
    pub fn profile(&self, unit: UnitId) -> Profile<'_> {
        self.text(unit).profile
    }

    /// Fetches what the units of a document are compared by.
    pub(super) fn fetch<'a>(&'a self, document: DocumentId, cache: &'a mut Cache) -> Result<Fetched<'a>> {
        let (block, first, _) = self.block_of(document);
        block.fetch(document, document.index() - first.index(), self.spilled_file(), cache)
    }

    /// Reads the [marks](crate::verify::Profile::marks) of a unit that is in a file, and its mass; nothing if it is in
    /// memory.
    pub(super) fn marks<'b>(&self, unit: UnitId, buffer: &'b mut MarkBuffer) -> Result<Option<(&'b [u16], f32)>> {
        let Some(files) = &self.files else { return Ok(None) };
        let (block, _, first_profile) = self.block_of(self.profiled.units[unit.index()].document);
        block.marks(self.profiled.profile_of[unit.index()] - first_profile, files, buffer)
    }

    /// Lets the system read the documents of units that are in a file, while others are still worked on.
    pub(super) fn read_ahead(&self, units: impl Iterator<Item = UnitId>) {
        let Some(files) = &self.files else { return };
        for unit in units {
            let document = self.profiled.units[unit.index()].document;
            let (block, first, _) = self.block_of(document);
            block.read_ahead(document.index() - first.index(), files);
        }
    }

    /// Returns a unit of a document that was fetched.
    pub(super) fn text_in<'a>(&'a self, unit: UnitId, fetched: &'a Fetched<'_>) -> Text<'a> {
        let (_, _, first_profile) = self.block_of(self.profiled.units[unit.index()].document);
        let profile = fetched.profile(self.profiled.profile_of[unit.index()] - first_profile);
        self.profiled.text_of(unit, fetched.whole(), profile)
    }

    /// Returns the block of a document, with its first document and its first profile.
    fn block_of(&self, document: DocumentId) -> (&Block, DocumentId, u32) {
        let block = self.starts.partition_point(|&(first, _)| first <= document) - 1;
        (&self.blocks[block], self.starts[block].0, self.starts[block].1)
    }

    /// Whether bodies and profiles are in memory.
    pub(super) fn is_held(&self) -> bool {
        self.files.is_none()
    }

    /// Returns how many different stems each unit has.
    pub(super) fn unit_sizes(&self) -> Vec<u32> {
        let Profiled { profile_of, sizes, .. } = &self.profiled;
        profile_of.iter().map(|&profile| sizes[profile as usize]).collect()
    }

    /// Returns the blocks that are in the file, with the number of the first profile and how many there are.
    pub(super) fn spilled(&self) -> impl Iterator<Item = (&Spilled, u32, usize)> {
        self.blocks.iter().zip(&self.starts).filter_map(|(block, start)| match block {
            Block::Held(_) => None,
            Block::Spilled(spilled) => Some((spilled, start.1, spilled.profiles)),
        })
    }

    /// Returns the file that holds what is not in memory, but for marks.
    pub(super) fn spilled_file(&self) -> Result<&SpillFile> {
        self.files.as_ref().map(|files| &files.texts).ok_or_else(damaged)
    }

    /// Takes the keys of a band of all profiles out of the file.
    pub(super) fn take_band(&self, band: usize) -> Result<Vec<u32>> {
        let (mut all, mut bytes, mut keys) = (Vec::with_capacity(self.profiled.sizes.len()), Vec::new(), Vec::new());
        for (block, ..) in self.spilled() {
            block.take_band(band, self.spilled_file()?, &mut bytes, &mut keys)?;
            all.append(&mut keys);
        }
        Ok(all)
    }

    /// Reads the units that are in the file, once all are: so that their number is known, and they fit exactly.
    fn read_units(&mut self) -> Result<()> {
        let (units, profiles) = self
            .spilled()
            .fold((0, 0), |(units, profiles), (block, ..)| (units + block.units, profiles + block.profiles));
        let (mut all, mut bytes) = (Columns::with_capacity(units, profiles), Vec::new());
        for (block, first, _) in self.spilled() {
            let mut columns = block.columns(self.spilled_file()?, &mut bytes)?;
            all.units.append(&mut columns.units);
            all.profile_of.extend(columns.profile_of.iter().map(|profile| first + profile));
            all.sizes.append(&mut columns.sizes);
            all.key_counts.append(&mut columns.key_counts);
        }
        let Columns { units, profile_of, sizes, key_counts } = all;
        self.profiled = Profiled { units, profile_of, sizes, key_counts, ..std::mem::take(&mut self.profiled) };
        Ok(())
    }

    /// Takes the keys out that are in memory: the fingerprints, and by band those of the signatures.
    pub(super) fn take_keys(&mut self) -> (Keys, Vec<Vec<u32>>) {
        (std::mem::take(&mut self.profiled.fingerprints), std::mem::take(&mut self.profiled.rewordings))
    }

    /// Returns what is still needed once all is compared.
    pub(super) fn discard(self) -> Found {
        let Profiled { units, asides, stuffed, agencies, .. } = self.profiled;
        Found { units, asides, stuffed, agencies, ..Found::default() }
    }

    fn append(&mut self, more: Profiled, block: Option<Block>) {
        let last = self.blocks.last().zip(self.starts.last());
        let first_profile = last.map_or(0, |(block, start)| start.1 + block.profiles() as u32);
        self.starts.push((DocumentId::of(self.documents()), first_profile));
        let texts = self.profiled.append(more);
        self.blocks.push(block.unwrap_or(Block::Held(texts)));
    }
}

/// Counts, sets boilerplate aside, profiles and fingerprints documents that are in memory.
pub fn prepare(documents: &[Document], params: &Params, watch: &mut Stopwatch) -> Prepared {
    let corpus = Held(documents);
    watch.stage("count");
    let prepared = Observing::all(&corpus, params, &Engine::Memory)
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
    let mut counted = observing.count(engine, &watch.stop())?;
    counted.keep_short();
    watch.stage("profile");
    let lexicon = Lexicon::of(&params.own);
    let profiler = Profiler::new(params, &counted.knowledge, &lexicon);
    let prepared: InOrder<(Profiled, Option<Block>), Prepared> = InOrder::default();
    let files = Files::of(engine)?;
    let failed: Mutex<Option<Error>> = Mutex::default();
    corpus.pass(&|batch| {
        let known = counted.counts(batch.number).and_then(|counts| Ok((counts, counted.cuts(batch)?)));
        let (counts, documents) = match known {
            Ok(known) => known,
            Err(error) => {
                failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                return;
            }
        };
        let mut profiled = profiler.batch(counted.starts[batch.number], documents, Some(&counts));
        counted.forget(batch.number);
        let block = files.as_ref().map(|files| Block::spill(&mut profiled, files));
        prepared.put(batch.number, (profiled, block), |all, (profiled, block)| all.append(profiled, block));
    })?;
    failed.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)?;
    drop(counted);
    files.as_ref().map_or(Ok(()), Files::check)?;
    let mut prepared = Prepared { files, ..prepared.sum() };
    if !prepared.is_held() {
        prepared.read_units()?;
    }
    Ok(prepared)
}
