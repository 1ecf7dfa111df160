//! A corpus that a run reads several times, and accumulators for its threads.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::stopwatch::Stop;
use crate::segment::{Cut, cut};
use crate::{Document, Result};

/// Documents that can be gone through more than once, in batches: held in memory, or made again each time.
///
/// ```
/// use flong::pipeline::{Batch, Corpus, Engine, Stopwatch, find_in};
/// use flong::segment::cut;
/// use flong::{Document, Params, Result};
///
/// struct Texts(Vec<&'static str>);
///
/// impl Corpus for Texts {
///     fn pass(&self, each: &(dyn Fn(Batch<'_>) + Sync)) -> Result<()> {
///         for (number, text) in self.0.iter().enumerate() {
///             let documents = [Document::new(number.to_string(), *text)];
///             each(Batch { number, documents: &documents, cut: &|i| cut(&documents[i]) });
///         }
///         Ok(())
///     }
/// }
///
/// let text = "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board; nobody was hurt.";
/// let heads = [Document::new("0", ""), Document::new("1", "")];
/// let lengths = [text.len() as u32; 2];
/// let (params, mut watch) = (Params::default(), Stopwatch::default());
/// let found = find_in(&Texts(vec![text; 2]), (&heads).into(), &lengths, &params, &Engine::Memory, &mut watch)?;
/// assert_eq!(found.clusters[0].members.len(), 1);
/// # Ok::<(), flong::Error>(())
/// ```
pub trait Corpus: Sync {
    /// Calls `each` with every batch, on several threads if it likes and in any order. Every pass makes the same batches,
    /// numbered from 0.
    ///
    /// # Errors
    /// If an input can no longer be read as it was before.
    fn pass(&self, each: &(dyn Fn(Batch<'_>) + Sync)) -> Result<()>;
}

/// Some documents that follow each other.
#[derive(Clone, Copy)]
pub struct Batch<'a> {
    /// The number of the batch: later ones hold later documents.
    pub number: usize,
    /// The documents.
    pub documents: &'a [Document],
    /// Cuts the document at an index of these.
    pub cut: &'a dyn Fn(usize) -> Cut,
}

impl<'a> Batch<'a> {
    /// The documents with their cuts, each cut when it is reached.
    pub fn cuts(self) -> impl Iterator<Item = (&'a Document, Cut)> {
        self.documents.iter().enumerate().map(move |(i, document)| (document, (self.cut)(i)))
    }
}

/// A corpus whose passes end early if the run does.
pub(super) struct Stoppable<'a> {
    pub corpus: &'a dyn Corpus,
    pub stop: Stop<'a>,
}

impl Corpus for Stoppable<'_> {
    fn pass(&self, each: &(dyn Fn(Batch<'_>) + Sync)) -> Result<()> {
        self.corpus.pass(&|batch| {
            if self.stop.check().is_ok() {
                each(batch);
            }
        })?;
        self.stop.check()
    }
}

/// Documents in a batch where all are in memory.
pub(super) const BATCH: usize = 256;

/// Documents that are all in memory.
pub(super) struct Held<'a>(pub &'a [Document]);

impl Corpus for Held<'_> {
    fn pass(&self, each: &(dyn Fn(Batch<'_>) + Sync)) -> Result<()> {
        self.0.par_chunks(BATCH).enumerate().for_each(|(number, documents)| {
            each(Batch { number, documents, cut: &|i| cut(&documents[i]) });
        });
        Ok(())
    }
}

/// Accumulators that threads borrow: each adds to one that nobody else has, and the sum of all is taken at the end. What is
/// added up must be a sum, so that it does not matter who added what.
#[derive(Default)]
pub(super) struct Pool<T>(Mutex<Vec<T>>);

impl<T: Default> Pool<T> {
    /// Lends an accumulator.
    pub fn with<R>(&self, add: impl FnOnce(&mut T) -> R) -> R {
        let mut lent = self.held().pop().unwrap_or_default();
        let result = add(&mut lent);
        self.held().push(lent);
        result
    }

    /// Calls `each` with every accumulator, once nobody borrows them.
    pub fn each(&mut self, each: impl FnMut(&mut T)) {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner).iter_mut().for_each(each);
    }

    /// Returns the sum of all.
    pub fn sum(self, merge: impl Fn(&mut T, T)) -> T {
        let mut held = self.0.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter();
        let mut sum = held.next().unwrap_or_default();
        held.for_each(|more| merge(&mut sum, more));
        sum
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Vec<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Results of a pass, one for each batch, put in any order and returned in the order of the batches. Numbers may be missing, as those
/// of inputs that cannot be read are in the first pass; [`InOrder`] waits for every number.
pub(super) struct ByBatch<T>(Mutex<Vec<(usize, T)>>);

impl<T> Default for ByBatch<T> {
    fn default() -> Self {
        ByBatch(Mutex::default())
    }
}

impl<T> ByBatch<T> {
    /// Takes in what was made of a batch.
    pub fn put(&self, number: usize, made: T) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((number, made));
    }

    /// Returns all in the order of the batches.
    pub fn in_order(self) -> impl Iterator<Item = T> {
        self.numbered().into_iter().map(|(_, made)| made)
    }

    /// Returns all in the order of the batches, with the numbers of these.
    pub fn numbered(self) -> Vec<(usize, T)> {
        let mut made = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        made.sort_unstable_by_key(|&(number, _)| number);
        made
    }
}

/// Results of a pass, one for each batch, put in any order and added up in the order of the batches: each as soon as all before
/// it are, so that few wait.
pub(super) struct InOrder<T, S>(Mutex<Adding<T, S>>);

struct Adding<T, S> {
    sum: S,
    /// The number of batches that are added up.
    added: usize,
    waiting: BTreeMap<usize, T>,
}

impl<T, S: Default> Default for InOrder<T, S> {
    fn default() -> Self {
        InOrder(Mutex::new(Adding { sum: S::default(), added: 0, waiting: BTreeMap::new() }))
    }
}

impl<T, S> InOrder<T, S> {
    /// Takes in what was made of a batch, and calls `add` with it and with those that waited for it.
    pub fn put(&self, number: usize, made: T, add: impl Fn(&mut S, T)) {
        let Adding { sum, added, waiting } = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.insert(number, made);
        while let Some(made) = waiting.remove(added) {
            add(sum, made);
            *added += 1;
        }
    }

    /// Returns the sum of all.
    pub fn sum(self) -> S {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner).sum
    }
}
