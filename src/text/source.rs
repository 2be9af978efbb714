//! The files of a book as values: what `load` makes and every later stage reads.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{History, Span};

/// One text file: its path in the book, its text, and where its lines begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Path relative to the book's root, with `/` between parts.
    pub path: String,
    /// The text, as it is in the file.
    pub text: String,
    /// Offset of each line's first byte. Invariant: ascending, the first is 0.
    lines: Vec<u32>,
}

/// A place for people: both numbers count from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line number.
    pub line: usize,
    /// Character in the line.
    pub column: usize,
}

impl Source {
    /// Makes a source; a byte order mark at the front is kept, for spans are offsets in the file.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = ends.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX));
        let lines = std::iter::once(0).chain(starts).collect();
        Self { path: path.into(), text, lines }
    }

    /// Line and column of a byte offset; one past the end is the place behind the last character.
    pub fn position(&self, offset: u32) -> Position {
        let line = self.lines.partition_point(|start| *start <= offset).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or(0) as usize;
        let end = (offset as usize).min(self.text.len());
        let before = self.text.as_bytes().get(start..end).unwrap_or_default();
        let characters = before.iter().filter(|byte| (**byte & 0xC0) != 0x80).count();
        Position { line, column: characters + 1 }
    }

    /// The text under a span; empty where the span does not fit.
    pub fn slice(&self, span: Span) -> &str {
        span.of(&self.text)
    }

    /// The span of the line that holds `offset`, without its line ending.
    pub fn line_span(&self, offset: u32) -> Span {
        let line = self.lines.partition_point(|start| *start <= offset).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or(0) as usize;
        let end = self.lines.get(line).map_or(self.text.len(), |next| *next as usize);
        let text = self.text.get(start..end).unwrap_or_default();
        Span::new(start, start + text.trim_end_matches(['\n', '\r']).len())
    }
}

/// All files of a book, ordered by path: pages and other texts, and assets as bytes.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Markdown files under the book's source folder, by path relative to that folder.
    pub pages: BTreeMap<String, Arc<Source>>,
    /// Everything else under that folder (images, downloads), by the same kind of path.
    pub assets: BTreeMap<String, Arc<[u8]>>,
    /// Files of the book's own theme, by path inside the theme folder.
    pub theme: BTreeMap<String, Arc<[u8]>>,
    /// Files that the book's settings name, by path relative to the book's root.
    pub named: BTreeMap<String, Arc<[u8]>>,
    /// Who changed the pages, and when; empty where nobody asked or nobody knows.
    pub history: Arc<History>,
}

impl Sources {
    /// A book from literals, for tests and embedded wikis.
    pub fn from_pages<P, T>(pages: impl IntoIterator<Item = (P, T)>) -> Self
    where
        P: Into<String>,
        T: Into<String>,
    {
        let sources = pages.into_iter().map(|(path, text)| Source::new(path, text));
        let pages = sources.map(|source| (source.path.clone(), Arc::new(source))).collect();
        Self { pages, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let source = Source::new("a.md", "ab\nçé!\n");
        assert_eq!(source.position(0), Position { line: 1, column: 1 });
        assert_eq!(source.position(3), Position { line: 2, column: 1 });
        assert_eq!(source.position(7), Position { line: 2, column: 3 });
        assert_eq!(source.position(9), Position { line: 3, column: 1 });
        assert_eq!(source.position(99), Position { line: 3, column: 1 });
        assert_eq!(source.slice(source.line_span(5)), "çé!");
    }
}
