//! Calls to action that are put together from parts: a verb, an object, a word for the site itself.
//!
//! No table holds every wording of "Join our channel on Telegram for the latest news". The parts are few and known; what
//! tells a call from a sentence about Facebook is that a verb in the imperative opens its clause (or closes it, where the
//! language puts verbs last), and that the line asks for something of the site's own.

use std::sync::LazyLock;

use ahash::AHashMap;

use super::language::{CAPITAL_NOUNS, Language, language};
use super::phrases::{Phrases, rows};
use super::prose::is_small_word;
use super::spelling::{beginnings, folded, spellings};
use super::thresholds::MAX_COMPOSED_CALL_WORDS;
use crate::boilerplate::text::View;
use crate::boilerplate::text::surroundings::{ends_sentence, written};
use crate::segment::Line;
use crate::token::BIGRAMS_PER_WORD;

/// How sure it is that a line asks for something of its site's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// A clause of it has nothing to do with a call: "…, the mayor told residents."
    Apart,
    /// It asks for something, but names nothing of the site's own, or says more that is not known.
    Thin,
    /// It has all parts, and little else.
    Full,
}

const VERB: u8 = 1;
const FINAL: u8 = 2;
const OBJECT: u8 = 4;
const LETTER: u8 = 8;
const OWN: u8 = 16;
const AIM: u8 = 32;

/// A phrase of the table.
#[derive(Debug, Clone, Copy)]
struct Part {
    language: Language,
    roles: u8,
    /// Whether it is a name that is a common word as well unless it has a capital: "Line".
    capital: bool,
}

/// The known parts.
struct Parts {
    phrases: Phrases<Part>,
    /// Beginnings of words, in lower case without accents.
    prefixes: AHashMap<String, Vec<Part>>,
}

static PARTS: LazyLock<Parts> = LazyLock::new(|| {
    let mut prefixes: AHashMap<String, Vec<Part>> = AHashMap::new();
    let mut phrases = Vec::new();
    for row in rows(include_str!("../../data/call_parts.tsv")) {
        let [code, part, phrase] = row[..] else { continue };
        let Some(roles) = roles(part) else { continue };
        let part = Part { language: language(code), roles, capital: code == "*" && !phrase.contains(['*', ' ']) };
        match phrase.strip_suffix('*') {
            Some(beginning) => prefixes.entry(folded(beginning)).or_default().push(part),
            None => phrases.extend(spellings(part.language, phrase).into_iter().map(|(words, _)| (words, part))),
        }
    }
    Parts { phrases: Phrases::of_words(phrases), prefixes }
});

/// Returns the roles that the table writes as `verb`, or as `verb+own`.
fn roles(part: &str) -> Option<u8> {
    part.split('+').try_fold(0, |roles, role| {
        let role = match role {
            "verb" => VERB,
            "final" => FINAL,
            "object" => OBJECT,
            "letter" => LETTER,
            "own" => OWN,
            "aim" => AIM,
            "small" => 0,
            _ => return None,
        };
        Some(roles | role)
    })
}

/// Returns whether a line is a call put together from parts, and how sure that is.
pub(super) fn composed(view: View, line: &Line) -> Option<Fit> {
    let spaceless = line.range().any(|i| view.is_spaceless(i));
    let most = if spaceless { MAX_COMPOSED_CALL_WORDS * BIGRAMS_PER_WORD } else { MAX_COMPOSED_CALL_WORDS };
    if line.len() < 2 || line.len() > most {
        return None;
    }
    let verbs = line.range().flat_map(|i| PARTS.phrases.at(&view.tokens[i..line.end]));
    let mut languages: Vec<Language> =
        verbs.filter(|(_, part)| part.roles & (VERB | FINAL) != 0).map(|(_, part)| part.language).collect();
    languages.sort_unstable();
    languages.dedup();
    languages.into_iter().filter_map(|language| Sentence::read(view, line, language).fit()).max()
}

/// Returns the number of words of the longest part of a language at token `i` of a line.
pub(super) fn part(view: View, line: &Line, i: usize, language: Language) -> Option<usize> {
    part_at(view, line, i, language).map(|(len, _)| len)
}

