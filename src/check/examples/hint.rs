//! Sentences that state versions: "Since MSNP9.", "Only in MSNP2 to MSNP7.", "Applies for MSNP10."
//!
//! Only emphasised paragraphs and headings made of nothing but versions count: prose that mentions a version states
//! nothing about an example.

use crate::grammar::{Version, VersionSet};
use crate::msnp::Claim;

/// What a hint paragraph states, if anything. Its first sentence that states versions counts. No version is stated where
/// only ones are named that the grammar cannot describe.
pub(super) fn parse(text: &str) -> Option<Claim> {
    text.split_inclusive(". ").flat_map(|part| part.split('\n')).find_map(sentence)
}

/// What a heading states: it must consist of versions and the words that join them.
pub(super) fn parse_heading(text: &str) -> Option<Claim> {
    let joins = [
        "to", "and", "or", "in", "only", "since", "from", "until", "later", "higher", "up", "-",
        "–",
    ];
    let only_versions = text.split_whitespace().all(|word| {
        let word = word.trim_matches([',', '.', '(', ')', ':']).to_ascii_lowercase();
        word.is_empty()
            || joins.contains(&word.as_str())
            || !mentions(&word).is_empty() && Version::parse(&word).is_some()
    });
    if !only_versions {
        return None;
    }
    claim(text)
}

/// The versions that a heading or a cell of a table names, such as "Text (MSNP14 and MSNP15)"; `None` where it names none.
/// With `only`, it must consist of them.
pub fn versions_named(text: &str, only: bool) -> Option<VersionSet> {
    if only {
        return parse_heading(text).map(|claim| claim.versions).filter(|set| !set.is_empty());
    }
    let first = text.to_ascii_lowercase().find("msnp")?;
    let before = text.get(..first).unwrap_or_default();
    // "A name (from MSNP3 on)" states what its last words before the version say.
    let words = ["from ", "since ", "up to ", "until ", "before "];
    let lead = words.iter().find(|word| before.to_ascii_lowercase().ends_with(*word));
    let begin = first - lead.map_or(0, |word| word.len());
    let text = text.get(begin..).unwrap_or_default().trim_end_matches(')');
    claim(text).map(|claim| claim.versions).filter(|set| !set.is_empty())
}

fn sentence(text: &str) -> Option<Claim> {
    let text = text.trim().trim_start_matches(['*', '_', '(']);
    let first = text.split([' ', '[']).next().unwrap_or_default().to_ascii_lowercase();
    let folded = text.to_ascii_lowercase();
    let states = match first.as_str() {
        "since" | "only" | "applies" | "until" | "before" | "from" | "up" => true,
        "this" | "these" => [
            "only works",
            "only supported",
            "only used",
            "only in",
            "works in",
            "works since",
            "applies",
        ]
        .iter()
        .any(|words| folded.contains(words)),
        _ => false,
    };
    states.then(|| claim(text)).flatten()
}

/// The versions a sentence is about.
fn claim(text: &str) -> Option<Claim> {
    let text = main_clause(text);
    let mut found = mentions(text);
    if found.is_empty() && text.split_whitespace().any(is_unknown_version) {
        return Some(Claim { versions: VersionSet::EMPTY, anchor: None, strict: false });
    }
    // "The CVR0 implementation of MSNP2" is about clients of MSNP2.
    if found.iter().any(|mention| mention.version != Version::CVR0) {
        found.retain(|mention| mention.version != Version::CVR0);
    }
    let (first, last) = (found.first()?, found.last()?);
    let folded = text.to_ascii_lowercase();
    let before = folded.get(..first.start).unwrap_or_default().trim_start();
    let after = folded.get(last.end..).unwrap_or_default();
    let between = folded.get(first.end..last.start.max(first.end)).unwrap_or_default();
    let closed = |versions| Some(Claim { versions, anchor: None, strict: false });
    let anchored = |versions, anchor| Some(Claim { versions, anchor: Some(anchor), strict: false });
    if found.len() == 2
        && [" to ", "-", "–", "through", "until"].iter().any(|w| between.contains(w))
    {
        return closed(VersionSet::range(first.version, last.version));
    }
    if found.len() > 1 {
        return closed(found.iter().map(|mention| mention.version).collect());
    }
    let version = first.version;
    let rises = ["higher", "later", "above", "onward", "newer", "and up"];
    if before.starts_with("since")
        || before.starts_with("from")
        || rises.iter().any(|word| after.split('.').next().unwrap_or_default().contains(word))
    {
        let versions = VersionSet::range(version.max(Version::FIRST), Version::LAST);
        return anchored(versions, version);
    }
    if before.starts_with("until") || before.starts_with("up to") {
        return anchored(VersionSet::range(Version::FIRST, version), version);
    }
    let near = before
        .trim_end_matches([' ', '`', '[', '*'])
        .rsplit([' ', '\n'])
        .next()
        .unwrap_or_default();
    if matches!(near, "without" | "not" | "except" | "of") {
        return None;
    }
    let older = ["before", "below", "than"].contains(&near) || before.ends_with("prior to ");
    if before.starts_with("before") || older {
        let last = version.previous()?;
        return anchored(VersionSet::range(Version::FIRST, last), last);
    }
    closed(VersionSet::only(version))
}

