//! cluster: Matches -> Clusters. Without chaining: every member matches the representative directly.

use crate::verify::{Kind, Verified};
use crate::{Grain, Span, UnitId, hash};

/// A group of units that match its representative.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// Its id: 12 hexadecimal digits that depend on its representative and kind only, so that they are the same in other runs.
    pub id: String,
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
    stars_among(0..edges.len() as u32, |edge| edges[edge as usize], order, may_lead)
}

/// [`stars`] of some edges by their numbers. `ends` returns the two items of an edge, so that no list of edges is needed.
pub(crate) fn stars_among(
    edges: impl Iterator<Item = u32> + Clone,
    ends: impl Fn(u32) -> (u32, u32),
    order: &[u32],
    may_lead: impl Fn(u32) -> bool,
) -> Vec<Star> {
    let rank = |item: u32| order[item as usize];
    let (starts, lists) = by_rank(edges, |edge| [ends(edge).0, ends(edge).1].map(rank), order.len());
    let mut taken = vec![false; order.len()];
    let mut found = Vec::new();
    // The neighbours of an item: rank, edge, item.
    let mut neighbours: Vec<(u32, u32, u32)> = Vec::new();
    for head in 0..order.len() {
        let list = &lists[starts[head] as usize..starts[head + 1] as usize];
        if list.is_empty() || taken[head] {
            continue;
        }
        neighbours.clear();
        let mut representative = 0;
        for &edge in list {
            let (a, b) = ends(edge);
            let (item, other) = if rank(a) as usize == head { (a, b) } else { (b, a) };
            representative = item;
            neighbours.push((rank(other), edge, other));
        }
        if !may_lead(representative) {
            continue;
        }
        neighbours.sort_unstable();
        neighbours.iter().for_each(|&(neighbour, ..)| taken[neighbour as usize] = true);
        found.push(Star { representative, members: neighbours.iter().map(|&(_, edge, item)| (item, edge)).collect() });
    }
    found
}

/// Lists the edges of each of `count` items, in order of their ranks: where each list begins, and at the end where the last
/// one ends, then the edges of one list after another. `ranks` returns the ranks of the two items of an edge.
fn by_rank(
    edges: impl Iterator<Item = u32> + Clone,
    ranks: impl Fn(u32) -> [u32; 2],
    count: usize,
) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0u32; count + 1];
    edges.clone().flat_map(&ranks).for_each(|rank| starts[rank as usize] += 1);
    let mut total = 0u32;
    for start in &mut starts {
        total = total.checked_add(*start).expect("there are at most two billion edges");
        *start = total;
    }
    // Each list is filled from its end, so that its end becomes its start.
    let mut lists = vec![0; total as usize];
    for edge in edges {
        for rank in ranks(edge) {
            starts[rank as usize] -= 1;
            lists[starts[rank as usize] as usize] = edge;
        }
    }
    (starts, lists)
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

/// Returns the id of a cluster, which depends on its representative (the id of its document, its place and its grain) and on
/// whether it is a cluster of templates.
pub fn cluster_id(document: &str, span: Span, grain: Grain, of_templates: bool) -> String {
    let place = hash::pair(u64::from(span.start), u64::from(span.end));
    let id = hash::sequence(&[hash::bytes(document.as_bytes()), place, grain as u64, of_templates as u64]);
    format!("{:012x}", id >> 16)
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
