//! Any two versions side by side, for the directive `version-diff`.
//!
//! The page lists what each version changes against the one before, as links to the versions' pages. Its script, which only
//! such a page loads, compares any two; what it knows is data in front of it, made of the grammar here.

use serde::Serialize;

use super::Theme;
use super::block::{Writer, visit};
use super::directive::{codes, line, sentence, version_class};
use super::href;
use super::shared::Anchor;
use crate::book::Book;
use crate::grammar::{Change, Command, Grammar, Version};
use crate::markdown::Block;

/// What a page says to get the list and the script.
const DIRECTIVE: &str = "version-diff";

/// Values of `diff.html`.
#[derive(Debug, Serialize)]
pub(super) struct Diff {
    /// The versions that have commands.
    versions: Vec<Choice>,
    /// Link to the script.
    script: String,
    /// The way up to the root of the site.
    root: String,
    steps: Vec<Step>,
}

#[derive(Debug, Serialize)]
struct Choice {
    /// The version in an address: `8`, `cvr0`.
    value: String,
    title: String,
    /// True where it is chosen at first, as the older one and as the newer one.
    from: bool,
    to: bool,
}

/// What a version changes against the one before.
#[derive(Debug, Serialize)]
struct Step {
    version: Anchor,
    before: String,
    added: usize,
    changed: usize,
    removed: usize,
}

impl Writer<'_> {
    /// The versions to choose from, and each against the one before.
    pub(super) fn diff(&self) -> Diff {
        let grammar = &self.shared.book.grammar;
        let versions = versions(grammar);
        let step = |version: &Version| {
            let before = version.previous().filter(|before| versions.contains(before))?;
            let count = |change: Change| {
                grammar.words().filter(|c| grammar.change(c, *version) == Some(change)).count()
            };
            Some(Step {
                version: self.shared.anchor(self.entry, &version.to_string()),
                before: before.to_string(),
                added: count(Change::Added),
                changed: count(Change::Changed),
                removed: count(Change::Removed),
            })
        };
        let chosen = versions.len().saturating_sub(2);
        let choice = |(index, version): (usize, &Version)| Choice {
            value: value(*version),
            title: version.to_string(),
            from: index == chosen,
            to: index == chosen + 1,
        };
        Diff {
            versions: versions.iter().enumerate().map(choice).collect(),
            script: href::relative(&self.entry.url, &self.shared.files.diff),
            root: href::root(&self.entry.url),
            steps: versions.iter().filter_map(step).collect(),
        }
    }
}

/// The script with its data; empty where no page asks for it.
pub(super) fn script(book: &Book, theme: &Theme) -> String {
    let mut asked = false;
    for entry in book.entries.values() {
        visit(&entry.page.blocks, 0, &mut |block| {
            asked |= matches!(block, Block::Directive(name, _) if name == DIRECTIVE);
        });
    }
    if !asked {
        return String::new();
    }
    let data = serde_json::to_string(&Data::new(book)).unwrap_or_default();
    let program = String::from_utf8_lossy(theme.file("diff.js"));
    format!("self.wirebookVersions = {data};\n{program}")
}

/// What the script knows. Sets of versions are numbers: bit N is the Nth of `versions`.
#[derive(Serialize)]
struct Data<'a> {
    versions: Vec<(String, String)>,
    commands: Vec<Entry<'a>>,
    errors: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    name: &'a str,
    /// Link from the site's root; empty for none.
    href: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    summary: &'a str,
    #[serde(skip_serializing_if = "String::is_empty")]
    servers: String,
    /// Its lines, each with the versions that have it.
    lines: Vec<(String, u32)>,
}

impl<'a> Data<'a> {
    fn new(book: &'a Book) -> Self {
        let grammar = &book.grammar;
        let versions = versions(grammar);
        let commands = grammar.words().map(|command| Entry::command(book, command, &versions));
        let errors = grammar.errors().map(|code| Entry {
            name: &code.name,
            href: place(book, &code.name),
            summary: "",
            servers: String::new(),
            lines: vec![(String::new(), mask(&versions, |v| code.versions().contains(v)))],
        });
        Self {
            commands: commands.collect(),
            errors: errors.collect(),
            versions: versions.iter().map(|v| (value(*v), v.to_string())).collect(),
        }
    }
}

impl<'a> Entry<'a> {
    fn command(book: &'a Book, command: &'a Command, versions: &[Version]) -> Self {
        let forms = command.forms.iter().filter(|form| form.variant.is_none());
        let mut lines: Vec<(String, u32)> = Vec::new();
        for form in forms {
            let (line, held) = (line(form), mask(versions, |v| form.versions.contains(v)));
            match lines.iter_mut().find(|(known, _)| *known == line) {
                Some((_, known)) => *known |= held,
                None => lines.push((line, held)),
            }
        }
        let page = book.names.find(&command.name).and_then(|(path, _)| book.entries.get(path));
        Self {
            name: &command.name,
            href: place(book, &command.name),
            summary: page.map_or("", |entry| sentence(&entry.summary)),
            servers: codes(command.servers()),
            lines,
        }
    }
}

fn versions(grammar: &Grammar) -> Vec<Version> {
    let held = |version: &Version| grammar.words().any(|c| c.versions().contains(*version));
    Version::all().filter(held).collect()
}

/// The version in an address: `8`, `cvr0`.
fn value(version: Version) -> String {
    version_class(version).trim_start_matches('v').to_owned()
}

fn mask(versions: &[Version], held: impl Fn(Version) -> bool) -> u32 {
    let bits = versions.iter().enumerate().filter(|(_, version)| held(**version));
    bits.fold(0, |mask, (index, _)| mask | 1 << index)
}

/// The link to what a name means, from the site's root; empty for none.
fn place(book: &Book, name: &str) -> String {
    let found = book.names.find(name);
    let found = found.and_then(|(path, id)| Some((book.entries.get(path)?, id)));
    found.map_or_else(String::new, |(entry, id)| {
        href::with_fragment(href::relative("", &entry.url), id)
    })
}
