//! Baselines: files of known findings. A check that is compared with one fails for new findings only.
//!
//! A finding is recognised by its rule, by its item or file, and by a sketch of its words. So it may move to another line,
//! and its text may change a little.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::{Issue, short};
use crate::judge::Rule;
use crate::sketch::{EMPTY, Sketcher};
use crate::token::words;
use crate::{escape, hash};

/// The version of the file.
const VERSION: u32 = 1;
/// Values in a sketch: the minimum of this many permutations of the features, …
const PLACES: usize = 64;
/// … of each of which this many bits are kept. By chance, one value in 256 agrees.
const BITS: u32 = 8;
/// The features: words cut to their stems, and pairs of them. A word that changes in ten changes three features in twenty.
const FEATURES: &str = "stems and pairs of stems";
/// The family of permutations, another one than that of signatures.
const FAMILY: u64 = 7;
/// Passages are one reworded where their sketches agree in this share of the places. Two passages of ten words that
/// differ in one agree in about 0.7 of them, in two in about 0.5; two that share a site's phrases only, in 0.2.
const ALIKE: f32 = 0.5;
/// Pairs of findings and entries of one rule and file that are all compared.
const MOST_PAIRS: usize = 4_000_000;
/// Of more, entries that a finding is compared with at a time, …
const NEAR: usize = 32;
/// … and how often.
const MOST_ROUNDS: usize = 64;
/// Characters of a passage that an entry shows, for people.
const SHOWN: usize = 60;

/// Known findings, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    /// The known findings.
    pub entries: Vec<Entry>,
}

/// A known finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The file that it was found in.
    pub path: String,
    /// The source of its document, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The id of its document.
    pub id: String,
    /// Its rule.
    pub rule: Rule,
    /// The id of the document that it was compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
    /// The beginning of its passage, for people.
    pub text: String,
    /// The sketch of its passage, in hexadecimal digits.
    pub sketch: String,
    /// Why it is fine, if it was accepted by a person who said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The result of comparing findings with a baseline.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// For each finding, whether the baseline knows it.
    pub known: Vec<bool>,
    /// For each entry, whether its finding occurs.
    pub occurs: Vec<bool>,
}

/// The head of the file.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Made {
    places: usize,
    bits: u32,
    features: String,
}

#[derive(Deserialize)]
struct File {
    #[serde(rename = "flong-baseline")]
    version: u32,
    sketch: Made,
    findings: Vec<serde_json::Value>,
}

fn made() -> Made {
    Made { places: PLACES, bits: BITS, features: FEATURES.into() }
}

impl Baseline {
    /// Returns a baseline of these findings.
    pub fn of(issues: &[Issue]) -> Self {
        let sketcher = Sketcher::new(PLACES, FAMILY);
        let mut entries: Vec<Entry> = issues.iter().map(|issue| entry(issue, &sketcher)).collect();
        entries.sort();
        Baseline { entries }
    }

    /// Adds the findings whose fingerprints begin with one of these, with the reason why they are fine. Each must name one
    /// finding; the error says which does not.
    pub fn accept(&mut self, issues: &[Issue], fingerprints: &[String], reason: Option<&str>) -> Result<(), String> {
        let sketcher = Sketcher::new(PLACES, FAMILY);
        for given in fingerprints {
            let fits = |issue: &&Issue| !given.is_empty() && issue.fingerprint.starts_with(given.as_str());
            let named: Vec<&Issue> = issues.iter().filter(fits).collect();
            match named[..] {
                [issue] => self.entries.push(Entry { reason: reason.map(Into::into), ..entry(issue, &sketcher) }),
                [] => return Err(format!("no finding has the fingerprint `{given}`")),
                _ => return Err(format!("{} findings have a fingerprint that begins with `{given}`", named.len())),
            }
        }
        self.entries.sort();
        self.entries.dedup();
        Ok(())
    }

