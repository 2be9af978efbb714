//! How much each word counts in each section of a page.
//!
//! Words stand one behind the other in one text, and are sorted by numbers that nearly all of them differ in: so the words of
//! ten thousand pages are counted without a piece of memory for each.

use std::cmp::Ordering;

use super::tokenize::words;

/// The words of a page's sections.
#[derive(Debug, Default)]
pub(super) struct Tally {
    letters: String,
    counts: Vec<Count>,
}

/// How much a word counts in a section.
#[derive(Debug, Clone, Copy)]
struct Count {
    /// The word's first bytes as a number that orders like them.
    first: u64,
    /// Where the word stands in the letters.
    begin: usize,
    length: usize,
    section: usize,
    weight: u32,
}

/// A word of a section, and how much it counts there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted<'a> {
    first: u64,
    pub(super) word: &'a str,
    /// Number of the section, from 0 for the page's top.
    pub(super) section: usize,
    pub(super) weight: u32,
}

impl Tally {
    /// Counts the words of a text in a section, each with this weight.
    pub(super) fn count(&mut self, section: usize, text: &str, weight: u32) {
        words(text, |word| {
            let begin = self.letters.len();
            self.letters.push_str(word);
            let (first, length) = (first_bytes(word), word.len());
            self.counts.push(Count { first, begin, length, section, weight });
        });
    }

    /// Adds up what belongs together, and forgets all else.
    pub(super) fn close(&mut self) {
        let Self { letters, counts } = std::mem::take(self);
        let word = |count: &Count| letters.get(count.begin..count.begin + count.length);
        let mut counts: Vec<(Count, &str)> =
            counts.into_iter().filter_map(|count| Some((count, word(&count)?))).collect();
        counts.sort_unstable_by(|(a, one), (b, other)| {
            by_word((a.first, one), (b.first, other)).then(a.section.cmp(&b.section))
        });
        let mut before = None;
        for (count, word) in counts {
            if before != Some(word) {
                self.letters.push_str(word);
            }
            let begin = self.letters.len() - word.len();
            match self.counts.last_mut() {
                Some(last) if before == Some(word) && last.section == count.section => {
                    last.weight = last.weight.saturating_add(count.weight);
                }
                _ => self.counts.push(Count { begin, ..count }),
            }
            before = Some(word);
        }
        self.letters.shrink_to_fit();
        self.counts.shrink_to_fit();
    }

    /// What was counted; each word of each section once, where it is closed.
    pub(super) fn counted(&self) -> impl Iterator<Item = Counted<'_>> {
        self.counts.iter().filter_map(|count| {
            let Count { first, begin, length, section, weight } = *count;
            Some(Counted { first, word: self.letters.get(begin..begin + length)?, section, weight })
        })
    }
}

impl Counted<'_> {
    /// The order of words, by their bytes.
    pub(super) fn by_word(&self, other: &Counted<'_>) -> Ordering {
        by_word((self.first, self.word), (other.first, other.word))
    }
}

fn by_word(one: (u64, &str), other: (u64, &str)) -> Ordering {
    one.0.cmp(&other.0).then_with(|| one.1.cmp(other.1))
}

/// The first eight bytes of a word as a number that orders like them.
fn first_bytes(word: &str) -> u64 {
    let mut bytes = [0; 8];
    for (to, from) in bytes.iter_mut().zip(word.bytes()) {
        *to = from;
    }
    u64::from_be_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_together_is_added_up_in_order() {
        let mut tally = Tally::default();
        tally.count(0, "Switchboards, switchboard", 2);
        tally.count(1, "a switchboard", 1);
        tally.count(0, "SWITCHBOARD a", 10);
        tally.close();
        let counted: Vec<_> = tally.counted().map(|c| (c.word, c.section, c.weight)).collect();
        let wanted = [
            ("a", 0, 10),
            ("a", 1, 1),
            ("switchboard", 0, 12),
            ("switchboard", 1, 1),
            ("switchboards", 0, 2),
        ];
        assert_eq!(counted, wanted);
    }
}
