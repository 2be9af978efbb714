//! The glossary: the definition lists of the page `glossary.md`, whose terms other pages link to.
//!
//! In: that page. Out: a [`Glossary`] that finds its terms in running text. A term in small letters is found with a capital
//! in front too, and every term with a plural `s`; of several that begin at one word the longest counts.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::markdown::{Block, Definition, Page, inline_text};

/// Path of the page of terms.
pub const GLOSSARY: &str = "glossary.md";

/// The terms of a wiki; none where it has no glossary.
#[derive(Debug, Clone, Default)]
pub struct Glossary {
    /// Terms by the first of their words, in small letters and without a plural `s`; the longest first.
    terms: BTreeMap<String, Vec<Term>>,
}

/// A term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The term as the glossary writes it.
    pub name: String,
    /// Its id on the page of terms.
    pub id: String,
    /// The first sentence of what it means.
    pub meaning: String,
}

impl Glossary {
    /// The terms of the page of terms.
    pub(super) fn read(page: &Page) -> Self {
        let mut terms: BTreeMap<String, Vec<Term>> = BTreeMap::new();
        for block in &page.blocks {
            let Block::Definitions(definitions, _) = block else { continue };
            for definition in definitions {
                let term = term(definition);
                let Some(first) = words(&term.name).next().map(key) else { continue };
                terms.entry(first).or_default().push(term);
            }
        }
        for same in terms.values_mut() {
            same.sort_by_key(|term| std::cmp::Reverse(term.name.len()));
        }
        Self { terms }
    }

    /// The terms in running text, in order, with their places in it.
    pub fn in_text(&self, text: &str) -> Vec<(Range<usize>, &Term)> {
        let mut found: Vec<(Range<usize>, &Term)> = Vec::new();
        if self.terms.is_empty() {
            return found;
        }
        for word in words(text) {
            let start = word.as_ptr() as usize - text.as_ptr() as usize;
            if found.last().is_some_and(|(place, _)| start < place.end) {
                continue;
            }
            let Some(same) = self.terms.get(&key(word)) else { continue };
            let rest = text.get(start..).unwrap_or_default();
            let fit = same.iter().find_map(|term| Some((term.length_in(rest)?, term)));
            found.extend(fit.map(|(length, term)| (start..start + length, term)));
        }
        found
    }
}

impl Term {
    /// How many bytes of `text` the term takes, if it stands in front.
    fn length_in(&self, text: &str) -> Option<usize> {
        let head = text.get(..self.name.len())?;
        if head != self.name && !self.capitalised(head) {
            return None;
        }
        let behind = text.get(self.name.len()..)?;
        let plural = usize::from(behind.starts_with('s'));
        let outside = behind.get(plural..)?.chars().next().is_none_or(|c| !is_word(c));
        outside.then_some(self.name.len() + plural)
    }

    /// True if `text` is the term with a capital in front; a term that has capitals of its own has no such form.
    fn capitalised(&self, text: &str) -> bool {
        let (mut letters, mut own) = (text.chars(), self.name.chars());
        let (Some(first), Some(small)) = (letters.next(), own.next()) else { return false };
        !self.name.contains(char::is_uppercase)
            && first.to_lowercase().eq([small])
            && letters.as_str() == own.as_str()
    }
}

fn term(definition: &Definition) -> Term {
    Term {
        name: inline_text(&definition.term).trim().to_owned(),
        id: definition.id.clone(),
        meaning: definition.meaning(),
    }
}

/// What words that begin the same terms have in common.
fn key(word: &str) -> String {
    let small = word.to_lowercase();
    small.strip_suffix('s').map(str::to_owned).unwrap_or(small)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_word(c)).filter(|word| !word.is_empty())
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::parse;
    use crate::text::Source;

    fn found(text: &str) -> Vec<(String, String)> {
        let page = "# Glossary\n\nlist\n: Some accounts. More.\n\nforward list\n: Whom one sees.\n\n\
                    TrID\n: A number.\n\ncircles\n: Groups.\n";
        let glossary = Glossary::read(&parse(&Source::new(GLOSSARY, page)));
        let terms = glossary.in_text(text).into_iter();
        terms
            .map(|(place, term)| (text.get(place).unwrap().to_owned(), term.meaning.clone()))
            .collect()
    }

    fn names(text: &str) -> Vec<String> {
        found(text).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn terms_are_found_as_whole_words() {
        assert_eq!(names("Lists: a list, the Forward lists."), ["Lists", "list", "Forward lists"]);
        assert_eq!(names("listing, enlist, list_a, LIST, Listé"), Vec::<String>::new());
        assert_eq!(names("a TrID, TrIDs, trid, Circles, circle"), ["TrID", "TrIDs", "Circles"]);
        assert_eq!(names("é list"), ["list"]);
    }

    #[test]
    fn a_meaning_is_the_first_sentence() {
        assert_eq!(found("list")[0].1, "Some accounts.");
        assert_eq!(found("TrID")[0].1, "A number.");
    }
}
