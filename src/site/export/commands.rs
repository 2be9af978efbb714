//! The grammar as data.

use std::collections::BTreeMap;

use serde::Serialize;

use super::json;
use crate::grammar::{Command, Form, Piece, Request, Server, Version};
use crate::site::file::File;
use crate::site::shared::Shared;

/// The files by their path in the site.
pub(super) fn files() -> BTreeMap<String, File> {
    let schema = include_bytes!("commands.schema.json");
    BTreeMap::from([
        ("commands.json".to_owned(), File::lazy(commands)),
        ("commands.schema.json".to_owned(), File::bytes(*schema)),
    ])
}

fn commands(shared: &Shared) -> Vec<u8> {
    let grammar = &shared.book.grammar;
    json(&Grammar {
        schema: "commands.schema.json",
        title: &shared.title,
        commands: grammar.words().map(|command| CommandValues::new(shared, command)).collect(),
        errors: grammar.errors().map(|code| CommandValues::new(shared, code)).collect(),
    })
}

#[derive(Serialize)]
struct Grammar<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    title: &'a str,
    commands: Vec<CommandValues<'a>>,
    errors: Vec<CommandValues<'a>>,
}

#[derive(Serialize)]
struct CommandValues<'a> {
    name: &'a str,
    /// Page in the site; empty for none.
    page: String,
    summary: &'a str,
    versions: Vec<String>,
    forms: Vec<FormValues<'a>>,
}

#[derive(Serialize)]
struct FormValues<'a> {
    from: &'static str,
    servers: Vec<String>,
    versions: Vec<String>,
    /// As the wiki writes it.
    text: &'a str,
    parameters: Vec<PieceValues<'a>>,
    payload: Option<&'a str>,
    #[serde(rename = "async")]
    asynchronous: bool,
    answers: Vec<String>,
    row_of: Option<&'a str>,
    closes: bool,
    variant: Option<&'a str>,
    status: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum PieceValues<'a> {
    Literal { text: &'a str },
    Choice { name: &'a str, words: &'a [String] },
    Value { name: &'a str, kind: &'a str, prefix: &'a str, list: bool, repeated: bool },
    Optional { parameters: Vec<Self> },
}

impl<'a> CommandValues<'a> {
    fn new(shared: &'a Shared, command: &'a Command) -> Self {
        let place = shared.book.names.find(&command.name);
        let entry = place.and_then(|(path, _)| shared.book.entries.get(path));
        Self {
            name: &command.name,
            page: entry.map(|entry| entry.url.clone()).unwrap_or_default(),
            summary: if command.is_error() { "" } else { shared.summary(&command.name) },
            versions: command.versions().iter().map(|version| version.to_string()).collect(),
            forms: command.forms.iter().map(FormValues::new).collect(),
        }
    }
}

impl<'a> FormValues<'a> {
    fn new(form: &'a Form) -> Self {
        Self {
            from: form.direction.name(),
            servers: form.servers.iter().map(Server::code).map(str::to_lowercase).collect(),
            versions: form.versions.iter().map(|version: Version| version.to_string()).collect(),
            text: &form.text,
            parameters: form.pieces.iter().map(PieceValues::new).collect(),
            payload: form.payload.as_deref(),
            asynchronous: form.asynchronous,
            answers: form.answers.iter().map(request).collect(),
            row_of: form.inside.as_deref(),
            closes: form.closes,
            variant: form.variant.as_deref(),
            status: form.status.map(crate::grammar::Status::word),
        }
    }
}

impl<'a> PieceValues<'a> {
    fn new(piece: &'a Piece) -> Self {
        match piece {
            Piece::Literal(text) => Self::Literal { text },
            Piece::Choice { name, words } => Self::Choice { name, words },
            Piece::Parameter(parameter) => Self::Value {
                name: &parameter.name,
                kind: &parameter.kind,
                prefix: &parameter.prefix,
                list: parameter.list,
                repeated: parameter.repeated,
            },
            Piece::Optional(pieces) => {
                Self::Optional { parameters: pieces.iter().map(Self::new).collect() }
            }
        }
    }
}

/// `MSG A|D`: a command, and words of which it has one.
fn request(request: &Request) -> String {
    if request.words.is_empty() {
        return request.command.clone();
    }
    format!("{} {}", request.command, request.words.join("|"))
}
