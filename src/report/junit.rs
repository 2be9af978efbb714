//! `JUnit` as XML: a suite a page, a test case an example, those that are right included.
//!
//! An error in an example fails its case; warnings and notes stand in the case's output. A finding outside the code block
//! belongs to the example of its headings; what belongs to no example (a broken link) makes a case `page` of its own.
//! There is no time and no date in it, so equal books give equal bytes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use quick_xml::escape::escape;

use super::{Diagnostic, ExampleOutcome, Files, Report, Severity};
use crate::text::neutralise;

/// A test case: an example, or what is wrong beside the examples of a page.
struct Case<'a> {
    name: String,
    example: Option<&'a ExampleOutcome>,
    findings: Vec<&'a Diagnostic>,
}

impl Case<'_> {
    fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        let is_error = |found: &&Diagnostic| found.rule.severity == Severity::Error;
        self.findings.iter().copied().filter(is_error)
    }

    fn fails(&self) -> bool {
        self.errors().next().is_some()
    }

    fn skipped(&self) -> Option<&str> {
        self.example.and_then(|example| example.skipped.as_deref()).filter(|_| !self.fails())
    }
}

/// The report as one document. `examples` are all that were looked at, by page and place.
pub(super) fn render(report: &Report, examples: &[ExampleOutcome], files: Files<'_>) -> String {
    let suites = suites(report, examples);
    let cases: Vec<&Case<'_>> = suites.values().flatten().collect();
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    // Writing to a string cannot fail.
    let _ = writeln!(out, "<testsuites name=\"wirebook\"{}>", counts(&cases));
    for (path, cases) in &suites {
        let path = attribute(&files.find(path).path);
        let counts = counts(&cases.iter().collect::<Vec<_>>());
        let _ = writeln!(out, "  <testsuite name=\"{path}\"{counts}>");
        for case in cases {
            write_case(case, &path, files, &mut out);
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

/// The cases by page.
fn suites<'a>(
    report: &'a Report,
    examples: &'a [ExampleOutcome],
) -> BTreeMap<&'a str, Vec<Case<'a>>> {
    let mut suites: BTreeMap<&str, Vec<Case<'_>>> = BTreeMap::new();
    for example in examples {
        let cases = suites.entry(&example.path).or_default();
        let of_name =
            |case: &&Case<'_>| case.example.is_some_and(|other| other.headings == example.headings);
        let name = match cases.iter().filter(of_name).count() {
            0 => example.headings.clone(),
            before => format!("{} #{}", example.headings, before + 1),
        };
        cases.push(Case { name, example: Some(example), findings: Vec::new() });
    }
    let mut others: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for found in report.diagnostics() {
        let cases = suites.get_mut(found.path.as_str());
        match cases.and_then(|cases| owner(cases, found)) {
            Some(case) => case.findings.push(found),
            None => others.entry(&found.path).or_default().push(found),
        }
    }
    for (path, findings) in others {
        let case = Case { name: "page".to_owned(), example: None, findings };
        suites.entry(path).or_default().push(case);
    }
    suites
}

/// The case a finding belongs to: the example around it, or the first under its headings.
fn owner<'c, 'a>(cases: &'c mut [Case<'a>], found: &Diagnostic) -> Option<&'c mut Case<'a>> {
    let around = |case: &Case<'_>| {
        case.example.is_some_and(|example| example.span.contains(found.span.start))
    };
    let headed = |case: &Case<'_>| {
        case.example.is_some_and(|example| found.example.as_ref() == Some(&example.headings))
    };
    let at = cases.iter().position(around).or_else(|| cases.iter().position(headed))?;
    cases.get_mut(at)
}

fn counts(cases: &[&Case<'_>]) -> String {
    let failures = cases.iter().filter(|case| case.fails()).count();
    let skipped = cases.iter().filter(|case| case.skipped().is_some()).count();
    let tests = cases.len();
    format!(" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\"")
}

/// `path` is an attribute already.
fn write_case(case: &Case<'_>, path: &str, files: Files<'_>, out: &mut String) {
    let name = if case.name.is_empty() { "example" } else { &case.name };
    let name = attribute(name);
    let _ = write!(out, "    <testcase classname=\"{path}\" name=\"{name}\" file=\"{path}\"");
    if let Some(example) = case.example {
        let line = files.find(&example.path).positions(example.span).0.line;
        let _ = write!(out, " line=\"{line}\"");
    }
    if case.findings.is_empty() && case.skipped().is_none() {
        out.push_str("/>\n");
        return;
    }
    out.push_str(">\n");
    if let Some(first) = case.errors().next() {
        let (message, rule) = (attribute(&first.message), first.rule.name);
        let text = told(case.errors(), files);
        let _ =
            writeln!(out, "      <failure message=\"{message}\" type=\"{rule}\">{text}</failure>");
    }
    if let Some(why) = case.skipped() {
        let _ = writeln!(out, "      <skipped message=\"{}\"/>", attribute(why));
    }
    let lighter = case.findings.iter().copied().filter(|d| d.rule.severity < Severity::Error);
    let text = told(lighter, files);
    if !text.is_empty() {
        let _ = writeln!(out, "      <system-out>{text}</system-out>");
    }
    out.push_str("    </testcase>\n");
}

/// The findings as text of an element: one a line, its help below it.
fn told<'a>(findings: impl Iterator<Item = &'a Diagnostic>, files: Files<'_>) -> String {
    let mut lines = Vec::new();
    for found in findings {
        let file = files.find(&found.path);
        let at = file.positions(found.span).0;
        let (path, severity, rule) =
            (file.shown_path(), found.rule.severity.name(), found.rule.name);
        let place = format!("{path}:{}:{}", at.line, at.column);
        lines.push(attribute(&format!("{place}: {severity}[{rule}] {}", found.message)));
        lines.extend(found.help.iter().map(|help| attribute(&format!("  help: {help}"))));
    }
    lines.join("\n")
}

/// Text of one line, as XML allows it: controls are replaced, marks are escaped.
fn attribute(text: &str) -> String {
    // Neither can stand in XML, not even as a reference.
    let text: Cow<'_, str> = neutralise(text);
    escape(text.replace(['\u{FFFE}', '\u{FFFF}'], "\u{FFFD}")).into_owned()
}

#[cfg(test)]
mod tests {
    use quick_xml::events::Event;

    use crate::report::Format;
    use crate::report::format::tests::rendered;

    #[test]
    fn any_text_gives_a_document_that_can_be_read() {
        let text = rendered(Format::Junit, "12\n", "12", |mut d| {
            d.message = "\0\u{1}\u{b}\u{fffe}\u{ffff}\u{85} ]]> <a b='c'> & \" \r\n".to_owned();
            d.with_help("</failure>&#0;")
        });
        let allowed = |c: char| c == '\n' || (c >= ' ' && c != '\u{FFFE}' && c != '\u{FFFF}');
        assert!(text.chars().all(allowed), "{text}");
        let mut reader = quick_xml::Reader::from_str(&text);
        let mut elements = Vec::new();
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) => {
                    elements.push(start.name().0.to_owned());
                    assert!(start.attributes().all(|attribute| attribute.is_ok()));
                }
                Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(elements, ["testsuites", "testsuite", "testcase", "failure"]);
    }
}
