//! Text into words for the search, the same way as `search.js` does it.
//!
//! A chunk is what stands between blanks, without the signs around it, in lower case. It is a word as a whole, and so are
//! its parts: what punctuation separates, the runs of letters and of digits, the words in `camelCase`, and what
//! follows `0x` or `X-`. No word is dropped for being common, and none is stemmed: on a wiki about a protocol `NOT`
//! and `A` are names. What is longer than 64 bytes is data, and is no word.

/// Longest word, in bytes.
const LONGEST: usize = 64;
/// Longest chunk of signs alone that is a word.
const LONGEST_SIGN: usize = 3;

/// The words of a text in order; within a chunk none twice.
pub(super) fn tokenize(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for chunk in text.split_whitespace() {
        words.extend(chunk_words(chunk));
    }
    words
}

/// The words of a chunk, the chunk as a whole first.
fn chunk_words(chunk: &str) -> Vec<String> {
    let core = chunk.trim_matches(|character: char| !character.is_alphanumeric());
    if core.is_empty() {
        let short = chunk.chars().count() <= LONGEST_SIGN;
        return if short { vec![chunk.to_owned()] } else { Vec::new() };
    }
    let mut words = Vec::new();
    add(&mut words, core, 1);
    let folded = core.to_lowercase();
    for mark in ["0x", "x-"] {
        if let Some(tail) = folded.strip_prefix(mark) {
            add(&mut words, tail, 2);
        }
    }
    for piece in core.split(|character: char| !character.is_alphanumeric()) {
        add(&mut words, piece, 1);
        if piece.len() <= LONGEST {
            for part in parts(piece) {
                add(&mut words, &part, 2);
            }
        }
    }
    words
}

/// Adds a word in lower case, unless it is known, shorter than `least` characters, or data.
fn add(words: &mut Vec<String>, word: &str, least: usize) {
    let word = word.to_lowercase();
    if word.len() <= LONGEST && word.chars().count() >= least && !words.contains(&word) {
        words.push(word);
    }
}

/// Runs of letters and of digits; letters are cut again where a word in `camelCase` begins.
fn parts(piece: &str) -> Vec<String> {
    let characters: Vec<char> = piece.chars().collect();
    let mut parts = Vec::new();
    let mut part = String::new();
    for (index, character) in characters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| characters.get(before));
        let after = characters.get(index + 1);
        if before.is_some_and(|before| begins(*before, *character, after.copied())) {
            parts.push(std::mem::take(&mut part));
        }
        part.push(*character);
    }
    parts.push(part);
    parts
}

/// True if a part begins at `here`: `a|B`, `AB|Cd`, `a|1`, `1|a`.
fn begins(before: char, here: char, after: Option<char>) -> bool {
    if before.is_numeric() != here.is_numeric() {
        return true;
    }
    let camel = before.is_lowercase() && here.is_uppercase();
    let acronym =
        before.is_uppercase() && here.is_uppercase() && after.is_some_and(char::is_lowercase);
    camel || acronym
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Vectors {
        tokens: Vec<Vector>,
    }

    #[derive(serde::Deserialize)]
    struct Vector {
        text: String,
        words: Vec<String>,
    }

    /// The same vectors run against `search.js` in `tests/search.mjs`.
    #[test]
    fn words_are_those_of_the_shared_vectors() {
        let text = include_str!("../../../tests/search-vectors.json");
        let vectors: Vectors = serde_json::from_str(text).unwrap();
        assert!(vectors.tokens.len() > 10);
        for vector in vectors.tokens {
            assert_eq!(tokenize(&vector.text), vector.words, "{}", vector.text);
        }
    }
}
