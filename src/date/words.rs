//! The words of dates, by tables.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The meaning of a word in a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A month, from 1, in a language.
    Month(u8, &'static str),
    /// A weekday, from 1 for Monday.
    Weekday(u8),
    /// Nothing.
    Filler,
    /// The morning.
    Am,
    /// The afternoon.
    Pm,
}

/// Offsets of time zones in seconds ahead of UTC, by abbreviation.
static ZONES: LazyLock<HashMap<&'static str, i32>> = LazyLock::new(|| {
    let zone = |[name, offset, _]: [&'static str; 3]| Some((name, offset_of(offset)?));
    rows(include_str!("../data/zones.tsv")).filter_map(zone).collect()
});

/// Meanings of words and phrases in lower case, without a stop at their end.
static WORDS: LazyLock<HashMap<&'static str, Vec<Meaning>>> = LazyLock::new(|| {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let mut words: HashMap<&str, Vec<Meaning>> = HashMap::new();
    for [language, what, word] in rows(include_str!("../data/months.tsv")) {
        let day = DAYS.iter().position(|day| *day == what).map(|day| Meaning::Weekday(day as u8 + 1));
        let month = || what.parse().ok().map(|month| Meaning::Month(month, language));
        words.entry(word).or_default().extend(day.or_else(month));
    }
    for [kind, word] in rows(include_str!("../data/date_words.tsv")) {
        let meaning = match kind {
            "am" => Meaning::Am,
            "pm" => Meaning::Pm,
            _ => Meaning::Filler,
        };
        words.entry(word).or_default().push(meaning);
    }
    words
});

/// Returns the rows of a table with `N` columns.
fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.filter_map(|line| line.split('\t').collect::<Vec<_>>().try_into().ok())
}

/// Reads `+05:30`.
fn offset_of(text: &str) -> Option<i32> {
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
    Some(if text.starts_with('-') { -seconds } else { seconds })
}

/// Returns how many seconds ahead of UTC a zone is; `name` is in lower case.
pub(super) fn zone(name: &str) -> Option<i32> {
    ZONES.get(name).copied()
}

/// Returns what a word or phrase in lower case may mean: nothing if it is not known.
pub(super) fn meanings(phrase: &str) -> &'static [Meaning] {
    WORDS.get(phrase).map_or(&[], Vec::as_slice)
}

/// Languages that put a stop after the number of a day.
static WITH_STOP_AFTER_DAY: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let languages = rows(include_str!("../data/languages.tsv"));
    let with_stop = languages.filter(|[_, _, traits]| traits.split(' ').any(|one| one == "stop-after-day"));
    with_stop.map(|[code, ..]| code).collect()
});

/// Returns whether a language puts a stop after the number of a day: `10. listopada` is Croatian, `10 listopada` Polish.
pub(super) fn has_stop_after_day(language: &str) -> bool {
    WITH_STOP_AFTER_DAY.contains(&language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_read_whole() {
        assert!(ZONES.len() > 100);
        for name in ["cet", "cest", "eet", "msk", "ist", "jst", "wat", "est", "edt", "ut", "gmt", "мск"] {
            assert!(zone(name).is_some(), "{name}");
        }
        assert_eq!((zone("ist"), zone("nst")), (Some(19_800), Some(-12_600)));
        for (table, least) in
            [(include_str!("../data/months.tsv"), 2_000), (include_str!("../data/date_words.tsv"), 100)]
        {
            let lines: Vec<&str> = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
            assert!(lines.len() > least);
            assert!(
                lines
                    .iter()
                    .all(|line| !meanings(line.rsplit_once('\t').unwrap().1).is_empty() || line.contains("\t-\t"))
            );
        }
    }

    #[test]
    fn languages_with_a_stop_after_the_day_are_read_from_the_table() {
        assert!(WITH_STOP_AFTER_DAY.len() >= 15);
        assert!(["cs", "de", "hr", "no", "tr"].into_iter().all(has_stop_after_day));
        assert!(!["en", "fr", "pl", "ru", "*"].into_iter().any(has_stop_after_day));
    }

    #[test]
    fn every_language_names_all_months() {
        let months = rows(include_str!("../data/months.tsv")).filter(|[_, what, _]| what.parse::<u8>().is_ok());
        let mut known: HashMap<&str, std::collections::BTreeSet<&str>> = HashMap::new();
        for [language, month, _] in months {
            known.entry(language).or_default().insert(month);
        }
        assert!(known.len() >= 55 && known.values().all(|months| months.len() == 12), "{known:?}");
    }
}
