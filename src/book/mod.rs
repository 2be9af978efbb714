//! The book: all pages together, in reading order, with names that can be looked up.
//!
//! In: parsed pages, a [`Config`](crate::config::Config) and a grammar. Out: a [`Book`]. Nothing here changes a page.
//!
//! 1. Each page gets a title, a kind, versions and servers, from front matter or derived (`derive`).
//! 2. `SUMMARY.md` (`summary`), or else the front page's links and the folders, give the reading order (`order`).
//! 3. Names of commands and versions become targets (`names`), words of the glossary terms (`glossary`), and every reference
//!    between pages a [`Reference`] (`link`).
//! 4. Open questions are parts of their pages (`question`).
//! 5. After an edit that leaves a page where it stands, the book is the old one with a new page in it (`revise`).

mod assemble;
mod derive;
mod glossary;
mod link;
mod names;
mod order;
mod question;
mod revise;
mod summary;

#[cfg(test)]
mod tests;

pub use assemble::assemble;
pub use glossary::{GLOSSARY, Glossary, Term};
pub use link::{Reference, Target, relative, resolve};
pub use names::Names;
pub use order::{Nav, NavItem};
pub use question::{Note, Question, questions};
pub use revise::revise;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::grammar::{Grammar, ServerSet, VersionSet};
use crate::markdown::Page;
use crate::report::Diagnostic;
use crate::text::{History, Source};

/// Names of the directives that a page can hold, `<!-- wirebook: NAME -->`.
pub const DIRECTIVES: [&str; 14] = [
    "command-matrix",
    "coverage",
    "error-codes",
    "index-of-constants",
    "index-of-content-types",
    "index-of-errors",
    "index-of-keywords",
    "index-of-kinds",
    "index-of-parameters",
    "open-questions",
    "rules",
    "table-of-commands",
    "version-changes",
    "version-diff",
];

/// What a page is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PageKind {
    /// One command.
    Command,
    /// One protocol version.
    Version,
    /// A web service, or one of its actions.
    Service,
    /// A file or format.
    File,
    /// Anything else.
    Page,
}

impl PageKind {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Command, Self::Version, Self::Service, Self::File, Self::Page];

    /// The word for it in front matter, search and page classes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Version => "version",
            Self::Service => "service",
            Self::File => "file",
            Self::Page => "page",
        }
    }
}

/// A page in its place in the book.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The page.
    pub page: Arc<Page>,
    /// Its file.
    pub source: Arc<Source>,
    /// Title, never empty.
    pub title: String,
    /// First paragraph or front matter's summary, as plain text; may be empty.
    pub summary: String,
    /// What it is about.
    pub kind: PageKind,
    /// Versions it is about; empty where it says nothing.
    pub versions: VersionSet,
    /// Servers it is about; empty where it says nothing.
    pub servers: ServerSet,
    /// Path of its HTML file in the site, with `/` between parts.
    pub url: String,
    /// Paths of the pages above it, outermost first, the front page left out.
    pub parents: Vec<String>,
    /// Paths of pages that link here, in order, without this one.
    pub backlinks: Vec<String>,
}

/// All pages, assembled.
#[derive(Debug, Clone)]
pub struct Book {
    /// The title of the whole.
    pub title: String,
    /// Pages by path.
    pub entries: BTreeMap<String, Entry>,
    /// Navigation; its pages in order are the reading order.
    pub nav: Nav,
    /// What a name means.
    pub names: Names,
    /// Terms that running text links to.
    pub glossary: Glossary,
    /// The grammar that examples are checked by.
    pub grammar: Arc<Grammar>,
    /// True if the grammar is the one built in, for want of fences in this wiki.
    pub foreign: bool,
    /// Paths of other files beside the pages.
    pub assets: Vec<String>,
    /// Who changed the pages, and when.
    pub history: Arc<History>,
    /// Path of the page that stands for addresses that do not exist; `None` for the theme's own words.
    pub not_found: Option<String>,
    /// What is wrong with the book as a whole.
    pub diagnostics: Vec<Diagnostic>,
}

impl Book {
    /// Path of the front page: the page that becomes `index.html`.
    pub fn front(&self) -> Option<&str> {
        let front = self.entries.iter().find(|(_, entry)| entry.url == "index.html");
        front.map(|(path, _)| path.as_str())
    }

    /// The command or version that a page is about, such as `CHG` or `MSNP9`, if it is the page of one.
    pub fn subject<'a>(&'a self, path: &str) -> Option<&'a str> {
        let entry = self.entries.get(path)?;
        let name = derive::name(path, &entry.title, entry.kind)?;
        let (name, (target, _)) = self.names.targets.get_key_value(&name)?;
        (target == path).then_some(name)
    }
}
