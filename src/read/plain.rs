//! Writes values of tables as texts: ids and dates may be of any type.

/// Returns days since the first of January 1970 as `2024-02-29`.
pub fn date(days: i64) -> String {
    // Years are counted from March, in eras of 400 years, which all have as many days.
    let shifted = days + 719_468;
    let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, after) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{:04}-{month:02}-{day:02}", year + era * 400 + after)
}

/// Returns a time as text: parts of a second since 1970, of which a second has `per_second`, as `2024-02-29T12:30:00.250`.
pub fn time(value: i64, per_second: i64) -> String {
    let (seconds, part) = (value.div_euclid(per_second), value.rem_euclid(per_second));
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let clock = format!("{:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60);
    let digits = per_second.ilog10() as usize;
    let fraction = if part == 0 { String::new() } else { format!(".{part:0digits$}") };
    format!("{}T{clock}{fraction}", date(days))
}

/// Returns a decimal number with `scale` digits after the point, as `-0.05`.
pub fn decimal(value: i64, scale: i32) -> String {
    let scale = usize::try_from(scale).unwrap_or(0);
    let digits = format!("{:0width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, part) = digits.split_at(digits.len() - scale);
    let sign = if value < 0 { "-" } else { "" };
    let point = if scale > 0 { "." } else { "" };
    format!("{sign}{whole}{point}{part}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_times() {
        for (days, text) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (11_016, "2000-02-29"),
            (19_782, "2024-02-29"),
            (-719_528, "0000-01-01"),
        ] {
            assert_eq!(date(days), text);
        }
        assert_eq!(time(1_709_209_800_250, 1_000), "2024-02-29T12:30:00.250");
        assert_eq!(time(-1, 1_000_000), "1969-12-31T23:59:59.999999");
        assert_eq!(time(0, 1_000_000_000), "1970-01-01T00:00:00");
    }

    #[test]
    fn decimals() {
        assert_eq!([decimal(-5, 2), decimal(1_234, 2), decimal(7, 0)], ["-0.05", "12.34", "7"]);
    }
}
