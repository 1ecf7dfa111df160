//! Decides whether a candidate pair is a match, and of what kind.

use super::accents::unaccented;
use super::align::{Alignment, align, common};
use super::exchange::exchanges;
use super::facts::{Facts, OPENING_WORDS, TELLING, facts, state_contraries, state_facts};
use super::kind::{Decision, Evidence, Kind, Level, Refusal, Rule, Text, Verified};
use super::measure::{Measures, StemTable, measure, shared_mass, usual_words, weighted_containment, weighted_jaccard};
use super::shared_text::{clauses, holds, unexplained};
use super::substitutions::{Substitutions, are_caseless, substitutions};
use super::thresholds::{Lines, Thresholds};
use super::titles::{Series, Titles, USUAL_SUPPORT, other_numbers, titles};
use crate::Grain;
use crate::token::{Word, are_as_many_as_of_an_article};

/// Returns whether two texts of masses `a` and `b` can be a match at all if they share so much (see
/// [`shared_mass`](super::shared_mass)). Most candidates end here, so it looks at nothing else.
pub fn plausible(a: f32, b: f32, shared: f32, level: Level, limits: &Thresholds) -> bool {
    let least = match level {
        Level::Reworded => (limits.reworded_weight - limits.reworded_relief).min(limits.copy_weight),
        _ => limits.copy_weight,
    };
    weighted_containment(a, b, shared) >= least
        || level == Level::Reworded && weighted_jaccard(a, b, shared) >= limits.statement_weight_within
}

/// Returns whether a text may be a match of the one in a table, whose mass is `mass`, by its [marks](super::Profile::marks) and its
/// own mass `other`. `false` is certain; a pair that may be one is still to be compared.
pub fn may_match(table: &StemTable, mass: f32, marks: &[u16], other: f32, level: Level, limits: &Thresholds) -> bool {
    // No two texts share more than the one that says less.
    let shared = table.most_shared_mass(marks).min(mass).min(other);
    plausible(mass, other, shared, level, limits)
}

/// Returns what two texts are to each other; `None` if they are no match.
pub fn verify_texts(a: Text, b: Text, level: Level, limits: &Thresholds) -> Option<Verified> {
    let mass = shared_mass(a.profile, b.profile);
    let is_plausible = plausible(a.profile.mass, b.profile.mass, mass, level, limits);
    is_plausible.then(|| verify(a, b, mass, level, limits)).flatten()
}

/// Returns what a [`plausible`] pair is; `None` if it is no match.
pub fn verify(a: Text, b: Text, mass: f32, level: Level, limits: &Thresholds) -> Option<Verified> {
    decide(a, b, mass, level, limits).ok().map(|decision| decision.verified)
}

/// Decides what a pair is that shares so much, or why it is no match.
pub fn decide(a: Text, b: Text, mass: f32, level: Level, limits: &Thresholds) -> Result<Decision, Refusal> {
    if a.words.is_empty() || b.words.is_empty() {
        return Err(Refusal::Empty);
    }
    let measures = measure(a.profile, b.profile, mass);
    let equal = a.words == b.words;
    // Most pairs end here: no titles could make a match of them.
    if !equal && !limits.lines(&measures, 1.0, (&a, &b), level).any() {
        return Err(Refusal::TooLittle);
    }
    unaccented(a, b, |a, b| compare(a, b, measures, level, limits))
}

