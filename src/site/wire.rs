//! The grammar for the script that takes lines apart: `wire.js` with its data, loaded when a reader pastes a line.
//!
//! The data is one object: `kinds` by name, each a pattern, the most bytes and what it is; `versions`, the names of all of
//! them; `servers`; and `commands` by name, each a page, addresses of parameters on it, and forms. A form is an array of who
//! sends it, servers, versions (numbers, bit by bit), its text, pieces, the payload's kind, and who writes it so. A piece is a
//! text for a literal, or an array whose first item says what follows: 0 a choice's name and words; 1 a value's name, kind,
//! prefix, and whether it is a list and repeated; 2 what may be left out.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Theme, href};
use crate::book::Book;
use crate::grammar::{Command, Direction, Form, Piece, Server, Version};
use crate::markdown::{Block, inline_text};
use crate::msnp::value;

/// Deepest nesting of optional parameters that is written.
const DEEPEST: usize = 16;

/// The script with its data.
pub(super) fn script(book: &Book, theme: &Theme) -> String {
    let program = String::from_utf8_lossy(theme.file("wire.js"));
    let commands: BTreeMap<&str, Value> = book
        .grammar
        .commands
        .values()
        .filter(|command| !command.forms.is_empty())
        .map(|command| (command.name.as_str(), command_value(book, command)))
        .collect();
    let mut kinds = BTreeSet::new();
    let forms = book.grammar.commands.values().flat_map(|command| &command.forms);
    forms.for_each(|form| kinds_of(&form.pieces, &mut kinds, 0));
    let kinds: BTreeMap<&str, Value> = kinds
        .into_iter()
        .filter_map(value::find)
        .map(|kind| (kind.name, json!([kind.shape.pattern, kind.shape.longest, kind.meaning])))
        .collect();
    let versions: Vec<String> = Version::all().map(|version| version.to_string()).collect();
    let data = json!({
        "kinds": kinds,
        "versions": versions,
        "servers": Server::ALL.map(Server::name),
        "commands": commands,
    });
    format!("{program}\nself.wirebookWire.load({data});\n")
}

fn command_value(book: &Book, command: &Command) -> Value {
    let place = book.names.find(&command.name);
    let entry = place.and_then(|(path, _)| book.entries.get(path));
    let (Some(entry), Some((_, id))) = (entry, place) else {
        return json!(["", {}, forms(command)]);
    };
    let url = href::with_fragment(href::relative("", &entry.url), id);
    let mut terms = BTreeMap::new();
    collect_terms(&entry.page.blocks, &mut terms, 0);
    let mut named = BTreeSet::new();
    command.forms.iter().for_each(|form| names_of(&form.pieces, &mut named, 0));
    terms.retain(|term, _| named.contains(term.as_str()));
    // What is its own id need not be written twice.
    let terms: BTreeMap<&str, &str> =
        terms.iter().map(|(term, id)| (term.as_str(), if term == id { "" } else { *id })).collect();
    json!([url, terms, forms(command)])
}

fn forms(command: &Command) -> Vec<Value> {
    command.forms.iter().map(form).collect()
}

fn form(form: &Form) -> Value {
    let bits = |set: &mut dyn Iterator<Item = bool>| {
        set.enumerate().fold(0_u32, |bits, (at, held)| bits | (u32::from(held) << at))
    };
    let mut row = vec![
        json!(u8::from(form.direction == Direction::Server)),
        json!(bits(&mut Server::ALL.into_iter().map(|server| form.servers.contains(server)))),
        json!(bits(&mut Version::all().map(|version| form.versions.contains(version)))),
        json!(form.text),
        json!(form.pieces.iter().map(|piece| self::piece(piece, 0)).collect::<Vec<Value>>()),
    ];
    if form.payload.is_some() || form.variant.is_some() {
        row.push(json!(form.payload.as_deref().unwrap_or_default()));
    }
    row.extend(form.variant.as_ref().map(|who| json!(who)));
    Value::Array(row)
}

fn piece(piece: &Piece, depth: usize) -> Value {
    match piece {
        Piece::Literal(text) => json!(text),
        Piece::Choice { name, words } => json!([0, name, words]),
        Piece::Parameter(p) => {
            let mut row = vec![json!(1), json!(p.name), json!(p.kind)];
            if !p.prefix.is_empty() || p.list || p.repeated {
                row.push(json!(p.prefix));
                row.push(json!(u8::from(p.list)));
                row.push(json!(u8::from(p.repeated)));
            }
            Value::Array(row)
        }
        Piece::Optional(inner) if depth < DEEPEST => {
            json!([2, inner.iter().map(|one| self::piece(one, depth + 1)).collect::<Vec<Value>>()])
        }
        Piece::Optional(_) => json!([2, []]),
    }
}

fn kinds_of<'a>(pieces: &'a [Piece], kinds: &mut BTreeSet<&'a str>, depth: usize) {
    for piece in pieces {
        match piece {
            Piece::Parameter(parameter) => drop(kinds.insert(parameter.kind.as_str())),
            Piece::Optional(inner) if depth < DEEPEST => kinds_of(inner, kinds, depth + 1),
            _ => {}
        }
    }
}

fn names_of<'a>(pieces: &'a [Piece], names: &mut BTreeSet<&'a str>, depth: usize) {
    for piece in pieces {
        match piece {
            Piece::Parameter(parameter) => drop(names.insert(parameter.name.as_str())),
            Piece::Choice { name, .. } => drop(names.insert(name.as_str())),
            Piece::Optional(inner) if depth < DEEPEST => names_of(inner, names, depth + 1),
            _ => {}
        }
    }
}

/// Ids of the terms that a page explains, the first of a name.
fn collect_terms<'a>(blocks: &'a [Block], terms: &mut BTreeMap<String, &'a str>, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    for block in blocks {
        match block {
            Block::Definitions(list, _) => {
                for definition in list.iter().filter(|definition| !definition.id.is_empty()) {
                    terms.entry(inline_text(&definition.term)).or_insert(definition.id.as_str());
                }
            }
            Block::Quote(_, blocks, _) => collect_terms(blocks, terms, depth + 1),
            Block::List { items, .. } => {
                for item in items {
                    collect_terms(&item.blocks, terms, depth + 1);
                }
            }
            _ => {}
        }
    }
}
