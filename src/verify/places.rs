//! The places of each word of a text, as bit sets, for the bit-parallel comparison of texts.

use crate::token::Word;

/// The places of each word of a text: a small hash table from words to bit sets of places, each made when it is first asked for.
/// It is filled for one text after another.
#[derive(Default)]
pub(super) struct Places {
    width: usize,
    words: Vec<Word>,
    /// The number of the word in each slot, in the order in which words come in the text.
    numbers: Vec<u32>,
    /// The last place of each word, by its number, and where its bit set begins; [`UNMADE`] if that was not asked for.
    found: Vec<(u32, u32)>,
    /// For each place the one before with the same word; itself if there is none.
    before: Vec<u32>,
    /// The bit sets that were asked for.
    masks: Vec<u64>,
}

/// No place among the bit sets.
const UNMADE: u32 = u32::MAX;

/// No word: hashes of words are never all ones but for one word in 2^64.
const NONE: Word = Word(u64::MAX);

/// The slot of a table of words, of a power of two, that holds the word or would.
#[inline(always)]
fn slot(words: &[Word], word: Word) -> usize {
    let last = words.len() - 1;
    let mut slot = (word.0 >> 32) as usize & last;
    while words[slot] != NONE && words[slot] != word {
        slot = (slot + 1) & last;
    }
    slot
}

impl Places {
    /// Takes in the words of a text in place of those of the one before.
    pub fn fill(&mut self, text: &[Word]) {
        let slots = (text.len() * 2).next_power_of_two();
        self.width = text.len().div_ceil(64);
        self.words.clear();
        self.words.resize(slots, NONE);
        self.numbers.resize(slots, 0);
        self.found.clear();
        self.before.clear();
        self.masks.clear();
        for (i, &word) in (0..).zip(text) {
            let slot = slot(&self.words, word);
            if self.words[slot] == NONE {
                (self.words[slot], self.numbers[slot]) = (word, self.found.len() as u32);
                self.found.push((i, UNMADE));
            }
            let last = &mut self.found[self.numbers[slot] as usize].0;
            self.before.push(std::mem::replace(last, i));
        }
    }

    /// Returns the length of a bit set, in words of 64 bits.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Returns the places of a word as a bit set; `None` if it is not in the text.
    #[inline]
    pub fn of(&mut self, word: Word) -> Option<&[u64]> {
        let slot = slot(&self.words, word);
        if self.words[slot] != word {
            return None;
        }
        let number = self.numbers[slot] as usize;
        let (last, made) = self.found[number];
        let start = if made == UNMADE { self.make(number, last) } else { made as usize * self.width };
        Some(&self.masks[start..start + self.width])
    }

    /// Makes the bit set of a word whose last place is known, and returns where it begins.
    fn make(&mut self, number: usize, last: u32) -> usize {
        let start = self.masks.len();
        self.masks.resize(start + self.width, 0);
        self.found[number].1 = (start / self.width) as u32;
        let before = &self.before;
        let earlier = |&place: &u32| Some(before[place as usize]).filter(|&earlier| earlier != place);
        for place in std::iter::successors(Some(last), earlier) {
            self.masks[start + place as usize / 64] |= 1 << (place % 64);
        }
        start
    }
}

/// The places of each word of a text of at most 64 words, on the stack: enough for nearly every pair.
pub(super) struct FewPlaces {
    words: [Word; 128],
    masks: [u64; 128],
}

impl FewPlaces {
    pub fn new(text: &[Word]) -> Self {
        let mut places = FewPlaces { words: [NONE; 128], masks: [0; 128] };
        for (i, &word) in text.iter().enumerate() {
            let slot = slot(&places.words, word);
            places.words[slot] = word;
            places.masks[slot] |= 1 << i;
        }
        places
    }

    #[inline]
    pub fn of(&self, word: Word) -> u64 {
        self.masks[slot(&self.words, word)]
    }
}
