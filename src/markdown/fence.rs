//! Code blocks: the language, the attributes, and one span a line.

use super::Attributes;
use crate::text::Span;

/// A code block. Its text is never joined again: each line is a place in the file.
#[derive(Debug, Clone, Default)]
pub struct Fence {
    /// First word of the info string, as written; empty for none and for indented blocks.
    pub language: String,
    /// The info string's span in the file; empty and at the opening fence where there is none.
    pub info_span: Span,
    /// Attributes from the info string and from a comment right above the fence.
    pub attributes: Attributes,
    /// The code's lines in the file, line endings left out. Invariant: they ascend.
    pub lines: Vec<Span>,
    /// The whole block.
    pub span: Span,
    /// True for a fenced block, false for an indented one.
    pub fenced: bool,
}
