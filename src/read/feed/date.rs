//! Dates of feeds as ISO 8601, so that their texts sort by time.

use jiff::civil::{Date, DateTime};
use jiff::fmt::rfc2822;
use jiff::{Timestamp, tz::TimeZone};

/// A date and time in UTC, `2026-03-03T18:05:00Z`, or a date alone, `2026-03-03`, as precise as it was written: by RFC
/// 822, as RSS has it, or by ISO 8601, as all others have it. One without a time zone is taken for UTC. `None` if it is
/// no date.
pub(in crate::read) fn normal(written: &str) -> Option<String> {
    let written = written.trim();
    if let Ok(time) = written.parse::<Timestamp>() {
        return Some(shown(time));
    }
    if let Ok(date) = written.parse::<Date>()
        && written.len() <= "2026-03-03".len()
    {
        return Some(date.to_string());
    }
    if let Ok(time) = written.parse::<DateTime>() {
        return TimeZone::UTC.to_timestamp(time).ok().map(shown);
    }
    if let Some(day) = month_or_year(written) {
        return Some(day);
    }
    let parser = rfc2822::DateTimeParser::new().relaxed_weekday(true);
    let zoned = |text: &str| parser.parse_timestamp(text).ok().map(shown);
    zoned(written).or_else(|| zoned(&mended(written)))
}

/// Months and years alone are ISO 8601 too.
fn month_or_year(written: &str) -> Option<String> {
    let digits = |part: &str, len| part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
    let (year, month) = written.split_once('-').map_or((written, None), |(year, month)| (year, Some(month)));
    let fine = digits(year, 4) && month.is_none_or(|month| digits(month, 2) && matches!(month.parse(), Ok(1..=12)));
    fine.then(|| written.to_owned())
}

/// What is often wrong with a date: full names of days and months, `UTC` for a zone, no zone at all.
fn mended(written: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in written.split_whitespace() {
        let bare = word.trim_end_matches(',');
        let is_name = bare.len() > 3 && bare.bytes().all(|b| b.is_ascii_alphabetic());
        let short = if is_name && bare.is_char_boundary(3) { &bare[..3] } else { bare };
        let comma = if word.ends_with(',') { "," } else { "" };
        words.push(if bare == "UTC" { "GMT".into() } else { format!("{short}{comma}") });
    }
    if words.last().is_some_and(|last| last.contains(':')) {
        words.push("GMT".into());
    }
    words.join(" ")
}

fn shown(time: Timestamp) -> String {
    // Fractions would not sort behind whole seconds.
    let whole = Timestamp::from_second(time.as_second()).unwrap_or(time);
    whole.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_sort_as_text() {
        for (written, date) in [
            ("Tue, 03 Mar 2026 18:05:00 GMT", "2026-03-03T18:05:00Z"),
            ("Tue, 3 Mar 2026 18:05:00 +0100", "2026-03-03T17:05:00Z"),
            ("03 Mar 2026 18:05 EST", "2026-03-03T23:05:00Z"),
            ("Mon, 03 Mar 2026 18:05:00 GMT", "2026-03-03T18:05:00Z"),
            ("Tuesday, 03 March 2026 18:05:00 UTC", "2026-03-03T18:05:00Z"),
            ("Tue, 03 Mar 2026 18:05:00", "2026-03-03T18:05:00Z"),
            ("Tue, 03 Mar 26 18:05:00 Z", "2026-03-03T18:05:00Z"),
            ("2026-03-03T18:05:00+01:00", "2026-03-03T17:05:00Z"),
            ("2026-03-03T18:05:00.75Z", "2026-03-03T18:05:00Z"),
            (" 2026-03-03T18:05Z\n", "2026-03-03T18:05:00Z"),
            ("2026-03-03 18:05:00", "2026-03-03T18:05:00Z"),
            ("2026-03-03", "2026-03-03"),
            ("2026-03", "2026-03"),
            ("2026", "2026"),
        ] {
            assert_eq!(normal(written).as_deref(), Some(date), "{written}");
        }
        for wrong in ["", "yesterday", "31 Feb 2026 10:00:00 GMT", "2026-13-01", "2026-13", "03/04/2026", "12:00"] {
            assert_eq!(normal(wrong), None, "{wrong}");
        }
    }
}
