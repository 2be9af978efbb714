//! Settings of a book, from `book.toml` or by default.
//!
//! In: the text of `book.toml`. Out: a [`Config`] and diagnostics with spans. The shape is mdBook's: `[book]`,
//! `[build]`, `[output.html]`; wirebook's own keys stand under `[preprocessor.wirebook]`, the one place that leaves
//! mdBook able to build the same book. Unknown keys are findings with a suggestion; keys of mdBook that mean nothing
//! here are read and ignored.
//!
//! 1. The text becomes a table; where it is no TOML, that is the one finding, and what could be read still counts.
//! 2. Each key is compared with the table of known keys (`schema`).
//! 3. What passed becomes a [`Config`]; a value that makes no sense (`src = "../.."`) keeps its default.

mod read;
mod schema;

pub use read::parse;

use crate::text::Span;

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
    /// True where the text runs from right to left.
    pub right_to_left: bool,
    /// Folder of the pages; `.` for the root itself.
    pub source_folder: String,
    /// Folder that `build` writes.
    pub build_folder: String,
    /// Folder of the book's own theme files.
    pub theme_folder: String,
    /// Other folders whose files make `serve` build again.
    pub watched_folders: Vec<String>,
    /// Stylesheets that every page loads after the theme's.
    pub additional_css: Vec<NamedFile>,
    /// Scripts that every page loads after the theme's.
    pub additional_js: Vec<NamedFile>,
    /// Public URL or path of the site, with a final `/`; empty where unknown.
    pub site_url: String,
    /// Domain for a `CNAME` file; empty for none.
    pub cname: String,
    /// Page for addresses that do not exist, by path relative to the source folder; `None` for `404.md`, and where that is
    /// missing the theme's own words.
    pub not_found_page: Option<NamedFile>,
    /// Old addresses and where each leads now.
    pub redirects: Vec<Redirect>,
    /// URL of the repository; empty where unknown.
    pub repository_url: String,
    /// URL to edit a page, with `{path}` for its path in the repository; empty where unknown.
    pub edit_url: String,
    /// Sentence or two about the licence of the text, as plain text, for the foot of every page.
    pub licence_note: String,
    /// Sections that a command's page can have, in their order; empty where nothing is asked.
    pub command_sections: Vec<String>,
    /// Those of them that every command's page has. Invariant: each is among `command_sections`.
    pub required_sections: Vec<String>,
    /// How the paths of pages begin whose text does not link to the glossary.
    pub glossary_except: Vec<String>,
    /// Where `book.toml` asks for the pages' history; `None` where it does not.
    pub history: Option<Span>,
    /// True where all pages are wanted on one as well.
    pub print: bool,
    /// True where each page on it begins a sheet.
    pub page_break: bool,
    /// Rules that are switched off, each with a reason in `book.toml`. Invariant: each is in the table of rules.
    pub off: Vec<String>,
}

/// A file that a setting names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFile {
    /// Path relative to the book's root, where the setting says nothing else.
    pub path: String,
    /// Where `book.toml` names it.
    pub span: Span,
}

/// An address that something had once, and its address now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// Path of the old page in the site, such as `commands/old.html`.
    pub page: String,
    /// The old id on that page, without `#`; empty for the page itself.
    pub fragment: String,
    /// The address now as it is written: seen from the old page, or from the site's root with a `/` in front, or a URL.
    pub to: String,
    /// Where `book.toml` has the old address.
    pub span: Span,
    /// Where it has the new one.
    pub to_span: Span,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            title: String::new(),
            authors: Vec::new(),
            description: String::new(),
            language: "en".to_owned(),
            right_to_left: false,
            source_folder: "src".to_owned(),
            build_folder: "book".to_owned(),
            theme_folder: "theme".to_owned(),
            watched_folders: Vec::new(),
            additional_css: Vec::new(),
            additional_js: Vec::new(),
            site_url: String::new(),
            cname: String::new(),
            not_found_page: None,
            redirects: Vec::new(),
            repository_url: String::new(),
            edit_url: String::new(),
            licence_note: String::new(),
            command_sections: Vec::new(),
            required_sections: Vec::new(),
            glossary_except: Vec::new(),
            history: None,
            print: false,
            page_break: true,
            off: Vec::new(),
        }
    }
}
