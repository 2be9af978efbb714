//! The side list: the pages around a page, and one link for each part of the book.
//!
//! It never holds the whole book, which would be most of every page: only the neighbours in the same part, and where
//! those are many, the nearest of them. Where each page stands is worked out once ([`Places`]), so that a page costs no
//! more in a part of thousands.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

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
pub(super) struct Places {
    contents: Vec<Content>,
    pages: BTreeMap<String, Place>,
}

/// A page that the navigation shows, or one that is not written yet.
#[derive(Debug, Clone)]
struct Item {
    /// Path of the page; `None` for one that is not written yet.
    path: Option<String>,
    /// Empty for the page's own title.
    title: String,
}

/// A line of the contents: a part of the book, or a page that stands in none.
#[derive(Debug)]
struct Content {
    /// Title of the part; empty for a page.
    title: String,
    /// The page, or the first of the part.
    first: Item,
}

/// Where a page stands.
#[derive(Debug)]
struct Place {
    /// What it has in common with those beside it.
    above: Above,
    /// The items beside it, with itself.
    beside: Arc<[Item]>,
    /// Which of those it is.
    at: usize,
    /// The items below it.
    below: Arc<[Item]>,
}

/// What pages side by side have in common.
#[derive(Debug, Clone)]
struct Above {
    /// Their line of the contents, or the first one's, where each has its own.
    content: usize,
    /// Title of their part; empty for none.
    part: Arc<str>,
    /// The page above.
    parent: Option<Arc<str>>,
}

impl Places {
    /// The places of all pages in these items.
    pub(super) fn new(items: &[NavItem]) -> Self {
        let mut places = Self::default();
        for run in items.chunk_by(|_, next| !matches!(next, NavItem::Part(_))) {
            let (title, beside) = match run.split_first() {
                Some((NavItem::Part(title), rest)) => (title.as_str(), rest),
                _ => ("", run),
            };
            let content = places.contents.len();
            let own_lines = if title.is_empty() { usize::MAX } else { 1 };
            let lines = beside.iter().filter_map(Item::of).take(own_lines);
            places.contents.extend(lines.map(|first| Content { title: title.to_owned(), first }));
            let above = Above { content, part: Arc::from(title), parent: None };
            let shown = shown(beside);
            places.add(beside, &shown, &above, 0);
        }
        places
    }

    fn add(&mut self, items: &[NavItem], beside: &Arc<[Item]>, above: &Above, depth: usize) {
        let own_lines = above.parent.is_none() && above.part.is_empty();
        let pages = items.iter().filter(|item| Item::of(item).is_some()).enumerate();
        for (at, item) in pages {
            let NavItem::Page { path, children, .. } = item else { continue };
            let content = above.content + if own_lines { at } else { 0 };
            let below = shown(children);
            if depth < DEEPEST {
                let parent = Some(Arc::from(path.as_str()));
                let above = Above { content, part: Arc::clone(&above.part), parent };
                self.add(children, &below, &above, depth + 1);
            }
            let above = Above { content, ..above.clone() };
            let place = Place { above, beside: Arc::clone(beside), at, below };
            self.pages.entry(path.clone()).or_insert(place);
        }
    }
}

impl Item {
    /// The item, if it is shown.
    fn of(item: &NavItem) -> Option<Self> {
        match item {
            NavItem::Page { path, title, .. } => {
                Some(Self { path: Some(path.clone()), title: title.clone() })
            }
            NavItem::Draft(title) => Some(Self { path: None, title: title.clone() }),
            NavItem::Part(_) | NavItem::Separator => None,
        }
    }
}

fn shown(items: &[NavItem]) -> Arc<[Item]> {
    items.iter().filter_map(Item::of).collect()
}

/// The side list of a page that is not in the book, such as the index.
pub(super) fn outside(shared: &Shared, url: &str) -> Nav {
    Nav { parts: parts(shared, url, "", 0), ..Nav::default() }
}

/// The side list of a page.
pub(super) fn nav(shared: &Shared, entry: &Entry) -> Nav {
    let path = entry.page.path.as_str();
    let Some(place) = shared.places.pages.get(path) else { return outside(shared, &entry.url) };
    let Above { content, part, parent } = &place.above;
    let at_top = parent.is_none() && part.is_empty();
    let title = match parent {
        Some(parent) => shared.page_anchor(&entry.url, parent).unwrap_or_default(),
        // Where the page stands among the parts, they are listed already.
        None if at_top => Anchor { title: entry.title.clone(), href: String::new() },
        None => Anchor { title: part.to_string(), href: String::new() },
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
    Nav { title, items: items.collect(), more, parts: parts(shared, &entry.url, path, *content) }
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
fn parts(shared: &Shared, url: &str, path: &str, at: usize) -> Vec<NavLink> {
    let contents = &shared.places.contents;
    let shown = nearest(contents.len(), at);
    let shown = contents.iter().skip(shown.start).take(shown.len());
    let link = |content: &Content| {
        let link = nav_link(shared, url, path, &content.first, false)?;
        if content.title.is_empty() {
            return Some(link);
        }
        let (title, versions) = (content.title.clone(), String::new());
        Some(NavLink { title, current: false, versions, ..link })
    };
    shown.filter_map(link).collect()
}

/// The link to an item; `None` where the book has no such page.
fn nav_link(shared: &Shared, url: &str, path: &str, item: &Item, below: bool) -> Option<NavLink> {
    let title = item.title.clone();
    let Some(to) = &item.path else {
        let (href, versions) = (String::new(), String::new());
        return Some(NavLink { title, href, current: false, below, versions });
    };
    let anchor = shared.page_anchor(url, to)?;
    let title = if title.is_empty() { anchor.title } else { title };
    let entry = shared.book.entries.get(to);
    let versions = entry.map(|entry| lens::page(shared, entry)).unwrap_or_default();
    Some(NavLink { title, href: anchor.href, current: to == path, below, versions })
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
