//! A book from files that are in memory already, such as those of a commit.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Loaded, SETTINGS, SITE_MARKER, is_hidden, is_markdown, missing, text};
use crate::config::{Config, NamedFile, parse};
use crate::text::Sources;

/// Files by path from the book's root, with `/` between parts.
pub type Tree = BTreeMap<String, Arc<[u8]>>;

/// The book that these files are, by the same rules as one on disk. `root` is what the book calls its root.
///
/// Where there is a book `before`, its settings stand in the place of the book's own, and sources that are the same are shared.
pub fn from_tree(root: PathBuf, files: &Tree, before: Option<&Loaded>) -> Loaded {
    let mut diagnostics = Vec::new();
    let mut own =
        || files.get(SETTINGS).map(|bytes| Arc::new(text(SETTINGS, bytes, &mut diagnostics)));
    let settings = match before {
        Some(before) => before.settings.clone(),
        None => own(),
    };
    let config = match &settings {
        Some(source) => {
            let (config, found) = parse(source);
            diagnostics.extend(found);
            config
        }
        None => Config { source_folder: ".".to_owned(), ..Config::default() },
    };
    let mut loaded = Loaded {
        root,
        config,
        settings,
        sources: Sources::default(),
        diagnostics,
        has_links: false,
    };
    loaded.take_files(files, before);
    loaded
}

impl Loaded {
    fn take_files(&mut self, files: &Tree, before: Option<&Self>) {
        let pages = prefix(&self.config.source_folder);
        let theme = prefix(&self.config.theme_folder);
        let build = self.settings.is_some().then(|| prefix(&self.config.build_folder));
        let sites: Vec<&str> =
            files.keys().filter_map(|path| path.strip_suffix(SITE_MARKER)).collect();
        let is_site =
            |path: &str| sites.iter().any(|site| !site.is_empty() && path.starts_with(site));
        for (path, bytes) in files {
            let in_theme = !theme.is_empty() && path.starts_with(&theme);
            if let Some(name) = path.strip_prefix(&theme).filter(|_| in_theme && theme != pages) {
                if !has_hidden(name) {
                    self.sources.theme.insert(name.to_owned(), Arc::clone(bytes));
                }
                continue;
            }
            let is_built =
                build.as_ref().is_some_and(|folder| !folder.is_empty() && path.starts_with(folder));
            let Some(name) = path.strip_prefix(&pages) else { continue };
            if has_hidden(name) || path == SETTINGS || is_built || is_site(path) {
                continue;
            }
            if is_markdown(name) {
                let known = before.and_then(|before| before.sources.pages.get(name)).cloned();
                let known = known.filter(|known| known.text.as_bytes() == &**bytes);
                let new = || Arc::new(text(name, bytes, &mut self.diagnostics));
                self.sources.pages.insert(name.to_owned(), known.unwrap_or_else(new));
            } else {
                self.sources.assets.insert(name.to_owned(), Arc::clone(bytes));
            }
        }
        let (css, js) = (&self.config.additional_css, &self.config.additional_js);
        for NamedFile { path, span } in css.iter().chain(js) {
            match files.get(path) {
                Some(bytes) => {
                    self.sources.named.insert(path.clone(), Arc::clone(bytes));
                }
                None => self.diagnostics.push(missing(path, *span)),
            }
        }
    }
}

/// What the paths of a folder's files begin with; empty for the root.
fn prefix(folder: &str) -> String {
    let parts = folder.split('/').filter(|part| !matches!(*part, "" | "."));
    parts.flat_map(|part| [part, "/"]).collect()
}

fn has_hidden(path: &str) -> bool {
    path.split('/').any(|part| is_hidden(part.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{load, tests::folder};

    #[test]
    fn a_tree_is_the_same_book_as_a_folder_of_its_files() {
        let toml =
            "[book]\nsrc = \"wiki\"\n[output.html]\nadditional-css = [\"a.css\", \"b.css\"]\n";
        let files: Vec<(&str, &[u8])> = vec![
            ("book.toml", toml.as_bytes()),
            ("a.css", b"a{}"),
            ("theme/page.html", b"t"),
            ("theme/.hidden", b""),
            ("wiki/index.md", b"# A"),
            ("wiki/sub/x.md", b"\xff"),
            ("wiki/sub/x.png", b"p"),
            ("wiki/.hidden.md", b""),
            ("wiki/index.md~", b""),
            ("wiki/#index.md#", b""),
            ("wiki/out/.wirebook", b""),
            ("wiki/out/page.md", b""),
            ("other/y.md", b""),
            ("book/z.md", b""),
        ];
        for files in [files.clone(), files.into_iter().skip(1).collect()] {
            let on_disk = load(folder(&files).path()).unwrap();
            let tree: Tree =
                files.iter().map(|(path, bytes)| ((*path).to_owned(), (*bytes).into())).collect();
            let in_memory = from_tree(on_disk.root.clone(), &tree, None);
            assert_eq!(in_memory.config, on_disk.config);
            assert_eq!(in_memory.sources.pages, on_disk.sources.pages);
            assert_eq!(in_memory.sources.assets, on_disk.sources.assets);
            assert_eq!(in_memory.sources.theme, on_disk.sources.theme);
            assert_eq!(in_memory.sources.named, on_disk.sources.named);
            assert_eq!(in_memory.diagnostics, on_disk.diagnostics);
        }
    }
}
