//! Commits a series that has been reviewed: all of it or nothing.
//!
//! 1. Commits are made in the quarantine, each with its author, date and message, and their objects are copied as one pack.
//! 2. Work tree, index and branch must be clean, and no file that comes may be there already.
//! 3. What will change is written to a journal in the git folder: from now on whatever ends this program leads to `recover`.
//! 4. Files are put in place, then the index, then the branch, which must still be where it was. With that the journal goes.
//!
//! Where anything fails before the branch has moved, `recover` puts every file back. It is called by the warden that outlives a
//! killed program, and by the next run.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::git::Git;
use super::quarantine::Quarantine;
use super::repository::{self, Repository};
use super::tree::{self, Blobs, Changed};
use super::{Failure, Place, Review, Scratch};

/// Name of the journal in the git folder.
const JOURNAL: &str = "wirebook-apply.json";

/// Name of the folder beside it that holds the files as they were.
const SAVED: &str = "wirebook-apply";

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The branch; `HEAD` where none is checked out.
    pub branch: String,
    /// The new commits, oldest first.
    pub commits: Vec<String>,
}

/// What has to be put back.
#[derive(Debug, Serialize, Deserialize)]
struct Journal {
    top: PathBuf,
    branch: String,
    old: String,
    new: String,
    /// Files by path, each with whether it was there.
    files: Vec<(String, bool)>,
}

/// Commits a review's series on top of the commit that it was held against.
pub fn apply(review: &Review, place: Place<'_>) -> Result<Applied, Failure> {
    let home = place.scratch.home();
    let repository = repository::find(place.folder, &home)?;
    recover(&repository.git_dir)?;
    let git = repository.git(&home).distrusting();
    let Some(top) = repository.top.clone() else {
        let help = "apply it in a clone, and push";
        return Err(Failure::unusable(
            "a repository without a work tree has no place for it",
            help,
        ));
    };
    let head = repository.commit("HEAD", &home)?;
    if head != review.base {
        let help = "leave out `--base`, or check that commit out";
        return Err(Failure::unusable(
            "the series was held against another commit than `HEAD`",
            help,
        ));
    }
    let branch = git.run(&["symbolic-ref", "--quiet", "HEAD"], b"")?;
    let branch = if branch.success { branch.text() } else { "HEAD".to_owned() };
    clean(&git, &repository)?;
    let quarantine = Quarantine::new(place.scratch, &repository)?;
    let commits = commits(review, &quarantine, &git)?;
    let Some(new) = commits.last().filter(|new| **new != head) else {
        return Err(Failure::unusable("the series changes nothing", ""));
    };
    move_objects(&quarantine, &git, &head, new)?;
    let last = review.patches.last().map_or("", |patch| patch.tree.as_str());
    let changed = tree::changed(&git, &head, last)?;
    let journal = Journal {
        top,
        branch: branch.clone(),
        old: head,
        new: new.clone(),
        files: changed.iter().map(|(path, old, _)| (path.clone(), old.is_some())).collect(),
    };
    vacant(&journal)?;
    let mut blobs = Blobs::new(git.clone());
    let done = write(&journal, &changed, &repository, &git, &mut blobs);
    if let Err(failure) = done {
        recover(&repository.git_dir)?;
        return Err(failure);
    }
    Ok(Applied { branch, commits })
}

/// Refuses where the user has changes that are not committed, or something is half done.
fn clean(git: &Git, repository: &Repository) -> Result<(), Failure> {
    for (name, what) in [
        ("MERGE_HEAD", "a merge"),
        ("rebase-merge", "a rebase"),
        ("rebase-apply", "a rebase, or `git am`,"),
        ("CHERRY_PICK_HEAD", "a cherry-pick"),
        ("BISECT_LOG", "a bisection"),
    ] {
        if repository.git_dir.join(name).exists() {
            return Err(Failure::unusable(format!("{what} is under way"), "end it first"));
        }
    }
    if repository.git_dir.join("index.lock").exists() {
        return Err(Failure::unusable(
            "another git is at work in the repository",
            "wait until it is done",
        ));
    }
    let said = git.done(&["status", "--porcelain", "-z", "--untracked-files=no"], b"")?;
    if said.out.is_empty() {
        return Ok(());
    }
    let message = "there are changes that are not committed";
    Err(Failure::unusable(message, "commit them, or put them aside with `git stash`"))
}

