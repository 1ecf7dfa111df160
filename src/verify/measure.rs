//! Exact measures on two texts.

use crate::survey::Weight;
use crate::token::Stem;

/// A text as it is compared.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    /// The different stems of its words, sorted, with their weights (see [`crate::survey::Survey::weights`]).
    pub stems: Box<[(Stem, Weight)]>,
    /// Its shingles that some other document may share, sorted, each once. The others cannot be in an intersection.
    pub shingles: Box<[u64]>,
    /// How many different shingles it has in all.
    pub shingle_count: u32,
    /// The sum of the weights of its stems: how much the text says.
    pub mass: f32,
    /// How many of its words state facts (see [`count_facts`](super::count_facts)).
    pub facts: u32,
    /// A hash of all of its words, those that are set aside too.
    pub whole: u64,
    /// Whether it is cut off: a mark of truncation stands at its end.
    pub cut_off: bool,
}

impl Profile {
    /// What a stem of the text weighs; nothing if it is not in the text.
    pub fn weight(&self, stem: Stem) -> Weight {
        let place = self.stems.binary_search_by_key(&stem, |&(stem, _)| stem);
        place.map_or(Weight::default(), |place| self.stems[place].1)
    }
}

/// The least that need be known of a text to see that it is no match: small, so that those of many texts stay at hand.
#[derive(Debug, Clone, Copy, Default)]
pub struct Marks {
    /// A bit for each stem, by its hash: what is not marked is not in the text.
    bits: [u64; 4],
    /// The text's mass.
    pub mass: f32,
}

impl Marks {
    /// The marks of a text.
    pub fn of(text: &Profile) -> Self {
        let mut marks = Marks { bits: [0; 4], mass: text.mass };
        text.stems.iter().for_each(|&(Stem(hash), _)| marks.bits[(hash >> 6 & 3) as usize] |= 1 << (hash & 63));
        marks
    }

    /// No less than the [`shared_mass`] with a text.
    pub fn most_shared_mass(&self, text: &Profile) -> f32 {
        let mark = |hash: u32| self.bits[(hash >> 6 & 3) as usize] >> (hash & 63) & 1;
        // Times 0 or 1 instead of a branch, which would be a coin toss.
        let sum: u64 = text.stems.iter().map(|&(Stem(hash), Weight(weight))| u64::from(weight) * mark(hash)).sum();
        Weight::in_words(sum)
    }
}

/// How two texts compare, as sets. What is not a count lies in 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
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
    /// How many shingles are in common; stock phrases are none.
    pub shared_shingles: u32,
}

/// The number of values that two sorted sets share.
pub fn shared(a: &[u64], b: &[u64]) -> usize {
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

/// The summed weight of the stems that two texts share.
pub fn shared_mass(a: &Profile, b: &Profile) -> f32 {
    let (a, b) = (&a.stems, &b.stems);
    let (mut i, mut j, mut mass) = (0, 0, 0u64);
    while i < a.len() && j < b.len() {
        let ((x, Weight(weight)), (y, _)) = (a[i], b[j]);
        mass += u64::from(weight) * u64::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    Weight::in_words(mass)
}

/// `part / whole`, 0 where there is nothing.
fn share(part: f32, whole: f32) -> f32 {
    if whole > 0.0 { (part / whole).min(1.0) } else { 0.0 }
}

/// All measures of two texts, of which the [`shared_mass`] is known already.
pub fn measure(a: &Profile, b: &Profile, mass: f32) -> Measures {
    let shared_shingles = shared(&a.shingles, &b.shingles) as u32;
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

    fn profile(shingles: &BTreeSet<u64>, words: &BTreeSet<u64>) -> Profile {
        let stems: Vec<(Stem, Weight)> = words.iter().map(|&w| (Stem(w as u32), Weight::of((w % 7) as f64))).collect();
        Profile {
            shingle_count: shingles.len() as u32,
            shingles: shingles.iter().copied().collect(),
            stems: stems.into(),
            mass: words.iter().map(|w| (w % 7) as f32).sum(),
            facts: 0,
            whole: 0,
            cut_off: false,
        }
    }

    #[test]
    fn measures_are_those_of_the_sets() {
        for seed in 0..50 {
            let (s, t) = (set(seed, 40, 60), set(seed + 100, seed % 45, 60));
            let (v, w) = (set(seed + 200, 30, 50), set(seed + 300, 20, 50));
            let (a, b) = (profile(&s, &v), profile(&t, &w));
            let found = measure(&a, &b, shared_mass(&a, &b));
            assert!(Marks::of(&b).most_shared_mass(&a) >= found.shared_mass);
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
    fn nothing_compares_with_nothing_as_nothing() {
        assert_eq!(measure(&Profile::default(), &Profile::default(), 0.0), Measures::default());
    }
}
