//! Restoring: cleaned corpus, ledger and layout -> the inputs, byte for byte.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use xxhash_rust::xxh3::Xxh3;

use super::edit::{Fate, mend};
use super::kept::{Lines, Rest, Table, read_text};
use super::layout::{
    Bytes, CHECKED_SINCE, ESCAPED_SINCE, Footer, Header, InputLine, LAYOUT, LEDGER, Many, TableLine, VERSION, digits,
};
use super::names::is_inside;
use super::sink::{Sink, source};
use super::target::Replaces;
use super::{LedgerLine, OutDir, OutFile, place, refuse_inputs};
use crate::read::{Fields, Names, Output, TableHeader, path_of, shown};
use crate::{Error, Result};

/// The result of a restore.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RestoreReport {
    /// The names of the restored inputs in the output folder, in order. They equal the originals, by length and checksum.
    pub restored: Vec<String>,
    /// The names of restored Parquet tables. They equal the originals in schema, values, and order and groups of rows, by
    /// checksum, but not in every byte.
    pub equal: Vec<String>,
    /// The inputs that could be restored only in part, because some records could not be read or were too long to be kept,
    /// with the number of such records. An empty line takes the place of each; in a Parquet table they are missing.
    pub incomplete: Vec<(String, u64)>,
    /// The inputs whose names this system or the folder does not allow, with the names that they got instead.
    pub renamed: Vec<(String, String)>,
}

/// Restores the inputs of the clean run that wrote `dir`, decompressed, under the new folder `out_dir`. With `force`
/// that folder may be an earlier output, or restored files that are unchanged or would be restored with the same bytes.
pub fn restore(dir: impl AsRef<Path>, out_dir: impl AsRef<Path>, force: bool) -> Result<RestoreReport> {
    let dir = dir.as_ref();
    let layout = Layout::read(dir)?;
    refuse_inputs(&out_dir, [dir.join(LAYOUT), dir.join(LEDGER)])?;
    let replaces = if force { Replaces::Restored } else { Replaces::Nothing };
    let mut out = OutDir::replacing(out_dir.as_ref(), replaces)?;
    let report = layout.restore(dir, &mut out)?;
    out.commit_restored()?;
    Ok(report)
}

/// `layout.jsonl`.
pub(super) struct Layout {
    version: u32,
    fields: Fields,
    id: String,
    documents: String,
    pub inputs: Vec<InputLine>,
    written: Footer,
}

impl Layout {
    pub fn read(dir: &Path) -> Result<Layout> {
        let path = dir.join(LAYOUT);
        let text = match fs::read_to_string(&path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound && place::is_unfinished(dir) => {
                let why = "is not finished: a run that was to write it was killed; run `flong clean` again first";
                return Err(Error::Usage(format!("{}: {why}", dir.display())));
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                let why = format!("{}: holds no {LAYOUT}; name the folder that `flong clean` wrote", dir.display());
                return Err(Error::Usage(why));
            }
            read => read.map_err(|e| Error::io(&path, e))?,
        };
        let (before, footer) = last_line(&text);
        let mut lines = before.lines();
        let header: Header = parse(&path, lines.next().unwrap_or_default())?;
        if !(1..=VERSION).contains(&header.layout) {
            let reason = format!(
                "has version {}, written by flong {}; this flong restores versions up to {VERSION}: restore with the flong \
                 that wrote it, or a later one",
                header.layout, header.flong
            );
            return Err(Error::Damaged { path, reason });
        }
        let written: Footer = parse(&path, footer)?;
        let mut checksum = Xxh3::new();
        checksum.update(before.as_bytes());
        let checksum = digits(&checksum);
        if written.layout.as_ref().map_or(header.layout >= CHECKED_SINCE, |written| *written != checksum) {
            return Err(changed(path));
        }
        let inputs = lines.map(|line| parse(&path, line)).collect::<Result<Vec<InputLine>>>()?;
        // It is not known how many records a feed had.
        let miscounted =
            |line: &InputLine| line.input.format.output() != Output::Feed && line.records.len() != line.input.records;
        if inputs.iter().any(miscounted) {
            return Err(changed(path));
        }
        let fields = Fields { text: Names::of(header.text), ..Fields::default() };
        let layout =
            Layout { version: header.layout, fields, id: header.id, documents: header.documents, inputs, written };
        if layout.inputs.iter().any(|input| !is_inside(&layout.path(input))) {
            return Err(changed(path));
        }
        let rest = |input: &'_ InputLine| input.table.as_ref().and_then(|table| table.rest.clone());
        let files = layout.inputs.iter().flat_map(|input| [input.file.clone(), rest(input)]);
        if files.flatten().chain([layout.documents.clone()]).any(|file| !is_inside(Path::new(&file))) {
            return Err(changed(path));
        }
        Ok(layout)
    }

    /// Returns the path that an input is restored under.
    pub fn path(&self, input: &InputLine) -> PathBuf {
        if self.version >= ESCAPED_SINCE { path_of(&input.name) } else { PathBuf::from(&input.name) }
    }

