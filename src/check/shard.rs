//! A share of a check, so that several machines check one book together.
//!
//! Every page belongs to one shard, and so do its examples and findings; findings that are about no page (settings, the theme)
//! belong to the first. The shares of all shards are the whole, each thing once.

use std::collections::BTreeSet;
use std::fmt;

use super::Checked;
use crate::book::Book;
use crate::report::{Diagnostic, Report};

/// One of so many shards. Invariant: `1 <= number <= count`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    number: usize,
    count: usize,
}

impl Shard {
    /// Reads `2/5`; an error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(number, count)| {
            let whole = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            let digits = whole(number) && whole(count);
            Some((number.parse().ok()?, count.parse().ok()?)).filter(|_| digits)
        });
        let Some((number, count)) = numbers else {
            return Err("a shard is written `K/N`, such as `2/5` for the second of five".to_owned());
        };
        if number == 0 || number > count {
            return Err(format!("the shards of {count} are numbered from 1 to {count}"));
        }
        Ok(Self { number, count })
    }

    /// Paths of the pages that belong to it: of all pages in the order of paths, every `count`th.
    pub fn pages(self, book: &Book) -> BTreeSet<&str> {
        let pages = book.entries.keys().skip(self.number - 1).step_by(self.count);
        pages.map(String::as_str).collect()
    }

    /// True for the shard that has the findings about no page.
    pub fn is_first(self) -> bool {
        self.number == 1
    }

    /// A check without the examples, documents and findings of other shards.
    #[must_use]
    pub fn share(self, checked: Checked) -> Checked {
        let Checked { book, mut examples, mut documents, report } = checked;
        let own = self.pages(&book);
        examples.retain(|(path, _), _| own.contains(path.as_str()));
        documents.retain(|(path, _), _| own.contains(path.as_str()));
        let found = report.diagnostics().iter();
        let belongs = |found: &&Diagnostic| {
            let path = found.path.as_str();
            own.contains(path) || (self.is_first() && !book.entries.contains_key(path))
        };
        let report = Report::new(found.filter(belongs).cloned().collect());
        Checked { book, examples, documents, report }
    }
}

/// `shard 2 of 5`.
impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "shard {} of {}", self.number, self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_is_one_of_so_many() {
        let shard = Shard::parse("2/5").unwrap();
        assert_eq!(shard.to_string(), "shard 2 of 5");
        assert!(!shard.is_first() && Shard::parse("1/1").unwrap().is_first());
        for wrong in
            ["", "2", "2/", "/2", "a/b", "-1/2", "+1/2", " 1/2", "1/2/3", "1/99999999999999999999"]
        {
            assert!(Shard::parse(wrong).unwrap_err().contains("`K/N`"), "{wrong}");
        }
        assert_eq!(Shard::parse("0/2").unwrap_err(), "the shards of 2 are numbered from 1 to 2");
        assert!(Shard::parse("3/2").is_err() && Shard::parse("0/0").is_err());
    }
}
