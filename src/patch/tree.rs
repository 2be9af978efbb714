//! The files of a tree of git: what they are called, their modes and ids, and their bytes, read from the object store.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::Failure;
use super::git::Git;
use super::repository::Book;
use crate::load::{Loaded, Tree, from_tree};

/// A file of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its mode, in octal digits.
    pub(super) mode: String,
    /// The id of its bytes.
    pub(super) id: String,
}

/// The files of a tree, by path.
pub(super) type Listing = BTreeMap<String, Entry>;

/// A file before and after; `None` where it is not there.
pub(super) type Changed = (String, Option<Entry>, Option<Entry>);

/// Reads bytes by id, each once.
#[derive(Debug)]
pub(super) struct Blobs {
    git: Git,
    known: BTreeMap<String, Arc<[u8]>>,
}

impl Blobs {
    /// Reads with this git.
    pub(super) fn new(git: Git) -> Self {
        Self { git, known: BTreeMap::new() }
    }

    /// The bytes of one id.
    pub(super) fn get(&mut self, id: &str) -> Result<Arc<[u8]>, Failure> {
        self.fetch(&[id])?;
        Ok(self.known.get(id).cloned().unwrap_or_else(|| Arc::from([])))
    }

    /// Reads the bytes of all these ids in one run of git.
    pub(super) fn fetch(&mut self, ids: &[&str]) -> Result<(), Failure> {
        let missing: Vec<&str> =
            ids.iter().copied().filter(|id| !self.known.contains_key(*id)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let input: String = missing.iter().flat_map(|id| [*id, "\n"]).collect();
        let out = self.git.done(&["cat-file", "--batch"], input.as_bytes())?.out;
        let mut rest = out.as_slice();
        for id in missing {
            let lost = || {
                let message = format!("the object {id} is not in the repository");
                Failure::unusable(
                    message,
                    "a partial clone does not do: fetch all of it, `git fetch --refetch`",
                )
            };
            let end = rest.iter().position(|byte| *byte == b'\n').ok_or_else(lost)?;
            let (head, after) = rest.split_at(end);
            let head = String::from_utf8_lossy(head);
            let size = head.rsplit(' ').next().and_then(|size| size.parse::<usize>().ok());
            let (bytes, after) = size
                .zip(after.get(1..))
                .and_then(|(size, after)| after.split_at_checked(size))
                .ok_or_else(lost)?;
            self.known.insert(id.to_owned(), Arc::from(bytes));
            rest = after.get(1..).unwrap_or_default();
        }
        Ok(())
    }
}

/// The files of a tree.
pub(super) fn list(git: &Git, tree: &str) -> Result<Listing, Failure> {
    let out = git.done(&["ls-tree", "-r", "-z", "--full-tree", tree], b"")?.out;
    let mut listing = Listing::new();
    for line in out.split(|byte| *byte == 0).filter(|line| !line.is_empty()) {
        let line = String::from_utf8_lossy(line);
        let Some((head, path)) = line.split_once('\t') else { continue };
        let words: Vec<&str> = head.split(' ').collect();
        if let [mode, _, id] = words.as_slice() {
            let entry = Entry { mode: (*mode).to_owned(), id: (*id).to_owned() };
            listing.insert(path.to_owned(), entry);
        }
    }
    Ok(listing)
}

/// What differs between two trees.
pub(super) fn changed(git: &Git, before: &str, after: &str) -> Result<Vec<Changed>, Failure> {
    let arguments =
        ["diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-ext-diff", before, after];
    let out = git.done(&arguments, b"")?.out;
    let mut parts =
        out.split(|byte| *byte == 0).map(|part| String::from_utf8_lossy(part).into_owned());
    let mut changed = Vec::new();
    while let (Some(head), Some(path)) = (parts.next(), parts.next()) {
        let words: Vec<&str> = head.trim_start_matches(':').split(' ').collect();
        let [old_mode, new_mode, old, new, _] = words.as_slice() else { continue };
        let entry = |mode: &str, id: &str| {
            (mode != "000000").then(|| Entry { mode: mode.to_owned(), id: id.to_owned() })
        };
        changed.push((path, entry(old_mode, old), entry(new_mode, new)));
    }
    Ok(changed)
}

/// A listing after a change.
pub(super) fn apply(listing: &mut Listing, changed: &[Changed]) {
    for (path, _, new) in changed {
        match new {
            Some(entry) => drop(listing.insert(path.clone(), entry.clone())),
            None => drop(listing.remove(path)),
        }
    }
}

/// The wiki in a tree, read by the settings of the one `before`.
pub(super) fn read(
    listing: &Listing,
    book: &Book,
    blobs: &mut Blobs,
    before: Option<&Loaded>,
) -> Result<Loaded, Failure> {
    let plain = |entry: &Entry| entry.mode == "100644" || entry.mode == "100755";
    let files: Vec<(&str, &Entry)> = listing
        .iter()
        .filter(|(_, entry)| plain(entry))
        .filter_map(|(path, entry)| Some((path.strip_prefix(&book.root)?, entry)))
        .collect();
    blobs.fetch(&files.iter().map(|(_, entry)| entry.id.as_str()).collect::<Vec<_>>())?;
    let mut tree = Tree::new();
    for (path, entry) in files {
        tree.insert(path.to_owned(), blobs.get(&entry.id)?);
    }
    Ok(from_tree(PathBuf::from(&book.root), &tree, before))
}

/// What the paths of a folder's files begin with; empty for the top.
pub(super) fn prefix(folder: &str) -> String {
    let parts = folder.split('/').filter(|part| !matches!(*part, "" | "."));
    parts.flat_map(|part| [part, "/"]).collect()
}