    pub fn restore(&self, dir: &Path, out: &mut OutDir) -> Result<RestoreReport> {
        let lines = self.inputs.iter().any(|input| {
            matches!(input.input.format.output(), Output::Lines | Output::SharedLines) && input.file.is_none()
        });
        let mut cleaned = Cleaned {
            fields: &self.fields,
            version: self.version,
            documents: lines.then(|| Lines::open(dir.join(&self.documents))).transpose()?,
            own: None,
            id: &self.id,
            ledger: Lines::open(dir.join(LEDGER))?,
            table: None,
        };
        let mut report = RestoreReport::default();
        for input in &self.inputs {
            let (file, path) = out.file_like(&self.path(input))?;
            let name = shown(&path);
            if path != self.path(input) {
                report.renamed.push((input.name.clone(), name.clone()));
            }
            let whole = cleaned.restore(dir, input, file).map_err(|e| self.blame(dir, &mut cleaned, e))?;
            let lost = input.records.iter().filter(|(fate, _)| *fate == Fate::Lost).count() as u64;
            // Of what was too long only the beginning was read, and so only its checksum is known.
            let whole = whole && (lost == 0 || input.input.original.is_some() || input.table.is_some());
            if whole && input.table.is_some() && lost == 0 {
                report.equal.push(name);
            } else if whole && input.table.is_none() {
                report.restored.push(name);
            } else if lost > 0 && (whole || input.table.is_none()) {
                report.incomplete.push((name, lost));
            } else {
                let path = input.file.as_ref().map_or(dir.join(&self.documents), |file| dir.join(file));
                return Err(self.blame(dir, &mut cleaned, changed(path)));
            }
        }
        let left = [cleaned.documents.as_mut(), Some(&mut cleaned.ledger)].into_iter().flatten().find_map(Lines::left);
        match left {
            Some(path) => Err(changed(path)),
            None => Ok(report),
        }
    }

    /// Finds out which file changed since it was written: an error may occur in another file than the changed one.
    fn blame(&self, dir: &Path, cleaned: &mut Cleaned, error: Error) -> Error {
        if !matches!(error, Error::Damaged { .. }) {
            return error;
        }
        let written =
            [(Some(&mut cleaned.ledger), &self.written.ledger), (cleaned.documents.as_mut(), &self.written.documents)];
        for (lines, checksum) in written {
            if let Some(lines) = lines
                && lines.checksum().is_none_or(|found| found != *checksum)
            {
                return changed(lines.path.clone());
            }
        }
        match error {
            // Not a text of its own: what is left is the layout.
            Error::Damaged { path, .. }
                if cleaned.documents.is_some() && path == dir.join(&self.documents) || path == dir.join(LEDGER) =>
            {
                changed(dir.join(LAYOUT))
            }
            error => error,
        }
    }
}

/// Returns the last line of a text, without its end, and what comes before it.
fn last_line(text: &str) -> (&str, &str) {
    let body = text.strip_suffix('\n').unwrap_or(text);
    body.split_at(body.rfind('\n').map_or(0, |newline| newline + 1))
}

fn parse<T: DeserializeOwned>(path: &Path, line: &str) -> Result<T> {
    serde_json::from_str(line).map_err(|_| changed(path.to_owned()))
}

pub(super) fn changed(path: PathBuf) -> Error {
    let reason = "was changed or cut off after the run that wrote it; restore from an unchanged copy of the folder";
    Error::Damaged { path, reason: reason.to_owned() }
}

/// The parts of the inputs in a cleaned folder, read in step.
struct Cleaned<'l> {
    fields: &'l Fields,
    /// The version of the layout.
    version: u32,
    /// The common file of several inputs.
    documents: Option<Lines>,
    /// The file of JSON Lines that the input went to.
    own: Option<Lines>,
    /// The field that made-up ids were written to.
    id: &'l str,
    ledger: Lines,
    /// The table that the input went to.
    table: Option<Table>,
}

