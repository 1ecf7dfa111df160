//! The settings of a run: options over the file over what flong does by itself.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use flong::boilerplate::OwnPhrases;
use flong::check::Severity;
use flong::judge::{Drop, Keep, Rule};
use flong::read::{Fields, Input, Names};
use flong::{Error, Grain, Params, Result};
use globset::GlobMatcher;

use super::{Config, RuleCode, find};
use crate::args::ConfigArgs;

/// The most threads for each processor, and the most on a machine with few of them, whatever is asked for. The results are
/// the same, and threads that wait for a processor slow each other down: on 2 processors, 64 take 20 times as long as 2.
const MAX_THREADS_PER_PROCESSOR: usize = 4;
const MAX_THREADS_ANYWHERE: usize = 16;

/// The settings of a run.
#[derive(Debug)]
pub struct Settings {
    /// Options over the file.
    config: Config,
    /// The file and its text, if there is one.
    pub file: Option<(PathBuf, String)>,
    /// Its folder, which globs are relative to.
    folder: PathBuf,
    exclude: Vec<GlobMatcher>,
    ignore_in: Vec<(GlobMatcher, Vec<RuleCode>)>,
}

impl Settings {
    /// The settings for inputs, of which the first tells where to look for a file. `given` are the options.
    pub fn of(args: &ConfigArgs, inputs: &[OsString], given: Config) -> Result<Settings> {
        let path = match (&args.config, args.isolated) {
            (Some(path), _) => Some(path.clone()),
            (None, true) => None,
            (None, false) => find(inputs.first().map(OsString::as_os_str)),
        };
        let (config, file) = match path {
            Some(path) => {
                let (config, text) = Config::read(&path)?;
                (given.over(config), Some((path, text)))
            }
            None => (given, None),
        };
        let folder = file.as_ref().and_then(|(path, _)| std::fs::canonicalize(path).ok());
        let folder = folder.and_then(|path| path.parent().map(Path::to_path_buf)).unwrap_or_default();
        let matcher = |glob: &super::file::PathGlob| match glob.glob() {
            Ok(glob) => Ok(glob.compile_matcher()),
            Err(error) => Err(Error::Usage(error)),
        };
        let exclude = config.exclude.iter().flatten().map(matcher).collect::<Result<_>>()?;
        let ignore_in = config.ignore_in.iter().map(|(glob, rules)| Ok((matcher(glob)?, rules.clone())));
        let ignore_in = ignore_in.collect::<Result<_>>()?;
        Ok(Settings { config, file, folder, exclude, ignore_in })
    }

    /// Options over the file.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Which copy stays.
    fn keep(&self) -> Keep {
        self.config.keep.clone().unwrap_or(Keep::Earliest)
    }

    /// The fields to read records by.
    pub fn fields(&self) -> Fields {
        let (mut fields, config) = (Fields::default(), &self.config);
        let chosen = [
            (&mut fields.text, &config.text_field),
            (&mut fields.id, &config.id_field),
            (&mut fields.source, &config.source_field),
            (&mut fields.date, &config.date_field),
            (&mut fields.title, &config.title_field),
            (&mut fields.url, &config.url_field),
        ];
        for (names, choice) in chosen {
            if let Some(choice) = choice {
                *names = choice.names();
            }
        }
        if let Keep::Field(name) = self.keep() {
            fields.rank = Names::only(name);
        }
        fields
    }

    /// The parameters. Pieces of documents are removed across documents only at grains that were asked for.
    pub fn params(&self) -> Params {
        let (default, config) = (Params::default(), &self.config);
        let mut grains = config.grain.clone().filter(|grains| !grains.is_empty());
        grains.iter_mut().for_each(|grains| {
            grains.sort_unstable();
            grains.dedup();
        });
        let own = (&config.markers, &config.calls, &config.frames);
        Params {
            grains: grains.clone().unwrap_or(default.grains.clone()),
            level: config.level.unwrap_or(default.level),
            keep: self.keep(),
            drop: config.drop.clone().unwrap_or(Drop::Duplicates),
            remove: config.remove.unwrap_or(default.remove),
            across: grains.unwrap_or_else(|| vec![Grain::Document]),
            own: OwnPhrases { markers: own.0.clone(), calls: own.1.clone(), frames: own.2.clone() },
            ..default
        }
    }

    /// Threads to use, at most [`MAX_THREADS_PER_PROCESSOR`]; one for each processor if nothing is said.
    pub fn threads(&self) -> Option<usize> {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let most = (processors * MAX_THREADS_PER_PROCESSOR).max(MAX_THREADS_ANYWHERE);
        self.config.threads.map(|threads| usize::from(threads).min(most))
    }

    /// Whether a rule is to be followed.
    pub fn wanted(&self, rule: Rule) -> bool {
        let named = |rules: &[RuleCode]| rules.iter().any(|code| code.covers(rule));
        self.config.only.as_deref().is_none_or(|only| only.is_empty() || named(only))
            && !self.config.ignore.as_deref().is_some_and(named)
            && self.severity(rule).is_some()
    }

    /// How grave the findings of a rule are; `None` if it is off.
    pub fn severity(&self, rule: Rule) -> Option<Severity> {
        let set = self.config.severity.iter().filter(|(code, _)| code.covers(rule));
        set.max_by_key(|(code, _)| code.len()).map_or(Some(Severity::of(rule)), |(_, setting)| setting.severity())
    }

    /// From which severity on a finding fails a check.
    pub fn fail_on(&self) -> Severity {
        self.config.fail_on.unwrap_or(Severity::Warning)
    }

    /// Whether a file or folder is not to be read, unless it was named itself.
    pub fn excludes(&self, path: &Path) -> bool {
        let excluded = || {
            let path = self.relative(path)?;
            Some(self.exclude.iter().any(|glob| covers(glob, &path)))
        };
        !self.exclude.is_empty() && excluded().unwrap_or_default()
    }

    /// Whether a check tells nothing of a rule in an input.
    pub fn ignores_in(&self, input: &Input, rule: Rule) -> bool {
        if self.ignore_in.is_empty() {
            return false;
        }
        let Some(path) = input.path.as_ref().and_then(|path| self.relative(path)) else { return false };
        let rules = self.ignore_in.iter().filter(|(glob, _)| covers(glob, &path)).flat_map(|(_, rules)| rules);
        rules.into_iter().any(|code| code.covers(rule))
    }

    /// Whether a check tells nothing of a document.
    pub fn ignores_item(&self, id: &str) -> bool {
        self.config.ignore_items.iter().flatten().any(|item| item == id)
    }

    /// Where a file is, from the folder of the settings.
    fn relative(&self, path: &Path) -> Option<PathBuf> {
        let real = std::fs::canonicalize(path).ok()?;
        real.strip_prefix(&self.folder).ok().map(Path::to_path_buf)
    }
}

/// Whether a glob matches a path, or a folder that it is in.
fn covers(glob: &GlobMatcher, path: &Path) -> bool {
    path.ancestors().any(|path| !path.as_os_str().is_empty() && glob.is_match(path))
}
