//! Indexes of what stands in examples: error codes, content types, words, constants.

use std::collections::{BTreeMap, BTreeSet};

use super::explained::{self, Explained};
use super::{Index, Places, Row};
use crate::book::Entry;
use crate::check::constants;
use crate::check::{Example, Role, TokenClass};
use crate::grammar::Command;
use crate::markdown::{Block, Inline, inline_text};
use crate::site::block::visit;

/// A constant that is shorter says too little alone: `52` stands in many places that mean something else.
const SHORTEST: usize = 5;

/// Where each name stands in examples.
type Found<'a> = BTreeMap<String, Places<'a>>;

impl Index<'_> {
    /// Error codes, with what gets them.
    pub(super) fn errors(&self) -> Vec<Row> {
        let found = self.found(|_, example| {
            let forms = example.lines.iter().flat_map(|line| &line.forms);
            forms.map(|form| form.command.clone()).collect()
        });
        let row = |code: &Command| {
            let requests = code.forms.iter().flat_map(|form| &form.answers);
            let requests: BTreeSet<&str> =
                requests.map(|request| request.command.as_str()).collect();
            let anchors = requests.into_iter().map(|name| self.shared.anchor(self.entry, name));
            let explained = explained::named(&self.shared.book, &code.name);
            let note = explained.as_ref().map(Explained::note).unwrap_or_default();
            self.row(&code.name, explained.as_ref(), &note)
                .with("Commands", anchors.collect())
                .with("Examples", self.example_links(found.get(&code.name)))
        };
        self.shared.book.grammar.errors().map(row).collect()
    }

    /// Content types of messages, with the pages that tell of them.
    pub(super) fn content_types(&self) -> Vec<Row> {
        let types = &self.shared.book.grammar.content_types;
        let found = self.found(|entry, example| {
            let lines = example.lines.iter().filter(|line| line.role == Role::Payload);
            let words = lines.flat_map(|line| words(entry.source.slice(line.wire)));
            words.map(str::to_lowercase).filter(|word| types.contains_key(word)).collect()
        });
        let mut pages: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for (path, entry) in &self.shared.book.entries {
            for word in words(&entry.source.text).map(str::to_lowercase) {
                if types.contains_key(&word) {
                    pages.entry(word).or_default().insert(path);
                }
            }
        }
        let rows = explained::all(&self.shared.book, &self.shared.order);
        let row = |name: &String| {
            let paths = pages.get(name).into_iter().flatten();
            let links = paths.filter_map(|path| self.shared.page_anchor(&self.entry.url, path));
            let explained = rows.get(name);
            let note = explained.map(Explained::note).unwrap_or_default();
            self.row(name, explained, &note)
                .with("Pages", links.collect())
                .with("Examples", self.example_links(found.get(name)))
        };
        types.keys().filter(|name| *name != "*").map(row).collect()
    }

    /// Words that parameters can be, such as the names of properties, with the examples that use them.
    pub(super) fn keywords(&self) -> Vec<Row> {
        let mut kinds: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        let mut found: Found<'_> = BTreeMap::new();
        for (key, example) in &self.shared.checked.examples {
            let Some(entry) = self.shared.book.entries.get(&key.0) else { continue };
            let tokens = example.lines.iter().flat_map(|line| &line.tokens);
            let named = tokens.filter(|t| t.class == TokenClass::Keyword && !t.name.is_empty());
            let mut words = BTreeSet::new();
            for token in named {
                let word = entry.source.slice(token.span);
                let what = if token.kind.is_empty() { &token.name } else { &token.kind };
                kinds.entry(word.to_owned()).or_default().insert(what);
                words.insert(word.to_owned());
            }
            add(&mut found, key, words);
        }
        let rows = explained::all(&self.shared.book, &self.shared.order);
        let row = |(word, kinds): (&String, &BTreeSet<&str>)| {
            let kinds: Vec<&str> = kinds.iter().copied().collect();
            // A single character stands first in rows of all sorts.
            let explained =
                rows.get(&word.to_lowercase()).filter(|_| word.chars().nth(1).is_some());
            self.row(word, explained, &kinds.join(", "))
                .with("Examples", self.example_links(found.get(word)))
        };
        kinds.iter().map(row).collect()
    }

    /// Values of the page of constants, with the examples that use them.
    pub(super) fn constants(&self) -> Vec<Row> {
        let Some(page) = constants::page(&self.shared.book) else { return Vec::new() };
        let values = values(page);
        let known: BTreeSet<&str> = values.iter().map(|(value, _)| value.as_str()).collect();
        let found = self.found(|entry, example| {
            let lines = example.lines.iter().map(|line| entry.source.slice(line.wire));
            let words = lines.flat_map(|line| line.split_whitespace().chain(words(line)));
            words.filter(|word| known.contains(word)).map(str::to_owned).collect()
        });
        let row = |(value, note): &(String, String)| {
            self.row(value, None, note).with("Examples", self.example_links(found.get(value)))
        };
        values.iter().map(row).collect()
    }

    /// Where the names that `names` finds in each example stand.
    fn found(&self, names: impl Fn(&Entry, &Example) -> BTreeSet<String>) -> Found<'_> {
        let mut found = BTreeMap::new();
        for (key, example) in &self.shared.checked.examples {
            let Some(entry) = self.shared.book.entries.get(&key.0) else { continue };
            add(&mut found, key, names(entry, example));
        }
        found
    }
}

fn add<'a>(found: &mut Found<'a>, key: &'a (String, usize), names: BTreeSet<String>) {
    let (path, index) = key;
    for name in names {
        let places = found.entry(name).or_default();
        places.entry(path).or_insert((*index, 0)).1 += 1;
    }
}

/// What stands between blanks and the signs that lists, headers, XML and Markdown put around values; behind an `=` also
/// what follows it.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let apart = |c: char| c.is_whitespace() || ",;<>\"'`|()".contains(c);
    let words = text.split(apart).filter(|word| !word.is_empty());
    words.flat_map(|word| {
        let value = word.split_once('=').map(|(_, value)| value);
        std::iter::once(word).chain(value)
    })
}

/// The values in the tables of the page of constants, in the order of the page, each once, and what they stand for.
fn values(page: &Entry) -> Vec<(String, String)> {
    let mut seen = BTreeSet::new();
    let mut values = Vec::new();
    visit(&page.page.blocks, 0, &mut |block| {
        let Block::Table { head, rows, .. } = block else { return };
        for row in rows {
            let label = row.first().map(|cell| inline_text(cell)).unwrap_or_default();
            let named = row.first().is_some_and(|cell| codes(cell).any(|code| code == label));
            for (column, cell) in row.iter().enumerate() {
                let title = head.get(column).map(|cell| inline_text(cell)).unwrap_or_default();
                for value in codes(cell).filter(|value| is_telling(value)) {
                    // Where the first cell is a value itself, the heads say what the others are to it.
                    let note = match (column, named) {
                        (0, _) => title.clone(),
                        (_, false) => label.clone(),
                        (_, true) => format!("{title}: {label}"),
                    };
                    if seen.insert(value.to_owned()) {
                        values.push((value.to_owned(), note));
                    }
                }
            }
        }
    });
    values
}

fn codes(cell: &[Inline]) -> impl Iterator<Item = &str> {
    cell.iter().filter_map(|inline| match inline {
        Inline::Code(code, _) => Some(code.as_str()),
        _ => None,
    })
}

fn is_telling(value: &str) -> bool {
    value.len() >= SHORTEST && !value.contains(char::is_whitespace)
}