    /// Reads a file that [`Baseline::write`] made. The error says what is wrong with it and what to do.
    pub fn read(text: &str) -> Result<Self, String> {
        let again = "write it anew with --write-baseline";
        let file: File =
            serde_json::from_str(text).map_err(|error| format!("no baseline of flong: {error}; {again}"))?;
        if file.version != VERSION {
            return Err(format!("flong-baseline is {}, and this flong reads {VERSION}; {again}", file.version));
        }
        let (its, ours) = (file.sketch, made());
        let refuse = |name: &str, its: &dyn std::fmt::Display, ours: &dyn std::fmt::Display| {
            Err(format!("its sketch.{name} is {its}, and this flong's is {ours}; {again}"))
        };
        if its.places != ours.places {
            return refuse("places", &its.places, &ours.places);
        }
        if its.bits != ours.bits {
            return refuse("bits", &its.bits, &ours.bits);
        }
        if its.features != ours.features {
            return refuse("features", &its.features, &ours.features);
        }
        let mut entries: Vec<Entry> = Vec::with_capacity(file.findings.len());
        for (n, value) in (1..).zip(file.findings) {
            let entry: Entry = serde_json::from_value(value)
                .map_err(|error| format!("its finding {n} is damaged: {error}; {again}"))?;
            if entry.sketch.len() != PLACES * 2 || !entry.sketch.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                return Err(format!("the sketch of its finding {n} is damaged; {again}"));
            }
            entries.push(entry);
        }
        Ok(Baseline { entries })
    }

    /// Returns the text of the file: JSON, sorted, with a line for each finding, so that a diff shows which findings changed.
    pub fn write(&self) -> String {
        let sketch = json(&made());
        let mut text = format!("{{\n  \"flong-baseline\": {VERSION},\n  \"sketch\": {sketch},\n  \"findings\": [");
        let mut entries: Vec<&Entry> = self.entries.iter().collect();
        entries.sort();
        for (n, entry) in entries.into_iter().enumerate() {
            text.push_str(if n == 0 { "\n    " } else { ",\n    " });
            text.push_str(&json(entry));
        }
        text.push_str(if self.entries.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" });
        text
    }

    /// Returns which findings are known, and which entries occur. Each entry accounts for one finding.
    ///
    /// The surest pairs are matched first: the same words in the same item, then in the same file, then similar words in the
    /// item and in the file. So no entry is used up by a new finding while its own still occurs.
    pub fn compare(&self, issues: &[Issue]) -> Compared {
        let sketcher = Sketcher::new(PLACES, FAMILY);
        self.compare_entries(&issues.iter().map(|issue| entry(issue, &sketcher)).collect::<Vec<_>>())
    }

    fn compare_entries(&self, found: &[Entry]) -> Compared {
        let mut compared = Compared { known: vec![false; found.len()], occurs: vec![false; self.entries.len()] };
        for exact in [true, false] {
            for place in [item, file] {
                self.tie(found, place, exact, &mut compared);
            }
        }
        compared
    }

    /// Pairs the remaining findings and entries of one rule and place, the most similar first.
    fn tie(&self, found: &[Entry], place: fn(&Entry) -> [&str; 2], exact: bool, compared: &mut Compared) {
        let mut waiting: BTreeMap<_, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for (f, finding) in found.iter().enumerate().filter(|(f, _)| !compared.known[*f]) {
            waiting.entry(key(finding, place, exact)).or_default().0.push(f);
        }
        for (e, entry) in self.entries.iter().enumerate().filter(|(e, _)| !compared.occurs[*e]) {
            waiting.entry(key(entry, place, exact)).or_default().1.push(e);
        }
        for (findings, entries) in waiting.into_values() {
            if exact {
                self.tie_equal(found, &findings, &entries, compared);
            } else {
                self.tie_alike(found, findings, entries, compared);
            }
        }
    }

    /// Pairs findings and entries that all have the same words: first the ones that were compared with the same text, then the
    /// others in order.
    fn tie_equal(&self, found: &[Entry], findings: &[usize], entries: &[usize], compared: &mut Compared) {
        let mut by_other: BTreeMap<Option<&str>, VecDeque<usize>> = BTreeMap::new();
        entries.iter().for_each(|&e| by_other.entry(self.entries[e].other.as_deref()).or_default().push_back(e));
        for &f in findings {
            if let Some(e) = by_other.get_mut(&found[f].other.as_deref()).and_then(VecDeque::pop_front) {
                (compared.known[f], compared.occurs[e]) = (true, true);
            }
        }
        let findings: Vec<usize> = findings.iter().copied().filter(|f| !compared.known[*f]).collect();
        let entries: Vec<usize> = entries.iter().copied().filter(|e| !compared.occurs[*e]).collect();
        for (f, e) in findings.into_iter().zip(entries) {
            (compared.known[f], compared.occurs[e]) = (true, true);
        }
    }

    /// Pairs similar findings and entries. If there are very many, each finding is compared only with the entries next to it
    /// in the order of sketches, and again as long as that pairs more.
    fn tie_alike(&self, found: &[Entry], findings: Vec<usize>, entries: Vec<usize>, compared: &mut Compared) {
        if findings.len().saturating_mul(entries.len()) <= MOST_PAIRS {
            let pairs = findings.iter().flat_map(|&f| entries.iter().map(move |&e| (f, e)));
            self.tie_pairs(found, pairs, compared);
            return;
        }
        for _ in 0..MOST_ROUNDS {
            let findings = findings.iter().copied().filter(|f| !compared.known[*f]);
            let mut open: Vec<usize> = entries.iter().copied().filter(|e| !compared.occurs[*e]).collect();
            open.sort_by_key(|e| &self.entries[*e].sketch);
            let near = |f: usize| {
                let at = open.partition_point(|e| self.entries[*e].sketch < found[f].sketch);
                let first = at.saturating_sub(NEAR / 2).min(open.len().saturating_sub(NEAR));
                open[first..open.len().min(first + NEAR)].iter().map(move |e| (f, *e))
            };
            let pairs: Vec<(usize, usize)> = findings.flat_map(near).collect();
            if !self.tie_pairs(found, pairs.into_iter(), compared) {
                return;
            }
        }
    }

    /// Pairs what is similar, the most similar first. Returns whether it paired any.
    fn tie_pairs(&self, found: &[Entry], pairs: impl Iterator<Item = (usize, usize)>, compared: &mut Compared) -> bool {
        let mut ties: Vec<(u32, bool, usize, usize)> = Vec::new();
        for (f, e) in pairs {
            let (finding, entry) = (&found[f], &self.entries[e]);
            let agree = agreement(&finding.sketch, &entry.sketch);
            if agree as f32 >= ALIKE * PLACES as f32 {
                ties.push((PLACES as u32 - agree, entry.other != finding.other, f, e));
            }
        }
        ties.sort_unstable();
        let mut tied = false;
        for (.., f, e) in ties {
            if !compared.known[f] && !compared.occurs[e] {
                (compared.known[f], compared.occurs[e]) = (true, true);
                tied = true;
            }
        }
        tied
    }
}

