//! Exact measures on two texts.

use serde::{Deserialize, Serialize};

use crate::survey::Weight;
use crate::token::{BIGRAMS_PER_WORD, Stem, Word};

/// A text as it is compared: a view of what [`Texts`](crate::profile::Texts) hold of it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Profile<'a> {
    /// The different stems of its words, sorted.
    pub stems: &'a [Stem],
    /// Their weights, one each (see [`crate::survey::Survey::weights`]). Apart from the stems, since of most texts only
    /// these are ever looked at.
    pub weights: &'a [Weight],
    /// Its shingles that some other document may share, 32 bits of each, sorted, each once. The others cannot be in an
    /// intersection.
    pub shingles: &'a [u32],
    /// The number of its different shingles.
    pub shingle_count: u32,
    /// The sum of the weights of its stems: how much the text says.
    pub mass: f32,
    /// Whether any of its words states a fact (see [`state_facts`](super::state_facts)).
    pub states_facts: bool,
    /// A hash of all of its words, those that are set aside too.
    pub whole: u64,
    /// Whether it is cut off: a mark of truncation stands at its end.
    pub cut_off: bool,
    /// Whether its document is code, documentation, a table or verse, where a line means something where it is.
    pub in_lines: bool,
    /// The number of its first words that are a headline, of a document whose format has no titles; 0 if none is known.
    pub headline: u32,
}

impl Profile<'_> {
    /// Returns the weight of a stem of the text; nothing if it is not in the text.
    pub fn weight(&self, stem: Stem) -> Weight {
        self.stems.binary_search(&stem).map_or(Weight::default(), |place| self.weights[place])
    }

    /// Returns the first 16 bits of each stem that weighs anything, in the order of the stems: most pairs of texts are refused by
    /// the marks and the [`mass`](Self::mass) of one of them (see [`may_match`](super::may_match)), which are short to send and to read.
    pub fn marks(&self) -> impl Iterator<Item = u16> + '_ {
        self.stems.iter().zip(self.weights).filter(|(_, weight)| weight.0 > 0).map(|(stem, _)| stem.mark())
    }
}

/// The stems of one text, laid out so that the [`shared_mass`] of others with it is found without a branch: which stems
/// two texts share is as good as random, and a merge of the two stumbles at each.
#[derive(Debug, Clone, Default)]
pub struct StemTable {
    /// A power of two; a stem's bucket is told by the high bits of its hash.
    buckets: Vec<Bucket>,
    shift: u32,
    /// The few stems that their buckets had no room for.
    spilt: Vec<(Stem, Weight)>,
}

/// Four stems and what they weigh. A place that is free weighs nothing, whatever it is taken for.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(32))]
struct Bucket {
    stems: [u32; 4],
    weights: [u32; 4],
}

impl StemTable {
    /// Takes in the stems of a text in place of those of the one before.
    pub fn fill(&mut self, text: Profile) {
        let bits = (text.stems.len() * 2).next_power_of_two().trailing_zeros().clamp(4, 24);
        self.shift = 32 - bits;
        self.buckets.clear();
        self.buckets.resize(1 << bits, Bucket::default());
        self.spilt.clear();
        for (&stem, &weight) in text.stems.iter().zip(text.weights).filter(|(_, weight)| weight.0 > 0) {
            let bucket = &mut self.buckets[(stem.0 >> self.shift) as usize];
            match bucket.weights.iter().position(|&held| held == 0) {
                Some(free) => (bucket.stems[free], bucket.weights[free]) = (stem.0, weight.0),
                None => self.spilt.push((stem, weight)),
            }
        }
    }

    /// Returns at least the [`shared_mass`] of the present text and another, by the [marks](Profile::marks) of that. It is nearly
    /// always the mass itself.
    pub fn most_shared_mass(&self, other: &[u16]) -> f32 {
        // The table of a text of very many stems tells them apart by more bits than marks have.
        let Some(shift) = self.shift.checked_sub(u16::BITS) else { return f32::MAX };
        let sum = |marks: &[u16]| -> u64 {
            let mut sums = [0u32; 4];
            for &mark in marks {
                let bucket = &self.buckets[usize::from(mark >> shift) & (self.buckets.len() - 1)];
                for (sum, (&stem, &weight)) in sums.iter_mut().zip(bucket.stems.iter().zip(&bucket.weights)) {
                    *sum += if stem >> u16::BITS == u32::from(mark) { weight } else { 0 };
                }
            }
            sums.iter().map(|&sum| u64::from(sum)).sum()
        };
        let in_buckets: u64 = other.chunks(AT_A_TIME).map(sum).sum();
        let spilt = self.spilt.iter().filter(|(stem, _)| other.binary_search(&stem.mark()).is_ok());
        let spilt: u64 = spilt.map(|(_, weight)| u64::from(weight.0)).sum();
        Weight::in_words(in_buckets + spilt)
    }

