//! Labelled pairs: are copies in one cluster, and others not?

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::classes::{Class, Classes};
use super::labels::LabelledPair;
use super::run::Run;
use super::scores::{Scores, Sweep, SweepPoint, similarities};
use crate::verify::Kind;

/// The scores of a run by labelled pairs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PairReport {
    /// Number of labelled pairs that say copy or no copy.
    pub pairs: u64,
    /// Scores of telling copies from others.
    pub scores: Scores,
    /// The pairs of each label.
    pub labels: Vec<LabelCount>,
    /// The pairs by what the run says of them: a kind of match; `cluster`, if they are in one cluster without a match of
    /// their own; `none`.
    pub judged: Vec<JudgedCount>,
    /// The scores if clusters hold only what is at least so similar to their representative.
    pub sweep: Sweep,
    /// The pairs that are judged wrongly, the surest mistakes first.
    pub mistakes: Vec<Mistake>,
}

/// The pairs of one label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LabelCount {
    /// The label; `(unlisted)` for pairs that were found and are not listed.
    pub label: String,
    /// Its text.
    pub class: Class,
    /// The number of pairs in one cluster.
    pub together: u64,
    /// The number of pairs.
    pub pairs: u64,
}

/// The pairs that a run judges alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JudgedCount {
    /// The judgment.
    pub judged: &'static str,
    /// The number of pairs that are labelled as copies.
    pub copies: u64,
    /// The number of pairs that are labelled as no copies.
    pub others: u64,
    /// The number of pairs that are counted apart.
    pub apart: u64,
}

/// A pair that is judged wrongly.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mistake {
    /// The id of one document.
    pub a: String,
    /// The id of the other.
    pub b: String,
    /// Its label; `(unlisted)` if it is not listed.
    pub label: String,
    /// Whether the two are in one cluster, and should not be; otherwise they should be and are not.
    pub together: bool,
    /// The kind of their direct match.
    pub kind: Option<Kind>,
    /// The similarity of that match, or of their ties to the representative; 0 without any.
    pub similarity: f32,
    /// The reason for the decision, for people; empty if it is not known.
    pub reason: String,
}

impl Mistake {
    /// Compares mistakes for their order: pairs in one cluster come first, then the more similar.
    pub(super) fn worst_first(a: &Mistake, b: &Mistake) -> Ordering {
        let similar = b.together.cmp(&a.together).then(b.similarity.total_cmp(&a.similarity));
        similar.then_with(|| (&a.a, &a.b).cmp(&(&b.a, &b.b)))
    }
}

/// The label of pairs that are not listed.
const UNLISTED: &str = "(unlisted)";

/// Compares a run with labelled pairs: two documents are found to be copies if one cluster that is no template holds both.
/// With `complete` the labels list all copies, so that each pair that is found and not listed is wrong.
///
/// An error names the line of a label that says neither copy nor no copy, or a class that no label has.
pub fn pairs(run: &Run, labels: &[LabelledPair], classes: &Classes, complete: bool) -> Result<PairReport, String> {
    let listed = listed(labels, classes)?;
    let mut judged: Vec<Judged> =
        listed.iter().map(|(&(a, b), &(label, class))| Judged::new(run, a, b, label, class)).collect();
    if complete {
        let more = run.together().into_iter().filter(|pair| !listed.contains_key(pair));
        judged.extend(more.map(|(a, b)| Judged::new(run, a, b, UNLISTED, Class::Other)));
    }
    let asked: Vec<&Judged> = judged.iter().filter(|pair| pair.class != Class::Apart).collect();
    let at = |least: f64| Scores::of(&asked.iter().map(|pair| pair.counts(least)).collect::<Vec<_>>());
    let scores = at(f64::NEG_INFINITY);
    let points = similarities().map(|value| SweepPoint { value, scores: at(value) }).collect();
    let mut mistakes: Vec<Mistake> = asked.iter().filter_map(|pair| pair.mistake()).collect();
    mistakes.sort_by(Mistake::worst_first);
    Ok(PairReport {
        pairs: asked.len() as u64,
        scores,
        labels: label_counts(&judged),
        judged: judged_counts(&judged),
        sweep: Sweep { threshold: "similarity".into(), current: 0.0, points },
        mistakes,
    })
}

