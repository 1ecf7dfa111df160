//! Boilerplate of a run: how much by rule and source, what repeats, and inserted links.

use std::collections::BTreeMap;

use crate::Document;
use crate::hash::{HashedMap, bytes, pair};
use crate::judge::{Action, Finding, Rule};

/// Longest text of a group, in characters.
const MOST_CHARS: usize = 240;

/// Examples that are kept of each group.
const EXAMPLES: usize = 3;

/// A piece of a document that fell under a rule.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub start: u32,
    pub end: u32,
    pub rule: Rule,
    pub action: Action,
    pub score: f32,
    pub reason: u32,
}

/// Pieces of one source that say the same.
#[derive(Debug)]
pub(super) struct Alike {
    pub rule: Rule,
    pub source: i32,
    pub text: String,
    pub removed: u64,
    pub marked: u64,
    pub reason: u32,
    pub examples: Vec<(u32, u32, u32)>,
}

/// Reasons, each once.
#[derive(Debug, Default)]
pub(super) struct Reasons {
    pub texts: Vec<String>,
    known: BTreeMap<String, u32>,
}

impl Reasons {
    /// Returns the number of a reason.
    pub fn number(&mut self, reason: &str) -> u32 {
        if let Some(&number) = self.known.get(reason) {
            return number;
        }
        let number = self.texts.len() as u32;
        self.texts.push(reason.to_owned());
        self.known.insert(reason.to_owned(), number);
        number
    }
}

impl Piece {
    /// Returns the piece of a finding.
    pub fn of(finding: &Finding, reasons: &mut Reasons) -> Self {
        let Finding { span, rule, action, score, .. } = *finding;
        Piece { start: span.start, end: span.end, rule, action, score, reason: reasons.number(&finding.reason) }
    }
}

/// Counts pieces, and gathers those that say the same.
#[derive(Default)]
pub(super) struct Gathering {
    /// Pieces and bytes by rule, source and whether they were removed.
    pub removed: BTreeMap<(Rule, i32, bool), (u64, u64)>,
    groups: HashedMap<u64, Alike>,
}

impl Gathering {
    /// Counts a piece of any rule.
    pub fn count(&mut self, piece: &Piece, source: i32) {
        let count = self.removed.entry((piece.rule, source, piece.action == Action::Removed)).or_default();
        count.0 += 1;
        count.1 += u64::from(piece.end - piece.start);
    }

    /// Adds a piece of boilerplate to those that say the same.
    pub fn add(&mut self, piece: &Piece, document: &Document, number: u32, source: i32) {
        let Some(text) = document.text.get(piece.start as usize..piece.end as usize) else { return };
        let text = pattern(text, document.title.as_deref());
        let key = pair(bytes(text.as_bytes()), pair(piece.rule as u64, source as u64));
        let group = self.groups.entry(key).or_insert_with(|| Alike {
            rule: piece.rule,
            source,
            text,
            removed: 0,
            marked: 0,
            reason: piece.reason,
            examples: Vec::new(),
        });
        match piece.action {
            Action::Removed => group.removed += 1,
            Action::Marked => group.marked += 1,
        }
        if group.examples.len() < EXAMPLES {
            group.examples.push((number, piece.start, piece.end));
        }
    }

    /// Returns the groups, the largest first.
    pub fn groups(&mut self) -> Vec<Alike> {
        let mut groups: Vec<Alike> = std::mem::take(&mut self.groups).into_values().collect();
        groups.sort_by(|x, y| {
            let size = |group: &Alike| group.removed + group.marked;
            let key = |group: &Alike| (group.rule, group.source);
            size(y).cmp(&size(x)).then_with(|| key(x).cmp(&key(y))).then_with(|| x.text.cmp(&y.text))
        });
        groups
    }
}

/// The placeholder of a document's own title in a pattern.
const TITLE: &str = "{title}";

/// Returns the text of a piece as it repeats: the document's own title is left out, white space is one space.
fn pattern(text: &str, title: Option<&str>) -> String {
    let title = title.map(str::trim).filter(|title| !title.is_empty());
    let text = match title {
        Some(title) => text.replace(title, TITLE),
        None => text.to_owned(),
    };
    let mut words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = words.char_indices().nth(MOST_CHARS) {
        words.truncate(end);
        words.push('…');
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_that_hold_titles_are_alike() {
        let document = |title: &str| Document {
            title: Some(title.into()),
            ..Document::new("x", format!("It rained.\nThe post {title} appeared  first on X."))
        };
        let mut gathering = Gathering::default();
        for (n, title) in ["Rain", "Snow in May"].iter().enumerate() {
            let document = document(title);
            let (start, end) = (11, document.text.len() as u32);
            let piece = Piece { start, end, rule: Rule::FeedFrame, action: Action::Removed, score: 1.0, reason: 0 };
            gathering.add(&piece, &document, n as u32, 0);
        }
        let groups = gathering.groups();
        assert_eq!(groups.len(), 1);
        assert_eq!((&*groups[0].text, groups[0].removed), ("The post {title} appeared first on X.", 2));
        assert_eq!(groups[0].examples.len(), 2);
    }

    #[test]
    fn long_pieces_are_cut_between_characters() {
        let text = pattern(&"é".repeat(500), None);
        assert_eq!(text.chars().count(), MOST_CHARS + 1);
    }
}