    /// Returns the [`shared_mass`] of the present text and another, of which no more than the stems is needed.
    pub fn shared_mass(&self, other: &[Stem]) -> f32 {
        let sum = |stems: &[Stem]| -> u64 {
            let mut sums = [0u32; 4];
            for &Stem(hash) in stems {
                let bucket = &self.buckets[(hash >> self.shift) as usize & (self.buckets.len() - 1)];
                for (sum, (&stem, &weight)) in sums.iter_mut().zip(bucket.stems.iter().zip(&bucket.weights)) {
                    *sum += if stem == hash { weight } else { 0 };
                }
            }
            sums.iter().map(|&sum| u64::from(sum)).sum()
        };
        let in_buckets: u64 = other.chunks(AT_A_TIME).map(sum).sum();
        let spilt = self.spilt.iter().filter(|(stem, _)| other.binary_search(stem).is_ok());
        let spilt: u64 = spilt.map(|(_, weight)| u64::from(weight.0)).sum();
        Weight::in_words(in_buckets + spilt)
    }
}

/// Stems that are summed up at a time: a weight has 17 bits at most, so that the sums of so many fit 32.
const AT_A_TIME: usize = 1 << 15;

/// The comparison of two texts as sets. Values that are not counts are 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Measures {
    /// Jaccard similarity of the shingle sets.
    pub jaccard: f32,
    /// Containment of the smaller shingle set in the larger (Broder 1997).
    pub containment: f32,
    /// Containment of the stems, weighted by inverse document frequency, in the text that says less.
    pub weighted_containment: f32,
    /// Jaccard similarity of the stems, weighted by inverse document frequency.
    pub weighted_jaccard: f32,
    /// The summed weight of the stems in common, counted in rare words.
    pub shared_mass: f32,
    /// The number of shingles in common, stock phrases left out.
    pub shared_shingles: u32,
}

/// From this Jaccard similarity on, of shingles and of weighted stems, two texts say the same.
const SAME_JACCARD: f32 = 0.85;

impl Measures {
    /// Whether two texts have nearly the same words and runs of words, however often each says them: of two such texts of
    /// different lengths, the longer says things twice.
    pub fn say_the_same(&self) -> bool {
        self.jaccard >= SAME_JACCARD && self.weighted_jaccard >= SAME_JACCARD
    }
}

/// The number of values that two sorted sets share.
pub fn shared(a: &[u32], b: &[u32]) -> usize {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        let (x, y) = (a[i], b[j]);
        // Without branches: which side steps is as good as random.
        count += usize::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    count
}

/// Returns the stems of a text that may propose a rewording of it, as hashes: those that weigh enough.
pub fn telling(stems: &[Stem], weights: &[Weight]) -> impl Iterator<Item = u64> {
    let weighed = stems.iter().zip(weights).filter(|(_, weight)| **weight >= Weight::PROPOSES);
    weighed.map(|(stem, _)| u64::from(stem.0) << 32)
}

