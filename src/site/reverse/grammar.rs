//! Indexes of what the grammar's forms are made of: kinds of value, parameters.

use std::collections::{BTreeMap, BTreeSet};

use super::{Index, Row};
use crate::grammar::{Command, Parameter, Piece};
use crate::markdown::{Block, inline_text};
use crate::msnp::value;
use crate::site::block::{DEEPEST, visit};
use crate::site::href;
use crate::site::shared::Anchor;

/// A parameter of a command: name and kind; the kind of a choice of words is empty.
type Used<'a> = (&'a str, &'a str);

impl Index<'_> {
    /// Kinds of value, with the parameters that have them.
    pub(super) fn kinds(&self) -> Vec<Row> {
        let mut kinds: BTreeMap<&str, Vec<Anchor>> = BTreeMap::new();
        for command in self.shared.book.grammar.words() {
            for (name, kind) in used(command).into_iter().filter(|(_, kind)| !kind.is_empty()) {
                let same = name == kind;
                let title =
                    if same { command.name.clone() } else { format!("{}: {name}", command.name) };
                let link = Anchor { title, href: self.parameter(command, name) };
                kinds.entry(kind).or_default().push(link);
            }
        }
        let row = |(kind, links): (&str, Vec<Anchor>)| {
            let known = value::find(kind);
            let note = known.map_or_else(String::new, |known| known.meaning.replace('`', ""));
            self.row(kind, None, &note).with("Parameters", links)
        };
        kinds.into_iter().map(row).collect()
    }

    /// Parameters by name, with the commands that have them.
    pub(super) fn parameters(&self) -> Vec<Row> {
        let mut names: BTreeMap<&str, (BTreeSet<&str>, Vec<Anchor>)> = BTreeMap::new();
        for command in self.shared.book.grammar.words() {
            let mut before = "";
            for (name, kind) in used(command) {
                let (kinds, links) = names.entry(name).or_default();
                kinds.insert(if kind.is_empty() { "one of some words" } else { kind });
                if before != name {
                    let href = self.parameter(command, name);
                    links.push(Anchor { title: command.name.clone(), href });
                }
                before = name;
            }
        }
        let row = |(name, (kinds, links)): (&str, (BTreeSet<&str>, Vec<Anchor>))| {
            let own = kinds.len() == 1 && kinds.contains(name);
            let kinds: Vec<&str> = kinds.into_iter().collect();
            let note = if own { String::new() } else { kinds.join(", ") };
            self.row(name, None, &note).with("Commands", links)
        };
        names.into_iter().map(row).collect()
    }

    /// The link to where a command's page explains a parameter, or else to the page.
    fn parameter(&self, command: &Command, name: &str) -> String {
        let Some((path, top)) = self.shared.book.names.find(&command.name) else {
            return String::new();
        };
        let Some(entry) = self.shared.book.entries.get(path) else { return String::new() };
        let mut id = top;
        visit(&entry.page.blocks, 0, &mut |block| {
            let Block::Definitions(list, _) = block else { return };
            let found = list.iter().find(|definition| inline_text(&definition.term) == name);
            id = found.map_or(id, |definition| definition.id.as_str());
        });
        href::with_fragment(href::relative(&self.entry.url, &entry.url), id)
    }
}

/// The parameters in a command's forms.
fn used(command: &Command) -> BTreeSet<Used<'_>> {
    let mut used = BTreeSet::new();
    for form in &command.forms {
        collect(&form.pieces, 0, &mut used);
    }
    used
}

fn collect<'a>(pieces: &'a [Piece], depth: usize, used: &mut BTreeSet<Used<'a>>) {
    for piece in pieces {
        match piece {
            Piece::Parameter(Parameter { name, kind, .. }) => drop(used.insert((name, kind))),
            Piece::Choice { name, .. } if !name.is_empty() => drop(used.insert((name, ""))),
            Piece::Optional(inner) if depth < DEEPEST => collect(inner, depth + 1, used),
            _ => {}
        }
    }
}
