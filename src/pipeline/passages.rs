//! Passages that the texts of matches share.

use rayon::prelude::*;

use super::{Found, Scanned};
use crate::segment::cut;
use crate::token::Token;
use crate::verify::{SharedPassage, shared_passages};
use crate::{Document, Result, Span, Unit, UnitId};

/// Returns the passages of at least `least_words` words that the two texts of each match share, as bytes of the documents'
/// texts. It reads the inputs again and holds the texts of all documents that match.
///
/// # Errors
/// If an input can no longer be read as it was.
pub fn passages(scanned: &Scanned, found: &Found, least_words: usize) -> Result<Vec<Vec<SharedPassage>>> {
    let matches = &found.matches;
    let unit = |id: UnitId| found.unit(id);
    let mut is_wanted = vec![false; scanned.heads.len()];
    for tie in matches {
        [tie.a, tie.b].iter().for_each(|&side| is_wanted[unit(side).document.index()] = true);
    }
    let mut texts: Vec<Box<str>> = vec![Box::default(); is_wanted.len()];
    scanned.records(scanned.loaded.inputs.len(), |first, _, parsed| {
        for (i, document) in (first..).zip(parsed.documents) {
            if is_wanted[i] {
                texts[i] = document.text;
            }
        }
        Ok(())
    })?;
    let shared = matches.par_iter().map(|tie| {
        let (a, b) = (unit(tie.a), unit(tie.b));
        let tokens = |unit: &Unit| tokens(unit.span, &texts[unit.document.index()]);
        shared_passages(&tokens(a), &tokens(b), least_words)
    });
    Ok(shared.collect())
}

/// Returns the tokens of a piece of a text.
fn tokens(span: Span, text: &str) -> Vec<Token> {
    let mut tokens = cut(&Document::new("", span.of(text))).tokens;
    tokens.iter_mut().for_each(|token| token.start += span.start);
    tokens
}
