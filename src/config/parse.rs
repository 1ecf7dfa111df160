//! Reading a `flong.toml`.

use std::path::Path;

use super::{Config, ConfigFile};
use crate::nearest::nearest;
use crate::{Error, Result};

impl ConfigFile {
    /// Reads a file. An error names the file, the line and the column.
    pub fn read(path: impl AsRef<Path>) -> Result<ConfigFile> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|error| Error::io(path, error))?;
        let config = Config::parse(&text).map_err(|reason| Error::Usage(format!("{}:{reason}", path.display())))?;
        Ok(ConfigFile { path: path.to_path_buf(), text, config })
    }
}

impl Config {
    /// Parses the text of a file. An error begins with line and column and suggests the name that was likely meant.
    ///
    /// ```
    /// use flong::config::Config;
    /// assert!(Config::parse("level = \"near\"").is_ok());
    /// let error = Config::parse("level = \"neer\"").unwrap_err();
    /// assert!(error.starts_with("1:9: unknown variant `neer`") && error.ends_with("did you mean `near`?"));
    /// ```
    pub fn parse(text: &str) -> Result<Config, String> {
        toml::from_str(text).map_err(|error: toml::de::Error| {
            let start = error.span().map_or(0, |span| span.start.min(text.len()));
            let line = 1 + text[..start].matches('\n').count();
            let column = 1 + text[..start].rsplit('\n').next().unwrap_or_default().chars().count();
            let message = error.message();
            let meant = meant(message).map_or(String::new(), |name| format!("; did you mean `{name}`?"));
            format!("{line}:{column}: {message}{meant}")
        })
    }
}

/// Returns the name that was likely meant, from those that a message of serde lists.
///
/// ```
/// assert_eq!(flong::config::meant("unknown field `leval`, expected one of `grain`, `level`"), Some("level"));
/// ```
pub fn meant(message: &str) -> Option<&str> {
    let unknown = message.strip_prefix("unknown field `").or_else(|| message.strip_prefix("unknown variant `"))?;
    let (given, rest) = unknown.split_once('`')?;
    let expected = rest.split('`').skip(1).step_by(2);
    nearest(given, expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_told_with_place_and_suggestion() {
        let error = |text: &str| Config::parse(text).unwrap_err();
        let unknown = error("level = \"near\"\n\n  text_field = \"body\"\n");
        assert!(unknown.starts_with("3:3: unknown field `text_field`"), "{unknown}");
        assert!(unknown.ends_with("did you mean `text-field`?"), "{unknown}");
        let variant = error("level = \"neer\"");
        assert!(variant.starts_with("1:9: unknown variant `neer`") && variant.ends_with("`near`?"), "{variant}");
        let inner = error("[[markers]]\ntext = \"a\"\nstrenght = \"sure\"");
        assert!(inner.starts_with("3:1:") && inner.ends_with("`strength`?"), "{inner}");
        let far = error("colour = 1");
        assert!(!far.contains("did you mean"), "{far}");
        let rule = error("[severity]\nFL999 = \"off\"");
        assert!(rule.starts_with("2:1: there is no rule FL999"), "{rule}");
        let glob = error("exclude = [\"ok\", \"a[\"]");
        assert!(glob.starts_with("1:11:") && glob.contains("is no glob"), "{glob}");
        let frame = error("[[frames]]\ntemplate = \"no slot\"");
        assert!(frame.starts_with("2:12:") && frame.contains("is no frame"), "{frame}");
        let field = error("text-field = 3");
        assert!(field.contains("expected the name of a field"), "{field}");
        assert!(error("level = ").starts_with("1:"));
    }
}
