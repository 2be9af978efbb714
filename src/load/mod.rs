//! From disk to [`Sources`]: the only module that reads a book's files.
//!
//! In: a folder, or the files of a commit (`memory`). Out: a [`Loaded`] book, everything in memory, ordered by path. Nothing is
//! written and nothing is parsed but `book.toml`, which says where the pages are.
//!
//! 1. The book's root is found: the folder itself, or its parent where that holds a `book.toml` with the folder as `src` (`locate`).
//! 2. `book.toml` is read; a folder without one is a book whose root holds the pages.
//! 3. The files below the source and theme folders are read (`walk`): `.md` files as pages, the others as assets. Hidden files,
//!    links that lead out of the root, and sites that wirebook wrote are left out.
//! 4. After a change only the files that changed are read, where that is enough (`again`).

mod again;
mod history;
mod locate;
mod memory;
mod walk;

pub use again::again;
pub use locate::LoadError;
pub use memory::{Tree, from_tree};

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config::{Config, NamedFile, parse};
use crate::report::{Diagnostic, Files, rules};
use crate::text::{Source, Sources, Span};

/// Name of the settings file in a book's root.
pub const SETTINGS: &str = "book.toml";

/// Name of the file by which a written site is known; a folder that holds it is no part of a book.
pub const SITE_MARKER: &str = ".wirebook";

/// A book, read from disk.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The book's root, absolute.
    pub root: PathBuf,
    /// Its settings.
    pub config: Config,
    /// The text of `book.toml`; `None` for a folder without one.
    pub settings: Option<Arc<Source>>,
    /// Its files.
    pub sources: Sources,
    /// What is wrong with the settings and with files as such.
    pub diagnostics: Vec<Diagnostic>,
    /// True if links lead to some of the files.
    pub has_links: bool,
}

impl Loaded {
    /// The texts for a report.
    pub fn files(&self) -> Files<'_> {
        Files {
            source_folder: &self.config.source_folder,
            theme_folder: &self.config.theme_folder,
            sources: &self.sources,
            settings: self.settings.as_deref(),
        }
    }

    /// Folder of the pages, absolute.
    pub fn source_folder(&self) -> PathBuf {
        below(&self.root, &self.config.source_folder)
    }

    /// Folder of the book's theme, absolute; it need not exist.
    pub fn theme_folder(&self) -> PathBuf {
        below(&self.root, &self.config.theme_folder)
    }

    /// Folder that `build` writes, absolute; it need not exist.
    pub fn build_folder(&self) -> PathBuf {
        below(&self.root, &self.config.build_folder)
    }
}

/// Reads the book that `dir` holds or is the source folder of.
pub fn load(dir: &Path) -> Result<Loaded, LoadError> {
    let root = locate::root(dir)?;
    let mut diagnostics = Vec::new();
    let settings = match fs::read(root.join(SETTINGS)) {
        Ok(bytes) => Some(text(SETTINGS, &bytes, &mut diagnostics)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(LoadError::Unreadable(root.join(SETTINGS), error)),
    };
    let config = match &settings {
        Some(source) => {
            let (config, found) = parse(source);
            diagnostics.extend(found);
            config
        }
        None => Config { source_folder: ".".to_owned(), ..Config::default() },
    };
    let settings = settings.map(Arc::new);
    let mut loaded = Loaded {
        root,
        config,
        settings,
        sources: Sources::default(),
        diagnostics,
        has_links: false,
    };
    loaded.read_files()?;
    Ok(loaded)
}

impl Loaded {
    fn read_files(&mut self) -> Result<(), LoadError> {
        let (source_folder, theme_folder) = (self.source_folder(), self.theme_folder());
        if !source_folder.is_dir() {
            return Err(LoadError::NoSourceFolder(source_folder));
        }
        let mut left_out = vec![theme_folder.clone(), self.root.join(SETTINGS)];
        // Without settings nobody said that `book` is the build folder: it may hold pages. A site in it has its marker.
        left_out.extend(self.settings.is_some().then(|| self.build_folder()));
        let found = walk::files(&self.root, &source_folder, &left_out)?;
        self.has_links = found.has_links;
        for (path, bytes) in found.files {
            if is_markdown(&path) {
                let source = text(&path, &bytes, &mut self.diagnostics);
                self.sources.pages.insert(path, Arc::new(source));
            } else {
                self.sources.assets.insert(path, bytes.into());
            }
        }
        if theme_folder.is_dir() && theme_folder != source_folder {
            let files = walk::files(&self.root, &theme_folder, &[])?.files;
            self.sources.theme = files.into_iter().map(|(path, b)| (path, b.into())).collect();
        }
        self.read_history(&source_folder);
        self.read_named_files()
    }

    /// Asks the repository who changed the pages, where the settings want it.
    fn read_history(&mut self, source_folder: &Path) {
        let Some(span) = self.config.history else { return };
        match history::read(source_folder) {
            Ok(history) => self.sources.history = Arc::new(history),
            Err(why) => {
                let message = format!("pages do not tell when they were changed: {why}");
                let finding = Diagnostic::new(&rules::NO_HISTORY, SETTINGS, span, message);
                self.diagnostics
                    .push(finding.with_help("build in a whole clone of the repository"));
            }
        }
    }

    /// Reads the stylesheets and scripts that `book.toml` names.
    fn read_named_files(&mut self) -> Result<(), LoadError> {
        let (css, js) = (&self.config.additional_css, &self.config.additional_js);
        let mut read = BTreeMap::new();
        for NamedFile { path, span } in css.iter().chain(js) {
            match walk::file(&self.root, &below(&self.root, path))? {
                Some(bytes) => {
                    read.insert(path.clone(), bytes.into());
                }
                None => self.diagnostics.push(missing(path, *span)),
            }
        }
        self.sources.named = read;
        Ok(())
    }
}

fn missing(path: &str, span: Span) -> Diagnostic {
    let message = format!("there is no file `{path}` in the book's folder");
    Diagnostic::new(&rules::CONFIG, SETTINGS, span, message)
        .with_help("paths in `book.toml` are relative to the folder it stands in")
}

/// True for the name of a hidden file or folder, and of what an editor leaves beside a file: `a.md~`, `#a.md#`.
pub fn is_hidden(name: &[u8]) -> bool {
    name.starts_with(b".")
        || name.ends_with(b"~")
        || (name.starts_with(b"#") && name.ends_with(b"#"))
}

/// True for the path of a page.
fn is_markdown(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("md"))
}

