//! The facts box: what the grammar says about the command or the version that a page is about.

use serde::Serialize;

use super::directive::known;
use super::example::capitalised;
use super::shared::{Anchor, Shared};
use super::syntax::server_names;
use crate::book::{Entry, PageKind};
use crate::grammar::{Change, Command, Direction, Form, Piece, Version, VersionSet};

/// A facts box.
#[derive(Debug, Serialize)]
pub(super) struct Facts {
    /// `command` or `version`.
    kind: &'static str,
    rows: Vec<Fact>,
    /// All versions in order; empty on version pages.
    bar: Vec<Cell>,
    /// The versions in words.
    range: String,
}

/// One fact: text, or links.
#[derive(Debug, Serialize)]
struct Fact {
    term: &'static str,
    text: String,
    links: Vec<Anchor>,
}

/// One version in the bar.
#[derive(Debug, Serialize)]
struct Cell {
    /// `MSNP8`.
    name: String,
    /// `8`.
    short: String,
    /// True if the command exists in it.
    present: bool,
    /// Link to the version's page; empty for none.
    href: String,
}

impl Fact {
    fn text(term: &'static str, text: impl Into<String>) -> Self {
        Self { term, text: text.into(), links: Vec::new() }
    }

    fn links(term: &'static str, links: Vec<Anchor>) -> Option<Self> {
        (!links.is_empty()).then(|| Self { term, text: String::new(), links })
    }
}

/// The facts box of a page, where it is about a command or a version.
pub(super) fn facts(shared: &Shared, entry: &Entry) -> Option<Facts> {
    match entry.kind {
        PageKind::Command => {
            shared.command_of(entry).map(|command| of_command(shared, entry, command))
        }
        PageKind::Version => version_of(entry).map(|version| of_version(shared, entry, version)),
        PageKind::Service | PageKind::File | PageKind::Page => None,
    }
}

/// The version that a version's page is about.
pub(super) fn version_of(entry: &Entry) -> Option<Version> {
    let named = entry.title.split_whitespace().next().and_then(Version::parse);
    named.or_else(|| entry.versions.first().filter(|_| entry.versions.iter().count() == 1))
}

fn of_command(shared: &Shared, entry: &Entry, command: &Command) -> Facts {
    let versions = command.versions();
    let mut rows = vec![
        Fact::text("Server", capitalised(&server_names(command.servers()))),
        Fact::text("Sent by", sent_by(command)),
        Fact::text("Versions", capitalised(&versions.to_string())),
        Fact::text("Transaction id", capitalised(&transaction(command))),
        Fact::text("Payload", capitalised(&payload(command))),
    ];
    let known = known(command).join(", ");
    rows.extend((!known.is_empty()).then(|| Fact::text("Known from", capitalised(&known))));
    let anchors = |names: Vec<&str>| -> Vec<Anchor> {
        names.into_iter().map(|name| shared.anchor(entry, name)).collect()
    };
    let answers = shared.answers.get(&command.name).into_iter().flatten().map(String::as_str);
    let (errors, commands): (Vec<&str>, Vec<&str>) = answers
        .filter(|name| *name != command.name)
        .partition(|name| name.bytes().all(|byte| byte.is_ascii_digit()));
    rows.extend(Fact::links("Answered by", anchors(commands)));
    rows.extend(Fact::links("Errors", anchors(errors)));
    let bar = Version::all().map(|version| cell(shared, entry, version, versions)).collect();
    Facts { kind: "command", rows, bar, range: versions.to_string() }
}

fn cell(shared: &Shared, entry: &Entry, version: Version, held: VersionSet) -> Cell {
    let name = version.to_string();
    let present = held.contains(version);
    let href = shared.named(entry, &name).filter(|_| present).unwrap_or_default();
    let short = name.strip_prefix("MSNP").unwrap_or(&name).to_owned();
    Cell { name, short, present, href }
}

fn of_version(shared: &Shared, entry: &Entry, version: Version) -> Facts {
    let grammar = &shared.book.grammar;
    let count = |change: Change| {
        grammar.words().filter(|command| grammar.change(command, version) == Some(change)).count()
    };
    let held = grammar.words().filter(|command| command.versions().contains(version)).count();
    let before = Version::all().rev().find(|other| *other < version);
    let after = Version::all().find(|other| *other > version);
    let anchor = |other: Version| shared.anchor(entry, &other.to_string());
    let mut rows = Vec::new();
    rows.extend(Fact::links("Before", before.map(anchor).into_iter().collect()));
    rows.extend(Fact::links("After", after.map(anchor).into_iter().collect()));
    if held > 0 {
        rows.push(Fact::text("Commands", held.to_string()));
        rows.push(Fact::text("Added", count(Change::Added).to_string()));
        rows.push(Fact::text("Changed", count(Change::Changed).to_string()));
        rows.push(Fact::text("Removed", count(Change::Removed).to_string()));
    }
    Facts { kind: "version", rows, bar: Vec::new(), range: version.to_string() }
}

/// Who sends a command, in words.
pub(super) fn sent_by(command: &Command) -> &'static str {
    by_side(command, |_| true).map_or("Nobody", |side| match side {
        Side::Client => "Client",
        Side::Server => "Server",
        Side::Both => "Client and server",
    })
}

/// Whose lines of a command carry a payload, in words.
pub(super) fn payload(command: &Command) -> String {
    let side = by_side(command, |form| form.payload.is_some());
    let Some(side) = side else { return "none".to_owned() };
    let always = command.forms.iter().all(|form| form.payload.is_some());
    let sides = sent_by(command) == "Client and server";
    match side {
        Side::Both if always => "always".to_owned(),
        Side::Client | Side::Server if always && !sides => "always".to_owned(),
        Side::Both => "both ways, in some forms".to_owned(),
        Side::Client => "from the client".to_owned(),
        Side::Server => "from the server".to_owned(),
    }
}

fn transaction(command: &Command) -> String {
    let side = by_side(command, |form| {
        form.pieces.iter().any(|piece| matches!(piece, Piece::Parameter(p) if p.kind == "trid"))
    });
    let sides = sent_by(command) == "Client and server";
    match side {
        None => "no".to_owned(),
        Some(Side::Client) if sides => "from the client only".to_owned(),
        Some(Side::Server) if sides => "from the server only".to_owned(),
        Some(_) => "yes".to_owned(),
    }
}

enum Side {
    Client,
    Server,
    Both,
}

/// From which sides come forms that `holds` is true for; `None` for neither.
fn by_side(command: &Command, holds: impl Fn(&Form) -> bool) -> Option<Side> {
    let from = |direction: Direction| {
        command.forms.iter().any(|form| form.direction == direction && holds(form))
    };
    match (from(Direction::Client), from(Direction::Server)) {
        (true, true) => Some(Side::Both),
        (true, false) => Some(Side::Client),
        (false, true) => Some(Side::Server),
        (false, false) => None,
    }
}
