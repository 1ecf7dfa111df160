//! Adding documents to an index, and asking it what it has seen of others.

use std::time::{SystemTime, UNIX_EPOCH};

use rayon::prelude::*;

use super::corpus::BATCH;
use super::learn::learn;
use crate::boilerplate::{Lexicon, TitleIndex, promotions};
use crate::index::{Addition, Candidate, Day, Entry, Item, Maker, Reader, estimate};
use crate::profile::Profiler;
use crate::segment::{Cut, cut};
use crate::survey::Survey;
use crate::token::Word;
use crate::verify::{Kind, Verified, verify_texts};
use crate::{Bands, Document, DocumentId, Grain, Params, Result, UnitId};

/// The result of adding documents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Added {
    /// They are in the index now.
    pub added: u64,
    /// They were there before, the same in all.
    pub known: u64,
}

/// An item of an index that a document matches.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Index of the document.
    pub document: usize,
    /// The item.
    pub item: Item,
    /// The item's number in the index: what was added later has a higher one.
    pub number: u32,
    /// The kind of their match.
    pub verified: Verified,
    /// Whether that is estimated from signatures, since the index keeps no texts. That words are the same is certain all
    /// the same.
    pub estimated: bool,
    /// Whether the item is the document itself, which was added before (see [`Reader::itself`]).
    pub same: bool,
    /// Whether the item has more body words than the document.
    pub longer: bool,
}

/// Documents whose words are counted together before the first of them is sketched.
const COUNTED: usize = 1 << 14;

/// Returns the day it is.
pub fn today() -> Day {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    (since.as_secs() / SECONDS_PER_DAY) as Day
}

const SECONDS_PER_DAY: u64 = 86_400;

/// Adds documents. `today` is the day that they are added.
pub fn add(addition: &mut Addition, documents: &[Document], today: Day) -> Result<Added> {
    let mut done = Added::default();
    let maker = Maker::new(addition.index().settings());
    for documents in documents.chunks(COUNTED) {
        let new = addition.are_new(documents)?;
        let documents: Vec<&Document> =
            documents.iter().zip(&new).filter(|(_, new)| **new).map(|(document, _)| document).collect();
        done.known += (new.len() - documents.len()) as u64;
        done.added += documents.len() as u64;
        let counted: Vec<(Vec<Cut>, Survey)> = documents.par_chunks(BATCH).map(cut_and_count).collect();
        let mut cuts: Vec<Vec<Cut>> = Vec::with_capacity(counted.len());
        let mut survey = Survey::default();
        for (batch, more) in counted {
            cuts.push(batch);
            survey.merge(more);
        }
        addition.count(&survey)?;
        let weights = addition.weights(&survey);
        let made: Vec<Vec<(Entry, Cut)>> = documents
            .par_chunks(BATCH)
            .zip(cuts)
            .map(|(documents, cuts)| {
                let each = documents.iter().zip(cuts);
                each.map(|(document, cut)| (maker.entry(document, &cut, &weights), cut)).collect()
            })
            .collect();
        for (document, (entry, cut)) in documents.iter().zip(made.iter().flatten()) {
            addition.push(document, cut, entry, today)?;
        }
    }
    Ok(done)
}

fn cut_and_count(documents: &[&Document]) -> (Vec<Cut>, Survey) {
    let mut survey = Survey::default();
    let cuts: Vec<Cut> = documents.iter().map(|document| cut(document)).collect();
    for cut in &cuts {
        for paragraph in &cut.paragraphs {
            survey.observe_words(cut.tokens[paragraph.range()].iter().map(|token| token.word));
        }
    }
    (cuts, survey)
}

/// Learns what the sample has to teach, and makes the addition durable. Gives the number of items added.
pub fn commit(mut addition: Addition, params: &Params) -> Result<u32> {
    let sample = addition.sample()?;
    let knowledge = sample.filter(|_| params.set_aside).map(|sample| learn(&sample, params));
    addition.commit(knowledge.as_ref())
}

/// The numbers of the items that each document is itself (see [`Reader::itself`]).
pub fn itself(documents: &[Document], index: &Reader) -> Result<Vec<Vec<u32>>> {
    documents.par_iter().map(|document| index.itself(document)).collect()
}

