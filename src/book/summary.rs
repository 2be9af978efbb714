//! `SUMMARY.md`: the table of contents that an author writes, in the form that mdBook gave it.
//!
//! In: the page of that name, already parsed, and the pages of the book. Out: a [`Nav`] and findings. Links in
//! paragraphs and in lists are pages, in nested lists the pages below them; a heading, save one at the very front, begins
//! a part; a link to nothing (`[x]()`) is a draft; `---` is a separator. Anything else is a finding and is left out.

use std::collections::{BTreeMap, BTreeSet};

use super::link::{Place, locate};
use super::{Nav, NavItem};
use crate::markdown::{Block, Inline, Item, Link, Page};
use crate::report::{Diagnostic, rules};
use crate::text::{Span, did_you_mean};

/// Reads `SUMMARY.md`. `pages` and `assets` are the files of the book.
pub(super) fn read<P>(
    summary: &Page,
    pages: &BTreeMap<String, P>,
    assets: &[String],
) -> (Nav, Vec<Diagnostic>) {
    let mut reader =
        Reader { summary, pages, assets, seen: BTreeSet::new(), diagnostics: Vec::new() };
    let blocks = match summary.blocks.as_slice() {
        [Block::Heading(_), rest @ ..] => rest,
        all => all,
    };
    let mut items = Vec::new();
    for block in blocks {
        match block {
            Block::Heading(index) => {
                let heading = summary.headings.get(*index);
                items.extend(heading.map(|heading| NavItem::Part(heading.text.clone())));
            }
            Block::Rule(_) => items.push(NavItem::Separator),
            Block::Paragraph(inlines, span) => reader.paragraph(inlines, *span, &mut items),
            Block::List { items: list, .. } => reader.list(list, &mut items),
            other => reader.refuse(summary.span_of(other)),
        }
    }
    (Nav { items, unlisted: Vec::new() }, reader.diagnostics)
}

struct Reader<'a, P> {
    summary: &'a Page,
    pages: &'a BTreeMap<String, P>,
    assets: &'a [String],
    seen: BTreeSet<String>,
    diagnostics: Vec<Diagnostic>,
}

impl<P> Reader<'_, P> {
    /// Takes the links of a paragraph.
    fn paragraph(&mut self, inlines: &[Inline], span: Span, out: &mut Vec<NavItem>) {
        for inline in inlines {
            match inline {
                Inline::Link(index, _) => out.extend(self.link(*index)),
                Inline::SoftBreak | Inline::HardBreak => {}
                Inline::Text(text, _) if text.trim().is_empty() => {}
                Inline::Text(_, span) => self.refuse(*span),
                _ => self.refuse(span),
            }
        }
    }

    /// Takes the items of a list. Depth is bounded by that of the tree.
    fn list(&mut self, items: &[Item], out: &mut Vec<NavItem>) {
        for item in items {
            let mut here = Vec::new();
            let mut below = Vec::new();
            for block in &item.blocks {
                match block {
                    Block::Paragraph(inlines, span) => self.paragraph(inlines, *span, &mut here),
                    Block::List { items, .. } => self.list(items, &mut below),
                    other => self.refuse(self.summary.span_of(other)),
                }
            }
            match here.last_mut() {
                Some(NavItem::Page { children, .. }) => children.extend(below),
                _ => here.extend(below),
            }
            out.extend(here);
        }
    }

    fn link(&mut self, index: usize) -> Option<NavItem> {
        let link = self.summary.links.get(index)?;
        let title = link.text.trim().to_owned();
        if link.destination.is_empty() {
            return Some(NavItem::Draft(title));
        }
        let path = match locate(self.pages, self.assets, &self.summary.path, &link.destination) {
            Place::Page(path, _) => path,
            Place::Missing(path) => {
                self.find(link, format!("there is no page `{path}`"), self.help_for(&path));
                return Some(NavItem::Draft(title));
            }
            Place::Asset(path) => {
                let help = "link to it from a page".to_owned();
                self.find(link, format!("`{path}` is not a page"), help);
                return None;
            }
            Place::Outside => {
                let help = "the table of contents lists pages of this book".to_owned();
                self.find(link, format!("`{}` is not in this book", link.destination), help);
                return None;
            }
        };
        if !self.seen.insert(path.clone()) {
            let help = "each page has one place in the reading order".to_owned();
            self.find(link, format!("`{path}` is listed already"), help);
            return None;
        }
        Some(NavItem::Page { path, title, children: Vec::new() })
    }

    fn help_for(&self, path: &str) -> String {
        did_you_mean(path, self.pages.keys().map(String::as_str))
            .unwrap_or_else(|| "write the page, or list it as a draft: `[title]()`".to_owned())
    }

    fn refuse(&mut self, span: Span) {
        let message = "this is neither a link to a page nor a list of them, so it is left out";
        let finding = Diagnostic::new(&rules::SUMMARY, &self.summary.path, span, message);
        self.diagnostics.push(finding.with_help("write an item as `- [title](page.md)`"));
    }

    fn find(&mut self, link: &Link, message: String, help: String) {
        let span = link.destination_span;
        let finding = Diagnostic::new(&rules::SUMMARY, &self.summary.path, span, message);
        self.diagnostics.push(finding.with_help(help));
    }
}
