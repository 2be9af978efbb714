//! SARIF 2.1.0, for code scanning and editors.
//!
//! Paths are URIs relative to the book's root. The rules are those with findings, each with its page as help. Regions count
//! lines and characters; a fix that a person has to judge is left to the message, for tools apply what they are given.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{Diagnostic, File, Files, Report, Rule, Severity, fingerprints};
use crate::text::{Fix, FixLevel, Span, neutralise};

/// What a path of a URI has to escape: all but unreserved characters and `/`.
const ESCAPED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// Where relative URIs begin.
const ROOT: &str = "%SRCROOT%";

/// The report as a log with one run.
pub(super) fn render(report: &Report, files: Files<'_>) -> String {
    let found = report.diagnostics();
    let rules: BTreeMap<&str, &Rule> = found.iter().map(|d| (d.rule.name, d.rule)).collect();
    let index: BTreeMap<&str, usize> =
        rules.keys().enumerate().map(|(index, name)| (*name, index)).collect();
    let named = found.iter().zip(fingerprints(report, files));
    let results = named.map(|(diagnostic, fingerprint)| {
        let mut result = result(diagnostic, &files.find(&diagnostic.path));
        if let Some(fields) = result.as_object_mut() {
            fields.insert("ruleIndex".to_owned(), json!(index.get(diagnostic.rule.name)));
            let prints = json!({ "wirebook/v1": fingerprint });
            fields.insert("partialFingerprints".to_owned(), prints);
        }
        result
    });
    super::json::pretty(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "wirebook",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.values().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            "originalUriBaseIds": {
                ROOT: { "description": { "text": "the root of the book" } },
            },
            "columnKind": "unicodeCodePoints",
            "results": results.collect::<Vec<_>>(),
        }],
    }))
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.name,
        "shortDescription": { "text": rule.summary() },
        "help": { "text": rule.page, "markdown": rule.page },
        "defaultConfiguration": { "level": level(rule.severity) },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn result(diagnostic: &Diagnostic, file: &File<'_>) -> Value {
    let clauses = std::iter::once(&diagnostic.message).chain(&diagnostic.help);
    let message: Vec<_> = clauses.map(|clause| neutralise(clause)).collect();
    let mut place = location(diagnostic.span, file);
    if let (Some(example), Some(fields)) = (&diagnostic.example, place.as_object_mut())
        && !example.is_empty()
    {
        let logical = json!([{ "fullyQualifiedName": neutralise(example) }]);
        fields.insert("logicalLocations".to_owned(), logical);
    }
    let related = diagnostic.labels.iter().map(|label| {
        let mut place = location(label.span, file);
        if let Some(fields) = place.as_object_mut() {
            fields.insert("message".to_owned(), json!({ "text": neutralise(&label.text) }));
        }
        place
    });
    let safe = diagnostic.fix.iter().filter(|fix| fix.level != FixLevel::Displayed);
    json!({
        "ruleId": diagnostic.rule.name,
        "level": level(diagnostic.rule.severity),
        "message": { "text": message.join("\n") },
        "locations": [place],
        "relatedLocations": related.collect::<Vec<_>>(),
        "fixes": safe.map(|fix| change(fix, file)).collect::<Vec<_>>(),
    })
}

fn location(span: Span, file: &File<'_>) -> Value {
    let physical = json!({ "artifactLocation": artifact(file), "region": region(span, file) });
    json!({ "physicalLocation": physical })
}

fn artifact(file: &File<'_>) -> Value {
    let uri = utf8_percent_encode(&file.path, ESCAPED).to_string();
    json!({ "uri": uri, "uriBaseId": ROOT })
}

fn region(span: Span, file: &File<'_>) -> Value {
    let (start, end) = file.positions(span);
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

fn change(fix: &Fix, file: &File<'_>) -> Value {
    let replacements = fix.edits.iter().map(|edit| {
        let inserted = json!({ "text": edit.text });
        json!({ "deletedRegion": region(edit.span, file), "insertedContent": inserted })
    });
    let text = match fix.level {
        FixLevel::Safe => "this change mends it",
        FixLevel::Unsafe | FixLevel::Displayed => "this change probably mends it",
    };
    json!({
        "description": { "text": text },
        "artifactChanges": [{
            "artifactLocation": artifact(file),
            "replacements": replacements.collect::<Vec<_>>(),
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Format;
    use crate::report::format::tests::rendered;
    use crate::text::Edit;

    const SCHEMA: &str = include_str!("../../tests/reports/sarif-2.1.0.schema.json");

    fn hold_against_schema(text: &str) {
        // The pattern of languages, which no report of ours names, has a stray bracket that strict readers refuse.
        let schema = SCHEMA.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
        let schema = serde_json::from_str(&schema).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let value = serde_json::from_str(text).unwrap();
        let wrong: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn paths_are_relative_uris_and_insertions_have_places() {
        let text = rendered(Format::Sarif, "12\n", "12", |mut d| {
            d.path = "ä b:c%.md".to_owned();
            let edits = vec![Edit { span: Span::new(0, 0), text: "x\u{9b}\n".to_owned() }];
            d.with_fix(Fix { level: FixLevel::Unsafe, edits })
        });
        hold_against_schema(&text);
        let value: Value = serde_json::from_str(&text).unwrap();
        let result = &value["runs"][0]["results"][0];
        let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert_eq!(uri, "wiki/%C3%A4%20b%3Ac%25.md");
        let change = &result["fixes"][0]["artifactChanges"][0]["replacements"][0];
        assert_eq!(change["insertedContent"]["text"], "x\u{9b}\n");
        assert_eq!(change["deletedRegion"]["endColumn"], 1);
    }

    #[test]
    fn a_fix_that_needs_a_person_is_not_given_to_a_tool() {
        let text = rendered(Format::Sarif, "12\n", "12", |d| {
            d.with_fix(Fix { level: FixLevel::Displayed, edits: Vec::new() })
        });
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["runs"][0]["results"][0]["fixes"], json!([]));
    }
}
