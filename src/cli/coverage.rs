//! `wirebook check --coverage`: which forms of the grammar no example shows.
//!
//! In: what [`coverage`] computed. Out: a table for people, or one JSON object for programs, on standard output:
//!
//! ```json
//! {
//!   "totals": {
//!     "forms": {"shown": 1, "all": 2},
//!     "directions": {"shown": 1, "all": 2},
//!     "versions": {"shown": 3, "all": 12},
//!     "error_codes": {"shown": 0, "all": 0}
//!   },
//!   "forms": [{
//!     "command": "CHG", "direction": "client", "form": "CHG trid status:presence",
//!     "path": "wiki/commands/chg.md", "line": 14,
//!     "versions": ["MSNP2"], "shown": ["MSNP2"], "missing": [],
//!     "examples": [{"path": "wiki/commands/chg.md", "line": 40, "versions": ["MSNP2"]}]
//!   }]
//! }
//! ```
//!
//! `path` and `line` are null where the wiki has no grammar of its own. `forms` holds the error codes' forms too.

use std::fmt::Write as _;

use clap::ValueEnum;
use serde::Serialize;

use super::{Exit, Terminal};
use crate::check::Checked;
use crate::check::coverage::{Count, Coverage, FormCoverage, Shown, coverage};
use crate::grammar::VersionSet;
use crate::report::{Files, pretty};
use crate::text::{Span, neutralise};

/// How the coverage is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CoverageFormat {
    /// A table for people.
    Text,
    /// One JSON object.
    Json,
}

/// Prints the coverage. An error has been told to the user.
pub(super) fn print(
    checked: &Checked,
    files: Files<'_>,
    format: CoverageFormat,
    terminal: &Terminal,
) -> Result<(), Exit> {
    let coverage = coverage(checked);
    // The built-in grammar's pages are not this wiki's.
    let foreign = checked.book.foreign;
    let text = match format {
        CoverageFormat::Text => table(&coverage, files, foreign),
        CoverageFormat::Json => pretty(&json(&coverage, files, foreign)),
    };
    terminal.print(&text).map_err(|error| {
        terminal.complain(&format!("standard output cannot be written: {error}"), "");
        Exit::Unusable
    })
}

/// One line a command, below it one line a form that is not or not wholly shown; then the totals.
fn table(coverage: &Coverage<'_>, files: Files<'_>, foreign: bool) -> String {
    let mut out = format!("{:<7}  {:>7}  {:>9}\n", "command", "forms", "versions");
    for command in &coverage.commands {
        let (name, totals) = (&command.command.name, command.totals());
        let (forms, versions) = (fraction(totals.forms), fraction(totals.versions));
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{name:<7}  {forms:>7}  {versions:>9}");
        for form in command.forms.iter().filter(|form| !form.missing().is_empty()) {
            out.push_str("  ");
            out.push_str(&lacking(form, files, foreign));
        }
    }
    let totals = coverage.totals();
    let counts = [
        ("forms", totals.forms),
        ("directions", totals.directions),
        ("versions of forms", totals.versions),
        ("error codes", coverage.error_codes()),
    ];
    let counts =
        counts.map(|(noun, c)| format!("{} of {} {noun} ({} %)", c.shown, c.all, c.percent()));
    let _ = writeln!(out, "total: {}", counts.join(", "));
    out
}

/// `wiki/commands/chg.md:14: C: CHG trid status:presence: no example`.
fn lacking(form: &FormCoverage<'_>, files: Files<'_>, foreign: bool) -> String {
    let file = files.find(&form.form.path);
    let line = file.positions(form.form.span).0.line;
    let place = if foreign { String::new() } else { format!("{}:{line}: ", file.shown_path()) };
    let lacks = if form.is_shown() {
        format!("not in {}", form.missing())
    } else {
        "no example".to_owned()
    };
    let (mark, text) = (form.form.direction.mark(), neutralise(&form.form.text));
    format!("{place}{mark} {text}: {lacks}\n")
}

fn fraction(count: Count) -> String {
    format!("{}/{}", count.shown, count.all)
}

/// The coverage as JSON. The names of the fields are a promise to the programs that read them.
#[derive(Serialize)]
struct Whole<'a> {
    totals: Counts,
    forms: Vec<FormJson<'a>>,
}

#[derive(Serialize)]
struct Counts {
    forms: Amount,
    directions: Amount,
    versions: Amount,
    error_codes: Amount,
}

#[derive(Serialize)]
struct Amount {
    shown: usize,
    all: usize,
}

#[derive(Serialize)]
struct FormJson<'a> {
    command: &'a str,
    direction: &'static str,
    form: &'a str,
    path: Option<String>,
    line: Option<usize>,
    versions: Vec<String>,
    shown: Vec<String>,
    missing: Vec<String>,
    examples: Vec<ExampleJson>,
}

#[derive(Serialize)]
struct ExampleJson {
    path: String,
    line: usize,
    versions: Vec<String>,
}

fn json<'a>(coverage: &Coverage<'a>, files: Files<'_>, foreign: bool) -> Whole<'a> {
    let totals = coverage.totals();
    let commands = coverage.commands.iter().chain(&coverage.errors);
    let forms = commands.flat_map(|command| &command.forms);
    Whole {
        totals: Counts {
            forms: amount(totals.forms),
            directions: amount(totals.directions),
            versions: amount(totals.versions),
            error_codes: amount(coverage.error_codes()),
        },
        forms: forms.map(|form| form_json(form, files, foreign)).collect(),
    }
}

fn amount(count: Count) -> Amount {
    Amount { shown: count.shown, all: count.all }
}

fn form_json<'a>(form: &FormCoverage<'a>, files: Files<'_>, foreign: bool) -> FormJson<'a> {
    let place = (!foreign).then(|| place(files, &form.form.path, form.form.span));
    let (path, line) = place.unzip();
    FormJson {
        command: &form.form.name,
        direction: form.form.direction.name(),
        form: &form.form.text,
        path,
        line,
        versions: names(form.form.versions),
        shown: names(form.shown),
        missing: names(form.missing()),
        examples: form.places.iter().map(|shown| example_json(*shown, files)).collect(),
    }
}

fn example_json(shown: Shown<'_>, files: Files<'_>) -> ExampleJson {
    let (path, line) = place(files, shown.path, shown.span);
    ExampleJson { path, line, versions: names(shown.versions) }
}

/// The path from the book's root, and the line from 1.
fn place(files: Files<'_>, path: &str, span: Span) -> (String, usize) {
    let file = files.find(path);
    let line = file.positions(span).0.line;
    (file.path, line)
}

fn names(versions: VersionSet) -> Vec<String> {
    versions.iter().map(|version| version.to_string()).collect()
}
