//! Changes of pages as a unified diff that `git apply` and `patch -p1` read.

use std::fmt::Write as _;

use similar::{ChangeTag, TextDiff};

use super::Change;
use crate::report::Files;

/// The changes as a unified diff. `files` tells the pages' paths from the book's root.
pub fn unified(changes: &[Change], files: Files<'_>) -> String {
    let mut out = String::new();
    for change in changes {
        let path = files.find(&change.before.path).path;
        let (old, new) = (quoted("a", &path), quoted("b", &path));
        // A name with a blank ends at a tab.
        let tab = if path.contains(' ') { "\t" } else { "" };
        // Writing to a string cannot fail.
        let _ = writeln!(out, "diff --git {old} {new}\n--- {old}{tab}\n+++ {new}{tab}");
        let (before, after) = (lines(&change.before.text), lines(&change.after.text));
        let diff = compared(&before, &after);
        for hunk in diff.unified_diff().iter_hunks() {
            let _ = writeln!(out, "{}", hunk.header());
            for change in hunk.iter_changes() {
                let _ = write!(out, "{}{}", change.tag(), change.value());
                // Asked of the text, for the library takes a carriage return for the end of a line.
                if !change.value().ends_with('\n') {
                    out.push_str("\n\\ No newline at end of file\n");
                }
            }
        }
    }
    out
}

/// How many lines are added and how many removed.
pub(super) fn count(changes: &[Change]) -> (usize, usize) {
    let mut count = (0, 0);
    for change in changes {
        let (before, after) = (lines(&change.before.text), lines(&change.after.text));
        for change in compared(&before, &after).iter_all_changes() {
            count.0 += usize::from(change.tag() == ChangeTag::Insert);
            count.1 += usize::from(change.tag() == ChangeTag::Delete);
        }
    }
    count
}

/// Lines with their ends. A lone carriage return ends none, for Git does not think so either.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn compared<'a>(before: &'a [&'a str], after: &'a [&'a str]) -> TextDiff<'a, 'a, str> {
    TextDiff::configure().newline_terminated(true).diff_slices(before, after)
}

/// The path as Git writes it: in quotes where it holds a quote, a backslash or a control character.
fn quoted(side: &str, path: &str) -> String {
    let plain = !path.chars().any(|c| c.is_control() || matches!(c, '"' | '\\'));
    if plain {
        return format!("{side}/{path}");
    }
    let mut out = format!("\"{side}/");
    for character in path.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            c if c.is_control() => {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    let _ = write!(out, "\\{byte:03o}");
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::text::{Source, Sources};

    fn diff(path: &str, before: &str, after: &str) -> String {
        let source = |text| Arc::new(Source::new(path, text));
        let change = Change { before: source(before), after: source(after) };
        let sources = Sources::from_pages([(path, before)]);
        let files = Files {
            source_folder: "wiki",
            theme_folder: "theme",
            sources: &sources,
            settings: None,
        };
        unified(&[change], files)
    }

    #[test]
    fn paths_are_those_from_the_root_and_line_ends_are_kept() {
        assert_eq!(
            diff("a.md", "x\r\ny", "x\r\nz"),
            "diff --git a/wiki/a.md b/wiki/a.md\n--- a/wiki/a.md\n+++ b/wiki/a.md\n\
             @@ -1,2 +1,2 @@\n x\r\n-y\n\\ No newline at end of file\n+z\n\\ No newline at end of file\n"
        );
        assert_eq!(
            diff("a.md", "x\ny\r", "z\ny\r").split_once("@@\n").map(|(_, hunk)| hunk),
            Some("-x\n+z\n y\r\n\\ No newline at end of file\n")
        );
    }

    #[test]
    fn odd_names_are_written_as_git_does() {
        let head = |path| diff(path, "x\n", "y\n").lines().nth(1).unwrap_or_default().to_owned();
        assert_eq!(head("a b.md"), "--- a/wiki/a b.md\t");
        assert_eq!(head("a\"\n.md"), "--- \"a/wiki/a\\\"\\012.md\"");
    }
}