/// Decides what a pair is that shares enough by its measures.
fn compare(a: Text, b: Text, measures: Measures, level: Level, limits: &Thresholds) -> Result<Decision, Refusal> {
    let (mass, equal) = (measures.shared_mass, a.words == b.words);
    let (longer, shorter) = if is_longer(&a, &b) { (a, b) } else { (b, a) };
    // One document has one source, and so have texts of which no source is known: who tells of none mostly has one.
    let same_source = a.document == b.document || a.source == b.source;
    let titles = titles(longer, shorter, same_source, limits);
    // What a source has under many titles is set aside as a stub, be it as long as an article, which may run under two.
    let may_be_notice = if same_source { !is_as_long_as_an_article(&shorter, shorter.words) } else { titles.foreign };
    if titles.series == Series::Differ && mass < limits.same_source_mass
        || may_be_notice && is_notice(&longer, &shorter, titles, limits)
    {
        return Err(Refusal::TitlesDiffer);
    }
    // A line of a word or two is in many texts.
    if a.grain != Grain::Document && mass < limits.statement_mass {
        return Err(Refusal::TooLittle);
    }
    let pair = Pair { longer, shorter, same_source, titles, measures };
    if equal { pair.equal(level) } else { pair.differing(level, limits) }
}

/// Whether the first of two texts counts as the longer. Of several longest alignments one is taken, so which text is which must
/// not depend on the input's order.
pub(super) fn is_longer(a: &Text, b: &Text) -> bool {
    let rank = |text: &Text| (std::cmp::Reverse(text.words.len()), text.profile.whole);
    (rank(a), a.title) <= (rank(b), b.title)
}

/// Whether one short text, under titles that name different things, stands in place of what they name: of one source, or of
/// any if the titles have nothing to do with the text either.
fn is_notice(longer: &Text, shorter: &Text, titles: Titles, limits: &Thresholds) -> bool {
    let most = if titles.strange { limits.strange_notice_mass } else { limits.notice_mass };
    let mass = shorter.profile.mass * usual_words(shorter.words) as f32 / shorter.words.len() as f32;
    titles.apart && mass < most && are_alike_in_length(longer, shorter)
}

/// Whether two texts may be items of a series, which are of about one length.
fn are_alike_in_length(longer: &Text, shorter: &Text) -> bool {
    shorter.words.len() * 2 >= longer.words.len()
}

/// Two texts that may be a match, and what is known of them before they are aligned.
struct Pair<'a> {
    longer: Text<'a>,
    shorter: Text<'a>,
    same_source: bool,
    titles: Titles,
    measures: Measures,
}

