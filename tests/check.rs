//! Reports of `flong check`, read by what reads them: the official schema, a parser, a shell.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::cli::flong;
use crate::inputs::root;

/// A folder with all of our texts, and a file of which a record cannot be read.
fn content() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("there is room");
    let content = folder.path().join("content");
    fs::create_dir(&content).expect("there is room");
    for from in ["corpus/articles", "corpus/boilerplate"] {
        for entry in fs::read_dir(root().join(from)).expect("the corpus is there") {
            let path = entry.expect("the corpus can be read").path();
            fs::copy(&path, content.join(path.file_name().expect("it has a name"))).expect("there is room");
        }
    }
    fs::write(content.join("a text.txt"), "It rained.\nREAD ALSO: Ferry cancelled for third day\nAnd on.")
        .expect("there is room");
    folder
}

/// The report on it in a format.
fn report(folder: &Path, format: &str) -> String {
    let output = flong(folder, &format!("check content --output-format {format}"), None);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it is UTF-8")
}

fn json_lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

/// The schema of SARIF 2.1.0 that the package `serde-sarif` ships. Cargo fetches it for this, if it did not before.
fn sarif_schema() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo gives JSON");
    let packages = metadata["packages"].as_array().expect("there are packages");
    let package = packages.iter().find(|package| package["name"] == "serde-sarif").expect("a dependency of the tests");
    let manifest = PathBuf::from(package["manifest_path"].as_str().expect("it has a manifest"));
    let schema = fs::read_to_string(manifest.with_file_name("src").join("schema.json")).expect("it ships the schema");
    // The official pattern of a language's code has a bracket too many, which strict readers of patterns refuse.
    let schema = schema.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}\\\\]?$");
    let schema: Value = serde_json::from_str(&schema).expect("the schema is JSON");
    assert!(schema["title"].as_str().is_some_and(|title| title.contains("SARIF) Version 2.1.0")));
    schema
}

#[test]
fn sarif_is_valid_by_the_official_schema() {
    let schema = sarif_schema();
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let folder = content();
    let text = report(folder.path(), "sarif");
    let log: Value = serde_json::from_str(&text).expect("it is JSON");
    let errors = |log: &Value| validator.iter_errors(log).map(|error| error.to_string()).collect::<Vec<_>>();
    assert_eq!(errors(&log), Vec::<String>::new());

    // As many results as findings, and each tells where it is.
    let results = log["runs"][0]["results"].as_array().expect("there are results");
    let findings = json_lines(&report(folder.path(), "json"));
    assert_eq!(results.len(), findings.len());
    assert!(results.len() > 50, "{}", results.len());
    let mut names: Vec<&str> = results.iter().filter_map(|r| r["partialFingerprints"]["flong/v1"].as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), results.len(), "fingerprints differ");
    assert!(text.contains("content/a%20text.txt"));
    for rule in log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("there are rules") {
        assert!(rule["helpUri"].as_str().is_some_and(|address| address.starts_with("https://")), "{rule}");
        assert!(rule["help"]["text"].as_str().is_some_and(|text| text.len() > 100), "{rule}");
    }

    // The schema is one that refuses.
    let mut bad = log.clone();
    bad["runs"][0]["results"][0]["level"] = "grave".into();
    assert!(!errors(&bad).is_empty());

    // What could not be read is told in it too.
    fs::write(folder.path().join("content/broken.jsonl"), "{\"text\":\n").expect("there is room");
    let output = flong(folder.path(), "check content --output-format sarif", None);
    assert_eq!(output.status.code(), Some(3));
    let log: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(errors(&log), Vec::<String>::new());
    let told = &log["runs"][0]["invocations"][0];
    assert_eq!(told["executionSuccessful"], false);
    let text = told["toolExecutionNotifications"][0]["message"]["text"].as_str().unwrap_or_default();
    assert!(text.contains("content/broken.jsonl:1"), "{text}");
}

