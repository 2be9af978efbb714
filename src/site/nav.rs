//! The side list: the pages around a page, and one link for each part of the book.
//!
//! It never holds the whole book, which would be most of every page: only the neighbours in the same part, and where
//! those are many, the nearest of them. Where each page stands is worked out once ([`Places`]), so that a page costs no
//! more in a part of thousands.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;

use super::block::DEEPEST;
use super::lens;
use super::shared::{Anchor, Shared};
use crate::book::{Entry, NavItem};

/// The side list.
#[derive(Debug, Default, Serialize)]
pub(super) struct Nav {
    /// What the pages in it belong to.
    title: Anchor,
    items: Vec<NavLink>,
    /// How many more stand beside or below the page than are shown.
    more: usize,
    /// The parts of the book; of too many, the nearest.
    parts: Vec<NavLink>,
}

#[derive(Debug, Serialize)]
struct NavLink {
    title: String,
    href: String,
    current: bool,
    /// True for a page below the current one.
    below: bool,
    /// The versions of the page's command, as `data-v` tells them; empty for all.
    versions: String,
}

/// Links at one level of the navigation beyond which only the nearest are shown.
const MANY: usize = 44;
/// How many of those on either side.
const NEAREST: usize = 12;

/// Where each page stands in the navigation.
#[derive(Debug, Default)]
pub(super) struct Places<'a> {
    contents: Vec<Content<'a>>,
    pages: BTreeMap<&'a str, Place<'a>>,
}

/// A line of the contents: a part of the book, or a page that stands in none.
#[derive(Debug)]
struct Content<'a> {
    /// Title of the part; empty for a page.
    title: &'a str,
    /// The page, or the first of the part.
    first: &'a NavItem,
}

/// Where a page stands.
#[derive(Debug)]
struct Place<'a> {
    /// Its line of the contents, or its part's.
    content: usize,
    /// Title of its part; empty for none.
    part: &'a str,
    /// The page above.
    parent: Option<&'a str>,
    /// The items beside it, with itself.
    beside: &'a [NavItem],
    /// Which of those it is.
    at: usize,
    /// The items below it.
    below: &'a [NavItem],
}

impl<'a> Places<'a> {
    /// The places of all pages in these items.
    pub(super) fn new(items: &'a [NavItem]) -> Self {
        let mut places = Self::default();
        for run in items.chunk_by(|_, next| !matches!(next, NavItem::Part(_))) {
            let (title, beside) = match run.split_first() {
                Some((NavItem::Part(title), rest)) => (title.as_str(), rest),
                _ => ("", run),
            };
            let pages = beside.iter().filter(|item| is_shown(item));
            let content = places.contents.len();
            if title.is_empty() {
                places.contents.extend(pages.map(|first| Content { title, first }));
            } else {
                places.contents.extend(pages.take(1).map(|first| Content { title, first }));
            }
            let above = Above { content, part: title, parent: None };
            places.add(beside, &above, 0);
        }
        places
    }

    fn add(&mut self, beside: &'a [NavItem], above: &Above<'a>, depth: usize) {
        let mut content = above.content;
        for (at, item) in beside.iter().enumerate() {
            if let NavItem::Page { path, children: below, .. } = item {
                let Above { part, parent, .. } = *above;
                let place = Place { content, part, parent, beside, at, below };
                self.pages.entry(path).or_insert(place);
                if depth < DEEPEST {
                    let above = Above { content, part, parent: Some(path) };
                    self.add(below, &above, depth + 1);
                }
            }
            // Outside of a part each page has its own line.
            let own_line = above.parent.is_none() && above.part.is_empty() && is_shown(item);
            content += usize::from(own_line);
        }
    }
}

/// What pages side by side have in common.
struct Above<'a> {
    content: usize,
    part: &'a str,
    parent: Option<&'a str>,
}

/// The side list of a page that is not in the book, such as the index.
pub(super) fn outside(shared: &Shared<'_>, url: &str) -> Nav {
    Nav { parts: parts(shared, url, "", 0), ..Nav::default() }
}

/// The side list of a page.
pub(super) fn nav(shared: &Shared<'_>, entry: &Entry) -> Nav {
    let path = entry.page.path.as_str();
    let Some(place) = shared.places.pages.get(path) else { return outside(shared, &entry.url) };
    let at_top = place.parent.is_none() && place.part.is_empty();
    let title = match place.parent {
        Some(parent) => shared.page_anchor(&entry.url, parent).unwrap_or_default(),
        // Where the page stands among the parts, they are listed already.
        None if at_top => Anchor { title: entry.title.clone(), href: String::new() },
        None => Anchor { title: place.part.to_owned(), href: String::new() },
    };
    let (before, after) = place.beside.split_at((place.at + 1).min(place.beside.len()));
    let beside = if at_top { (&[][..], &[][..]) } else { (before, after) };
    let all = beside.0.len() + place.below.len() + beside.1.len();
    let shown = nearest(all, beside.0.len().saturating_sub(1));
    let more = all - shown.len();
    let below = place.below.iter().map(|item| (item, !at_top));
    let items = beside.0.iter().map(|item| (item, false)).chain(below);
    let items = items.chain(beside.1.iter().map(|item| (item, false)));
    let items = items.skip(shown.start).take(shown.len());
    let items = items.filter_map(|(item, below)| nav_link(shared, &entry.url, path, item, below));
    Nav {
        title,
        items: items.collect(),
        more,
        parts: parts(shared, &entry.url, path, place.content),
    }
}

/// Which of so many links are shown around one of them.
fn nearest(all: usize, at: usize) -> Range<usize> {
    if all <= MANY {
        return 0..all;
    }
    let first = at.saturating_sub(NEAREST).min(all - (2 * NEAREST + 1));
    first..first + 2 * NEAREST + 1
}

/// One link a part: the part's title to its first page, or the page's own where there is no title.
fn parts(shared: &Shared<'_>, url: &str, path: &str, at: usize) -> Vec<NavLink> {
    let contents = &shared.places.contents;
    let shown = nearest(contents.len(), at);
    let shown = contents.iter().skip(shown.start).take(shown.len());
    let link = |content: &Content<'_>| {
        let link = nav_link(shared, url, path, content.first, false)?;
        if content.title.is_empty() {
            return Some(link);
        }
        let (title, versions) = (content.title.to_owned(), String::new());
        Some(NavLink { title, current: false, versions, ..link })
    };
    shown.filter_map(link).collect()
}

fn is_shown(item: &NavItem) -> bool {
    matches!(item, NavItem::Page { .. } | NavItem::Draft(_))
}

fn nav_link(
    shared: &Shared<'_>,
    url: &str,
    path: &str,
    item: &NavItem,
    below: bool,
) -> Option<NavLink> {
    match item {
        NavItem::Page { path: to, title, .. } => {
            let anchor = shared.page_anchor(url, to)?;
            let title = if title.is_empty() { anchor.title } else { title.clone() };
            let entry = shared.book.entries.get(to);
            let versions = entry.map(|entry| lens::page(shared, entry)).unwrap_or_default();
            Some(NavLink { title, href: anchor.href, current: to == path, below, versions })
        }
        NavItem::Draft(title) => {
            let (title, href) = (title.clone(), String::new());
            Some(NavLink { title, href, current: false, below, versions: String::new() })
        }
        NavItem::Part(_) | NavItem::Separator => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_links_the_nearest_are_shown() {
        assert_eq!(nearest(44, 40), 0..44);
        assert_eq!(nearest(5000, 0), 0..25);
        assert_eq!(nearest(5000, 100), 88..113);
        assert_eq!(nearest(5000, 4999), 4975..5000);
    }
}
