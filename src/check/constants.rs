//! Values of examples against the wiki's constants.
//!
//! A wiki that keeps a page of constants uses the same people, groups and servers in every example. An account, GUID or
//! address that stands on no such page is worth a note: mostly it is a slip.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Example;
use crate::book::{Book, Entry};
use crate::report::{Diagnostic, rules};
use crate::text::closest;

/// Names that pages of constants have, without folder and ending.
const PAGES: [&str; 2] = ["constants", "reference_constants"];

/// Kinds of value that tell who or what somebody is.
const KINDS: [&str; 7] =
    ["account", "address", "braced-guid", "contact-id", "endpoint", "guid", "telephone"];

/// Notes for values that the page of constants lacks, one a value and page. `examples` are those of the whole book.
pub(super) fn check(
    book: &Book,
    examples: &BTreeMap<(String, usize), Arc<Example>>,
) -> Vec<Diagnostic> {
    let Some(constants) = page(book) else { return Vec::new() };
    let text = constants.source.text.to_lowercase();
    let known: BTreeSet<&str> = text.split(|c: char| c.is_whitespace() || c == '`').collect();
    let mut seen = BTreeSet::new();
    let mut diagnostics = Vec::new();
    for ((path, _), example) in examples {
        let Some(entry) = book.entries.get(path) else { continue };
        let tokens = example.lines.iter().flat_map(|line| &line.tokens);
        for token in tokens.filter(|token| KINDS.contains(&token.kind.as_str())) {
            let value = bare(entry.source.slice(token.span)).to_lowercase();
            let listed = value.split(';').all(|part| text.contains(part));
            if listed || !seen.insert((path, value.clone())) {
                continue;
            }
            let message = format!("`{value}` is not among the constants of this wiki");
            let near = closest(&value, known.iter().copied());
            let help = near.map_or_else(
                || format!("use a value of \"{}\", or add this one there", constants.title),
                |near| format!("did you mean `{near}`?"),
            );
            let finding = Diagnostic::new(&rules::UNLISTED_CONSTANT, path, token.span, message);
            diagnostics.push(finding.with_help(help));
        }
    }
    diagnostics
}

/// The page of constants; `None` where the wiki keeps none.
pub fn page(book: &Book) -> Option<&Entry> {
    let mut pages = book.entries.iter().filter(|(path, _)| is_page_of_constants(path));
    pages.next().map(|(_, entry)| entry)
}

/// A value without the literal that its form glues to it, as in `N=bob@example.com`.
fn bare(value: &str) -> &str {
    value.split_once('=').map_or(value, |(_, value)| value)
}

fn is_page_of_constants(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    PAGES.contains(&stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_constants_are_known_by_name() {
        assert!(is_page_of_constants("reference_constants.md"));
        assert!(is_page_of_constants("a/constants.md"));
        assert!(!is_page_of_constants("a/constants_of_nature.md"));
    }
}
