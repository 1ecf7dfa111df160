//! Escapes data for the medium that shows it, so that people see the data and it never takes effect.
//!
//! Ids, titles, texts, file names, settings and error messages of parsers come from others and may contain anything: escape
//! codes of a terminal, characters that turn the direction of a line, line breaks, commands of a build server. There is
//! one function for each medium:
//!
//! | medium | function |
//! |---|---|
//! | a line for people: terminal, log, error message | [`line()`] |
//! | an error message, which may quote a whole file | [`message`] |
//! | an annotation of GitHub Actions | [`annotation`], [`annotation_property`] |
//! | a cell of a Markdown table | [`markdown_cell`] |
//! | text and attributes of XML | [`xml`] |
//! | a message of SARIF | [`sarif_text`] |
//! | a string of JSON or TOML | [`json_string`] |
//! | any of these formats as a whole, as a safety net | [`Guard`] |
//!
//! An active character is shown as Rust writes it: `\n`, `\r`, `\t`, or `\u{1b}` with its number. In JSON it is `\u001b`,
//! which a reader of the JSON turns into the character again. A backslash in the data stays as it is: escaping a text a
//! second time changes nothing.

mod guard;

use std::borrow::Cow;
use std::fmt::{Display, Write};

pub use guard::Guard;

/// Longest error message, in characters. A parser may quote all of its input.
const MAX_MESSAGE_CHARS: usize = 1000;
/// Characters that are kept of the beginning of a longer message, which says what and where.
const MESSAGE_HEAD_CHARS: usize = 700;
/// Characters that are kept of its end, which says what to do.
const MESSAGE_TAIL_CHARS: usize = 200;

/// Returns whether a character is active, so that it does something other than being shown: a control character, a line separator, one that turns the
/// direction of what follows, or one that no text may hold.
pub fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Marks of direction, embeddings, overrides and isolates, with the deprecated ones after them.
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}'
            // Line and paragraph separators.
            | '\u{2028}' | '\u{2029}'
            // The byte order mark, interlinear annotations, and what is no character.
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}')
}

/// Returns whether a text begins with characters that a build server takes for a command anywhere in a line: `##[` of GitHub,
/// `##vso[` of Azure, `##teamcity[`.
fn begins_inline_command(text: &str) -> bool {
    let rest = text.strip_prefix("##").map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_alphabetic()));
    rest.is_some_and(|rest| rest.starts_with('['))
}

/// Returns where a command of GitHub Actions begins in a line. The runner passes over white space before it.
fn line_command(line: &str) -> Option<usize> {
    let trimmed = line.trim_start();
    trimmed.starts_with("::").then(|| line.len() - trimmed.len())
}

/// Writes a character as its escape.
fn push_escape(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c => out.extend(c.escape_unicode()),
    }
}

/// Writes a character as its escape in JSON.
fn push_json_escape(out: &mut String, c: char) {
    let mut units = [0; 2];
    for unit in c.encode_utf16(&mut units) {
        let _ = write!(out, "\\u{unit:04x}");
    }
}

/// Copies a text. `escape` escapes the active characters, except those in `kept`.
fn inert<'t>(text: &'t str, kept: &[char], escape: fn(&mut String, char)) -> Cow<'t, str> {
    let found = |(at, c): (usize, char)| match c {
        '#' => begins_inline_command(&text[at..]),
        c => acts(c) && !kept.contains(&c),
    };
    let Some((first, _)) = text.char_indices().find(|&each| found(each)) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len() + 16);
    out.push_str(&text[..first]);
    for (at, c) in text[first..].char_indices() {
        if found((first + at, c)) { escape(&mut out, c) } else { out.push(c) }
    }
    Cow::Owned(out)
}

/// Escapes a text that is a line for people, or a part of one: no character in it is active, and it does not end its line.
///
/// ```
/// assert_eq!(flong::escape::line("a\u{1b}[31m\nb"), "a\\u{1b}[31m\\nb");
/// assert_eq!(flong::escape::line("::add-mask::x"), "\\u{3a}:add-mask::x");
/// ```
pub fn line(text: &str) -> Cow<'_, str> {
    match line_command(text) {
        None => inert(text, &[], push_escape),
        Some(at) => {
            let mut out = inert(&text[..at], &[], push_escape).into_owned();
            push_escape(&mut out, ':');
            out.push_str(&inert(&text[at + 1..], &[], push_escape));
            Cow::Owned(out)
        }
    }
}

/// Escapes an error message: one line, and the middle of a long one left out.
pub fn message(text: impl Display) -> String {
    cut(&line(&text.to_string())).into_owned()
}

/// Leaves out the middle of a message that is too long to be read.
pub fn cut(text: &str) -> Cow<'_, str> {
    // No text has more characters than bytes.
    if text.len() <= MAX_MESSAGE_CHARS {
        return Cow::Borrowed(text);
    }
    let length = text.chars().count();
    if length <= MAX_MESSAGE_CHARS {
        return Cow::Borrowed(text);
    }
    let byte_of = |n: usize| text.char_indices().nth(n).map_or(text.len(), |(at, _)| at);
    let (head, tail) = (&text[..byte_of(MESSAGE_HEAD_CHARS)], &text[byte_of(length - MESSAGE_TAIL_CHARS)..]);
    let left_out = length - MESSAGE_HEAD_CHARS - MESSAGE_TAIL_CHARS;
    Cow::Owned(format!("{head} … ({left_out} characters left out) … {tail}"))
}

