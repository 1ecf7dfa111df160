//! Makes corpora of any size with known truth out of the articles in `corpus/`.
//!
//! A **base** document is new text: words that follow each other in the articles of one language, words drawn by a
//! long-tailed law from a lexicon without end (each rank beyond the real words is put together from their halves, so
//! that the vocabulary keeps growing with the corpus), invented names, and numbers. Two bases share no passage. A
//! **copy** is a base treated as syndication treats an article: cut, re-led, re-bylined, edited, excerpted, dressed
//! with a site's links and frames, or printed as it was. A **bulletin** is a base that is mostly slots, and its
//! *template* variants are the same frame with other facts.
//!
//! Each document is a function of the seed and of its own index alone, in integer arithmetic: the same options give
//! the same bytes on every machine.

#![allow(dead_code)] // each bench and example that includes this file uses a part of it

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;

/// An article of the corpus, what the models of the languages are learned from.
#[derive(Debug, Clone, Default)]
pub struct Article {
    /// Its id, like `cut-tail/fr/2`.
    pub id: String,
    /// The site it is from.
    pub source: String,
    /// Its date.
    pub date: String,
    /// Its headline.
    pub title: String,
    /// Its text.
    pub text: String,
    /// Its language, as a two-letter code.
    pub language: String,
}

/// What to make.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// How many documents, copies included.
    pub documents: usize,
    /// The seed: other seeds give other corpora of the same kind.
    pub seed: u64,
    /// The share of the documents that are derived from an earlier one, from 0 to 1.
    pub copies: f64,
}

/// A document made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doc {
    /// `g` and its index in seven digits.
    pub id: String,
    /// The invented site it appears on.
    pub source: String,
    /// ISO 8601; grows with the index.
    pub date: String,
    /// The headline.
    pub title: String,
    /// The text.
    pub text: String,
}

/// A corpus with its truth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The documents, in order of date.
    pub documents: Vec<Doc>,
    /// `(copy, base, kind)`, one for each document that is derived from another. `kind` is `exact`, `near`, `excerpt`
    /// or `template`. Copies of one base are related to each other through it and are not listed as pairs; of two
    /// excerpts of one base, nothing is said. No other two documents are related.
    pub truth: Vec<(String, String, &'static str)>,
}

/// Reads articles from JSON Lines. Fields that are not there are empty.
///
/// # Errors
/// When a line is not JSON.
pub fn read_articles(lines: &str) -> serde_json::Result<Vec<Article>> {
    lines
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            let record: serde_json::Value = serde_json::from_str(line)?;
            let field = |name: &str| record[name].as_str().unwrap_or_default().to_owned();
            Ok(Article {
                id: field("id"),
                source: field("source"),
                date: field("date"),
                title: field("title"),
                text: field("text"),
                language: field("language"),
            })
        })
        .collect()
}

/// Reads every `*.jsonl` of a folder, in order of name.
///
/// # Errors
/// When a file cannot be read or a line is not JSON.
pub fn read_folder(folder: &Path) -> io::Result<Vec<Article>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            paths.push(path);
        }
    }
    paths.sort();
    let mut articles = Vec::new();
    for path in paths {
        articles.extend(read_articles(&std::fs::read_to_string(path)?)?);
    }
    Ok(articles)
}

/// Makes a corpus.
///
/// # Panics
/// When the articles hold no words.
pub fn generate(articles: &[Article], options: &Options) -> Generated {
    let maker = Maker::new(articles, options);
    let mut documents = Vec::with_capacity(options.documents);
    let mut truth = Vec::new();
    for index in 0..options.documents {
        let (document, origin) = maker.document(index);
        if let Some((base, kind)) = origin {
            truth.push((document.id.clone(), id(base), kind));
        }
        documents.push(document);
    }
    Generated { documents, truth }
}

/// Writes the documents as JSON Lines, fields in the order of [`Doc`].
///
/// # Errors
/// When writing fails.
pub fn write_jsonl(generated: &Generated, out: &mut impl Write) -> io::Result<()> {
    for document in &generated.documents {
        let fields = [
            ("{\"id\":", &document.id),
            (",\"source\":", &document.source),
            (",\"date\":", &document.date),
            (",\"title\":", &document.title),
            (",\"text\":", &document.text),
        ];
        for (name, value) in fields {
            out.write_all(name.as_bytes())?;
            serde_json::to_writer(&mut *out, value)?;
        }
        out.write_all(b"}\n")?;
    }
    Ok(())
}

/// Writes the truth as tab-separated lines `a b grain kind note`, the columns of `corpus/expected/pairs.tsv`.
///
/// # Errors
/// When writing fails.
pub fn write_truth(generated: &Generated, out: &mut impl Write) -> io::Result<()> {
    out.write_all(b"a\tb\tgrain\tkind\tnote\n")?;
    for (copy, base, kind) in &generated.truth {
        writeln!(out, "{copy}\t{base}\tdocument\t{kind}\tgenerated")?;
    }
    Ok(())
}

// ---- chance -------------------------------------------------------------------------------------------------------

/// SplitMix64.
struct Rng(u64);

