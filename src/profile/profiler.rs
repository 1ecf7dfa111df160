//! Documents -> [`Profiled`]: boilerplate is set aside, and what is left profiled unit by unit.

use std::ops::Range;

use super::Profiled;
use super::texts::Whole;
use super::unit::Scratch;
use crate::boilerplate::{
    Aside, AsideKind, Body, Lexicon, Shape, TitleIndex, agency, is_list_item, lexical_with, shape, spare, stretches,
    stub_text, stuffing,
};
use crate::count::{Knowledge, Shingles, source};
use crate::hash::{self, HashedMap};
use crate::segment::{Cut, sentences};
use crate::sketch::Sketcher;
use crate::survey::Weight;
use crate::token::Stem;
use crate::verify::{Name, Profile, names, state_facts};
use crate::{Document, DocumentId, Grain, Params, Span, Unit};

/// Sets boilerplate aside and profiles what is left: parameters and knowledge for any number of documents.
///
/// ```
/// use flong::boilerplate::Lexicon;
/// use flong::count::Knowledge;
/// use flong::profile::Profiler;
/// use flong::{Document, Params, UnitId, segment};
///
/// let document = Document::new("1", "Maize prices rose again on Monday.\n\nREAD ALSO: Ferry Runs Aground");
/// let params = Params::default();
/// // Nothing is known of the corpus that the document is from.
/// let known = Knowledge::empty(params.counting());
/// let profiled = Profiler::new(&params, &known, Lexicon::known()).document(&document, segment::cut(&document));
///
/// assert_eq!(profiled.asides[0][0].span.of(&document.text), "READ ALSO: Ferry Runs Aground");
/// // The document, then its two paragraphs. What is set aside is in no profile.
/// let words: Vec<usize> = (0..3).map(|unit| profiled.text(UnitId(unit)).words.len()).collect();
/// assert_eq!(words, [6, 6, 0]);
/// ```
#[derive(Debug)]
pub struct Profiler<'a> {
    pub(super) params: &'a Params,
    pub(super) known: &'a Knowledge,
    pub(super) weights: &'a HashedMap<Stem, Weight>,
    titles: &'a TitleIndex,
    lexicon: &'a Lexicon,
    /// Makes the signatures over telling words.
    pub(super) sketcher: Sketcher,
}

/// The confidence that a text is a stub, if only the titles of a few items show it.
const LIKELY_STUB: f32 = 0.6;
/// Evidence for setting a repeated phrase inside a line aside.
const PHRASE: &str = "its source repeats the phrase in other items";

impl<'a> Profiler<'a> {
    /// Profiles documents of the corpus that `known` is about, with its weights and its titles. `lexicon` has the markers and
    /// calls of [`Params::own`].
    pub fn new(params: &'a Params, known: &'a Knowledge, lexicon: &'a Lexicon) -> Self {
        Profiler::with(params, known, known.weights(), known.titles(), lexicon)
    }

    /// Profiles documents with other weights and titles than the knowledge has.
    pub fn with(
        params: &'a Params,
        known: &'a Knowledge,
        weights: &'a HashedMap<Stem, Weight>,
        titles: &'a TitleIndex,
        lexicon: &'a Lexicon,
    ) -> Self {
        let sketcher = Sketcher::new(params.rewordings.banding().size(), 1);
        Profiler { params, known, weights, titles, lexicon, sketcher }
    }

    /// Profiles a document, which comes with its cut.
    pub fn document(&self, document: &Document, cut: Cut) -> Profiled {
        self.batch(DocumentId(0), std::iter::once((document, cut)), None)
    }

    /// Profiles the documents of a batch, of which `first` is the first in the run. `counts` are those of their
    /// shingles, if they were looked up before.
    pub fn batch<'d>(
        &self,
        first: DocumentId,
        documents: impl Iterator<Item = (&'d Document, Cut)>,
        mut counts: Option<&[u8]>,
    ) -> Profiled {
        let mut batch = Profiled {
            rewordings: (0..self.params.rewordings.bands).map(|_| Vec::new()).collect(),
            ..Profiled::default()
        };
        let mut shingles = Shingles::default();
        let mut scratch = Scratch::default();
        for (id, (document, cut)) in (first.0..).map(DocumentId).zip(documents) {
            match &mut counts {
                Some(counts) => *counts = shingles.recount(&cut, self.params.shingle, counts),
                None => self.known.count(&cut, &mut shingles),
            }
            let asides = if self.params.set_aside { self.set_aside(document, &cut, &shingles) } else { Vec::new() };
            let shape = shape(&document.text);
            let asides = spare(shape, asides);
            let is_prose = shape == Shape::Prose;
            // In code, tables and licences every line counts, however often it comes.
            let aside = if is_prose { stretches(&asides) } else { Vec::new() };
            let body = Body::new(&cut, &aside, self.params.shingle);
            scratch.profiled.clear();
            for (grain, span, tokens) in self.pieces(document, &cut) {
                let words = body.within(tokens.clone());
                let is_piece = grain != Grain::Document && span.len() < document.text.len();
                let is_listed = is_piece && (is_list_item(span, &document.text) || !is_prose);
                batch.units.push(Unit { document: id, span, grain, words: (words.start, words.end), is_listed });
                let key = u64::from(tokens.start) << 32 | u64::from(tokens.end);
                let next = batch.texts.units() as u32;
                let known = *scratch.profiled.entry(key).or_insert(next);
                batch.profile_of.push(known);
                if known < next {
                    continue;
                }
                let all = tokens.clone();
                let cut_off = is_cut_off(document, &cut, &body, tokens.clone());
                self.profile(&body, tokens, words.clone(), &shingles, &mut scratch);
                let whole = shingles.words()[all.start as usize..all.end as usize].iter();
                let whole = whole.fold(0, |state, word| hash::pair(state, word.0));
                let words = &body.words[words.start as usize..words.end as usize];
                let states_facts = state_facts(words);
                let headline = if grain == Grain::Document { headline(document, &cut, &body) } else { 0 };
                let in_lines = !is_prose;
                batch.texts.push(Profile { states_facts, whole, cut_off, in_lines, headline, ..scratch.profile() });
                self.key(&mut scratch, &mut batch);
            }
            names_of(document, &cut, &body, &mut scratch.names);
            let source = document.source.is_some().then(|| source(document));
            let (names, title) = (&scratch.names, &cut.title);
            batch.texts.end_document(Whole { words: &body.words, names, title, source });
            batch.asides.push(asides);
            batch.agencies.push(if self.params.set_aside { agency(document, &cut) } else { None });
            batch.stuffed.push(stuffing(&document.text, &cut, self.weights));
        }
        batch.shrink();
        batch
    }

