//! The search: a script with the program and the names, loaded when a reader first turns to the field, and shards that follow
//! only where names do not suffice.
//!
//! 1. Every section of every page becomes a [`Section`] with names, weighted words and text (`collect`).
//! 2. Words are cut by the one tokenizer (`tokenize`), which the script has again in JavaScript.
//! 3. Titles of pages and names of the book stand in the script itself (`names`), as many as fit. Headings follow in one more,
//!    with what the search does with words, and names that rows and terms define in another.
//! 4. Words become a sorted, inverted index whose weights are BM25's, in three steps, cut into shards (`words`).
//! 5. The text that excerpts are made of stands in blocks of a few sections (`texts`).
//!
//! All of these are scripts, and no JSON: a page read from disk may not fetch. The folder of the shards carries a hash of all of
//! them.

mod collect;
mod names;
mod tally;
mod texts;
mod tokenize;
mod words;

use std::collections::BTreeMap;

use super::Theme;
use super::shared::{Naming, fingerprint};
use super::wire;
use crate::check::Checked;
use crate::config::Config;
use tally::Tally;

/// A page, as the search knows it.
#[derive(Debug, Default)]
struct Page {
    /// Link from the site's root.
    url: String,
    title: String,
    /// What it is: `command`, `page` and so on.
    kind: &'static str,
    /// Versions it is about, in words; may be empty.
    versions: String,
    /// The page's top, and then its sections.
    sections: Vec<Section>,
    /// Words and how much each counts in which section.
    words: Tally,
}

/// One thing that can be found.
#[derive(Debug, Default)]
struct Section {
    /// Where on the page it begins; empty for the top.
    id: String,
    title: String,
    /// What it is, where it is smaller than a section; mostly empty.
    kind: &'static str,
    /// Other names that find it at once.
    names: Vec<Name>,
    /// What it says.
    text: String,
}

/// A name that a section defines.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    text: String,
    /// The place of its own that it has; empty for none.
    id: String,
    /// True for what a term or a row defines; names of the book, such as codes, are few and come first.
    defined: bool,
}

/// Path of the script that is loaded first, where it is named plainly.
pub(super) const SCRIPT: &str = "search.js";

/// Folder of the other files, where they are named plainly.
pub(super) const FOLDER: &str = "search/";

/// The files of the search.
#[derive(Debug, Default)]
pub(super) struct Search {
    /// Path of the script that is loaded first.
    pub(super) script: String,
    /// All files by their path in the site.
    pub(super) files: BTreeMap<String, Vec<u8>>,
}

/// The search of a book.
pub(super) fn search(checked: &Checked, theme: &Theme, config: &Config, naming: Naming) -> Search {
    let (pages, words) = collect::pages(&checked.book, &config.glossary_except);
    let index = words.index();
    let listed = names::listed(&pages);
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut add = |letter: char, scripts: Vec<String>| {
        let numbered = scripts.into_iter().enumerate();
        files
            .extend(numbered.map(|(at, script)| (format!("{letter}{at}.js"), script.into_bytes())));
    };
    add('w', index.shards);
    let program = |name| String::from_utf8_lossy(theme.file(name));
    let headings = names::headings(&pages, listed);
    add('h', vec![format!("{}\n{headings}", program("search-words.js"))]);
    add('n', vec![names::more(&pages, listed)]);
    add('t', texts::blocks(&pages, listed.holds_all()));
    let folder = match naming {
        Naming::Hashed => {
            format!("search.{}/", fingerprint(files.values().map(Vec::as_slice)))
        }
        Naming::Plain => FOLDER.to_owned(),
    };
    let mut files: BTreeMap<String, Vec<u8>> =
        files.into_iter().map(|(name, bytes)| (folder.clone() + &name, bytes)).collect();
    let wire_script = wire::script(&checked.book, theme).into_bytes();
    let wire = match naming {
        Naming::Hashed => naming.name("wire", "js", &wire_script),
        Naming::Plain => format!("{FOLDER}wire.js"),
    };
    let names = names::names(
        &pages,
        listed,
        &names::Frame { folder, wire: wire.clone(), firsts: index.firsts, common: index.common },
    );
    files.insert(wire, wire_script);
    let script =
        format!("{}\nself.wirebookSearch.load({names});\n", program("search.js")).into_bytes();
    let name = naming.name("search", "js", &script);
    files.insert(name.clone(), script);
    Search { script: name, files }
}