#[test]
fn junit_is_read_by_a_parser() {
    let folder = content();
    let text = report(folder.path(), "junit");
    let suites = junit_parser::from_reader(text.as_bytes()).expect("a reader of JUnit reads it");
    let findings = json_lines(&report(folder.path(), "json"));
    let failing = findings.iter().filter(|finding| finding["severity"] != "note").count();
    assert_eq!(suites.failures as usize, failing);
    let files = fs::read_dir(folder.path().join("content")).expect("it is there").count();
    assert_eq!(suites.suites.len(), files, "a suite for each file");
    let cases: Vec<_> = suites.suites.iter().flat_map(|suite| &suite.cases).collect();
    assert_eq!(cases.iter().filter(|case| case.status.is_failure()).count(), failing);
    let clean =
        suites.suites.iter().filter(|suite| suite.cases.iter().all(|case| case.original_name == "no findings")).count();
    assert_eq!(cases.len(), findings.len() + clean);
}

#[test]
fn a_report_is_the_same_for_any_threads_and_any_order_of_the_files() {
    let folder = content();
    let told = |arguments: &str| flong(folder.path(), &format!("check {arguments} --output-format json"), None).stdout;
    let all = told("content --threads 1");
    assert!(all == told("content --threads 3"), "threads change the report");
    let some = ["exact", "near", "reworded", "template", "excerpt", "light-edit"];
    let mut names: Vec<String> = some.iter().map(|name| format!("content/{name}.jsonl")).collect();
    names.retain(|name| folder.path().join(name).exists());
    assert!(names.len() > 3);
    let forward = told(&names.join(" "));
    names.reverse();
    assert!(!forward.is_empty() && forward == told(&names.join(" ")), "the order of the files changes the report");
}

#[test]
fn the_example_of_each_rule_is_found() {
    for rule in flong::judge::Rule::ALL {
        let folder = tempfile::tempdir().expect("there is room");
        fs::write(folder.path().join("example.jsonl"), rule.example()).expect("there is room");
        let output = flong(folder.path(), "check example.jsonl --output-format json", None);
        let mut found = json_lines(&String::from_utf8_lossy(&output.stdout));
        // Only clean drops what it leaves nothing of.
        flong(folder.path(), "clean example.jsonl --out cleaned", None);
        let dropped = fs::read_to_string(folder.path().join("cleaned/dropped.jsonl")).unwrap_or_default();
        found.extend(json_lines(&dropped));
        assert!(found.iter().any(|finding| finding["rule"] == rule.code()), "{}: {found:?}", rule.code());
    }
}

/// Without a wheel the action installs the crate of its version, and puts it on the path of the steps that follow.
#[cfg(unix)]
#[test]
fn the_action_installs_by_version_and_only_once() {
    use std::os::unix::fs::PermissionsExt;
    let Ok(action) = fs::read_to_string(root().join("action.yml")) else { return println!("skipped: no action.yml") };
    let action = yaml(&action);
    assert_eq!(action["inputs"]["version"]["default"].as_str(), Some(env!("CARGO_PKG_VERSION")));
    let steps = action["runs"]["steps"].as_vec().expect("it has steps");
    let install = steps.iter().find(|step| step["name"].as_str() == Some("Install flong"));
    let script = install.and_then(|step| step["run"].as_str()).expect("it installs flong");
    let folder = tempfile::tempdir().expect("there is room");
    let tools = folder.path().join("tools");
    fs::create_dir(&tools).expect("there is room");
    let tool = |name: &str, text: &str| {
        fs::write(tools.join(name), format!("#!/bin/sh\n{text}\n")).expect("there is room");
        fs::set_permissions(tools.join(name), fs::Permissions::from_mode(0o755)).expect("it is ours");
    };
    tool("python3", "exit 1");
    tool("cargo", "echo \"$@\" >> \"$HOME/asked\"; mkdir -p \"$4/bin\"; touch \"$4/bin/flong\"");
    let run = || {
        let status = Command::new("bash")
            .args(["-e", "-c", script])
            .env("PATH", format!("{}:/usr/bin:/bin", tools.display()))
            .env("HOME", folder.path())
            .env("FLONG_VERSION", "9.8.7")
            .env("GITHUB_PATH", folder.path().join("path"))
            .output();
        assert!(status.expect("bash runs").status.success());
    };
    run();
    run();
    let text = |name: &str| fs::read_to_string(folder.path().join(name)).expect("it was written");
    assert_eq!(text("asked").lines().count(), 1, "the second time it is in the cache");
    assert!(text("asked").contains("--version 9.8.7 flong"), "{}", text("asked"));
    assert!(text("path").lines().all(|line| line.ends_with(".cache/flong-action/bin")), "{}", text("path"));
}

