//! The user's repository, as far as it is read: where it is, which commit patches are held against, where the wiki lies in it.

use std::path::{Path, PathBuf};

use super::git::{self, Git};
use super::tree::{Blobs, Listing};
use super::{Failure, tree};
use crate::config::parse;
use crate::load::SETTINGS;
use crate::text::Source;

/// A repository.
#[derive(Debug, Clone)]
pub(super) struct Repository {
    /// Folder in which git is run for it.
    pub(super) folder: PathBuf,
    /// Where this work tree's own files lie: `HEAD`, the index.
    pub(super) git_dir: PathBuf,
    /// Where the objects lie.
    pub(super) objects: PathBuf,
    /// `sha1` or `sha256`.
    pub(super) format: String,
    /// True if old commits are missing.
    pub(super) shallow: bool,
    /// Top folder of the work tree; `None` for a repository without one.
    pub(super) top: Option<PathBuf>,
    /// The folder that the user named, seen from the top, with a final `/`; empty for the top.
    pub(super) prefix: String,
}

/// Where a wiki lies in a tree. Both end in `/`, or are empty for the top.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Book {
    /// The folder of `book.toml`.
    pub root: String,
    /// The folder of the pages.
    pub pages: String,
}

impl Book {
    /// The path of its settings.
    pub(super) fn settings_path(&self) -> String {
        format!("{}{SETTINGS}", self.root)
    }
}

/// Finds the repository that holds `folder`.
pub(super) fn find(folder: &Path, home: &Path) -> Result<Repository, Failure> {
    let folder = folder.canonicalize().ok().filter(|folder| folder.is_dir()).ok_or_else(|| {
        Failure::unusable(format!("there is no folder `{}`", folder.display()), "")
    })?;
    let git = Git::new(&folder, home);
    git::new_enough(&git)?;
    let ask = |what: &[&str]| -> Result<String, Failure> {
        let arguments = [&["rev-parse", "--path-format=absolute"], what].concat();
        let said = git.run(&arguments, b"")?;
        if said.success {
            return Ok(said.text());
        }
        let message = format!("`{}` is in no git repository", folder.display());
        let help = "run it in a clone of the wiki, or name one with `--dir`";
        let known = said.err.contains("not a git repository");
        Err(if known {
            Failure::unusable(message, help)
        } else {
            Failure::unusable(said.err, help)
        })
    };
    let git_dir = PathBuf::from(ask(&["--absolute-git-dir"])?);
    let objects = PathBuf::from(ask(&["--git-path", "objects"])?);
    let format = ask(&["--show-object-format"])?;
    let shallow = ask(&["--is-shallow-repository"])? == "true";
    let bare =
        ask(&["--is-bare-repository"])? == "true" || ask(&["--is-inside-work-tree"])? != "true";
    let top = if bare { None } else { Some(PathBuf::from(ask(&["--show-toplevel"])?)) };
    let prefix = if bare { String::new() } else { ask(&["--show-prefix"])? };
    Ok(Repository { folder, git_dir, objects, format, shallow, top, prefix })
}

impl Repository {
    /// Git in this repository.
    pub(super) fn git(&self, home: &Path) -> Git {
        Git::new(&self.folder, home)
    }

    /// The commit that a name means.
    pub(super) fn commit(&self, name: &str, home: &Path) -> Result<String, Failure> {
        let wanted = format!("{name}^{{commit}}");
        let arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted];
        let said = self.git(home).run(&arguments, b"")?;
        if said.success {
            return Ok(said.text());
        }
        let (message, help) = match name {
            "HEAD" => ("the repository has no commit yet".to_owned(), "commit the wiki first"),
            name => (
                format!("`{name}` is no commit of the repository"),
                "name a branch, a tag or a commit",
            ),
        };
        Err(Failure::unusable(message, help))
    }

    /// True if the commit of this full id is there, and `head` comes from it.
    pub(super) fn is_ancestor(&self, id: &str, head: &str, home: &Path) -> Result<bool, Failure> {
        let digits = id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if !digits || !matches!(id.len(), 40 | 64) {
            return Ok(false);
        }
        Ok(self.git(home).run(&["merge-base", "--is-ancestor", id, head], b"")?.success)
    }
}

/// Where the wiki lies in a tree, for a user in the folder `prefix`.
pub(super) fn book(prefix: &str, listing: &Listing, blobs: &mut Blobs) -> Result<Book, Failure> {
    let mut settings = |root: &str| -> Result<Option<String>, Failure> {
        let Some(entry) = listing.get(&format!("{root}{SETTINGS}")) else { return Ok(None) };
        let bytes = blobs.get(&entry.id)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let folder = parse(&Source::new(SETTINGS, text)).0.source_folder;
        Ok(Some(format!("{root}{}", tree::prefix(&folder))))
    };
    if let Some(pages) = settings(prefix)? {
        return Ok(Book { root: prefix.to_owned(), pages });
    }
    let inner = prefix.trim_end_matches('/');
    if !inner.is_empty() {
        let parent =
            inner.rsplit_once('/').map_or(String::new(), |(parent, _)| format!("{parent}/"));
        if let Some(pages) = settings(&parent)?.filter(|pages| pages == prefix) {
            return Ok(Book { root: parent, pages });
        }
    }
    Ok(Book { root: prefix.to_owned(), pages: prefix.to_owned() })
}
