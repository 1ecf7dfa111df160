//! The byte form of what is kept or sent between machines: equal values have equal bytes.
//!
//! A header says what the bytes are and in which version of the form, then comes the value in the
//! [postcard](https://postcard.jamesmunns.com) format, then a checksum of all that. Tables are written in the order of
//! their keys.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{Error, Result, hash};

/// The first bytes, which name the format.
#[derive(Serialize, Deserialize)]
struct Header {
    magic: [u8; 6],
    /// The name of what is encoded.
    name: String,
    version: u32,
}

const MAGIC: [u8; 6] = *b"flong\0";
/// Bytes of the checksum at the end.
const CHECKSUM: usize = 8;

/// Returns a value as bytes. `name` is what people call it.
pub(crate) fn to_bytes(name: &str, version: u32, value: &impl Serialize) -> Vec<u8> {
    let header = Header { magic: MAGIC, name: name.to_owned(), version };
    let bytes = postcard::to_extend(&header, Vec::new()).and_then(|bytes| postcard::to_extend(value, bytes));
    let mut bytes = bytes.expect("memory takes all bytes, and sequences have lengths");
    let checksum = hash::bytes(&bytes);
    bytes.extend_from_slice(&checksum.to_le_bytes());
    bytes
}

/// Reads what [`to_bytes`] wrote under the same name and version.
///
/// # Errors
/// If the bytes are something else, of another version, or damaged.
pub(crate) fn from_bytes<T: DeserializeOwned>(name: &str, version: u32, bytes: &[u8]) -> Result<T> {
    let refuse = |reason: String| Error::Usage(format!("the bytes cannot be read as {name}: {reason}"));
    let header = postcard::take_from_bytes::<Header>(bytes).ok().filter(|(header, _)| header.magic == MAGIC);
    let Some((header, rest)) = header else {
        return Err(refuse("flong did not write them, or they are damaged".into()));
    };
    if header.name != name {
        return Err(refuse(format!("they are {}", header.name)));
    }
    if header.version != version {
        let other = header.version;
        return Err(refuse(format!(
            "they are of version {other}, and this flong reads version {version}; make them anew"
        )));
    }
    let damaged = || refuse("they are damaged; make them anew".into());
    let (body, checksum) = rest.split_last_chunk::<CHECKSUM>().ok_or_else(damaged)?;
    if hash::bytes(&bytes[..bytes.len() - CHECKSUM]).to_le_bytes() != *checksum {
        return Err(damaged());
    }
    match postcard::take_from_bytes(body) {
        Ok((value, [])) => Ok(value),
        _ => Err(damaged()),
    }
}

/// Maps, in the order of their keys.
pub(crate) mod map {
    use std::hash::Hash;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::hash::HashedMap;

    pub fn serialize<K: Ord + Serialize, V: Serialize, S: Serializer>(
        map: &HashedMap<K, V>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        let mut entries: Vec<(&K, &V)> = map.iter().collect();
        entries.sort_unstable_by(|one, other| one.0.cmp(other.0));
        to.collect_seq(entries)
    }

    pub fn deserialize<'de, K: Eq + Hash + Deserialize<'de>, V: Deserialize<'de>, D: Deserializer<'de>>(
        from: D,
    ) -> Result<HashedMap<K, V>, D::Error> {
        Ok(Vec::<(K, V)>::deserialize(from)?.into_iter().collect())
    }
}

/// Maps of maps, in the order of their keys.
pub(crate) mod map_of_maps {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::hash::HashedMap;

    type Maps<V> = HashedMap<u64, HashedMap<u64, V>>;

    pub fn serialize<V: Serialize, S: Serializer>(maps: &Maps<V>, to: S) -> Result<S::Ok, S::Error> {
        let all = maps.iter().flat_map(|(&outer, map)| map.iter().map(move |(&inner, value)| (outer, inner, value)));
        let mut entries: Vec<(u64, u64, &V)> = all.collect();
        entries.sort_unstable_by_key(|&(outer, inner, _)| (outer, inner));
        to.collect_seq(entries)
    }

    pub fn deserialize<'de, V: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Maps<V>, D::Error> {
        let mut maps: Maps<V> = HashedMap::default();
        for (outer, inner, value) in Vec::<(u64, u64, V)>::deserialize(from)? {
            maps.entry(outer).or_default().insert(inner, value);
        }
        Ok(maps)
    }
}

/// Sets of hashes, in order.
pub(crate) mod set {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::hash::HashedSet;

    pub fn serialize<S: Serializer>(set: &HashedSet<u64>, to: S) -> Result<S::Ok, S::Error> {
        let mut hashes: Vec<u64> = set.iter().copied().collect();
        hashes.sort_unstable();
        to.collect_seq(hashes)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<HashedSet<u64>, D::Error> {
        Ok(Vec::<u64>::deserialize(from)?.into_iter().collect())
    }
}

/// Numbers that ascend, as the distances between them: those are short.
pub(crate) mod ascending {
    use serde::de::Error;

    /// Turns numbers that ascend, repeats included, into distances.
    pub fn distances(numbers: &mut [u32]) {
        let mut before = 0;
        for number in numbers {
            (before, *number) = (*number, *number - before);
        }
    }

    /// Turns distances into numbers again.
    pub fn numbers<E: Error>(distances: &mut [u32]) -> Result<(), E> {
        let mut before = 0u32;
        for distance in distances {
            before = before.checked_add(*distance).ok_or_else(|| E::custom("a hash is too large"))?;
            *distance = before;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let value = vec![(1u64, String::from("one")), (u64::MAX, String::new())];
        let bytes = to_bytes("pairs", 3, &value);
        let read = |name: &str, version, bytes: &[u8]| from_bytes::<Vec<(u64, String)>>(name, version, bytes);
        assert_eq!(read("pairs", 3, &bytes).unwrap(), value);
        let message = |name: &str, version, bytes: &[u8]| read(name, version, bytes).unwrap_err().to_string();
        assert!(message("pairs", 4, &bytes).contains("of version 3, and this flong reads version 4"));
        assert!(message("triples", 3, &bytes).contains("they are pairs"));
        assert!(message("pairs", 3, b"{}").contains("did not write them"));
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert!(read("pairs", 3, &damaged).is_err(), "byte {at}");
            assert!(read("pairs", 3, &bytes[..at]).is_err(), "{at} bytes");
        }
    }
}
