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
mod page;
mod questions;
mod sections;
mod shard;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use examples::Found;
pub use examples::versions_named;
pub use memo::Memo;
use page::Checks;
pub use shard::Shard;

use crate::book::{Book, Entry};
use crate::config::Config;
use crate::grammar::{Direction, VersionSet};
pub use crate::msnp::TokenClass;
use crate::progress::{Progress, Stage};
use crate::report::{Diagnostic, Report, rules};
use crate::text::Span;

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
    let mut examples = BTreeMap::new();
    let mut documents = BTreeMap::new();
    for (path, found) in &results {
        let key = |fence: usize| (path.clone(), fence);
        let of_page = found.examples.iter();
        examples.extend(of_page.map(|(fence, example)| (key(*fence), Arc::clone(example))));
        let of_page = found.documents.iter();
        documents.extend(of_page.map(|(fence, state)| (key(*fence), state.clone())));
    }
    let whole = of_whole(&book, earlier);
    let checks = Checks::new(&book, config, &whole);
    let entries: Vec<(&String, &Entry)> = book.entries.iter().collect();
    let of_page = |(path, entry): (&String, &Entry)| {
        let found = results.get(path).map(Arc::as_ref);
        (path.clone(), checks.page(entry, found).into())
    };
    let told: Vec<(String, Arc<[Diagnostic]>)> = entries.into_par_iter().map(of_page).collect();
    memo.told = told.into_iter().collect();
    let report = report(&memo.told, checks.others());
    memo.whole = whole;
    Checked { book, examples, documents, report }
}

/// Checks a book again that differs from that of `before` by the pages at `changed` only, and was made of it by
/// [`revise`](crate::book::revise()). `None` where other pages have to be checked as well. `memo` is that of the check before.
pub fn recheck(
    before: &Checked,
    book: Arc<Book>,
    changed: &[&str],
    config: &Config,
    memo: &mut Memo,
) -> Option<Checked> {
    let constants = constants::page(&book).map(|entry| entry.page.path.as_str());
    // What was found of the whole may point at a place on the page.
    let is_read = |path: &&str| constants == Some(path) || memo.whole.contains_key(*path);
    if changed.iter().any(is_read) {
        return None;
    }
    let (mut examples, mut documents) = (before.examples.clone(), before.documents.clone());
    examples.retain(|(path, _), _| !changed.contains(&path.as_str()));
    documents.retain(|(path, _), _| !changed.contains(&path.as_str()));
    let entries = changed.iter().map(|path| book.entries.get(*path));
    let entries: Vec<&Entry> = entries.collect::<Option<_>>()?;
    let found: Vec<Arc<Found>> = entries.iter().map(|entry| memo.page(&book, entry)).collect();
    let checks = Checks::new(&book, config, &memo.whole);
    for (entry, found) in entries.into_iter().zip(found) {
        let path = &entry.page.path;
        let key = |fence: usize| (path.clone(), fence);
        let of_page = found.examples.iter();
        examples.extend(of_page.map(|(fence, example)| (key(*fence), Arc::clone(example))));
        documents.extend(found.documents.iter().map(|(at, state)| (key(*at), state.clone())));
        memo.told.insert(path.clone(), checks.page(entry, Some(&found)).into());
    }
    let report = report(&memo.told, checks.others());
    Some(Checked { book, examples, documents, report })
}

/// What is found of the book as a whole, with the findings of the stages before, by path.
fn of_whole(book: &Book, earlier: Vec<Diagnostic>) -> BTreeMap<String, Vec<Diagnostic>> {
    let mut all = earlier;
    all.extend(book.diagnostics.iter().cloned());
    all.extend(links::orphans(book));
    if !book.foreign {
        all.extend(grammar::check(&book.grammar));
    }
    let mut whole: BTreeMap<String, Vec<Diagnostic>> = BTreeMap::new();
    for diagnostic in all {
        whole.entry(diagnostic.path.clone()).or_default().push(diagnostic);
    }
    whole
}

fn report<'a>(
    told: &'a BTreeMap<String, Arc<[Diagnostic]>>,
    others: impl Iterator<Item = &'a Diagnostic>,
) -> Report {
    let told = told.values().flat_map(|found| found.iter());
    Report::new(once_a_command(told.chain(others).cloned().collect()))
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
