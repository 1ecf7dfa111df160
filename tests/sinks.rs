//! Data never acts: one hostile corpus through every output of the command line, and a look at all that is written.

#![cfg(unix)]

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

/// Escape codes, controls of both sets, characters of direction, line ends of all kinds, and what acts in annotations,
/// tables, markup and logs. No slash is in it, so that it can be the name of a file; the escape codes are none of ours.
const EVIL: &str = "\u{1b}]0;owned\u{7}\u{1b}[35;7m\u{9b}35m\u{9d}x\u{9c}\u{202e}\u{202a}\u{2066}\u{2069}\u{200e}\u{200f}\
    \u{61c}\u{feff}\u{7f}\u{8}\t\u{85}\u{2028}\u{2029}\u{b}\u{c}\r::error::owned\n::add-mask::x\n  ::warning::y\r\n%0A%0D|`b`\
    <script>]]>&#27;##[error]z##vso[task.x]\u{1f}";

/// The escape codes that are flong's own.
const OWN_CODES: [&str; 8] = ["0", "1", "2", "9", "31", "32", "33", "36"];

const STORY: &str = "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board. Nobody was hurt, the \
    harbour master told reporters, and divers will inspect the hull before the vessel is towed to the yard next week.";

/// What is wrong with what a command wrote, if anything is.
fn fault(bytes: &[u8], color: bool, annotations: bool) -> Option<String> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Some("is not UTF-8".into()) };
    let mut text = text.to_owned();
    if color {
        OWN_CODES.iter().for_each(|code| text = text.replace(&format!("\u{1b}[{code}m"), ""));
    }
    for line in text.split('\n') {
        let raw = |c: char| {
            c.is_control()
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
                || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
        };
        if let Some(c) = line.chars().find(|c| raw(*c)) {
            return Some(format!("has U+{:04X} in {line:?}", u32::from(c)));
        }
        let own = ["::warning file=", "::notice file=", "::error file=", "::group::", "::endgroup::"];
        let own = annotations && own.iter().any(|own| line.starts_with(own));
        if line.trim_start().starts_with("::") && !own {
            return Some(format!("begins a line with a command: {line:?}"));
        }
        if line.contains("##[") || line.contains("##vso[") {
            return Some(format!("has a command in {line:?}"));
        }
    }
    None
}

/// A folder in which commands run, and what was wrong with what they wrote.
struct Bench {
    folder: tempfile::TempDir,
    commands: usize,
    faults: Vec<String>,
}

