//! Reading order and navigation.
//!
//! In: the pages, and `SUMMARY.md` if there is one. Out: a [`Nav`] that holds every page once, save the one for addresses
//! that do not exist, which it holds only where `SUMMARY.md` lists it.
//!
//! 1. What `SUMMARY.md` lists stands first, as it lists it (`summary`); pages it forgets follow in a part of their own.
//! 2. Without that file: the front page, the other pages at the top, then one part a folder, in the order in which the
//!    front page links to them. `x/y.md` is the parent of `x/y/z.md`.
//! 3. Pages side by side stand in the order of the front page's links if it links to half of them or more, else by
//!    title, with numbers by value; versions always so.

use std::collections::{BTreeMap, BTreeSet};

use super::derive::{from_file_name, is_generic, is_index};
use super::{Entry, PageKind};

/// The navigation: parts of the book, each with its pages.
#[derive(Debug, Clone, Default)]
pub struct Nav {
    /// Items in order.
    pub items: Vec<NavItem>,
    /// Paths of the pages that no `SUMMARY.md` lists, ascending: all of them where there is no such file. The page for
    /// addresses that do not exist is left out.
    pub unlisted: Vec<String>,
}

/// One item of the navigation.
#[derive(Debug, Clone)]
pub enum NavItem {
    /// A title over what follows.
    Part(String),
    /// A page, by path, with what it is called there and the pages below it.
    Page {
        /// Path of the page.
        path: String,
        /// What the navigation calls it.
        title: String,
        /// Pages below.
        children: Vec<Self>,
    },
    /// A page that is announced but not written.
    Draft(String),
    /// A line between items.
    Separator,
}

impl Nav {
    /// Paths of all pages in reading order.
    pub fn pages(&self) -> Vec<&str> {
        self.with_parents().into_iter().map(|(path, _)| path).collect()
    }

    /// Paths of all pages in reading order, each with those of the pages above it, the outermost first.
    pub fn with_parents(&self) -> Vec<(&str, Vec<&str>)> {
        fn walk<'a>(
            items: &'a [NavItem],
            above: &mut Vec<&'a str>,
            out: &mut Vec<(&'a str, Vec<&'a str>)>,
        ) {
            for item in items {
                if let NavItem::Page { path, children, .. } = item {
                    out.push((path, above.clone()));
                    above.push(path);
                    walk(children, above, out);
                    above.pop();
                }
            }
        }
        let mut out = Vec::new();
        walk(&self.items, &mut Vec::new(), &mut out);
        out
    }
}

/// A link from one page to another.
pub(super) struct PageLink {
    /// Path of the page it leads to.
    pub(super) to: String,
    /// Its text.
    pub(super) text: String,
    /// Text of the heading above it; empty for none.
    pub(super) section: String,
}

/// The front page, if there is one, and the page that has no place in the reading order unless it is given one.
pub(super) struct FrontPage<'a> {
    /// Path of the front page.
    pub(super) path: Option<&'a str>,
    /// Its links to other pages, in order.
    pub(super) links: &'a [PageLink],
    /// Path of the page for addresses that do not exist.
    pub(super) not_found: Option<&'a str>,
}

/// The reading order without a `SUMMARY.md`.
pub(super) fn derive(entries: &BTreeMap<String, Entry>, front_page: &FrontPage<'_>) -> Nav {
    let front = front_page.path;
    let unlisted = || entries.keys().filter(|path| front_page.not_found != Some(path));
    let pages = unlisted().map(String::as_str).filter(|path| front != Some(path)).collect();
    let order = Order::new(entries, front_page.links, &pages);
    let mut items: Vec<NavItem> = front.into_iter().map(|path| order.item(path)).collect();
    items.extend(order.parts());
    Nav { items, unlisted: unlisted().cloned().collect() }
}

/// Adds the pages that a `SUMMARY.md` forgot: the front page before the others, the rest behind them.
pub(super) fn complete(
    nav: &mut Nav,
    entries: &BTreeMap<String, Entry>,
    front_page: &FrontPage<'_>,
) {
    let front = front_page.path;
    let listed: BTreeSet<&str> = nav.pages().into_iter().collect();
    let unlisted = entries.keys().filter(|path| !listed.contains(path.as_str()));
    let unlisted = unlisted.filter(|path| front_page.not_found != Some(path));
    let unlisted: Vec<String> = unlisted.cloned().collect();
    let rest = unlisted.iter().map(String::as_str).filter(|path| front != Some(path)).collect();
    let order = Order::new(entries, front_page.links, &rest);
    if let Some(front) = front.filter(|front| unlisted.iter().any(|path| path == front)) {
        nav.items.insert(0, order.item(front));
    }
    let parts = order.parts().into_iter();
    let pages: Vec<_> = parts.filter(|item| !matches!(item, NavItem::Part(_))).collect();
    if !pages.is_empty() {
        nav.items.push(NavItem::Part(REST.to_owned()));
        nav.items.extend(pages);
    }
    nav.unlisted = unlisted;
}

/// The pages above `path` by their places in folders, the outermost first.
pub(super) fn folder_parents(entries: &BTreeMap<String, Entry>, path: &str) -> Vec<String> {
    let folders = path.char_indices().filter(|(_, c)| *c == '/').map(|(at, _)| at);
    let folders = folders.filter_map(|at| path.get(..at));
    let page = |folder: &str| {
        let names = ["/index.md", "/README.md", ".md"].map(|end| format!("{folder}{end}"));
        names.into_iter().find(|name| entries.contains_key(name) && name != path)
    };
    folders.filter_map(page).collect()
}

