//! `flong man` and `flong completions`: what packagers want.

use std::path::Path;

use flong::{Error, Result};

use crate::{Outcome, describe, say};

/// Prints the manual page of flong, or of one of its commands; or writes the page of each command into a folder.
pub fn manual(command: Option<&str>, out: Option<&Path>) -> Result<Outcome> {
    let mut page = describe::command();
    if let Some(folder) = out {
        let write = || std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(page, folder));
        write().map_err(|error| Error::io(folder, error))?;
        return Ok(Outcome::Fine);
    }
    // Gives the commands the names of their pages, such as `flong-find`, and the options shared by all.
    page.build();
    if let Some(name) = command {
        let unknown = || Error::Usage(format!("`{name}` is no command of flong; `flong --help` lists them"));
        page = page.find_subcommand(name).ok_or_else(unknown)?.clone();
    }
    say::output(|out| clap_mangen::Man::new(page).render(out))?;
    Ok(Outcome::Fine)
}

/// Prints completions for a shell.
pub fn completions(shell: clap_complete::Shell) -> Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut describe::command(), "flong", &mut script);
    say::output(|out| out.write_all(&script))?;
    Ok(Outcome::Fine)
}
