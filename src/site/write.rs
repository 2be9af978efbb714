//! A site to disk: whole, or not at all.
//!
//! 1. What is there now is looked at. A folder with files and without our marker is refused.
//! 2. Where every file has its bytes already, nothing is touched.
//! 3. Else a folder beside it is filled; files that did not change move in as links, so they keep their time. Files are made
//!    as they are written, several at a time, and none is kept.
//! 4. The two folders change names. Until then the old site stands; if that fails it stands again.
//! 5. What the marker says is lost stays in it until it is found again (`addresses`).
//! 6. Files that wirebook did not write move into the new folder. Only files named in the marker are ever deleted.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::{Site, addresses};
use crate::load::SITE_MARKER;
use crate::progress::{Progress, Stage};

/// First line of the marker, which names the files of a folder that are wirebook's, one path a line.
const MARKER_HEAD: &str =
    "# Written by wirebook. It replaces and removes the files named here, and no others.";

/// In front of an address in the marker that the site lost.
const LOST: &str = "# lost: ";

/// What writing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// Files that are new or have new bytes.
    pub changed: usize,
    /// Files that had their bytes already.
    pub unchanged: usize,
    /// Files of the site before that are gone.
    pub removed: usize,
}

/// Writes the site into `folder`, which is made where it is missing.
///
/// An error leaves the old site as it was. It is one of the machine, or says that the folder is not ours, that a file in
/// it that is not ours stands in the way, or that a path in the site leads out of it.
pub fn write(site: &Site, folder: &Path, progress: &dyn Progress) -> io::Result<Written> {
    progress.begins(Stage::Write, site.paths().count());
    for path in site.paths() {
        if !is_inside(path) || path == SITE_MARKER {
            return Err(refuse(format!("the site cannot hold a file named `{path}`")));
        }
    }
    // A link to a folder stays a link.
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let ours = ours(&folder)?;
    for path in site.paths() {
        if !ours.contains(path) && folder.join(path).symlink_metadata().is_ok() {
            let path = folder.join(path);
            return Err(refuse(format!(
                "`{}` was not written by wirebook; move it away, or build into another folder",
                path.display()
            )));
        }
    }
    let removed = ours.iter().filter(|path| !site.contains(path)).count();
    let paths: Vec<&str> = site.paths().collect();
    let same = |path: &&str| Fate::of(site, path, &folder, &ours).0 == Fate::Kept;
    let is_whole = removed == 0 && folder.join(SITE_MARKER).exists();
    if is_whole && paths.par_iter().all(same) {
        return Ok(Written { changed: 0, unchanged: paths.len(), removed });
    }
    let lost = lost(site, &folder);
    let unchanged = replace(site, &folder, &ours, &lost, progress)?;
    Ok(Written { changed: paths.len() - unchanged, unchanged, removed })
}

/// What becomes of the file that stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It has its bytes already.
    Kept,
    /// It is new, or has others.
    Written,
}

impl Fate {
    /// With the bytes that the file has in the new site.
    fn of(site: &Site, path: &str, folder: &Path, ours: &BTreeSet<String>) -> (Self, Arc<[u8]>) {
        let bytes = site.get(path).unwrap_or_default();
        let kept =
            ours.contains(path) && fs::read(folder.join(path)).is_ok_and(|old| *old == *bytes);
        (if kept { Self::Kept } else { Self::Written }, bytes)
    }
}

/// Addresses that the site in `folder` had, or had lost already, and that `site` has no more; in order. None where there is
/// no site, or an older one that has no list of its addresses.
pub fn lost(site: &Site, folder: &Path) -> BTreeSet<String> {
    let read = |path: &str| fs::read_to_string(folder.join(path)).unwrap_or_default();
    let marker = read(SITE_MARKER);
    let lost_before = marker.lines().filter_map(|line| line.strip_prefix(LOST));
    let lost_before: BTreeSet<String> = lost_before.map(str::to_owned).collect();
    let listed = marker.lines().any(|line| line == addresses::URL);
    let before = if listed { read(addresses::URL) } else { String::new() };
    if lost_before.is_empty() && before.is_empty() {
        return BTreeSet::new();
    }
    let now = site.get(addresses::URL).unwrap_or_default();
    addresses::lost(&lost_before, &before, &String::from_utf8_lossy(&now))
}

