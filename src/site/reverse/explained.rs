//! Where pages explain a name: rows of tables whose first cell it is.

use std::collections::BTreeMap;

use crate::book::Book;
use crate::markdown::{Block, Inline, inline_text};
use crate::site::block::visit;

/// A row of a page's table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Explained<'a> {
    pub(super) path: &'a str,
    /// Id of the row.
    pub(super) id: &'a str,
    /// The second cell.
    cell: Option<&'a [Inline]>,
}

impl Explained<'_> {
    /// What the second cell says.
    pub(super) fn note(&self) -> String {
        self.cell.map(inline_text).unwrap_or_default()
    }
}

/// The row that a name of the book leads to.
pub(super) fn named<'a>(book: &'a Book, name: &str) -> Option<Explained<'a>> {
    let (path, wanted) = book.names.find(name)?;
    let entry = book.entries.get(path)?;
    let mut found = None;
    visit(&entry.page.blocks, 0, &mut |block| {
        let Block::Table { rows, row_ids, .. } = block else { return };
        if let Some((row, id)) = rows.iter().zip(row_ids).find(|(_, id)| *id == wanted) {
            found = Some(Explained { path, id, cell: row.get(1).map(Vec::as_slice) });
        }
    });
    found
}

/// Every row that a link can lead to, by the name in its first cell in small letters; of several the first, in the order of
/// reading.
pub(super) fn all<'a>(book: &'a Book, order: &'a [String]) -> BTreeMap<String, Explained<'a>> {
    let mut found = BTreeMap::new();
    for path in order {
        let Some(entry) = book.entries.get(path) else { continue };
        visit(&entry.page.blocks, 0, &mut |block| {
            let Block::Table { rows, row_ids, .. } = block else { return };
            for (row, id) in rows.iter().zip(row_ids).filter(|(_, id)| !id.is_empty()) {
                let name = row.first().map(|cell| inline_text(cell)).unwrap_or_default();
                let cell = row.get(1).map(Vec::as_slice);
                let explained = Explained { path, id, cell };
                found.entry(name.to_lowercase()).or_insert(explained);
            }
        });
    }
    found
}
