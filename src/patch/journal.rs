//! What an application is about to change, written down before it does: whatever ends the program, everything can be put back.
//!
//! A folder in the git folder holds the index and the files as they were, the files that come, and, written last, the journal itself. A
//! lock, which programs started meanwhile hold too, keeps others away until all of them have ended.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::git::Git;
use super::{Failure, Scratch, repository};

/// Name of the folder in the git folder.
const FOLDER: &str = "wirebook-apply";

/// Name of the journal in it.
const JOURNAL: &str = "journal.json";

/// Name of an object of which not all is there; git itself removes files of such names when it cleans up.
const UNFINISHED: &str = "tmp_obj_wirebook";

/// What will be changed, and what has to be put back.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Journal {
    /// The git folder.
    pub(super) git_dir: PathBuf,
    /// Top folder of the work tree.
    pub(super) top: PathBuf,
    /// The branch; `HEAD` where none is checked out.
    pub(super) branch: String,
    /// The commit it is at.
    pub(super) old: String,
    /// The commit it will be at.
    pub(super) new: String,
    /// The files.
    pub(super) files: Vec<Replaced>,
    /// Where the repository's objects lie.
    pub(super) objects: PathBuf,
    /// The objects that come, by path below that folder.
    pub(super) coming: Vec<String>,
}

/// A file of the work tree.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Replaced {
    /// Path from the top.
    pub(super) path: String,
    /// True if it is there before.
    pub(super) was: bool,
    /// True if it is there after.
    pub(super) is: bool,
}

/// Waits until nobody else applies anything in this repository, or puts anything back. It lasts until the file is closed by this
/// program and by those that hold it; `None` where the system cannot lock folders.
pub(super) fn lock(git_dir: &Path) -> Result<Option<Arc<File>>, Failure> {
    let Ok(folder) = File::open(git_dir) else { return Ok(None) };
    match folder.lock() {
        Ok(()) => Ok(Some(Arc::new(folder))),
        Err(error) if error.kind() == ErrorKind::Unsupported => Ok(None),
        Err(error) => {
            Err(Failure::unusable(format!("the repository cannot be locked: {error}"), ""))
        }
    }
}

impl Journal {
    /// Copies what is there, keeps what comes (`None` for files that go), and writes the journal, whole or not at all.
    pub(super) fn save(&self, new: &[Option<Arc<[u8]>>]) -> io::Result<()> {
        let folder = self.git_dir.join(FOLDER);
        fs::create_dir_all(&folder)?;
        fs::copy(self.git_dir.join("index"), folder.join("index"))?;
        for (number, (file, new)) in self.files.iter().zip(new).enumerate() {
            if file.was {
                fs::copy(self.top.join(&file.path), old_copy(&folder, number))?;
            }
            if let Some(bytes) = new {
                fs::write(new_copy(&folder, number), bytes)?;
            }
        }
        let text = serde_json::to_string(self).map_err(io::Error::other)?;
        let unfinished = folder.join("unfinished");
        fs::write(&unfinished, text)?;
        File::open(&unfinished)?.sync_all()?;
        fs::rename(unfinished, folder.join(JOURNAL))
    }

    /// Copies the objects that come out of `from`, a folder of objects.
    pub(super) fn move_objects(&self, from: &Path) -> io::Result<()> {
        for path in &self.coming {
            let place = self.objects.join(path);
            let folder = place.parent().unwrap_or(&self.objects);
            fs::create_dir_all(folder)?;
            let unfinished = folder.join(UNFINISHED);
            fs::copy(from.join(path), &unfinished)?;
            File::open(&unfinished)?.sync_all()?;
            fs::rename(unfinished, place)?;
        }
        Ok(())
    }

    /// Makes the files of the work tree what they will be.
    pub(super) fn place_files(&self) -> io::Result<()> {
        let folder = self.git_dir.join(FOLDER);
        for (number, file) in self.files.iter().enumerate() {
            let place = self.top.join(&file.path);
            if file.is {
                fs::create_dir_all(place.parent().unwrap_or(&self.top))?;
                fs::copy(new_copy(&folder, number), &place)?;
            } else {
                fs::remove_file(&place)?;
                remove_empty(&self.top, &place);
            }
        }
        Ok(())
    }

    /// True if nothing has changed since but what this journal says.
    fn is_untouched(&self, git: &Git, head: &Head) -> io::Result<bool> {
        if head.branch != self.branch || head.commit != self.old {
            return Ok(false);
        }
        let folder = self.git_dir.join(FOLDER);
        for (number, file) in self.files.iter().enumerate() {
            let now = read(&self.top.join(&file.path))?;
            let old = read(&old_copy(&folder, number))?;
            let new = read(&new_copy(&folder, number))?;
            // A file that was being written holds the beginning of what it was to hold.
            let begun = now.as_ref().zip(new).is_some_and(|(now, new)| new.starts_with(now));
            if !(now == old || begun || (now.is_none() && !file.is)) {
                return Ok(false);
            }
        }
        let index_is = |commit: &str| {
            let said = git.run(&["diff-index", "--cached", "--quiet", commit, "--"], b"");
            said.is_ok_and(|said| said.success)
        };
        Ok(index_is(&self.old) || index_is(&self.new))
    }

