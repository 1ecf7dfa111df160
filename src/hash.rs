//! The one family of hashes that may be written down or compared between machines.
//!
//! Fixed constants, no per-process seed, bytes read little-endian: the same input gives the same value on every machine
//! and in every version (the golden vectors below keep it so). The construction is the folded 64 x 64 -> 128 bit multiply
//! of wyhash; it is not cryptographic, and nobody should rely on it against an adversary.

/// Odd constants with as many ones as zeros in every byte (from wyhash).
const K: [u64; 4] = [0x2d35_8dcc_aa6c_78a5, 0x8bb8_4b93_962e_acc9, 0x4b33_a62e_d433_d4a3, 0x4d5a_2da5_1de1_aa47];

/// Multiplies to 128 bits and folds the halves together.
#[inline(always)]
fn fold(a: u64, b: u64) -> u64 {
    let wide = u128::from(a) * u128::from(b);
    (wide as u64) ^ ((wide >> 64) as u64)
}

/// Returns the hash of a string of bytes.
#[inline]
pub fn bytes(bytes: &[u8]) -> u64 {
    let mut state = start(bytes.len());
    let (chunks, rest) = bytes.as_chunks::<8>();
    for chunk in chunks {
        state = step(state, u64::from_le_bytes(*chunk));
    }
    if !rest.is_empty() {
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        state = step(state, u64::from_le_bytes(last));
    }
    finish(state)
}

/// Returns the state before the first chunk of a string of `len` bytes. With [`step`] and [`finish`] it spells out
/// [`bytes()`] for callers that have the chunks in registers.
#[inline(always)]
pub(crate) fn start(len: usize) -> u64 {
    K[0] ^ len as u64
}

/// Takes in eight bytes, little-endian, zeros past the end.
#[inline(always)]
pub(crate) fn step(state: u64, chunk: u64) -> u64 {
    fold(state ^ chunk, K[1])
}

/// Spreads the last chunk over all bits.
#[inline(always)]
pub(crate) fn finish(state: u64) -> u64 {
    fold(state ^ K[2], K[3])
}

/// Returns the hash of a sequence of hashes, such as the tokens of a shingle. Order matters.
#[inline(always)]
pub fn sequence(values: &[u64]) -> u64 {
    let mut state = K[3] ^ values.len() as u64;
    for &value in values {
        state = fold(state ^ value, K[1]).wrapping_add(value);
    }
    fold(state ^ K[0], K[2])
}

/// Returns the hash of a pair: a value within a context such as a source or a band.
#[inline(always)]
pub fn pair(context: u64, value: u64) -> u64 {
    fold(context ^ K[2], value ^ K[1])
}

/// Returns the `i`-th of a fixed sequence of well-mixed constants, for permutations (SplitMix64 of `i`).
pub const fn constant(i: u64) -> u64 {
    let mut z = i.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A hasher for maps whose keys are hashes of this module already: it only moves their bits to where a table looks.
#[derive(Debug, Default, Clone, Copy)]
pub struct Through(u64);

impl std::hash::Hasher for Through {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = self::bytes(bytes);
    }
    fn write_u32(&mut self, value: u32) {
        // A table takes its buckets from the low bits and its tags from the high ones.
        self.0 = u64::from(value) << 32 | u64::from(value);
    }
    fn write_u64(&mut self, value: u64) {
        // Token hashes carry flags in their low bits.
        self.0 = value.rotate_left(32);
    }
}

/// A map from hashes of this module.
pub type HashedMap<K, V> = hashbrown::HashMap<K, V, std::hash::BuildHasherDefault<Through>>;

/// A set of keys that are hashes already.
pub type HashedSet<K> = hashbrown::HashSet<K, std::hash::BuildHasherDefault<Through>>;

#[cfg(test)]
mod tests {
    use super::*;

    /// These values are in signatures and indexes on people's disks. A change here is a change of format.
    #[test]
    fn golden_vectors() {
        let text = |s: &str| bytes(s.as_bytes());
        assert_eq!([text(""), text("a"), text("flong"), text("stereotype plate")], GOLDEN_BYTES);
        assert_eq!([sequence(&[]), sequence(&[1]), sequence(&[1, 2, 3]), sequence(&[3, 2, 1])], GOLDEN_SEQUENCE);
        assert_eq!([pair(0, 0), pair(1, 2), pair(2, 1)], GOLDEN_PAIR);
        assert_eq!([constant(0), constant(1)], [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4]);
    }

    const GOLDEN_BYTES: [u64; 4] =
        [3_669_485_513_644_334_718, 3_973_819_369_645_988_013, 5_760_294_259_440_118_047, 16_739_101_295_431_444_419];
    const GOLDEN_SEQUENCE: [u64; 4] =
        [10_982_039_805_552_957_658, 7_174_771_298_563_510_561, 13_505_948_047_015_123_295, 10_999_203_710_859_176_834];
    const GOLDEN_PAIR: [u64; 3] = [4_766_890_152_743_124_950, 6_687_953_389_411_941_467, 2_414_809_063_211_565_540];

    #[test]
    fn length_counts_even_where_the_bytes_are_zero() {
        let zeros = [0u8; 40];
        let hashes: std::collections::BTreeSet<u64> = (0..=40).map(|n| bytes(&zeros[..n])).collect();
        assert_eq!(hashes.len(), 41);
    }

    #[test]
    fn one_bit_of_input_turns_half_of_the_output() {
        for bit in 0..64 {
            let turned = (bytes(&0u64.to_le_bytes()) ^ bytes(&(1u64 << bit).to_le_bytes())).count_ones();
            assert!((12..=52).contains(&turned), "bit {bit} turns {turned}");
        }
    }
}