impl Bench {
    fn new() -> Self {
        Bench { folder: tempfile::tempdir().unwrap(), commands: 0, faults: Vec::new() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Runs a command with colours and without. Gives its exit code and what it wrote without.
    fn run(&mut self, arguments: &[&str]) -> (i32, String, String) {
        let mut last = (0, String::new(), String::new());
        for color in ["always", "never"] {
            let mut command = Command::new(env!("CARGO_BIN_EXE_flong"));
            command.args(arguments).args(["--color", color]).current_dir(self.folder.path());
            let output = command.env_remove("NO_COLOR").env_remove("RUST_BACKTRACE").output().unwrap();
            let annotations = arguments.contains(&"github");
            for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
                let fault = fault(bytes, color == "always", annotations);
                self.faults.extend(fault.map(|fault| format!("{arguments:?} --color {color}: {name} {fault}")));
            }
            let code = output.status.code().unwrap_or(-1);
            if !(0..=3).contains(&code) {
                self.faults.push(format!("{arguments:?}: exit {code}"));
            }
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            last = (code, text(&output.stdout), text(&output.stderr));
            self.commands += 1;
        }
        last
    }

    /// Runs a command that must end with a code and say something that tells it got where it should.
    fn expect(&mut self, code: i32, says: &str, arguments: &[&str]) -> String {
        let (got, stdout, stderr) = self.run(arguments);
        let all = format!("{stderr}\n{stdout}");
        let shown: String = all.chars().take(2000).collect();
        assert!(got == code && all.contains(says), "{arguments:?}: exit {got}, not {code} with `{says}`:\n{shown}");
        stdout
    }

    fn done(self) {
        println!("{} commands", self.commands);
        assert!(self.faults.is_empty(), "{} faults\n{}", self.faults.len(), self.faults.join("\n"));
    }
}

/// Documents whose every field is hostile: copies, versions, excerpts, boilerplate and an item that comes again.
fn hostile_lines() -> String {
    let document = |n: usize, text: String| {
        json!({
            "id": format!("{EVIL}{n}"), "title": format!("{EVIL} title {}", n / 2), "source": format!("{EVIL}s"),
            "date": format!("{EVIL}date"), "url": format!("https://a.example/{EVIL}"), "text": text, EVIL: EVIL,
        })
    };
    let link = format!("READ ALSO: Ferry Aground {EVIL} Again");
    let stuffed = format!("{STORY} {}", format!("cheap ferry{EVIL} tickets ").repeat(30));
    let mut documents = vec![
        document(0, format!("{STORY} {EVIL}")),
        document(1, format!("{STORY} {EVIL}")),
        document(2, format!("{EVIL} {STORY} {EVIL} And the weather {EVIL} was fair {EVIL}.")),
        document(3, format!("{link}\n\n{EVIL}\n\n{STORY} {EVIL}\n\n{link}\n\nFollow us on Twitter {EVIL}")),
        document(3, format!("{EVIL}\n\nAnother text {EVIL} of the same item.\n\n{link}")),
        document(5, stuffed),
    ];
    documents.extend((10..40).map(|n| document(n, format!("{link}\n\nStory number {n} {EVIL} of the {link} day."))));
    documents.iter().map(|document| format!("{document}\n")).collect()
}

/// A folder with a hostile name and hostile contents in every format, broken and not.
fn hostile_folder(bench: &Bench) -> String {
    let folder = format!("in{EVIL}");
    let at = |name: &str| format!("{folder}/::add-mask::{EVIL}{name}");
    bench.write(&at("a.jsonl"), hostile_lines());
    let broken = format!(
        "{{\"text\": \"{EVIL}\n[\"{EVIL}\"]\n{{\"text\": {EVIL}}}\n{{\"{EVIL}\": 1}}\n\"{EVIL}\"\n{{\"text\": {{\"{EVIL}\": 2}}}}\n"
    );
    bench.write(&at("broken.jsonl"), broken);
    bench.write(&at("not-utf8.jsonl"), b"{\"text\": \"\xff\x1b[2J\"}\n");
    let quoted = EVIL.replace('"', "\"\"");
    bench.write(&at("a.csv"), format!("id,text,\"{quoted}\"\n\"{quoted}\",\"{STORY} {quoted}\",x\n\"{quoted}\"\n"));
    bench.write(&at("no-text.csv"), format!("\"{quoted}\",\"b{quoted}\"\n1,2\n"));
    bench.write(&at("open.csv"), format!("id,text\n1,\"{quoted}\n"));
    bench.write(&at("a.tsv"), format!("id\ttext\n{}\t{STORY}\n", EVIL.replace(['\t', '\n', '\r'], " ")));
    bench.write(&at("a.txt"), format!("{STORY} {EVIL}"));
    bench.write(&at("a.html"), format!("<title>{EVIL}</title><p>{STORY} {EVIL}</p><{EVIL}>"));
    let item =
        format!("<item><guid>{EVIL}</guid><title>{EVIL}</title><description>{STORY} {EVIL}</description></item>");
    bench.write(&at("feed.xml"), format!("<rss version=\"2.0\"><channel>{item}&{EVIL};</channel></rss>"));
    let broken = format!("<rss version=\"2.0\"><channel><item><guid>1</guid></{EVIL}><{EVIL} a={EVIL}></item>");
    bench.write(&at("broken.xml"), broken);
    bench.write(&at("encoding.xml"), format!("<?xml version=\"1.0\" encoding=\"{EVIL}\"?><rss></rss>"));
    bench.write(&at("feed.json"), json!({"version": "https://jsonfeed.org/version/1.1", "items": [EVIL]}).to_string());
    bench.write(&at("a.parquet"), format!("PAR1{EVIL}PAR1"));
    bench.write(&at("a.warc"), format!("WARC/1.0\r\nWARC-Type: {EVIL}\r\nContent-Length: {EVIL}\r\n\r\n{EVIL}"));
    bench.write(&at("a.jsonl.gz"), format!("\x1f\u{8b}{EVIL}"));
    bench.write(&at("a.jsonl.zst"), EVIL);
    folder
}

#[test]
fn every_report_is_safe_to_show() {
    let mut bench = Bench::new();
    let folder = hostile_folder(&bench);
    let file = format!("::add-mask::x{EVIL}.jsonl");
    bench.write(&file, hostile_lines());
    bench.expect(0, "pair", &["find", &file, "--grain", "document,paragraph,sentence"]);
    bench.expect(3, "skipped:", &["find", &folder, "-v", "--out", &format!("found{EVIL}"), "--force"]);
    for format in ["text", "json", "sarif", "github", "junit", "markdown"] {
        bench.expect(1, "FL101", &["check", &file, "--output-format", format]);
        let report = format!("report{EVIL}.{format}");
        let output = ["--output-format", format, "--output-file", &report];
        bench.expect(3, "skipped:", &[&["check", &folder, "--against", &file], &output[..]].concat());
        let bytes = fs::read(bench.path(&report)).unwrap();
        bench.faults.extend(fault(&bytes, false, format == "github").map(|fault| format!("{format} file {fault}")));
    }
    bench.expect(2, "without --strict", &["check", &folder, "--strict"]);

    let (index, out, back) = (format!("index{EVIL}"), format!("out{EVIL}"), format!("back{EVIL}"));
    bench.expect(3, "holds", &["index", "add", &index, &folder]);
    bench.expect(0, "\"same\":true", &["index", "query", &index, &file]);
    bench.expect(0, "\"items\"", &["index", "info", &index]);
    bench.expect(0, "seen before", &["check", &file, "--index", &index, "--exit-zero"]);
    bench.expect(0, "expired", &["index", "expire", &index, "--older-than", "9000d"]);
    bench.expect(2, "is not empty", &["clean", &file, "--out", &folder]);
    for (code, input) in [(0, &file), (3, &folder)] {
        let drop = format!("from:no{EVIL}");
        bench.expect(2, "no document is of", &["clean", input, "--out", &out, "--force", "--drop", &drop]);
        bench.expect(code, "written to", &["clean", input, "--out", &out, "--force"]);
        bench.expect(0, "restored", &["restore", &out, "--out", &back, "--force"]);
        bench.expect(code, "written to", &["clean", input, "--out", &out, "--force", "--index", &index]);
    }
    bench.done();
}

#[test]
fn a_parser_that_quotes_its_input_is_cut() {
    let mut bench = Bench::new();
    let name = "x".repeat(1 << 20);
    bench.write(
        "feed.xml",
        format!("<rss version=\"2.0\"><channel><item><guid>1</guid></{name}></item></channel></rss>"),
    );
    bench.write("a.jsonl", json!({"id": "a", "text": STORY}).to_string());
    let (_, _, stderr) = bench.run(&["find", "feed.xml", "a.jsonl", "--out", "out", "--force"]);
    assert!(stderr.contains("feed.xml:1: not well-formed XML") && stderr.contains("characters left out"), "{stderr}");
    assert!(stderr.len() < 3000, "{} bytes", stderr.len());
    let summary = fs::metadata(bench.path("out/summary.json")).unwrap().len();
    assert!(summary < 20_000, "{summary} bytes");
    bench.done();
}

#[test]
fn reports_hold_what_they_should_all_the_same() {
    let mut bench = Bench::new();
    bench.write("a.jsonl", hostile_lines());
    let check =
        |bench: &mut Bench, format: &str| bench.expect(1, "FL2", &["check", "a.jsonl", "--output-format", format]);

    let lines = check(&mut bench, "json");
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().any(|line| line["document"] == format!("{EVIL}3")), "JSON is lossless");
    assert!(lines.iter().any(|line| line["source"] == format!("{EVIL}s")));

