//! Values of examples against the wiki's constants.
//!
//! A wiki that keeps a page of constants uses the same people, groups and servers in every example. An account, GUID or
//! address that stands on no such page is worth a note: mostly it is a slip.

use std::collections::BTreeSet;

use super::examples::Found;
use crate::book::{Book, Entry};
use crate::report::{Diagnostic, rules};
use crate::text::closest;

/// Names that pages of constants have, without folder and ending.
const PAGES: [&str; 2] = ["constants", "reference_constants"];

/// Kinds of value that tell who or what somebody is.
const KINDS: [&str; 7] =
    ["account", "address", "braced-guid", "contact-id", "endpoint", "guid", "telephone"];

/// What the page of constants says.
#[derive(Debug)]
pub(super) struct Constants<'a> {
    title: &'a str,
    /// In small letters.
    text: String,
}

impl<'a> Constants<'a> {
    /// Those of a book; `None` where it keeps none.
    pub(super) fn of(book: &'a Book) -> Option<Self> {
        let page = page(book)?;
        Some(Self { title: &page.title, text: page.source.text.to_lowercase() })
    }

    /// Notes for values in the examples of a page that are not among the constants, one a value.
    pub(super) fn check(&self, entry: &Entry, found: &Found) -> Vec<Diagnostic> {
        let mut seen = BTreeSet::new();
        let mut diagnostics = Vec::new();
        let lines = found.examples.values().flat_map(|example| &example.lines);
        let tokens = lines.flat_map(|line| &line.tokens);
        for token in tokens.filter(|token| KINDS.contains(&token.kind.as_str())) {
            let value = bare(entry.source.slice(token.span)).to_lowercase();
            let listed = value.split(';').all(|part| self.text.contains(part));
            if listed || !seen.insert(value.clone()) {
                continue;
            }
            let message = format!("`{value}` is not among the constants of this wiki");
            let known = self.text.split(|c: char| c.is_whitespace() || c == '`');
            // In order, so that of two that are as near the same one is always meant.
            let near = closest(&value, known.collect::<BTreeSet<_>>());
            let help = near.map_or_else(
                || format!("use a value of \"{}\", or add this one there", self.title),
                |near| format!("did you mean `{near}`?"),
            );
            let path = &entry.page.path;
            let finding = Diagnostic::new(&rules::UNLISTED_CONSTANT, path, token.span, message);
            diagnostics.push(finding.with_help(help));
        }
        diagnostics
    }
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
