//! Commits a series that has been reviewed: all of it or nothing.
//!
//! 1. Commits are made in the quarantine, each with its author, date and message.
//! 2. Work tree, index and branch must be clean, and no file that comes may be there already.
//! 3. What will change is written to a journal: from now on whatever ends this program leads to its being put back.
//! 4. Objects, files, index and branch are put in place, the branch last. With that the journal goes.
//!
//! What was cut off is put back by the warden that outlives a killed program, and by the next run.

use std::fs;
use std::io;
use std::sync::Arc;

use super::git::Git;
use super::journal::{self, Head, Journal, Replaced};
use super::quarantine::Quarantine;
use super::repository::{self, Repository};
use super::tree::{self, Blobs};
use super::{Failure, Place, Review};

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The branch; `HEAD` where none is checked out.
    pub branch: String,
    /// The new commits, oldest first.
    pub commits: Vec<String>,
}

/// Commits a review's series on top of the commit that it was held against.
pub fn apply(review: &Review, place: Place<'_>) -> Result<Applied, Failure> {
    let home = place.scratch.home();
    let repository = repository::find(place.folder, &home)?;
    let lock = journal::lock(&repository.git_dir)?;
    journal::put_back(&repository.git_dir)?;
    let git = repository.git(&home).distrusting();
    let Some(top) = repository.top.clone() else {
        let help = "apply it in a clone, and push";
        return Err(Failure::unusable(
            "a repository without a work tree has no place for it",
            help,
        ));
    };
    let head = Head::read(&git)?;
    if head.commit != review.base {
        let help = "leave out `--base`, or check that commit out";
        return Err(Failure::unusable(
            "the series was held against another commit than `HEAD`",
            help,
        ));
    }
    clean(&git, &repository)?;
    let quarantine = Quarantine::new(place.scratch, &repository)?;
    let commits = commits(review, &quarantine, &git)?;
    let Some(new) = commits.last() else {
        return Err(Failure::unusable("the series changes nothing", ""));
    };
    let last = review.patches.last().map_or("", |patch| patch.tree.as_str());
    let changed = tree::changed(&quarantine.git, &head.commit, last)?;
    let mut blobs = Blobs::new(quarantine.git.clone());
    let ids = changed.iter().filter_map(|(.., new)| Some(new.as_ref()?.id.as_str()));
    blobs.fetch(&ids.collect::<Vec<_>>())?;
    let bytes =
        |entry: &Option<tree::Entry>| entry.as_ref().map(|entry| blobs.get(&entry.id)).transpose();
    let bytes = changed.iter().map(|(.., new)| new).map(bytes).collect::<Result<Vec<_>, _>>()?;
    let replaced = |(path, old, new): &tree::Changed| Replaced {
        path: path.clone(),
        was: old.is_some(),
        is: new.is_some(),
    };
    let journal = Journal {
        git_dir: repository.git_dir.clone(),
        top,
        branch: head.branch.clone(),
        old: head.commit,
        new: new.clone(),
        files: changed.iter().map(replaced).collect(),
        coming: quarantine
            .objects_beyond(&repository.objects)
            .map_err(|error| unwritten(&error))?,
        objects: repository.objects,
    };
    vacant(&journal)?;
    let git = git.holding(lock);
    if let Err(failure) = write(&journal, &bytes, &quarantine, &git) {
        journal::put_back(&journal.git_dir)?;
        return Err(failure);
    }
    Ok(Applied { branch: head.branch, commits })
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
    for Replaced { path, was, .. } in &journal.files {
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

/// Puts objects, files, index and branch in place, behind a journal.
fn write(
    journal: &Journal,
    bytes: &[Option<Arc<[u8]>>],
    quarantine: &Quarantine,
    git: &Git,
) -> Result<(), Failure> {
    journal.save(bytes).map_err(|error| unwritten(&error))?;
    journal.move_objects(&quarantine.objects()).map_err(|error| unwritten(&error))?;
    journal.place_files().map_err(|error| unwritten(&error))?;
    git.done(&["read-tree", "-i", "-m", &journal.old, &journal.new], b"")?;
    // Where the user's settings make files differ from what git has of them, it says so, and that is no failure.
    git.run(&["update-index", "-q", "--refresh"], b"")?;
    let message = format!("wirebook patch apply: {} files", journal.files.len());
    let Journal { branch, new, old, .. } = journal;
    git.done(&["update-ref", "--no-deref", "-m", &message, branch, new, old], b"")?;
    // The branch has moved: from here on there is nothing to put back, and the next run removes what is left.
    let _ = journal::forget(&journal.git_dir);
    Ok(())
}

fn unwritten(error: &io::Error) -> Failure {
    Failure::unusable(format!("the repository cannot be written: {error}"), "nothing was changed")
}
