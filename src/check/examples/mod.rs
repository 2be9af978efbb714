//! Examples of a page: which fences they are, what exchanges they make, and what the engine says of them.
//!
//! 1. The page is read top to bottom into exchanges ([`scene`]): fences under one heading, with the events told in prose
//!    between them, and the versions that hints and attributes state ([`hint`], [`attributes`]).
//! 2. The lines of an exchange become a transcript with a map back to the file ([`lines`]).
//! 3. The engine validates it; its problems become diagnostics, its tokens those of the fence's lines ([`verdict`]).
//! 4. Fences of HTTP and XML are read as what they say they are ([`documents`]).

mod attributes;
mod comment;
mod documents;
mod hint;
mod left;
mod lines;
mod narrow;
mod reply;
mod scene;
mod told;
mod verdict;
mod wildcards;

use std::collections::BTreeMap;

use super::Example;
use super::allow::Allowed;
use crate::book::{Book, Entry};
use crate::report::Diagnostic;

/// What is known of each example of a page, by the fence's index; the findings; those that authors let stand.
type Found = (BTreeMap<usize, Example>, Vec<Diagnostic>, Vec<Allowed>);

/// Checks every example of a page.
pub(super) fn check(book: &Book, entry: &Entry) -> Found {
    let mut examples = BTreeMap::new();
    let mut diagnostics = Vec::new();
    let mut allowed = Vec::new();
    for exchange in scene::exchanges(entry, &mut diagnostics) {
        allowed.extend(exchange.allowed(&entry.page.path));
        verdict::check_exchange(book, entry, &exchange, &mut examples, &mut diagnostics);
    }
    allowed.extend(documents::check(entry, &mut diagnostics));
    (examples, diagnostics, allowed)
}
