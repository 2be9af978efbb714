//! Words into the inverted index, in shards.
//!
//! A shard is the words of a range, in order, joined by blanks, and for each word its places in three lists, joined by commas:
//! the sections in which it weighs much, those in which it weighs something, and the pages, by their number, on which it stands
//! only with little weight. Empty lists at the end are left out. A list has the distance from place to place as digits: those
//! but the last are capital letters, the last is a small letter or a digit, so that nothing parts them.
//!
//! Most places weigh little. To know their pages is enough: a reader who asks for such a word is led on by the text.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::Page;
use super::tally::Counted;

/// BM25's saturation of repeated words, and its weight of a document's length.
const K1: f64 = 1.2;
const B: f64 = 0.75;
/// From these shares of the greatest possible weight on a word weighs much, or something.
const STEPS: [f64; 2] = [0.75, 0.68];
/// A word that stands in more than so many of a hundred sections says nothing.
const COMMON: usize = 20;
/// In a book with fewer sections no word is common.
const SMALL: usize = 200;
/// A word of a very large book keeps so many sections, the weightiest; of the others it keeps the pages.
const MOST_PLACES: usize = 6000;
/// A shard ends where it has so many bytes.
const SHARD: usize = 12 * 1024;

/// The index of the words.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The first word of each shard.
    pub(super) firsts: Vec<String>,
    /// The shards as scripts.
    pub(super) shards: Vec<String>,
    /// Words that stand nearly everywhere, and in no shard.
    pub(super) common: Vec<String>,
}

/// The words of sections, in the making.
#[derive(Debug, Default)]
pub(super) struct Words {
    places: BTreeMap<String, Vec<Weighed>>,
    /// Of each section, the number of its page and how many words it has.
    sections: Vec<(usize, u32)>,
    pages: usize,
}

/// How much a word counts in a section.
#[derive(Debug, Clone, Copy)]
struct Weighed {
    /// Number of the section; there are fewer than 2^32.
    section: u32,
    count: u32,
}

impl Words {
    /// Takes the words out of the pages that follow.
    pub(super) fn take(&mut self, pages: &mut [Page]) {
        let mut tallies = Vec::new();
        for page in pages {
            let begin = self.sections.len();
            self.sections.resize(begin + page.sections.len(), (self.pages, 0));
            let tally = std::mem::take(&mut page.words);
            for counted in tally.counted() {
                if let Some((_, length)) = self.sections.get_mut(begin + counted.section) {
                    *length = length.saturating_add(counted.weight);
                }
            }
            tallies.push((begin, tally));
            self.pages += 1;
        }
        let number = |begin: usize, counted: &Counted<'_>| {
            u32::try_from(begin + counted.section).unwrap_or(u32::MAX)
        };
        let weighed = |begin: usize, counted: Counted<'_>| Weighed {
            section: number(begin, &counted),
            count: counted.weight,
        };
        let all =
            tallies.iter().flat_map(|(begin, tally)| tally.counted().map(|one| (*begin, one)));
        let mut all: Vec<(usize, Counted<'_>)> = all.collect();
        all.par_sort_unstable_by(|(begin, one), (other_begin, other)| {
            let sections = number(*begin, one).cmp(&number(*other_begin, other));
            one.by_word(other).then(sections)
        });
        for same in all.chunk_by(|(_, one), (_, other)| one.by_word(other).is_eq()) {
            let Some((_, one)) = same.first() else { continue };
            let counted = same.iter().map(|(begin, counted)| weighed(*begin, *counted));
            match self.places.get_mut(one.word) {
                Some(places) => places.extend(counted),
                None => drop(self.places.insert(one.word.to_owned(), counted.collect())),
            }
        }
    }

    /// The index of all sections.
    pub(super) fn index(self) -> Index {
        let total: u64 = self.sections.iter().map(|(_, length)| u64::from(*length)).sum();
        let count = self.sections.len();
        let average = real(usize::try_from(total).unwrap_or_default()) / real(count.max(1));
        let place = |counted: &Weighed| {
            let number = usize::try_from(counted.section).ok()?;
            let (page, length) = self.sections.get(number).copied()?;
            Some(Place { number, page, share: share(counted.count, length, average) })
        };
        let common = |places: &[Weighed]| count > SMALL && places.len() * 100 > count * COMMON;
        let words: Vec<(String, Vec<Weighed>)> = self.places.into_iter().collect();
        let written: Vec<Option<String>> = words
            .par_iter()
            .map(|(_, all)| (!common(all)).then(|| encoded(all.iter().filter_map(place).collect())))
            .collect();
        // `BTreeMap` orders by bytes, which for UTF-8 is the order of code points; the script compares likewise.
        let mut index = Index::default();
        let mut shard = Shard::default();
        for ((word, _), places) in words.into_iter().zip(written) {
            match places {
                Some(places) => shard.add(word, places),
                None => index.common.push(word),
            }
            if shard.size > SHARD {
                index.close(&std::mem::take(&mut shard));
            }
        }
        index.close(&shard);
        index
    }
}

impl Index {
    fn close(&mut self, shard: &Shard) {
        let Some(first) = shard.words.first() else { return };
        self.firsts.push(first.clone());
        let (words, places) = (shard.words.join(" "), shard.places.join(" "));
        let value = serde_json::json!([words, places]);
        self.shards.push(format!("self.wirebookSearch.words({},{value});\n", self.shards.len()));
    }
}

/// A shard in the making.
#[derive(Default)]
struct Shard {
    words: Vec<String>,
    places: Vec<String>,
    size: usize,
}

impl Shard {
    fn add(&mut self, word: String, places: String) {
        self.size += word.len() + places.len() + 2;
        self.words.push(word);
        self.places.push(places);
    }
}

