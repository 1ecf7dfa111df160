//! Verdicts on duplicates: which copies are removed, and for which text.

use std::collections::BTreeSet;

use super::within::{Repeat, is_within, says_nothing_new, within};
use super::{Action, Drop, Finding, Rule, is_correction};
use crate::boilerplate::{Aside, Stuffed};
use crate::cluster::Cluster;
use crate::verify::{Kind, Level, Match, Verified};
use crate::{DocumentId, Documents, Grain, Params, Ragged, Span, Unit};

/// The results of a run that verdicts need. `Found::evidence` gives it.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The documents of the run.
    pub documents: Documents<'a>,
    /// The units that were compared.
    pub units: &'a [Unit],
    /// The matches of the units.
    pub matches: &'a [Match],
    /// The clusters of the units.
    pub clusters: &'a [Cluster],
    /// The boilerplate in each document.
    pub asides: &'a Ragged<Aside>,
    /// The phrases that are stuffed into each document.
    pub stuffed: &'a Ragged<Stuffed>,
}

/// Returns the verdicts on duplicates, sorted by document and place.
///
/// The representative of each cluster is kept (but see [`Drop`]). A member is removed if its match with the representative
/// is at least as close as [`Params::remove`], and marked otherwise; templates are always marked. A paragraph or sentence is
/// removed if the representative is in the same document, or if [`Params::across`] contains its grain. It is not reported
/// if its document or that of the representative is a duplicate as a whole.
pub fn duplicates(evidence: &Evidence, params: &Params) -> Vec<Finding> {
    duplicates_among(evidence, vec![false; evidence.documents.len()], params)
}

/// Returns the verdicts on duplicates from a part of the evidence: the clusters and matches of some documents, with the
/// documents that they name. `whole` says which documents are known to be duplicates as a whole. What is returned about a
/// document is what [`duplicates`] returns about it, if the part has all of its clusters and matches.
pub fn duplicates_among(evidence: &Evidence, mut whole: Vec<bool>, params: &Params) -> Vec<Finding> {
    let mut verdicts: Vec<Finding> = Vec::new();
    // The pieces that go because they repeat in their own document, by document.
    let mut gone: BTreeSet<(DocumentId, Span)> = BTreeSet::new();
    for grain in [Grain::Document, Grain::Paragraph, Grain::Sentence] {
        let clusters = || evidence.clusters.iter().filter(|cluster| cluster.grain == grain);
        let of_clusters = clusters().flat_map(|cluster| verdicts_on(cluster, evidence, params, &whole));
        let of_repeats = within(evidence, grain, &gone).map(|Repeat { unit, kept, tie, alone }| {
            let finding = verdict(unit, kept, tie, evidence, params);
            if alone { Finding { action: Action::Marked, ..finding } } else { finding }
        });
        // Room for all verdicts on members at once: there may be millions, and a list that grows is held twice.
        let mut of_grain = Vec::with_capacity(clusters().map(|cluster| cluster.members.len()).sum());
        of_grain.extend(of_clusters.chain(of_repeats));
        let of_grain = one_each(of_grain, evidence.documents);
        for finding in of_grain.iter().filter(|finding| finding.whole && finding.rule != Rule::Template) {
            whole[finding.document] = true;
        }
        let own = |finding: &&Finding| finding.kept.is_some_and(|(document, _)| document == finding.document);
        let removed = of_grain.iter().filter(|finding| finding.action == Action::Removed && !finding.whole);
        gone.extend(removed.filter(own).map(|finding| (DocumentId::of(finding.document), finding.span)));
        // Verdicts on documents, the largest part, are moved and not copied.
        if verdicts.is_empty() { verdicts = of_grain } else { verdicts.extend(of_grain) }
    }
    verdicts.sort_unstable_by_key(|finding| (finding.document, finding.grain, finding.span));
    verdicts
}

/// Keeps of the verdicts on each unit the one that is reported; all are of one grain.
fn one_each(mut verdicts: Vec<Finding>, documents: Documents) -> Vec<Finding> {
    let unit = |finding: &Finding| (finding.document, finding.span);
    verdicts.sort_unstable_by(|a, b| unit(a).cmp(&unit(b)).then_with(|| rank(a, documents).cmp(&rank(b, documents))));
    verdicts.dedup_by(|later, first| unit(later) == unit(first));
    verdicts
}

/// Fewest words of a paragraph or sentence that may be removed; shorter ones are only marked.
const LEAST_WORDS: u32 = 8;

