//! A run that checks a corpus: what is wrong with it, and where.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use super::{Inputs, Progress, check_names, discover, refuse_skips};
#[cfg(feature = "index")]
use super::{open_index, update_index};
#[cfg(feature = "index")]
use crate::before::{Before, items_before, seen_before};
use crate::check::{Issue, Reading, issues, of_documents};
use crate::config::Settings;
#[cfg(feature = "index")]
use crate::index::Index;
use crate::judge::{Drop, Finding, Origin, Policy, verdicts};
use crate::pipeline::{Found, Loaded, Stage, Stopwatch, find_timed, load};
use crate::read::{Discovered, Fields, Input, ReadOptions};
use crate::{Document, Error, Params, Result};

/// Options of [`check`], besides the settings.
#[derive(Debug, Clone, Default)]
pub struct CheckOptions {
    /// Files, folders and globs to compare with, which are not checked.
    pub against: Vec<OsString>,
    /// Files that are no inputs, since the caller writes them.
    pub written: Vec<PathBuf>,
    /// Index that is asked which of the documents it has seen before.
    #[cfg(feature = "index")]
    pub index: Option<PathBuf>,
    /// Whether the index is opened so that [`CheckRun::update`] can add to it. It is then created if it does not exist.
    #[cfg(feature = "index")]
    pub update: bool,
}

/// Results of [`check`].
pub struct CheckRun {
    /// The inputs, with all their documents: those that are checked, then those that they are compared with.
    pub loaded: Loaded,
    /// The parameters.
    pub params: Params,
    /// Matches and clusters.
    pub found: Found,
    /// Findings about the checked documents.
    pub findings: Vec<Finding>,
    /// Items of the index that the findings name, by indices that follow those of the documents.
    pub items: Vec<Document>,
    /// The time that each stage took.
    pub stages: Vec<Stage>,
    /// By input, whether it is checked.
    own: Vec<bool>,
    fields: Fields,
    #[cfg(feature = "index")]
    index: Option<Index>,
}

impl CheckRun {
    /// Returns whether an input is checked; others are compared with.
    pub fn is_checked(&self, input: u32) -> bool {
        self.own[input as usize]
    }

    /// Returns the findings that are to be reported by the settings, in order of path and place. `paths` has the path to show for
    /// each input.
    pub fn issues<'a>(&'a self, paths: &'a [String], settings: &Settings) -> Vec<Issue<'a>> {
        let Loaded { documents, inputs, .. } = &self.loaded;
        let reading = Reading { documents, items: &self.items, inputs, paths, fields: &self.fields };
        let mut found = issues(&self.findings, &reading, |rule| settings.severity(rule));
        found.retain(|issue| {
            let input = &inputs[issue.document.provenance.place.input as usize];
            !settings.ignores_item(&issue.document.id) && !settings.ignores_in(input, issue.rule)
        });
        found
    }
}

#[cfg(feature = "index")]
impl CheckRun {
    /// Adds the checked documents to the index, but those that `fails`. Without an index that may be added to, nothing is done.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn update(&self, fails: impl Fn(&Document) -> bool) -> Result<()> {
        let Some(index) = &self.index else { return Ok(()) };
        let passed = self.loaded.documents.iter().filter(|document| self.is_checked(document.provenance.place.input));
        let passed = passed.filter(|document| !fails(document));
        let passed: Vec<Document> = passed
            .map(|document| Document { provenance: document.provenance.place.into(), ..document.clone() })
            .collect();
        update_index(index, &passed, &self.params)
    }
}