/// How much a word weighs in a section, from 0 to 1: BM25 without the word's rarity, which the script knows.
fn share(count: u32, length: u32, average: f64) -> f64 {
    let count = f64::from(count);
    let long = f64::from(length) / average.max(1.0);
    count / (count + K1 * (1.0 - B + B * long))
}

/// A number of things; there are never so many that a float cannot tell them apart.
fn real(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::from(u32::MAX), f64::from)
}

/// Where a word stands.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// Number of the section.
    number: usize,
    /// Number of its page.
    page: usize,
    /// How much the word weighs there.
    share: f64,
}

fn encoded(places: Vec<Place>) -> String {
    let [much, something] = STEPS;
    let (mut weighty, mut light): (Vec<Place>, Vec<Place>) =
        places.into_iter().partition(|place| place.share >= something);
    if weighty.len() > MOST_PLACES {
        weighty.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.number.cmp(&b.number)));
        light.extend(weighty.drain(MOST_PLACES..));
        weighty.sort_by_key(|place| place.number);
    }
    let (heavy, middle): (Vec<Place>, Vec<Place>) =
        weighty.into_iter().partition(|place| place.share >= much);
    let known: BTreeSet<usize> = heavy.iter().chain(&middle).map(|place| place.page).collect();
    let pages: BTreeSet<usize> = light.iter().map(|place| place.page).collect();
    let number = |place: &Place| place.number;
    let lists = [
        distances(heavy.iter().map(number)),
        distances(middle.iter().map(number)),
        distances(pages.difference(&known).copied()),
    ];
    lists.join(",").trim_end_matches(',').to_owned()
}

/// Numbers that grow, as the distances between them.
fn distances(numbers: impl Iterator<Item = usize>) -> String {
    let mut before = 0;
    let mut out = String::new();
    for number in numbers {
        digits(&mut out, number - before);
        before = number;
    }
    out
}

/// Writes a number: the last digit in base 36, those before it in base 26.
fn digits(out: &mut String, number: usize) {
    let mut higher = number / 36;
    let mut front = Vec::new();
    while higher > 0 {
        front.push(u8::try_from(higher % 26).unwrap_or_default());
        higher /= 26;
    }
    out.extend(front.iter().rev().map(|digit| char::from(b'A' + digit)));
    let last = u32::try_from(number % 36).ok().and_then(|digit| char::from_digit(digit, 36));
    out.extend(last);
}

#[cfg(test)]
mod tests {
    use super::super::Section;
    use super::*;

    fn index(mut pages: Vec<Page>) -> Index {
        let mut words = Words::default();
        words.take(&mut pages);
        words.index()
    }

    fn pages(sections: usize, words: &[(usize, &str, u32)]) -> Vec<Page> {
        let made = (0..sections).map(|_| Section::default()).collect();
        let mut page = Page { sections: made, ..Page::default() };
        for (at, word, count) in words {
            page.words.count(*at, word, *count);
        }
        page.words.close();
        vec![page]
    }

    #[test]
    fn words_are_sorted_and_places_are_distances() {
        // A word that stands everywhere gives all sections about one length.
        let mut words: Vec<_> = (0..1000).map(|at| (at, "zz", 40)).collect();
        words.extend([(2, "usr", 10), (2, "b", 1), (39, "usr", 40), (999, "usr", 1)]);
        let index = index(pages(1000, &words));
        assert_eq!((index.firsts, index.common), (vec!["b".to_owned()], vec!["zz".to_owned()]));
        let shard = &index.shards[0];
        assert!(shard.starts_with("self.wirebookSearch.words(0,[\"b usr\",\""), "{shard}");
        assert!(shard.contains(",,0 2B1\""), "37 is one 36 and 1: {shard}");
    }

    #[test]
    fn what_weighs_little_is_known_by_its_page() {
        let mut all = pages(3, &[(0, "b", 90), (0, "a", 1), (1, "a", 1), (2, "a", 60)]);
        all.extend(pages(2, &[(0, "c", 90), (0, "a", 1), (1, "c", 90), (1, "a", 1)]));
        let index = index(all);
        assert!(index.shards[0].contains("\"11,,1 "), "{}", index.shards[0]);
    }

    #[test]
    fn numbers_have_one_last_digit() {
        let written = |number| {
            let mut out = String::new();
            digits(&mut out, number);
            out
        };
        assert_eq!(written(0), "0");
        assert_eq!(written(35), "z");
        assert_eq!(written(36), "B0");
        assert_eq!(written(36 * 26 + 1), "BA1");
    }

    #[test]
    fn repeated_words_weigh_more_and_long_sections_less() {
        assert!(share(5, 10, 10.0) > share(1, 10, 10.0));
        assert!(share(1, 10, 10.0) > share(1, 100, 10.0));
    }

    #[test]
    fn a_word_of_too_many_sections_keeps_their_pages() {
        let number = MOST_PLACES + 2;
        let place = |number| Place { number, page: number, share: 0.9 };
        let written = encoded((0..number).map(place).collect());
        let (sections, pages) = written.split_once(",,").unwrap();
        assert_eq!(sections.len(), MOST_PLACES);
        let mut wanted = String::new();
        digits(&mut wanted, MOST_PLACES);
        assert_eq!(pages, wanted + "1");
    }

    #[test]
    fn a_word_that_is_everywhere_is_common() {
        let everywhere: Vec<(usize, &str, u32)> = (0..300).map(|at| (at, "the", 1)).collect();
        let index = index(pages(300, &everywhere));
        assert_eq!(index.common, ["the"]);
        assert!(index.shards.is_empty());
    }
}
