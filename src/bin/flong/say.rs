//! Output for people. All output of the command line passes through here, and data in it is escaped: only the styles that
//! flong adds itself take effect.

use std::fmt::{self, Arguments, Display, Write as _};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, IsTerminal, Write};
use std::panic::PanicHookInfo;
use std::sync::LazyLock;

use anstyle::AnsiColor;
use flong::escape::{self, Guard};
use flong::pipeline::Stage;
use flong::{Document, Error, Problem, Result, Unit};

use crate::args::OutputArgs;

pub const ERROR: Style = Style(0);
pub const WARNING: Style = Style(1);
pub const NOTE: Style = Style(2);
pub const STRONG: Style = Style(3);
pub const FAINT: Style = Style(4);
pub const GONE: Style = Style(5);
pub const NEW: Style = Style(6);

/// The styles by their numbers.
const STYLES: [anstyle::Style; 7] = [
    AnsiColor::Red.on_default().bold(),
    AnsiColor::Yellow.on_default().bold(),
    AnsiColor::Cyan.on_default().bold(),
    anstyle::Style::new().bold(),
    anstyle::Style::new().dimmed(),
    AnsiColor::Red.on_default().strikethrough(),
    AnsiColor::Green.on_default(),
];
/// The number that ends any style.
const END: usize = STYLES.len();

/// A style of flong's own. `{style}` begins it and `{style:#}` ends it, in a text that is written by this module.
///
/// It is no escape code yet but a mark, which becomes one when its line is written; all other escape codes of the line are
/// escaped. Data cannot hold a mark, for that holds a random key of this run.
#[derive(Debug, Clone, Copy)]
pub struct Style(usize);

/// The beginning of each mark. A digit follows, the number of the style.
static MARK: LazyLock<String> = LazyLock::new(|| format!("\u{1b}{:016x}", RandomState::new().build_hasher().finish()));

impl Display for Style {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", *MARK, if f.alternate() { END } else { self.0 })
    }
}

/// Returns what each mark begins with; one character follows.
pub fn mark() -> &'static str {
    &MARK
}

/// Returns whether a mark ends a style.
pub fn is_end(mark: &str) -> bool {
    mark.ends_with(|last: char| last.to_digit(10) == Some(END as u32))
}

/// Returns whether styles have an effect: whether standard output is shown in colour.
pub fn is_coloured() -> bool {
    anstream::stdout().current_choice() != anstream::ColorChoice::Never
}

/// Columns of output that goes to no terminal, and the most of one that does: longer lines are hard to read.
const PLAIN_WIDTH: usize = 100;
const MAX_WIDTH: usize = 120;
/// Columns of the narrowest terminal that lines are fitted to.
const MIN_WIDTH: usize = 40;

/// Returns how many columns a line for people has.
pub fn width() -> usize {
    match terminal_size::terminal_size() {
        Some((terminal_size::Width(columns), _)) if io::stdout().is_terminal() => {
            usize::from(columns).clamp(MIN_WIDTH, MAX_WIDTH)
        }
        _ => PLAIN_WIDTH,
    }
}

/// Makes a line out of a text with marks: what acts is escaped, marks become escape codes.
fn shown(text: &str) -> String {
    let mut parts = text.split(MARK.as_str());
    let first = parts.next().unwrap_or_default();
    let styled = parts.map(|part| part.split_at_checked(1).unwrap_or(("", part)));
    let parts: Vec<(&str, &str)> = std::iter::once(("", first)).chain(styled).collect();
    let plain: String = parts.iter().map(|(_, part)| *part).collect();
    // A command of a build server may begin in one part and go on in the next.
    let mut begins = plain.trim_start().starts_with("::");
    let mut line = String::with_capacity(text.len());
    for (style, part) in parts {
        match style.parse() {
            Ok(END) => line.push_str(anstyle::Reset.render().to_string().as_str()),
            Ok(style) => line.push_str(STYLES[style].render().to_string().as_str()),
            Err(_) => {}
        }
        match part.split_once(':').filter(|_| begins) {
            Some((before, after)) => {
                begins = false;
                let _ = write!(line, "{}\\u{{3a}}{}", escape::line(before), escape::line(after));
            }
            None => line.push_str(&escape::line(part)),
        }
    }
    line
}

/// Lines for people. Each `writeln!` is one line, whatever the data in it holds.
pub struct Lines<'w> {
    out: &'w mut dyn Write,
}

impl<'w> Lines<'w> {
    /// Lines that go to a writer, with escape codes for the styles.
    pub fn new(out: &'w mut dyn Write) -> Self {
        Lines { out }
    }

    /// Writes a line. It is what `write!` and `writeln!` call.
    pub fn write_fmt(&mut self, line: Arguments) -> io::Result<()> {
        let text = line.to_string();
        let text = shown(text.strip_suffix('\n').unwrap_or(&text));
        self.out.write_all((text + "\n").as_bytes())
    }

    /// Writes a text of many lines, each after an indent.
    pub fn text(&mut self, indent: &str, text: &str) -> io::Result<()> {
        text.lines().try_for_each(|line| writeln!(self, "{indent}{}", line.replace('\t', " ")))
    }
}

/// Writes on standard output. A reader that has seen enough, such as `head`, is no error. What is written must be safe to
/// show, as a report of [`flong::check::write_report`] is.
pub fn output(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Error::io("standard output", error)),
        _ => Ok(()),
    }
}

