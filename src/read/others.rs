//! The records of an input that are not documents, in little memory.

use std::mem;

/// Runs of records that are held as they are; more are packed. So what was packed small, such as millions of line ends,
/// stays small.
const MOST_OPEN_RUNS: usize = 4096;

/// The first level of Zstandard that packs 4,096 runs that alternate into 40 bytes; levels 1 to 4 take over 4,000.
const LEVEL: i32 = 5;

/// Equal records in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherRun {
    /// The number of the first.
    pub first: u64,
    /// The number of records.
    pub count: u64,
    /// The bytes of each, without the line end.
    pub bytes: Box<[u8]>,
}

/// Records of an input that are not documents: blank, not readable, or around items. By their numbers, ascending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Others {
    /// Runs that come before the open ones, packed together.
    packed: Vec<Box<[u8]>>,
    open: Vec<OtherRun>,
    len: u64,
}

impl Others {
    /// Adds a record, whose number must be greater than those before.
    pub fn push(&mut self, record: u64, bytes: impl Into<Box<[u8]>> + AsRef<[u8]>) {
        self.push_run(record, 1, bytes);
    }

    /// Adds equal records in a row.
    pub fn push_run(&mut self, first: u64, count: u64, bytes: impl Into<Box<[u8]>> + AsRef<[u8]>) {
        self.len += count;
        match self.open.last_mut() {
            Some(last) if last.first + last.count == first && *last.bytes == *bytes.as_ref() => last.count += count,
            _ => {
                if self.open.len() == MOST_OPEN_RUNS {
                    self.pack();
                }
                self.open.push(OtherRun { first, count, bytes: bytes.into() });
            }
        }
    }

    fn pack(&mut self) {
        let runs = mem::take(&mut self.open);
        match zstd::encode_all(&encoded(&runs)[..], LEVEL) {
            Ok(packed) => self.packed.push(packed.into()),
            Err(_) => self.open = runs,
        }
    }

    /// Returns how many records there are.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Returns the records, in runs of equal ones. A run may end where the next goes on with the same.
    pub fn runs(&self) -> impl Iterator<Item = OtherRun> + '_ {
        let unpacked = |packed: &[u8]| decoded(&zstd::decode_all(packed).unwrap_or_default());
        self.packed.iter().flat_map(move |packed| unpacked(packed)).chain(self.open.iter().cloned())
    }
}

impl Extend<(u64, Box<[u8]>)> for Others {
    fn extend<T: IntoIterator<Item = (u64, Box<[u8]>)>>(&mut self, records: T) {
        records.into_iter().for_each(|(record, bytes)| self.push(record, bytes));
    }
}

/// Runs as bytes: of each, how many records lie between it and the one before, how many it holds, the length of its bytes,
/// and these.
pub(crate) fn encoded(runs: &[OtherRun]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut next = 0u64;
    for run in runs {
        for number in [run.first.wrapping_sub(next), run.count, run.bytes.len() as u64] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(&run.bytes);
        next = run.first + run.count;
    }
    bytes
}

/// Reads runs from bytes; those before the first damage if there is some.
pub(crate) fn decoded(mut bytes: &[u8]) -> Vec<OtherRun> {
    let mut runs = Vec::new();
    let mut next = 0u64;
    let number =
        |bytes: &mut &[u8]| bytes.split_off(..8).and_then(|number| Some(u64::from_le_bytes(number.try_into().ok()?)));
    while let (Some(gap), Some(count), Some(len)) = (number(&mut bytes), number(&mut bytes), number(&mut bytes)) {
        let Some(own) = usize::try_from(len).ok().and_then(|len| bytes.split_off(..len)) else { break };
        let first = next.wrapping_add(gap);
        next = first.wrapping_add(count);
        runs.push(OtherRun { first, count, bytes: own.into() });
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(others: &Others) -> Vec<(u64, Box<[u8]>)> {
        others.runs().flat_map(|run| (run.first..run.first + run.count).map(move |n| (n, run.bytes.clone()))).collect()
    }

    #[test]
    fn what_goes_in_comes_out() {
        let record = |n: u64| (n + n / 7, format!("{}", n % 3).into_bytes().into_boxed_slice());
        let records: Vec<_> = (0..20_000).map(record).collect();
        let mut others = Others::default();
        others.extend(records.clone());
        assert_eq!((others.len(), others.packed.len()), (20_000, 4));
        assert_eq!(expanded(&others), records);
    }

    #[test]
    fn equal_records_take_the_room_of_one() {
        let mut others = Others::default();
        (0..1_000_000).for_each(|n| others.push(n, []));
        assert_eq!((others.open.len(), others.packed.len()), (1, 0));
        let mut others = Others::default();
        (0..1_000_000).for_each(|n| others.push(n, if n % 2 == 0 { &b""[..] } else { b" " }));
        let packed: usize = others.packed.iter().map(|packed| packed.len()).sum();
        assert!(packed < 200_000, "{packed}");
    }
}
