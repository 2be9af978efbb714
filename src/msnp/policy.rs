//! Checksums of the policies that a server pushes (`GCF` since MSNP13): the MD5 of what stands inside a `Policy`, byte by byte,
//! in capital hexadecimal digits.
//!
//! Source: yellows111's MSNP wiki, whose two examples come out as computed here, one on one line and one of several.

use md5::{Digest as _, Md5};

use super::problem::Problem;
use crate::report::rules;
use crate::text::{FixLevel, Span};

/// Problems of the policies in a document. `written` is the document as the author wrote it, at `span`.
pub(super) fn hold(document: &str, written: &str, span: Span) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (at, open) in document.match_indices("<Policy ") {
        let rest = document.get(at + open.len()..).unwrap_or_default();
        let Some((attributes, rest)) = rest.split_once('>') else { continue };
        let Some((inside, _)) = rest.split_once("</Policy>") else { continue };
        let given = attributes.split_once("checksum=\"").and_then(|(_, rest)| rest.split_once('"'));
        let Some((given, _)) = given.filter(|_| !attributes.ends_with('/')) else { continue };
        let right = checksum(inside);
        if given != right {
            problems.push(problem(given, right, written, span));
        }
    }
    problems
}

fn problem(given: &str, right: String, written: &str, span: Span) -> Problem {
    let text = format!("what stands inside this policy has the checksum `{right}`");
    let quoted = format!("\"{given}\"");
    let place = written.find(&quoted).filter(|at| written.rfind(&quoted) == Some(*at));
    // Where bytes were replaced in reading, offsets lead nowhere.
    let place = place.filter(|_| written.len() == span.len() && !given.is_empty());
    let help = "it is the MD5 of the bytes between `<Policy ...>` and `</Policy>`, in capitals";
    let Some(at) = place else {
        return Problem::new(&rules::POLICY_CHECKSUM, span, text).help(help);
    };
    let start = span.start as usize + at + 1;
    let place = Span::new(start, start + given.len());
    Problem::new(&rules::POLICY_CHECKSUM, place, text).here("is another checksum").help(help).fix(
        FixLevel::Safe,
        place,
        right,
    )
}

fn checksum(inside: &str) -> String {
    use std::fmt::Write as _;
    let digest: [u8; 16] = Md5::digest(inside.as_bytes()).into();
    digest.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02X}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shown on the page of `GCF` in yellows111's MSNP wiki.
    #[test]
    fn a_published_checksum_verifies() {
        let right = r#"<Policies><Policy type="SHIELDS" checksum="94A347C122C483F8BEAD525832DB2F71"><config><shield><cli maj="7" min="0" minbld="0" maxbld="9999" deny=" " /></shield><block></block></config></Policy></Policies>"#;
        let span = Span::new(0, right.len());
        assert!(hold(right, right, span).is_empty());
        let wrong = right.replace("maj=\"7\"", "maj=\"8\"");
        let problems = hold(&wrong, &wrong, span);
        assert_eq!(problems[0].span.of(&wrong), "94A347C122C483F8BEAD525832DB2F71");
        assert!(hold("<Policy checksum=\"\"/>", "", Span::new(0, 0)).is_empty());
    }
}
