//! `wirebook patch`: changes that come and go by mail.

use std::convert::Infallible;
use std::fs;
use std::io::{Read as _, stdin};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};

use super::arguments::{FailOn, ReportTarget};
use super::outcome::example_outcomes;
use super::{Exit, Terminal};
use crate::patch::{self, Allowed, Exception, Failure, Person, Place, Review, Scratch};
use crate::report::{Format, Severity, Style, render};
use crate::serve::{ServeError, bind, show};

#[derive(Debug, Subcommand)]
pub(super) enum Patching {
    /// Say what a mail, a series, a mailbox or a folder of mails would do to the wiki; nothing is changed
    Check(Checking),
    /// Commit a series, with the same look at it first
    Apply(Applying),
    /// Show the patched wiki in a browser, with what changes marked
    Preview(Previewing),
    /// Make mails of commits, with what they do in the letter in front
    Prepare(Preparing),
    /// Put back what an application that was killed has left half done
    Recover(Recovering),
    #[command(hide = true)]
    Warden(Waiting),
}

#[derive(Debug, Args)]
pub(super) struct Taking {
    /// Files of mails, folders of them, maildirs; `-` for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Folder of the wiki in a git repository [default: the current folder]
    #[arg(long, value_name = "DIR", default_value = ".", hide_default_value = true)]
    dir: PathBuf,

    /// Commit that the series is held against
    #[arg(long, value_name = "COMMIT", default_value = "HEAD")]
    base: String,

    /// Let pass what is refused otherwise. Can be repeated
    #[arg(long, value_name = "WHAT", value_enum)]
    allow: Vec<Allow>,

    /// Least severity of a new finding that makes the program end with code 1
    #[arg(long, value_name = "SEVERITY", value_enum, default_value = "error")]
    fail_on: FailOn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Allow {
    /// An author that is not the sender
    Author,
    /// Changes of `book.toml`
    Settings,
    /// Many deletions, and those of front pages
    Deletions,
    /// A series with gaps
    Incomplete,
    /// A series by several senders
    Senders,
    /// New findings, for `apply`
    Findings,
}

#[derive(Debug, Args)]
pub(super) struct Checking {
    #[command(flatten)]
    taking: Taking,

    /// Format of the report, as for `wirebook check`. Can be repeated
    #[arg(long, value_name = "FORMAT[=PATH]", value_parser = ReportTarget::parse)]
    report: Vec<ReportTarget>,

    /// Print a mail to send back, in place of the report
    #[arg(long, conflicts_with_all = ["patchwork", "b4"])]
    reply: bool,

    /// Sender of that mail
    #[arg(long, value_name = "NAME <ADDRESS>", requires = "reply")]
    from: Option<String>,

    /// Print a check object for Patchwork, in place of the report
    #[arg(long, conflicts_with = "b4")]
    patchwork: bool,

    /// Print the results that b4 reads from a command that checks mails, in place of the report
    #[arg(long)]
    b4: bool,
}

#[derive(Debug, Args)]
pub(super) struct Applying {
    #[command(flatten)]
    taking: Taking,
}

#[derive(Debug, Args)]
pub(super) struct Previewing {
    #[command(flatten)]
    taking: Taking,

    /// Port to listen on, on this machine only; 0 for any that is free
    #[arg(short, long, default_value_t = 3000)]
    port: u16,

    /// Open the page of what changes in a browser
    #[arg(long)]
    open: bool,
}

#[derive(Debug, Args)]
pub(super) struct Preparing {
    /// The commits: `A..B`, or `A` for those since it [default: those that the branch it follows has not]
    range: Option<String>,

    /// Folder of the wiki in a git repository [default: the current folder]
    #[arg(long, value_name = "DIR", default_value = ".", hide_default_value = true)]
    dir: PathBuf,

    /// Folder to write the mails to
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    output: PathBuf,

    /// Subject of the letter in front
    #[arg(long)]
    subject: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Recovering {
    /// Folder of the wiki in a git repository [default: the current folder]
    #[arg(long, value_name = "DIR", default_value = ".", hide_default_value = true)]
    dir: PathBuf,
}

/// Waits until the program that started it has ended, then cleans up behind it.
#[derive(Debug, Args)]
pub(super) struct Waiting {
    #[arg(long)]
    dir: Option<PathBuf>,
    folder: PathBuf,
}

pub(super) fn run(command: &Patching, terminal: &Terminal) -> Exit {
    let exit = match command {
        Patching::Check(options) => check(options, terminal),
        Patching::Apply(options) => apply(options, terminal),
        Patching::Preview(options) => preview(options, terminal),
        Patching::Prepare(options) => prepare(options, terminal),
        Patching::Recover(options) => recover(options, terminal),
        Patching::Warden(options) => Ok(wait(options)),
    };
    exit.unwrap_or_else(|failure| told(&failure, terminal))
}

/// Tells why there is no review; the exit code that says so.
fn told(failure: &Failure, terminal: &Terminal) -> Exit {
    for (message, help) in failure.told() {
        terminal.complain(&message, &help);
    }
    exit_of(failure)
}

fn exit_of(failure: &Failure) -> Exit {
    match failure {
        Failure::Refused(_) => Exit::Refused,
        Failure::Conflict { .. } => Exit::NothingChecked,
        Failure::Unusable { .. } => Exit::Unusable,
    }
}

impl Taking {
    fn allowed(&self) -> Allowed {
        let exceptions = self.allow.iter().filter_map(|what| match what {
            Allow::Author => Some(Exception::Author),
            Allow::Settings => Some(Exception::Settings),
            Allow::Deletions => Some(Exception::Deletions),
            Allow::Incomplete => Some(Exception::Incomplete),
            Allow::Senders => Some(Exception::Senders),
            Allow::Findings => None,
        });
        exceptions.collect()
    }