/// Escapes the message of an annotation of GitHub Actions: what follows the second `::`.
pub fn annotation(text: &str) -> String {
    line(&text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")).into_owned()
}

/// Escapes a property of an annotation of GitHub Actions: what follows a `=`.
pub fn annotation_property(text: &str) -> String {
    let encoded = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    line(&encoded.replace(':', "%3A").replace(',', "%2C")).into_owned()
}

/// Escapes text that stays in its cell of a Markdown table and is nothing but text there: no markup, and no link.
pub fn markdown_cell(text: &str) -> String {
    let text = line(text);
    let mut safe = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            // Addresses become links by themselves, unless they are spelt in another way.
            ':' if text[at..].starts_with("://") => safe.push_str("&#58;"),
            '.' if text[..at].ends_with("www") => safe.push_str("&#46;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '@' => safe.extend(['\\', c]),
            c => safe.push(c),
        }
    }
    safe
}

/// Escapes text for XML, in elements and in attributes. What XML cannot hold at all is escaped too.
pub fn xml(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in line(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c => safe.push(c),
        }
    }
    safe
}

/// Escapes a message of SARIF, which viewers show to people: one line, and no links but our own.
pub fn sarif_text(text: &str) -> String {
    let text = line(text);
    if text.contains("](") { text.replace('[', "\\[").replace(']', "\\]") } else { text.into_owned() }
}

/// Writes a text as a string of JSON, with its quotes and without active characters. It is also a basic string of TOML.
pub fn json_string(text: &str) -> String {
    json(&serde_json::Value::from(text).to_string()).into_owned()
}

/// Escapes active characters in a text that is JSON. Outside of strings JSON has no such characters except line ends, so
/// only strings change, and only the way they are written.
pub fn json(text: &str) -> Cow<'_, str> {
    inert(text, &['\n', '\t'], push_json_escape)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All characters that must never be written raw.
    fn active() -> impl Iterator<Item = char> {
        let ranges = ['\0'..='\x1f', '\x7f'..='\u{9f}', '\u{202a}'..='\u{202e}', '\u{2066}'..='\u{2069}'];
        ranges.into_iter().flatten().chain(['\u{200e}', '\u{200f}', '\u{61c}', '\u{2028}', '\u{2029}', '\u{feff}'])
    }

    #[test]
    fn no_medium_lets_an_active_character_through() {
        let text: String = active().flat_map(|c| [c, 'x']).collect();
        let json = json_string(&text);
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text, "JSON is lossless");
        let written = [
            line(&text).into_owned(),
            message(&text),
            annotation(&text),
            annotation_property(&text),
            markdown_cell(&text),
            xml(&text),
            sarif_text(&text),
            json,
        ];
        for (n, written) in written.iter().enumerate() {
            assert!(!written.contains(acts), "medium {n}: {written:?}");
        }
    }

    #[test]
    fn texts_of_all_scripts_stay_as_they_are() {
        for text in
            ["", "plain", "Größe – “quoted” 100% #1 ## a", "می‌خواهم", "नई दिल्ली", "ไทย 中文 👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "C:\\new a::b : :"]
        {
            assert!(matches!(line(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn escapes_are_readable_and_stay_when_escaped_again() {
        let hostile = "\u{1b}]0;x\u{7}\t\r\n\u{9b}31m\u{202e} ##[error]x ###vso[y]";
        let shown = r"\u{1b}]0;x\u{7}\t\r\n\u{9b}31m\u{202e} \u{23}#[error]x #\u{23}#vso[y]";
        assert_eq!(line(hostile), shown);
        assert_eq!(line(shown), shown);
    }

    #[test]
    fn no_line_begins_with_a_command() {
        assert_eq!(line("::add-mask::x"), r"\u{3a}:add-mask::x");
        assert_eq!(line(" \u{3000}::error::x"), " \u{3000}\\u{3a}:error::x", "the runner trims white space");
        assert_eq!(line("a\n::error::x"), r"a\n::error::x");
        assert_eq!(line(":x: ::y"), ":x: ::y");
    }

    #[test]
    fn annotations_hold_their_data() {
        assert_eq!(annotation("50% off:\r\na, b"), "50%25 off:%0D%0Aa, b");
        assert_eq!(annotation_property("50% off:\r\na, b"), "50%25 off%3A%0D%0Aa%2C b");
        assert_eq!(annotation("%0A"), "%250A", "what looks escaped stays what it is");
    }

    #[test]
    fn markup_is_text() {
        assert_eq!(markdown_cell("a|b `c` <i> &\n"), r"a\|b \`c\` &lt;i&gt; &amp;\\n");
        assert_eq!(markdown_cell("https://a.example www.b.example: x."), "https&#58;//a.example www&#46;b.example: x.");
        assert_eq!(xml("]]><a b=\"&#27;\">\u{1}"), "]]&gt;&lt;a b=&quot;&amp;#27;&quot;&gt;\\u{1}");
        assert_eq!(sarif_text("[a](https://a.example) [b]"), r"\[a\](https://a.example) \[b\]");
        assert_eq!(sarif_text("[b]"), "[b]");
    }

    #[test]
    fn long_messages_lose_their_middle() {
        let long = format!("a.xml:3: no such thing: {}; use another", "é".repeat(1 << 20));
        let told = message(&long);
        assert!(told.chars().count() <= MAX_MESSAGE_CHARS, "{told}");
        assert!(told.starts_with("a.xml:3: no such thing: éé") && told.ends_with("é; use another"), "{told}");
        assert!(told.contains("characters left out"), "{told}");
        assert_eq!(message(&told), told);
        assert_eq!(message("é".repeat(MAX_MESSAGE_CHARS)), "é".repeat(MAX_MESSAGE_CHARS));
    }
}
