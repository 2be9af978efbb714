//! Examples that are left unchecked: on request, as templates, or for want of a grammar.

use std::collections::BTreeMap;

use super::attributes::Stated;
use super::lines;
use super::scene::{Exchange, Part};
use super::verdict::{example_line, fence};
use crate::book::{Book, Entry};
use crate::check::{Example, State};
use crate::grammar::VersionSet;
use crate::msnp::{self, Context, MessageState, Step, Verdict};
use crate::report::{Diagnostic, Severity, rules};
use crate::text::Span;

/// Leaves an exchange of a version that the grammar does not describe.
pub(super) fn skip_unknown(
    book: &Book,
    entry: &Entry,
    exchange: &Exchange,
    (examples, diagnostics): (&mut BTreeMap<usize, Example>, &mut Vec<Diagnostic>),
) {
    for (index, stated) in exchange.parts.iter().filter_map(fence) {
        let (example, note) = skip(book, entry, index, stated);
        let text = "the version stated here has no grammar, so the example is not checked";
        diagnostics.push(Diagnostic::new(&rules::NO_GRAMMAR, &note.path, note.span, text));
        examples.insert(index, Example { state: State::Unchecked, ..example });
    }
}

/// An example that its author asked to leave.
pub(super) fn skip(
    book: &Book,
    entry: &Entry,
    index: usize,
    stated: &Stated,
) -> (Example, Diagnostic) {
    let span = entry.page.fences.get(index).map(|fence| fence.span).unwrap_or_default();
    let path = &entry.page.path;
    let (state, note) = if let Some(reason) = &stated.ignored {
        let text = format!("this example is not checked: {reason}");
        let note = Diagnostic::new(&rules::IGNORED_EXAMPLE, path, span, text);
        (State::Ignored(reason.clone()), note)
    } else {
        let text = "this example stands for many, so it is not checked";
        (State::Unchecked, Diagnostic::new(&rules::TEMPLATE, path, span, text))
    };
    let part = Part::Fence(index, stated.clone());
    let written = lines::write(entry, &[part], &book.grammar, &mut Vec::new());
    let verdict = Verdict::default();
    let lines =
        written.lines.iter().map(|line| example_line(entry, line, &written, &verdict)).collect();
    let commands =
        written.transcript.steps.iter().filter(|s| matches!(s, Step::Message(_))).count();
    let (versions, wire) = (VersionSet::EMPTY, Vec::new());
    (Example { state, versions, lines, commands, wire, hidden: stated.hidden }, note)
}

/// The finding of an example that is left on request, though nothing is wrong with it.
pub(super) fn needless(
    entry: &Entry,
    exchange: &Exchange,
    index: usize,
    context: &Context<'_>,
) -> Option<Diagnostic> {
    let span = entry.page.fences.get(index)?.span;
    // With the others of its exchange, and alone, for it may have been left for their sake.
    let together = |part: &&Part| {
        fence(part).is_none_or(|(at, stated)| {
            at == index || (!stated.template && stated.ignored.is_none())
        })
    };
    let alone = |part: &&Part| fence(part).is_some_and(|(at, _)| at == index);
    let parts: [Vec<Part>; 2] = [
        exchange.parts.iter().filter(together).cloned().collect(),
        exchange.parts.iter().filter(alone).cloned().collect(),
    ];
    let passes = |parts: &Vec<Part>| {
        let mut found = Vec::new();
        let written = lines::write(entry, parts, context.grammar, &mut found);
        let verdict = msnp::validate(&written.transcript, context);
        let own = written.lines.iter().filter(|line| line.fence == index);
        let messages: Vec<usize> = own.filter_map(|line| line.message).collect();
        let checked = |at: &usize| {
            verdict.messages.get(*at).is_some_and(|m| m.state == MessageState::Checked)
        };
        let rules = verdict.problems.iter().map(|problem| problem.rule);
        let mut rules = rules.chain(found.iter().map(|diagnostic| diagnostic.rule));
        !messages.is_empty()
            && messages.iter().all(checked)
            && rules.all(|rule| rule.severity == Severity::Note && *rule != rules::TEMPLATE)
    };
    parts.iter().all(passes).then(|| unused_ignore(&entry.page.path, span))
}

/// The finding of a fence at `span` that is left on request for nothing.
pub(super) fn unused_ignore(path: &str, span: Span) -> Diagnostic {
    let text = "this example is left unchecked, but nothing is wrong with it";
    Diagnostic::new(&rules::UNUSED_IGNORE, path, span, text).with_help("take `ignore` out")
}