/// The summed weight of the stems that two texts share.
pub fn shared_mass(a: Profile, b: Profile) -> f32 {
    let (mut i, mut j, mut mass) = (0, 0, 0u64);
    while i < a.stems.len() && j < b.stems.len() {
        let (x, y) = (a.stems[i], b.stems[j]);
        mass += u64::from(a.weights[i].0) * u64::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    Weight::in_words(mass)
}

/// Letters of a word of a usual length.
const USUAL_LETTERS: usize = 4;

/// Returns the number of words that some words would be if all were of a usual length: bigrams of scripts without spaces, and
/// syllables, are shorter than words.
pub(super) fn usual_words(words: &[Word]) -> usize {
    let (mut bigrams, mut letters) = (0, 0);
    for word in words {
        if word.is_bigram() { bigrams += 1 } else { letters += word.length_class() }
    }
    (words.len() - bigrams).min(letters.div_ceil(USUAL_LETTERS)) + bigrams.div_ceil(BIGRAMS_PER_WORD)
}

/// `part / whole`, 0 where there is nothing.
fn share(part: f32, whole: f32) -> f32 {
    if whole > 0.0 { (part / whole).min(1.0) } else { 0.0 }
}

/// All measures of two texts, of which the [`shared_mass`] is known already.
pub fn measure(a: Profile, b: Profile, mass: f32) -> Measures {
    let shared_shingles = shared(a.shingles, b.shingles) as u32;
    let common = shared_shingles as f32;
    let (m, n) = (a.shingle_count as f32, b.shingle_count as f32);
    Measures {
        jaccard: share(common, m + n - common),
        containment: share(common, m.min(n)),
        weighted_containment: weighted_containment(a.mass, b.mass, mass),
        weighted_jaccard: weighted_jaccard(a.mass, b.mass, mass),
        shared_mass: mass,
        shared_shingles,
    }
}

/// [`Measures::weighted_containment`] of two texts of masses `a` and `b` that share `shared`.
pub fn weighted_containment(a: f32, b: f32, shared: f32) -> f32 {
    share(shared, a.min(b))
}

/// [`Measures::weighted_jaccard`] of two texts of masses `a` and `b` that share `shared`.
pub fn weighted_jaccard(a: f32, b: f32, shared: f32) -> f32 {
    share(shared, a + b - shared)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::hash;

    fn set(seed: u64, len: u64, range: u64) -> BTreeSet<u64> {
        (0..len).map(|i| hash::constant(seed * 1000 + i) % range).collect()
    }

    struct Sets(Vec<u32>, Vec<Stem>, Vec<Weight>);

    impl Sets {
        fn new(shingles: &BTreeSet<u64>, words: &BTreeSet<u64>) -> Sets {
            let stems = words.iter().map(|&word| Stem(word as u32)).collect();
            let weights = words.iter().map(|&word| Weight::of((word % 7) as f64)).collect();
            Sets(shingles.iter().map(|&shingle| shingle as u32).collect(), stems, weights)
        }

        fn profile(&self) -> Profile<'_> {
            let Sets(shingles, stems, weights) = self;
            let mass = Weight::in_words(weights.iter().map(|weight| u64::from(weight.0)).sum());
            Profile { shingles, stems, weights, shingle_count: shingles.len() as u32, mass, ..Profile::default() }
        }
    }

    #[test]
    fn measures_are_those_of_the_sets() {
        for seed in 0..50 {
            let (s, t) = (set(seed, 40, 60), set(seed + 100, seed % 45, 60));
            let (v, w) = (set(seed + 200, 30, 50), set(seed + 300, 20, 50));
            let (a, b) = (Sets::new(&s, &v), Sets::new(&t, &w));
            let (a, b) = (a.profile(), b.profile());
            let found = measure(a, b, shared_mass(a, b));
            let mut table = StemTable::default();
            table.fill(Sets::new(&t, &v).profile());
            table.fill(a);
            assert_eq!(table.shared_mass(b.stems), found.shared_mass);
            // All of these stems are small, and have one mark.
            let marks: Vec<u16> = b.marks().collect();
            assert!(table.most_shared_mass(&marks) >= found.shared_mass);
            let common = s.intersection(&t).count() as f32;
            let mass = |set: &BTreeSet<u64>| set.iter().map(|w| (w % 7) as f32).sum::<f32>();
            let both: BTreeSet<u64> = v.intersection(&w).copied().collect();
            assert_eq!(found.jaccard, share(common, s.union(&t).count() as f32));
            assert_eq!(found.containment, share(common, s.len().min(t.len()) as f32));
            assert_eq!(found.shared_mass, mass(&both));
            assert_eq!(found.weighted_containment, share(mass(&both), mass(&v).min(mass(&w))));
            assert_eq!(found.weighted_jaccard, share(mass(&both), mass(&v) + mass(&w) - mass(&both)));
        }
    }

    #[test]
    fn marks_of_stems_tell_nearly_all_of_them_apart() {
        let stems = |seed: u64, count: u64| -> Vec<Stem> {
            let hash = |i: u64| hash::constant(if i.is_multiple_of(3) { i } else { seed << 32 | i });
            let stems: BTreeSet<u32> = (0..count).map(|i| (hash(i) >> 32) as u32).collect();
            stems.into_iter().map(Stem).collect()
        };
        let mut same = 0;
        for (seed, count) in (1..40).map(|seed| (seed, seed * 7)).chain([(50, 20_000), (60, 60_000)]) {
            let (a, b) = (stems(seed, count), stems(seed + 100, 100));
            let weights: Vec<Weight> = a.iter().map(|stem| Weight::of(f64::from(stem.0 % 7))).collect();
            let mut table = StemTable::default();
            table.fill(Profile { stems: &a, weights: &weights, ..Profile::default() });
            let marks: Vec<u16> = b.iter().map(|stem| stem.mark()).collect();
            let (most, mass) = (table.most_shared_mass(&marks), table.shared_mass(&b));
            assert!(most >= mass, "{seed}: {most} {mass}");
            same += usize::from(most == mass);
        }
        assert!(same > 30, "{same}");
    }

    #[test]
    fn nothing_compares_with_nothing_as_nothing() {
        assert_eq!(measure(Profile::default(), Profile::default(), 0.0), Measures::default());
    }
}
