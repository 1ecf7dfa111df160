//! Twice the input takes twice the time, whatever its shape: shapes that once took four times as long.
//!
//! What counts is processor time, so that other work on the machine does not matter much, and the least of a few runs.
#![cfg(unix)]

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Twice the input may take this many times as long …
const MOST_TIMES: f64 = 3.0;
/// … or this many seconds, in which start-up and chance weigh more than the input.
const FREE_SECONDS: f64 = 0.4;
/// Runs of which the fastest counts.
const RUNS: usize = 4;

/// An input of a size that is given, and what is run on it.
struct Shape {
    name: &'static str,
    /// The name of the file, by which its format is known.
    file: &'static str,
    /// The arguments of `flong`, one run after the other; the last is timed.
    runs: &'static [&'static str],
    small: usize,
    make: fn(usize) -> String,
}

/// A word that is told by its number.
fn word(n: usize) -> String {
    let mut n = n.wrapping_mul(0x9e37_79b9) % 8_000_000;
    let mut word = String::new();
    for _ in 0..5 {
        word.push(char::from(b"bcdfglmnprstvz"[n % 14]));
        word.push(char::from(b"aeiou"[n / 14 % 5]));
        n /= 23;
    }
    word
}

/// A sentence of words that hardly any other has.
fn sentence(from: usize, words: usize) -> String {
    let words: Vec<String> = (0..words).map(|i| word(from * 31 + i)).collect();
    format!("{}.", words.join(" "))
}

/// So many pieces, one after the other.
fn pieces(n: usize, piece: impl Fn(usize) -> String) -> String {
    (0..n).fold(String::new(), |mut all, i| {
        all.push_str(&piece(i));
        all
    })
}

/// A record of JSON Lines.
fn record(id: usize, title: &str, text: &str) -> String {
    let mut line = serde_json::json!({"id": id.to_string(), "title": title, "text": text}).to_string();
    line.push('\n');
    line
}

/// A feed with one item.
fn feed(content: &str) -> String {
    format!(
        "<rss version=\"2.0\"><channel><title>t</title><item><guid>1</guid><description><![CDATA[{content}]]></description>\
         </item></channel></rss>"
    )
}

fn page(body: &str) -> String {
    let mut page = String::from("<html><body>");
    let _ = write!(page, "{body}<p>{}</p></body></html>", sentence(7, 80));
    page
}

fn title(n: usize) -> String {
    format!("The minister said {} {} today", word(n), word(n * 7))
}

const LINK: &str = "READ ALSO: Big Story Today\n";

const SHAPES: &[Shape] = &[
    Shape {
        name: "paragraphs of a document",
        file: "in.txt",
        runs: &["find in.txt"],
        small: 12_000,
        make: |n| pieces(n, |i| sentence(i, 3) + "\n"),
    },
    Shape {
        name: "paragraphs of one word",
        file: "in.txt",
        runs: &["find in.txt"],
        small: 20_000,
        make: |n| "a\n".repeat(n),
    },
    Shape {
        name: "findings in a text",
        file: "in.txt",
        runs: &["check in.txt"],
        small: 10_000,
        make: |n| LINK.repeat(n),
    },
    Shape {
        name: "findings in a record",
        file: "in.jsonl",
        runs: &["check in.jsonl"],
        small: 3_000,
        make: |n| record(1, "", &LINK.repeat(n)),
    },
    Shape {
        name: "findings in an item of a feed",
        file: "in.xml",
        runs: &["check in.xml"],
        small: 1_500,
        make: |n| feed(&"<p>Rain fell.</p><p>READ ALSO: <b>Big</b> Story Today</p>".repeat(n)),
    },
    Shape {
        name: "findings and a baseline of as many",
        file: "in.txt",
        runs: &["check in.txt --write-baseline known.json", "check in.txt --baseline known.json"],
        small: 3_000,
        make: |n| LINK.repeat(n),
    },
    Shape {
        name: "calls to action between links",
        file: "in.txt",
        runs: &["find in.txt"],
        small: 3_000,
        make: |n| format!("{LINK}Click here to subscribe to our newsletter\n").repeat(n),
    },
    Shape {
        name: "markers on one line",
        file: "in.txt",
        runs: &["find in.txt"],
        small: 2_000,
        make: |n| pieces(n, |i| sentence(i, 6) + " SEE ALSO " + &sentence(i, 2)),
    },
    Shape {
        name: "markers glued to headlines",
        file: "in.txt",
        runs: &["find in.txt"],
        small: 2_000,
        make: |n| pieces(n, |i| sentence(i, 3) + " READ ALSOTroops kill two\n"),
    },
    Shape {
        name: "titles with one beginning",
        file: "in.jsonl",
        runs: &["find in.jsonl"],
        small: 4_000,
        make: |n| {
            let text = |i| format!("{} READ ALSO: {} and more {}", sentence(i, 9), title(i * 3), sentence(i, 3));
            pieces(n, |i| record(i, &title(i), &text(i)))
        },
    },
    Shape {
        name: "titles that are all the same",
        file: "in.jsonl",
        runs: &["find in.jsonl"],
        small: 4_000,
        make: |n| {
            let text = |i| format!("{} READ ALSO: The minister said it today {}", sentence(i, 9), sentence(i, 3));
            pieces(n, |i| record(i, "The minister said it today", &text(i)))
        },
    },
    Shape {
        name: "records with and without links",
        file: "in.jsonl",
        runs: &["clean in.jsonl --out out --force"],
        small: 4_000,
        make: |n| pieces(n, |i| record(i, "", &format!("{}\n{}", sentence(i, 9), if i % 2 == 0 { LINK } else { "" }))),
    },
    Shape {
        name: "copies of one text",
        file: "in.jsonl",
        runs: &["find in.jsonl"],
        small: 2_000,
        make: |n| pieces(n, |i| record(i, "", &sentence(1, 20))),
    },
    Shape {
        name: "initials without an end",
        file: "in.txt",
        runs: &["find in.txt --grain sentence"],
        small: 20_000,
        make: |n| format!("A.{}", "文.".repeat(n)),
    },
    Shape {
        name: "brackets in each other",
        file: "in.txt",
        runs: &["check in.txt"],
        small: 60_000,
        make: |n| format!("Read more {}a{}", "(".repeat(n), ")".repeat(n)),
    },
    Shape {
        name: "attributes of a tag",
        file: "in.html",
        runs: &["find in.html"],
        small: 20_000,
        make: |n| page(&format!("<p {}>", pieces(n, |i| format!("a{i}=1 ")))),
    },
    Shape {
        name: "formatting that is left open",
        file: "in.html",
        runs: &["find in.html"],
        small: 500,
        make: |n| page(&pieces(n, |i| format!("<p><b id=a{i}>a</p>"))),
    },
    Shape {
        name: "tags whose quotes stay open",
        file: "in.xml",
        runs: &["find in.xml"],
        small: 5_000,
        make: |n| feed(&"<a='>'".repeat(n)),
    },
    Shape {
        name: "tags whose quotes stay open and meet",
        file: "in.xml",
        runs: &["find in.xml"],
        small: 3_000,
        make: |n| feed(&"<a=' ' ='>".repeat(n)),
    },
    Shape {
        name: "declarations that stay open",
        file: "in.xml",
        runs: &["find in.xml"],
        small: 60_000,
        make: |n| feed(&"<!a[>".repeat(n)),
    },
];

