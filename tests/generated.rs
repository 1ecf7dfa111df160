//! A made corpus, whose truth is known: what is found of it, and what is found that is not there.

use flong::{Params, find};

use crate::{inputs, score};

#[test]
fn made_copies_are_found_and_templates_are_not_copies() {
    let made = inputs::made(3_000, 20);
    let found = find(&inputs::documents(&made), &Params::default());
    let score = score::generated(&made, &found);
    println!("matched {:?}  precision {:.4}  wrong {:?}", score.matched, score.precision, score.wrong);
    assert!(score.recall("exact") >= 0.99);
    assert!(score.recall("near") >= 0.95);
    assert!(score.recall("excerpt") >= 0.85);
    assert!(score.recall("template") <= 0.02);
    assert!(score.precision >= 0.98);
}
