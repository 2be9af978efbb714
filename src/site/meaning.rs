//! The script that tells what a word of an example is: the program, and what the commands' pages say of their parameters.
//!
//! It is loaded when a reader first points at an example. A script that sets a variable, and no JSON: a page read from
//! disk may not fetch.

use std::collections::{BTreeMap, BTreeSet};

use super::Theme;
use super::block::visit;
use super::directive::sentence;
use crate::book::{Book, Entry};
use crate::grammar::{Command, Piece};
use crate::markdown::{Block, Definition, inline_text};

/// Optional parameters nested deeper than this are not looked at.
const DEEPEST: usize = 8;

/// The script of a book.
pub(super) fn script(book: &Book, theme: &Theme) -> String {
    let program = String::from_utf8_lossy(theme.file("example.js"));
    let known: BTreeMap<&str, BTreeMap<String, String>> =
        book.grammar.words().filter_map(|command| of_command(book, command)).collect();
    format!("{program}\nself.wirebookExample.load({});\n", serde_json::json!(known))
}

/// A command's parameters with the first sentence that its page says of each.
fn of_command<'a>(
    book: &Book,
    command: &'a Command,
) -> Option<(&'a str, BTreeMap<String, String>)> {
    let (path, _) = book.names.find(&command.name)?;
    let entry = book.entries.get(path)?;
    let mut names = BTreeSet::new();
    for form in &command.forms {
        collect(&form.pieces, &mut names, 0);
    }
    let mut explained = explained(entry);
    explained.retain(|name, _| names.contains(name.as_str()));
    (!explained.is_empty()).then_some((command.name.as_str(), explained))
}

fn collect<'a>(pieces: &'a [Piece], names: &mut BTreeSet<&'a str>, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    for piece in pieces {
        match piece {
            Piece::Literal(_) => {}
            Piece::Choice { name, .. } => drop(names.insert(name.as_str())),
            Piece::Parameter(parameter) => drop(names.insert(parameter.name.as_str())),
            Piece::Optional(inner) => collect(inner, names, depth + 1),
        }
    }
}

/// The terms of a page's definition lists with the first sentence of each explanation.
fn explained(entry: &Entry) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    visit(&entry.page.blocks, 0, &mut |block| {
        let Block::Definitions(list, _) = block else { return };
        for definition in list {
            let Some(meaning) = meaning(definition) else { continue };
            found.entry(inline_text(&definition.term)).or_insert(meaning);
        }
    });
    found
}

fn meaning(definition: &Definition) -> Option<String> {
    let paragraph = definition.definitions.first()?.iter().find_map(|block| match block {
        Block::Paragraph(inlines, _) => Some(inline_text(inlines).replace('\n', " ")),
        _ => None,
    })?;
    let first = sentence(&paragraph).trim();
    (!first.is_empty()).then(|| first.to_owned())
}
