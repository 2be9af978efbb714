//! Who changed the pages of a book, and when: what a repository knows of them.

use std::collections::BTreeMap;

/// One change to pages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// What names it for ever, such as a hash.
    pub id: String,
    /// When, in UTC: `2026-11-24T22:57:33Z`.
    pub date: String,
    /// Who.
    pub author: String,
    /// What it says of itself, in a line.
    pub subject: String,
    /// Paths of the pages, relative to the source folder.
    pub pages: Vec<String>,
}

/// All changes, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    changes: Vec<Change>,
    /// Index of each page's newest change.
    last: BTreeMap<String, usize>,
}

impl History {
    /// Puts changes together; the newest come first.
    pub fn new(changes: Vec<Change>) -> Self {
        let mut last = BTreeMap::new();
        for (index, change) in changes.iter().enumerate() {
            for page in &change.pages {
                last.entry(page.clone()).or_insert(index);
            }
        }
        Self { changes, last }
    }

    /// The changes, the newest first.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The newest change of the page at `path`.
    pub fn last(&self, path: &str) -> Option<&Change> {
        self.last.get(path).and_then(|index| self.changes.get(*index))
    }
}
