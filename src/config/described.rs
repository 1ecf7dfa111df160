//! Descriptions of options, keys and parameters: one text each, for help, manual pages, the schema and the documentation.

use std::sync::LazyLock;

/// An option of the command line, or a key of a `flong.toml`, or both under one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OptionText {
    /// The group that it is shown in, such as `Input`.
    pub group: &'static str,
    /// Its name, without hyphens before it.
    pub name: &'static str,
    /// The commands whose option it is, with commas between; `*` for all that have it, `-` for none.
    commands: &'static str,
    /// Whether it is a key of a `flong.toml`.
    pub is_key: bool,
    /// Its description. A default in brackets at its end is the option's.
    pub text: &'static str,
}

impl OptionText {
    /// Returns what it does, without the default in brackets, as a sentence.
    pub fn sentence(&self) -> String {
        let text = self.text.split_once(" [default").map_or(self.text, |(text, _)| text);
        format!("{text}.")
    }

    /// Returns whether it is an option of some command.
    pub fn is_option(&self) -> bool {
        self.commands != "-"
    }

    /// Returns the commands whose option it is, with commas between; `None` if it is an option of all that have it, or of none.
    pub fn commands(&self) -> Option<&'static str> {
        Some(self.commands).filter(|commands| !["*", "-"].contains(commands))
    }

    /// Returns whether the text is about the option of this command, such as `index add`.
    fn is_of(&self, command: &str) -> bool {
        self.commands == "*" || self.commands.split(", ").any(|of| of == command)
    }
}

/// A parameter, by the name that `--set` and `flong.toml` give it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParameterText {
    /// Its name, such as `verify.copy_weight`.
    pub name: &'static str,
    /// The unit of its value.
    pub unit: &'static str,
    /// Its description.
    pub text: &'static str,
}

/// Returns every option and key, by group.
pub fn options() -> &'static [OptionText] {
    static OPTIONS: LazyLock<Vec<OptionText>> = LazyLock::new(|| {
        let option = |[group, name, commands, key, text]: [&'static str; 5]| OptionText {
            group,
            name,
            commands,
            is_key: key == "key",
            text,
        };
        rows(include_str!("../data/options.tsv")).map(option).collect()
    });
    &OPTIONS
}

/// Returns the text of an option of a command, such as `out` of `index add`; `None` if there is no such option.
pub fn option_of(command: &str, name: &str) -> Option<&'static OptionText> {
    options().iter().find(|option| option.name == name && option.is_of(command))
}

/// Returns every parameter that is a number or a switch.
pub fn parameters() -> &'static [ParameterText] {
    static PARAMETERS: LazyLock<Vec<ParameterText>> = LazyLock::new(|| {
        let parameter = |[name, unit, text]: [&'static str; 3]| ParameterText { name, unit, text };
        rows(include_str!("../data/parameters.tsv")).map(parameter).collect()
    });
    &PARAMETERS
}

/// Returns the rows of a table of `N` columns.
fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.filter_map(|line| line.split('\t').collect::<Vec<_>>().try_into().ok())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::Params;

    #[test]
    fn every_row_is_read() {
        let count = |table: &str| table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).count();
        assert_eq!(options().len(), count(include_str!("../data/options.tsv")));
        assert_eq!(parameters().len(), count(include_str!("../data/parameters.tsv")));
        let groups: BTreeSet<&str> = options().iter().map(|option| option.group).collect();
        assert_eq!(groups.len(), 6, "{groups:?}");
    }

    #[test]
    fn every_parameter_is_described_once() {
        let described: Vec<&str> = parameters().iter().map(|parameter| parameter.name).collect();
        let unique: BTreeSet<&str> = described.iter().copied().collect();
        let there: Vec<String> = Params::names();
        assert_eq!(unique, there.iter().map(String::as_str).collect());
        assert_eq!(unique.len(), described.len());
    }
}
