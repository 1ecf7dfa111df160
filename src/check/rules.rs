//! Descriptions of the rules for people: the sections of `docs/rules.md`.

use crate::judge::Rule;

/// The page that explains all rules.
const PAGE: &str = include_str!("../../docs/rules.md");

impl Rule {
    /// Returns what the rule finds, why, and what is done about it, in Markdown, without the heading; an example follows in a
    /// block of JSON Lines.
    ///
    /// ```
    /// use flong::judge::Rule;
    /// assert!(Rule::FeedFrame.explanation().starts_with("A sentence that a feed puts around its items"));
    /// assert!(Rule::FeedFrame.explanation().contains("```json"));
    /// ```
    pub fn explanation(self) -> &'static str {
        let heading = format!("\n## {} {}\n", self.code(), self.title());
        let section = PAGE.split_once(&heading).map_or("", |(_, rest)| rest);
        section.split("\n## ").next().unwrap_or_default().trim()
    }

    /// Returns the first paragraph of the explanation, on one line.
    pub fn summary(self) -> String {
        let paragraph = self.explanation().split("\n\n").next().unwrap_or_default();
        paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Returns the example of the explanation: JSON Lines in which the rule is found.
    pub fn example(self) -> &'static str {
        let block = self.explanation().split_once("```json\n").map_or("", |(_, rest)| rest);
        block.split_once("```").map_or("", |(block, _)| block)
    }

    /// Returns the address of a page about the rule.
    pub fn address(self) -> String {
        format!("https://docs.rs/flong/latest/flong/judge/enum.Rule.html#variant.{self:?}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_explained_in_order() {
        let headings: Vec<&str> = PAGE.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        let rules: Vec<String> = Rule::ALL.iter().map(|rule| format!("{} {}", rule.code(), rule.title())).collect();
        assert_eq!(headings, rules);
        for rule in Rule::ALL {
            assert!(rule.summary().len() > 60, "{rule:?}: {}", rule.summary());
            assert!(rule.example().lines().all(|line| line.starts_with("{\"id\": ")), "{rule:?}");
            assert!(!rule.example().is_empty(), "{rule:?} has no example");
        }
    }
}
