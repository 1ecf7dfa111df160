//! cluster: Matches -> Clusters. Without chaining: every member matches the representative directly.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::verify::{Kind, Verified};
use crate::{Grain, Span, UnitId, hash};

/// A group of units that match its representative.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// Its id.
    pub id: ClusterId,
    /// The grain of its members.
    pub grain: Grain,
    /// The loosest kind of match in it.
    pub kind: Kind,
    /// The representative: the unit that is kept.
    pub representative: UnitId,
    /// The other members, each with the index of its match with the representative.
    pub members: Vec<(UnitId, u32)>,
    /// The lowest score of these matches.
    pub least_similarity: f32,
}

/// The id of a cluster, written as 12 hexadecimal digits. It depends on the representative and the kind of the cluster only, so
/// that it is the same in other runs.
///
/// ```
/// use flong::{Grain, Span, cluster::ClusterId};
///
/// let id = ClusterId::new("a", Span::new(0, 97), Grain::Document, false);
/// assert_eq!(id.to_string().len(), 12);
/// assert_ne!(id, ClusterId::new("b", Span::new(0, 97), Grain::Document, false));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClusterId(u64);

impl ClusterId {
    /// Returns the id of a cluster by its representative (the id of its document, its place and its grain) and by whether it is
    /// a cluster of templates.
    pub fn new(document: &str, span: Span, grain: Grain, of_templates: bool) -> Self {
        let place = hash::pair(u64::from(span.start), u64::from(span.end));
        let id = hash::sequence(&[hash::bytes(document.as_bytes()), place, grain as u64, of_templates as u64]);
        ClusterId(id >> 16)
    }
}

impl fmt::Display for ClusterId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:012x}", self.0)
    }
}

impl Serialize for ClusterId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// A group of items around their representative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Star {
    /// The item that all members match.
    pub representative: u32,
    /// The other items, each with the index of its edge to the representative, in the order given to [`stars`].
    pub members: Vec<(u32, u32)>,
}

/// Covers a graph with stars, greedily. `order` gives each item a rank, all different. The item with the lowest rank that
/// `may_lead` allows becomes the representative of a star of all items that match it, and none of these becomes one. Then
/// follows the next item that is no member yet, and so on. An item may be a member of several stars: it matches each of
/// their representatives. Items without a match are in no star. The result depends on the ranks alone, not on the order of
/// edges or items.
///
/// The representatives are the lexicographically first maximal independent set: no two of them match.
///
/// ```
/// use flong::cluster::stars;
/// // The item 1 matches both others, which do not match each other: it is a member of both stars, and nothing is chained.
/// let stars = stars(&[(0, 1), (1, 2)], &[0, 1, 2], |_| true);
/// assert_eq!(stars.iter().map(|star| star.representative).collect::<Vec<_>>(), [0, 2]);
/// assert!(stars.iter().all(|star| star.members[0].0 == 1));
/// ```
pub fn stars(edges: &[(u32, u32)], order: &[u32], may_lead: impl Fn(u32) -> bool) -> Vec<Star> {
    stars_among(0..edges.len() as u32, |edge| edges[edge as usize].into(), order, may_lead)
}

/// [`stars`] of some edges by their numbers. `ends` returns the two items of an edge, so that no list of edges is needed.
pub(crate) fn stars_among(
    edges: impl Iterator<Item = u32> + Clone,
    ends: impl Fn(u32) -> [u32; 2],
    order: &[u32],
    may_lead: impl Fn(u32) -> bool,
) -> Vec<Star> {
    let rank = |item: u32| order[item as usize];
    let (edges, list_ends) = by_rank(edges.flat_map(|edge| ends(edge).map(|item| (rank(item), edge))), order.len());
    let mut taken = vec![false; order.len()];
    let mut found = Vec::new();
    let mut start = 0;
    for (head, &end) in list_ends.iter().enumerate() {
        let list = &edges[start..end as usize];
        start = end as usize;
        // The item at the head, and the other one of an edge.
        let from_head = |edge: u32| {
            let [a, b] = ends(edge);
            if rank(a) as usize == head { (a, b) } else { (b, a) }
        };
        let Some(representative) = list.first().map(|&edge| from_head(edge).0) else { continue };
        if taken[head] || !may_lead(representative) {
            continue;
        }
        let mut members: Vec<(u32, u32)> = list.iter().map(|&edge| (from_head(edge).1, edge)).collect();
        members.sort_unstable_by_key(|&(item, edge)| (rank(item), edge));
        members.iter().for_each(|&(item, _)| taken[rank(item) as usize] = true);
        found.push(Star { representative, members });
    }
    found
}

/// Lists edges by the rank that each comes with: the edges of rank 0, then those of rank 1, up to `ranks`, and the end of
/// each list. It goes through them twice, so that they need not be held anywhere else.
fn by_rank(edges: impl Iterator<Item = (u32, u32)> + Clone, ranks: usize) -> (Vec<u32>, Vec<u32>) {
    let mut ends = vec![0u32; ranks];
    edges.clone().for_each(|(rank, _)| ends[rank as usize] += 1);
    let mut total = 0u32;
    for end in &mut ends {
        // A list ends where it begins until edges are in it.
        let length = std::mem::replace(end, total);
        total = total.checked_add(length).expect("there are at most two billion edges");
    }
    let mut lists = vec![0; total as usize];
    for (rank, edge) in edges {
        let end = &mut ends[rank as usize];
        lists[*end as usize] = edge;
        *end += 1;
    }
    (lists, ends)
}

