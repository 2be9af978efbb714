//! The formats a report can be written in.

use super::{ExampleOutcome, Files, Report, concise, full, github, gitlab, json, junit, sarif};

/// A format of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people: the source lines, what is wrong in them, and how to mend it.
    Full,
    /// One line a finding.
    Concise,
    /// One JSON array, for programs.
    Json,
    /// Annotations of GitHub's CI.
    Github,
    /// A test case an example, for CI that shows tests.
    Junit,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// GitLab's Code Quality.
    Gitlab,
}

/// Whether colours may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Characters only.
    Plain,
    /// ANSI colours.
    Coloured,
}

impl Format {
    /// All of them, the default first.
    pub const ALL: [Self; 7] = [
        Self::Full,
        Self::Concise,
        Self::Json,
        Self::Github,
        Self::Junit,
        Self::Sarif,
        Self::Gitlab,
    ];

    /// The word for it on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Github => "github",
            Self::Junit => "junit",
            Self::Sarif => "sarif",
            Self::Gitlab => "gitlab",
        }
    }

    /// True for the formats that people read, which can be shortened.
    pub fn is_for_people(self) -> bool {
        matches!(self, Self::Full | Self::Concise)
    }

    /// The format of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// The report as text; an empty report gives an empty text, but for JSON and XML. Only [`Format::Full`] has colours, only
/// [`Format::Junit`] speaks of `examples`.
pub fn render(
    format: Format,
    report: &Report,
    examples: &[ExampleOutcome],
    files: Files<'_>,
    style: Style,
) -> String {
    match format {
        Format::Full => defused(&full::render(report, files, style)),
        Format::Concise => defused(&concise::render(report, files)),
        Format::Json => json::render(report, files),
        Format::Github => defused(&github::render(report, files)),
        Format::Junit => defused(&junit::render(report, examples, files)),
        Format::Sarif => sarif::render(report, files),
        Format::Gitlab => gitlab::render(report, files),
    }
}

/// Breaks up what CI systems take for a command wherever in a line it stands: `##[...]` and `##vso[...]`.
fn defused(text: &str) -> String {
    text.replace("##[", "# #[").replace("##vso[", "# #vso[")
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::report::{Diagnostic, Rule, rules};
    use crate::text::{Source, Sources, Span};

    /// A report with one finding of `rule` at the first `needle` of a page `commands/chg.md`, as `format`.
    pub(in crate::report) fn rendered(
        format: Format,
        text: &str,
        needle: &str,
        finish: impl FnOnce(Diagnostic) -> Diagnostic,
    ) -> String {
        let page = Source::new("commands/chg.md", text);
        let start = text.find(needle).unwrap();
        let span = Span::new(start, start + needle.len());
        let rule: &'static Rule = &rules::PAYLOAD_LENGTH;
        let diagnostic = Diagnostic::new(rule, "commands/chg.md", span, "the length is wrong");
        let report = Report::new(vec![finish(diagnostic)]);
        let mut sources = Sources::default();
        sources.pages.insert(page.path.clone(), Arc::new(page));
        render(format, &report, &[], Files::of_wiki(&sources), Style::Plain)
    }

    #[test]
    fn no_format_lets_wire_text_act_on_a_terminal_or_a_log() {
        let wire = "C: \u{1b}[2J \u{9b}31m \u{202e} ##vso[task] ##[error]x\n::error::y 3\n";
        for format in Format::ALL {
            let text = rendered(format, wire, "3\n", |mut d| {
                d.message = "bad\n::error::z \u{9b}2J ##[warning]".to_owned();
                d.path = "commands/chg.md".to_owned();
                d.help = vec!["x\n##vso[y]".to_owned()];
                d.with_label(Span::new(0, 12), "\u{1b}]0;t\u{7}\n::add-mask::q")
            });
            let harmful = ['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}'];
            assert!(!text.contains(harmful), "{}: {text}", format.name());
            assert!(!text.contains("##vso[") && !text.contains("##["), "{}: {text}", format.name());
            let ours = |line: &str| format == Format::Github && line.starts_with("::error file=");
            let command = text.lines().find(|l| l.trim_start().starts_with("::") && !ours(l));
            assert_eq!(command, None, "{}", format.name());
        }
    }
}
