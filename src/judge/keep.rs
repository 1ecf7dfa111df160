//! Policies: which of several copies is kept, and what may be dropped.

use std::cmp::{Ordering, Reverse};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{is_correction, times};
use crate::date::When;
use crate::{Document, Documents, Head, Params};

/// The policy by which one of several copies is kept. Of copies that are equal by the policy, the one with the earlier date
/// is kept, then the first in the input. Where dates or lengths decide, a [correction](super::is_correction) is kept rather
/// than what it corrects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Keep {
    /// The one with the earliest date; documents without a date, or with one that cannot be read, come last.
    Earliest,
    /// The one with the latest date, so that a later version of a report stays; documents without a date, or with one that
    /// cannot be read, come last.
    Latest,
    /// The one with the longest text.
    Longest,
    /// The first in the input.
    First,
    /// The one whose source comes first in this list; sources that are not listed come last.
    Source(Vec<String>),
    /// The one with the greatest value in this field: numbers come before other values, which are compared as text.
    Field(String),
}

/// The documents that may be dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Drop {
    /// All copies except the one that is kept.
    Duplicates,
    /// Every text that has a copy, including the one that would be kept.
    All,
    /// Only copies that come from here. Texts from elsewhere are kept, whatever repeats them.
    From(Origin),
}

/// The origin of documents: a source of this name, and the inputs that the name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    name: String,
    /// Indices of inputs; none before [`Drop::resolve`].
    inputs: Vec<u32>,
}

impl Origin {
    /// Returns an origin of some inputs, by their indices in the run. The name is used in messages.
    pub fn inputs(name: impl Into<String>, indices: impl IntoIterator<Item = u32>) -> Self {
        let mut inputs: Vec<u32> = indices.into_iter().collect();
        inputs.sort_unstable();
        Origin { name: name.into(), inputs }
    }
}

impl Keep {
    /// Whether corrections come before all others, whatever their date or length.
    pub(super) fn prefers_corrections(&self) -> bool {
        matches!(self, Keep::Earliest | Keep::Latest | Keep::Longest)
    }
}

impl Drop {
    /// Looks up which inputs an origin's name means, from the names of all inputs: the input of that name, and all inputs
    /// in the folder of that name.
    pub fn resolve<'a>(&mut self, inputs: impl IntoIterator<Item = &'a str>) {
        let Drop::From(Origin { name, inputs: named }) = self else { return };
        let wanted = name.strip_prefix("./").unwrap_or(name).trim_end_matches('/');
        let is_named = |input: &str| {
            input.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) || input == name
        };
        *named = (0..).zip(inputs).filter(|(_, input)| is_named(input)).map(|(index, _)| index).collect();
    }

    /// Returns whether this is [`Drop::From`] and the document comes from that origin.
    pub fn names(&self, document: Head) -> bool {
        match self {
            Drop::From(Origin { name, inputs }) => {
                document.source == Some(name) || inputs.binary_search(&document.place.input).is_ok()
            }
            Drop::Duplicates | Drop::All => false,
        }
    }
}

impl FromStr for Keep {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.split_once(':')) {
            ("earliest", _) => Ok(Keep::Earliest),
            ("latest", _) => Ok(Keep::Latest),
            ("longest", _) => Ok(Keep::Longest),
            ("first", _) => Ok(Keep::First),
            (_, Some(("source", list))) if !list.is_empty() => {
                Ok(Keep::Source(list.split(',').map(|name| name.trim().to_string()).collect()))
            }
            (_, Some(("field", name))) if !name.is_empty() => Ok(Keep::Field(name.to_string())),
            _ => {
                Err(format!("`{text}` is not one of earliest, latest, longest, first, source:NAME,NAME,…, field:NAME"))
            }
        }
    }
}

impl fmt::Display for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Keep::Earliest => f.write_str("earliest"),
            Keep::Latest => f.write_str("latest"),
            Keep::Longest => f.write_str("longest"),
            Keep::First => f.write_str("first"),
            Keep::Source(list) => write!(f, "source:{}", list.join(",")),
            Keep::Field(name) => write!(f, "field:{name}"),
        }
    }
}

impl FromStr for Drop {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.strip_prefix("from:")) {
            ("duplicates", _) => Ok(Drop::Duplicates),
            ("all", _) => Ok(Drop::All),
            (_, Some(name)) if !name.is_empty() => {
                Ok(Drop::From(Origin { name: name.to_string(), inputs: Vec::new() }))
            }
            _ => Err(format!("`{text}` is not one of duplicates, all, from:NAME")),
        }
    }
}

impl fmt::Display for Drop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Drop::Duplicates => f.write_str("duplicates"),
            Drop::All => f.write_str("all"),
            Drop::From(Origin { name, .. }) => write!(f, "from:{name}"),
        }
    }
}

