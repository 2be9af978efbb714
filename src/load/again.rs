//! A book that was read before, after some of its files changed: only those are read.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Loaded, walk};
use crate::text::Source;

/// The book with these files read again; `None` where the whole book has to be: a file came or went, it is no page or asset, its
/// bytes are no text, or links lead to files by other names. Absolute paths that the book has nothing of are left alone.
pub fn again(before: &Loaded, changed: &BTreeSet<PathBuf>) -> Option<Loaded> {
    if before.has_links || changed.is_empty() {
        return None;
    }
    let mut next = before.clone();
    let folder = before.source_folder();
    for path in changed {
        let name = path.strip_prefix(&folder).ok().and_then(Path::to_str).unwrap_or_default();
        let (page, asset) = (before.sources.pages.get(name), before.sources.assets.get(name));
        if page.is_none() && asset.is_none() {
            // What was there for a moment only, such as an editor's, is nothing of the book.
            if path.symlink_metadata().is_ok() {
                return None;
            }
            continue;
        }
        let found = before.diagnostics.iter().any(|found| found.path == name);
        let bytes = walk::file(&before.root, path).ok()?.filter(|_| !found)?;
        if asset.is_some() {
            next.sources.assets.insert(name.to_owned(), bytes.into());
        } else {
            let source = Arc::new(Source::new(name, String::from_utf8(bytes).ok()?));
            next.sources.pages.insert(name.to_owned(), source);
        }
    }
    Some(next)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::load::{load, tests::folder};

    fn named(folder: &Path, names: &[&str]) -> BTreeSet<PathBuf> {
        let root = folder.canonicalize().unwrap();
        names.iter().map(|name| root.join(name)).collect()
    }

    #[test]
    fn files_that_changed_are_read_and_what_came_or_went_takes_the_whole_book() {
        let folder = folder(&[
            ("book.toml", b""),
            ("src/a.md", b"# A"),
            ("src/b.md", b"# B"),
            ("src/p.png", b"p"),
        ]);
        let before = load(folder.path()).unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("src/a.md"), "# New").unwrap();
        fs::write(at("src/p.png"), "q").unwrap();
        let changed = named(folder.path(), &["src/a.md", "src/p.png", "src/4913"]);
        let next = again(&before, &changed).unwrap();
        let whole = load(folder.path()).unwrap();
        assert_eq!(next.sources.pages, whole.sources.pages);
        assert_eq!(next.sources.assets, whole.sources.assets);
        assert!(Arc::ptr_eq(&next.sources.pages["b.md"], &before.sources.pages["b.md"]));

        assert!(again(&before, &BTreeSet::new()).is_none());
        fs::write(at("src/c.md"), "# C").unwrap();
        fs::remove_file(at("src/b.md")).unwrap();
        fs::write(at("src/a.md"), b"\xff").unwrap();
        for name in ["src/c.md", "src/b.md", "src/a.md", "src", "book.toml"] {
            assert!(again(&before, &named(folder.path(), &[name])).is_none(), "{name}");
        }
    }
}
