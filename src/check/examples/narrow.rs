//! Statements of versions that are wider than the grammar, with the text that would be right.

use crate::grammar::{Version, VersionSet};
use crate::text::{Edit, Fix, FixLevel, Source, Span};

/// The fix that narrows the statement at `span` to `versions`; `None` where it is neither an attribute nor one sentence.
/// It is shown only: the example may be wrong instead.
pub(super) fn narrow(source: &Source, span: Span, versions: VersionSet) -> Option<Fix> {
    if versions.is_empty() {
        return None;
    }
    let text = source.slice(span);
    let inner = text.trim_matches(['*', '_']);
    let marks = (text.len() - inner.len()) / 2;
    let new = if VersionSet::parse(text).is_ok() {
        attribute(versions)
    } else if marks > 0 && inner.trim_end_matches('.').matches(". ").count() == 0 {
        let (open, close) = (text.get(..marks)?, text.get(text.len() - marks..)?);
        format!("{open}Only in {versions}.{close}")
    } else {
        return None;
    };
    Some(Fix { level: FixLevel::Displayed, edits: vec![Edit { span, text: new }] })
}

/// The versions as a value of `version=`.
fn attribute(versions: VersionSet) -> String {
    let mut parts: Vec<(Version, Version)> = Vec::new();
    for version in versions.iter() {
        match parts.last_mut() {
            Some((first, last)) if *first != Version::CVR0 && version.previous() == Some(*last) => {
                *last = version;
            }
            _ => parts.push((version, version)),
        }
    }
    let part = |(first, last): &(Version, Version)| match (name(*first), name(*last)) {
        (first, _) if first == name(*last) => first,
        (first, _) if *last == Version::LAST => format!("{first}.."),
        (first, last) => format!("{first}..{last}"),
    };
    parts.iter().map(part).collect::<Vec<_>>().join("|")
}

/// `8`, `cvr0`.
fn name(version: Version) -> String {
    version.to_string().trim_start_matches("MSNP").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_narrowed_in_their_own_words() {
        let narrowed = |text: &str, versions: &str| {
            let span = Span::new(0, text.len());
            let versions = VersionSet::parse(versions).unwrap();
            narrow(&Source::new("a.md", text), span, versions).map(|fix| fix.edits[0].text.clone())
        };
        assert_eq!(narrowed("8..14", "8..9").unwrap(), "8..9");
        assert_eq!(narrowed("2..", "cvr0|2|4..5|9..").unwrap(), "cvr0|2|4..5|9..");
        assert_eq!(narrowed("*Since MSNP8.*", "8..9").unwrap(), "*Only in MSNP8 and MSNP9.*");
        assert_eq!(narrowed("*Since MSNP8. NOTE: more.*", "8..9"), None);
        assert_eq!(narrowed("## MSNP8", "8"), None);
        let none = VersionSet::EMPTY;
        assert!(narrow(&Source::new("a.md", "8"), Span::new(0, 1), none).is_none());
    }
}
