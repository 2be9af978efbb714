//! `wirebook check --fix` and its relatives: mend, and write the pages or show what would be written.

use clap::{ArgGroup, Args};

use super::arguments::Checking;
use super::coverage::CoverageFormat;
use super::outcome::counted;
use super::{Exit, Terminal, check, outcome};
use crate::check::{Part, Shard};
use crate::fix::{self, Letter, Mended, WriteError, mail, mend, unified};
use crate::load::{Loaded, load};
use crate::pipeline;
use crate::report::Report;
use crate::text::FixLevel;

/// `check`, with what it can mend.
#[derive(Debug, Args)]
pub(super) struct Mending {
    #[command(flatten)]
    pub(super) checking: Checking,

    #[command(flatten)]
    pub(super) options: Options,

    /// Print which forms of the grammar no example shows, instead of a report: as `text`, or as `json`
    #[arg(
        long,
        value_name = "FORMAT",
        value_enum,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "text",
        conflicts_with = "mending"
    )]
    pub(super) coverage: Option<CoverageFormat>,

    /// Check only the Kth of N shards of the pages; the reports of all shards add up to that of the whole
    #[arg(
        long,
        value_name = "K/N",
        value_parser = Shard::parse,
        conflicts_with_all = ["mending", "coverage", "write_baseline"]
    )]
    pub(super) shard: Option<Shard>,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("mending").args(["fix", "diff"]).multiple(true))]
pub(super) struct Options {
    /// Mend what can be mended beyond doubt, and report what is left
    #[arg(long, conflicts_with = "timings")]
    fix: bool,

    /// With `--fix` or `--diff`: mend also what probably is meant otherwise
    #[arg(long, requires = "mending")]
    unsafe_fixes: bool,

    /// Print what `--fix` would change as a unified diff, and write nothing
    #[arg(long, conflicts_with_all = ["timings", "write_baseline"])]
    diff: bool,

    #[command(flatten)]
    mail: Mail,
}

#[derive(Debug, Args)]
struct Mail {
    /// With `--fix`: print the changes as a mail for `git am`, and write nothing
    #[arg(long, requires = "fix", conflicts_with_all = ["diff", "write_baseline"])]
    patch: bool,

    /// Sender of that mail; `wirebook` if not given
    #[arg(long, value_name = "NAME <ADDRESS>", requires = "patch")]
    from: Option<String>,

    /// Date of that mail, as mails write it; that of `git format-patch`, in 2001, if not given
    #[arg(long, requires = "patch")]
    date: Option<String>,

    /// Subject of that mail; `Mend what wirebook check finds` if not given
    #[arg(long, requires = "patch")]
    subject: Option<String>,
}

impl Options {
    /// True if something is to be mended, or to be shown mended.
    pub(super) fn any(&self) -> bool {
        self.fix || self.diff
    }

    fn level(&self) -> FixLevel {
        if self.unsafe_fixes { FixLevel::Unsafe } else { FixLevel::Safe }
    }

    /// The changes as text, where they are to be shown and not to be written.
    fn shown(&self, mended: &Mended, loaded: &Loaded) -> Option<String> {
        if self.mail.patch {
            let usual = Letter::default();
            let letter = Letter {
                from: self.mail.from.as_deref().unwrap_or(usual.from),
                date: self.mail.date.as_deref().unwrap_or(usual.date),
                subject: self.mail.subject.as_deref().unwrap_or(usual.subject),
                count: mended.count,
            };
            return Some(mail(&mended.changes, loaded.files(), &letter));
        }
        self.diff.then(|| unified(&mended.changes, loaded.files()))
    }
}

/// Mends the book and tells what is left. An error has been told to the user.
pub(super) fn run(mending: &Mending, terminal: &Terminal) -> Result<Exit, Exit> {
    let (checking, options) = (&mending.checking, &mending.options);
    let mut loaded = load(checking.dir()).map_err(|error| {
        terminal.complain(&error.to_string(), error.help());
        Exit::Unusable
    })?;
    let mended = mend(&loaded.config, &loaded.sources, &loaded.diagnostics, options.level());
    let shown = options.shown(&mended, &loaded);
    if shown.is_none() {
        fix::write(&mended.changes, &loaded.source_folder()).map_err(|error| {
            let help = match error {
                WriteError::Changed(_) => "nothing more was written; run it again",
                WriteError::System(..) => "",
            };
            terminal.complain(&error.to_string(), help);
            Exit::Unusable
        })?;
    }
    loaded.sources = mended.sources;
    let found = loaded.diagnostics.clone();
    let part = Part::default();
    let mut left = pipeline::inspect(&loaded.config, &loaded.sources, found, part);
    let baseline = outcome::settle(checking, None, &loaded, &mut left, terminal)?;
    let (fixes, pages) = (counted(mended.count, "fix"), counted(mended.changes.len(), "page"));
    if let Some(text) = &shown {
        terminal.print_exactly(text).map_err(|error| {
            terminal.complain(&format!("standard output cannot be written: {error}"), "");
            Exit::Unusable
        })?;
        outcome::reports_to_files(checking, &loaded, &left, terminal)?;
        terminal.say(&format!("{fixes} in {pages} to be made; nothing was written"));
        let returns = mended.changes.iter().any(|change| change.after.text.contains("\r\n"));
        if options.mail.patch && returns {
            terminal.say("help: some lines end in CRLF; apply the mail with `git am --keep-cr`");
        }
    } else {
        outcome::reports(checking, &loaded, &left, terminal)?;
        terminal.say(&format!("made {fixes} in {pages}"));
    }
    checking.reporting.count(&left.report, terminal);
    terminal.say(&outcome::summary(&left, None));
    let examples = outcome::examples(&left.checked);
    Ok(check::verdict(checking, &left.report, baseline, examples, terminal))
}

/// Says which command would mend how many of the findings; nothing where none can be.
pub(super) fn advise(checking: &Checking, report: &Report, terminal: &Terminal) {
    let safe = fix::offered(report, FixLevel::Safe);
    let more = fix::offered(report, FixLevel::Unsafe);
    let dir = checking.dir().display().to_string();
    let dir = if checking.is_named() { format!(" {}", word(&dir)) } else { String::new() };
    let command = |options: &str| format!("wirebook check {options}{dir}");
    let advice = match (safe, more) {
        (0, 0) => return,
        (0, more) => {
            let command = command("--fix --unsafe-fixes");
            format!("`{command}` probably mends {}", counted(more, "finding"))
        }
        (safe, 0) => format!("`{}` mends {}", command("--fix"), counted(safe, "finding")),
        (safe, more) => {
            let (command, safe) = (command("--fix"), counted(safe, "finding"));
            format!("`{command}` mends {safe}; `--unsafe-fixes` probably mends {more} more")
        }
    };
    terminal.say(&format!("help: {advice}"));
}

/// The text as one word of a shell.
fn word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+:@%".contains(c);
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(plain) {
        return text.to_owned();
    }
    let dashed = if text.starts_with('-') { "./" } else { "" };
    format!("'{dashed}{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn folders_are_words_of_a_shell() {
        assert_eq!(word("a/b-c"), "a/b-c");
        assert_eq!(word("my wiki's"), "'my wiki'\\''s'");
        assert_eq!(word("-x"), "'./-x'");
    }
}
