//! A place to apply patches in: a repository of its own in a temporary folder, which sees the user's objects and changes nothing of them.
//!
//! Its settings, hooks and attributes are none; it has no work tree. What git writes stays here and goes with the folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::diff::Diff;
use super::git::Git;
use super::repository::Repository;
use super::{Failure, Refusal};

/// What the names of its folders begin with.
pub(super) const NAME: &str = "wirebook-patch-";

/// A temporary folder that goes also where this program is killed: a program beside it waits for that.
#[derive(Debug)]
pub struct Scratch {
    folder: TempDir,
    /// The program that waits; it ends when its standard input does.
    warden: Option<Child>,
}

/// The repository in it.
#[derive(Debug)]
pub(super) struct Quarantine {
    place: PathBuf,
    pub(super) git: Git,
}

impl Scratch {
    /// Makes the folder. `warden` is the program to start, with the folder as its last argument; `None` for none.
    pub fn new(warden: Option<Command>) -> Result<Self, Failure> {
        let failed = |error: io::Error| {
            Failure::unusable(format!("no temporary folder can be made: {error}"), "")
        };
        let folder = tempfile::Builder::new().prefix(NAME).tempdir().map_err(failed)?;
        let warden = warden.and_then(|mut command| {
            command
                .arg(folder.path())
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            detach(&mut command);
            // Without it the folder stays where the program is killed; nothing else depends on it.
            command.spawn().ok()
        });
        fs::create_dir(folder.path().join("home")).map_err(failed)?;
        Ok(Self { folder, warden })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The empty folder that git takes for the user's.
    pub(super) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // The folder goes first, so that the warden finds nothing left to do.
        let _ = fs::remove_dir_all(self.folder.path());
        if let Some(mut warden) = self.warden.take() {
            drop(warden.stdin.take());
            let _ = warden.wait();
        }
    }
}

/// Lets it live on where the keyboard ends this program.
#[cfg(unix)]
fn detach(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0);
}

#[cfg(not(unix))]
fn detach(_: &mut Command) {}

impl Quarantine {
    /// A repository in `scratch` that sees the objects of `repository`.
    pub(super) fn new(scratch: &Scratch, repository: &Repository) -> Result<Self, Failure> {
        let place = scratch.path().join("quarantine.git");
        let git = Git::new(scratch.path(), &scratch.home());
        let format = format!("--object-format={}", repository.format);
        let shown = place.to_string_lossy();
        git.done(&["init", "--quiet", "--bare", "--template=", &format, &shown], b"")?;
        let objects = repository.objects.to_string_lossy();
        if objects.contains('\n') {
            let message = "the repository's path holds a line break";
            return Err(Failure::unusable(message, "move it"));
        }
        let info = place.join("objects/info");
        let written = fs::create_dir_all(&info)
            .and_then(|()| fs::write(info.join("alternates"), format!("{objects}\n")));
        written.map_err(|error| {
            Failure::unusable(format!("the temporary folder is full: {error}"), "")
        })?;
        let git = Git::new(&place, &scratch.home())
            .with("GIT_DIR", &place)
            .with("GIT_INDEX_FILE", place.join("index"));
        Ok(Self { place, git })
    }

    /// Where its own objects lie.
    pub(super) fn objects(&self) -> PathBuf {
        self.place.join("objects")
    }

    /// The objects in it that are not in the folder `known`, by path below theirs.
    pub(super) fn objects_beyond(&self, known: &Path) -> io::Result<Vec<String>> {
        let mut found = Vec::new();
        for folder in fs::read_dir(self.objects())? {
            let folder = folder?;
            let begin = folder.file_name().to_string_lossy().into_owned();
            if begin.len() != 2 {
                continue;
            }
            for object in fs::read_dir(folder.path())? {
                let path = format!("{begin}/{}", object?.file_name().to_string_lossy());
                if !known.join(&path).exists() {
                    found.push(path);
                }
            }
        }
        found.sort();
        Ok(found)
    }

    /// Begins with this tree.
    pub(super) fn begin(&self, tree: &str) -> Result<String, Failure> {
        self.git.done(&["read-tree", tree], b"")?;
        Ok(self.git.done(&["write-tree"], b"")?.text())
    }

    /// Applies a diff; the tree that comes out, or what git says against it.
    pub(super) fn apply(
        &self,
        mail: usize,
        diff: &Diff,
    ) -> Result<Result<String, Vec<String>>, Failure> {
        let arguments = ["apply", "--cached", "--whitespace=nowarn", "-p1", "-"];
        let said = self.git.run(&arguments, diff.text.as_bytes())?;
        if said.success {
            return Ok(Ok(self.git.done(&["write-tree"], b"")?.text()));
        }
        let lines: Vec<String> = said.err.lines().map(str::to_owned).collect();
        if lines.iter().any(|line| line.contains("invalid path")) {
            let message = "git refuses a path of the diff";
            return Err(Refusal::new(mail, "path", message, "nobody should trust this mail").into());
        }
        Ok(Err(lines))
    }
}

/// Takes away a folder that a killed program has left. Programs that it started may still write there for a moment.
pub fn sweep(folder: &Path) {
    let ours = folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with(NAME));
    for _ in 0..50 {
        if !ours || !folder.exists() {
            return;
        }
        // What cannot be removed now perhaps can in a moment.
        let _ = fs::remove_dir_all(folder);
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}
