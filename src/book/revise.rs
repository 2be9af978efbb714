//! A book in which some pages say something else: what one edit makes of it, without putting all pages together again.
//!
//! Most edits change what a page says and not where it stands: its headings, ids, links, terms it mentions and settings are the same.
//! Then no other page, no name and nothing in the navigation can differ, and the new book is the old one with new pages in it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Book, GLOSSARY, derive};
use crate::markdown::{Block, Heading, Page};
use crate::text::Source;

/// The book with these pages in the place of those of the same path; `None` where it has to be put together anew, because one of
/// them stands in it otherwise than before, or others are read by what it says.
pub fn revise(book: &Book, pages: &[(Arc<Source>, Arc<Page>)]) -> Option<Book> {
    let front = book.front();
    let stays = |(_, page): &(Arc<Source>, Arc<Page>)| {
        let path = page.path.as_str();
        let is_read = front == Some(path) || path == GLOSSARY;
        // A finding about the book as a whole may point at a place on the page.
        let is_told = book.diagnostics.iter().any(|finding| finding.path == path);
        let before = book.entries.get(path);
        !is_read && !is_told && before.is_some_and(|before| stands_alike(book, &before.page, page))
    };
    if !pages.iter().all(stays) {
        return None;
    }
    let mut book = book.clone();
    for (source, page) in pages {
        let entry = book.entries.get_mut(&page.path)?;
        entry.summary = derive::summary(page, "");
        entry.page = Arc::clone(page);
        entry.source = Arc::clone(source);
    }
    Some(book)
}

/// True if a book cannot tell one page from the other by anything but what it says.
fn stands_alike(book: &Book, before: &Page, page: &Page) -> bool {
    before.front == page.front
        && before.ids == page.ids
        && before.headings.iter().map(heading).eq(page.headings.iter().map(heading))
        && links(before).eq(links(page))
        && directives(before).eq(directives(page))
        && mentioned(book, before) == mentioned(book, page)
}

fn heading(heading: &Heading) -> (u8, &str, &str, &[String]) {
    (heading.level, &heading.text, &heading.id, &heading.aliases)
}

/// Of each link where it leads, what it says, whether it is an image, and the heading above.
fn links(page: &Page) -> impl Iterator<Item = (&str, &str, bool, Option<&str>)> {
    page.links.iter().map(|link| {
        let above = page.headings.iter().take_while(|h| h.span.start < link.span.start).last();
        let above = above.map(|heading| heading.text.as_str());
        (link.destination.as_str(), link.text.trim(), link.image, above)
    })
}

fn directives(page: &Page) -> impl Iterator<Item = &str> {
    page.blocks.iter().filter_map(|block| match block {
        Block::Directive(name, _) => Some(name.as_str()),
        _ => None,
    })
}

fn mentioned<'b>(book: &'b Book, page: &Page) -> BTreeSet<&'b str> {
    book.names.mentioned(page)
}