    fn place<'a>(&'a self, scratch: &'a Scratch) -> Place<'a> {
        Place { folder: &self.dir, base: &self.base, scratch }
    }

    fn mails(&self) -> Result<Vec<Vec<u8>>, Failure> {
        let mut mails = Vec::new();
        for file in &self.files {
            if file.as_os_str() == "-" {
                let bytes =
                    patch::read_stream(stdin().lock()).map_err(|error| Failure::Unusable {
                        message: format!("standard input cannot be read: {error}"),
                        help: String::new(),
                    })?;
                mails.extend(patch::split(&bytes));
            } else {
                mails.extend(patch::read_mails(file)?);
            }
        }
        Ok(mails)
    }

    fn review(&self, mails: &[Vec<u8>], scratch: &Scratch) -> Result<Review, Failure> {
        let allowed = self.allowed();
        let series = patch::read_series(mails, &allowed)?;
        patch::review(&series, self.place(scratch), &allowed)
    }
}

/// A temporary folder, and this program once more beside it, to clean up wherever this one is killed.
fn scratch(recovers: Option<&Path>) -> Result<Scratch, Failure> {
    let warden = std::env::current_exe().ok().map(|program| {
        let mut command = Command::new(program);
        command.args(["patch", "warden"]);
        if let Some(dir) = recovers {
            command.arg("--dir").arg(dir);
        }
        command
    });
    Scratch::new(warden)
}

fn wait(options: &Waiting) -> Exit {
    // Nothing comes; the end does.
    let _ = stdin().lock().read_to_end(&mut Vec::new());
    let cut_off = options.folder.exists();
    if cut_off {
        // Programs that it had started come to their ends first.
        thread::sleep(Duration::from_millis(100));
    }
    patch::sweep(&options.folder);
    if let Some(dir) = options.dir.as_ref().filter(|_| cut_off) {
        // Nobody listens any more.
        let _ = Scratch::new(None).and_then(|scratch| patch::recover_at(dir, &scratch));
    }
    Exit::Clean
}

fn check(options: &Checking, terminal: &Terminal) -> Result<Exit, Failure> {
    let least = options.taking.fail_on.severity();
    let scratch = scratch(None)?;
    let mails = options.taking.mails()?;
    let review = options.taking.review(&mails, &scratch);
    let print = |text: &str| {
        terminal.print(text).map_err(|error| Failure::Unusable {
            message: format!("standard output cannot be written: {error}"),
            help: String::new(),
        })
    };
    if options.patchwork || options.b4 {
        let object = if options.b4 { patch::b4 } else { patch::patchwork };
        print(&object(&review, least))?;
        return Ok(verdict(&review, least));
    }
    let from = options.from.as_deref().map(sender);
    match &review {
        Ok(review) if options.reply => print(&patch::reply(review, from.as_ref()))?,
        Err(failure @ (Failure::Refused(_) | Failure::Conflict { .. })) if options.reply => {
            print(&patch::reply_to_failure(failure, &mails, from.as_ref()))?;
        }
        _ => {}
    }
    reports(options, &review, terminal)?;
    if let Err(failure) = &review {
        told(failure, terminal);
    }
    Ok(verdict(&review, least))
}

fn verdict(review: &Result<Review, Failure>, least: Severity) -> Exit {
    match review {
        Ok(review) if review.fails(least) => Exit::Findings,
        Ok(_) => Exit::Clean,
        Err(failure) => exit_of(failure),
    }
}

fn sender(text: &str) -> Person {
    match text.rsplit_once('<') {
        Some((name, address)) => Person {
            name: name.trim().to_owned(),
            address: address.trim_end().trim_end_matches('>').to_owned(),
        },
        None => Person { name: String::new(), address: text.trim().to_owned() },
    }
}

/// Writes the reports to where the user wants them.
fn reports(
    options: &Checking,
    review: &Result<Review, Failure>,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let default = ReportTarget { format: Format::Full, path: None };
    let targets = if options.report.is_empty() { vec![default] } else { options.report.clone() };
    for target in targets.iter().filter(|target| target.path.is_some() || !options.reply) {
        let style = if target.path.is_none() { terminal.style() } else { Style::Plain };
        let text = match review {
            Ok(review) => shown(review, target.format, style, options),
            Err(failure) if target.format == Format::Json => patch::refused(failure),
            Err(_) => continue,
        };
        let written = match &target.path {
            Some(path) => fs::write(path, text),
            None => terminal.print(&text),
        };
        written.map_err(|error| Failure::Unusable {
            message: format!("the report cannot be written: {error}"),
            help: String::new(),
        })?;
    }
    Ok(())
}

fn shown(review: &Review, format: Format, style: Style, options: &Checking) -> String {
    match format {
        Format::Full => patch::full(review, style),
        Format::Json => patch::json(review, options.taking.fail_on.severity()),
        format => {
            let touched: Vec<&str> = review
                .patches
                .iter()
                .flat_map(|one| &one.patch.diff.files)
                .filter_map(|file| file.new.strip_prefix(&review.book.pages))
                .collect();
            let mut examples = example_outcomes(&review.checked.1);
            examples.retain(|example| touched.contains(&example.path.as_str()));
            render(format, &review.introduced(), &examples, review.after.files(), style)
        }
    }
}

fn apply(options: &Applying, terminal: &Terminal) -> Result<Exit, Failure> {
    let taking = &options.taking;
    let scratch = scratch(Some(&taking.dir))?;
    if patch::recover_at(&taking.dir, &scratch)? {
        terminal.say("an application that was cut off has been put back first");
    }
    let review = taking.review(&taking.mails()?, &scratch)?;
    if review.fails(taking.fail_on.severity()) && !taking.allow.contains(&Allow::Findings) {
        // The user sees the code whether or not this can be printed.
        let _ = terminal.print(&patch::full(&review, terminal.style()));
        terminal.complain(
            "the series was not applied, for it adds findings",
            "`--allow findings` applies it all the same",
        );
        return Ok(Exit::Findings);
    }
    let applied = patch::apply(&review, taking.place(&scratch))?;
    let branch = applied.branch.strip_prefix("refs/heads/").unwrap_or(&applied.branch);
    for (one, commit) in review.patches.iter().zip(&applied.commits) {
        let short: String = commit.chars().take(12).collect();
        terminal.say(&format!("{short} {} ({})", one.patch.title, one.patch.author.full()));
    }
    terminal.say(&format!(
        "{} on `{branch}`",
        super::outcome::counted(applied.commits.len(), "new commit")
    ));
    Ok(Exit::Clean)
}

fn preview(options: &Previewing, terminal: &Terminal) -> Result<Exit, Failure> {
    let unusable = |message: String, help: String| Failure::Unusable { message, help };
    let listener = bind("127.0.0.1", options.port)
        .map_err(|error| unusable(error.to_string(), error.help()))?;
    let review = options.taking.review(&options.taking.mails()?, &scratch(None)?)?;
    let site = patch::preview(&review).site;
    let mut ready = |url: &str| {
        let page = format!("{url}{}", patch::REVIEW_PAGE);
        terminal.say(&format!("what changes is shown at {page} (Ctrl-C ends it)"));
        if options.open {
            terminal.open(&page);
        }
    };
    let ended: Result<Infallible, ServeError> = show(site, listener, &mut ready);
    match ended {
        Ok(never) => match never {},
        Err(_) => Err(unusable("the site cannot be served".to_owned(), String::new())),
    }
}

fn prepare(options: &Preparing, terminal: &Terminal) -> Result<Exit, Failure> {
    let scratch = scratch(None)?;
    let place = Place { folder: &options.dir, base: "HEAD", scratch: &scratch };
    let prepared = patch::prepare(options.range.as_deref(), options.subject.as_deref(), place)?;
    let unusable = |error: std::io::Error| Failure::Unusable {
        message: format!("the mails cannot be written: {error}"),
        help: String::new(),
    };
    terminal.print(&patch::full(&prepared.review, terminal.style())).map_err(unusable)?;
    if prepared.dirty {
        terminal.say("note: changes that are not committed are not in these mails");
    }
    if prepared.review.fails(FailOn::Error.severity()) {
        terminal.complain(
            "no mail was written, for the commits add findings",
            "mend them, and amend the commits",
        );
        return Ok(Exit::Findings);
    }
    fs::create_dir_all(&options.output).map_err(unusable)?;
    for (name, mail) in &prepared.mails {
        let path = options.output.join(name);
        fs::write(&path, mail).map_err(unusable)?;
        terminal.say(&format!("wrote `{}`", path.display()));
    }
    terminal.say("read the first one, say in it why, and send them: `git send-email *.patch`");
    Ok(Exit::Clean)
}

fn recover(options: &Recovering, terminal: &Terminal) -> Result<Exit, Failure> {
    let scratch = scratch(None)?;
    let done = patch::recover_at(&options.dir, &scratch)?;
    terminal.say(if done { "everything is as it was" } else { "there is nothing to put back" });
    Ok(Exit::Clean)
}