    let log: Value = serde_json::from_str(&check(&mut bench, "sarif")).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), lines.len());
    for result in results {
        let text = result["message"]["text"].as_str().unwrap();
        assert_eq!(fault(text.as_bytes(), false, false), None, "what a viewer shows: {text}");
    }

    let suites = junit_parser::from_reader(check(&mut bench, "junit").as_bytes()).unwrap();
    assert_eq!(suites.suites[0].cases.len(), lines.len());
    assert!(suites.suites[0].cases[0].name.contains(r"\u{1b}]0;owned\u{7}"), "{}", suites.suites[0].cases[0].name);

    let markdown = check(&mut bench, "markdown");
    let cells = |row: &str| row.replace("\\\\", "").replace("\\|", "").matches('|').count();
    let rows: Vec<&str> =
        markdown.lines().filter(|line| line.starts_with("| warning") || line.starts_with("| note")).collect();
    assert_eq!(rows.len(), lines.len());
    rows.iter().for_each(|row| assert_eq!(cells(row), 5, "{row}"));
    assert!(!markdown.contains("<script>"));
    bench.done();
}

#[test]
fn explanations_are_safe_to_show() {
    let mut bench = Bench::new();
    bench.write("a.jsonl", hostile_lines());
    let ids: Vec<String> = (0..6).map(|n| format!("{EVIL}{n}")).collect();
    for id in &ids[..4] {
        bench.expect(0, "body", &["explain", "a.jsonl", id]);
        bench.expect(0, "as a copy", &["explain", "a.jsonl", id, &ids[1]]);
        bench.expect(0, "set_aside", &["explain", "a.jsonl", id, &ids[1], "--format", "json"]);
        bench.expect(0, "<!doctype html>", &["explain", "a.jsonl", id, &ids[1], "--format", "html"]);
    }
    bench.expect(0, "", &["find", "a.jsonl", "--out", "looked", "--force"]);
    let clusters = fs::read_to_string(bench.path("looked/clusters.jsonl")).unwrap();
    let cluster: Value = serde_json::from_str(clusters.lines().next().unwrap()).unwrap();
    bench.expect(0, "kept", &["show", "looked", cluster["cluster"].as_str().unwrap()]);
    bench.expect(2, "has no cluster", &["show", "looked", EVIL]);
    bench.expect(0, "written to", &["report", "looked"]);
    bench.expect(0, "keyword stuffing", &["explain", "a.jsonl", &ids[5]]);
    // An id may be given as it is shown.
    let shown = flong::escape::line(&ids[3]).into_owned();
    let (whole, again) = (["explain", "a.jsonl", &ids[3]], ["explain", "a.jsonl", &shown]);
    assert_eq!(bench.run(&whole), bench.run(&again));
    bench.expect(2, "there is no document", &["explain", "a.jsonl", &format!("no{EVIL}")]);
    bench.expect(2, "", &["explain", &format!("no{EVIL}"), "a"]);
    bench.done();
}

