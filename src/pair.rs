//! Pairs of units, and units with a key: two numbers in one word, so that sorting millions of them moves little.

use crate::UnitId;

/// A pair of units that may match. Pairs are ordered by their first unit, then by their second.
///
/// ```
/// use flong::{CandidatePair, UnitId};
///
/// let pair = CandidatePair::new(UnitId(7), UnitId(2));
/// assert_eq!((pair.first(), pair.second()), (UnitId(7), UnitId(2)));
/// assert_eq!(pair.turned(), CandidatePair::new(UnitId(2), UnitId(7)));
/// assert!(CandidatePair::new(UnitId(6), UnitId(9)) < pair);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct CandidatePair(u64);

impl CandidatePair {
    /// Returns the pair of two units.
    #[inline]
    pub fn new(first: UnitId, second: UnitId) -> Self {
        CandidatePair(u64::from(first.0) << 32 | u64::from(second.0))
    }

    /// Returns the first unit.
    #[inline]
    pub fn first(self) -> UnitId {
        UnitId((self.0 >> 32) as u32)
    }

    /// Returns the second unit.
    #[inline]
    pub fn second(self) -> UnitId {
        UnitId(self.0 as u32)
    }

    /// Returns both units as one number that sorts as they do.
    #[inline]
    pub(crate) fn bits(self) -> u64 {
        self.0
    }

    /// Returns what [`CandidatePair::bits`] was made of.
    #[inline]
    pub(crate) fn from_bits(bits: u64) -> Self {
        CandidatePair(bits)
    }

    /// Returns the pair the other way round.
    #[inline]
    pub fn turned(self) -> Self {
        CandidatePair(self.0.rotate_left(32))
    }
}

impl std::fmt::Debug for CandidatePair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CandidatePair({}, {})", self.first().0, self.second().0)
    }
}

/// A unit with one of the keys by which it is found. Keyed units are ordered by their keys, then by their units.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct KeyedUnit(u64);

impl KeyedUnit {
    /// Returns a unit with a key.
    #[inline]
    pub fn new(key: u32, unit: UnitId) -> Self {
        KeyedUnit(u64::from(key) << 32 | u64::from(unit.0))
    }

    /// Returns the key.
    #[inline]
    pub fn key(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// Returns the unit.
    #[inline]
    pub fn unit(self) -> UnitId {
        UnitId(self.0 as u32)
    }

    /// Returns both as one number that sorts as they do.
    #[inline]
    pub(crate) fn bits(self) -> u64 {
        self.0
    }

    /// Returns what [`KeyedUnit::bits`] was made of.
    #[inline]
    pub(crate) fn from_bits(bits: u64) -> Self {
        KeyedUnit(bits)
    }
}

impl std::fmt::Debug for KeyedUnit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyedUnit({:#x}, {})", self.key(), self.unit().0)
    }
}
