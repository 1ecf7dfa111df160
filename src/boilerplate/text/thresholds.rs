//! Thresholds of the tools that look at a text.
//!
//! The shapes were fitted on 2,300 texts from packages (code, READMEs, changelogs, licences) and 12,000 feed items: of the
//! former 9 pieces are removed where 2,439 were without them, of the latter fewer than ten are lost.

use std::ops::RangeInclusive;

// Comparing words with a title.

/// Shortest title that is compared with a text, in words. A shorter one is likely to begin a sentence as well.
pub(crate) const MIN_TITLE_WORDS: usize = 3;
/// Shortest title of which one word may be another, in words.
pub(crate) const MIN_TOLERANT_TITLE_WORDS: usize = 5;

// Ends of sentences.

/// Longest word that may be an abbreviation, in characters; one more if it begins with a capital.
pub(crate) const MAX_ABBREVIATION_CHARS: usize = 4;

// Sentences that are wrapped over lines.

/// Shortest line that may break off a sentence which goes on in small letters, in characters.
pub(crate) const MIN_BROKEN_LINE_CHARS: usize = 15;
/// Shortest line that may break off a sentence in a script without case, in characters.
pub(crate) const MIN_FULL_LINE_CHARS: usize = 30;

// Markup.

/// Longest tag of HTML, in bytes.
pub(crate) const MAX_TAG_BYTES: usize = 4096;
/// Longest address in a link of Markdown, in bytes.
pub(crate) const MAX_ADDRESS_BYTES: usize = 2048;

// Pieces that are made whole.

/// Most times that a piece is extended: elements of HTML around one link are not nested deeper.
pub(crate) const MAX_EXTENSIONS: usize = 16;
/// Longest rest of a line that may consist of signs and tags only, in bytes.
pub(crate) const MAX_LINE_REST_BYTES: usize = 1000;

// Items of lists.

/// Farthest beginning of a line before a piece, in bytes, for the line to be an item of a list.
pub(crate) const MAX_ITEM_BYTES: usize = 2000;
/// Longest label of an item ("12)", "iv."), in characters.
pub(crate) const MAX_ITEM_LABEL_CHARS: usize = 4;

// Shapes of texts.

/// Beginning of a text that its shape is read from, in bytes.
pub(crate) const MAX_SHAPE_BYTES: usize = 1 << 16;
/// Shortest text that can be anything but prose, in lines.
pub(crate) const MIN_SHAPE_LINES: u32 = 4;
/// Smallest share of lines that are code in a text that is code.
pub(crate) const MIN_CODE_LINE_SHARE: f32 = 0.3;
/// Shortest line that is code because of its signs, in characters.
pub(crate) const MIN_CODE_LINE_CHARS: usize = 6;
/// Smallest share of signs in such a line, white space not counted.
pub(crate) const MIN_CODE_SIGN_SHARE: f32 = 0.12;
/// Fewest pieces of code inside sentences that make a text documentation.
pub(crate) const MIN_CODE_SPANS: u32 = 3;
/// Fewest headings or options that make a text documentation.
pub(crate) const MIN_DOCUMENTED_LINES: u32 = 2;
/// Smallest share of rows in a text that is a table.
pub(crate) const MIN_ROW_LINE_SHARE: f32 = 0.5;
/// Fewest different names with values that make a text a record.
pub(crate) const MIN_RECORD_FIELDS: usize = 3;
/// Smallest share of indented lines in a record of two names.
pub(crate) const MIN_INDENTED_LINE_SHARE: f32 = 0.4;
/// Length of a line of verse, in characters.
pub(crate) const VERSE_LINE_CHARS: RangeInclusive<usize> = 8..=64;
/// Shortest poem, in lines.
pub(crate) const MIN_VERSE_LINES: u32 = 8;
/// Smallest share of a poem's lines that are as long as verse is.
pub(crate) const MIN_VERSE_LINE_SHARE: f32 = 0.9;
/// Smallest share of a poem's lines that end in a comma, a semicolon or a dash, as lines of a list do not.
pub(crate) const MIN_VERSE_COMMA_SHARE: f32 = 0.2;
/// Highest score of a piece in a text that is not prose.
pub(crate) const MAX_SPARED_SCORE: f32 = 0.5;
