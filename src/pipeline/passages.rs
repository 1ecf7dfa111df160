//! Passages that the texts of matches share.

use std::ops::Range;

use rayon::prelude::*;

use super::corpus::ByBatch;
use super::disk::{Engine, SpillFile};
use super::{Found, Scanned};
use crate::segment::cut;
use crate::token::Token;
use crate::verify::{Match, SharedPassage, shared_passages};
use crate::{Document, Result, Span, Unit};

/// Most matches whose passages are worked out, and held, at a time.
const MOST_MATCHES: usize = 1 << 12;

/// Most bytes of text in the matches whose passages are worked out at a time, unless a single match has more. Passages of
/// three words take about as many bytes as their text.
const MOST_TEXT_BYTES: usize = 4 << 20;

/// Finds the passages of at least `least_words` words that the two texts of each match share, as bytes of the documents' texts,
/// and hands them over in the order of the matches: some matches at a time, by their indices, with the passages of each.
///
/// It reads the inputs again. The texts of documents that match are held in memory if the run works in memory, and are put
/// into a temporary file otherwise.
///
/// # Errors
/// If an input can no longer be read as it was, a temporary file cannot be kept, and what `each` returns.
pub fn passages(
    scanned: &Scanned,
    found: &Found,
    least_words: usize,
    mut each: impl FnMut(Range<usize>, &[Vec<SharedPassage>]) -> Result<()>,
) -> Result<()> {
    let texts = Texts::of(scanned, found)?;
    let mut start = 0;
    while start < found.matches.len() {
        let end = start + together(&found.matches[start..], found);
        let shared: Vec<Vec<SharedPassage>> = found.matches[start..end]
            .par_iter()
            .map(|tie| -> Result<Vec<SharedPassage>> {
                let [a, b] = [tie.a, tie.b].map(|unit| texts.tokens(found.unit(unit)));
                Ok(shared_passages(&a?, &b?, least_words))
            })
            .collect::<Result<_>>()?;
        each(start..end, &shared)?;
        start = end;
    }
    Ok(())
}

/// Returns how many of some matches are worked out at a time: at least one.
fn together(matches: &[Match], found: &Found) -> usize {
    let text_bytes = |tie: &Match| [tie.a, tie.b].map(|unit| found.unit(unit).span.len()).iter().sum::<usize>();
    let mut total = 0;
    let fits = |tie: &&Match| {
        total += text_bytes(tie);
        total <= MOST_TEXT_BYTES
    };
    matches.iter().take(MOST_MATCHES).take_while(fits).count().max(1)
}

/// The texts of all documents that match.
enum Texts {
    /// By document; empty where a document does not match.
    Held(Vec<Box<str>>),
    /// In a file, with the place of each document's text there.
    Spilled(SpillFile, Vec<u64>),
}

impl Texts {
    fn of(scanned: &Scanned, found: &Found) -> Result<Self> {
        let mut is_wanted = vec![false; scanned.heads.len()];
        let units = found.matches.iter().flat_map(|tie| [tie.a, tie.b]);
        units.for_each(|unit| is_wanted[found.unit(unit).document.index()] = true);
        match scanned.engine() {
            Engine::Memory => {
                let texts = in_order(scanned, |i, document| if is_wanted[i] { document.text } else { Box::default() })?;
                Ok(Texts::Held(texts))
            }
            Engine::Disk { folder, .. } => {
                let file = SpillFile::new(folder)?;
                let put = |document: Document| file.append(document.text.as_bytes());
                let places = in_order(scanned, |i, document| if is_wanted[i] { put(document) } else { 0 })?;
                file.check()?;
                Ok(Texts::Spilled(file, places))
            }
        }
    }

    /// Returns the tokens of a unit, by their places in the text of its document.
    fn tokens(&self, unit: &Unit) -> Result<Vec<Token>> {
        let document = unit.document.index();
        match self {
            Texts::Held(texts) => Ok(tokens(unit.span.of(&texts[document]), unit.span)),
            Texts::Spilled(file, places) => {
                let mut bytes = vec![0; unit.span.len()];
                file.read(places[document] + unit.span.start as u64, &mut bytes)?;
                Ok(tokens(&String::from_utf8_lossy(&bytes), unit.span))
            }
        }
    }
}

/// Reads the documents again and returns what is made of each, in their order.
fn in_order<T: Send>(scanned: &Scanned, make: impl Fn(usize, Document) -> T + Sync) -> Result<Vec<T>> {
    let blocks = ByBatch::default();
    scanned.blocks(&|number, first, documents| {
        let made: Vec<T> = (first..).zip(documents).map(|(i, document)| make(i, document)).collect();
        blocks.put(number, made);
    })?;
    Ok(blocks.in_order().flatten().collect())
}

/// Returns the tokens of the text at a span of a document.
fn tokens(text: &str, span: Span) -> Vec<Token> {
    let mut tokens = cut(&Document::new("", text)).tokens;
    tokens.iter_mut().for_each(|token| token.start += span.start);
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Params;
    use crate::pipeline::{Stopwatch, scan};
    use crate::read::{Fields, ReadOptions, discover};

    /// The passages of all matches of our articles, with an engine and a number of threads.
    fn of_articles(engine: Engine, threads: usize) -> Vec<Vec<SharedPassage>> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/articles").to_owned();
        let options = ReadOptions { block_bytes: 10_000, ..ReadOptions::default() };
        let params = Params::default();
        let run = || {
            let inputs = discover(&[folder]).unwrap();
            let mut scanned = scan(inputs, &Fields::default(), &options, &params, engine, &|_| ()).unwrap();
            let found = scanned.find(&params, &mut Stopwatch::default()).unwrap();
            let mut all = Vec::new();
            passages(&scanned, &found, params.shingle, |range, shared| {
                assert_eq!((range.start, range.len()), (all.len(), shared.len()));
                all.extend_from_slice(shared);
                Ok(())
            })
            .unwrap();
            assert_eq!(all.len(), found.matches.len());
            all
        };
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(run)
    }

    #[test]
    fn any_engine_and_threads_find_the_same_passages() {
        let temporary = tempfile::tempdir().unwrap();
        let expected = of_articles(Engine::Memory, 1);
        assert!(expected.iter().map(Vec::len).sum::<usize>() > 100, "{}", expected.len());
        for (working_bytes, threads) in [(0, 1), (10_000, 3)] {
            let engine = Engine::Disk { working_bytes, folder: temporary.path().into() };
            assert!(of_articles(engine, threads) == expected, "{working_bytes} bytes, {threads} threads");
        }
        assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 0);
    }
}
