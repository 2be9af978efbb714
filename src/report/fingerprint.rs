//! What a finding is called across changes of its file.
//!
//! A fingerprint is the SHA-256 of the rule, the path, the headings above the example and the text of the lines, with runs
//! of blanks as one. It holds no line number, so text above a finding may come and go. Findings that are alike in all of
//! this are numbered in order.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::{Diagnostic, Files, Report};

/// The fingerprints of all findings, in their order: 64 hexadecimal digits each, no two the same.
pub fn fingerprints(report: &Report, files: Files<'_>) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let named = report.diagnostics().iter().map(|diagnostic| {
        let what = identity(diagnostic, files);
        let count = seen.entry(what.clone()).or_default();
        *count += 1;
        hash(&format!("{what}\0{count}"))
    });
    named.collect()
}

/// Parts are ended by NUL, so that none can run into the next.
fn identity(diagnostic: &Diagnostic, files: Files<'_>) -> String {
    let file = files.find(&diagnostic.path);
    let lines = file.lines(diagnostic.span).of(file.text());
    let text = lines.split_whitespace().collect::<Vec<_>>().join(" ");
    let headings = diagnostic.example.as_deref().unwrap_or_default();
    format!("{}\0{}\0{headings}\0{text}", diagnostic.rule.name, file.path)
}

fn hash(text: &str) -> String {
    let mut out = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::rules;
    use crate::text::{Sources, Span};

    fn prints(text: &str, needle: &str, path: &str) -> Vec<String> {
        let sources = Sources::from_pages([(path, text)]);
        let found = text.match_indices(needle).map(|(at, _)| {
            let span = Span::new(at, at + needle.len());
            let found = Diagnostic::new(&rules::PAYLOAD_LENGTH, path, span, "m");
            Diagnostic { example: Some("A > B".to_owned()), ..found }
        });
        fingerprints(&Report::new(found.collect()), Files::of_wiki(&sources))
    }

    #[test]
    fn text_around_a_finding_and_blanks_in_it_do_not_matter() {
        let plain = prints("C: MSG 1 A 12\n", "12", "a.md");
        assert_eq!(prints("more\n\nC: MSG  1 A\t12\r\nmore", "12", "a.md"), plain);
        assert_ne!(prints("C: MSG 2 A 12\n", "12", "a.md"), plain);
        assert_ne!(prints("C: MSG 1 A 12\n", "12", "b.md"), plain);
        assert!(plain[0].len() == 64 && plain[0].bytes().all(|byte| byte.is_ascii_hexdigit()));
    }

    #[test]
    fn findings_that_are_alike_are_numbered() {
        let twice = prints("C: MSG 1 A 12\nC: MSG 1 A 12\n", "12", "a.md");
        assert_ne!(twice[0], twice[1]);
        assert_eq!(twice[..1], prints("C: MSG 1 A 12\n", "12", "a.md"));
    }
}
