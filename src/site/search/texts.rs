//! The text of sections, for excerpts, in blocks.

use rayon::prelude::*;
use serde_json::{Value, json};

use super::Page;
use crate::site::href;

/// How many sections a block holds.
pub(super) const BLOCK: usize = 16;
/// Longest text of a section, in characters.
const LONGEST: usize = 4000;

/// The blocks as scripts. Where the names hold everything, a section is its text alone, else an array of URL, title, page,
/// kind, versions and text.
pub(super) fn blocks(pages: &[Page], listed: bool) -> Vec<String> {
    let sections = |page: &'_ Page| 0..page.sections.len();
    let all = pages.iter().flat_map(|page| sections(page).map(move |at| (page, at)));
    let all: Vec<(&Page, usize)> = all.collect();
    let block = |(number, block): (usize, &[(&Page, usize)])| {
        let rows = block.iter().filter_map(|(page, at)| row(page, *at, listed)).collect();
        format!("self.wirebookSearch.texts({number},{});\n", Value::Array(rows))
    };
    all.par_chunks(BLOCK).enumerate().map(block).collect()
}

fn row(page: &Page, at: usize, listed: bool) -> Option<Value> {
    let section = page.sections.get(at)?;
    let end = section.text.char_indices().nth(LONGEST).map_or(section.text.len(), |(end, _)| end);
    let text = section.text.get(..end)?;
    if listed {
        return Some(json!(text));
    }
    let url = href::with_fragment(page.url.clone(), &section.id);
    let (title, above) =
        if at == 0 { (&page.title, "") } else { (&section.title, page.title.as_str()) };
    let kind = if section.kind.is_empty() && at > 0 { "section" } else { section.kind };
    let kind = if at == 0 { page.kind } else { kind };
    Some(json!([url, title, above, kind, page.versions, text]))
}
