//! GitLab's Code Quality: one JSON array, with a fingerprint a finding.

use serde::Serialize;

use super::{Files, Report, Severity, fingerprints, json};
use crate::text::neutralise;

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'a str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// The report as an array, in order; `[]` for none.
pub(super) fn render(report: &Report, files: Files<'_>) -> String {
    let named = report.diagnostics().iter().zip(fingerprints(report, files));
    let issues = named.map(|(diagnostic, fingerprint)| {
        let file = files.find(&diagnostic.path);
        let (start, end) = file.positions(diagnostic.span);
        Issue {
            description: neutralise(&diagnostic.message).into_owned(),
            check_name: diagnostic.rule.name,
            fingerprint,
            severity: match diagnostic.rule.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
                Severity::Note => "info",
            },
            location: Location {
                path: file.path,
                lines: Lines { begin: start.line, end: end.line },
            },
        }
    });
    json::pretty(&issues.collect::<Vec<_>>())
}
