//! The tables of language data: every row of every file is what its file says it is.
//!
//! The code leaves out rows that it cannot read, so a slip in a table would go unnoticed. Here each is reported as
//! `file:line: what is wrong`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use flong::boilerplate::{Strength, Where};
use flong::token::words;
use serde::de::DeserializeOwned;
use unicode_normalization::is_nfc;

use crate::inputs::root;

/// What a column holds.
#[derive(Clone, Copy)]
enum Column {
    /// A code of `languages.tsv`, or `*` for any language.
    Language,
    /// A value of this name, which the function takes.
    Value(&'static str, fn(&str) -> bool),
    /// A phrase of at least one word.
    Phrase,
    /// A phrase of at least one word, in lower case.
    LowerCase,
    /// Anything.
    Text,
}

use Column::{Language, LowerCase, Phrase, Text, Value};

/// The columns of each table, and whether its language and phrase make a row the only one.
const TABLES: &[(&str, &[Column], Key)] = &[
    ("abbreviations.tsv", &[Language, Phrase, Value("mark", |value| value == "word")], Key::Row),
    (
        "calls_to_action.tsv",
        &[
            Language,
            Value("place", read_by_code::<Where>),
            LowerCase,
            Value("note", |value| ["alone", "count", "weak"].contains(&value)),
        ],
        Key::Row,
    ),
    (
        "call_parts.tsv",
        &[Language, Value("part", |value| value.split('+').all(|part| PARTS.contains(&part))), LowerCase],
        Key::Row,
    ),
    ("citations.tsv", &[Language, Value("kind", |value| ["abbreviation", "sign"].contains(&value)), Text], Key::Row),
    ("common_words.tsv", &[Language, LowerCase], Key::Row),
    ("contraries.tsv", &[Language, Value("side", is_side), LowerCase], Key::Row),
    ("corrections.tsv", &[Language, LowerCase], Key::Row),
    (
        "credits.tsv",
        &[Language, Value("kind", |value| ["agency", "byline", "role"].contains(&value)), Phrase],
        Key::Row,
    ),
    ("date_words.tsv", &[Value("kind", |value| ["am", "pm", "filler"].contains(&value)), LowerCase], Key::Row),
    ("frames.tsv", &[Language, Value("template", is_frame)], Key::Row),
    ("denied_verbs.tsv", &[Language, LowerCase, LowerCase], Key::Row),
    ("inserted_links.tsv", &[Language, Value("strength", read_by_code::<Strength>), LowerCase], Key::LanguageAndPhrase),
    ("languages.tsv", &[Value("code", is_language_code), Text, Value("trait", are_traits)], Key::First),
    ("months.tsv", &[Language, Value("month or day", is_month_or_day), LowerCase], Key::Row),
    (
        "notice_lines.tsv",
        &[Language, Value("kind", |value| ["also", "consent", "gate"].contains(&value)), LowerCase],
        Key::LanguageAndPhrase,
    ),
    (
        "rights.tsv",
        &[Language, Value("kind", |value| ["licence", "notice", "part", "sign"].contains(&value)), LowerCase],
        Key::LanguageAndPhrase,
    ),
    (
        "small_words.tsv",
        &[Language, Value("role", |value| ["opens", "joins", "both", "inner"].contains(&value)), LowerCase],
        Key::LanguageAndPhrase,
    ),
    ("zones.tsv", &[LowerCase, Value("offset", is_offset), Text], Key::First),
];

/// The parts of calls to action that the code knows.
const PARTS: [&str; 7] = ["verb", "final", "object", "letter", "own", "aim", "small"];

/// What no two rows of a table may have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Key {
    Row,
    First,
    LanguageAndPhrase,
}

/// Whether the code's own type takes a value.
fn read_by_code<T: DeserializeOwned>(value: &str) -> bool {
    serde_json::from_value::<T>(value.into()).is_ok()
}

/// Whether a value is fixed words around known slots.
fn is_frame(value: &str) -> bool {
    let mut fixed = String::new();
    let mut slots = 0;
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((slot, after)) = after.split_once('}') else { return false };
        if !["title", "site", "name", "date", "n"].contains(&slot) {
            return false;
        }
        slots += 1;
        fixed += before;
        fixed.push(' ');
        rest = after;
    }
    fixed += rest;
    slots > 0 && !fixed.contains('}') && !words(&fixed).is_empty()
}

fn is_language_code(value: &str) -> bool {
    matches!(value.len(), 2 | 3) && value.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn are_traits(value: &str) -> bool {
    value == "-" || value.split(' ').all(|one| ["capital-nouns", "stop-after-day"].contains(&one))
}

fn is_month_or_day(value: &str) -> bool {
    let month = value.parse::<u8>().is_ok_and(|month| (1..=12).contains(&month) && value == month.to_string());
    month || ["mon", "tue", "wed", "thu", "fri", "sat", "sun", "-"].contains(&value)
}

/// Whether a value is the name of some alternatives and the number of one: `door:1`.
fn is_side(value: &str) -> bool {
    value.split_once(':').is_some_and(|(name, number)| {
        let letters = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase());
        letters && number.parse::<u8>().is_ok_and(|number| number >= 1)
    })
}

