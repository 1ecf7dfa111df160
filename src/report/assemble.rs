//! Puts a page together: one file that needs no other.

use std::io::{self, Write};

use super::Report;
use super::texts::packed;

const PAGE: &str = include_str!("page/index.html");
const STYLE: &str = include_str!("page/style.css");

/// The modules of the page's script. Each imports only from those before it.
const MODULES: &[(&str, &str)] = &[
    ("dom.js", include_str!("page/dom.js")),
    ("data.js", include_str!("page/data.js")),
    ("texts.js", include_str!("page/texts.js")),
    ("search.js", include_str!("page/search.js")),
    ("diff.js", include_str!("page/diff.js")),
    ("flows.js", include_str!("page/flows.js")),
    ("plots.js", include_str!("page/plots.js")),
    ("list.js", include_str!("page/list.js")),
    ("route.js", include_str!("page/route.js")),
    ("summary.js", include_str!("page/summary.js")),
    ("sources.js", include_str!("page/sources.js")),
    ("pair.js", include_str!("page/pair.js")),
    ("cluster.js", include_str!("page/cluster.js")),
    ("clusters.js", include_str!("page/clusters.js")),
    ("boilerplate.js", include_str!("page/boilerplate.js")),
    ("misses.js", include_str!("page/misses.js")),
    ("explained.js", include_str!("page/explained.js")),
    ("main.js", include_str!("page/main.js")),
];

impl Report {
    /// Writes the page: HTML that needs no network and no other file.
    ///
    /// # Errors
    /// The result of the writer.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let (head, rest) = PAGE.split_once("/* STYLE */").expect("the page has a place for its style");
        let (body, rest) = rest.split_once("/* SCRIPT */").expect("the page has a place for its script");
        let (tail, end) = rest.split_once("<!-- DATA -->").expect("the page has a place for its data");
        write!(out, "{head}{STYLE}{body}{}{tail}", script())?;
        let overview = serde_json::to_vec(&self.overview)?;
        data(out, "overview", &packed(&overview))?;
        for (number, block) in self.blocks.iter().enumerate() {
            data(out, &format!("texts-{number}"), &block.packed)?;
        }
        write!(out, "{end}")
    }
}

/// Writes data into the page. It is base64, in which nothing is markup.
fn data(out: &mut dyn Write, id: &str, packed: &str) -> io::Result<()> {
    writeln!(out, "<script type=\"application/octet-stream\" id=\"{id}\">{packed}</script>")
}

/// Joins the modules into one script: they share one scope, so that what they import from each other is there.
fn script() -> String {
    let line = |line: &'static str| match line {
        line if line.starts_with("import ") => None,
        line => Some(line.strip_prefix("export ").unwrap_or(line)),
    };
    let modules = MODULES.iter().flat_map(|(_, text)| text.lines().filter_map(line));
    modules.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn modules_import_from_those_before_them() {
        let mut known: BTreeSet<&str> = BTreeSet::new();
        for (name, text) in MODULES {
            for line in text.lines().filter(|line| line.starts_with("import ")) {
                let (_, from) = line.split_once(" from \"./").expect("an import is one line, of a module beside it");
                let from = from.trim_end_matches("\";");
                assert!(known.contains(from), "{name} imports {from}, which is not before it");
            }
            known.insert(name);
        }
    }

    #[test]
    fn no_two_modules_declare_one_name() {
        let mut known: BTreeSet<&str> = BTreeSet::new();
        for (name, text) in MODULES {
            for line in text.lines() {
                let line = line.strip_prefix("export ").unwrap_or(line);
                let line = line.strip_prefix("async ").unwrap_or(line);
                let rest = ["function ", "const ", "let ", "class "].iter().find_map(|word| line.strip_prefix(word));
                let Some(rest) = rest else { continue };
                let declared = rest.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '$').next().unwrap_or("");
                assert!(declared.is_empty() || known.insert(declared), "{name} declares {declared} once more");
            }
        }
    }

    #[test]
    fn the_page_has_no_end_of_script_in_its_script_and_asks_for_nothing() {
        let script = script();
        assert!(!script.contains("</script") && !script.contains("<!--"));
        for text in [&*script, STYLE, PAGE] {
            assert!(
                !text.contains("http://")
                    || text.matches("http://").count() == text.matches("http://www.w3.org/").count()
            );
            assert!(!text.contains("innerHTML") && !text.contains("insertAdjacentHTML") && !text.contains("@import"));
        }
    }
}