#[test]
fn mistakes_on_the_command_line_are_safe_to_show() {
    let mut bench = Bench::new();
    bench.write("a.jsonl", hostile_lines());
    let begun = ["::error::x", EVIL];
    for evil in begun {
        for option in [
            "grain",
            "level",
            "keep",
            "threads",
            "format",
            "max-record",
            "max-unpacked",
            "max-depth",
            "only",
            "ignore",
            "fail-on",
            "output-format",
            "config",
            "against",
            "index",
            "baseline",
            "no-such-option",
        ] {
            bench.run(&["check", "a.jsonl", &format!("--{option}={evil}")]);
        }
        for field in ["text", "id", "source", "date", "title", "url"] {
            bench.run(&["find", "a.jsonl", &format!("--{field}-field={evil}")]);
            bench.run(&["config", "show", "a.jsonl", &format!("--{field}-field={evil}")]);
        }
        for policy in [format!("field:{evil}"), format!("source:{evil},{evil}")] {
            bench.run(&["find", "a.jsonl", "--keep", &policy]);
            bench.run(&["config", "show", "a.jsonl", "--keep", &policy]);
            bench.run(&["find", "--show-params", "--keep", &policy]);
        }
        for drop in [format!("from:{evil}"), evil.to_string()] {
            bench.run(&["clean", "a.jsonl", "--out", "o", "--force", "--drop", &drop]);
        }
        for arguments in [
            &[evil][..],
            &[&format!("-{evil}")],
            &[&format!("--{evil}")],
            &["find", evil],
            &["find", &format!("{evil}[")],
            &["find", &format!("{evil}*")],
            &["find", "a.jsonl", evil, &format!("--{evil}")],
            &["clean", "a.jsonl", "--out", &format!("{evil}/no/such")],
            &["restore", evil, "--out", "x"],
            &["restore", "a.jsonl", "--out", evil],
            &["index", evil],
            &["index", "info", evil],
            &["index", "info", "a.jsonl"],
            &["index", "query", evil, "a.jsonl"],
            &["index", "expire", "x", "--older-than", evil],
            &["config", evil],
            &["man", evil],
            &["completions", evil],
        ] {
            bench.run(arguments);
        }
    }
    let said = bench.expect(2, "no such", &["find", "a\nb"]);
    assert_eq!(said, "");
    bench.expect(2, r"a\nb", &["find", "a\nb"]);
    bench.expect(2, r"'x\u{1b}[2J'", &["check", "a.jsonl", "--level", "x\u{1b}[2J"]);
    // A long argument is not repeated whole.
    let (_, _, stderr) = bench.run(&["check", "a.jsonl", "--level", &"x".repeat(100_000)]);
    assert!(stderr.len() < 3000, "{} bytes", stderr.len());
    // Bytes that are no UTF-8.
    let argument: &OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"x\xff\x1b[2J");
    for option in ["--level", "--out", "--x"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flong"));
        let output = command.args(["find", "a.jsonl", option]).arg(argument).current_dir(bench.folder.path()).output();
        let fault = fault(&output.unwrap().stderr, false, false);
        bench.faults.extend(fault.map(|fault| format!("{option}: {fault}")));
    }
    bench.done();
}

