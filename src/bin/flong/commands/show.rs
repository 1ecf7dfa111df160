//! `flong show`: the texts of a cluster, with their differences.

use std::path::PathBuf;

use clap::Args;
use flong::Result;
use flong::read::ReadOptions;
use flong::report::{Folder, ShownCluster};

use super::originals;
use super::report::OriginalsArgs;
use crate::Outcome;
use crate::args::OutputArgs;
use crate::diff::diff;
use crate::say::{self, FAINT, Lines, STRONG, counted};
use crate::summary::print_wrapped;

#[derive(Debug, Args)]
pub struct ShowArgs {
    /// The folder that `flong find --out` or `flong clean --out` wrote
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// The id of a cluster, or the beginning of one, as clusters.jsonl and the report have it
    #[arg(value_name = "CLUSTER")]
    pub cluster: String,
    #[command(flatten)]
    pub originals: OriginalsArgs,
}

/// Runs the command.
pub fn show(args: &ShowArgs, _: &OutputArgs) -> Result<Outcome> {
    let folder = Folder::open(&args.dir)?;
    let inputs = originals(&folder, &args.originals)?;
    let cluster = folder.show(&args.cluster, inputs.inputs.clone(), &ReadOptions::default())?;
    say::print(|out| tell(out, &cluster))?;
    Ok(Outcome::Fine)
}

/// Prints the representative in full, and each other member with its differences from it.
fn tell(out: &mut Lines, cluster: &ShownCluster) -> std::io::Result<()> {
    let (grain, kind) = (cluster.grain.name(), cluster.kind.name());
    let size = counted(cluster.members.len() as u64, grain);
    writeln!(
        out,
        "{STRONG}{}{STRONG:#}  {size}, {kind}, least similarity {:.2}",
        cluster.id, cluster.least_similarity
    )?;
    let Some((kept, others)) = cluster.members.split_first() else { return Ok(()) };
    for member in &cluster.members {
        let document = &member.document;
        let facts = [document.source.as_deref(), document.date.as_deref(), document.title.as_deref()];
        let facts: Vec<&str> = facts.into_iter().flatten().collect();
        writeln!(out)?;
        let is = match member.matched {
            Some((kind, score)) => format!("{} {score:.2}", kind.name()),
            None => "kept".into(),
        };
        writeln!(out, "  {STRONG}{}{STRONG:#}  {is}  {FAINT}{}{FAINT:#}", document.id, facts.join("  "))?;
        match member.matched {
            None => print_text(out, member.text())?,
            Some(_) if member.text() == kept.text() => writeln!(out, "    {FAINT}the same text{FAINT:#}")?,
            Some(_) => print_wrapped(out, &diff(kept.text(), member.text(), say::is_coloured()))?,
        }
    }
    if others.is_empty() {
        writeln!(out, "  no other member is in the inputs")?;
    }
    Ok(())
}

/// Prints a text with its own lines, each wrapped.
fn print_text(out: &mut Lines, text: &str) -> std::io::Result<()> {
    text.lines().try_for_each(|line| if line.trim().is_empty() { writeln!(out) } else { print_wrapped(out, line) })
}
