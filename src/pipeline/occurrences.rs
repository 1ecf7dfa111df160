//! In how many documents the shingles of all documents occur, told in the order of the documents.
//!
//! A segment is the shingles of some batches, in the order in which a thread came to them. A part is the shingles whose hashes begin
//! with the same bits. The first pass gathers segments. Then each part of all segments is counted by itself, in a table that fits a
//! cache, and each shingle is replaced by its count at once: one byte. The second pass goes through the batches of a segment in the
//! same order and takes the next count of each shingle's part. So no table of all shingles is made, of which each look-up would wait
//! for memory, and what is held at a time does not grow with the corpus if the rest is in files.

use std::slice;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::disk::{Engine, SpillFile, put_all};
use super::stopwatch::Stop;
use super::store::damaged;
use crate::Result;
use crate::survey::{Gathered, PARTS, Part, count_each, part_of};

/// Batches by their numbers, each with what comes with it.
type Batches<T> = Vec<(usize, T)>;

/// The shingles of some batches, in the order of these. `T` is what comes with each batch.
pub(super) struct Segment<T> {
    batches: Batches<T>,
    shingles: Gathered,
}

impl<T> Default for Segment<T> {
    fn default() -> Self {
        Segment { batches: Vec::new(), shingles: Gathered::default() }
    }
}

impl<T> Segment<T> {
    /// Adds a shingle of the batch that ends next.
    #[inline]
    pub fn add(&mut self, shingle: u64) {
        // 0 stands for no shingle: no count is asked for it.
        if shingle != 0 {
            self.shingles.add(shingle);
        }
    }

    /// Ends a batch.
    pub fn end_batch(&mut self, number: usize, with: T) {
        self.batches.push((number, with));
    }
}

/// All segments, which are still to be counted.
pub(super) struct Occurrences<T> {
    /// Bytes of shingles from which on a segment is complete.
    full_bytes: usize,
    /// Files for the shingles and for their counts, if these are not to be in memory.
    files: Option<[SpillFile; 2]>,
    complete: Mutex<Vec<Complete<T>>>,
}

/// A segment that is complete.
struct Complete<T> {
    batches: Batches<T>,
    shingles: Placed,
}

/// The shingles of a segment, part by part.
struct Placed {
    /// The number of shingles in each part.
    lengths: Vec<u32>,
    place: Place,
}

enum Place {
    Held(Vec<Part>),
    /// From this place on in the file.
    Spilled(u64),
}

/// Bytes of a segment where all is in memory: small enough that all threads get some.
const HELD_BYTES: usize = 1 << 20;
/// Least bytes of a segment in a file, so that its parts are long enough to be read by themselves.
const LEAST_SPILLED_BYTES: usize = 8 << 20;

impl<T> Occurrences<T> {
    /// Makes room for the segments of an engine.
    pub fn new(engine: &Engine) -> Result<Self> {
        let (full_bytes, files) = match engine {
            Engine::Memory => (HELD_BYTES, None),
            Engine::Disk { working_bytes, folder } => {
                let of_thread = working_bytes / rayon::current_num_threads();
                (of_thread.max(LEAST_SPILLED_BYTES), Some([SpillFile::new(folder)?, SpillFile::new(folder)?]))
            }
        };
        Ok(Occurrences { full_bytes, files, complete: Mutex::default() })
    }

    /// Takes a segment in if it is full, and leaves an empty one.
    pub fn take_full(&self, segment: &mut Segment<T>) {
        if segment.shingles.bytes() > self.full_bytes {
            self.take(segment);
        }
    }

    /// Takes a segment in, and leaves an empty one. Errors show when the segments are [counted](Occurrences::count).
    pub fn take(&self, segment: &mut Segment<T>) {
        let Segment { batches, shingles } = std::mem::take(segment);
        let parts = shingles.into_parts();
        let lengths = parts.iter().map(|part| part.iter().map(|piece| piece.len() as u32).sum()).collect();
        let place = match &self.files {
            None => Place::Held(parts),
            Some([file, _]) => Place::Spilled(spill(parts, file)),
        };
        let shingles = Placed { lengths, place };
        let complete = Complete { batches, shingles };
        self.complete.lock().unwrap_or_else(PoisonError::into_inner).push(complete);
    }