/// Strings in files and options.
macro_rules! as_text {
    ($type:ty) => {
        impl TryFrom<String> for $type {
            type Error = String;
            fn try_from(text: String) -> Result<Self, String> {
                text.parse()
            }
        }
        impl From<$type> for String {
            fn from(value: $type) -> String {
                value.to_string()
            }
        }
    };
}
as_text!(Keep);
as_text!(Drop);

/// Returns the rank of each document; all are different. Of several copies, the one with the lowest rank is kept. Documents
/// that may be dropped rank after all others, if [`Drop`] names only some.
///
/// Documents are ranked by the policy, then by date, then by their place in the input: files in the order of their paths (see
/// [`Params::input_ranks`]), documents in the order of their file. So the ranks do not depend on the order in which files or
/// documents were named and read, unless the policy is that order. Documents without a place of their own rank by id, then by
/// text.
pub fn ranks(documents: &[Document], params: &Params) -> Vec<u32> {
    ranks_by(documents, |i| documents[i].text.len(), params)
}

/// Returns the rank of each document as [`ranks`] does, of documents whose texts are not at hand: `length` is the length in
/// bytes of the text of a document, by its index.
pub fn ranks_by<'a>(documents: impl Into<Documents<'a>>, length: impl Fn(usize) -> usize, params: &Params) -> Vec<u32> {
    let documents = documents.into();
    let times = times(documents);
    let file = |document: Head| params.input_rank(document.place.input);
    let text = |key: &Key| match documents {
        Documents::Whole(documents) => &*documents[key.document as usize].text,
        Documents::Heads(_) => "",
    };
    let mut order: Vec<Key> = (0..documents.len() as u32).zip(&times).map(|(i, when)| Key::new(i, *when)).collect();
    for key in &mut order {
        let document = documents.head(key.document as usize);
        key.last = params.drop.names(document);
        key.faulty = params.keep.prefers_corrections() && !is_correction(document);
        key.early = if params.keep == Keep::Earliest { key.when } else { (false, None) };
        key.late = if params.keep == Keep::Latest { (key.when.0, Reverse(key.when.1)) } else { (false, Reverse(None)) };
        key.longest = Reverse(if params.keep == Keep::Longest { length(key.document as usize) } else { 0 });
    }
    order.sort_unstable_by(|x, y| {
        let first = (x.last, x.faulty, x.early, x.late, x.longest);
        first
            .cmp(&(y.last, y.faulty, y.early, y.late, y.longest))
            .then_with(|| {
                let [a, b] = [x, y].map(|key| documents.head(key.document as usize));
                by_policy(a, b, &params.keep)
                    .then_with(|| x.when.cmp(&y.when))
                    .then_with(|| (file(a), a.place).cmp(&(file(b), b.place)))
                    .then_with(|| a.id.cmp(b.id))
                    .then_with(|| text(x).cmp(text(y)))
            })
            .then(x.document.cmp(&y.document))
    });
    let mut ranks = vec![0; documents.len()];
    order.iter().enumerate().for_each(|(rank, key)| ranks[key.document as usize] = rank as u32);
    ranks
}

/// The values by which documents rank that are kept together in memory. They decide nearly all comparisons.
struct Key {
    /// Whether the document is one of those that may be dropped.
    last: bool,
    /// Whether it is no correction, if corrections come first.
    faulty: bool,
    /// The date, if that is the policy.
    early: (bool, Option<When>),
    /// The date from the last on, if that is the policy.
    late: (bool, Reverse<Option<When>>),
    /// The length of the text in bytes, if that is the policy.
    longest: Reverse<usize>,
    /// The date; undated ones come last.
    when: (bool, Option<When>),
    document: u32,
}

impl Key {
    fn new(document: u32, when: Option<When>) -> Self {
        let undated = (when.is_none(), when);
        let (early, late) = ((false, None), (false, Reverse(None)));
        Key { last: false, faulty: false, early, late, longest: Reverse(0), when: undated, document }
    }
}

fn none_last<T: Ord>(a: &Option<T>, b: &Option<T>) -> Ordering {
    a.is_none().cmp(&b.is_none()).then_with(|| a.cmp(b))
}

