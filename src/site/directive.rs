//! Places that wirebook fills in: tables made from the grammar.

use serde::Serialize;

use super::block::Writer;
use super::example::capitalised;
use super::facts::{payload, sent_by, version_of};
use super::shared::Anchor;
use crate::grammar::{Change, Command, Form, Server, ServerSet, Version};

/// Values of `commands.html`.
#[derive(Debug, Serialize)]
struct Commands {
    rows: Vec<CommandRow>,
}

#[derive(Debug, Serialize)]
struct CommandRow {
    name: Anchor,
    summary: String,
    servers: String,
    direction: String,
    versions: String,
    payload: String,
}

/// Values of `changes.html`.
#[derive(Debug, Serialize)]
struct Changes {
    version: String,
    /// The version before; empty for the first.
    before: String,
    added: Vec<ChangeRow>,
    changed: Vec<ChangeRow>,
    removed: Vec<ChangeRow>,
    /// Error codes that come.
    errors_added: Vec<Anchor>,
    /// Error codes that go.
    errors_removed: Vec<Anchor>,
    /// How many commands the version has.
    held: usize,
    /// All commands of the version.
    all: Vec<Anchor>,
}

#[derive(Debug, Serialize)]
struct ChangeRow {
    name: Anchor,
    summary: String,
    servers: String,
    /// Forms that go.
    was: Vec<String>,
    /// Forms that come.
    now: Vec<String>,
}

/// Values of `errors.html`.
#[derive(Debug, Serialize)]
struct Errors {
    rows: Vec<ErrorRow>,
}

#[derive(Debug, Serialize)]
struct ErrorRow {
    code: Anchor,
    /// Id of the row.
    id: String,
    servers: String,
    versions: String,
    /// Commands that get it; empty where the grammar does not say.
    commands: Vec<Anchor>,
}

impl Writer<'_> {
    /// Fills in a directive; one that does not exist is nothing.
    pub(super) fn directive(&mut self, name: &str) {
        let theme = self.shared.theme;
        let (text, finding) = match name {
            "table-of-commands" => theme.fill("commands.html", &self.commands()),
            "version-changes" => match version_of(self.entry) {
                Some(version) => theme.fill("changes.html", &self.changes(version)),
                None => return,
            },
            "coverage" => theme.fill("coverage.html", &self.coverage()),
            "error-codes" => theme.fill("errors.html", &self.errors()),
            _ => return,
        };
        self.diagnostics.extend(finding);
        self.html.raw(&text);
    }

    fn commands(&self) -> Commands {
        let row = |command: &Command| CommandRow {
            name: self.shared.anchor(self.entry, &command.name),
            summary: sentence(self.shared.summary(&command.name)).to_owned(),
            servers: codes(command.servers()),
            direction: sent_by(command).to_owned(),
            versions: capitalised(&command.versions().to_string()),
            payload: capitalised(&payload(command)),
        };
        Commands { rows: self.shared.book.grammar.words().map(row).collect() }
    }

    fn changes(&self, version: Version) -> Changes {
        let grammar = &self.shared.book.grammar;
        let rows = |change: Change| -> Vec<ChangeRow> {
            let changed = |command: &&Command| grammar.change(command, version) == Some(change);
            grammar.words().filter(changed).map(|c| self.change(c, version, change)).collect()
        };
        let errors = |change: Change| -> Vec<Anchor> {
            let changed = |command: &&Command| grammar.change(command, version) == Some(change);
            let codes = grammar.errors().filter(changed);
            codes.map(|code| self.shared.anchor(self.entry, &code.name)).collect()
        };
        let held = grammar.words().filter(|command| command.versions().contains(version));
        let all: Vec<Anchor> = held.map(|c| self.shared.anchor(self.entry, &c.name)).collect();
        Changes {
            version: version.to_string(),
            before: version.previous().map(|before| before.to_string()).unwrap_or_default(),
            added: rows(Change::Added),
            changed: rows(Change::Changed),
            removed: rows(Change::Removed),
            errors_added: errors(Change::Added),
            errors_removed: errors(Change::Removed),
            held: all.len(),
            all,
        }
    }

    fn change(&self, command: &Command, version: Version, change: Change) -> ChangeRow {
        let now = lines(command, Some(version));
        let was = lines(command, version.previous());
        let only = |these: &[String], others: &[String]| -> Vec<String> {
            these.iter().filter(|line| !others.contains(line)).cloned().collect()
        };
        let (was, now) = match change {
            Change::Changed => (only(&was, &now), only(&now, &was)),
            Change::Added => (Vec::new(), now),
            Change::Removed => (was, Vec::new()),
        };
        ChangeRow {
            name: self.shared.anchor(self.entry, &command.name),
            summary: sentence(self.shared.summary(&command.name)).to_owned(),
            servers: codes(command.servers()),
            was,
            now,
        }
    }

    fn errors(&self) -> Errors {
        let row = |command: &Command| {
            let requests = command.forms.iter().flat_map(|form| &form.answers);
            let requests: std::collections::BTreeSet<&str> =
                requests.map(|request| request.command.as_str()).collect();
            let anchor = |name: &str| self.shared.anchor(self.entry, name);
            ErrorRow {
                code: anchor(&command.name),
                id: format!("error.{}", command.name),
                servers: codes(command.servers()),
                versions: capitalised(&command.versions().to_string()),
                commands: requests.into_iter().map(anchor).collect(),
            }
        };
        Errors { rows: self.shared.book.grammar.errors().map(row).collect() }
    }
}

/// The forms of a command in a version as lines, such as `C: CHG trid status`.
fn lines(command: &Command, version: Option<Version>) -> Vec<String> {
    let Some(version) = version else { return Vec::new() };
    let held = |form: &&Form| form.versions.contains(version) && form.variant.is_none();
    let line = |form: &Form| {
        let mark = form.direction.mark();
        match &form.payload {
            Some(payload) => format!("{mark} {} + {payload}", form.text),
            None => format!("{mark} {}", form.text),
        }
    };
    command.forms.iter().filter(held).map(line).collect()
}

/// `NS, SB`.
fn codes(servers: ServerSet) -> String {
    servers.iter().map(Server::code).collect::<Vec<_>>().join(", ")
}

/// The first sentence of a summary.
pub(super) fn sentence(summary: &str) -> &str {
    let end = summary.find(". ").map_or(summary.len(), |stop| stop + 1);
    summary.get(..end).unwrap_or(summary)
}
