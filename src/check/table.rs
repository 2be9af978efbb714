//! Tables of commands that an author wrote by hand, held against the grammar.
//!
//! In: a book. Out: a finding for each cell that says something else than the forms of its command.
//!
//! 1. A table is one of commands if most of its rows, and at least three, begin with the word of one.
//! 2. What a column says is told by the words of its head: who sends, whether a payload follows, since when, until when,
//!    what changed. Other columns are left alone.
//! 3. A cell is read as far as it is plain: yes or no, or one version. A question mark is a doubt, and a doubt is no finding.

use crate::book::{Book, Entry};
use crate::grammar::{Command, Direction, Form, Version};
use crate::markdown::{Block, Inline, Page, inline_text};
use crate::report::{Diagnostic, rules};
use crate::text::Span;

/// What a column says of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    /// Whether this side sends it.
    Sent(Direction),
    /// Whether a payload follows, from this side or any.
    Payload(Option<Direction>),
    /// The version it came with.
    Since,
    /// The version it went with.
    Removed,
    /// What versions did to it; only what says that it went is read.
    Changes,
}

type Cell = [Inline];

/// Checks every table of commands of a page.
pub(super) fn check(book: &Book, entry: &Entry) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for block in &entry.page.blocks {
        let Block::Table { head, rows, .. } = block else { continue };
        let commands = rows.iter().map(|row| {
            let word = row.first().map(|cell| inline_text(cell)).unwrap_or_default();
            book.grammar.command(word.trim()).filter(|command| !command.is_error())
        });
        let commands: Vec<Option<&Command>> = commands.collect();
        let known = commands.iter().flatten().count();
        if known < FEWEST || known * 2 <= rows.len() {
            continue;
        }
        let columns: Vec<Option<Column>> = head.iter().map(|cell| column(cell)).collect();
        for (command, row) in commands.iter().zip(rows) {
            let Some(command) = command else { continue };
            // The first column names the command, whatever its head says.
            for (column, cell) in columns.iter().zip(row).skip(1) {
                let Some(column) = column else { continue };
                for (span, message) in contradictions(command, *column, cell, &entry.page) {
                    diagnostics.push(finding(book, entry, command, (span, message)));
                }
            }
        }
    }
    diagnostics
}

/// Fewer commands make no table of commands: some are values of parameters too.
const FEWEST: usize = 3;

fn finding(
    book: &Book,
    entry: &Entry,
    command: &Command,
    (span, message): (Span, String),
) -> Diagnostic {
    let help = if book.foreign {
        "mend the cell; the grammar is that of wirebook's own wiki, for this one has none"
            .to_owned()
    } else {
        format!("mend the cell, or the grammar of `{}`, whichever is wrong", command.name)
    };
    Diagnostic::new(&rules::TABLE_DISAGREES, &entry.page.path, span, message).with_help(help)
}

/// What a head says of its column; `None` where it is none of ours, or could be several.
fn column(head: &Cell) -> Option<Column> {
    let text = inline_text(head).to_lowercase().replace(['→', '⇒'], " to ");
    let text = text.replace("->", " to ").replace("=>", " to ");
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    let sender = sender(&words);
    if has(&["payload", "payloads"]) {
        return Some(Column::Payload(sender));
    }
    if let Some(direction) = sender {
        return Some(Column::Sent(direction));
    }
    let since = has(&["originating", "origin", "since", "introduced", "added"]);
    let removed = has(&["removed"]);
    let changes = words.iter().any(|word| word.starts_with("chang"));
    match (since, removed, changes) {
        (true, false, false) => Some(Column::Since),
        (false, true, false) => Some(Column::Removed),
        (false, false, true) => Some(Column::Changes),
        _ => None,
    }
}

/// Who sends, by a head such as `Client to server`, `C → S` or `Sent by client`.
fn sender(words: &[&str]) -> Option<Direction> {
    let side = |word: &&str| match *word {
        "client" | "c" => Some(Direction::Client),
        "server" | "s" => Some(Direction::Server),
        _ => None,
    };
    let sides: Vec<Direction> = words.iter().filter_map(side).collect();
    let has = |word: &str| words.contains(&word);
    match sides.as_slice() {
        [from, to] if from != to && has("to") => Some(*from),
        [from] if (has("from") || has("by")) && !has("to") => Some(*from),
        _ => None,
    }
}

/// What a cell says that the grammar denies, and where.
fn contradictions(
    command: &Command,
    column: Column,
    cell: &Cell,
    page: &Page,
) -> Vec<(Span, String)> {
    let Some(span) = span_of(cell, page) else { return Vec::new() };
    let text = inline_text(cell);
    let message = match column {
        Column::Sent(direction) => {
            truth(&text).and_then(|sent| wrong_sender(command, direction, sent))
        }
        Column::Payload(direction) => {
            truth(&text).and_then(|carries| wrong_payload(command, direction, carries))
        }
        Column::Since => one_version(&text).and_then(|version| wrong_since(command, version)),
        Column::Removed => one_version(&text).and_then(|version| wrong_removal(command, version)),
        Column::Changes => return wrong_removals(command, cell, page),
    };
    message.map(|message| (span, message)).into_iter().collect()
}

