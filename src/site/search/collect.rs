//! What can be found: the sections of all pages, and the names that lead to them.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::Document;
use super::tokenize::tokenize;
use crate::book::{Book, Entry, PageKind};
use crate::grammar::Command;
use crate::markdown::{Block, Inline};
use crate::site::block::DEEPEST;
use crate::site::href;

/// How much a word counts, by where it stands.
const TITLE: u32 = 10;
const PAGE_TITLE: u32 = 3;
const SYNTAX: u32 = 3;
const CODE: u32 = 2;
const SUMMARY: u32 = 3;
const TEXT: u32 = 1;

/// All documents, pages in the order of their paths.
pub(super) fn documents(book: &Book) -> Vec<Document> {
    let entries: Vec<&Entry> = book.entries.values().collect();
    let pages: Vec<Vec<Document>> =
        entries.into_par_iter().map(|entry| Collector::new(entry).run()).collect();
    let mut documents: Vec<Document> = pages.into_iter().flatten().collect();
    name_documents(book, &mut documents);
    documents
}

/// Gives names to the documents they lead to, where these do not bear them as titles. A name that leads to something
/// smaller than a section, such as the row of an error code, becomes a document.
fn name_documents(book: &Book, documents: &mut Vec<Document>) {
    let places: BTreeMap<String, usize> =
        documents.iter().enumerate().map(|(index, d)| (d.url.clone(), index)).collect();
    for (name, (path, id)) in &book.names.targets {
        let Some(entry) = book.entries.get(path) else { continue };
        let url = href::with_fragment(href::relative("", &entry.url), id);
        if let Some(document) = places.get(&url).and_then(|index| documents.get_mut(*index)) {
            if document.title != *name {
                document.names.push(name.clone());
                count(&mut document.words, name, TITLE);
            }
            continue;
        }
        let error = book.grammar.command(name).is_some_and(Command::is_error);
        let mut document = Document {
            url,
            title: name.clone(),
            page: entry.title.clone(),
            kind: if error { "error code" } else { "name" }.to_owned(),
            ..Document::default()
        };
        count(&mut document.words, name, TITLE);
        count(&mut document.words, &entry.title, PAGE_TITLE);
        documents.push(document);
    }
}

/// Walks one page and cuts it into documents at its headings.
struct Collector<'a> {
    entry: &'a Entry,
    documents: Vec<Document>,
}

impl<'a> Collector<'a> {
    fn new(entry: &'a Entry) -> Self {
        let top = Document {
            url: href::relative("", &entry.url),
            title: entry.title.clone(),
            kind: entry.kind.name().to_owned(),
            versions: versions(entry),
            ..Document::default()
        };
        let mut collector = Self { entry, documents: vec![top] };
        collector.add(&entry.title, TITLE);
        collector
    }

    fn run(mut self) -> Vec<Document> {
        let entry = self.entry;
        self.blocks(&entry.page.blocks, 0);
        self.documents
    }

    fn add(&mut self, text: &str, weight: u32) {
        if let Some(document) = self.documents.last_mut() {
            count(&mut document.words, text, weight);
        }
    }

    fn blocks(&mut self, blocks: &'a [Block], depth: usize) {
        if depth > DEEPEST {
            return;
        }
        for block in blocks {
            self.block(block, depth);
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
                    self.add(&crate::markdown::inline_text(&definition.term), SYNTAX);
                    for blocks in &definition.definitions {
                        self.blocks(blocks, depth + 1);
                    }
                }
            }
            Block::Table { head, rows, .. } => {
                for cell in head.iter().chain(rows.iter().flatten()) {
                    self.inlines(cell, depth);
                }
            }
            Block::Fence(index) => self.fence(*index),
            Block::Directive(..) | Block::Html(..) | Block::Rule(_) => {}
        }
    }

    /// A heading begins a document, unless it is the page's title.
    fn heading(&mut self, index: usize) {
        let Some(heading) = self.entry.page.headings.get(index) else { return };
        if heading.text != self.entry.title {
            let url = href::relative("", &self.entry.url);
            self.documents.push(Document {
                url: href::with_fragment(url, &heading.id),
                title: heading.text.clone(),
                page: self.entry.title.clone(),
                kind: "section".to_owned(),
                ..Document::default()
            });
            self.add(&self.entry.title, PAGE_TITLE);
        }
        self.add(&heading.text, TITLE);
    }

    fn fence(&mut self, index: usize) {
        let Some(fence) = self.entry.page.fences.get(index) else { return };
        let weight = if fence.language == "msnp-grammar" { SYNTAX } else { TEXT };
        for line in &fence.lines {
            self.add(self.entry.source.slice(*line), weight);
        }
    }

    fn inlines(&mut self, inlines: &'a [Inline], depth: usize) {
        if depth > DEEPEST {
            return;
        }
        for inline in inlines {
            match inline {
                // What stands before the first heading says what the page is about.
                Inline::Text(text, _) if self.documents.len() == 1 => self.add(text, SUMMARY),
                Inline::Text(text, _) => self.add(text, TEXT),
                Inline::Code(code, _) => self.add(code, CODE),
                Inline::Emphasis(inner)
                | Inline::Strong(inner)
                | Inline::Strikethrough(inner)
                | Inline::Link(_, inner) => self.inlines(inner, depth + 1),
                Inline::Image(index) => {
                    let image = self.entry.page.links.get(*index);
                    self.add(image.map_or("", |image| image.text.as_str()), TEXT);
                }
                Inline::FootnoteReference(_)
                | Inline::Html(_)
                | Inline::SoftBreak
                | Inline::HardBreak => {}
            }
        }
    }
}

fn versions(entry: &Entry) -> String {
    let shown = entry.kind == PageKind::Command && !entry.versions.is_empty();
    if shown { entry.versions.to_string() } else { String::new() }
}

fn count(words: &mut BTreeMap<String, u32>, text: &str, weight: u32) {
    for word in tokenize(text) {
        let counted = words.entry(word).or_default();
        *counted = counted.saturating_add(weight);
    }
}
