//! Examples of a page: which fences they are, what exchanges they make, and what the engine says of them.
//!
//! 1. The page is read top to bottom into exchanges ([`scene`]): fences under one heading, with the events told in prose
//!    between them, and the versions that hints and attributes state ([`hint`], [`attributes`]).
//! 2. The lines of an exchange become a transcript with a map back to the file ([`lines`]).
//! 3. The engine validates it; its problems become diagnostics, its tokens those of the fence's lines ([`verdict`]).

mod attributes;
mod hint;
mod lines;
mod scene;
mod verdict;
mod wildcards;

use std::collections::BTreeMap;

use super::Example;
use crate::book::{Book, Entry};
use crate::report::Diagnostic;

/// Checks every example of a page. Gives what is known of each, by the fence's index, and the findings.
pub(super) fn check(book: &Book, entry: &Entry) -> (BTreeMap<usize, Example>, Vec<Diagnostic>) {
    let mut examples = BTreeMap::new();
    let mut diagnostics = Vec::new();
    for exchange in scene::exchanges(entry, &mut diagnostics) {
        verdict::check_exchange(book, entry, &exchange, &mut examples, &mut diagnostics);
    }
    (examples, diagnostics)
}