/// Returns the longest part at token `i`: its number of words and its roles.
fn part_at(view: View, line: &Line, i: usize, language: Language) -> Option<(usize, u8)> {
    let tokens = &view.tokens[i..line.end];
    let fits =
        |part: &Part| (part.language == language || part.language == *b"**") && (!part.capital || tokens[0].capital);
    let mut found = PARTS.phrases.at(tokens).filter(|(_, part)| fits(part));
    if let Some((len, part)) = found.next() {
        let same = found.take_while(|&(other, _)| other == len);
        return Some((len, same.fold(part.roles, |roles, (_, part)| roles | part.roles)));
    }
    let word = folded(view.of(i));
    let of = |beginning: &str| {
        let parts = PARTS.prefixes.get(beginning)?;
        let roles = parts.iter().filter(|part| fits(part)).fold(0, |roles, part| roles | part.roles);
        (roles != 0).then_some((1, roles))
    };
    beginnings(&word).filter_map(of).last()
}

/// A line read with the parts of one language.
struct Sentence<'a> {
    view: View<'a>,
    line: &'a Line,
    language: Language,
    /// The parts, each with its first token and one past its last.
    parts: Vec<(usize, usize, u8)>,
    /// For each byte of the line, whether a part or a small word covers it.
    known: Vec<bool>,
}

impl<'a> Sentence<'a> {
    fn read(view: View<'a>, line: &'a Line, language: Language) -> Self {
        let (from, to) = (view.tokens[line.start].start as usize, view.tokens[line.end - 1].end() as usize);
        let mut sentence = Sentence { view, line, language, parts: Vec::new(), known: vec![false; to - from] };
        let mut i = line.start;
        while i < line.end {
            let (len, roles) = part_at(view, line, i, language).unwrap_or_default();
            let end = i + len.max(1);
            let known = len > 0 || is_small_word(language, &view.tokens[i].word);
            if len > 0 {
                sentence.parts.push((i, end, roles));
            }
            if known {
                sentence.know(view.tokens[i].start as usize - from, view.tokens[end - 1].end() as usize - from);
            }
            // Bigrams overlap.
            let past = view.tokens[end - 1].end();
            i = if known { (end..line.end).find(|&i| view.tokens[i].start >= past).unwrap_or(line.end) } else { end };
        }
        sentence.know_addresses(&view.text[from..to]);
        sentence
    }

    fn know(&mut self, from: usize, to: usize) {
        let to = to.min(self.known.len());
        self.known[from.min(to)..to].fill(true);
    }

    /// Counts addresses and names after an "@" as known: they say where to follow.
    fn know_addresses(&mut self, text: &str) {
        let mut at = 0;
        for word in text.split_inclusive(char::is_whitespace) {
            if word.contains("://") || word.starts_with(['@', '#']) || word.starts_with("www.") {
                self.know(at, at + word.len());
            }
            at += word.len();
        }
    }

    fn is_known(&self, i: usize) -> bool {
        let from = self.view.tokens[self.line.start].start as usize;
        let (start, end) = (self.view.tokens[i].start as usize - from, self.view.tokens[i].end() as usize - from);
        self.known[start..end].iter().all(|&known| known)
    }

    /// Returns the clauses of the line as ranges of tokens: what stops, commas and dashes part.
    fn clauses(&self) -> Vec<(usize, usize)> {
        let ends = |&i: &usize| {
            let gap = self.view.before(i);
            gap.contains(|c: char| SEPARATORS.contains(c)) || gap.contains(" - ")
        };
        let starts: Vec<usize> =
            [self.line.start].into_iter().chain((self.line.start + 1..self.line.end).filter(ends)).collect();
        starts
            .iter()
            .enumerate()
            .map(|(n, &start)| (start, starts.get(n + 1).copied().unwrap_or(self.line.end)))
            .filter(|&(start, end)| !(start..end).all(|i| self.is_known(i) && self.roles(i, i + 1) == 0))
            .collect()
    }

    /// Returns the roles of all parts among some tokens.
    fn roles(&self, from: usize, to: usize) -> u8 {
        let within = self.parts.iter().filter(|(start, ..)| (from..to).contains(start));
        within.fold(0, |all, (_, _, roles)| all | roles)
    }

