//! The frame around a page: what templates get.
//!
//! The structs here and in `facts`, `directive` and `find` are the contract with templates; inner types never reach them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::shared::{Anchor, Files, Shared};
use super::{block, find, href};
use crate::book::{Entry, NavItem, PageKind};
use crate::report::Diagnostic;

/// What every page says about the site.
#[derive(Debug, Serialize)]
pub(super) struct SiteValues {
    title: String,
    language: String,
    licence_note: String,
    repository_url: String,
    files: Files,
    /// The way up to the root of the site: empty, or `../` once or more.
    root: String,
    /// Path of the index of everything.
    find: &'static str,
}

/// Values of `page.html`.
#[derive(Debug, Serialize)]
struct PageValues {
    site: SiteValues,
    title: String,
    /// Title for the browser's window.
    window: String,
    description: String,
    /// Public URL of the page; empty where unknown.
    canonical: String,
    /// `command`, `version`, `service`, `file` or `page`.
    kind: &'static str,
    crumbs: Vec<Anchor>,
    nav: Nav,
    outline: Vec<OutlineItem>,
    head: String,
    facts: String,
    body: String,
    mentions: Vec<Mentions>,
    previous: Option<Anchor>,
    next: Option<Anchor>,
    /// Link to edit the page; empty where unknown.
    edit: String,
}

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
}

#[derive(Debug, Serialize)]
struct OutlineItem {
    id: String,
    title: String,
    /// 2 or 3.
    level: u8,
}

/// Pages of one kind that link to a page.
#[derive(Debug, Serialize)]
struct Mentions {
    title: &'static str,
    links: Vec<Anchor>,
}

/// A page's URL, its HTML, and findings about templates.
pub(super) fn page(shared: &Shared<'_>, entry: &Entry) -> (String, String, Vec<Diagnostic>) {
    let content = block::content(shared, entry);
    let crumbs = crumbs(shared, entry);
    let (previous, next) = neighbours(shared, entry);
    let values = PageValues {
        site: site(shared, &entry.url),
        title: entry.title.clone(),
        window: window(shared, entry),
        description: description(shared, entry),
        canonical: canonical(shared, entry),
        kind: entry.kind.name(),
        nav: nav(shared, entry),
        outline: outline(entry, content.shift),
        head: content.head,
        facts: content.facts,
        body: content.body,
        mentions: mentions(shared, entry),
        previous,
        next,
        edit: edit(shared, entry),
        crumbs,
    };
    let (text, finding) = shared.theme.fill("page.html", &values);
    let mut diagnostics = content.diagnostics;
    diagnostics.extend(finding);
    (entry.url.clone(), text, diagnostics)
}

/// The page for addresses that do not exist, which may be asked for in any folder.
pub(super) fn missing(shared: &Shared<'_>) -> (String, Option<Diagnostic>) {
    let mut site = site(shared, "404.html");
    site.root = path_of(&shared.config.site_url);
    shared.theme.fill("missing.html", &BTreeMap::from([("site", site)]))
}

/// What every page says about the site, for the page at `url`.
pub(super) fn site(shared: &Shared<'_>, url: &str) -> SiteValues {
    SiteValues {
        title: shared.title.clone(),
        language: shared.config.language.clone(),
        licence_note: shared.config.licence_note.clone(),
        repository_url: shared.config.repository_url.clone(),
        files: shared.files.clone(),
        root: href::root(url),
        find: find::URL,
    }
}

/// The path of a URL, with a final `/`: `/wiki/` for `https://example.org/wiki/`.
fn path_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.split_once('/').map_or("", |(_, path)| path.trim_matches('/'));
    if path.is_empty() { "/".to_owned() } else { format!("/{path}/") }
}

fn window(shared: &Shared<'_>, entry: &Entry) -> String {
    if entry.url == "index.html" {
        return shared.title.clone();
    }
    let parent = entry.parents.last().and_then(|path| shared.book.entries.get(path));
    match parent {
        Some(parent) => format!("{} · {} · {}", entry.title, parent.title, shared.title),
        None => format!("{} · {}", entry.title, shared.title),
    }
}

