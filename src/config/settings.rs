//! The settings of a run: options, then the file, then defaults.

use std::path::{Path, PathBuf};

use globset::GlobMatcher;

use super::{Config, PathGlob, RuleCode};
use crate::boilerplate::OwnPhrases;
use crate::check::Severity;
use crate::judge::{Keep, Policy, Rule};
use crate::read::{Fields, Input, Names};
use crate::{Error, Grain, Params, Result};

/// A `flong.toml` that was read.
#[derive(Debug, Clone)]
pub struct ConfigFile {
    /// Its path.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// Its settings.
    pub config: Config,
}

/// The settings of a run.
#[derive(Debug)]
pub struct Settings {
    /// Options over the file.
    config: Config,
    file: Option<ConfigFile>,
    /// The folder of the file, which globs are relative to.
    folder: PathBuf,
    exclude: Vec<GlobMatcher>,
    ignore_in: Vec<(GlobMatcher, Vec<RuleCode>)>,
}

impl Settings {
    /// Lays what was `given`, as options for example, over a file.
    pub fn new(given: Config, file: Option<ConfigFile>) -> Result<Settings> {
        let config = match &file {
            Some(file) => given.over(file.config.clone()),
            None => given,
        };
        let folder = file.as_ref().and_then(|file| std::fs::canonicalize(&file.path).ok());
        let folder = folder.and_then(|path| path.parent().map(Path::to_path_buf)).unwrap_or_default();
        let matcher = |glob: &PathGlob| glob.matcher().map_err(Error::Usage);
        let exclude = config.exclude.iter().flatten().map(matcher).collect::<Result<_>>()?;
        let ignore_in = config.ignore_in.iter().map(|(glob, rules)| Ok((matcher(glob)?, rules.clone())));
        let ignore_in = ignore_in.collect::<Result<_>>()?;
        Ok(Settings { config, file, folder, exclude, ignore_in })
    }

    /// Returns what was given: options over the file, without defaults.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Returns the file, if there is one.
    pub fn file(&self) -> Option<&ConfigFile> {
        self.file.as_ref()
    }

    fn keep(&self) -> Keep {
        self.config.keep.clone().unwrap_or_else(|| Params::default().keep)
    }

    /// Returns the fields that records are read by.
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

    /// Returns the parameters, [validated](Params::validate). Pieces of one document are removed for copies in another only
    /// at grains that were asked for.
    pub fn params(&self) -> Result<Params> {
        let (default, config) = (Params::default(), &self.config);
        let mut grains = config.grain.clone().filter(|grains| !grains.is_empty());
        grains.iter_mut().for_each(|grains| {
            grains.sort_unstable();
            grains.dedup();
        });
        let own = (&config.markers, &config.calls, &config.frames);
        let mut params = Params {
            grains: grains.clone().unwrap_or(default.grains.clone()),
            level: config.level.unwrap_or(default.level),
            keep: self.keep(),
            drop: config.drop.clone().unwrap_or(default.drop.clone()),
            remove: config.remove.unwrap_or(default.remove),
            across: grains.unwrap_or_else(|| vec![Grain::Document]),
            own: OwnPhrases { markers: own.0.clone(), calls: own.1.clone(), frames: own.2.clone() },
            ..default
        };
        config.apply(&mut params)?;
        params.validate()?;
        Ok(params)
    }

    /// Returns a policy without the rules that are not followed. Rules that `only` names are followed even if the policy
    /// leaves them out, as that of cleaning does with the rules about items.
    pub fn policy<'a>(&self, policy: Policy<'a>) -> Policy<'a> {
        let only = self.config.only.as_deref().unwrap_or_default();
        let is_named = |rule: &Rule| only.iter().any(|code| code.covers(*rule)) || policy.rules.contains(rule);
        let rules = Rule::ALL.iter().copied().filter(|rule| is_named(rule) && self.follows(*rule)).collect();
        Policy { rules, ..policy }
    }

    /// Returns whether a rule is followed.
    pub fn follows(&self, rule: Rule) -> bool {
        let named = |rules: &[RuleCode]| rules.iter().any(|code| code.covers(rule));
        self.config.only.as_deref().is_none_or(|only| only.is_empty() || named(only))
            && !self.config.ignore.as_deref().is_some_and(named)
            && self.severity(rule).is_some()
    }

    /// Returns the severity of a rule's findings; `None` if it is off.
    pub fn severity(&self, rule: Rule) -> Option<Severity> {
        let set = self.config.severity.iter().filter(|(code, _)| code.covers(rule));
        let set = set.max_by_key(|(code, _)| code.specificity());
        set.map_or(Some(Severity::of(rule)), |(_, setting)| setting.severity())
    }

    /// Returns the lowest severity that fails a check.
    pub fn fail_on(&self) -> Severity {
        self.config.fail_on.unwrap_or(Severity::Warning)
    }

    /// Returns whether a file or folder is excluded from reading. One that the user names is read all the same: that is for
    /// the caller to see to.
    pub fn excludes(&self, path: &Path) -> bool {
        let excluded = || {
            let path = self.relative(path)?;
            Some(self.exclude.iter().any(|glob| covers(glob, &path)))
        };
        !self.exclude.is_empty() && excluded().unwrap_or_default()
    }

    /// Returns whether a check does not report a rule in an input.
    pub fn ignores_in(&self, input: &Input, rule: Rule) -> bool {
        if self.ignore_in.is_empty() {
            return false;
        }
        let Some(path) = input.path.as_ref().and_then(|path| self.relative(path)) else { return false };
        let rules = self.ignore_in.iter().filter(|(glob, _)| covers(glob, &path)).flat_map(|(_, rules)| rules);
        rules.into_iter().any(|code| code.covers(rule))
    }

    /// Returns whether a check does not report on a document.
    pub fn ignores_item(&self, id: &str) -> bool {
        self.config.ignore_items.iter().flatten().any(|item| item == id)
    }

    /// Returns the path of a file relative to the folder of the settings; `None` if it is not in there.
    fn relative(&self, path: &Path) -> Option<PathBuf> {
        let real = std::fs::canonicalize(path).ok()?;
        real.strip_prefix(&self.folder).ok().map(Path::to_path_buf)
    }
}

/// Returns whether a glob matches a path, or a folder that it is in.
fn covers(glob: &GlobMatcher, path: &Path) -> bool {
    path.ancestors().any(|path| !path.as_os_str().is_empty() && glob.is_match(path))
}
