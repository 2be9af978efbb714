//! The grammar for the script that takes lines apart: `wire.js` with its data, loaded when a reader pastes a line.
//!
//! The data is one object: `kinds` by name, each a pattern, the most bytes and what it is; `versions`, the names of all of
//! them; `servers`; and `commands` by name, each a page, addresses of parameters on it, and forms. A form is an array of who
//! sends it, servers, versions (numbers, bit by bit), its text, pieces, the payload's kind, and who writes it so. A piece is a
//! text for a literal, or an array whose first item says what follows: 0 a choice's name and words; 1 a value's name, kind,
//! prefix, and whether it is a list and repeated; 2 what may be left out.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Theme;
use super::block::terms;
use super::shared::from_root;
use crate::book::Book;
use crate::grammar::{Command, Direction, Form, Piece, Server, Version};
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
    let forms = book.grammar.commands.values().flat_map(|command| &command.forms);
    let kinds: BTreeMap<&str, Value> = forms
        .flat_map(Form::leaves)
        .filter_map(|piece| value::find(piece.named()?.1))
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
    let Some(entry) = place.and_then(|(path, _)| book.entries.get(path)) else {
        return json!(["", {}, forms(command)]);
    };
    let known = terms(&entry.page.blocks);
    let names = command.forms.iter().flat_map(Form::leaves).filter_map(Piece::named);
    let ids = names.filter_map(|(name, _)| Some((name, known.get(name)?.id.as_str())));
    // What is its own id need not be written twice.
    let terms: BTreeMap<&str, &str> =
        ids.map(|(name, id)| (name, if name == id { "" } else { id })).collect();
    json!([from_root(book, &command.name), terms, forms(command)])
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