/// Checks the inputs: finds duplicates, boilerplate, and items that come again under one id. Nothing is written.
///
/// ```
/// use flong::config::{Config, Settings};
/// use flong::run::{CheckOptions, Inputs, check};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("a.txt");
/// std::fs::write(&path, "The ferry ran aground.\n\nREAD ALSO: Maize Prices Rise\n\nNobody was hurt.")?;
///
/// let settings = Settings::new(Config::default(), None)?;
/// let run = check(&Inputs::of([path]), &settings, &CheckOptions::default(), &())?;
/// let paths = ["a.txt".to_owned()];
/// let issues = run.issues(&paths, &settings);
/// assert_eq!((issues[0].path, issues[0].region.line, issues[0].rule.code()), ("a.txt", 3, "FL201"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If settings or inputs cannot be used.
pub fn check(
    inputs: &Inputs,
    settings: &Settings,
    options: &CheckOptions,
    progress: &dyn Progress,
) -> Result<CheckRun> {
    #[cfg(feature = "index")]
    let index = {
        let open = |file: &PathBuf| open_index(file, options.update, &settings.params()?, progress);
        options.index.as_ref().map(open).transpose()?
    };
    let (mut all, others) = sides(inputs, settings, options)?;
    let named = all.inputs.clone();
    all.inputs.extend(others.inputs);
    all.problems.extend(others.problems);
    let watch = Stopwatch::observed(|stage| progress.stage(stage));
    let mut watch = watch.stopped_by(|| progress.is_stopped());
    watch.stage("read");
    let loaded = read(all, &ReadOptions { keep_records: true, ..inputs.reading }, settings, progress)?;
    watch.check()?;
    let own: Vec<bool> = loaded.inputs.iter().map(|input| named.contains(input)).collect();
    let first = own.iter().take_while(|own| **own).count();
    check_names(settings, &loaded, first, progress)?;
    let mut params = Params { drop: may_be_told(&own), ..settings.params()? };
    params.rank_inputs(loaded.inputs.iter().map(|input| input.name.as_str()));
    let found = find_timed(&loaded.documents, &params, &mut watch);
    watch.check()?;
    watch.stage("judge");
    let policy = settings.policy(Policy::checking(&params));
    let findings = verdicts(&found.evidence(&loaded.documents), &policy);
    let is_own = |document: usize| own[loaded.documents[document].provenance.place.input as usize];
    let findings = of_documents(findings, is_own);
    let mut run = CheckRun {
        items: Vec::new(),
        stages: Vec::new(),
        fields: settings.fields(),
        params: params.clone(),
        loaded,
        found,
        findings,
        own,
        #[cfg(feature = "index")]
        index: None,
    };
    #[cfg(feature = "index")]
    if let Some(index) = index {
        watch.stage("index");
        let Before { findings: mut seen, items } = asked(&run, &index, &policy)?;
        policy.apply(&mut seen);
        run.findings.extend(seen);
        run.items = items;
        run.index = options.update.then_some(index);
    }
    run.stages = watch.finish();
    Ok(run)
}

/// Asks an index about the checked documents.
#[cfg(feature = "index")]
fn asked(run: &CheckRun, index: &Index, policy: &Policy) -> Result<Before> {
    // The checked inputs come first, and so do their documents.
    let documents = &run.loaded.documents;
    let own = &documents[..documents.partition_point(|document| run.is_checked(document.provenance.place.input))];
    let ask = if policy.reports_items() { items_before } else { seen_before };
    ask(&index.reader()?, own, documents.len(), &run.params)
}

/// Reads the inputs, or refuses to go on if nothing can be read, or not all of it and the options ask for that.
fn read(found: Discovered, options: &ReadOptions, settings: &Settings, progress: &dyn Progress) -> Result<Loaded> {
    let mut loaded = load(found.inputs, &settings.fields(), options, &|documents| progress.read(documents));
    loaded.problems.splice(0..0, found.problems);
    refuse_skips(&loaded.problems, options)?;
    progress.loaded(loaded.documents.len() as u64, loaded.bytes);
    if loaded.inputs.is_empty() {
        let problem = loaded.problems.first().map(|problem| problem.to_string());
        return Err(Error::Usage(problem.unwrap_or_else(|| "there is nothing to read".into())));
    }
    Ok(loaded)
}

/// Returns the inputs to check, and the inputs to compare with. Files that the caller writes are no inputs.
fn sides(inputs: &Inputs, settings: &Settings, options: &CheckOptions) -> Result<(Discovered, Discovered)> {
    let written = options.written.iter();
    #[cfg(feature = "index")]
    let written = written.chain(&options.index);
    let written: Vec<PathBuf> = written.filter_map(|path| fs::canonicalize(path).ok()).collect();
    let real = |input: &Input| input.path.as_ref().and_then(|path| fs::canonicalize(path).ok());
    let mut own = discover(&inputs.paths, &inputs.discovery, settings)?;
    own.inputs.retain(|input| real(input).is_none_or(|real| !written.contains(&real)));
    let mut others = match options.against.is_empty() {
        true => Discovered::default(),
        false => discover(&options.against, &inputs.discovery, settings)?,
    };
    let taken: Vec<Option<PathBuf>> = own.inputs.iter().map(real).collect();
    others.inputs.retain(|input| !taken.contains(&real(input)));
    Ok((own, others))
}

/// Returns what may be dropped: of copies, those in the checked inputs, so that these are compared with the others.
fn may_be_told(own: &[bool]) -> Drop {
    if own.iter().all(|own| *own) {
        return Drop::Duplicates;
    }
    Drop::From(Origin::inputs("the checked inputs", (0..).zip(own).filter(|(_, own)| **own).map(|(input, _)| input)))
}