    /// Returns whether a verb opens a clause, or closes it.
    fn asks(&self, (from, to): (usize, usize)) -> bool {
        self.parts.iter().any(|&(start, end, roles)| {
            let opens = || (from..start).all(|i| self.is_known(i));
            let closes = || (end..to).all(|i| self.is_known(i));
            (from..to).contains(&start) && (roles & VERB != 0 && opens() || roles & FINAL != 0 && closes())
        })
    }

    /// Returns whether the line is a bar of links for sharing, put into one line: "Share on Facebook | Share on X | Print". It
    /// names at least two networks, and parts or repeats what one can do; it ends no sentence.
    fn is_bar(&self) -> bool {
        let Sentence { view, line, .. } = *self;
        let count = |role: u8| self.parts.iter().filter(|(.., roles)| roles & role != 0).count();
        let parted = |i: usize| view.before(i).contains(['|', '•', '·', '／', '/', '¦', ':', '：', '\u{2003}']);
        let parts = count(VERB | FINAL) >= 2 || (line.start + 1..line.end).any(parted);
        count(OBJECT) >= 2 && parts && !ends_sentence(written(view, line))
    }

    fn fit(&self) -> Option<Fit> {
        let Sentence { view, line, language, .. } = *self;
        let clauses = self.clauses();
        let roles = self.roles(line.start, line.end);
        if roles & (OBJECT | LETTER) == 0 || !clauses.iter().any(|&clause| self.asks(clause)) {
            return None;
        }
        let unknown: Vec<usize> = line.range().filter(|&i| !self.is_known(i)).collect();
        if unknown.is_empty() && self.is_bar() {
            return Some(Fit::Full);
        }
        let promise = self.promise();
        let in_promise = |i: &usize| promise.is_some_and(|start| start <= *i);
        let promised = unknown.iter().filter(|i| in_promise(i)).count();
        if (unknown.len() - promised) * 2 > line.len() {
            return None;
        }
        // What is asked is known to the word, or nearly; what is promised may be longer than that, and anything.
        let few = unknown.len() * if promise.is_some() { 4 } else { 3 } <= line.len();
        let few_asked = promise.is_some_and(|start| (unknown.len() - promised) * 4 <= start - line.start)
            && unknown.len() * 3 <= line.len() * 2;
        let own = roles & (OWN | LETTER) != 0 && (few || few_asked);
        // In some languages "join" is written as "joined" is: then the one who did follows.
        let done = self.parts.iter().any(|&(_, end, roles)| {
            let end = (end..line.end).find(|&i| view.tokens[i].start >= view.tokens[end - 1].end());
            roles & VERB != 0
                && roles & OWN == 0
                && end.is_some_and(|i| !self.is_known(i) && !in_promise(&i) && view.before(i).trim().is_empty())
        });
        // "…, the mayor said": a clause in which nothing is known.
        let apart = clauses.iter().any(|&(from, to)| self.roles(from, to) == 0);
        // The dots of an address end nothing.
        let is_apart = |i: usize| view.is_spaceless(i) || view.before(i).contains(char::is_whitespace);
        let sentences = (line.start + 1..line.end).any(|i| view.ends_sentence(i) && is_apart(i));
        let numbers = unknown.iter().any(|&i| view.tokens[i].word.is_number() && !(in_promise(&i) && self.is_price(i)));
        let is_name = |i: usize| view.tokens[i].capital && clauses.iter().all(|clause| clause.0 != i);
        let names = !CAPITAL_NOUNS.contains(&language) && unknown.iter().any(|&i| is_name(i) && !in_promise(&i));
        let from = view.tokens[line.start].start as usize;
        let written = &view.text[from..view.tokens[line.end - 1].end() as usize];
        let quotes = written.contains(['"', '“', '”', '„', '«', '»', '「', '『']);
        let full = own && !(done || sentences || numbers || names || quotes);
        Some(match (apart, full) {
            (true, _) => Fit::Apart,
            (false, true) => Fit::Full,
            (false, false) => Fit::Thin,
        })
    }

    /// Returns the first token of what a call promises after it has asked for everything: "… for breaking news from Harlow and the
    /// valley". The words of a promise are the site's own, and so are its names.
    fn promise(&self) -> Option<usize> {
        let mut asked = 0;
        self.parts.iter().find_map(|&(start, _, roles)| {
            let all = asked & (VERB | FINAL) != 0 && asked & (OBJECT | LETTER) != 0 && asked & (OWN | LETTER) != 0;
            asked |= roles;
            (all && roles & (AIM | VERB) != 0).then_some(start)
        })
    }