/// Returns the items of an index that each document repeats: those that [`find`](super::find) on both together would match
/// with it at the grain of whole documents; in order of the documents, then of the items' ids.
///
/// Words weigh what they weigh in the index, sources have the boilerplate that the index has learned, and each document
/// is asked about alone: what is found does not depend on the others.
pub fn query(documents: &[Document], index: &Reader, params: &Params) -> Result<Vec<Seen>> {
    // The index proposes: what is held against its items needs no signatures once more.
    let rewordings = Bands { bands: 0, ..params.rewordings };
    let params = Params { grains: vec![Grain::Document], rewordings, ..params.clone() };
    let lexicon = Lexicon::of(&params.own);
    let asking = Asking { index, params: &params, lexicon: &lexicon };
    let found: Vec<Vec<Seen>> = documents.par_iter().map(|document| asking.about(document)).collect::<Result<_>>()?;
    let numbered = found.into_iter().enumerate();
    Ok(numbered.flat_map(|(document, found)| found.into_iter().map(move |seen| Seen { document, ..seen })).collect())
}

struct Asking<'a> {
    index: &'a Reader,
    params: &'a Params,
    lexicon: &'a Lexicon,
}

impl Asking<'_> {
    fn about(&self, document: &Document) -> Result<Vec<Seen>> {
        let mut found = if self.index.settings().text { self.verified(document)? } else { self.estimated(document)? };
        self.keep_best_statements(&mut found)?;
        let itself = if found.is_empty() { Vec::new() } else { self.index.itself(document)? };
        found.iter_mut().for_each(|(number, seen)| seen.same = itself.contains(number));
        found.sort_by(|(_, a), (_, b)| {
            let key = |seen: &Seen| (seen.item.id.clone(), seen.item.source.clone(), seen.item.date.clone());
            key(a).cmp(&key(b)).then(b.verified.score.total_cmp(&a.verified.score))
        });
        Ok(found.into_iter().map(|(_, seen)| seen).collect())
    }

    fn candidates(&self, document: &Document) -> Result<(Cut, Entry, Vec<Candidate>)> {
        let cut = cut(document);
        let weights = self.index.weights(cut.tokens.iter().map(|token| token.word))?;
        let entry = self.index.maker().entry(document, &cut, &weights);
        let candidates = self.index.candidates(&entry)?;
        Ok((cut, entry, candidates))
    }

    /// By the texts.
    fn verified(&self, document: &Document) -> Result<Vec<(u32, Seen)>> {
        let (cut, _, candidates) = self.candidates(document)?;
        self.held_against(document, cut, candidates)
    }

    /// A document, which comes cut, held against items.
    fn held_against(&self, document: &Document, own: Cut, candidates: Vec<Candidate>) -> Result<Vec<(u32, Seen)>> {
        let numbers: Vec<u32> = candidates.iter().map(|candidate| candidate.item).collect();
        let items = self.index.get(&numbers)?;
        let mut documents = vec![document.clone()];
        documents.extend(items.iter().map(Item::document));
        let mut cuts = vec![own];
        cuts.extend(documents[1..].iter().map(cut));
        let weights = self.index.weights(cuts.iter().flat_map(|cut| &cut.tokens).map(|token| token.word))?;
        let titles = self.titles(&documents, &cuts)?;
        let (params, known) = (self.params, self.index.knowledge());
        let profiler = Profiler::with(params, known, &weights, &titles, self.lexicon);
        let profiled = profiler.batch(DocumentId(0), documents.iter().zip(cuts), None);
        let mut found = Vec::new();
        for ((other, candidate), item) in (1..).map(UnitId).zip(&candidates).zip(items) {
            let (a, b) = (profiled.text(UnitId(0)), profiled.text(other));
            let longer = b.words.len() > a.words.len();
            if let Some(verified) = verify_texts(a, b, params.level, &params.thresholds) {
                found.push((candidate.item, seen(candidate.item, item, verified, false, longer)));
            }
        }
        Ok(found)
    }

    /// The titles that the documents may promote, and their own.
    fn titles(&self, documents: &[Document], cuts: &[Cut]) -> Result<TitleIndex> {
        let mut places = Vec::new();
        for (document, cut) in documents.iter().zip(cuts) {
            for at in promotions(document, cut, self.lexicon) {
                let words: Vec<Word> = cut.tokens[at..].iter().take(TitleIndex::KEY).map(|token| token.word).collect();
                places.extend(TitleIndex::place(&words));
            }
        }
        let titles = self.index.titles(places.into_iter())?;
        Ok(TitleIndex::new(cuts.iter().map(|cut| &cut.title[..]).chain(titles.iter().map(|title| &title[..]))))
    }

    /// By the signatures.
    fn estimated(&self, document: &Document) -> Result<Vec<(u32, Seen)>> {
        let (_, entry, candidates) = self.candidates(document)?;
        let Params { level, thresholds, .. } = self.params;
        let matches: Vec<(Candidate, Verified)> = candidates
            .into_iter()
            .filter_map(|candidate| {
                let verified = estimate(self.index.settings(), &entry.row, &candidate, *level, thresholds)?;
                Some((candidate, verified))
            })
            .collect();
        let numbers: Vec<u32> = matches.iter().map(|(candidate, _)| candidate.item).collect();
        let items = self.index.get(&numbers)?.into_iter();
        let told = |((candidate, verified), item): ((Candidate, Verified), Item)| {
            let longer = candidate.row.words > entry.row.words;
            (candidate.item, seen(candidate.item, item, verified, verified.kind != Kind::Exact, longer))
        };
        Ok(matches.into_iter().zip(items).map(told).collect())
    }

    /// Drops rewordings that rest on their words alone where the document, or the item, has better matches in the index.
    fn keep_best_statements(&self, found: &mut Vec<(u32, Seen)>) -> Result<()> {
        if found.iter().all(|(_, seen)| !seen.verified.statement) {
            return Ok(());
        }
        let best = |found: &[(u32, Seen)], but: Option<u32>| {
            let others = found.iter().filter(|(item, seen)| Some(*item) != but && seen.verified.kind != Kind::Template);
            others.map(|(_, seen)| seen.verified.measures.weighted_jaccard).fold(0f32, f32::max)
        };
        let own = best(found, None);
        let mut kept = Vec::with_capacity(found.len());
        for (item, seen) in found.drain(..) {
            let similarity = seen.verified.measures.weighted_jaccard;
            let share = self.params.thresholds.statement_best;
            let stands = !seen.verified.statement || similarity >= share * own || {
                let theirs = best(&self.verified(&seen.item.document())?, Some(item));
                similarity >= share * own.min(theirs.max(similarity))
            };
            if stands {
                kept.push((item, seen));
            }
        }
        *found = kept;
        Ok(())
    }
}

