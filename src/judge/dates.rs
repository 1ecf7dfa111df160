//! Publication times of documents, from all their dates together.

use std::collections::HashMap;

use crate::date::{Order, Reading, When, read};
use crate::{Documents, Head};

/// Returns when each document was published; `None` if it has no date, or one that cannot be read.
///
/// A date such as 03/04/2026 is read in the order of day and month that other dates of its source show. If they show none,
/// it is read in the order of all documents' dates, if these agree. Otherwise it is not read.
pub fn times<'a>(documents: impl Into<Documents<'a>>) -> Vec<Option<When>> {
    let documents = documents.into();
    let readings: Vec<Option<Reading>> = documents.iter().map(|head| head.date.and_then(read)).collect();
    if !readings.iter().flatten().any(|reading| matches!(reading, Reading::Either { .. })) {
        return readings.iter().map(|reading| reading.and_then(|reading| reading.when(None))).collect();
    }
    let mut everywhere = DateOrders::default();
    let mut by_source: HashMap<&str, DateOrders> = HashMap::new();
    for (head, reading) in documents.iter().zip(&readings) {
        let shown = DateOrders::shown(*reading);
        everywhere.merge(shown);
        if let Some(source) = head.source {
            by_source.entry(source).or_default().merge(shown);
        }
    }
    let own = |head: Head| head.source.and_then(|source| by_source.get(source)).copied();
    let when = |(head, reading): (Head, &Option<Reading>)| {
        reading.as_ref()?.when(own(head).unwrap_or_default().or(everywhere))
    };
    documents.iter().zip(&readings).map(when).collect()
}

/// Returns when a document was published, from its date and the orders of day and month that the dates of its source, and of
/// all documents, show: what [`times`] returns, for engines that sum up the orders themselves.
pub fn time(date: &str, source: DateOrders, everywhere: DateOrders) -> Option<When> {
    read(date)?.when(source.or(everywhere))
}

/// The orders of day and month that the dates of some documents show: a sum, which [`DateOrders::merge`] adds to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DateOrders {
    day_first: bool,
    month_first: bool,
}

impl DateOrders {
    /// Returns what one date shows.
    pub fn of(date: &str) -> Self {
        DateOrders::shown(read(date))
    }

    fn shown(reading: Option<Reading>) -> Self {
        let shows = |wanted| matches!(reading, Some(Reading::Ordered(_, order)) if order == wanted);
        DateOrders { day_first: shows(Order::DayFirst), month_first: shows(Order::MonthFirst) }
    }

    /// Adds what other dates show.
    pub fn merge(&mut self, other: DateOrders) {
        self.day_first |= other.day_first;
        self.month_first |= other.month_first;
    }

    /// Returns it as two bits, of which sums are made by `or`.
    pub fn bits(self) -> u8 {
        u8::from(self.day_first) | u8::from(self.month_first) << 1
    }

    /// Returns the orders that [`DateOrders::bits`] were made of.
    pub fn from_bits(bits: u8) -> Self {
        DateOrders { day_first: bits & 1 == 1, month_first: bits & 2 == 2 }
    }

    /// Returns the order by which a date of a source with these orders is read. If the source writes both ways, neither its
    /// own dates nor those of other sources decide.
    fn or(self, everywhere: DateOrders) -> Option<Order> {
        if self.any() { self.one() } else { everywhere.one() }
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
    use crate::Document;

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
