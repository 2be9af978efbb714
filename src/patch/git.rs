//! Runs git so that nothing of a mail, of the user or of the system can make it run anything else.
//!
//! The environment is empty but for what is set here; no settings but those of the repository at hand are read, no hooks run, no
//! attributes, filters or other programs. Nothing goes through a shell.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use super::Failure;

/// How long one run may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// How much one run may say, in bytes.
const MOST_SAID: u64 = 256 << 20;

/// The oldest git that applies a patch safely.
const OLDEST: (u32, u32, u32) = (2, 39, 4);

/// Git, in one folder, with one home.
#[derive(Debug, Clone)]
pub(super) struct Git {
    folder: PathBuf,
    home: PathBuf,
    /// True where a folder of another user will do: nothing in it is run by what is asked.
    trusting: bool,
    variables: Vec<(&'static str, std::ffi::OsString)>,
    /// What each run holds open until it ends.
    held: Option<Arc<File>>,
}

/// What a run of git gave.
#[derive(Debug)]
pub(super) struct Said {
    /// True if it succeeded.
    pub(super) success: bool,
    /// Its standard output.
    pub(super) out: Vec<u8>,
    /// Its standard error.
    pub(super) err: String,
}

impl Said {
    /// Its standard output as text, without the last line end.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.out).trim_end_matches('\n').to_owned()
    }
}

impl Git {
    /// Git in `folder`; `home` is an empty folder that it takes for the user's.
    pub(super) fn new(folder: &Path, home: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            home: home.to_owned(),
            trusting: true,
            variables: Vec::new(),
            held: None,
        }
    }

    /// The same with a variable in its environment.
    #[must_use]
    pub(super) fn with(mut self, name: &'static str, value: impl AsRef<OsStr>) -> Self {
        self.variables.push((name, value.as_ref().to_owned()));
        self
    }

    /// The same for work trees of the user alone: looking for changes in one can run filters that its settings name.
    #[must_use]
    pub(super) fn distrusting(self) -> Self {
        Self { trusting: false, ..self }
    }

    /// The same with each run holding a lock that its caller has, also where that one is killed. Such runs get no input.
    #[must_use]
    pub(super) fn holding(self, held: Option<Arc<File>>) -> Self {
        Self { held, ..self }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.env_clear().current_dir(&self.folder);
        for name in ["PATH", "SystemRoot", "TMPDIR"] {
            command.envs(std::env::var_os(name).map(|value| (name, value)));
        }
        let fixed = [
            ("LC_ALL", "C"),
            ("TZ", "UTC"),
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_ATTR_NOSYSTEM", "1"),
            ("GIT_TERMINAL_PROMPT", "0"),
            ("GIT_OPTIONAL_LOCKS", "0"),
            ("GIT_NO_REPLACE_OBJECTS", "1"),
            ("GIT_NO_LAZY_FETCH", "1"),
            ("GIT_PAGER", "cat"),
            ("GIT_EDITOR", "false"),
        ];
        command.envs(fixed).env("HOME", &self.home).env("XDG_CONFIG_HOME", &self.home);
        for (name, value) in &self.variables {
            command.env(name, value);
        }
        let settings = [
            "core.hooksPath=/dev/null",
            "core.fsmonitor=false",
            "core.attributesFile=/dev/null",
            "core.quotePath=false",
            "core.alternateRefsCommand=",
            "protocol.allow=never",
            "gc.auto=0",
            "maintenance.auto=false",
            "commit.gpgSign=false",
        ];
        for setting in settings {
            command.args(["-c", setting]);
        }
        if self.trusting {
            command.args(["-c", "safe.directory=*"]);
        }
        command.arg("--literal-pathspecs").args(arguments);
        let held = self.held.as_ref().and_then(|held| held.try_clone().ok());
        command.stdin(held.map_or_else(Stdio::piped, Stdio::from));
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs it with `input`. An error is the machine's: no git, or one that does not come to an end.
    pub(super) fn run(&self, arguments: &[&str], input: &[u8]) -> Result<Said, Failure> {
        let mut child = self.command(arguments).spawn().map_err(|error| {
            let message = format!("git cannot be run: {error}");
            Failure::unusable(message, "install git 2.39.4 or newer: patches are applied by it")
        })?;
        let (stdin, stdout, stderr) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let finished = thread::scope(|scope| {
            scope.spawn(move || {
                // Git may end before it has read everything; what it says tells why.
                let _ = stdin.map(|mut stdin| stdin.write_all(input));
            });
            scope.spawn(|| stdout.map(|stdout| stdout.take(MOST_SAID).read_to_end(&mut out)));
            scope.spawn(|| stderr.map(|stderr| stderr.take(1 << 20).read_to_end(&mut err)));
            wait(&mut child)
        });
        let Some(success) = finished else {
            let words = arguments.first().copied().unwrap_or_default();
            return Err(Failure::unusable(format!("`git {words}` took too long"), ""));
        };
        Ok(Said { success, out, err: String::from_utf8_lossy(&err).trim_end().to_owned() })
    }

    /// Runs it, and takes a failure of git for the machine's.
    pub(super) fn done(&self, arguments: &[&str], input: &[u8]) -> Result<Said, Failure> {
        let said = self.run(arguments, input)?;
        if said.success {
            return Ok(said);
        }
        let words = arguments.iter().take(2).copied().collect::<Vec<_>>().join(" ");
        let why = said.err.lines().next().unwrap_or_default().to_owned();
        Err(Failure::unusable(format!("`git {words}` failed: {why}"), ""))
    }
}

/// Git's file, looked up once: a program named by its path can be started without a copy of this one's memory.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let folders = std::env::var_os("PATH").unwrap_or_default();
        let mut files = std::env::split_paths(&folders).map(|folder| folder.join("git"));
        let found = files.find(|file| file.is_absolute() && file.is_file());
        found.unwrap_or_else(|| PathBuf::from("git"))
    })
}

/// Waits until it ends; `None` where it had to be ended.
fn wait(child: &mut Child) -> Option<bool> {
    let start = Instant::now();
    let mut pause = Duration::from_micros(200);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status.success()),
            Ok(None) if start.elapsed() < PATIENCE => thread::sleep(pause),
            _ => break,
        }
        pause = (pause * 2).min(Duration::from_millis(5));
    }
    // It may have ended by itself in between.
    let _ = child.kill();
    let _ = child.wait();
    None
}

/// Says what to do where git is missing or too old.
pub(super) fn new_enough(git: &Git) -> Result<(), Failure> {
    let said = git.done(&["version"], b"")?.text();
    let number = said.split_whitespace().nth(2).unwrap_or_default();
    let mut parts = number.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    let version = (next(), next(), next());
    if version >= OLDEST {
        return Ok(());
    }
    let message = format!("git {number} is too old to apply what strangers send");
    Err(Failure::unusable(message, "install git 2.39.4 or newer"))
}
