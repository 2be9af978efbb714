//! What `check` and `build` share: load, run, report, and the exit code that follows.

use std::collections::BTreeMap;
use std::fs;

use super::arguments::{Checking, ReportTarget};
use super::reporting::Found;
use super::share::Share;
use super::watch::Watch;
use super::{Exit, Terminal};
use crate::check::{Checked, Shard, State};
use crate::load::{LoadError, Loaded, load};
use crate::markdown::Heading;
use crate::pipeline::Outcome;
use crate::progress::{Progress as _, Stage};
use crate::report::{ExampleOutcome, Report, Severity, Style, render};

/// Loads the book and does with it what `run` does. An error has been told to the user.
pub(super) fn book(
    options: &Checking,
    watch: &Watch,
    terminal: &Terminal,
    run: impl FnOnce(&Loaded) -> Outcome,
) -> Result<(Loaded, Outcome), Exit> {
    let done = watch.show(|| {
        watch.begins(Stage::Read, 0);
        let loaded = load(options.dir())?;
        let outcome = run(&loaded);
        Ok((loaded, outcome))
    });
    watch.begins(Stage::Report, 0);
    done.map_err(|error: LoadError| {
        terminal.complain(&error.to_string(), error.help());
        Exit::Unusable
    })
}

/// Writes the reports to where the user wants them. An error has been told to the user.
pub(super) fn reports(
    options: &Checking,
    loaded: &Loaded,
    result: &Outcome,
    terminal: &Terminal,
) -> Result<(), Exit> {
    write_reports(&options.reports(), options, loaded, result, terminal)
}

/// The same, without those for standard output, which holds something else.
pub(super) fn reports_to_files(
    options: &Checking,
    loaded: &Loaded,
    result: &Outcome,
    terminal: &Terminal,
) -> Result<(), Exit> {
    let mut targets = options.reports();
    targets.retain(|target| target.path.is_some());
    write_reports(&targets, options, loaded, result, terminal)
}

fn write_reports(
    targets: &[ReportTarget],
    options: &Checking,
    loaded: &Loaded,
    result: &Outcome,
    terminal: &Terminal,
) -> Result<(), Exit> {
    let examples = example_outcomes(&result.checked);
    let short = options.reporting.shortened(&result.report);
    for target in targets {
        let style = if target.path.is_none() { terminal.style() } else { Style::Plain };
        let short = short.as_ref().filter(|_| target.format.is_for_people());
        let (report, end) =
            short.map_or((&result.report, ""), |(report, end)| (report, end.as_str()));
        let text = render(target.format, report, &examples, loaded.files(), style) + end;
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

/// What became of every example and document, in the order of pages and places.
fn states(checked: &Checked) -> BTreeMap<&(String, usize), &State> {
    let examples = checked.examples.iter().map(|(key, example)| (key, &example.state));
    examples.chain(&checked.documents).collect()
}

/// What reports say of each example, in the order of pages and places.
pub(super) fn example_outcomes(checked: &Checked) -> Vec<ExampleOutcome> {
    let states = states(checked);
    let examples = states.into_iter().filter_map(|((path, index), state)| {
        let page = &checked.book.entries.get(path)?.page;
        let span = page.fences.get(*index)?.span;
        let mut above: Vec<&Heading> = Vec::new();
        for heading in page.headings.iter().take_while(|heading| heading.span.start < span.start) {
            above.retain(|other| other.level < heading.level);
            above.push(heading);
        }
        let headings: Vec<&str> =
            above.iter().map(|h| h.text.as_str()).filter(|text| !text.is_empty()).collect();
        let skipped = match state {
            State::Unchecked => Some("nothing in it could be checked".to_owned()),
            State::Ignored(reason) => Some(reason.clone()),
            _ => None,
        };
        Some(ExampleOutcome { path: path.clone(), span, headings: headings.join(" > "), skipped })
    });
    examples.collect()
}

/// Takes the known findings out of the outcome; the exit code that the baseline alone gives.
pub(super) fn settle(
    options: &Checking,
    shard: Option<Shard>,
    loaded: &Loaded,
    result: &mut Outcome,
    terminal: &Terminal,
) -> Result<Exit, Exit> {
    let files = loaded.files();
    let found = Found {
        report: &result.report,
        files,
        share: Share::new(shard, &result.checked.book, files),
    };
    let least = options.fail_on.severity();
    let settled = options.reporting.settle(&found, least, terminal)?;
    result.report = settled.report;
    Ok(settled.exit)
}

/// `checked 392 examples in 100 pages: 59 errors, 3 warnings, 12 notes`, with `shard 2 of 5: ` in front for a shard.
pub(super) fn summary(outcome: &Outcome, shard: Option<Shard>) -> String {
    let levels = [Severity::Error, Severity::Warning, Severity::Note];
    let levels = levels.map(|severity| counted(outcome.report.count(severity), severity.name()));
    let examples = counted(examples(&outcome.checked), "example");
    let book = &outcome.checked.book;
    let pages = shard.map_or(book.entries.len(), |shard| shard.pages(book).len());
    let pages = counted(pages, "page");
    let shard = shard.map(|shard| format!("{shard}: ")).unwrap_or_default();
    format!("{shard}checked {examples} in {pages}: {}", levels.join(", "))
}

/// `1 page`, `2 pages`, `0 fixes`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    let ending = if noun.ends_with('x') { "es" } else { "s" };
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}{ending}") }
}

/// How many examples were checked, at least in part.
pub(super) fn examples(checked: &Checked) -> usize {
    let skipped = |state: &State| matches!(state, State::Unchecked | State::Ignored(_));
    states(checked).into_values().filter(|state| !skipped(state)).count()
}

/// The exit code for findings; `baseline`, what the baseline alone gives, where none is heavy enough.
pub(super) fn verdict(options: &Checking, report: &Report, baseline: Exit) -> Exit {
    let least = options.fail_on.severity();
    let fails = report.worst().is_some_and(|worst| worst >= least);
    if fails { Exit::Findings } else { baseline }
}