/// The page's summary, cut at a word near 200 characters; else something true.
fn description(shared: &Shared<'_>, entry: &Entry) -> String {
    let summary = entry.summary.as_str();
    if summary.is_empty() {
        return match (entry.url.as_str(), shared.config.description.as_str()) {
            ("index.html", about) if !about.is_empty() => about.to_owned(),
            _ => format!("{}, a page of {}", entry.title, shared.title),
        };
    }
    let Some((cut, _)) = summary.char_indices().nth(200) else { return summary.to_owned() };
    let head = summary.get(..cut).unwrap_or_default();
    let word = head.rfind(' ').and_then(|blank| head.get(..blank)).unwrap_or(head);
    format!("{word}…")
}

fn canonical(shared: &Shared<'_>, entry: &Entry) -> String {
    let site_url = shared.config.site_url.as_str();
    if site_url.is_empty() {
        return String::new();
    }
    let path = href::relative("", &entry.url);
    format!("{site_url}{}", if path == "index.html" { "" } else { &path })
}

fn edit(shared: &Shared<'_>, entry: &Entry) -> String {
    let folder = shared.config.source_folder.trim_matches('/');
    let path = match folder {
        "" | "." => entry.page.path.clone(),
        folder => format!("{folder}/{}", entry.page.path),
    };
    shared.config.edit_url.replace("{path}", &href::relative("", &path))
}

fn crumbs(shared: &Shared<'_>, entry: &Entry) -> Vec<Anchor> {
    if entry.url == "index.html" {
        return Vec::new();
    }
    let home =
        Anchor { title: shared.title.clone(), href: href::relative(&entry.url, "index.html") };
    let parents = entry.parents.iter().filter_map(|path| shared.page_anchor(&entry.url, path));
    std::iter::once(home).chain(parents).collect()
}

fn neighbours(shared: &Shared<'_>, entry: &Entry) -> (Option<Anchor>, Option<Anchor>) {
    let place = shared.order.iter().position(|path| *path == entry.page.path);
    let Some(place) = place else { return (None, None) };
    let anchor = |index: Option<usize>| {
        let path = index.and_then(|index| shared.order.get(index))?;
        shared.page_anchor(&entry.url, path)
    };
    (anchor(place.checked_sub(1)), anchor(Some(place + 1)))
}

fn outline(entry: &Entry, shift: u8) -> Vec<OutlineItem> {
    let headings = entry.page.headings.iter().map(|heading| (heading.level + shift, heading));
    let shown: Vec<_> = headings.filter(|(level, _)| (2..=3).contains(level)).collect();
    if shown.len() < 2 {
        return Vec::new();
    }
    let item = |(level, heading): (u8, &crate::markdown::Heading)| OutlineItem {
        id: href::with_fragment(String::new(), &heading.id),
        title: heading.text.clone(),
        level,
    };
    shown.into_iter().map(item).collect()
}

fn mentions(shared: &Shared<'_>, entry: &Entry) -> Vec<Mentions> {
    let mut groups: BTreeMap<PageKind, Vec<Anchor>> = BTreeMap::new();
    for path in &entry.backlinks {
        let Some(other) = shared.book.entries.get(path) else { continue };
        let anchor =
            Anchor { title: other.title.clone(), href: href::relative(&entry.url, &other.url) };
        groups.entry(other.kind).or_default().push(anchor);
    }
    let title = |kind: PageKind| match kind {
        PageKind::Command => "Commands",
        PageKind::Version => "Versions",
        PageKind::Service => "Services",
        PageKind::File => "Files",
        PageKind::Page => "Pages",
    };
    groups.into_iter().map(|(kind, links)| Mentions { title: title(kind), links }).collect()
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
pub(super) fn nav_outside(shared: &Shared<'_>, url: &str) -> Nav {
    let parts = parts(&shared.book.nav.items);
    Nav { parts: part_links(shared, url, "", &parts), ..Nav::default() }
}

fn nav(shared: &Shared<'_>, entry: &Entry) -> Nav {
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
            Some(NavLink { title, href: anchor.href, current: to == path, below })
        }
        NavItem::Draft(title) => {
            Some(NavLink { title: title.clone(), href: String::new(), current: false, below })
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
    for depth in 0..block::DEEPEST {
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
    let deeper = depth < block::DEEPEST;
    is_page(item, path) || deeper && children.iter().any(|child| holds(child, path, depth + 1))
}
