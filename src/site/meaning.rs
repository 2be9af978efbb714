//! The script that tells what a word of an example is: the program, and what the commands' pages say of their parameters.
//!
//! It is loaded when a reader first points at an example. A script that sets a variable, and no JSON: a page read from
//! disk may not fetch.

use std::collections::BTreeMap;

use super::Theme;
use super::block::terms;
use crate::book::Book;
use crate::grammar::{Command, Form, Piece};

/// The script of a book.
pub(super) fn script(book: &Book, theme: &Theme) -> String {
    let program = String::from_utf8_lossy(theme.file("example.js"));
    let known: BTreeMap<&str, BTreeMap<&str, String>> =
        book.grammar.words().filter_map(|command| of_command(book, command)).collect();
    format!("{program}\nself.wirebookExample.load({});\n", serde_json::json!(known))
}

/// A command's parameters with the first sentence that its page says of each.
fn of_command<'a>(
    book: &Book,
    command: &'a Command,
) -> Option<(&'a str, BTreeMap<&'a str, String>)> {
    let (path, _) = book.names.find(&command.name)?;
    let terms = terms(&book.entries.get(path)?.page.blocks);
    let names = command.forms.iter().flat_map(Form::leaves).filter_map(Piece::named);
    let explained = names.filter_map(|(name, _)| Some((name, terms.get(name)?.meaning())));
    let explained: BTreeMap<&str, String> =
        explained.filter(|(_, meaning)| !meaning.is_empty()).collect();
    (!explained.is_empty()).then_some((command.name.as_str(), explained))
}
