//! What README.md and `--help` say is true.

use std::collections::BTreeSet;
use std::fs;

use crate::cli::flong;
use crate::inputs::root;

/// The `$ flong …` commands of the README, each with the lines that it is said to print.
fn commands(readme: &str) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    let mut inside = false;
    for line in readme.lines() {
        if line.trim_start().starts_with("```") {
            inside = !inside;
            // What follows in another block is printed by nothing.
            found.push((String::new(), Vec::new()));
        } else if inside && let Some(command) = line.strip_prefix("$ ") {
            found.push((command.to_string(), Vec::new()));
        } else if inside && let Some((_, said)) = found.last_mut() {
            said.push(line.to_string());
        }
    }
    found.retain(|(command, _)| command.starts_with("flong "));
    found
}

/// Whether a line is what was said; `…` stands for anything.
fn fits(said: &str, line: &str) -> bool {
    let mut rest = line;
    let mut parts = said.split('…');
    let first = parts.next().unwrap_or_default();
    let Some(after) = rest.strip_prefix(first) else { return false };
    rest = after;
    let mut open = false;
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
        open = part.is_empty();
    }
    open || rest.is_empty()
}

#[test]
fn the_commands_print_what_the_readme_says() {
    let Ok(readme) = fs::read_to_string(root().join("README.md")) else { return println!("skipped: no README.md") };
    let folder = tempfile::tempdir().expect("there is room");
    #[cfg(unix)]
    std::os::unix::fs::symlink(root().join("corpus"), folder.path().join("corpus")).expect("there is room");
    let commands = commands(&readme);
    assert!(!commands.is_empty(), "the README shows no command");
    for (command, said) in commands {
        let output = flong(folder.path(), command.trim_start_matches("flong "), None);
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "$ {command}\n{printed}{errors}");
        let mut lines = printed.lines();
        for said in said.iter().filter(|said| !said.trim().is_empty() && said.trim() != "…") {
            let there = lines.by_ref().any(|line| fits(said.trim_end(), line.trim_end()));
            assert!(there, "$ {command}\nis said to print, and in this order does not:\n{said}\nIt prints\n{printed}");
        }
    }
}

/// The commands that `flong --help` lists.
fn listed(help: &str) -> Vec<String> {
    let commands = help.lines().skip_while(|line| !line.starts_with("Commands:")).skip(1);
    let commands = commands.take_while(|line| !line.trim().is_empty());
    // A command stands two spaces in; the lines that go on about it stand further in.
    let names = commands.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").map(Into::into).collect()
}

fn help(arguments: &str) -> String {
    let folder = tempfile::tempdir().expect("there is room");
    let output = flong(folder.path(), arguments, None);
    assert!(output.status.success(), "flong {arguments}");
    assert!(output.stderr.is_empty(), "flong {arguments} complains");
    String::from_utf8(output.stdout).expect("help is UTF-8")
}

/// The long options that a text names.
fn options(text: &str) -> BTreeSet<String> {
    let of = |word: &str| {
        let name: String = word.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
        format!("--{}", name.trim_end_matches('-'))
    };
    let starts = |at: usize| at == 0 || text[..at].ends_with(|c: char| c.is_whitespace() || "`(['\"".contains(c));
    let found = text.match_indices("--").filter(|&(at, _)| starts(at)).map(|(at, _)| of(&text[at + 2..]));
    found.filter(|option| option.len() > 2).collect()
}

#[test]
fn every_command_explains_its_options() {
    let commands = listed(&help("--help"));
    assert!(commands.len() >= 3, "{commands:?}");
    for command in &commands {
        let long = help(&format!("{command} --help"));
        assert!(long.contains("Usage: flong"), "{command}");
        // What follows an option, on its line or the next, is what it is about.
        for option in options(&long) {
            if long.contains(&format!("[alias: {option}]")) {
                continue;
            }
            let at = long.find(&option).expect("it was found there");
            let about = long[at..].lines().take(3).collect::<Vec<_>>().join(" ");
            assert!(about.split_whitespace().count() >= 3, "{command}: {option} is not explained");
        }
        let short = help(&format!("{command} -h"));
        assert!(options(&short).is_subset(&options(&long)), "{command}");
    }
}

#[test]
fn the_readme_names_no_option_that_is_not_there() {
    let Ok(readme) = fs::read_to_string(root().join("README.md")) else { return println!("skipped: no README.md") };
    let mut there = options(&help("--help"));
    for command in listed(&help("--help")) {
        there.extend(options(&help(&format!("{command} --help"))));
    }
    for command in listed(&help("index --help")) {
        there.extend(options(&help(&format!("index {command} --help"))));
    }
    // Those of other programs stand on lines with their names.
    let ours: Vec<&str> = readme.lines().filter(|line| !line.contains("cargo") && !line.contains("pip")).collect();
    let named = options(&ours.join("\n"));
    let unknown: Vec<_> = named.difference(&there).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn dots_stand_for_anything() {
    assert!(fits("read … documents", "read 12 documents") && fits("took …", "took 3 s") && fits("a", "a"));
    assert!(!fits("read … documents", "read 12 files") && !fits("a", "ab") && !fits("b…", "ab"));
}

#[test]
fn commands_are_read_from_blocks() {
    let readme = "```\n$ flong find x\nfound 3\n$ ls\n```\n$ flong no\n```console\nother\n```\n";
    assert_eq!(commands(readme), [("flong find x".to_string(), vec!["found 3".to_string()])]);
}
