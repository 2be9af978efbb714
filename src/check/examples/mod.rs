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
mod place;
mod reply;
mod scene;
mod told;
mod verdict;
mod wildcards;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::allow::Allowed;
use super::{Example, State};
use crate::book::{Book, Entry};
use crate::report::Diagnostic;

pub use hint::versions_named;

/// What is known of a page's examples.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Wire examples by the fence's index.
    pub(super) examples: BTreeMap<usize, Arc<Example>>,
    /// What became of its documents, by the fence's index.
    pub(super) documents: BTreeMap<usize, State>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Findings that authors let stand.
    pub(super) allowed: Vec<Allowed>,
}

/// Checks every example of a page.
pub(super) fn check(book: &Book, entry: &Entry) -> Found {
    let mut found = Found::default();
    let mut examples = BTreeMap::new();
    for exchange in scene::exchanges(entry, &mut found.diagnostics) {
        found.allowed.extend(exchange.allowed());
        verdict::check_exchange(book, entry, &exchange, &mut examples, &mut found.diagnostics);
    }
    found.examples =
        examples.into_iter().map(|(fence, example)| (fence, Arc::new(example))).collect();
    let (documents, allowed) = documents::check(entry, &mut found.diagnostics);
    found.documents = documents;
    found.allowed.extend(allowed);
    found
}
