//! Text into words for the search, the same way as `search.js` does it.
//!
//! A word is what blanks and punctuation part, in lower case; what follows `0x` in it; and the words in `camelCase`. No word is
//! dropped for being common, and none is stemmed: on a wiki about a protocol `NOT` and `A` are names. What is longer than 32
//! bytes is data, and is no word. Names with punctuation are found by the index of names.

/// Longest word, in bytes.
const LONGEST: usize = 32;

/// The words of a text in order; within a chunk between blanks none twice.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for chunk in text.split_whitespace() {
        let mut own = Vec::new();
        for piece in chunk.split(|character: char| !character.is_alphanumeric()) {
            if piece.len() <= LONGEST {
                piece_words(piece, &mut own);
            }
        }
        words.append(&mut own);
    }
    words
}

fn piece_words(piece: &str, words: &mut Vec<String>) {
    add(words, piece, 1);
    if let Some(tail) = piece.strip_prefix("0x").or_else(|| piece.strip_prefix("0X")) {
        add(words, tail, 2);
    }
    if piece.chars().all(char::is_alphabetic) {
        for part in parts(piece) {
            add(words, &part, 2);
        }
    }
}

/// Adds a word in lower case, unless it is known or shorter than `least` characters.
fn add(words: &mut Vec<String>, word: &str, least: usize) {
    let word = word.to_lowercase();
    if word.chars().count() >= least && !words.contains(&word) {
        words.push(word);
    }
}

/// The words of letters in `camelCase`.
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

/// True if a part begins at `here`: `a|B`, `AB|Cd`.
fn begins(before: char, here: char, after: Option<char>) -> bool {
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
            assert_eq!(words(&vector.text), vector.words, "{}", vector.text);
        }
    }
}
