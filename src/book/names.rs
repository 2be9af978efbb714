//! What a name means: `CHG` a command's page, `MSNP8` a version's, `911` a section.
//!
//! In: pages with their kinds, and the grammar. Out: [`Names`], and a finding where two pages want the same name. The same
//! rules say which words of running text and which code spans are mentions of a name, so that links made from them,
//! backlinks and orphans agree.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::derive::{is_command_word, name, stem};
use super::{Entry, PageKind};
use crate::grammar::{Command, Grammar};
use crate::markdown::{Block, Inline, Page, slug};
use crate::report::{Diagnostic, rules};

/// Names of the book and where they lead.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Command words, version names and error codes, each with the page's path and an id on it (empty for its top).
    pub targets: BTreeMap<String, (String, String)>,
}

impl Names {
    /// Where the name leads: path and id.
    pub fn find(&self, name: &str) -> Option<(&str, &str)> {
        self.targets.get(name).map(|(path, id)| (path.as_str(), id.as_str()))
    }

    /// The names mentioned in running text, with their places in it.
    ///
    /// A command or a version counts wherever it stands as a word, save for commands that are ordinary words in
    /// capitals (`URL`); an error code only behind "error" or "code".
    pub fn in_text<'a>(&self, text: &'a str) -> Vec<(Range<usize>, &'a str)> {
        let mut found = Vec::new();
        let mut before = "";
        for (start, word) in words(text) {
            let code = word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit());
            let announced = ["error", "errors", "code", "codes"];
            let wanted = if code {
                announced.iter().any(|known| before.eq_ignore_ascii_case(known))
            } else {
                !ORDINARY.contains(&word)
            };
            // Names are made of capitals and digits: most words need no look-up.
            let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
            if wanted && word.bytes().all(plain) && self.targets.contains_key(word) {
                found.push((start..start + word.len(), word));
            }
            before = word;
        }
        found
    }

    /// The name that a code span mentions: it is the name, or a line that begins with a command.
    pub fn in_code<'a>(&self, code: &'a str) -> Option<&'a str> {
        let first = code.split_whitespace().next()?;
        let known = self.targets.contains_key(first);
        let number = first.bytes().all(|byte| byte.is_ascii_digit());
        let whole = first == code.trim();
        (known && !number && (whole || is_command_word(first))).then_some(first)
    }

    /// Paths of the pages that a page mentions by name, outside of its links, headings, terms and code
    /// blocks.
    pub(super) fn mentioned(&self, page: &Page) -> BTreeSet<&str> {
        let mut paths = BTreeSet::new();
        self.in_blocks(&page.blocks, &mut paths);
        paths
    }

    fn in_blocks<'n>(&'n self, blocks: &[Block], paths: &mut BTreeSet<&'n str>) {
        for block in blocks {
            match block {
                Block::Paragraph(inlines, _) => self.in_inlines(inlines, paths),
                Block::Quote(_, blocks, _) | Block::Footnote(_, blocks, _) => {
                    self.in_blocks(blocks, paths);
                }
                Block::List { items, .. } => {
                    for item in items {
                        self.in_blocks(&item.blocks, paths);
                    }
                }
                Block::Definitions(definitions, _) => {
                    for definition in definitions {
                        let bodies = definition.definitions.iter();
                        bodies.for_each(|blocks| self.in_blocks(blocks, paths));
                    }
                }
                Block::Table { head, rows, .. } => {
                    let cells = head.iter().chain(rows.iter().flatten());
                    cells.for_each(|cell| self.in_inlines(cell, paths));
                }
                Block::Heading(_)
                | Block::Fence(_)
                | Block::Directive(..)
                | Block::Html(..)
                | Block::Rule(_) => {}
            }
        }
    }

    fn in_inlines<'n>(&'n self, inlines: &[Inline], paths: &mut BTreeSet<&'n str>) {
        for inline in inlines {
            match inline {
                Inline::Text(text, _) => {
                    let names = self.in_text(text);
                    paths.extend(names.iter().filter_map(|(_, name)| Some(self.find(name)?.0)));
                }
                Inline::Code(code, _) => {
                    let name = self.in_code(code);
                    paths.extend(name.and_then(|name| Some(self.find(name)?.0)));
                }
                Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Strikethrough(inner) => {
                    self.in_inlines(inner, paths);
                }
                Inline::Link(..)
                | Inline::Image(_)
                | Inline::FootnoteReference(_)
                | Inline::Html(_)
                | Inline::SoftBreak
                | Inline::HardBreak => {}
            }
        }
    }
}