/// Whether a value is an offset such as `+05:30`, at most 14 hours.
fn is_offset(value: &str) -> bool {
    let Some((hours, minutes)) = value.strip_prefix(['+', '-']).and_then(|rest| rest.split_once(':')) else {
        return false;
    };
    let number = |text: &str, most: u8| text.len() == 2 && text.parse::<u8>().is_ok_and(|number| number <= most);
    number(hours, 14) && number(minutes, 59)
}

/// A row of a table, with its line.
struct Row<'a> {
    line: usize,
    cells: Vec<&'a str>,
}

fn rows(table: &str) -> impl Iterator<Item = Row<'_>> {
    let lines = (1..).zip(table.split('\n')).filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    lines.map(|(line, text)| Row { line, cells: text.split('\t').collect() })
}

/// The names in a table's `# columns:` line, without what it says of them in brackets.
fn header(table: &str) -> Option<Vec<String>> {
    let line = table.lines().find_map(|line| line.strip_prefix("# columns: "))?;
    let mut depth = 0;
    let bare: String = line
        .chars()
        .filter(|c| {
            depth += i32::from(*c == '(') - i32::from(*c == ')');
            depth == 0 && *c != ')'
        })
        .collect();
    Some(bare.split(',').map(|name| name.trim().to_string()).collect())
}

/// What is wrong with a table.
fn mistakes(name: &str, table: &str, languages: &BTreeSet<&str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let known = TABLES.iter().find(|(known, ..)| *known == name);
    let Some(header) = header(table) else { return vec![format!("{name}:1: no `# columns:` line says what it holds")] };
    // A table that is not described here is checked as far as its own header goes.
    let generic: Vec<Column> = header.iter().map(|column| if column == "language" { Language } else { Text }).collect();
    let (columns, key) = known.map_or((&generic[..], Key::Row), |(_, columns, key)| (columns, *key));
    let optional = usize::from(["abbreviations.tsv", "calls_to_action.tsv"].contains(&name));
    let sorted = table.contains("Rows are sorted by language, then by the last column");
    let mut seen: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    let mut last: Option<(&str, &str)> = None;
    for Row { line, cells } in rows(table) {
        let mut complain = |what: String| found.push(format!("{name}:{line}: {what}"));
        if cells.len() > columns.len() || cells.len() + optional < columns.len() {
            complain(format!("{} columns, not {}", cells.len(), columns.len()));
            continue;
        }
        for (cell, column) in cells.iter().zip(columns) {
            if cell.is_empty() || cell.trim() != *cell {
                complain(format!("`{cell}` is empty or has white space at an end"));
            } else if !is_nfc(cell) {
                complain(format!("`{cell}` is not in Unicode's form NFC"));
            } else if let Some(expected) = misfit(cell, *column, languages) {
                complain(format!("`{cell}` is not {expected}"));
            }
        }
        let (language, phrase) = (cells[0], cells[columns.len() - 1 - optional]);
        if sorted && last.is_some_and(|last| last > (language, phrase)) {
            complain(format!("`{language} {phrase}` is not sorted in"));
        }
        last = Some((language, phrase));
        let same = match key {
            Key::Row => cells.iter().map(|cell| cell.to_string()).collect(),
            Key::First => vec![language.to_string()],
            Key::LanguageAndPhrase => vec![language.to_string(), phrase.to_string()],
        };
        if let Some(first) = seen.insert(same, line) {
            complain(format!("`{language} {phrase}` is on line {first} already"));
        }
    }
    found
}

/// What a cell should be, if it is not that.
fn misfit(cell: &str, column: Column, languages: &BTreeSet<&str>) -> Option<String> {
    let (fine, expected) = match column {
        Language => (cell == "*" || languages.contains(cell), "a language of languages.tsv".into()),
        Value(name, takes) => (takes(cell), format!("a {name} that the code knows")),
        Phrase => (!words(cell).is_empty(), "a phrase with words in it".into()),
        // Signs such as @ and © are no words, and are looked for all the same.
        LowerCase => (cell.to_lowercase() == cell, "in lower case".into()),
        Text => (true, String::new()),
    };
    (!fine).then_some(expected)
}

