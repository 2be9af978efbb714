//! Checks of a whole book: links, names, examples.
//!
//! In: a [`Book`]. Out: [`Checked`], which holds for every example what was understood of it, and all findings.
//! Nothing is written and nothing in the book is changed.

mod allow;
pub mod constants;
pub mod coverage;
mod examples;
mod grammar;
mod links;
mod memo;
mod mentions;
mod questions;
mod sections;
mod shard;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use allow::Allowed;
use examples::Found;
pub use examples::versions_named;
pub use memo::Memo;
pub use shard::Shard;

use crate::book::{Book, DIRECTIVES, Entry};
use crate::config::Config;
use crate::grammar::{Direction, VersionSet};
use crate::markdown::Block;
pub use crate::msnp::TokenClass;
use crate::progress::{Progress, Stage};
use crate::report::{Diagnostic, Report, rules};
use crate::text::{Span, did_you_mean};

/// A book, checked.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The book.
    pub book: Arc<Book>,
    /// What is known of each example, by page and by index into the page's fences. Fences that are no examples
    /// are not in it.
    pub examples: BTreeMap<(String, usize), Arc<Example>>,
    /// What became of each document (a fence of HTTP or XML), by page and index.
    pub documents: BTreeMap<(String, usize), State>,
    /// All findings of the run.
    pub report: Report,
}

/// What became of an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Every line was checked, and nothing is wrong.
    Checked,
    /// Every line was checked, and the example shows the mistakes it announces.
    ExpectedMistakes,
    /// Some lines stand for many (templates) or have no grammar; the others were checked.
    Partly,
    /// Nothing in it could be checked.
    Unchecked,
    /// The author asked to leave it; the reason.
    Ignored(String),
    /// Something is wrong.
    Wrong,
}

/// An example, understood as far as it can be.
#[derive(Debug, Clone)]
pub struct Example {
    /// What became of it.
    pub state: State,
    /// Versions in which all of it is legal.
    pub versions: VersionSet,
    /// One a line of the fence, in order.
    pub lines: Vec<ExampleLine>,
    /// How many commands stand in it.
    pub commands: usize,
    /// Its messages as they are on the wire, in order; none where some byte of one is not shown.
    pub wire: Vec<WireMessage>,
    /// True if its author wants it to be shown on request only.
    pub hidden: bool,
}

/// A message as it is on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireMessage {
    /// Who sends it.
    pub direction: Direction,
    /// Line, CRLF, payload.
    pub bytes: Vec<u8>,
}

/// What a line of an example is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A command from the client.
    Client,
    /// A command from the server.
    Server,
    /// More of the command in the line above.
    Continuation,
    /// Payload of the command above.
    Payload,
    /// A remark for readers, no wire text.
    Comment,
    /// `...`, or words that are no wire text.
    Other,
}

/// A line of an example.
#[derive(Debug, Clone)]
pub struct ExampleLine {
    /// What it is.
    pub role: Role,
    /// The whole line in the file, with its `C: `.
    pub span: Span,
    /// The wire text in it, without `C: ` or `.. `.
    pub wire: Span,
    /// Tokens in the wire text. Invariant: they ascend and lie inside `wire`.
    pub tokens: Vec<Token>,
    /// Versions in which this line alone is legal; empty for lines that are no commands or could not be read.
    pub versions: VersionSet,
    /// The forms that the command beginning here fits; empty for none, and for lines where no command begins.
    pub forms: Vec<FormKey>,
    /// How many bytes of payload follow the command beginning here; `None` for none, and where some are not shown.
    pub payload: Option<usize>,
}

/// A form of the grammar, by name and place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FormKey {
    /// The command word, or the digits of an error.
    pub command: String,
    /// Its index among the command's forms.
    pub index: usize,
}

/// A piece of a line with a meaning.
#[derive(Debug, Clone)]
pub struct Token {
    /// Where in the file.
    pub span: Span,
    /// What it is.
    pub class: TokenClass,
    /// Name of the parameter; empty for none.
    pub name: String,
    /// Kind of its value; empty for none.
    pub kind: String,
    /// Where in its message, in bytes; `None` where a wildcard hides how many there are before it.
    pub bytes: Option<Range<usize>>,
}

/// Checks a book. `earlier` are the findings of the stages before; rules that `config` switches off are left out. `memo` changes
/// nothing but the time it takes.
pub fn check(
    book: Arc<Book>,
    earlier: Vec<Diagnostic>,
    config: &Config,
    memo: &mut Memo,
) -> Checked {
    check_part(book, earlier, config, memo, Part::default())
}

/// How much of a book is checked, and who watches.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    /// The shard whose examples are checked; `None` for all examples.
    pub shard: Option<Shard>,
    /// Who watches.
    pub progress: &'a dyn Progress,
}

