//! Publication times of documents, from all their dates together.

use std::collections::HashMap;

use crate::Document;
use crate::date::{Order, Reading, When, read};

/// Returns when each document was published; `None` if it has no date, or one that cannot be read.
///
/// A date such as 03/04/2026 is read in the order of day and month that other dates of its source show. If they show none,
/// it is read in the order of all documents' dates, if these agree. Otherwise it is not read.
pub fn times(documents: &[Document]) -> Vec<Option<When>> {
    let readings: Vec<Option<Reading>> =
        documents.iter().map(|document| document.date.as_deref().and_then(read)).collect();
    if !readings.iter().flatten().any(|reading| matches!(reading, Reading::Either { .. })) {
        return readings.iter().map(|reading| reading.and_then(|reading| reading.when(None))).collect();
    }
    let mut everywhere = Orders::default();
    let mut by_source: HashMap<&str, Orders> = HashMap::new();
    for (document, reading) in documents.iter().zip(&readings) {
        if let Some(Reading::Ordered(_, order)) = reading {
            everywhere.add(*order);
            if let Some(source) = document.source.as_deref() {
                by_source.entry(source).or_default().add(*order);
            }
        }
    }
    let order = |document: &Document| {
        let own = document.source.as_deref().and_then(|source| by_source.get(source)).copied().unwrap_or_default();
        // If a source writes both ways, neither its own dates nor those of other sources decide.
        if own.any() { own.one() } else { everywhere.one() }
    };
    let when = |(document, reading): (&Document, &Option<Reading>)| reading.as_ref()?.when(order(document));
    documents.iter().zip(&readings).map(when).collect()
}

/// Which orders of day and month occur.
#[derive(Debug, Clone, Copy, Default)]
struct Orders {
    day_first: bool,
    month_first: bool,
}

impl Orders {
    fn add(&mut self, order: Order) {
        match order {
            Order::DayFirst => self.day_first = true,
            Order::MonthFirst => self.month_first = true,
        }
    }

    fn any(self) -> bool {
        self.day_first || self.month_first
    }

    fn one(self) -> Option<Order> {
        match (self.day_first, self.month_first) {
            (true, false) => Some(Order::DayFirst),
            (false, true) => Some(Order::MonthFirst),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(dated: &[(&str, &str)]) -> Vec<Option<String>> {
        let document = |&(source, date): &(&str, &str)| Document {
            source: (!source.is_empty()).then(|| source.into()),
            date: Some(date.into()),
            ..Document::new("a", "text")
        };
        let documents: Vec<Document> = dated.iter().map(document).collect();
        times(&documents).into_iter().map(|when| when.map(When::iso)).collect()
    }

    fn last(dated: &[(&str, &str)]) -> Option<String> {
        let forward = days(dated).pop().unwrap();
        let turned: Vec<_> = dated.iter().rev().copied().collect();
        assert_eq!(days(&turned)[0], forward, "the order of the documents does not matter");
        forward
    }

    #[test]
    fn a_source_shows_its_order_of_day_and_month() {
        assert_eq!(last(&[("x", "25/12/2026"), ("y", "12/25/2026"), ("x", "03/04/2026")]).unwrap(), "2026-04-03");
        assert_eq!(last(&[("x", "25/12/2026"), ("y", "12/25/2026"), ("y", "03/04/2026")]).unwrap(), "2026-03-04");
        assert_eq!(last(&[("x", "25/12/2026"), ("y", "12/25/2026"), ("z", "03/04/2026")]), None);
        assert_eq!(last(&[("x", "25/12/2026"), ("x", "12/25/2026"), ("x", "03/04/2026")]), None);
        assert_eq!(last(&[("x", "25/12/2026"), ("z", "03/04/2026")]).unwrap(), "2026-04-03");
        assert_eq!(last(&[("x", "25/12/2026"), ("", "03/04/2026")]).unwrap(), "2026-04-03");
        assert_eq!(last(&[("x", "Wed 03/04/2026"), ("x", "05/06/2026")]).unwrap(), "2026-05-06");
        assert_eq!(last(&[("x", "2026-12-25"), ("x", "03/04/2026")]), None);
    }
}
