//! One JSON array, for programs.
//!
//! Nothing is replaced, so that edits can be applied: characters that a terminal or a CI log may act on are written as
//! `\u` escapes, which say the same to a reader of JSON.

use std::fmt::Write as _;

use serde::Serialize;

use super::{Diagnostic, Files, Report};
use crate::text::{Fix, neutralise};

/// A finding as JSON. The names of the fields are a promise to the programs that read them.
#[derive(Serialize)]
struct Finding<'a> {
    rule: &'a str,
    severity: &'a str,
    message: &'a str,
    path: String,
    span: Range,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    example: Option<&'a str>,
    versions: &'a [String],
    help: &'a [String],
    fix: Option<Change<'a>>,
}

#[derive(Serialize)]
struct Range {
    start: u32,
    end: u32,
}

#[derive(Serialize)]
struct Change<'a> {
    level: &'a str,
    edits: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
struct Replacement<'a> {
    start: u32,
    end: u32,
    text: &'a str,
}

/// The report as an array, one finding a line, in order; `[]` for none.
pub(super) fn render(report: &Report, files: Files<'_>) -> String {
    let findings = report.diagnostics().iter().map(|diagnostic| finding(diagnostic, files));
    // Strings and numbers always serialise.
    let lines: Vec<String> =
        findings.filter_map(|finding| serde_json::to_string(&finding).ok()).collect();
    if lines.is_empty() {
        return "[]\n".to_owned();
    }
    escaped(&format!("[\n{}\n]\n", lines.join(",\n")))
}

/// Any value as indented JSON, harmless in a terminal and a log, with a line end.
pub fn pretty(value: &impl Serialize) -> String {
    // Strings, numbers and maps by string always serialise.
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    escaped(&format!("{text}\n"))
}

fn finding<'a>(diagnostic: &'a Diagnostic, files: Files<'_>) -> Finding<'a> {
    let file = files.find(&diagnostic.path);
    let (start, end) = file.positions(diagnostic.span);
    Finding {
        rule: diagnostic.rule.name,
        severity: diagnostic.rule.severity.name(),
        message: &diagnostic.message,
        path: file.path,
        span: Range { start: diagnostic.span.start, end: diagnostic.span.end },
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        example: diagnostic.example.as_deref(),
        versions: &diagnostic.versions,
        help: &diagnostic.help,
        fix: diagnostic.fix.as_ref().map(change),
    }
}

fn change(fix: &Fix) -> Change<'_> {
    let replacement = |edit: &'_ crate::text::Edit| (edit.span.start, edit.span.end);
    let edits = fix.edits.iter().map(|edit| {
        let (start, end) = replacement(edit);
        Replacement { start, end, text: &edit.text }
    });
    Change { level: fix.level.name(), edits: edits.collect() }
}

/// The same JSON with every harmful character escaped. Outside strings JSON holds none of them.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut units = [0; 2];
    for character in json.replace("##", "\\u0023\\u0023").chars() {
        let mut bytes = [0; 4];
        let text: &str = character.encode_utf8(&mut bytes);
        if character == '\n' || neutralise(text) == text {
            out.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut units) {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::report::Format;
    use crate::report::format::tests::rendered;
    use crate::text::{Edit, Fix, FixLevel, Span};

    #[test]
    fn the_shape_is_what_programs_were_promised() {
        let edits = vec![Edit { span: Span::new(3, 5), text: "11".to_owned() }];
        let text = rendered(Format::Json, "ü 12\nx\n", "12", |mut d| {
            d.example = Some("CHG > Examples".to_owned());
            d.versions = vec!["MSNP8".to_owned()];
            d.with_help("write `11`").with_fix(Fix { level: FixLevel::Safe, edits })
        });
        assert_eq!(
            text,
            "[\n{\"rule\":\"payload-length\",\"severity\":\"error\",\"message\":\"the length is wrong\",\
             \"path\":\"wiki/commands/chg.md\",\"span\":{\"start\":3,\"end\":5},\"line\":1,\"column\":3,\
             \"end_line\":1,\"end_column\":5,\"example\":\"CHG > Examples\",\"versions\":[\"MSNP8\"],\
             \"help\":[\"write `11`\"],\"fix\":{\"level\":\"safe\",\
             \"edits\":[{\"start\":3,\"end\":5,\"text\":\"11\"}]}}\n]\n"
        );
    }

    #[test]
    fn harmful_characters_arrive_whole() {
        let message = "\u{9b}2J \u{e0041} ##vso[x] \u{1b} é";
        let text = rendered(Format::Json, "12", "12", |mut d| {
            d.message = message.to_owned();
            d
        });
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value[0]["message"], message);
        assert!(text.is_ascii() || text.contains('é'));
        assert!(text.contains("\\u009b") && text.contains("\\udb40\\udc41"), "{text}");
    }
}
