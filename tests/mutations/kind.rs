//! The kinds of files that are mutated, and how.

use super::bytes::{self, Mutator};
use super::random::Random;
use super::{json, lines, markup};

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Feed,
    JsonFeed,
    Page,
    Table,
    JsonLines,
    Text,
    Crawl,
    Parquet,
    Index,
    Baseline,
    Settings,
}

/// The longest that mutators make of something.
const MAX_BYTES: usize = 48 << 10;

impl Kind {
    /// All of them; those twice that need it most.
    pub const ALL: [Kind; 16] = [
        Kind::Feed,
        Kind::Feed,
        Kind::JsonFeed,
        Kind::Page,
        Kind::Table,
        Kind::Table,
        Kind::JsonLines,
        Kind::JsonLines,
        Kind::Text,
        Kind::Crawl,
        Kind::Crawl,
        Kind::Parquet,
        Kind::Parquet,
        Kind::Index,
        Kind::Baseline,
        Kind::Settings,
    ];

    /// Whether `clean` reads it.
    pub fn is_input(self) -> bool {
        self < Kind::Index
    }

    /// The mutators that know its form.
    fn own(self) -> &'static [&'static [Mutator]] {
        match self {
            Kind::Feed | Kind::Page => &[markup::MUTATORS],
            Kind::JsonFeed | Kind::Baseline => &[json::MUTATORS, lines::MUTATORS],
            Kind::JsonLines => &[json::MUTATORS, json::MUTATORS, lines::MUTATORS],
            Kind::Table => &[lines::OF_TABLES],
            Kind::Text => &[lines::MUTATORS],
            Kind::Crawl => &[lines::MUTATORS, lines::MUTATORS, markup::MUTATORS],
            Kind::Settings => &[lines::OF_SETTINGS],
            Kind::Parquet | Kind::Index => &[],
        }
    }

    /// Spoils a file of this kind; `other` is one to take pieces from.
    pub fn mutate(self, random: &mut Random, bytes: &mut Vec<u8>, other: &[u8]) {
        let most = MAX_BYTES.max(bytes.len() + bytes.len() / 4);
        for _ in 0..random.size(6) {
            let own = self.own();
            if own.is_empty() || random.one_in(3) {
                let mutator = random.pick(bytes::MUTATORS);
                match self {
                    Kind::Parquet => at_the_end(random, bytes, other, *mutator),
                    _ => mutator(random, bytes, other),
                }
            } else {
                let family = *random.pick(own);
                random.pick(family)(random, bytes, other);
            }
            bytes.truncate(most);
        }
    }
}

/// Mutates the last part only, now and then: a Parquet file is read from its end, which says where everything is.
fn at_the_end(random: &mut Random, bytes: &mut Vec<u8>, other: &[u8], mutator: Mutator) {
    let len = match bytes.last_chunk::<8>() {
        Some(&[a, b, c, d, ..]) => u32::from_le_bytes([a, b, c, d]) as usize + 8,
        None => 8,
    };
    match random.below(4) {
        0 => mutator(random, bytes, other),
        // The rest stays readable if the part keeps its length, or says its new one.
        _ => {
            let mut end = bytes.split_off(bytes.len().saturating_sub(len));
            let body = end.len().saturating_sub(8);
            let tail = end.split_off(body);
            mutator(random, &mut end, other);
            bytes.extend_from_slice(&end);
            bytes.extend_from_slice(&(end.len() as u32).to_le_bytes());
            bytes.extend_from_slice(tail.get(4..).unwrap_or_default());
        }
    }
}

/// Spoils a file that flong wrote when it cleaned: lines of JSON mostly.
pub fn mutate_output(random: &mut Random, bytes: &mut Vec<u8>) {
    for _ in 0..random.size(3) {
        let families = [bytes::MUTATORS, json::MUTATORS, lines::MUTATORS, lines::MUTATORS];
        let family = *random.pick(&families);
        let mutator = *random.pick(family);
        let other = bytes.clone();
        mutator(random, bytes, &other);
    }
}
