//! Corpora of shapes that make a join by shared keys slow, each at two sizes: twice the data may take 2.3 times the processor
//! time.
//!
//! ```text
//! cargo bench --bench shapes                      all shapes
//! cargo bench --bench shapes -- template copies   those of these names
//! FLONG=PATH cargo bench --bench shapes           another build
//! SHAPES_SCALE=0.1 cargo bench --bench shapes     a tenth of the sizes
//! ```

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::json;

#[path = "support/command.rs"]
mod command;

/// Twice the data may take this many times the processor time.
const MAX_GROWTH: f64 = 2.3;

/// Writes a text as the next document.
type Writer<'w> = dyn FnMut(&str) + 'w;

/// A shape of corpora, of any number of items.
struct Shape {
    name: &'static str,
    /// What its items are.
    what: &'static str,
    /// The larger of the two sizes.
    items: usize,
    /// Writes the corpus of that many items as JSON Lines.
    write: fn(usize, &mut Writer),
}

const SHAPES: &[Shape] = &[
    Shape {
        name: "shared-half",
        what: "documents that share the same half of their paragraphs",
        items: 40_000,
        write: |documents, write| {
            let shared: Vec<String> = (0..4).map(|n| paragraph(n, 30)).collect();
            for n in 0..documents as u64 {
                let own = (0..4).map(|k| paragraph(1_000 + n * 4 + k, 30));
                write(
                    &shared
                        .iter()
                        .cloned()
                        .zip(own)
                        .map(|(a, b)| format!("{a}\n\n{b}"))
                        .collect::<Vec<_>>()
                        .join("\n\n"),
                );
            }
        },
    },
    Shape {
        name: "shared-pool",
        what: "documents of which half of the paragraphs come from a pool of 1,000",
        items: 40_000,
        write: |documents, write| {
            let pool: Vec<String> = (0..1_000).map(|n| paragraph(n, 30)).collect();
            let mut random = Random(7);
            for n in 0..documents as u64 {
                let mut paragraphs = Vec::new();
                for k in 0..4 {
                    paragraphs.push(pool[random.below(pool.len())].clone());
                    paragraphs.push(paragraph(10_000 + n * 4 + k, 30));
                }
                write(&paragraphs.join("\n\n"));
            }
        },
    },
    Shape {
        name: "template",
        what: "documents of one template with other numbers",
        items: 100_000,
        write: |documents, write| {
            let mut random = Random(3);
            for _ in 0..documents {
                let [price, before, sold, flats, open] = [(); 5].map(|()| random.below(100_000));
                write(&format!(
                    "House prices in the district stood at {price} crowns a metre in the last quarter, after {before} crowns in \
                     the quarter before. Agents sold {sold} houses and {flats} flats, the land registry said in its report on \
                     Thursday.\n\nThe registry counts every sale that a notary has sealed. It warned that numbers of small \
                     districts move a good deal from one quarter to the next, and that {open} sales were still to be entered."
                ));
            }
        },
    },
    Shape {
        name: "copies",
        what: "copies of one text",
        items: 300_000,
        write: |documents, write| {
            let text = (0..4).map(|n| paragraph(n, 30)).collect::<Vec<_>>().join("\n\n");
            (0..documents).for_each(|_| write(&text));
        },
    },
    Shape {
        name: "one-document",
        what: "paragraphs of one document",
        items: 1_000_000,
        write: |paragraphs, write| {
            let mut text = String::new();
            for n in 0..paragraphs as u64 {
                let _ = write!(text, "{}\n\n", paragraph(n, 12));
            }
            write(&text);
        },
    },
];

/// A generator of numbers, the same on every machine (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() % most as u64) as usize
    }
}

/// Returns the paragraph of that number: words of a made language, the frequent ones more often.
fn paragraph(number: u64, words: usize) -> String {
    const SYLLABLES: [&str; 16] =
        ["ba", "do", "ke", "li", "mu", "na", "po", "ri", "sa", "te", "vu", "wo", "ya", "ze", "hi", "go"];
    let mut random = Random(number ^ 0x5eed_0000);
    let mut text = String::new();
    for n in 0..words {
        let bits = 4 + random.below(10);
        let rank = random.below(1 << bits);
        let mut word = [rank & 15, rank >> 4 & 15, rank >> 8 & 15, rank >> 12 & 15].map(|at| SYLLABLES[at]).concat();
        if n == 0 {
            word[..1].make_ascii_uppercase();
        }
        let _ = write!(text, "{}{word}", if n == 0 { "" } else { " " });
    }
    text + "."
}

/// Writes the corpus of a shape; returns its length in bytes.
fn make(shape: &Shape, items: usize, path: &Path) -> u64 {
    let mut file = BufWriter::new(File::create(path).expect("the scratch folder can be written"));
    let mut number = 0;
    (shape.write)(items, &mut |text| {
        number += 1;
        let source = format!("s{}.example", number % 50);
        let record = json!({"id": format!("{number}"), "source": source, "text": text});
        writeln!(file, "{record}").expect("the scratch folder has room");
    });
    file.flush().expect("the scratch folder has room");
    std::fs::metadata(path).map_or(0, |meta| meta.len())
}

fn main() {
    let names: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let is_test = std::env::args().any(|argument| argument == "--test");
    let scale = std::env::var("SHAPES_SCALE").ok().and_then(|scale| scale.parse::<f64>().ok());
    let scale = scale.unwrap_or(if is_test { 0.001 } else { 1.0 });
    let scratch = tempfile::tempdir().expect("there is room for the made inputs");
    println!(
        "| shape | command | items | MB | processor s | of twice the items | times | wall s | MB resident | longest stage |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    let wanted = |shape: &&Shape| names.is_empty() || names.iter().any(|name| name == shape.name);
    let mut slow = Vec::new();
    for shape in SHAPES.iter().filter(wanted) {
        let path = scratch.path().join("in.jsonl");
        let items = (shape.items as f64 * scale) as usize;
        for command in ["find", "clean"] {
            let at = |items: usize| {
                let bytes = make(shape, items, &path);
                (bytes, command::run(command, &path, &scratch.path().join("out"), &[]))
            };
            let ((bytes, half), (_, whole)) = (at(items / 2), at(items));
            let growth = whole.processor_seconds / half.processor_seconds;
            let (stage, seconds) = whole.longest_stage();
            println!(
                "| {}: {} | {command} | {} | {:.0} | {:.2} | {:.2} | {growth:.2} | {:.2} | {:.0} | {stage} {seconds:.2} s |",
                shape.name,
                shape.what,
                items / 2,
                bytes as f64 / 1e6,
                half.processor_seconds,
                whole.processor_seconds,
                whole.seconds,
                whole.memory_bytes as f64 / 1e6,
            );
            if growth > MAX_GROWTH {
                slow.push(format!("{} ({command})", shape.name));
            }
        }
    }
    match slow.is_empty() {
        true => println!("\nTwice the data took at most {MAX_GROWTH} times the processor time everywhere."),
        false => {
            println!("\nTwice the data took more than {MAX_GROWTH} times the processor time: {}.", slow.join(", "))
        }
    }
}