/// The hook and the page of formats name every ending that flong reads by itself, also compressed, and no other.
#[test]
fn the_hook_and_the_page_name_every_ending() {
    let above = tempfile::tempdir().expect("there is room");
    let folder = above.path().join("texts");
    fs::create_dir(&folder).expect("there is room");
    let message = flong::read::discover(&[&folder]).expect_err("an empty folder").to_string();
    let (_, message) = message.split_once(": no ").expect("it lists the endings");
    let (known, packed) = message.split_once(" file in this folder").expect("endings of packed files follow");
    let (packed, _) = packed.split_once(')').expect("the list ends");
    let endings = |text: &str| -> BTreeSet<String> {
        let words = text.split(|c: char| c.is_whitespace() || ",;()`|".contains(c));
        words.filter_map(|word| word.strip_prefix('.')).map(str::to_owned).collect()
    };
    let read = endings(known);
    let packed: BTreeSet<String> = endings(packed).into_iter().filter(|ending| !ending.contains("ignore")).collect();
    for ending in &read {
        let text = match &**ending {
            "json" => r#"{"text": "x"}"#,
            "xml" | "rss" | "atom" | "rdf" => "<rss version=\"2.0\"><channel></channel></rss>",
            _ => "text",
        };
        let path = folder.join(format!("x.{ending}"));
        fs::write(&path, text).expect("there is room");
        assert!(flong::read::discover(&[&folder]).is_ok_and(|found| found.len() == 1), "{ending} is not read");
        fs::remove_file(path).expect("it was there");
    }

    let Ok(hooks) = fs::read_to_string(root().join(".pre-commit-hooks.yaml")) else { return println!("skipped") };
    let hooks = yaml(&hooks);
    let files = hooks[0]["files"].as_str().expect("it says for which files it runs");
    let lists = files.split('(').filter_map(|part| part.split_once(')').map(|(list, _)| list));
    let lists: Vec<BTreeSet<String>> = lists.map(|list| list.split('|').map(str::to_owned).collect()).collect();
    assert_eq!(lists[0], read, "endings of the hook");
    assert_eq!(lists[1], packed, "endings of packed files of the hook");
    let Ok(page) = fs::read_to_string(root().join("docs/formats.md")) else { return println!("skipped") };
    let (_, table) = page.split_once("| ending | read as |").expect("the page has a table of endings");
    let (table, after) = table.split_once("\n\n").expect("the table ends");
    assert_eq!(endings(table), read, "endings of docs/formats.md");
    assert_eq!(endings(after.lines().next().unwrap_or_default()), packed, "packed files of docs/formats.md");
}

/// The fenced blocks of a page: language and text.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        match line.strip_prefix("```") {
            Some(language) if !inside => found.push((language.to_string(), String::new())),
            Some(_) => {}
            None if inside => {
                let text = &mut found.last_mut().expect("a block is open").1;
                text.push_str(line);
                text.push('\n');
            }
            None => continue,
        }
        inside = inside != line.starts_with("```");
    }
    found
}

fn yaml(text: &str) -> yaml_rust2::Yaml {
    let mut found = yaml_rust2::YamlLoader::load_from_str(text).expect("it is YAML");
    assert_eq!(found.len(), 1);
    found.remove(0)
}

