//! The text of sections, for excerpts, in blocks.

use serde_json::{Value, json};

use super::Page;

/// How many sections a block holds.
pub(super) const BLOCK: usize = 16;
/// Longest text of a section, in characters.
const LONGEST: usize = 4000;

/// The blocks as scripts. Where the names hold everything, a section is its text alone, else an array of URL, title, page,
/// kind, versions and text.
pub(super) fn blocks(pages: &[Page], listed: bool) -> Vec<String> {
    let mut rows: Vec<Value> = Vec::new();
    for page in pages {
        for (at, section) in page.sections.iter().enumerate() {
            let text: String = section.text.chars().take(LONGEST).collect();
            if listed {
                rows.push(json!(text));
                continue;
            }
            let url = super::super::href::with_fragment(page.url.clone(), &section.id);
            let (title, above) =
                if at == 0 { (&page.title, "") } else { (&section.title, page.title.as_str()) };
            let kind = if section.kind.is_empty() && at > 0 { "section" } else { section.kind };
            let kind = if at == 0 { page.kind } else { kind };
            rows.push(json!([url, title, above, kind, page.versions, text]));
        }
    }
    let block = |(at, rows): (usize, &[Value])| {
        format!("self.wirebookSearch.texts({at},{});\n", Value::Array(rows.to_vec()))
    };
    rows.chunks(BLOCK).enumerate().map(block).collect()
}
