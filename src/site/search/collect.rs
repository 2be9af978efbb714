//! What can be found: the sections of all pages, and the names that lead to them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use rayon::prelude::*;

use super::tally::Tally;
use super::words::Words;
use super::{Name, Page, Section};
use crate::book::{Book, Entry, PageKind};
use crate::grammar::Command;
use crate::markdown::{Block, Definition, Inline, inline_text};
use crate::site::block::DEEPEST;
use crate::site::href;

/// How much a word counts, by where it stands.
const TITLE: u32 = 10;
const SYNTAX: u32 = 3;
const CODE: u32 = 2;
const SUMMARY: u32 = 5;
const TEXT: u32 = 1;

/// A name that more sections define says nothing, such as a parameter that many commands have.
const MOST_DEFINED: usize = 12;
/// How many bytes a row's values have that count as names; what is shorter says nothing, what is longer is data.
const VALUES: RangeInclusive<usize> = 5..=32;
/// Longest name, in bytes; what is longer is data.
const LONGEST_NAME: usize = 64;

/// So many pages are walked before their words go into the index; those of all pages at once would be most of the memory.
const AT_ONCE: usize = 256;

/// What a page is that is about the wiki itself; the search puts it behind others.
pub(super) const ABOUT: &str = "about the wiki";

/// All pages in the order of their paths, without their words, and the words. Those whose paths begin with one of `about`
/// are about the wiki itself.
pub(super) fn pages(book: &Book, about: &[String]) -> (Vec<Page>, Words) {
    let mut named: BTreeMap<&str, Vec<Named<'_>>> = BTreeMap::new();
    for (name, (path, id)) in &book.names.targets {
        named.entry(path).or_default().push((name, id));
    }
    let walked = |entry: &&Entry| {
        let named = named.get(entry.page.path.as_str());
        let mut page = collect(book, entry, named.map_or(&[], Vec::as_slice));
        if about.iter().any(|start| entry.page.path.starts_with(start.as_str())) {
            page.kind = ABOUT;
        }
        page
    };
    let entries: Vec<&Entry> = book.entries.values().collect();
    let mut pages = Vec::with_capacity(entries.len());
    let mut words = Words::default();
    for some in entries.chunks(AT_ONCE) {
        let mut some: Vec<Page> = some.par_iter().map(walked).collect();
        words.take(&mut some);
        pages.append(&mut some);
    }
    drop_ubiquitous(&mut pages);
    (pages, words)
}

/// A name of the book, and the id on its page that it leads to; empty for the top.
type Named<'a> = (&'a str, &'a str);

fn collect(book: &Book, entry: &Entry, named: &[Named<'_>]) -> Page {
    let mut collector = Collector::new(book, entry);
    collector.blocks(&entry.page.blocks, 0);
    let Collector { mut sections, mut words, rows, .. } = collector;
    name_sections(book, named, (&mut sections, &mut words), &rows);
    words.close();
    let shown = entry.kind == PageKind::Command && !entry.versions.is_empty();
    Page {
        url: href::relative("", &entry.url),
        title: entry.title.clone(),
        kind: entry.kind.name(),
        versions: if shown { entry.versions.to_string() } else { String::new() },
        sections,
        words,
    }
}

/// Gives names of the book to the sections of a page that they lead to, where these do not bear them as titles. A name that
/// leads to something smaller than a section, such as the row of an error code, becomes a section.
fn name_sections(
    book: &Book,
    named: &[Named<'_>],
    (sections, words): (&mut Vec<Section>, &mut Tally),
    rows: &BTreeMap<&str, String>,
) {
    for (name, id) in named {
        let same = sections.iter_mut().enumerate().find(|(_, section)| section.id == *id);
        if let Some((number, section)) = same {
            if section.title != *name {
                let text = (*name).to_owned();
                section.names.push(Name { text, id: String::new(), defined: false });
                words.count(number, name, TITLE);
            }
            continue;
        }
        let error = book.grammar.command(name).is_some_and(Command::is_error);
        let text = rows.get(id).cloned().unwrap_or_default();
        let mut section = Section {
            id: (*id).to_owned(),
            title: (*name).to_owned(),
            kind: if error { "error code" } else { "name" },
            ..Section::default()
        };
        words.count(sections.len(), name, TITLE);
        words.count(sections.len(), &text, CODE);
        section.text = text;
        sections.push(section);
    }
}

/// Takes away names that many sections define.
fn drop_ubiquitous(pages: &mut [Page]) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for name in pages.iter().flat_map(|page| &page.sections).flat_map(|section| &section.names) {
        *counts.entry(name.text.to_lowercase()).or_default() += 1;
    }
    for section in pages.iter_mut().flat_map(|page| &mut page.sections) {
        section.names.retain(|name| {
            counts.get(&name.text.to_lowercase()).is_none_or(|count| *count <= MOST_DEFINED)
        });
    }
}

/// Walks one page and cuts it into sections at its headings.
struct Collector<'a> {
    book: &'a Book,
    entry: &'a Entry,
    sections: Vec<Section>,
    words: Tally,
    /// What rows with an id of their own say.
    rows: BTreeMap<&'a str, String>,
    /// Names that the page defines already.
    defined: BTreeSet<String>,
}

impl<'a> Collector<'a> {
    fn new(book: &'a Book, entry: &'a Entry) -> Self {
        let top = Section { title: entry.title.clone(), ..Section::default() };
        let mut words = Tally::default();
        words.count(0, &entry.title, TITLE);
        let (rows, defined) = (BTreeMap::new(), BTreeSet::new());
        Self { book, entry, sections: vec![top], words, rows, defined }
    }