/// The text of a file; bytes that are not UTF-8 are shown as U+FFFD and found.
fn text(path: &str, bytes: &[u8], diagnostics: &mut Vec<Diagnostic>) -> Source {
    let text = String::from_utf8_lossy(bytes);
    if let Err(error) = std::str::from_utf8(bytes) {
        let at = error.valid_up_to();
        let wrong = bytes.get(at).copied().unwrap_or_default();
        let message = format!("`{path}` is not UTF-8: byte {wrong:#04x} cannot stand here");
        // The first replacement stands where the first wrong byte was.
        let span = Span::new(at, at + '\u{FFFD}'.len_utf8());
        let diagnostic = Diagnostic::new(&rules::ENCODING, path, span, message);
        diagnostics.push(diagnostic.with_help("save the file as UTF-8"));
    }
    Source::new(path, text)
}

/// `path`, with `/` between parts, below `root`.
fn below(root: &Path, path: &str) -> PathBuf {
    path.split('/').filter(|part| !matches!(*part, "" | ".")).fold(
        root.to_owned(),
        |mut at, part| {
            at.push(part);
            at
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with these files, removed when dropped.
    pub(super) fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, bytes) in files {
            let path = below(folder.path(), path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        folder
    }

    fn pages(loaded: &Loaded) -> Vec<&str> {
        loaded.sources.pages.keys().map(String::as_str).collect()
    }

    #[test]
    fn a_folder_without_settings_is_a_book_of_its_own_files() {
        let folder = folder(&[
            ("index.md", b"# A"),
            ("b/c.md", b""),
            ("b/p.png", b"x"),
            ("theme/page.html", b""),
            ("book/kept.md", b""),
            ("out/page.md", b""),
            ("out/.wirebook", b""),
            (".git/x.md", b""),
            ("b/.hidden.md", b""),
            ("b/c.md~", b""),
            ("b/#c.md#", b""),
        ]);
        let loaded = load(folder.path()).unwrap();
        assert_eq!(pages(&loaded), ["b/c.md", "book/kept.md", "index.md"]);
        assert_eq!(loaded.sources.assets.keys().collect::<Vec<_>>(), ["b/p.png"]);
        assert_eq!(loaded.sources.theme.keys().collect::<Vec<_>>(), ["page.html"]);
        assert_eq!(loaded.config.source_folder, ".");
        assert!(loaded.diagnostics.is_empty());
    }

    #[test]
    fn the_source_folder_of_a_book_names_the_book() {
        let folder = folder(&[
            (
                "book.toml",
                b"[book]\nsrc = \"wiki\"\n[output.html]\nadditional-css = [\"a.css\", \"b.css\"]\n",
            ),
            ("a.css", b"a{}"),
            ("wiki/index.md", b"# A"),
            ("wiki/sub/x.md", b""),
            ("other/y.md", b""),
        ]);
        for dir in ["", "wiki"] {
            let loaded = load(&folder.path().join(dir)).unwrap();
            assert_eq!(pages(&loaded), ["index.md", "sub/x.md"]);
            assert_eq!(loaded.root, folder.path().canonicalize().unwrap());
            assert_eq!(loaded.sources.named.keys().collect::<Vec<_>>(), ["a.css"]);
            let found: Vec<_> = loaded.diagnostics.iter().map(|d| d.message.as_str()).collect();
            assert_eq!(found, ["there is no file `b.css` in the book's folder"]);
            assert_eq!(loaded.files().find("sub/x.md").path, "wiki/sub/x.md");
            assert_eq!(loaded.files().find("book.toml").path, "book.toml");
        }
        assert_eq!(pages(&load(&folder.path().join("other")).unwrap()), ["y.md"]);
        assert_eq!(pages(&load(&folder.path().join("wiki/sub")).unwrap()), ["x.md"]);
    }

    #[test]
    fn bytes_that_are_no_text_are_found_where_they_stand() {
        let folder = folder(&[("index.md", b"ab\xffcd\n")]);
        let loaded = load(folder.path()).unwrap();
        let found = loaded.diagnostics.first().unwrap();
        assert_eq!(found.rule.name, "encoding");
        let source = &loaded.sources.pages["index.md"];
        assert_eq!(
            (source.text.as_str(), source.slice(found.span)),
            ("ab\u{FFFD}cd\n", "\u{FFFD}")
        );
    }

    #[test]
    fn what_is_no_book_is_an_error_that_says_why() {
        let folder = folder(&[("a.md", b""), ("book.toml", b"[book]\nsrc = \"gone\"\n")]);
        let said = |dir: &str| load(&folder.path().join(dir)).unwrap_err().to_string();
        assert!(said("nothing").starts_with("there is no folder `"), "{}", said("nothing"));
        assert!(said("a.md").contains("is a file"), "{}", said("a.md"));
        assert!(said("").contains("source folder"), "{}", said(""));
    }
}