/// Paths in `folder` that wirebook wrote; an error where the folder is somebody else's.
fn ours(folder: &Path) -> io::Result<BTreeSet<String>> {
    match fs::read_to_string(folder.join(SITE_MARKER)) {
        Ok(text) => {
            let paths = text.lines().filter(|line| !line.starts_with('#'));
            return Ok(paths.filter(|path| is_inside(path)).map(str::to_owned).collect());
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            None => Ok(BTreeSet::new()),
            Some(_) => Err(refuse(format!(
                "`{}` holds files that wirebook did not write; name an empty or new folder, or empty this one first",
                folder.display()
            ))),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(error) => Err(error),
    }
}

/// Fills a folder beside `folder` and puts it in its place; says how many files did not change.
fn replace(
    site: &Site,
    folder: &Path,
    ours: &BTreeSet<String>,
    lost: &BTreeSet<String>,
    progress: &dyn Progress,
) -> io::Result<usize> {
    let parent = match folder.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => return Err(refuse("the root of the file system cannot hold a site".to_owned())),
    };
    fs::create_dir_all(parent)?;
    let work = tempfile::Builder::new().prefix(".wirebook-").tempdir_in(parent)?;
    let (new, old) = (work.path().join("new"), work.path().join("old"));
    let unchanged = fill(site, &new, (folder, ours), progress)?;
    let lost = lost.iter().map(|address| format!("{LOST}{address}\n"));
    let files = site.paths().map(|path| format!("{path}\n"));
    let marker: String =
        [format!("{MARKER_HEAD}\n")].into_iter().chain(lost).chain(files).collect();
    fs::write(new.join(SITE_MARKER), marker)?;
    if !folder.exists() {
        fs::rename(&new, folder)?;
        return Ok(unchanged);
    }
    fs::rename(folder, &old)?;
    if let Err(error) = fs::rename(&new, folder) {
        fs::rename(&old, folder)?;
        return Err(error);
    }
    if let Err(error) = keep_others(&old, folder, ours) {
        let kept = work.keep();
        let message = format!("files of the old folder are left in `{}`: {error}", kept.display());
        return Err(io::Error::new(error.kind(), message));
    }
    Ok(unchanged)
}

/// Writes the site into the folder `new`, which is made; says how many files stand in `old` with the same bytes.
fn fill(
    site: &Site,
    new: &Path,
    (old, ours): (&Path, &BTreeSet<String>),
    progress: &dyn Progress,
) -> io::Result<usize> {
    let paths: Vec<&str> = site.paths().collect();
    let folders: BTreeSet<&Path> =
        paths.iter().filter_map(|path| Path::new(path).parent()).collect();
    for inner in folders {
        fs::create_dir_all(new.join(inner))?;
    }
    let write = |path: &str| {
        let (fate, bytes) = Fate::of(site, path, old, ours);
        let file = new.join(path);
        if fate == Fate::Written || fs::hard_link(old.join(path), &file).is_err() {
            fs::write(&file, bytes)?;
        }
        progress.done(0);
        Ok(usize::from(fate == Fate::Kept))
    };
    paths.into_par_iter().map(write).sum()
}

/// Moves what is not ours from the old folder into the new one.
fn keep_others(old: &Path, new: &Path, ours: &BTreeSet<String>) -> io::Result<()> {
    let mut waiting = vec![PathBuf::new()];
    while let Some(inner) = waiting.pop() {
        for entry in fs::read_dir(old.join(&inner))? {
            let entry = entry?;
            let path = inner.join(entry.file_name());
            let name = path.to_string_lossy().replace('\\', "/");
            if name == SITE_MARKER || ours.contains(&name) {
                continue;
            }
            let target = new.join(&path);
            if entry.file_type()?.is_dir() && target.is_dir() {
                waiting.push(path);
            } else if entry.file_type()?.is_dir() && holds_ours(&name, ours) {
                fs::create_dir_all(&target)?;
                waiting.push(path);
            } else {
                fs::rename(entry.path(), target)?;
            }
        }
    }
    remove_empty(new, ours);
    Ok(())
}