    /// Adds text to the section; `shown` text can be an excerpt.
    fn add(&mut self, text: &str, weight: u32, shown: bool) {
        self.words.count(self.sections.len().saturating_sub(1), text, weight);
        if let Some(section) = self.sections.last_mut().filter(|_| shown) {
            section.text.push_str(text);
        }
    }

    /// Ends a word of the text for excerpts.
    fn part(&mut self) {
        let Some(section) = self.sections.last_mut() else { return };
        if !section.text.is_empty() && !section.text.ends_with(char::is_whitespace) {
            section.text.push(' ');
        }
    }

    fn blocks(&mut self, blocks: &'a [Block], depth: usize) {
        if depth > DEEPEST {
            return;
        }
        for block in blocks {
            self.block(block, depth);
            self.part();
        }
    }

    fn block(&mut self, block: &'a Block, depth: usize) {
        match block {
            Block::Heading(index) => self.heading(*index),
            Block::Paragraph(inlines, _) => self.inlines(inlines, depth),
            Block::Quote(_, blocks, _) | Block::Footnote(_, blocks, _) => {
                self.blocks(blocks, depth + 1);
            }
            Block::List { items, .. } => {
                for item in items {
                    self.blocks(&item.blocks, depth + 1);
                }
            }
            Block::Definitions(list, _) => {
                for definition in list {
                    self.definition(definition, depth);
                }
            }
            Block::Table { head, rows, row_ids, .. } => {
                for cell in head {
                    self.part();
                    self.inlines(cell, depth);
                }
                for (at, row) in rows.iter().enumerate() {
                    self.row(row, row_ids.get(at).map_or("", String::as_str), depth);
                }
            }
            Block::Fence(index) => self.fence(*index),
            Block::Directive(..) | Block::Html(..) | Block::Rule(_) => {}
        }
    }

    fn definition(&mut self, definition: &'a Definition, depth: usize) {
        let term = inline_text(&definition.term);
        self.define(&term, &definition.id);
        self.add(&term, SYNTAX, true);
        self.part();
        for blocks in &definition.definitions {
            self.blocks(blocks, depth + 1);
        }
    }

    fn row(&mut self, row: &'a [Vec<Inline>], id: &'a str, depth: usize) {
        for (at, cell) in row.iter().enumerate() {
            self.part();
            if let Some(name) = named(cell, at == 0) {
                self.define(name, id);
            }
            self.inlines(cell, depth);
        }
        if !id.is_empty() {
            let cells: Vec<String> = row.iter().map(|cell| inline_text(cell)).collect();
            self.rows.insert(id, cells.join(" "));
        }
    }

    /// A term or the first cell of a row is a name of what the section explains.
    fn define(&mut self, name: &str, id: &str) {
        let name = name.trim();
        let plain =
            !name.is_empty() && name.len() <= LONGEST_NAME && !name.contains(char::is_whitespace);
        if !plain
            || self.book.names.targets.contains_key(name)
            || !self.defined.insert(name.to_lowercase())
        {
            return;
        }
        if let Some(section) = self.sections.last_mut() {
            section.names.push(Name { text: name.to_owned(), id: id.to_owned(), defined: true });
        }
    }

    /// A heading begins a section, unless it is the page's title.
    fn heading(&mut self, index: usize) {
        let Some(heading) = self.entry.page.headings.get(index) else { return };
        if heading.text != self.entry.title {
            self.sections.push(Section {
                id: heading.id.clone(),
                title: heading.text.clone(),
                ..Section::default()
            });
        }
        self.add(&heading.text, TITLE, false);
    }

    fn fence(&mut self, index: usize) {
        let Some(fence) = self.entry.page.fences.get(index) else { return };
        let weight = if fence.language == "msnp-grammar" { SYNTAX } else { TEXT };
        for line in &fence.lines {
            self.add(self.entry.source.slice(*line), weight, true);
            self.part();
        }
    }

    fn inlines(&mut self, inlines: &'a [Inline], depth: usize) {
        if depth > DEEPEST {
            return;
        }
        for inline in inlines {
            match inline {
                // What stands before the first heading says what the page is about.
                Inline::Text(text, _) if self.sections.len() == 1 => self.add(text, SUMMARY, true),
                Inline::Text(text, _) => self.add(text, TEXT, true),
                Inline::Code(code, _) => self.add(code, CODE, true),
                Inline::Emphasis(inner)
                | Inline::Strong(inner)
                | Inline::Strikethrough(inner)
                | Inline::Link(_, inner) => self.inlines(inner, depth + 1),
                Inline::Image(index) => {
                    let image = self.entry.page.links.get(*index);
                    self.add(image.map_or("", |image| image.text.as_str()), TEXT, true);
                }
                Inline::SoftBreak | Inline::HardBreak => self.part(),
                Inline::FootnoteReference(_) | Inline::Html(_) => {}
            }
        }
    }
}

/// The name that a cell of a row gives: code in front of the first cell, or all of another that is code or a word in
/// `camelCase`.
fn named(cell: &[Inline], first: bool) -> Option<&str> {
    let value = |text: &str| VALUES.contains(&text.len()) && !text.contains("://");
    let camel = |text: &str| {
        let pairs = text.bytes().zip(text.bytes().skip(1));
        text.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && pairs.into_iter().any(|(a, b)| a.is_ascii_lowercase() && b.is_ascii_uppercase())
    };
    match cell {
        [Inline::Code(code, _), ..] if first => Some(code),
        [Inline::Code(code, _)] if value(code) => Some(code),
        [Inline::Text(text, _)] if value(text) && camel(text) => Some(text),
        _ => None,
    }
}
