//! What is found on one page: by the checks that look at it alone, and by those of the whole book.

use std::collections::BTreeMap;

use super::allow::{self, Allowed};
use super::constants::Constants;
use super::examples::Found;
use super::{links, mentions, questions, sections, table};
use crate::book::{Book, DIRECTIVES, Entry};
use crate::config::Config;
use crate::markdown::Block;
use crate::report::{Diagnostic, rules};
use crate::text::did_you_mean;

/// What the pages of a book are checked by.
pub(super) struct Checks<'a> {
    book: &'a Book,
    config: &'a Config,
    constants: Option<Constants<'a>>,
    /// What was found of the book as a whole, by path.
    whole: &'a BTreeMap<String, Vec<Diagnostic>>,
}

impl<'a> Checks<'a> {
    pub(super) fn new(
        book: &'a Book,
        config: &'a Config,
        whole: &'a BTreeMap<String, Vec<Diagnostic>>,
    ) -> Self {
        Self { book, config, constants: Constants::of(book), whole }
    }

    /// All findings about a page but for those that its author lets stand, and those of rules that are switched off. `found` is
    /// what is known of its examples; `None` where nobody asked.
    pub(super) fn page(&self, entry: &Entry, found: Option<&Found>) -> Vec<Diagnostic> {
        let (book, path) = (self.book, entry.page.path.as_str());
        let mut diagnostics = self.whole.get(path).cloned().unwrap_or_default();
        let mut allowed: Vec<Allowed> = Vec::new();
        if let Some(found) = found {
            allowed.extend(found.allowed.iter().cloned());
            diagnostics.extend(found.diagnostics.iter().cloned());
            let constants = self.constants.as_ref();
            diagnostics.extend(constants.iter().flat_map(|known| known.check(entry, found)));
        }
        let of_page = entry.page.allowances.iter().cloned();
        allowed.extend(of_page.map(|allowance| Allowed { example: None, allowance }));
        diagnostics.extend(entry.page.diagnostics.iter().cloned());
        diagnostics.extend(unknown_directives(path, &entry.page.blocks));
        diagnostics.extend(links::check(book, entry));
        diagnostics.extend(mentions::check(book, entry));
        diagnostics.extend(questions::check(book, entry));
        diagnostics.extend(sections::check(entry, self.config));
        diagnostics.extend(table::check(book, entry));
        let mut diagnostics = allow::apply(path, diagnostics, &allowed);
        diagnostics.retain(|diagnostic| self.is_on(diagnostic));
        diagnostics
    }

    /// What was found about files that are no pages.
    pub(super) fn others(&self) -> impl Iterator<Item = &'a Diagnostic> {
        let others = self.whole.iter().filter(|(path, _)| !self.book.entries.contains_key(*path));
        others.flat_map(|(_, found)| found).filter(|diagnostic| self.is_on(diagnostic))
    }

    fn is_on(&self, diagnostic: &Diagnostic) -> bool {
        !self.config.off.iter().any(|name| name == diagnostic.rule.name)
    }
}

fn unknown_directives(path: &str, blocks: &[Block]) -> Vec<Diagnostic> {
    let unknown = blocks.iter().filter_map(|block| match block {
        Block::Directive(name, span) if !DIRECTIVES.contains(&name.as_str()) => Some((name, span)),
        _ => None,
    });
    unknown
        .map(|(name, span)| {
            let text = format!("there is no directive `{name}`");
            let known = || DIRECTIVES.map(|name| format!("`{name}`")).join(", ");
            let help = did_you_mean(name, DIRECTIVES)
                .unwrap_or_else(|| format!("the directives are {}", known()));
            Diagnostic::new(&rules::UNKNOWN_DIRECTIVE, path, *span, text).with_help(help)
        })
        .collect()
}