impl Pair<'_> {
    /// Two texts of the same words.
    fn equal(&self, level: Level) -> Result<Decision, Refusal> {
        let (kind, rule) = match self.titles.series {
            Series::OtherFacts => (Kind::Template, Rule::TitleFacts),
            _ if self.longer.profile.whole == self.shorter.profile.whole => (Kind::Exact, Rule::SameWords),
            _ if level == Level::Exact => return Err(Refusal::NotExact),
            // The same body under another byline or in another frame.
            _ => (Kind::Near, Rule::SameWords),
        };
        let verified = Verified {
            kind,
            measures: Measures { jaccard: 1.0, containment: 1.0, ..self.measures },
            aligned: 1.0,
            score: 1.0,
            evidence: Evidence { unexplained: 0, clauses: 1.0, titles: self.titles.support, total: f32::INFINITY },
            rule,
            statement: false,
        };
        Ok(Decision { verified, facts: Facts::default(), names: Substitutions::default() })
    }

    /// Two texts that differ.
    fn differing(&self, level: Level, limits: &Thresholds) -> Result<Decision, Refusal> {
        let Pair { longer, shorter, same_source, titles, measures } = *self;
        // Within one source titles that agree say no more than none: those of a series do.
        let support = if same_source { titles.support.min(USUAL_SUPPORT) } else { titles.support };
        let lines = limits.lines(&measures, support, (&longer, &shorter), level);
        if !lines.any() {
            return Err(Refusal::TooLittle);
        }
        let titled = !longer.title.is_empty() && !shorter.title.is_empty();
        let within = longer.document == shorter.document;
        let with = |unexplained: u32, clauses: f32| {
            let total = limits.evidence(&measures, clauses, support);
            let evidence = Evidence { unexplained, clauses, titles: titles.support, total };
            let mut is = passed(&evidence, shorter.words.len(), support, lines, &measures, limits);
            is.statement &= !titled || total >= limits.reworded_evidence;
            is.statement |= within && lines.statement;
            (evidence, is)
        };
        // Clauses hold at most what the texts have in common, which is found without aligning them.
        let most = common(longer.words, shorter.words) as f32 / shorter.words.len() as f32;
        if !with(0, most).1.any() {
            return Err(Refusal::TooLittle);
        }
        let unexplained = unexplained(&shorter, &longer);
        let background = lines.copy && unexplained > limits.copy_unexplained;
        let refusal = if background { Refusal::Unexplained } else { Refusal::TooLittle };
        if !with(unexplained, most).1.any() {
            return Err(refusal);
        }
        let alignment = align(longer.words, shorter.words);
        let (evidence, mut is) = with(unexplained, clauses(&alignment, shorter.words.len()));
        if !is.any() {
            return Err(refusal);
        }
        let stated = longer.profile.states_facts
            || shorter.profile.states_facts
            || state_contraries(longer.words, shorter.words, &alignment);
        let telling = |word: Word| longer.profile.weight(word.stem()) >= TELLING;
        let facts = match stated {
            true => facts(longer.words, shorter.words, &alignment, telling, is.copy),
            false => Facts::default(),
        };
        let names = substitutions(&longer, &shorter, &alignment, same_source);
        // Steps and entries of one document that differ in a word are not the same. Of code, tables and licences the one must
        // be in the other in one piece.
        let in_lines = longer.profile.in_lines || shorter.profile.in_lines;
        is.copy &= !within || names.words == 0;
        is.copy &= !in_lines || holds(longer.words, shorter.words);
        if !is.any() {
            return Err(refusal);
        }
        let (kind, rule) = match self.other_item(&alignment, facts, names, is.copy) {
            Some(rule) => (Kind::Template, rule),
            None => self.kind(is, &evidence, limits)?,
        };
        let score = if kind == Kind::Reworded { measures.weighted_jaccard } else { measures.weighted_containment };
        let aligned = alignment.common as f32 / shorter.words.len() as f32;
        // Where no titles and no mark of truncation help, the best match alone tells a rewording from a formula.
        let alone = !titled && !longer.profile.cut_off && !shorter.profile.cut_off;
        let statement = rule == Rule::SameStatement || rule == Rule::SharedClauses && alone;
        let verified = Verified { kind, measures, aligned, score, evidence, rule, statement };
        Ok(Decision { verified, facts, names })
    }

    /// The kind of a match of texts that are about the same.
    fn kind(&self, is: Lines, evidence: &Evidence, limits: &Thresholds) -> Result<(Kind, Rule), Refusal> {
        let (longer, shorter) = (&self.longer, &self.shorter);
        if is.copy {
            let share = limits.same_source_unexplained_share * shorter.words.len() as f32;
            let other = self.titles.apart || self.titles.names_own;
            let allowed = if other { share } else { f32::INFINITY };
            let allowed = allowed.min(limits.same_source_unexplained as f32);
            if self.same_source && longer.title != shorter.title && evidence.unexplained as f32 > allowed {
                return Err(Refusal::TitlesDiffer);
            }
            let (less, more) = (shorter.words.len(), longer.words.len());
            // Newsrooms that share background, under headlines that say nothing of each other's items.
            let other_story = self.titles.apart && evidence.titles < OTHER_STORY;
            let other_lead = evidence.unexplained as f32 > OTHER_LEAD * less as f32;
            if !self.same_source && other_story && other_lead && are_alike_in_length(longer, shorter) {
                return Err(Refusal::Unexplained);
            }
            // Without titles the text alone tells what it is: what short texts of a source share may be a notice in all of them.
            // So it does where all pictures of a manual have one title.
            let untitled = shorter.title == longer.title && (shorter.title.is_empty() || self.titles.unsaid);
            let unlike =
                evidence.unexplained as f32 > share && less <= NOTICE_WORDS && shorter.document != longer.document;
            if self.same_source && untitled && unlike && are_alike_in_length(longer, shorter) {
                return Err(Refusal::Unexplained);
            }
            let is_shorter = (less as f32) < limits.excerpt_length * more as f32;
            // What the longer says besides all that the shorter says is lost if it goes.
            let whole = evidence.unexplained <= OVERLOOKED_WORDS;
            let lacks = more - less > if whole { SENTENCE_WORDS } else { limits.copy_unexplained as usize };
            // A text that says everything twice is longer, but says no more.
            let says_more = self.own_shingles() > limits.copy_unexplained as f32;
            let excerpt = (is_shorter || lacks) && (says_more || !self.measures.say_the_same());
            return Ok((if excerpt { Kind::Excerpt } else { Kind::Near }, Rule::SharedText));
        }
        match self.titles.series {
            Series::Differ => Err(Refusal::TitlesDiffer),
            _ if is.cut => Ok((Kind::Reworded, Rule::SharedClauses)),
            _ => Ok((Kind::Reworded, Rule::SameStatement)),
        }
    }

    /// Returns the number of shingles that only the longer text has.
    fn own_shingles(&self) -> f32 {
        let [longer, shorter] = [self.longer, self.shorter].map(|text| text.profile.shingle_count as f32);
        longer - self.measures.containment * longer.min(shorter)
    }

    /// Returns the rule by which two texts that are alike tell of different things, if one does.
    fn other_item(&self, alignment: &Alignment, facts: Facts, names: Substitutions, copy: bool) -> Option<Rule> {
        let Pair { longer, shorter, same_source, titles, measures } = self;
        // The same text under a title with another word is the same text; one that differs too is another of the series.
        let other_name =
            titles.series == Series::OtherName && (titles.names_own || measures.weighted_containment < SAME_TEXT);
        let numbers = other_numbers(longer.title, shorter.title);
        // A form of several sources differs where it is filled in; a text that is edited throughout is no form.
        let titled = names.titled && (*same_source || names.places <= FORM_PLACES);
        // Between sources a number may be corrected. What one denies and the other says, in the same words, is another thing.
        let few = alignment.gaps.len() <= FORM_CHANGES as usize;
        let contrary = copy && facts.contrary > 0 && few && are_alike_in_length(longer, shorter);
        let exchanged = || copy && exchanges(longer, shorter, alignment, *same_source);
        match () {
            () if copy && have_other_headlines(longer, shorter) => None,
            () if titles.series == Series::OtherFacts => Some(Rule::TitleFacts),
            () if titles.series == Series::OtherRoles => Some(Rule::TitleNames),
            () if other_name || titled || *same_source && names.titled_far => Some(Rule::TitleNames),
            () if contrary => Some(Rule::TextFacts),
            () if other_facts(facts, shorter.words.len(), *same_source, copy, numbers) => Some(Rule::TextFacts),
            () if self.other_names(alignment, facts, names, copy) || exchanged() => Some(Rule::TextNames),
            () => None,
        }
    }

    /// Whether two texts are the same but for one place, or for one thing that changes in every place: a form that is filled in.
    fn fills_one_place(&self, names: Substitutions) -> bool {
        let Pair { longer, shorter, same_source, titles, .. } = self;
        // Where another newsroom writes the headline, its words may be in the text, too.
        let same_headline = longer.title == shorter.title || longer.title.is_empty() || shorter.title.is_empty();
        // Of a script without capitals, any rare word may be a name.
        let named = *same_source || names.changed > 0;
        let one = names.places == 1 || names.consistent == names.places;
        one && names.telling == names.places
            && names.places > 0
            && (same_headline || titles.apart)
            && (named || are_caseless(longer, shorter))
            && usual_words(shorter.words) <= if named { ONE_PLACE_WORDS } else { FORM_WORDS }
    }

    /// Whether two texts of several sources are word for word the same but for two places or more, in each of which they name
    /// others, or state another fact beside a place where they do. A newsroom that edits does not only put names in place of
    /// names. In scripts without capitals a word counts as a name that is none of the common ones.
    fn fills_all_places(&self, facts: Facts, names: Substitutions) -> bool {
        let Pair { longer, shorter, titles, .. } = self;
        let same_headline = longer.title == shorter.title || longer.title.is_empty() || shorter.title.is_empty();
        let is_caseless = are_caseless(longer, shorter);
        let named = if is_caseless { names.telling } else { names.telling.min(names.changed) };
        names.places > 1
            && named > 0
            && named + facts.changed >= names.places
            && (same_headline || titles.apart)
            && usual_words(shorter.words) <= if is_caseless { FORM_WORDS } else { ONE_PLACE_WORDS }
    }

    /// Whether the places where two texts differ are all among their first words, which say what a text is.
    fn differ_in_opening(&self, alignment: &Alignment) -> bool {
        alignment.gaps.last().is_some_and(|gap| gap.a.1.max(gap.b.1) as usize <= OPENING_WORDS)
    }

    /// Whether two texts that are alike name others in the same places. A source seldom runs an item twice with another
    /// name in it, so that one place is enough, unless the one text is an excerpt: items of a series are of about one length.
    /// Between sources one name must change for another throughout, or several names, and a third as many as are kept.
    fn other_names(&self, alignment: &Alignment, facts: Facts, names: Substitutions, copy: bool) -> bool {
        let Substitutions { kept, changed, replaced, consistent, consistent_names, filled: in_form, rare, .. } = names;
        let all = if self.same_source { changed + replaced } else { changed };
        let alike = are_alike_in_length(&self.longer, &self.shorter);
        if self.same_source && alike {
            // In a short text any word may be the one that tells the items of a series apart: morning and afternoon. In one of
            // some length it is a rare one, if all else is the same; under one title, if nothing is put in or left out. Other titles
            // that say the same are those of one item.
            let length = usual_words(self.shorter.words);
            let (titled, same_title) = (!self.longer.title.is_empty(), self.longer.title == self.shorter.title);
            // What is edited at more places is no form, unless word stands for word in all of them.
            let word_for_word = in_form == names.places && names.telling == names.places;
            let few = names.places <= FORM_CHANGES || word_for_word;
            let short = length <= SHORT_TEXT_WORDS && in_form > 0;
            let same_length = self.longer.words.len() == self.shorter.words.len();
            let only = same_length && (names.places == 1 || word_for_word);
            let form = length <= FORM_WORDS && rare > 0 && (only || !(titled && same_title));
            // Words that change where a text says what it is about, and nowhere else.
            let opening = same_length && word_for_word && self.differ_in_opening(alignment);
            let form = form || opening && names.places > 1 && rare > 0 && length <= ONE_PLACE_WORDS;
            let same_item = !same_title && !self.titles.apart;
            let filled = (short || form) && few && !same_item;
            return copy && (all > 0 || consistent > 1 || filled || self.fills_one_place(names));
        }
        if copy && alike && (consistent_names > 1 || self.fills_one_place(names) || self.fills_all_places(facts, names))
        {
            return true;
        }
        // Titles that each name a number of their own change a fact too.
        let numbers = other_numbers(self.longer.title, self.shorter.title);
        let changed = changed + facts.changed + u32::from(numbers);
        let (all, kept) = (all.max(consistent), kept + facts.kept);
        all > 0 && all.max(changed) > 1 && all.max(changed) * 3 > kept || consistent > 1 && consistent * 6 > kept
    }
}