/// All strings in a YAML value that run flong, whatever key they stand under.
fn commands(value: &yaml_rust2::Yaml) -> Vec<String> {
    match value {
        yaml_rust2::Yaml::String(text) if text.starts_with("flong ") => vec![text.clone()],
        yaml_rust2::Yaml::Array(values) => values.iter().flat_map(commands).collect(),
        yaml_rust2::Yaml::Hash(pairs) => pairs.iter().flat_map(|(_, value)| commands(value)).collect(),
        _ => Vec::new(),
    }
}

/// Runs a command in a shell that finds flong, and gives its exit code and what it printed.
#[cfg(unix)]
fn shell(folder: &Path, command: &str, variables: &[(&str, &str)]) -> (i32, String) {
    let binary = Path::new(env!("CARGO_BIN_EXE_flong")).parent().expect("it is in a folder");
    let path = std::env::join_paths(
        [binary.to_path_buf()].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    );
    let output = Command::new("bash")
        .args(["-c", command])
        .current_dir(folder)
        .env("PATH", path.expect("no folder's name has a colon"))
        .env("GITHUB_STEP_SUMMARY", folder.join("summary.md"))
        .envs(variables.iter().copied())
        .output()
        .expect("bash runs");
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&said).into_owned())
}

#[cfg(unix)]
#[test]
fn the_examples_of_the_page_on_ci_run() {
    let Ok(page) = fs::read_to_string(root().join("docs/ci.md")) else { return println!("skipped: no docs/ci.md") };
    let folder = content();
    let mut run = Vec::new();
    for (language, text) in blocks(&page) {
        match &*language {
            "yaml" => run.extend(commands(&yaml(&text))),
            "sh" => run.extend(text.lines().map(String::from)),
            "console" => run.extend(text.lines().filter_map(|line| line.strip_prefix("$ ")).map(String::from)),
            _ => panic!("a block of `{language}` is not tested"),
        }
    }
    assert!(run.len() >= 8, "{run:?}");
    for command in &run {
        assert!(command.starts_with("flong "), "{command} is not run here");
        let (code, said) = shell(folder.path(), command, &[]);
        // Our texts have findings; what is known, written down or not to count is fine.
        let fine = command.contains("baseline") || command.contains("--exit-zero");
        assert_eq!(code, if fine { 0 } else { 1 }, "{command}\n{said}");
    }
    for made in ["flong.sarif", "flong.xml", "flong-baseline.json", "summary.md"] {
        assert!(fs::metadata(folder.path().join(made)).is_ok_and(|made| made.len() > 0), "{made}");
    }
}

#[cfg(unix)]
#[test]
fn the_action_and_the_hook_run() {
    let folder = content();
    let Ok(action) = fs::read_to_string(root().join("action.yml")) else { return println!("skipped: no action.yml") };
    let action = yaml(&action);
    let steps = action["runs"]["steps"].as_vec().expect("it has steps");
    let script = |name: &str| {
        let step = steps.iter().find(|step| step["name"].as_str() == Some(name));
        step.and_then(|step| step["run"].as_str()).expect("the step runs something").to_string()
    };
    let inputs = [("FLONG_PATHS", "content"), ("FLONG_ARGS", "--only FL1 --level exact")];
    assert_eq!(shell(folder.path(), &script("Install flong"), &[]).0, 0, "it is there already");
    let (code, said) = shell(folder.path(), &script("Check"), &inputs);
    assert!(code == 1 && said.contains("::warning file=content/exact.jsonl,line="), "{code}\n{said}");

    let hooks = fs::read_to_string(root().join(".pre-commit-hooks.yaml")).expect("it stands beside the action");
    let hooks = yaml(&hooks);
    let hook = &hooks[0];
    let args: Vec<&str> =
        hook["args"].as_vec().expect("it has arguments").iter().filter_map(|arg| arg.as_str()).collect();
    let command = format!("{} {}", hook["entry"].as_str().expect("it runs something"), args.join(" "));
    let (code, said) = shell(folder.path(), &command, &[]);
    assert!(code == 1 && said.contains("content/exact.jsonl:"), "{command}: {code}\n{said}");
    assert_eq!(hook["id"].as_str(), Some("flong-check"));
}
