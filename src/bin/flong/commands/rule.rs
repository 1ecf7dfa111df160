//! `flong rule`: what a rule finds, with an example.

use flong::check::Severity;
use flong::config::RuleCode;
use flong::judge::Rule;
use flong::{Error, Result};

use crate::say::{self, FAINT, STRONG};
use crate::{Outcome, wrap};

/// Prints the explanation of a rule, or of all that begin so, or a list of all rules.
pub fn rule(code: Option<&str>) -> Result<Outcome> {
    let Some(code) = code else { return list() };
    let code: RuleCode = code.parse().map_err(Error::Usage)?;
    let rules: Vec<Rule> = Rule::ALL.iter().copied().filter(|rule| code.covers(*rule)).collect();
    say::print(|out| {
        for (n, rule) in rules.iter().enumerate() {
            if n > 0 {
                writeln!(out)?;
            }
            let severity = Severity::of(*rule).name();
            writeln!(out, "{STRONG}{} {}{STRONG:#}  {FAINT}{severity} by default{FAINT:#}", rule.code(), rule.title())?;
            let prose = rule.explanation().split("```").next().unwrap_or_default();
            for paragraph in prose.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
                writeln!(out)?;
                for line in wrap::lines(paragraph, say::width()) {
                    writeln!(out, "{line}")?;
                }
            }
            writeln!(out)?;
            writeln!(out, "{STRONG}Example{STRONG:#}")?;
            writeln!(out)?;
            out.text("  ", rule.example())?;
        }
        Ok(())
    })?;
    Ok(Outcome::Fine)
}

fn list() -> Result<Outcome> {
    say::print(|out| {
        for rule in Rule::ALL {
            let severity = Severity::of(*rule).name();
            writeln!(out, "{STRONG}{}{STRONG:#}  {:<33}{FAINT}{severity}{FAINT:#}", rule.code(), rule.title())?;
        }
        writeln!(out)?;
        writeln!(out, "`flong rule CODE` explains one, with an example.")
    })?;
    Ok(Outcome::Fine)
}
