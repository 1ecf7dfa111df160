//! Pieces that were found before, sorted to look up places.

use crate::boilerplate::text::{Aside, AsideKind};

/// Pieces that were found before.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub all: Sorted,
    /// The frames that are certain.
    pub frames: Sorted,
}

impl Taken {
    pub fn new(asides: &[Aside]) -> Self {
        let frame = |aside: &&Aside| aside.certain && aside.kind == AsideKind::Frame;
        Taken { all: Sorted::new(asides.iter()), frames: Sorted::new(asides.iter().filter(frame)) }
    }
}

/// Pieces by their first tokens. They may overlap.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    asides: Vec<Aside>,
    /// For each piece, the greatest end of it and of all before it.
    ends: Vec<u32>,
}

impl Sorted {
    fn new<'a>(asides: impl Iterator<Item = &'a Aside>) -> Self {
        let mut asides: Vec<Aside> = asides.copied().collect();
        asides.sort_by_key(|aside| aside.start);
        let mut greatest = 0;
        let ends = asides.iter().map(|aside| {
            greatest = aside.end.max(greatest);
            greatest
        });
        Sorted { ends: ends.collect(), asides }
    }

    /// Returns whether token `i` is in a piece.
    pub fn covers(&self, i: usize) -> bool {
        let begun = self.asides.partition_point(|aside| aside.start as usize <= i);
        begun > 0 && self.ends[begun - 1] as usize > i
    }

    /// Returns the piece that starts first, of those that end after token `i`.
    pub fn first_after(&self, i: usize) -> Option<&Aside> {
        self.asides.get(self.ends.partition_point(|&end| end as usize <= i))
    }

    /// Returns the pieces that end after token `from` and start before token `to`, and possibly others that start before
    /// `to`.
    pub fn between(&self, from: usize, to: usize) -> &[Aside] {
        let first = self.ends.partition_point(|&end| end as usize <= from);
        let behind = self.asides.partition_point(|aside| (aside.start as usize) < to);
        &self.asides[first.min(behind)..behind]
    }
}