    /// Counts all shingles. Returns the segments, and the counts of each.
    pub fn count(self, stop: &Stop) -> Result<(Vec<Batches<T>>, SegmentCounts)> {
        let complete = self.complete.into_inner().unwrap_or_else(PoisonError::into_inner);
        let (segments, placed): (Vec<_>, Vec<Placed>) =
            complete.into_iter().map(|one| (one.batches, one.shingles)).unzip();
        let starts = starts(&placed);
        let counts = match self.files {
            None => Counts::Held(by_part(placed).into_par_iter().map(|part| count_each(&part)).collect()),
            Some([shingles, counts]) => {
                shingles.check()?;
                let count = |part: usize| {
                    stop.check()?;
                    Ok(counts.append(&count_each(&read(part, &placed, &shingles)?)))
                };
                let at = (0..PARTS).into_par_iter().map(count).collect::<Result<_>>()?;
                counts.check()?;
                Counts::Spilled(counts, at)
            }
        };
        Ok((segments, SegmentCounts { starts, counts }))
    }
}

/// Writes the shingles of a segment to a file, part by part, and returns their place.
fn spill(parts: Vec<Part>, file: &SpillFile) -> u64 {
    let shingles: usize = parts.iter().flatten().map(|piece| piece.len()).sum();
    let mut bytes = Vec::with_capacity(shingles * size_of::<u32>());
    parts.into_iter().flatten().for_each(|piece| put_all(&piece, &mut bytes));
    file.append(&bytes)
}

/// Reads the shingles of a part from all segments in a file.
fn read(part: usize, placed: &[Placed], file: &SpillFile) -> Result<Part> {
    let (mut bytes, mut hashes, mut all) = (Vec::new(), Vec::<u32>::new(), Part::new());
    for Placed { lengths, place } in placed {
        let Place::Spilled(at) = place else { continue };
        let before: u64 = lengths[..part].iter().map(|&length| u64::from(length)).sum();
        file.read_into(at + before * size_of::<u32>() as u64, lengths[part] as usize, &mut bytes, &mut hashes)?;
        all.push(hashes.as_slice().into());
    }
    Ok(all)
}

/// Returns the shingles of all segments in memory, part by part.
fn by_part(placed: Vec<Placed>) -> Vec<Part> {
    let mut parts: Vec<Part> = vec![Part::new(); PARTS];
    for Placed { place, .. } in placed {
        let Place::Held(of_segment) = place else { continue };
        parts.iter_mut().zip(of_segment).for_each(|(part, mut more)| part.append(&mut more));
    }
    parts
}

/// Returns, for each segment and once more after the last, how many shingles of each part come before it.
fn starts(placed: &[Placed]) -> Vec<Vec<u32>> {
    let mut starts = vec![vec![0; PARTS]];
    for (segment, Placed { lengths, .. }) in placed.iter().enumerate() {
        starts.push(starts[segment].iter().zip(lengths).map(|(start, length)| start + length).collect());
    }
    starts
}

/// The counts of all shingles.
pub(super) struct SegmentCounts {
    /// Segment by segment and part by part, where the counts begin; and once more where the last ones end.
    starts: Vec<Vec<u32>>,
    counts: Counts,
}

/// Counts by part.
enum Counts {
    Held(Vec<Vec<u8>>),
    /// In a file, each part from a place on.
    Spilled(SpillFile, Vec<u64>),
}

