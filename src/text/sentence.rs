//! The first sentence of a text.

/// The text up to the first full stop that a blank follows, or all of it.
pub fn first_sentence(text: &str) -> &str {
    let end = text.find(". ").map_or(text.len(), |stop| stop + 1);
    text.get(..end).unwrap_or(text)
}
