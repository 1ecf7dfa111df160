//! What the sample taught: the boilerplate of sources, and stock phrases.

use ahash::AHashSet;

use super::block::{put, take};

/// What repeats in documents that are otherwise different. All are hashes, as `boilerplate` makes them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Learned {
    /// Phrases that a source repeats: runs of one word more than a shingle has, within their source.
    pub phrases: AHashSet<u64>,
    /// Lines that a source repeats, as they are or with other numbers, within their source; lines that many sources have.
    pub lines: AHashSet<u64>,
    /// Whole texts that a source puts under many titles, within their source.
    pub fillers: AHashSet<u64>,
    /// Shingles that are stock phrases.
    pub stock: AHashSet<u64>,
}

impl Learned {
    fn sets(&self) -> [&AHashSet<u64>; 4] {
        [&self.phrases, &self.lines, &self.fillers, &self.stock]
    }

    /// How many things it knows.
    pub fn len(&self) -> usize {
        self.sets().iter().map(|set| set.len()).sum()
    }

    /// Whether it knows nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// As bytes, the same for the same.
    pub(super) fn write(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for set in self.sets() {
            let mut hashes: Vec<u64> = set.iter().copied().collect();
            hashes.sort_unstable();
            put(&mut out, hashes.len() as u64);
            hashes.iter().for_each(|hash| out.extend_from_slice(&hash.to_le_bytes()));
        }
        out
    }

    pub(super) fn read(bytes: &[u8]) -> Option<Learned> {
        let mut learned = Learned::default();
        let mut at = 0;
        let Learned { phrases, lines, fillers, stock } = &mut learned;
        for set in [phrases, lines, fillers, stock] {
            let length = take(bytes, &mut at)? as usize;
            let hashes = bytes.get(at..at.checked_add(length.checked_mul(8)?)?)?;
            at += hashes.len();
            set.extend(hashes.as_chunks::<8>().0.iter().map(|hash| u64::from_le_bytes(*hash)));
        }
        Some(learned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_comes_back() {
        let learned = Learned {
            phrases: [1, u64::MAX].into_iter().collect(),
            stock: (0..1000).map(crate::hash::constant).collect(),
            ..Learned::default()
        };
        let bytes = learned.write();
        assert_eq!(Learned::read(&bytes).as_ref(), Some(&learned));
        assert_eq!(Learned::read(&bytes[..bytes.len() - 1]), None);
        assert_eq!(learned.len(), 1002);
    }
}