impl Cleaned<'_> {
    /// Restores an input; false if it is not what it was.
    fn restore(&mut self, dir: &Path, input: &InputLine, file: OutFile) -> Result<bool> {
        let path = file.path().to_path_buf();
        let mut sink = Sink::of(file);
        if let Some(table) = &input.table {
            return self.table(dir, input, table, sink);
        }
        let mut failure = None;
        let crawl = input.file.as_ref().filter(|_| input.input.format.output() == Output::Crawl);
        let crawl = crawl.map(|file| source(&dir.join(file)));
        let listed = input.others.iter().map(Bytes::to_vec);
        let others = Box::new(listed.chain(input.many.iter().flat_map(Many::records)));
        let mut rest = Rest { others, sizes: input.sizes.iter(), crawl: crawl.transpose()? };
        let mut records = (0..).zip(input.records.iter());
        self.own = match &input.file {
            Some(file) if input.input.format.output() == Output::Lines => Some(Lines::open(dir.join(file))?),
            _ => None,
        };
        let mut ids = input.ids.iter().flat_map(|(first, count)| *first..first.saturating_add(*count)).peekable();
        self.table = match &input.file {
            Some(file) if input.input.format.is_table() => Some(Table::open(dir.join(file), input, self.version)?),
            _ => None,
        };
        let originals = std::iter::from_fn(|| {
            let (n, (fate, lines)) = records.next()?;
            let has_id = ids.next_if_eq(&n).is_some();
            self.record(dir, input, (n, fate, lines, has_id), &mut rest).map_err(|e| failure = Some(e)).ok()
        });
        let mut originals = originals.fuse();
        let whole = input.input.rebuild(&mut originals, &mut sink).map_err(|e| Error::io(path, e))?;
        // An original that was kept whole is given back without looking at its records.
        originals.for_each(drop);
        sink.finish()?;
        let read = self.table.as_mut().map(|table| &mut table.rows).or(self.own.as_mut());
        let left = read.and_then(Lines::left).map(changed);
        failure.or(left).map_or(Ok(whole), Err)
    }

    /// Restores a Parquet table; false if it is not what it was.
    #[cfg(feature = "parquet")]
    fn table(&mut self, dir: &Path, input: &InputLine, table: &TableLine, sink: Sink) -> Result<bool> {
        use crate::read::{Format, Record};
        let documents = input.file.as_ref().map(|file| dir.join(file)).ok_or_else(|| changed(dir.join(LAYOUT)))?;
        let rest = table.rest.as_ref().map(|rest| dir.join(rest));
        let names = &self.fields.text;
        let restoring = super::table::Restoring { line: input, table, names, documents, rest };
        let ledger = &mut self.ledger;
        let mut mend_row = |fate, lines, text: &str| {
            let lines = (0..lines).map(|_| ledger.next()).collect::<Result<Vec<String>>>()?;
            if fate != Fate::Edited {
                return Ok(None);
            }
            let lines = lines.iter().map(|line| parse(&ledger.path, line)).collect::<Result<Vec<LedgerLine>>>()?;
            let mended = mend(Format::Parquet.codec(), Some(&Record::text(text)), &lines);
            mended.map(Some).ok_or_else(|| changed(restoring.documents.clone()))
        };
        restoring.write(sink, &changed, &mut mend_row)
    }

    /// Fails: without the feature `parquet` such a table cannot be restored.
    #[cfg(not(feature = "parquet"))]
    fn table(&mut self, _: &Path, input: &InputLine, _: &TableLine, _: Sink) -> Result<bool> {
        Err(Error::Usage(format!("{}: this flong was built without Parquet", input.name)))
    }

    /// Returns the original of a record, given its number, its fate, its number of ledger lines, and whether an id was added
    /// to it.
    fn record(
        &mut self,
        dir: &Path,
        input: &InputLine,
        (number, fate, lines, has_id): (u64, Fate, u32, bool),
        rest: &mut Rest,
    ) -> Result<Vec<u8>> {
        let end = input.input.line_end(number);
        let lines = (0..lines).map(|_| self.ledger.next()).collect::<Result<Vec<String>>>()?;
        let lines = lines.iter().map(|line| parse(&self.ledger.path, line)).collect::<Result<Vec<LedgerLine>>>()?;
        let at = || input.file.as_ref().map_or(self.ledger.path.clone(), |file| dir.join(file));
        match (input.input.format.output(), fate) {
            (_, Fate::Lost) => return Ok(Vec::new()),
            // It is given back from the original.
            (Output::Feed, _) => return Ok(Vec::new()),
            (Output::Crawl, _) => return rest.of_crawl(fate, &lines).ok_or_else(|| changed(at())),
            (_, Fate::Other) => return rest.others.next().ok_or_else(|| changed(dir.join(LAYOUT))),
            (
                Output::File | Output::Lines | Output::SharedLines | Output::Rows { .. } | Output::Table,
                Fate::Kept | Fate::Edited | Fate::Dropped,
            ) => {}
        }
        let lines_of = self.own.as_mut().or(self.documents.as_mut().filter(|_| input.file.is_none()));
        let went_on = match (fate, &mut self.table, lines_of, &input.file) {
            (Fate::Dropped, ..) => None,
            (_, Some(table), ..) => Some(table.next(number, end)?),
            (_, None, Some(lines), _) => Some(lines.next()?),
            (_, None, None, Some(file)) => Some(read_text(&dir.join(file))?),
            (_, None, None, None) => return Err(changed(dir.join(LAYOUT))),
        };
        let codec = input.input.format.codec();
        let header = self.table.as_ref().and_then(|table| table.header.as_ref());
        let separator = header.map(TableHeader::separator);
        let went_on = match went_on {
            Some(record) if has_id => Some(codec.without_id(&record, self.id, separator).ok_or_else(|| changed(at()))?),
            went_on => went_on,
        };
        let mended = match (fate, &went_on) {
            (Fate::Kept, Some(record)) => Some(record.clone()),
            (_, Some(record)) => {
                let record = codec.record(record, None, header, self.fields);
                record.and_then(|record| mend(codec, Some(&record), &lines))
            }
            (_, None) => mend(codec, None, &lines),
        };
        mended.map(String::into_bytes).ok_or_else(|| changed(at()))
    }
}
