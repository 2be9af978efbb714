//! The typed tree of a page.

use std::collections::BTreeMap;

use super::{Allowance, Fence, FrontMatter, Heading};
use crate::report::Diagnostic;
use crate::text::{Span, first_sentence};

/// One Markdown file, read.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Path relative to the book's source folder.
    pub path: String,
    /// What the front matter says; empty where there is none.
    pub front: FrontMatter,
    /// The blocks in order, front matter left out.
    pub blocks: Vec<Block>,
    /// All headings in order, also those in quotations and lists; blocks refer to them by index.
    pub headings: Vec<Heading>,
    /// All links and images in order; inlines refer to them by index.
    pub links: Vec<Link>,
    /// All code blocks in order; blocks refer to them by index.
    pub fences: Vec<Fence>,
    /// Findings let stand by comments, each for the block below it.
    pub allowances: Vec<Allowance>,
    /// Every id that a link can name (of headings, terms, table rows, HTML; aliases too), with the id it leads to.
    pub ids: BTreeMap<String, String>,
    /// What is wrong with the page as Markdown.
    pub diagnostics: Vec<Diagnostic>,
}

impl Page {
    /// Where a block of this page stands.
    pub fn span_of(&self, block: &Block) -> Span {
        match block {
            Block::Heading(index) => self.headings.get(*index).map(|heading| heading.span),
            Block::Fence(index) => self.fences.get(*index).map(|fence| fence.span),
            Block::Paragraph(_, span)
            | Block::Quote(_, _, span)
            | Block::List { span, .. }
            | Block::Definitions(_, span)
            | Block::Table { span, .. }
            | Block::Footnote(_, _, span)
            | Block::Directive(_, span)
            | Block::Html(_, span)
            | Block::Rule(span) => Some(*span),
        }
        .unwrap_or_default()
    }
}

/// A link or an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The destination, unescaped.
    pub destination: String,
    /// The title; mostly empty.
    pub title: String,
    /// The text (of an image: the alternative), without markup.
    pub text: String,
    /// The whole link.
    pub span: Span,
    /// The destination in the file; the whole link where it stands elsewhere (reference links).
    pub destination_span: Span,
    /// True for an image.
    pub image: bool,
}

/// A block of a page.
#[derive(Debug, Clone)]
pub enum Block {
    /// A heading, by index into [`Page::headings`].
    Heading(usize),
    /// Running text. Items of tight lists hold paragraphs too; `tight` lists render them bare.
    Paragraph(Vec<Inline>, Span),
    /// A quotation, or an alert such as `> [!NOTE]`.
    Quote(Option<Alert>, Vec<Self>, Span),
    /// A list.
    List {
        /// Number of the first item; `None` for bullets.
        start: Option<u64>,
        /// True where no blank line parts the items.
        tight: bool,
        /// The items.
        items: Vec<Item>,
        /// The whole list.
        span: Span,
    },
    /// A list of terms, each with its definitions.
    Definitions(Vec<Definition>, Span),
    /// A table.
    Table {
        /// One a column.
        alignments: Vec<Alignment>,
        /// The head's cells.
        head: Vec<Vec<Inline>>,
        /// The other rows.
        rows: Vec<Vec<Vec<Inline>>>,
        /// Ids of the rows, one each, unique in the page; empty for a row that is not named by its first cell.
        row_ids: Vec<String>,
        /// The whole table.
        span: Span,
    },
    /// A code block, by index into [`Page::fences`].
    Fence(usize),
    /// A footnote's text.
    Footnote(String, Vec<Self>, Span),
    /// `<!-- wirebook: NAME -->`: a place that wirebook fills in.
    Directive(String, Span),
    /// Allowed HTML that stands as a block, safe to pass through: `<details>`, `</details>`, or a whole
    /// `<summary>`. Invariant: among the blocks of one list every `<details>` is closed.
    Html(String, Span),
    /// A thematic break.
    Rule(Span),
}

/// One item of a list.
#[derive(Debug, Clone)]
pub struct Item {
    /// For a task, whether it is done.
    pub task: Option<bool>,
    /// What is in it.
    pub blocks: Vec<Block>,
}

/// A term and what it means.
#[derive(Debug, Clone)]
pub struct Definition {
    /// The term.
    pub term: Vec<Inline>,
    /// Id of the term, unique in the page (its text as a slug); the target of links to it.
    pub id: String,
    /// One list of blocks a definition.
    pub definitions: Vec<Vec<Block>>,
    /// The term in the file.
    pub span: Span,
}

impl Definition {
    /// The first sentence that the first definition says; empty where it has no running text.
    pub fn meaning(&self) -> String {
        let blocks = self.definitions.first().into_iter().flatten();
        let mut texts = blocks.filter_map(|block| match block {
            Block::Paragraph(inlines, _) => Some(inline_text(inlines)),
            _ => None,
        });
        first_sentence(&texts.next().unwrap_or_default()).trim().to_owned()
    }
}

/// The kinds of alert that `> [!KIND]` can make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alert {
    /// Useful.
    Note,
    /// Optional.
    Tip,
    /// Crucial.
    Important,
    /// Risky.
    Warning,
    /// Dangerous.
    Caution,
}

/// How a table's column is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alignment {
    /// As the reader's language does.
    None,
    /// To the left.
    Left,
    /// In the middle.
    Center,
    /// To the right.
    Right,
}

/// A piece of running text.
#[derive(Debug, Clone)]
pub enum Inline {
    /// Plain text.
    Text(String, Span),
    /// A code span: the code, and the whole span in the file with its backticks.
    Code(String, Span),
    /// Emphasis.
    Emphasis(Vec<Self>),
    /// Strong emphasis.
    Strong(Vec<Self>),
    /// Struck out.
    Strikethrough(Vec<Self>),
    /// A link, by index into [`Page::links`], with its text.
    Link(usize, Vec<Self>),
    /// An image, by index into [`Page::links`].
    Image(usize),
    /// A reference to a footnote, by its label.
    FootnoteReference(String),
    /// Allowed HTML, one tag, safe to pass through. Invariant: among the inlines of one list every tag is closed.
    Html(String),
    /// A line end in the file.
    SoftBreak,
    /// A line end on the page.
    HardBreak,
}

/// The text of inlines without markup; breaks become blanks.
pub fn inline_text(inlines: &[Inline]) -> String {
    let mut text = String::new();
    collect_text(inlines, &mut text);
    text
}

fn collect_text(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(text, _) | Inline::Code(text, _) => out.push_str(text),
            Inline::Emphasis(inner)
            | Inline::Strong(inner)
            | Inline::Strikethrough(inner)
            | Inline::Link(_, inner) => collect_text(inner, out),
            Inline::SoftBreak | Inline::HardBreak => out.push(' '),
            Inline::Image(_) | Inline::FootnoteReference(_) | Inline::Html(_) => {}
        }
    }
}