/// What the order of pages follows from.
struct Order<'a> {
    entries: &'a BTreeMap<String, Entry>,
    /// The front page's links to pages.
    links: &'a [PageLink],
    /// Position of the first of them to a page.
    linked: BTreeMap<&'a str, usize>,
    /// Pages that stand below no other.
    top: Vec<&'a str>,
    /// Pages below a page, by its path.
    below: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Order<'a> {
    /// The order of `pages`, which are some of `entries`.
    fn new(
        entries: &'a BTreeMap<String, Entry>,
        links: &'a [PageLink],
        pages: &BTreeSet<&'a str>,
    ) -> Self {
        let mut linked = BTreeMap::new();
        for (position, link) in links.iter().enumerate() {
            linked.entry(link.to.as_str()).or_insert(position);
        }
        let mut top = Vec::new();
        let mut below: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for path in pages {
            match parent(entries, path).filter(|parent| pages.contains(parent)) {
                Some(parent) => below.entry(parent).or_default().push(path),
                None => top.push(*path),
            }
        }
        Self { entries, links, linked, top, below }
    }

    fn title(&self, path: &'a str) -> &'a str {
        self.entries.get(path).map_or(path, |entry| &entry.title)
    }

    /// The pages in no folder, then the folders, each with its title.
    fn parts(&self) -> Vec<NavItem> {
        let mut top = Vec::new();
        let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for path in &self.top {
            match path.split_once('/') {
                Some((folder, _)) => folders.entry(folder).or_default().push(path),
                None => top.push(*path),
            }
        }
        let mut items: Vec<NavItem> =
            self.sorted(top).into_iter().map(|path| self.item(path)).collect();
        let mut folders: Vec<_> = folders.into_iter().collect();
        folders.sort_by_key(|(_, pages)| {
            let first = pages.iter().filter_map(|path| self.linked.get(path)).min().copied();
            first.unwrap_or(usize::MAX)
        });
        for (folder, pages) in folders {
            items.push(NavItem::Part(self.part_title(folder, &pages)));
            items.extend(self.sorted(pages).into_iter().map(|path| self.item(path)));
        }
        items
    }

    /// What a folder is called: by its index page; by the front page, if one of its sections lists pages of this folder
    /// and no others; by its name.
    fn part_title(&self, folder: &str, pages: &[&'a str]) -> String {
        if let Some(index) = pages.iter().find(|path| is_index(path)) {
            return self.title(index).to_owned();
        }
        let inside = |link: &&PageLink| link.to.split_once('/').is_some_and(|(f, _)| f == folder);
        let first = self.links.iter().find(inside).map(|link| link.section.as_str());
        let own = |section: &&str| {
            let mut links = self.links.iter().filter(|link| link.section == **section);
            !is_generic(section) && links.all(|link| inside(&link))
        };
        first.filter(own).map_or_else(|| from_file_name(folder), str::to_owned)
    }

    /// A page with the pages below it. Depth is bounded by the number of folders in a path.
    fn item(&self, path: &'a str) -> NavItem {
        let below = self.below.get(path).cloned().unwrap_or_default();
        let children = self.sorted(below).into_iter().map(|path| self.item(path)).collect();
        NavItem::Page { path: path.to_owned(), title: self.title(path).to_owned(), children }
    }

    /// Pages side by side in order.
    fn sorted(&self, mut pages: Vec<&'a str>) -> Vec<&'a str> {
        let linked = pages.iter().filter(|path| self.linked.contains_key(*path)).count();
        let by_link = 2 * linked >= pages.len();
        pages.sort_by_cached_key(|path| {
            let kind = self.entries.get(*path).map(|entry| entry.kind);
            let version = kind == Some(PageKind::Version);
            let position = self.linked.get(path).copied().filter(|_| by_link && !version);
            let group = if is_index(path) { 0 } else { 1 + usize::from(!version) };
            (group, position.unwrap_or(usize::MAX), natural(self.title(path)), *path)
        });
        pages
    }
}

/// The page that another one stands below: `x/y.md` or `x/y/index.md` for `x/y/z.md`, but not `x/index.md` for `x/z.md`.
fn parent<'a>(entries: &'a BTreeMap<String, Entry>, path: &str) -> Option<&'a str> {
    let mut folder = path;
    while let Some((outer, _)) = folder.rsplit_once('/') {
        let ends: &[&str] =
            if outer.contains('/') { &[".md", "/index.md", "/README.md"] } else { &[".md"] };
        let names = ends.iter().map(|end| format!("{outer}{end}"));
        let found =
            names.filter_map(|name| entries.get_key_value(&name)).find(|(name, _)| *name != path);
        if let Some((name, _)) = found {
            return Some(name);
        }
        folder = outer;
    }
    None
}

/// A key that orders `MSNP2` before `MSNP10`: runs of digits by value, the rest by letters without case.
fn natural(text: &str) -> Vec<(String, u64)> {
    let mut key: Vec<(String, u64)> = Vec::new();
    let mut letters = String::new();
    let mut digits = String::new();
    for character in text.to_lowercase().chars().chain(['\0']) {
        if character.is_ascii_digit() {
            digits.push(character);
            continue;
        }
        if !digits.is_empty() {
            key.push((std::mem::take(&mut letters), digits.parse().unwrap_or(u64::MAX)));
            digits.clear();
        }
        letters.push(character);
    }
    key.push((letters, 0));
    key
}

/// Title of the part for pages that `SUMMARY.md` does not list.
const REST: &str = "Other pages";
