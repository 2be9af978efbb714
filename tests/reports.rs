//! One small report in every format, compared with `tests/reports/fixed.*`; `UPDATE_REPORTS=1 cargo test --test reports` writes
//! those files anew, for a person to read the difference.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::fs;
use std::path::Path;

use serde_json::Value;
use wirebook::report::{Diagnostic, ExampleOutcome, Files, Format, Report, Style, render, rules};
use wirebook::text::{Edit, Fix, FixLevel, Sources, Span};

const PAGE: &str = "# CHG\n\n## Old\n\nC: CHG 1 <NLN>\n\n## New\n\nC: MSG 1 A 13\nBj%C3%B6rn: Grüße,\n\
    100 % süß\n\nü [x](y)\n";

fn span(needle: &str) -> Span {
    let start = PAGE.find(needle).unwrap();
    Span::new(start, start + needle.len())
}

/// Errors with a fix of either level, a warning over several lines, a note.
fn report() -> Report {
    let new = |rule, needle: &str, message: &str| {
        Diagnostic::new(rule, "commands/chg.md", span(needle), message)
    };
    let edits = vec![Edit { span: span("13"), text: "12".to_owned() }];
    let mut length = new(&rules::PAYLOAD_LENGTH, "13", "`MSG` announces 13 & not \u{1b}[2J%20")
        .with_here("`süß` is five bytes")
        .with_label(span("MSG"), "this command")
        .with_label(span("Bj%C3%B6rn: Grüße,\n100 % süß"), "its payload,\nof 2 lines")
        .with_help("write `12`")
        .with_help("or say 100 % of it")
        .with_fix(Fix { level: FixLevel::Safe, edits });
    length.example = Some("CHG > New".to_owned());
    length.versions = vec!["MSNP2".to_owned(), "MSNP3".to_owned()];
    let lines = new(&rules::UNEXPECTED_ERROR, "Old\n\nC: CHG", "two lines, Zeile für Zeile");
    let variant = new(&rules::VARIANT, "<NLN>", "`<NLN>` is what a client sends");
    let edits = vec![Edit { span: span("y)"), text: "ü%20y)".to_owned() }];
    let link = new(&rules::BROKEN_LINK, "y)", "there is no file `y`")
        .with_fix(Fix { level: FixLevel::Unsafe, edits });
    Report::new(vec![length, lines, variant, link])
}

fn examples() -> [ExampleOutcome; 4] {
    let example = |path: &str, span, headings: &str, skipped: Option<&str>| ExampleOutcome {
        path: path.to_owned(),
        span,
        headings: headings.to_owned(),
        skipped: skipped.map(str::to_owned),
    };
    [
        example("commands/chg.md", span("C: CHG 1 <NLN>"), "CHG > Old", None),
        example("commands/chg.md", span("C: MSG 1 A 13"), "CHG > New", None),
        example("ok.md", Span::new(0, 1), "OK", None),
        example("ok.md", Span::new(2, 3), "OK", Some("a draft")),
    ]
}

fn rendered(format: Format) -> String {
    let sources = Sources::from_pages([("commands/chg.md", PAGE), ("ok.md", "# OK\n")]);
    let files =
        Files { source_folder: "wiki", theme_folder: "theme", sources: &sources, settings: None };
    let text = render(format, &report(), &examples(), files, Style::Plain);
    if format == Format::Sarif { without_the_rules_pages(&text) } else { text }
}

/// The version and the rules' pages change with the program, and are not what this is about.
fn without_the_rules_pages(sarif: &str) -> String {
    let mut value: Value = serde_json::from_str(sarif).unwrap();
    let driver = value.pointer_mut("/runs/0/tool/driver").unwrap();
    let version = driver.as_object_mut().unwrap().remove("semanticVersion").unwrap();
    assert_eq!(version, env!("CARGO_PKG_VERSION"));
    for rule in driver["rules"].as_array_mut().unwrap() {
        let help = rule.as_object_mut().unwrap().remove("help").unwrap();
        assert!(help["markdown"].as_str().unwrap().starts_with("# "));
    }
    serde_json::to_string_pretty(&value).unwrap() + "\n"
}

#[test]
fn the_fixed_report_is_the_same_in_every_format() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reports");
    let update = std::env::var_os("UPDATE_REPORTS").is_some();
    let mut different = Vec::new();
    for format in Format::ALL {
        let ending = match format {
            Format::Full => "full.txt",
            Format::Concise => "concise.txt",
            Format::Github => "github.txt",
            Format::Json => "json",
            Format::Junit => "junit.xml",
            Format::Sarif => "sarif.json",
            Format::Gitlab => "gitlab.json",
        };
        let (path, text) = (folder.join(format!("fixed.{ending}")), rendered(format));
        if update {
            fs::write(&path, text).unwrap();
        } else if fs::read_to_string(&path).unwrap_or_default() != text {
            different.push(format!("{} is now\n{text}", path.display()));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}