/// Returns standard output for documents as JSON Lines: as they are for programs, and with what acts escaped on a terminal.
pub fn documents() -> Box<dyn Write> {
    let out = io::BufWriter::new(io::stdout().lock());
    if io::stdout().is_terminal() { Box::new(Guard::json(out)) } else { Box::new(out) }
}

/// Writes lines on standard error that [`Lines`] made. Where that fails, there is nowhere to say so.
pub fn error(lines: &[u8]) {
    let _ = anstream::stderr().write_all(lines);
}

/// Writes lines for people on standard output.
pub fn print(write: impl FnOnce(&mut Lines) -> io::Result<()>) -> Result<()> {
    output(|out| write(&mut Lines::new(out)))
}

/// Writes JSON on standard output.
pub fn print_json(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    output(|out| write(&mut Guard::json(out)))
}

/// Writes a line on standard error. Where that fails, there is nowhere to say so.
pub fn tell(line: Arguments) {
    let _ = writeln!(anstream::stderr(), "{}", shown(&line.to_string()));
}

/// Writes a line on standard error about what ends the run.
pub fn fail(reason: impl Display) {
    tell(format_args!("{ERROR}error:{ERROR:#} {}", escape::message(reason)));
}

/// Writes the time of every stage of a run on standard error, if that is asked for.
pub fn stages(stages: &[Stage], output: &OutputArgs) {
    for Stage { name, seconds, .. } in stages.iter().filter(|_| output.verbose && !output.quiet) {
        tell(format_args!("{FAINT}{name:>10} {seconds:.3} s{FAINT:#}"));
    }
}

/// Writes on standard error where the program panicked, and why: the words may quote data.
pub fn panicked(info: &PanicHookInfo) {
    let told = info.to_string().replacen(":\n", ": ", 1);
    fail(format_args!("this is a mistake of flong's, please report it: {told}"));
    let trace = std::backtrace::Backtrace::capture();
    if trace.status() == std::backtrace::BacktraceStatus::Captured {
        trace.to_string().lines().for_each(|line| tell(format_args!("{line}")));
    }
}

/// Returns a number with separators of thousands: 66,827.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns a number of things: `1 document`, `2 documents`.
pub fn counted(n: u64, what: &str) -> String {
    let plural = if n == 1 {
        ""
    } else if what.ends_with(['s', 'x']) || what.ends_with("ch") {
        "es"
    } else {
        "s"
    };
    format!("{} {what}{plural}", count(n))
}

/// Returns a number of bytes: 42.1 MB.
pub fn bytes(n: u64) -> String {
    match n {
        0..1_000 => counted(n, "byte"),
        1_000..1_000_000 => format!("{:.1} KB", n as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", n as f64 / 1e6),
        _ => format!("{:.1} GB", n as f64 / 1e9),
    }
}

/// Returns the place of a unit: the document's id, and the line for a piece of one.
pub fn place(unit: &Unit, document: &Document) -> String {
    if unit.span.range() == (0..document.text.len()) {
        return document.id.to_string();
    }
    let line = 1 + document.text[..unit.span.start as usize].bytes().filter(|&byte| byte == b'\n').count();
    format!("{}:{line}", document.id)
}

/// Most problems that are shown without `--verbose`.
const FEW: usize = 20;

/// Prints the problems of the input on standard error.
pub fn problems(problems: &[Problem], output: &OutputArgs) {
    let told: Vec<&Problem> = problems.iter().filter(|problem| problem.skipped || !output.quiet).collect();
    let shown = if output.verbose { told.len() } else { told.len().min(FEW) };
    for problem in &told[..shown] {
        let (style, word) = if problem.skipped { (ERROR, "skipped:") } else { (STRONG, "note:") };
        tell(format_args!("{style}{word}{style:#} {problem}"));
    }
    if shown < told.len() {
        tell(format_args!("… and {} more (-v shows all)", count((told.len() - shown) as u64)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_styles_are_escape_codes() {
        let name = "a\u{1b}[31m\n::error::b\u{202e}";
        assert_eq!(
            shown(&format!("{STRONG}{name}{STRONG:#}: {GONE}x{GONE:#}")),
            "\u{1b}[1ma\\u{1b}[31m\\n::error::b\\u{202e}\u{1b}[0m: \u{1b}[9m\u{1b}[31mx\u{1b}[0m"
        );
    }

    #[test]
    fn a_line_begins_with_no_command() {
        let plain = |text: String| anstream::adapter::strip_str(&shown(&text)).to_string();
        assert_eq!(plain(format!("  {STRONG}::error::x{STRONG:#}")), r"  \u{3a}:error::x");
        assert_eq!(plain(format!("{STRONG}:{STRONG:#}:error::x")), r"\u{3a}:error::x", "in two parts");
        assert_eq!(plain(format!("{STRONG}a{STRONG:#}::error::x")), r"a\u{3a}:error::x");
    }

    #[test]
    fn each_write_is_one_line() {
        let mut out = Vec::new();
        let mut lines = Lines::new(&mut out);
        writeln!(lines, "a\nb\n").unwrap();
        writeln!(lines).unwrap();
        write!(lines, "c").unwrap();
        lines.text("  ", "one\r\n\n::two\tand\u{85}three").unwrap();
        let expected = "a\\nb\\n\n\nc\n  one\n  \n  \\u{3a}:two and\\u{85}three\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
