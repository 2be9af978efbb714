//! The search: one script that holds the program and the index, loaded when a reader first turns to the field.
//!
//! 1. Every section of every page becomes a [`Document`] with weighted words (`collect`).
//! 2. Words are cut by the one tokenizer (`tokenize`), which the script has again in JavaScript.
//! 3. Documents and words become a sorted, inverted index whose weights are BM25's, in 26 steps (`index`).
//!
//! A script that sets a variable, and no JSON: a page read from disk may not fetch.

mod collect;
mod index;
mod tokenize;

use super::Theme;
use crate::check::Checked;

/// One thing that can be found.
#[derive(Debug, Default)]
struct Document {
    /// Link from the site's root.
    url: String,
    /// Title of the section; of the page for its top.
    title: String,
    /// Title of the page; empty for its top.
    page: String,
    /// What it is: `command`, `section` and so on.
    kind: String,
    /// Versions it is about, in words; may be empty.
    versions: String,
    /// Other names that find it at once, such as an error code.
    names: Vec<String>,
    /// Words and how much each counts.
    words: std::collections::BTreeMap<String, u32>,
}

/// The search script of a book.
pub(super) fn script(checked: &Checked, theme: &Theme) -> String {
    let program = String::from_utf8_lossy(theme.file("search.js"));
    let index = index::index(&collect::documents(&checked.book));
    format!("{program}\nself.wirebookSearch.load({index});\n")
}