/// Refuses where a file that is to come is there already, or a link is on the way to one.
fn vacant(journal: &Journal) -> Result<(), Failure> {
    for (path, was) in &journal.files {
        let mut place = journal.top.clone();
        for part in path.split('/') {
            place.push(part);
            if fs::symlink_metadata(&place).is_ok_and(|kind| kind.file_type().is_symlink()) {
                return Err(Failure::unusable(
                    format!("`{path}` lies behind a link"),
                    "put the file itself there",
                ));
            }
        }
        if !was && place.exists() {
            let message = format!("`{path}` is there, and git does not know it");
            return Err(Failure::unusable(message, "move it away first"));
        }
    }
    Ok(())
}

/// Makes the commits in the quarantine.
fn commits(review: &Review, quarantine: &Quarantine, git: &Git) -> Result<Vec<String>, Failure> {
    let ask = |name: &str| git.run(&["config", "--get", name], b"").map(|said| said.text());
    let (name, address) = committer(&ask)?;
    let mut parent = review.base.clone();
    let mut commits = Vec::new();
    let mut before = quarantine.begin(&review.base)?;
    for one in &review.patches {
        let (seconds, minutes) = one.patch.mail.date.unwrap_or_default();
        let sign = if minutes < 0 { '-' } else { '+' };
        let zone = format!("{sign}{:02}{:02}", minutes.abs() / 60, minutes.abs() % 60);
        // The tree is made again: what is committed is what the diff gives, or nothing is.
        let tree = quarantine.apply(one.patch.mail.number, &one.patch.diff)?;
        if tree.as_ref().ok() != Some(&one.tree) || tree.as_ref().ok() == Some(&before) {
            return Err(Failure::unusable(
                "the series gives another tree than the one reviewed",
                "run it again",
            ));
        }
        before.clone_from(&one.tree);
        let author = if one.patch.author.name.is_empty() {
            &one.patch.author.address
        } else {
            &one.patch.author.name
        };
        let git = quarantine
            .git
            .clone()
            .with("GIT_AUTHOR_NAME", author)
            .with("GIT_AUTHOR_EMAIL", &one.patch.author.address)
            .with("GIT_AUTHOR_DATE", format!("@{seconds} {zone}"))
            .with("GIT_COMMITTER_NAME", &name)
            .with("GIT_COMMITTER_EMAIL", &address);
        let arguments = ["commit-tree", "-p", &parent, "-F", "-", &one.tree];
        parent = git.done(&arguments, one.patch.message.as_bytes())?.text();
        commits.push(parent.clone());
    }
    Ok(commits)
}

/// Who commits: by the environment, the repository's settings, or the user's.
pub(super) fn committer(
    ask: &dyn Fn(&str) -> Result<String, Failure>,
) -> Result<(String, String), Failure> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let own = |name: &str| -> Option<String> {
        // The only thing that is asked of the user's own settings.
        let mut command = std::process::Command::new("git");
        let out = command.args(["config", "--global", "--get", name]).output().ok()?;
        let text = String::from_utf8(out.stdout).ok()?.trim().to_owned();
        (!text.is_empty()).then_some(text)
    };
    let find = |environment: &str, setting: &str| -> Result<Option<String>, Failure> {
        let found = variable(environment).or(Some(ask(setting)?).filter(|text| !text.is_empty()));
        Ok(found.or_else(|| own(setting)))
    };
    let name = find("GIT_COMMITTER_NAME", "user.name")?;
    let address = find("GIT_COMMITTER_EMAIL", "user.email")?;
    name.zip(address).ok_or_else(|| {
        let help = "say it with `git config user.name` and `git config user.email`";
        Failure::unusable("git does not know who you are", help)
    })
}

/// Copies the new objects into the user's store, as one pack.
fn move_objects(quarantine: &Quarantine, git: &Git, old: &str, new: &str) -> Result<(), Failure> {
    let wanted = format!("{new}\n^{old}\n");
    let pack =
        quarantine.git.done(&["pack-objects", "--revs", "--stdout", "-q"], wanted.as_bytes())?;
    git.done(&["unpack-objects", "-q", "--strict"], &pack.out)?;
    Ok(())
}

