//! Pages into a book.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Book, Names, Nav};
use crate::config::Config;
use crate::grammar::Grammar;
use crate::markdown::Page;
use crate::text::Sources;

/// Puts the pages together. `pages` holds one page for each of `sources.pages`.
pub fn assemble(
    sources: &Sources,
    pages: &BTreeMap<String, Arc<Page>>,
    config: &Config,
    grammar: Arc<Grammar>,
    foreign: bool,
) -> Book {
    let _ = (sources, pages, config);
    Book {
        title: String::new(),
        entries: BTreeMap::new(),
        nav: Nav::default(),
        names: Names::default(),
        grammar,
        foreign,
        assets: Vec::new(),
        diagnostics: Vec::new(),
    }
}