/// The processor time that the last of some runs takes, in seconds. Each must end by itself.
fn seconds(folder: &Path, shape: &Shape) -> f64 {
    let (timed, before) = shape.runs.split_last().expect("a shape is run");
    let run = |arguments: &str| {
        // `times` of the shell tells what the processes took that it has started: its second line.
        let script = format!("\"$0\" {arguments} -q --threads 1 >stdout 2>stderr; echo $?; times");
        let ended = Command::new("sh").args(["-c", &script, env!("CARGO_BIN_EXE_flong")]).current_dir(folder).output();
        let told = String::from_utf8(ended.expect("sh runs").stdout).expect("sh tells the time");
        let lines: Vec<&str> = told.lines().collect();
        assert!(matches!(lines[0], "0" | "1" | "3"), "{}: `{arguments}` ends with {}", shape.name, lines[0]);
        let time = |time: &str| -> f64 {
            let (minutes, seconds) = time.trim_end_matches('s').split_once('m').expect("minutes and seconds");
            minutes.parse::<f64>().unwrap() * 60.0 + seconds.replace(',', ".").parse::<f64>().unwrap()
        };
        lines[2].split_whitespace().map(time).sum()
    };
    before.iter().for_each(|arguments| {
        let _: f64 = run(arguments);
    });
    run(timed)
}

#[test]
fn time_is_linear_in_any_shape() {
    let mut slow = Vec::new();
    for shape in SHAPES {
        let folders = [shape.small, 2 * shape.small].map(|n| {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(shape.file), (shape.make)(n)).unwrap();
            folder
        });
        let mut least = [f64::MAX; 2];
        let holds = |least: &[f64; 2]| least[1] <= FREE_SECONDS || least[1] <= MOST_TIMES * least[0];
        for _ in 0..RUNS {
            for (folder, least) in folders.iter().zip(&mut least) {
                *least = seconds(folder.path(), shape).min(*least);
            }
            if holds(&least) {
                break;
            }
        }
        println!("{:40} {:5.2} s, {:5.2} s", shape.name, least[0], least[1]);
        if !holds(&least) {
            slow.push(format!(
                "{}: {} take {:.2} s, twice as many {:.2} s",
                shape.name, shape.small, least[0], least[1]
            ));
        }
    }
    assert!(slow.is_empty(), "{slow:#?}");
}

/// Without memory, address space or threads a run ends with a message, never by a signal.
#[test]
#[cfg(target_os = "linux")]
fn without_memory_there_is_a_message() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("in.jsonl"), pieces(300, |i| record(i, &title(i), &sentence(i, 60)))).unwrap();
    let mut refused = 0;
    for kib in (60_000..600_000).step_by(36_000) {
        for arguments in ["find in.jsonl --threads 6", "clean in.jsonl --out out --force"] {
            let script = format!("ulimit -v {kib}; exec \"$0\" {arguments} -q");
            let mut run = Command::new("sh");
            run.args(["-c", &script, env!("CARGO_BIN_EXE_flong")]).current_dir(folder.path());
            let ended = run.output().expect("sh runs");
            let told = String::from_utf8_lossy(&ended.stderr);
            match ended.status.code() {
                Some(0) => {}
                Some(2) => {
                    refused += 1;
                    assert!(
                        told.starts_with("error: ") && told.contains("ulimit -v"),
                        "{kib} KiB, {arguments}: {told}"
                    );
                }
                // So little that the system cannot load the program.
                Some(127) => assert!(told.contains("shared librar"), "{kib} KiB, {arguments}: {told}"),
                code => panic!("{kib} KiB, {arguments}: {code:?} {told}"),
            }
        }
    }
    assert!(refused > 0, "some limit is too small");
}