/// The labels by pair, the lower id first, with their classes. A pair that is listed twice must be labelled alike.
type Listed<'a> = BTreeMap<(&'a str, &'a str), (&'a str, Class)>;

fn listed<'a>(labels: &'a [LabelledPair], classes: &Classes) -> Result<Listed<'a>, String> {
    let there: BTreeSet<&str> = labels.iter().map(|pair| pair.label.as_str()).collect();
    let list = || there.iter().copied().collect::<Vec<_>>().join(", ");
    if let Some(name) = classes.names().find(|name| !there.contains(name)) {
        return Err(format!("1: no pair has the label `{name}`; there are {}", list()));
    }
    let mut listed = Listed::new();
    for pair in labels {
        let LabelledPair { a, b, label, line } = pair;
        let class = classes.class(label).ok_or_else(|| {
            format!("{line}: whether `{label}` says copy is not known; name the labels that do (of {})", list())
        })?;
        if a == b {
            return Err(format!("{line}: `{a}` is paired with itself"));
        }
        let held = listed.entry((a.min(b).as_str(), a.max(b).as_str())).or_insert((label, class));
        if held.1 != class {
            return Err(format!("{line}: {a} and {b} are labelled `{label}` here and `{}` before", held.0));
        }
    }
    Ok(listed)
}

/// A labelled pair, and what the run says of it.
struct Judged<'a> {
    a: &'a str,
    b: &'a str,
    label: &'a str,
    class: Class,
    direct: Option<(Kind, f32)>,
    /// The least similarity at which they are in one cluster, and the representative of that.
    tie: Option<(f32, &'a str)>,
}

impl<'a> Judged<'a> {
    fn new(run: &'a Run, a: &'a str, b: &'a str, label: &'a str, class: Class) -> Self {
        Judged { a, b, label, class, direct: run.direct(a, b), tie: run.tie(a, b) }
    }

    fn tie(&self) -> Option<f32> {
        self.tie.map(|(similarity, _)| similarity)
    }

    /// Counts what is right, wrong and missed if clusters hold only pairs of at least some similarity.
    fn counts(&self, least: f64) -> [f64; 3] {
        let together = self.tie().is_some_and(|tie| f64::from(tie) >= least);
        let count = |counts: bool| f64::from(u8::from(counts));
        let copy = self.class == Class::Copy;
        [count(copy && together), count(!copy && together), count(copy && !together)]
    }

    fn judgment(&self) -> &'static str {
        match (self.direct, self.tie) {
            (Some((kind, _)), _) => kind.name(),
            (None, Some(_)) => "cluster",
            (None, None) => "none",
        }
    }

    fn mistake(&self) -> Option<Mistake> {
        let together = self.tie.is_some();
        let wrong = together != (self.class == Class::Copy);
        wrong.then(|| Mistake {
            a: self.a.into(),
            b: self.b.into(),
            label: self.label.into(),
            together,
            kind: self.direct.map(|(kind, _)| kind),
            similarity: self.direct.map(|(_, score)| score).or(self.tie()).unwrap_or(0.0),
            reason: match (self.direct, &self.tie) {
                (None, Some((_, representative))) => format!("both match {representative}"),
                _ => String::new(),
            },
        })
    }
}

fn label_counts(judged: &[Judged]) -> Vec<LabelCount> {
    let mut counts: BTreeMap<(Class, &str), (u64, u64)> = BTreeMap::new();
    for pair in judged {
        let count = counts.entry((pair.class, pair.label)).or_default();
        *count = (count.0 + u64::from(pair.tie.is_some()), count.1 + 1);
    }
    let count = |((class, label), (together, pairs)): ((Class, &str), _)| LabelCount {
        label: label.into(),
        class,
        together,
        pairs,
    };
    counts.into_iter().map(count).collect()
}

/// All judgments, in the order of tables.
const JUDGMENTS: [&str; 7] = ["exact", "near", "excerpt", "reworded", "cluster", "template", "none"];

