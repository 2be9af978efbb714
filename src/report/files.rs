//! The texts that findings point into, and what reports call them.

use std::borrow::Cow;

use crate::text::{Position, Source, Sources, Span, neutralise};

/// The texts of a book, for reports.
///
/// A finding names a page by its path in the source folder; people, editors and CI want the path from the book's
/// root. The folder is put in front here and nowhere else. `book.toml` and the theme's files, which findings name with
/// their folder, are called what findings call them.
#[derive(Debug, Clone, Copy)]
pub struct Files<'a> {
    /// Folder of the pages; `.` for the root.
    pub source_folder: &'a str,
    /// Folder of the theme.
    pub theme_folder: &'a str,
    /// The texts.
    pub sources: &'a Sources,
    /// The text of `book.toml`, if there is one.
    pub settings: Option<&'a Source>,
}

/// One of the texts.
#[derive(Debug, Clone)]
pub struct File<'a> {
    /// Path from the book's root.
    pub path: String,
    /// The text; `None` where a finding names a file that the book does not have.
    source: Option<Cow<'a, Source>>,
}

impl<'a> Files<'a> {
    /// The text a finding means by `path`.
    pub fn find(&self, path: &str) -> File<'a> {
        let here = |source| File { path: path.to_owned(), source };
        if let Some(settings) = self.settings.filter(|settings| settings.path == path) {
            return here(Some(Cow::Borrowed(settings)));
        }
        let source = self.sources.pages.get(path).map(|page| Cow::Borrowed(page.as_ref()));
        if let (None, Some(template)) = (&source, self.template(path)) {
            return here(Some(Cow::Owned(template)));
        }
        match self.source_folder {
            "." | "" => here(source),
            folder => File { path: format!("{folder}/{path}"), source },
        }
    }

    fn template(&self, path: &str) -> Option<Source> {
        let name = path.strip_prefix(self.theme_folder)?.strip_prefix('/')?;
        let bytes = self.sources.theme.get(name)?;
        Some(Source::new(path, String::from_utf8_lossy(bytes)))
    }
}

impl File<'_> {
    /// The text; empty where there is none.
    pub fn text(&self) -> &str {
        self.source.as_ref().map_or("", |source| source.text.as_str())
    }

    /// Where the span starts and where it ends.
    pub fn positions(&self, span: Span) -> (Position, Position) {
        let first = Position { line: 1, column: 1 };
        let at = |offset| self.source.as_ref().map_or(first, |source| source.position(offset));
        (at(span.start), at(span.end))
    }

    /// The path, harmless as the first thing of a line of a log.
    pub fn shown_path(&self) -> String {
        let path = neutralise(&self.path);
        let command = path.trim_start().starts_with([':', '#']);
        if command { format!("./{path}") } else { path.into_owned() }
    }

    /// The whole lines that hold the span; empty where there is no text.
    pub(super) fn lines(&self, span: Span) -> Span {
        let Some(source) = &self.source else { return Span::default() };
        source.line_span(span.start).to(source.line_span(span.end))
    }
}

#[cfg(test)]
impl<'a> Files<'a> {
    /// The texts of a book whose pages lie in `wiki`.
    pub(super) fn of_wiki(sources: &'a Sources) -> Self {
        Self { source_folder: "wiki", theme_folder: "theme", sources, settings: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_settings_and_templates_are_called_by_their_path_from_the_root() {
        let settings = Source::new("book.toml", "s");
        let mut sources = Sources::from_pages([("a.md", "a")]);
        sources.theme.insert("page.html".to_owned(), b"t".as_slice().into());
        let files = Files { settings: Some(&settings), ..Files::of_wiki(&sources) };
        let found = |path| (files.find(path).path, files.find(path).text().to_owned());
        assert_eq!(found("a.md"), ("wiki/a.md".to_owned(), "a".to_owned()));
        assert_eq!(found("book.toml"), ("book.toml".to_owned(), "s".to_owned()));
        assert_eq!(found("theme/page.html"), ("theme/page.html".to_owned(), "t".to_owned()));
        assert_eq!(found("gone.md"), ("wiki/gone.md".to_owned(), String::new()));
    }
}
