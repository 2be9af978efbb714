//! A frame: a block or an inline that is open while the tree is built.

use pulldown_cmark::LinkType;

use super::fence::FenceBuilder;
use super::raw::{HtmlBlock, Mark};
use super::{Alert, Alignment, Allowance, Attributes, Block, Definition, Inline, Item};
use crate::text::Span;

/// An open block or inline.
pub(super) struct Frame {
    pub(super) kind: Kind,
    pub(super) span: Span,
    pub(super) blocks: Vec<Block>,
    pub(super) inlines: Vec<Inline>,
    /// What the inlines cover in the file; `None` for no inlines.
    pub(super) inline_span: Option<Span>,
    /// Tags among the inlines, by their index.
    pub(super) inline_marks: Vec<Mark>,
    /// Tags among the blocks, by their index.
    pub(super) block_marks: Vec<Mark>,
    /// Attributes from a comment, for a fence that must come next.
    pub(super) attributes: Option<(Attributes, Span)>,
    /// Findings let stand by comments, for the block that comes next.
    pub(super) allowances: Vec<Allowance>,
}

/// What a frame will become.
pub(super) enum Kind {
    Document,
    Quote(Option<Alert>),
    List {
        start: Option<u64>,
        tight: bool,
        items: Vec<Item>,
    },
    Item(Option<bool>),
    Footnote(String),
    Definitions(Vec<Definition>),
    Term,
    Definition,
    Table {
        alignments: Vec<Alignment>,
        head: Vec<Vec<Inline>>,
        rows: Vec<Vec<Vec<Inline>>>,
    },
    Row {
        head: bool,
        cells: Vec<Vec<Inline>>,
    },
    Cell,
    Paragraph,
    Heading {
        level: u8,
        id: String,
        words: bool,
    },
    Emphasis,
    Strong,
    Strikethrough,
    /// What looks like an address in angle brackets and is none.
    Address,
    Link(LinkType, usize),
    Image(LinkType, usize),
    Code(FenceBuilder),
    Html(HtmlBlock),
}

impl Kind {
    /// A row of a table, without cells yet.
    pub(super) fn row(head: bool) -> Self {
        Self::Row { head, cells: Vec::new() }
    }
}

impl Frame {
    /// An empty frame.
    pub(super) fn new(kind: Kind, span: Span) -> Self {
        Self {
            kind,
            span,
            blocks: Vec::new(),
            inlines: Vec::new(),
            inline_span: None,
            inline_marks: Vec::new(),
            block_marks: Vec::new(),
            attributes: None,
            allowances: Vec::new(),
        }
    }

    /// True if blocks can stand in it.
    pub(super) fn holds_blocks(&self) -> bool {
        matches!(
            self.kind,
            Kind::Document | Kind::Quote(_) | Kind::Item(_) | Kind::Footnote(_) | Kind::Definition
        )
    }

    /// True if text can stand in it.
    pub(super) fn holds_inlines(&self) -> bool {
        !matches!(
            self.kind,
            Kind::Code(_)
                | Kind::Definitions(_)
                | Kind::Html(_)
                | Kind::List { .. }
                | Kind::Row { .. }
                | Kind::Table { .. }
        )
    }

    /// Adds an inline; text joins the text before it.
    pub(super) fn add_inline(&mut self, inline: Inline, span: Span) {
        self.inline_span = Some(self.inline_span.map_or(span, |so_far| so_far.to(span)));
        if let (Inline::Text(more, _), Some(Inline::Text(text, covered))) =
            (&inline, self.inlines.last_mut())
        {
            text.push_str(more);
            *covered = covered.to(span);
            return;
        }
        self.inlines.push(inline);
    }

    /// Offset behind the last inline; without any, behind the opening bracket of a link.
    pub(super) fn inner_end(&self) -> u32 {
        self.inline_span.map_or(self.span.start + 1, |span| span.end)
    }
}
