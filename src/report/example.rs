//! Examples, as far as reports speak of them.

use crate::text::Span;

/// An example that was looked at. Whether it is right follows from the findings in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleOutcome {
    /// Path of its page, as findings name it.
    pub path: String,
    /// The whole code block in the page.
    pub span: Span,
    /// Headings above, joined by ` > `.
    pub headings: String,
    /// Why it was not checked; `None` where it was.
    pub skipped: Option<String>,
}