/// Collects the names that pages and the grammar give.
pub(super) fn collect(
    entries: &BTreeMap<String, Entry>,
    grammar: &Grammar,
) -> (Names, Vec<Diagnostic>) {
    let mut names = Names::default();
    let mut diagnostics = Vec::new();
    for (name, mut paths) in claims(entries) {
        // A file that is called after the command is its page; another one with that title wants the name too.
        paths.sort_by_key(|path| !stem(path).eq_ignore_ascii_case(&name));
        let Some((first, others)) = paths.split_first() else { continue };
        let others = others.iter().filter_map(|path| entries.get(*path));
        diagnostics.extend(others.map(|entry| duplicate(entry, &name, first)));
        names.targets.insert(name, ((*first).to_owned(), String::new()));
    }
    for command in grammar.words() {
        if let Some(target) = declared(entries, command)
            && !names.targets.contains_key(&command.name)
        {
            names.targets.insert(command.name.clone(), target);
        }
    }
    let codes: Vec<&Command> = grammar.errors().collect();
    let list = list_of_codes(entries, &codes);
    for command in codes {
        let listed = list.and_then(|entry| place(entry, &command.name));
        let declared =
            declared(entries, command).filter(|(_, id)| listed.is_none() || !id.is_empty());
        if let Some(target) = declared.or(listed) {
            names.targets.insert(command.name.clone(), target);
        }
    }
    (names, diagnostics)
}

/// The pages that are about a command or a version, by its name.
fn claims(entries: &BTreeMap<String, Entry>) -> BTreeMap<String, Vec<&str>> {
    let mut claims: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (path, entry) in entries {
        if let Some(name) = name(path, &entry.title, entry.kind) {
            claims.entry(name).or_default().push(path);
        }
    }
    claims
}

/// The page of this book that declares a command or an error code, and the section in which it is.
fn declared(entries: &BTreeMap<String, Entry>, command: &Command) -> Option<(String, String)> {
    let entry = entries.get(command.path())?;
    let top = || (entry.page.path.clone(), String::new());
    Some(place(entry, &command.name).unwrap_or_else(top))
}

/// The heading, term or row of a page that is named so, or a heading that begins with the name.
fn place(entry: &Entry, name: &str) -> Option<(String, String)> {
    let ids = &entry.page.ids;
    let begins = || {
        let mut headings = entry.page.headings.iter();
        let first = |text: &str| words(text).next().is_some_and(|(_, word)| word == name);
        headings.find(|heading| first(&heading.text)).map(|heading| &heading.id)
    };
    let id = ids.get(&slug(name)).or_else(begins)?;
    Some((entry.page.path.clone(), id.clone()))
}

/// The page on which most of the error codes have a place of their own, if that is more than a few.
fn list_of_codes<'a>(
    entries: &'a BTreeMap<String, Entry>,
    codes: &[&Command],
) -> Option<&'a Entry> {
    let count =
        |entry: &Entry| codes.iter().filter(|code| entry.page.ids.contains_key(&code.name)).count();
    let counted = entries.values().map(|entry| (count(entry), entry));
    let most = counted.rev().max_by_key(|(count, _)| *count)?;
    (most.0 >= A_LIST).then_some(most.1)
}

fn duplicate(entry: &Entry, name: &str, other: &str) -> Diagnostic {
    let heading = entry.page.headings.iter().find(|heading| heading.level == 1);
    let line = entry.source.line_span(heading.map_or(0, |heading| heading.span.start));
    let what = if entry.kind == PageKind::Version { "version" } else { "command" };
    let message = format!("`{other}` is the page of the {what} `{name}` already");
    Diagnostic::new(&rules::DUPLICATE_NAME, &entry.page.path, line, message).with_help(
        "make one page of both, or give this one another title and another `kind` in its front matter",
    )
}

/// The words of a text with their offsets: runs of letters, digits and `_`.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let outside = |c: char| !c.is_alphanumeric() && c != '_';
    let mut at = 0;
    text.split(outside).filter_map(move |word| {
        let start = at;
        let separator = text.get(start + word.len()..).and_then(|rest| rest.chars().next());
        at = start + word.len() + separator.map_or(0, char::len_utf8);
        (!word.is_empty()).then_some((start, word))
    })
}

/// Commands that running text uses as ordinary words or as the names of other things.
const ORDINARY: [&str; 5] = ["ADD", "NOT", "OUT", "PNG", "URL"];

/// So many error codes make a list of them.
const A_LIST: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let names = ["911", "CHG", "CVR0", "MSNP8", "URL", "OUT"];
        let targets = names.map(|name| (name.to_owned(), (format!("{name}.md"), String::new())));
        Names { targets: targets.into_iter().collect() }
    }

    #[test]
    fn words_of_running_text_are_names() {
        let names = names();
        let text = "é CHG, not XCHG or CHG_x: a URL in MSNP8's error 911 (911).";
        let found = names.in_text(text);
        assert_eq!(
            found.iter().map(|(_, name)| *name).collect::<Vec<_>>(),
            ["CHG", "MSNP8", "911"]
        );
        assert!(found.iter().all(|(range, name)| text.get(range.clone()) == Some(*name)));
    }

    #[test]
    fn code_spans_are_names_or_lines_of_a_command() {
        let names = names();
        assert_eq!(names.in_code("URL"), Some("URL"));
        assert_eq!(names.in_code(" OUT OTH"), Some("OUT"));
        assert_eq!(names.in_code("MSNP8"), Some("MSNP8"));
        for code in ["MSNP8 CVR0", "911", "chg", "VER", ""] {
            assert_eq!(names.in_code(code), None, "{code}");
        }
    }
}