    fn put_back(&self, git: &Git) -> io::Result<()> {
        let folder = self.git_dir.join(FOLDER);
        for (number, file) in self.files.iter().enumerate() {
            let place = self.top.join(&file.path);
            let old = read(&old_copy(&folder, number))?;
            if read(&place)? == old {
                continue;
            }
            if let Some(old) = old {
                fs::create_dir_all(place.parent().unwrap_or(&self.top))?;
                fs::write(&place, old)?;
            } else {
                fs::remove_file(&place)?;
                remove_empty(&self.top, &place);
            }
        }
        let index = folder.join("index.back");
        fs::copy(folder.join("index"), &index)?;
        fs::rename(index, self.git_dir.join("index"))?;
        self.remove_objects(git)
    }

    /// Removes the objects that came, but for those that something has come to need.
    fn remove_objects(&self, git: &Git) -> io::Result<()> {
        let everything = ["rev-list", "--objects", "--all", "--reflog", "--indexed-objects"];
        let Some(said) = git.run(&everything, b"").ok().filter(|said| said.success) else {
            // Objects that nothing needs do no harm; git removes them in time.
            return Ok(());
        };
        let said = said.text();
        let needed: BTreeSet<&str> =
            said.lines().filter_map(|line| line.split(' ').next()).collect();
        for path in &self.coming {
            let place = self.objects.join(path);
            let folder = place.parent().unwrap_or(&self.objects);
            gone(fs::remove_file(folder.join(UNFINISHED)))?;
            if !needed.contains(path.replace('/', "").as_str()) {
                gone(fs::remove_file(&place))?;
                // One with something in it refuses.
                let _ = fs::remove_dir(folder);
            }
        }
        Ok(())
    }
}

/// Ends the application, or the putting back.
pub(super) fn forget(git_dir: &Path) -> io::Result<()> {
    let folder = git_dir.join(FOLDER);
    gone(fs::remove_file(folder.join(JOURNAL)))?;
    gone(fs::remove_dir_all(folder))
}

/// Puts back what an application that was cut off has changed: true if it did. Whoever calls it holds the lock.
///
/// Where the branch has moved to the new commit the application had come to its end. Where anything else has changed since, nothing
/// is touched, and the error says where the files as they were lie.
pub(super) fn put_back(git_dir: &Path) -> Result<bool, Failure> {
    let folder = git_dir.join(FOLDER);
    let saved = format!("the files as they were are in `{}`", folder.display());
    let failed = |error: io::Error| {
        let message = format!("what a patch has left half done cannot be put back: {error}");
        Failure::unusable(message, saved.as_str())
    };
    let Some(text) = read(&folder.join(JOURNAL)).map_err(failed)? else {
        // Copies without a journal: nothing was changed yet.
        return forget(git_dir).map(|()| false).map_err(failed);
    };
    let journal: Journal =
        serde_json::from_slice(&text).map_err(|error| failed(io::Error::other(error)))?;
    let git = Git::new(&journal.top, git_dir);
    let head = Head::read(&git)?;
    if head.branch == journal.branch && head.commit == journal.new {
        return forget(git_dir).map(|()| false).map_err(failed);
    }
    if git_dir.join("index.lock").exists() {
        let help = "wait until it is done; where none is, delete `index.lock` in the git folder";
        return Err(Failure::unusable("another git is at work in the repository", help));
    }
    if !journal.is_untouched(&git, &head).map_err(failed)? {
        let message = "a patch was left half done, and the repository has changed since";
        let help = format!("{saved}: delete that folder when you need none of them");
        return Err(Failure::unusable(message, help));
    }
    journal.put_back(&git).and_then(|()| forget(git_dir)).map_err(failed)?;
    Ok(true)
}

/// The same for the repository that holds `folder`, once whoever is at work in it is done.
pub fn recover_at(folder: &Path, scratch: &Scratch) -> Result<bool, Failure> {
    let git_dir = repository::find(folder, &scratch.home())?.git_dir;
    let _lock = lock(&git_dir)?;
    put_back(&git_dir)
}

/// What is checked out.
pub(super) struct Head {
    /// The branch; `HEAD` for none.
    pub(super) branch: String,
    /// The commit; empty for none.
    pub(super) commit: String,
}

impl Head {
    /// Asks git.
    pub(super) fn read(git: &Git) -> Result<Self, Failure> {
        let branch = git.run(&["symbolic-ref", "--quiet", "HEAD"], b"")?;
        let branch = if branch.success { branch.text() } else { "HEAD".to_owned() };
        let commit = git.run(&["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], b"")?;
        Ok(Self { branch, commit: if commit.success { commit.text() } else { String::new() } })
    }
}

fn old_copy(folder: &Path, number: usize) -> PathBuf {
    folder.join(format!("{number}.old"))
}

fn new_copy(folder: &Path, number: usize) -> PathBuf {
    folder.join(format!("{number}.new"))
}

/// The bytes of a file; `None` where there is none.
fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// What is not there is removed.
fn gone(removed: io::Result<()>) -> io::Result<()> {
    removed.or_else(|error| if error.kind() == ErrorKind::NotFound { Ok(()) } else { Err(error) })
}

/// Takes away the folders above a file that hold nothing any more.
fn remove_empty(top: &Path, file: &Path) {
    let mut folder = file.parent();
    while let Some(empty) = folder.filter(|folder| *folder != top && folder.starts_with(top)) {
        // A folder with something in it refuses.
        if fs::remove_dir(empty).is_err() {
            return;
        }
        folder = empty.parent();
    }
}