impl Default for Part<'_> {
    fn default() -> Self {
        Self { shard: None, progress: &() }
    }
}

/// The same for a part: what it says of the pages of the shard is what a check of the whole book says. Of other pages it may leave
/// examples and findings out.
pub fn check_part(
    book: Arc<Book>,
    earlier: Vec<Diagnostic>,
    config: &Config,
    memo: &mut Memo,
    part: Part<'_>,
) -> Checked {
    let results = results(&book, memo, part);
    part.progress.begins(Stage::Rest, 0);
    let mut diagnostics = earlier;
    diagnostics.extend(book.diagnostics.iter().cloned());
    let mut examples = BTreeMap::new();
    let mut documents = BTreeMap::new();
    let mut allowed = Vec::new();
    for (path, entry) in &book.entries {
        if let Some(found) = results.get(path) {
            allowed.extend(found.allowed.iter().cloned());
            diagnostics.extend(found.diagnostics.iter().cloned());
            let key = |fence: usize| (path.clone(), fence);
            let of_page = found.examples.iter();
            examples.extend(of_page.map(|(fence, example)| (key(*fence), Arc::clone(example))));
            let of_page = found.documents.iter();
            documents.extend(of_page.map(|(fence, state)| (key(*fence), state.clone())));
        }
        allowed.extend(entry.page.allowances.iter().map(|allowance| Allowed {
            path: path.clone(),
            example: None,
            allowance: allowance.clone(),
        }));
        diagnostics.extend(entry.page.diagnostics.iter().cloned());
        diagnostics.extend(unknown_directives(path, &entry.page.blocks));
    }
    diagnostics.extend(links::check(&book));
    diagnostics.extend(constants::check(&book, &examples));
    diagnostics.extend(mentions::check(&book));
    diagnostics.extend(questions::check(&book));
    diagnostics.extend(sections::check(&book, config));
    diagnostics.extend(table::check(&book));
    if !book.foreign {
        diagnostics.extend(grammar::check(&book.grammar));
    }
    let mut diagnostics = allow::apply(diagnostics, &allowed);
    diagnostics.retain(|diagnostic| !config.off.iter().any(|name| name == diagnostic.rule.name));
    let report = Report::new(once_a_command(diagnostics));
    Checked { book, examples, documents, report }
}

/// What is known of the examples that the part needs, by page.
fn results(book: &Book, memo: &mut Memo, part: Part<'_>) -> BTreeMap<String, Arc<Found>> {
    let Some(shard) = part.shard else { return memo.examples(book, |_| true, part.progress) };
    let own = shard.pages(book);
    let results = memo.examples(book, |path| own.contains(path), part.progress);
    let found = results.values().flat_map(|found| &found.diagnostics);
    let notes: Vec<&Diagnostic> = found.filter(|found| is_once_a_command(found)).collect();
    // Which of them stay depends on what pages before them have.
    let decides = |path: &str, entry: &Entry| {
        notes.iter().any(|note| {
            let command = note.message.split('`').nth(1).unwrap_or_default();
            path < note.path.as_str() && entry.source.text.contains(command)
        })
    };
    let others = book.entries.iter().filter(|(path, entry)| decides(path, entry));
    let others: BTreeSet<&str> = others.map(|(path, _)| path.as_str()).collect();
    if others.is_subset(&own) {
        return results;
    }
    memo.examples(book, |path| own.contains(path) || others.contains(path), part.progress)
}

/// A command without a grammar is worth one note, at its first place, not one a line.
fn once_a_command(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by(|a, b| (&a.path, a.span).cmp(&(&b.path, b.span)));
    let mut seen = BTreeSet::new();
    diagnostics.retain(|diagnostic| {
        !is_once_a_command(diagnostic) || seen.insert(diagnostic.message.clone())
    });
    diagnostics
}

fn is_once_a_command(diagnostic: &Diagnostic) -> bool {
    std::ptr::eq(diagnostic.rule, &raw const rules::NO_GRAMMAR)
}

fn unknown_directives(path: &str, blocks: &[Block]) -> Vec<Diagnostic> {
    let unknown = blocks.iter().filter_map(|block| match block {
        Block::Directive(name, span) if !DIRECTIVES.contains(&name.as_str()) => Some((name, span)),
        _ => None,
    });
    unknown
        .map(|(name, span)| {
            let text = format!("there is no directive `{name}`");
            let known = || DIRECTIVES.map(|name| format!("`{name}`")).join(", ");
            let help = did_you_mean(name, DIRECTIVES)
                .unwrap_or_else(|| format!("the directives are {}", known()));
            Diagnostic::new(&rules::UNKNOWN_DIRECTIVE, path, *span, text).with_help(help)
        })
        .collect()
}
