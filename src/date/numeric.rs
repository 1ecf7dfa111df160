//! Dates of numbers only.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, ISOWeekDate, Weekday};
use jiff::tz::TimeZone;

use super::{Precision, When};

/// Returns whether a text is digits with one full stop between them.
pub(super) fn is_decimal(written: &str) -> bool {
    let Some((whole, fraction)) = written.split_once('.') else { return false };
    // Such as 03.04 is no time.
    whole.len() >= 9 && !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads a number: a year, a day as `20260303`, a time as `20260303180500`, or a Unix timestamp in seconds (a fraction
/// may follow), milliseconds, microseconds or nanoseconds.
pub(super) fn number(written: &str) -> Option<When> {
    let (whole, fraction) = written.split_once('.').unwrap_or((written, ""));
    let value: i64 = whole.parse().ok()?;
    let time = |time: jiff::Timestamp| Some(When::time(time));
    match whole.len() {
        4 => When::start(
            Date::new(value.try_into().ok()?, 1, 1).ok().filter(|date| date.year() >= 1000)?,
            Precision::Year,
        ),
        8 => When::start(date(value / 10_000, value / 100 % 100, value % 100)?, Precision::Day),
        12 | 14 => {
            let (minutes, second) = if whole.len() == 14 { (value / 100, value % 100) } else { (value, 0) };
            let day = date(minutes / 100_000_000, minutes / 1_000_000 % 100, minutes / 10_000 % 100)?;
            let clock =
                jiff::civil::Time::new((minutes / 100 % 100) as i8, (minutes % 100) as i8, second as i8, 0).ok()?;
            time(TimeZone::UTC.to_timestamp(day.to_datetime(clock)).ok()?)
        }
        9 | 10 => {
            let micros: i64 = format!("{fraction:0<6}").get(..6)?.parse().ok()?;
            time(Timestamp::from_microsecond(value * 1_000_000 + micros).ok()?)
        }
        13 => time(Timestamp::from_millisecond(value).ok()?),
        16 => time(Timestamp::from_microsecond(value).ok()?),
        19 => time(Timestamp::from_nanosecond(value.into()).ok()?),
        _ => None,
    }
}

/// Returns the day of the calendar.
pub(super) fn date(year: i64, month: i64, day: i64) -> Option<Date> {
    Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?)
        .ok()
        .filter(|date| date.year() >= 1000)
}

/// Reads `2026-03`.
pub(super) fn month(written: &str) -> Option<When> {
    let (year, month) = written.split_once('-')?;
    When::start(date(year.parse().ok()?, month.parse().ok()?, 1)?, Precision::Month)
}

/// Reads `2026-062`, the 62nd day of the year.
pub(super) fn day_of_year(written: &str) -> Option<When> {
    let (year, day) = written.split_once('-')?;
    let day: i16 = day.parse().ok().filter(|_| day.bytes().all(|byte| byte.is_ascii_digit()))?;
    When::start(date(year.parse().ok()?, 1, 1)?.with().day_of_year(day).build().ok()?, Precision::Day)
}

/// Reads `2026-W10-2`, or `2026-W10` for its Monday.
pub(super) fn week(written: &str) -> Option<When> {
    let (year, rest) = written.split_once("-W")?;
    let (week, day) = rest.split_once('-').unwrap_or((rest, "1"));
    let day = Weekday::from_monday_one_offset(day.parse().ok()?).ok()?;
    let date = ISOWeekDate::new(year.parse().ok()?, week.parse().ok()?, day).ok()?.date();
    When::start(date, Precision::Day)
}

/// Returns the point in time of a date and a time of day, `ahead` seconds ahead of UTC.
pub(super) fn at(date: Date, clock: jiff::civil::Time, ahead: i32) -> Option<When> {
    let civil: DateTime = date.to_datetime(clock);
    let time = TimeZone::UTC.to_timestamp(civil).ok()?;
    Some(When::time(time.checked_sub(jiff::SignedDuration::from_secs(ahead.into())).ok()?))
}