/// An item that a document matches; which document, and whether it is the item itself, is told later.
fn seen(number: u32, item: Item, verified: Verified, estimated: bool, longer: bool) -> Seen {
    Seen { document: 0, item, number, verified, estimated, same: false, longer }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{Index, Settings};
    use crate::read::{Fields, ReadOptions, discover};

    fn articles() -> Vec<Document> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/articles").to_owned();
        let inputs = discover(&[folder]).unwrap();
        super::super::load(inputs, &Fields::default(), &ReadOptions::default(), &|_| ()).documents
    }

    #[test]
    fn a_query_finds_what_a_scan_of_all_items_finds() {
        let documents = articles();
        let (old, new): (Vec<_>, Vec<_>) = documents.into_iter().enumerate().partition(|(i, _)| i % 2 == 0);
        let [old, new] = [old, new].map(|part| part.into_iter().map(|(_, document)| document).collect::<Vec<_>>());
        let folder = tempfile::tempdir().unwrap();
        let params = Params { grains: vec![Grain::Document], ..Params::default() };
        let index = Index::write(folder.path().join("index"), &Settings::of(&params, true)).unwrap();
        let mut addition = index.addition().unwrap();
        assert_eq!(add(&mut addition, &old, 0).unwrap(), Added { added: old.len() as u64, known: 0 });
        commit(addition, &params).unwrap();
        let reader = index.reader().unwrap();
        let asking = Asking { index: &reader, params: &params, lexicon: Lexicon::known() };
        let all: Vec<Candidate> = (0..reader.items()).map(|item| reader.candidate(item).unwrap()).collect();
        let (mut scanned, mut found) = (0, 0);
        for document in &new {
            let scan = asking.held_against(document, cut(document), all.clone()).unwrap();
            let query = asking.verified(document).unwrap();
            let verdicts = |seen: &[(u32, Seen)]| -> std::collections::BTreeMap<u32, Verified> {
                seen.iter().map(|(item, seen)| (*item, seen.verified)).collect()
            };
            let (scan, query) = (verdicts(&scan), verdicts(&query));
            // Whatever is found is found to be the same.
            query.iter().for_each(|(item, verified)| assert_eq!(scan.get(item), Some(verified), "{}", document.id));
            // Banding proposes by chance, here as in `find`: a pair that shares few shingles and half of its telling words
            // may be missed, as one template is. A copy shares too much for that.
            for (item, missed) in scan.iter().filter(|(item, _)| !query.contains_key(item)) {
                assert!(missed.kind > Kind::Excerpt, "{} and {item}: {missed:?}", document.id);
                println!("{} and {item}: {missed:?}", document.id);
            }
            (scanned, found) = (scanned + scan.len(), found + query.len());
        }
        assert!(scanned > 30 && found * 100 >= scanned * 95, "{scanned} by a scan, {found} by a query");
    }
}
