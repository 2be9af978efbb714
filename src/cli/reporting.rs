//! What a user can ask of reports beyond their format: fewer findings, counts, and a baseline.
//!
//! A baseline is a text file of findings that are known and do not fail a run, one a line: a fingerprint, then words for
//! readers. It can only shrink: an entry whose finding is gone fails the run until it is taken out.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::Args;

use super::outcome::counted;
use super::share::Share;
use super::{Exit, Terminal};
use crate::report::{Diagnostic, Files, Report, Severity, fingerprints, rules};
use crate::text::neutralise;

#[derive(Debug, Args)]
pub(super) struct Reporting {
    /// Show at most N findings, the heaviest, in `full` and `concise`; the last line tells how many were withheld
    #[arg(long, value_name = "N")]
    pub(super) max_diagnostics: Option<usize>,

    /// Count the findings of each rule, on standard error
    #[arg(long)]
    statistics: bool,

    /// File of known findings: they are not reported and do not fail; an entry that is no longer found does
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// Write the file of `--baseline`: all findings at or above `--fail-on` if it does not exist, else what is left of it
    #[arg(long, requires = "baseline")]
    write_baseline: bool,
}

/// What a run found, and where.
pub(super) struct Found<'a> {
    pub(super) report: &'a Report,
    pub(super) files: Files<'a>,
    /// What of a baseline the run answers for.
    pub(super) share: Share,
}

/// What a baseline made of a report.
#[derive(Debug)]
pub(super) struct Settled {
    /// The findings that are not known.
    pub(super) report: Report,
    /// [`Exit::Findings`] where the baseline has entries that are no longer found.
    pub(super) exit: Exit,
}

impl Reporting {
    /// Takes the known findings out, and writes the baseline if asked to. An error has been told to the user.
    pub(super) fn settle(
        &self,
        found: &Found<'_>,
        least: Severity,
        terminal: &Terminal,
    ) -> Result<Settled, Exit> {
        let &Found { report, files, ref share } = found;
        let Some(path) = &self.baseline else {
            return Ok(Settled { report: report.clone(), exit: Exit::Clean });
        };
        let prints = fingerprints(report, files);
        let found: Vec<(&Diagnostic, String)> = report.diagnostics().iter().zip(prints).collect();
        let is_heavy = |found: &Diagnostic| found.rule.severity >= least;
        let known = match read(path, terminal)? {
            Some(known) => known,
            None if self.write_baseline => {
                let heavy = found.iter().filter(|(found, _)| is_heavy(found));
                heavy.map(|(found, print)| (print.clone(), tail(found, files))).collect()
            }
            None => {
                let why = format!("there is no baseline `{}`", path.display());
                terminal.complain(&why, "`--write-baseline` writes it");
                return Err(Exit::Unusable);
            }
        };
        let (old, new): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|(_, print)| known.contains_key(print));
        let prints: BTreeSet<&String> = old.iter().map(|(_, print)| print).collect();
        let gone: Vec<&String> = known
            .iter()
            .filter(|(print, tail)| !prints.contains(print) && share.holds(tail))
            .map(|(_, tail)| tail)
            .collect();
        let entries = old.iter().map(|(found, print)| (print.clone(), tail(found, files)));
        let count = old.len();
        let mut exit = Exit::Clean;
        if self.write_baseline {
            write(path, &entries.collect(), terminal)?;
            let left = new.iter().filter(|(found, _)| is_heavy(found)).count();
            terminal.say(&format!(
                "wrote {} to `{}`",
                counted(count, "known finding"),
                path.display()
            ));
            if left > 0 {
                let why = format!("a baseline only shrinks: {left} new findings are not in it");
                terminal.complain(&why, "mend them, or delete the file to begin anew");
            }
        } else if !gone.is_empty() {
            exit = Exit::Findings;
            for tail in gone {
                let why = format!("`{}` names a finding that is gone: {tail}", path.display());
                terminal.complain(&why, "");
            }
            terminal.complain(
                "the baseline has to shrink",
                "delete these lines, or run with `--write-baseline`",
            );
        }
        if count > 0 {
            let are = if count == 1 { "is" } else { "are" };
            terminal.say(&format!("{} {are} left out", counted(count, "known finding")));
        }
        let new = new.into_iter().map(|(found, _)| found.clone()).collect();
        Ok(Settled { report: Report::new(new), exit })
    }

    /// The findings to show to people, and a last line for those withheld; `None` for all.
    pub(super) fn shortened(&self, report: &Report) -> Option<(Report, String)> {
        let most = self.max_diagnostics?;
        let all = report.diagnostics();
        let withheld = all.len().checked_sub(most).filter(|withheld| *withheld > 0)?;
        let mut heaviest: Vec<&Diagnostic> = all.iter().collect();
        // The sort is stable, so of equals the first in order stay.
        heaviest.sort_by_key(|found| std::cmp::Reverse(found.rule.severity));
        let shown = heaviest.into_iter().take(most).cloned().collect();
        let findings = if withheld == 1 { "finding is" } else { "findings are" };
        Some((Report::new(shown), format!("{withheld} more {findings} not shown\n")))
    }

    /// Says how many findings each rule has, the most first, if asked to.
    pub(super) fn count(&self, report: &Report, terminal: &Terminal) {
        if !self.statistics {
            return;
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for found in report.diagnostics() {
            *counts.entry(found.rule.name).or_default() += 1;
        }
        let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        for (name, count) in counts {
            let severity = rules::find(name).map_or("", |rule| rule.severity.name());
            terminal.say(&format!("{count:>6}  {severity:<7}  {name}"));
        }
    }
}

/// The entries of a baseline: fingerprints, each with its words; `None` if there is no such file.
fn read(path: &Path, terminal: &Terminal) -> Result<Option<BTreeMap<String, String>>, Exit> {
    let shown = path.display();
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            terminal.complain(&format!("the baseline `{shown}` cannot be read: {error}"), "");
            return Err(Exit::Unusable);
        }
    };
    let mut entries = BTreeMap::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let (print, tail) = line.split_once(' ').unwrap_or((line, ""));
        if print.len() != 64 || !print.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            let why = format!("line {} of `{shown}` does not begin with a fingerprint", index + 1);
            terminal.complain(&why, "delete the line, or the file to begin anew");
            return Err(Exit::Unusable);
        }
        entries.insert(print.to_owned(), tail.to_owned());
    }
    Ok(Some(entries))
}

fn write(path: &Path, entries: &BTreeMap<String, String>, terminal: &Terminal) -> Result<(), Exit> {
    let mut text = String::new();
    for (print, tail) in entries {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{print} {tail}");
    }
    fs::write(path, text).map_err(|error| {
        let shown = path.display();
        terminal.complain(&format!("the baseline `{shown}` cannot be written: {error}"), "");
        Exit::Unusable
    })
}

/// `wiki/commands/chg.md: trid-mismatch: what is wrong`, for whoever reads the file.
fn tail(found: &Diagnostic, files: Files<'_>) -> String {
    let path = files.find(&found.path).shown_path();
    format!("{path}: {}: {}", found.rule.name, neutralise(&found.message))
}
