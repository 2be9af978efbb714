//! A message with its reading, for checks that look at what it holds.

use super::message::{Match, Word};
use super::transcript::{Message, Transcript};

/// A message, the forms that it fits, and its words.
pub(super) struct Seen<'a, 'm> {
    pub(super) transcript: &'a Transcript,
    pub(super) message: &'a Message,
    pub(super) matches: &'a [Match<'m>],
    pub(super) words: &'a [Word<'a>],
}

impl Seen<'_, '_> {
    /// The message as it is on the wire, with its payload's bytes; `None` where a wildcard stands for some of the line.
    pub(super) fn wire(&self, payload: &[u8]) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        for (at, word) in self.words.iter().enumerate() {
            // Bytes that are no text are lost in a word.
            if word.wild.is_some() || word.text.contains('\u{fffd}') {
                return None;
            }
            if at > 0 {
                bytes.push(b' ');
            }
            bytes.extend(word.text.as_bytes());
        }
        bytes.extend(b"\r\n");
        bytes.extend(payload);
        Some(bytes)
    }
}