/// Returns a sort key: of two verdicts on one unit, the lower one is reported. Removing comes before marking, then the closer
/// match, then the copy whose document's id comes first.
fn rank<'a>(finding: &Finding, documents: Documents<'a>) -> (Action, Rule, i64, Option<(&'a str, Span, usize)>) {
    let kept = finding.kept.map(|(document, span)| (documents.head(document).id, span, document));
    (finding.action, finding.rule, (-1e6 * f64::from(finding.score)) as i64, kept)
}

fn verdicts_on(cluster: &Cluster, evidence: &Evidence, params: &Params, whole: &[bool]) -> Vec<Finding> {
    let kept = &evidence.units[cluster.representative.index()];
    let mut found = Vec::new();
    for &(member, tie) in &cluster.members {
        let unit = &evidence.units[member.index()];
        // Judged by their own matches: see `within`.
        if is_within(unit, kept, &evidence.matches[tie as usize]) {
            continue;
        }
        let known = whole[unit.document.index()] || whole[kept.document.index()];
        if cluster.grain != Grain::Document && unit.document != kept.document && known {
            continue;
        }
        found.push(verdict(unit, kept, &evidence.matches[tie as usize], evidence, params));
    }
    let removed = found.iter().any(|finding| finding.action == Action::Removed);
    if params.drop == Drop::All && removed && cluster.grain == Grain::Document {
        let (member, tie) = cluster.members[0];
        let other = &evidence.units[member.index()];
        let mut finding = verdict(kept, other, &evidence.matches[tie as usize], evidence, params);
        finding.kept = None;
        finding.reason = format!("{}; no copy is kept", finding.reason).into();
        found.push(finding);
    }
    found
}

fn verdict(unit: &Unit, kept: &Unit, tie: &Match, evidence: &Evidence, params: &Params) -> Finding {
    let document = evidence.documents.head(unit.document.index());
    let verified = &tie.verified;
    // A text is never removed for an excerpt of itself, whatever the policy prefers.
    let excerpt = verified.kind == Kind::Excerpt;
    let loses = excerpt && unit.word_count() > kept.word_count() || corrects(unit, kept, evidence, params);
    let may_go = match &params.drop {
        Drop::From(_) => params.drop.names(document),
        Drop::Duplicates | Drop::All => true,
    };
    // A short line that is repeated (a heading, a table's head, a refrain) is more likely meant to be.
    let long_enough = unit.grain == Grain::Document || unit.word_count() >= LEAST_WORDS;
    let in_reach =
        unit.grain == Grain::Document || unit.document == kept.document || params.across.contains(&unit.grain);
    let repeats = !is_within(unit, kept, tie) || says_nothing_new(unit, tie);
    Finding {
        document: unit.document.index(),
        span: unit.span,
        whole: unit.grain == Grain::Document,
        grain: Some(unit.grain),
        rule: rule(verified.kind),
        action: if is_close(verified.kind, params.remove) && may_go && in_reach && long_enough && !loses && repeats {
            Action::Removed
        } else {
            Action::Marked
        },
        score: verified.score,
        kept: Some((kept.document.index(), kept.span)),
        reason: reason(unit, kept, tie, evidence).into(),
    }
}

/// Whether a document corrects the one that it would go for.
fn corrects(unit: &Unit, kept: &Unit, evidence: &Evidence, params: &Params) -> bool {
    let is_correction = |unit: &Unit| is_correction(evidence.documents.head(unit.document.index()));
    unit.grain == Grain::Document && params.keep.prefers_corrections() && is_correction(unit) && !is_correction(kept)
}

/// Returns the reason of a verdict, in a sentence for people.
fn reason(unit: &Unit, kept: &Unit, tie: &Match, evidence: &Evidence) -> String {
    let longer = unit.word_count() > kept.word_count();
    let mut reason = if unit.document == kept.document {
        why(&tie.verified, &format!("an earlier {} of the document", unit.grain.name()), longer)
    } else {
        why(&tie.verified, evidence.documents.head(kept.document.index()).id, longer)
    };
    // `format!` may reserve twice what a sentence needs, and there may be millions of reasons.
    reason.shrink_to_fit();
    reason
}

/// Says in a sentence for people how a text relates to another. `longer` says whether the text has more body words.
pub(super) fn why(verified: &Verified, other: &str, longer: bool) -> String {
    let percent = |share: f32| (share * 100.0).round();
    match verified.kind {
        Kind::Exact => format!("the same words as {other}"),
        Kind::Near => format!(
            "shares {}% of its weight and {}% of its word order with {other}",
            percent(verified.measures.weighted_containment),
            percent(verified.aligned)
        ),
        Kind::Excerpt => {
            let share = percent(verified.measures.weighted_containment);
            if longer {
                format!("this text contains {share}% of {other}")
            } else {
                format!("{share}% of this text is contained in {other}")
            }
        }
        Kind::Reworded => {
            format!(
                "says what {other} says in other words: {}% of all weight shared",
                percent(verified.measures.weighted_jaccard)
            )
        }
        Kind::Template => format!("the same form as {other} with other facts"),
    }
}

impl Kind {
    /// Returns the rule for documents that match in this way.
    pub fn rule(self) -> Rule {
        rule(self)
    }
}

/// Returns the rule for matches of a kind.
pub(super) fn rule(kind: Kind) -> Rule {
    match kind {
        Kind::Exact => Rule::ExactDuplicate,
        Kind::Near => Rule::NearDuplicate,
        Kind::Excerpt => Rule::Excerpt,
        Kind::Reworded => Rule::RewordedDuplicate,
        Kind::Template => Rule::Template,
    }
}

/// Returns whether a match of a kind is close enough to be removed.
pub(super) fn is_close(kind: Kind, remove: Level) -> bool {
    match kind {
        Kind::Exact => true,
        Kind::Near | Kind::Excerpt => remove >= Level::Near,
        Kind::Reworded => remove >= Level::Reworded,
        Kind::Template => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, find};

    const TEXT: &str = "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board. Nobody was hurt, the \
        harbour master told reporters, and divers will inspect the hull of the vessel before it is towed to the yard.";

    fn findings(documents: &[Document], params: &Params) -> Vec<(usize, Rule, Action, Option<usize>)> {
        let found = find(documents, params);
        let verdicts = duplicates(&found.evidence(documents), params);
        verdicts.iter().map(|f| (f.document, f.rule, f.action, f.kept.map(|k| k.0))).collect()
    }

    fn documents() -> Vec<Document> {
        let from = |record: u64, id: &str, source: &str, date: &str| Document {
            provenance: crate::document::Place { input: 0, record }.into(),
            source: Some(source.into()),
            date: Some(date.into()),
            ..Document::new(id, TEXT)
        };
        vec![from(0, "late", "x", "2020-02"), from(1, "early", "y", "2020-01")]
    }

    #[test]
    fn the_policy_says_which_copy_stays() {
        let expected = |gone, kept| vec![(gone, Rule::ExactDuplicate, Action::Removed, Some(kept))];
        let with = |keep: &str| findings(&documents(), &Params { keep: keep.parse().unwrap(), ..Params::default() });
        assert_eq!(with("earliest"), expected(0, 1));
        assert_eq!(with("first"), expected(1, 0));
        assert_eq!(with("source:x"), expected(1, 0));
    }

    #[test]
    fn of_very_many_copies_one_stays() {
        let copy = |i: u64| {
            let second = i * 7919 % 3000;
            let date = format!("2026-01-01T00:{:02}:{:02}Z", second / 60, second % 60);
            Document { date: Some(date.into()), ..Document::new(format!("d{i}"), TEXT) }
        };
        let documents: Vec<Document> = (0..3000).map(copy).collect();
        let found = findings(&documents, &Params { grains: vec![Grain::Document], ..Params::default() });
        assert_eq!(found.iter().filter(|f| f.2 == Action::Removed).count(), 2999);
        assert!(found.iter().all(|f| f.3 == Some(0)), "the earliest is kept");
    }

    #[test]
    fn what_may_be_dropped() {
        let with = |drop: &str| findings(&documents(), &Params { drop: drop.parse().unwrap(), ..Params::default() });
        assert_eq!(
            with("all").iter().map(|f| (f.0, f.2)).collect::<Vec<_>>(),
            [(0, Action::Removed), (1, Action::Removed)]
        );
        assert_eq!(with("from:x"), [(0, Rule::ExactDuplicate, Action::Removed, Some(1))]);
        // The later copy is kept if the earlier is what may go.
        assert_eq!(with("from:y"), [(1, Rule::ExactDuplicate, Action::Removed, Some(0))]);
        assert_eq!(with("from:z"), [(0, Rule::ExactDuplicate, Action::Marked, Some(1))]);
    }

    #[test]
    fn a_longer_text_does_not_give_way_to_its_excerpt() {
        let mut documents = documents();
        documents[1].text = TEXT.split_once(". ").unwrap().0.into();
        let found = findings(&documents, &Params::default());
        assert_eq!(found, [(1, Rule::Excerpt, Action::Removed, Some(0))]);
    }

    #[test]
    fn a_paragraph_that_repeats_within_a_document_goes() {
        let document = Document::new("a", format!("{TEXT}\n\nAn end with words of its own, and then again:\n\n{TEXT}"));
        let found = findings(&[document], &Params::default());
        assert_eq!(found, [(0, Rule::ExactDuplicate, Action::Removed, Some(0))]);
    }
}
