//! `wirebook explain`: the page of a rule, or the list of all.

use std::fmt::Write as _;

use super::{Exit, Terminal};
use crate::report::rules;
use crate::text::did_you_mean;

pub(super) fn run(rule: Option<&str>, terminal: &Terminal) -> Exit {
    let text = match rule {
        None => list(),
        Some(name) => match rules::find(name) {
            Some(rule) => rule.page.to_owned(),
            None => return unknown(name, terminal),
        },
    };
    match terminal.print(&text) {
        Ok(()) => Exit::Clean,
        Err(error) => {
            terminal.complain(&format!("standard output cannot be written: {error}"), "");
            Exit::Unusable
        }
    }
}

/// One line a rule: severity, name, what it finds.
fn list() -> String {
    let width = rules::RULES.iter().map(|rule| rule.name.len()).max().unwrap_or_default();
    let mut out = String::new();
    for rule in rules::RULES {
        let (severity, name) = (rule.severity.name(), rule.name);
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{severity:<7}  {name:<width$}  {}", rule.summary());
    }
    out
}

fn unknown(name: &str, terminal: &Terminal) -> Exit {
    let help = did_you_mean(name, rules::RULES.iter().map(|rule| rule.name))
        .unwrap_or_else(|| "`wirebook explain` lists the rules".to_owned());
    terminal.complain(&format!("`{name}` is not a rule"), &help);
    Exit::Unusable
}