/// The graphs that are covered with stars one after another.
///
/// Copies come first: their representatives, and texts without copies, remain. Rewordings then gather around these, so
/// that a copy of a rewording is still known as a copy; these stars and those of copies around the same representative
/// are one cluster. Templates are clustered apart, around the same texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Graph {
    /// Units that are exact copies, near copies, or excerpts.
    Copies,
    /// Units that say the same in other words.
    Rewordings,
    /// Units of the same form with other facts.
    Templates,
}

impl Graph {
    /// Every graph, in order.
    pub const ALL: [Graph; 3] = [Graph::Copies, Graph::Rewordings, Graph::Templates];

    /// Returns the graph that matches of a kind are the edges of.
    pub fn of(kind: Kind) -> Graph {
        match kind {
            Kind::Exact | Kind::Near | Kind::Excerpt => Graph::Copies,
            Kind::Reworded => Graph::Rewordings,
            Kind::Template => Graph::Templates,
        }
    }
}

/// A text that repeats much of itself has at least this many times the words of its clean copy.
const TWICE_WORDS: f32 = 1.4;

/// Returns how far a match puts one of its two units back in the order in which units lead clusters: which of the two, 0 or
/// 1, and how far. A unit is put back as far as the match which puts it back the furthest.
///
/// Excerpts of another text come after texts that are none, since a longer text must not give way to a part of it, the
/// shorter excerpt after the longer. So does what says the same as another twice. `words` are the numbers of body words
/// of the two.
pub fn put_back(verified: &Verified, words: [u32; 2]) -> Option<(usize, u32)> {
    match verified.kind {
        Kind::Excerpt => {
            let shorter = usize::from(words[0] >= words[1]);
            Some((shorter, u32::MAX - words[shorter]))
        }
        Kind::Exact | Kind::Near => {
            let longer = usize::from(words[0] <= words[1]);
            let far = words[longer] as f32 >= TWICE_WORDS * words[1 - longer] as f32;
            (far && verified.measures.say_the_same()).then_some((longer, 1))
        }
        Kind::Reworded | Kind::Template => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(edges: &[(u32, u32)], order: &[u32]) -> Vec<(u32, Vec<u32>)> {
        let stars = stars(edges, order, |_| true);
        stars.into_iter().map(|s| (s.representative, s.members.into_iter().map(|(m, _)| m).collect())).collect()
    }

    #[test]
    fn no_chaining() {
        // 0 - 1 - 2 - 3: 0 takes 1; 2 does not match 0, so it leads its own star, and 1 is in both.
        assert_eq!(groups(&[(0, 1), (1, 2), (2, 3)], &[0, 1, 2, 3]), [(0, vec![1]), (2, vec![1, 3])]);
        // With 1 first, it takes both of its neighbours; 3 matches neither of the two that lead.
        assert_eq!(groups(&[(0, 1), (1, 2), (2, 3)], &[1, 0, 2, 3]), [(1, vec![0, 2]), (3, vec![2])]);
    }

    #[test]
    fn who_may_not_lead_may_still_follow() {
        let stars = stars(&[(0, 1), (1, 2)], &[0, 1, 2], |item| item != 0);
        assert_eq!(stars, [Star { representative: 1, members: vec![(0, 0), (2, 1)] }]);
    }

    proptest::proptest! {
        #[test]
        fn stars_are_those_of_their_definition(
            edges in proptest::collection::vec((0u32..12, 0u32..12), 0..30),
            order in proptest::strategy::Strategy::prop_shuffle(proptest::strategy::Just((0u32..12).collect::<Vec<u32>>())),
            barred in 0u32..12,
        ) {
            let edges: Vec<(u32, u32)> = edges.into_iter().filter(|(a, b)| a != b).collect();
            let mut items: Vec<u32> = (0..12).collect();
            items.sort_by_key(|&item| order[item as usize]);
            let (mut taken, mut expected) = (vec![false; 12], Vec::new());
            for &item in &items {
                let other = |&(a, b): &(u32, u32)| (a == item).then_some(b).or((b == item).then_some(a));
                let of_edge = |(edge, ends): (u32, &(u32, u32))| other(ends).map(|other| (other, edge));
                let mut members: Vec<(u32, u32)> = (0u32..).zip(&edges).filter_map(of_edge).collect();
                if !members.is_empty() && !taken[item as usize] && item != barred {
                    members.sort_by_key(|&(other, edge)| (order[other as usize], edge));
                    members.iter().for_each(|&(other, _)| taken[other as usize] = true);
                    expected.push(Star { representative: item, members });
                }
            }
            proptest::prop_assert_eq!(stars(&edges, &order, |item| item != barred), expected);
        }
    }

    #[test]
    fn the_listing_does_not_matter() {
        let edges = [(0, 1), (4, 2), (1, 4), (3, 0), (2, 3)];
        let order = [3, 0, 4, 1, 2];
        let whole = groups(&edges, &order);
        let mut turned: Vec<(u32, u32)> = edges.iter().rev().map(|&(a, b)| (b, a)).collect();
        assert_eq!(groups(&turned, &order), whole);
        turned.rotate_left(2);
        assert_eq!(groups(&turned, &order), whole);
    }
}
