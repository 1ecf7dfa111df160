//! Finding what repeats, in a table or in files.

use std::ffi::OsString;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use flong::before::seen_before;
use flong::cluster::Cluster;
use flong::judge::{Finding, Policy, verdicts};
use flong::pipeline::{Engine, Found, Loaded, Scanned, Stopwatch, find_in};
use flong::read::Place;
use flong::run::{self, FindOptions, FindRun, Progress, SeenLine, Summary, open_index, retain_new, seen_lines};
use flong::write::json_pretty;
use flong::{Documents, Error, Heads, Params, Problem, Result, UnitId};
use pyo3::prelude::*;

use crate::errors::exception;
use crate::frames::{Results, frame, shares, texts};
use crate::options::Options;
use crate::rows::{self, Table, Watched};
use crate::table::Columns;
use crate::work::{self, Watch};

/// What was found, and where the texts are.
pub struct Run {
    /// The documents, without their texts.
    pub heads: Heads,
    pub found: Found,
    pub summary: Summary,
    /// The rows that are no documents, each with the number of its table.
    pub unread: Vec<(u32, u64)>,
    pub origin: Origin,
    /// The documents that an index has seen before; `None` if none was asked.
    pub seen: Option<Vec<SeenLine>>,
}

/// Where the texts of a run are.
pub enum Origin {
    /// In tables: the run's own, and what it is compared with.
    Tables(Vec<Table>),
    /// In files, which are read again.
    Files(Box<Mutex<Scanned>>),
    /// In files that are no longer at hand.
    Gone,
}

impl Run {
    /// Returns the texts of some documents.
    pub fn texts(&self, wanted: &[usize]) -> Result<Vec<String>> {
        match &self.origin {
            Origin::Tables(tables) => {
                Ok(wanted.iter().map(|&index| text_of(tables, self.heads.head(index).place).to_owned()).collect())
            }
            Origin::Files(scanned) => {
                let scanned = scanned.lock().unwrap_or_else(PoisonError::into_inner);
                let documents = scanned.read_documents(wanted)?;
                Ok(wanted.iter().map(|index| documents[index].text.to_string()).collect())
            }
            Origin::Gone => Ok(vec![String::new(); wanted.len()]),
        }
    }

    /// Judges what was found in tables.
    pub fn verdicts(&self, policy: &Policy) -> Vec<Finding> {
        // Rules about items compare texts.
        let whole = match &self.origin {
            Origin::Tables(tables) if policy.reads_items() => {
                Some(tables.iter().flat_map(Table::documents).collect::<Vec<_>>())
            }
            _ => None,
        };
        let documents = whole.as_ref().map_or(Documents::from(&self.heads), Documents::from);
        verdicts(&self.found.evidence(documents), policy)
    }
}

/// Returns the text at a place in some tables.
pub fn text_of(tables: &[Table], place: Place) -> &str {
    tables[place.input as usize].text_of(place.record)
}

/// Finds what repeats in tables.
pub fn find(tables: Vec<Table>, options: &Options, params: &Params, watch: &Arc<Watch>) -> Result<Run> {
    let stopwatch = Stopwatch::observed(|stage| watch.begin(stage));
    let mut stopwatch = stopwatch.stopped_by(|| watch.is_stopped());
    stopwatch.stage("read");
    let read = tables.iter().map(Table::heads).fold(rows::Heads::default(), rows::Heads::and);
    let rows::Heads { documents: mut heads, lengths, problems, unread } = read;
    heads.shrink_to_fit();
    if let Some(problem) = problems.first().filter(|_| options.reading().strict) {
        return Err(Error::Unreadable(problem.clone()));
    }
    watch.total.store(heads.len() as u64, Ordering::Relaxed);
    let bytes = lengths.iter().map(|&length| u64::from(length)).sum();
    let engine = options.room().engine_beside(bytes);
    flong_cli::give_back(matches!(engine, Engine::Disk { .. }));
    let corpus = Watched { tables: &tables, documents: &watch.documents };
    let found = find_in(&corpus, (&heads).into(), &lengths, params, &engine, &mut stopwatch)?;
    let loaded = Loaded { problems, ..Loaded::default() };
    let summary = Summary::new(&loaded, &found, params, stopwatch.finish());
    Ok(Run { heads, found, summary, unread, origin: Origin::Tables(tables), seen: None })
}

/// What `flong.find` found.
#[pyclass(frozen, module = "flong._flong")]
pub struct FoundIn {
    pub run: Run,
}

/// A cluster as notebooks show it.
type Shown = (String, &'static str, &'static str, usize, String, String, String, String);

