//! The history of a book's pages, from git.
//!
//! One call of `git log` over the source folder, and one question before it: a clone that was cut off would give every page
//! the date of the cut. Dates are those of commits, in UTC, so that equal repositories give equal sites.

use std::path::Path;
use std::process::Command;

use crate::text::{Change, History};

/// Reads the history of the files in `folder`. An error says in a clause why there is none.
pub(super) fn read(folder: &Path) -> Result<History, String> {
    let cut_off = git(folder, &["rev-parse", "--is-shallow-repository"])?;
    if cut_off.trim() == "true" {
        return Err("this clone of the repository is cut off (`--depth`)".to_owned());
    }
    let log = [
        "log",
        "-z",
        "--relative",
        "--no-renames",
        "--no-show-signature",
        "--name-only",
        "--date=format-local:%Y-%m-%dT%H:%M:%SZ",
        "--format=%x01%H%x02%cd%x02%aN%x02%s",
        "--",
        ".",
    ];
    Ok(parse(&git(folder, &log)?))
}

fn git(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(arguments).env("TZ", "UTC").env("LC_ALL", "C");
    let output = command.output().map_err(|error| format!("git cannot be run: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().next().unwrap_or("it failed").trim_start_matches("fatal: ");
    Err(format!("git says: {said}"))
}

/// What `git log` wrote: a commit behind each byte 1, its fields between bytes 2, then file names, all ended by NUL.
fn parse(log: &str) -> History {
    let commits = log.split('\u{1}').filter_map(|commit| {
        let mut parts = commit.split('\0');
        let mut fields = parts.next()?.split('\u{2}').map(plain);
        let mut field = || fields.next();
        let (id, date, author, subject) = (field()?, field()?, field()?, field()?);
        let pages = parts.map(|path| path.trim_start_matches('\n').to_owned());
        let pages: Vec<String> = pages.filter(|path| !path.is_empty()).collect();
        (!pages.is_empty()).then_some(Change { id, date, author, subject, pages })
    });
    History::new(commits.collect())
}

/// The text without control characters, which neither HTML nor XML takes.
fn plain(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_read_commit_by_commit() {
        let log = "\u{1}b\u{2}2026-01-02T00:00:00Z\u{2}B\u{2}Second\0\na.md\0\
                   \u{1}a\u{2}2026-01-01T00:00:00Z\u{2}A\u{2}First: x\0\na.md\0b \u{e9}.md\0\
                   \u{1}m\u{2}2025-12-31T00:00:00Z\u{2}A\u{2}Of no page\0";
        let history = parse(log);
        assert_eq!(history.changes().len(), 2);
        assert_eq!(history.last("a.md").unwrap().author, "B");
        assert_eq!(history.last("b \u{e9}.md").unwrap().subject, "First: x");
        assert!(history.last("c.md").is_none());
        assert!(parse("").changes().is_empty());
    }

    #[test]
    fn a_folder_outside_of_any_repository_has_no_history_and_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let why = read(folder.path()).unwrap_err();
        assert!(why.starts_with("git "), "{why}");
        std::fs::write(
            folder.path().join("book.toml"),
            "[preprocessor.wirebook]\nhistory = true\n",
        )
        .unwrap();
        std::fs::create_dir(folder.path().join("src")).unwrap();
        let loaded = crate::load::load(folder.path()).unwrap();
        let found = loaded.diagnostics.first().unwrap();
        assert_eq!((found.rule.name, found.path.as_str()), ("no-history", "book.toml"));
        assert_eq!(loaded.settings.unwrap().slice(found.span), "true");
    }
}
