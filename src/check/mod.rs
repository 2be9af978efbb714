//! Checks of a whole book: links, names, examples.
//!
//! In: a [`Book`]. Out: [`Checked`], which holds for every example what was understood of it, and all findings.
//! Nothing is written and nothing in the book is changed.

mod examples;
mod links;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::book::Book;
use crate::grammar::VersionSet;
use crate::report::Report;
use crate::text::Span;

/// A book, checked.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The book.
    pub book: Arc<Book>,
    /// What is known of each example, by page and by index into the page's fences. Fences that are no examples
    /// are not in it.
    pub examples: BTreeMap<(String, usize), Example>,
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
}

/// What a token is, for colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TokenClass {
    /// The command word or error code.
    Command,
    /// The transaction id.
    Trid,
    /// A literal the form asks for.
    Keyword,
    /// An account, group or other name of somebody or something.
    Name,
    /// A number.
    Number,
    /// The length of a payload.
    Length,
    /// Any other value.
    Value,
    /// A header's name in a payload.
    Header,
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
}
