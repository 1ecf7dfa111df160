//! The rank of one document as bytes, for engines that sort.

use super::{Keep, is_correction};
use crate::date::When;
use crate::{Document, Params};

/// Returns bytes that order as the [`ranks`](super::ranks) of the documents of one corpus do, if all of them have places of
/// their own. So an engine that sorts can rank documents which are never together in one place.
///
/// `length` is the length of the document's text in bytes, `when` its [time](super::time).
///
/// ```
/// use flong::judge::{rank_key, ranks, times};
/// use flong::read::Place;
/// use flong::{Document, Params};
///
/// let document = |record, date: &str| Document {
///     date: Some(date.into()),
///     provenance: Place { input: 0, record }.into(),
///     ..Document::new("", "text")
/// };
/// let documents = [document(0, "2026-02-01"), document(1, "2026-01-31"), document(2, "2026-02-01")];
/// let params = Params::default();
/// let times = times(&documents);
/// let key = |i: &usize| rank_key(&documents[*i], 4, times[*i], &params);
/// let mut order = [0, 1, 2];
/// order.sort_by_key(key);
/// assert_eq!(order, [1, 0, 2]);
/// assert_eq!(ranks(&documents, &params), [1, 0, 2]);
/// ```
pub fn rank_key(document: &Document, length: usize, when: Option<When>, params: &Params) -> Vec<u8> {
    let faulty = params.keep.prefers_corrections() && !is_correction(document.head());
    let mut key = vec![u8::from(params.drop.names(document.head())), u8::from(faulty)];
    let time = when.map(When::sort_key);
    match &params.keep {
        // The date follows anyway.
        Keep::Earliest => {}
        Keep::Latest => push(&mut key, time.map(|time| time.map(|byte| !byte))),
        Keep::Longest => key.extend((!(length as u64)).to_be_bytes()),
        Keep::First => push_place(&mut key, document),
        Keep::Source(list) => {
            let source = document.source.as_deref();
            let place = source.and_then(|source| list.iter().position(|name| name == source));
            key.extend(place.map_or(u64::MAX, |place| place as u64).to_be_bytes());
        }
        Keep::Field(_) => push_field(&mut key, document.rank.as_deref()),
    }
    push(&mut key, time);
    key.extend(params.input_rank(document.provenance.place.input).to_be_bytes());
    push_place(&mut key, document);
    key
}

/// Appends bytes, or what comes after all of them.
fn push(key: &mut Vec<u8>, bytes: Option<impl AsRef<[u8]>>) {
    key.push(u8::from(bytes.is_none()));
    bytes.iter().for_each(|bytes| key.extend_from_slice(bytes.as_ref()));
}

fn push_place(key: &mut Vec<u8>, document: &Document) {
    key.extend(document.provenance.place.input.to_be_bytes());
    key.extend(document.provenance.place.record.to_be_bytes());
}

/// Appends the value of a field: the greatest number first, then the greatest text.
fn push_field(key: &mut Vec<u8>, field: Option<&str>) {
    match field.map(|text| (text, text.parse::<f64>())) {
        Some((_, Ok(number))) => {
            key.push(0);
            let bits = number.to_bits();
            // The order of `total_cmp`, turned.
            key.extend((!if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }).to_be_bytes());
        }
        Some((text, Err(_))) => {
            key.push(1);
            // A text that goes on where another ends is the greater one, also if it goes on with a zero.
            for byte in text.bytes() {
                key.push(!byte);
                key.extend((byte == 0).then_some(0));
            }
            key.extend([u8::MAX; 2]);
        }
        None => key.push(2),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ranks, times};
    use super::*;
    use crate::document::Place;
    use crate::hash;

    /// Documents that have everything that ranks depend on.
    fn documents() -> Vec<Document> {
        let dates =
            ["", "2026-01-31", "2026", "03/04/2026", "25/12/2025", "no date", "1969-05-01", "2026-01-31T10:00:00Z"];
        let fields = ["", "9", "10", "-3", "1e3", "a", "ab", "a\0", "a\0b", "b", "\u{10ffff}", "NaN", "-0", "0"];
        let of = |seed: u64| {
            let pick = |n: u64, of: usize| hash::pair(seed, n) as usize % of;
            let some = |text: &str| (!text.is_empty()).then(|| text.into());
            Document {
                date: some(dates[pick(0, dates.len())]),
                source: some(["", "x", "y", "z"][pick(1, 4)]),
                rank: some(fields[pick(2, fields.len())]),
                title: some(["", "Ferry aground", "CORRECTED - Ferry aground"][pick(5, 3)]),
                provenance: Place { input: pick(3, 3) as u32, record: seed }.into(),
                ..Document::new(format!("{}", 999 - seed), "t".repeat(pick(4, 5)))
            }
        };
        (0..300).map(of).collect()
    }

    #[test]
    fn keys_order_as_ranks() {
        let documents = documents();
        let times = times(&documents);
        for keep in ["earliest", "latest", "longest", "first", "source:y,x", "field:score"] {
            for drop in ["duplicates", "from:x"] {
                let (keep, drop) = (keep.parse().unwrap(), drop.parse().unwrap());
                let mut params = Params { keep, drop, ..Params::default() };
                params.rank_inputs(["b", "a", "c"]);
                let ranks = ranks(&documents, &params);
                let mut order: Vec<usize> = (0..documents.len()).collect();
                order.sort_by_key(|&i| rank_key(&documents[i], documents[i].text.len(), times[i], &params));
                let ranked: Vec<u32> = order.iter().map(|&i| ranks[i]).collect();
                assert!(ranked.is_sorted(), "{} {}", params.keep, params.drop);
            }
        }
    }
}