/// Returns the kinds of match of two aligned texts, of which the shorter has `words` words.
fn passed(
    evidence: &Evidence,
    words: usize,
    titles: f32,
    lines: Lines,
    measures: &Measures,
    limits: &Thresholds,
) -> Lines {
    let Evidence { unexplained, clauses, total, .. } = *evidence;
    let beyond = measures.weighted_containment - measures.containment;
    let reworded = unexplained <= limits.copy_unexplained || beyond >= limits.reworded_beyond_background;
    let in_clauses = clauses >= limits.reworded_clauses - limits.relief(titles);
    Lines {
        copy: lines.copy && total >= limits.copy_evidence && limits.explains(unexplained, words),
        cut: lines.cut && reworded && total >= limits.reworded_evidence && in_clauses,
        statement: lines.statement && reworded && clauses >= limits.statement_clauses,
    }
}

/// Whether two untitled texts are the same word for word, and as long as an article, under headlines of their own. Headlines of
/// one form name things of a series, and so do single words and numbers.
fn have_other_headlines(longer: &Text, shorter: &Text) -> bool {
    let at = [longer, shorter].map(|text| text.profile.headline as usize);
    let halves = longer.words.split_at_checked(at[0]).zip(shorter.words.split_at_checked(at[1]));
    let Some(((a, body), (b, other))) = halves else { return false };
    let is_headline = |words: &[Word]| usual_words(words) >= HEADLINE_WORDS;
    let titled = !longer.title.is_empty() || !shorter.title.is_empty();
    !titled
        && body == other
        && is_headline(a)
        && is_headline(b)
        && !(state_facts(a) && state_facts(b))
        && is_as_long_as_an_article(longer, body)
        && (align(a, b).common as f32) < OTHER_HEADLINE * a.len().min(b.len()) as f32
}

