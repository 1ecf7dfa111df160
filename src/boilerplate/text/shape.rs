//! The shape of a document: in code, documentation, tables and verse a line has a meaning in its place, however often it
//! occurs.

use super::aside::{Aside, AsideKind};
use super::thresholds::{
    MAX_ITEM_BYTES, MAX_ITEM_LABEL_CHARS, MAX_SHAPE_BYTES, MAX_SPARED_SCORE, MIN_CODE_LINE_CHARS, MIN_CODE_LINE_SHARE,
    MIN_CODE_SIGN_SHARE, MIN_CODE_SPANS, MIN_DOCUMENTED_LINES, MIN_INDENTED_LINE_SHARE, MIN_RECORD_FIELDS,
    MIN_ROW_LINE_SHARE, MIN_SHAPE_LINES, MIN_VERSE_COMMA_SHARE, MIN_VERSE_LINE_SHARE, MIN_VERSE_LINES,
    VERSE_LINE_CHARS,
};
use crate::Span;

/// The kind of a text, by the look of its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Sentences in paragraphs, and anything that is none of the others.
    Prose,
    /// Source code, configuration, logs of a shell.
    Code,
    /// Documentation with markup: Markdown or reStructuredText with code in it, a changelog, a manual's options.
    Documentation,
    /// Rows of columns, or of names and values.
    Table,
    /// Verse in stanzas.
    Verse,
}

