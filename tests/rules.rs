//! Runs the examples on the pages of the rules: under "Bad" stands a small book with exactly this mistake, under "Good" the
//! same without it.
//!
//! A book is made of the blocks of four backticks in a section; `{file=PATH}` behind the language names a block's file, and
//! without it the file is `index.md`. Sections without such blocks show in prose what a text cannot.
use std::sync::Arc;

use wirebook::config::{Config, parse};
use wirebook::pipeline::{Memo, run};
use wirebook::report::rules::RULES;
use wirebook::report::{Diagnostic, Rule, Severity};
use wirebook::text::{Source, Sources};

/// The files of the book in the section under `heading`, by path.
fn book(rule: &Rule, heading: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut inside = false;
    let mut lines = rule.page.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            inside = title == heading;
        }
        let Some(info) = line.strip_prefix("````") else { continue };
        let file = info.split_once("{file=").map(|(_, file)| file.trim_end_matches('}'));
        let text: Vec<&str> = lines.by_ref().take_while(|line| *line != "````").collect();
        if inside {
            files.push((file.unwrap_or("index.md").to_owned(), text.join("\n") + "\n"));
        }
    }
    files
}

fn findings(files: Vec<(String, String)>) -> Vec<Diagnostic> {
    let (mut config, mut found) = (Config::default(), Vec::new());
    let mut sources = Sources::default();
    for (path, text) in files {
        let source = Source::new(path.clone(), text);
        if path == "book.toml" {
            (config, found) = parse(&source);
        } else {
            sources.pages.insert(path, Arc::new(source));
        }
    }
    run(&config, &sources, found, &mut Memo::default()).report.diagnostics().to_vec()
}

fn shown(found: &[Diagnostic]) -> String {
    let lines = found.iter().map(|d| format!("  {}: [{}] {}", d.path, d.rule.name, d.message));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_examples_of_each_rule_show_it_and_nothing_else() {
    let mut wrong = Vec::new();
    let mut run = 0;
    for rule in RULES {
        let (bad, good) = (book(rule, "Bad"), book(rule, "Good"));
        if bad.is_empty() {
            continue;
        }
        run += 1;
        let found = findings(bad);
        let shows = found.iter().any(|d| d.rule.name == rule.name);
        let other =
            found.iter().any(|d| d.rule.name != rule.name && d.rule.severity > Severity::Note);
        if !shows || other {
            wrong.push(format!("the bad example of `{}` gives:\n{}", rule.name, shown(&found)));
        }
        let found = findings(good);
        if !found.is_empty() {
            wrong.push(format!("the good example of `{}` gives:\n{}", rule.name, shown(&found)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(run * 10 >= RULES.len() * 9, "only {run} rules have examples that can be run");
}