/// Puts files, index and branch in place, behind a journal.
fn write(
    journal: &Journal,
    changed: &[Changed],
    repository: &Repository,
    git: &Git,
    blobs: &mut Blobs,
) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        Failure::unusable(
            format!("the work tree cannot be written: {error}"),
            "nothing was changed",
        )
    };
    let ids: Vec<&str> =
        changed.iter().filter_map(|(.., new)| Some(new.as_ref()?.id.as_str())).collect();
    blobs.fetch(&ids)?;
    save(journal, &repository.git_dir).map_err(failed)?;
    for (path, _, new) in changed {
        let place = journal.top.join(path);
        if let Some(entry) = new {
            if let Some(folder) = place.parent() {
                fs::create_dir_all(folder).map_err(failed)?;
            }
            fs::write(&place, blobs.get(&entry.id)?).map_err(failed)?;
        } else {
            fs::remove_file(&place).map_err(failed)?;
            remove_empty(&journal.top, &place);
        }
    }
    git.done(&["read-tree", "-i", "-m", &journal.old, &journal.new], b"")?;
    // Where the user's settings make files differ from what git has of them, it says so, and that is no failure.
    git.run(&["update-index", "-q", "--refresh"], b"")?;
    let message = format!("wirebook patch apply: {} files", changed.len());
    git.done(
        &["update-ref", "--no-deref", "-m", &message, &journal.branch, &journal.new, &journal.old],
        b"",
    )
    .map(drop)?;
    // The branch has moved: from here on there is nothing to put back.
    let _ = fs::remove_file(repository.git_dir.join(JOURNAL));
    let _ = fs::remove_dir_all(repository.git_dir.join(SAVED));
    Ok(())
}

/// Copies what is there, then writes the journal, whole or not at all.
fn save(journal: &Journal, git_dir: &Path) -> std::io::Result<()> {
    let saved = git_dir.join(SAVED);
    fs::create_dir_all(&saved)?;
    fs::copy(git_dir.join("index"), saved.join("index"))?;
    for (number, (path, was)) in journal.files.iter().enumerate() {
        if *was {
            fs::copy(journal.top.join(path), saved.join(number.to_string()))?;
        }
    }
    let text = serde_json::to_string(journal).map_err(std::io::Error::other)?;
    fs::write(saved.join("journal"), text)?;
    fs::File::open(saved.join("journal"))?.sync_all()?;
    fs::rename(saved.join("journal"), git_dir.join(JOURNAL))
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

/// Puts back what an application that was cut off has changed; nothing where there is none, or where its branch has moved.
pub fn recover(git_dir: &Path) -> Result<bool, Failure> {
    let failed = |error: std::io::Error| {
        let message = format!("what a patch has left half done cannot be put back: {error}");
        let help = format!("the files as they were are in `{}`", git_dir.join(SAVED).display());
        Failure::unusable(message, help)
    };
    let saved = git_dir.join(SAVED);
    let text = match fs::read_to_string(git_dir.join(JOURNAL)) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            // Copies without a journal: nothing was changed yet.
            if saved.exists() {
                fs::remove_dir_all(&saved).map_err(failed)?;
            }
            return Ok(false);
        }
        Err(error) => return Err(failed(error)),
    };
    let journal: Journal =
        serde_json::from_str(&text).map_err(|error| failed(std::io::Error::other(error)))?;
    let moved = now_at(git_dir, &journal.branch).is_some_and(|now| now == journal.new);
    if !moved {
        for (number, (path, was)) in journal.files.iter().enumerate() {
            let place = journal.top.join(path);
            if *was {
                if let Some(folder) = place.parent() {
                    fs::create_dir_all(folder).map_err(failed)?;
                }
                fs::copy(saved.join(number.to_string()), &place).map_err(failed)?;
            } else if place.exists() {
                fs::remove_file(&place).map_err(failed)?;
                remove_empty(&journal.top, &place);
            }
        }
        let lock = git_dir.join("index.lock");
        // A git that this program had started may still be about to end.
        for _ in 0..100 {
            if lock.exists() {
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
        }
        if lock.exists() {
            fs::remove_file(&lock).map_err(failed)?;
        }
        fs::copy(saved.join("index"), git_dir.join("index")).map_err(failed)?;
    }
    fs::remove_file(git_dir.join(JOURNAL)).map_err(failed)?;
    fs::remove_dir_all(&saved).map_err(failed)?;
    Ok(!moved)
}

/// Where the branch is now.
fn now_at(git_dir: &Path, branch: &str) -> Option<String> {
    let git = Git::new(git_dir, git_dir);
    let said =
        git.run(&["rev-parse", "--verify", "--quiet", "--end-of-options", branch], b"").ok()?;
    said.success.then(|| said.text())
}

/// The same for the repository that holds `folder`.
pub fn recover_at(folder: &Path, scratch: &Scratch) -> Result<bool, Failure> {
    let home = scratch.home();
    recover(&repository::find(folder, &home)?.git_dir)
}