/// A sentence up to where it turns to something else: "Since MSNP7 (unlike MSNP6)", "Only in MSNP2, use ADC in MSNP10".
fn main_clause(text: &str) -> &str {
    let folded = text.to_ascii_lowercase();
    let turns = [" (", " but ", " unlike ", " except ", " use ", " and removed", ";"];
    let turn = turns.iter().filter_map(|turn| folded.find(turn)).min();
    // A comma parts the versions of a list, or ends the clause.
    let comma = folded.match_indices(", ").find_map(|(at, comma)| {
        let rest = folded.get(at + comma.len()..).unwrap_or_default();
        let rest = rest.trim_start_matches("and ").trim_start_matches("or ");
        let goes_on = rest.trim_start_matches(['`', '[', '*']).starts_with("msnp");
        (!goes_on).then_some(at)
    });
    // What stands before the first version belongs to it.
    let first = folded.find("msnp").or_else(|| folded.find("cvr0")).unwrap_or(0);
    let end = [turn, comma].into_iter().flatten().filter(|at| *at > first).min();
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// True for the name of a version that the grammar cannot describe, such as `MSNP24`.
pub(super) fn is_unknown_version(word: &str) -> bool {
    let name = word.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_ascii_uppercase();
    let number = name.strip_prefix("MSNP").filter(|number| !number.is_empty());
    number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
        && Version::parse(&name).is_none()
}

struct Mention {
    version: Version,
    start: usize,
    end: usize,
}

/// Every `MSNP9` and `CVR0` in a text; numbers that are no known version are passed over.
fn mentions(text: &str) -> Vec<Mention> {
    let folded = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for name in ["msnp", "cvr0"] {
        for (start, _) in folded.match_indices(name) {
            let rest = folded.get(start + name.len()..).unwrap_or_default();
            let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let end = start + name.len() + if name == "msnp" { digits } else { 0 };
            let version = folded.get(start..end).and_then(Version::parse);
            found.extend(version.map(|version| Mention { version, start, end }));
        }
    }
    found.sort_by_key(|mention| mention.start);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_and_cells_name_versions() {
        let named = |text, only| versions_named(text, only).map(|set| set.to_string());
        for (text, versions) in [
            ("A name (MSNP10 to MSNP12)", "MSNP10 to MSNP12"),
            ("The inbox (from MSNP3 on)", "MSNP3 and later"),
            ("Moved, MSNP13 and MSNP14", "MSNP13 and MSNP14"),
            ("To a server, MSNP15 and later", "MSNP15 and later"),
            ("To a switchboard, up to MSNP12", "MSNP2 to MSNP12"),
        ] {
            assert_eq!(named(text, false).as_deref(), Some(versions), "{text}");
            assert_eq!(named(text, true), None, "{text}");
        }
        assert_eq!(named("Success", false), None);
        assert_eq!(named("MSNP8 to MSNP14", true).as_deref(), Some("MSNP8 to MSNP14"));
    }

    fn shown(text: &str) -> String {
        parse(text).map_or("nothing".to_owned(), |claim| {
            format!("{}{}", claim.versions, if claim.anchor.is_some() { " (open)" } else { "" })
        })
    }

    #[test]
    fn the_sentences_people_write_are_understood() {
        for (text, versions) in [
            ("Since MSNP9.", "MSNP9 and later (open)"),
            ("Since MSNP9", "MSNP9 and later (open)"),
            ("Only in MSNP2 to MSNP7.", "MSNP2 to MSNP7"),
            ("Only in MSNP5 and MSNP6.", "MSNP5 and MSNP6"),
            ("Only in MSNP12", "MSNP12"),
            ("Applies for MSNP8 and MSNP9", "MSNP8 and MSNP9"),
            ("Only in MSNP10 and MSNP11 with ABCHMigrated: 1.", "MSNP10 and MSNP11"),
            ("This only works in MSNP11 and higher.", "MSNP11 and later (open)"),
            ("This configuration is only supported in MSNP2.", "MSNP2"),
            ("Only used in the CVR0 implementation of MSNP2 to MSNP7.", "MSNP2 to MSNP7"),
            ("Since CVR0 in MSNP8.", "MSNP8 and later (open)"),
            ("Only inMSNP2 to MSNP7, example using Client Version 1.0.", "MSNP2 to MSNP7"),
            ("Until MSNP7.", "MSNP2 to MSNP7 (open)"),
            ("Up to MSNP10.", "MSNP2 to MSNP10 (open)"),
            ("Before MSNP8.", "MSNP2 to MSNP7 (open)"),
            ("Only in MSNP24.", "no version"),
            ("Only in MSNP2, MSNP3 and MSNP5.", "MSNP2 and MSNP3, MSNP5"),
            ("Since MSNP7 (unlike MSNP6).", "MSNP7 and later (open)"),
            ("Since MSNP7, removed in MSNP13.", "MSNP7 and later (open)"),
            ("Only in MSNP2 to MSNP9, use ADC in MSNP10 instead.", "MSNP2 to MSNP9"),
            ("Only in MSNP10 (not in MSNP11).", "MSNP10"),
            ("Only before MSNP8.", "MSNP2 to MSNP7 (open)"),
            ("Only for clients older than MSNP8.", "MSNP2 to MSNP7 (open)"),
            ("Only works without the changes of MSNP8.", "nothing"),
            ("Since MSNP9. NOTE: this has been line-broken.", "MSNP9 and later (open)"),
            ("NOTE: This was added since MSNP9.", "nothing"),
            ("Only with ABCHMigrated: 0.", "nothing"),
            ("Inherited from being an unimplemented command.", "nothing"),
            ("This only happens if the only group is ~", "nothing"),
        ] {
            assert_eq!(shown(text), versions, "{text}");
        }
    }

    #[test]
    fn only_headings_of_versions_state_something() {
        assert_eq!(
            parse_heading("MSNP8 to MSNP10").unwrap().versions.to_string(),
            "MSNP8 to MSNP10"
        );
        assert_eq!(parse_heading("Login since MSNP8"), None);
        assert_eq!(parse_heading("Examples"), None);
    }
}
