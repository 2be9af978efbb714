//! Markdown into pages: one [`Source`] in, one [`Page`] out.
//!
//! Parsing is total: any text gives a page, and what is wrong with it stands in [`Page::diagnostics`]. A page is
//! a pure function of its source; it knows nothing of other pages, of grammar, or of HTML output.
//!
//! 1. Front matter is cut off and read (`front`).
//! 2. The events of pulldown-cmark become a tree of blocks and inlines with spans (`parse`).
//! 3. Headings get ids, unique in the page (`heading`).
//! 4. Fences keep one span a line and their attributes (`fence`); raw HTML is filtered (`html`).

mod attributes;
mod fence;
mod front;
mod heading;
mod html;
mod page;
mod parse;

pub use attributes::{Attribute, Attributes};
pub use fence::Fence;
pub use front::FrontMatter;
pub use heading::Heading;
pub use page::{Alert, Alignment, Block, Definition, Inline, Item, Link, Page, inline_text};
pub use parse::parse;
