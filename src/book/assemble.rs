//! Pages into a book.
//!
//! 1. Links between pages are found first: on wikis without titles, they tell what a page is called.
//! 2. Each page becomes an [`Entry`] with what can be said of it alone.
//! 3. Reading order, names, parents and backlinks follow from all of them together.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::derive::{Context, facts, is_generic};
use super::link::{Place, locate};
use super::order::{FrontPage, PageLink};
use super::{Book, Entry, GLOSSARY, Glossary, NavItem, names, order, summary};
use crate::config::Config;
use crate::grammar::{Command, Grammar};
use crate::load::SETTINGS;
use crate::markdown::{Block, Page};
use crate::report::{Diagnostic, rules};
use crate::text::{Sources, did_you_mean};

/// Puts the pages together. `pages` holds one page for each of `sources.pages`.
pub fn assemble(
    sources: &Sources,
    pages: &BTreeMap<String, Arc<Page>>,
    config: &Config,
    grammar: Arc<Grammar>,
    foreign: bool,
) -> Book {
    let assets: Vec<String> = sources.assets.keys().cloned().collect();
    let mut pages = pages.clone();
    let contents = pages.remove(SUMMARY);
    let front = ["index.md", "README.md"].into_iter().find(|path| pages.contains_key(*path));
    let links = page_links(&pages, &assets);
    let mut diagnostics = Vec::new();
    let mut nav = contents.as_ref().map(|contents| {
        diagnostics.extend(contents.diagnostics.iter().cloned());
        let (nav, findings) = summary::read(contents, &pages, &assets);
        diagnostics.extend(findings);
        nav
    });
    nav = nav.filter(|nav| !nav.pages().is_empty());
    let front_links = front.and_then(|path| links.get(path)).map_or(&[][..], Vec::as_slice);
    let context = Context {
        config,
        grammar: &grammar,
        front,
        names: known_names(nav.as_ref().map_or(&[][..], |nav| &nav.items), front_links),
        labels: labels(&links),
    };
    let entries = entries(sources, &pages, &context, &mut diagnostics);
    let not_found = not_found(config, &entries, &mut diagnostics);
    let front_page = FrontPage { path: front, links: front_links, not_found };
    let nav = match nav {
        Some(mut nav) => {
            order::complete(&mut nav, &entries, &front_page);
            nav
        }
        None => order::derive(&entries, &front_page),
    };
    let (names, findings) = names::collect(&entries, &grammar);
    diagnostics.extend(findings);
    let title = front.and_then(|path| entries.get(path)).map(|entry| entry.title.clone());
    let title = Some(config.title.clone()).filter(|title| !title.is_empty()).or(title);
    let title = title.unwrap_or_else(|| "Home".to_owned());
    let not_found = not_found.map(str::to_owned);
    let glossary =
        entries.get(GLOSSARY).map(|entry| Glossary::read(&entry.page)).unwrap_or_default();
    let mut book = Book {
        title,
        entries,
        nav,
        names,
        glossary,
        grammar,
        foreign,
        assets,
        not_found,
        history: Arc::clone(&sources.history),
        diagnostics,
    };
    connect(&mut book, &links);
    book
}

/// What can be said of each page alone.
fn entries(
    sources: &Sources,
    pages: &BTreeMap<String, Arc<Page>>,
    context: &Context<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<String, Entry> {
    let mut entries = BTreeMap::new();
    for (path, page) in pages {
        let Some(source) = sources.pages.get(path) else { continue };
        let facts = facts(page, source, context, diagnostics);
        let entry = Entry {
            page: Arc::clone(page),
            source: Arc::clone(source),
            title: facts.title,
            summary: facts.summary,
            kind: facts.kind,
            versions: facts.versions,
            servers: facts.servers,
            url: url(path, pages),
            parents: Vec::new(),
            backlinks: Vec::new(),
        };
        entries.insert(path.clone(), entry);
    }
    entries
}

/// The page for addresses that do not exist: the one that `book.toml` names, or `404.md`.
fn not_found<'a>(
    config: &'a Config,
    entries: &BTreeMap<String, Entry>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<&'a str> {
    let Some(named) = &config.not_found_page else {
        return Some("404.md").filter(|path| entries.contains_key(*path));
    };
    if entries.contains_key(&named.path) {
        return Some(&named.path);
    }
    let message = format!("there is no page `{}` in the source folder", named.path);
    let help = did_you_mean(&named.path, entries.keys().map(String::as_str));
    let otherwise = || "name a page by its path from there, or take the key out".to_owned();
    let finding = Diagnostic::new(&rules::CONFIG, SETTINGS, named.span, message);
    diagnostics.push(finding.with_help(help.unwrap_or_else(otherwise)));
    None
}

