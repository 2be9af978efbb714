//! Documents into the index that `search.js` reads.
//!
//! The index is one object: `documents`, each an array of URL, title, page, kind, versions and names; `words`, all words
//! in order, joined by blanks; and `places`, for each word the documents it stands in, joined by blanks. A place is the
//! distance to the place before as a number in base 36 and a capital letter, A to Z, for how much the word weighs there.

use std::collections::BTreeMap;

use super::Document;

/// BM25's saturation of repeated words, and its weight of a document's length.
const K1: f64 = 1.2;
const B: f64 = 0.75;

/// The index as JavaScript.
pub(super) fn index(documents: &[Document]) -> String {
    let shown: Vec<Vec<&str>> = documents.iter().map(row).collect();
    let mut places: BTreeMap<&str, Vec<(usize, char)>> = BTreeMap::new();
    let lengths: Vec<u32> = documents.iter().map(|d| d.words.values().sum()).collect();
    let total: u32 = lengths.iter().sum();
    let average = f64::from(total) / f64::from(u32::try_from(lengths.len().max(1)).unwrap_or(1));
    for (number, (document, length)) in documents.iter().zip(&lengths).enumerate() {
        for (word, count) in &document.words {
            let weight = weight(*count, *length, average);
            places.entry(word).or_default().push((number, weight));
        }
    }
    let words: Vec<&str> = places.keys().copied().collect();
    let places: Vec<String> = places.values().map(|places| encoded(places)).collect();
    // `BTreeMap` orders by bytes, which for UTF-8 is the order of code points; the script compares likewise.
    let value = serde_json::json!({
        "documents": shown,
        "words": words.join(" "),
        "places": places.join(" "),
    });
    value.to_string()
}

fn row(document: &Document) -> Vec<&str> {
    let mut row = vec![
        document.url.as_str(),
        &document.title,
        &document.page,
        &document.kind,
        &document.versions,
    ];
    row.extend(document.names.iter().map(String::as_str));
    row
}

/// How much a word weighs in a document: BM25 without the word's rarity, which the script knows, in 26 steps.
fn weight(count: u32, length: u32, average: f64) -> char {
    let count = f64::from(count);
    let long = f64::from(length) / average.max(1.0);
    let share = count / (count + K1 * (1.0 - B + B * long));
    let steps = ('A'..='Z').rev().enumerate();
    // From Z down: the first step whose lower bound is reached.
    let reached = |step: usize| share * 26.0 >= 25.0 - f64::from(u8::try_from(step).unwrap_or(25));
    steps.into_iter().find(|(step, _)| reached(*step)).map_or('A', |(_, letter)| letter)
}

fn encoded(places: &[(usize, char)]) -> String {
    let mut out = String::new();
    let mut before = 0;
    for (number, weight) in places {
        base36(&mut out, number - before);
        out.push(*weight);
        before = *number;
    }
    out
}

fn base36(out: &mut String, number: usize) {
    if number >= 36 {
        base36(out, number / 36);
    }
    let digit = u32::try_from(number % 36).ok().and_then(|digit| char::from_digit(digit, 36));
    out.extend(digit);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(url: &str, words: &[(&str, u32)]) -> Document {
        let words = words.iter().map(|(word, count)| ((*word).to_owned(), *count)).collect();
        Document { url: url.to_owned(), words, ..Document::default() }
    }

    #[test]
    fn words_are_sorted_and_places_are_distances() {
        let mut documents: Vec<Document> = (0..40).map(|_| document("x", &[])).collect();
        documents[2] = document("a", &[("usr", 10), ("b", 1)]);
        documents[39] = document("b", &[("usr", 1)]);
        let index: serde_json::Value = serde_json::from_str(&index(&documents)).unwrap();
        assert_eq!(index["words"], "b usr");
        let places = index["places"].as_str().unwrap();
        let (b, usr) = places.split_once(' ').unwrap();
        assert_eq!(b.get(..1), Some("2"));
        assert_eq!(usr.get(..1), Some("2"));
        assert_eq!(usr.get(2..4), Some("11"), "37 in base 36: {usr}");
    }

    #[test]
    fn repeated_words_weigh_more_and_long_documents_less() {
        assert!(weight(5, 10, 10.0) > weight(1, 10, 10.0));
        assert!(weight(1, 10, 10.0) > weight(1, 100, 10.0));
        assert_eq!(weight(1_000_000, 1, 10.0), 'Z');
        assert_eq!(weight(0, 1, 10.0), 'A');
    }
}
