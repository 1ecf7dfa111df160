//! The settings that the options of each command give.

use flong::Grain;
use flong::config::{Config, FieldNames, RuleCode};

use crate::args::{
    CheckArgs, CleanArgs, ConfigArgs, EstimateArgs, FindArgs, GrainName, InputArgs, LevelName, MatchArgs, ReadingArgs,
    RuleArgs, SeverityName, ShowArgs,
};

impl InputArgs {
    /// Returns the settings that these options give.
    pub fn given(&self) -> Config {
        self.reading.given()
    }
}

impl ReadingArgs {
    /// Returns the settings that these options give.
    pub fn given(&self) -> Config {
        let name = |name: &Option<String>| name.clone().map(FieldNames::One);
        Config {
            text_field: name(&self.text_field),
            id_field: name(&self.id_field),
            source_field: name(&self.source_field),
            date_field: name(&self.date_field),
            title_field: name(&self.title_field),
            url_field: name(&self.url_field),
            ..Config::default()
        }
    }
}

impl MatchArgs {
    /// Returns the grains that were asked for, if any.
    fn grains(&self) -> Option<Vec<Grain>> {
        let name = |grain: &GrainName| match grain {
            GrainName::Document => Grain::Document,
            GrainName::Paragraph => Grain::Paragraph,
            GrainName::Sentence => Grain::Sentence,
        };
        let mut grains: Vec<Grain> = self.grain.iter().map(name).collect();
        grains.sort_unstable();
        grains.dedup();
        (!grains.is_empty()).then_some(grains)
    }

    /// Returns the settings that these options give.
    pub fn given(&self) -> Config {
        Config {
            grain: self.grains(),
            level: self.level.map(LevelName::level),
            keep: self.keep.clone(),
            set_aside: self.set_aside,
            ..Config::default()
        }
    }
}

impl RuleArgs {
    /// Returns the settings that these options give.
    pub fn given(&self) -> Config {
        let rules = |rules: &[RuleCode]| (!rules.is_empty()).then(|| rules.to_vec());
        Config { only: rules(&self.only), ignore: rules(&self.ignore), ..Config::default() }
    }
}

impl FindArgs {
    /// Returns the settings that the options give.
    pub fn given(&self) -> Config {
        self.input.given().over(self.matching.given()).over(self.rules.given())
    }
}

impl EstimateArgs {
    /// Returns the settings that the options give.
    pub fn given(&self) -> Config {
        self.input.given().over(self.matching.given())
    }
}

impl CleanArgs {
    /// Returns the settings that the options give.
    pub fn given(&self) -> Config {
        let own = Config { remove: self.remove.map(LevelName::level), drop: self.drop.clone(), ..Config::default() };
        own.over(self.input.given()).over(self.matching.given()).over(self.rules.given())
    }
}

impl CheckArgs {
    /// Returns the settings that the options give.
    pub fn given(&self) -> Config {
        let own = Config { fail_on: self.fail_on.map(SeverityName::severity), ..Config::default() };
        own.over(self.input.given()).over(self.matching.given()).over(self.rules.given())
    }
}

impl ConfigArgs {
    /// Returns the settings that these options give. Of two values for one parameter the last counts.
    pub fn given(&self) -> Config {
        let mut config = Config { threads: self.threads, ..Config::default() };
        for (name, value) in &self.set {
            config.set(name, value).expect("it was set before, when the options were read");
        }
        config
    }
}

impl ShowArgs {
    /// Returns the settings that the options give.
    pub fn given(&self) -> Config {
        self.input.given().over(self.matching.given()).over(self.rules.given()).over(self.config.given())
    }
}
