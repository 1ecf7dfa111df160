//! How things are put to people.

use std::fmt::Arguments;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use flong::{Document, Error, Problem, Result, Unit};

use crate::args::OutputArgs;

pub const ERROR: Style = AnsiColor::Red.on_default().bold();
pub const STRONG: Style = Style::new().bold();
pub const FAINT: Style = Style::new().dimmed();
pub const GONE: Style = AnsiColor::Red.on_default();
pub const NEW: Style = AnsiColor::Green.on_default();

/// Writes on standard output. A reader that has seen enough, such as `head`, is no error.
pub fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Error::io("standard output", error)),
        _ => Ok(()),
    }
}

/// Writes a line on standard error. Where that fails, there is nowhere to say so.
pub fn tell(line: Arguments) {
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// A number with its thousands parted: 66,827.
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

/// `1 document`, `2 documents`.
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

/// A number of bytes: 42.1 MB.
pub fn bytes(n: u64) -> String {
    match n {
        0..1_000 => counted(n, "byte"),
        1_000..1_000_000 => format!("{:.1} KB", n as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", n as f64 / 1e6),
        _ => format!("{:.1} GB", n as f64 / 1e9),
    }
}

/// Where a unit stands: the document's id, and the line for a piece of one.
pub fn place(unit: &Unit, documents: &[Document]) -> String {
    let document = &documents[unit.document as usize];
    if unit.span.range() == (0..document.text.len()) {
        return document.id.to_string();
    }
    let line = 1 + document.text[..unit.span.start as usize].bytes().filter(|&byte| byte == b'\n').count();
    format!("{}:{line}", document.id)
}

/// Problems shown without being asked for more.
const FEW: usize = 20;

/// Tells of the problems of the input, on standard error.
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
