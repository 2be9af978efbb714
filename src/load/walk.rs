//! The files below a folder.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::{LoadError, SITE_MARKER, is_hidden};

/// What a walk found.
pub(super) struct Found {
    /// Files by path, with their bytes; in the order of paths.
    pub(super) files: Vec<(String, Vec<u8>)>,
    /// True if links were followed.
    pub(super) has_links: bool,
}

/// Every file below `folder`, by path relative to it with `/` between parts, with its bytes; in the order of paths.
///
/// Left out are hidden files and folders, written sites, the paths in `left_out`, links that lead out of `root` or to
/// something hidden in it, and what vanishes while the folder is read.
pub(super) fn files(root: &Path, folder: &Path, left_out: &[PathBuf]) -> Result<Found, LoadError> {
    let (mut files, mut has_links) = (Vec::new(), false);
    let wanted = |entry: &DirEntry| {
        let path = entry.path();
        let leads_out = || entry.path_is_symlink() && !stays_inside(root, path);
        let is_site = || entry.file_type().is_dir() && path.join(SITE_MARKER).exists();
        let unwanted = is_hidden(entry.file_name().as_encoded_bytes())
            || left_out.iter().any(|left_out| left_out == path)
            || leads_out()
            || is_site();
        entry.depth() == 0 || !unwanted
    };
    for entry in WalkDir::new(folder).follow_links(true).into_iter().filter_entry(wanted) {
        let entry = match entry {
            Ok(entry) => entry,
            // A link that goes round in circles, or one to nowhere, such as an editor's lock.
            Err(error) if error.loop_ancestor().is_some() => continue,
            Err(error) if vanished(error.io_error()) && error.depth() > 0 => continue,
            Err(error) => {
                let path = error.path().unwrap_or(folder).to_owned();
                return Err(LoadError::Unreadable(path, error.into()));
            }
        };
        has_links |= entry.path_is_symlink();
        if !entry.file_type().is_file() {
            continue;
        }
        match fs::read(entry.path()) {
            Ok(bytes) => files.push((relative(folder, entry.path()), bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(LoadError::Unreadable(entry.path().to_owned(), error)),
        }
    }
    files.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(Found { files, has_links })
}

/// The bytes of one file; `None` if it is not there, is no file, or lies outside `root`.
pub(super) fn file(root: &Path, path: &Path) -> Result<Option<Vec<u8>>, LoadError> {
    if !path.is_file() || !stays_inside(root, path) {
        return Ok(None);
    }
    fs::read(path).map(Some).map_err(|error| LoadError::Unreadable(path.to_owned(), error))
}

fn vanished(error: Option<&io::Error>) -> bool {
    error.is_some_and(|error| error.kind() == ErrorKind::NotFound)
}

/// True if `path`, with all links followed, lies below `root` and nothing on the way is hidden.
fn stays_inside(root: &Path, path: &Path) -> bool {
    let Ok(target) = path.canonicalize() else { return false };
    let Ok(below) = target.strip_prefix(root) else { return false };
    !below.components().any(|part| is_hidden(part.as_os_str().as_encoded_bytes()))
}

fn relative(folder: &Path, path: &Path) -> String {
    let below = path.strip_prefix(folder).unwrap_or(path).components();
    let parts = below.filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use crate::load::{load, tests::folder};

    #[test]
    fn links_are_followed_inside_the_root_only() {
        let outside = folder(&[("secret.md", b"s"), ("more/x.md", b"s")]);
        let folder = folder(&[("a/a.md", b"a"), (".git/config.md", b"c")]);
        let at = |name: &str| folder.path().join(name);
        symlink(outside.path().join("secret.md"), at("file.md")).unwrap();
        symlink(outside.path(), at("folder")).unwrap();
        symlink(at(".git/config.md"), at("hidden.md")).unwrap();
        symlink(at("a/a.md"), at("inside.md")).unwrap();
        symlink(at("."), at("a/circle")).unwrap();
        symlink(at("nowhere"), at("dangling.md")).unwrap();
        symlink("user@host.1:2", at(".#lock.md")).unwrap();
        let loaded = load(folder.path()).unwrap();
        assert_eq!(loaded.sources.pages.keys().collect::<Vec<_>>(), ["a/a.md", "inside.md"]);
    }
}
