//! The text of sections, for excerpts, in blocks.

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
    let mut blocks = Vec::new();
    let mut rows: Vec<Value> = Vec::with_capacity(BLOCK);
    let mut close = |rows: &mut Vec<Value>| {
        let (at, rows) = (blocks.len(), Value::Array(std::mem::take(rows)));
        blocks.push(format!("self.wirebookSearch.texts({at},{rows});\n"));
    };
    for page in pages {
        for at in 0..page.sections.len() {
            rows.extend(row(page, at, listed));
            if rows.len() == BLOCK {
                close(&mut rows);
            }
        }
    }
    if !rows.is_empty() {
        close(&mut rows);
    }
    blocks
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
