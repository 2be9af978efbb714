//! What can stand on the command line.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::Terminal;
use super::mend::Mending;
use super::patch::Patching;
use super::reporting::Reporting;
use super::watch::Watch;
use crate::report::{Format, Severity};

/// Turns a wiki about a wire protocol into a site, and runs every wire example in it.
#[derive(Debug, Parser)]
#[command(name = "wirebook", version, arg_required_else_help = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,

    /// Say nothing but the report and errors
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check a wiki and print what was found
    Check(Mending),
    /// Check a wiki and write its site
    Build(Building),
    /// Show a wiki in a browser, and build it again whenever a file changes
    Serve(Serving),
    /// Take in, or send, changes by mail
    Patch {
        #[command(subcommand)]
        command: Patching,
    },
    /// Write the default theme's files into a folder, to begin an own theme with
    Theme {
        /// A new or empty folder
        dir: PathBuf,
    },
    /// Explain a rule, or list all of them
    Explain {
        /// Name of a rule, as it stands in brackets in a report
        rule: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(super) struct Checking {
    /// Folder of the wiki: one with a `book.toml`, the source folder of such a book, or any folder of Markdown files
    /// [default: the current folder]
    dir: Option<PathBuf>,

    /// Format of the report: `full`, `concise`, `json`, `github`, `junit`, `sarif` or `gitlab`; with `=PATH`, into a file.
    /// Can be repeated
    /// [default: full]
    #[arg(long, value_name = "FORMAT[=PATH]", value_parser = ReportTarget::parse)]
    report: Vec<ReportTarget>,

    /// Least severity that makes the program end with code 1
    #[arg(long, value_name = "SEVERITY", value_enum, default_value = "error")]
    pub(super) fail_on: FailOn,

    /// Tell how long each stage took, on standard error
    #[arg(long)]
    timings: bool,

    #[command(flatten)]
    pub(super) reporting: Reporting,
}

#[derive(Debug, Args)]
pub(super) struct Building {
    #[command(flatten)]
    pub(super) checking: Checking,

    /// Folder to write, relative to the current one [default: `build-dir` of `book.toml`, or `book`]
    #[arg(short, long, value_name = "DEST")]
    pub(super) dest_dir: Option<PathBuf>,

    /// Open the front page in a browser
    #[arg(long)]
    pub(super) open: bool,
}

#[derive(Debug, Args)]
pub(super) struct Serving {
    /// Folder of the wiki, as for `check` [default: the current folder]
    dir: Option<PathBuf>,

    /// Port to listen on; 0 for any that is free [default: 3000, or the next that is free]
    #[arg(short, long)]
    pub(super) port: Option<u16>,

    /// Name or address to listen on
    #[arg(short = 'n', long, value_name = "HOST", default_value = "127.0.0.1")]
    pub(super) hostname: String,

    /// Open the front page in a browser
    #[arg(long)]
    pub(super) open: bool,

    /// Look at the files every so many milliseconds (500 if no number is given) instead of waiting for the system to tell
    /// of changes, which it does not do in folders of a network or of some containers
    #[arg(long, value_name = "MS", num_args = 0..=1, require_equals = true, default_missing_value = "500")]
    #[arg(value_parser = clap::value_parser!(u32).range(10..=60_000))]
    poll: Option<u32>,
}

/// The severities, as words of the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
    Note,
}

/// A format, and the file to write it to; `None` for standard output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReportTarget {
    pub(super) format: Format,
    pub(super) path: Option<PathBuf>,
}

impl Checking {
    /// Folder of the wiki.
    pub(super) fn dir(&self) -> &Path {
        self.dir.as_deref().unwrap_or(Path::new("."))
    }

    /// True if the user named a folder.
    pub(super) fn is_named(&self) -> bool {
        self.dir.is_some()
    }

    /// Says how long each stage took, if asked to.
    pub(super) fn tell_timings(&self, watch: &Watch, terminal: &Terminal) {
        let rows = if self.timings { watch.timings() } else { Vec::new() };
        for row in rows {
            terminal.say(&row);
        }
    }

    /// Where reports go.
    pub(super) fn reports(&self) -> Vec<ReportTarget> {
        if self.report.is_empty() {
            return vec![ReportTarget { format: Format::Full, path: None }];
        }
        self.report.clone()
    }
}

impl Serving {
    /// Folder of the wiki.
    pub(super) fn dir(&self) -> &Path {
        self.dir.as_deref().unwrap_or(Path::new("."))
    }

    /// Time between two looks at the files; `None` to be told by the system.
    pub(super) fn poll(&self) -> Option<Duration> {
        self.poll.map(|milliseconds| Duration::from_millis(milliseconds.into()))
    }
}

impl FailOn {
    pub(super) fn severity(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::Warning => Severity::Warning,
            Self::Note => Severity::Note,
        }
    }
}

impl ReportTarget {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (name, path) = match text.split_once('=') {
            Some((name, "")) => return Err(format!("a path must follow `{name}=`")),
            Some((name, path)) => (name, Some(PathBuf::from(path))),
            None => (text, None),
        };
        let Some(format) = Format::parse(name) else {
            let names = Format::ALL.map(|format| format!("`{}`", format.name()));
            return Err(format!("`{name}` is not a format; the formats are {}", names.join(", ")));
        };
        Ok(Self { format, path })
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn report_targets_are_a_format_and_perhaps_a_path() {
        let target =
            |format, path: Option<&str>| ReportTarget { format, path: path.map(PathBuf::from) };
        assert_eq!(ReportTarget::parse("json"), Ok(target(Format::Json, None)));
        assert_eq!(ReportTarget::parse("json=a=b"), Ok(target(Format::Json, Some("a=b"))));
        assert!(ReportTarget::parse("json=").is_err());
        assert!(ReportTarget::parse("yaml").unwrap_err().contains("`concise`"));
    }
}
