//! Places that wirebook fills in: tables made from the grammar.

use std::collections::BTreeSet;

use serde::Serialize;

use super::block::Writer;
use super::example::capitalised;
use super::facts::{payload, sent_by, version_of};
use super::html::Html;
use super::inline::message;
use super::lens;
use super::reverse::{Reverse, reverse};
use super::shared::Anchor;
use crate::grammar::{Change, Command, Direction, Form, Server, ServerSet, Status, Version};
use crate::report::Rule;
use crate::report::rules::RULES;
use crate::text::first_sentence;

/// Values of `commands.html`.
#[derive(Debug, Serialize)]
struct Commands {
    versions: Vec<Choice>,
    statuses: Vec<Choice>,
    rows: Vec<CommandRow>,
}

/// One choice of a filter.
#[derive(Debug, Serialize)]
struct Choice {
    /// The class of the rows that it shows.
    class: String,
    title: String,
}

#[derive(Debug, Serialize)]
struct CommandRow {
    name: Anchor,
    summary: String,
    servers: String,
    direction: String,
    versions: String,
    payload: String,
    /// How its forms are known, the surest first.
    known: Vec<&'static str>,
    /// Classes that the filters above the table go by: `v8`, `ns`, `by-client`, `payload`, `known-observed`.
    classes: String,
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
    /// Versions that it is about, `8-14`; empty for all.
    held: String,
    servers: String,
    versions: String,
    /// Commands that get it; empty where the grammar does not say.
    commands: Vec<Anchor>,
}

/// Values of `rules.html`.
#[derive(Debug, Serialize)]
struct Rules {
    rows: Vec<RuleRow>,
}

#[derive(Debug, Serialize)]
struct RuleRow {
    name: Anchor,
    severity: &'static str,
    /// What the rule finds, as HTML.
    summary: String,
}

impl Writer<'_> {
    /// Fills in a directive; one that does not exist is nothing.
    pub(super) fn directive(&mut self, name: &str) {
        let theme = &self.shared.theme;
        let (text, finding) = match name {
            "table-of-commands" => theme.fill("commands.html", &self.commands()),
            "version-changes" => match version_of(self.entry) {
                Some(version) => theme.fill("changes.html", &self.changes(version)),
                None => return,
            },
            "open-questions" => {
                let questions = self.questions();
                theme.fill("questions.html", &questions)
            }
            "rules" => theme.fill("rules.html", &self.rules()),
            "coverage" => theme.fill("coverage.html", &self.coverage()),
            "command-matrix" => theme.fill("matrix.html", &self.matrix()),
            "version-diff" => theme.fill("diff.html", &self.diff()),
            "error-codes" => theme.fill("errors.html", &self.errors()),
            name => match index_of(self, name) {
                Some(reverse) => theme.fill("reverse.html", &reverse),
                None => return,
            },
        };
        self.diagnostics.extend(finding);
        self.html.raw(&text);
    }

    fn commands(&self) -> Commands {
        let row = |command: &Command| CommandRow {
            name: self.shared.anchor(self.entry, &command.name),
            summary: first_sentence(self.shared.summary(&command.name)).to_owned(),
            servers: codes(command.servers()),
            direction: sent_by(command).to_owned(),
            versions: capitalised(&command.versions().to_string()),
            payload: capitalised(&payload(command)),
            known: known(command),
            classes: classes(command),
        };
        let words = || self.shared.book.grammar.words();
        let versions = self.shared.book.grammar.versions();
        let version =
            |version: Version| Choice { class: version_class(version), title: version.to_string() };
        let known: BTreeSet<&str> = words().flat_map(known).collect();
        let statuses = Status::ALL.into_iter().filter(|status| known.contains(status.word()));
        let status = |status: Status| Choice {
            class: format!("known-{}", status.word()),
            title: status.phrase().to_owned(),
        };
        Commands {
            versions: versions.iter().map(version).collect(),
            statuses: statuses.map(status).collect(),
            rows: words().map(row).collect(),
        }
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
            summary: first_sentence(self.shared.summary(&command.name)).to_owned(),
            servers: codes(command.servers()),
            was,
            now,
        }
    }

    fn rules(&self) -> Rules {
        let folder = self.entry.page.path.strip_suffix(".md").unwrap_or_default();
        let row = |rule: &&Rule| {
            let path = format!("{folder}/{}.md", rule.name);
            let href = self.shared.link(self.entry, &path, "").unwrap_or_default();
            let mut words =
                rule.page.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
            RuleRow {
                name: Anchor { title: rule.name.to_owned(), href },
                severity: rule.severity.name(),
                summary: words.next().map(html_of).unwrap_or_default(),
            }
        };
        Rules { rows: RULES.iter().map(row).collect() }
    }

    fn errors(&self) -> Errors {
        let row = |command: &Command| {
            let requests = command.forms.iter().flat_map(|form| &form.answers);
            let requests: BTreeSet<&str> =
                requests.map(|request| request.command.as_str()).collect();
            let anchor = |name: &str| self.shared.anchor(self.entry, name);
            ErrorRow {
                code: anchor(&command.name),
                id: format!("error.{}", command.name),
                held: lens::data(command.versions()),
                servers: codes(command.servers()),
                versions: capitalised(&command.versions().to_string()),
                commands: requests.into_iter().map(anchor).collect(),
            }
        };
        Errors { rows: self.shared.book.grammar.errors().map(row).collect() }
    }
}