    /// Returns whether a number is a price: the sign of a currency is next to it.
    fn is_price(&self, i: usize) -> bool {
        let sign = |i: usize| self.line.range().contains(&i) && self.view.of(i).starts_with(CURRENCIES);
        self.view.of(i).contains(CURRENCIES) || sign(i + 1) || i.checked_sub(1).is_some_and(sign)
    }
}

/// Signs of currencies.
const CURRENCIES: [char; 8] = ['£', '$', '€', '¥', '₹', '₽', '₺', '₩'];

/// Signs between clauses.
const SEPARATORS: &str = ",;:.!?…—–|·•，、；：。！？،؛؟।۔፣፤።";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;
    use crate::segment::cut;

    fn read(text: &str) -> Option<Fit> {
        let document = Document::new("x", text);
        let cut = cut(&document);
        composed(View::new(&document, &cut), cut.lines.first()?)
    }

    #[test]
    fn a_verb_an_object_and_a_word_for_the_site() {
        for text in [
            "Join our WhatsApp channel for the latest news.",
            "Follow us on X, Threads and Bluesky.",
            "Abonnieren Sie jetzt unseren kostenlosen Newsletter und verpassen Sie keine Nachricht mehr.",
            "Suivez-nous sur Facebook et Instagram.",
            "Síguenos en Facebook, Twitter e Instagram.",
            "Seguici su Telegram: https://t.me/fenwold",
            "Подписывайтесь на наш Telegram-канал, чтобы не пропустить главные новости.",
            "Zapisz się do naszego newslettera i otrzymuj najważniejsze wiadomości.",
            "Bizi Facebook ve Instagram’da takip edin.",
            "हमें फेसबुक पर फॉलो करें।",
            "برای دریافت آخرین اخبار به کانال تلگرام ما بپیوندید.",
            "انضموا إلى قناتنا على تلغرام لمتابعة آخر الأخبار.",
            "关注我们的微信公众号，获取更多资讯。",
            "公式LINEアカウントを友だち追加してください。",
            "뉴스레터를 구독하고 매일 아침 소식을 받아보세요.",
            "Tufuate kwenye Facebook na Instagram.",
        ] {
            assert_eq!(read(text), Some(Fit::Full), "{text}");
        }
    }

    #[test]
    fn bars_of_links_for_sharing() {
        for text in [
            "Share on Facebook | Share on X | Send by e-mail",
            "Teilen auf Facebook | Teilen auf X | Per WhatsApp senden | Drucken",
            "Partager sur Facebook Partager sur Twitter Partager par e-mail",
            "Compartir en Facebook | Compartir en WhatsApp | Copiar enlace",
            "Поделиться: ВКонтакте | Одноклассники | Telegram",
            "Udostępnij na Facebooku | Udostępnij na X | Drukuj",
            "Chia sẻ lên Facebook | Chia sẻ lên Zalo | Sao chép liên kết",
            "Bagikan ke Facebook | Bagikan ke WhatsApp | Salin tautan",
        ] {
            assert_eq!(read(text), Some(Fit::Full), "{text}");
        }
        for text in [
            "Facebook, Instagram and X",
            "Share prices of Facebook and Snapchat fell | Markets",
            "Teilen Sie auf Facebook und X.",
            "Publicar en Facebook o en X cuesta dinero",
        ] {
            assert_ne!(read(text), Some(Fit::Full), "{text}");
        }
    }

    #[test]
    fn thin_or_none() {
        for text in [
            "Download the app.",
            "Laden Sie die App herunter.",
            "Follow us on Facebook, the mayor told residents.",
            "Join our march to the Facebook office in Sule on 4 May.",
            "Follow our mayor Ada Moor on Facebook.",
        ] {
            assert_ne!(read(text), Some(Fit::Full), "{text}");
        }
        for text in [
            "Facebook said on Monday that it would close our page.",
            "They asked readers to subscribe to our newsletter.",
            "Follow the path to the mill and turn left at the church.",
            "Die Gemeinde hat unseren Newsletter abbestellt.",
            "公司说，公众号已经停止更新，读者可以到报社查阅旧报纸。",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
