//! wirebook's own wiki: every example is checked, every form has one, every command's page has its parts.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use wirebook::check::coverage::coverage;
use wirebook::check::{Checked, State};
use wirebook::config::Config;
use wirebook::grammar::{Form, Piece};
use wirebook::markdown::{Block, inline_text};
use wirebook::pipeline::{self, Memo, built_in_wiki};

static CHECKED: LazyLock<Arc<Checked>> = LazyLock::new(|| {
    let outcome =
        pipeline::run(&Config::default(), &built_in_wiki(), Vec::new(), &mut Memo::default());
    let findings: Vec<_> = outcome
        .report
        .diagnostics()
        .iter()
        .map(|d| format!("{}: {} {}", d.path, d.rule.name, d.message))
        .collect();
    assert!(findings.is_empty(), "{findings:#?}");
    outcome.checked
});

#[test]
fn every_example_is_checked_and_none_left_out() {
    let checked = &*CHECKED;
    assert!(checked.examples.len() >= 600);
    assert!(checked.documents.len() >= 100);
    for ((path, fence), example) in &checked.examples {
        assert_eq!(example.state, State::Checked, "{path}, fence {fence}");
        assert!(!example.versions.is_empty(), "{path}, fence {fence}");
    }
}

#[test]
fn every_form_has_an_example() {
    let checked = &*CHECKED;
    let coverage = coverage(checked);
    let forms = coverage.commands.iter().flat_map(|command| &command.forms);
    let missing: Vec<_> = forms
        .filter(|form| !form.is_shown())
        .map(|form| format!("{}: {}", form.form.path, form.form.text))
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
    let totals = coverage.totals();
    assert!(totals.forms.all > 200 && totals.versions.percent() == 100, "{totals:?}");
}

#[test]
fn every_page_of_a_command_has_its_parts() {
    let checked = &*CHECKED;
    let mut missing = Vec::new();
    for command in checked.book.grammar.words() {
        let path = format!("commands/{}.md", command.name.to_lowercase());
        assert_eq!(command.path(), path, "{} is declared on its own page", command.name);
        let page = &checked.book.entries[&path].page;
        let headings: BTreeSet<&str> = page.headings.iter().map(|h| h.text.as_str()).collect();
        for heading in ["Syntax", "Examples", "Changes", "Sources"] {
            if !headings.contains(heading) {
                missing.push(format!("{path}: {heading}"));
            }
        }
        let terms: BTreeSet<String> = page.blocks.iter().flat_map(terms).collect();
        let named = command.forms.iter().flat_map(Form::leaves).filter_map(Piece::named);
        for name in named.map(|(name, _)| name).collect::<BTreeSet<_>>() {
            if !terms.contains(name) {
                missing.push(format!("{path}: parameter {name}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_form_says_how_it_is_known() {
    let checked = &*CHECKED;
    let forms = checked.book.grammar.commands.values().flat_map(|command| &command.forms);
    let silent: Vec<String> = forms
        .filter(|form| form.status.is_none())
        .map(|form| format!("{}: {}", form.path, form.text))
        .collect();
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn every_page_of_a_released_version_follows_a_session() {
    let checked = &*CHECKED;
    for version in [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 21] {
        let path = format!("versions/msnp{version}.md");
        let entry = &checked.book.entries[&path];
        let text = &entry.source.text;
        assert!(text.contains("<!-- wirebook: version-changes -->"), "{path}");
        assert!(entry.page.headings.iter().any(|h| h.text.contains("History")), "{path}");
        let words: BTreeSet<&str> = (checked.examples.iter())
            .filter(|((of, _), _)| *of == path)
            .flat_map(|(_, example)| &example.lines)
            .flat_map(|line| &line.forms)
            .map(|form| form.command.as_str())
            .collect();
        let mut expected = vec!["VER", "USR", "XFR", "OUT"];
        if version <= 18 {
            expected.extend(["CHG", "CAL", "RNG", "ANS", "MSG"]);
        }
        let missing: Vec<_> = expected.iter().filter(|word| !words.contains(**word)).collect();
        assert!(missing.is_empty(), "{path} shows no {missing:?}");
    }
}

fn terms(block: &Block) -> Vec<String> {
    match block {
        Block::Definitions(definitions, _) => definitions
            .iter()
            .flat_map(|d| inline_text(&d.term).split(", ").map(str::to_owned).collect::<Vec<_>>())
            .collect(),
        _ => Vec::new(),
    }
}
