//! Documents that are tests: cases under headings, each with fences.

use wirebook::markdown::{self, Block, Fence};
use wirebook::text::Source;

/// A case: what stands under one heading.
pub(crate) struct Document {
    pub(crate) title: String,
    pub(crate) fences: Vec<(Fence, Vec<String>)>,
}

/// Reads the cases of a document; a heading without fences is none.
pub(crate) fn read(source: &Source) -> Vec<Document> {
    let page = markdown::parse(source);
    let mut documents: Vec<Document> = Vec::new();
    for block in &page.blocks {
        match block {
            Block::Heading(index) => {
                let title = page.headings[*index].text.clone();
                documents.push(Document { title, fences: Vec::new() });
            }
            Block::Fence(index) => {
                let fence = page.fences[*index].clone();
                let lines = fence.lines.iter().map(|span| source.slice(*span).to_owned()).collect();
                documents.last_mut().unwrap().fences.push((fence, lines));
            }
            _ => {}
        }
    }
    documents.retain(|document| !document.fences.is_empty());
    documents
}

/// The lines as a page. `␍` and `␠` stand for what editors drop, `→` for a tab.
pub(crate) fn page(lines: &[String]) -> String {
    format!("{}\n", lines.join("\n")).replace('␍', "\r").replace('␠', " ").replace('→', "\t")
}