impl FoundIn {
    fn largest_clusters(&self, count: usize) -> Result<Vec<Shown>> {
        let Run { heads, found, .. } = &self.run;
        let mut clusters: Vec<&Cluster> = found.clusters.iter().collect();
        clusters.sort_by_key(|cluster| std::cmp::Reverse(cluster.members.len()));
        let least = |cluster: &Cluster| {
            let score = |tie: u32| found.matches[tie as usize].verified.score;
            let least = cluster.members.iter().min_by(|a, b| score(a.1).total_cmp(&score(b.1)));
            [cluster.representative, least.map_or(cluster.representative, |&(member, _)| member)]
        };
        let pairs: Vec<(&Cluster, [UnitId; 2])> =
            clusters.into_iter().take(count).map(|cluster| (cluster, least(cluster))).collect();
        let units = pairs.iter().flat_map(|(_, pair)| pair).map(|&unit| found.unit(unit));
        let mut wanted: Vec<usize> = units.map(|unit| unit.document.index()).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let texts = self.run.texts(&wanted)?;
        let text = |unit: UnitId| {
            let unit = found.unit(unit);
            let text = wanted.binary_search(&unit.document.index()).map_or("", |at| &*texts[at]);
            text.get(unit.span.range()).unwrap_or_default().to_owned()
        };
        let id = |unit: UnitId| heads.head(found.unit(unit).document.index()).id.to_string();
        let shown = |(cluster, [a, b]): (&Cluster, [UnitId; 2])| {
            let size = cluster.members.len() + 1;
            let (grain, kind) = (cluster.grain.name(), cluster.kind.name());
            (cluster.id.to_string(), grain, kind, size, id(a), id(b), text(a), text(b))
        };
        Ok(pairs.into_iter().map(shown).collect())
    }

    fn results(&self) -> Results<'_> {
        let Run { heads, found, origin, .. } = &self.run;
        Results { found, heads, are_rows: matches!(origin, Origin::Tables(_)) }
    }
}

#[pymethods]
impl FoundIn {
    fn matches(&self) -> PyResult<Columns> {
        Ok(Columns { frame: self.results().matches()? })
    }

    fn clusters(&self) -> PyResult<Columns> {
        Ok(Columns { frame: self.results().clusters()? })
    }

    /// Returns the documents that an index has seen before; `None` if none was asked.
    fn seen(&self) -> PyResult<Option<Columns>> {
        let table = |seen: &Vec<SeenLine>| {
            frame(seen, |seen| {
                vec![
                    ("document", texts(seen.iter().map(|line| &*line.document))),
                    ("seen", texts(seen.iter().map(|line| &*line.seen))),
                    ("rule", texts(seen.iter().map(|line| line.rule.code()))),
                    ("similarity", shares(seen.iter().map(|line| line.similarity))),
                    ("reason", texts(seen.iter().map(|line| &*line.reason))),
                ]
            })
        };
        Ok(self.run.seen.as_ref().map(table).transpose()?.map(|frame| Columns { frame }))
    }

    /// Returns the summary as JSON.
    fn summary(&self) -> PyResult<String> {
        json(&self.run.summary)
    }

    /// Returns the largest clusters: the id, grain, kind and size of each, the ids and the texts of its representative and of
    /// the member that is least like it.
    fn largest(&self, py: Python<'_>, count: usize) -> PyResult<Vec<Shown>> {
        py.detach(|| self.largest_clusters(count)).map_err(exception)
    }

    /// Returns what is wrong with records that were skipped, a sentence each.
    fn skipped(&self) -> Vec<String> {
        self.run.summary.problems.iter().filter(|problem| problem.skipped).map(Problem::to_string).collect()
    }
}

/// Returns a summary as the file of the command line holds it.
pub fn json(summary: &Summary) -> PyResult<String> {
    let mut bytes = Vec::new();
    json_pretty(&mut bytes, summary).map_err(|error| exception(Error::io("summary", error)))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Finds what repeats in a table, compared with itself and with `against`.
#[pyfunction]
#[pyo3(signature = (data, against, options, progress=None))]
pub fn find_in_table(
    py: Python<'_>,
    data: &Columns,
    against: Option<&Columns>,
    options: &str,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<FoundIn> {
    let options = Options::parse(options, &[])?;
    let frames: Vec<_> = std::iter::once(data).chain(against).map(|columns| columns.frame.clone()).collect();
    let run = work::run(py, options.threads(), progress, move |watch| {
        let tables = frames.into_iter().zip(0..).map(|(frame, input)| Table::new(frame, input, &options));
        let (settings, params) = (options.settings(), options.settings().params()?);
        let index = options.others.index.as_ref().map(|file| open_index(file, false, &params, &**watch)).transpose()?;
        let mut run = find(tables.collect::<Result<_>>()?, &options, &params, watch)?;
        let new = run.heads.before_input(1);
        retain_new(&mut run.found, run.heads.len(), new, settings);
        if let (Some(index), Origin::Tables(tables)) = (index, &run.origin) {
            watch.begin("index");
            let (texts, first) = (tables[0].documents(), run.heads.len());
            let before = seen_before(&index.reader()?, &texts, first, &params)?;
            run.seen = Some(seen_lines(before.findings, &texts, &before.items, first, settings));
        }
        Ok(run)
    })?;
    Ok(FoundIn { run })
}

/// Finds what repeats in files, as the command line does.
#[pyfunction]
#[pyo3(signature = (paths, against, options, progress=None))]
pub fn find_in_files(
    py: Python<'_>,
    paths: Vec<OsString>,
    against: Vec<OsString>,
    options: &str,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<FoundIn> {
    let options = Options::parse(options, &paths)?;
    let run = work::run(py, options.threads(), progress, move |watch| {
        let index = options.others.index.clone();
        let find_options = FindOptions { out: options.out_folder(), passages: false, against, index };
        run::find(&options.inputs(paths), options.settings(), &find_options, &**watch)
    })?;
    let FindRun { mut scanned, found, seen, summary } = run;
    let heads = std::mem::take(&mut scanned.heads);
    let origin = Origin::Files(Box::new(Mutex::new(scanned)));
    Ok(FoundIn { run: Run { heads, found, summary, unread: Vec::new(), origin, seen } })
}
