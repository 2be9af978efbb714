//! Which folder is the root of the book that a user names.

use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use super::{SETTINGS, below};
use crate::config::parse;
use crate::text::Source;

/// Why a book could not be read.
#[derive(Debug)]
pub enum LoadError {
    /// There is no such folder.
    Missing(PathBuf),
    /// It is a file, not a folder.
    IsFile(PathBuf),
    /// `book.toml` names a source folder that is not there.
    NoSourceFolder(PathBuf),
    /// The system refused to let it be read.
    Unreadable(PathBuf, io::Error),
}

impl fmt::Display for LoadError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => write!(out, "there is no folder `{}`", path.display()),
            Self::IsFile(path) => write!(out, "`{}` is a file, not a folder", path.display()),
            Self::NoSourceFolder(path) => {
                write!(out, "the book's source folder `{}` does not exist", path.display())
            }
            Self::Unreadable(path, error) => {
                write!(out, "`{}` cannot be read: {error}", path.display())
            }
        }
    }
}

impl std::error::Error for LoadError {}

impl LoadError {
    /// What to do about it; empty where that is plain.
    pub fn help(&self) -> &'static str {
        match self {
            Self::IsFile(_) => "name the folder of the wiki; its pages are checked together",
            Self::NoSourceFolder(_) => {
                "create it, or name another folder as `src` under `[book]` in `book.toml`"
            }
            Self::Missing(_) | Self::Unreadable(..) => "",
        }
    }
}

/// The root of the book that `dir` is or is the source folder of; absolute, without links in it.
pub(super) fn root(dir: &Path) -> Result<PathBuf, LoadError> {
    let root = match dir.canonicalize() {
        Ok(root) => root,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(LoadError::Missing(dir.to_owned()));
        }
        Err(error) => return Err(LoadError::Unreadable(dir.to_owned(), error)),
    };
    if !root.is_dir() {
        return Err(LoadError::IsFile(dir.to_owned()));
    }
    if root.join(SETTINGS).is_file() {
        return Ok(root);
    }
    match root.parent().filter(|parent| is_source_folder(&root, parent)) {
        Some(parent) => Ok(parent.to_owned()),
        None => Ok(root),
    }
}

/// True if `parent` holds a `book.toml` that has `folder` as its source folder.
fn is_source_folder(folder: &Path, parent: &Path) -> bool {
    let Ok(text) = fs::read_to_string(parent.join(SETTINGS)) else { return false };
    let (config, _) = parse(&Source::new(SETTINGS, text));
    below(parent, &config.source_folder).canonicalize().is_ok_and(|source| source == folder)
}
