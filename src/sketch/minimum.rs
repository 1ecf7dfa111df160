//! The inner loop of MinHash: the crate's only unsafe code is the call of the version for processors with AVX2.

/// Lowers each `signature[i]` to the least `(x ^ flips[i]) * factors[i]` over the high halves `x` of `hashes`.
#[allow(unsafe_code)]
pub(super) fn lower(flips: &[u32], factors: &[u32], hashes: &[u64], signature: &mut [u32]) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, which is all that the function asks for.
        return unsafe { lower_avx2(flips, factors, hashes, signature) };
    }
    lower_plain(flips, factors, hashes, signature);
}

/// Does what [`lower_plain`] does, compiled for eight lanes at a time.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn lower_avx2(flips: &[u32], factors: &[u32], hashes: &[u64], signature: &mut [u32]) {
    lower_plain(flips, factors, hashes, signature);
}

/// Places are taken in blocks that stay in registers while all hashes pass by.
#[inline(always)]
fn lower_plain(flips: &[u32], factors: &[u32], hashes: &[u64], signature: &mut [u32]) {
    const BLOCK: usize = 16;
    let (blocks, rest) = signature.as_chunks_mut::<BLOCK>();
    let (flip_blocks, flip_rest) = flips.as_chunks::<BLOCK>();
    let (factor_blocks, factor_rest) = factors.as_chunks::<BLOCK>();
    for ((block, flips), factors) in blocks.iter_mut().zip(flip_blocks).zip(factor_blocks) {
        let mut least = *block;
        for hash in hashes {
            let x = (hash >> 32) as u32;
            for i in 0..BLOCK {
                least[i] = least[i].min((x ^ flips[i]).wrapping_mul(factors[i]));
            }
        }
        *block = least;
    }
    for ((place, flip), factor) in rest.iter_mut().zip(flip_rest).zip(factor_rest) {
        for hash in hashes {
            *place = (*place).min(((hash >> 32) as u32 ^ flip).wrapping_mul(*factor));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash;

    #[test]
    fn every_version_gives_the_same() {
        for size in [0, 1, 8, 16, 17, 40, 96] {
            let flips: Vec<u32> = (0..size).map(|i| hash::constant(i) as u32).collect();
            let factors: Vec<u32> = (0..size).map(|i| hash::constant(i + 1000) as u32 | 1).collect();
            let hashes: Vec<u64> = (0..57).map(|i| hash::constant(i + 5000)).collect();
            let mut naive = vec![u32::MAX; size as usize];
            for (i, place) in naive.iter_mut().enumerate() {
                for hash in &hashes {
                    *place = (*place).min((((*hash >> 32) as u32) ^ flips[i]).wrapping_mul(factors[i]));
                }
            }
            let mut fast = vec![u32::MAX; size as usize];
            lower(&flips, &factors, &hashes, &mut fast);
            let mut plain = vec![u32::MAX; size as usize];
            lower_plain(&flips, &factors, &hashes, &mut plain);
            assert_eq!(fast, naive);
            assert_eq!(plain, naive);
        }
    }
}
