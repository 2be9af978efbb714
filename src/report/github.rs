//! Annotations of GitHub's CI: `::error file=...,line=...::message`.
//!
//! GitHub shows ten annotations of a level for a step and drops the others silently, so no more are written, and the
//! tenth says how many were withheld.

use std::fmt::Write as _;

use super::{Diagnostic, Files, Report, Severity};
use crate::text::neutralise;

/// How many annotations of a level GitHub shows.
const SHOWN: usize = 10;

/// The report as annotations, the heaviest first.
pub(super) fn render(report: &Report, files: Files<'_>) -> String {
    let mut out = String::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let of_level = report.diagnostics().iter().filter(|d| d.rule.severity == severity);
        let withheld = report.count(severity).saturating_sub(SHOWN);
        for (index, diagnostic) in of_level.take(SHOWN).enumerate() {
            let mut message = message(diagnostic);
            if index + 1 == SHOWN && withheld > 0 {
                let plural = if withheld == 1 { "" } else { "s" };
                let level = severity.name();
                let _ = write!(message, "\n{withheld} more {level}{plural} not shown here");
            }
            out.push_str(&annotation(diagnostic, &message, files));
        }
    }
    out
}

fn message(diagnostic: &Diagnostic) -> String {
    let clauses = std::iter::once(&diagnostic.message).chain(&diagnostic.help);
    clauses.map(|clause| neutralise(clause).into_owned()).collect::<Vec<_>>().join("\n")
}

fn annotation(diagnostic: &Diagnostic, message: &str, files: Files<'_>) -> String {
    let level = match diagnostic.rule.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let file = files.find(&diagnostic.path);
    let (start, end) = file.positions(diagnostic.span);
    let path = escaped_property(&neutralise(&file.path));
    let mut place = format!("file={path},line={},endLine={}", start.line, end.line);
    // Columns of an annotation over several lines are refused.
    if start.line == end.line {
        let last = end.column.saturating_sub(1).max(start.column);
        let _ = write!(place, ",col={},endColumn={last}", start.column);
    }
    format!("::{level} {place},title={}::{}\n", diagnostic.rule.name, escaped(message))
}

/// `%` first: the wire is full of `%20`, which must arrive as it is.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn escaped_property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::format::tests::rendered;
    use crate::report::{Format, Style, rules};
    use crate::text::{Sources, Span};

    #[test]
    fn percent_signs_and_line_ends_are_escaped() {
        let text = rendered(Format::Github, "Bob%20B 12\n", "12", |mut d| {
            d.message = "`Bob%20B` is wrong".to_owned();
            d.with_help("write 11")
        });
        assert_eq!(
            text,
            "::error file=wiki/commands/chg.md,line=1,endLine=1,col=9,endColumn=10,\
             title=payload-length::`Bob%2520B` is wrong%0Awrite 11\n"
        );
    }

    #[test]
    fn ten_of_a_level_are_shown_and_the_rest_is_counted() {
        let finding = |index: usize, rule| {
            Diagnostic::new(rule, "a.md", Span::new(index, index), format!("finding {index}"))
        };
        let errors = (0..23).map(|index| finding(index, &rules::CONFIG));
        let notes = (0..10).map(|index| finding(index, &rules::VARIANT));
        let report = Report::new(errors.chain(notes).collect());
        let sources = Sources::default();
        let files = Files::of_wiki(&sources);
        let text = super::super::render(Format::Github, &report, &[], files, Style::Plain);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 20);
        assert!(lines[9].ends_with("finding 9%0A13 more errors not shown here"), "{}", lines[9]);
        assert!(lines[19].ends_with("::finding 9"), "{}", lines[19]);
    }
}