impl Rng {
    /// The stream for one purpose (`salt`) of one document.
    fn new(seed: u64, index: usize, salt: u64) -> Self {
        Rng(mix(mix(seed ^ 0x5eed) ^ mix(index as u64) ^ mix(salt << 32)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        finish(self.0)
    }

    fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    fn within(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    /// True in `per_mille` of 1000 cases.
    fn chance(&mut self, per_mille: usize) -> bool {
        self.below(1000) < per_mille
    }

    /// A rank of a law with a long tail: blocks of double size, each with 0.68 of the chance of the one before, so
    /// that the number of different ranks among n draws grows as n to the power 0.64.
    fn rank(&mut self, block: u64) -> u64 {
        let (mut low, mut size) = (0, block);
        while size < 1 << 40 && self.chance(680) {
            low += size;
            size *= 2;
        }
        low + self.below(size as usize) as u64
    }
}

fn finish(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn mix(x: u64) -> u64 {
    finish(x.wrapping_add(0x9e37_79b9_7f4a_7c15))
}

// ---- languages ----------------------------------------------------------------------------------------------------

/// What sites print around articles. `{t}` is a title, `{s}` a site, `{n}` a name.
struct Phrases {
    language: &'static str,
    byline: &'static str,
    links: [&'static str; 2],
    tail: &'static str,
}

#[rustfmt::skip]
const PHRASES: &[Phrases] = &[
    Phrases { language: "en", byline: "By {n}", links: ["READ ALSO: {t}", "Read More >> {t}"], tail: "The post {t} appeared first on {s}." },
    Phrases { language: "ar", byline: "بقلم {n}", links: ["اقرأ أيضًا: {t}", "شاهد أيضًا: {t}"], tail: "ظهرت المقالة {t} أولًا على {s}." },
    Phrases { language: "de", byline: "Von {n}", links: ["Lesen Sie auch: {t}", "Mehr zum Thema: {t}"], tail: "Der Beitrag {t} erschien zuerst auf {s}." },
    Phrases { language: "es", byline: "Por {n}", links: ["LEA TAMBIÉN: {t}", "Te puede interesar: {t}"], tail: "La entrada {t} se publicó primero en {s}." },
    Phrases { language: "fr", byline: "Par {n}", links: ["Lire aussi : {t}", "À lire également : {t}"], tail: "L'article {t} est apparu en premier sur {s}." },
    Phrases { language: "ha", byline: "Daga {n}", links: ["KARANTA KUMA: {t}", "Karin labari: {t}"], tail: "An fara wallafa {t} a {s}." },
    Phrases { language: "hi", byline: "संवाददाता {n}", links: ["यह भी पढ़ें: {t}", "इसे भी पढ़ें: {t}"], tail: "{t} सबसे पहले {s} पर प्रकाशित हुआ।" },
    Phrases { language: "id", byline: "Oleh {n}", links: ["BACA JUGA: {t}", "Baca selengkapnya: {t}"], tail: "Artikel {t} pertama kali tayang di {s}." },
    Phrases { language: "ja", byline: "記者　{n}", links: ["あわせて読みたい：{t}", "関連記事：{t}"], tail: "投稿「{t}」は {s} に最初に表示されました。" },
    Phrases { language: "pt", byline: "Por {n}", links: ["LEIA TAMBÉM: {t}", "Veja também: {t}"], tail: "O post {t} apareceu primeiro em {s}." },
    Phrases { language: "ru", byline: "Автор: {n}", links: ["Читайте также: {t}", "По теме: {t}"], tail: "Запись {t} впервые появилась на {s}." },
    Phrases { language: "sw", byline: "Na {n}", links: ["SOMA PIA: {t}", "Soma zaidi: {t}"], tail: "Makala {t} ilichapishwa kwanza na {s}." },
    Phrases { language: "th", byline: "โดย {n}", links: ["อ่านเพิ่มเติม: {t}", "ข่าวที่เกี่ยวข้อง: {t}"], tail: "บทความ {t} ปรากฏครั้งแรกที่ {s}" },
    Phrases { language: "tr", byline: "Haber: {n}", links: ["BUNU DA OKUYUN: {t}", "İlgili haber: {t}"], tail: "{t} yazısı ilk olarak {s} sitesinde yayımlandı." },
    Phrases { language: "zh", byline: "记者 {n}", links: ["延伸阅读：{t}", "相关新闻：{t}"], tail: "《{t}》首发于 {s}。" },
];

/// How many words are as common as the commonest.
const WORDS: u64 = 16;
/// How many names are as common as the commonest.
const NAMES: u64 = 256;

/// One language, learned from its articles.
struct Language {
    code: String,
    phrases: &'static Phrases,
    /// Words are written with spaces between them; where not, a word is a character or a cluster of characters.
    spaced: bool,
    stop: &'static str,
    comma: &'static str,
    /// By falling count.
    words: Vec<String>,
    /// Where each word is cut in two.
    cuts: Vec<usize>,
    /// The words seen after each word, as often as seen; empty for words seen too rarely to say anything.
    followers: Vec<Vec<u32>>,
    /// About how many words were seen: the language's weight.
    tokens: usize,
}

impl Language {
    fn new(code: &str, articles: &[&Article]) -> Self {
        let spaced = !matches!(code, "zh" | "ja" | "th");
        let mut sentences: Vec<Vec<String>> = Vec::new();
        for article in articles {
            for sentence in article.text.split(['.', '\n', '?', '!', '。', '।', '؟', '»', '”']) {
                let tokens = if spaced { spaced_tokens(sentence, code) } else { clusters(sentence) };
                if !tokens.is_empty() {
                    sentences.push(tokens);
                }
            }
        }
        let mut counts: HashMap<&str, (usize, usize)> = HashMap::new();
        for (at, token) in sentences.iter().flatten().enumerate() {
            counts.entry(token).or_insert((0, at)).0 += 1;
        }
        let mut ranked: Vec<(&str, (usize, usize))> = counts.into_iter().collect();
        // By falling count, then by first place.
        ranked.sort_unstable_by_key(|&(_, (count, first))| (std::cmp::Reverse(count), first));
        let ranks: HashMap<&str, u32> = ranked.iter().zip(0..).map(|(&(word, _), rank)| (word, rank)).collect();
        let mut followers = vec![Vec::new(); ranked.len()];
        for pair in sentences.iter().flat_map(|sentence| sentence.windows(2)) {
            followers[ranks[pair[0].as_str()] as usize].push(ranks[pair[1].as_str()]);
        }
        for seen in &mut followers {
            if seen.len() < 4 {
                seen.clear();
            }
        }
        let words: Vec<String> = ranked.iter().map(|&(word, _)| word.to_owned()).collect();
        let cuts = words
            .iter()
            .map(|word| {
                let half = word.chars().count().div_ceil(2);
                word.char_indices().nth(half).map_or(word.len(), |(at, _)| at)
            })
            .collect();
        Language {
            code: code.to_owned(),
            phrases: PHRASES.iter().find(|phrases| phrases.language == code).unwrap_or(&PHRASES[0]),
            spaced,
            stop: match code {
                "zh" | "ja" => "。",
                "hi" => "।",
                "th" => "",
                _ => ".",
            },
            comma: match code {
                "zh" => "，",
                "ja" => "、",
                "ar" => "،",
                "th" => " ",
                _ => ",",
            },
            words,
            cuts,
            followers,
            // Two characters are about a word.
            tokens: sentences.iter().map(Vec::len).sum::<usize>().div_ceil(if spaced { 1 } else { 2 }),
        }
    }

    /// The word of a rank: a real one, or one put together from the halves of real ones.
    fn push_word(&self, rank: u64, out: &mut String) {
        let known = self.words.len() as u64;
        if rank < known {
            out.push_str(&self.words[rank as usize]);
            return;
        }
        let hash = mix(rank);
        let piece = |shift: u32| ((hash >> shift) & 0xf_ffff) as usize % self.words.len();
        let (a, b) = (piece(0), piece(20));
        out.push_str(&self.words[a][..self.cuts[a]]);
        if rank > known * known / 16 {
            let c = piece(40);
            out.push_str(&self.words[c][..self.cuts[c]]);
        }
        if self.spaced {
            out.push_str(&self.words[b][self.cuts[b]..]);
        } else {
            out.push_str(&self.words[b]);
        }
    }

    fn push_capitalised(&self, rank: u64, out: &mut String) {
        let start = out.len();
        self.push_word(rank, out);
        capitalise(out, start);
    }

    /// One of 256 first names, and a last name that two share.
    fn push_name(&self, value: u64, out: &mut String) {
        let beyond = self.words.len() as u64 + (1 << 20);
        self.push_capitalised(beyond + (mix(value) & 0xff), out);
        out.push_str(if self.spaced { " " } else { "" });
        self.push_capitalised(beyond + 512 + value / 2, out);
    }

    fn push_number(value: u64, out: &mut String) {
        let x = value >> 3;
        // Writing to a string cannot fail.
        let _ = match value & 7 {
            0 => write!(out, "{}", 1950 + x % 80),
            1 => write!(out, "{}.{}", 1 + x % 99, x / 99 % 10),
            2 | 3 => write!(out, "{},{:03}", 1 + x % 900, x / 900 % 1000),
            _ => write!(out, "{}", 2 + x % 998),
        };
    }

    /// The tokens as a line of text, without a stop.
    fn push_line(&self, tokens: &[Token], out: &mut String) {
        let start = out.len();
        for (at, token) in tokens.iter().enumerate() {
            if self.spaced && at > 0 {
                out.push(' ');
            }
            match token.kind {
                Kind::Word => self.push_word(token.value, out),
                Kind::Name => self.push_name(token.value, out),
                Kind::Number => Self::push_number(token.value, out),
            }
            if token.comma && at + 1 < tokens.len() {
                out.push_str(self.comma);
            }
        }
        capitalise(out, start);
    }

    fn paragraph(&self, sentences: &[Vec<Token>]) -> String {
        let mut out = String::new();
        for (at, sentence) in sentences.iter().enumerate() {
            if at > 0 && (self.spaced || self.stop.is_empty()) {
                out.push(' ');
            }
            self.push_line(sentence, &mut out);
            out.push_str(self.stop);
        }
        out
    }

    fn line(&self, tokens: &[Token]) -> String {
        let mut out = String::new();
        self.push_line(tokens, &mut out);
        out
    }

    fn name(&self, rng: &mut Rng) -> String {
        let mut out = String::new();
        self.push_name(rng.rank(NAMES), &mut out);
        out
    }

    /// `slots` of 1000 tokens are names or numbers.
    fn sentence(&self, rng: &mut Rng, tokens: usize, slots: usize) -> Vec<Token> {
        let mut sentence = Vec::with_capacity(tokens);
        let mut last = None;
        for at in 0..tokens {
            let comma = at > 3 && rng.chance(60);
            if rng.chance(slots) {
                let (kind, value) =
                    if rng.chance(500) { (Kind::Name, rng.rank(NAMES)) } else { (Kind::Number, rng.next() >> 16) };
                sentence.push(Token { kind, comma, value });
                last = None;
                continue;
            }
            let value = self.word(rng, last);
            sentence.push(Token { kind: Kind::Word, comma, value });
            last = Some(value);
        }
        sentence
    }

    fn word(&self, rng: &mut Rng, last: Option<u64>) -> u64 {
        if let Some(seen) = last.and_then(|rank| self.followers.get(rank as usize))
            && !seen.is_empty()
            && rng.chance(550)
        {
            return u64::from(seen[rng.below(seen.len())]);
        }
        rng.rank(WORDS)
    }
}

fn capitalise(text: &mut String, start: usize) {
    let Some(first) = text[start..].chars().next() else { return };
    if first.is_lowercase() {
        let upper: String = first.to_uppercase().collect();
        text.replace_range(start..start + first.len_utf8(), &upper);
    }
}

fn spaced_tokens(sentence: &str, code: &str) -> Vec<String> {
    let punctuation = |c: char| c.is_ascii_punctuation() || "“”„«»‘’…–—،؛؟।".contains(c);
    sentence
        .split_whitespace()
        .map(|token| token.trim_matches(punctuation))
        .filter(|token| !token.is_empty() && !token.contains(|c: char| c.is_numeric()))
        .enumerate()
        // The real names stay out: names are made. (German nouns look like names.)
        .filter(|&(at, token)| at == 0 || code == "de" || !token.starts_with(char::is_uppercase))
        .map(|(at, token)| if at == 0 && code != "de" { token.to_lowercase() } else { token.to_owned() })
        .collect()
}

/// Characters, with Thai vowels and tone marks kept with the consonant they belong to.
fn clusters(sentence: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut open = false;
    for c in sentence.chars() {
        let follows = matches!(c, '\u{e30}'..='\u{e3a}' | '\u{e45}' | '\u{e47}'..='\u{e4e}');
        if !(c.is_alphabetic() || follows) || c.is_ascii() {
            open = false;
            continue;
        }
        match out.last_mut() {
            Some(last) if open || follows => last.push(c),
            _ => out.push(c.into()),
        }
        open = matches!(c, '\u{e40}'..='\u{e44}');
    }
    out
}

// ---- documents ----------------------------------------------------------------------------------------------------

#[derive(Clone, Copy)]
enum Kind {
    Word,
    Name,
    Number,
}

/// A word before it is spelled.
#[derive(Clone, Copy)]
struct Token {
    kind: Kind,
    comma: bool,
    value: u64,
}

/// A document before it is spelled.
struct Draft {
    title: Vec<Token>,
    paragraphs: Vec<Vec<Vec<Token>>>,
}

impl Draft {
    fn len(&self) -> usize {
        self.paragraphs.iter().flatten().map(Vec::len).sum()
    }
}

/// What is settled of a base before its text.
#[derive(Clone, Copy)]
struct Head {
    language: usize,
    site: usize,
    bulletin: bool,
}

#[derive(Clone, Copy)]
enum Operator {
    Exact,
    Cut,
    Lead,
    Byline,
    Edit,
    Excerpt,
    Dress,
    Template,
}

impl Operator {
    fn kind(self) -> &'static str {
        match self {
            Operator::Exact => "exact",
            Operator::Excerpt => "excerpt",
            Operator::Template => "template",
            Operator::Cut | Operator::Lead | Operator::Byline | Operator::Edit | Operator::Dress => "near",
        }
    }
}

/// How a site prints.
struct Site {
    name: String,
    /// What stands between paragraphs.
    separator: &'static str,
    byline: bool,
    link: Option<usize>,
    tail: Tail,
}

#[derive(Clone, Copy)]
enum Tail {
    None,
    FirstOn,
    Title,
}

/// A printed document in pieces.
struct Printed {
    blocks: Vec<String>,
    /// The paragraphs among the blocks: `first..links` and, after an inserted link if there is one, `rest..end`.
    runs: [std::ops::Range<usize>; 2],
    separator: &'static str,
}

const SITE_FIRST: [&str; 12] =
    ["daily", "coast", "river", "northern", "city", "evening", "new", "valley", "open", "first", "harbour", "plain"];
const SITE_LAST: [&str; 12] =
    ["lantern", "courier", "herald", "post", "wire", "echo", "ledger", "voice", "times", "mirror", "observer", "bell"];

struct Maker {
    languages: Vec<Language>,
    weights: usize,
    seed: u64,
    /// Of 2^53.
    copies: u64,
    sites: usize,
}

impl Maker {
    fn new(articles: &[Article], options: &Options) -> Self {
        let mut by_language: Vec<(&str, Vec<&Article>)> = Vec::new();
        for article in articles {
            match by_language.iter_mut().find(|(code, _)| *code == article.language) {
                Some((_, list)) => list.push(article),
                None => by_language.push((&article.language, vec![article])),
            }
        }
        by_language.sort_by_key(|&(code, _)| code);
        let languages: Vec<Language> = by_language.iter().map(|(code, list)| Language::new(code, list)).collect();
        let weights = languages.iter().map(|language| language.tokens).sum();
        assert!(weights > 0, "there are no words in the articles");
        Maker {
            languages,
            weights,
            seed: options.seed,
            copies: (options.copies.clamp(0.0, 1.0) * (1_u64 << 53) as f64) as u64,
            sites: (options.documents / 2000).clamp(6, 144),
        }
    }

    /// The base that a document is derived from, or none if it is one.
    fn origin(&self, index: usize) -> Option<usize> {
        let mut at = index;
        while at > 0 {
            let mut rng = Rng::new(self.seed, at, 0);
            if rng.next() >> 11 >= self.copies {
                break;
            }
            at = rng.below(at);
        }
        (at != index).then_some(at)
    }

    fn head(&self, base: usize) -> Head {
        let mut rng = Rng::new(self.seed, base, 1);
        let mut at = rng.below(self.weights);
        let mut language = 0;
        while at >= self.languages[language].tokens {
            at -= self.languages[language].tokens;
            language += 1;
        }
        Head { language, site: rng.below(self.sites), bulletin: rng.chance(80) }
    }

    fn title(&self, base: usize) -> Vec<Token> {
        let head = self.head(base);
        let mut rng = Rng::new(self.seed, base, 2);
        let tokens = rng.within(6, 12);
        self.languages[head.language].sentence(&mut rng, tokens, if head.bulletin { 300 } else { 120 })
    }

    fn draft(&self, base: usize) -> Draft {
        let head = self.head(base);
        let language = &self.languages[head.language];
        let mut rng = Rng::new(self.seed, base, 3);
        let slots = if head.bulletin { 320 } else { 70 };
        // Short texts are commoner than long ones: the less of two draws.
        let wanted =
            if head.bulletin { rng.within(60, 90) } else { rng.within(60, 380).min(rng.within(60, 380)).max(60) };
        let mut paragraphs = Vec::new();
        let mut made = 0;
        while made < wanted {
            let mut paragraph = Vec::new();
            for _ in 0..rng.within(2, 4) {
                let tokens = rng.within(8, 26);
                paragraph.push(language.sentence(&mut rng, tokens, slots));
                made += tokens;
                if made >= wanted && paragraph.len() >= 2 {
                    break;
                }
            }
            paragraphs.push(paragraph);
        }
        Draft { title: self.title(base), paragraphs }
    }

    fn site(&self, language: usize, site: usize) -> Site {
        let code = &self.languages[language].code;
        let mut rng = Rng::new(self.seed, language * 1000 + site, 4);
        let (first, last) = (SITE_FIRST[site % 12], SITE_LAST[(site / 12 + site) % 12]);
        Site {
            name: format!("{first}-{last}.{code}.example"),
            separator: ["\n\n", "\n\n", "\n", " "][rng.below(4)],
            byline: rng.chance(250),
            link: rng.chance(350).then(|| rng.below(2)),
            tail: [Tail::None, Tail::None, Tail::FirstOn, Tail::Title][rng.below(4)],
        }
    }

    /// The title of another base in the same language.
    fn other_title(&self, language: usize, index: usize, base: usize, rng: &mut Rng) -> String {
        for _ in 0..24 {
            let at = rng.below(index + 1);
            let other = self.origin(at).unwrap_or(at);
            if other != base && self.head(other).language == language {
                return self.languages[language].line(&self.title(other));
            }
        }
        let tokens = rng.within(6, 12);
        self.languages[language].line(&self.languages[language].sentence(rng, tokens, 120))
    }

    /// Prints paragraphs as a site does.
    fn print(&self, index: usize, base: usize, head: Head, site: &Site, title: &str, body: Vec<String>) -> Printed {
        let language = &self.languages[head.language];
        let mut rng = Rng::new(self.seed, index, 5);
        let mut blocks = Vec::with_capacity(body.len() + 3);
        if site.byline {
            blocks.push(language.phrases.byline.replace("{n}", &language.name(&mut rng)));
        }
        let first = blocks.len();
        let after = first + rng.within(1, 2).min(body.len());
        blocks.extend(body);
        let mut runs = [first..blocks.len(), 0..0];
        if let Some(link) = site.link {
            let promoted = self.other_title(head.language, index, base, &mut rng);
            blocks.insert(after, language.phrases.links[link].replace("{t}", &promoted));
            runs = [first..after, after + 1..blocks.len()];
        }
        match site.tail {
            Tail::None => {}
            Tail::FirstOn => blocks.push(language.phrases.tail.replace("{t}", title).replace("{s}", &site.name)),
            Tail::Title => blocks.push(title.to_owned()),
        }
        Printed { blocks, runs, separator: site.separator }
    }

    fn print_base(&self, base: usize, draft: &Draft) -> (Site, String, Printed) {
        let head = self.head(base);
        let language = &self.languages[head.language];
        let site = self.site(head.language, head.site);
        let title = language.line(&draft.title);
        let body = draft.paragraphs.iter().map(|paragraph| language.paragraph(paragraph)).collect();
        let printed = self.print(base, base, head, &site, &title, body);
        (site, title, printed)
    }

    fn document(&self, index: usize) -> (Doc, Option<(usize, &'static str)>) {
        let Some(base) = self.origin(index) else {
            let (site, title, printed) = self.print_base(index, &self.draft(index));
            return (doc(index, site.name, title, printed.blocks.join(printed.separator)), None);
        };
        let head = self.head(base);
        let mut rng = Rng::new(self.seed, index, 6);
        let operator = operator(&mut rng, head.bulletin);
        let (source, title, text) = self.copy(index, base, head, operator, &mut rng);
        (doc(index, source, title, text), Some((base, operator.kind())))
    }

    fn copy(
        &self,
        index: usize,
        base: usize,
        head: Head,
        operator: Operator,
        rng: &mut Rng,
    ) -> (String, String, String) {
        let language = &self.languages[head.language];
        let mut draft = self.draft(base);
        let place = (head.site + 1 + rng.below(self.sites - 1)) % self.sites;
        let mut site = self.site(head.language, place);
        // Its own headline in two of five.
        let own_title = |rng: &mut Rng| {
            rng.chance(400).then(|| {
                let tokens = rng.within(6, 12);
                language.sentence(rng, tokens, 120)
            })
        };
        match operator {
            Operator::Exact => {
                let (_, title, printed) = self.print_base(base, &draft);
                let separator = if rng.chance(500) { printed.separator } else { "\n" };
                return (site.name, title, printed.blocks.join(separator));
            }
            Operator::Excerpt => {
                let text = self.excerpt(base, &draft, language, rng);
                let title = own_title(rng).unwrap_or(draft.title);
                return (site.name, language.line(&title), text);
            }
            Operator::Template => {
                let slots = draft.paragraphs.iter_mut().flatten().chain([&mut draft.title]).flatten();
                for token in slots {
                    match token.kind {
                        Kind::Word => {}
                        Kind::Name => token.value = rng.rank(NAMES),
                        Kind::Number => token.value = rng.next() >> 16,
                    }
                }
            }
            Operator::Lead => new_lead(&mut draft, language, rng),
            Operator::Edit => light_edit(&mut draft, rng),
            Operator::Dress => {
                site.link = Some(rng.below(2));
                site.tail = Tail::FirstOn;
            }
            Operator::Cut | Operator::Byline => {}
        }
        if !matches!(operator, Operator::Template)
            && let Some(title) = own_title(rng)
        {
            draft.title = title;
        }
        let mut ellipsis = "";
        if matches!(operator, Operator::Cut) {
            let keep = draft.len() * rng.within(70, 92) / 100;
            cut_tail(&mut draft, keep);
            ellipsis = [" […]", "...", "…"][rng.below(3)];
        }
        let title = language.line(&draft.title);
        let mut body: Vec<String> = draft.paragraphs.iter().map(|paragraph| language.paragraph(paragraph)).collect();
        if let Some(last) = body.last_mut().filter(|_| !ellipsis.is_empty()) {
            last.truncate(last.len() - language.stop.len());
            last.push_str(ellipsis);
        }
        if matches!(operator, Operator::Byline) {
            byline(&mut body, language, &mut site, rng);
        }
        let printed = self.print(index, base, head, &site, &title, body);
        (site.name, title, printed.blocks.join(printed.separator))
    }

    /// A quarter to a half of a base, as it stands there.
    fn excerpt(&self, base: usize, draft: &Draft, language: &Language, rng: &mut Rng) -> String {
        let (_, _, printed) = self.print_base(base, draft);
        let total = draft.len();
        let sizes: Vec<usize> = draft.paragraphs.iter().map(|p| p.iter().map(Vec::len).sum()).collect();
        let start = rng.below(sizes.len());
        for from in (0..sizes.len()).map(|step| (start + step) % sizes.len()) {
            let (run, skipped) = if from < printed.runs[0].len() {
                (&printed.runs[0], 0)
            } else {
                (&printed.runs[1], printed.runs[0].len())
            };
            let mut words = 0;
            for (to, size) in sizes.iter().enumerate().take(skipped + run.len()).skip(from) {
                words += size;
                if words * 2 > total {
                    break;
                }
                if words * 4 >= total {
                    let block = |paragraph: usize| run.start + paragraph - skipped;
                    return printed.blocks[block(from)..=block(to)].join(printed.separator);
                }
            }
        }
        // No run of paragraphs is of that size: the longest run of sentences within one that is at most a half.
        let mut longest: (usize, &[Vec<Token>]) = (0, &[]);
        for sentences in &draft.paragraphs {
            for from in 0..sentences.len() {
                let (mut to, mut words) = (from, 0);
                while to < sentences.len() && (words + sentences[to].len()) * 2 <= total {
                    words += sentences[to].len();
                    to += 1;
                }
                if words > longest.0 {
                    longest = (words, &sentences[from..to]);
                }
            }
        }
        language.paragraph(longest.1)
    }
}

fn operator(rng: &mut Rng, bulletin: bool) -> Operator {
    let draw = rng.below(100);
    if bulletin {
        return match draw {
            0..75 => Operator::Template,
            75..90 => Operator::Exact,
            _ => Operator::Byline,
        };
    }
    match draw {
        0..15 => Operator::Exact,
        15..35 => Operator::Cut,
        35..47 => Operator::Lead,
        47..60 => Operator::Byline,
        60..75 => Operator::Edit,
        75..87 => Operator::Excerpt,
        _ => Operator::Dress,
    }
}

/// Another first sentence: in place of the old one, or before it where that is much of the text.
fn new_lead(draft: &mut Draft, language: &Language, rng: &mut Rng) {
    let tokens = rng.within(10, 16);
    let lead = language.sentence(rng, tokens, 120);
    let total = draft.len();
    let first = &mut draft.paragraphs[0];
    if first[0].len() * 4 < total {
        first[0] = lead;
    } else {
        first.insert(0, lead);
    }
}

/// Other words here and there, one in forty and at least one; half of the time a figure is corrected.
fn light_edit(draft: &mut Draft, rng: &mut Rng) {
    let total = draft.len();
    let forced = rng.below(total);
    let figure = rng.chance(500).then(|| rng.below(total));
    let mut figure_due = false;
    for (at, token) in draft.paragraphs.iter_mut().flatten().flatten().enumerate() {
        figure_due |= Some(at) == figure;
        match token.kind {
            Kind::Number if figure_due => {
                token.value = rng.next() >> 16;
                figure_due = false;
            }
            Kind::Word if at == forced || rng.chance(25) => token.value = rng.rank(WORDS),
            Kind::Name if at == forced => token.value = rng.rank(NAMES),
            Kind::Number if at == forced => token.value = rng.next() >> 16,
            _ => {}
        }
    }
}

fn cut_tail(draft: &mut Draft, mut keep: usize) {
    for paragraph in &mut draft.paragraphs {
        for sentence in paragraph.iter_mut() {
            sentence.truncate(keep);
            keep -= sentence.len();
        }
        paragraph.retain(|sentence| !sentence.is_empty());
    }
    draft.paragraphs.retain(|paragraph| !paragraph.is_empty());
}

fn byline(body: &mut [String], language: &Language, site: &mut Site, rng: &mut Rng) {
    let agency = ["NWA", "Interwire", "CPA"][rng.below(3)];
    let mut city = String::new();
    language.push_capitalised(language.words.len() as u64 + rng.rank(WORDS), &mut city);
    let form = rng.below(3);
    site.byline = form == 0 || rng.chance(300);
    if form < 2 {
        let dateline =
            if rng.chance(500) { format!("{} ({agency}) — ", city.to_uppercase()) } else { format!("{city} — ") };
        body[0].insert_str(0, &dateline);
    }
    if form > 0
        && let Some(last) = body.last_mut()
    {
        let _ = write!(last, " ({agency})");
    }
}

fn id(index: usize) -> String {
    format!("g{index:07}")
}

fn doc(index: usize, source: String, title: String, text: String) -> Doc {
    Doc { id: id(index), source, date: date(index), title, text }
}

/// A document every 37 seconds from the start of 2020.
fn date(index: usize) -> String {
    let seconds = index as u64 * 37;
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Days from 1 March 2000, in eras of 400 years, as in Howard Hinnant's `civil_from_days`.
    let days = days + 7_245;
    let (era, day) = (days / 146_097, days % 146_097);
    let year_of_era = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = 2000 + era * 400 + year_of_era + u64::from(month < 3);
    let day = day - (153 * shifted + 2) / 5 + 1;
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", rest / 3600, rest / 60 % 60, rest % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn articles() -> Vec<Article> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/articles");
        read_folder(&folder).expect("the corpus can be read")
    }

    fn made(documents: usize, seed: u64) -> Generated {
        generate(&articles(), &Options { documents, seed, copies: 0.4 })
    }

    fn find<'a>(generated: &'a Generated, id: &str) -> &'a Doc {
        &generated.documents[id[1..].parse::<usize>().expect("an id is a g and a number")]
    }

    fn words(text: &str) -> Vec<&str> {
        text.split_whitespace().collect()
    }

    fn shingles(text: &str) -> HashSet<Vec<&str>> {
        words(text).windows(3).map(<[_]>::to_vec).collect()
    }

    /// Without spaces and line ends.
    fn squeezed(text: &str) -> String {
        text.split_whitespace().collect()
    }

    #[test]
    fn one_seed_gives_one_corpus() {
        let (a, b) = (made(300, 7), made(300, 7));
        assert_eq!(a, b);
        assert_ne!(a.documents, made(300, 8).documents);
    }

    #[test]
    fn a_longer_corpus_begins_with_the_same_documents() {
        let (short, long) = (made(200, 7), made(400, 7));
        assert_eq!(short.documents[..], long.documents[..200]);
    }

    /// FNV-1a over the JSON Lines: changes when the corpus or this file does, and must then be set anew on purpose.
    #[test]
    fn the_bytes_do_not_depend_on_the_machine() {
        let article = |language: &str, text: &str| Article {
            language: language.to_owned(),
            text: text.to_owned(),
            ..Article::default()
        };
        let articles = [
            article(
                "en",
                "The ferry left the harbour before dawn and the harbour lights went out one by one. The crew of the ferry saw the storm.",
            ),
            article(
                "ru",
                "Паром вышел из порта до рассвета, и огни порта погасли один за другим. Команда парома видела шторм.",
            ),
            article("zh", "渡轮在黎明前离开港口，港口的灯一盏一盏熄灭。"),
        ];
        let generated = generate(&articles, &Options { documents: 200, seed: 1, copies: 0.5 });
        let mut bytes = Vec::new();
        write_jsonl(&generated, &mut bytes).expect("a vector takes all");
        let hash = bytes
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
        assert_eq!(hash, GOLDEN, "the hash is now {hash:#x}");
    }

    const GOLDEN: u64 = 0x9769_9cfb_9043_826f;

    #[test]
    fn the_truth_holds() {
        let generated = made(3000, 11);
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for (copy, base, kind) in &generated.truth {
            *seen.entry(kind).or_default() += 1;
            assert!(base < copy, "a copy comes after its base");
            let (copy, base) = (find(&generated, copy), find(&generated, base));
            assert_ne!(copy.source, base.source, "{}", copy.id);
            match *kind {
                "exact" => assert_eq!(squeezed(&copy.text), squeezed(&base.text), "{}", copy.id),
                "excerpt" => {
                    assert!(base.text.contains(&copy.text), "{} in {}", copy.id, base.id);
                    let share = copy.text.len() as f64 / base.text.len() as f64;
                    assert!(share < 0.6, "{} is {share} of {}", copy.id, base.id);
                }
                "template" => {
                    let digits = |text: &str| text.matches(|c: char| c.is_ascii_digit()).collect::<String>();
                    assert_ne!(digits(&copy.text), digits(&base.text), "{}", copy.id);
                }
                "near" => {
                    assert_ne!(squeezed(&copy.text), squeezed(&base.text), "{}", copy.id);
                    let (a, b) = (shingles(&copy.text), shingles(&base.text));
                    let least = a.len().min(b.len());
                    // Where words are not spaced, a shingle spans sentences.
                    if least > 40 {
                        let shared = a.intersection(&b).count();
                        assert!(shared * 100 > least * 55, "{} and {}: {shared} of {least}", copy.id, base.id);
                    }
                }
                other => panic!("no such kind: {other}"),
            }
        }
        for kind in ["exact", "near", "excerpt", "template"] {
            assert!(seen.get(kind).is_some_and(|&count| count > 10), "{kind}: {seen:?}");
        }
        let share = generated.truth.len() as f64 / 3000.0;
        assert!((0.36..0.44).contains(&share), "{share}");
    }

    #[test]
    fn bases_share_no_passage() {
        let options = Options { documents: 1500, seed: 3, copies: 0.0 };
        let maker = Maker::new(&articles(), &options);
        let mut first: HashMap<String, usize> = HashMap::new();
        for base in 0..options.documents {
            let language = &maker.languages[maker.head(base).language];
            for paragraph in &maker.draft(base).paragraphs {
                let text = language.paragraph(paragraph);
                // Where words are not spaced, 18 characters are about 10 words.
                let (words, size) = if language.spaced {
                    (text.split(' ').map(str::to_owned).collect::<Vec<_>>(), 9)
                } else {
                    (text.chars().map(String::from).collect(), 18)
                };
                for passage in words.windows(size) {
                    let passage = passage.join(" ");
                    let other = *first.entry(passage.clone()).or_insert(base);
                    assert_eq!(other, base, "both hold: {passage}");
                }
            }
        }
    }

    #[test]
    fn the_vocabulary_keeps_growing() {
        let count = |documents| {
            let generated = made(documents, 5);
            generated.documents.iter().flat_map(|document| words(&document.text)).collect::<HashSet<_>>().len()
        };
        let growth = count(4000) as f64 / count(1000) as f64;
        assert!((1.8..3.6).contains(&growth), "four times the documents give {growth} times the words");
    }

    #[test]
    fn dates_are_dates() {
        assert_eq!(date(0), "2020-01-01T00:00:00Z");
        assert_eq!(date(59 * 86_400 / 37 + 1), "2020-02-29T00:00:01Z");
        assert_eq!(date(366 * 86_400 / 37 + 1), "2021-01-01T00:00:20Z");
    }

    #[test]
    fn few_documents_and_extreme_shares_are_fine() {
        let articles = [Article { language: "en".into(), text: "One word.".into(), ..Article::default() }];
        for documents in [0, 1, 2] {
            for copies in [0.0, 1.0, f64::NAN] {
                let generated = generate(&articles, &Options { documents, seed: 1, copies });
                assert_eq!(generated.documents.len(), documents);
            }
        }
    }
}