/// A text as a string of TOML.
fn toml_string(text: &str) -> String {
    flong::escape::json_string(text)
}

#[test]
fn settings_and_baselines_are_safe_to_show() {
    let mut bench = Bench::new();
    bench.write("a.jsonl", hostile_lines());
    let evil = toml_string(EVIL);
    let glob = toml_string(&EVIL.replace(['[', ']'], ""));
    let good = format!(
        "text-field = [\"text\", {evil}]\nexclude = [{glob}]\nkeep = {}\nignore-items = [{evil}]\n[ignore-in]\n{glob} = [\"FL205\"]\n\
         [[markers]]\ntext = {}\nstrength = \"line\"\n[[calls]]\ntext = {}\nwhere = \"line\"\n",
        toml_string(&format!("field:{EVIL}")),
        toml_string(&format!("Also see {EVIL} here")),
        toml_string(&format!("Follow us {EVIL} now")),
    );
    let config = format!("{EVIL}.toml");
    bench.write(&config, &good);
    let shown = bench.expect(0, "ignore-items", &["config", "show", "a.jsonl", "--config", &config]);
    let (good, shown): (toml::Table, toml::Table) = (good.parse().unwrap(), shown.parse().unwrap());
    for key in ["text-field", "exclude", "keep", "ignore-items", "ignore-in"] {
        assert_eq!(shown[key], good[key], "what is shown says the same");
    }
    assert_eq!(shown["markers"][0]["text"], good["markers"][0]["text"]);
    bench.run(&["check", "a.jsonl", "--config", &config]);
    bench.run(&["clean", "a.jsonl", "--out", "o", "--config", &config]);
    for bad in [
        format!("{evil} = 1"),
        format!("level = {evil}"),
        format!("keep = {evil}"),
        format!("drop = {evil}"),
        format!("only = [{evil}]"),
        format!("exclude = [{}]", toml_string(&format!("{EVIL}["))),
        format!("threads = {evil}"),
        format!("[severity]\n{evil} = \"off\""),
        format!("[[markers]]\ntext = \"a\"\n{evil} = 1"),
        format!("[[frames]]\ntemplate = {evil}"),
        format!("level = {EVIL}"),
        EVIL.to_string(),
        "x".repeat(1 << 20),
    ] {
        bench.write("bad.toml", bad);
        bench.expect(2, "bad.toml", &["check", "a.jsonl", "--config", "bad.toml"]);
    }

    let baseline = format!("{EVIL}.json");
    bench.expect(0, "written to", &["check", "a.jsonl", "--write-baseline", &baseline]);
    let text = fs::read_to_string(bench.path(&baseline)).unwrap();
    assert_eq!(fault(text.as_bytes(), false, false), None, "a baseline is shown where changes are reviewed");
    bench.write("one.jsonl", json!({"id": EVIL, "text": "Nothing to find here."}).to_string());
    fs::copy(bench.path("one.jsonl"), bench.path("a.jsonl")).unwrap();
    bench.expect(0, "no longer occur", &["check", "a.jsonl", "--baseline", &baseline]);
    for bad in [
        text.replace("stems and pairs of stems", &evil[1..evil.len() - 1]),
        text.replace("\"FL", &format!("\"{}", &evil[1..evil.len() - 1])),
        text.replace("\"rule\"", &evil),
        EVIL.to_string(),
        format!("{{{evil}: 1}}"),
    ] {
        bench.write("bad.json", bad);
        bench.expect(2, "bad.json", &["check", "a.jsonl", "--baseline", "bad.json"]);
    }
    bench.done();
}

#[test]
fn damaged_outputs_are_safe_to_show() {
    let mut bench = Bench::new();
    bench.write("a.jsonl", hostile_lines());
    bench.expect(0, "written to", &["clean", "a.jsonl", "--out", "out", "--force"]);
    let evil = toml_string(EVIL);
    for name in fs::read_dir(bench.path("out")).unwrap().map(|entry| entry.unwrap().file_name()) {
        let name = format!("out/{}", name.to_str().unwrap());
        let good = fs::read(bench.path(&name)).unwrap();
        for bad in
            [EVIL.to_string(), format!("{{{evil}: {evil}}}\n"), format!("[{evil}]\n"), format!("{{\"id\": {evil}}}\n")]
        {
            bench.write(&name, bad);
            bench.run(&["restore", "out", "--out", "back", "--force"]);
            let _ = fs::remove_dir_all(bench.path("back"));
        }
        bench.write(&name, good);
    }
    bench.done();
}
