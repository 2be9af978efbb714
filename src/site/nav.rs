//! The side list: the pages around a page, and one link for each part of the book.
//!
//! It never holds the whole book, which would be most of every page: only the neighbours in the same part, and where
//! those are many, the nearest of them.

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
    /// The parts of the book.
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

/// Pages at one level of the navigation beyond which only the nearest are shown.
const MANY: usize = 44;
/// How many of those on either side.
const NEAREST: usize = 12;

/// A run of top-level items below one part title; the title is empty before the first.
struct Part<'a> {
    title: &'a str,
    items: Vec<&'a NavItem>,
}

/// The side list of a page that is not in the book, such as the index.
pub(super) fn outside(shared: &Shared<'_>, url: &str) -> Nav {
    let parts = parts(&shared.book.nav.items);
    Nav { parts: part_links(shared, url, "", &parts), ..Nav::default() }
}

/// The side list of a page.
pub(super) fn nav(shared: &Shared<'_>, entry: &Entry) -> Nav {
    let path = entry.page.path.as_str();
    let parts = parts(&shared.book.nav.items);
    let links = part_links(shared, &entry.url, path, &parts);
    let part = parts.iter().find(|part| part.items.iter().any(|item| holds(item, path, 0)));
    let Some(part) = part else { return Nav { parts: links, ..Nav::default() } };
    let (parent, siblings, children) = level(&part.items, path);
    let at_top = parent.is_none() && part.title.is_empty();
    let title = match parent {
        Some(parent) => shared.page_anchor(&entry.url, parent).unwrap_or_default(),
        None => Anchor { title: part.title.to_owned(), href: String::new() },
    };
    let mut items = Vec::new();
    for item in siblings {
        // Where the page stands among the parts, they are listed already.
        if !at_top {
            items.extend(nav_link(shared, &entry.url, path, item, false));
        }
        if is_page(item, path) {
            let below = children.iter().copied();
            items.extend(below.filter_map(|c| nav_link(shared, &entry.url, path, c, !at_top)));
        }
    }
    let title = if at_top { Anchor { title: entry.title.clone(), ..title } } else { title };
    Nav { title, items: nearest(items), parts: links }
}

/// The items around the current one, where there are too many to show.
fn nearest(items: Vec<NavLink>) -> Vec<NavLink> {
    if items.len() <= MANY {
        return items;
    }
    let current = items.iter().position(|item| item.current).unwrap_or_default();
    let first = current.saturating_sub(NEAREST).min(items.len().saturating_sub(2 * NEAREST + 1));
    items.into_iter().skip(first).take(2 * NEAREST + 1).collect()
}

fn parts(items: &[NavItem]) -> Vec<Part<'_>> {
    let mut parts = vec![Part { title: "", items: Vec::new() }];
    for item in items {
        match item {
            NavItem::Part(title) => parts.push(Part { title, items: Vec::new() }),
            item => {
                if let Some(part) = parts.last_mut() {
                    part.items.push(item);
                }
            }
        }
    }
    parts
}

/// One link a part: the part's title to its first page, or the page's own where there is no title.
fn part_links(shared: &Shared<'_>, url: &str, path: &str, parts: &[Part<'_>]) -> Vec<NavLink> {
    let mut links = Vec::new();
    for part in parts {
        if part.title.is_empty() {
            let items = part.items.iter();
            links.extend(items.filter_map(|item| nav_link(shared, url, path, item, false)));
            continue;
        }
        let first = part.items.iter().find_map(|item| nav_link(shared, url, path, item, false));
        links.extend(first.map(|link| NavLink {
            title: part.title.to_owned(),
            current: false,
            versions: String::new(),
            ..link
        }));
    }
    links
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

/// The page above `path`, the items beside it, and those below it.
fn level<'a>(
    items: &[&'a NavItem],
    path: &str,
) -> (Option<&'a str>, Vec<&'a NavItem>, Vec<&'a NavItem>) {
    let mut parent = None;
    let mut siblings: Vec<&NavItem> = items.to_vec();
    for depth in 0..DEEPEST {
        let next = siblings.iter().find(|item| holds(item, path, depth));
        let Some(NavItem::Page { path: here, children, .. }) = next else { break };
        let children = children.iter().collect();
        if here == path {
            return (parent, siblings, children);
        }
        parent = Some(here.as_str());
        siblings = children;
    }
    (parent, siblings, Vec::new())
}

fn is_page(item: &NavItem, path: &str) -> bool {
    matches!(item, NavItem::Page { path: here, .. } if here == path)
}

fn holds(item: &NavItem, path: &str, depth: usize) -> bool {
    let NavItem::Page { children, .. } = item else { return false };
    let deeper = depth < DEEPEST;
    is_page(item, path) || deeper && children.iter().any(|child| holds(child, path, depth + 1))
}