/// Reads `Y`, `Y*`, `no`, a tick or a cross; `None` for anything else, above all for a doubt such as `Y?`.
fn truth(text: &str) -> Option<bool> {
    let plain = text.trim().trim_end_matches(['*', '†', '‡']).trim_end().to_lowercase();
    match plain.as_str() {
        "y" | "yes" | "✓" | "✔" | "✅" => Some(true),
        "n" | "no" | "✗" | "✘" | "❌" => Some(false),
        _ => None,
    }
}

/// The version of a cell that names one and doubts nothing.
fn one_version(text: &str) -> Option<Version> {
    let plain = text.trim().trim_end_matches(['*', '†', '‡']).trim_end();
    Version::parse(plain)
}

fn wrong_sender(command: &Command, direction: Direction, sent: bool) -> Option<String> {
    let (name, side) = (&command.name, direction.name());
    let mut forms = command.forms.iter().filter(|form| form.direction == direction);
    if sent {
        let text =
            format!("the table says that the {side} sends `{name}`, but no form is sent by it");
        return forms.next().is_none().then_some(text);
    }
    let mut plain = forms.filter(|form| form.variant.is_none());
    let (form, why) = plain.find_map(|form| Some((form, counts(command, form)?)))?;
    let (mark, line) = (direction.mark(), &form.text);
    Some(format!(
        "the table says that the {side} does not send `{name}`, but {why}: `{mark} {line}`"
    ))
}

/// Why a form makes a command one that its side sends; `None` for a mere reply to the request of the same name, which
/// tables leave out as a matter of course.
fn counts(command: &Command, form: &Form) -> Option<String> {
    if form.direction == Direction::Client {
        return Some("the grammar has a request".to_owned());
    }
    if let Some(answer) = form.inside.as_ref().filter(|answer| **answer != form.name) {
        return Some(format!("it is a row of the answer to `{answer}`"));
    }
    if form.asynchronous {
        return Some("it comes unasked".to_owned());
    }
    let other = form.answers.iter().find(|request| request.command != form.name);
    if let Some(request) = other {
        return Some(format!("it answers `{}`", request.command));
    }
    let asked = !command.sent_by(Direction::Client).intersection(form.versions).is_empty();
    (!asked).then(|| "the client has no request that it would answer".to_owned())
}

fn wrong_payload(command: &Command, from: Option<Direction>, carries: bool) -> Option<String> {
    let name = &command.name;
    let side = from.map(|direction| format!(" from the {}", direction.name())).unwrap_or_default();
    let forms = command.forms.iter().filter(|form| from.is_none_or(|from| form.direction == from));
    let mut with = forms.filter(|form| form.payload.is_some());
    if carries {
        let text = format!("the table says that `{name}`{side} has a payload, but no form has one");
        return with.next().is_none().then_some(text);
    }
    let form = with.find(|form| form.variant.is_none())?;
    let (mark, line) = (form.direction.mark(), &form.text);
    Some(format!("the table says that `{name}`{side} has no payload, but `{mark} {line}` has one"))
}

fn wrong_since(command: &Command, stated: Version) -> Option<String> {
    let versions = command.versions();
    let first = versions.first()?;
    // CVR0 is not a version of MSNP, so whoever tells when a command came may leave it out.
    let first_msnp = versions.iter().find(|version| *version != Version::CVR0);
    let right = stated == first || Some(stated) == first_msnp;
    let name = &command.name;
    let text = format!(
        "the table says that `{name}` came with {stated}, but by the grammar it came with {first}"
    );
    (!right).then_some(text)
}

fn wrong_removal(command: &Command, gone: Version) -> Option<String> {
    let versions = command.versions();
    let (name, last) = (&command.name, versions.last()?);
    let text = format!("the table says that `{name}` is gone in {gone}, but by the grammar it");
    if versions.contains(gone) {
        return Some(format!("{text} is legal there"));
    }
    (gone.previous().is_some_and(|before| !versions.contains(before)))
        .then(|| format!("{text}s last version is {last}"))
}

/// What says, in the manner of `MSNP8 (Removed; use another)`, that a command went, where it did not.
fn wrong_removals(command: &Command, cell: &Cell, page: &Page) -> Vec<(Span, String)> {
    let mut found = Vec::new();
    let mut before: Option<&Inline> = None;
    for inline in cell {
        if let (Inline::Text(text, _), Some(named)) = (inline, before)
            && says_removed(text)
            && let Some(version) = one_version(&inline_text(std::slice::from_ref(named)))
            && let Some(message) = wrong_removal(command, version)
            && let Some(span) = span_of(std::slice::from_ref(named), page)
        {
            found.push((span, message));
        }
        before = Some(inline);
    }
    found
}

/// True for ` (Removed)` and ` (Removed; ...`, but not for `(Removed a parameter)`.
fn says_removed(text: &str) -> bool {
    let folded = text.trim_start().to_lowercase();
    let rest = folded.strip_prefix("(removed");
    rest.is_some_and(|rest| rest.starts_with([')', ';', ':', ',', '.']))
}

/// From the first to the last thing in a cell that has a place; `None` for an empty one.
fn span_of(cell: &Cell, page: &Page) -> Option<Span> {
    let spans = cell.iter().filter_map(|inline| match inline {
        Inline::Text(_, span) | Inline::Code(_, span) => Some(*span),
        Inline::Link(index, _) | Inline::Image(index) => {
            page.links.get(*index).map(|link| link.span)
        }
        Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Strikethrough(inner) => {
            span_of(inner, page)
        }
        _ => None,
    });
    spans.reduce(Span::to)
}
