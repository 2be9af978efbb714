//! The frame around a page: what templates get.
//!
//! The structs here and in `facts`, `directive` and `find` are the contract with templates; inner types never reach them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::export::feed;
use super::file::Made;
use super::nav::{self, Nav};
use super::shared::{Anchor, Files, Shared};
use super::style::Style;
use super::{block, find, href, lens, print, redirect};
use crate::book::{Entry, PageKind};

/// Path of the page for addresses that do not exist.
pub(super) const MISSING: &str = "404.html";

/// What every page says about the site.
#[derive(Debug, Serialize)]
pub(super) struct SiteValues {
    title: String,
    authors: Vec<String>,
    language: String,
    right_to_left: bool,
    licence_note: String,
    repository_url: String,
    files: Files,
    style: Style,
    /// The versions to look at a page as, `CVR0 MSNP2 MSNP3`; empty where there is nothing to choose.
    versions: String,
    /// The way up to the root of the site: empty, or `../` once or more, or a path that begins with `/`.
    root: String,
    /// Path of the index of everything.
    find: &'static str,
    /// Path of the feed; empty for none.
    feed: &'static str,
    /// Path of all pages on one; empty for none.
    print: &'static str,
    /// New addresses by old ids of this page, as JSON; empty for none.
    moved: String,
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
    /// Versions that the page is about, `8-14`; empty for all.
    versions: String,
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
    /// Link to the page as its author wrote it.
    source: String,
    /// True where `canonical` is a whole address, which other sites can use.
    has_address: bool,
    /// The page's newest change; empty where unknown.
    changed: Option<Changed>,
}

/// When a page was changed, and by whom.
#[derive(Debug, Serialize)]
struct Changed {
    /// `2026-11-24T22:57:33Z`.
    date: String,
    /// `2026-11-24`.
    day: String,
    author: String,
}

/// Values of `missing.html`; all but the first are empty where the book has no page of its own for this.
#[derive(Debug, Serialize)]
struct MissingValues {
    site: SiteValues,
    title: String,
    head: String,
    body: String,
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

/// The page at `path` of the book; empty where there is none.
pub(super) fn page(shared: &Shared, path: &str) -> Made {
    let Some(entry) = shared.book.entries.get(path) else { return Made::default() };
    let content = block::content(shared, entry);
    let crumbs = crumbs(shared, entry);
    let style = shared.styles.of(&[&content.head, &content.facts, &content.body]);
    let (previous, next) = neighbours(shared, entry);
    let values = PageValues {
        site: site(shared, &entry.url, style),
        title: entry.title.clone(),
        window: window(shared, entry),
        description: description(shared, entry),
        canonical: canonical(shared, entry),
        kind: entry.kind.name(),
        versions: lens::page(shared, entry),
        nav: nav::nav(shared, entry),
        outline: outline(entry, content.shift),
        head: content.head,
        facts: content.facts,
        body: content.body,
        mentions: mentions(shared, entry),
        previous,
        next,
        edit: edit(shared, entry),
        source: href::relative(&entry.url, &entry.page.path),
        has_address: shared.has_address(),
        changed: changed(shared, entry),
        crumbs,
    };
    let (text, finding) = shared.theme.fill("page.html", &values);
    let mut diagnostics = content.diagnostics;
    diagnostics.extend(finding);
    (text, diagnostics)
}

/// The page for addresses that do not exist, which may be asked for in any folder.
pub(super) fn missing(shared: &Shared) -> Made {
    let url = format!("{}{MISSING}", path_of(&shared.config.site_url));
    let own = shared.book.not_found.as_ref().and_then(|path| shared.book.entries.get(path));
    let own = own.map(|entry| Entry { url: url.clone(), ..entry.clone() });
    let content = own.as_ref().map(|entry| block::content(shared, entry)).unwrap_or_default();
    let values = MissingValues {
        site: site(shared, &url, shared.styles.of(&[&content.head, &content.body])),
        title: own.map(|entry| entry.title).unwrap_or_default(),
        head: content.head,
        body: content.body,
    };
    let (text, finding) = shared.theme.fill("missing.html", &values);
    (text, content.diagnostics.into_iter().chain(finding).collect())
}

/// What every page says about the site, for the page at `url` with this style.
pub(super) fn site(shared: &Shared, url: &str, style: &Style) -> SiteValues {
    SiteValues {
        title: shared.title.clone(),
        authors: shared.config.authors.clone(),
        right_to_left: shared.config.right_to_left,
        language: shared.config.language.clone(),
        licence_note: shared.config.licence_note.clone(),
        repository_url: shared.config.repository_url.clone(),
        files: shared.files.clone(),
        style: style.clone(),
        versions: shared.versions.clone(),
        root: href::root(url),
        find: find::URL,
        feed: if feed::is_made(shared) { feed::URL } else { "" },
        print: if shared.config.print { print::URL } else { "" },
        moved: redirect::moved(&shared.redirects, url),
    }
}

/// The path of a URL, with a final `/`: `/wiki/` for `https://example.org/wiki/`.
pub(super) fn path_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.split_once('/').map_or("", |(_, path)| path.trim_matches('/'));
    if path.is_empty() { "/".to_owned() } else { format!("/{path}/") }
}

fn window(shared: &Shared, entry: &Entry) -> String {
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
fn description(shared: &Shared, entry: &Entry) -> String {
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

fn canonical(shared: &Shared, entry: &Entry) -> String {
    let site_url = shared.config.site_url.as_str();
    if site_url.is_empty() {
        return String::new();
    }
    let path = href::relative("", &entry.url);
    format!("{site_url}{}", if path == "index.html" { "" } else { &path })
}

fn edit(shared: &Shared, entry: &Entry) -> String {
    let folder = shared.config.source_folder.trim_matches('/');
    let path = match folder {
        "" | "." => entry.page.path.clone(),
        folder => format!("{folder}/{}", entry.page.path),
    };
    shared.config.edit_url.replace("{path}", &href::relative("", &path))
}

fn changed(shared: &Shared, entry: &Entry) -> Option<Changed> {
    let change = shared.book.history.last(&entry.page.path)?;
    let day = change.date.split('T').next().unwrap_or_default().to_owned();
    Some(Changed { date: change.date.clone(), day, author: change.author.clone() })
}

fn crumbs(shared: &Shared, entry: &Entry) -> Vec<Anchor> {
    if entry.url == "index.html" {
        return Vec::new();
    }
    let home =
        Anchor { title: shared.title.clone(), href: href::relative(&entry.url, "index.html") };
    let parents = entry.parents.iter().filter_map(|path| shared.page_anchor(&entry.url, path));
    std::iter::once(home).chain(parents).collect()
}

fn neighbours(shared: &Shared, entry: &Entry) -> (Option<Anchor>, Option<Anchor>) {
    let place = shared.positions.get(&entry.page.path);
    let Some(place) = place.copied() else { return (None, None) };
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

fn mentions(shared: &Shared, entry: &Entry) -> Vec<Mentions> {
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