fn json(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).expect("strings and numbers can be written as JSON");
    // The file is committed, and shown where changes are reviewed.
    escape::json(&text).into_owned()
}

/// Returns one place of an entry: its item.
fn item(entry: &Entry) -> [&str; 2] {
    // Without a source, an id names an item of its file.
    [entry.source.as_deref().unwrap_or(&entry.path), &entry.id]
}

/// Returns the other place of an entry: its file.
fn file(entry: &Entry) -> [&str; 2] {
    [&entry.path, ""]
}

fn key(entry: &Entry, place: fn(&Entry) -> [&str; 2], exact: bool) -> (Rule, [&str; 2], &str) {
    (entry.rule, place(entry), if exact { &entry.sketch } else { "" })
}

fn entry(issue: &Issue, sketcher: &Sketcher) -> Entry {
    Entry {
        path: issue.path.to_string(),
        source: issue.document.source.as_deref().map(Into::into),
        id: issue.document.id.to_string(),
        rule: issue.rule,
        other: issue.other.as_ref().map(|other| other.document.id.to_string()),
        text: short(issue.passage, SHOWN),
        sketch: sketch(issue.passage, sketcher),
        reason: None,
    }
}

/// Returns the sketch of a passage, two hexadecimal digits a place.
fn sketch(passage: &str, sketcher: &Sketcher) -> String {
    let stems: Vec<u64> = words(passage).iter().map(|word| u64::from(word.stem().0)).collect();
    let pairs = stems.windows(2).map(|pair| hash::pair(pair[0], pair[1]));
    let mut features: Vec<u64> = stems.iter().map(|&stem| hash::pair(0, stem)).chain(pairs).collect();
    features.sort_unstable();
    features.dedup();
    let mut signature = [EMPTY; PLACES];
    sketcher.sketch(&features, &mut signature);
    signature.iter().map(|place| format!("{:02x}", place & ((1 << BITS) - 1))).collect()
}

