//! Mended pages to disk, each whole or not at all.
//!
//! 1. Every file is read again. If one is not what was loaded, nothing is written: somebody is at work on it.
//! 2. Beside each file a new one is filled, with the same permissions.
//! 3. Each is compared once more, and the new one takes its name.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use tempfile::NamedTempFile;

use super::Change;

/// Why pages could not be written.
#[derive(Debug)]
pub enum WriteError {
    /// The file changed since it was loaded.
    Changed(PathBuf),
    /// The system refused.
    System(PathBuf, io::Error),
}

impl fmt::Display for WriteError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed(path) => {
                write!(out, "`{}` changed while it was checked", path.display())
            }
            Self::System(path, error) => {
                write!(out, "`{}` cannot be written: {error}", path.display())
            }
        }
    }
}

impl std::error::Error for WriteError {}

/// Writes the changed pages below `folder`, the book's source folder.
///
/// An error before the first file has its new name leaves all as they were; a later one leaves each file whole, old or
/// new.
pub fn write(changes: &[Change], folder: &Path) -> Result<(), WriteError> {
    let mut targets: BTreeMap<PathBuf, &Change> = BTreeMap::new();
    for change in changes {
        let path = change.before.path.split('/').fold(folder.to_owned(), |at, part| at.join(part));
        // A link stays a link; two links to one file are one file.
        let target = path.canonicalize().map_err(|error| WriteError::System(path, error))?;
        let other = targets.insert(target.clone(), change);
        if other.is_some_and(|other| other.after.text != change.after.text) {
            return Err(WriteError::Changed(target));
        }
    }
    let mut ready = Vec::new();
    for (target, change) in targets {
        same(&target, change)?;
        let system = |error| WriteError::System(target.clone(), error);
        ready.push((filled(&target, &change.after.text).map_err(system)?, target, change));
    }
    for (file, target, change) in ready {
        same(&target, change)?;
        file.persist(&target).map_err(|error| WriteError::System(target, error.error))?;
    }
    Ok(())
}

fn same(target: &Path, change: &Change) -> Result<(), WriteError> {
    match fs::read(target) {
        Ok(bytes) if bytes == change.before.text.as_bytes() => Ok(()),
        Ok(_) => Err(WriteError::Changed(target.to_owned())),
        Err(error) => Err(WriteError::System(target.to_owned(), error)),
    }
}

fn filled(target: &Path, text: &str) -> io::Result<NamedTempFile> {
    let permissions = fs::metadata(target)?.permissions();
    if permissions.readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only"));
    }
    let mut file = NamedTempFile::new_in(target.parent().unwrap_or(Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(permissions)?;
    file.as_file().sync_all()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::text::Source;

    fn change(path: &str, before: &str, after: &str) -> Change {
        let source = |text| Arc::new(Source::new(path, text));
        Change { before: source(before), after: source(after) }
    }

    #[test]
    fn nothing_is_written_where_one_file_is_not_what_was_loaded() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.md"), "a\n").unwrap();
        fs::write(folder.path().join("b.md"), "other\n").unwrap();
        let changes = [change("a.md", "a\n", "A\n"), change("b.md", "b\n", "B\n")];
        let error = write(&changes, folder.path()).unwrap_err();
        assert!(error.to_string().contains("b.md` changed while it was checked"), "{error}");
        assert_eq!(fs::read_to_string(folder.path().join("a.md")).unwrap(), "a\n");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_are_kept() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};

        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("a.md"), folder.path().join("b.md"));
        fs::write(&file, "a\r\n").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("a.md", &link).unwrap();
        let changes = [change("a.md", "a\r\n", "A\r\n"), change("b.md", "a\r\n", "A\r\n")];
        write(&changes, folder.path()).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "A\r\n");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(link.symlink_metadata().unwrap().is_symlink());
        fs::set_permissions(&file, fs::Permissions::from_mode(0o440)).unwrap();
        assert!(write(&[change("a.md", "A\r\n", "x")], folder.path()).is_err());
    }
}