/// Returns the shape of a text.
pub fn shape(text: &str) -> Shape {
    let mut end = text.len().min(MAX_SHAPE_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    // Most items of feeds are a line or two.
    if memchr::memchr_iter(b'\n', &text.as_bytes()[..end]).take(MIN_SHAPE_LINES as usize).count() + 1
        < MIN_SHAPE_LINES as usize
    {
        return Shape::Prose;
    }
    let lines = Lines::of(&text[..end]);
    let share = |some: u32| some as f32 / lines.all.max(1) as f32;
    if lines.all < MIN_SHAPE_LINES {
        Shape::Prose
    } else if share(lines.code) >= MIN_CODE_LINE_SHARE {
        Shape::Code
    } else if lines.fences >= 2
        || lines.code_spans >= MIN_CODE_SPANS && lines.code_spans * 20 >= lines.all
        || lines.releases > 0
        || lines.directives >= MIN_DOCUMENTED_LINES
        || lines.documented >= MIN_DOCUMENTED_LINES && lines.code + lines.code_spans + lines.references > 0
        || is_licence(&text[..end])
    {
        Shape::Documentation
    } else if share(lines.rows) >= MIN_ROW_LINE_SHARE
        || lines.names.len() >= MIN_RECORD_FIELDS && share(lines.rows + lines.fields) >= MIN_ROW_LINE_SHARE
        || lines.names.len() >= 2 && share(lines.indented) >= MIN_INDENTED_LINE_SHARE
    {
        Shape::Table
    } else if lines.all >= MIN_VERSE_LINES
        && lines.stanzas > 1
        && share(lines.verse) >= MIN_VERSE_LINE_SHARE
        && share(lines.commas) >= MIN_VERSE_COMMA_SHARE
    {
        Shape::Verse
    } else {
        Shape::Prose
    }
}

/// Makes all pieces of a document that is not prose uncertain, except credits, so that they stay: calls to action and links
/// occur there by chance, and repetition may be meant.
pub fn spare(shape: Shape, mut asides: Vec<Aside>) -> Vec<Aside> {
    let by_line = |aside: &Aside| match aside.kind {
        AsideKind::CallToAction | AsideKind::RepeatedLine | AsideKind::InsertedLink | AsideKind::Frame => true,
        AsideKind::Credit => false,
    };
    if shape == Shape::Prose || !asides.iter().any(|aside| aside.certain && by_line(aside)) {
        return asides;
    }
    for aside in asides.iter_mut().filter(|aside| by_line(aside)) {
        *aside = Aside { certain: false, score: aside.score.min(MAX_SPARED_SCORE), ..*aside };
    }
    asides
}

/// Returns whether a piece is, or is in, an item of a list: its line begins with a bullet, a number or a letter in
/// brackets.
pub fn is_list_item(span: Span, text: &str) -> bool {
    let start = span.start as usize;
    let from = (start.saturating_sub(MAX_ITEM_BYTES)..=start).find(|&at| text.is_char_boundary(at)).unwrap_or(start);
    let line = match text[from..start].rfind('\n') {
        Some(at) => from + at + 1,
        None if from > 0 => return false,
        None => 0,
    };
    let line = text[line..].trim_start_matches([' ', '\t', '\u{a0}', '\u{3000}']);
    let bullet = line.starts_with([
        '-', '*', '+', '•', '‣', '◦', '▪', '●', '–', '—', '·', '・', '■', '□', '☐', '☑', '✓', '✔', '→', '➤', '►', '▶',
    ]);
    let label = line.trim_start_matches(['(', '[', '（']);
    let letters: String = label.chars().take(MAX_ITEM_LABEL_CHARS + 1).take_while(|c| c.is_alphanumeric()).collect();
    let after = label[letters.len()..].chars().next();
    let numbered = letters.chars().all(char::is_numeric) || letters.chars().count() == 1 || is_roman(&letters);
    bullet
        || !letters.is_empty()
            && numbered
            && after.is_some_and(|c| matches!(c, '.' | ')' | ']' | '）' | '、' | '．' | ':'))
}

fn is_roman(label: &str) -> bool {
    label.chars().all(|c| matches!(c, 'i' | 'v' | 'x' | 'I' | 'V' | 'X'))
}

/// Counts of the lines of a text that are not blank.
#[derive(Default)]
struct Lines<'a> {
    all: u32,
    code: u32,
    fences: u32,
    code_spans: u32,
    /// Headings, underlined titles and options.
    documented: u32,
    /// Headings that name a version.
    releases: u32,
    /// Directives of POD, reStructuredText and manual pages.
    directives: u32,
    /// Addresses and badges that Markdown keeps apart.
    references: u32,
    rows: u32,
    fields: u32,
    /// The first different names of fields.
    names: Vec<&'a str>,
    indented: u32,
    verse: u32,
    commas: u32,
    stanzas: u32,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Lines<'a> {
        let mut lines = Lines::default();
        let (mut fenced, mut commented, mut before) = (false, false, "");
        let mut columns = 0;
        for line in text.lines() {
            let trimmed = line.trim();
            if trimmed.is_empty() {
                before = "";
                columns = 0;
                continue;
            }
            lines.all += 1;
            lines.stanzas += u32::from(before.is_empty());
            let fence = trimmed.starts_with("```") || trimmed.starts_with("~~~");
            lines.fences += u32::from(fence);
            fenced ^= fence;
            let comment = commented || trimmed.starts_with("/*");
            commented = comment && !trimmed.ends_with("*/");
            lines.code += u32::from(fence || fenced || comment || is_code(trimmed));
            lines.directives += u32::from(is_directive(line));
            lines.references += u32::from(is_reference(trimmed));
            lines.indented += u32::from(line.starts_with([' ', '\t']));
            lines.code_spans += code_spans(trimmed);
            let heading = heading(trimmed, before);
            lines.documented += u32::from(heading || trimmed.starts_with("--") && is_option(trimmed));
            lines.releases += u32::from(is_release(trimmed, heading));
            let (now, row) = (columns_of(trimmed), columns);
            let name = field_name(line);
            lines.fields += u32::from(name.is_some());
            lines
                .names
                .extend(name.filter(|name| lines.names.len() < MIN_RECORD_FIELDS && !lines.names.contains(name)));
            lines.rows += u32::from(name.is_none() && now >= 3 && (now == row || row < 3));
            columns = now;
            lines.verse += u32::from(VERSE_LINE_CHARS.contains(&trimmed.chars().count()));
            lines.commas += u32::from(trimmed.ends_with([',', ';', '—', '–', '،', '、', '，']));
            before = trimmed;
        }
        lines
    }
}

/// Heads of lines that are code.
const CODE_HEADS: [&str; 21] = [
    "//", "#include", "#define", "#if", "#end", "#!", "$ ", ">>> ", "import ", "from __", "def ", "class ", "return ",
    "fn ", "pub ", "use ", "let ", "my ", "elif ", "@", "\"\"\"",
];

/// The signs that code has many of, by byte.
const CODE_SIGNS: [bool; 256] = {
    let (mut table, signs, mut i) = ([false; 256], b"{}[]()<>=;_$&|\\`@^~+", 0);
    while i < signs.len() {
        table[signs[i] as usize] = true;
        i += 1;
    }
    table
};