impl SegmentCounts {
    /// Returns the counts of a segment. `buffer` holds those that are read from a file.
    pub fn of<'b>(&'b self, segment: usize, buffer: &'b mut Vec<u8>) -> Result<CountsInOrder<'b>> {
        let places = self.starts[segment].iter().zip(&self.starts[segment + 1]);
        let places = places.map(|(&start, &end)| start as usize..end as usize);
        let parts = match &self.counts {
            Counts::Held(parts) => parts.iter().zip(places).map(|(part, place)| part[place].iter()).collect(),
            Counts::Spilled(file, at) => {
                buffer.resize(places.clone().map(|place| place.len()).sum(), 0);
                let mut rest = &mut buffer[..];
                let mut parts = Vec::with_capacity(PARTS);
                for (at, place) in at.iter().zip(places) {
                    let (part, after) = rest.split_at_mut(place.len());
                    file.read(at + place.start as u64, part)?;
                    parts.push(part.iter());
                    rest = after;
                }
                parts
            }
        };
        Ok(CountsInOrder { parts, is_damaged: false })
    }
}

/// The counts of a segment, which are taken one by one.
pub(super) struct CountsInOrder<'b> {
    /// By part, those that are left.
    parts: Vec<slice::Iter<'b, u8>>,
    is_damaged: bool,
}

impl CountsInOrder<'_> {
    /// Returns the count of a shingle, which is the next of the segment in its part: 1 for once, 255 for that and more.
    #[inline]
    pub fn next(&mut self, shingle: u64) -> u8 {
        let count = self.parts[part_of(shingle)].next();
        self.is_damaged |= count.is_none();
        count.copied().unwrap_or_default()
    }

    /// Returns an error if there were too few counts, or some are left.
    pub fn end(mut self) -> Result<()> {
        let all_taken = self.parts.iter_mut().all(|part| part.next().is_none());
        if all_taken && !self.is_damaged { Ok(()) } else { Err(damaged()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash;

    /// Shingles of a batch: those of later batches repeat some of earlier ones.
    fn shingles(batch: usize) -> impl Iterator<Item = u64> {
        (batch * 7..batch * 11 + 300).map(|n| hash::constant((n % 500) as u64))
    }

    #[test]
    fn counts_are_those_of_one_table_wherever_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let engines = [Engine::Memory, Engine::Disk { working_bytes: 1, folder: folder.path().into() }];
        let mut all = Gathered::default();
        (0..100).flat_map(shingles).for_each(|shingle| all.add(shingle));
        let expected = all.count();
        for engine in engines {
            let occurrences = Occurrences::new(&engine).unwrap();
            let mut open = [Segment::default(), Segment::default()];
            // Batches come in any order, segments are of any size, and one of them is empty.
            for batch in (0..100).rev() {
                let segment = &mut open[batch % 2];
                shingles(batch).for_each(|shingle| segment.add(shingle));
                segment.end_batch(batch, ());
                if batch % 10 == 0 {
                    occurrences.take(segment);
                }
            }
            open.iter_mut().for_each(|segment| occurrences.take(segment));
            let (segments, counts) = occurrences.count(&Stop::default()).unwrap();
            let mut buffer = Vec::new();
            for (segment, batches) in segments.iter().enumerate() {
                let mut counts = counts.of(segment, &mut buffer).unwrap();
                for &(batch, ()) in batches {
                    shingles(batch).for_each(|shingle| assert_eq!(counts.next(shingle), expected.get(shingle)));
                }
                counts.end().unwrap();
            }
            assert_eq!(segments.iter().flatten().count(), 100);
            let mut too_few = counts.of(0, &mut buffer).unwrap();
            too_few.next(shingles(0).next().unwrap());
            assert!(too_few.end().is_err());
        }
    }

    #[test]
    fn only_full_segments_are_taken() {
        let occurrences = Occurrences::new(&Engine::Memory).unwrap();
        let mut segment = Segment::default();
        for batch in 0..3 {
            (0..120_000).for_each(|n| segment.add(hash::constant(n)));
            segment.end_batch(batch, ());
            occurrences.take_full(&mut segment);
        }
        let (segments, _) = occurrences.count(&Stop::default()).unwrap();
        assert_eq!(segments, [vec![(0, ()), (1, ())]]);
        assert_eq!(segment.batches, [(2, ())]);
    }
}
