//! What `check` and `build` share: load, run, report, and the exit code that follows.

use std::fs;

use super::arguments::{Checking, ReportTarget};
use super::{Exit, Terminal};
use crate::check::{Checked, State};
use crate::load::{Loaded, load};
use crate::pipeline::{self, Memo, Outcome};
use crate::report::{Report, Severity, Style, render};

/// Loads the book and runs everything. An error has been told to the user.
pub(super) fn book(options: &Checking, terminal: &Terminal) -> Result<(Loaded, Outcome), Exit> {
    let loaded = load(options.dir()).map_err(|error| {
        terminal.complain(&error.to_string(), error.help());
        Exit::Unusable
    })?;
    let found = loaded.diagnostics.clone();
    let mut memo = Memo::default();
    let outcome = pipeline::run(&loaded.config, &loaded.sources, found, &mut memo);
    Ok((loaded, outcome))
}

/// Writes the reports to where the user wants them. An error has been told to the user.
pub(super) fn reports(
    options: &Checking,
    loaded: &Loaded,
    report: &Report,
    terminal: &Terminal,
) -> Result<(), Exit> {
    write_reports(&options.reports(), loaded, report, terminal)
}

/// The same, without those for standard output, which holds something else.
pub(super) fn reports_to_files(
    options: &Checking,
    loaded: &Loaded,
    report: &Report,
    terminal: &Terminal,
) -> Result<(), Exit> {
    let mut targets = options.reports();
    targets.retain(|target| target.path.is_some());
    write_reports(&targets, loaded, report, terminal)
}

fn write_reports(
    targets: &[ReportTarget],
    loaded: &Loaded,
    report: &Report,
    terminal: &Terminal,
) -> Result<(), Exit> {
    for target in targets {
        let style = if target.path.is_none() { terminal.style() } else { Style::Plain };
        let text = render(target.format, report, loaded.files(), style);
        let (name, written) = match &target.path {
            Some(path) => (path.display().to_string(), fs::write(path, text)),
            None => ("standard output".to_owned(), terminal.print(&text)),
        };
        written.map_err(|error| {
            terminal.complain(&format!("the report cannot be written to `{name}`: {error}"), "");
            Exit::Unusable
        })?;
    }
    Ok(())
}

/// `checked 392 examples in 100 pages: 59 errors, 3 warnings, 12 notes`.
pub(super) fn summary(outcome: &Outcome) -> String {
    let levels = [Severity::Error, Severity::Warning, Severity::Note];
    let levels = levels.map(|severity| counted(outcome.report.count(severity), severity.name()));
    let examples = counted(examples(&outcome.checked), "example");
    let pages = counted(outcome.checked.book.entries.len(), "page");
    format!("checked {examples} in {pages}: {}", levels.join(", "))
}

/// `1 page`, `2 pages`, `0 fixes`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    let ending = if noun.ends_with('x') { "es" } else { "s" };
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}{ending}") }
}

/// How many examples were checked, at least in part.
pub(super) fn examples(checked: &Checked) -> usize {
    let skipped = |state: &State| matches!(state, State::Unchecked | State::Ignored(_));
    checked.examples.values().filter(|example| !skipped(&example.state)).count()
}

/// The exit code for findings; [`Exit::Clean`] where none is heavy enough.
pub(super) fn verdict(options: &Checking, report: &Report) -> Exit {
    let least = options.fail_on.severity();
    let fails = report.worst().is_some_and(|worst| worst >= least);
    if fails { Exit::Findings } else { Exit::Clean }
}
