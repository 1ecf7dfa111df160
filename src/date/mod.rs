//! Dates as feeds and corpora write them -> when something was published.
//!
//! Forms that are read: ISO 8601 in its usual shapes, RFC 822 and its kin, what the C library and JavaScript print, Unix
//! timestamps, numeric dates, and dates with names of months and weekdays in every language of `data/months.tsv`.
//! Abbreviations of time zones are looked up in `data/zones.tsv`. A time without a zone counts as UTC.

mod clock;
mod general;
mod numeric;
#[cfg(test)]
mod tests;
mod tokens;
mod words;

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, tz::TimeZone};

/// A day, counted from 1970-01-01.
pub type Day = i32;

/// The precision of a point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// The year.
    Year,
    /// The month.
    Month,
    /// The day.
    Day,
    /// The time of day.
    Time,
}

/// A point in time, or the start of the day, month or year that is known of it.
///
/// Times order by that start; of those with the same start, the less precise comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct When {
    /// Microseconds since 1970-01-01T00:00:00Z.
    micros: i64,
    precision: Precision,
}

/// The order of day and month in a numeric date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Day first: 31/12/2026.
    DayFirst,
    /// Month first: 12/31/2026.
    MonthFirst,
}

/// The meaning of a written date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// One point in time, whatever other dates look like.
    Plain(When),
    /// One point in time; the date shows in which order its writer puts day and month.
    Ordered(When, Order),
    /// One of two: this date alone does not show the order of day and month.
    Either {
        /// If the day comes first.
        day_first: When,
        /// If the month comes first.
        month_first: When,
    },
}

impl Reading {
    /// Returns the point in time if it is certain, or if `order` settles it.
    pub fn when(self, order: Option<Order>) -> Option<When> {
        match (self, order) {
            (Reading::Plain(when) | Reading::Ordered(when, _), _) => Some(when),
            (Reading::Either { day_first, .. }, Some(Order::DayFirst)) => Some(day_first),
            (Reading::Either { month_first, .. }, Some(Order::MonthFirst)) => Some(month_first),
            (Reading::Either { .. }, None) => None,
        }
    }
}

impl When {
    /// Returns bytes that order as times do.
    pub fn sort_key(self) -> [u8; 9] {
        let mut key = [0; 9];
        // With the sign turned, the bytes of negative numbers come first.
        key[..8].copy_from_slice(&(self.micros as u64 ^ 1 << 63).to_be_bytes());
        key[8] = self.precision as u8;
        key
    }

    fn time(time: Timestamp) -> Self {
        When { micros: time.as_microsecond(), precision: Precision::Time }
    }

    fn start(date: Date, precision: Precision) -> Option<Self> {
        let start = TimeZone::UTC.to_timestamp(date.to_datetime(jiff::civil::Time::midnight())).ok()?;
        Some(When { micros: start.as_microsecond(), precision })
    }

    /// Returns the day in UTC.
    pub fn day(self) -> Day {
        self.micros.div_euclid(24 * 3600 * 1_000_000) as Day
    }

    /// Returns the seconds since 1970-01-01T00:00:00Z, or those of the start of the day, month or year that is known.
    pub fn seconds(self) -> i64 {
        self.micros.div_euclid(1_000_000)
    }

    /// Returns how much is known.
    pub fn precision(self) -> Precision {
        self.precision
    }

    /// Writes it as ISO 8601, as precise as it is known, without fractions of a second: `2026-03-03T18:05:00Z`,
    /// `2026-03-03`, `2026-03` or `2026`.
    pub fn iso(self) -> String {
        let Ok(time) = Timestamp::from_second(self.micros.div_euclid(1_000_000)) else { return String::new() };
        let mut text = time.to_string();
        let length = match self.precision {
            Precision::Year => "2026".len(),
            Precision::Month => "2026-03".len(),
            Precision::Day => "2026-03-03".len(),
            Precision::Time => text.len(),
        };
        text.truncate(length);
        text
    }
}

/// A written date that is longer is not read.
const MAX_DATE_BYTES: usize = 120;

/// Reads a date. `None` if it is none, or in no form that is known.
pub fn read(written: &str) -> Option<Reading> {
    let written = written.trim();
    if written.len() > MAX_DATE_BYTES || !written.contains(|c: char| c.is_numeric()) {
        return None;
    }
    iso(written).map(Reading::Plain).or_else(|| general::read(written))
}

/// Writes a date as [`When::iso`] does; unchanged if it cannot be read with certainty.
pub fn normal(written: &str) -> String {
    match read(written) {
        Some(Reading::Plain(when) | Reading::Ordered(when, _)) => when.iso(),
        _ => written.trim().to_owned(),
    }
}

/// Returns the day that a date names for certain.
pub fn day(written: &str) -> Option<Day> {
    Some(read(written)?.when(None)?.day())
}

/// Reads ISO 8601 with a year of four digits, and numbers that are times.
fn iso(written: &str) -> Option<When> {
    let bytes = written.as_bytes();
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits == bytes.len() || bytes[digits..].starts_with(b".") && numeric::is_decimal(written) {
        return numeric::number(written);
    }
    // The calendar's name, or that of a zone beside its offset: `…+03:00[Europe/Moscow]`.
    let written = written.split_once('[').map_or(written, |(before, _)| before.trim_end());
    match (digits, written.as_bytes().get(4)) {
        (4, Some(b'-')) if written.len() == "2026-03".len() => numeric::month(written),
        (4, Some(b'-')) if written.len() == "2026-062".len() => {
            numeric::day_of_year(written).or_else(|| numeric::week(written))
        }
        (4, Some(b'-')) if written.len() <= "2026-03-03".len() => written
            .parse()
            .ok()
            .and_then(|date: Date| When::start(date, Precision::Day))
            .or_else(|| numeric::week(written)),
        (4 | 8, _) => {
            let time =
                || written.parse::<DateTime>().ok().filter(|_| written.contains(':') || written.contains(['T', 't']));
            let zoned = written.parse::<Timestamp>().ok();
            zoned.or_else(|| TimeZone::UTC.to_timestamp(time()?).ok()).map(When::time)
        }
        _ => None,
    }
}