/// Whether words of a text are as many as those of an article, in any script. What repeats itself is no longer for it.
fn is_as_long_as_an_article(text: &Text, words: &[Word]) -> bool {
    are_as_many_as_of_an_article(words.iter().copied()) && text.profile.stems.len() * 2 >= words.len()
}

/// A headline has at least this many words …
const HEADLINE_WORDS: usize = 2;

/// … and shares less than this much of its words, in order, with another headline of the same article.
const OTHER_HEADLINE: f32 = 0.5;

/// Two texts of one source that change a fact are one text only if they keep more than this many facts for it.
const SAME_SOURCE_KEPT: u32 = 8;

/// Whether two texts that are alike state other facts, so that they fill in one form. A correction changes one fact of
/// many. Between sources it takes more changed than kept, or several and half as many as kept; of texts that are not even
/// copies, as many. What one source runs with another fact is a later version or another item of a series, unless it is long.
fn other_facts(facts: Facts, words: usize, same_source: bool, copy: bool, numbers: bool) -> bool {
    let Facts { kept, changed, unstated, opening, .. } = facts;
    // In a long text a number is left out as other words are.
    let unstated = if words <= FORM_WORDS { unstated } else { 0 };
    let all = changed + unstated;
    match () {
        // Two headlines that each name a number that the other has not, over texts that do so too.
        () if numbers && changed > 0 && changed * 2 >= kept => true,
        () if same_source => opening || all > 0 && all * SAME_SOURCE_KEPT >= kept || all > 1,
        () if !copy => changed > 0 && changed >= kept,
        () => changed > 1 && changed > kept || changed > 2 && changed * 2 >= kept,
    }
}

/// Headlines are of other stories if less than this of what they say is said by the other item too …
const OTHER_STORY: f32 = 0.4;

/// … and so are two texts if more than this share of the shorter is unexplained.
const OTHER_LEAD: f32 = 0.25;

/// A text is in another as a whole if at most this many of its words are not …
const OVERLOOKED_WORDS: u32 = 2;

/// … and is an excerpt of it if that has more than this many words more: a sentence.
const SENTENCE_WORDS: usize = 12;

/// A text of one source with at most this many words is not told in other words: where one differs, it is about another thing.
const SHORT_TEXT_WORDS: usize = 32;

/// Most words of the shorter of two untitled texts of one source for their shared passage to count as a notice in both.
const NOTICE_WORDS: usize = 100;

/// A form that a source fills in has at most this many words …
const FORM_WORDS: usize = 64;

/// … and its items differ in at most this many places.
const FORM_CHANGES: u32 = 2;

/// A form of which only one place is filled in has at most this many words of a usual length.
const ONE_PLACE_WORDS: usize = 128;

/// Items of one form from several sources differ in at most this many places.
const FORM_PLACES: u32 = 4;

/// Texts that share this much of the weight are one text.
const SAME_TEXT: f32 = 0.9;
