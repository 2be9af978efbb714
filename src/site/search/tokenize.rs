//! Text into words for the search, the same way as `search.js` does it.
//!
//! A word is what blanks and punctuation part, in lower case; what follows `0x` in it; and the words in `camelCase`. No word is
//! dropped for being common, and none is stemmed: on a wiki about a protocol `NOT` and `A` are names. What is longer than 32
//! bytes is data, and is no word. Names with punctuation are found by the index of names.

/// Longest word, in bytes.
const LONGEST: usize = 32;

/// Calls `see` for the words of a text in order; within a chunk between blanks for none twice.
pub(super) fn words(text: &str, mut see: impl FnMut(&str)) {
    let mut own = Chunk::default();
    for chunk in text.split_whitespace() {
        for piece in chunk.split(|character: char| !character.is_alphanumeric()) {
            if piece.len() <= LONGEST {
                piece_words(piece, &mut own);
            }
        }
        own.words().for_each(&mut see);
        own.letters.clear();
        own.ends.clear();
    }
}

/// The words of a chunk one behind the other, so that most texts are cut without a new piece of memory a word.
#[derive(Default)]
struct Chunk {
    letters: String,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Chunk {
    fn words(&self) -> impl Iterator<Item = &str> {
        let begins = std::iter::once(0).chain(self.ends.iter().copied());
        begins.zip(&self.ends).filter_map(|(begin, end)| self.letters.get(begin..*end))
    }

    /// Adds a word in lower case, unless it is known or shorter than `least` characters.
    fn add(&mut self, word: &str, least: usize) {
        let begin = self.letters.len();
        if word.is_ascii() {
            self.letters.extend(word.chars().map(|letter| letter.to_ascii_lowercase()));
        } else {
            self.letters.push_str(&word.to_lowercase());
        }
        let new = self.letters.get(begin..).unwrap_or_default();
        if new.chars().take(least).count() < least || self.words().any(|known| known == new) {
            return self.letters.truncate(begin);
        }
        self.ends.push(self.letters.len());
    }
}

fn piece_words(piece: &str, words: &mut Chunk) {
    words.add(piece, 1);
    if let Some(tail) = piece.strip_prefix("0x").or_else(|| piece.strip_prefix("0X")) {
        words.add(tail, 2);
    }
    // Without a capital behind its front it is one part, which is there already.
    let capital = piece.chars().skip(1).any(char::is_uppercase);
    if capital && piece.chars().all(char::is_alphabetic) {
        for part in parts(piece) {
            words.add(&part, 2);
        }
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
            let mut found = Vec::new();
            words(&vector.text, |word| found.push(word.to_owned()));
            assert_eq!(found, vector.words, "{}", vector.text);
        }
    }
}