fn by_policy(a: Head, b: Head, keep: &Keep) -> Ordering {
    match keep {
        // Dates and lengths were compared before.
        Keep::Earliest | Keep::Latest | Keep::Longest => Ordering::Equal,
        Keep::First => a.place.cmp(&b.place),
        Keep::Source(list) => {
            let place = |head: Head| head.source.and_then(|source| list.iter().position(|name| name == source));
            none_last(&place(a), &place(b))
        }
        Keep::Field(_) => match (a.rank, b.rank) {
            (Some(x), Some(y)) => match (x.parse::<f64>(), y.parse::<f64>()) {
                (Ok(x), Ok(y)) => y.total_cmp(&x),
                // Values of both kinds have no order in common.
                (Ok(_), Err(_)) => Ordering::Less,
                (Err(_), Ok(_)) => Ordering::Greater,
                (Err(_), Err(_)) => y.cmp(x),
            },
            (x, y) => x.is_none().cmp(&y.is_none()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(id: &str, date: &str, text: &str) -> Document {
        let date = (!date.is_empty()).then(|| date.into());
        Document { date, source: Some(id.into()), rank: Some(text.into()), ..Document::new(id, text) }
    }

    fn first(keep: &str) -> String {
        let documents = [document("b", "2020-02-01", "9"), document("c", "", "100"), document("a", "2020-01-01", "10")];
        let ranks = ranks(&documents, &Params { keep: keep.parse().unwrap(), ..Params::default() });
        documents[ranks.iter().position(|&r| r == 0).unwrap()].id.to_string()
    }

    #[test]
    fn policies() {
        assert_eq!(first("earliest"), "a");
        assert_eq!(first("latest"), "b");
        assert_eq!(first("longest"), "c");
        assert_eq!(first("source:x,b,a"), "b");
        assert_eq!(first("field:score"), "c");
    }

    /// Returns the ids in the order of their ranks.
    fn ranked(documents: &[Document], params: &Params) -> String {
        let ranks = ranks(documents, params);
        let mut order: Vec<usize> = (0..documents.len()).collect();
        order.sort_by_key(|&i| ranks[i]);
        order.into_iter().map(|i| &*documents[i].id).collect()
    }

    #[test]
    fn dates_are_compared_as_times_and_ties_go_to_the_first_in_the_input() {
        let at = |input, record, id, date| Document {
            provenance: crate::document::Place { input, record }.into(),
            ..document(id, date, "t")
        };
        let documents = [
            at(0, 0, "z", ""),
            at(0, 1, "b", "Tue, 10 Nov 2026 10:00:00 CET"),
            at(0, 2, "c", "2026-11-10T09:30:00Z"),
            at(0, 3, "y", "no date"),
            at(1, 0, "d", "10 November 2026"),
            at(1, 1, "e", "2026-11-10T09:00:00Z"),
            at(1, 2, "x", ""),
        ];
        let params = Params::default();
        assert_eq!(ranked(&documents, &params), "dbeczyx");
        let mut turned = documents.to_vec();
        turned.reverse();
        assert_eq!(ranked(&turned, &params), "dbeczyx", "places count, not the order in which they come");
        let mut params = Params::default();
        params.rank_inputs(["b.jsonl", "a.jsonl"]);
        assert_eq!(ranked(&documents, &params), "debcxzy", "files stand in the order of their paths");
        params.keep = Keep::First;
        assert_eq!(ranked(&documents, &params), "zbcydex", "unless their order is asked for");
    }

    #[test]
    fn a_correction_comes_before_what_it_corrects() {
        let item = |id, date, title: &str| Document { title: Some(title.into()), ..document(id, date, "t") };
        let documents = [item("a", "2026-01-01", "Mill to open"), item("b", "2026-01-02", "Corrected: Mill to open")];
        assert_eq!(ranked(&documents, &Params::default()), "ba");
        assert_eq!(ranked(&documents, &Params { keep: Keep::First, ..Params::default() }), "ab");
    }

    #[test]
    fn a_name_stands_for_a_source_and_for_inputs() {
        let of = |source: &str, input| Document {
            provenance: crate::document::Place { input, record: 0 }.into(),
            ..document(source, "", "text")
        };
        let documents = [of("x", 0), of("y", 1), of("y", 2), of("y", 3)];
        let named = |drop: &str| {
            let mut drop: Drop = drop.parse().unwrap();
            drop.resolve(["x", "in/a.txt", "in/b.txt", "inn/c.txt"]);
            documents.iter().map(|document| drop.names(document.head())).collect::<Vec<_>>()
        };
        assert_eq!(named("from:./in/"), [false, true, true, false]);
        assert_eq!(named("from:in/b.txt"), [false, false, true, false]);
        assert_eq!(named("from:y"), [false, true, true, true]);
        assert_eq!(named("duplicates"), [false; 4]);
    }

    #[test]
    fn options_read_as_they_are_written() {
        for text in ["earliest", "latest", "longest", "first", "source:a,b", "field:score"] {
            assert_eq!(text.parse::<Keep>().unwrap().to_string(), text);
        }
        for text in ["duplicates", "all", "from:a.example"] {
            assert_eq!(text.parse::<Drop>().unwrap().to_string(), text);
        }
        assert!("oldest".parse::<Keep>().unwrap_err().contains("earliest"));
        assert!("from:".parse::<Drop>().is_err());
    }
}