fn holds_ours(folder: &str, ours: &BTreeSet<String>) -> bool {
    ours.iter().any(|path| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
}

/// Removes folders of the site before that came along empty.
fn remove_empty(root: &Path, ours: &BTreeSet<String>) {
    for path in ours {
        let mut folder = Path::new(path).parent();
        while let Some(inner) = folder.filter(|inner| !inner.as_os_str().is_empty()) {
            // Fails for folders that hold something, which is what is wanted.
            let _ = fs::remove_dir(root.join(inner));
            folder = inner.parent();
        }
    }
}

/// True for a relative path that stays inside.
fn is_inside(path: &str) -> bool {
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    !path.is_empty()
        && !path.contains(['\\', '\n', '\r'])
        && !path.starts_with('#')
        && Path::new(path).components().all(plain)
}

fn refuse(message: String) -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(files: &[(&str, &str)]) -> Site {
        Site::of(files.iter().map(|(p, t)| ((*p).to_owned(), t.as_bytes().to_vec())))
    }

    fn read(folder: &Path, path: &str) -> String {
        fs::read_to_string(folder.join(path)).unwrap()
    }

    #[test]
    fn a_site_is_written_and_written_again_with_what_changed() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("a/book");
        let first = site(&[("index.html", "1"), ("c/x.html", "2"), ("d/y.html", "3")]);
        assert_eq!(
            write(&first, &folder, &()).unwrap(),
            Written { changed: 3, unchanged: 0, removed: 0 }
        );
        assert_eq!(read(&folder, "c/x.html"), "2");
        let second = site(&[("index.html", "1"), ("c/x.html", "22")]);
        let before = fs::metadata(folder.join("index.html")).unwrap().modified().unwrap();
        assert_eq!(
            write(&second, &folder, &()).unwrap(),
            Written { changed: 1, unchanged: 1, removed: 1 }
        );
        assert_eq!(read(&folder, "c/x.html"), "22");
        assert!(!folder.join("d").exists());
        assert_eq!(fs::metadata(folder.join("index.html")).unwrap().modified().unwrap(), before);
        let beside: Vec<_> = fs::read_dir(root.path().join("a")).unwrap().collect();
        assert_eq!(beside.len(), 1, "nothing is left beside the site");
    }

    #[test]
    fn an_equal_site_touches_nothing() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("book");
        let only = site(&[("index.html", "1")]);
        write(&only, &folder, &()).unwrap();
        let before = fs::metadata(&folder).unwrap().modified().unwrap();
        assert_eq!(
            write(&only, &folder, &()).unwrap(),
            Written { changed: 0, unchanged: 1, removed: 0 }
        );
        assert_eq!(fs::metadata(&folder).unwrap().modified().unwrap(), before);
    }

    #[test]
    fn a_folder_of_somebody_else_is_refused_and_kept() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("thesis.txt"), "x").unwrap();
        let error = write(&site(&[("index.html", "1")]), root.path(), &()).unwrap_err();
        assert!(error.to_string().contains("empty or new folder"), "{error}");
        assert_eq!(read(root.path(), "thesis.txt"), "x");
        assert!(!root.path().join("index.html").exists());
    }

    #[test]
    fn files_that_are_not_ours_stay() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("book");
        write(&site(&[("index.html", "1"), ("c/x.html", "2")]), &folder, &()).unwrap();
        fs::write(folder.join("CNAME"), "example.org").unwrap();
        fs::create_dir_all(folder.join(".git/refs")).unwrap();
        fs::write(folder.join(".git/refs/head"), "abc").unwrap();
        fs::write(folder.join("c/mine.txt"), "mine").unwrap();
        write(&site(&[("index.html", "changed")]), &folder, &()).unwrap();
        assert_eq!(read(&folder, "CNAME"), "example.org");
        assert_eq!(read(&folder, ".git/refs/head"), "abc");
        assert_eq!(read(&folder, "c/mine.txt"), "mine");
        assert!(!folder.join("c/x.html").exists());
        let error = write(&site(&[("CNAME", "mine now")]), &folder, &()).unwrap_err();
        assert!(error.to_string().contains("not written by wirebook"), "{error}");
        assert_eq!(read(&folder, "index.html"), "changed");
    }

    #[test]
    fn paths_that_lead_out_are_refused_even_in_a_marker() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("book");
        assert!(write(&site(&[("../x", "1")]), &folder, &()).is_err());
        assert!(write(&site(&[("/x", "1")]), &folder, &()).is_err());
        fs::write(root.path().join("precious"), "x").unwrap();
        write(&site(&[("index.html", "1")]), &folder, &()).unwrap();
        fs::write(folder.join(SITE_MARKER), "../precious\nindex.html\n").unwrap();
        write(&site(&[("index.html", "2")]), &folder, &()).unwrap();
        assert_eq!(read(root.path(), "precious"), "x");
    }
}