/// The links of each page to other pages, in order.
fn page_links(
    pages: &BTreeMap<String, Arc<Page>>,
    assets: &[String],
) -> BTreeMap<String, Vec<PageLink>> {
    let of_page = |(path, page): (&String, &Arc<Page>)| {
        let links = page.links.iter().filter(|link| !link.image);
        let leading = links.filter_map(|link| {
            let Place::Page(to, _) = locate(pages, assets, path, &link.destination) else {
                return None;
            };
            let headings = page.headings.iter();
            let above = headings.take_while(|heading| heading.span.start < link.span.start).last();
            let section = above.map(|heading| heading.text.clone()).unwrap_or_default();
            Some(PageLink { to, text: link.text.trim().to_owned(), section })
        });
        let leading = leading.filter(|link| link.to != *path);
        (path.clone(), leading.collect())
    };
    pages.iter().map(of_page).collect()
}

/// What the table of contents, or else the front page, calls each page.
fn known_names(items: &[NavItem], front_links: &[PageLink]) -> BTreeMap<String, String> {
    let mut calls = Vec::new();
    listed(items, &mut calls);
    calls.extend(front_links.iter().map(|link| (link.to.as_str(), link.text.as_str())));
    let mut names = BTreeMap::new();
    for (path, text) in calls {
        // "here" and "this page" begin in lower case; so do no titles.
        let begins = text.chars().next().is_some_and(|first| !first.is_lowercase());
        if begins && !is_generic(text) && text.chars().count() <= LONGEST_NAME {
            names.entry(path.to_owned()).or_insert_with(|| text.to_owned());
        }
    }
    names
}

/// Path and title of each page in a navigation.
fn listed<'a>(items: &'a [NavItem], out: &mut Vec<(&'a str, &'a str)>) {
    for item in items {
        if let NavItem::Page { path, title, children } = item {
            out.push((path, title));
            listed(children, out);
        }
    }
}

/// The texts of all links to each page.
fn labels(links: &BTreeMap<String, Vec<PageLink>>) -> BTreeMap<String, Vec<String>> {
    let mut labels: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for link in links.values().flatten() {
        labels.entry(link.to.clone()).or_default().push(link.text.clone());
    }
    labels
}

/// The page's HTML file: `README.md` is its folder's index unless the folder has an `index.md`.
fn url(path: &str, pages: &BTreeMap<String, Arc<Page>>) -> String {
    let bare = path.strip_suffix(".md").unwrap_or(path);
    let (folder, name) = bare.rsplit_once('/').map_or(("", bare), |(folder, name)| (folder, name));
    let slash = if folder.is_empty() { "" } else { "/" };
    if name == "README" && !pages.contains_key(&format!("{folder}{slash}index.md")) {
        return format!("{folder}{slash}index.html");
    }
    format!("{bare}.html")
}

/// Gives each entry its parents and its backlinks.
fn connect(book: &mut Book, links: &BTreeMap<String, Vec<PageLink>>) {
    let mut parents: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut backlinks: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let front = book.front().map(str::to_owned);
    let entries: Vec<(&str, &Entry)> =
        book.entries.iter().map(|(path, entry)| (path.as_str(), entry)).collect();
    let mentioned = |(path, entry): &(_, &Entry)| (*path, book.names.mentioned(&entry.page));
    let mut mentioned: BTreeMap<_, _> =
        entries.par_iter().map(mentioned).collect::<Vec<_>>().into_iter().collect();
    for (path, above) in book.nav.with_parents() {
        let mut above: Vec<String> = above.into_iter().map(str::to_owned).collect();
        if above.is_empty() {
            above = order::folder_parents(&book.entries, path);
        }
        above.retain(|parent| Some(parent) != front.as_ref());
        parents.insert(path.to_owned(), above);
        let Some(entry) = book.entries.get(path) else { continue };
        let mut to = mentioned.remove(path).unwrap_or_default();
        to.extend(links.get(path).into_iter().flatten().map(|link| link.to.as_str()));
        to.extend(filled_in(book, entry));
        for to in to.into_iter().filter(|to| *to != path) {
            backlinks.entry(to.to_owned()).or_default().push(path.to_owned());
        }
    }
    for (path, entry) in &mut book.entries {
        entry.parents = parents.remove(path).unwrap_or_default();
        entry.backlinks = backlinks.remove(path).unwrap_or_default();
    }
}

/// Paths of the pages that the lists made for a page's directives lead to.
fn filled_in<'a>(book: &'a Book, entry: &Entry) -> Vec<&'a str> {
    let directive = |name: &str| {
        let mut blocks = entry.page.blocks.iter();
        blocks.any(|block| matches!(block, Block::Directive(found, _) if found == name))
    };
    let (all, changed) = (directive("table-of-commands"), directive("version-changes"));
    if !all && !changed {
        return Vec::new();
    }
    let differs = |command: &Command| {
        entry.versions.iter().any(|version| book.grammar.change(command, version).is_some())
    };
    let wanted = book.grammar.words().filter(|command| all || differs(command));
    wanted.filter_map(|command| Some(book.names.find(&command.name)?.0)).collect()
}

/// The table of contents; it is no page of the site.
const SUMMARY: &str = "SUMMARY.md";

/// A link's text that is longer is a sentence and no name.
const LONGEST_NAME: usize = 60;