/// Returns whether a line looks like code: by its end, its beginning or its signs.
fn is_code(line: &str) -> bool {
    // An element of HTML: text may be written in those.
    if line.starts_with('<') && line.ends_with('>') {
        return false;
    }
    let ends = line.is_ascii() && line.ends_with([';', '{', '}', '\\'])
        || ["),", "):", "},", "],", "};", "()"].iter().any(|end| line.ends_with(end));
    if ends || CODE_HEADS.iter().any(|head| line.starts_with(head)) {
        return true;
    }
    let signs = line.bytes().filter(|&b| CODE_SIGNS[usize::from(b)]).count();
    if signs <= 2 {
        return false;
    }
    let filled = line.chars().filter(|c| !c.is_whitespace()).count();
    let address = line.contains("://") || line.contains('<');
    filled >= MIN_CODE_LINE_CHARS && !address && signs as f32 >= MIN_CODE_SIGN_SHARE * filled as f32
}

/// Returns whether a line is a directive of POD ("=head1"), of reStructuredText (".. note::") or of a manual page (".SH").
fn is_directive(line: &str) -> bool {
    let word = |rest: &str, first: fn(&char) -> bool| rest.chars().next().is_some_and(|c| first(&c));
    line.strip_prefix('=').is_some_and(|rest| word(rest, char::is_ascii_lowercase))
        || line.starts_with(".. ") && line.contains("::")
        || line.strip_prefix('.').is_some_and(|rest| rest.len() >= 2 && word(rest, char::is_ascii_uppercase))
}

/// Returns whether a line of Markdown is an address that others refer to, or a badge.
fn is_reference(line: &str) -> bool {
    line.starts_with("[![") || line.starts_with("![") || line.starts_with('[') && line.contains("]: ")
}

/// Returns whether a text is a licence, where each line counts.
fn is_licence(text: &str) -> bool {
    const SAID: [&str; 5] = [
        "permission is hereby granted",
        "permission to use, copy, modify",
        "redistribution and use in source",
        "warranties of merchantability",
        "without warranties or conditions of any kind",
    ];
    let text = text.to_lowercase();
    SAID.iter().any(|said| text.contains(said))
}

/// Pieces of code within a line of text.
fn code_spans(line: &str) -> u32 {
    (line.matches('`').count() / 2) as u32
}

/// Returns whether a line is a heading of Markdown, or underlines one.
fn heading(line: &str, before: &str) -> bool {
    let level = line.bytes().take_while(|&b| b == b'#').count();
    let hashes = (1..=6).contains(&level) && line[level..].starts_with(' ');
    let underline = |sign: char| line.len() > 2 && line.chars().all(|c| c == sign) && !before.is_empty();
    hashes || ['=', '-', '~', '^', '*'].into_iter().any(underline)
}

/// Returns whether a line is an option of a command: "--keep", "--out=DIR  …".
fn is_option(line: &str) -> bool {
    line[2..].starts_with(|c: char| c.is_ascii_lowercase())
}

/// Returns whether a line heads the changes of a version: "## [1.2.0] - 2026-03-01", "Version 1.2", "flong (1.2-1)
/// unstable".
fn is_release(line: &str, heading: bool) -> bool {
    let version = |word: &str| {
        let word = word.trim_matches(['[', ']', '(', ')', ',', ':', '*', 'v']);
        word.contains('.') && word.starts_with(|c: char| c.is_ascii_digit()) && word.split(['.', '-', '+']).count() > 2
    };
    let short = line.len() < 80;
    let named = ["Version ", "version ", "Release ", "v"].iter().any(|head| line.starts_with(head));
    short && (heading || named || line.contains(") unstable;")) && line.split_whitespace().take(4).any(version)
}

/// Returns the columns of a line: by bars, tabs, or runs of spaces.
fn columns_of(line: &str) -> usize {
    let bars = line.matches('|').count();
    let tabs = line.matches('\t').count();
    let mut gaps = 0;
    let mut spaces = 0;
    for c in line.chars() {
        gaps += usize::from(spaces > 1 && c != ' ');
        spaces = if c == ' ' { spaces + 1 } else { 0 };
    }
    1 + bars.max(tabs).max(gaps)
}

