//! Feeds that are written, from the parts of them that are kept.

/// The parts of a feed that are kept, put together.
#[derive(Default)]
pub(crate) struct KeptParts {
    /// The text of the feed so far.
    pub text: String,
}

impl KeptParts {
    /// Adds a part. Items of a JSON Feed come with the comma before them, which the first kept one must not have.
    pub fn push(&mut self, part: &[u8]) {
        let part = String::from_utf8_lossy(part);
        let is_first = self.text.trim_end().ends_with('[');
        let without_comma = part.trim_start().strip_prefix(',').filter(|_| is_first);
        self.text.push_str(without_comma.unwrap_or(&part));
    }
}
