//! wirebook's own wiki: every example is checked, every form has one, every command's page has its parts.
#![expect(clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeSet;

use wirebook::check::{Checked, Role, State};
use wirebook::config::Config;
use wirebook::grammar::{Direction, Form, Parameter, Piece};
use wirebook::markdown::{Block, inline_text};
use wirebook::msnp::message::{Word, hold_form};
use wirebook::pipeline::{self, Memo, built_in_wiki};
use wirebook::report::Severity;
use wirebook::text::Span;

fn checked() -> Checked {
    let outcome =
        pipeline::run(&Config::default(), &built_in_wiki(), Vec::new(), &mut Memo::default());
    let serious: Vec<_> = outcome
        .report
        .diagnostics()
        .iter()
        .filter(|d| d.rule.severity > Severity::Note)
        .map(|d| format!("{}: {} {}", d.path, d.rule.name, d.message))
        .collect();
    assert!(serious.is_empty(), "{serious:#?}");
    outcome.checked
}

/// Lines of an example as words, with the direction; continued lines are left out, for they can be read in several ways.
fn lines(checked: &Checked) -> Vec<(Direction, Vec<String>, String)> {
    let mut lines = Vec::new();
    for ((path, _), example) in &checked.examples {
        let source = &checked.book.entries[path].source;
        for (index, line) in example.lines.iter().enumerate() {
            let direction = match line.role {
                Role::Client => Direction::Client,
                Role::Server => Direction::Server,
                _ => continue,
            };
            let mut text = source.slice(line.wire).to_owned();
            let continued = example.lines[index + 1..].iter();
            for more in continued.take_while(|more| more.role == Role::Continuation) {
                let tight = source.slice(more.span).starts_with("..+");
                text.push_str(if tight { "" } else { " " });
                text.push_str(source.slice(more.wire));
            }
            lines.push((direction, text.split(' ').map(str::to_owned).collect(), path.clone()));
        }
    }
    lines
}

#[test]
fn every_example_is_checked_and_none_left_out() {
    let checked = checked();
    assert!(checked.examples.len() > 300);
    for ((path, fence), example) in &checked.examples {
        assert_eq!(example.state, State::Checked, "{path}, fence {fence}");
        assert!(!example.versions.is_empty(), "{path}, fence {fence}");
    }
}

#[test]
fn every_form_has_an_example() {
    let checked = checked();
    let lines = lines(&checked);
    let shown = |form: &Form| {
        lines.iter().any(|(direction, texts, _)| {
            let words: Vec<Word<'_>> = (texts.iter())
                .map(|text| Word { text: text.as_str().into(), span: Span::default() })
                .collect();
            *direction == form.direction && texts[0] == form.name && hold_form(form, &words).is_ok()
        })
    };
    let commands = checked.book.grammar.words();
    let forms = commands.flat_map(|command| &command.forms).filter(|form| form.variant.is_none());
    let missing: Vec<_> = forms
        .filter(|form| !shown(form))
        .map(|form| format!("{}: {}", form.path, form.text))
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_page_of_a_command_has_its_parts() {
    let checked = checked();
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
        let pieces = command.forms.iter().flat_map(|form| &form.pieces);
        for name in pieces.flat_map(names).collect::<BTreeSet<_>>() {
            if !terms.contains(&name) {
                missing.push(format!("{path}: parameter {name}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
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

fn names(piece: &Piece) -> Vec<String> {
    match piece {
        Piece::Parameter(Parameter { name, .. }) => vec![name.clone()],
        Piece::Choice { name, .. } if !name.is_empty() => vec![name.clone()],
        Piece::Optional(inner) => inner.iter().flat_map(names).collect(),
        Piece::Choice { .. } | Piece::Literal(_) => Vec::new(),
    }
}
