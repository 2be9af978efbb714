//! The index of everything, A to Z: where the search form leads without scripts.

use std::collections::BTreeMap;

use serde::Serialize;

use super::file::Made;
use super::frame::{self, SiteValues};
use super::href;
use super::lens;
use super::nav::{self, Nav};
use super::shared::{Anchor, Shared};
use crate::grammar::Version;
use crate::text::first_sentence;

/// Path of the index in the site.
pub(super) const URL: &str = "find.html";

/// Headings that stand on more pages than this say nothing in an index.
const COMMON: usize = 3;

/// Values of `find.html`.
#[derive(Debug, Serialize)]
struct FindValues {
    site: SiteValues,
    nav: Nav,
    commands: Vec<Line>,
    versions: Vec<Line>,
    errors: Vec<Line>,
    letters: Vec<Letter>,
}

/// One line of the index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Line {
    link: Anchor,
    /// What it is, or where.
    note: String,
    /// Versions that it is about, `8-14`; empty for all.
    versions: String,
}

#[derive(Debug, Serialize)]
struct Letter {
    name: String,
    lines: Vec<Line>,
}

/// The index.
pub(super) fn page(shared: &Shared) -> Made {
    let grammar = &shared.book.grammar;
    let line = |name: &str, note: String| {
        let command = grammar.command(name);
        let versions = command.map(|command| lens::data(command.versions())).unwrap_or_default();
        let href = name_href(shared, name)?;
        Some(Line { link: Anchor { title: name.to_owned(), href }, note, versions })
    };
    let values = FindValues {
        site: frame::site(shared, URL, shared.styles.of(&["class=\"index\""])),
        nav: nav::outside(shared, URL),
        commands: grammar
            .words()
            .filter_map(|command| {
                line(&command.name, first_sentence(shared.summary(&command.name)).to_owned())
            })
            .collect(),
        versions: Version::all()
            .filter_map(|version| line(&version.to_string(), String::new()))
            .collect(),
        errors: grammar
            .errors()
            .filter_map(|code| line(&code.name, code.versions().to_string()))
            .collect(),
        letters: letters(shared),
    };
    let (text, finding) = shared.theme.fill("find.html", &values);
    (text, finding.into_iter().collect())
}

fn name_href(shared: &Shared, name: &str) -> Option<String> {
    let (path, id) = shared.book.names.find(name)?;
    let entry = shared.book.entries.get(path)?;
    Some(href::with_fragment(href::relative(URL, &entry.url), id))
}

/// Pages and their headings by first letter.
fn letters(shared: &Shared) -> Vec<Letter> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let entries = || shared.book.entries.values();
    for heading in entries().flat_map(|entry| &entry.page.headings) {
        *counts.entry(heading.text.to_lowercase()).or_default() += 1;
    }
    let mut letters: BTreeMap<String, Vec<(String, Line)>> = BTreeMap::new();
    let mut add = |title: &str, href: String, note: &str| {
        let folded = title.to_lowercase();
        let link = Anchor { title: title.to_owned(), href };
        letters
            .entry(letter(&folded))
            .or_default()
            .push((folded, Line { link, note: note.to_owned(), versions: String::new() }));
    };
    for entry in entries() {
        let href = href::relative(URL, &entry.url);
        add(&entry.title, href.clone(), "");
        for heading in &entry.page.headings {
            let common = counts.get(&heading.text.to_lowercase()).is_some_and(|n| *n > COMMON);
            if common || heading.text.is_empty() || heading.text == entry.title {
                continue;
            }
            add(&heading.text, href::with_fragment(href.clone(), &heading.id), &entry.title);
        }
    }
    let sorted = |(name, mut lines): (String, Vec<(String, Line)>)| {
        lines.sort();
        Letter { name, lines: lines.into_iter().map(|(_, line)| line).collect() }
    };
    letters.into_iter().map(sorted).collect()
}

/// The letter that a title stands under: digits and signs share one.
fn letter(folded: &str) -> String {
    let first = folded.chars().find(|character| character.is_alphanumeric());
    match first {
        Some(letter) if letter.is_alphabetic() => letter.to_uppercase().collect(),
        _ => "0–9".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_stand_under_their_first_letter() {
        assert_eq!(letter("\"usr\""), "U");
        assert_eq!(letter("911"), "0–9");
        assert_eq!(letter("…"), "0–9");
        assert_eq!(letter("état"), "É");
    }
}
