//! All commands against all versions, for the directive `command-matrix`.
//!
//! A row is a list of runs, not of single cells: a run begins where the grammar says that a command comes, changes or goes,
//! and is one cell as wide as its versions. So the table stays small, and every cell but an empty one has a word.

use serde::Serialize;

use super::block::Writer;
use super::shared::Anchor;
use crate::grammar::{Change, Command, Grammar, Version};

/// Values of `matrix.html`.
#[derive(Debug, Serialize)]
pub(super) struct Matrix {
    /// The columns.
    versions: Vec<Column>,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Column {
    /// `8`.
    short: String,
    /// `MSNP8`.
    name: String,
    /// Link to the version's page; empty for none.
    href: String,
}

#[derive(Debug, Serialize)]
struct Row {
    name: Anchor,
    runs: Vec<Run>,
}

/// Versions side by side for which there is one thing to say.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Run {
    /// How many versions.
    width: usize,
    /// `yes`, `added`, `changed` or `removed`; empty where the command is not there and was not in the version before.
    word: &'static str,
    sign: &'static str,
}

impl Run {
    fn new(word: &'static str) -> Self {
        let sign = match word {
            "yes" => "•",
            "added" => "+",
            "changed" => "~",
            "removed" => "−",
            _ => "",
        };
        Self { width: 1, word, sign }
    }

    /// True where the command exists.
    fn is_there(&self) -> bool {
        matches!(self.word, "yes" | "added" | "changed")
    }
}

impl Writer<'_> {
    /// All commands against the versions that have any.
    pub(super) fn matrix(&self) -> Matrix {
        let grammar = &self.shared.book.grammar;
        let versions: Vec<Version> = Version::all()
            .filter(|version| grammar.words().any(|c| c.versions().contains(*version)))
            .collect();
        let row = |command: &Command| Row {
            name: self.shared.anchor(self.entry, &command.name),
            runs: runs(grammar, command, &versions),
        };
        let column = |version: &Version| {
            let name = version.to_string();
            let href = self.shared.named(self.entry, &name).unwrap_or_default();
            let short = name.strip_prefix("MSNP").unwrap_or(&name).to_owned();
            Column { short, name, href }
        };
        Matrix {
            versions: versions.iter().map(column).collect(),
            rows: grammar.words().map(row).collect(),
        }
    }
}

fn runs(grammar: &Grammar, command: &Command, versions: &[Version]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut last: Option<Version> = None;
    for &version in versions {
        // A version whose forerunner is no column is compared with nothing.
        let compared = version.previous().is_some_and(|before| last == Some(before));
        let present = command.versions().contains(version);
        let change = grammar.change(command, version).filter(|_| compared);
        let word = match change {
            Some(Change::Added) => Some("added"),
            Some(Change::Changed) => Some("changed"),
            Some(Change::Removed) => Some("removed"),
            None if present => (!compared).then_some("yes"),
            None => runs.last().is_none_or(Run::is_there).then_some(""),
        };
        match (word, runs.last_mut()) {
            (None, Some(run)) => run.width += 1,
            (word, _) => runs.push(Run::new(word.unwrap_or_default())),
        }
        last = Some(version);
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar;
    use crate::markdown;
    use crate::text::Source;

    fn shown(fence: &str, columns: &[&str]) -> String {
        let text = format!("```msnp-grammar\n{fence}\n```\n");
        let source = Source::new("a.md", text);
        let page = markdown::parse(&source);
        let fences = page.fences.iter().map(|fence| grammar::parse(&source, fence));
        let (grammar, _) = Grammar::assemble(fences);
        let versions: Vec<Version> =
            columns.iter().filter_map(|name| Version::parse(name)).collect();
        let runs = runs(&grammar, grammar.command("PNG").unwrap(), &versions);
        let shown = runs.iter().map(|run| format!("{}{}", run.sign, run.width));
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_run_ends_where_the_grammar_changes() {
        let columns = ["cvr0", "2", "3", "4", "5", "6", "7"];
        assert_eq!(shown("C: PNG {version=2..}", &columns), "1 •6");
        assert_eq!(shown("C: PNG {version=4..5}", &columns), "3 +2 −2");
        let two = "C: PNG {version=2..3}\nC: PNG trid {version=4..}";
        assert_eq!(shown(two, &columns), "1 •2 ~4");
        assert_eq!(shown("C: PNG {version=cvr0|3..}", &columns), "•1 1 +5");
        assert_eq!(shown("C: PNG {version=2|4}", &columns), "1 •1 −1 +1 −3");
    }

    #[test]
    fn runs_of_a_row_cover_all_columns() {
        let columns = ["2", "3", "7", "8"];
        assert_eq!(shown("C: PNG {version=3..7}", &columns), "1 +1 •1 −1");
    }
}
