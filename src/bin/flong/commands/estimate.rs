//! `flong estimate`: how long a run will take, and how much room.

use flong::Result;
use flong::config::Settings;
use flong::pipeline::{Cost, Estimate};
use flong::run::{self, Inputs};

use super::set_threads;
use crate::Outcome;
use crate::args::EstimateArgs;
use crate::config::settings_of;
use crate::say::{self, STRONG, bytes, counted};

/// Runs the command.
pub fn estimate(args: &EstimateArgs) -> Result<Outcome> {
    let settings = settings_of(&args.config, &args.input.inputs, args.given())?;
    of_run(&args.input.inputs(&args.room), &settings, args.json)
}

/// Prints what a run with these settings would take.
pub fn of_run(inputs: &Inputs, settings: &Settings, as_json: bool) -> Result<Outcome> {
    set_threads(settings)?;
    let estimate = run::estimate(inputs, settings)?;
    match as_json {
        true => say::print_json(|stdout| flong::write::json_pretty(stdout, &estimate))?,
        false => print(&estimate)?,
    }
    Ok(Outcome::Fine)
}

fn print(estimate: &Estimate) -> Result<()> {
    let Estimate { sampled, documents, text_bytes, input_bytes, memory, disk, engine } = estimate;
    say::print(|out| {
        let (documents, sampled) = (counted(*documents, "document"), counted(*sampled, "document"));
        writeln!(out, "about {documents}, {} of text in {}", bytes(*text_bytes), bytes(*input_bytes))?;
        writeln!(out, "from a sample of {sampled}")?;
        writeln!(out)?;
        writeln!(out, "  {:<8}{:>10}{:>10}{:>12}{:>18}", "", "find", "clean", "memory", "temporary files")?;
        for (name, cost) in [("memory", memory), ("disk", disk)] {
            let Cost { find_seconds, clean_seconds, memory_bytes, disk_bytes } = cost;
            let files = if *disk_bytes == 0 { "-".to_owned() } else { bytes(*disk_bytes) };
            let (find, clean) = (seconds(*find_seconds), seconds(*clean_seconds));
            writeln!(out, "  {name:<8}{find:>10}{clean:>10}{:>12}{files:>18}", bytes(*memory_bytes))?;
        }
        writeln!(out)?;
        match *engine {
            "memory" => writeln!(out, "A run would keep everything in {STRONG}memory{STRONG:#}."),
            _ => writeln!(out, "A run would keep what it can on {STRONG}disk{STRONG:#}, in temporary files."),
        }
    })
}

/// Returns a time in a unit that people read easily.
fn seconds(seconds: f64) -> String {
    match seconds {
        ..10.0 => format!("{seconds:.1} s"),
        ..120.0 => format!("{seconds:.0} s"),
        ..7200.0 => format!("{:.0} min", seconds / 60.0),
        _ => format!("{:.1} h", seconds / 3600.0),
    }
}