/// What is wrong with the table of look-alikes.
fn mistakes_of_traps(page: &str, languages: &BTreeSet<&str>) -> Vec<String> {
    let mut found = Vec::new();
    let mut seen = BTreeMap::new();
    let is_row = |line: &&str| line.starts_with('|') && !line.starts_with("| language") && !line.starts_with("|---");
    for (line, row) in (1..).zip(page.lines()).filter(|(_, line)| is_row(line)) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [language, text, why] = cells[..] else {
            found.push(format!("traps.md:{line}: {} columns, not 3", cells.len()));
            continue;
        };
        for unknown in language.split(", ").filter(|language| !languages.contains(language)) {
            found.push(format!("traps.md:{line}: there is no language `{unknown}` in languages.tsv"));
        }
        if text.is_empty() || why.is_empty() {
            found.push(format!("traps.md:{line}: an empty column"));
        }
        if let Some(first) = seen.insert((language, text), line) {
            found.push(format!("traps.md:{line}: the text of line {first} again"));
        }
    }
    assert!(!seen.is_empty(), "traps.md has no rows");
    found
}

#[test]
fn every_row_of_every_table_is_what_it_should_be() {
    let folder = root().join("src/data");
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("tables are UTF-8");
    let table_of_languages = read("languages.tsv");
    let languages: BTreeSet<&str> = rows(&table_of_languages).map(|row| row.cells[0]).collect();
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("src/data can be read")
        .map(|entry| entry.expect("src/data can be read").file_name().into_string().expect("names are UTF-8"))
        .collect();
    names.sort();
    let mut found = Vec::new();
    for name in &names {
        let text = read(name);
        assert!(!text.contains('\r') && text.ends_with('\n'), "{name}: lines end in \\n, the last one too");
        found.extend(match &**name {
            "traps.md" => mistakes_of_traps(&text, &languages),
            name => mistakes(name, &text, &languages),
        });
    }
    assert!(found.is_empty(), "{} mistakes in src/data:\n{}", found.len(), found.join("\n"));
    for (name, ..) in TABLES {
        assert!(names.iter().any(|known| known == name), "{name} is gone: take it out of this test");
    }
}

#[test]
fn mistakes_are_found() {
    let languages = BTreeSet::from(["en", "fr"]);
    let told = |name: &str, rows: &str| {
        let table = format!(
            "# Rows are sorted by language, then by the last column.\n# columns: language, what, word\n{rows}\n"
        );
        mistakes(name, &table, &languages).join("; ")
    };
    assert_eq!(told("inserted_links.tsv", "en\tsure\tread also\n\nfr\tline\tlire aussi"), "");
    let cases = [
        ("inserted_links.tsv", "en\tsure", "3: 2 columns, not 3"),
        ("inserted_links.tsv", "en\tsure\ta\nxx\tsure\tb", "4: `xx` is not a language of languages.tsv"),
        ("inserted_links.tsv", "en\tsurely\ta", "`surely` is not a strength"),
        ("inserted_links.tsv", "en\tsure\tRead", "`Read` is not in lower case"),
        ("inserted_links.tsv", "en\tsure\ta ", "white space"),
        ("inserted_links.tsv", "en\tsure\te\u{301}", "NFC"),
        ("inserted_links.tsv", "en\tsure\ta\nen\tline\ta", "4: `en a` is on line 3 already"),
        ("inserted_links.tsv", "en\tsure\tb\nen\tline\ta", "4: `en a` is not sorted in"),
        ("frames.tsv", "en\tThe post {titel} on {site}", "`The post {titel} on {site}` is not a template"),
        ("frames.tsv", "en\tThe {title", "is not a template"),
        ("frames.tsv", "en\t{title} – {site}", "is not a template"),
        ("frames.tsv", "en\tThe post", "is not a template"),
        ("credits.tsv", "en\tbyline\t...", "`...` is not a phrase"),
        ("months.tsv", "en\t13\ta", "`13` is not a month or day"),
        ("zones.tsv", "a\t+15:00\tA", "`+15:00` is not a"),
        ("abbreviations.tsv", "en\ta\tnoun", "`noun` is not a"),
        ("call_parts.tsv", "en\tverb+us\ta", "`verb+us` is not a part"),
        ("languages.tsv", "en\tEnglish\tcapital", "`capital` is not a"),
        ("new.tsv", "en\ta\tb\nen\ta\tb", "4: `en b` is on line 3 already"),
        ("new.tsv", "en\ta", "2 columns, not 3"),
        ("new.tsv", "deutsch\ta\tb", "`deutsch` is not a language"),
    ];
    for (name, rows, expected) in cases {
        assert!(told(name, rows).contains(expected), "{rows:?}: {}", told(name, rows));
    }
    assert_eq!(mistakes("new.tsv", "a\tb\n", &languages), ["new.tsv:1: no `# columns:` line says what it holds"]);
    let traps =
        "| language | text | why |\n|---|---|---|\n| en | a | b |\n| xx | c | d |\n| en | a | e |\n| en | f |\n";
    let told = mistakes_of_traps(traps, &languages).join("; ");
    for expected in ["traps.md:4: there is no language `xx`", "traps.md:5: the text of line 3", "traps.md:6: 2 columns"]
    {
        assert!(told.contains(expected), "{told}");
    }
}
