//! Days, to tell what is old.

/// A day, counted from 1970-01-01.
pub type Day = i32;

/// The day that a date names: written as `2026-03-04…` (`/` and `.` for `-` too, or nothing), or with an English month
/// as mail and RSS do (`Wed, 04 Mar 2026 …`). `None` if it is neither, or no date of the calendar.
pub fn day(date: &str) -> Option<Day> {
    let date = date.trim();
    iso(date).or_else(|| with_month(date)).and_then(|(year, month, day)| from_civil(year, month, day))
}

fn iso(date: &str) -> Option<(i32, u32, u32)> {
    let digits = |text: Option<&str>| {
        text.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit())).and_then(|text| text.parse::<u32>().ok())
    };
    let (year, rest) = (digits(date.get(..4))?, date.get(4..)?);
    let apart = rest.starts_with(['-', '/', '.']);
    let skip = usize::from(apart);
    let month = digits(rest.get(skip..skip + 2))?;
    if apart && !rest[skip + 2..].starts_with(['-', '/', '.']) {
        return None;
    }
    let at = skip + 2 + skip;
    Some((year as i32, month, digits(rest.get(at..at + 2))?))
}

fn with_month(date: &str) -> Option<(i32, u32, u32)> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let mut words = date.split([' ', ',', '-']).filter(|word| !word.is_empty());
    let mut day = words.next()?;
    if !day.starts_with(|c: char| c.is_ascii_digit()) {
        day = words.next()?;
    }
    let month = words.next()?.get(..3)?.to_ascii_lowercase();
    let month = MONTHS.iter().position(|name| *name == month)? as u32 + 1;
    let year = words.next()?.parse::<i32>().ok()?;
    // As RFC 2822 reads years of two digits.
    let year = if year < 50 {
        year + 2000
    } else if year < 100 {
        year + 1900
    } else {
        year
    };
    Some((year, month, day.parse().ok()?))
}

/// Days from the civil calendar (H. Hinnant, *chrono-compatible low-level date algorithms*).
fn from_civil(year: i32, month: u32, day: u32) -> Option<Day> {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month as i32 + 9) % 12) + 2) / 5 + day as i32 - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_people_write_them() {
        assert_eq!(day("1970-01-01"), Some(0));
        assert_eq!(day("2000-03-01"), Some(11_017));
        for same in ["2026-03-04", "2026/03/04", "20260304", "2026-03-04T05:06:07Z", " 2026.03.04 "] {
            assert_eq!(day(same), Some(20_516), "{same}");
        }
        for same in ["Wed, 04 Mar 2026 10:00:00 GMT", "4 March 2026", "Wed, 4 Mar 26 10:00 +0100", "04-Mar-2026"] {
            assert_eq!(day(same), Some(20_516), "{same}");
        }
        for none in ["", "yesterday", "2026", "2026-13-01", "2026-1-1", "0 0", "été 2026"] {
            assert_eq!(day(none), None, "{none}");
        }
    }
}