fn judged_counts(judged: &[Judged]) -> Vec<JudgedCount> {
    let count = |name: &'static str| {
        let of = |class| judged.iter().filter(|pair| pair.judgment() == name && pair.class == class).count() as u64;
        JudgedCount { judged: name, copies: of(Class::Copy), others: of(Class::Other), apart: of(Class::Apart) }
    };
    let counts = JUDGMENTS.into_iter().map(count);
    counts.filter(|count| count.copies + count.others + count.apart > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{Labels, TableFormat};

    fn labels(rows: &str) -> Vec<LabelledPair> {
        match Labels::parse(&format!("a,b,label\n{rows}"), TableFormat::Csv, None) {
            Ok(Labels::Pairs(pairs)) => pairs,
            other => panic!("{other:?}"),
        }
    }

    /// Returns a run with a cluster of `a`, `b` (0.9) and `c` (0.6), and one of `c` and `d` (0.8).
    fn run() -> Run {
        let mut run = Run::default();
        for (x, y, kind, score) in [
            ("a", "b", Kind::Near, 0.9),
            ("a", "c", Kind::Reworded, 0.6),
            ("d", "c", Kind::Near, 0.8),
            ("e", "a", Kind::Template, 0.7),
        ] {
            run.add_match(x, y, kind, score);
        }
        run.add_cluster([("a", 1.0), ("b", 0.9), ("c", 0.6)].into_iter());
        run.add_cluster([("d", 1.0), ("c", 0.8)].into_iter());
        run
    }

    #[test]
    fn together_is_in_one_cluster() {
        let pairs =
            pairs(&run(), &labels("a,b,S\nb,c,S\nd,c,U\na,e,S\na,d,T\nd,b,R\n"), &Classes::known(), false).unwrap();
        let Scores { right, wrong, missed, .. } = pairs.scores;
        assert_eq!((right, wrong, missed, pairs.pairs), (2, 1, 1, 5));
        let told: Vec<_> = pairs.mistakes.iter().map(|m| (&*m.a, &*m.b, m.together, m.kind)).collect();
        assert_eq!(told, [("c", "d", true, Some(Kind::Near)), ("a", "e", false, Some(Kind::Template))]);
        let judged: Vec<_> = pairs.judged.iter().map(|j| (j.judged, j.copies, j.others, j.apart)).collect();
        assert_eq!(judged, [("near", 1, 1, 0), ("cluster", 1, 0, 0), ("template", 1, 0, 0), ("none", 0, 1, 1)]);
        let at =
            |value: f64| pairs.sweep.points.iter().find(|point| point.value == value).map(|point| point.scores.right);
        assert_eq!((at(0.0), at(0.6), at(0.65), at(0.95)), (Some(2), Some(2), Some(1), Some(0)));
        assert_eq!(pairs.sweep.best().map(|best| best.value), Some(0.0), "of several the nearest to what was run");
    }

    #[test]
    fn where_all_copies_are_listed_others_are_wrong() {
        let pairs = pairs(&run(), &labels("a,b,S\n"), &Classes::known(), true).unwrap();
        assert_eq!((pairs.scores.right, pairs.scores.wrong), (1, 3));
        assert!(pairs.mistakes.iter().all(|mistake| mistake.label == UNLISTED));
    }

    #[test]
    fn labels_must_say_something() {
        let fail = |rows, classes: &Classes| pairs(&run(), &labels(rows), classes, false).unwrap_err();
        assert!(fail("a,b,S\nc,d,hm\n", &Classes::known()).starts_with("3: whether `hm` says copy is not known"));
        let named = Classes::named(vec!["Z".into()], Vec::new());
        assert_eq!(fail("a,b,S\na,c,T\n", &named), "1: no pair has the label `Z`; there are S, T");
        assert!(
            fail("a,b,S\nb,a,T\n", &Classes::known()).starts_with("3: b and a are labelled `T` here and `S` before")
        );
        assert!(fail("a,a,S\n", &Classes::known()).starts_with("2: `a` is paired with itself"));
    }
}
