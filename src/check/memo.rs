//! What is known of the examples of pages, kept from one check to the next.
//!
//! What examples of a page show follows from the page, from what the book calls it, and from the grammar. Where all of these are the
//! same, so is what was found; where the grammar is another, nothing is kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::examples::{self, Found};
use crate::book::{Book, Entry, PageKind};
use crate::grammar::{ServerSet, VersionSet};
use crate::markdown::Page;
use crate::progress::{Progress, Stage};

/// The examples of a book's pages, with what they follow from. Any book can be checked with it.
#[derive(Debug, Default)]
pub struct Memo {
    declared: Vec<Arc<str>>,
    foreign: bool,
    pages: BTreeMap<String, (Basis, Arc<Found>)>,
}

/// What a page's examples are checked by, besides the grammar.
#[derive(Debug)]
struct Basis {
    page: Arc<Page>,
    title: String,
    kind: PageKind,
    versions: VersionSet,
    servers: ServerSet,
    subject: Option<String>,
}

impl Memo {
    /// Forgets everything if the grammar is another: `declared` are the fences that declare it, as written, in order.
    pub fn declare(&mut self, declared: Vec<Arc<str>>) {
        if self.declared != declared {
            self.pages.clear();
            self.declared = declared;
        }
    }

    /// What is known of the examples of each page for which `wanted` holds, by path; those of pages that are kept are not checked
    /// again.
    pub(super) fn examples(
        &mut self,
        book: &Book,
        wanted: impl Fn(&str) -> bool,
        progress: &dyn Progress,
    ) -> BTreeMap<String, Arc<Found>> {
        if self.foreign != book.foreign {
            self.pages.clear();
            self.foreign = book.foreign;
        }
        let kept = std::mem::take(&mut self.pages);
        let entries: Vec<(&String, &Entry)> =
            book.entries.iter().filter(|(path, _)| wanted(path)).collect();
        progress.begins(Stage::Examples, entries.len());
        let pages: Vec<(String, (Basis, Arc<Found>))> = entries
            .par_iter()
            .map(|(path, entry)| {
                let basis = Basis::new(book, path, entry);
                let found = kept.get(*path).filter(|(before, _)| before.is(&basis));
                let found = found.map(|(_, found)| Arc::clone(found));
                let found = found.unwrap_or_else(|| Arc::new(examples::check(book, entry)));
                progress.done(found.examples.len() + found.documents.len());
                ((*path).clone(), (basis, found))
            })
            .collect();
        self.pages = pages.into_iter().collect();
        let found = self.pages.iter().map(|(path, (_, found))| (path.clone(), Arc::clone(found)));
        found.collect()
    }
}

impl Basis {
    fn new(book: &Book, path: &str, entry: &Entry) -> Self {
        Self {
            page: Arc::clone(&entry.page),
            title: entry.title.clone(),
            kind: entry.kind,
            versions: entry.versions,
            servers: entry.servers,
            subject: book.subject(path).map(str::to_owned),
        }
    }

    fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.page, &other.page)
            && self.title == other.title
            && self.kind == other.kind
            && self.versions == other.versions
            && self.servers == other.servers
            && self.subject == other.subject
    }
}