fn index_of(writer: &Writer<'_>, directive: &str) -> Option<Reverse> {
    reverse(writer.shared, writer.entry, directive.strip_prefix("index-of-")?)
}

/// A sentence with code between backticks, as HTML.
fn html_of(text: &str) -> String {
    let mut html = Html::new();
    message(&mut html, text);
    html.into_string()
}

/// The forms of a command in a version as lines, such as `C: CHG trid status`.
fn lines(command: &Command, version: Option<Version>) -> Vec<String> {
    let Some(version) = version else { return Vec::new() };
    let held = |form: &&Form| form.versions.contains(version) && form.variant.is_none();
    command.forms.iter().filter(held).map(line).collect()
}

/// A form as a line, such as `C: CHG trid status`, with the kind of its payload.
pub(super) fn line(form: &Form) -> String {
    let mark = form.direction.mark();
    match &form.payload {
        Some(payload) => format!("{mark} {} + {payload}", form.text),
        None => format!("{mark} {}", form.text),
    }
}

/// How the forms of a command are known, the surest first.
pub(super) fn known(command: &Command) -> Vec<&'static str> {
    let found = command.forms.iter().filter_map(|form| form.status);
    found.collect::<BTreeSet<Status>>().into_iter().map(Status::word).collect()
}

fn classes(command: &Command) -> String {
    let mut classes: Vec<String> = command.versions().iter().map(version_class).collect();
    classes.extend(command.servers().iter().map(|server| server.code().to_lowercase()));
    let from = |direction| command.forms.iter().any(|form| form.direction == direction);
    classes.extend(from(Direction::Client).then(|| "by-client".to_owned()));
    classes.extend(from(Direction::Server).then(|| "by-server".to_owned()));
    let carries = command.forms.iter().any(|form| form.payload.is_some());
    classes.push(if carries { "payload" } else { "bare" }.to_owned());
    classes.extend(known(command).into_iter().map(|word| format!("known-{word}")));
    classes.join(" ")
}

/// `v8`, `vcvr0`.
pub(super) fn version_class(version: Version) -> String {
    let name = version.to_string();
    format!("v{}", name.strip_prefix("MSNP").unwrap_or(&name).to_lowercase())
}

/// `NS, SB`.
pub(super) fn codes(servers: ServerSet) -> String {
    servers.iter().map(Server::code).collect::<Vec<_>>().join(", ")
}