/// Returns the name that a line gives a short value: "License: MIT", "width = 3".
fn field_name(line: &str) -> Option<&str> {
    let at = line.find([':', '='])?;
    let (name, value) = (line[..at].trim(), line[at + 1..].trim());
    let spaced = line[at + 1..].starts_with([' ', '\t']) || value.is_empty();
    let word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let named = (1..=30).contains(&name.chars().count()) && name.chars().all(word);
    (spaced && named && value.chars().count() <= 60).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_prose() {
        let code = "fn main() -> Result<()> {\n    let line = read()?;\n    println!(\"{line}\");\n    Ok(())\n}\n";
        assert_eq!(shape(code), Shape::Code);
        let python = "import sys\n\ndef main(path):\n    with open(path) as lines:\n        for line in lines:\n            print(line, end='')\n    return sys.exit(0)\n";
        assert_eq!(shape(python), Shape::Code);
        let readme = "# flatbed\n\nA press for short runs.\n\n## Use\n\n```sh\nflatbed --run job.toml\n```\n\nRead more in the manual.\n";
        assert_ne!(shape(readme), Shape::Prose);
        let changes =
            "# Changes\n\n## [1.2.0] - 2026-03-01\n\n- Faster start\n- Fewer sheets\n\n## 1.1.0\n\n- Faster start\n";
        assert_eq!(shape(changes), Shape::Documentation);
        let table = "Port      Ships  Crew\nPenwick   12     140\nSule      3      22\nOrrin     8      95\n";
        assert_eq!(shape(table), Shape::Table);
        let fields = "Format: 1.0\nSource: flatbed\n\nFiles: *\nCopyright: 2019 A. Moor\nLicense: MIT\n";
        assert_eq!(shape(fields), Shape::Table);
        let verse = "The ferry leaves at break of day,\nThe tide is running high,\nAnd she that waits upon the quay,\nShe does not wave goodbye.\n\n\
                     The gulls are loud above the mast,\nThe rope is wet and cold,\nAnd all the harbour years are past,\nAnd all the boats are sold.\n";
        assert_eq!(shape(verse), Shape::Verse);
        let pod =
            "=head1 NAME\n\nFlatbed - a press for short runs\n\n=over\n\n=item new\n\nMakes one.\n\n=back\n\n=cut\n";
        assert_eq!(shape(pod), Shape::Documentation);
        let licence = "Copyright (c) 2019 A. Moor. All rights reserved.\n\nPermission is hereby granted, free of charge,\nto any person obtaining a copy\nof this software.\n";
        assert_eq!(shape(licence), Shape::Documentation);
        let json = "{\n  \"git\": {\n    \"sha1\": \"09af\"\n  },\n  \"path\": \"\"\n}\n";
        assert_eq!(shape(json), Shape::Code);
        let russian = "Уходит утром пароход,\nИ тянется дымок,\nИ никого никто не ждёт,\nИ берег одинок.\n\n\
                       А чайки плачут у воды,\nА снег ещё лежит,\nИ тают белые следы,\nИ дом давно забит.\n";
        assert_eq!(shape(russian), Shape::Verse);
    }

    #[test]
    fn what_is_prose() {
        let article = "Ferry aground off Aldermoor\n\nThe ferry ran aground on Tuesday with 140 people on board.\n\n\
                       Nobody was hurt, the harbour master said (he had come at dawn).\n\nREAD ALSO: Wool price falls\n\n\
                       - Divers will inspect the hull.\n- Tugs come on Friday.\n\nSubscribe to our newsletter";
        assert_eq!(shape(article), Shape::Prose);
        let menu =
            "Home\nSport\nWeather\nShare\nPrint\nRead more\nComments\nContact\nPrivacy\nTerms\n\nAbout us\nJobs\n";
        assert_eq!(shape(menu), Shape::Prose);
        let markdown = "# Ferry aground\n\nThe ferry ran aground on [Tuesday](https://a.example/1).\n\n## What next\n\nDivers come.\n\nRead more";
        assert_eq!(shape(markdown), Shape::Prose);
        let chinese =
            "石塘老渡口下月复航。\n\n镇里说，船票仍是两元。\n\n记者：王小明\n\n延伸阅读：海燕号回来了\n\n分享到微信";
        assert_eq!(shape(chinese), Shape::Prose);
        let teaser = "Tide Post\nOrrin: Ferry signs up youths\n\nIn its bid to improve relations, the ferry has signed youths […]\nOrrin: Ferry signs up youths";
        assert_eq!(shape(teaser), Shape::Prose);
        let talk = "Moor: Yes.\nBell: No.\nMoor: Why?\nBell: Because.\nMoor: I see.\n";
        assert_eq!(shape(talk), Shape::Prose);
        assert_eq!(shape(""), Shape::Prose);
    }

    #[test]
    fn items_of_lists() {
        for line in [
            "- Stir.",
            "  * Stir.",
            "1. Stir.",
            "12) Stir.",
            "(a) Stir.",
            "iv. Stir.",
            "•Stir.",
            "３．混ぜる",
            "1、搅拌",
        ] {
            assert!(is_list_item(Span::new(line.len() - 3, line.len()), &format!("Soup:\n{line}")[6..]), "{line}");
        }
        for line in ["Stir.", "2026 was wet.", "A ferry came.", "\"Stir,\" she said."] {
            assert!(!is_list_item(Span::new(line.len() - 3, line.len()), line), "{line}");
        }
    }
}
