//! One line a finding: `path:line:column: severity[rule] message`.

use std::fmt::Write as _;

use super::{Files, Report};
use crate::text::neutralise;

/// The report, one line a finding.
pub(super) fn render(report: &Report, files: Files<'_>) -> String {
    let mut out = String::new();
    for diagnostic in report.diagnostics() {
        let file = files.find(&diagnostic.path);
        let at = file.positions(diagnostic.span).0;
        let (severity, rule) = (diagnostic.rule.severity.name(), diagnostic.rule.name);
        let (path, message) = (file.shown_path(), neutralise(&diagnostic.message));
        let (line, column) = (at.line, at.column);
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{path}:{line}:{column}: {severity}[{rule}] {message}");
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::report::Format;
    use crate::report::format::tests::rendered;

    #[test]
    fn a_finding_is_a_line_with_its_place_in_characters() {
        let text = rendered(Format::Concise, "# CHG\n\né 12\n", "12", |d| d);
        assert_eq!(text, "wiki/commands/chg.md:3:3: error[payload-length] the length is wrong\n");
    }
}
