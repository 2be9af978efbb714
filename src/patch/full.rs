//! The review for people: the mails, what each patch does, and the new findings in their source.

use std::fmt::Write as _;

use super::{Delta, Failure, Review};
use crate::report::{Diagnostic, Files, Format, Severity, Style, render};
use crate::text::neutralise;

/// The review as text.
pub fn full(review: &Review, style: Style) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    if let Some((cover, _)) = &review.cover {
        let _ = writeln!(out, "series: {}", neutralise(cover));
    }
    let base: String = review.base.chars().take(12).collect();
    let _ = writeln!(out, "on commit {base}");
    let count = review.patches.len();
    for (index, one) in review.patches.iter().enumerate() {
        let patch = &one.patch;
        let _ = writeln!(out, "\npatch {}/{count}: {}", index + 1, neutralise(&patch.title));
        let _ = writeln!(out, "  from {}", neutralise(&patch.author.full()));
        if !patch.author.is(&patch.mail.from) {
            let _ = writeln!(out, "  sent by {}", neutralise(&patch.mail.from.full()));
        }
        for file in &patch.diff.files {
            let (added, removed) = file.count();
            let _ = writeln!(out, "  {} +{added} -{removed}", neutralise(&file.new));
        }
        if count > 1 {
            let places: Vec<(&str, usize)> =
                one.places.iter().map(|(path, line)| (path.as_str(), *line)).collect();
            for (found, (path, line)) in one.delta.introduced.iter().zip(places) {
                let _ = writeln!(out, "  introduces {}", told(found, path, line));
            }
            let _ = write!(out, "{}", fixed(&one.delta, "  "));
        }
    }
    out.push('\n');
    for remark in &review.remarks {
        let mail = if remark.mail > 0 { format!("mail {}: ", remark.mail) } else { String::new() };
        let _ = writeln!(
            out,
            "{}[{}]: {mail}{}",
            remark.severity.name(),
            remark.name,
            neutralise(&remark.message)
        );
        if !remark.help.is_empty() {
            let _ = writeln!(out, "  help: {}", remark.help);
        }
    }
    let introduced = review.introduced();
    out.push_str(&render(Format::Full, &introduced, &[], review.after.files(), style));
    out.push_str(&fixed_in(&review.total, review.before.files()));
    for change in &review.total.grammar {
        let _ = writeln!(out, "changes: {}", neutralise(change));
    }
    let _ = writeln!(out, "{}", summary(review));
    // A line of a CI log must not begin a command, wherever a subject has one.
    out.replace("##[", "# #[").replace("##vso[", "# #vso[")
}

fn told(found: &Diagnostic, path: &str, line: usize) -> String {
    let (severity, rule) = (found.rule.severity.name(), found.rule.name);
    format!("{path}:{line}: {severity}[{rule}] {}", neutralise(&found.message))
}

fn fixed(delta: &Delta, indent: &str) -> String {
    let lines = delta.fixed.iter().map(|found| {
        format!(
            "{indent}fixes [{}] {}: {}\n",
            found.rule.name,
            neutralise(&found.path),
            neutralise(&found.message)
        )
    });
    lines.collect()
}

fn fixed_in(delta: &Delta, files: Files<'_>) -> String {
    let lines = delta.fixed.iter().map(|found| {
        let file = files.find(&found.path);
        format!("fixes {}\n", told(found, &file.shown_path(), file.positions(found.span).0.line))
    });
    lines.collect()
}

/// `2 patches: introduces 1 error, 0 warnings and 2 notes; fixes 3 findings; 1 change of the protocol`.
pub(super) fn summary(review: &Review) -> String {
    let count = |severity| review.introduced().count(severity);
    let counted = |count: usize, noun: &str| {
        let ending = if count == 1 { "" } else { "s" };
        format!("{count} {noun}{ending}")
    };
    let patches = if review.patches.len() == 1 {
        "1 patch".to_owned()
    } else {
        format!("{} patches", review.patches.len())
    };
    format!(
        "{patches}: introduces {}, {} and {}; fixes {}; {} of the protocol",
        counted(count(Severity::Error), "error"),
        counted(count(Severity::Warning), "warning"),
        counted(count(Severity::Note), "note"),
        counted(review.total.fixed.len(), "finding"),
        counted(review.total.grammar.len(), "change"),
    )
}

impl Failure {
    /// What to tell its reader, an error and its help each.
    pub fn told(&self) -> Vec<(String, String)> {
        match self {
            Self::Refused(refusals) => {
                let told = refusals.iter().map(|refusal| {
                    let mail = if refusal.mail > 0 {
                        format!(" mail {}", refusal.mail)
                    } else {
                        " the series".to_owned()
                    };
                    (
                        format!("refused[{}]:{mail}: {}", refusal.reason, refusal.message),
                        refusal.help.to_owned(),
                    )
                });
                told.collect()
            }
            Self::Conflict { message, said, help, .. } => {
                let mut told: Vec<(String, String)> = vec![(message.clone(), String::new())];
                told.extend(said.iter().map(|line| (format!("git: {line}"), String::new())));
                if let Some(last) = told.last_mut() {
                    last.1.clone_from(help);
                }
                told
            }
            Self::Unusable { message, help } => vec![(message.clone(), help.clone())],
        }
    }
}