/// Returns in how many places two sketches agree.
fn agreement(a: &str, b: &str) -> u32 {
    let places = a.as_bytes().chunks(2).zip(b.as_bytes().chunks(2));
    places.filter(|(a, b)| a.eq_ignore_ascii_case(b)).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: &str = "The post Ferry runs aground off the coast of Aldermoor appeared first on The Daily Harbour";
    const OTHER: &str = "The post Maize prices rise for the third week in a row appeared first on The Daily Harbour";

    fn found(path: &str, id: &str, text: &str) -> Entry {
        let sketch = sketch(text, &Sketcher::new(PLACES, FAMILY));
        let (path, id) = (path.to_string(), id.to_string());
        Entry { path, source: None, id, rule: Rule::FeedFrame, other: None, text: text.into(), sketch, reason: None }
    }

    /// Returns for each finding whether a baseline of the entries knows it.
    fn known(entries: &[Entry], findings: &[Entry]) -> Vec<bool> {
        Baseline { entries: entries.to_vec() }.compare_entries(findings).known
    }

    #[test]
    fn a_reworded_passage_is_known_and_another_is_not() {
        let entry = [found("a", "1", FRAME)];
        let reworded = FRAME.replace("runs aground", "is aground").replace("coast", "shore");
        assert_eq!(known(&entry, &[found("a", "1", FRAME)]), [true]);
        assert_eq!(known(&entry, &[found("a", "9", &reworded)]), [true], "the id was the line");
        assert_eq!(known(&entry, &[found("a", "1", OTHER)]), [false]);
        assert_eq!(known(&entry, &[found("b", "1", FRAME)]), [false], "another file");
        let other_rule = Entry { rule: Rule::CallToAction, ..found("a", "1", FRAME) };
        assert_eq!(known(&entry, &[other_rule]), [false]);
    }

    #[test]
    fn an_entry_excuses_one_finding_and_its_own_first() {
        let entry = [found("a", "2", FRAME)];
        let twice = [found("a", "1", FRAME), found("a", "2", FRAME)];
        assert_eq!(known(&entry, &twice), [false, true]);
        let both = [found("a", "2", FRAME), found("a", "3", FRAME)];
        assert_eq!(known(&both, &twice), [true, true]);
    }

    #[test]
    fn an_item_may_move_to_another_file_of_its_source() {
        let of = |path| Entry { source: Some("x.example".into()), ..found(path, "1", FRAME) };
        assert_eq!(known(&[of("a")], &[of("b")]), [true]);
    }

    #[test]
    fn reads_what_it_writes_and_refuses_the_rest() {
        let baseline = Baseline { entries: vec![found("b", "1", FRAME), found("a", "1", OTHER)] };
        let text = baseline.write();
        let read = Baseline::read(&text).unwrap();
        assert_eq!((read.entries.len(), &*read.entries[0].path), (2, "a"), "sorted");
        assert_eq!(read.write(), text);
        assert_eq!(text.lines().count(), 8, "a line for each");
        assert_eq!(Baseline::read(&Baseline::default().write()).unwrap(), Baseline::default());

        let refused = |text: String| Baseline::read(&text).unwrap_err();
        assert!(refused(text.replace("baseline\": 1", "baseline\": 2")).contains("flong-baseline is 2"));
        assert!(refused(text.replace("\"places\":64", "\"places\":32")).contains("sketch.places is 32"));
        assert!(refused(text.replace("pairs of", "triples of")).contains("sketch.features"));
        assert!(refused(text.replace("FL204", "FL999")).contains("finding 1"));
        assert!(refused("{}".into()).contains("no baseline"));
    }
}
