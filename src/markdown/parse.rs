//! A source into a page: the procedure, and nothing of its steps.
//!
//! In: a [`Source`]. Out: a [`Page`], always.
//!
//! 1. Front matter is cut off (`front`); from there on the offsets of the Markdown parser are shifted by its length.
//! 2. The parser's events build the tree (`tree`); the extensions are those of GitHub, plus definition lists and ids
//!    for headings. Nothing changes the text: no smart punctuation, no mathematics.
//! 3. Headings, terms and rows get their ids (`ids`).

use pulldown_cmark::{Options, Parser};

use super::tree::Builder;
use super::{Page, front, ids};
use crate::text::{Source, Span};

/// Reads a Markdown file. Cannot fail: what is wrong stands in the page's diagnostics.
pub fn parse(source: &Source) -> Page {
    let mut diagnostics = Vec::new();
    let (front, body) = front::cut(source, &mut diagnostics);
    let text = source.text.get(body..).unwrap_or_default();
    let mut builder = Builder::new(source);
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        builder.event(event, Span::new(range.start + body, range.end + body));
    }
    let (mut page, anchors) = builder.finish();
    page.path.clone_from(&source.path);
    page.front = front;
    page.diagnostics.splice(0..0, diagnostics);
    ids::name(&mut page, anchors);
    page
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
}