    /// Returns the pieces of a document to compare: their grain, span and tokens.
    fn pieces(&self, document: &Document, cut: &Cut) -> Vec<(Grain, Span, Range<u32>)> {
        let mut found = Vec::new();
        for &grain in &self.params.grains {
            match grain {
                Grain::Document => {
                    found.push((grain, Span::new(0, document.text.len()), 0..cut.tokens.len() as u32));
                }
                Grain::Paragraph => found.extend(cut.paragraphs.iter().map(|p| (grain, p.span, p.start..p.end))),
                Grain::Sentence => {
                    let token = |byte: u32| cut.tokens.partition_point(|token| token.start < byte) as u32;
                    let spans = cut.paragraphs.iter().flat_map(|p| sentences(&document.text, p.span));
                    found.extend(spans.map(|span| (grain, span, token(span.start)..token(span.end))));
                }
            }
        }
        found
    }

    /// Returns the boilerplate of a document, in no particular order; pieces may overlap.
    fn set_aside(&self, document: &Document, cut: &Cut, shingles: &Shingles) -> Vec<Aside> {
        let mut found = lexical_with(document, cut, self.titles, self.lexicon);
        let aside = |start: usize, end: usize, evidence: &'static str| {
            Aside::new(&document.text, &cut.tokens, start, end, AsideKind::RepeatedLine, evidence)
        };
        if let Some(text) = stub_text(source(document), cut)
            && let Some(stub) = self.known.stub(text.key)
        {
            let whole = aside(0, cut.tokens.len(), "its source has it under other titles");
            // Signs around its words are its own.
            let span = Span::new(0, document.text.len());
            let whole = Aside { share: stub.share, span, ..whole };
            found.push(if stub.certain { whole } else { whole.uncertain(LIKELY_STUB) });
        }
        let lines = self.known.lines(document, cut, &found);
        found.extend(lines);
        let source = source(document);
        for paragraph in &cut.paragraphs {
            let counts = shingles.of_paragraph(paragraph);
            let runs = self.known.phrases(source, counts, paragraph.start);
            let phrases =
                runs.into_iter().map(|(start, end)| aside(start as usize, end as usize, PHRASE).uncertain(0.5));
            found.extend(phrases);
        }
        found
    }
}

/// Puts the names in the body of a document into `found`.
fn names_of(document: &Document, cut: &Cut, body: &Body, found: &mut Vec<Name>) {
    found.clear();
    let mut first = 0;
    for &run in &body.runs {
        names(&document.text, &cut.tokens, run, first, found);
        first += run.1 - run.0;
    }
}

/// Longest headline at the head of a text, in bytes.
const MAX_HEADLINE_BYTES: usize = 240;

/// Returns the number of words of the first line of a text if that is its headline: the document has no title, and the line
/// stands alone and does not end as a sentence does. A line that is set aside, or a part of it, is none.
fn headline(document: &Document, cut: &Cut, body: &Body) -> u32 {
    let [first, _, ..] = &cut.paragraphs[..] else { return 0 };
    let line = first.span.of(&document.text).trim_end();
    let is_title = line.len() <= MAX_HEADLINE_BYTES && !line.contains('\n') && !line.ends_with(SENTENCE_ENDS);
    let words = body.within(0..first.end);
    let is_whole = first.start == 0 && words == (0..first.end);
    if is_title && is_whole && cut.title.is_empty() { first.end } else { 0 }
}

/// Signs that end sentences, and lines that lead to a list. Headlines may ask and exclaim.
const SENTENCE_ENDS: [char; 11] = ['.', '…', ':', ';', ',', '。', '．', '：', '।', '॥', '۔'];

/// Returns whether a mark of truncation comes after the last body word of some tokens.
fn is_cut_off(document: &Document, cut: &Cut, body: &Body, tokens: Range<u32>) -> bool {
    let Some((_, end)) = body.runs_within(tokens).last() else { return false };
    let behind = &document.text[cut.tokens[end as usize - 1].end() as usize..];
    let behind = behind.trim_start_matches([' ', '\u{a0}', '[', '(', ',']);
    behind.starts_with('…') || behind.starts_with("...")
}
