//! The table of what the examples of a book show, where a page asks for it.

use serde::Serialize;

use super::block::Writer;
use super::shared::Anchor;
use crate::check::coverage::{CommandCoverage, Count, FormCoverage, coverage};

/// Values of `coverage.html`.
#[derive(Debug, Serialize)]
pub(super) struct CoverageTable {
    rows: Vec<Row>,
    /// Of all commands: forms, directions, versions of forms; then error codes.
    totals: Vec<Total>,
}

#[derive(Debug, Serialize)]
struct Row {
    name: Anchor,
    forms: String,
    versions: String,
    missing: Vec<Missing>,
}

/// A form that is not or not wholly shown.
#[derive(Debug, Serialize)]
struct Missing {
    /// As in the grammar, with its direction.
    form: String,
    /// The versions that are not shown; empty where no example shows the form at all.
    versions: String,
}

#[derive(Debug, Serialize)]
struct Total {
    noun: &'static str,
    shown: usize,
    all: usize,
    percent: usize,
}

impl Writer<'_> {
    /// What the examples of the whole book show.
    pub(super) fn coverage(&self) -> CoverageTable {
        let coverage = coverage(&self.shared.checked);
        let totals = coverage.totals();
        CoverageTable {
            rows: coverage.commands.iter().map(|command| self.coverage_row(command)).collect(),
            totals: vec![
                total("forms", totals.forms),
                total("directions", totals.directions),
                total("versions of forms", totals.versions),
                total("error codes", coverage.error_codes()),
            ],
        }
    }

    fn coverage_row(&self, command: &CommandCoverage<'_>) -> Row {
        let totals = command.totals();
        let lacking = command.forms.iter().filter(|form| !form.missing().is_empty());
        Row {
            name: self.shared.anchor(self.entry, &command.command.name),
            forms: fraction(totals.forms),
            versions: fraction(totals.versions),
            missing: lacking.map(missing).collect(),
        }
    }
}

fn missing(form: &FormCoverage<'_>) -> Missing {
    let versions = if form.is_shown() { form.missing().to_string() } else { String::new() };
    Missing { form: format!("{} {}", form.form.direction.mark(), form.form.text), versions }
}

fn total(noun: &'static str, count: Count) -> Total {
    Total { noun, shown: count.shown, all: count.all, percent: count.percent() }
}

fn fraction(count: Count) -> String {
    format!("{} of {}", count.shown, count.all)
}
